"""Loops and sums over lists that get longer afterwards, and over slices from behind: judged by differences.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradgen import grad, jvp
from gradgen.errors import UnsupportedError
from tests.oracle.differences import derivative

NODES: list[list[float]] = [[], [0.5], [0.0, 0.5], [0.0, 0.0, 1.0]]
WEIGHTS = [1 / 6, 1 / 3, 1 / 3, 1 / 6]
TIMES = [0.0, 0.5, 0.5, 1.0]


def slope(t: float, y: Any, w: Any) -> Any:
    return -w * y * y + t


def runge_kutta(y: Any, w: Any) -> Any:
    h = 0.3
    for n in range(2):
        ks: list[Any] = []
        for c, row in zip(TIMES, NODES, strict=True):
            ks.append(slope(n * h + c * h, y + h * sum(a * k for a, k in zip(row, ks, strict=True)), w))
        y = y + h * sum(b * k for b, k in zip(WEIGHTS, ks, strict=True))
    return y * w


def all_before(y: Any, w: Any) -> Any:
    history = [y]
    for n in range(4):
        new = w
        for i, h in enumerate(history):
            new = new + h * h * (i + 1)
        history.append(new / (n + 2))
        total = sum(h**2 for h in history)
        history.append(total * w)
    return history[-1] * sum(history[2:4])


def from_behind(y: Any, w: Any) -> Any:
    ts = [y, w, y * w, y + w, 2.0]
    r = ts[-1]
    for c in ts[-2::-1]:
        r = r * 0.3 + c * c
    for c in reversed(ts[1:-1]):
        r = r * c + 0.1
    for c in ts[-1:0:-1]:
        r = 0.5 * r + c**3
    return r


@pytest.mark.parametrize("fn", [runge_kutta, all_before, from_behind])
def test_numbers(fn: Any) -> None:
    y, w = 0.7, 0.4
    by_y, by_w = derivative(lambda t: fn(t, w), y).value, derivative(lambda t: fn(y, t), w).value
    assert grad(fn, ("y", "w"))(y, w) == pytest.approx((by_y, by_w), rel=1e-7)
    assert grad(fn, ("y", "w"), optimize=False)(y, w) == pytest.approx((by_y, by_w), rel=1e-7)
    assert jvp(fn, ("y", "w"))(y, w, y_dot=0.3, w_dot=-0.8)[1] == pytest.approx(0.3 * by_y - 0.8 * by_w, rel=1e-7)


@pytest.mark.parametrize("fn", [runge_kutta, all_before])
def test_arrays(fn: Any) -> None:
    y, w = np.array([0.7, -0.2]), 0.4

    def along(t: float) -> float:
        return float(np.sum(fn(y + t * np.array([0.3, 1.1]), w)))

    def total(y: Any, w: Any) -> Any:
        return np.sum(fn(y, w))

    expected = derivative(lambda t: along(t - 1), 1.0).value
    assert grad(total, "y")(y, w) @ np.array([0.3, 1.1]) == pytest.approx(expected, rel=1e-7)


def backwards(xs: Any) -> Any:
    r = xs[-1]
    for c in xs[-2::-1]:
        r = r * 0.3 + c * c
    for c in reversed(xs[:-2]):
        r = r * c + 1
    return r


@pytest.mark.parametrize("length", [1, 2, 4])
def test_slices_from_behind(length: int) -> None:
    xs = [0.3, 0.5, -0.4, 0.9][:length]
    expected = [derivative(lambda t, i=i: backwards([*xs[:i], t, *xs[i + 1 :]]), xs[i]).value for i in range(length)]
    assert grad(backwards)(xs) == pytest.approx(expected, rel=1e-7)
    np.testing.assert_allclose(grad(backwards)(np.array(xs)), expected, rtol=1e-7)


def changed_as_well(y: Any) -> Any:
    ts = [y, y * y]
    s = 0.0
    for _ in range(2):
        for t in ts:
            s += t * t
        ts.append(s)
        ts[0] = s * y
    return s


def growing_under_way(y: Any) -> Any:
    ts = [y]
    s = 0.0
    for t in ts:
        s += t * t
        if len(ts) < 3:
            ts.append(s)
    return s


@pytest.mark.parametrize("fn", [changed_as_well, growing_under_way])
def test_lists_that_change_otherwise(fn: Any) -> None:
    with pytest.raises(UnsupportedError, match="GG106"):
        grad(fn)
