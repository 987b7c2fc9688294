"""Calls of the user's own functions: where a callee's refusal is raised, and what is written for a call.

Never takes an expected number from gradgen: closed forms.
"""
from __future__ import annotations

import contextlib
import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

from gradgen import grad, jvp, value_and_grad
from gradgen.emit.load import load_standalone
from gradgen.errors import GradgenError, NonDifferentiableError, UnsupportedError
from tests.oracle.differences import derivative


def root(c: float) -> float:
    low, high = 0.0, 100.0
    for _ in range(60):
        middle = 0.6 * low + 0.4 * high
        if middle * middle < c:
            low = middle
        else:
            high = middle
    return low


def through_two(c: float) -> float:
    return 2 * root(c)


def only_far_out(c: float) -> float:
    if c > 9.0:
        return through_two(c)
    return c * c


def always(c: float) -> float:
    return math.sin(c) * through_two(c)


def on_both_sides(c: float) -> float:
    if c > 1.0:
        return root(c)
    return through_two(c) + 1.0


def in_a_handler(c: float) -> float:
    try:
        return math.sqrt(c)
    except ValueError:
        return through_two(-c)


def sometimes_through_another(c: float) -> float:
    return math.sin(c) * only_far_out(c)


def also_rebinds(c: float) -> float:
    global unused
    unused = c
    return c


def two_reasons(c: float) -> float:
    return root(c) + also_rebinds(c)


@pytest.mark.parametrize("fn", [through_two, always, on_both_sides])
@pytest.mark.parametrize("transform", [grad, value_and_grad])
def test_a_callee_that_every_call_comes_to_is_refused_at_once_where_it_is_written(
    fn: Callable[..., Any], transform: Callable[..., Any]
) -> None:
    with pytest.raises(UnsupportedError) as caught:
        transform(fn)
    (finding,) = caught.value.findings
    assert (finding.code, finding.line) == ("GG112", root.__code__.co_firstlineno + 2)


@pytest.mark.parametrize(
    ("fn", "inside", "expected", "outside"),
    [
        (only_far_out, 3.0, 6.0, 10.0),
        (in_a_handler, 4.0, 0.25, -4.0),
        (sometimes_through_another, 2.0, 4.0 * math.cos(2.0) + 4.0 * math.sin(2.0), 10.0),
    ],
)
def test_a_callee_that_some_calls_come_to_is_refused_when_they_do(
    fn: Callable[..., Any], inside: float, expected: float, outside: float
) -> None:
    generated = grad(fn)
    assert generated(inside) == pytest.approx(expected, rel=1e-14)
    with pytest.raises(NonDifferentiableError) as caught:
        generated(outside)
    assert isinstance(caught.value, GradgenError)
    place = f"test_callees.py:{root.__code__.co_firstlineno + 2}:5: GG112: "
    assert str(caught.value).startswith(place)


def test_what_is_refused_in_several_callees_is_reported_together() -> None:
    with pytest.raises(UnsupportedError) as caught:
        grad(two_reasons)
    assert {finding.code for finding in caught.value.findings} == {"GG112", "GG102"}


def test_a_callee_whose_call_was_refused_is_not_written() -> None:
    assert "through_two" not in grad(only_far_out).source
    assert "def root" not in grad(only_far_out).source


# --- rebound callees ---


def slope(x: float) -> float:
    return 3.0 * x


def cubed(x: float) -> float:
    total = 1.0
    for _ in range(3):
        total = total * x
    return total


def deep(x: float) -> float:
    return cubed(x) + slope(x)


def calls(x: float, *rest: float, scale: float = 2.0, **named: float) -> float:
    return scale * slope(x) + deep(x)


class Gas:
    @staticmethod
    def heat(x: float) -> float:
        return x * x

    def twice(self, x: float) -> float:
        return 2.0 * x


gas = Gas()


def of_class(x: float) -> float:
    return Gas.heat(x) * gas.twice(x)


def handed(f: Callable[[float], float], x: float) -> float:
    return f(x) * f(x)


def hands_on(x: float) -> float:
    return handed(slope, x)


def squared(x: float) -> float:
    return x * x


def sloped(x: float, slope: float = 2.0, *, power: int = 2) -> float:
    return slope * x**power


def of_defaults(x: float) -> float:
    return sloped(x) * x


def largest_by_rank(x: float) -> float:
    return max([x, 3.0 * x], key=rank)


def rank(x: float) -> float:
    return x * x


