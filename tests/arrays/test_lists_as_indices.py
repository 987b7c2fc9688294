"""Lists between brackets: of truths they are masks, of lists they have several axes; calls that store go into parts of arrays.

Never takes an expected number from gradgen: differences along a random direction judge both modes.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gradgen

A = np.arange(1.0, 13.0).reshape(4, 3)


def by_truths(A: Any) -> Any:
    return A[[True, False, True, False]]


def by_given_truths(A: Any, m: Any) -> Any:
    return A[m]


def by_truths_of_a_comprehension(A: Any, m: Any) -> Any:
    return A[[t > 0 for t in m]] ** 2


def by_truths_of_columns(A: Any, m: Any) -> Any:
    return A[1, [True, False, True]] * A[[0, 1], m]


def by_truths_of_elements(A: Any) -> Any:
    return A[[[True, False, True], [False] * 3, [False] * 3, [True, True, False]]]


def by_lists_of_numbers(A: Any) -> Any:
    return A[[[0, 1], [2, 2]]] ** 2


def into_truths(A: Any) -> Any:
    A = A * 2
    A[[True, False, True, False]] = A[1] * A[0]
    return A


CASES = [
    (by_truths, ()), (by_given_truths, ([True, False, True, True],)), (by_given_truths, ((True, False, True, True),)),
    (by_given_truths, ([0, 1],)), (by_truths_of_a_comprehension, ([1.0, -1.0, 2.0, -3.0],)), (by_truths_of_columns, ([0, 2],)),
    (by_truths_of_elements, ()), (by_lists_of_numbers, ()), (into_truths, ()),
]


def diagonal_of_a_block(A: Any) -> Any:
    np.fill_diagonal(A[:2, :2], A[2, 2])
    return A**2


def diagonal_of_a_declared_block(A: np.ndarray) -> Any:
    np.fill_diagonal(A[:2, :2], A[2, 2])
    return A**2


def put_into_rows(A: Any) -> Any:
    np.put(A[:2], [0, 3], A[2, 2] * 2)
    return A**2


def masked_part_of_a_row(A: Any) -> Any:
    np.putmask(A[0], A[0] > 2.5, A[1, 1])
    return A**2


CASES += [(fn, ()) for fn in (diagonal_of_a_block, diagonal_of_a_declared_block, put_into_rows, masked_part_of_a_row)]


@pytest.mark.parametrize(("fn", "more"), CASES)
def test_what_lists_name_gets_its_derivative(fn: Callable[..., Any], more: tuple[Any, ...]) -> None:
    rng = np.random.default_rng(5)
    A_dot, seed = rng.normal(size=A.shape), rng.normal(size=np.shape(fn(A.copy(), *more)))
    along = np.sum(seed * (fn(A + 1e-5 * A_dot, *more) - fn(A - 1e-5 * A_dot, *more))) / 2e-5
    back = gradgen.vjp(fn, "A")
    dA = back(A.copy(), *more, **dict.fromkeys(back.seeds, seed))
    _, moved = gradgen.jvp(fn, "A")(A.copy(), *more, A_dot=A_dot)
    np.testing.assert_allclose([np.sum(dA * A_dot), np.sum(seed * moved)], along, rtol=1e-7)
