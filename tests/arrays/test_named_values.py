"""Values that gradgen gives a name, of which the user's own variable takes a view and changes it: right by differences."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import jvp, vjp

rng = np.random.default_rng(5)


def turned(A: Any, s: Any) -> Any:
    B = np.linalg.inv(A).T
    B *= s
    return B**2


def row(A: Any, s: Any) -> Any:
    B = np.exp(A)[0]
    B *= s
    return B**2


def flat(A: Any, s: Any) -> Any:
    B = np.exp(A).reshape(-1)
    B -= s
    return B * s


def stored_into(A: Any, s: Any) -> Any:
    B = np.tanh(A).T
    B[0] = B[0] * s
    return B**2


def on_one_way(A: Any, s: Any) -> Any:
    B = np.exp(A).T if s > 0 else A * 2
    B *= s
    return B**2


def named_before(A: Any, s: Any) -> Any:
    y = np.exp(A) ** 2
    B = np.exp(A).T
    B *= s
    return B * y


def one_of_two(A: Any, s: Any) -> Any:
    B, C = np.exp(A).T, np.exp(A)
    B *= s
    return B * C


def split(A: Any, s: Any) -> Any:
    a, b, c = np.split(np.exp(A), 3)
    a *= s
    return a * b * c


@pytest.mark.parametrize("function", [turned, row, flat, stored_into, on_one_way, named_before, one_of_two, split])
def test_a_view_that_changes_leaves_the_value_that_it_was_taken_of(function: Callable[[Any, Any], Any]) -> None:
    A, s, along, by = rng.normal(size=(3, 3)) + 2 * np.eye(3), 1.3, rng.normal(size=(3, 3)), 0.7
    seed = rng.normal(size=np.shape(function(A, s)))
    ends = [np.sum(seed * function(A + size * along, s + size * by)) for size in (1e-6, -1e-6)]
    slope = (ends[0] - ends[1]) / 2e-6
    reverse, forward = vjp(function, like=(A, s)), jvp(function, like=(A, s))
    dA, ds = reverse(A, s, **{reverse.seeds[0]: seed})
    assert np.sum(dA * along) + ds * by == pytest.approx(slope, rel=1e-6)
    assert np.sum(seed * forward(A, s, A_dot=along, s_dot=by)[1]) == pytest.approx(slope, rel=1e-6)
