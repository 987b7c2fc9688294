"""The judge by differences is judged itself: closed forms, kinks, steps, noise.

Never touches gradgen.
"""
from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from tests.oracle.differences import derivative


@pytest.mark.parametrize(
    ("fn", "x", "expected"),
    [
        (math.exp, 1.3, math.exp(1.3)),
        (math.sin, 1e3, math.cos(1e3)),
        (math.log, 1e-6, 1e6),
        (math.sqrt, 1e-9, 0.5 / math.sqrt(1e-9)),
        (lambda x: math.exp(-x * x * 1e4), 0.013, -2e4 * 0.013 * math.exp(-(0.013**2) * 1e4)),
        (lambda x: math.sin(36000.77 * x), 0.2, 36000.77 * math.cos(36000.77 * 0.2)),
        (lambda x: max(x, 2.0), 2.001, 1.0),
        (lambda x: math.floor(x) + x, 2.3, 1.0),
        (lambda x: 1 / x**12, 1e-4, -12e52),
        (lambda x: (1e6 + math.exp(x)) - 1e6, 1.0, math.e),
    ],
)
def test_smooth_functions_are_found_to_1e_6_with_an_honest_error(fn: Callable[[float], float], x: float, expected: float) -> None:
    found = derivative(fn, x)
    assert found.verdict == "smooth"
    assert found.value == pytest.approx(expected, rel=1e-6)
    assert abs(found.value - expected) <= 20 * found.error + 1e-12 * abs(expected)
    assert found.agrees_with(expected)
    assert not found.agrees_with(expected * 1.00001)
    assert not found.agrees_with(-expected)


@pytest.mark.parametrize("fn", [lambda x: 5.0, lambda x: math.floor(x), lambda x: 1e9 if x > 1 else 0.0])
def test_no_slope_is_no_slope(fn: Callable[[float], float]) -> None:
    found = derivative(fn, 2.5)
    assert found.verdict == "smooth"
    assert found.agrees_with(0.0)


def test_an_odd_power_at_zero_has_slope_zero() -> None:
    assert derivative(lambda x: x**3, 0.0).agrees_with(0.0)


@pytest.mark.parametrize(
    ("fn", "x"),
    [(lambda x: abs(x - 1), 1.0), (lambda x: max(x, 2.0), 2.0), (lambda x: x if x < 3 else 2 * x - 3, 3.0), (abs, 0.0)]
    + [(lambda x: 2.0 if x == 0 else 3 * x, 0.0), (lambda x: 2.0 if x < 0 else 3.0, 0.0)],
)
def test_a_kink_is_seen(fn: Callable[[float], float], x: float) -> None:
    assert derivative(fn, x).verdict == "kink"


def test_outside_the_domain_nothing_is_found() -> None:
    assert derivative(math.sqrt, -1.0).verdict == "undefined"
    assert derivative(math.log, 0.0).verdict == "undefined"


@pytest.mark.parametrize("tolerance", [1e-2, 1e-3, 1e-4, 1e-5, 1e-6])
def test_a_bisection_is_known_by_its_steps_and_the_slope_over_them_is_found(tolerance: float) -> None:
    def root_of_cube(c: float) -> float:
        low, high = 0.0, c
        while high - low > tolerance:
            middle = (low + high) / 2
            if middle**3 > c:
                high = middle
            else:
                low = middle
        return (low + high) / 2

    found = derivative(root_of_cube, 50.0)
    assert found.verdict == "stepped"
    expected = 50.0 ** (-2 / 3) / 3
    assert found.value == pytest.approx(expected, rel=0.05)
    assert found.agrees_with(expected)
    assert not found.agrees_with(root_of_cube(50.0) / 50.0), "the slope within a step: the end points' share"


def test_a_function_that_turns_many_times_is_found_on_one_turn() -> None:
    found = derivative(lambda x: math.sin(6.3 * (x - 2451545.0)), 2456307.5)
    expected = 6.3 * math.cos(6.3 * (2456307.5 - 2451545.0))
    assert found.agrees_with(expected)
    assert not found.agrees_with(expected * 1.01)


def test_noise_is_not_taken_for_a_slope() -> None:
    def noisy(x: float) -> float:
        return x + 1e-4 * math.sin(1e9 * x)

    assert derivative(noisy, 1.0).verdict in ("unsettled", "stepped")
