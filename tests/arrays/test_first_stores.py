"""Stores in the place of first additions: right by differences where parts overlap, count from the end, or may do so.

Whether they are written is told by the text, what they are worth by differences along a line.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import grad, hessian, hvp, vjp

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


def rows(X: Any) -> Any:
    total = 0.0
    for i, row in enumerate(X):
        total = total + np.sin(row) * (i + 1)
    return total


def by_place(X: Any) -> Any:
    total = 0.0
    for i in range(len(X)):
        total = total * 0.5 + X[i] ** 2
    return total


def twice(X: Any) -> Any:
    total = 0.0
    for i in range(X.shape[0]):
        total = total * X[i].sum() + X[i] ** 2
    return total


def neighbours(X: Any) -> Any:
    total = 0.0
    for i in range(len(X) - 1):
        total = total + X[i] * np.cos(X[i + 1])
    return total


def from_behind(X: Any) -> Any:
    total = 0.0
    for i in range(-2, 2):
        total = total * 0.5 + np.sin(X[i]) * (i + 3)
    return total


def again_and_again(X: Any) -> Any:
    total = 0.0
    for i in range(3):
        for k in range(2):
            total = total + np.sin(X[i]) * (k + 1)
    return total


def moved_on(X: Any) -> Any:
    total = 0.0
    for i in range(3):
        i = i // 2
        total = total + np.sin(X[i])
    return total


def left_early(X: Any) -> Any:
    total = 0.0
    for i, row in enumerate(X):
        if i == 2:
            break
        total = total + row * row
    return total


def some(X: Any) -> Any:
    total = 0.0
    for i in range(3):
        if i != 1:
            total = total + X[i] ** 3
    return total + X[1]


@pytest.mark.parametrize(("function", "stores"), [
    (rows, True), (by_place, True), (twice, True), (neighbours, False), (from_behind, False), (again_and_again, False),
    (moved_on, False), (left_early, False), (some, False),
])
def test_each_turn_of_a_loop_stores_what_it_adds_to_its_own_element(function: Callable[[Any], Any], stores: bool) -> None:
    x, along = rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    seed = rng.normal(size=np.shape(function(x)))
    derivative = vjp(function, "X", like=(x,))
    ends = [np.sum(seed * function(x + size * along)) for size in (1e-5, -1e-5)]
    assert np.sum(along * derivative(x, **{derivative.seeds[0]: seed})) == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-7)
    lines = [line.strip() for line in derivative.source.split("# backward")[1].splitlines()]
    assert any(line.startswith("dX[i") and "] = " in line for line in lines) is stores


def filled(x: Any) -> Any:
    z = np.tanh(x * 2)
    n = x.shape[0]
    a, b, c = np.sin(z[:2]), np.cos(z[2:4]), z[4:] ** 2
    return a * b + c * n


def too_short(x: Any) -> Any:
    z = np.tanh(x * 2)
    return np.sin(z[:2]) * np.cos(z[2:4]) + z[2:4]


def with_a_gap(x: Any) -> Any:
    z = np.tanh(x * 2)
    return np.sin(z[:2]) + np.cos(z[3:5]) + z[5:]


@pytest.mark.parametrize(("function", "size", "is_filled"), [(filled, 6, True), (too_short, 4, False), (with_a_gap, 6, False)])
def test_what_stores_fill_is_not_made_of_zeros(function: Callable[[Any], Any], size: int, is_filled: bool) -> None:
    x, along = rng.normal(size=size), rng.normal(size=size)
    seed = rng.normal(size=np.shape(function(x)))
    derivative = vjp(function, "x", like=(x,))
    ends = [np.sum(seed * function(x + step * along)) for step in (1e-5, -1e-5)]
    assert np.sum(along * derivative(x, **{derivative.seeds[0]: seed})) == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-7)
    assert ("dz = np.empty_like(z)" in derivative.source) is is_filled
    gradient, product = grad(_squared(function), like=(x,)), hvp(_squared(function), like=(x,))
    moved = [along @ gradient(x + step * along) for step in (1e-5, -1e-5)]
    assert along @ product(x, x_dot=along) == pytest.approx((moved[0] - moved[1]) / 2e-5, rel=1e-6)
    matrix = hessian(_squared(function), like=(x,))(x)
    np.testing.assert_allclose(matrix @ along, product(x, x_dot=along), rtol=1e-9)


def _squared(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def energy(x: Any) -> Any:
        return np.sum(function(x) ** 2)

    return energy
