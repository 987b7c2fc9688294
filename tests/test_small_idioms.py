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


def stored_at_once(x, y):
    z = [0.0, x, 0.0]
    z[0] = z[2] = x * y + z[1]
    z[1] = z[0] = y
    return z[0] + 2 * z[1] ** 2 + 3 * z[2] ** 2


def power(base, exponent, scale=1.0):
    return scale * base**exponent


def scaled(t, by):
    return by * t**1.5


def twice(f, t):
    return f(f(t))


def kept_for_later(x, y):
    cube = functools.partial(power, scale=y)
    k = 2.0
    square = functools.partial(power, exponent=k)
    return cube(x, 3.0) * cube(y, 2.0) + square(x) + twice(functools.partial(scaled, by=y), x)


def path(x, y):
    points = [(x, y), (x * y, 1.0), (2.0, y * y), (0.1, x)]
    home = (0.5, -0.5)
    return sum(math.dist(p, q) for p, q in zip(points, points[1:], strict=False)) + x * sum(math.dist(p, home) for p in points)


def one_more(x, y):
    ts = [x]
    for k in range(3):
        ts += [x * y + k]
        ts.extend([math.sin(y * k)])
    return ts[2] * ts[-1] + ts[1]


def with_another(x, y):
    p = {"a": x, "b": y}
    q = dict(p, a=p["b"] ** 3, c=x * y)
    return p["a"] * q["a"] + q["b"] * q["c"] ** 2


def every_variable(x, y):
    slope: float = 3 * x
    slope *= y
    parts = locals()
    later = parts["slope"] * parts["y"]
    return later + parts["x"] * len(parts)


def named_apart(x, y):
    z = x * y
    return locals()


def a_variable_of_another(x, y):
    return named_apart(x, y)["z"] * named_apart(y, 2.0)["z"]


@pytest.mark.parametrize(
    "fn", [
        every_variable, a_variable_of_another,
        stored_at_once, kept_for_later, path, one_more, with_another, swaps,
        an_index_that_moves, stores_of_a_call, the_first_of_several, looked_up, looked_up_in_an_argument, between, early,
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


def stored_at_once_in_an_array(m):
    J = np.zeros((2, 2))
    J[0, 0] = J[1, 1] = m[0, 1] ** 2
    J[0, 1], J[1, 0] = m[1, 1], -m[0, 0] * m[1, 0]
    return np.sum(J @ J * m)


def rows_replaced_in_turn(m):
    M = m.copy()
    for i, row in enumerate(M):
        M[i] = row**2 * (i + 1)
    return np.sum(M**2)


def entries(m):
    s = 0.0
    for (i, j), t in np.ndenumerate(m):
        if t > 1.6:
            break
        s += t**2 * (i + 2 * j + 1)
    for place, t in np.ndenumerate(m):
        s += t**3 * m[place]
    return s


class Weighing:
    weight = 1.3

    def of(self, a, b):
        return self.weight * a * b * b

    def of_all(self, m):
        first = self.of(*[m[i, 0] for i in range(2)])
        return first - self.of(1.0, *(m[i, 1] ** 2 for i in range(1)))


def spread_at_once(m):
    def total(*values):
        return values[0] * values[1] + values[-1]
    s = total(*[t * t for t in m[1]])
    for i in range(2):
        s += total(*map(math.sin, m[0])) * m[1, i]
    return s


@pytest.mark.parametrize("fn", [stored_at_once_in_an_array, rows_replaced_in_turn, entries, Weighing().of_all, spread_at_once])
def test_an_idiom_of_arrays(fn):
    m = np.array([[0.3, 0.7], [1.1, 1.7]])
    units = np.eye(4).reshape(4, 2, 2)
    expected = np.array([derivative(lambda t, way=way: float(fn(m + (t - 1) * way)), 1.0).value for way in units]).reshape(2, 2)
    np.testing.assert_allclose(grad(fn)(m.copy()), expected, rtol=1e-7)
    np.testing.assert_allclose(grad(fn, optimize=False)(m.copy()), expected, rtol=1e-7)
    way = np.array([[0.4, -0.7], [1.3, 0.2]])
    np.testing.assert_allclose(jvp(fn)(m.copy(), m_dot=way)[1], np.sum(expected * way), rtol=1e-7)
