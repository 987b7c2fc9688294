"""Gradients of a callee that say the same are written once."""

from __future__ import annotations

import numpy as np
import pytest

from gradgen import grad


def gate(x):
    return x / (1 + np.exp(-x))


def gates(z, n: int):
    return np.sum(gate(z[:n]) * gate(z[n : 2 * n]) + gate(z[2 * n :]))


def power(x, n):
    return x**n


def powers(x, y):
    return power(x, 3) * power(y, 3) + power(x, y)


def test_a_callees_gradient_stands_once_for_parts_of_any_length() -> None:
    z = np.array([0.5, -0.25, 1.0, 0.75, -1.5, 0.125])
    made = grad(gates, "z", like=(z, 2))
    assert made.source.count("def gate_forward(") == made.source.count("_forward(x") == 1
    assert made.source.count("def gate_backward(") == made.source.count("_backward(value") == 1
    s = 1 / (1 + np.exp(-z))
    g, slope = z * s, s + z * s * (1 - s)
    expected = np.concatenate([slope[:2] * g[2:4], slope[2:4] * g[:2], slope[4:]])
    np.testing.assert_allclose(made(z, 2), expected, rtol=1e-12)


def test_gradients_with_respect_to_other_arguments_stay_apart() -> None:
    made = grad(powers)
    x, y = 1.5, 2.5
    np.testing.assert_allclose(
        made(x, y), [3 * x**2 * y**3 + y * x ** (y - 1), x**3 * 3 * y**2 + x**y * np.log(x)], rtol=1e-12,
    )


def product(a, b=1.0, c=2.0):
    return a * b + c * c


def handed_on(t, **options):
    return product(t, **options)


def three_ways(x, y):
    return handed_on(x, b=y) * handed_on(x) * handed_on(y, c=x, b=2.0)


def test_what_helpers_a_function_needs_that_goes_is_kept() -> None:
    # (x y + 4) (x + 4) (2 y + x x) by x
    x, y = 0.5, 1.5
    expected = y * (x + 4) * (2 * y + x * x) + (x * y + 4) * (2 * y + x * x) + (x * y + 4) * (x + 4) * 2 * x
    assert grad(three_ways, "x")(x, y) == pytest.approx(expected, rel=1e-12)
