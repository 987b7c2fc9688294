"""What an exception carries to where it is caught varies with what it was made of: refused where the result reads it."""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from gradgen import UnsupportedError, grad, jvp


class Found(Exception):
    def __init__(self, value: float) -> None:
        super().__init__()
        self.value = value


def made_here(x: float, y: float) -> float:
    try:
        raise Found(x * y)
    except Found as error:
        return error.value * 2


def search(x: float, y: float) -> float:
    for k in range(3):
        if k * x > y:
            raise Found(k * x)
    return x


def made_by_a_callee(x: float, y: float) -> float:
    try:
        found = search(x, y)
    except Found as error:
        found = error.value
    return found * x


def an_argument(x: float, y: float) -> float:
    try:
        raise ValueError(x * y)
    except ValueError as error:
        return float(error.args[0]) + x


def told(x: float, y: float) -> float:
    try:
        value = math.sqrt(x) * y
    except ValueError as error:
        print("no root:", error)
        raise RuntimeError(f"no root of {x}: {error}") from error
    return value


@pytest.mark.parametrize("transform", [grad, jvp])
@pytest.mark.parametrize("fn", [made_here, made_by_a_callee, an_argument])
def test_what_an_exception_carries_is_refused(fn: Callable[..., float], transform: Callable[..., Any]) -> None:
    with pytest.raises(UnsupportedError, match="GG106: .*what an exception carries"):
        transform(fn)


def test_an_exception_that_is_only_told_of_is_none_of_the_derivatives_business() -> None:
    assert grad(told)(1.21, 0.7) == pytest.approx((0.7 / 2.2, 1.1))  # y / (2 sqrt(x)), sqrt(x)
    with pytest.raises(RuntimeError, match="no root of -1.0"):
        grad(told)(-1.0, 0.7)
