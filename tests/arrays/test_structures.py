"""Arrays in lists, tuples and dicts, gone through by loops: gradients in the same structure, right by differences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from gradgen import grad

Layers = list[Any]


def layers_unpacked(params: Layers, x: Any) -> Any:
    for W, b in params:
        x = np.tanh(x @ W + b)
    return np.sum(x)


def all_but_the_last(params: Layers, x: Any) -> Any:
    for W, b in params[:-1]:
        x = np.tanh(x @ W + b)
    W, b = params[-1]
    return np.sum(x @ W + b)


def numbered_and_nested(params: Layers, x: Any) -> Any:
    for i, (W, b) in enumerate(params):
        x = np.tanh(x @ W + b) * (i + 1)
    return np.sum(x)


def layers_beside_numbers(params: Layers, x: Any) -> Any:
    hidden = []
    for (W, b), scale in zip(params, (1.5, -0.5), strict=True):
        x = np.tanh(x @ W + b) * scale
        hidden.append(x)
    return np.sum(hidden[-1]) + np.sum(hidden[0])


def rows_by_index(params: Layers, x: Any) -> Any:
    for layer in params:
        x = np.tanh(x @ layer[0] + layer[1])
    return np.sum(x)


def keys_stored_at(params: Layers, x: Any) -> Any:
    halves = {"W": x.sum(axis=0), "b": np.tanh(x[0])}
    for key in halves:
        halves[key] = halves[key] * 0.5
    return sum(np.sum(W**2) + np.sum(b) for W, b in params) * np.sum(halves["W"] * halves["b"])


def penalties(params: Layers, x: Any) -> Any:
    return sum(np.sum(W**2) for W, _ in params) * np.sum(x) + sum([np.sum(b) for _, b in params])


def dicts(params: Layers, x: Any) -> Any:
    for layer in params:
        x = np.tanh(x @ layer["W"] + layer["b"])
    return np.sum(x)


def pairs_of_rows(params: Layers, x: Any) -> Any:
    total = 0.0
    for i, p in enumerate(x):
        for q in x[i + 1 :]:
            total += np.sum((p - q) ** 2) * params[0][1][i]
    return total


def columns_and_rows(params: Layers, x: Any) -> Any:
    total = 0.0
    for column in x.T:
        total += np.prod(column)
    for a, b in x[:, 1:]:
        total += a * b**2
    for i in range(2):
        for v in x[i]:
            total = total * v + 1.0
    for v in x[1:, 0]:
        total += v**3
    return total * np.sum(params[0][1])


def _arrays(part: Any) -> Iterator[Any]:
    if isinstance(part, np.ndarray):
        yield part
    else:
        for item in part.values() if isinstance(part, dict) else part:
            yield from _arrays(item)


def _moved(part: Any, direction: Iterator[Any], size: float) -> Any:
    if isinstance(part, np.ndarray):
        return part + size * next(direction)
    if isinstance(part, dict):
        return {key: _moved(item, direction, size) for key, item in part.items()}
    return type(part)(_moved(item, direction, size) for item in part)


def _alike(left: Any, right: Any) -> bool:
    if isinstance(left, np.ndarray):
        return isinstance(right, np.ndarray) and left.shape == right.shape
    if isinstance(left, dict):
        return type(right) is dict and left.keys() == right.keys() and all(_alike(left[key], right[key]) for key in left)
    return type(left) is type(right) and len(left) == len(right) and all(map(_alike, left, right))


@pytest.mark.parametrize("function", [
    layers_unpacked, all_but_the_last, numbered_and_nested, layers_beside_numbers, rows_by_index, keys_stored_at, penalties,
    dicts, pairs_of_rows, columns_and_rows,
])
@pytest.mark.parametrize("optimize", [True, False])
def test_gradients_have_the_structure_of_the_arguments_and_agree_with_differences(
    function: Callable[..., Any], optimize: bool
) -> None:
    rng = np.random.default_rng(11)
    params: Layers = [(rng.normal(size=(3, 4)), rng.normal(size=4)), (rng.normal(size=(4, 3)), rng.normal(size=3))]
    if function is dicts:
        params = [dict(zip("Wb", layer, strict=True)) for layer in params]
    arguments = [params, rng.normal(size=(3, 3))]
    gradients = grad(function, optimize=optimize)(*arguments)
    assert _alike(list(gradients), arguments)
    direction = [rng.normal(size=each.shape) for each in _arrays(arguments)]
    along = sum(float(np.sum(g * d)) for g, d in zip(_arrays(gradients), direction, strict=True))
    ends = [function(*_moved(arguments, iter(direction), size)) for size in (1e-6, -1e-6)]
    assert along == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-6)
