"""What a call of a method of an array is: an operation of the array and of what the method is given, `A.reshape(*shape)` too.

Never looks at methods of anything else.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence

from gradgen.ir import nodes as ir
from gradgen.ir.kinds import Dim, Shape
from gradgen.rules.whole.tables import METHODS

LISTED = frozenset({"reshape", "transpose", "item"})
"""Operations whose numbers a method may be given one by one."""


def of_method(call: ir.Call, func: ir.Attribute) -> ir.Op | None:
    """The operation that a method of an array is; None where there is none."""
    operation, args = METHODS.get(func.name), call.args
    if operation is None or any(name is None for name, _ in call.keywords):
        return None
    match args:
        case (ir.Starred(value=whole),) if operation in LISTED:
            args = (whole,)
        case (_, _, *_) if operation in LISTED:
            args = (ir.Display("tuple", args),)
        case _ if any(isinstance(arg, ir.Starred) for arg in args):
            return None
    keywords = tuple((name or "", value) for name, value in call.keywords)
    return ir.Op(operation, (func.base, *args), keywords, f".{func.name}", "numpy", span=call.span)


def spread_dims(
    items: Sequence[ir.Expr], dim_of: Callable[[ir.Expr], Dim], dims_of: Callable[[ir.Expr], Shape | None]
) -> Shape | None:
    """The dimensions that a display names, those of `*x.shape` too."""
    found: list[Dim] = []
    for item in items:
        more = dims_of(item.value) if isinstance(item, ir.Starred) else (dim_of(item),)
        if more is None:
            return None
        found += more
    return tuple(found)


def part_of_shape(shape: Shape | None, part: ir.Slice) -> Shape | None:
    """`x.shape[:2]`, where the bounds are written out."""
    written = part.lower, part.upper, part.step
    bounds = [None if each is None else _number(each) for each in written]
    are_known = all(each is None or bound is not None for each, bound in zip(written, bounds, strict=True))
    return shape[slice(*bounds)] if shape is not None and are_known else None


def _number(expr: ir.Expr) -> int | None:
    match expr:
        case ir.Const(value=int() as value):
            return value
        case ir.Op(op="neg", args=(ir.Const(value=int() as value),)):
            return -value
    return None
