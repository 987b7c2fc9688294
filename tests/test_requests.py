"""What a derivative may be asked for: wrt, results, roundings; refusals stand at the definition or at the expression.

Never tests the derivatives themselves.
"""
from __future__ import annotations

import math
import pickle
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import pytest
from scipy.stats import binom, poisson

from gradgen import differentiable, grad, jvp, value_and_grad, vjp
from gradgen.errors import ArgumentError, NonDifferentiableError, UnsupportedError
from tests.forward.written import function


def rounded_at_once(x):
    return round(1.19 * x**0.9, 2)


def rounded_under_a_name(x):
    price = round(1.19 * x**0.9, 2)
    total = price
    return total


def rounded_in_an_arm(x):
    if x > 1.0:
        return round(x * x)
    return x


def seconds_of(hours):
    seconds = round(hours * 3600 % 60, 2)
    shown = 0 if seconds == 60 else seconds
    return shown


def clock_of(hours):
    minutes = hours * 60 % 60
    return hours, minutes, seconds_of(hours)


def rounded_in_a_callee(x):
    return seconds_of(x * x)


def rounded_among_the_results_of_a_callee(x):
    clock = clock_of(x)
    return clock[2]


def not_rounded_among_the_results_of_a_callee(x):
    return clock_of(x)[1]


def rounded_before_it_is_converted(x):
    return float(round(x * x, 2))


def rounded_on_all_ways(x):
    if x > 1.0:
        shown = round(x * x, 1)
    else:
        shown = 0.0
    return shown  # on all ways


def shown_with(value, digits=None, is_exact=False):
    if digits is None:
        digits = 1
    if not is_exact:
        return round(value, digits)
    return value


def rounded_by_default(x):
    return shown_with(x * x)


def rounded_as_asked_for(x):
    return shown_with(x * x, 2, is_exact=False)


def not_rounded_as_asked_for(x):
    return shown_with(x * x, is_exact=True)


def terms_of(x: float) -> dict[str, Any]:
    return {"monthly": round(x / 12, 2), "exact": x / 12, "both": (round(x, 1), x)}


def rounded_in_a_dict_of_a_callee(x: float) -> float:
    of_loan = terms_of(x)
    return of_loan["monthly"]


def rounded_in_a_tuple_of_a_dict(x: float) -> float:
    return terms_of(x)["both"][0]


def rounded_in_a_dict_that_is_filled(x: float) -> float:
    areas = {}
    for kind in ("round", "square"):
        areas[kind] = rounded_at_once(x) if kind == "round" else round(x * x, 2)
    return areas["square"]


def exact_in_a_dict_that_is_filled(x: float) -> float:
    areas = {}
    areas["round"] = round(3.14 * x * x, 2)
    areas["square"] = x * x
    return areas["square"]


def rounded_in_a_list_that_is_appended_to(x: float) -> float:
    powers = []
    for k in (1, 2):
        powers.append(round(x**k, 2))
    return powers[1]


class Shown(NamedTuple):
    exact: float
    rounded: float


def rounded_in_a_record(x: float) -> float:
    found = Shown(x * x, rounded=round(x * x, 2))
    return found.rounded


def exact_in_a_record(x: float) -> float:
    found = Shown(x * x, rounded=round(x * x, 2))
    return found.exact


def rounded_and_unpacked(x: float) -> float:
    shown, _ = rounded_and_exact(x)
    return shown  # as it is printed


def rounded_and_exact(x: float) -> tuple[float, float]:
    return round(x, 1), x


def exact_in_a_dict_of_a_callee(x: float) -> float:
    _, exact = rounded_and_exact(x)
    return terms_of(x)["exact"] * terms_of(x)["both"][1] * exact


def rounded_to_hundredths(x):
    return round(x * x * 100) / 100


def rounded_unless_raw(x, raw=False):
    return x * x if raw else np.round(x * x, decimals=2)


def rounded_if_asked(x, shown=False):
    return np.round(x * x, decimals=2) if shown else x * x


def rounded_inside(x, n):
    steps = round(n)
    return math.sin(x) * steps


def square(x):
    return x * x


def pair(x, y):
    return x * y, x + y


def scaled(x, unit="km", is_metric=True, kind: str = None):
    return x / 1000 if unit == "km" else x


def steps(n: int):
    return n


def annotated(
    x: float, unit: Literal["km", "m"], name: str | None, kind: None | str, order: int | None, z: float | None = 2.0,
    w: int | float = 3.0,
):
    return x * (z or 1.0) * w if unit == "km" else x


def sometimes_a_text(x):
    if x > 1.0:
        return "warm"
    return x * x


def sometimes_nothing(x):
    if x > 1.0:
        return None
    return x * x


def always_a_text(x):
    label = "warm"
    return label


def line_of(fn: Callable[..., Any], text: str) -> int:
    """The line of this file where a stretch of a function's text stands."""
    first = fn.__code__.co_firstlineno
    lines = Path(__file__).read_text().splitlines()
    return next(number for number in range(first, len(lines) + 1) if text in lines[number - 1])


