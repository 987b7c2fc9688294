"""Second derivatives of functions whose backward part walks a log: the number of a way is no value that varies.

Expected values are those of the formula on the way taken, differentiated twice by hand.
"""
from __future__ import annotations

import math

import pytest

from gradgen import hessian, hvp


def logged(x: float) -> float:
    try:
        try:
            y = math.log(-x)
        except ValueError:
            y = x * 3
            raise KeyError from None
    except KeyError:
        y = y * x * x
    return y


def left_in_a_loop(x: float) -> float:
    for _ in range(4):
        try:
            x = x * x
            x = x * math.sqrt(0.5 - x)
        except ValueError:
            x = x * 2
            break
    return x


def test_ways_that_a_log_tells_are_no_equalities() -> None:
    assert hvp(logged)(1.3, x_dot=2.0) == pytest.approx(18 * 1.3 * 2.0, rel=1e-14)
    assert hvp(logged)(-1.3, x_dot=2.0) == pytest.approx(-2.0 / 1.69, rel=1e-14)
    assert hvp(left_in_a_loop)(1.3, x_dot=2.0) == 8.0
    assert hessian(left_in_a_loop)(1.3) == 4.0
