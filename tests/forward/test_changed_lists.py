"""Loops that store into the list that they go through: the tangents' list is in step, or the loop is refused."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import hessian, jvp
from gradgen.errors import UnsupportedError


def backwards(x: float, y: float) -> float:
    ts = [x, y, x * y]
    z = 0.0
    for t in reversed(ts):
        ts[0] = ts[0] * t
        z += t * ts[0]
    return z


def ahead(x: float, y: float) -> float:
    ts = [x, y, x * y]
    z = 1.0
    for i, t in enumerate(ts):
        z = z * t + i
        if i + 1 < len(ts):
            ts[i + 1] = ts[i + 1] * z
    return z


def growing(x: float, y: float) -> float:
    ts = [x, y]
    z = 0.0
    for t in ts:
        z += t * t
        if len(ts) < 6:
            ts.append(t * y + x)
    return z


def in_its_place(x: float, y: float) -> float:
    ts = [x, y, x * y]
    for i, t in enumerate(ts):
        ts[i] = t * t
    return ts[0] * ts[1] + ts[2]


def test_a_loop_over_a_copy_of_what_it_stores_into_is_refused() -> None:
    with pytest.raises(UnsupportedError, match=r"test_changed_lists\.py:\d+:\d+: GG106: .* changes meanwhile"):
        jvp(backwards)


@pytest.mark.parametrize("function", [ahead, growing], ids=lambda function: function.__name__)
def test_a_loop_whose_turns_see_what_it_stored_agrees_with_differences(function: Callable[[float, float], float]) -> None:
    step = 1e-6
    slope = (function(0.7 + 0.4 * step, 1.3 - 1.1 * step) - function(0.7 - 0.4 * step, 1.3 + 1.1 * step)) / (2 * step)
    value, moved = jvp(function)(0.7, 1.3, x_dot=0.4, y_dot=-1.1)
    assert value == function(0.7, 1.3)
    assert moved == pytest.approx(slope, rel=1e-7)


def test_a_loop_that_stores_what_no_later_turn_takes_is_read() -> None:
    x, y = 0.7, 1.3
    value = 2 * x**2 * y**2
    moved = jvp(in_its_place)(x, y, x_dot=0.4, y_dot=-1.1)
    assert moved == pytest.approx((value, 0.4 * 4 * x * y**2 - 1.1 * 4 * x**2 * y), rel=1e-14)


def moved_over(x: float, y: float) -> float:
    ts, us = [x, y, x * y], []
    for _ in range(3):
        us.append(ts.pop())
    return us[0] * us[1] ** 2 + us[2]


def put_into(x: float, y: float) -> float:
    ts, us = [x, y, x * y], [0.0, 0.0]
    us[0] = ts.pop()
    us[1] = ts.pop(0)
    return us[0] * us[1] ** 2 + ts[0]


@pytest.mark.parametrize(("function", "by_x", "by_y"), [
    (moved_over, 1.3**3 + 1, 3 * 0.7 * 1.3**2), (put_into, 3 * 0.7**2 * 1.3, 0.7**3 + 1),
])
def test_what_is_popped_into_a_list_leaves_the_tangents_list_once(
    function: Callable[[float, float], float], by_x: float, by_y: float
) -> None:
    assert jvp(function)(0.7, 1.3, x_dot=0.4, y_dot=-1.1)[1] == pytest.approx(0.4 * by_x - 1.1 * by_y, rel=1e-13)


def test_the_hessian_of_a_loop_that_stores_into_an_array_pops_each_tape_once() -> None:
    def products(x: Any) -> Any:
        y = np.zeros(x.shape[0])
        y[0] = x[0]
        for i in range(1, x.shape[0]):
            y[i] = x[i] * y[i - 1]
        return np.sum(y**2)

    x = np.array([0.7, -1.3, 0.4, 1.9])
    squares = np.cumprod(x) ** 2
    expected = [[(2 if j == k else 4) * sum(squares[max(j, k) :]) / (x[j] * x[k]) for k in range(4)] for j in range(4)]
    np.testing.assert_allclose(hessian(products)(x), expected, rtol=1e-12)
