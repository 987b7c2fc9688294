"""Magnitudes where tests of the same variable tell the sides of 0 apart: formulas for both sides that are smooth at 0.

Judged by central differences of the function, and by the slopes of the formulas in closed form.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import grad, hvp, jvp, value_and_grad
from gradgen.emit.load import load_standalone


def logistic(x: float) -> float:
    z = math.exp(-abs(x))
    return 1 / (1 + z) if x >= 0 else z / (1 + z)


def logistic_below(x: float) -> float:
    z = math.exp(-abs(x))
    if x > 0:
        return 1 / (1 + z)
    return z / (1 + z)


def softplus(x: float) -> float:
    return max(x, 0) + math.log1p(math.exp(-abs(x)))


def softplus_turned(x: float) -> float:
    return max(0.0, x) + math.log1p(math.exp(-abs(x)))


def log_of_logistic(x: float) -> float:
    return min(x, 0) - math.log1p(math.exp(-abs(x)))


def odd(x: float) -> float:
    t = 1 - math.exp(-abs(x))
    return -t if 0 > x else t


def bound_once(a: float) -> float:
    x = 2 * a
    t = 1 - math.exp(-abs(x))
    return t if 0 < x else -t


SMOOTH = [logistic, logistic_below, softplus, softplus_turned, log_of_logistic, odd, bound_once]


def slope(function: Callable[..., Any], at: Any, along: Any = 1.0) -> Any:
    """An extrapolated central difference; of `1 - exp(-|x|)`, which is bent at 0, the error is of the first order."""
    def central(h: float) -> Any:
        return (function(at + h * along) - function(at - h * along)) / (2 * h)
    return 2 * central(1e-6) - central(2e-6)


@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize("function", SMOOTH)
def test_what_is_smooth_at_0_has_its_slope_there(function: Callable[[float], float], optimize: bool) -> None:
    made = value_and_grad(function, optimize=optimize)
    alone = load_standalone(made.source, made.__name__)
    for x in (0.0, -0.0, 0.7, -1.2):
        wanted = pytest.approx(slope(function, x), rel=1e-7)
        assert made(x)[1] == wanted
        assert alone(x)[1] == wanted
        assert grad(function, optimize=optimize)(x) == wanted
        assert jvp(function, [0], optimize=optimize)(x, **{f"{made.wrt[0]}_dot": 1.0})[1] == wanted
    assert grad(grad(logistic))(1.0) == pytest.approx(slope(grad(logistic), 1.0), rel=1e-6)


def of_arrays(x: Any) -> Any:
    z = np.exp(-np.abs(x))
    return np.sum(np.where(x >= 0, 1 / (1 + z), z / (1 + z)) * np.arange(1.0, 4.0))


def of_weights(w: Any, features: Any) -> Any:
    scores = features @ w
    z = np.exp(-np.fabs(scores))
    return np.sum(np.where(scores > 0, 1, z) / (1 + z))


@pytest.mark.parametrize("optimize", [True, False])
def test_elements_at_0_have_the_slopes_of_smooth_formulas(optimize: bool) -> None:
    x, along = np.array([0.0, 0.4, -0.0]), np.array([0.3, -1.1, 0.6])
    wanted = slope(of_arrays, x, along)
    assert grad(of_arrays, optimize=optimize)(x) @ along == pytest.approx(wanted, rel=1e-7)
    assert jvp(of_arrays, optimize=optimize)(x, x_dot=along)[1] == pytest.approx(wanted, rel=1e-7)
    features = np.array([[1.0, 2.0], [3.0, -1.0]])
    np.testing.assert_allclose(grad(of_weights, "w", optimize=optimize)(np.zeros(2), features), features.sum(axis=0) / 4)
    np.testing.assert_allclose(hvp(of_arrays)(np.array([0.5, 0.4, -0.6]), x_dot=along).shape, (3,))


def on_both_sides(x: Any) -> Any:
    return np.sum(np.where(x > 0, np.abs(x), np.where(x < 0, 2 * np.abs(x), np.abs(x))))


def untested(x: float) -> float:
    return abs(x) * 3.0


def of_another(x: float, y: float) -> float:
    return abs(x) * (2.0 if y >= 0 else 1.0)


def test_where_tests_say_nothing_of_0_the_slope_of_a_magnitude_is_0() -> None:
    assert grad(on_both_sides)(np.zeros(1)) == 0.0
    assert grad(untested)(0.0) == 0.0
    assert grad(of_another, "x")(0.0, 1.0) == 0.0
