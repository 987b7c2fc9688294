"""Functions that do nothing with arrays themselves, but call some that do: no text for numbers runs on arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradgen import grad, jvp, value_and_grad
from gradgen.emit.load import load_standalone

MATRIX = np.array([[2.0, 1.0, 0.0], [0.0, 1.0, 1.0], [1.0, 0.0, 3.0]])
SHIFT = np.array([0.1, 0.2, 0.3])
X = np.array([0.3, -0.5, 0.8])
SLOPE = 2 * MATRIX.T @ MATRIX @ (X - SHIFT)


def misfit(x):
    return np.sum((MATRIX @ (x - SHIFT)) ** 2)


def handed_on(x):
    return misfit(x) * 2


def twice_below(x):
    def inner(t):
        return handed_on(t)

    return inner(x)


def weighed(x, weight):
    return weight * misfit(x)


def first_times_all(x):
    return x[0] * misfit(x)


def scaled(x, weights):
    return np.sum(x**2 * weights)


def scaled_below(x, weights):
    return scaled(x, weights)


class Landscape:
    def __init__(self) -> None:
        self.rotation, self.shift = MATRIX, SHIFT

    def fun(self, x):
        return self.evaluate(x)

    def evaluate(self, x):
        return np.sum((self.rotation @ (x - self.shift)) ** 2)


@pytest.mark.parametrize("function", [handed_on, twice_below])
def test_an_array_has_an_array_for_its_gradient_whatever_came_before(function: Any) -> None:
    number = float(2 * np.sum(MATRIX * (MATRIX @ (0.7 - SHIFT))[:, None]) * 2)
    for given in ([X, 0.7, X], [0.7, X, 0.7]):
        derivative = grad(function, "x")
        for each in given:
            assert derivative(each) == pytest.approx(2 * SLOPE if each is X else number)
    assert grad(function, "x", like=(0.7,))(X) == pytest.approx(2 * SLOPE)
    direction = np.array([0.4, -1.2, 0.7])
    for first in (0.7, None):
        pushed = jvp(function, "x", like=None if first is None else (first,))
        assert pushed(X, x_dot=direction)[1] == pytest.approx(2 * SLOPE @ direction)


def test_arguments_that_are_only_handed_on_are_looked_at() -> None:
    assert grad(weighed)(X, 0.5)[0] == pytest.approx(0.5 * SLOPE)
    assert grad(first_times_all)(X) == pytest.approx(X[0] * SLOPE + np.array([misfit(X), 0, 0]))
    assert grad(Landscape().fun)(X) == pytest.approx(SLOPE)
    derivative = grad(scaled_below, "x")
    assert derivative(0.5, 2.0) == pytest.approx(2.0)
    assert derivative(0.5, np.array([1.0, 3.0])) == pytest.approx(4.0)  # the sum of the weights, times 2 x


def test_a_saved_text_for_numbers_raises_on_an_array() -> None:
    derivative = load_standalone(grad(handed_on, "x", like=(0.7,)).source, "handed_on_grad")
    with pytest.raises(TypeError, match="this code is for"):
        derivative(X)


def extremes(values: Any) -> float:
    arr = np.asarray(values, dtype=float)
    if arr.size == 0:
        return 0.0
    return float(np.min(arr)) + 2 * float(np.max(arr)) * arr.ndim


def of_one_number(x: float) -> float:
    return extremes(x * x) * x


def test_arrays_of_one_number_that_are_asked_for_their_size_have_slopes() -> None:
    assert value_and_grad(extremes)(3.3) == (3.3, 1.0)
    value, slope = value_and_grad(extremes)([1.0, 2.0])
    assert (value, *slope) == (5.0, 1.0, 2.0)
    assert value_and_grad(of_one_number)(1.5) == (1.5**3, 3 * 1.5**2)
    assert jvp(of_one_number)(1.5, x_dot=2.0)[1] == 6 * 1.5**2
