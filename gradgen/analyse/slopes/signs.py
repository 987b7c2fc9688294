"""Finds signs that multiply what vanishes with the magnitude: `np.sign(x) * np.log1p(np.abs(x))` goes through 0 smoothly, where
the value of the sign, 0, is on neither side.

Never says which side 0 counts to; `sided` does.
"""
from __future__ import annotations

import functools
import math

from gradgen.analyse.slopes.meetings import Meeting, meeting
from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass
from gradgen.rules.evaluation import function_of
from gradgen.rules.helpers import HELPERS

ZERO = ir.Const(0)


@dataclass(frozen=True, slots=True)
class Signed:
    """A product whose first factor is the sign of what is 0 where two values meet, or where it `is_hidden` holds that sign as a
    factor; the values meet in the other order where the sign `is_turned`."""

    product: ir.Op
    meeting: Meeting
    is_turned: bool
    is_hidden: bool


def signed(op: ir.Op, versions: Versions) -> Signed | None:
    """A product with its sign first, where the other factors vanish together with what the sign is of."""
    if op.op != "mul" or len(op.args) != 2:
        return None
    factors = _factors(op)
    for place, factor in enumerate(factors):
        for deeper in (False, True):
            found = _sign_in(factor, versions, set() if deeper else None)
            met = meeting(found, ZERO, versions) if found is not None else None
            rest = factors[:place] + factors[place + 1:]
            if met is not None and any(vanishes(each, met[0], versions) for each in rest):
                product = functools.reduce(lambda left, right: ir.Op("mul", (left, right)), rest)  # stands nowhere
                return Signed(ir.Op("mul", (factor, product), span=op.span), *met, is_hidden=deeper)
    return None


def vanishes(expr: ir.Expr, met: Meeting, versions: Versions) -> bool:
    """Whether an expression is 0 where two values meet, whatever else it is made of."""
    return _at_zero(expr, met, versions, {}) == 0


def _factors(expr: ir.Expr) -> list[ir.Expr]:
    match expr:
        case ir.Op(op="mul", args=(left, right)):
            return [*_factors(left), *_factors(right)]
        case ir.Op(op="neg", args=(inner,)):
            return [*_factors(inner), ir.Const(-1)]
    return [expr]


def _sign_in(expr: ir.Expr, versions: Versions, seen: set[ir.Expr] | None) -> ir.Expr | None:
    """What an expression is the sign of; where what was `seen` is noted, what one of its factors is the sign of."""
    expr = _bound(expr, versions)
    match expr:
        case ir.Op(op="sign", args=(inner,)):
            return inner
        case ir.Op(op="mul" | "neg" | "div", args=args) if seen is not None and expr not in seen:
            seen.add(expr)
            return next((found for arg in args if (found := _sign_in(arg, versions, seen)) is not None), None)
    return None


def _bound(expr: ir.Expr, versions: Versions) -> ir.Expr:
    """What a variable was assigned, where that is one expression."""
    while True:
        match expr:
            case ir.Value(of=inner):
                expr = inner
            case ir.Name() if (version := versions.of_read.get(expr)) is not None and version.kind == "assign":
                if len(version.sources) != 1 or not isinstance(version.sources[0], ir.Expr):
                    return expr
                expr = version.sources[0]
            case _:
                return expr


def _at_zero(expr: ir.Expr, met: Meeting, versions: Versions, told: dict[ir.Expr, float | None]) -> float | None:
    """The value of an expression where two values meet; None where that depends on more. `told` are those found so far."""
    expr = _bound(expr, versions)
    if expr not in told:
        told[expr] = _computed(expr, met, versions, told)
    return told[expr]


def _computed(expr: ir.Expr, met: Meeting, versions: Versions, told: dict[ir.Expr, float | None]) -> float | None:
    match expr:
        case ir.Const(value=int() | float() as value):
            return float(value)
        case ir.Op(op="abs", args=(inner,)) if (found := meeting(inner, ZERO, versions)) is not None and found[0] == met:
            return 0.0
        case ir.Op(op=op, args=args, keywords=()) if op not in HELPERS:
            values = [_at_zero(arg, met, versions, told) for arg in args]
            if op in ("mul", "div", "pow") and values[0] == 0 or op == "mul" and values[1] == 0:
                return 0.0
            known = [value for value in values if value is not None]
            if len(known) < len(values):
                return None
            try:
                value = function_of(op)(*known)
            except (ArithmeticError, ValueError, TypeError, LookupError, AttributeError):
                return None
            return value if isinstance(value, float) and math.isfinite(value) else None
    return None
