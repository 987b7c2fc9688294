"""Sums of many operations on arrays: making their gradient takes steps in proportion to their number.

Never times anything: Python's calls are counted.
"""
from __future__ import annotations

import sys
import types
from typing import Any

import numpy as np
import pytest

from gradgen import grad, hvp

Array = Any


def of_six(x: Array) -> float:
    return np.sum(  # type: ignore[no-any-return]
        np.arctan2(x, 1 + x**2) + np.hypot(x, 2) + np.arcsinh(x) + np.log1p(x**2) + np.expm1(x) + np.cbrt(x)
    )


def of_eighteen(x: Array) -> float:
    return np.sum(  # type: ignore[no-any-return]
        np.arctan2(x, 1 + x**2) + np.hypot(x, 2) + np.arcsinh(x) + np.log1p(x**2) + np.expm1(x) + np.cbrt(x)
        + np.deg2rad(x) + np.sinh(x) - np.tan(x / 3) + np.exp2(x) + np.square(x) + np.reciprocal(x)
        + np.float_power(np.abs(x), 1.5) + np.fmod(x, 0.7) + np.remainder(x, 0.7) + np.heaviside(x, 0.5) * x
        + np.logaddexp2(x, 1) + np.positive(x)
    )


@pytest.mark.parametrize("derivative", [grad, hvp])
def test_the_work_is_in_proportion(derivative: Any) -> None:
    x = np.linspace(1.0, 2.0, 5)
    derivative(of_eighteen, like=(x,))  # what is read once for all
    few, many = _calls(derivative, of_six, x), _calls(derivative, of_eighteen, x)
    assert many < 6 * few


def _calls(derivative: Any, function: Any, x: Array) -> int:
    count = 0

    def counted(frame: types.FrameType, event: str, arg: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(counted)
    try:
        derivative(function, like=(x,))
    finally:
        sys.setprofile(None)
    return count
