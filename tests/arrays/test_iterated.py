"""Loops and comprehensions over arrays that are computed where they stand: right by differences, in all modes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import grad, hvp, jvp


def absolute_rows(X: Any) -> Any:
    s = 0.0
    for row in np.abs(X):
        s = s + np.prod(row)
    return s


def columns_side_by_side(X: Any) -> Any:
    s = 0.0
    for a, b in zip(X.T, X.T[1:], strict=False):
        s += np.sum(a * b**2)
    return s


def differences_of_a_row(X: Any) -> Any:
    s = 0.0
    for k, d in enumerate(np.diff(X[1])):
        s = s * 0.5 + (k + 1) * d**2
        if s > 1.0:
            return s * d
    return s


def expression_left_early(X: Any) -> Any:
    s = 1.0
    for row in (
        2 * X
        - 0.5
    ):
        s = s * np.sum(row**2)
        if s > 5.0:
            break
    return s * np.sum(row)


def comprehension_of_products(X: Any) -> Any:
    return sum(np.sin(v) * w for v, w in zip(X @ X[0], np.cos(X[:, 1]), strict=True))


@pytest.mark.parametrize("function", [
    absolute_rows, columns_side_by_side, differences_of_a_row, expression_left_early, comprehension_of_products,
])
def test_what_a_loop_runs_over_may_be_computed_there(function: Callable[[Any], Any]) -> None:
    X = np.array([[0.3, -0.7, 1.1], [0.9, 0.4, -1.2], [-1.2, 0.8, 0.5]])
    along, step = np.array([[0.4, 1.3, -0.8], [-0.5, 0.7, 0.2], [1.1, -0.3, 0.6]]), 1e-6
    slope = (function(X + step * along) - function(X - step * along)) / (2 * step)
    gradient = grad(function, like=(X,))
    assert np.sum(gradient(X) * along) == pytest.approx(slope, rel=1e-7)
    assert jvp(function, like=(X,))(X, X_dot=along)[1] == pytest.approx(slope, rel=1e-7)
    slopes = (gradient(X + step * along) - gradient(X - step * along)) / (2 * step)
    assert hvp(function, like=(X,))(X, X_dot=along) == pytest.approx(slopes, rel=1e-6, abs=1e-6)


def list_filled(X: Any) -> Any:
    out = [0.0] * 3
    for i in range(3):
        out[i] = np.sum(X[i] ** 2) * X[i, 0]
    return np.sum(np.array(out) ** 2)


def test_a_function_of_numpy_is_called_by_its_own_name() -> None:
    text = grad(list_filled, like=(np.ones((3, 3)),)).source
    assert "= np.sum\n" not in text and "np.sum(X[i] ** 2)" in text.split("# backward")[1]


def looked_up(y: Any) -> Any:
    return np.interp(np.array([0.125, 0.75]), [0.0, 0.5, 1.0], y)


def looked_up_with_an_end(y: Any) -> Any:
    return np.interp(np.array([-1.0, 0.75]), [0.0, 0.5, 1.0], y, left=0.25)


@pytest.mark.parametrize(("function", "tangent"), [(looked_up, [1.25, 3.0]), (looked_up_with_an_end, [0.0, 3.0])])
def test_the_values_of_a_table_alone_may_move(function: Callable[[Any], Any], tangent: list[float]) -> None:
    assert jvp(function)(np.ones(3), y_dot=np.array([1.0, 2.0, 4.0]))[1] == pytest.approx(tangent)
