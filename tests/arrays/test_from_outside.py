"""Arrays that come to a function otherwise than as its arguments: out of objects, classes, tables, defaults and calls.

Numbers that meet them have derivatives that are numbers.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gradgen import hessian, hvp, jacobian, jvp, vjp

from .judging import differences, seed_for

T = np.array([1.0, 2.0, 3.0])
SCALE = 1.5
TABLE = {"t": T, "inner": {"t": 2.0 * T}, "k": 0.5}
LISTED = [T, 2.0 * T]
PLACE = SimpleNamespace(t=T, k=0.5)
PAIR = namedtuple("PAIR", "t k")(T, 0.5)


class Slotted:
    __slots__ = ("t",)

    def __init__(self) -> None:
        self.t = T


@dataclass
class Config:
    t: Any
    k: float


SLOTTED, CONFIG = Slotted(), Config(T, 0.5)


class Fit:
    shared = T

    def __init__(self, t: Any) -> None:
        self.t = t
        self.table = {"t": t}
        self.listed = [t]

    @property
    def times(self) -> Any:
        return self.t

    @property
    def rate(self) -> float:
        return 0.5

    def model(self, a: Any) -> Any:
        return a * np.exp(-a * self.t)

    def of_class(self, a: Any) -> Any:
        return a * self.shared

    @classmethod
    def of_its_class(cls, a: Any) -> Any:
        return a * cls.shared

    def of_property(self, a: Any) -> Any:
        return a * self.times * self.rate

    def of_table(self, a: Any) -> Any:
        return a * self.table["t"]

    def of_list(self, a: Any) -> Any:
        return a * self.listed[0]

    def pair(self, a: Any) -> Any:
        return a * self.t, a * a

    def total(self, a: Any) -> Any:
        return np.sum(self.model(a) ** 2)


fit = Fit(T)


def of_table(a):
    return a * TABLE["t"]


def of_inner_table(a):
    return a * TABLE["inner"]["t"] * TABLE["k"]


def of_list(a):
    return a * LISTED[0]


def of_list_of_any(a):
    return sum([a * t for t in LISTED])


def of_namespace(a):
    return a * PLACE.t


def of_named_tuple(a):
    return a * PAIR.t * PAIR.k


def of_slots(a):
    return a * SLOTTED.t


def of_record(a):
    return a * CONFIG.t * CONFIG.k


def of_class(a):
    return a * Fit.shared


def of_default(a, t=T):
    return a * t


def of_keyword_default(a, *, t=T):
    return a * t


def of_object(a, held=PLACE):
    return a * held.t


def either(a):
    return a * (PLACE.t if a > 0 else PLACE.k)


def early(a):
    if a > 0:
        return a * TABLE["t"]
    return a


def added_up(a):
    s = 0
    for k in range(3):
        s = s + a**k * T
    return s


def repeated(a, n=2):
    return a * TABLE["t"] if n == 0 else a * repeated(a, n - 1)


def below(a):
    return SCALE * of_table(a)


(of_lambda,) = (lambda a: a * TABLE["t"],)


def handed(a, held):
    return a * held.t


def handed_table(a, held):
    return a * held["t"]


def hands_object(a):
    return handed(a, PLACE)


def hands_table(a):
    return handed_table(a, TABLE)


class Tabled:
    def __getitem__(self, key: int) -> Any:
        return T

    def __call__(self, a: Any) -> Any:
        return a


tabled = Tabled()


def of_own_items(a):
    return a * tabled[0]


def of_get(a):
    return a * TABLE.get("t")


def of_values(a):
    return a * list(TABLE.values())[0]


def hands_alias(a):
    held = PLACE
    return a * held.t


def model_of_fit(a):
    return fit.model(a)


def class_of_fit(a):
    return fit.of_class(a)


def its_class_of_fit(a):
    return fit.of_its_class(a)


def property_of_fit(a):
    return fit.of_property(a)


def table_of_fit(a):
    return fit.of_table(a)


def list_of_fit(a):
    return fit.of_list(a)


def pair_of_fit(a):
    u, v = fit.pair(a)
    return u * v


CALLED: list[Callable[..., Any]] = [
    of_table, of_inner_table, of_list, of_list_of_any, of_namespace, of_named_tuple, of_slots, of_record, of_class, of_default,
    of_keyword_default, of_object, either, early, added_up, repeated, below, of_lambda, hands_object, hands_table, hands_alias,
    of_own_items, of_get, of_values,
    model_of_fit, class_of_fit, its_class_of_fit, property_of_fit, table_of_fit, list_of_fit, pair_of_fit,
]


def arrays(a, b, called):
    return called(a) * b


def numbers(a, b, called):
    return np.sum(np.maximum(called(a), b) * called(a * b))


def written(use: Callable[..., Any], called: Callable[..., Any]) -> Callable[..., Any]:
    """`use` as a function of numbers alone that calls a function by a name from outside."""
    if use is arrays:
        return lambda a, b: called(a) * b
    return lambda a, b: np.sum(np.maximum(called(a), b) * called(a * b))


CASES = [*((called, arrays) for called in CALLED), *((called, numbers) for called in CALLED[::7])]


@pytest.mark.parametrize(("called", "use"), CASES, ids=lambda each: each.__name__)
def test_numbers_that_meet_an_array_from_outside_have_numbers_for_adjoints(called: Callable[..., Any], use: Any) -> None:
    function, point = written(use, called), {"a": 0.5, "b": 0.7}
    seed = seed_for(function(**point))
    backward = vjp(function)
    found = backward(**point, **{backward.seeds[0]: seed})
    expected = [differences(function, point, name, seed) for name in point]
    np.testing.assert_allclose(np.array(found, float), expected, rtol=1e-6)
    if use is arrays:
        np.testing.assert_allclose([seed @ by for by in jacobian(function)(**point)], expected, rtol=1e-6)
        return
    forward = jvp(function)
    slopes = [forward(**point, a_dot=1.0, b_dot=0.0)[1], forward(**point, a_dot=0.0, b_dot=1.0)[1]]
    np.testing.assert_allclose([np.sum(seed * slope) for slope in slopes], expected, rtol=1e-6)


def stored(a, b):
    made = np.zeros(4)
    made[0] = a
    made[1:] = b * a
    return made


def residual(a, b):
    return a * np.exp(-b * T) - 0.1


@pytest.mark.parametrize("function", [
    stored, residual, lambda a, b: np.array([a * b, a]), lambda a, b: np.stack([a * T, b * T]),
    lambda a, b: np.polyval([a, b, 1.0], T), lambda a, b: (a * b) * np.eye(2),
])
def test_a_jacobian_of_numbers_has_an_array_for_each(function: Callable[..., Any]) -> None:
    seed = seed_for(function(0.5, 0.7))
    found = jacobian(function)(0.5, 0.7)
    assert [np.shape(by) for by in found] == [seed.shape, seed.shape]
    expected = [differences(function, {"a": 0.5, "b": 0.7}, name, seed) for name in ("a", "b")]
    np.testing.assert_allclose([np.sum(seed * by) for by in found], expected, rtol=1e-6)
    with_one = jacobian(function, "b")(0.5, 0.7)
    np.testing.assert_allclose(with_one, found[1])


def rosenbrock_residuals(x):
    return [10 * (x[1] - x[0] ** 2), 1 - x[0]]


@pytest.mark.parametrize("x", [[0.5, 0.7], (0.5, 0.7), np.array([0.5, 0.7])], ids=lambda x: type(x).__name__)
def test_results_in_a_list_are_numbers_each(x: Any) -> None:
    dx = vjp(rosenbrock_residuals)(x, drosenbrock_residuals=[0.7, -1.3])
    assert type(dx) is type(x)
    np.testing.assert_allclose(dx, [0.7 * -20 * 0.5 + 1.3, 0.7 * 10])  # by hand


def test_a_list_that_holds_arrays_is_no_list_of_numbers() -> None:
    made = vjp(rosenbrock_residuals)
    made([0.5, 0.7], drosenbrock_residuals=[0.7, -1.3])
    found = made([0.5, T], drosenbrock_residuals=[0.7 * T, -1.3])
    np.testing.assert_allclose(found[0], np.sum(0.7 * T) * -20 * 0.5 + 1.3)  # by hand
    np.testing.assert_allclose(found[1], 7 * T)


@pytest.mark.parametrize("x", [[0.5, 0.7], (0.5, 0.7)], ids=lambda x: type(x).__name__)
def test_a_jacobian_by_a_list_has_rows_like_it(x: Any) -> None:
    assert jacobian(rosenbrock_residuals)(x) == [type(x)((-10.0, 10.0)), type(x)((-1.0, 0.0))]  # by hand
    np.testing.assert_allclose(jacobian(rosenbrock_residuals)(np.array(x)), [[-10.0, 10.0], [-1.0, 0.0]])


def squares(a):
    return np.sum(of_namespace(a) ** 3)


def squares_of_default(a):
    return np.sum(of_default(a) ** 3)


@pytest.mark.parametrize("function", [squares, squares_of_default])
def test_second_derivatives_of_numbers_that_meet_arrays(function: Callable[..., Any]) -> None:
    expected = 6 * 0.5 * 36.0  # the sum of the cubes of T is 36
    assert hvp(function)(0.5, a_dot=0.7) == pytest.approx(0.7 * expected)
    assert hessian(function)(0.5) == pytest.approx(expected)


def test_a_number_outside_that_becomes_an_array_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PLACE, "k", 0.5)
    monkeypatch.setitem(TABLE, "k", 0.5)
    named, listed = (lambda a: np.sum(a * PLACE.k)), (lambda a: np.sum(scaled(a) ** 2))
    for function in (named, listed):
        backward = vjp(function)
        assert backward(0.5, **{backward.seeds[0]: 0.7}) == pytest.approx(differences(function, {"a": 0.5}, "a", 0.7))
        monkeypatch.setattr(PLACE, "k", T)
        monkeypatch.setitem(TABLE, "k", T)
        assert backward(0.5, **{backward.seeds[0]: 0.7}) == pytest.approx(differences(function, {"a": 0.5}, "a", 0.7))
        monkeypatch.undo()


def scaled(a):
    return a * PLACE.k * TABLE["k"]
