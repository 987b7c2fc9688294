"""Programs that generated ones were cut down to, which once had wrong derivatives: of values that may be numbers or arrays.

Never generates anything.
"""
from __future__ import annotations

import numpy as np
import pytest

from gradgen import grad, hvp
from tests.oracle.differences import derivative


def sigmoid_of(u, c=0.7):
    return 1 / (1 + np.exp(-c))


def squashed(u, v):
    return np.tanh(u) ** 2


def new_value_before_the_old(x, y):
    if np.sum(x) > 0.2:
        x = sigmoid_of(y) * x
    else:
        y = y - y
        if np.sum(y) > 0.9:
            w = 0.5 * sigmoid_of(x, c=y) + x
        else:
            x = sigmoid_of(np.tanh(x), c=0.3) * x
    w = squashed(x, x + x)
    return np.sum(0.7 * np.tanh(w))


def bounded(u):
    t = np.maximum(u, 0.1) * -u
    return np.minimum(t, 0.3) + (t + u)


def numbers_that_are_handed_on(x, y):
    w = bounded(np.sin(y))
    if np.sum(y) <= 0.2:
        x = bounded(y)
    return np.sum(0.3 * np.tanh(x) + 0.7 * w)


def test_the_adjoint_of_a_new_value_has_its_shape_and_not_that_of_the_old_one() -> None:
    x, y = np.array([0.2, 0.7, -1.2, -0.9]), np.array([0.3, -1.6, -1.0, -0.05])
    direction = np.array([0.6, -0.2, 0.9, 1.3])
    for sign in (1, -1):
        slope = derivative(lambda t, sign=sign: new_value_before_the_old(sign * x + t * direction, y), 0.0).value
        for optimize in (True, False):
            found = grad(new_value_before_the_old, "x", optimize=optimize)(sign * x, y)
            assert found @ direction == pytest.approx(slope, rel=1e-7)


def test_adjoints_that_are_numbers_are_handed_on_as_numbers() -> None:
    gradient = grad(numbers_that_are_handed_on, "y")
    slope = derivative(lambda y: gradient(0.03, y), 0.15).value
    assert hvp(numbers_that_are_handed_on, "y")(0.03, 0.15, y_dot=1.0) == pytest.approx(slope, rel=1e-6)
