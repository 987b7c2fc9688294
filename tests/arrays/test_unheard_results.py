"""Gradients that leave out a result which nothing reads still raise what the function raises."""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import grad


def squared_error(W: Any, X: Any, y: Any) -> Any:
    out = X @ W
    loss = np.mean((out - y) ** 2)
    return loss


def picked(p: Any, y: Any) -> Any:
    loss = -np.mean(np.log(p[np.arange(len(y)), y]))
    return loss


def side_by_side(a: Any, b: Any) -> Any:
    total = np.sum(a + b)
    return total


def logarithm(x: Any) -> Any:
    value = math.log(np.sum(x))
    return value


def share(x: Any, n: int) -> Any:
    each = float(np.sum(x)) / n
    return each


W, X, Y = np.array([0.5, -1.0]), np.array([[1.0, 2.0], [3.0, 0.5], [-1.0, 4.0]]), np.array([0.2, 0.1, -0.3])


def test_a_result_that_nothing_reads_is_not_computed() -> None:
    gradient = grad(squared_error, "W", like=(W, X, Y))
    assert "loss =" not in gradient.source.replace("# loss =", "")
    np.testing.assert_allclose(gradient(W, X, Y), 2 * X.T @ (X @ W - Y) / 3)
    places = np.array([0, 1, 0])
    p = np.array([[0.5, 0.25], [0.3, 0.7], [0.4, 0.9]])
    gradient = grad(picked, "p", like=(p, places))
    assert "np.log" not in gradient.source.replace("# loss = -np.mean(np.log", "")
    np.testing.assert_allclose(gradient(p, places), [[-1 / 1.5, 0.0], [0.0, -1 / 2.1], [-1 / 1.2, 0.0]])


@pytest.mark.parametrize(("fn", "good", "bad"), [
    (squared_error, (W, X, Y), (W, X, np.ones(2))), (side_by_side, (W, W), (W, np.ones(3))),
    (picked, (abs(X), np.array([0, 1, 0])), (abs(X), np.array([0, 1, 5]))),
    (logarithm, (Y + 1,), (-Y - 1,)), (share, (W, 2), (W, 0)),
])
def test_what_a_function_raises_its_gradient_raises(fn: Callable[..., Any], good: tuple[Any, ...], bad: tuple[Any, ...]) -> None:
    gradient = grad(fn, 0, like=good)
    gradient(*good)
    with pytest.raises((ValueError, IndexError, ZeroDivisionError)) as plain:
        fn(*bad)
    with pytest.raises(type(plain.value)):
        gradient(*bad)