@pytest.mark.parametrize("transform", [grad, value_and_grad, vjp])
@pytest.mark.parametrize(
    ("fn", "text"),
    [
        (rounded_at_once, "round("),
        (rounded_under_a_name, "round("),
        (rounded_in_an_arm, "round("),
        (rounded_in_a_callee, "seconds_of("),
        (rounded_among_the_results_of_a_callee, "clock[2]"),
        (rounded_before_it_is_converted, "float("),
        (rounded_on_all_ways, "shown  # "),
        (rounded_by_default, "shown_with("),
        (rounded_as_asked_for, "shown_with("),
        (rounded_in_a_dict_of_a_callee, 'of_loan["monthly"]'),
        (rounded_in_a_tuple_of_a_dict, 'terms_of(x)["both"][0]'),
        (rounded_in_a_dict_that_is_filled, 'areas["square"]'),
        (rounded_in_a_list_that_is_appended_to, "powers[1]"),
        (rounded_in_a_record, "found.rounded"),
        (rounded_and_unpacked, "shown  # "),
        (rounded_to_hundredths, "round("),
        (rounded_unless_raw, "x * x if"),
    ],
)
def test_a_result_that_is_rounded_last_is_refused_where_it_is_rounded(
    fn: Callable[..., Any], text: str, transform: Callable[..., Any]
) -> None:
    for wrt in (None, "x"):
        with pytest.raises(UnsupportedError) as caught:
            transform(fn, wrt)
        finding = caught.value.findings[0]
        assert (finding.code, Path(finding.file).name) == ("GG113", "test_requests.py")
        assert finding.line == line_of(fn, text)
        assert finding.source_line[finding.column :].startswith(text)


def test_what_stands_beside_a_rounded_result_has_a_slope() -> None:
    assert grad(exact_in_a_dict_of_a_callee)(1.3) == pytest.approx(3 * 1.3**2 / 12, rel=1e-14)
    assert grad(exact_in_a_dict_that_is_filled)(1.3) == grad(exact_in_a_record)(1.3) == 2.6


def test_a_value_that_is_rounded_on_the_way_is_a_step() -> None:
    assert grad(rounded_inside)(0.5, 2.2) == pytest.approx(2 * math.cos(0.5), rel=1e-15)


def test_only_the_way_that_a_call_asks_for_counts() -> None:
    assert grad(not_rounded_as_asked_for)(2.3) == pytest.approx(4.6, rel=1e-15)
    assert grad(rounded_if_asked)(2.3) == pytest.approx(4.6, rel=1e-15)


def test_only_the_result_that_is_asked_for_counts() -> None:
    assert grad(not_rounded_among_the_results_of_a_callee)(2.3) == pytest.approx(60.0, rel=1e-15)


