"""Loops over every second element, lists of parts of an argument, and gradients by lists that move nothing."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import grad, jvp

X = [0.5, -1.0, 2.0, 0.75, 1.5, -0.25]


def from_the_second(x):
    total = 0.0
    for v in x[1::2]:
        total += v**2
    return total


def pairs(x):
    total = 0.0
    for u, v in zip(x[::2], x[1::2], strict=False):
        total += u * v**2
    return total


def backwards(x):
    total = 0.0
    for i, (u, v) in enumerate(zip(x[2::3], x[::-2], strict=False)):
        total += (i + 1) * u * v
    return total


def squares_of_some(x):
    squares = [v**2 for v in x[1:5:2]]
    return sum(u * v for u, v in zip(squares, x[3::2], strict=False))


def in_a_list(x):
    points = np.atleast_2d(np.asarray([0.0, x[0]] + list(x[1::2])))
    return np.sum((points.T - points) ** 4)


def joined_in_a_call(x):
    return np.sum(np.array([x[0]] + [v * 2 for v in x[1:]]) ** 3)


def of_a_part(x):
    return np.sum(np.array(list(x[1:4])) ** 3)


@pytest.mark.parametrize("fn", [from_the_second, pairs, backwards, squares_of_some, in_a_list, joined_in_a_call, of_a_part])
def test_parts_with_steps_and_lists_of_parts(fn: Callable[..., Any]) -> None:
    for x in (np.array(X), np.array(X[:5])):
        steps = 1e-3 * np.eye(len(x))
        wide, narrow = ([(fn(x + h * e) - fn(x - h * e)) / (2e-3 * h) for e in steps] for h in (1.0, 0.5))
        slopes = [(4 * fine - coarse) / 3 for coarse, fine in zip(wide, narrow, strict=True)]
        assert grad(fn)(x).tolist() == pytest.approx(slopes, rel=1e-6, abs=1e-8)
        assert np.array(grad(fn)(x.tolist())).tolist() == pytest.approx(slopes, rel=1e-6, abs=1e-8)
        assert jvp(fn)(x, x_dot=np.ones(len(x)))[1] == pytest.approx(sum(slopes), rel=1e-6, abs=1e-8)


def steps(x):
    return 30.0 + np.sum(np.floor(np.abs(x)))


@pytest.mark.parametrize(("x", "zeros"), [
    ([1.5, 2.5], [0.0, 0.0]), ((1.5, 2.5), (0.0, 0.0)),
])
def test_the_gradient_by_a_list_that_moves_nothing_is_such_a_list(x: Any, zeros: Any) -> None:
    assert grad(steps, "x")(x) == zeros
