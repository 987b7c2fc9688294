"""Eigenvalues and singular values that occur twice: sums of them have a derivative, one of them alone has none.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import NonDifferentiableError, grad, jvp

TURN = np.array([[0.0, 1.0], [-1.0, 0.0]])


def least(x: Any) -> Any:
    return np.linalg.eigvalsh(x)[0]


def unpacked(x: Any) -> Any:
    values, _ = np.linalg.eigh(x)
    return values[0] - values[2]


def largest(x: Any) -> Any:
    return np.linalg.svd(x, compute_uv=False)[0]


def of_any_matrix(x: Any) -> Any:
    return np.linalg.eigvals(x)[0]


@pytest.mark.parametrize(("function", "at"), [
    (least, np.eye(3)), (unpacked, np.eye(3)), (largest, np.eye(3)), (of_any_matrix, np.eye(2)), (of_any_matrix, TURN),
])
def test_one_of_two_that_are_the_same_has_no_derivative(function: Callable[..., Any], at: Any) -> None:
    with pytest.raises(NonDifferentiableError, match=r"test_eigenvalues\.py:\d+"):
        grad(function, like=(at,))(at)


def log_determinant(x: Any) -> Any:
    return np.sum(np.log(np.linalg.eigvalsh(x)))


def nuclear(x: Any) -> Any:
    return np.sum(np.linalg.svd(x, compute_uv=False))


@pytest.mark.parametrize(("function", "scale", "expected"), [(log_determinant, 2.0, 0.5), (nuclear, 2.0, 1.0)])
def test_what_treats_them_alike_has_its_derivative(function: Callable[..., Any], scale: float, expected: float) -> None:
    at = scale * np.eye(3)
    np.testing.assert_allclose(grad(function, like=(at,))(at), expected * np.eye(3), atol=1e-12)


def test_values_that_lie_apart_have_their_own() -> None:
    at = np.diag([3.0, 1.0, 2.0])
    np.testing.assert_allclose(grad(least, like=(at,))(at), np.diag([0.0, 1.0, 0.0]), atol=1e-12)


@pytest.mark.parametrize("function", [
    lambda a: np.linalg.eigvalsh(a)[0], lambda a: np.linalg.eigh(a)[0][1], lambda a: np.linalg.svd(a, compute_uv=False)[0],
])
def test_values_that_occur_twice_have_a_tangent_only_where_they_move_alike(function: Any) -> None:
    at, apart = 2.0 * np.eye(3), np.array([[0.3, 1.0, 0.2], [1.0, -0.4, 0.5], [0.2, 0.5, 0.1]])
    derivative = jvp(function, like=(at,))
    assert derivative(at, a_dot=0.7 * np.eye(3)) == pytest.approx((2.0, 0.7))
    with pytest.raises(ArithmeticError, match="occurs twice"):
        derivative(at, a_dot=apart)
