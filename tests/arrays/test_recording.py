"""What loops over arrays keep for their backward parts: no array of which the shape alone is needed, and no more than that.

Never measures memory: tests/benchmarks does.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import grad, value_and_grad
from tests.oracle.differences import derivative

rng = np.random.default_rng(7)


def of_one_shape(W: Any, xs: Any) -> Any:
    total = 0.0
    for x in xs:
        z = x @ W
        s = np.tanh(z[:2])
        total = total + np.sum(s ** 2)
    return total


def of_growing_shape(W: Any, xs: Any) -> Any:
    total = 0.0
    for k in range(1, len(xs)):
        z = xs[:k] @ W
        s = np.tanh(z[-1])
        total = total + np.sum(s ** 2)
    return total


def of_two_shapes(W: Any, xs: Any) -> Any:
    z = xs @ W
    total = np.sum(np.sin(z[:1]))
    z = xs.T @ np.cos(xs)
    return total * np.sum(np.tanh(z[:1]))


def squashed(x: Any) -> Any:
    return x / (1 + np.exp(-x))


def through_a_callee(W: Any, xs: Any) -> Any:
    total = 0.0
    for x in xs:
        total = total + np.sum(squashed(x @ W) ** 2)
    return total


@pytest.mark.parametrize("function", [of_one_shape, of_growing_shape, of_two_shapes, through_a_callee])
def test_its_gradient_is_the_slope_along_a_line(function: Callable[..., Any]) -> None:
    point = rng.normal(size=(3, 4)), rng.normal(size=(5, 3))
    gradients = value_and_grad(function, like=point)(*point)[1]
    along = rng.normal(size=(3, 4)), rng.normal(size=(5, 3))
    slope = derivative(lambda x: float(function(*(part + x * by for part, by in zip(point, along, strict=True)))), 0.0)
    assert slope.agrees_with(float(sum(np.sum(part * by) for part, by in zip(gradients, along, strict=True))))


def test_what_has_one_shape_in_every_turn_is_not_kept_for_its_shape() -> None:
    point = rng.normal(size=(3, 4)), rng.normal(size=(5, 3))
    assert "s_tape.append(s)" in value_and_grad(of_one_shape, like=point).source
    assert "append((z" in value_and_grad(of_growing_shape, like=point).source


def test_a_function_of_whole_arrays_is_run_once() -> None:
    source = value_and_grad(through_a_callee, like=(rng.normal(size=(3, 4)), rng.normal(size=(5, 3)))).source
    assert sum("np.exp(" in line.partition("#")[0] for line in source.splitlines()) == 1


def largest_kept_as_a_column(X: Any) -> Any:
    top = np.max(X, axis=1, keepdims=True)
    return np.sum(top[:, 0] + np.log(np.sum(np.exp(X - top), axis=1)))


def distances_to_the_nearest(X: Any, centres: Any) -> Any:
    return np.sum(np.min(np.sum((X[:, None, :] - centres) ** 2, axis=2), axis=1))


def mean_of_a_named_loss(z: Any, y: Any) -> Any:
    loss = np.logaddexp(0, z) - y * z
    return np.mean(loss)


def sum_of_some(z: Any, y: Any) -> Any:
    loss = z * y
    return np.sum(loss) + np.sum(z[1:] * loss[1:])


def sum_of_products(W: Any, x: Any) -> Any:
    z = W @ x
    return np.sum(z) * np.mean(x)


@pytest.mark.parametrize("function", [mean_of_a_named_loss, sum_of_some, sum_of_products])
def test_an_adjoint_of_one_number_is_the_slope_along_a_line(function: Callable[..., Any]) -> None:
    size = (4, 4) if function is sum_of_products else 4
    point, along = [(rng.normal(size=size), rng.normal(size=4)) for _ in range(2)]
    gradients = value_and_grad(function, like=point)(*point)[1]
    slope = derivative(lambda x: float(function(*(part + x * by for part, by in zip(point, along, strict=True)))), 0.0)
    assert slope.agrees_with(float(sum(np.sum(part * by) for part, by in zip(gradients, along, strict=True))))
    assert [np.shape(part) for part in gradients] == [np.shape(part) for part in point]


def misses(C: Any, X: Any) -> Any:
    return np.sum((1.0 - X @ C.T) ** 2)


@pytest.mark.parametrize(("function", "point", "without"), [
    (mean_of_a_named_loss, (rng.normal(size=4), rng.normal(size=4)), "np.full_like("),
    (largest_kept_as_a_column, (rng.normal(size=(3, 4)),), "held"),
    (distances_to_the_nearest, (rng.normal(size=(5, 3)), rng.normal(size=(2, 3))), "np.full("),
    (misses, (rng.normal(size=(2, 3)), rng.normal(size=(5, 3))), "(-2 * "),
])
def test_nothing_of_full_size_is_made_for_what_cancels_or_is_one_number(function: Any, point: Any, without: str) -> None:
    assert without not in value_and_grad(function, like=point).source


def log_determinant(A: Any) -> Any:
    return np.linalg.slogdet(A)[1] ** 2


def length_of_its_gradient(A: Any) -> Any:
    return np.sum(GRADIENT(A) ** 2)


GRADIENT = grad(log_determinant, "A", like=(np.eye(3),))


def test_a_large_result_is_scaled_in_its_place_and_has_slopes_of_its_own() -> None:
    assert "dA *= " in GRADIENT.source
    A, along = rng.normal(size=(3, 3)) + 3 * np.eye(3), rng.normal(size=(3, 3))
    slope = derivative(lambda x: float(length_of_its_gradient(A + x * along)), 0.0)
    assert slope.agrees_with(float(np.sum(along * grad(length_of_its_gradient, "A", like=(A,))(A))))
