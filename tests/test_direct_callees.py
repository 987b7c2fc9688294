"""Callees whose backward part reads their arguments and their result alone: the caller hands it these.

Never takes an expected number from gradgen: differences and closed forms.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from gradgen import grad, hessian, hvp, value_and_grad, vjp
from tests.oracle.differences import derivative

Array = Any


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def relu(z: Array) -> Array:
    return np.maximum(z, 0.0)


def softplus(z: Array) -> Array:
    return np.log(1 + np.exp(z))


def length(x: float, y: float) -> float:
    squared = x * x + y * y
    return math.sqrt(squared)


def scaled(x: Array, by: float = 3.0) -> Array:
    return np.exp(by * x)


def both(x: Array) -> tuple[Array, Array]:
    return np.sin(x), np.cos(x)


def of_sigmoid(w: Array, X: Array) -> float:
    p = sigmoid(X @ w)
    return np.sum(p * p)  # type: ignore[no-any-return]


def of_relu(w: Array, X: Array) -> float:
    return np.sum(relu(X @ w + 0.1))  # type: ignore[no-any-return]


def in_loop(w: Array, X: Array) -> float:
    for _ in range(3):
        w = w + 0.1 * sigmoid(X.T @ sigmoid(X @ w))
    return np.sum(w**2)  # type: ignore[no-any-return]


def stored_later(w: Array, X: Array) -> float:
    z = X @ w
    p = sigmoid(z)
    total = np.sum(p * p)
    q = p.copy()
    q[1] = 7.0
    z = z - q
    z[0] = 5.0
    return total + np.sum(p * q) + np.sum(z)  # type: ignore[no-any-return]


def rebound(w: Array, X: Array) -> float:
    z = X @ w
    p = relu(z)
    z = sigmoid(p)
    p = softplus(z) * p
    return np.sum(p)  # type: ignore[no-any-return]


def by_default(w: Array, X: Array) -> float:
    return np.sum(scaled(X @ w)) + np.sum(scaled(X @ w, 0.5)) + np.sum(scaled(by=w[0], x=w))  # type: ignore[no-any-return]


def in_arms(w: Array, X: Array) -> float:
    return np.sum(sigmoid(w) if w[0] > 0 else relu(w)) + (sigmoid(w[0]) if w[1] > 9 else w[0])  # type: ignore[no-any-return]


def of_pair(w: Array, X: Array) -> float:
    s, c = both(X @ w)
    return np.sum(s * c * s)  # type: ignore[no-any-return]


@pytest.mark.parametrize("function", [of_sigmoid, of_relu, in_loop, stored_later, rebound, by_default, in_arms, of_pair])
def test_arrays(function: Callable[..., float]) -> None:
    rng = np.random.default_rng(3)
    w, X, along = rng.normal(size=3), rng.normal(size=(4, 3)), rng.normal(size=3)
    expected = derivative(lambda t: function(w + t * along, X), 0.0).value
    for optimize in (True, False):
        gradient = grad(function, wrt="w", optimize=optimize)(w, X)
        assert along @ gradient == pytest.approx(expected, rel=1e-7)
    pulled_back = vjp(function, wrt="w")(w, X, **{f"d{function.__name__}": -2.5})
    assert along @ pulled_back == pytest.approx(-2.5 * expected, rel=1e-7)
    if function is not in_arms:
        product, gradient = hvp(function, wrt="w")(w, X, w_dot=along), grad(function, wrt="w")
        second = derivative(lambda t: along @ gradient(w + t * along, X), 0.0).value
        assert along @ product == pytest.approx(second, rel=1e-6)


def test_the_text_hands_over_what_the_caller_has() -> None:
    rng = np.random.default_rng(4)
    text = grad(of_sigmoid, wrt="w", like=(rng.normal(size=3), rng.normal(size=(4, 3)))).source
    assert "dz = sigmoid_backward(p, dsigmoid=dp)" in text
    assert "_forward" not in text and "_kept" not in text
    text = grad(of_relu, wrt="w", like=(rng.normal(size=3), rng.normal(size=(4, 3)))).source
    assert "dtotal = relu_backward(total, drelu=" in text and "_forward" not in text


def test_tangents_of_callees_have_their_shapes() -> None:
    rng = np.random.default_rng(5)
    like = rng.normal(size=3), rng.normal(size=(4, 3))
    text = hvp(of_sigmoid, wrt="w", like=like).source
    assert "np.full" not in text and "X.T @ dz_dot" in text


def of_length(x: float, y: float) -> float:
    r = length(x, y)
    return r * r * r + length(x + y, 2.0)


def test_a_result_is_not_computed_again() -> None:
    x, y = 0.6, -1.1
    text = grad(of_length).source
    assert "length_backward(x, y, r, dlength=" in text
    outer = math.hypot(x + y, 2.0)
    expected = 3 * math.hypot(x, y) * x + (x + y) / outer, 3 * math.hypot(x, y) * y + (x + y) / outer
    assert grad(of_length)(x, y) == pytest.approx(expected, rel=1e-14)
    assert value_and_grad(of_length)(x, y)[1] == pytest.approx(expected, rel=1e-14)
    r = math.hypot(x, y)
    second = 3 * (r + x * x / r) + 1 / outer - (x + y) ** 2 / outer**3
    assert hessian(of_length, wrt="x")(x, y) == pytest.approx(second, rel=1e-12)


@dataclass
class Held:
    x: float


def euclidean(v: list[float]) -> float:
    return math.sqrt(v[0]**2 + v[1]**2)


def of_euclidean(a: float, b: float) -> float:
    return euclidean([a, b])


def gated(p: Held, q: float) -> float:
    return (q if q > 0 else 0.)*p.x


def of_gated(p: Held, b: float) -> float:
    return gated(p, b)


def test_the_backward_part_of_a_callee_that_is_given_a_list_stands_alone() -> None:
    assert grad(of_euclidean)(3.0, 4.0) == pytest.approx((0.6, 0.8))


def test_a_factor_that_ends_in_a_bare_point_has_a_name_of_its_own() -> None:
    dp, db = grad(of_gated)(Held(1.3), 0.7)
    assert (dp.x, db) == pytest.approx((0.7, 1.3))
