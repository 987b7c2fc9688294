"""Loops that put values in order or trade multiples of them: they compare their own variables alone, and have slopes.

Never takes an expected number from gradgen: differences judge, away from ties.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gradgen

X = np.array([3.0, 1.0, 2.0, 0.5])
WEIGHTS = np.arange(1.0, 5.0)
BASE = np.array([[0.3, 2.0, 0.5, 1.1], [1.4, 0.2, 0.7, -0.6], [-0.8, 1.3, 2.1, 0.4], [0.9, -1.7, 0.6, 1.5]])


def by_insertion(x: Any) -> Any:
    x = x.copy()
    for i in range(1, len(x)):
        key = x[i]
        j = i - 1
        while j >= 0 and x[j] > key:
            x[j + 1] = x[j]
            j -= 1
        x[j + 1] = key
    return np.sum(WEIGHTS * x)


def by_bubbles(x: Any) -> Any:
    x = x.copy()
    for _ in range(len(x)):
        for j in range(len(x) - 1):
            if x[j] > x[j + 1]:
                x[j], x[j + 1] = x[j + 1], x[j]
    return np.sum(WEIGHTS * x)


def traded(x: Any) -> Any:
    a, b, k = x[0], x[1], 5
    while k:
        k -= 1
        if a > b:
            a -= b / 3
        else:
            b -= a / 2
    return a * b + np.sum(x)


def swapped(x: Any) -> Any:
    a, b = x[0], x[1]
    for _ in range(3):
        if a > b:
            a, b = b, a
        a = a * 1.3
    return a + 2 * b + np.sum(x)


def closed_in_on_a_number(x: Any) -> Any:
    low, high = x[3], x[0]
    for _ in range(40):
        mid = 0.4 * low + 0.6 * high
        if mid < 1.5:
            low = mid
        else:
            high = mid
    return low


def closed_in_on_an_element(x: Any) -> Any:
    low, high = 0.0, 4.0
    for _ in range(40):
        mid = 0.4 * low + 0.6 * high
        if mid < x[1]:
            low = mid
        else:
            high = mid
    return low


def eliminated(x: Any) -> Any:
    A, b = BASE * x[:, None], WEIGHTS.copy()
    for k in range(4):
        p = k + np.argmax(np.abs(A[k:, k]))
        if p != k:
            A[[k, p]] = A[[p, k]]
            b[[k, p]] = b[[p, k]]
        for i in range(k + 1, 4):
            m = A[i, k] / A[k, k]
            A[i, k:] -= m * A[k, k:]
            b[i] -= m * b[k]
    return b[3] / A[3, 3] + np.log(np.abs(A[0, 0]))


def eliminated_by_elements(x: Any) -> Any:
    A = BASE * x
    for k in range(4):
        p = k
        for i in range(k + 1, 4):
            if abs(A[i, k]) > abs(A[p, k]):
                p = i
        if p != k:
            for j in range(4):
                A[k, j], A[p, j] = A[p, j], A[k, j]
        for i in range(k + 1, 4):
            m = A[i, k] / A[k, k]
            for j in range(k, 4):
                A[i, j] = A[i, j] - m * A[k, j]
    return A[2, 3] * A[0, 0]


def relaxed(x: Any) -> Any:
    A, y = BASE + 9 * np.eye(4), np.zeros(4)
    for _ in range(3):
        y = np.array([(x[i] - sum(A[i, j] * y[j] * x[j] for j in range(4) if j != i)) / (A[i, i] + x[i]) for i in range(4)])
    return y @ WEIGHTS


@pytest.mark.parametrize("fn", [by_insertion, by_bubbles, traded, swapped, eliminated, eliminated_by_elements, relaxed])
def test_what_a_loop_orders_among_itself_has_a_slope(fn: Callable[..., Any]) -> None:
    h = 1e-6
    slopes = [(fn(X + h * unit) - fn(X - h * unit)) / (2 * h) for unit in np.eye(4)]
    np.testing.assert_allclose(gradgen.grad(fn)(X), slopes, rtol=1e-7)
    np.testing.assert_allclose(gradgen.jvp(fn)(X, x_dot=WEIGHTS)[1], np.dot(slopes, WEIGHTS), rtol=1e-7)


@pytest.mark.parametrize("fn", [closed_in_on_a_number, closed_in_on_an_element])
def test_what_compares_with_anything_else_is_a_search(fn: Callable[..., Any]) -> None:
    with pytest.raises(gradgen.UnsupportedError, match="GG112"):
        gradgen.grad(fn, "x")(X)
