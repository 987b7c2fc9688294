"""Loops that store into the list that they go through: the tangents' list is in step, or the loop is refused."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from gradgen import jvp
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


@pytest.mark.parametrize("function", [backwards, ahead, growing], ids=lambda function: function.__name__)
def test_a_loop_whose_turns_see_what_it_stored_is_refused(function: Callable[[float, float], float]) -> None:
    with pytest.raises(UnsupportedError, match=r"test_changed_lists\.py:\d+:\d+: GG106: .* changes meanwhile"):
        jvp(function)


def test_a_loop_that_stores_what_no_later_turn_takes_is_read() -> None:
    x, y = 0.7, 1.3
    value = 2 * x**2 * y**2
    moved = jvp(in_its_place)(x, y, x_dot=0.4, y_dot=-1.1)
    assert moved == pytest.approx((value, 0.4 * 4 * x * y**2 - 1.1 * 4 * x**2 * y), rel=1e-14)
