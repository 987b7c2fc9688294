"""Lists of lists that a function stores into, and copies of the lists that it is given: both modes, judged by differences.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

import copy
import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import UnsupportedError, grad, hvp, jvp, vjp
from tests.oracle.differences import derivative

A = [[2.0, 0.3, 0.1], [0.4, 1.5, 0.2], [0.3, 0.1, 1.8]]
B = [0.4, 0.9, 0.2]
XS = [0.5, 0.7, 1.2]


def filled(a, b):
    m = [[0.0] * 3 for _ in range(3)]
    m[0][1] = b[0]
    m[2][2] = a[1][1] * b[1]
    m[2][2] += m[0][1] * a[0][0]
    return m[0][1] * m[2][2]


def product(a, b):
    n = len(a)
    c = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            for k in range(n):
                c[i][j] += a[i][k] * a[k][j] * b[j]
    return sum(sum(row) for row in c) * c[0][1]


def product_of(a, d):
    n = len(a)
    c = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            c[i][j] = a[i][0] * d[0][j] + a[i][1] * d[1][j]
    return c


def called(a, b):
    c = product_of(product_of(a, a), a)
    return c[0][1] * c[2][2] + c[1][0] * b[1]


def eliminated(a, b):
    n = len(b)
    m = [row[:] for row in a]
    x = b[:]
    for k in range(n):
        for i in range(k + 1, n):
            f = m[i][k] / m[k][k]
            for j in range(k, n):
                m[i][j] -= f * m[k][j]
            x[i] -= f * x[k]
    for i in range(n - 1, -1, -1):
        s = x[i]
        for j in range(i + 1, n):
            s -= m[i][j] * x[j]
        x[i] = s / m[i][i]
    return x[0] + 2 * x[1] * x[2]


def tabled(a, b):
    d = [[0.0] * (len(b) + 1) for _ in range(len(b) + 1)]
    for i in range(1, len(b) + 1):
        d[i][0] = d[i - 1][0] + a[0][i - 1]
        for j in range(1, len(b) + 1):
            d[i][j] = (a[1][i - 1] - b[j - 1]) ** 2 + min(d[i - 1][j], d[i][j - 1] * b[0], d[i - 1][j - 1])
    return d[-1][-1]


def relaxed(a, b):
    u = [[b[i] * a[i][j] for j in range(3)] for i in range(3)]
    for _ in range(2):
        new = [row[:] for row in u]
        new[1][1] = (u[0][1] + u[1][0] * u[1][2] + u[2][1]) / 3
        u = new
    return u[1][1] * u[0][1]


def made_by_rows(a, b):
    m: list[Any] = [None] * 3
    for i in range(3):
        m[i] = [0.0] * 3
        m[i][i] = a[i][i] * b[i]
    parts = {"up": [0.0, 1.0], "down": [b[0], 0.0]}
    parts["up"][0] = m[1][1]
    parts["down"][0] *= m[2][2]
    return m[0][0] * parts["up"][0] + parts["down"][0]


NESTED = [filled, product, called, eliminated, tabled, relaxed, made_by_rows]


@pytest.mark.parametrize("fn", NESTED)
def test_stores_into_lists_of_lists_have_derivatives(fn: Callable[..., Any]) -> None:
    judge(fn, (A, B))


def row_taken(a, b):
    m = [[0.0] * 3 for _ in range(3)]
    row = m[0]
    m[0][1] = b[0] - 1
    return row[1] * a[0][0]


def one_row_twice(a, b):
    row = [0.0, 0.0]
    m = [row for _ in range(2)]
    m[0][1] = b[0] - 1
    return m[1][1] * a[0][0]


def rows_repeated(a, b):
    m = [[0.0] * 2] * 2
    m[0][1] = b[0] - 1
    return m[1][1] * a[0][0]


def copied_flat(a, b):
    m = a[:]
    m[0][1] = b[0] - 1
    return a[0][1] * m[0][0]


def row_handed_back(a, b):
    m = [[0.0] * 2 for _ in range(2)]
    row = first_of(m)
    m[0][1] = b[0] - 1
    return row[1] * a[0][0]


def first_of(m):
    return m[0]


def stored_while_gone_through(a, b):
    m = [[0.0] * 2 for _ in range(2)]
    s = 0.0
    for row in m:
        m[1][1] = b[0] - 1
        s += row[1] * a[0][0]
    return s


@functools.lru_cache
def remembered(n):
    return [[0.0] * n for _ in range(n)]


def of_a_cache(a, b):
    m = remembered(2)
    m[0][1] = b[0] - 1
    return remembered(2)[0][1] * a[0][0]


def kept_in_a_list(a, b):
    rows, last = [], [b[0], b[1]]
    for _ in range(3):
        new = [0.0, 0.0]
        new[0] = last[1] * a[0][0]
        rows.append(new)
        last = new
        last[1] = b[2] - 1
    return rows[0][1] * rows[2][0]


OF_SEVERAL_NAMES = [
    row_taken, one_row_twice, rows_repeated, copied_flat, row_handed_back, stored_while_gone_through, of_a_cache, kept_in_a_list,
]


@pytest.mark.parametrize("fn", OF_SEVERAL_NAMES)
def test_stores_into_rows_that_have_another_name_are_refused(fn: Callable[..., Any]) -> None:
    with pytest.raises(UnsupportedError, match="GG1"):
        grad(fn, ("a", "b"))(copy.deepcopy(A), B)
    try:
        found = jvp(fn, ("a", "b"))(copy.deepcopy(A), B, a_dot=A, b_dot=B)
    except UnsupportedError:
        return  # tangents may stand in rows that have two names as well
    along = derivative(lambda t: fn(moved(A, A, t), moved(B, B, t)), 0.0)
    assert found == pytest.approx((fn(copy.deepcopy(A), B), along.value), rel=1e-7)


def stored_into_a_slice(xs, k):
    ys = xs[:]
    ys[0] = ys[1] * k
    return sum(y * y for y in ys) + xs[0] ** 3


def stored_into_a_copy(xs, k):
    ys = xs.copy()
    for i in range(1, len(ys)):
        ys[i] += ys[i - 1] * k * xs[i]
    return ys[-1]


def taken_from_the_middle(xs, k):
    ys, zs = xs[1:], xs[::-1]
    ys[0] *= k
    zs[2] += ys[1]
    return ys[0] * ys[1] * zs[2] * xs[1]


def lengthened(xs, k):
    ys = xs[:]
    ys.append(k * xs[0])
    ys.append(ys[-1] * ys[1])
    total = 0.0
    for y in ys:
        total += y**3
    return total


def under_its_own_name(xs, k):
    xs = xs[:]
    for i in range(len(xs)):
        xs[i] *= k + xs[0]
    return sum(xs)


def old_and_new(xs, k):
    ys = xs.copy()
    for _ in range(3):
        new = ys.copy()
        for i in range(1, len(ys) - 1):
            new[i] = ys[i] + k * (ys[i - 1] - 2 * ys[i] + ys[i + 1])
        ys = new
    return ys[1] * ys[0]


def blended(xs, k):
    ys = xs[:]
    n = len(ys)
    for r in range(1, n):
        old = ys[:]
        for i in range(n - r):
            ys[i] = (1 - k) * old[i] + k * old[i + 1]
    return ys[0]


COPIES = [
    stored_into_a_slice, stored_into_a_copy, taken_from_the_middle, lengthened, under_its_own_name, old_and_new, blended,
]


@pytest.mark.parametrize("fn", COPIES)
def test_copies_of_a_list_argument_have_derivatives(fn: Callable[..., Any]) -> None:
    judge(fn, (XS, 0.8))


def test_hessian_products_go_through_nested_lists() -> None:
    fn, direction = product, ([[0.3, -0.2, 0.5], [0.1, 0.4, -0.6], [0.2, 0.7, -0.1]], [0.5, -0.3, 0.8])
    found = hvp(fn, ("a", "b"))(A, B, a_dot=direction[0], b_dot=direction[1])

    def slope(t: float) -> float:
        moved = [[v + t * d for v, d in zip(row, by, strict=True)] for row, by in zip(A, direction[0], strict=True)]
        da, db = grad(fn)(moved, [v + t * d for v, d in zip(B, direction[1], strict=True)])
        return sum(flat(da)) + math.pi * sum(db)

    assert sum(flat(found[0])) + math.pi * sum(found[1]) == pytest.approx(derivative(slope, 0.0).value, rel=1e-6)


def test_an_array_is_not_taken_for_the_list_that_a_slice_copies() -> None:
    """A slice of an array shares its data: what is stored into it is seen in the array."""
    taken = grad(stored_into_a_slice, "k")
    assert taken(XS, 0.8) == pytest.approx(2 * XS[1] ** 2 * 0.8)
    with pytest.raises(UnsupportedError, match="GG10"):
        taken(np.array(XS), 0.8)


def flat(value: Any) -> list[float]:
    return [each for part in value for each in flat(part)] if isinstance(value, list) else [value]


def moved(value: Any, by: Any, t: float) -> Any:
    return [moved(v, d, t) for v, d in zip(value, by, strict=True)] if isinstance(value, list) else value + t * by


def judge(fn: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """Hold a gradient and a tangent against differences along one direction, with a seed that is not 1."""
    given = copy.deepcopy(args)
    turns = iter(math.cos(3 * k + 1) for k in range(99))

    def drawn(value: Any) -> Any:
        return list(map(drawn, value)) if isinstance(value, list) else next(turns)

    direction = [drawn(value) for value in args]
    expected = derivative(lambda t: fn(*(moved(v, d, t) for v, d in zip(args, direction, strict=True))), 0.0).value
    backward = vjp(fn)
    found = backward(*args, **{backward.seeds[0]: 1.7})
    total = sum(g * d for g, d in zip(flat(list(found)), flat(direction), strict=True))
    assert total == pytest.approx(1.7 * expected, rel=1e-7)
    forward = jvp(fn)
    value, tangent = forward(*args, **dict(zip(forward.tangents, direction, strict=True)))
    assert (value, tangent) == (fn(*args), pytest.approx(expected, rel=1e-7))
    assert args == given


def mixed(v):
    total = 0.0
    for place, part in enumerate(v):
        total += part * part * part if place == 0 else part[0] * part[1]
    return total


def mixed_in_a_comprehension(v):
    return sum(part * part * part if place == 0 else part[0] * part[1] for place, part in enumerate(v))


@pytest.mark.parametrize("fn", [mixed, mixed_in_a_comprehension])
def test_a_loop_over_numbers_beside_lists_keeps_the_numbers_adjoints(fn):
    assert grad(fn)([1.5, [2.0, 3.0]]) == [pytest.approx(3 * 1.5**2), [3.0, 2.0]]
