"""Says which variables of a function only ever hold lists, tuples or dicts that the function makes itself.

Never follows an object: it looks at what is assigned to a name.
"""
from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import partial

SEQUENCES = (ast.List, ast.Tuple, ast.ListComp)


def made_here(nodes: Sequence[ast.AST], *kinds: type[ast.expr]) -> frozenset[str]:
    """The names that are bound, among the nodes of a function, by plain assignments alone, each time to an expression of one of
    the kinds; `*args` is a tuple."""
    given = {each.vararg.arg for each in nodes if isinstance(each, ast.arguments) and each.vararg}

    def fits(value: ast.expr | None) -> bool:
        return isinstance(value, kinds)

    return bound_to(nodes, fits, fits, given if ast.Tuple in kinds else set())


def bound_to(
    nodes: Sequence[ast.AST], fits: Callable[[ast.expr | None], bool], may_be_added: Callable[[ast.expr | None], bool],
    given: set[str],
) -> frozenset[str]:
    """The names that are bound by plain assignments alone to what fits, or are `given`, and by `+=` to what may be added."""
    made = set(given)
    others: set[str] = set()
    for each in nodes:
        if isinstance(each, ast.Name):
            continue
        if isinstance(each, ast.Assign):
            plain = [target.id for target in each.targets if isinstance(target, ast.Name)]
            (made if fits(each.value) else others).update(plain)
            continue
        match each:
            case ast.AnnAssign(target=ast.Name(id=name), value=value):
                (made if fits(value) else others).add(name)
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value):
                (made if may_be_added(value) else others).add(name)
    plain_targets = {id(target) for each in nodes if isinstance(each, ast.Assign) for target in each.targets}
    plain_targets |= {id(each.target) for each in nodes if isinstance(each, ast.AnnAssign | ast.AugAssign)}
    for each in nodes:
        if isinstance(each, ast.Name):
            if type(each.ctx) is not ast.Load and id(each) not in plain_targets:
                others.add(each.id)
            continue
        match each:
            case ast.arguments(posonlyargs=first, args=second, kwonlyargs=third, kwarg=last):
                others |= {arg.arg for arg in (*first, *second, *third, *([last] if last else []))}
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                others.add(name)
            case ast.MatchMapping(rest=str(name)) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                others.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                others.update(names)
            case ast.alias(name=name, asname=asname):
                others.add(asname or name.split(".")[0])
    return frozenset(made - others)


def lists_made(nodes: Sequence[ast.AST]) -> frozenset[str]:
    """The variables that only ever hold lists: each time one that is written out, or made of such."""
    if not any(isinstance(each, ast.List | ast.ListComp | ast.Call) and makes_list(each, frozenset()) for each in nodes):
        return frozenset()
    numbers = bound_to(nodes, _is_count, _is_count, set()) | {
        each.arg for each in nodes if isinstance(each, ast.arg) and isinstance(each.annotation, ast.Name)
        and each.annotation.id == "int"
    }
    found = frozenset(each.id for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store))
    while True:
        kept = found & bound_to(nodes, partial(makes_list, lists=found, numbers=numbers), lambda _: True, set())
        if kept == found:
            return found
        found = kept


def makes_list(value: ast.expr | None, lists: frozenset[str], numbers: frozenset[str] = frozenset()) -> bool:
    """Whether an expression surely gives a list, where the variables `lists` hold lists and `numbers` whole numbers."""
    match value:
        case ast.List() | ast.ListComp() | ast.Call(func=ast.Name(id="list" | "sorted")):
            return True
        case ast.Name(id=name):
            return name in lists
        case ast.BinOp(left=left, op=ast.Add(), right=right) | ast.IfExp(body=left, orelse=right):
            return makes_list(right, lists, numbers) and makes_list(left, lists, numbers)  # sums are long on their left
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return makes_list(left, lists, numbers) and (_is_count(right) or isinstance(right, ast.Name) and right.id in numbers)
        case ast.Subscript(value=base, slice=ast.Slice()):
            return makes_list(base, lists, numbers)
    return False


def _is_count(value: ast.expr | None) -> bool:
    match value:
        case ast.Constant(value=int()) | ast.Call(func=ast.Name(id="len" | "int")):
            return True
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.FloorDiv(), right=right):
            return _is_count(left) and _is_count(right)
    return False
