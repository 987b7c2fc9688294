"""Tangents of rows that have names of their own: a store through a name is seen by the others, as that of the values is."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from gradgen import grad, hessian, jvp
from tests.oracle.differences import derivative


def loop_over_pairs(x, y):
    s = 0.0
    for a, b in ((x, y), (y, x * y)):
        s += a**2 * b
    return s


def loop_over_rows(x, y):
    rows = [[x, y], [y, x * y]]
    s = 0.0
    for a, b in rows:
        s += a**2 * b
    return s


def rows_by_index(x, y):
    rows = [[x, y], [y, x * y]]
    s = 0.0
    for i in range(2):
        s += rows[i][0] ** 2 * rows[i][1]
    return s


def sum_over_rows(x, y):
    rows = [[x, y], [y, x * y]]
    return sum(a**2 * b for a, b in rows)


# All of them are x**2 * y + x * y**3.
@pytest.mark.parametrize("fn", [loop_over_pairs, loop_over_rows, rows_by_index, sum_over_rows])
def test_second_derivatives_over_rows_of_values_that_vary(fn: Callable[[float, float], float]) -> None:
    x, y = 0.3, 2.0
    second = (2 * y, 2 * x + 3 * y**2), (2 * x + 3 * y**2, 6 * x * y)
    assert hessian(fn)(x, y) == (pytest.approx(second[0]), pytest.approx(second[1]))
    _, moved = jvp(grad(fn, wrt=("x", "y")))(x, y, x_dot=-0.7, y_dot=1.9)
    assert moved == pytest.approx([-0.7 * row[0] + 1.9 * row[1] for row in second])


def read_through_the_first_name(x):
    a = [0.5, x]
    b = a
    b[0] += a[0] * x
    b.append(a[-1] * x)
    b[0] = a[0] * a[2]
    return a[0] * a[2] + b[1]


def read_through_the_row_before(x):
    rows = [[x, 1.0], [2.0, x * x]]
    prev = rows[1]
    for row in rows:
        row[0] = row[0] * prev[0] + prev[1]
        prev = row
    return rows[0][0] * rows[1][0]


def added_across_rows(x):
    rows = [[x, 1.0], [2.0, x * x]]
    for i in range(2):
        for j in range(2):
            rows[i][j] += rows[j][i] * x
    return rows[0][1] * rows[1][0]


def one_list_in_two_places(x):
    a = [x]
    rows = [a, a]
    row = rows[0]
    row[0] = x * x * row[0]
    return rows[1][0] * a[0]


def overwritten_by_a_constant(x):
    a = [1.0, 2.0]
    b = a
    c = a[0]
    b[0] = x * x
    d = a[0]
    b[0] = 3.0
    return a[0] * d + c * x


def one_of_two_lists(x):
    a = [1.0, 2.0]
    b = a
    if x > 1.5:
        b = [3.0, 4.0]
    b[0] = x * x
    return a[0] + b[0] + a[1] * x


@pytest.mark.parametrize("fn", [
    read_through_the_first_name, read_through_the_row_before, added_across_rows, one_list_in_two_places,
    overwritten_by_a_constant, one_of_two_lists,
])
@pytest.mark.parametrize("x", [0.7, 1.8])
def test_the_tangent_of_a_store_is_seen_through_each_name(fn: Callable[[float], float], x: float) -> None:
    value, tangent = jvp(fn)(x, x_dot=-1.7)
    assert value == fn(x)
    assert derivative(fn, x).agrees_with(tangent / -1.7)
