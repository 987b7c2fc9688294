"""Arguments that are lists of numbers, given to functions of arrays: gradients and directions right by differences."""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import special

from gradgen import grad, jvp, vjp

TABLE = np.arange(6.0).reshape(3, 2) + 0.5
X, DIRECTION = [1.2, 0.7], [0.3, -1.1]


def read_twice(x: Any) -> Any:
    return np.sum(np.abs(x)) + np.prod(np.abs(x)) + np.sum(np.sin(x)) * np.sum(np.square(x))


def read_in_turns(x: Any) -> Any:
    total = 0.0
    for i in range(3):
        total += np.sum(np.cos(x)) * i
    return total


def read_whole_and_by_elements(x: Any) -> Any:
    first = np.cos(x[0])
    return first * np.sum(np.sin(x)) + x[1] ** 2


def beside_a_longer_array(x: Any) -> Any:
    return np.sum((x - TABLE) ** 2) + np.sum(np.cos(x) * TABLE)


def below_a_longer_array(x: Any) -> Any:
    i = np.atleast_2d(np.arange(1.0, 4.0)).T
    inner = np.cos(x) + i * (1 - np.cos(x) - np.sin(x))
    return np.sum((2.0 - np.sum(inner, axis=1)) ** 2)


def made_inside(x: Any) -> Any:
    y = [x[0] * 2, x[1] * x[0]]
    return np.sum(np.sin(y) * TABLE) + y[0] * np.sum(np.cos(y))


def lists_in_a_list(x: Any) -> Any:
    y = [x, x]
    return np.sum(np.sin(y)) * x[1] + np.mean(y) + np.sum([[x[0], 2.0], [x[1], x[0] * x[1]]])


def largest_by_python(x: Any) -> Any:
    return max(np.abs(x)) * sum(np.abs(x))


def gone_through_by_a_loop(x: Any) -> Any:
    total = 0.0
    for v in np.sin(x):
        total += v * v * v
    return total


def added_and_multiplied(x: Any) -> Any:
    return np.sum(np.add(x, x) ** 2) * np.sum(TABLE / np.multiply(x, 3)) - np.sum(np.negative(x) * 2)


def summed_once(x: Any) -> Any:
    return np.sum(x) ** 2


def averaged_once(x: Any) -> Any:
    return np.exp(np.mean(x))


FUNCTIONS = [
    summed_once, averaged_once, read_twice, read_in_turns, read_whole_and_by_elements, beside_a_longer_array,
    below_a_longer_array, made_inside, lists_in_a_list, largest_by_python, gone_through_by_a_loop, added_and_multiplied,
]


def _slope(function: Callable[..., Any], direction: list[float]) -> float:
    size = 1e-5
    ends = [function([v + sign * size * d for v, d in zip(X, direction, strict=True)]) for sign in (1, -1)]
    return float(ends[0] - ends[1]) / (2 * size)


@functools.cache
def _gradient(function: Callable[..., Any]) -> list[float]:
    found = grad(function)(X)
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_gradient_by_a_list_is_a_list_as_long(function: Callable[..., Any]) -> None:
    assert _gradient(function) == pytest.approx([_slope(function, [1.0, 0.0]), _slope(function, [0.0, 1.0])], rel=1e-6)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_list_moves_along_a_list(function: Callable[..., Any]) -> None:
    assert jvp(function)(X, x_dot=DIRECTION)[1] == pytest.approx(_slope(function, DIRECTION), rel=1e-6)


def test_a_list_of_one_that_meets_a_longer_array_collects_from_all_of_it() -> None:
    def weighted(x: Any, y: Any) -> Any:
        return np.sum(x * y)

    dx, dy = grad(weighted)([2.0], np.array([1.0, 2.0, 4.0]))
    assert dx == [7.0] and dy == pytest.approx([2.0, 2.0, 2.0])


def sines(x: Any) -> Any:
    return np.sin(x)


def shares(x: Any) -> Any:
    return special.expit(np.square(x)) * 2 - np.abs(x)


def tails(x: Any) -> Any:
    return special.erfc(x)


SEED = np.array([0.7, -1.3])


@pytest.mark.parametrize("function", [sines, shares, tails])
def test_functions_of_numbers_make_an_array_of_the_only_argument(function: Callable[..., Any]) -> None:
    slopes = [_slope(lambda x: SEED @ function(x), [float(i == k) for i in range(2)]) for k in range(2)]
    seed = {f"d{function.__name__}": SEED}
    for made in (vjp(function), vjp(function, like=(X,))):
        assert made(X, **seed) == pytest.approx(slopes, rel=1e-6)
        assert made(tuple(X), **seed) == tuple(made(X, **seed))
    moved = jvp(function)(X, x_dot=DIRECTION)[1]
    assert SEED @ moved == pytest.approx(_slope(lambda x: SEED @ function(x), DIRECTION), rel=1e-6)


def test_the_text_for_numbers_stays_the_one_for_numbers() -> None:
    made = vjp(sines)
    assert made(0.3, dsines=2.0) == pytest.approx(2 * np.cos(0.3))
    assert made(X, dsines=SEED) == pytest.approx(list(SEED * np.cos(X)))
    assert made(0.3, dsines=2.0) == pytest.approx(2 * np.cos(0.3))


def test_a_list_that_moves_nothing_has_a_list_of_zeros() -> None:
    def weighed(x: Any, y: Any) -> Any:
        return np.sum(np.sign(x) * y)

    dx, dy = grad(weighed, wrt=("x", "y"))([2.0, -3.0], np.array([0.3, 0.4]))
    assert dx == [0.0, 0.0] and dy.tolist() == [1.0, -1.0]


def test_displays_of_numbers_beside_an_array() -> None:
    """By hand: the slope of sum((x + c) * d * x / e) is d (2 x + c) / e."""
    def weighed(x: Any, a: Any) -> Any:
        return np.sum((x + [1.0, a]) * (2, 3) * x / [4.0, 5.0])

    x = np.array([0.3, -0.7])
    dx, da = grad(weighed)(x, 2.0)
    assert dx == pytest.approx([(2 * 0.3 + 1) / 2, 3 * (2 * -0.7 + 2) / 5]) and da == pytest.approx(3 * -0.7 / 5)
    assert jvp(weighed)(x, 2.0, x_dot=SEED, a_dot=0.9)[1] == pytest.approx(SEED @ dx + 0.9 * da)
