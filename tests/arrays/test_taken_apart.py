"""Arrays that are computed and taken apart on one line, `a, b = np.exp(t)`, in both modes and to second order."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import grad, hvp, jvp


def of_a_function(t: Any) -> Any:
    a, b = np.exp(t)
    return a * b * a


def of_arithmetic(t: Any) -> Any:
    a, _, b = 2 * t * t
    return a * b * a


def of_rows(t: Any) -> Any:
    r, s = np.sin(t)
    return np.sum(r * s * r)


@pytest.mark.parametrize(
    ("fn", "point"),
    [(of_a_function, [0.3, 0.7]), (of_arithmetic, [0.3, 0.7, 1.1]), (of_rows, [[0.1, 0.5], [0.7, 0.9]])],
)
def test_it_has_derivatives_of_both_modes_and_orders(fn: Callable[[Any], Any], point: Any) -> None:
    at = np.array(point)
    along = np.cos(np.arange(at.size)).reshape(at.shape)
    step = 1e-5
    slope = (fn(at + step * along) - fn(at - step * along)) / (2 * step)
    assert jvp(fn)(at, t_dot=along)[1] == pytest.approx(slope, rel=1e-8)
    assert np.sum(grad(fn)(at) * along) == pytest.approx(slope, rel=1e-8)
    bend = (grad(fn)(at + step * along) - grad(fn)(at - step * along)) / (2 * step)
    assert hvp(fn)(at, t_dot=along) == pytest.approx(bend, rel=1e-7)
