"""Arithmetic of the numbers in a text as a person does it, on paper: `2.24 * 3` is 6.72, `1.11 - 1` is 0.11.

Never rounds: what is not short and exact in decimals stays as it is written.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

LONGEST = 6  # characters of a number that a person would write in the place of two


def product(left: int | float, right: int | float) -> int | float | None:
    """The product of two numbers as one number; None where no short one is that."""
    return _exact(lambda one, other: one * other, left, right)


def difference(left: int | float, right: int | float) -> int | float | None:
    """The difference of two numbers as one number; None where no short one is that."""
    return _exact(lambda one, other: one - other, left, right)


def _exact(operation: Callable[[Decimal, Decimal], Decimal], left: int | float, right: int | float) -> int | float | None:
    if isinstance(left, int) and isinstance(right, int):
        return int(operation(Decimal(left), Decimal(right))) if max(abs(left), abs(right)) < 10**12 else None
    if not (math.isfinite(left) and math.isfinite(right)):
        return None
    wanted = operation(Decimal(repr(left)), Decimal(repr(right)))
    result = float(wanted)
    return result if Decimal(repr(result)) == wanted and len(repr(abs(result))) <= LONGEST else None
