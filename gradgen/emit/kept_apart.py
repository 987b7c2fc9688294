"""Which variables of a text may hold arrays that are changed in place, or handed out: no other name may stand for these.

Never asks what a value is: any two names that an assignment brings together, but by arithmetic, may share data.
"""
from __future__ import annotations

import ast
from collections.abc import Iterator

from gradgen.emit.known_calls import KnownCalls


def changed_in_place(function: ast.FunctionDef, calls: KnownCalls) -> frozenset[str]:
    """The variables whose data are changed or returned, and those that may share data with them."""
    found: set[str] = set()
    together: list[set[str]] = []
    for node in ast.walk(function):
        match node:
            case ast.AugAssign(target=target):
                found |= _names(target)
            case ast.Return(value=ast.expr() as value):
                found |= set(_handed_out(value, calls))
            case ast.Assign(targets=targets, value=value):
                parts = [each for target in targets for each in ast.walk(target)]
                stores = [each for each in parts if isinstance(each, ast.Subscript | ast.Attribute)]
                found |= {name for store in stores for name in _names(store.value)}
                together.append(set().union(*map(_names, targets)) | set(_handed_out(value, calls)))
            case ast.Expr(value=value):
                together.append(_names(value))
            case ast.For(target=target, iter=iterable):
                together.append(_names(target) | _names(iterable))
            case ast.With(items=items):
                together.append({name for item in items for name in _names(item)})
            case ast.NamedExpr(target=target, value=value):
                together.append(_names(target) | set(_handed_out(value, calls)))
    while True:
        more = set().union(*(names for names in together if names & found)) - found
        if not more:
            return frozenset(found)
        found |= more


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _handed_out(value: ast.expr, calls: KnownCalls) -> Iterator[str]:
    """The variables whose data an expression's value may share: arithmetic makes new arrays."""
    match value:
        case ast.Name(id=name):
            yield name
        case ast.BinOp() | ast.UnaryOp() | ast.Compare() | ast.Constant():
            return
        case ast.Call(func=func, args=[first, *_]) if calls.lends_first(func):
            yield from _handed_out(first, calls)
        case ast.Call(func=func) if calls.makes_new(func):
            return
        case _:
            yield from _names(value)
