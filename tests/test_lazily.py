"""Iterators that have a name see their list as it is when they are gone through; properties may change their object.

Expected slopes are written out by hand.
"""
from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gradgen import grad, jvp, value_and_grad, vjp
from gradgen.errors import UnsupportedError


def of_a_map(x: float) -> float:
    xs = [x, 2 * x]
    squares = map(math.exp, xs)
    xs[0] = 3 * x
    return sum(squares)


def of_a_generator(x: float) -> float:
    factor = x
    scaled = (t * factor for t in (x, 2 * x))
    factor = 3.0
    return sum(scaled)


@pytest.mark.parametrize("fn", [of_a_map, of_a_generator])
def test_an_iterator_over_what_changes_is_refused(fn: Any) -> None:
    for mode in (grad, value_and_grad, vjp, jvp):
        with pytest.raises(UnsupportedError, match="GG106: .*which changes before it is gone"):
            mode(fn)


def changed_afterwards(x: float) -> float:
    xs = [x, 2 * x]
    squares = (t * t for t in xs)
    total = sum(squares)
    xs[0] = total
    return xs[0] * xs[1]


def test_what_changes_afterwards_is_no_matter() -> None:
    assert jvp(changed_afterwards)(1.5, x_dot=1.0)[1] == pytest.approx(30 * 1.5**2, rel=1e-14)


class Counting:
    """Says of itself how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    @property
    def factor(self) -> float:
        self.asked += 1
        return 2.0 * self.asked


def by_its_factors(x: float) -> float:
    counting = Counting()
    y = x * counting.factor
    return y * x * counting.factor


@pytest.mark.parametrize("optimize", [True, False])
def test_a_property_that_changes_its_object_runs_as_often_as_in_the_function(optimize: bool) -> None:
    assert grad(by_its_factors, optimize=optimize)(1.5) == 24.0
    assert jvp(by_its_factors, optimize=optimize)(1.5, x_dot=1.0) == (18.0, 24.0)


def test_tangents_of_narrow_floats_are_narrow() -> None:
    def energy(v: np.ndarray) -> Any:
        return np.sum(v * np.tanh(v))

    v = np.array([0.5, -0.25], dtype=np.float32)
    value, moved = jvp(energy)(v, v_dot=[1.0, 2.0])
    assert value.dtype == moved.dtype == np.float32
    exact = v.astype(float)
    assert moved == pytest.approx(np.dot(np.tanh(exact) + exact / np.cosh(exact) ** 2, [1.0, 2.0]), rel=1e-5)