@pytest.mark.parametrize(
    ("fn", "wrt", "code"),
    [
        (scaled, "metres", "GG401"),
        (scaled, 4, "GG401"),
        (scaled, (), "GG401"),
        (scaled, "unit", "GG402"),
        (scaled, "is_metric", "GG402"),
        (scaled, ("x", "kind"), "GG402"),
        (pair, "x", "GG403"),
        (steps, None, "GG404"),
    ],
)
def test_what_a_function_does_not_have_is_refused_at_its_definition(fn: Callable[..., Any], wrt: Any, code: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        grad(fn, wrt)
    finding = caught.value.findings[0]
    assert (finding.code, Path(finding.file).name, finding.line) == (code, "test_requests.py", fn.__code__.co_firstlineno)


def test_an_annotation_that_allows_no_real_number_keeps_a_parameter_out_of_the_default_wrt() -> None:
    assert grad(annotated).wrt == ("x", "z", "w")
    with pytest.raises(ArgumentError):
        grad(annotated, "name")
    assert grad(annotated, "order").wrt == ("order",)


@pytest.mark.parametrize("fn", [sometimes_a_text, sometimes_nothing])
def test_a_result_that_is_no_number_is_refused_when_it_is_returned(fn: Callable[..., Any]) -> None:
    for transform in (grad, value_and_grad):
        with pytest.raises(NonDifferentiableError) as caught:
            transform(fn)(2.0)
        assert str(caught.value).startswith(f"test_requests.py:{fn.__code__.co_firstlineno + 2}:9: GG403")
    assert grad(fn)(0.5) == 1.0


def test_a_result_that_is_never_a_number_is_refused_at_once() -> None:
    with pytest.raises(UnsupportedError) as caught:
        grad(always_a_text, "x")
    assert caught.value.findings[0].code == "GG403"


def test_what_is_only_counted_with_is_not_in_the_default_wrt() -> None:
    def seen(k: Any, mu: Any, p: Any) -> Any:
        return poisson.logpmf(k, mu).sum() + binom.logpmf(k, 9, p).sum()

    assert grad(seen).wrt == ("mu", "p")
    assert grad(seen)(np.array([2, 3]), 2.0, 0.25) == pytest.approx((5 / 2.0 - 2, 5 / 0.25 - 13 / 0.75))
    with pytest.raises(UnsupportedError, match="GG110"):
        grad(seen, wrt="k")(np.array([2, 3]), 2.0, 0.25)


def test_an_index_names_a_parameter_and_a_number_may_be_asked_for_whatever_its_annotation() -> None:
    assert grad(scaled, 0)(5.0) == pytest.approx(1e-3, rel=1e-15)
    assert grad(steps, "n")(3) == 1.0


def test_a_generated_function_pickles_where_its_primal_does() -> None:
    made = grad(rounded_inside)
    assert pickle.loads(pickle.dumps(made)) is made
    assert value_and_grad(rounded_inside).__name__ == "rounded_inside_value_and_grad"


@differentiable
def decorated_square(x: float) -> float:
    return x * x


class Spring:
    def __init__(self, k: float) -> None:
        self.k = k

    @differentiable
    def energy(self, x: float) -> float:
        return 0.5 * self.k * x * x


def test_a_decorated_function_pickles_as_functions_do() -> None:
    assert pickle.loads(pickle.dumps(decorated_square)) is decorated_square
    bound = pickle.loads(pickle.dumps(Spring(3.0).energy))
    assert (bound(2.0), bound.grad(2.0)) == (6.0, 6.0)  # k x**2 / 2 and k x
    assert repr(decorated_square) == "<differentiable decorated_square>"


def test_two_derivatives_that_say_the_same_pickle_each() -> None:
    first, second = grad(decorated_square), grad(decorated_square)
    assert pickle.loads(pickle.dumps(first))(3.0) == pickle.loads(pickle.dumps(second))(3.0) == 6.0


def test_self_of_a_plain_class_is_nothing_to_differentiate_by() -> None:
    assert grad(Spring.energy)(Spring(3.0), 2.0) == 6.0


def test_a_function_of_a_module_that_nobody_can_import_is_differentiated_all_the_same() -> None:
    nowhere = types.FunctionType(square.__code__, {"__name__": "a_module_that_is_nowhere"})
    assert nowhere.__module__ == "a_module_that_is_nowhere"
    assert grad(nowhere)(3.0) == 6.0


# --- the structure of a gradient ---


def list_without_a_use(p: list, x):
    return x * x


def list_stored_into(p, x):
    p[0] = x
    return x * x


def list_made_longer(p, x):
    p.append(x)
    return x * x


def list_looked_at(p, x):
    assert p
    return x * x


@pytest.mark.parametrize("fn", [list_without_a_use, list_stored_into, list_made_longer, list_looked_at])
def test_a_list_that_moves_nothing_has_a_list_of_zeros(fn: Callable[..., Any]) -> None:
    assert grad(fn, wrt=("p", "x"))([1.0, 2.0], 3.0) == ([0.0, 0.0], 6.0)


def scaled_by_a_namespace(p, x):
    return p.a * x


def test_a_namespace_has_a_namespace_of_slopes() -> None:
    place = types.SimpleNamespace(a=2.0, b=5.0)
    assert grad(scaled_by_a_namespace, wrt=("p", "x"))(place, 3.0) == (types.SimpleNamespace(a=3.0, b=0.0), 2.0)


def divided_by_a_sum_of_itself(a):
    a /= sum(a * a for _ in range(3))
    return a


def test_an_augmented_division_by_a_sum_reads_the_old_value() -> None:
    # a / (3 a**2) = 1 / (3 a)
    assert grad(divided_by_a_sum_of_itself)(0.5) == pytest.approx(-1 / (3 * 0.25), rel=1e-14)


@pytest.mark.parametrize("transform", [grad, value_and_grad])
def test_what_is_no_function_is_told_what_to_do(transform: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match=r"3 is no function .*: write `def f\(x\): ...` and pass f"):
        transform(3)


@pytest.mark.parametrize("body", ["y = x * x", "y = x * x\n    return", "print(x)"])
def test_a_function_without_a_return_is_refused_as_one(body: str) -> None:
    fn = function(f"def f(x):\n    {body}\n")
    with pytest.raises(ArgumentError, match=r"GG403: .*; f returns nothing"):
        grad(fn)
    with pytest.raises((UnsupportedError, NonDifferentiableError), match="GG403"):
        grad(fn, wrt="x")(2.0)


@pytest.mark.parametrize("text", [
    "def f(x):\n    if x > 0:\n        return x * x\n",
    "def f(x):\n    for _ in range(3):\n        x = x * x\n        if x > 5:\n            return x\n",
])
def test_a_way_without_a_return_raises_where_it_is_taken(text: str) -> None:
    fn = function(text)
    assert value_and_grad(fn)(3.0)[1] == 6.0
    with pytest.raises(ArithmeticError, match="GG403: .* f ended without a return"):
        value_and_grad(fn)(-0.5)
    with pytest.raises(ArithmeticError, match="GG403"):
        jvp(fn)(-0.5, x_dot=1.0)


def test_a_list_in_the_place_of_a_number_is_told_what_to_pass() -> None:
    fn = function("def f(x, y):\n    return x * y * y\n")
    with pytest.raises(TypeError, match=r"x is a list, and f computes with it as with a number: pass np.array\(x\)"):
        grad(fn)([1.0, 2.0], 2)
