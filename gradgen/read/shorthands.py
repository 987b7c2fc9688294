"""Reads NumPy's shorthands as the operations that they stand for: `np.r_[...]`, `np.mgrid[...]`, `np.block`, `np.piecewise`.

Never guesses what a function does: one that is given to them must be known by its operation, or by its body.
"""
from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Protocol

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.read.resolve import MISSING
from gradgen.rules.registry import shape_of
from gradgen.rules.spelling import operation_of

BRACKETS: Mapping[str, str] = {
    "RClass": "joined_row", "CClass": "joined_columns", "MGridClass": "dense_grid", "OGridClass": "open_grid",
}
GRIDS = frozenset({"dense_grid", "open_grid"})
ALONG_AXIS = frozenset({
    "array_sum", "mean", "array_prod", "array_max", "array_min", "std", "var", "median", "ptp", "norm", "diff", "cumsum",
    "cumprod", "sort", "logsumexp", "softmax",
})
"""Operations on vectors that are done along one axis of an array where they are given its number."""


class Lowering(Protocol):
    """What reads expressions."""

    renames: dict[str, str]
    local_names: set[str]

    def resolve(self, node: ast.expr) -> Any: ...
    def expr(self, node: ast.expr) -> ir.Expr: ...
    def opaque(self, node: ast.expr, construct: str | None = None) -> ir.Opaque: ...


def bracketed(node: ast.Subscript, lowering: Lowering, span: ir.Span) -> ir.Expr | None:
    """`np.r_[v, 0, w]`, `np.c_[v, w]`: slices are ranges there."""
    target = lowering.resolve(node.value)
    operation = BRACKETS.get(type(target).__name__) if type(target).__module__.startswith("numpy") else None
    if operation is None:
        return None
    if operation in GRIDS:
        return _grid(operation, node, lowering, span)
    items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    parts = [_range(item, lowering) if isinstance(item, ast.Slice) else lowering.expr(item) for item in items]
    if any(part is None or isinstance(part, ir.Const) and isinstance(part.value, str) for part in parts):
        return lowering.opaque(node, "this form of np.r_ or np.c_")
    known = tuple(part for part in parts if part is not None)
    return ir.Op(operation, (ir.Display("list", known),), family="numpy", span=span)


def _grid(operation: str, node: ast.Subscript, lowering: Lowering, span: ir.Span) -> ir.Expr:
    items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    slices: list[ir.Expr] = []
    for item in items:
        if not isinstance(item, ast.Slice):
            return lowering.opaque(node, "this form of np.mgrid or np.ogrid")
        bounds = (ir.Const(None) if part is None else lowering.expr(part) for part in (item.lower, item.upper, item.step))
        slices.append(ir.Call(ir.Name("slice", "global"), tuple(bounds)))
    bounds_given = ir.Display("tuple", tuple(slices)) if isinstance(node.slice, ast.Tuple) else slices[0]
    return ir.Op(operation, (bounds_given,), family="numpy", span=span)


def _range(item: ast.Slice, lowering: Lowering) -> ir.Expr | None:
    if item.upper is None or isinstance(item.step, ast.Constant) and isinstance(item.step.value, complex):
        return None
    lower = ir.Const(0) if item.lower is None else lowering.expr(item.lower)
    step = () if item.step is None else (lowering.expr(item.step),)
    return ir.Op("arange", (lower, lowering.expr(item.upper), *step), family="numpy")


def shorthand(node: ast.Call, target: Any, lowering: Lowering, span: ir.Span) -> ir.Expr | None:
    """What a call of one of the shorthands is; None for any other call, or where a function in it is not known."""
    if target is MISSING or not (getattr(target, "__module__", None) or "").startswith("numpy"):
        return None
    name = getattr(target, "__name__", "")
    if any(isinstance(arg, ast.Starred) for arg in node.args):
        return None
    if name == "einsum":
        product = _product_by_axes(node, lowering)
        return None if product is None else replace(product, span=span)
    given = _SHORTHANDS.get(name)
    if given is None:
        return None
    arguments = dict(zip(given[0], node.args, strict=False))
    if len(node.args) > len(given[0]):
        return None
    for keyword in node.keywords:
        if keyword.arg not in given[0] or keyword.arg in arguments:
            return None
        arguments[keyword.arg] = keyword.value
    found = given[1](arguments, lowering)
    return None if found is None else replace(found, span=span)


