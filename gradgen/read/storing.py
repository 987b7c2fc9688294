"""Reads calls that store into an array (`np.copyto(y, v)`, `np.exp(x, out=y)`, `y.fill(v)`) as the stores that they are.

Never changes the text: it stays as the user wrote it, and only the analysis sees `y[...] = v`.
"""
from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.read.expressions import NESTED, ExpressionLowering
from gradgen.read.outputs import out_of, result_of, unread
from gradgen.read.resolve import MISSING
from gradgen.read.trees import nodes_in
from gradgen.rules.carried import carried_helper
from gradgen.rules.spelling import operation_of

Given = Mapping[str, ast.expr]
Value = Callable[[ExpressionLowering, ast.expr, Given], ir.Expr | None]


def whole(base: ir.Name) -> ir.ItemTarget:
    """`y[...]`, as no text says it."""
    return ir.ItemTarget(ir.Name(base.id, base.scope), ir.Const(...))


def is_whole(target: ir.Node) -> bool:
    """Whether a store is one that no text says: its base must be an array."""
    return isinstance(target, ir.ItemTarget) and isinstance(target.index, ir.Const) and target.index.value is ... and (
        target.index.span is None
    )


def _taken(lowering: ExpressionLowering, target: ast.expr, given: Given, name: str, where: str | None = None) -> ir.Expr | None:
    """The stored value itself; where a mask says so, only there."""
    value = lowering.expr(given[name])
    if where is None or where not in given:
        return value
    return ir.Op("where", (lowering.expr(given[where]), value, unread(lowering.expr(target))), family="numpy")


def _replaced(operation: str, *names: str) -> Value:
    """`put_into(y, i, v)`: the array with some elements replaced."""

    def value(lowering: ExpressionLowering, target: ast.expr, given: Given) -> ir.Expr | None:
        parts = tuple(lowering.expr(given[name]) for name in names if name in given)
        return ir.Op(operation, (unread(lowering.expr(target)), *parts), family="numpy")

    return value


FUNCTIONS: Mapping[str, tuple[tuple[str, ...], frozenset[str], Value]] = {
    "copyto": (("dst", "src"), frozenset({"where"}), lambda low, target, given: _taken(low, target, given, "src", "where")),
    "put": (("a", "ind", "v"), frozenset(), _replaced("put_into", "ind", "v")),
    "putmask": (("a", "mask", "values"), frozenset(), _replaced("putmask_into", "mask", "values")),
    "place": (("arr", "mask", "vals"), frozenset(), _replaced("place_into", "mask", "vals")),
    "fill_diagonal": (("a", "val"), frozenset({"wrap"}), _replaced("diagonal_into", "val", "wrap")),
    "put_along_axis": (
        ("arr", "indices", "values"), frozenset({"axis"}), _replaced("along_axis_into", "indices", "values", "axis"),
    ),
}
"""NumPy's functions that store into their first argument: what they must be given, what they may be, and what is stored."""

IN_PLACE: Mapping[str, tuple[tuple[str, ...], frozenset[str], Value]] = {
    "fill": (("value",), frozenset(), lambda low, target, given: _taken(low, target, given, "value")),
    "put": (("indices", "values"), frozenset(), _replaced("put_into", "indices", "values")),
    "sort": ((), frozenset({"axis"}), lambda low, target, given: _ordered("sort", low, target, given)),
    "partition": (("kth",), frozenset({"axis"}), lambda low, target, given: _ordered("partition", low, target, given)),
}
"""The methods of arrays that store into the array."""

ACCUMULATE = "accumulate"
"""The helper of generated text that adds to a container part by part, and what its result is as an operation."""

AT: Mapping[str, str] = {"add": "add", "sub": "sub"}


def _ordered(operation: str, lowering: ExpressionLowering, target: ast.expr, given: Given) -> ir.Expr:
    keywords = tuple((name, lowering.expr(value)) for name, value in given.items())
    return ir.Op(operation, (unread(lowering.expr(target)),), keywords, family="numpy")


def stored_flat(target: ast.expr, value: ast.expr, lowering: ExpressionLowering, span: ir.Span) -> ir.Assign | None:
    """`y.flat[i] = v` and `y.flat = v`: elements counted through are replaced."""
    match target:
        case ast.Subscript(value=ast.Attribute(value=ast.Name(id=name) as base, attr="flat"), slice=index):
            place = lowering.expr(index)
        case ast.Attribute(value=ast.Name(id=name) as base, attr="flat"):
            place = ir.Slice()
        case _:
            return None
    if name not in lowering.local_names:
        return None
    if isinstance(place, ir.Slice):
        bounds = tuple(ir.Const(None) if part is None else part for part in (place.lower, place.upper, place.step))
        place = ir.Call(ir.Name("slice", "global"), bounds)
    replaced = ir.Op("flat_into", (unread(lowering.expr(base)), place, lowering.expr(value)), family="numpy")
    return ir.Assign(whole(lowering.name(base)), replaced, span=span)


def stored_and_named(
    target: ast.expr, value: ast.expr, lowering: ExpressionLowering, span: ir.Span
) -> tuple[ir.Stmt, ...] | None:
    """`z = np.exp(x, out=y)`: a store into `y`, which `z` is another name of; `y = np.exp(x, out=y)` is the store alone."""
    found = out_of(value, lowering.resolve(value.func)) if isinstance(value, ast.Call) else None
    if not isinstance(target, ast.Name) or not isinstance(value, ast.Call) or found is None or not isinstance(found[1], ast.Name):
        return None
    store = stored(value, lowering, span)
    if store is None or found[1].id == target.id:
        return None if store is None else (store,)
    end = ir.Span(span.end, span.end)
    return store, ir.Assign(lowering.target(target), replace(lowering.name(found[1]), span=end), span=end)


