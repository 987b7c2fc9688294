"""Objects with operators of their own are no numbers: refused wherever what varies meets one."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from scipy.sparse.linalg import aslinearoperator

from gradgen import UnsupportedError, grad, hessian, jacobian, jvp
from gradgen.errors import ArgumentError

MATRIX = np.array([[1.0, 2.0], [3.0, 4.0]])
OPERATOR = aslinearoperator(MATRIX)
SPARSE = scipy.sparse.csr_array(MATRIX)
THIRD = Fraction(1, 4)


class Gain:
    factor = 2.0

    def __rmul__(self, x: Any) -> Any:
        return x**2 * 2.0

    def __radd__(self, x: Any) -> Any:
        return x * x


GAIN = Gain()


@dataclass
class Affine:
    """x -> a x + b"""

    a: float
    b: float

    def __mul__(self, other: Affine) -> Affine:
        return Affine(self.a * other.a, self.a * other.b + self.b)


class Holding:
    def __init__(self) -> None:
        self.gain = Gain()
        self.factor = 3.0

    def by_object(self, x: float) -> Any:
        return x * self.gain

    def by_number(self, x: float) -> float:
        return x * self.factor


def multiplied(x: float) -> Any:
    return x * GAIN


def added_in_place(x: float) -> Any:
    x += GAIN
    return x


def by_an_operator(x: Any) -> Any:
    return np.sum(OPERATOR * x)


def composed(p: Any, q: Any) -> Any:
    r = p * q
    return r.b


def composed_at_once(p: Any, q: Any) -> Any:
    return (p * q).b


@pytest.mark.parametrize("transform", [grad, jvp])
@pytest.mark.parametrize(("function", "point"), [
    (multiplied, 1.2), (added_in_place, 1.2), (Holding().by_object, 1.2), (by_an_operator, np.array([0.3, 0.4])),
])
def test_objects_with_operators_are_refused(transform: Callable[..., Any], function: Callable[..., Any], point: Any) -> None:
    with pytest.raises(UnsupportedError, match="GG106: .* which has operators of its own"):
        transform(function)(point, **({"x_dot": point} if transform is jvp else {}))


@pytest.mark.parametrize("function", [composed, composed_at_once])
def test_operators_of_dataclasses_are_what_their_methods_say(function: Callable[..., Any]) -> None:
    p, q, zero = Affine(2.0, 3.0), Affine(5.0, 7.0), Affine(0.0, 0.0)
    assert grad(function)(p, q) == (Affine(7.0, 1.0), Affine(0.0, 2.0))  # p.a q.b + p.b
    assert jvp(function)(p, q, p_dot=zero, q_dot=Affine(0.0, 1.0)) == (17.0, 2.0)


def test_numbers_of_other_kinds_and_sparse_products_are_as_before() -> None:
    assert grad(lambda x: x * THIRD)(2.0) == 0.25
    assert grad(lambda x: x * GAIN.factor)(2.0) == 2.0
    assert grad(Holding().by_number)(2.0) == 3.0
    assert grad(lambda x: np.sum((SPARSE @ x) ** 2))(np.array([1.0, 2.0])) == pytest.approx(2 * MATRIX.T @ MATRIX @ [1.0, 2.0])


class Squared(np.ndarray):
    def __mul__(self, other: Any) -> Any:
        return np.asarray(self) @ np.asarray(other)


@pytest.mark.parametrize("point", [MATRIX.view(Squared), np.matrix(MATRIX)])
def test_arrays_of_classes_with_other_operators_are_refused(point: Any) -> None:
    with pytest.raises(ArgumentError, match="GG402"):
        grad(lambda a: np.sum(np.asarray(a * a) ** 2))(point)


@pytest.mark.parametrize("point", [
    MATRIX.view(Squared), np.matrix(MATRIX), np.ma.masked_array(MATRIX, MATRIX > 2.0),
], ids=lambda point: type(point).__name__)
def test_they_are_refused_in_a_later_call_too(point: Any) -> None:
    backward, forward = grad(lambda a, b: np.sum(a * b), "a"), jvp(lambda a, b: np.sum(a * b), "a")
    assert backward(MATRIX, 2 * MATRIX) == pytest.approx(2 * MATRIX)
    assert forward(MATRIX, MATRIX, a_dot=MATRIX)[1] == pytest.approx(30.0)
    with pytest.raises(ArgumentError, match="GG402"):
        backward(point, MATRIX)
    with pytest.raises(ArgumentError, match="GG402"):
        backward(MATRIX, point)
    with pytest.raises(ArgumentError, match="GG402"):
        forward(point, MATRIX, a_dot=MATRIX)


def test_a_hessian_and_a_jacobian_of_arrays_take_a_number_in_a_later_call() -> None:
    def product(a: Any, b: Any) -> Any:
        return np.sum(a * b**2)

    second, first = hessian(product, ("a", "b")), jacobian(product, ("a", "b"), mode="forward")
    b = np.array([1.0, 2.0])
    assert second(b, b)[0][0] == pytest.approx(np.zeros((2, 2)))
    assert first(b, b)[0] == pytest.approx(b**2)
    ((by_aa, by_ab), (_, by_bb)), (by_a, by_b) = second(1.5, b), first(1.5, b)
    assert (by_aa, by_a) == (0.0, 5.0)
    assert by_ab == pytest.approx(2 * b) and by_b == pytest.approx(3 * b) and by_bb == pytest.approx(3 * np.eye(2))


class Well:
    """One of many that know each other."""

    def __init__(self, depth: float) -> None:
        self.depth = depth

    def __add__(self, other: Well) -> float:
        return self.depth + other.depth

    def head(self, x: float) -> float:
        return self.depth * x


def test_objects_that_share_others_are_looked_at_in_a_moment() -> None:
    wells: list[Any] = [Well(1.5 + at) for at in range(30)]
    for well in wells:
        for at, other in enumerate(wells):
            setattr(well, f"other_{at}", other)
    by_x = grad(lambda well, x: well.head(x) * x, wrt="x")
    assert by_x(wells[0], 2.0) == pytest.approx(2 * 1.5 * 2.0)