Arguments = Mapping[str, ast.expr]


def _block(given: Arguments, lowering: Lowering) -> ir.Expr | None:
    """One row of blocks, or rows of them."""
    match given.get("arrays"):
        case ast.List(elts=rows) if rows and all(isinstance(row, ast.List) and row.elts for row in rows):
            parts = [ir.Op("block_row", (lowering.expr(row),), family="numpy") for row in rows]
            if any(isinstance(part, ast.List) for row in rows if isinstance(row, ast.List) for part in row.elts):
                return None
            return ir.Op("block_column", (ir.Display("list", tuple(parts)),), family="numpy")
        case ast.List(elts=parts) as row if parts and not any(isinstance(part, ast.List) for part in parts):
            return ir.Op("block_row", (lowering.expr(row),), family="numpy")
    return None


def _along_axis(given: Arguments, lowering: Lowering) -> ir.Expr | None:
    if given.keys() != {"func1d", "axis", "arr"}:
        return None
    operation = operation_of(lowering.resolve(given["func1d"]))
    if operation is None and lowering.resolve(given["func1d"]) is sum:
        operation = "array_sum"
    if operation not in ALONG_AXIS:
        return None
    return ir.Op(operation, (lowering.expr(given["arr"]),), (("axis", lowering.expr(given["axis"])),), family="numpy")


def _from_iterable(given: Arguments, lowering: Lowering) -> ir.Expr | None:
    if not given.keys() <= {"iter", "dtype", "count"} or "dtype" not in given or "iter" not in given:
        return None
    iterable = lowering.expr(given["iter"])
    if isinstance(iterable, ir.Comprehension):
        iterable = replace(iterable, kind="list")
    elif not isinstance(iterable, ir.Display | ir.Name):
        return None
    return ir.Op("array", (iterable,), (("dtype", lowering.expr(given["dtype"])),), family="numpy")


def _pieces(given: Arguments, lowering: Lowering) -> ir.Expr | None:
    """Each function is done to all of x and chosen where its condition holds; later conditions win."""
    match given.get("x"), given.get("condlist"), given.get("funclist"):
        case ast.Name() as x, ast.List(elts=tests), ast.List(elts=functions) if len(given) == 3:
            if len(functions) not in (len(tests), len(tests) + 1):
                return None
        case _:
            return None
    values = [_applied(function, x, lowering) for function in functions]
    if any(value is None for value in values):
        return None
    known = [value for value in values if value is not None]
    result = known.pop() if len(known) > len(tests) else ir.Const(0.0)
    for test, value in zip(tests, known, strict=True):
        result = ir.Op("where", (lowering.expr(test), value, result), family="numpy")
    return result if isinstance(result, ir.Op) else None


def _applied(function: ast.expr, x: ast.Name, lowering: Lowering) -> ir.Expr | None:
    """What a function gives of x, for which no text stands; None unless it surely works element by element."""
    if not isinstance(function, ast.Lambda):
        operation = operation_of(lowering.resolve(function))
        if operation is not None:
            return ir.Op(operation, (without_places(lowering.expr(x)),), family="numpy") if shape_of(operation) is None else None
        is_variable = isinstance(function, ast.Name) and function.id in lowering.local_names
        if isinstance(function, ast.Constant | ast.UnaryOp) or is_variable:
            return lowering.expr(function)
        return None
    arguments = function.args
    if len(arguments.args) != 1 or arguments.posonlyargs or arguments.kwonlyargs or arguments.vararg or arguments.defaults:
        return None
    outer = dict(lowering.renames)
    lowering.renames[arguments.args[0].arg] = lowering.renames.get(x.id, x.id)
    body = without_places(lowering.expr(function.body))
    lowering.renames = outer
    parts = list(ir.walk(body))
    is_plain = all(isinstance(part, ir.Name | ir.Const | ir.Op | ir.Compare) for part in parts)
    is_entrywise = all(shape_of(part.op) is None for part in parts if isinstance(part, ir.Op))
    return body if is_plain and is_entrywise else None


