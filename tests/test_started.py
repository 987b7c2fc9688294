"""Iterations whose start is the solution already: their turns have not moved it, and its derivative would be that of the start.

Expected slopes are those of the equations, by the implicit function theorem.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import grad, jvp, value_and_grad
from gradgen.emit.load import load_standalone


def by_its_test(a: float) -> float:
    x = 2.0
    while abs(x * x - a) > 1e-12:
        x = x - (x * x - a) / (2 * x)
    return x


def by_a_break(a: float) -> float:
    x = math.sqrt(4.0)
    for _ in range(50):
        f = x * x - a
        if abs(f) < 1e-12:
            break
        x = x - f / (2 * x)
    return x


def by_a_return(a: float) -> float:
    x = 2.0
    while True:
        f = x * x - a
        if f * f < 1e-24:
            return x
        x = x - f / (2 * x)


def by_a_residual(a: float) -> float:
    x = 2.0
    r = x * x - a
    while abs(r) > 1e-12:
        x = x - r / (2 * x)
        r = x * x - a
    return x


def by_a_nested_function(a: float) -> float:
    def residual(x: float) -> float:
        return x * x - a

    x = 2.0
    while abs(residual(x)) > 1e-12:
        x = x - residual(x) / (2 * x)
    return x


def between_bounds(a: float) -> float:
    x = 2.0
    for _ in range(50):
        r = x * x - a
        if -1e-12 < r < 1e-12:
            break
        x = x - r / (2 * x)
    return x


def by_closeness(a: float) -> float:
    x = 2.0
    for _ in range(50):
        if math.isclose(x * x, a, rel_tol=1e-14):
            break
        x = x - (x * x - a) / (2 * x)
    return x


def by_steps(a: float) -> float:
    x = 2.0
    while True:
        step = (x * x - a) / (2 * x)
        x = x - step
        if abs(step) < 1e-14:
            return x


def by_a_flag(a: float) -> float:
    x = 2.0
    done = False
    while not done:
        f = x * x - a
        if abs(f) < 1e-12:
            done = True
        else:
            x = x - f / (2 * x)
    return x


def by_a_flag_and_a_count(a: float) -> float:
    x = 2.0
    converged = False
    turns = 0
    while not converged and turns < 50:
        f = x * x - a
        if abs(f) < 1e-12:
            converged = True
        else:
            x = x - f / (2 * x)
        turns += 1
    return x


def by_a_test_that_is_kept(a: float) -> float:
    x = 2.0
    goes_on = True
    while goes_on:
        f = x * x - a
        goes_on = abs(f) > 1e-12
        if goes_on:
            x = x - f / (2 * x)
    return x


STARTED: list[Callable[[float], float]] = [
    by_a_flag, by_a_flag_and_a_count, by_a_test_that_is_kept,
    by_its_test, by_a_break, by_a_return, by_a_residual, by_a_nested_function, between_bounds, by_closeness,
]


@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize("fn", STARTED)
def test_a_start_that_is_the_solution_raises(fn: Callable[[float], float], optimize: bool) -> None:
    made = value_and_grad(fn, optimize=optimize)
    for derivative in (
        grad(fn, optimize=optimize), lambda a: made(a)[1], lambda a: load_standalone(made.source, made.__name__)(a)[1],
        lambda a: jvp(fn, optimize=optimize)(a, a_dot=1.0)[1],
    ):
        assert derivative(3.0) == pytest.approx(0.5 / math.sqrt(3.0), rel=1e-12)
        with pytest.raises(ArithmeticError, match="GG501: x == .* at the end of the loop held"):
            derivative(4.0)


TOLERANCE = 1e-10


def by_a_part_of_it(a: float) -> float:
    x = a
    while abs(x * x - a) > 1e-12 * a:
        x = 0.5 * (x + a / x)
    return x


def by_a_default(a: float, tolerance: float = 1e-12) -> float:
    x = a
    while abs(x * x - a) > tolerance * max(1.0, abs(a)):
        x = 0.5 * (x + a / x)
    return x


def by_a_constant_of_the_module(a: float) -> float:
    x = a
    for _ in range(20):
        if abs(x * x - a) < TOLERANCE:
            break
        x = 0.5 * (x + a / x)
    return x


@pytest.mark.parametrize("fn", [by_a_part_of_it, by_a_default, by_a_constant_of_the_module])
def test_a_start_that_varies_and_is_the_solution_raises(fn: Callable[..., float]) -> None:
    assert grad(fn, "a")(3.0) == pytest.approx(0.5 / math.sqrt(3.0), rel=1e-9)
    with pytest.raises(ArithmeticError, match="GG501: x == a at the end of the loop held"):
        grad(fn, "a")(1.0)


def by_steps_and_a_flag(a: float) -> float:
    x = 2.0
    done = False
    while not done:
        step = (x * x - a) / (2 * x)
        x = x - step
        done = abs(step) < 1e-14
    return x


def test_a_turn_that_moves_before_it_asks_is_right_at_the_solution() -> None:
    assert grad(by_steps)(4.0) == 0.25
    assert grad(by_steps_and_a_flag)(4.0) == 0.25


def by_recursion(a: float, x: float = 2.0) -> float:
    f = x * x - a
    if abs(f) < 1e-12:
        return x
    return by_recursion(a, x - f / (2 * x))


def summed_by_recursion(a: float, n: int = 4) -> float:
    if n < 1:
        return a
    return a + summed_by_recursion(a * 0.5, n - 1)


@pytest.mark.parametrize("optimize", [True, False])
def test_a_recursion_that_starts_at_the_solution_raises(optimize: bool) -> None:
    made = value_and_grad(by_recursion, "a", optimize=optimize)
    for derivative in (
        grad(by_recursion, "a", optimize=optimize), lambda a: made(a)[1],
        lambda a: jvp(by_recursion, "a", optimize=optimize)(a, a_dot=1.0)[1],
    ):
        assert derivative(3.0) == pytest.approx(0.5 / math.sqrt(3.0), rel=1e-12)
        with pytest.raises(ArithmeticError, match="GG501: the test that ends with x as it was given held"):
            derivative(4.0)
    assert grad(summed_by_recursion, "a", optimize=optimize)(3.0) == 1 + 0.5 + 0.25 + 0.125 + 0.0625


def of_vectors(a: np.ndarray) -> Any:
    v = np.array([1.0, 2.0])
    for _ in range(50):
        r = v * v - a
        if np.linalg.norm(r) < 1e-12:
            break
        v = v - r / (2 * v)
    return np.sum(v)


def test_a_vector_that_is_the_solution_raises() -> None:
    np.testing.assert_allclose(grad(of_vectors)(np.array([1.0, 3.0])), [0.5, 0.5 / math.sqrt(3.0)], rtol=1e-12)
    with pytest.raises(ArithmeticError, match="GG501"):
        grad(of_vectors)(np.array([1.0, 4.0]))


def wrapped(x: float, centre: float) -> float:
    while abs(x - centre) > math.pi:
        x = x - math.copysign(2 * math.pi, x - centre)
    return x * centre


def halved(x: float) -> float:
    total = 0.0
    while abs(x) > 1:
        x = x / 2
        total = total + x
    return total + x


def test_loops_that_need_no_turn_have_the_slope_of_none() -> None:
    assert grad(wrapped)(0.5, 0.25) == (0.25, 0.5)
    assert grad(halved)(0.5) == 1.0
    assert grad(halved)(1.5) == 1.0
