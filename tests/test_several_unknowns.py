"""Roots and integrals in functions of arrays: several unknowns, and integrands that an array moves."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import optimize
from scipy.integrate import quad
from scipy.optimize import fsolve, root, root_scalar

from gradgen import hvp, jvp, vjp

A, B = 1.3, 2.1
M = np.array([[3.0, 0.4, -0.2], [0.1, 2.5, 0.3], [0.6, -0.5, 4.0]])
C = np.array([0.7, -1.1, 0.4])
SEED, MOVED = np.array([1.7, -0.6, 0.9]), np.array([0.3, 0.8, -0.5])


def parts(x: Any, p: float, q: float) -> list[Any]:
    return [x[0] * (x[0] + x[1]) - p * q, x[1] * (x[0] + x[1]) - p * q]


def by_fsolve(a: float, b: float) -> Any:
    return fsolve(lambda x: x * np.sum(x) - a * b, [1.0, 1.0])[0]


def by_root(a: float, b: float) -> Any:
    return root(parts, (1.0, 1.0), args=(a, b)).x[1]


def by_a_named_solution(a: float, b: float) -> Any:
    sol = optimize.root(parts, np.array([1.0, 1.0]), args=(a, b), tol=1e-12)
    return (sol.x[0] + sol.x[1]) / 2


def by_unpacking(a: float, b: float) -> Any:
    def residual(x: Any) -> tuple[Any, Any]:
        u, v = x
        return u * (u + v) - a * b, v * (u + v) - a * b

    u, v = fsolve(residual, (1.0, 1.0))
    return np.sqrt(u * v)


@pytest.mark.parametrize("function", [by_fsolve, by_root, by_a_named_solution, by_unpacking])
def test_both_unknowns_are_the_root_of_half_the_product(function: Callable[..., Any]) -> None:
    """x = sqrt(a b / 2) solves x (x + x) = a b."""
    x = np.sqrt(A * B / 2)
    made = vjp(function, like=(A, B))
    np.testing.assert_allclose(made(A, B, **{made.seeds[0]: 1.7}), (1.7 * B / (4 * x), 1.7 * A / (4 * x)), rtol=1e-7)
    value, moved = jvp(function, like=(A, B))(A, B, a_dot=0.3, b_dot=-0.8)
    np.testing.assert_allclose((value, moved), (x, (0.3 * B - 0.8 * A) / (4 * x)), rtol=1e-7)


def test_a_named_solution_of_several_unknowns_has_a_second_derivative() -> None:
    """sqrt(a b / 2) moves with a by b / (4 x), and that by -b**2 / (16 x**3) with a, by 1 / (8 x) with b."""
    x = np.sqrt(A * B / 2)
    by_a, by_b = hvp(by_a_named_solution)(A, B, a_dot=0.3, b_dot=-0.8)
    np.testing.assert_allclose((by_a, by_b), (-0.3 * (B / x) ** 2 / x / 16 - 0.1 / x, 0.8 * (A / x) ** 2 / x / 16 + 0.3 / x / 8))


def one_root(a: float, b: float) -> Any:
    return fsolve(lambda x: x**2 - a * b, 1.0)[0]


def test_the_root_of_a_callee_beside_arrays_has_a_second_derivative() -> None:
    """(a b)**0.5 moves with a by b / (2 x), and that by -b**2 / (4 x**3) with a, by 1 / (4 x) with b."""
    def scaled(a: float, b: float) -> Any:
        return np.sum(C * one_root(a, b))

    x, total = np.sqrt(A * B), np.sum(C)
    by_a, by_b = hvp(scaled)(A, B, a_dot=0.3, b_dot=-0.8)
    np.testing.assert_allclose(by_a, total * (-0.3 * B**2 / x**3 - 0.8 / x) / 4, rtol=1e-7)
    np.testing.assert_allclose(by_b, total * (0.8 * A**2 / x**3 + 0.3 / x) / 4, rtol=1e-7)


def solution(m: Any, c: Any) -> Any:
    return fsolve(lambda x: m @ x + 0.1 * x**3 - c, np.zeros(3), xtol=1e-13)


def solution_by_root(m: Any, c: Any) -> Any:
    return root(lambda x, d: m @ x + 0.1 * x**3 - d, np.zeros(3), args=(c,), tol=1e-13).x


@pytest.mark.parametrize("function", [solution, solution_by_root])
def test_a_system_moves_as_its_jacobian_says(function: Callable[..., Any]) -> None:
    x = function(M, C)
    inverse = np.linalg.inv(M + np.diag(0.3 * x**2))
    made = vjp(function, like=(M, C))
    dm, dc = made(M, C, **{made.seeds[0]: SEED})
    np.testing.assert_allclose(dc, inverse.T @ SEED, rtol=1e-7)
    np.testing.assert_allclose(dm, -np.outer(inverse.T @ SEED, x), rtol=1e-7)
    moved = jvp(function, like=(M, C))(M, C, m_dot=np.outer(SEED, C), c_dot=MOVED)[1]
    np.testing.assert_allclose(moved, inverse @ (MOVED - np.outer(SEED, C) @ x), rtol=1e-7)


def weights(w: Any, b: float) -> Any:
    return quad(lambda t: np.sum(w * np.array([1.0, t, t**2])), 0, b)[0]


def weights_by_place(w: Any, b: float) -> Any:
    area, _ = quad(lambda t: w[0] + w[1] * t + w[2] * t**2, 0.0, b, epsabs=1e-12)
    return area


def weights_by_polyval(w: Any, b: float) -> Any:
    area = quad(lambda t: np.polyval(w[::-1], t), 0.0, b)
    return area[0]


@pytest.mark.parametrize("function", [weights, weights_by_place, weights_by_polyval])
def test_an_integral_moves_with_an_array(function: Callable[..., Any]) -> None:
    """The integral of w0 + w1 t + w2 t^2 from 0 to b."""
    slopes = np.array([B, B**2 / 2, B**3 / 3])
    made = vjp(function, like=(C, B))
    dw, db = made(C, B, **{made.seeds[0]: 1.7})
    np.testing.assert_allclose(dw, 1.7 * slopes)
    np.testing.assert_allclose(db, 1.7 * (C[0] + C[1] * B + C[2] * B**2))
    moved = jvp(function, like=(C, B))(C, B, w_dot=MOVED, b_dot=0.0)[1]
    np.testing.assert_allclose(moved, MOVED @ slopes)


def areas_and_roots(k: float) -> Any:
    areas = np.array([quad(lambda t: t * k, 0, x)[0] for x in (1.0, 2.0)])
    return areas * root_scalar(lambda x: x**2 - k, bracket=[0, 5]).root


def test_solutions_stand_in_arrays() -> None:
    """x^2 k / 2 * sqrt(k) at 1 and at 2."""
    made = vjp(areas_and_roots, like=(A,))
    slopes = np.array([0.5, 2.0]) * 1.5 * np.sqrt(A)
    np.testing.assert_allclose(made(A, **{made.seeds[0]: SEED[:2]}), SEED[:2] @ slopes)
    np.testing.assert_allclose(jvp(areas_and_roots, like=(A,))(A, k_dot=1.7)[1], 1.7 * slopes)


def test_the_root_of_one_unknown_is_an_array_of_one() -> None:
    """By hand: the root of u**2 = q moves with q by 1 / (2 u)."""
    def scaled(q: float, x: Any) -> Any:
        return root(lambda u: u**2 - q, 1.0, tol=1e-14).x * x

    dq, dx = vjp(scaled)(2.0, np.array([1.0, 3.0]), dscaled=np.array([0.7, -1.2]))
    assert dq == pytest.approx((0.7 - 3.6) / (2 * np.sqrt(2))) and dx == pytest.approx(np.sqrt(2) * np.array([0.7, -1.2]))
