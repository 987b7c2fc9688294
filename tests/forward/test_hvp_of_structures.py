"""Hessian products by arrays in lists and dicts, and through loops that bind what is read after them: slopes of the gradient.

Never says what the gradient is: tests/arrays and tests/forward/test_array_cases.py hold gradients against differences.
"""
from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import gradgen

X = np.array([0.3, 0.8, -0.4])
M = np.array([[0.3, 0.2], [0.5, 0.1]])
W = np.array([[0.4, -0.7, 0.2], [0.1, 0.5, -0.3]])


def layer_by_key(p: dict[str, np.ndarray], x: np.ndarray) -> Any:
    return np.sum(np.tanh(p["W"] @ x + p["b"]) ** 2)


def unused_and_linear(p: dict[str, np.ndarray]) -> Any:
    return np.sum(p["W"] ** 3) + np.sum(p["b"])


def network_of_pairs(layers: list[Any], x: np.ndarray) -> Any:
    for w, b in layers[:-1]:
        x = np.tanh(w @ x + b)
    w, b = layers[-1]
    return np.sum((w @ x + b) ** 2)


def network_by_number(ws: list[np.ndarray], x: np.ndarray) -> Any:
    for i in range(len(ws)):
        x = np.tanh(ws[i] @ x)
    return np.mean(x**2)


def first_bound_in_a_loop(m: np.ndarray) -> Any:
    u = np.ones(2)
    for _ in range(3):
        v = m @ u
        u = v * v
    return np.sum(u * v)


def shortened_in_a_loop(m: np.ndarray) -> Any:
    x = np.ones(3)
    for _ in range(2):
        v = x[1:] * m
        x = v
        m = m[1:]
    return np.sum(v**2)


def balanced(costs: np.ndarray) -> Any:
    kernel, u = np.exp(-costs / 0.5), np.ones(2)
    for _ in range(4):
        v = 0.5 / (kernel.T @ u)
        u = 0.5 / (kernel @ v)
    return np.sum(u[:, None] * kernel * v * costs)


CASES: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (layer_by_key, ({"W": W, "b": np.array([0.1, 0.4])}, X)),
    (unused_and_linear, ({"W": X, "b": np.array([0.1, 0.4]), "n": np.ones(2)},)),
    (network_of_pairs, ([(W, np.array([0.1, 0.4])), (M, np.array([0.2, -0.3]))], X)),
    (network_by_number, ([W, M], X)),
    (first_bound_in_a_loop, (M,)),
    (shortened_in_a_loop, (np.array([1.2, 0.7]),)),
    (balanced, (M,)),
]


def leaves(value: Any) -> list[float]:
    """The numbers in a value, in order."""
    match value:
        case dict():
            return [leaf for part in value.values() for leaf in leaves(part)]
        case list() | tuple():
            return [leaf for part in value for leaf in leaves(part)]
        case np.ndarray():
            return list(map(float, value.ravel()))
    return [float(value)]


def with_leaves(value: Any, numbers: Iterator[float]) -> Any:
    """The same structure with other numbers."""
    match value:
        case dict():
            return {key: with_leaves(part, numbers) for key, part in value.items()}
        case list() | tuple():
            return type(value)([with_leaves(part, numbers) for part in value])
        case np.ndarray():
            return np.array([next(numbers) for _ in range(value.size)]).reshape(value.shape)
    return next(numbers)


@pytest.mark.parametrize(("fn", "at"), CASES, ids=[fn.__name__ for fn, _ in CASES])
def test_it_is_the_slope_of_the_gradient(fn: Callable[..., Any], at: tuple[Any, ...]) -> None:
    numbers = np.array(leaves(at))
    along = np.cos(3 * np.arange(numbers.size) + 1)
    gradient, step = gradgen.grad(fn), 1e-5
    ahead, back = (np.array(leaves(gradient(*with_leaves(at, iter(numbers + s * along))))) for s in (step, -step))
    directions = with_leaves(at, iter(along))
    named = {f"{name}_dot": each for name, each in zip(inspect.signature(fn).parameters, directions, strict=True)}
    found = gradgen.hvp(fn)(*at, **named)
    assert leaves(found) == pytest.approx((ahead - back) / (2 * step), rel=1e-6, abs=1e-8)