def without_places(expr: ir.Expr) -> ir.Expr:
    """An expression that stands nowhere in the text."""
    def bare(value: Any) -> Any:
        if isinstance(value, ir.Expr):
            return without_places(value)
        if isinstance(value, tuple):
            return tuple(map(bare, value))
        return value

    changed = {each.name: bare(getattr(expr, each.name)) for each in fields(expr) if each.name != "span" and each.init}
    return replace(expr, **changed, span=None)


def _condition(given: Arguments, lowering: Lowering) -> ir.Expr | None:
    """But for the 2-norm the condition of a matrix is its norm times that of its inverse."""
    if given.keys() != {"x", "p"} or ast.unparse(given["p"]) in ("None", "2", "-2"):
        return None
    inverse = ir.Op("inv", (without_places(lowering.expr(given["x"])),), family="numpy.linalg")
    norms = (
        ir.Op("norm", (part, without_places(lowering.expr(given["p"]))), family="numpy.linalg")
        for part in (without_places(lowering.expr(given["x"])), inverse)
    )
    return ir.Op("mul", tuple(norms))


def _einsum(spec: str, *names: str) -> Any:
    """A product of stacks, as einsum spells it."""

    def read(given: Arguments, lowering: Lowering) -> ir.Expr | None:
        if given.keys() != set(names):
            return None
        return ir.Op("einsum", (ir.Const(spec), *(lowering.expr(given[name]) for name in names)), family="numpy")

    return read


def _product_by_axes(node: ast.Call, lowering: Lowering) -> ir.Op | None:
    """`np.einsum(a, [0, 1], b, [1, 2], [0, 2])`, which is `np.einsum("ij,jk->ik", a, b)`: letters in the order of the numbers."""
    operands, axes = node.args[:-1:2], list(map(_axes_listed, node.args[1::2]))
    result = _axes_listed(node.args[-1]) if len(node.args) % 2 else None
    known = [each for each in (*axes, result) if each is not None]
    if not axes or None in axes or len(node.args) % 2 and result is None:
        return None
    numbers = sorted({axis for each in known for axis in each if isinstance(axis, int)})
    if len(numbers) > len(LETTERS):
        return None
    letters: dict[object, str] = {...: "...", **dict(zip(numbers, LETTERS, strict=False))}
    terms = ["".join(letters[axis] for axis in each) for each in known]
    spec = ",".join(terms) if result is None else f"{','.join(terms[:-1])}->{terms[-1]}"
    keywords = tuple((each.arg or "", lowering.expr(each.value)) for each in node.keywords)
    return ir.Op("einsum", (ir.Const(spec), *map(lowering.expr, operands)), keywords, family="numpy")


def _axes_listed(node: ast.expr) -> list[object] | None:
    """The numbers, or `...`, of a list or tuple of axes; None for anything else."""
    items = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    values: list[object] = []
    for item in items:
        if isinstance(item, ast.Name) and item.id == "Ellipsis":
            values.append(...)
        elif isinstance(item, ast.Constant) and (type(item.value) is int or item.value is ...):
            values.append(item.value)
        else:
            return None
    return values if isinstance(node, ast.List | ast.Tuple) else None


LETTERS = "ijklmnopqrstuvwxyz"
_SHORTHANDS: Mapping[str, tuple[tuple[str, ...], Any]] = {
    "block": (("arrays",), _block),
    "cond": (("x", "p"), _condition),
    "matvec": (("x1", "x2"), _einsum("...ij,...j->...i", "x1", "x2")),
    "vecmat": (("x1", "x2"), _einsum("...i,...ij->...j", "x1", "x2")),
    "apply_along_axis": (("func1d", "axis", "arr"), _along_axis),
    "fromiter": (("iter", "dtype", "count"), _from_iterable),
    "piecewise": (("x", "condlist", "funclist"), _pieces),
}
