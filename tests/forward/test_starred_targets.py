"""Loops that take a row apart into its first element and the rest."""
from __future__ import annotations

import pytest

from gradgen import jvp

ROWS = [[1.0, 2.0, 3.0], [0.5, 0.2, 0.3]]
MOVED = [[0.3, 0.7, -0.2], [1.1, 0.4, 0.6]]


def first_and_rest(rows):
    total = 0.0
    for i, (a, *b) in enumerate(rows):
        total += a * b[0] * (i + 1) + b[1] ** 2
    for *c, d in rows:
        total += c[0] * d
    return total


def test_the_rest_of_a_row_has_a_tangent() -> None:
    exact = sum(
        (p * b + a * q) * (i + 1) + 2 * c * r + p * c + a * r
        for i, ((a, b, c), (p, q, r)) in enumerate(zip(ROWS, MOVED, strict=True))
    )
    assert jvp(first_and_rest)(ROWS, rows_dot=MOVED) == pytest.approx((first_and_rest(ROWS), exact))
