"""Functions picked from tables, objects called as functions in their own methods, typed dicts, judged by differences.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

import dataclasses
import math
import operator
from collections.abc import Callable
from typing import NamedTuple, TypedDict

import pytest

from gradgen import NonDifferentiableError, value_and_grad
from tests.oracle.differences import derivative


def linear(x, k):
    return k * x


def cubic(x, k):
    if x < 0:
        return -k * x
    return k * x**3


FORMULAS = {"linear": linear, "cubic": cubic}
ROOTS = {"sqrt": math.sqrt, "log": math.log}


def by_key(x, k, name="cubic"):
    return FORMULAS[name](x, k)


def by_get(x, k, name="linear"):
    formula = FORMULAS.get(name)
    if formula is None:
        raise ValueError(f"unknown formula {name}")
    y = 2.0 * formula(x, k=k * x) + 1.0
    return y * x


def by_constant(x, k):
    return FORMULAS["cubic"](x, k) + FORMULAS["linear"](x * x, k)


def of_a_library(x, k, name="log"):
    return k * ROOTS[name](x)


def of_a_local_table(x, k, name="b"):
    table = {"a": math.sin, "b": cubic}
    return table[name](x, k)


def of_two_variables(x, k):
    if x > 10.0:
        chosen = linear
    else:
        chosen = cubic
    return chosen(x, k) * k


def in_a_loop(x, k):
    total = 0.0
    for name in ("linear", "cubic", "linear"):
        total += FORMULAS[name](x, k)
        x = x * 1.5
    return total


class Fluid:
    def __init__(self, warmth):
        self.warmth = warmth

    def __call__(self, pressure):
        return 1000.0 * (1.0 + 1e-3 * pressure) / (1.0 + self.warmth)

    def viscosity(self, pressure):
        return math.exp(-self.warmth) / self(pressure)


WATER = Fluid(0.4)


def called_from_a_method(x, k):
    return Fluid(x).viscosity(k)


def called_from_a_method_outside(x, k):
    return WATER.viscosity(x) * k


class Section(TypedDict):
    area: float
    outline: float


def section(x, k) -> Section:
    return Section(area=x * k, outline=2 * (x + k))


def of_a_typed_dict(x, k):
    found = section(x, k)
    return found["area"] / found["outline"]


OPERATORS = {"+": operator.add, "*": operator.mul}


def of_operators(x, k, name="*"):
    return OPERATORS[name](x, k) * x


def of_generated(x, k):
    given = (x, k, x * k)
    a, b, c = (math.sin(each) for each in given)
    return a * b + c


class Term(NamedTuple):
    weight: float
    shape: Callable[[float], float]
    powers: dict[int, int]
    grows: bool = False


@dataclasses.dataclass
class Wave:
    height: float
    form: Callable[[float], float]


FIRST = [Term(0.7, math.sin, {0: 1, 1: 2}), Term(-0.2, math.cos, {1: 1}, True)]
SECOND = [Term(0.4, math.cos, {0: 1})]
WAVES = (Wave(0.3, math.sin), Wave(1.2, math.exp))
PAIRS = [(0.5, math.sin), (2.0, math.atan)]


def of_rows_in_a_loop(x, k):
    total = 0.0
    for wave in WAVES:
        total += wave.height * k * wave.form(k * x)
    return total


def of_pairs_in_a_loop(x, k):
    total = k
    for number, (weight, form) in enumerate(PAIRS):
        total += weight * form(x * k + number)
    return total


def of_rows_of_a_nested_function(x, k):
    known = [x, x * k, None]

    def series(terms):
        total = 0.0
        for term in terms:
            angle = 0.0
            for place, power in term.powers.items():
                if power != 0:
                    value = known[place]
                    if value:
                        angle += value * power
                    else:
                        raise ValueError
            scale = k if term.grows else 1
            total += term.weight * scale * term.shape(angle * 2)
        return total

    return series(FIRST) * series(SECOND) + (known[0] or 0) * k


def in_a_callee(x, k):
    return by_key(x, k) * of_a_library(x * x, k)


def of_an_entry_in_a_callee(x, k):
    def chosen(name, values):
        return ROOTS[name](values[0]) * values[1]

    return chosen("sqrt", [x, k]) * chosen("log", [k, x * k])


FUNCTIONS = [
    of_operators, of_generated,
    of_rows_in_a_loop, of_pairs_in_a_loop, of_rows_of_a_nested_function, in_a_callee, of_an_entry_in_a_callee,
    by_key, by_get, by_constant, of_a_library, of_a_local_table, of_two_variables, in_a_loop, called_from_a_method,
    called_from_a_method_outside, of_a_typed_dict,
]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.__name__)
def test_what_is_picked_is_differentiated(function):
    value, slopes = value_and_grad(function, wrt=("x", "k"))(0.7, 1.3)
    assert value == function(0.7, 1.3)
    assert derivative(lambda x: function(x, 1.3), 0.7).agrees_with(slopes[0])
    assert derivative(lambda k: function(0.7, k), 1.3).agrees_with(slopes[1])


def test_each_key_has_its_own_way_and_others_raise_as_before():
    made = value_and_grad(by_key, wrt="x")
    assert made(0.7, 1.3, "linear") == (linear(0.7, 1.3), 1.3)
    assert made(-0.7, 1.3, name="cubic") == (cubic(-0.7, 1.3), -1.3)
    with pytest.raises(KeyError, match="square"):
        made(0.7, 1.3, "square")
    with pytest.raises(ValueError, match="unknown formula square"):
        value_and_grad(by_get, wrt="x")(0.7, 1.3, "square")


def test_a_table_that_has_changed_is_noticed(monkeypatch):
    made = value_and_grad(by_key, wrt="x")
    made(0.7, 1.3)
    monkeypatch.setitem(FORMULAS, "cubic", linear)
    assert made(0.7, 1.3) == (linear(0.7, 1.3), 1.3)
    monkeypatch.setitem(FORMULAS, "cubic", lambda x, k: k * x * x)
    with pytest.raises(NonDifferentiableError, match="GG108"):
        made(0.7, 1.3)


def test_rows_that_hold_another_function_are_noticed(monkeypatch):
    made = value_and_grad(of_rows_in_a_loop, wrt="x")
    made(0.7, 1.3)
    monkeypatch.setattr(WAVES[0], "form", math.exp)
    assert made(0.7, 1.3)[1] == pytest.approx(1.5 * 1.3**2 * math.exp(0.91))
    monkeypatch.setattr(WAVES[0], "form", lambda t: t * t)
    with pytest.raises(NonDifferentiableError, match="GG108"):
        made(0.7, 1.3)


def test_a_table_of_functions_comes_along_in_saved_text():
    saved: dict[str, object] = {}
    exec(value_and_grad(by_get, wrt=("x", "k")).source, saved)
    assert saved["by_get_value_and_grad"](0.7, 1.3, "cubic") == value_and_grad(by_get, wrt=("x", "k"))(0.7, 1.3, "cubic")


def along_a_variable(x, k):
    formulas = [linear, cubic]
    total = 0.0
    for formula in formulas:
        total += formula(x, k)
    return total


def with_weights(x, k):
    total = 0.0
    for weight, formula in zip((k, 2.0), (math.sin, math.cos), strict=True):
        total += weight * formula(x)
    return total


def in_a_comprehension(x, k):
    return sum(k * formula(x) for formula in (math.sin, math.cos, operator.neg))


@pytest.mark.parametrize("fn", [along_a_variable, with_weights, in_a_comprehension])
def test_functions_in_displays_are_gone_through(fn: Callable[..., float]) -> None:
    x, k = 0.7, 1.3
    value, (dx, dk) = value_and_grad(fn)(x, k)
    assert value == fn(x, k)
    assert dx == pytest.approx(derivative(lambda t: fn(t, k), x).value, rel=1e-8)
    assert dk == pytest.approx(derivative(lambda t: fn(x, t), k).value, rel=1e-8)
