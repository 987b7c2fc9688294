"""Loops whose state turns round at a bound have slopes; those that close in on a value by comparisons stay refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import grad, jvp
from gradgen.errors import UnsupportedError
from tests.oracle.differences import derivative


def falling_mass(x: Any, v: Any) -> Any:
    for _ in range(40):
        v = v - 0.981 * 0.1
        x = x + v * 0.1
        if x < 0:
            x = -x
            v = -0.9 * v
    return x


def between_walls(x: Any, v: Any) -> Any:
    for _ in range(40):
        x += v * 0.1
        if x > 1 or abs(x) > 2 and v > 0:
            v = -v * 0.9
    return x * v


def several_at_once(x: Any, v: Any) -> Any:
    for _ in range(20):
        v = v - 0.1 * np.array([0.0, 0.4, 1.0])
        x = x + 0.1 * v
        v = np.where(x < -1, -0.8 * v, v) * (1 - 2 * (x > 1))
        x = np.where(x < -1, -2 - x, x)
    return np.sum(x * v)


def halved_steps(x: Any, v: Any) -> Any:
    beyond = x * x - 2
    for _ in range(40):
        x = x - v if beyond > 0 else x + v
        v = v / 2
        beyond = x * x - 2
    return x


def turned_steps(x: Any, v: Any) -> Any:
    for _ in range(40):
        x = x + v
        if (x * x - 2) * v > 0:
            v = -v / 2
    return x


def weighted_ends(x: Any, v: Any) -> Any:
    for _ in range(40):
        middle = 0.4 * x + 0.6 * v
        if middle > 1.3:
            v = middle
        else:
            x = middle
    return x


@pytest.mark.parametrize(("function", "x", "v"), [
    (falling_mass, 0.7, 0.3), (between_walls, 0.7, 1.3),
    (several_at_once, np.array([0.3, -0.5, 0.2]), np.array([1.2, -0.4, 0.3])),
])
def test_the_slope_of_what_turns_round_at_a_bound_agrees_with_differences(function: Callable[..., Any], x: Any, v: Any) -> None:
    step, along = 1e-6, (np.array([0.7, -0.2, 0.4])[: np.size(x)].reshape(np.shape(x)), 0.5)
    up, down = (function(x + s * along[0], v + s * along[1]) for s in (step, -step))
    dx, dv = grad(function)(x, v)
    assert np.sum(dx * along[0]) + np.sum(dv * along[1]) == pytest.approx((up - down) / (2 * step), rel=1e-6)


@pytest.mark.parametrize("function", [halved_steps, turned_steps, weighted_ends])
def test_what_closes_in_on_a_value_is_refused(function: Callable[..., Any]) -> None:
    with pytest.raises(UnsupportedError, match="GG112"):
        grad(function)(1.1, 1.9)


def left_with_a_loop(x: Any, y: Any) -> Any:
    for _ in range(10):
        x = x * 1.1 + y
        if x > 8:
            for _ in range(3):
                y = y * x
            return y
    return y


def test_what_an_arm_that_returns_computes_steers_no_other_turn() -> None:
    x, y = 1.0, 2.0
    wanted = derivative(lambda x: left_with_a_loop(x, y), x).value, derivative(lambda y: left_with_a_loop(x, y), y).value
    assert grad(left_with_a_loop)(x, y) == pytest.approx(wanted, rel=1e-7)
    assert jvp(left_with_a_loop)(x, y, x_dot=0.7, y_dot=-0.3)[1] == pytest.approx(0.7 * wanted[0] - 0.3 * wanted[1], rel=1e-7)
    assert grad(left_with_a_loop)(0.01, 0.02) == pytest.approx((0.0, 1.0))