def _is_list(name: str, function: ast.AST | None) -> bool:
    """Whether a function binds a variable to a list: then its methods are a list's."""
    for node in nodes_in(function) if function is not None else ():
        if isinstance(node, ast.Assign) and any(isinstance(each, ast.Name) and each.id == name for each in node.targets):
            called = node.value.func if isinstance(node.value, ast.Call) else None
            is_made = isinstance(called, ast.Name) and called.id in ("list", "sorted")
            if is_made or isinstance(node.value, ast.List | ast.ListComp):
                return True
    return False


def stored(node: ast.Call, lowering: ExpressionLowering, span: ir.Span, function: ast.AST | None = None) -> ir.Assign | None:
    """The store that a call is; None where it is none, or one of a form that is not known."""
    target = lowering.resolve(node.func)
    if carried_helper(target) == ACCUMULATE and len(node.args) == 2 and not node.keywords:
        return _accumulated(node, lowering, span)
    match node.func:
        case ast.Attribute(value=ast.Name(id=name), attr="sort") if _is_list(name, function):
            return None
        case ast.Attribute(value=owner, attr="at") if (operation := operation_of(lowering.resolve(owner))) in AT:
            return _added_at(node, AT[operation], lowering, span) if operation is not None else None
        case ast.Attribute(value=ast.Name() | ast.Subscript() as base, attr=method) if target is MISSING and method in IN_PLACE:
            names, optional, value = IN_PLACE[method]
            given = _given(node.args, node.keywords, names, optional)
            return None if given is None else _store(base, given, value, lowering, span)
    if _is_numpy(target) and getattr(target, "__name__", "") in FUNCTIONS:
        names, optional, value = FUNCTIONS[target.__name__]
        given = _given(node.args, node.keywords, names, optional)
        return None if given is None else _store(given[names[0]], given, value, lowering, span)
    return _into_out(node, target, lowering, span)


def _accumulated(node: ast.Call, lowering: ExpressionLowering, span: ir.Span) -> ir.Assign | None:
    """`accumulate(dp, dq)` of generated text: each part of a container of adjoints has that of another added to it."""
    place, added = node.args
    root: ast.expr = place
    while isinstance(root, ast.Subscript | ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name) or root.id not in lowering.local_names:
        return None
    target = ir.ItemTarget(lowering.name(root), lowering.opaque(place, NESTED))
    old = replace(lowering.expr(place), span=None)
    return ir.Assign(target, ir.Op(ACCUMULATE, (old, lowering.expr(added))), ACCUMULATE, span=span)


def _store(base: ast.expr, given: Given, value: Value, lowering: ExpressionLowering, span: ir.Span) -> ir.Assign | None:
    place = _place(base, lowering)
    found = None if place is None else value(lowering, base, given)
    return None if found is None or place is None else ir.Assign(place, found, span=span)


def _place(node: ast.expr, lowering: ExpressionLowering) -> ir.ItemTarget | None:
    """Where a store into an array, or into a part of one, goes."""
    match node:
        case ast.Name(id=name) if name in lowering.local_names:
            return whole(lowering.name(node))
        case ast.Subscript(value=ast.Name(id=name)) if name in lowering.local_names:
            found = lowering.target(node)
            return found if isinstance(found, ir.ItemTarget) else None
    return None


def _given(
    args: list[ast.expr], keywords: list[ast.keyword], names: tuple[str, ...], optional: frozenset[str]
) -> dict[str, ast.expr] | None:
    """The arguments of a call by name; None where there are others, or too few."""
    order = (*names, *sorted(optional))
    if len(args) > len(order) or any(isinstance(arg, ast.Starred) for arg in args):
        return None
    given = dict(zip(order, args, strict=False))
    for keyword in keywords:
        if keyword.arg is None or keyword.arg not in order or keyword.arg in given:
            return None
        given[keyword.arg] = keyword.value
    return given if all(name in given for name in names) else None


def _added_at(node: ast.Call, operation: str, lowering: ExpressionLowering, span: ir.Span) -> ir.Assign | None:
    """`np.add.at(y, i, v)` is `y[i] += v` where elements that are named twice collect from each."""
    if len(node.args) != 3 or node.keywords or not isinstance(node.args[0], ast.Name):
        return None
    base, index = lowering.expr(node.args[0]), lowering.expr(node.args[1])
    if not isinstance(base, ir.Name) or base.scope != "local":
        return None
    old = ir.Item(ir.Name(base.id, base.scope), index)
    value = ir.Op(operation, (old, lowering.expr(node.args[2])), (), f"{operation}.at")
    return ir.Assign(ir.ItemTarget(base, index), value, operation, span=span)


def _into_out(node: ast.Call, target: Any, lowering: ExpressionLowering, span: ir.Span) -> ir.Assign | None:
    """`np.exp(x, out=y)`."""
    given = out_of(node, target)
    place = None if given is None else _place(given[1], lowering)
    if given is None or place is None:
        return None
    value = result_of(given[0], given[1], lowering)
    return None if value is None else ir.Assign(place, value, span=span)


def _is_numpy(target: Any) -> bool:
    return target is not MISSING and (getattr(target, "__module__", None) or "").split(".")[0] == "numpy"
