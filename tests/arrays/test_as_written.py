"""Sums, loops and schemes as people write them in collections of test functions: right by differences, in all modes."""

from __future__ import annotations

import copy
import functools
import math
import operator
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
import pytest

from gradgen import grad, hvp, jvp

X = np.array([0.4, 1.3, 0.7, -0.8, 1.1])
B = [8.0, 18.0, 44.0, 114.0]
A = [[4.0, 1.0, 8.0, 6.0], [4.2, 1.5, 7.0, 3.0], [2.0, 1.0, 8.0, 7.0]]
C = [0.1, 0.2, 0.4]


def power_sum(x: Any) -> Any:
    return sum([(sum(x ** (i + 1)) - B[i]) ** 2 for i in range(4)])


def power_sum_of_numpy(x: Any) -> Any:
    return np.sum([(np.sum(x ** (i + 1)) - B[i]) ** 2 for i in range(4)])


def shekel(x: Any) -> Any:
    return sum((1.0 / (C[i] + sum((x[j] - aij) ** 2 for j, aij in enumerate(A[i])))) for i in range(len(C)))


def shekel_of_pairs(x: Any) -> Any:
    return -sum(1.0 / (c + sum((xj - aj) ** 2 for xj, aj in zip(x, a, strict=False))) for a, c in zip(A, C, strict=True))


def sums_so_far(x: Any) -> Any:
    return sum(sum(x[: i + 1]) ** 2 for i in range(len(x)))


def upwind(q: Any) -> Any:
    for _ in range(3):
        f = np.where(q > 0, q, 0) ** 2
        q = q - 0.1 * (f - np.roll(f, 1))
    return np.sum(q**2)


def burgers(u: Any) -> Any:
    for _ in range(3):
        un = u.copy()
        u = un - 0.1 * np.where(un > 0, un * (un - np.roll(un, 1)), un * (np.roll(un, -1) - un))
    return np.sum(u**2)


def limited(u: Any) -> Any:
    for _ in range(2):
        d = u[1:] - u[:-1]
        slope = np.where(d[1:] * d[:-1] > 0, np.minimum(np.abs(d[1:]), np.abs(d[:-1])), 0.0)
        u = u.copy()
        u[1:-1] = u[1:-1] - 0.2 * slope * u[1:-1]
    return np.sum(u**3)


FUNCTIONS: list[Callable[..., Any]] = [
    power_sum, power_sum_of_numpy, shekel, shekel_of_pairs, sums_so_far, upwind, burgers, limited,
]


def slope(function: Callable[..., Any], x: Any, along: Any) -> Any:
    """Central differences along a line, extrapolated."""
    coarse, fine = ((function(x + h * along) - function(x - h * along)) / (2 * h) for h in (2e-4, 1e-4))
    return (4 * fine - coarse) / 3


@pytest.mark.parametrize("function", FUNCTIONS)
def test_it_is_differentiated_as_written(function: Callable[..., Any]) -> None:
    gradient, along = grad(function), np.array([0.3, -0.7, 1.1, 0.4, -0.9])
    expected = slope(lambda x: function(x.copy()), X, along)
    assert gradient(copy.copy(X)) @ along == pytest.approx(expected, rel=1e-6)
    name = function.__code__.co_varnames[0]
    value, moved = jvp(function, like=(X,))(copy.copy(X), **{f"{name}_dot": along})
    assert value == pytest.approx(function(copy.copy(X)))
    assert moved == pytest.approx(expected, rel=1e-6)
    product = hvp(function, like=(X,))(copy.copy(X), **{f"{name}_dot": along})
    np.testing.assert_allclose(product, slope(gradient, X, along), rtol=1e-5, atol=1e-6)


def parts_of_a_list(x: Any) -> Any:
    n = 2
    s = sum(x[:n]) ** 2 * x[3]
    n = 3
    t = sum(x[n - 2 : n])
    n = 0
    return s * t


def sums_so_far_in_a_loop(x: Any) -> Any:
    f = 0.0
    k = 0
    while k < 3:
        f = f + sum(x[k:]) ** 3
        k += 1
    return f * k


def product_beside_a_sum(x: Any) -> Any:
    return 1 + sum(xi**2 / 4000 for xi in x) - math.prod(math.cos(xi / math.sqrt(i)) for i, xi in enumerate(x, start=1))


def product_of_sizes(x: Any) -> Any:
    return sum(map(abs, x)) + math.prod(map(abs, x))


def largest_of_sizes(x: Any) -> Any:
    return max(map(abs, x)) * x[0]


def reduced_generator(x: Any) -> Any:
    return reduce(lambda a, b: a * b, (math.cos(v / math.sqrt(i + 1)) for i, v in enumerate(x)), 1)


def reduced_map(x: Any) -> Any:
    return functools.reduce(operator.mul, map(math.cos, x), 1.0)


def counted_from_one(x: Any) -> Any:
    s = 0.0
    for i, xi in enumerate(x, start=1):
        s += math.sin(xi) * math.sin(i * xi**2 / math.pi) ** 4
    return s


OF_LISTS: list[Callable[..., Any]] = [
    sums_so_far, parts_of_a_list, sums_so_far_in_a_loop, product_beside_a_sum, product_of_sizes, largest_of_sizes,
    reduced_generator, reduced_map, counted_from_one,
]


@pytest.mark.parametrize("function", OF_LISTS)
def test_functions_of_lists_are_differentiated_as_written(function: Callable[..., Any]) -> None:
    x, along = X.tolist(), np.array([0.3, -0.7, 1.1, 0.4, -0.9])
    expected = slope(lambda x: function(x.tolist()), X, along)
    assert np.array(grad(function)(list(x))) @ along == pytest.approx(expected, rel=1e-6)
    _, moved = jvp(function)(list(x), x_dot=along.tolist())
    assert moved == pytest.approx(expected, rel=1e-6)
