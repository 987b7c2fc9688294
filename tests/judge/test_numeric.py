"""The numerical judge: right at ordinary points, honest at kinks, jumps and where doubles say nothing.

Never asks gradgen for a derivative.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

from gradgen.errors import ArgumentError
from gradgen.judge.numeric import check, one_sided, ridders

SLOPES: list[tuple[Callable[[float], float], float, float]] = [
    (math.sin, 1.0, math.cos(1.0)),
    (math.log, 1e-3, 1e3),
    (lambda x: x**3, 1e5, 3e10),
    (lambda x: 1 / x, 1e-4, -1e8),
    (math.exp, -30.0, math.exp(-30.0)),
    (lambda x: abs(x - 1), 1.001, 1.0),
    (lambda x: math.sin(50 * x), 1.0, 50 * math.cos(50.0)),
    (lambda x: 3.0, 2.0, 0.0),
    (lambda x: x * x, 0.0, 0.0),
    (math.sqrt, 1e-8, 0.5e4),
    (lambda x: x if x < 1e-7 else 0.0, 1e-9, 1.0),
]


@pytest.mark.parametrize("number", range(len(SLOPES)))
def test_ridders_comes_within_its_error_of_the_slope(number: int) -> None:
    function, x, slope = SLOPES[number]
    found, error = ridders(function, x)
    assert found == pytest.approx(slope, rel=1e-8, abs=1e-12)
    assert abs(found - slope) <= 4 * error + 1e-300


def test_ridders_owns_up_where_there_is_no_slope() -> None:
    assert ridders(lambda x: math.log(-1.0), 1.0)[1] == math.inf
    assert ridders(math.floor, 1.0)[1] > 0.1


def test_one_sided_slopes_are_those_of_the_sides() -> None:
    assert one_sided(abs, 0.0, 1)[0] == pytest.approx(1.0)
    assert one_sided(abs, 0.0, -1)[0] == pytest.approx(-1.0)


def test_the_partial_that_is_off_is_named() -> None:
    def f(x, y, z):
        return x * y + math.sin(z)

    assert check(f, lambda x, y, z: (y, x, math.cos(z))).status == "agrees"
    verdict = check(f, lambda x, y, z: (y, 1.001 * x, math.cos(z)), point=(2.0, 3.0, 0.5))
    assert [partial.status for partial in verdict.partials] == ["agrees", "differs", "agrees"]
    assert verdict["y"].status == "differs"
    assert not verdict
    assert "expected 2, got 2.002; at x=2.0, y=3.0, z=0.5" in str(verdict)


def test_an_int_stands_for_the_real_number() -> None:
    assert check(lambda a, b: a * b, lambda a, b: (float(b), float(a)), point={"a": 5, "b": 3})


def test_at_a_kink_any_slope_between_its_sides_agrees() -> None:
    for slope in (-1.0, 0.0, 0.3, 1.0):
        verdict = check(abs_of, lambda x, slope=slope: slope, point=(0.0,))
        assert verdict and (verdict["x"].how == "at a kink" or slope == 0.0), str(verdict)
    assert check(abs_of, lambda x: 1.1, point=(0.0,)).status == "differs"


def abs_of(x: float) -> float:
    return abs(x)


def test_at_a_jump_and_in_noise_nothing_is_decided() -> None:
    def step(x):
        return math.floor(x) * 1.0

    assert check(step, lambda x: 0.0, point=(1.0,)).status == "undecided"
    assert check(step, lambda x: 0.0, point=(1.5,)).status == "agrees"

    def rough(x):
        return math.sin(1e9 * x)

    assert check(rough, lambda x: 0.5e9, point=(0.3,)).status != "agrees"


def test_values_that_vanish_in_doubles_decide_nothing() -> None:
    def tail(x):
        return 1 + math.erf(x)

    verdict = check(tail, lambda x: 2 / math.sqrt(math.pi) * math.exp(-x * x), point=(-20.0,))
    assert verdict.status == "undecided" and "0 in doubles" in verdict["x"].how


def test_a_slope_of_zero_agrees() -> None:
    assert check(lambda x, y: 3 * y, lambda x, y: (0.0, 3.0)).status == "agrees"
    assert check(lambda x, y: 3 * y, lambda x, y: (1e-3, 3.0)).status == "differs"


def test_gradients_that_are_no_numbers_differ() -> None:
    assert check(lambda x: x * x, lambda x: math.nan).status == "differs"
    assert check(lambda x: x * x, lambda x: [2 * x]).status == "differs"


def test_a_gradient_that_raises_differs_and_one_that_refuses_decides_nothing() -> None:
    class NonDifferentiableError(ArithmeticError):
        pass

    def refuses(x):
        raise NonDifferentiableError("no")

    assert "ZeroDivisionError" in str(check(lambda x: x * x, lambda x: 1 / 0))
    assert check(lambda x: x * x, lambda x: 1 / 0).status == "differs"
    assert check(lambda x: x * x, refuses).status == "undecided"


def test_what_the_primal_raises_at_a_given_point_comes_through() -> None:
    with pytest.raises(ValueError, match="math domain error"):
        check(math_log, lambda x: 1 / x, point=(-1.0,))
    assert check(math_log, lambda x: 1 / x)
    with pytest.raises(ArgumentError, match="'y'"):
        check(math_log, lambda x: 1 / x, "y")


def math_log(x: float) -> float:
    return math.log(x)


def test_the_value_beside_the_gradient_is_checked() -> None:
    assert check(math_log, lambda x: (math.log(x), 1 / x))
    assert check(math_log, lambda x: (math.log(x) + 1e-6, 1 / x)).status == "differs"


class Pair(NamedTuple):
    first: float
    second: float


@dataclass(frozen=True)
class Spring:
    stiffness: float
    rest: float
    name: str = "s"


def test_structures_have_a_verdict_for_each_number() -> None:
    def f(pair: Pair, spring: Spring, table, weights):
        return pair.first * pair.second + spring.stiffness * spring.rest + table["a"][1] * sum(weights)

    def gradient(pair, spring, table, weights):
        total = sum(weights)
        return Pair(pair.second, pair.first), Spring(spring.rest, spring.stiffness), {"a": [0.0, total]}, [table["a"][1]] * 2

    point = (Pair(2.0, 3.0), Spring(4.0, 5.0), {"a": [1.0, 2.0]}, [0.5, 0.25])
    verdict = check(f, gradient, point=point)
    assert verdict.status == "agrees", str(verdict)
    springs = ["pair.first", "pair.second", "spring.stiffness", "spring.rest"]
    tables = ["table['a'][0]", "table['a'][1]", "weights[0]", "weights[1]"]
    assert [partial.name for partial in verdict.partials] == [*springs, *tables]
    wrong = check(f, lambda *p: (Pair(p[0].second, 0.0), *gradient(*p)[1:]), point=point)
    assert [partial.name for partial in wrong.partials if partial.status == "differs"] == ["pair.second"]


def test_arrays_have_a_verdict_for_each_element_or_the_worst_of_many() -> None:
    def f(X, w):
        return float(np.sum((X @ w) ** 2))

    def gradient(X, w):
        return 2 * np.outer(X @ w, w), 2 * X.T @ (X @ w)

    chance = np.random.default_rng(1)
    small = (chance.normal(size=(3, 2)), chance.normal(size=2))
    verdict = check(f, gradient, point=small)
    assert verdict.status == "agrees" and [partial.name for partial in verdict.partials][:2] == ["X[0, 0]", "X[0, 1]"]
    large = (chance.normal(size=(40, 3)), chance.normal(size=3))
    rows = check(f, gradient, point=large).partials
    assert len(rows) == 2 and "worst of 120 elements" in rows[0].how and "worst of 3 elements" in rows[1].how

    def off_at_one(X, w):
        dX, dw = gradient(X, w)
        dX[7, 1] += 0.1
        return dX, dw

    wrong = check(f, off_at_one, point=large)
    assert [partial.name for partial in wrong.partials if partial.status == "differs"] == ["X[7, 1]"]
    larger = (chance.normal(size=(400, 3)), chance.normal(size=3))
    rows = check(f, gradient, point=larger).partials
    assert [(row.name, row.status) for row in rows][:2] == [("X", "agrees"), ("w[0]", "agrees")] and "directions" in rows[0].how
    assert [(row.name, row.status) for row in check(f, off_at_one, point=larger).partials][:1] == [("X", "differs")]


def test_an_array_of_whole_numbers_stays_one() -> None:
    def picked(x, index):
        return float(np.sum(x[index] ** 2))

    def gradient(x, index):
        dx = np.zeros_like(x)
        np.add.at(dx, index, 2 * x[index])
        return dx

    assert check(picked, gradient, "x", point=(np.array([1.0, 2.0, 3.0]), np.array([0, 2, 2]))).status == "agrees"


def test_arguments_stay_as_they_are() -> None:
    def f(xs):
        xs.append(xs[0] * 2)
        return sum(xs)

    point = ([1.0, 2.0],)
    assert check(f, lambda xs: [3.0, 1.0], point=point)
    assert point == ([1.0, 2.0],)
