"""np.vectorize of the user's own functions: against central differences, and what is refused or noticed."""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.integrate import odeint, quad
from scipy.optimize import brentq

from gradgen import UnsupportedError, hessian, jvp, vjp

X, A, SEED = np.array([1.1, -0.2, 0.4]), 0.7, np.array([1.7, -0.6, 0.9])


def bent(v: float, a: float) -> float:
    return math.exp(-a * v) if v > 0 else a * v


bent_entries = np.vectorize(bent)


@np.vectorize
def squared(v: float, a: float = 2.0) -> float:
    if v > 0:
        return a * v**2
    return -v


def by_name(x: Any, a: float) -> Any:
    return bent_entries(x, a)


def by_keyword(x: Any, a: float) -> Any:
    y = bent_entries(v=x * a, a=a)
    return np.sum(y**2) * squared(x, 2.0)


def by_decorator(x: Any, a: float) -> Any:
    return squared(x, a) + a


def of_a_lambda(x: Any, a: float) -> Any:
    return np.vectorize(lambda v: math.sin(a * v), otypes=[float])(x)


def broadcast(x: Any, a: float) -> Any:
    return np.vectorize(bent)(x[:, None], a * x).sum(axis=0)


def in_a_loop(x: Any, a: float) -> Any:
    for _ in range(2):
        x = x + bent_entries(x, a)
    return x


@pytest.mark.parametrize("function", [by_name, by_keyword, by_decorator, of_a_lambda, broadcast, in_a_loop])
def test_entries_are_differentiated_one_by_one(function: Callable[..., Any]) -> None:
    made, forward, h = vjp(function, like=(X, A)), jvp(function, like=(X, A)), 1e-5
    moved = np.array([0.3, -0.8, 0.5]), 0.6
    along = (function(X + h * moved[0], A + h * moved[1]) - function(X - h * moved[0], A - h * moved[1])) / (2 * h)
    np.testing.assert_allclose(forward(X, A, x_dot=moved[0], a_dot=moved[1])[1], along, rtol=1e-7)
    dx, da = made(X, A, **{made.seeds[0]: SEED})
    assert (dx.shape, np.shape(da)) == (X.shape, ())
    np.testing.assert_allclose(np.sum(dx * moved[0]) + da * moved[1], np.sum(SEED * along), rtol=1e-7)
    names: dict[str, Any] = {}
    exec(made.source, names)
    np.testing.assert_array_equal(names[made.__name__](X, A, **{made.seeds[0]: SEED})[0], dx)


def test_second_derivatives_by_a_number() -> None:
    def total(a: float) -> Any:
        return np.sum(bent_entries(X, a))

    np.testing.assert_allclose(hessian(total)(A), sum(v**2 * math.exp(-A * v) for v in X if v > 0))


def test_results_that_numpy_cuts_off_raise() -> None:
    """The first entry's result is an int, so all are."""
    def cut(x: Any, a: float) -> Any:
        return np.vectorize(lambda v: 1 if v > 1 else v * a)(x)

    made = vjp(cut, like=(X, A))
    with pytest.raises(TypeError, match="otypes"):
        made(X, A, **{made.seeds[0]: SEED})


def excluded(x: Any, a: float) -> Any:
    return np.vectorize(bent, excluded=["a"])(x, a=a)


def whole_numbers(x: Any, a: float) -> Any:
    return np.vectorize(bent, otypes=[int])(x, a)


def of_arrays(x: Any, a: float) -> Any:
    weights = a * np.ones(2)
    return np.vectorize(lambda v: weights[0] * v)(x)


@pytest.mark.parametrize("function", [excluded, whole_numbers, of_arrays])
def test_what_is_not_understood_is_refused(function: Callable[..., Any]) -> None:
    for make in (vjp, jvp):
        with pytest.raises(UnsupportedError, match=r"test_vectorize.py:\d+:\d+: GG10[67]"):
            make(function, like=(X, A))


def residual(x: Any, t: float) -> Any:
    return 9 * t - x**2 + 0 * x


def rebound(x: Any, t: float) -> Any:
    return 9 * t - x


entry = np.vectorize(lambda v: v**2)


def by_brentq(a: float) -> Any:
    return brentq(residual, 0, 99, args=(a,))


def by_quad(a: float) -> Any:
    return quad(residual, 0, a, args=(2.0,))[0]


def by_odeint(a: float) -> Any:
    return odeint(residual, a, [0, 1], rtol=1e-10, atol=1e-10)[1, 0]


def by_entries(a: float) -> Any:
    return entry(np.array([a]))[0]


@pytest.mark.parametrize("function", [by_brentq, by_quad, by_odeint, by_entries])
def test_what_is_given_to_a_solver_may_be_rebound(function: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A live derivative notices, and does not take the old function's slopes for those of the new one."""
    made = vjp(function, like=(1.3,))
    made(1.3, **{made.seeds[0]: 1.7})
    monkeypatch.setitem(globals(), "residual", rebound)
    monkeypatch.setitem(globals(), "entry", np.vectorize(lambda v: 5 * v))
    slope = {by_brentq: 9.0, by_quad: 18 - 1.3, by_odeint: math.exp(-1), by_entries: 5.0}[function]
    np.testing.assert_allclose(np.ravel(made(1.3, **{made.seeds[0]: 1.7})), 1.7 * slope, rtol=1e-7)
