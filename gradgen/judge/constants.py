"""Decimals as exact numbers: the closed form that a double most likely stands for.

Never changes a double by more than a rounding: 0.1 is 1/10, 0.3333333333333333 is 1/3, 6.283185307179586 is 2*pi.
"""
from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

SHORT_DIGITS = 15  # a decimal of so few digits is what its author wrote; a longer one is the rounding of something else


@dataclass(frozen=True, slots=True)
class Constant:
    """`rational`, times pi if `times_pi`, under a square root if `rooted`; Euler's number if `is_e`.

    `is_rounded` says that no closed form was found for a double of 16 or 17 digits: its last place may be wrong.
    """

    rational: Fraction
    times_pi: bool = False
    rooted: bool = False
    is_e: bool = False
    is_rounded: bool = False
    sign: int = 1

    def value(self, context: Any) -> Any:
        """As a number of the mpmath context, to its precision."""
        if self.is_e:
            return self.sign * +context.e
        number = context.mpf(self.rational.numerator) / self.rational.denominator
        if self.times_pi:
            number = number * context.pi
        return self.sign * (context.sqrt(number) if self.rooted else number)

    def expression(self) -> Any:
        """As a SymPy expression."""
        import sympy

        if self.is_e:
            return self.sign * sympy.E
        number = sympy.Rational(self.rational.numerator, self.rational.denominator)
        if self.times_pi:
            number = number * sympy.pi
        return self.sign * (sympy.sqrt(number) if self.rooted else number)


def _nearby(x: float, most: int) -> Fraction | None:
    """The fraction of small terms within two roundings of x, if there is one."""
    candidate = Fraction(x).limit_denominator(most)
    if abs(candidate.numerator) > 1000 * most or candidate == 0:
        return None
    return candidate if abs(float(candidate) - x) <= 2 * math.ulp(x) else None


def significant_digits(x: float) -> int:
    """How many digits Python needs to write x.

    >>> significant_digits(0.25), significant_digits(1e300), significant_digits(1/3)
    (2, 1, 16)
    """
    mantissa = repr(abs(x)).partition("e")[0]
    return len(mantissa.replace(".", "").strip("0")) or 1


@lru_cache(maxsize=4096)
def constant_of(x: float) -> Constant:
    """The exact number that the finite double x stands for.

    >>> constant_of(0.1).rational, constant_of(1 / 3).rational
    (Fraction(1, 10), Fraction(1, 3))
    >>> constant_of(math.pi / 180)
    Constant(rational=Fraction(1, 180), times_pi=True, rooted=False, is_e=False, is_rounded=False, sign=1)
    """
    if significant_digits(x) <= SHORT_DIGITS:
        return Constant(Fraction(repr(x)))
    if (third := _nearby(x, 1000)) is not None and float(third) == x:
        return Constant(third)
    sign, size = (1, x) if x > 0 else (-1, -x)
    if size == math.e:
        return Constant(Fraction(1), is_e=True, sign=sign)
    if size < 1e100 and size > 1e-100:
        if (turns := _nearby(size / math.pi, 720)) is not None:
            return Constant(turns, times_pi=True, sign=sign)
        if (square := _nearby(size * size, 100)) is not None:
            return Constant(square, rooted=True, sign=sign)
        if (square := _nearby(size * size / math.pi, 100)) is not None:
            return Constant(square, times_pi=True, rooted=True, sign=sign)
    return Constant(Fraction(repr(x)), is_rounded=True)
