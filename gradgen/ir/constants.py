"""Numbers that are written as expressions of numbers: `1 / 3`, `-0.5`, `2 * 3`.

Never looks at names.
"""
from __future__ import annotations

import operator
from collections.abc import Callable, Sequence

from gradgen.ir import nodes as ir
from gradgen.ir.queries import unwrapped

_ARITHMETIC: dict[str, Callable[..., int | float]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "neg": operator.neg,
}


def constant_value(expr: ir.Expr) -> int | float | None:
    """The number that an expression of numbers is; None for any other, and for one that raises."""
    expr = unwrapped(expr)
    if isinstance(expr, ir.Const):
        value = expr.value
        return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    if not isinstance(expr, ir.Op) or expr.keywords or expr.spelling is not None or expr.op not in _ARITHMETIC:
        return None
    numbers: list[int | float] = []
    for arg in expr.args:
        if (number := constant_value(arg)) is None:
            return None
        numbers.append(number)
    try:
        return _ARITHMETIC[expr.op](*numbers)
    except (ZeroDivisionError, OverflowError):
        return None


def constants_among(operands: Sequence[tuple[str, ir.Expr]]) -> dict[str, object]:
    """The values of those operands that are literals, or numbers written as expressions."""
    found: dict[str, object] = {}
    for name, operand in operands:
        if isinstance(operand, ir.Name):
            continue
        value = operand.value if isinstance(operand, ir.Const) else constant_value(operand)
        if value is not None or isinstance(operand, ir.Const):
            found[name] = value
    return found


def unplaced(expr: ir.Expr) -> ir.Expr:
    """An expression of numbers by itself: it stands nowhere in the user's text."""
    if isinstance(expr, ir.Op):
        return ir.Op(expr.op, tuple(map(unplaced, expr.args)))
    return ir.Const(expr.value, expr.text) if isinstance(expr, ir.Const) else expr
