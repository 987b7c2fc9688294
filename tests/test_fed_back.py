"""Loops whose turns store what varies into what the loop goes through: right by differences, or refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import grad, jvp
from gradgen.errors import UnsupportedError


def array_that_is_scaled_meanwhile(x: float, y: float) -> Any:
    v, t = np.ones(3) * 0.5, 0.0
    for _, e in enumerate(v):
        t += e * y
        v[1:] *= v[:-1] * x
    return t


def list_that_is_stored_into(x: float, y: float) -> Any:
    v, t = [0.1, 0.2, 0.3], 0.0
    for e in v:
        t += e * y
        v[2] = t * x
    return t


def rows_of_a_matrix(x: float, y: float) -> Any:
    m, t = np.ones((3, 2)) * 0.5, 0.0
    for row in m[1:]:
        t += row[0] * y
        m[2] *= x
    return t


def another_name(x: float, y: float) -> Any:
    v, t = np.ones(3) * 0.5, 0.0
    w = v
    for e in w:
        t += e * y
        v[-1] = x
    return t


def list_that_grows(x: float, y: float) -> Any:
    v, t = [0.1], 0.0
    for e in v:
        t += e * y
        if len(v) < 3:
            v.append(t * x)
    return t


def the_element_of_the_turn(x: float, y: float) -> Any:
    v, t = [0.1, 0.2, 0.3], 0.0
    for k, e in enumerate(v):
        t += e * y
        v[k] = x * t
    return t + v[1]


CHANGED = [array_that_is_scaled_meanwhile, list_that_is_stored_into, rows_of_a_matrix, another_name, list_that_grows]


@pytest.mark.parametrize("function", CHANGED[1:])
def test_a_loop_over_what_its_turns_change_is_refused_in_reverse(function: Callable[..., Any]) -> None:
    with pytest.raises(UnsupportedError, match="GG106"):
        grad(function)(1.3, 0.7)


@pytest.mark.parametrize("function", [*CHANGED, the_element_of_the_turn])
def test_tangents_of_a_loop_over_what_its_turns_change_agree_with_differences(function: Callable[..., Any]) -> None:
    step = 1e-6
    up, down = function(1.3 + step * 0.8, 0.7 - step * 0.6), function(1.3 - step * 0.8, 0.7 + step * 0.6)
    value, slope = jvp(function)(1.3, 0.7, x_dot=0.8, y_dot=-0.6)
    assert value == pytest.approx(function(1.3, 0.7))
    assert slope == pytest.approx((up - down) / (2 * step), rel=1e-7)


@pytest.mark.parametrize("function", [the_element_of_the_turn, array_that_is_scaled_meanwhile])
def test_stores_into_the_element_that_a_turn_has_taken_have_a_gradient(function: Callable[..., Any]) -> None:
    step = 1e-6
    by_x = (function(1.3 + step, 0.7) - function(1.3 - step, 0.7)) / (2 * step)
    by_y = (function(1.3, 0.7 + step) - function(1.3, 0.7 - step)) / (2 * step)
    assert grad(function)(1.3, 0.7) == pytest.approx((by_x, by_y), rel=1e-7)