def test_default_arguments_and_keys_that_are_bound_anew_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    of_sloped, of_largest = grad(of_defaults), grad(largest_by_rank)
    assert (of_sloped(3.0), of_largest(3.0)) == (2.0 * 27.0, 3.0)
    monkeypatch.setattr(sloped, "__defaults__", (4.0,))
    assert of_sloped(3.0) == 4.0 * 27.0
    monkeypatch.setitem(sloped.__kwdefaults__, "power", 1)
    assert of_sloped(3.0) == 4.0 * 6.0
    monkeypatch.setitem(globals(), "rank", lambda x: -x)
    assert of_largest(3.0) == 1.0


@pytest.mark.parametrize(
    ("fn", "place", "name", "before", "after"),
    [
        (calls, globals(), "slope", 2.0 * 3.0 + 3.0 * 4.0 + 3.0, 2.0 * 4.0 + 3.0 * 4.0 + 4.0),
        (calls, globals(), "cubed", 2.0 * 3.0 + 3.0 * 4.0 + 3.0, 2.0 * 3.0 + 4.0 + 3.0),
        (calls, globals(), "deep", 2.0 * 3.0 + 3.0 * 4.0 + 3.0, 2.0 * 3.0 + 4.0),
        (of_class, Gas, "heat", 2.0 * 12.0, 2.0 * 12.0),
        (of_class, Gas, "twice", 2.0 * 12.0, 2.0 * 2.0 * 4.0 * 2.0),
        (hands_on, globals(), "slope", 9.0 * 4.0, 4.0 * 8.0),
    ],
)
@pytest.mark.parametrize("optimize", [True, False])
def test_a_callee_that_is_bound_anew_is_differentiated_anew(
    fn: Callable[..., Any], place: Any, name: str, before: float, after: float, optimize: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    generated = grad(fn, "x", optimize=optimize)
    assert generated(2.0) == before
    written = generated.source
    if isinstance(place, dict):
        monkeypatch.setitem(place, name, squared)
    elif name == "heat":
        monkeypatch.setattr(place, name, staticmethod(squared))
    else:
        monkeypatch.setattr(place, name, lambda self, x: x * x)
    assert generated(2.0) == pytest.approx(after if name != "heat" else before)
    assert generated.source != written or name == "heat"
    monkeypatch.undo()
    assert generated(2.0) == before


def test_arguments_of_every_kind_reach_the_function_that_is_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    generated = value_and_grad(calls, "x")
    monkeypatch.setitem(globals(), "slope", squared)
    assert generated(2.0, 7.0, scale=5.0, other=1.0, dcalls=2.0) == (20.0 + 12.0, 2.0 * (20.0 + 12.0 + 4.0))


def test_a_callee_in_a_closure_that_is_bound_anew_is_differentiated_anew() -> None:
    inner = slope

    def outer(x: float) -> float:
        return inner(x) * x

    generated = grad(outer)
    assert generated(2.0) == 12.0
    inner = squared
    assert generated(2.0) == 12.0
    assert generated(3.0) == 27.0


def test_a_callee_that_is_bound_anew_to_what_cannot_be_differentiated_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    generated = grad(deep)
    monkeypatch.setitem(globals(), "slope", root)
    with pytest.raises(UnsupportedError):
        generated(2.0)


# --- functions as arguments ---


def newton(f: Callable[..., float], slope_of: Callable[..., float], start: float, a: float, steps: int) -> float:
    x = start
    for _ in range(steps):
        x = x - f(x, a) / slope_of(x, a)
    return x


def cube_less(x: float, a: float) -> float:
    return x * x * x - a


def cube_slope(x: float, a: float) -> float:
    return 3 * x * x


def cube_root(a: float) -> float:
    return newton(cube_less, cube_slope, 1.0, a, 30)


def with_an_import(x: float) -> float:
    from math import exp as e

    return e(2 * x)


def test_a_function_that_is_handed_to_another_is_differentiated() -> None:
    assert grad(cube_root)(8.0) == pytest.approx(1.0 / 12.0, rel=1e-14)


@pytest.mark.parametrize(("fn", "at", "expected"), [(cube_root, 8.0, 1.0 / 12.0), (with_an_import, 0.5, 2.0 * math.e)])
def test_the_text_of_such_a_function_stands_alone(fn: Callable[..., Any], at: float, expected: float) -> None:
    namespace: dict[str, Any] = {}
    generated = grad(fn)
    exec(generated.source, namespace)
    assert namespace[generated.__name__](at) == pytest.approx(expected, rel=1e-14)


# --- callees inside of try statements ---


def kinked(x: float) -> float:
    if x == 2.0:
        return 5.0 * x
    total = 1.0
    for _ in range(3):
        total = total * x
    return total


def mends_everything(x: float) -> float:
    try:
        y = math.sin(x) * only_far_out(x)
    except Exception:
        y = 7.0 * x
    return y


def mends_arithmetic(x: float) -> float:
    try:
        y = kinked(x)
    except (KeyError, ArithmeticError):
        y = 7.0 * x
    return y


def says_otherwise(x: float) -> float:
    try:
        y = only_far_out(x)
    except BaseException:
        raise ValueError("no result") from None
    return y


def mends_look_ups(x: float) -> float:
    try:
        y = kinked(x)
    except KeyError:
        y = 7.0 * x
    return y


def swallows(x: float) -> float:
    y = 7.0 * x
    with contextlib.suppress(ArithmeticError):
        y = kinked(x)
    return y


@pytest.mark.parametrize(
    ("fn", "at", "slope_there", "beside"),
    [
        (mends_everything, 3.0, 9.0 * math.cos(3.0) + 6.0 * math.sin(3.0), 10.0),
        (mends_arithmetic, 3.0, 27.0, 2.0),
        (says_otherwise, 3.0, 6.0, 10.0),
        (mends_look_ups, 3.0, 27.0, 2.0),
    ],
)
@pytest.mark.parametrize("transform", [grad, value_and_grad])
def test_a_handler_does_not_mend_that_a_callee_has_no_derivative(
    fn: Callable[..., Any], at: float, slope_there: float, beside: float, transform: Callable[..., Any]
) -> None:
    generated = transform(fn)
    found = generated(at)
    assert (found if transform is grad else found[1]) == pytest.approx(slope_there, rel=1e-14)
    with pytest.raises(NonDifferentiableError):
        generated(beside)


def test_only_handlers_that_could_catch_it_let_it_through() -> None:
    assert "except NonDifferentiableError" in grad(mends_arithmetic).source
    assert "except NonDifferentiableError" not in grad(mends_look_ups).source


def test_where_exceptions_are_swallowed_such_a_call_is_refused() -> None:
    with pytest.raises(UnsupportedError):
        grad(swallows)


# --- methods of objects that the function makes ---


class Orbit(NamedTuple):
    a: float
    e: float

    def radius(self, angle: float) -> float:
        return self.a * (1 - self.e**2) / (1 + self.e * math.cos(angle))


class Air:
    R = 8.0

    def __init__(self, mass: float) -> None:
        self.mass = mass

    def sound(self, T: float) -> float:
        return math.sqrt(self.gamma() * self.R * T / self.mass)

    def gamma(self) -> float:
        return 1.5


class Replaced:
    def __init__(self, mass: float) -> None:
        self.mass = mass

    def sound(self, T: float) -> float:
        return T / self.mass

    def replace(self, other: Callable[[float], float]) -> None:
        self.sound: Any = other


def of_a_record(a: float, e: float, angle: float) -> float:
    orbit = Orbit(a, e)
    return orbit.radius(angle)


def of_an_object(v: float, T: float) -> float:
    air = Air(3.0)
    return v / air.sound(T)


def of_an_object_that_holds_the_name(v: float, T: float) -> float:
    air = Replaced(3.0)
    return v / air.sound(T)


def test_methods_of_what_the_function_makes_are_callees() -> None:
    a, e, angle = 2.0, 0.5, 1.0
    below = 1 + e * math.cos(angle)
    expected = (
        (1 - e * e) / below,
        a * (-2 * e * below - (1 - e * e) * math.cos(angle)) / below**2,
        a * (1 - e * e) * e * math.sin(angle) / below**2,
    )
    assert grad(of_a_record)(a, e, angle) == pytest.approx(expected, rel=1e-14)
    assert grad(of_an_object)(3.0, 4.0) == pytest.approx((0.25, -3.0 / 4.0 / 8.0), rel=1e-14)


def of_an_object_that_holds_another(v: float, T: float) -> float:
    air = Replaced(3.0)
    air.replace(math.exp)
    return v / air.sound(T)


def test_a_method_is_that_of_the_class_until_the_object_holds_another() -> None:
    assert grad(of_an_object_that_holds_the_name)(2.0, 4.0) == pytest.approx((0.75, -2.0 * 3.0 / 16.0), rel=1e-14)
    expected = (math.exp(-0.5), -2.0 * math.exp(-0.5))
    assert grad(of_an_object_that_holds_another)(2.0, 0.5) == pytest.approx(expected, rel=1e-14)


# --- what a callee hands out ---


def makes_a_dict(x: float) -> dict[str, float]:
    a = [1.0, 2.0, 3.0]
    if x > 10.0:
        warnings.warn("far out", stacklevel=1)
    out = {}
    out["s"] = sum(a[i] * x**i for i in range(3))
    out["q"] = 2.0 * x
    return out


def reads_a_dict(x: float) -> float:
    found = makes_a_dict(x)
    return found["s"] * found["q"]


def test_a_dict_that_a_callee_makes_and_returns_holds_nothing_back() -> None:
    x = 2.0
    s, slope_of_s = 1 + 2 * x + 3 * x * x, 2 + 6 * x
    assert grad(reads_a_dict)(x) == pytest.approx(slope_of_s * 2 * x + 2 * s, rel=1e-14)


# --- local names of functions ---


def under_another_name(x: float) -> float:
    _sqrt, _slope = math.sqrt, slope
    return _sqrt(x) * _slope(x)


def in_a_loop_under_another_name(x: float, n: int) -> float:
    from math import sin as s

    _exp = math.exp
    for _ in range(n):
        x = s(x) * _exp(0.5 * x)
    return x


def calls_it(x: float) -> float:
    return in_a_loop_under_another_name(x, 2)


def bound_twice(x: float) -> float:
    f = slope
    y = f(x)
    f = squared
    return y * f(x)


def test_a_local_name_of_a_function_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    generated = grad(under_another_name)
    assert generated(4.0) == pytest.approx(1.5 * 3.0 * 2.0, rel=1e-14)  # 3 x**1.5
    monkeypatch.setitem(globals(), "slope", squared)
    assert generated(4.0) == pytest.approx(2.5 * 8.0, rel=1e-14)  # x**2.5


def test_a_backward_function_does_not_read_names_that_only_the_forward_function_has() -> None:
    def step(x: float) -> tuple[float, float]:
        e = math.exp(0.5 * x)
        return math.sin(x) * e, math.cos(x) * e + 0.5 * math.sin(x) * e

    first, slope_of_first = step(1.2)
    _, slope_of_second = step(first)
    assert grad(calls_it)(1.2) == pytest.approx(slope_of_first * slope_of_second, rel=1e-13)


def test_a_name_that_is_bound_to_two_functions_is_each_where_it_stands() -> None:
    assert grad(bound_twice)(1.3) == pytest.approx(derivative(bound_twice, 1.3).value, rel=1e-8)


# --- properties of records ---


@dataclass
class Sides:
    a: float
    b: float

    @property
    def area(self) -> float:
        return self.a * self.b


def of_a_record_made_here(a: float, b: float) -> float:
    sides = Sides(a, b)
    return sides.a + sides.area


def of_a_record_handed_in(sides: Sides) -> float:
    return sides.a + sides.area


def test_a_property_of_a_record_that_the_function_makes_is_a_function_of_it() -> None:
    assert grad(of_a_record_made_here)(1.3, 0.7) == pytest.approx((1.7, 1.3))  # a + a b
    assert jvp(of_a_record_made_here)(1.3, 0.7, a_dot=0.5, b_dot=-2.0) == pytest.approx((2.21, 0.5 * 1.7 - 2.0 * 1.3))


def test_a_property_of_a_record_that_is_handed_in_is_refused_where_it_is_read_before_its_class_is_known() -> None:
    with pytest.raises(UnsupportedError) as caught:
        grad(of_a_record_handed_in)
    assert "'area'" in str(caught.value)
    found = grad(of_a_record_handed_in, like=(Sides(1.3, 0.7),))(Sides(1.3, 0.7))
    assert (found.a, found.b) == pytest.approx((1.7, 1.3))


# --- chained assignments ---


def fourth(x: float) -> float:
    for _ in range(2):
        x = x * x
    return x


def chained(x: float) -> float:
    if x > 0.0:
        (a) = b = c = fourth(x)
    return a * b * c


def test_every_name_of_a_chained_assignment_holds_what_a_callee_returns() -> None:
    assert value_and_grad(chained)(1.5) == pytest.approx((1.5**12, 12 * 1.5**11), rel=1e-14)


keep_as_it_is: Callable[[float], float] = lambda value: value  # noqa: E731


def scaled_by_default(a, b=keep_as_it_is(3.0)):  # noqa: B008
    return a * b


def twice_scaled(x):
    return 2 * scaled_by_default(x)


def test_a_lambda_that_a_default_calls_comes_along() -> None:
    made = grad(twice_scaled)
    assert made(2.0) == 6.0
    assert load_standalone(made.source, "twice_scaled_grad")(2.0) == 6.0


def ef(x: float) -> float:
    return x * x


el = lambda x: np.array([x, x**3])  # noqa: E731


def with_odd_names(x: float) -> float:
    return ef(x) * el(x)[1]


def test_adjoints_of_callees_have_names_that_can_be_spelled() -> None:
    """`d` before `ef`, or before `<lambda>`, would be none."""
    assert grad(with_odd_names)(1.3) == pytest.approx(5 * 1.3**4, rel=1e-14)
    assert jvp(with_odd_names)(1.3, x_dot=2.0)[1] == pytest.approx(10 * 1.3**4, rel=1e-14)
