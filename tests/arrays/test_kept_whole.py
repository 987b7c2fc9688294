"""What backward parts need of an array that is changed later by another way: by a view that took its name, by a statement that
reads it through a function, by a part of what a function hands out.

Expected slopes are differences along a random direction.
"""
from __future__ import annotations

import dataclasses
from collections import namedtuple
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import jvp, vjp

from .along import judge

WEIGHTS = np.array([1.3, -0.7, 0.4])
POINT = (0.8, 0.3, np.array([0.3, -0.4, 0.2]))
Pair = namedtuple("Pair", "a b")


@dataclasses.dataclass
class Field:
    a: float
    b: Any
    c: float = 2.0


def halved_or_squared(u):
    if np.sum(u) > 5:
        return u * 0.5
    return u * u


def products(u, w):
    return u * w, u + w


def by_name(u, w):
    return {"product": u * w, "sum": u + w}


def grown(o, s):
    return Field(o.a * s, o.b + s)


def grown_pair(o, s):
    return Pair(o.a * s, o.b + s)


def area(o):
    return o.a * o.b


def a_slice_by_its_own_name(x, y, v):
    v = v * x
    s = np.sum(v * v)
    v = v[1:]
    v[0] = y
    return s * np.sum(v)


def turned_round_by_its_own_name(x, y, v):
    v = v * x
    squares = v * v
    v = v[::-1]
    v += y
    return np.sum(squares * v * WEIGHTS)


def converted_by_its_own_name(x, y, v):
    v = v * x
    s = np.sum(v * v)
    v = np.asarray(v)
    v -= 2 * v * y
    return s * np.sum(v * WEIGHTS)


def turned_round_in_a_loop(x, y, v):
    s = 0.0
    v = v * x
    for _ in range(3):
        s = s + np.sum(v * v * WEIGHTS)
        v = v[::-1]
        v += y * x
    return s


def stored_from_a_function_of_itself(x, y, v):
    v = v * x
    v[1:] = halved_or_squared(v)[:2]
    return np.sum(v * WEIGHTS) * y


def changed_by_a_function_of_itself(x, y, v):
    v = v * x
    v *= np.sum(halved_or_squared(v)) * y
    return np.sum(v * WEIGHTS)


def changed_by_another_form_of_itself(x, y, v):
    m = np.outer(v, WEIGHTS[:2]) * x
    m *= m.reshape(2, 3).T * y
    return np.sum(m[:, 0] * WEIGHTS)


def summed_in_another_form_before_a_store(x, y, v):
    m = np.outer(v, WEIGHTS[:2]) * x
    s = np.sum(m.reshape(2, 3).T * np.sin(m * y))
    m[0] = y
    return s * np.sum(m)


def a_sum_of_one_result(x, y, v):
    return np.sum(products(v, x)[1]) * np.mean(products(v * x, y)[0])


def a_sum_by_name(x, y, v):
    return np.sum(by_name(v, x)["sum"]) * y


def a_field_of_a_record(x, y, v):
    return np.sum(area(Field(x, y - v)) * WEIGHTS)


def a_record_that_a_function_makes(x, y, v):
    return np.sum(grown(Field(x, v), y).b * WEIGHTS) * grown(Field(x, v), y).a


def a_named_tuple_that_a_function_makes(x, y, v):
    return np.sum(grown_pair(Pair(x, v), y).a * v * WEIGHTS)


def a_record_in_a_loop(x, y, v):
    o = Field(x, v)
    for _ in range(3):
        o = Field(o.a * y, o.b * x + o.a)
    return np.sum(area(o) * WEIGHTS)


def a_comprehension_in_another_of_its_name(x, y, v):
    return sum(e * sum(e * x for e in v) for e in v) * y


def counted_in_one_and_in_another(x, y, v):
    parts = [e * sum(i * e * x for i in range(3)) + i * y * e for i, e in enumerate(v)]
    return parts[1] * parts[2]


FUNCTIONS = [
    a_slice_by_its_own_name, turned_round_by_its_own_name, converted_by_its_own_name, turned_round_in_a_loop,
    stored_from_a_function_of_itself, changed_by_a_function_of_itself, changed_by_another_form_of_itself,
    summed_in_another_form_before_a_store, a_sum_of_one_result, a_sum_by_name, a_field_of_a_record,
    a_record_that_a_function_makes, a_named_tuple_that_a_function_makes, a_record_in_a_loop,
    a_comprehension_in_another_of_its_name, counted_in_one_and_in_another,
]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_the_gradient_is_that_of_the_value_as_it_was(function: Callable[..., Any]) -> None:
    judge(function, POINT, ("x", "y", "v"))


def a_field_left_to_its_default(x, y):
    return Field(x, b=y).c * x * y


def test_the_tangent_of_a_field_that_is_left_to_its_default_is_nothing() -> None:
    assert jvp(a_field_left_to_its_default)(0.8, 0.3, x_dot=0.7, y_dot=-1.1) == pytest.approx((0.48, 2 * (0.7 * 0.3 - 1.1 * 0.8)))


def a_list_of_other_parts(x: Any, y: Any, v: Any) -> Any:
    parts = [x, y]
    if x > 0.2:
        parts = [y, v]
    return np.sum(parts[0] * parts[1])


def a_dict_of_other_parts(x: Any, y: Any, v: Any) -> Any:
    parts = {"a": x, "b": y}
    if x > 0.2:
        parts = {"a": y, "b": v}
    return np.sum(parts["a"] * parts["b"])


@pytest.mark.parametrize("function", [a_list_of_other_parts, a_dict_of_other_parts])
def test_a_part_that_is_a_number_at_one_time_and_an_array_at_another(function: Callable[..., Any]) -> None:
    v = np.array([1.0, 2.0, 3.0])
    dx, dy, dv = vjp(function)(0.5, 0.7, v, **{vjp(function, like=(0.5, 0.7, v)).seeds[0]: -0.3})
    assert (np.shape(dx), np.shape(dy)) == ((), ())
    assert (float(dx), float(dy)) == pytest.approx((0.0, -0.3 * 6.0))
    assert dv == pytest.approx([-0.3 * 0.7] * 3)
    dx, dy, dv = vjp(function)(0.1, 0.7, v, **{vjp(function, like=(0.5, 0.7, v)).seeds[0]: -0.3})
    assert (float(dx), float(dy)) == pytest.approx((-0.3 * 0.7, -0.3 * 0.1))
    assert dv == pytest.approx([0.0] * 3)
