"""Stores of what varies into arrays of whole numbers cut it off: refused where that is known, looked at where it is not."""
from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import NonDifferentiableError, UnsupportedError, jvp, vjp

COUNTS = np.array([1, 2, 3])


def known(x: Any) -> Any:
    c = np.array([1, 2, 3])
    c[1] = 10 * x[0]
    return np.sum(c) * x[1]


def stacked(x: Any) -> Any:
    c = np.stack([np.arange(2), np.arange(2)])
    c[0] = 7 * x
    return np.sum(c) * x[1]


def doubled(x: Any) -> Any:
    c = np.arange(2) * 2
    c[0] = 7 * x[0]
    return np.sum(c) * x[1]


def one_way(x: Any) -> Any:
    c = np.zeros(2) if x[0] > 5 else np.zeros(2, int)
    c[0] += 7 * x[0]
    return np.sum(c) * x[1]


def in_a_loop(x: Any) -> Any:
    c = np.arange(2)
    for k in range(2):
        c[k] = x[k] * 7
    return np.sum(c * x)


def copied(x: Any) -> Any:
    c = COUNTS.copy()
    c[:2] = x
    return np.sum(c) * x[1]


def filled(c: Any, v: Any) -> Any:
    c[0] = v
    return c


def below(x: Any) -> Any:
    return np.sum(filled(np.clip(np.arange(2), 0, 5), x[0] * 7)) * x[1]


@pytest.mark.parametrize("function", [known, stacked, doubled, one_way, in_a_loop, copied, below])
@pytest.mark.parametrize("transform", [vjp, jvp])
def test_what_is_cut_off_is_refused(function: Callable[[Any], Any], transform: Callable[..., Any]) -> None:
    x = np.array([1.23, 0.4])
    with pytest.raises((UnsupportedError, NonDifferentiableError), match="GG106"):
        made = transform(function)
        made(x, **({"x_dot": x} if transform is jvp else {made.seeds[0]: 1.0}))


def added_to(x: Any) -> Any:
    a = np.zeros(2)
    operator.iadd(a, x)
    return a[0] * x[0]


def appended_to(x: Any) -> Any:
    parts = [x[0]]
    operator.iadd(parts, [x[1]])
    return sum(parts) * x[0]


@pytest.mark.parametrize("function", [added_to, appended_to])
@pytest.mark.parametrize("transform", [vjp, jvp])
def test_functions_that_change_an_argument_are_refused(function: Callable[[Any], Any], transform: Callable[..., Any]) -> None:
    with pytest.raises(UnsupportedError):
        transform(function, like=(np.ones(2),))


def of_floats(x: Any) -> Any:
    a, b, c = np.zeros(2), x.copy(), np.arange(2) / 2
    a[0] = x[1]
    b[1] = x[0] ** 2
    c[:] = a * b
    d = np.stack([a + 1, np.arange(2) * x])
    d[0, 1] = x[0]
    return np.sum(c) + np.sum(d)


def of_unknown(x: Any) -> Any:
    c = np.clip(np.arange(2) * np.float64(1), 0, 5) * COUNTS.mean()
    c[0] = x[0] * x[1]
    return np.sum(c)


def test_arrays_that_hold_floats_are_stored_into() -> None:
    x = np.array([1.5, 0.4])
    source = vjp(of_floats, like=(x,)).source
    assert "dtype.kind" not in source[source.index("# forward") :]
    # x0 x1 + 0 x0**2, then a + 1 with x0 stored, then arange * x
    assert vjp(of_floats)(x, dof_floats=2.0) == pytest.approx([2 * (0.4 + 1), 2 * (1.5 + 1 + 1)])
    assert jvp(of_floats)(x, x_dot=np.array([1.0, 0.0]))[1] == pytest.approx(1.4)
    assert vjp(of_unknown)(x, dof_unknown=2.0) == pytest.approx([0.8, 3.0])
    assert jvp(of_unknown)(x, x_dot=np.array([0.0, 1.0]))[1] == pytest.approx(1.5)
