"""dblquad and tplquad: against closed forms, and what is refused."""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import integrate
from scipy.integrate import dblquad, quad, tplquad

from gradgen import UnsupportedError, jvp, value_and_grad

A, B, SEED = 0.7, 1.3, 1.7


def surface(y: float, x: float, a: float, b: float) -> float:
    return a * x * y**2 + math.sin(b * x)


def by_a_lambda(a: float, b: float) -> Any:
    return integrate.dblquad(lambda y, x: a * x * y**2 + math.sin(b * x), 0, 2, 0, 1)[0]


def by_args(a: float, b: float) -> Any:
    value, error = dblquad(surface, b=2, a=0, gfun=lambda x: 0.0, hfun=1, args=(a, b), epsabs=1e-11)
    if error > 1e-6:
        raise ValueError("not integrated")
    return value


def by_three(a: float, b: float) -> Any:
    found = tplquad(lambda z, y, x: surface(y, x, a, b) * (2 * z / x**2), 0, 2, 0, 1, 0, lambda x, y: x)
    return found[0]


@pytest.mark.parametrize("function", [by_a_lambda, by_args, by_three])
def test_an_integral_over_a_region_that_stays_moves_by_that_of_the_slope(function: Callable[..., float]) -> None:
    """2 a / 3 + (1 - cos(2 b)) / b."""
    slopes = 2 / 3, 2 * math.sin(2 * B) / B - (1 - math.cos(2 * B)) / B**2
    made = value_and_grad(function, ("a", "b"))
    seed = next(name for name in made.seeds)
    value, gradient = made(A, B, **{seed: SEED})
    np.testing.assert_allclose(value, 2 * A / 3 + (1 - math.cos(2 * B)) / B)
    np.testing.assert_allclose(gradient, (SEED * slopes[0], SEED * slopes[1]), rtol=1e-8)
    moved = jvp(function, ("a", "b"))(A, B, a_dot=0.3, b_dot=SEED)[1]
    np.testing.assert_allclose(moved, 0.3 * slopes[0] + SEED * slopes[1], rtol=1e-8)


def nested(a: float, b: float) -> Any:
    def inner(x: float) -> Any:
        return quad(lambda y: a * x * y, 0, b * x)[0]

    return quad(inner, 0, b)[0]


def test_moving_limits_by_nested_integrals() -> None:
    """a b^6 / 8: the way out that the refusal names."""
    np.testing.assert_allclose(value_and_grad(nested)(A, B)[1], (B**6 / 8, 6 * A * B**5 / 8), rtol=1e-8)


def moving_outside(a: float, b: float) -> Any:
    return dblquad(lambda y, x: a * x * y, 0, b, 0, 1)[0]


def moving_inside(a: float, b: float) -> Any:
    return dblquad(lambda y, x: a * x * y, 0, 1, 0, lambda x: b * x)[0]


def moving_by_name(a: float, b: float) -> Any:
    def top(x: float) -> float:
        return b * x

    return a * dblquad(lambda y, x: x * y, 0, 1, 0, top)[0]


def jumping(a: float, b: float) -> Any:
    return dblquad(lambda y, x: a if x * y < b else 0.0, 0, 1, 0, 1)[0]


@pytest.mark.parametrize(("function", "words"), [
    (moving_outside, "nest quad instead"), (moving_inside, "nest quad instead"), (moving_by_name, "nest quad instead"),
    (jumping, "may jump at a place which moves"),
])
def test_what_moves_a_region_is_refused(function: Callable[..., Any], words: str) -> None:
    for make in (value_and_grad, jvp):
        with pytest.raises(UnsupportedError, match=rf"test_several_integrals.py:\d+:\d+: GG106.*{words}"):
            make(function, ("a", "b"))
