"""Loops over the last elements of a list: right where it has fewer of them than are asked for."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from gradgen import grad, jvp
from tests.oracle.differences import derivative


def summed(x: float, y: float) -> float:
    values = [x, y, x * y]
    return sum(values[-5:]) * x


def gone_through(x: float, y: float) -> float:
    values = [x, y, x * y]
    total = 0.0
    for v in values[-9:]:
        total = total * 0.5 + v * v
    return total


def growing(x: float, y: float) -> float:
    values = [x, y]
    total = 0.0
    for _ in range(3):
        for v in values[-3:]:
            total = total * 0.9 + v * v
        values.append(total * x)
    return total + sum(values[-3:])


def changed_between(x: float, y: float) -> float:
    values = [x, y, x * y]
    total = 0.0
    for v in values[-2:]:
        total = total + v * v
    values.append(x * x * y)
    for v in values[-2:]:
        total = total * 0.5 + v * v
    return total + values[0]


@pytest.mark.parametrize("function", [summed, gone_through, growing, changed_between])
def test_the_last_elements_of_a_list(function: Callable[[float, float], float]) -> None:
    x, y, along = 1.2, 0.7, (0.6, -1.1)
    expected = derivative(lambda t: function(x + t * along[0], y + t * along[1]), 0.0).value
    for optimize in (True, False):
        dx, dy = grad(function, optimize=optimize)(x, y)
        assert dx * along[0] + dy * along[1] == pytest.approx(expected, rel=1e-8)
    assert jvp(function)(x, y, x_dot=along[0], y_dot=along[1])[1] == pytest.approx(expected, rel=1e-8)
