"""The derivative of numpy.sum over a product of constant 1-d arrays and varying numbers: a number times a sum.

Never handles arrays that vary.
"""
from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.read.resolve import MISSING
from gradgen.transform.expressions.contributions import Leaf
from gradgen.transform.expressions.terms import Term, product_of

Live = Callable[[ir.Expr], Any]
ENTRYWISE = frozenset({
    "add", "sub", "mul", "div", "pow", "neg", "pos", "exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "log10",
})


def is_numpy_sum(target: Any) -> bool:
    """Whether a callable is numpy.sum."""
    return getattr(target, "__module__", None) == "numpy" and getattr(target, "__name__", None) == "sum"


def arrays_held(expr: ir.Expr, live: Live) -> list[Any] | None:
    """The arrays that an expression may stand for: one, or all values of a dict of them; None where it is no such thing."""
    numpy = sys.modules.get("numpy")
    value = live(expr)
    if value is MISSING and isinstance(expr, ir.Item):
        table = live(expr.base)
        found = list(table.values()) if isinstance(table, dict) else []
    else:
        found = [] if value is MISSING else [value]
    if numpy is None or not found:
        return None
    if not all(isinstance(each, numpy.ndarray) and each.ndim == 1 and each.size > 1 for each in found):
        return None
    return found


def arrays_in(expr: ir.Expr, live: Live) -> list[ir.Expr] | None:
    """The constant arrays that an entrywise expression is made of; None where something else in it may hold several numbers."""
    if arrays_held(expr, live) is not None:
        return [expr]
    match expr:
        case ir.Const(value=int() | float()):
            return []
        case ir.Name():
            value = live(expr)
            return [] if value is MISSING or isinstance(value, int | float) else None
        case ir.Op(op=op, args=args, keywords=()) if op in ENTRYWISE:
            parts = [arrays_in(arg, live) for arg in args]
            if any(part is None for part in parts):
                return None
            return [array for part in parts if part is not None for array in part]
    return None


def leaves_of_sum(inner: list[Leaf], outer: Term, live: Live) -> list[Leaf] | None:
    """The terms of a summed expression, each summed up; None where one of them is not as long as the sum."""
    found = []
    for leaf in inner:
        term = leaf.term
        if leaf.path or leaf.is_container or term.guards:
            return None
        product = product_of(replace(term, adjoint=None, coefficient=abs(term.coefficient)))
        if not any(_holds_array(factor, live) for factor in (*term.numerator, *term.denominator)):
            return None
        total = ir.Op("array_sum", (product,), family="numpy")
        sign = -1 if term.coefficient < 0 else 1
        found.append(replace(leaf, term=outer.times(sign, [total], [])))
    return found


def _holds_array(expr: ir.Expr, live: Live) -> bool:
    if isinstance(expr, ir.Value):
        return _holds_array(expr.of, live)
    if arrays_held(expr, live) is not None:
        return True
    return any(_holds_array(child, live) for child in ir.children_of(expr) if isinstance(child, ir.Expr))


def power_partial(base: ir.Expr, exponent: ir.Expr, live: Live) -> tuple[ir.Expr, ...]:
    """`y * x ** (y - 1)` for an array of exponents; where one of them is 0 the power is left at 0, so that no 0 * x**-1 is."""
    held = arrays_held(exponent, live) or []
    value = ir.Value(exponent)
    lowered: ir.Expr = ir.Op("sub", (value, ir.Const(1)))
    if not held or any(bool((each == 0).any()) for each in held):
        is_nonzero = ir.Compare(("ne",), (value, ir.Const(0)))
        lowered = ir.Op("where", (is_nonzero, lowered, ir.Const(0)), family="numpy")
    return (value, ir.Op("pow", (ir.Value(base), lowered)))


__all__ = ["arrays_held", "arrays_in", "is_numpy_sum", "leaves_of_sum", "power_partial"]
