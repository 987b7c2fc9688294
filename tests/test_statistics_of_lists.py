"""Functions of Python's `statistics` of lists that vary, and sorted lists that are looked into: judged by differences.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from statistics import stdev
from typing import Any

import pytest

from gradgen import UnsupportedError, grad, hvp, jvp, vjp
from gradgen.rules.statistics_of_lists import FORMULAS
from tests.oracle.differences import derivative

XS = [0.5, 0.7, 1.2, 0.9]
WEIGHTS = [1.0, 2.0, 4.0, 0.5]
OF_TWO = {"covariance", "correlation"}


@pytest.mark.parametrize("name", sorted(FORMULAS))
def test_formulas_give_what_the_functions_give(name: str) -> None:
    args = (XS, WEIGHTS) if name in OF_TWO else (XS,)
    assert FORMULAS[name](*args) == pytest.approx(getattr(statistics, name)(*args), rel=1e-14)
    if name not in OF_TWO:
        assert FORMULAS[name](XS[1:]) == pytest.approx(getattr(statistics, name)(XS[1:]), rel=1e-14)


def means(xs):
    return statistics.mean(xs) * statistics.fmean(xs, WEIGHTS) + statistics.harmonic_mean(xs) * statistics.geometric_mean(xs)


def spreads(xs):
    return statistics.variance(xs) * statistics.pstdev(xs) + statistics.pvariance(xs, mu=xs[0]) / stdev(xs)


def middles(xs):
    low, high = statistics.median_low(xs), statistics.median_high([x * x for x in xs])
    return statistics.median(xs) * statistics.median(xs[1:]) + low * high


def together(xs):
    return statistics.covariance(xs, WEIGHTS) * statistics.correlation(WEIGHTS, xs)


def skewness(xs):
    m, s = statistics.mean(xs), statistics.stdev(xs)
    return sum(((x - m) / s) ** 3 for x in xs)


def of_what_is_made(xs):
    made = []
    for i, x in enumerate(xs):
        made.append(x**i)
    return statistics.stdev(made) * statistics.mean(x * x for x in xs) + statistics.mean([xs[0], xs[1] * xs[2]])


def sorted_and_looked_into(xs):
    ys = sorted(xs)
    ys[0] = ys[1] * ys[-1]
    n = len(ys)
    return (ys[n // 2 - 1] + ys[n // 2]) * ys[0] * xs[0]


@pytest.mark.parametrize("fn", [means, spreads, middles, together, skewness, of_what_is_made, sorted_and_looked_into])
def test_statistics_of_lists_have_derivatives(fn: Callable[..., Any]) -> None:
    direction = [math.cos(3 * k + 1) for k in range(len(XS))]

    def along(t: float) -> float:
        return fn([x + t * d for x, d in zip(XS, direction, strict=True)])

    expected = derivative(along, 0.0).value
    backward = vjp(fn)
    found = backward(XS, **{backward.seeds[0]: 1.7})
    assert sum(g * d for g, d in zip(found, direction, strict=True)) == pytest.approx(1.7 * expected, rel=1e-7)
    value, tangent = jvp(fn)(XS, xs_dot=direction)
    assert (value, tangent) == (pytest.approx(fn(XS), rel=1e-14), pytest.approx(expected, rel=1e-7))


def test_hessian_products_of_statistics() -> None:
    direction = [0.3, -0.2, 0.5, 0.1]

    def slope(t: float) -> float:
        return sum(k * g for k, g in enumerate(grad(skewness)([x + t * d for x, d in zip(XS, direction, strict=True)]), 1))

    found = hvp(skewness)(XS, xs_dot=direction)
    assert sum(k * g for k, g in enumerate(found, 1)) == pytest.approx(derivative(slope, 0.0).value, rel=1e-6)


def of_a_line(xs):
    return statistics.linear_regression(WEIGHTS, xs).slope


def one_shot(xs):
    return stdev(x * x for x in xs)


@pytest.mark.parametrize("fn", [of_a_line, one_shot])
def test_other_statistics_are_refused_with_a_place(fn: Callable[..., Any]) -> None:
    for mode in (grad, jvp):
        with pytest.raises(UnsupportedError, match=r"test_statistics_of_lists.py:\d+:\d+: GG10[67]"):
            mode(fn)(XS, **({} if mode is grad else {"xs_dot": XS}))
