"""The texts that a person would write for arrays, written by hand: generated ones are to be no other.

The expected lines are a person's, checked here against central differences as well as the generated ones.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import value_and_grad

RNG = np.random.default_rng(5)


def mlp_loss(X, y, W1, b1, W2, b2):
    h = np.tanh(X @ W1 + b1)
    r = h @ W2 + b2 - y
    return np.mean(r ** 2)


MLP = """\
    dr = dmlp_loss * 2 * r / r.size
    dh = dr @ W2.T
    dW2 = h.T @ dr
    db2 = dr.sum(axis=0)
    dz = dh * (1 - h ** 2)
    dW1 = X.T @ dz
    db1 = dz.sum(axis=0)
    return mlp_loss, (dW1, db1, dW2, db2)
"""


def heat(u0, k, steps: int):
    u = u0.copy()
    for _ in range(steps):
        u[1:-1] += k * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u ** 2)


HEAT = """\
    du = dheat * 2 * u
    dk = 0.0
    for _ in reversed(range(steps)):
        u = u_tape.pop()
        du_1 = du[1:-1] * k
        dk += np.sum(du[1:-1] * (u[2:] - 2 * u[1:-1] + u[:-2]))
        du[2:] += du_1
        du[1:-1] -= 2 * du_1
        du[:-2] += du_1
    du0 = du
    return heat, (du0, dk)
"""

MLP_POINT = tuple(RNG.normal(size=size) for size in ((7, 3), (7, 2), (3, 4), 4, (4, 2), 2))
CASES = [
    (mlp_loss, ("W1", "b1", "W2", "b2"), MLP_POINT, MLP),
    (heat, ("u0", "k"), (RNG.normal(size=8), 0.2, 5), HEAT),
]


def backward_lines(source: str) -> str:
    """What stands below `# backward`, comments left out."""
    _, _, text = source.partition("    # backward\n")
    return "".join(line for line in text.splitlines(keepends=True) if not line.strip().startswith("#") and line.strip())


@pytest.mark.parametrize(("function", "wrt", "point", "lines"), CASES, ids=lambda case: getattr(case, "__name__", ""))
def test_the_backward_part_is_what_a_person_writes(
    function: Callable[..., Any], wrt: tuple[str, ...], point: tuple[Any, ...], lines: str
) -> None:
    assert backward_lines(value_and_grad(function, wrt, like=point).source) == lines


@pytest.mark.parametrize(("function", "wrt", "point", "lines"), CASES, ids=lambda case: getattr(case, "__name__", ""))
def test_differences_confirm_it(function: Callable[..., Any], wrt: tuple[str, ...], point: tuple[Any, ...], lines: str) -> None:
    made = value_and_grad(function, wrt, like=point)
    value, gradients = made(*point)
    assert value == function(*point)
    names = list(function.__code__.co_varnames[: function.__code__.co_argcount])
    for name, gradient in zip(wrt, gradients, strict=True):
        place = names.index(name)
        direction = RNG.normal(size=np.shape(point[place]))
        slopes = []
        for step in (1e-3, 5e-4):
            above, below = (
                function(*point[:place], point[place] + sign * step * direction, *point[place + 1 :]) for sign in (1, -1)
            )
            slopes.append((above - below) / (2 * step))
        extrapolated = (4 * slopes[1] - slopes[0]) / 3
        assert np.sum(gradient * direction) == pytest.approx(extrapolated, rel=1e-7)
