"""Loops, comprehensions and zip over the lists that a dict or a tuple holds; the keys of a dict in a dict do not vary.

Never takes an expected number from gradgen: differences judge the gradient, which judges the tangent.
"""
from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import gradgen

W = np.array([[0.1, 0.2], [0.3, 0.4]])


def layered(p: Any, h: Any) -> Any:
    for layer in p["layers"]:
        h = np.tanh(h @ layer["W"] + layer["b"])
    return np.sum(h)


def unpacked_rows(p: Any, h: Any) -> Any:
    for weights, b in p["layers"]:
        h = np.tanh(weights @ h + b)
    return np.sum(h)


def zipped(p: Any, h: Any) -> Any:
    total = h
    for a, b in zip(p["x"], p["y"], strict=True):
        total = total + a * b**2 * h
    return total


def deep(p: Any, h: Any) -> Any:
    total = 0.0
    for i, t in enumerate(p["a"]["b"]):
        total = total * h + i * t * t + t
    return total


def summed(p: Any, h: Any) -> Any:
    return sum(t * t * h for t in p["b"]) + sum([t * h for t in p["b"]])


def left(p: Any, h: Any) -> Any:
    total = h
    for t in p["b"]:
        if t > 2.5:
            break
        total = total * t + t
    return total


def by_a_name_that_changes(p: Any, h: Any) -> Any:
    key, total = "x", h
    for t in p[key]:
        total = total + t * t
    key = "y"
    return total * p[key][0]


def of_rows(p: Any, h: Any) -> Any:
    total = h
    for row in p[0]:
        for t in row:
            total = total + t * t * p[1] * h
    return total


def unpacked(p: Any, h: Any) -> Any:
    a, (b, (c, d)) = p
    return a * b + c * d * h


def summed_at_once(p: Any, h: Any) -> Any:
    return sum(p["b"]) * h * sum(p["b"], h)


def largest_of_some(p: Any, h: Any) -> Any:
    return max([p["x"], h], default=0.0) * min((h, p["x"] * h), default=None)


CASES: list[tuple[Callable[..., Any], Any, Any]] = [
    (layered, {"layers": [{"W": W, "b": np.array([0.1, 0.2])}, {"W": 2 * W, "b": np.array([0.3, 0.2])}]}, np.array([1.0, 2.0])),
    (unpacked_rows, {"layers": [(W, np.array([0.1, 0.2])), (2 * W, np.array([0.3, 0.2]))]}, np.array([1.0, 2.0])),
    (zipped, {"x": [1.0, 2.0], "y": [3.0, 4.0]}, 0.7),
    (zipped, {"x": np.array([1.0, 2.0]), "y": np.array([3.0, 4.0])}, 0.7),
    (deep, {"a": {"b": [1.0, 2.0, 3.0]}}, 0.7),
    (summed, {"b": [1.0, 2.0, 3.0]}, 0.7),
    (left, {"b": [1.0, 2.0, 3.0]}, 0.7),
    (by_a_name_that_changes, {"x": [1.0, 2.0], "y": [3.0, 4.0]}, 0.7),
    (unpacked, (2.0, (3.0, (4.0, 5.0))), 0.7),
    (summed_at_once, {"b": [1.0, 2.0, 3.0]}, 0.7),
    (largest_of_some, {"x": 2.0}, 0.7),
    (of_rows, ([[1.0, 2.0], [3.0]], 4.0), 0.7),
]


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict | list | tuple):
        return [number for part in (value.values() if isinstance(value, dict) else value) for number in numbers(part)]
    return [float(each) for each in np.ravel(value)]


def with_numbers(value: Any, given: Iterator[float]) -> Any:
    if isinstance(value, dict):
        return {key: with_numbers(part, given) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(with_numbers(part, given) for part in value)
    if isinstance(value, np.ndarray):
        return np.array([next(given) for _ in range(value.size)]).reshape(value.shape)
    return next(given)


@pytest.mark.parametrize(("fn", "p", "h"), CASES)
def test_what_an_argument_holds_is_gone_through(fn: Callable[..., Any], p: Any, h: Any) -> None:
    point = (p, h)
    at = np.array(numbers(point))

    def value(moved: Any) -> Any:
        return fn(*with_numbers(point, iter(moved.tolist())))

    slopes = [(value(at + 1e-6 * unit) - value(at - 1e-6 * unit)) / 2e-6 for unit in np.eye(len(at))]
    np.testing.assert_allclose(numbers(gradgen.grad(fn, ("p", "h"))(*copy.deepcopy(point))), slopes, rtol=1e-6, atol=1e-9)
    way = np.linspace(0.3, 1.7, len(at))
    p_dot, h_dot = with_numbers(point, iter(way.tolist()))
    _, moved = gradgen.jvp(fn, ("p", "h"))(*copy.deepcopy(point), p_dot=p_dot, h_dot=h_dot)
    np.testing.assert_allclose(moved, np.dot(slopes, way), rtol=1e-6)


def test_what_has_not_so_many_parts_raises_as_it_did() -> None:
    with pytest.raises(ValueError, match="unpack"):
        gradgen.grad(unpacked)((2.0, (3.0, (4.0, 5.0), 6.0)), 0.7)


def of_keys(p: Any) -> Any:
    total = 0.0
    for key in p["q"]:
        total = total + key * p["c"]
    return total


@pytest.mark.parametrize(("make", "more"), [(gradgen.grad, {}), (gradgen.jvp, {"p_dot": {"q": {0: 1.0, 1: 1.0}, "c": 1.0}})])
def test_the_keys_of_a_dict_in_a_dict_are_not_taken_for_its_values(make: Any, more: dict[str, Any]) -> None:
    with pytest.raises(gradgen.UnsupportedError, match="GG106"):
        make(of_keys)({"q": {0: 5.0, 1: 7.0}, "c": 2.0}, **more)
