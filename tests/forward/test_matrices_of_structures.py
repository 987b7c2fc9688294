"""Jacobians and Hessians by, and of, structures, and of results whose length is known when they are: against closed forms."""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import gradgen
from gradgen import grad, hessian, jacobian, jvp, vjp

X = np.array([0.5, -0.3, 0.8])
BOTH = pytest.mark.parametrize("mode", ["forward", "reverse", "auto"])


def positive(x):
    return x[x > 0] ** 2


def scaled(x, k):
    y = x[x > 0]
    return y * k, np.sum(x) * k


def collected(x):
    out = []
    for i in range(len(x)):
        if x[i] > 0:
            out.append(x[i] ** 2)
    return np.array(out)


@BOTH
def test_a_result_whose_length_depends_on_values_has_a_row_for_each_number(mode: Any) -> None:
    for fn in (positive, collected):
        np.testing.assert_allclose(jacobian(fn, mode=mode)(X), [[1.0, 0.0, 0.0], [0.0, 0.0, 1.6]], rtol=1e-14)
    assert jacobian(positive, mode=mode)(-np.ones(3)).shape == (0, 3)
    (by_x, by_k), (sum_by_x, sum_by_k) = jacobian(scaled, mode=mode)(X, 2.0)
    np.testing.assert_allclose(by_x, [[2.0, 0.0, 0.0], [0.0, 0.0, 2.0]])
    np.testing.assert_allclose(by_k, [0.5, 0.8])
    np.testing.assert_allclose(sum_by_x, [2.0, 2.0, 2.0])
    assert sum_by_k == pytest.approx(1.0)


def listed(a, b):
    out = [a * b]
    if a > 0:
        out.append(a**2)
    return out


def keyed(a, b):
    return {"u": a * b, "v": [a**2, b]}


def nested(x):
    return x[0] * x[1], x[1:] ** 2, [x[2], x[2] ** 3]


@BOTH
def test_results_in_lists_and_dicts_have_jacobians_of_their_structure(mode: Any) -> None:
    assert list(map(tuple, jacobian(listed, mode=mode)(0.5, 3.0))) == [(3.0, 0.5), (1.0, 0.0)]
    assert list(map(tuple, jacobian(listed, mode=mode)(-0.5, 3.0))) == [(3.0, -0.5)]
    assert jacobian(keyed, mode=mode)(0.5, 3.0) == {"u": (3.0, 0.5), "v": [(1.0, 0.0), (0.0, 1.0)]}
    number, array, (last, cube) = jacobian(nested, mode=mode)(X)
    np.testing.assert_allclose(number, [-0.3, 0.5, 0.0])
    np.testing.assert_allclose(array, [[0.0, -0.6, 0.0], [0.0, 0.0, 1.6]])
    np.testing.assert_allclose([last, cube], [[0.0, 0.0, 1.0], [0.0, 0.0, 3 * 0.64]])


def test_the_seed_of_a_list_that_is_made_stays_as_it_is() -> None:
    seed = [0.5, 2.0]
    assert vjp(listed)(0.5, 3.0, dout=seed) == pytest.approx((0.5 * 3.0 + 2.0 * 1.0, 0.5 * 0.5))
    assert seed == [0.5, 2.0]
    with pytest.raises(ValueError, match="has not the structure"):
        vjp(listed)(-0.5, 3.0, dout=seed)


def by_norms(arrays):
    total = 0.0
    for each in arrays:
        total = total + np.sum(each**3)
    return total


def affine(p, x):
    return p["W"] @ x + p["b"]


@BOTH
def test_lists_and_dicts_of_arrays_have_jacobians(mode: Any) -> None:
    first, second = jacobian(by_norms, mode=mode)([X, 2 * X])
    np.testing.assert_allclose(first, 3 * X**2)
    np.testing.assert_allclose(second, 12 * X**2)
    by_p, by_x = jacobian(affine, mode=mode)({"W": np.outer(X, X), "b": X}, X + 1)
    np.testing.assert_allclose(by_x, np.outer(X, X))
    np.testing.assert_allclose(by_p["b"], np.eye(3))
    np.testing.assert_allclose(by_p["W"], np.einsum("ik,j->ikj", np.eye(3), X + 1))


def test_a_hessian_by_a_list_of_arrays_has_blocks() -> None:
    (first, mixed), (turned, second) = hessian(by_norms)([X, 2 * X])
    np.testing.assert_allclose(first, np.diag(6 * X))
    np.testing.assert_allclose(second, np.diag(12 * X))
    assert not mixed.any() and not turned.any()


