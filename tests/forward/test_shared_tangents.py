"""Tangents of arrays kept in lists, dicts and names while others change in place; stacks of arrays in second derivatives.

Never takes an expected number from gradgen: differences, extrapolated.
"""
from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gradgen
from tests.forward.written import function

X = np.array([0.3, 0.8, -0.5])
ALONG = np.array([1.0, -2.0, 0.5])


def slope(fn: Callable[[float], Any]) -> Any:
    """The derivative of what fn gives at 0, from differences."""
    quotients = [(fn(step) - fn(-step)) / (2 * step) for step in (4e-3, 2e-3, 1e-3)]
    finer = [(4 * fine - coarse) / 3 for coarse, fine in zip(quotients, quotients[1:], strict=False)]
    return (16 * finer[1] - finer[0]) / 15


KEPT = """
L = []; L.append(y + 1.0); y[0] = 0.0; z = L[0]
L = []; L.append(y + 1.0); y[0] = 0.0; z = L.pop()
L = []; L.append((2, y + 1.0, y - 1.0)); y[0] = 0.0; k, z, w = L.pop(); z = z * w * k
L = []; L.append(y + 1.0); z = L.pop(); z[0] = 0.0
L = []; L.append(y + 1.0); L.append(y - 1.0); z = L.pop(); z[0] *= 2.0; w = L.pop(); w += y; z = z * w
L = [0, 0]; L[0] = y + 1.0; y[0] = 0.0; z = L[0]
d = {"a": y + 1.0}; d["b"] = y - 1.0; y[0] = 0.0; z = d["a"] * d["b"]
t = np.sum((z := y + 1.0) * 3); y[0] = t
w = x * x; z = (y + 1.0, w)[0]; y[0] = 0.0
w = x * x; a, b = y + 1.0, w; y[0] = 0.0; z = a * b
"""


@pytest.mark.parametrize("lines", KEPT.strip().splitlines())
def test_a_tangent_that_is_kept_does_not_change_with_another(lines: str) -> None:
    body = "\n    ".join(["y = x * 2.0", *lines.split("; "), "return np.sum(z**2) + np.sum(y**3)"])
    fn = function(f"def f(x):\n    {body}\n", {"np": np})
    found = gradgen.jvp(fn, like=(X,))(X.copy(), x_dot=ALONG)[1]
    assert found == pytest.approx(slope(lambda step: fn(X + step * ALONG)), rel=1e-8)


def in_place(x: Any, k: Any, n: int) -> Any:
    u = x.copy()
    for _ in range(n):
        u[1:-1] = u[1:-1] + k * (u[2:] - 2 * u[1:-1] + u[:-2]) * u[1:-1]
    return np.sum(u**2)


def stored(x: Any, k: Any, n: int) -> Any:
    u = np.zeros(x.shape[0] + n)
    u[: x.shape[0]] = x
    for i in range(x.shape[0], x.shape[0] + n):
        u[i] = np.sin(u[i - 1]) * u[i - 2] * k
    return np.sum(u**3)


def bound_anew(x: Any, k: Any, n: int) -> Any:
    for _ in range(n):
        x = x + k * np.array([x[1], -np.sin(x[0]), x[2] * x[1], x[3]])
    return x @ x


def until_small(x: Any, k: Any, n: int) -> Any:
    while np.sum(x**2) > 0.2:
        x = x * 0.7 + 0.02 * k * x**2
    return np.sum(x**3) * k


AT = np.array([0.3, 0.8, -0.5, 0.6]), 0.3, 4
MOVING = np.array([1.0, -2.0, 0.5, 0.3]), -0.7


@pytest.mark.parametrize("checkpoint", [None, 1, 2, 9])
@pytest.mark.parametrize("fn", [in_place, stored, bound_anew, until_small], ids=lambda fn: fn.__name__)
def test_gradients_that_keep_arrays_on_stacks_have_tangents(fn: Callable[..., Any], checkpoint: int | None) -> None:
    gradient = gradgen.grad(fn, wrt=("x", "k"), like=AT, checkpoint=checkpoint)

    def moved(step: float) -> Any:
        x, k, n = copy.deepcopy(AT)
        return np.append(*gradient(x + step * MOVING[0], k + step * MOVING[1], n))

    along = dict(zip(("x_dot", "k_dot"), MOVING, strict=True))
    found = gradgen.jvp(gradient, wrt=("x", "k"), like=AT)(*copy.deepcopy(AT), **along)[1]
    np.testing.assert_allclose(np.append(*found), slope(moved), rtol=1e-7, atol=1e-9)


def _doubled_in_place(a, k):
    a[k] = a[k] * 2.0
    return a


def _handed_on(a):
    return a


def beside_what_a_function_changes(v):
    kept = np.cumsum(v)
    changed = _doubled_in_place(kept * 1.0, 1)
    return np.sum(changed * kept)


def beside_what_is_changed_here(v):
    kept = np.cumsum(v)
    changed = _handed_on(kept - 3.0)
    changed[0] = v[1] * 2
    return np.sum(changed * kept)


@pytest.mark.parametrize("function", [beside_what_a_function_changes, beside_what_is_changed_here])
def test_a_tangent_that_a_function_is_given_is_its_own_where_the_value_is(function):
    v, moved, step = np.array([0.5, 0.7, 1.1]), np.array([1.0, -0.3, 0.4]), 1e-5
    expected = (function(v + step * moved) - function(v - step * moved)) / (2 * step)
    assert gradgen.jvp(function)(v, v_dot=moved)[1] == pytest.approx(expected, rel=1e-8)
