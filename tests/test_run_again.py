"""Derivatives that run a function several times, which stores into its arguments or moves them on: each has them as they came.

Judged by closed forms, and by the arguments afterwards.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gradgen

Made = Any


def scaled_first(u: Made, c: Made) -> Made:
    u[0] = u[0] * c
    return u[0] ** 2 * u[1]


def both(u: Made) -> Made:
    u[0] = u[0] * 5.0
    return u[0] ** 2 * u[1], u[0]


def added_up(x: Made) -> Made:
    x[1:] += x[:-1]
    return x ** 2


def taken_apart(x: Made) -> Made:
    a, b, c = x
    x[0] = 5.0
    return a * b * c * x[0]


def scaled_entry(d: Made, c: Made) -> Made:
    d["a"] = d["a"] * c
    return d["a"] ** 2 * d["b"]


def of_the_next(x: Made, y: Made, each: Made) -> Made:
    return next(each) * x * x * y


def of_a_draw(x: Made, y: Made, rng: Made) -> Made:
    return rng.normal() * x * x * y


def of_a_count(x: Made, y: Made, log: Made) -> Made:
    log.append(1)
    return len(log) * x * x * y


def of_a_colliding_name(u: Made, deepcopy: Made) -> Made:
    u[0] = u[0] * deepcopy
    return u[0] ** 2 * u[1]


def scaled_often(u: Made, c: Made, n: int) -> Made:
    for _ in range(n):
        u[0] = u[0] * c
    return u[0] ** 2 * u[1]


WANTED = (np.array([[150.0, 100.0], [100.0, 0.0]]), [120.0, 40.0]), ([120.0, 40.0], 24.0)
"""The second derivatives of (u0 c)**2 u1 at u = (2, 3) and c = 5."""


@pytest.mark.parametrize("function", [scaled_first, of_a_colliding_name])
def test_hessians_by_blocks(function: Any) -> None:
    u = np.array([2.0, 3.0])
    found = gradgen.hessian(function)(u, 5.0)
    for row, wanted in zip(found, WANTED, strict=True):
        for block, right in zip(row, wanted, strict=True):
            np.testing.assert_allclose(block, right)
    np.testing.assert_array_equal(u, [2.0, 3.0])


@pytest.mark.parametrize("made", [list, np.array])
def test_hessians_by_one_container(made: Any) -> None:
    u = made([2.0, 3.0])
    np.testing.assert_allclose(gradgen.hessian(scaled_first, "u")(u, 5.0), WANTED[0][0])
    np.testing.assert_array_equal(u, [2.0, 3.0])


def test_hessians_by_a_dict() -> None:
    found = gradgen.hessian(scaled_entry, "d")({"a": 2.0, "b": 3.0}, 5.0)
    assert found == {"a": {"a": 150.0, "b": 100.0}, "b": {"a": 100.0, "b": 0.0}}


def test_hessians_of_what_was_taken_out_before() -> None:
    found = gradgen.hessian(taken_apart)(np.array([1.0, 2.0, 3.0]))
    np.testing.assert_allclose(found, [[0.0, 15.0, 10.0], [15.0, 0.0, 5.0], [10.0, 5.0, 0.0]])


@pytest.mark.parametrize("mode", ["forward", "reverse", "auto"])
def test_jacobians(mode: Any) -> None:
    x = np.array([1.0, 2.0, 3.0])
    found = gradgen.jacobian(added_up, mode=mode)(x)
    np.testing.assert_allclose(found, [[2.0, 0.0, 0.0], [6.0, 6.0, 0.0], [0.0, 10.0, 10.0]])
    of_pairs = gradgen.jacobian(both, mode=mode)(np.array([2.0, 3.0]))
    np.testing.assert_allclose(of_pairs[0], [300.0, 100.0])
    np.testing.assert_allclose(of_pairs[1], [5.0, 0.0])


def test_iterators_generators_and_logs_are_as_they_came() -> None:
    wanted = np.array([[6.0, 4.0], [4.0, 0.0]])  # of x**2 y at (2, 3)
    np.testing.assert_allclose(gradgen.hessian(of_the_next, ("x", "y"))(2.0, 3.0, iter([1.0, 10.0, 100.0])), wanted)
    np.testing.assert_allclose(gradgen.hessian(of_a_count, ("x", "y"))(2.0, 3.0, []), wanted)
    drawn = np.random.default_rng(7).normal()
    np.testing.assert_allclose(gradgen.hessian(of_a_draw, ("x", "y"))(2.0, 3.0, np.random.default_rng(7)), drawn * wanted)


def test_gradients_of_gradients() -> None:
    second = gradgen.grad(gradgen.grad(scaled_often, "c"), ("u", "c"))(np.array([2.0, 3.0]), 5.0, 1)
    np.testing.assert_allclose(second[0], [120.0, 40.0])
    np.testing.assert_allclose(second[1], 24.0)
