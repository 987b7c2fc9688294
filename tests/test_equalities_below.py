"""Equalities of varying values that a function called asks: they raise where they hold, as those of the function itself do.

Expected slopes are read off the branches by hand.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from gradgen import grad, jvp, value_and_grad
from gradgen.emit.load import load_standalone


def scaled(r: float, x: float) -> float:
    if x == 3.0:
        return r
    return 2 * r


def by_a_variable(x: float) -> float:
    y = 3.0 * x
    return scaled(2.0 * x, y)


def two_down(r: float, x: float) -> float:
    return scaled(r, x + 0.0)


def by_two_calls(x: float) -> float:
    y = 3.0 * x
    return two_down(2.0 * x, y)


ASKING = [by_a_variable, by_two_calls]


@pytest.mark.parametrize("fn", ASKING)
def test_an_equality_that_a_callee_asks_of_what_moves_only_its_test_raises_where_it_holds(fn: Callable[[float], float]) -> None:
    generated = value_and_grad(fn)
    for each in (generated, load_standalone(generated.source, generated.__name__)):
        assert each(0.5)[1] == 4.0
        with pytest.raises(ArithmeticError, match="GG501: x == 3.0 held"):
            each(1.0)
    with pytest.raises(ArithmeticError, match="GG501: x == 3.0 held"):
        jvp(fn)(1.0, x_dot=1.0)


def of_all(result: float, *inputs: float) -> float:
    if all(isinstance(value, float | int) for value in inputs):
        return float(result)
    return result


def of_listed(result: float, inputs: tuple[float, ...]) -> float:
    return result if len(inputs) == 2 else float(result)


def by_star(x: float, y: float) -> float:
    return of_all(math.sin(x) * y, x, y)


def by_tuple(x: float, y: float) -> float:
    return of_listed(math.sin(x) * y, (x, y))


@pytest.mark.parametrize("fn", [by_star, by_tuple])
def test_several_arguments_that_do_not_move_a_callees_result_get_nothing_back(fn: Any) -> None:
    assert grad(fn)(0.4, 1.7) == pytest.approx((1.7 * math.cos(0.4), math.sin(0.4)), rel=1e-14)
    assert jvp(fn)(0.4, 1.7, x_dot=2.0, y_dot=3.0)[1] == pytest.approx(3.4 * math.cos(0.4) + 3 * math.sin(0.4), rel=1e-14)
