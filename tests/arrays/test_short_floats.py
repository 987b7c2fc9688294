"""Gradients by arrays of fewer bits than Python's floats have are of these bits, as are tangents of what is computed from them.

Judged by central differences of the function itself in float64.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gradgen

X = np.array([0.3, 0.7, 0.45, 0.62])
SHORT = X.astype(np.float32)


def of_bounds(x: Any) -> Any:
    return np.sum(np.clip(x, 0.35, 0.65) * 2)


def of_a_choice(x: Any) -> Any:
    return np.sum(np.where(x > 0.5, x, x * x))


def of_parts(x: Any) -> Any:
    return np.sum(np.concatenate([x, 2 * x])[1:] * 3)


def of_the_largest(x: Any) -> Any:
    return np.max(x) * 2


def of_differences(x: Any) -> Any:
    return np.sum(np.diff(x) * np.arange(3.0))


def of_products(x: Any) -> Any:
    return np.sum(np.outer(x, x) * 2)


def of_a_shape(x: Any) -> Any:
    return np.sum(x.reshape(2, 2).T @ x.reshape(2, 2))


def of_cardinal_sines(x: Any) -> Any:
    return np.sum(np.sinc(x))


def of_bessel(x: Any) -> Any:
    return np.sum(np.i0(x))


def of_steps(x: Any) -> Any:
    return np.sum(np.linspace(x[0], x[1], 5) * 2)


def of_what_is_bound_anew(x: Any) -> Any:
    x = np.asarray(x, dtype=np.float64) * 2.0
    return np.sum(np.clip(x, 0.0, 1.0))


def of_a_matrix(x: Any) -> Any:
    a = x.reshape(2, 2) + np.eye(2, dtype=x.dtype)
    return np.sum(np.linalg.solve(a, a[0])) + np.sum(np.linalg.svd(a, compute_uv=False))


def in_a_loop(x: Any) -> Any:
    s = 0.0
    for i in range(3):
        s = s + np.tile(x, 2)[i] * x[i + 1]
    return s


CASES = [
    of_bounds, of_a_choice, of_parts, of_the_largest, of_differences, of_products, of_a_shape, of_cardinal_sines, of_bessel,
    of_steps, of_what_is_bound_anew, of_a_matrix, in_a_loop,
]


def slopes(function: Callable[..., Any], x: Any) -> Any:
    """Central differences."""
    return np.array([(function(x + 1e-6 * unit) - function(x - 1e-6 * unit)) / 2e-6 for unit in np.eye(x.size)])


@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize("function", CASES)
def test_gradients_by_short_arrays_are_short(function: Callable[..., Any], optimize: bool) -> None:
    derivative = gradgen.grad(function, optimize=optimize)
    wanted = slopes(function, X)
    for x in (X, SHORT, X):
        found = derivative(x)
        assert found.dtype == x.dtype
        np.testing.assert_allclose(found, wanted, rtol=1e-3 if x is SHORT else 1e-7, atol=1e-7)
    value, found = gradgen.value_and_grad(function, optimize=optimize)(SHORT)
    assert found.dtype == np.float32 and value == pytest.approx(function(X), rel=1e-5)


@pytest.mark.parametrize("function", CASES)
def test_tangents_are_as_wide_as_values(function: Callable[..., Any]) -> None:
    derivative = gradgen.jvp(function)
    for x in (X, SHORT):
        value, moved = derivative(x, x_dot=np.ones_like(X))
        assert np.asarray(moved).dtype == np.asarray(value).dtype
        assert moved == pytest.approx(np.sum(slopes(function, X)), rel=1e-3, abs=1e-6)


def of_layers(weights: Any, x: Any) -> Any:
    for w in weights:
        x = np.clip(w * x, 0.0, 1.0)
    return np.sum(x * 2)


def of_fields(p: Any) -> Any:
    return np.sum(np.where(p["w"] > 0.5, p["w"], 0.0)) + np.sum(np.clip(p["b"], 0.0, 0.5))


def test_each_part_of_a_gradient_is_as_short_as_what_it_belongs_to() -> None:
    derivative = gradgen.grad(of_layers)
    for weights, x in (([SHORT, X], SHORT), ([SHORT, SHORT], X), ([X, X], SHORT), ([X, X], X)):
        weighted, by_x = derivative(weights, x)
        assert [each.dtype for each in weighted] == [each.dtype for each in weights]
        assert by_x.dtype == x.dtype
        np.testing.assert_allclose(by_x, 2 * X * X, rtol=1e-5)
    found = gradgen.grad(of_fields)({"w": SHORT, "b": X})
    assert found["w"].dtype == np.float32 and found["b"].dtype == np.float64


def test_vjps_jacobians_and_second_derivatives_by_short_arrays_are_short() -> None:
    def cut(x: Any) -> Any:
        return np.clip(x, 0.0, 0.5) * x

    wanted = np.diag(np.where(X < 0.5, 2 * X, 0.5))
    assert gradgen.vjp(cut)(SHORT, dcut=X).dtype == np.float32
    found = gradgen.jacobian(cut)(SHORT)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, wanted, rtol=1e-5)
    assert gradgen.hvp(of_products)(SHORT, x_dot=X).dtype == np.float32
    assert gradgen.hessian(of_products)(SHORT).dtype == np.float32


def test_a_text_for_short_arrays_stands_alone_and_takes_others() -> None:
    namespace: dict[str, Any] = {}
    exec(gradgen.grad(of_bounds, like=(SHORT,)).source, namespace)
    for x in (SHORT, X):
        assert namespace["of_bounds_grad"](x).dtype == x.dtype
