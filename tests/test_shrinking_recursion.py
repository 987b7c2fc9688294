"""Functions that call themselves with shorter arrays are read for arrays of any length.

Never takes an expected number from gradgen: each is a polynomial whose slopes differences give.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gradgen

C = np.array([2.0, 3.0, 5.0, 7.0])


def horner(c: Any, x: Any) -> Any:
    if len(c) == 0:
        return 0.0
    return c[0] + x * horner(c[1:], x)


def multiplied(c: Any, x: Any) -> Any:
    if len(c) == 0:
        return 1.0
    return c[0] * added(c[1:], x)


def added(c: Any, x: Any) -> Any:
    if len(c) == 0:
        return x
    return c[0] + x * multiplied(c[1:], x)


def in_halves(c: Any, x: Any) -> Any:
    if len(c) < 2:
        return c[0] + x
    m = len(c) // 2
    return in_halves(c[:m], x) * in_halves(c[m:], x)


@pytest.mark.parametrize("fn", [horner, multiplied, in_halves])
def test_a_function_that_calls_itself_with_less_is_differentiated(fn: Callable[..., Any]) -> None:
    h = 1e-5
    dc = [(fn(C + h * unit, 3.0) - fn(C - h * unit, 3.0)) / (2 * h) for unit in np.eye(len(C))]
    dx = (fn(C, 3.0 + h) - fn(C, 3.0 - h)) / (2 * h)
    found = gradgen.grad(fn)(C, 3.0)
    np.testing.assert_allclose(found[0], dc, rtol=1e-7)
    np.testing.assert_allclose(found[1], dx, rtol=1e-7)
    _, moved = gradgen.jvp(fn)(C, 3.0, c_dot=C, x_dot=0.5)
    np.testing.assert_allclose(moved, np.dot(dc, C) + 0.5 * dx, rtol=1e-7)
