"""What takes elements in the order in which they lie in memory is refused in forward mode, as it is in reverse.

Never takes an expected number from gradgen: the orders that places tell are held against differences of the function.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gradgen

A = np.asfortranarray([[1.0, 2.0], [3.0, 4.0]])
A_DOT = np.array([[1.0, 10.0], [100.0, 1000.0]])


def raveled(A: Any) -> Any:
    return A.ravel("K")


def flattened(A: Any) -> Any:
    return (A * 2).flatten("A")


def reshaped(A: Any) -> Any:
    return A.reshape(-1, order="A")


def by_function(A: Any) -> Any:
    return np.ravel(A.T, order="K")


def as_told(A: Any, order: str = "K") -> Any:
    return A.ravel(order)


@pytest.mark.parametrize("fn", [raveled, flattened, reshaped, by_function, as_told])
@pytest.mark.parametrize("make", [gradgen.jvp, gradgen.vjp, gradgen.jacobian])
def test_an_order_of_memory_is_refused_in_both_modes(fn: Callable[..., Any], make: Any) -> None:
    with pytest.raises(gradgen.UnsupportedError, match="GG106"):
        make(fn, "A", like=(A,))


@pytest.mark.parametrize("fn", [
    lambda A: A.ravel(), lambda A: A.ravel("F"), lambda A: np.ravel(A, order="F"), lambda A: A.reshape((4,), order="F"),
    lambda A: np.reshape(A, (4,), "C"), lambda A: A.flatten("C") * A.T.flatten("F"),
])
def test_an_order_of_places_is_that_of_the_tangent(fn: Callable[..., Any]) -> None:
    _, moved = gradgen.jvp(fn, "A")(A, A_dot=A_DOT)
    np.testing.assert_allclose(moved, (fn(A + 1e-3 * A_DOT) - fn(A - 1e-3 * A_DOT)) / 2e-3, rtol=1e-9)
