"""Arrays that are made in one statement and changed in place by a later one: what gradgen has named keeps its value."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import NonDifferentiableError, UnsupportedError, grad, jvp

Fn = Callable[..., Any]


def scaled(a, t):
    return a * t


def settled(a):
    for _ in range(2):
        a = np.tanh(a)
    return a


def itself(a):
    return a


def by_a_slice(x):
    w = np.exp(x)[1:]
    w += 1.0
    return w @ w


def dropped_out(x):
    h = np.zeros(4)
    for i in range(3):
        h = np.tanh(scaled(h, 0.5) + x)
        h *= x
        h[1:] -= 0.3 * i
    return h @ h


def handed_through(x):
    u = itself(np.exp(x))
    u -= 1.0
    return u @ u


def changed_by_a_view(x):
    c = np.exp(x)
    d = c[1:]
    d += 1.0
    e = np.sinh(x) * np.exp(x)
    return d @ d + e @ e


def named_by_the_user(x):
    u = (t := np.exp(x))
    s = t @ t
    u -= 1.0
    return u @ x + s


def turned(x):
    m = np.exp(x).reshape(2, 2).T
    m += 1.0
    return np.sum(m**2)


def of_one_arm(x):
    u = np.exp(x) if x[0] > 0 else np.sin(x)
    u *= x
    return u @ u


def in_turns(x):
    u = x.copy()
    for _ in range(2):
        u = np.exp(settled(u))
        u -= 1.0
    return u @ x


def flattened(x):
    u = np.asarray(np.exp(x))
    u *= u
    v = np.ravel(np.tanh(scaled(u, 1.0)))
    v /= 2
    return u @ v


def put_away(x):
    parts = []
    for i in range(3):
        part = np.exp(x) + i
        if i > 0:
            part *= x  # what stands in the list already are others
        parts.append(part)
    parts = np.stack(parts)
    part += x
    return np.sum(parts * part)


def put_away_twice(x):
    parts, part = [], np.exp(x)
    for i in range(3):
        if i == 1:
            part = x * x
        part *= x  # in the last turn it changes what the list holds
        parts.append(part)
    return np.sum(parts[1] * parts[2])


def put_away_by_a_part(x):
    parts = []
    for i in range(3):
        part = np.exp(x) + i
        parts.append(part[1:])
        if i > 0:
            part *= x
    return np.sum(parts[1] * parts[2])


CASES: tuple[Fn, ...] = (
    by_a_slice, dropped_out, handed_through, changed_by_a_view, named_by_the_user, turned, of_one_arm, in_turns, flattened,
    put_away,
)


@pytest.mark.parametrize("fn", [put_away_twice, put_away_by_a_part])
def test_what_a_list_holds_is_not_changed_unseen(fn: Fn) -> None:
    x = np.array([0.3, 0.5, 0.7, 0.2])
    for derivative in (grad, jvp):
        with pytest.raises((UnsupportedError, NonDifferentiableError), match="GG109"):
            derivative(fn)(x, **({"x_dot": x} if derivative is jvp else {}))


@pytest.mark.parametrize("fn", CASES)
def test_a_value_that_backward_lines_read_is_not_changed_by_what_follows(fn: Fn) -> None:
    x, along, step = np.array([0.3, 0.5, 0.7, 0.2]), np.array([0.4, -1.1, 0.8, 0.3]), 1e-6
    wanted = [(fn(x + step * unit) - fn(x - step * unit)) / (2 * step) for unit in np.eye(4)]
    for optimize in (True, False):
        assert 0.7 * grad(fn, optimize=optimize)(x.copy()) == pytest.approx(0.7 * np.array(wanted), rel=1e-5, abs=1e-7)
    assert jvp(fn)(x.copy(), x_dot=along)[1] == pytest.approx(along @ wanted, rel=1e-5, abs=1e-7)
