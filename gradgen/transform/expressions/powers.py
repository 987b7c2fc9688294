"""Products of powers of one base as one power: `x ** 11 * x` is `x ** 12`, `x ** -0.1 / x ** 0.9` is `1 / x`.

Never looks at what a base is.
"""
from __future__ import annotations

from typing import Final

from gradgen.ir import nodes as ir
from gradgen.simplify.fold import is_number, neg, number, power, same, sub

ONE: Final = ir.Const(1)


def joined(factor: ir.Expr, above: list[ir.Expr]) -> bool:
    """Multiply a factor into a power of the same base: `x ** 11 * x` is `x ** 12`; says whether there was one."""
    base, exponent = power_of(factor)
    for index, other in enumerate(above):
        own, height = power_of(other)
        if exponent is height is ONE or not same(base, own):
            continue
        whole = sub(height, neg(exponent))
        if isinstance(whole, ir.Const):
            above[index : index + 1] = [] if is_number(whole, 0) else [power(own, whole)]
            return True
    return False


def taken_out(factor: ir.Expr, above: list[ir.Expr], below: list[ir.Expr]) -> bool:
    """Divide a power of the same base by one: `x ** -0.1 / x ** 0.9` is `1 / x`; says whether there was one."""
    base, exponent = power_of(factor)
    for index, other in enumerate(above):
        own, height = power_of(other)
        if exponent is ONE or height is ONE or not same(base, own):
            continue
        whole = sub(exponent, height)
        if isinstance(whole, ir.Const):
            del above[index]
            if whole.value > 0:
                below.append(power(own, number(int(whole.value) if whole.value == int(whole.value) else whole.value)))
            elif whole.value < 0:
                above.insert(index, power(own, neg(whole)))
            return True
    return False


def power_of(expr: ir.Expr) -> tuple[ir.Expr, ir.Expr]:
    """Base and exponent of a factor, where that is a number."""
    if isinstance(expr, ir.Op) and expr.op == "pow":
        match expr:
            case ir.Op(args=(base, ir.Const(value=int() | float()) as exponent), spelling=None):
                return base, exponent
    return expr, ONE
