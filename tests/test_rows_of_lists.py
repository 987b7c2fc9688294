"""Rows of lists as scalar code has them: pivoting, transposing and pairing up, in copies of what a function is given."""
from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import UnsupportedError, grad, hvp, jvp

A = [[0.1, 2.0, 0.5], [3.0, 0.4, 0.9], [0.5, 0.8, 2.0]]
B = [1.0, 2.0, 3.0]


def solved(A: Any, b: Any) -> Any:
    n = len(b)
    A = [row[:] for row in A]
    b = b[:]
    for i in range(n):
        p = max(range(i, n), key=lambda r: abs(A[r][i]))
        A[i], A[p] = A[p], A[i]
        b[i], b[p] = b[p], b[i]
        for j in range(i + 1, n):
            m = A[j][i] / A[i][i]
            for k in range(i, n):
                A[j][k] -= m * A[i][k]
            b[j] -= m * b[i]
    x = [0.0] * n
    for i in range(n - 1, -1, -1):
        s = b[i]
        for j in range(i + 1, n):
            s -= A[i][j] * x[j]
        x[i] = s / A[i][i]
    return x[0] * x[1] + x[2]


def test_elimination_with_pivots() -> None:
    # x = A^-1 b; of w.x: db = A^-T w, dA = -db x^T
    x = np.linalg.solve(A, B)
    db = np.linalg.solve(np.transpose(A), [x[1], x[0], 1.0])
    found = grad(solved)(A, B)
    assert np.array(found[0]) == pytest.approx(-np.outer(db, x))
    assert np.array(found[1]) == pytest.approx(db)
    assert A[0] == [0.1, 2.0, 0.5] and B == [1.0, 2.0, 3.0]
    direction = [[0.3, -0.2, 0.5], [0.1, 0.7, -0.4], [0.9, 0.2, 0.6]]
    _, pushed = jvp(solved, "A")(A, B, A_dot=direction)
    assert pushed == pytest.approx(np.sum(np.array(found[0]) * direction))
    moved = hvp(solved, "b")(A, B, b_dot=[1.0, 0.5, -0.3])  # of x0 x1
    inverse = np.linalg.inv(A)
    curved = np.outer(inverse[0], inverse[1])
    assert moved == pytest.approx((curved + curved.T) @ [1.0, 0.5, -0.3])


def changed_rows(A: Any) -> Any:
    M = [list(row) for row in A]
    M[0], M[1] = M[1], M[0]
    M[0][0] *= 2.0
    return M[0][0] * M[1][1]


def test_rows_that_change_places() -> None:
    assert grad(changed_rows)([[1.0, 2.0], [3.0, 4.0]]) == [[0.0, 6.0], [4.0, 0.0]]
    with pytest.raises(ValueError, match="several lengths"):
        grad(changed_rows)([[1.0, 2.0], [3.0, 4.0, 5.0]])


def held_row(A: Any) -> Any:
    M = [list(row) for row in A]
    first = M[0]
    M[0], M[1] = M[1], M[0]
    M[1][1] *= 5.0
    return first[1] * M[0][0]


def test_a_row_that_has_a_name_is_not_stored_into() -> None:
    with pytest.raises(UnsupportedError, match="GG109"):
        jvp(held_row)([[1.0, 2.0], [3.0, 4.0]], A_dot=[[1.0, 0.0], [0.0, 0.0]])


def turned(A: Any, b: Any) -> Any:
    T = [list(column) for column in zip(*A)]  # noqa: B905
    return T[0][1] * b[1] + T[2][0] ** 2 * b[0] * b[2]


def apart(A: Any, b: Any) -> Any:
    xs, ys, zs = zip(*A)  # noqa: B905
    return sum(x * t for x, t in zip(xs, b, strict=True)) * ys[1] + zs[2] ** 2


def paired(A: Any, b: Any) -> Any:
    pairs = sorted(zip(A[0], b, strict=True))
    return sum(i * s * t for i, (s, t) in enumerate(pairs)) + pairs[0][0] ** 2


def listed(A: Any, b: Any) -> Any:
    pairs = list(zip(A[1], b, strict=True))
    rest = zip(A[2], b, strict=True)
    total = pairs[0][0] * pairs[2][1]
    for s, t in rest:
        total += s * t * t
    return total


def gone_through_twice(A: Any, b: Any) -> Any:
    pairs = zip(A[0], b, strict=True)
    total = 0.0
    for _ in range(2):
        for s, t in pairs:
            total += s * t
    return total


def slope(function: Callable[..., Any], direction: Any, b_dot: Any) -> Any:
    def at(step: float) -> Any:
        moved = [[x + step * d for x, d in zip(row, along, strict=True)] for row, along in zip(A, direction, strict=True)]
        return function(moved, [x + step * d for x, d in zip(B, b_dot, strict=True)])

    return (8 * (at(1e-3) - at(-1e-3)) - (at(2e-3) - at(-2e-3))) / 12e-3


@pytest.mark.parametrize("function", [turned, apart, paired, listed])
def test_what_zip_hands_out_is_a_list(function: Callable[..., Any]) -> None:
    direction, b_dot = [[0.3, -0.2, 0.5], [0.1, 0.7, -0.4], [0.9, 0.2, 0.6]], [0.8, -0.5, 0.2]
    exact = slope(function, direction, b_dot)
    dA, db = grad(function)(A, B)
    flat = itertools.chain(zip(itertools.chain(*dA), itertools.chain(*direction), strict=True), zip(db, b_dot, strict=True))
    assert sum(s * t for s, t in flat) == pytest.approx(exact, rel=1e-8)
    assert jvp(function)(A, B, A_dot=direction, b_dot=b_dot) == (function(A, B), pytest.approx(exact, rel=1e-8))


def test_an_iterator_that_is_gone_through_twice_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="GG108"):
        grad(gone_through_twice)(A, B)
