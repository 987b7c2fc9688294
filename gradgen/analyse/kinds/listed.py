"""What lists that are made of arrays are: the array itself, taken apart along its first axis.

Never looks at lists of anything else.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import NUMBER, AnyKind, Kind
from gradgen.rules.registry import shape_of
from gradgen.rules.shapes import array_of
from gradgen.rules.whole.tables import METHODS

LISTING: tuple[Callable[..., object], ...] = (list, tuple)


class KindsOfValues(Protocol):
    """What is asked of the kinds of values."""

    def of(self, expr: ir.Expr) -> AnyKind:
        """The kind of an expression's value."""

    def is_array(self, expr: ir.Expr) -> bool:
        """Whether a value is surely an array of at least one dimension."""


def as_array(expr: ir.Expr, kinds: KindsOfValues) -> ir.Expr | None:
    """The array whose elements a list has, one after the other: `list(x)`, `x.tolist()`, `sorted(x)`, and parts of these, x being
    an array; None for any other value."""
    match expr:
        case ir.Value(of=of):
            return as_array(of, kinds)
        case ir.Call(func=ir.Attribute(base=base, name=name), target=None, args=(), keywords=()) if METHODS.get(name) == "tolist":
            return base if kinds.is_array(base) else None
        case ir.Call(target=target, args=(inner,), keywords=()) if any(target is each for each in LISTING):
            return inner if kinds.is_array(inner) else as_array(inner, kinds)
        case ir.Call(target=target, args=(inner,), keywords=()) if target is sorted:
            kind = kinds.of(inner)
            is_row = isinstance(kind, Kind) and kind.shape is not None and len(kind.shape) == 1
            return ir.Op("sort", (inner,), (), None, "numpy", span=expr.span) if is_row else None
        case ir.Op(op="unstack", args=(inner, *given), keywords=keywords) if kinds.is_array(inner):
            axis = [*given, *(value for _, value in keywords)]
            return ir.Op("moveaxis", (inner, axis[0], ir.Const(0)), (), None, "numpy", span=expr.span) if axis else inner
        case ir.Attribute(base=base, name="flat") if kinds.is_array(base):
            return ir.Op("ravel", (base,), (), None, "numpy", span=expr.span)
        case ir.Item(base=base, index=index) if not isinstance(kinds.of(base), Kind):
            found = as_array(base, kinds)
            return None if found is None else ir.Item(found, index, span=expr.span)
    return None


def on_arrays(op: ir.Op, kinds: KindsOfValues) -> ir.Op:
    """An operation on whole arrays that is given lists of an array's elements, as one on the arrays; so is arithmetic of an array
    and a display of numbers: `x + [1, 2]`."""
    if op.op in ARITHMETIC and any(isinstance(arg, ir.Display) for arg in op.args):
        return _of_displays(op, kinds)
    if shape_of(op.op) is None or not any(isinstance(arg, ir.Call) for arg in op.args):
        return op
    args = tuple(as_array(arg, kinds) or arg for arg in op.args)
    return replace(op, args=args) if any(new is not old for new, old in zip(args, op.args, strict=True)) else op


ARITHMETIC = frozenset({"add", "sub", "mul", "div", "pow"})


def _of_displays(op: ir.Op, kinds: KindsOfValues) -> ir.Op:
    """Arithmetic with numbers in a display, which NumPy makes an array of where the other operand is one."""
    others = [kinds.of(arg) for arg in op.args if not isinstance(arg, ir.Display)]
    is_met = any(isinstance(kind, Kind) and kind.shape for kind in others)
    is_plain = all(array_of(kinds.of(arg)) is not None for arg in op.args if isinstance(arg, ir.Display))
    if not is_met or not is_plain:
        return op
    made = (ir.Op("array", (arg,), (), None, "numpy") if isinstance(arg, ir.Display) else arg for arg in op.args)
    return replace(op, args=tuple(made))


def summed(args: Sequence[ir.Expr], call: ir.Call, kinds: KindsOfValues) -> ir.Op | None:
    """Python's `sum` of an array: over its first axis, from a start, which is a number."""
    start = [*args[1:], *(value for name, value in call.keywords if name == "start")]
    is_plain = len(start) < 2 and len(start) + 1 == len(call.args) + len(call.keywords)
    kind = kinds.of(start[0]) if start else NUMBER
    if not is_plain or not isinstance(kind, Kind) or kind.shape != ():
        return None
    keywords = (("axis", ir.Const(0)), *((("initial", start[0]),) if start else ()))
    return ir.Op("array_sum", (args[0],), keywords, None, "numpy", span=call.span)


OF_NUMBERS = frozenset({"fsum", "prod", "hypot", "dist"})
"""The functions of `math` that take as many numbers as there are, also those in an array."""


def taken_whole(call: ir.Call, args: Sequence[ir.Expr], kinds: KindsOfValues) -> ir.Op | None:
    """A function of `math` of the numbers of arrays as an operation on these: `math.prod(x)`, `math.hypot(*x)`,
    `math.dist(x, y)`; None for others."""
    rows = tuple(arg.value if isinstance(arg, ir.Starred) else arg for arg in args)
    if getattr(call.target, "__module__", None) != "math" or not rows or not all(_is_row(row, kinds) for row in rows):
        return None
    if not any(kinds.is_array(row) for row in rows):
        return None
    spread = sum(isinstance(arg, ir.Starred) for arg in args)
    match getattr(call.target, "__name__", ""), rows, call.keywords:
        case "hypot", (row,), () if spread:
            return ir.Op("norm", (row,), (), None, "numpy.linalg", span=call.span)
        case "fsum", (row,), () if not spread:
            return ir.Op("array_sum", (row,), (), None, "numpy", span=call.span)
        case "prod", (row,), (() | (("start", _),)) as start if not spread:
            return ir.Op("array_prod", (row,), tuple(("initial", value) for _, value in start), None, "numpy", span=call.span)
        case "dist", (first, second), () if not spread:
            return ir.Op("norm", (ir.Op("sub", (first, second)),), (), None, "numpy.linalg", span=call.span)
    return None


def _is_row(expr: ir.Expr, kinds: KindsOfValues) -> bool:
    kind = array_of(kinds.of(expr))
    return kind is not None and kind.shape is not None and len(kind.shape) == 1
