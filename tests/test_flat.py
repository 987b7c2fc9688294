"""Flat vectors for optimisers: values to vectors and back, and what `fun_and_grad` hands to SciPy.

Expected values are closed forms, least-squares solutions of NumPy and differences.
"""
from __future__ import annotations

import functools
import types
from collections import namedtuple
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from scipy.optimize import check_grad, minimize

from gradgen import differentiable, flatten, unflatten

RNG = np.random.default_rng(3)
X, Y = RNG.normal(size=(20, 3)), RNG.normal(size=(20, 2))
Pair = namedtuple("Pair", "W b")


@dataclass
class Layer:
    W: Any
    b: Any


VALUES: list[Any] = [
    1.5, np.arange(6.0).reshape(2, 3), [1.0, np.ones(2)], (1.0, [2.0, (3.0, np.zeros((2, 1)))]), {"W": np.ones((2, 2)), "b": 3.0},
    Pair(np.ones(2), 4.0), Layer(np.ones((1, 2)), 5.0), types.SimpleNamespace(a=1.0, b=np.ones(3)), np.zeros((0, 3)),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_what_is_flattened_comes_back_in_its_structure(value: Any) -> None:
    vector = flatten(value)
    back = unflatten(2 * vector, value)
    assert type(back) is type(value)
    np.testing.assert_array_equal(flatten(back), 2 * vector)


def test_the_numbers_are_in_order_and_arrays_keep_their_shapes() -> None:
    assert flatten({"b": [1.0, 2.0], "a": np.array([[3.0], [4.0]])}).tolist() == [1, 2, 3, 4]
    assert unflatten(np.arange(4.0), {"b": [1.0, 2.0], "a": np.zeros((2, 1))})["a"].tolist() == [[2.0], [3.0]]


def test_what_comes_back_shares_nothing_with_the_vector() -> None:
    vector = np.zeros(3)
    unflatten(vector, [np.zeros(3)])[0][0] = 7.0
    assert vector[0] == 0.0


def test_a_vector_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="a vector of 3 numbers"):
        unflatten(np.zeros(4), [0.0, np.zeros(2)])


@differentiable
def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


@differentiable
def squares(W, b, X, y):
    return np.mean((X @ W + b - y) ** 2)


@differentiable
def of_dict(parts, X, y):
    return np.mean((X @ parts["W"] + parts["b"] - y) ** 2)


@differentiable(wrt=["b", "W"])
def with_wrt(W, b, X, y):
    return np.mean((X @ W + b - y) ** 2)


@differentiable
def of_numbers(a, b, n: int):
    return (a - 1) ** 2 + n * (b - a) ** 2


def least_squares() -> Any:
    return np.linalg.lstsq(np.hstack([X, np.ones((20, 1))]), Y, rcond=None)[0]


def test_a_vector_is_fitted() -> None:
    found = minimize(rosenbrock.fun_and_grad, np.zeros(5), jac=True)
    np.testing.assert_allclose(found.x, 1.0, atol=1e-5)


@pytest.mark.parametrize(
    ("function", "start"),
    [
        (squares, (np.zeros((3, 2)), np.zeros(2))), (of_dict, {"W": np.zeros((3, 2)), "b": np.zeros(2)}),
        (with_wrt, (np.zeros(2), np.zeros((3, 2)))),
    ],
    ids=["two arrays", "a dict", "wrt in another order"],
)
def test_arrays_and_containers_are_fitted(function: Any, start: Any) -> None:
    run = functools.partial(function.fun_and_grad, like=start)
    found = minimize(run, flatten(start), args=(X, Y), jac=True, tol=1e-8)
    parts = unflatten(found.x, start)
    W, b = (parts["W"], parts["b"]) if isinstance(parts, dict) else sorted(parts, key=np.ndim, reverse=True)
    np.testing.assert_allclose(np.vstack([W, b]), least_squares(), atol=1e-5)
    point = RNG.normal(size=found.x.size)
    error = check_grad(lambda x: run(x, X, Y)[0], lambda x: run(x, X, Y)[1], point)
    assert error < 1e-6 * 50


def test_numbers_are_fitted_with_the_others_as_args() -> None:
    found = minimize(of_numbers.fun_and_grad, [0.0, 0.0], args=(3,), jac=True)
    np.testing.assert_allclose(found.x, [1.0, 1.0], atol=1e-5)
