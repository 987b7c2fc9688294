"""Iterators that can be gone through once only: a derivative never goes through one a second time and finds it empty."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from gradgen import grad, jvp
from gradgen.errors import UnsupportedError


def dot(a: Any, b: Iterable[float]) -> float:
    return sum(u * v for u, v in zip(a, b, strict=True))


def of_map(x: float, y: float) -> float:
    r = map(float, "123")
    return sum(a * y for a in r) * x


def of_zip_in_a_list(x: float, y: float) -> float:
    r = zip([1.0, 2.0], [3.0, 4.0], strict=True)
    return sum([a * y + b * x for a, b in r])


def of_another_name(x: float, y: float) -> float:
    r = itertools.chain([1.0, 2.0], [3.0])
    q = r
    terms = [a * y for a in q]
    return sum(terms) * x


def of_a_generator(x: float, y: float) -> float:
    r = (k * 0.5 for k in range(3))
    return max(a * y for a in r) * x


def of_an_argument(x: float, y: float) -> float:
    return dot([x, y], map(float, "12")) * x


def of_a_list(x: float, y: float) -> float:
    r = list(map(float, "123"))
    return sum(a * y for a in r) * dot([x, y], [2.0, 3.0])


@pytest.mark.parametrize("function", [of_map, of_zip_in_a_list, of_another_name, of_a_generator, of_an_argument])
def test_what_a_derivative_would_find_used_up_is_refused(function: Callable[..., float]) -> None:
    for derivative in (lambda: grad(function)(1.3, 0.7), lambda: jvp(function)(1.3, 0.7, x_dot=1.0, y_dot=0.0)):
        with pytest.raises(UnsupportedError, match="GG106.* iterator"):
            derivative()


def test_what_is_listed_first_has_a_gradient() -> None:
    # 6 y (2 x + 3 y)
    assert grad(of_a_list)(1.3, 0.7) == pytest.approx((12 * 0.7, 12 * 1.3 + 36 * 0.7))
