"""Reads calls of what `checkpoint` makes where it stands: `checkpoint(f)(x)`, and `g(x)` after `g = checkpoint(f)`.

Never reads the call itself.
"""
from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from gradgen.read.resolve import MISSING
from gradgen.rules.carried import carried_helper


class Lowering(Protocol):
    """What reads expressions."""

    made: Mapping[str, ast.Call]
    local_names: set[str]
    defined: Mapping[str, bool]

    def resolve(self, node: ast.expr) -> Any: ...


def under_checkpoint(func: ast.expr, lowering: Lowering) -> ast.expr | None:
    """The function that is put under `checkpoint` in what is called; None where none is. Through a variable, which is bound once,
    it must be one that is known outside, or is defined here."""
    if isinstance(func, ast.Call):
        return put_under_checkpoint(func, lowering)
    made = lowering.made.get(func.id) if isinstance(func, ast.Name) and func.id in lowering.local_names else None
    inner = None if made is None else put_under_checkpoint(made, lowering)
    is_inner = isinstance(inner, ast.Name) and inner.id in lowering.defined
    return None if inner is None or not is_inner and lowering.resolve(inner) is MISSING else inner


def functions_defined(nodes: Sequence[ast.AST], lowering: Lowering) -> dict[str, bool]:
    """The functions that are defined in a function, of these nodes, and whether they are under `checkpoint`."""
    found = {each.name: is_marked(each, lowering) for each in nodes if isinstance(each, ast.FunctionDef)}
    for each in nodes:
        match each:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call) if marked_lambda(call, lowering) is not None:
                found[name] = True
    return found


def marked_lambda(call: ast.Call, lowering: Lowering) -> ast.Lambda | None:
    """The lambda that a call of `checkpoint` is given."""
    match call.args:
        case [ast.Lambda() as inner]:
            return inner if put_under_checkpoint(call, lowering) is inner else None
    return None


def named_again(nodes: Sequence[ast.AST], lowering: Lowering) -> frozenset[str]:
    """The variables that hold an inner function under `checkpoint`, and are only called: each call is one of that function."""
    found = {
        name for name, call in lowering.made.items()
        if isinstance(put_under_checkpoint(call, lowering), ast.Name) and call.args[0].id in lowering.defined  # type: ignore[attr-defined]
    }
    if not found:
        return frozenset()
    called = {id(each.func) for each in nodes if isinstance(each, ast.Call)}
    read = (each for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load))
    return frozenset(found - {each.id for each in read if id(each) not in called})


def is_marked(node: ast.FunctionDef, lowering: Lowering) -> bool:
    """Whether a function that is defined in another one has `checkpoint` above it, and nothing else."""
    return bool(node.decorator_list) and all(
        isinstance(each, ast.Name | ast.Attribute) and carried_helper(lowering.resolve(each)) == "checkpoint"
        for each in node.decorator_list
    )


def put_under_checkpoint(call: ast.Call, lowering: Lowering) -> ast.expr | None:
    """The function that a call of `checkpoint` is given; None for other calls."""
    match call:
        case ast.Call(args=[ast.Name() | ast.Attribute() | ast.Lambda() as inner], keywords=[]):
            return inner if carried_helper(lowering.resolve(call.func)) == "checkpoint" else None
    return None
