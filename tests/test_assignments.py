"""Assignments that change several variables at once: what each part reads is what stood there before the others were changed."""
from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import UnsupportedError, grad, hvp, jvp
from tests.forward.written import function

Fn = Callable[..., Any]


def times(a, b):
    return a * b


def both(a, b):
    return a * b, a + b * b


def iterated(a, b):
    for _ in range(2):
        a = a * math.sin(a * b) + 1
    return a


def chained_in_a_loop(x, y):
    q = y
    for _ in range(2):
        p = q = x * q
    return p


def chained_once(x, y):
    q = x * y
    r = q = math.sin(q)
    return q * r


def chained_and_crossed(x, y):
    q = p = x
    p = q = math.sin(p * y) * q
    q = p = iterated(p, q * p)
    return p * q


def chained_in_branches(x, y):
    p = q = y
    for i in range(3):
        if i % 2:
            p = q = math.sin(q * x) * p
        else:
            q = p = math.cos(p * x) * q
    return p * q


def chained_stores(x, y):
    a = [x, y]
    for _ in range(3):
        p = a[0] = x * a[1]
        a[1] = q = math.sin(a[0] * p)
    a[0] = a[1] = 2.0
    return q * p + a[0] * p + a[1]


def chained_twice_the_same(x, y):
    p = x * y
    q = p = r = p = p * x
    return p * q * r


def of_a_call_beside_its_operand(x, y):
    x, c = math.sin(x), times(y, math.cos(x))
    return x + c


def of_a_call_that_comes_first(x, y):
    y, x = times(x, math.cos(y)), math.sin(y)
    return x * y * y


def of_arms_that_share(x, y):
    for i in range(3):
        x = math.sinh(x) * y if i == 1 else math.cosh(x) * y - 1
    return (math.sin(x) * y if x < 0.3 else math.cos(x)) * (x < 0.2 and math.sin(x) * y or math.cos(x))


def of_a_comprehension_over_the_old_value(x, y):
    values = [x, x * y]
    b, y = math.tanh(y), sum(t * y for t in values)
    return y + b


def of_comprehensions_in_turns(x, y):
    values = [x, x * y]
    for _ in range(2):
        y, b, x = sum(t * y * x for t in values), math.tanh(y * x), math.exp(y)
    return y + b * x


def of_a_comprehension_beside_a_term_of_the_same_call(x, y):
    b = x
    values = x, y
    x = math.sin(b + math.tanh(y) + sum(t * x for t in values))
    return x


def of_a_comprehension_beside_a_number(x, y):
    values = [x, y]
    c, x = math.sin(sum(t * x for t in values)), 1.5
    return x + c


def of_a_name_bound_twice_before_a_failure(x, y):
    try:
        x, x = y * x, times(x, x * y)
        missing = {"u": 1.0}["v"]
    except KeyError:
        missing = 2.0
    x = x * missing
    return x * y


def of_results_bound_to_one_name_before_a_failure(x, y):
    try:
        y, y = both(x, y)
        missing = {"u": 1.0}["v"]
    except KeyError:
        missing = 2.0
    x = x * missing
    return x * y


def of_results_that_stand_while_an_old_value_is_read(x, y):
    u = y
    for _ in range(3):
        x *= u
        y, u = math.exp(0.3 * y), math.tanh(y)
    return x


def of_results_of_which_one_is_read_before(x, y):
    y, u, x = math.sqrt(x * x + y * y), math.exp(y), 1 / y
    x = x * u * y
    y, u, x = math.sqrt(x * x + y * y), math.exp(y), 1 / y
    return x * u + y


def chained_to_itself(x, y):
    y = y = math.sqrt(1 + (x * y) ** 2)
    return x * y


def of_a_call_in_an_arctangent(x, y):
    t = math.atan(times(x, y))
    return math.tanh(t) * x


CASES: tuple[Fn, ...] = (
    of_results_that_stand_while_an_old_value_is_read, of_results_of_which_one_is_read_before, chained_to_itself,
    of_a_call_in_an_arctangent,
    of_a_name_bound_twice_before_a_failure, of_results_bound_to_one_name_before_a_failure,
    of_a_comprehension_beside_a_term_of_the_same_call, of_a_comprehension_beside_a_number,
    chained_in_a_loop, chained_once, chained_and_crossed, chained_in_branches, chained_stores, chained_twice_the_same,
    of_a_call_beside_its_operand, of_a_call_that_comes_first,
    of_arms_that_share, of_a_comprehension_over_the_old_value, of_comprehensions_in_turns,
)


def differences(fn: Fn, x: float, y: float) -> tuple[float, float]:
    step = 1e-6
    along_x = (fn(x + step, y) - fn(x - step, y)) / (2 * step)
    return along_x, (fn(x, y + step) - fn(x, y - step)) / (2 * step)


def stored_twice(x, y):
    a = [x, y]
    a[0] = a[1] = x * y
    return a[0] + a[1]


@pytest.mark.parametrize("fn", [*CASES, stored_twice])
def test_every_part_reads_what_stood_there_before(fn: Fn) -> None:
    x, y = 0.63, 1.17
    wanted = differences(fn, x, y)
    for optimize in (True, False):
        assert grad(fn, optimize=optimize)(x, y) == pytest.approx(wanted, rel=1e-6, abs=1e-8)
    moved = jvp(fn)(x, y, x_dot=0.4, y_dot=-1.1)[1]
    assert moved == pytest.approx(0.4 * wanted[0] - 1.1 * wanted[1], rel=1e-6, abs=1e-8)
    gradient = grad(fn)
    step = 1e-6
    ahead, behind = gradient(x + 0.4 * step, y - 1.1 * step), gradient(x - 0.4 * step, y + 1.1 * step)
    curved = [(one - other) / (2 * step) for one, other in zip(ahead, behind, strict=True)]
    assert hvp(fn)(x, y, x_dot=0.4, y_dot=-1.1) == pytest.approx(curved, rel=1e-5, abs=1e-7)


