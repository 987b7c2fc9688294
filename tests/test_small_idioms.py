"""Idioms that are read in other words: both modes, judged by differences; the text runs by itself.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

import functools
import itertools
import math
from typing import Any

import numpy as np
import pytest

from gradgen import grad, jvp, value_and_grad
from gradgen.errors import GradgenError
from tests.oracle.differences import derivative

X, Y = 1.7, 0.9


def swaps(x, y):
    z = [x, y, x * y]
    for i in range(2):
        z[i], z[i + 1] = z[i + 1] * y, z[i]
    return z[0] + 2 * z[1] ** 2 + 3 * z[2]


def an_index_that_moves(x, y):
    z = [x, y, x * y]
    i = 0
    i, z[i] = 2, x * y
    z[i], other = y * y, z[0]
    return z[0] + 2 * z[1] ** 2 + 3 * z[2] * other


def stores_of_a_call(x, y):
    def two(a, b):
        return a * b, a - b
    z = [0.0, 0.0]
    z[0], z[1] = two(x, y)
    return z[0] * z[1]


def priced(x, y):
    return x * y, x - y, math.sin(x)


def the_first_of_several(x, y):
    price, *_ = priced(x, y)
    return price * price


def looked_up(x, y):
    parts = {"a": x * y}
    return parts.get("a", 1.0) * parts.get("b", y) * x


def looked_up_in_an_argument(x, y, params: dict[str, float] = {"G": 80.0}):  # noqa: B006
    return x * params.get("E", y) + y * params.get("G", 1.0)


def between(x, y):
    ts = [x, y, x * y, y * y]
    total = 0.0
    for a, b in itertools.pairwise(ts):
        total += a * b * b
    return total


def early(x, y):
    def line(a, b, slope=2.0):
        return a * b**2 * slope
    return functools.partial(line, x, slope=y)(3.0, slope=x) * functools.partial(line, b=y)(x)


def product(x, y):
    return x * math.prod(x + k * y for k in range(3)) + math.prod([t * t for t in (x, y)])


@pytest.mark.parametrize(
    "fn", [
        swaps, an_index_that_moves, stores_of_a_call, the_first_of_several, looked_up, looked_up_in_an_argument, between, early,
        product,
    ],
    ids=lambda fn: fn.__name__,
)
def test_an_idiom_is_read_as_what_it_stands_for(fn):
    generated = value_and_grad(fn, wrt=("x", "y"))
    seed = generated.seeds[0]
    value, (dx, dy) = generated(X, Y, **{seed: 1.7})
    by_x, by_y = derivative(lambda x: fn(x, Y), X).value, derivative(lambda y: fn(X, y), Y).value
    assert value == fn(X, Y)
    assert (dx, dy) == pytest.approx((1.7 * by_x, 1.7 * by_y), rel=1e-7)
    assert jvp(fn, wrt=("x", "y"))(X, Y, x_dot=0.3, y_dot=0.7)[1] == pytest.approx(0.3 * by_x + 0.7 * by_y, rel=1e-7)
    alone: dict[str, Any] = {}
    exec(compile(generated.source, "<alone>", "exec"), alone)
    assert alone[generated.__name__](X, Y, **{seed: 1.7}) == (value, (dx, dy))


def rows_in_turn(a):
    b = a * a
    b[0], b[1] = b[1], b[0]
    return np.sum(b * np.array([[1.0, 2.0], [3.0, 4.0]]))


def elements_in_turn(v):
    w = v * v
    w[0], w[1] = w[1], w[0]
    return w[0] + 3 * w[1]


def test_elements_of_an_array_are_swapped_and_rows_that_share_its_data_are_refused():
    assert grad(elements_in_turn)(np.array([1.5, 2.0])) == pytest.approx(np.array([9.0, 4.0]))
    with pytest.raises(GradgenError, match="GG109"):
        grad(rows_in_turn)(np.array([[1.0, 2.0], [3.0, 5.0]]))
