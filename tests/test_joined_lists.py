"""An operator between what may be lists joins them: refused where the value is a list, the sum of arrays where it is an array."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import UnsupportedError, grad, jvp


def glued(a: Any, b: Any) -> Any:
    c = a + b
    return c[0] * c[1]


def gone_through(a: Any, b: Any) -> Any:
    total = 0.0
    for v in a + b:
        total += v * v * v
    return total


def first_times_second(c: Any) -> Any:
    return c[0] * c[1]


def handed_on(a: Any, b: Any) -> Any:
    return first_times_second(a + b)


def one_way_only(a: Any, b: Any) -> Any:
    return first_times_second(a if a is b else a + b)


def listed(a: Any, b: Any) -> Any:
    return sum([v * v for v in a + b])


def perimeter(ps: Any) -> Any:
    return sum((q[0] - p[0]) ** 2 + (q[1] - p[1]) ** 2 for p, q in zip(ps, ps[1:] + ps[:1], strict=True))


def repeated(xs: Any) -> Any:
    return sum(i * x for i, x in enumerate(xs * 2))


def element(a: Any, b: Any) -> Any:
    return (a + b)[1]


OF_TWO = [glued, gone_through, handed_on, one_way_only, listed]


@pytest.mark.parametrize("function", OF_TWO)
@pytest.mark.parametrize("kind", [list, tuple])
def test_lists_that_are_joined_are_refused(function: Callable[..., Any], kind: Callable[[Any], Any]) -> None:
    derivative, pushed = grad(function), jvp(function, "b")
    for _ in range(2):
        with pytest.raises(UnsupportedError, match="GG115"):
            derivative(kind([1.0, 2.0]), kind([3.0, 4.0]))
        with pytest.raises(UnsupportedError, match="GG115"):
            pushed(kind([1.0, 2.0]), kind([3.0, 4.0]), b_dot=kind([1.0, 0.0]))


@pytest.mark.parametrize("function", OF_TWO)
def test_of_arrays_the_same_operator_is_a_sum_whatever_came_before(function: Callable[..., Any]) -> None:
    a, b = np.array([0.4, -1.3]), np.array([0.9, 0.2])
    derivative = grad(function)
    if function is glued:
        with pytest.raises(UnsupportedError, match="GG115"):
            derivative(a.tolist(), b.tolist())
    exact = {gone_through: 3 * (a + b) ** 2, listed: 2 * (a + b)}.get(function, (a + b)[::-1])
    assert derivative(a, b) == (pytest.approx(exact), pytest.approx(exact))
    with pytest.raises(UnsupportedError, match="GG115"):
        derivative(a.tolist(), b.tolist())


@pytest.mark.parametrize(("function", "value"), [(perimeter, [(0.0, 0.0), (1.0, 0.2), (0.4, 1.1)]), (repeated, [1.0, 2.0])])
def test_slices_that_are_joined_and_lists_that_are_repeated_are_refused(function: Callable[..., Any], value: Any) -> None:
    with pytest.raises(UnsupportedError, match="GG115"):
        grad(function)(value)


def test_an_element_of_joined_lists_is_refused_in_forward_mode() -> None:
    with pytest.raises(UnsupportedError, match="GG115"):
        jvp(element, "b")([1.0, 2.0], [3.0, 4.0], b_dot=[1.0, 10.0])