def chained_arrays(w, u):
    v = w
    for _ in range(2):
        v = w = np.sin(w * u)
    return v @ w


def test_arrays_of_a_chained_assignment_are_kept_before_it() -> None:
    w, u, step = np.array([0.3, 0.5]), np.array([1.3, 0.7]), 1e-6
    found = grad(chained_arrays)(w, u)
    for at, name in enumerate(inspect.signature(chained_arrays).parameters):
        for i in range(2):
            given = {"w": w, "u": u}
            ahead, behind = ({**given, name: given[name] + sign * step * np.eye(2)[i]} for sign in (1, -1))
            assert found[at][i] == pytest.approx((chained_arrays(**ahead) - chained_arrays(**behind)) / (2 * step), rel=1e-6)


def stored_where_it_is_named(x, y):
    i, a = 0, [x, y, x * y]
    a[i] = i = 2
    return a[0] * a[1] + a[2] * i


@pytest.mark.parametrize("fn", [stored_where_it_is_named])
@pytest.mark.parametrize("transform", [grad, jvp])
def test_a_chained_store_that_cannot_be_followed_is_refused(fn: Fn, transform: Fn) -> None:
    with pytest.raises(UnsupportedError, match="a chained assignment"):
        transform(fn)


def named_and_bound(x, y):
    y = (y := math.sin(x)) * y + y
    return x * y


def test_a_name_within_a_statement_that_binds_it_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="a name that the statement binds as well"):
        grad(named_and_bound)


def of_a_call_in_one_turn(x, y):
    for i in range(2):
        y = math.sin(iterated(x, y) if i == 1 else y)
    return y


def of_an_item_in_one_arm(x, y):
    a, table = x, {"u": x, "v": y}
    for _ in range(2):
        table["u"] = math.sin(x * table["v"] if x > a else a * a)
        x += x
    return table["u"] * x


@pytest.mark.parametrize("fn", [of_a_call_in_one_turn, of_an_item_in_one_arm])
def test_what_is_named_in_an_arm_is_nothing_where_that_is_not_taken(fn: Fn) -> None:
    for optimize in (True, False):
        assert grad(fn, optimize=optimize)(0.63, 1.17) == pytest.approx(differences(fn, 0.63, 1.17), rel=1e-6, abs=1e-8)


def of_every_other_element(values):
    p, q = values[::2]
    return p * q


def of_elements_at_a_variable(values, n: int):
    p, q = values[n:]
    return p * q


@pytest.mark.parametrize(("part", "wanted"), [
    (slice(2), [2.0, 1.5, 0.0]), (slice(1, None), [0.0, 3.0, 2.0]), (slice(-2, None), [0.0, 3.0, 2.0]),
])
def test_a_slice_of_a_list_that_is_unpacked_hands_its_adjoints_on(part: slice, wanted: list[float]) -> None:
    lines = f"def f(values):\n    p, q = values[{part.start or ''}:{part.stop or ''}]\n    return p * q\n"
    assert grad(function(lines))([1.5, 2.0, 3.0]) == wanted


@pytest.mark.parametrize(("fn", "more", "wanted"), [
    (of_every_other_element, (), [3.0, 0.0, 1.5]), (of_elements_at_a_variable, (1,), [0.0, 3.0, 2.0]),
])
def test_a_slice_of_a_list_that_is_unpacked_elsewhere_does_so_too(fn: Fn, more: tuple[int, ...], wanted: list[float]) -> None:
    assert grad(fn, wrt="values")([1.5, 2.0, 3.0], *more) == wanted


def stores_beside_a_sum(x, y):
    values = [x, y]
    total, values[0] = sum(t * t for t in values), 3.0
    return total


def stores_where_it_reads(x, y):
    values = [x, y]
    x, values[1] = max(values), 0.7
    return x * values[1]


def stores_what_does_not_vary(x, y):
    values = [x, y]
    z, values[0] = 2.0, 3.0
    return z * y * values[0]


@pytest.mark.parametrize("fn", [stores_beside_a_sum, stores_where_it_reads, stores_what_does_not_vary])
@pytest.mark.parametrize("transform", [grad, jvp])
def test_a_store_beside_what_reads_the_container_is_right_or_refused(fn: Fn, transform: Callable[..., Any]) -> None:
    """At 1.3, 0.7, by hand: x**2 + y**2; 0.7 * x; 6 * y."""
    slopes = {stores_beside_a_sum: (2.6, 1.4), stores_where_it_reads: (0.7, 0.0), stores_what_does_not_vary: (0.0, 6.0)}[fn]
    if transform is jvp:
        assert jvp(fn)(1.3, 0.7, x_dot=0.3, y_dot=0.5)[1] == pytest.approx(0.3 * slopes[0] + 0.5 * slopes[1])
    elif fn is stores_what_does_not_vary:
        assert grad(fn)(1.3, 0.7) == pytest.approx(slopes)
    else:
        with pytest.raises(UnsupportedError, match=r"over what is stored into|through max\(\)"):
            grad(fn)


def test_a_later_target_of_a_chained_assignment_is_refused_where_it_stands() -> None:
    def chained(x, y):
        values = [x, y]
        other = [values, [x]]
        if x > 1.0:
            z = values[0] = math.sin(y)
            return z * other[0][0]
        return x * y

    derivative = grad(chained)
    assert derivative(0.5, 0.3) == (0.3, 0.5)
    with pytest.raises(ArithmeticError, match="GG109"):
        derivative(1.5, 0.3)
