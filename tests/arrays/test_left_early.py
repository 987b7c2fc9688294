"""Loops over what varies that are left in the middle: the elements of the last turn have their slopes too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import grad, hvp


def returned_element(x: Any) -> Any:
    for v in x:
        if v > 0.5:
            return v**2
    return x[0]


def broken_off(x: Any) -> Any:
    s = 0.0
    for i, v in enumerate(x):
        s = s + v * i
        if v > 0.5:
            s = s * v**2
            break
    return s * x[0]


def returned_from_a_zip(x: Any) -> Any:
    s = 0.0
    for a, b in zip(x, x[1:], strict=False):
        s = s + a * b
        if s > 0.2:
            return a * s
    return s


def returned_from_a_loop_inside(x: Any) -> Any:
    for a in x:
        for b in reversed(x):
            if a * b > 0.5:
                return a * b**2
    return x[0]




def returned_row_of_a_variable(x: Any) -> Any:
    table = np.outer(x, x) - 0.1
    for row in table:
        if row[0] > 0.0:
            return np.sum(row**2)
    return np.sum(x)


def broken_off_among_pairs(x: Any) -> Any:
    pairs = [(x[0], x[1]), (x[1], x[3]), (x[2] * x[0], x[2])]
    s = 1.0
    for p, q in pairs:
        s = s * p + q
        if s > 1.2:
            s = s * p
            break
    return s * x[0]


def returned_from_a_list(x: Any) -> Any:
    for v in [x[0], x[1] * x[2], x[3]]:
        if v > 0.25:
            return v**3
    return x[0]


def last_element_read_later(x: Any) -> Any:
    s = 0.0
    for v in x:
        if v > 0.5:
            break
        s = s + v**3
    return v**2 * x[1] + s


def element_searched_for(x: Any) -> Any:
    for v in x:
        if v > 0.35:
            break
    return v**2


def element_of_the_last_turn(x: Any) -> Any:
    w = 0.0
    for v in x:
        w = v
    return w**2 + v


def row_or_nothing(x: Any) -> Any:
    table = np.outer(x, x) - 0.1
    for row in table:
        if row[0] > 0.0:
            break
    else:
        return np.sum(x)
    return np.sum(row**2) * x[1]


def searched_for_inside_of_a_loop(x: Any) -> Any:
    s = 0.0
    for k in range(3):
        for v in x:
            if v > 0.25 + 0.05 * k:
                break
        s = s + k
    if s > 2.0:
        for w in x:
            s = s + np.floor(w)
    return v**2 + w * s


def changed_before_a_break_alone(x: Any) -> Any:
    s, q = 0.3, x[0] * 2.0
    for _ in range(3):
        if s > -0.4:
            s = s * x[1] * q
            break
    return s + q


@pytest.mark.parametrize("function", [
    changed_before_a_break_alone, searched_for_inside_of_a_loop,
    last_element_read_later, element_searched_for, element_of_the_last_turn, row_or_nothing,
    returned_element, broken_off, returned_from_a_zip, returned_from_a_loop_inside, returned_row_of_a_variable,
    broken_off_among_pairs, returned_from_a_list,
])
@pytest.mark.parametrize("point", [(0.2, 0.3, 0.9, 1.2), (0.6, 0.1, 0.4, 0.3), (0.1, 0.2, 0.15, 0.3)])
def test_what_the_last_turn_takes_has_its_slope(function: Callable[[Any], Any], point: tuple[float, ...]) -> None:
    x, step = np.array(point), 1e-6
    slopes = [(function(x + step * each) - function(x - step * each)) / (2 * step) for each in np.eye(4)]
    assert grad(function, like=(x,))(x) == pytest.approx(slopes, rel=1e-7, abs=1e-8)
    assert grad(function, like=(x,), optimize=False)(x) == pytest.approx(slopes, rel=1e-7, abs=1e-8)


def first_large(a: float, b: float) -> float:
    for v in [a, b, a * b]:
        if v > 0.5:
            return v**2
    return a


def test_what_the_last_turn_takes_of_numbers_has_its_slope() -> None:
    assert grad(first_large)(0.2, 3.0) == (0.0, 6.0)
    assert grad(first_large)(0.6, 0.2) == (1.2, 0.0)
    assert grad(first_large)(0.3, 0.4) == (1.0, 0.0)


@pytest.mark.parametrize("function", [broken_off, returned_from_a_zip, returned_from_a_loop_inside])
def test_loops_over_elements_have_hessian_products(function: Callable[[Any], Any]) -> None:
    x, along, step = np.array([0.2, 0.3, 0.9, 1.2]), np.array([0.7, -1.1, 0.4, 1.3]), 1e-6
    gradient = grad(function, like=(x,))
    slopes = (gradient(x + step * along) - gradient(x - step * along)) / (2 * step)
    assert hvp(function, like=(x,))(x, x_dot=along) == pytest.approx(slopes, rel=1e-6, abs=1e-7)


def scaled_before_a_break(a: float) -> float:
    s, q = 0.5, a * 2
    for _ in range(3):
        if s > -0.4:
            s = s * a
            break
    return s + q


def test_what_stands_before_a_break_alone_has_its_slope() -> None:
    assert grad(scaled_before_a_break)(0.3) == 2.5
