"""Time steps between arrays that change places, and padding by a number that is an argument: judged by differences.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradgen import grad, hvp, jvp
from gradgen.errors import UnsupportedError

U = np.array([0.3, 0.5, 0.9, 0.4, 0.2, 0.7])
DIRECTION = np.array([0.4, -0.7, 0.2, 1.1, -0.3, 0.6])


def three_levels(u: Any) -> Any:
    a, b = u.copy(), u * 1.1
    for _ in range(4):
        n = 2 * b - a + 0.3 * b * b
        n[0] = 0
        n[-1] = b[1] * a[-1]
        a, b = b, n
    return np.sum(b**3)


def one_after_the_other(u: Any) -> Any:
    a = u
    b = u * 1.1
    for _ in range(4):
        n = 2 * b - a + 0.3 * b * b
        n[0] = 0
        a = b
        b = n
    return np.sum(b**3 * a)


def two_buffers(u: Any) -> Any:
    old, new = u.copy(), np.zeros_like(u)
    for _ in range(5):
        new[1:-1] = old[1:-1] ** 2 + 0.3 * (old[2:] - 2 * old[1:-1] + old[:-2])
        old, new = new, old
    return np.sum(old**2 + new**3)


def three_buffers(u: Any) -> Any:
    before, now, then = u.copy(), u**2, np.zeros_like(u)
    for k in range(5):
        then[1:-1] = 2 * now[1:-1] - before[1:-1] + 0.1 * now[2:] * now[:-2]
        if k % 2:
            then[0] = now[0] * before[0]
        before, now, then = now, then, before
    return np.sum(now**2 * before)


def a_view_swapped(u: Any) -> Any:
    a, b = u * 1.0, u**2
    for _ in range(3):
        a, b = b[::-1], a
        c = a * b
        c[1] = a[0] ** 2
        a, b = c, a
    return np.sum(a * b)


@pytest.mark.parametrize("f", [three_levels, one_after_the_other, two_buffers, three_buffers, a_view_swapped])
def test_buffers_that_swap(f: Any) -> None:
    expected = gradient_of(f, U)
    np.testing.assert_allclose(grad(f)(U.copy()), expected, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(grad(f, optimize=False)(U.copy()), expected, rtol=1e-6, atol=1e-8)
    value, moved = jvp(f)(U.copy(), u_dot=DIRECTION)
    np.testing.assert_allclose((value, moved), (f(U.copy()), expected @ DIRECTION), rtol=1e-6)
    slopes = (gradient_of(f, U + 1e-3 * DIRECTION) - gradient_of(f, U - 1e-3 * DIRECTION)) / 2e-3
    np.testing.assert_allclose(hvp(f)(U.copy(), u_dot=DIRECTION), slopes, rtol=1e-3, atol=1e-4)


def still_one_array(u: Any) -> Any:
    a, b = u * 1.0, u**2
    for _ in range(2):
        a, b = b, b
        a[0] = 0.5
    return np.sum(a * b)


def seen_through_a_view(u: Any) -> Any:
    a, b = u * 1.0, u**2
    for _ in range(2):
        a, b = b[::-1], b
        b[0] = a[1] ** 2
    return np.sum(a * b)


@pytest.mark.parametrize(("f", "stored", "other"), [(still_one_array, "a", "b"), (seen_through_a_view, "b", "a")])
def test_one_array_under_two_names(f: Any, stored: str, other: str) -> None:
    with pytest.raises(UnsupportedError, match=f"(?s)GG109.*this write to '{stored}'.*'{other}' may hold the same object"):
        grad(f)(U.copy())


def padded_alike(x: Any, pad: int) -> Any:
    return np.sum(np.sin(np.pad(x, pad)) * np.pad(x, pad)[::-1])


def padded_by_axes(x: Any, pad: int) -> Any:
    return np.sum(np.pad(x, ((0, 0), (pad, pad + 1))) ** 3)


def padded_with(x: Any, pad: int) -> Any:
    return np.sum(np.pad(x, ((pad, 0), (0, pad)), constant_values=x[0, 0]) ** 3)


def convolved(x: Any, pad: int) -> Any:
    W = np.array([[0.3, -0.2], [0.7, 0.4]])
    padded = np.pad(x, ((pad, pad), (pad, pad)))
    out = np.zeros((x.shape[0] + 2 * pad - 1, x.shape[1] + 2 * pad - 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(padded[i : i + 2, j : j + 2] * W)
    return np.sum(out**3)


@pytest.mark.parametrize("pad", [0, 1, 2])
@pytest.mark.parametrize("f", [padded_alike, padded_by_axes, padded_with, convolved])
def test_padding_by_an_argument(f: Any, pad: int) -> None:
    x = np.array([[0.3, 0.5, 0.9], [0.4, -0.2, 0.7]])
    expected = gradient_of(lambda x: f(x, pad), x)
    np.testing.assert_allclose(grad(f, "x")(x, pad), expected, rtol=1e-6, atol=1e-8)
    way = np.array([[0.4, -0.7, 0.2], [1.1, -0.3, 0.6]])
    np.testing.assert_allclose(jvp(f, "x")(x, pad, x_dot=way)[1], np.sum(expected * way), rtol=1e-6)
    slopes = (gradient_of(lambda x: f(x, pad), x + 1e-3 * way) - gradient_of(lambda x: f(x, pad), x - 1e-3 * way)) / 2e-3
    np.testing.assert_allclose(hvp(f, "x")(x, pad, x_dot=way), slopes, rtol=1e-3, atol=1e-4)


def gradient_of(f: Any, x: Any) -> Any:
    """Central differences, extrapolated."""
    def slope(direction: Any, h: float) -> float:
        return (f(x + h * direction) - f(x - h * direction)) / (2 * h)

    units = np.eye(x.size).reshape(-1, *x.shape)
    return np.array([(4 * slope(unit, 5e-4) - slope(unit, 1e-3)) / 3 for unit in units]).reshape(x.shape)