def determinant(rows):
    return rows[0][0] * rows[1][1] - rows[0][1] * rows[1][0] ** 2


def handed_on(p):
    return inner(p)


def inner(p):
    return p["a"] ** 2 * p["b"]


def by_another_name(p):
    q = p
    return q["a"] ** 2 * q["b"]


@dataclass
class Point:
    a: float
    b: float

    def norm(self) -> float:
        return math.sqrt(self.a**2 + self.b**2)

    def times(self, k: float) -> Point:
        return Point(self.a * k, self.b * k)


def through_methods(p, k):
    return p.times(k).norm()


@BOTH
def test_jacobians_by_nested_lists_and_by_what_is_handed_on(mode: Any) -> None:
    assert jacobian(determinant, mode=mode)([[0.3, 0.4], [0.5, 0.6]]) == [
        [pytest.approx(0.6), pytest.approx(-0.25)], [pytest.approx(-0.4), pytest.approx(0.3)]
    ]
    for fn in (handed_on, by_another_name):
        assert jacobian(fn, mode=mode)({"a": 0.5, "b": 3.0}) == {"a": pytest.approx(3.0), "b": pytest.approx(0.25)}
    by_p, by_k = jacobian(through_methods, mode=mode)(Point(3.0, 4.0), 2.0)
    assert (by_p.a, by_p.b, by_k) == pytest.approx((2 * 0.6, 2 * 0.8, 5.0))


def test_hessians_by_nested_lists_by_what_is_handed_on_and_through_methods() -> None:
    found = hessian(determinant)([[0.3, 0.4], [0.5, 0.6]])
    assert found[0][0] == [[0.0, 0.0], [0.0, pytest.approx(1.0)]]
    assert found[0][1] == [[0.0, 0.0], [pytest.approx(-1.0), 0.0]]
    assert found[1][0] == [[0.0, pytest.approx(-1.0)], [pytest.approx(-0.8), 0.0]]
    for fn in (handed_on, by_another_name):
        assert hessian(fn)({"a": 0.5, "b": 3.0}) == {"a": {"a": 6.0, "b": 1.0}, "b": {"a": 1.0, "b": 0.0}}
    (by_p, mixed), (_, by_k) = hessian(through_methods)(Point(3.0, 4.0), 2.0)
    assert (by_p.a.a, by_p.a.b, by_p.b.b) == pytest.approx((2 * 16 / 125, -2 * 12 / 125, 2 * 9 / 125))
    assert (mixed.a, mixed.b) == pytest.approx((0.6, 0.8))
    assert by_k == pytest.approx(0.0, abs=1e-15)


def test_a_saved_gradient_by_a_list_of_arrays_is_differentiated(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "saved_by_norms.py").write_text(grad(by_norms, like=([X, X],)).source)
    monkeypatch.syspath_prepend(tmp_path)
    import saved_by_norms  # type: ignore[import-not-found]

    _, (first, second) = jvp(saved_by_norms.by_norms_grad, "arrays")([X, X], arrays_dot=[X, X + 1])
    np.testing.assert_allclose(first, 6 * X * X)
    np.testing.assert_allclose(second, 6 * X * (X + 1))


def test_what_a_jacobian_calls_keeps_apart_from_what_the_user_calls_so() -> None:
    def rows(by_rows, seed):
        return {"u": by_rows * seed, "v": by_rows}

    assert gradgen.jacobian(rows, mode="reverse")(2.0, 3.0) == {"u": (3.0, 2.0), "v": (1.0, 0.0)}


def in_a_tuple(p):
    return (p[0] * p[1],)


def longer(x):
    while np.sum(x) < 2.0:
        x = np.append(x, x[-1] * 1.5 + 0.5)
    return x


def test_a_result_that_stands_alone_in_a_tuple_keeps_it() -> None:
    a = np.arange(1.0, 5.0).reshape(2, 2)
    for mode in ("forward", "reverse"):
        ((by_a, by_k),) = jacobian(in_a_tuple, mode=mode)((a, 0.2))
        np.testing.assert_allclose(by_a, 0.2 * np.eye(4).reshape(2, 2, 2, 2))
        np.testing.assert_allclose(by_k, a)


def test_a_result_that_is_called_as_a_parameter_is_handed_out_before_its_seed_is_copied() -> None:
    x, d, h = np.array([0.2, 0.3]), np.array([0.7, -1.1]), 1e-6
    moved = (longer(x + h * d) - longer(x - h * d)) / (2 * h)
    np.testing.assert_allclose(jacobian(longer, mode="reverse")(x) @ d, moved, rtol=1e-8, atol=1e-8)
