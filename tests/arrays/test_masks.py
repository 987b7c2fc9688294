"""Sums of masks times values: NumPy's truths do not add up, the slopes beside them do.

Expected slopes are counted by hand.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradgen import grad, hvp, jvp, value_and_grad, vjp

X = np.array([0.7, 1.3, 2.1])
WEIGHTS = np.array([1.0, -2.0, 0.5])


def overlapping(x: np.ndarray) -> Any:
    return np.sum(WEIGHTS * ((x > 0.5) * x + (x < 2) * x))


def named(x: np.ndarray) -> Any:
    low, high = x > 0.5, x < 2
    return np.sum(WEIGHTS * (low * x / 2 + high * x / 2))


def by_products(x: np.ndarray) -> Any:
    return (x > 0.5) @ (WEIGHTS * x) + (x < 2) @ (WEIGHTS * x)


def by_products_of_masks(x: np.ndarray) -> Any:
    return np.sum(WEIGHTS * ((x > 0.5) * (x < 9) * x + np.isfinite(x) * (x < 2) * x))


def less(x: np.ndarray) -> Any:
    return np.sum(WEIGHTS * ((x > 0.5) * x - x * (x < 2)))


def of_numbers(x: np.ndarray) -> Any:
    return sum(w * ((t > 0.5) * t + (t < 2) * t) for w, t in zip(WEIGHTS, x, strict=True))


COUNTS = {
    overlapping: [2.0, 2.0, 1.0], named: [1.0, 1.0, 0.5], by_products: [2.0, 2.0, 1.0], by_products_of_masks: [2.0, 2.0, 1.0],
    less: [0.0, 0.0, 1.0], of_numbers: [2.0, 2.0, 1.0],
}


@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize("fn", COUNTS)
def test_masks_times_values_add_up(fn: Any, optimize: bool) -> None:
    slopes = WEIGHTS * COUNTS[fn]
    seed = {vjp(fn, "x").seeds[0]: 1.5}
    np.testing.assert_allclose(grad(fn, optimize=optimize)(X), slopes, rtol=1e-14)
    np.testing.assert_allclose(value_and_grad(fn, optimize=optimize)(X)[1], slopes, rtol=1e-14)
    np.testing.assert_allclose(vjp(fn, "x", optimize=optimize)(X, **seed), 1.5 * slopes, rtol=1e-14)
    assert jvp(fn, optimize=optimize)(X, x_dot=X)[1] == pytest.approx(slopes @ X, rel=1e-14)


def held(x: np.ndarray, low: np.ndarray, high: np.ndarray) -> Any:
    return np.sum(np.sin(low * x + high * x))


def test_masks_that_are_arguments_add_up_too() -> None:
    low, high = np.array([True, True, False]), np.array([True, False, True])
    counts = low.astype(float) + high
    np.testing.assert_allclose(grad(held, "x")(X, low, high), counts * np.cos(counts * X), rtol=1e-14)
    moved = hvp(held, "x")(X, low, high, x_dot=WEIGHTS)
    np.testing.assert_allclose(moved, -(counts**2) * np.sin(counts * X) * WEIGHTS, rtol=1e-14)


def by_one_number(x: float) -> Any:
    return (x > 0.5) * x + (x < 2) * x


def test_truths_of_numpys_numbers_add_up() -> None:
    assert grad(by_one_number)(np.float64(0.7)) == 2.0
    assert jvp(by_one_number)(np.float64(0.7), x_dot=3.0)[1] == 6.0


def is_high(t: float) -> Any:
    return t > 0.5


def by_a_function(x: float) -> Any:
    return is_high(x) * x + is_high(x + 0.1) * x


def test_truths_that_a_function_gives_add_up() -> None:
    assert grad(by_a_function)(np.float64(0.7)) == 2.0
    assert jvp(by_a_function)(np.float64(0.7), x_dot=3.0)[1] == 6.0


def pseudo_huber(r, delta):
    is_near = np.abs(r) <= delta
    return np.sum(np.where(is_near, 0.5 * r**2, delta * np.abs(r))) + np.sum(np.maximum(r, 0))


def test_choices_of_adjoints_that_are_numbers_are_not_filled_out_first() -> None:
    r = np.array([0.1, -0.9, 0.3, 2.0, -0.2])
    gradient = grad(pseudo_huber, like=(r, 0.7))
    assert "full_like" not in gradient.source and "0.5 * np.where" not in gradient.source
    dr, ddelta = gradient(r, 0.7)
    np.testing.assert_allclose(dr, [0.1 + 1, -0.7, 0.3 + 1, 0.7 + 1, -0.2], rtol=1e-15)
    assert ddelta == pytest.approx(0.9 + 2.0, rel=1e-15)
    assert gradient(np.append(r, np.inf), 0.7)[0].tolist() == [*dr.tolist(), 1.7]
