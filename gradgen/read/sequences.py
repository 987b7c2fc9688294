"""Functions of a display of numbers as the operations that they stand for: `math.prod((x, y))` is `x * y`.

Never looks into a variable: what a list holds is not known here.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

from gradgen.ir import nodes as ir
from gradgen.rules.registry import shape_of


def as_operations(operation: str, args: Sequence[ir.Expr], spelling: str, family: str | None, span: ir.Span) -> ir.Expr | None:
    """What a call with displays for arguments computes; None where it is given anything else."""
    columns = [_items(arg) for arg in args]
    made = _MADE.get(operation)
    if made is None or not columns or any(column is None or not column for column in columns):
        return None
    found = made([column for column in columns if column is not None])
    module, dot, _ = spelling.rpartition(".")
    if found is None or not dot:  # only behind a dot is another function of the module at hand
        return None
    return ir.Op(found.op, found.args, (), found.spelling and f"{module}.{found.spelling}", family, span=span)


def of_display(arg: ir.Expr) -> tuple[ir.Expr, ...] | None:
    """The items of a display of several: `max((x, y))` is `max(x, y)`."""
    items = _items(arg)
    return items if items is not None and len(items) > 1 else None


ENTRYWISE = frozenset({"numpy", "scipy.special", "scipy.stats"})
"""Families whose functions of numbers make an array of a list or tuple that they are given."""


def as_array(arg: ir.Expr, operation: str, family: str | None) -> ir.Expr:
    """A display of numbers as the array that a function of numbers makes of it: `stats.poisson.logpmf([0, 2], mu)`."""
    if family not in ENTRYWISE or shape_of(operation) is not None or not isinstance(arg, ir.Display) or arg.kind == "dict":
        return arg
    return ir.Op("array", (arg,), (), None, "numpy")


def _items(arg: ir.Expr) -> tuple[ir.Expr, ...] | None:
    is_plain = isinstance(arg, ir.Display) and arg.kind != "dict" and not any(isinstance(each, ir.Starred) for each in arg.items)
    return arg.items if is_plain and isinstance(arg, ir.Display) else None


def _product(columns: list[tuple[ir.Expr, ...]]) -> ir.Op | None:
    if len(columns) != 1 or len(columns[0]) < 2:
        return None
    return _chain("mul", columns[0])


def _sum_of_products(columns: list[tuple[ir.Expr, ...]]) -> ir.Op | None:
    if len(columns) != 2 or len(columns[0]) != len(columns[1]) or len(columns[0]) < 2:
        return None
    return _chain("add", [ir.Op("mul", pair) for pair in zip(*columns, strict=True)])


def _distance(columns: list[tuple[ir.Expr, ...]]) -> ir.Op | None:
    if len(columns) != 2 or len(columns[0]) != len(columns[1]):
        return None
    return ir.Op("hypot", tuple(ir.Op("sub", pair) for pair in zip(*columns, strict=True)), (), "hypot")


def _chain(operation: str, items: Sequence[ir.Expr]) -> ir.Op | None:
    result = reduce(lambda left, right: ir.Op(operation, (left, right)), items)
    return result if isinstance(result, ir.Op) else None


_MADE: Mapping[str, Callable[[list[tuple[ir.Expr, ...]]], ir.Op | None]] = {
    "prod": _product, "sumprod": _sum_of_products, "dist": _distance,
}
