"""Arrays that meet values of which nothing is known, such as an object's attributes: right whatever their shape is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import grad, jvp, vjp

from .judging import differences, seed_for


class Held:
    """An object that no text looks into."""

    def __init__(self, k: Any) -> None:
        self.k = k

    def given(self) -> Any:
        return self.k


def total(x, o):
    return np.sum(x) * o.k


def total_over(x, o):
    return np.sum(x) / o.k


def weighted(x, o):
    return np.sum(x * o.k) * o.k


def mean(x, o):
    return np.mean(x, axis=0) * o.k


def first(x, o):
    return x[0] * o.k


def squares(x, o):
    return (x @ x) * o.k


def scaled(x, o):
    return x * o.k


def total_twice(x, o):
    s = np.sum(x)
    return s * o.k + s


def deep(x, o):
    return o.k * np.sum(np.exp(x) * o.k)


def length(x, o):
    return o.k * np.linalg.norm(x)


def greatest(x, o):
    return o.k * x.max()


def outer_trace(x, o):
    return o.k * np.trace(x[None].T @ x[None])


def running(x, o):
    return o.k + np.cumsum(x)


def raised(x, o):
    return np.prod(x) ** o.k


def chosen(x, o):
    return np.where(o.k > 1.5, np.sum(x), np.sum(x**2)) * o.k


def with_an_axis_more(x, o):
    return np.sin(np.expand_dims(o.given() * x, 0))


def differences_after(x, o):
    return np.sum(np.sin(np.diff(x, prepend=o.given() * x)))


def joined_differences(x, o):
    return np.sum(np.sin(np.ediff1d(x, to_begin=o.given() * x)))


FUNCTIONS = [
    with_an_axis_more,
    total, total_over, weighted, mean, first, squares, scaled, total_twice, deep, length, greatest, outer_trace, running, raised,
    chosen,
]
X = np.array([0.3, 0.5, 1.2])


@pytest.mark.parametrize("k", [2.0, np.array([1.0, 2.0, 3.0]), np.array([[1.0, 2.0, 0.5], [3.0, 0.25, 1.0]])], ids=np.ndim)
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_what_is_not_known_may_be_of_any_shape(function: Callable[..., Any], k: Any) -> None:
    arguments = {"x": X, "o": Held(k)}
    seed = seed_for(function(**arguments))
    made = vjp(function, "x")
    found = made(**arguments, **{made.seeds[0]: seed})
    assert np.shape(found) == X.shape
    np.testing.assert_allclose(found, differences(function, arguments, "x", seed), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("k", [2.0, np.array([1.0, 2.0, 3.0])], ids=np.ndim)
@pytest.mark.parametrize("function", [differences_after, joined_differences])
def test_where_the_lines_depend_on_the_rank_that_of_an_attribute_is_known(function: Callable[..., Any], k: Any) -> None:
    found = grad(function, "x")(X, Held(k))
    np.testing.assert_allclose(found, differences(function, {"x": X, "o": Held(k)}, "x", 1.0), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("k", [2.0, np.array([1.0, 2.0, 3.0]), np.array([[1.0, 2.0, 0.5], [3.0, 0.25, 1.0]])], ids=np.ndim)
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_its_tangent_agrees_with_its_adjoint(function: Callable[..., Any], k: Any) -> None:
    o, direction = Held(k), np.array([0.7, -1.3, 0.4])
    value = function(X, o)
    seed = seed_for(value)
    backward = vjp(function, "x")
    forward = jvp(function, "x")
    found, tangent = forward(X, o, **{forward.tangents[0]: direction})
    np.testing.assert_allclose(found, value)
    assert np.shape(tangent) == np.shape(value)
    np.testing.assert_allclose(np.sum(seed * tangent), backward(X, o, **{backward.seeds[0]: seed}) @ direction, rtol=1e-10)
