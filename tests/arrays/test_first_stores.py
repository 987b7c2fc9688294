"""Stores in the place of first additions: right by differences where parts overlap, count from the end, or may do so.

Whether they are written is told by the text, what they are worth by differences along a line.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import vjp

rng = np.random.default_rng(11)


def quarters(x: Any) -> Any:
    n = x.shape[0] // 1
    z = np.sin(x)
    return np.tanh(z[:2]) * z[2:4] + z[4:6] ** 2 + z[0:2] * n


def by_length(x: Any) -> Any:
    n = x.shape[0]
    z = np.concatenate([x, np.cos(x), x ** 2])
    return np.sin(z[:n]) * z[n:2 * n] * z[2 * n:]


def overlapping(x: Any) -> Any:
    z = x ** 2
    return np.sin(z[1:]) * z[:-1] + z[2] * z[1:]


def from_the_end(x: Any) -> Any:
    z = x ** 2
    return np.sin(z[:2]) * z[-2:] + z[2:4] * z[-1] * z[0] + z[4:]


def columns(x: Any) -> Any:
    z = x.reshape(3, 2) * 1.0
    return np.sin(z[:, 0]) * z[:, 1] + z[0, :1] * z[1:, 1].sum() + z[None, :, 0][0]


def by_a_number(x: Any, k: int = -2) -> Any:
    z = x ** 2
    return np.sin(z[:k]) * z[2:] + z[k:].sum()


def added_in_branches(x: Any) -> Any:
    total = 0.0
    for i in range(2):
        z = np.sin(x) * (i + 1)
        if i > 0:
            total = total + z[:3] ** 2
        total = total + z[1:4] * z[3:]
    return total


@pytest.mark.parametrize(("function", "stores"), [
    (quarters, 3), (by_length, 3), (overlapping, 1), (from_the_end, 1), (columns, 2), (by_a_number, 1), (added_in_branches, 1),
])
def test_what_is_first_added_to_zeros_is_stored(function: Callable[[Any], Any], stores: int) -> None:
    x, along = rng.normal(size=6), rng.normal(size=6)
    seed = rng.normal(size=np.shape(function(x)))
    derivative = vjp(function, "x", like=(x,))
    ends = [np.sum(seed * function(x + size * along)) for size in (1e-5, -1e-5)]
    assert np.sum(along * derivative(x, **{derivative.seeds[0]: seed})) == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-7)
    lines = [line.strip() for line in derivative.source.split("# backward")[1].splitlines()]
    assert sum(line.startswith("dz[") and "] = " in line for line in lines) >= stores
