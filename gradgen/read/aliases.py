"""Finds the local names by which a function calls functions from outside: `_sqrt, _exp = sqrt, exp`.

Never follows a name that is bound more than once.
"""
from __future__ import annotations

import ast
import types
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from gradgen.read.resolve import MISSING
from gradgen.rules.spelling import operation_of


def aliases_in(node: ast.FunctionDef, nodes: Sequence[ast.AST], resolve: Callable[[ast.expr], Any]) -> dict[str, Any]:
    """The names that the body of a function binds once, outside of any branch, to a function from outside, which they hold.

    `nodes` are all of the function's; `resolve` gives the live object behind a name or dotted path, MISSING for what the function
    itself may bind.
    """
    found: dict[str, Any] = {}
    for target, value in (pair for stmt in node.body for pair in _pairs(stmt)):
        held = resolve(value)
        is_function = isinstance(held, types.FunctionType) or (held is not MISSING and operation_of(held) is not None)
        if is_function:
            found[target] = held
    stored = Counter(name for each in nodes for name in stored_in(each)) if found else Counter[str]()
    return {name: held for name, held in found.items() if stored[name] == 1}


def _pairs(stmt: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """The names that an assignment of names binds, each with what it binds it to."""
    match stmt:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name() | ast.Attribute() as value):
            yield name, value
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if len(targets) == len(values):
            for each, part in zip(targets, values, strict=True):
                if isinstance(each, ast.Name) and isinstance(part, ast.Name | ast.Attribute):
                    yield each.id, part


def stored_in(node: ast.AST) -> Iterator[str]:
    """The names that one node by itself binds or unbinds."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.ExceptHandler(name=str() as name) | ast.MatchAs(name=str() as name) | ast.MatchStar(name=str() as name):
            yield name
        case ast.alias(name=path, asname=asname):
            yield asname or path.split(".")[0]
        case ast.MatchMapping(rest=str() as name):
            yield name
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            yield from (each for name in names for each in (name, name))
