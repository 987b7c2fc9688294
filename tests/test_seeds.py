"""A vjp takes the seeds that belong to its results, whole numbers and lists among them, and no others."""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import vjp

X = np.array([1.0, 2.0, 3.0])
A = np.arange(6.0).reshape(2, 3)


def doubled(x: Any) -> Any:
    return 2 * x


def wave(x: float) -> float:
    return math.sin(x)


def applied(a: Any, x: Any) -> Any:
    y = a @ x
    return y


def squares(x: Any) -> Any:
    return np.sum(x**2)


def steps(x: Any) -> Any:
    return np.diff(x) ** 2


def chosen(x: Any) -> Any:
    return x[x > 1.5] * 3


def filled(x: Any) -> Any:
    y = np.zeros(3)
    y[0] = x[0] ** 2
    y[1:] = x[1:] * 3
    return y


def thrice(xs: list[float]) -> list[float]:
    return [3 * v for v in xs]


def ends(x: Any) -> Any:
    return x[1:] * 2, x.sum()


def turned(z: Any) -> Any:
    return 1j * z


FITTING: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any], Any]] = [
    (doubled, (X,), {"ddoubled": [1, 2, 3]}, [2, 4, 6]),
    (doubled, (X,), {"ddoubled": np.array([1, 0, 3])}, [2, 0, 6]),
    (doubled, (np.array([[1.5]]),), {"ddoubled": [[2]]}, [[4]]),
    (doubled, (1.5,), {"ddoubled": 2}, 4),
    (doubled, (1.5,), {"ddoubled": np.array(2.0)}, 4),
    (wave, (0.3,), {"dwave": 2}, 2 * math.cos(0.3)),
    (squares, (X,), {"dsquares": 2}, 4 * X),
    (steps, (X,), {"dsteps": [1, 2]}, [-2, -2, 4]),
    (chosen, (X,), {"dchosen": [1, 2]}, [0, 3, 6]),
    (filled, (X,), {"dy": [1, 2, 3]}, [2, 6, 9]),
    (thrice, ([1.0, 2.0],), {"dthrice": (1, 2)}, [3, 6]),
    (thrice, ([1.0, 2.0],), {"dthrice": np.array([1.0, 2.0])}, [3, 6]),
    (ends, (X,), {"dends_0": [1, 2], "dends_1": 3}, [3, 5, 7]),
    (turned, (X * 1j,), {"dturned": [1, 2j, 3]}, [-1j, 2, -3j]),
]


@pytest.mark.parametrize(("fn", "args", "seeds", "expected"), FITTING)
def test_a_seed_may_be_whole_numbers_or_a_list(fn: Callable[..., Any], args: Any, seeds: Any, expected: Any) -> None:
    np.testing.assert_allclose(vjp(fn)(*args, **seeds), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("fn", "args", "seeds"),
    [
        (doubled, (X,), {"ddoubled": [1.0, 2.0]}),
        (doubled, (X,), {"ddoubled": 1.0}),
        (doubled, (X,), {"ddoubled": np.ones((2, 3))}),
        (doubled, (X,), {"ddoubled": np.ones(1)}),
        (doubled, (X,), {"ddoubled": X * 1j}),
        (doubled, (np.ones((1, 1)),), {"ddoubled": 1.0}),
        (doubled, (1.5,), {"ddoubled": [1.0, 2.0]}),
        (doubled, (1.5,), {"ddoubled": X}),
        (wave, (0.3,), {"dwave": X}),
        (applied, (A, X), {"dy": X}),
        (applied, (A, X), {"dy": 1.0}),
        (squares, (X,), {"dsquares": X}),
        (steps, (X,), {"dsteps": X}),
        (chosen, (X,), {"dchosen": X}),
        (filled, (X,), {"dy": X[:1]}),
        (thrice, ([1.0, 2.0],), {"dthrice": [1.0, 2.0, 3.0]}),
        (thrice, ([1.0, 2.0],), {"dthrice": 1.0}),
        (ends, (X,), {"dends_0": X, "dends_1": 1.0}),
        (ends, (X,), {"dends_0": X[1:], "dends_1": X}),
        (turned, (X * 1j,), {"dturned": 1.0}),
    ],
)
def test_a_seed_of_another_shape_is_an_error(fn: Callable[..., Any], args: Any, seeds: Any) -> None:
    with pytest.raises((ValueError, TypeError), match="a seed of|this code is for|structure|pass np"):
        vjp(fn)(*args, **seeds)


def sums_of_sums(a):
    b = a + 1.0
    c = b + 1.5
    d = a + b
    e = d + c
    f = e + d
    return f + c


def test_a_seed_that_several_names_share_is_not_added_to() -> None:
    """2 d + 2 c is 6 a and a constant."""
    seed = np.array([1.0, -2.0, 0.5])
    assert vjp(sums_of_sums)(np.ones(3), **{vjp(sums_of_sums).seeds[0]: seed}).tolist() == [6.0, -12.0, 3.0]
    assert seed.tolist() == [1.0, -2.0, 0.5]
