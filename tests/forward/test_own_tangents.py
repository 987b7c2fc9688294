"""The tangents that a caller hands in stay as they are, also where the function changes the list or dict that they belong to.

Judged by central differences.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gradgen import jvp


def doubled(xs: Any) -> Any:
    xs[0] = 2 * xs[0]
    return xs[0] * xs[1]


def swapped(xs: Any) -> Any:
    xs[0], xs[1] = xs[1], 2 * xs[0]
    return xs[0] * xs[0] * xs[1]


def longer(xs: Any) -> Any:
    xs.append(xs[0] * 3)
    return xs[2] * xs[1]


def shorter(xs: Any) -> Any:
    last = xs.pop()
    return last * last * xs[0]


def in_a_loop(xs: Any) -> Any:
    for i in range(len(xs)):
        xs[i] *= 3
    return xs[0] * xs[1]


def in_a_dict(xs: Any) -> Any:
    xs["a"] = xs["a"] * xs["b"]
    return xs["a"] * 3


@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize("function", [doubled, swapped, longer, shorter, in_a_loop, in_a_dict])
def test_tangents_of_what_is_changed_are_left_as_they_came(function: Callable[..., Any], optimize: bool) -> None:
    keys = ("a", "b") if function is in_a_dict else (0, 1)
    values, moved = (3.0, 4.0), (1.0, -2.0)

    def given(numbers: tuple[float, ...]) -> Any:
        return dict(zip(keys, numbers, strict=True)) if function is in_a_dict else list(numbers)

    def at(h: float) -> Any:
        return function(given(tuple(value + h * move for value, move in zip(values, moved, strict=True))))

    direction = given(moved)
    for _ in range(2):
        tangent = jvp(function, optimize=optimize)(given(values), xs_dot=direction)[1]
        assert tangent == pytest.approx((at(1e-5) - at(-1e-5)) / 2e-5, rel=1e-8)
        assert direction == given(moved)
