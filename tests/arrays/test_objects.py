"""Objects and dicts around arrays: the kinds of what they hold are those of the call's, and complex values in them raise."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gradgen import grad, jvp
from gradgen.errors import ArgumentError


class Cell:
    """Parameters in attributes of their own; one of them is counted up."""

    def __init__(self, rate: Any, shift: Any) -> None:
        self.rate = rate
        self.shift = shift
        self.calls = 0

    def current(self) -> Any:
        return self.rate


def cost(x: Any, p: Any) -> Any:
    p.calls += 1
    return np.sum(np.abs(p.rate * x - p.shift))


def cost_of_dict(x: Any, p: Any) -> Any:
    return np.sum(np.abs(p["rate"] * x - p["shift"]))


X = np.array([0.3, -0.8, 1.4])


def test_what_an_object_holds_needs_no_text_for_unknown_kinds() -> None:
    derivative = grad(cost, "x", like=(X, Cell(0.5, 0.2)))
    assert "unbroadcast" not in derivative.source
    assert derivative(X, Cell(0.5, 0.2)) == pytest.approx([-0.5, -0.5, 0.5])  # the signs of -0.05, -0.6, 0.5, times the rate
    narrow = Cell(np.array([2.0, 1.0, -1.0]), 0.5)
    assert derivative(X, narrow) == pytest.approx([2.0, -1.0, 1.0])  # the signs of 0.1, -1.3, -1.9
    wide = Cell(np.ones((2, 3)), np.array([[0.0], [1.0]]))
    assert derivative(X, wide) == pytest.approx([0.0, -2.0, 2.0])
    assert wide.calls == 1


def test_what_a_dict_of_numbers_holds_needs_no_text_for_unknown_kinds() -> None:
    derivative = grad(cost_of_dict, "x", like=(X, {"rate": 0.5, "shift": 0.2}))
    assert "unbroadcast" not in derivative.source
    assert derivative(X, {"rate": 0.5, "shift": 0.2}) == pytest.approx([-0.5, -0.5, 0.5])
    assert derivative(X, {"rate": 2.0, "shift": np.array([[0.0], [1.0]])}) == pytest.approx([0.0, -4.0, 4.0])


@pytest.mark.parametrize("given", [Cell(1 + 2j, 0.0), SimpleNamespace(rate=np.array([1j]), shift=0.0, calls=0)])
def test_an_object_that_holds_complex_numbers_is_refused(given: Any) -> None:
    with pytest.raises(ArgumentError, match="GG402: p cannot"):
        grad(cost, "x")(X, given)
    derivative = grad(cost, "x", like=(X, Cell(0.5, 0.2)))
    with pytest.raises(ArgumentError, match="GG402: p cannot"):
        derivative(X, given)


class Counted:
    """Calls are counted by a helper; the matrix is the class's."""

    matrix = np.array([[2.0, 1.0, 0.0], [0.0, 1.0, -1.0], [0.5, 0.0, 3.0]])

    def __init__(self) -> None:
        self.calls = 0

    def fun(self, x: Any) -> Any:
        return self.evaluate(x) + np.trace(np.outer(x, x) @ self.matrix)

    def evaluate(self, x: Any) -> Any:
        self.calls += 1
        return x @ np.linalg.solve(self.matrix, x)


def test_a_helper_may_count_its_calls_and_arrays_of_the_class_are_known() -> None:
    counted = Counted()
    inverse = np.linalg.inv(Counted.matrix)
    expected = (inverse + inverse.T + Counted.matrix + Counted.matrix.T) @ X
    assert grad(counted.fun)(X) == pytest.approx(expected)
    assert counted.calls == 1


def square_of_items(x: Any, p: Any) -> Any:
    z = p[0][1] * x[0]
    return np.real(z * z)


def test_lists_of_which_nothing_is_told_raise_where_they_hold_complex_numbers() -> None:
    derivative = grad(square_of_items, "x")
    assert derivative(X, [[1.0, 2.0]]) == pytest.approx([2.4, 0.0, 0.0])  # 2 * 4 * 0.3
    with pytest.raises(ArgumentError, match="GG402: p cannot"):
        derivative(X, [[1.0, 2.0j]])


def unknown_size(x: Any, p: Any) -> Any:
    return np.sum(np.abs(p.current() * x) ** 2)


def unknown_part(x: Any, p: Any) -> Any:
    z = p.current() * x[0]
    return np.real(z * z)


@pytest.mark.parametrize(("function", "slope"), [(unknown_size, 8 * X), (unknown_part, [2.4, 0.0, 0.0])])
def test_a_complex_value_of_which_nothing_was_known_raises(function: Any, slope: Any) -> None:
    derivative = grad(function, "x")
    assert derivative(X, Cell(2.0, 0.0)) == pytest.approx(slope)
    with pytest.raises((ArithmeticError, ArgumentError), match="nothing was known of is complex|GG402: p cannot"):
        derivative(X, Cell(2.0j, 0.0))
    if function is unknown_size:
        with pytest.raises((ArithmeticError, ArgumentError), match="nothing was known of is complex|GG402: p cannot"):
            jvp(function, "x")(X, Cell(2.0j, 0.0), x_dot=np.ones(3))


def scaled_number(x: Any, a: Any, p: Any) -> Any:
    z = p.current() * a
    return np.sum(z * x)


def test_the_tangent_of_what_may_be_a_number_or_an_array_takes_its_shape() -> None:
    value, tangent = jvp(scaled_number, "a")(X, 0.7, Cell(2.0, 0.0), a_dot=1.5)
    assert tangent == pytest.approx(2.7) and value == pytest.approx(1.26)  # the sum of X is 0.9
