"""Calls of the user's own functions: where a callee's refusal is raised, and what is written for a call.

Never takes an expected number from gradgen: closed forms.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from gradgen import grad, value_and_grad
from gradgen.errors import GradgenError, NonDifferentiableError, UnsupportedError


def root(c: float) -> float:
    low, high = 0.0, 100.0
    while high - low > 1e-6:
        middle = 0.5 * (low + high)
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
