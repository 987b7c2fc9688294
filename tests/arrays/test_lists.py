"""Lists and tuples of what varies, given to functions of arrays: right by differences along a direction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import grad, jvp, vjp
from gradgen.errors import UnsupportedError

PAIRS = [(0.5, 1.0), (1.5, -2.0)]


def sum_of_a_comprehension(x: Any) -> Any:
    return np.sum([a * x[0] + b * x[1] for a, b in PAIRS])


def mean_of_a_comprehension(x: Any) -> Any:
    return np.mean([a * x[0] + b * x[1] for a, b in PAIRS])


def reductions_of_displays(x: Any) -> Any:
    return np.mean([x[0] * x[1], x[2] ** 2, 3.0]) * np.prod([x[0], x[1]]) + np.max([x[0] * x[1], x[2] ** 2])


def sum_of_nested_displays(x: Any) -> Any:
    return np.sum([[x[0], x[1]], [x[1] ** 2, x[2]]])


def sum_of_arrays_along_the_list(x: Any) -> Any:
    return np.sum([x * 2, x**2], axis=0)


def sum_of_arrays_that_keeps_the_axis(x: Any) -> Any:
    return np.sum([x * 2, x**2], axis=0, keepdims=True)


def sum_of_a_comprehension_along_the_list(x: Any) -> Any:
    return np.sum([x * k for k in range(3)], axis=0)


def sum_of_each_array_of_a_comprehension(x: Any) -> Any:
    return np.sum([x**k for k in range(3)], axis=1)


def products_of_displays(x: Any) -> Any:
    return np.linalg.norm([x[0], x[1] * x[2]]) + np.dot([x[0], x[1]], [x[2], 1.0])


def a_list_that_is_filled_and_summed(x: Any) -> Any:
    ys = []
    for v in x:
        ys.append(v * x[0])
    return np.sum(ys) + sum(ys) * np.mean(ys)


def a_list_of_arrays_summed_along_it(x: Any) -> Any:
    ys = [x * k for k in (1.0, -0.5)]
    return np.sum(ys, axis=0) * np.mean(ys, axis=0)


@pytest.mark.parametrize("function", [
    sum_of_a_comprehension, mean_of_a_comprehension, reductions_of_displays, sum_of_nested_displays, sum_of_arrays_along_the_list,
    sum_of_arrays_that_keeps_the_axis, sum_of_a_comprehension_along_the_list, sum_of_each_array_of_a_comprehension,
    products_of_displays, a_list_that_is_filled_and_summed, a_list_of_arrays_summed_along_it,
])
@pytest.mark.parametrize("optimize", [True, False])
def test_gradients_of_functions_of_lists_agree_with_differences(function: Callable[..., Any], optimize: bool) -> None:
    x, direction = np.array([0.3, 0.5, 0.8, 0.2]), np.array([0.7, -1.1, 0.4, 1.3])
    seed = np.random.default_rng(5).normal(size=np.shape(function(x)))
    derivative = vjp(function, like=(x,), optimize=optimize)
    gradient = derivative(x, **{derivative.seeds[0]: seed})
    ends = [np.sum(seed * function(x + size * direction)) for size in (1e-5, -1e-5)]
    assert np.sum(gradient * direction) == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-6)


def joined_parts(x: Any, y: Any) -> Any:
    return np.sum(np.concatenate([row[:2] * t for row, t in zip(x, y, strict=False)]) ** 2)


def joined_side_by_side(x: Any, y: Any) -> Any:
    return -3.0 * np.sum(np.sin(np.hstack([row * y[0] for row in x])) * 2)


def joined_from_a_variable(x: Any, y: Any) -> Any:
    parts = [row * y[1] for row in x]
    return np.mean((np.concatenate(parts) - 1.0) ** 2) / y[2]


def median_of_rows(x: Any, y: Any) -> Any:
    return np.mean(np.median([row * y[0] for row in x], axis=0) ** 2)


@pytest.mark.parametrize("function", [joined_parts, joined_side_by_side, joined_from_a_variable, median_of_rows])
def test_the_factor_before_joined_parts_is_part_of_each_slope(function: Any) -> None:
    x = np.array([[0.3, -0.7, 1.1], [0.9, 0.4, -0.2], [-1.2, 0.8, 0.5]])
    y = np.array([0.6, -1.4, 0.9])
    dx, dy = np.array([[0.4, 1.3, -0.8], [-0.5, 0.7, 0.2], [1.1, -0.3, 0.6]]), np.array([0.9, -0.4, 1.2])
    ends = [function(x + size * dx, y + size * dy) for size in (1e-6, -1e-6)]
    found = grad(function, like=(x, y))(x, y)
    assert np.sum(found[0] * dx) + np.sum(found[1] * dy) == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-7)


def twice(parts: Any) -> Any:
    return parts + parts


def with_another(parts: Any) -> Any:
    return (parts[0] * parts[1], [parts[0]] + parts[1:])


def repeated(parts: Any) -> Any:
    longer = parts * 2
    return longer


@pytest.mark.parametrize("function", [twice, with_another, repeated])
def test_lists_that_a_function_joins_are_refused_in_forward_mode(function: Callable[..., Any]) -> None:
    parts = [np.array([1.0, 2.0]), np.array([3.0, 4.0])]
    with pytest.raises(UnsupportedError, match="GG115"):
        jvp(function)(parts, parts_dot=[parts[0] / 7, parts[1] / 3])
