"""Functions that return named tuples and dataclasses: seeds, tangents and Jacobians have the record's fields; by closed forms."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

from gradgen import grad, jacobian, jvp, vjp
from gradgen.errors import ArgumentError


class Pair(NamedTuple):
    first: float
    second: float


@dataclass
class Box:
    width: float
    height: float


def pair(x, y):
    return Pair(x * y, x - y)


def box(x, y):
    return Box(x * y, x - y)


def named_pair(x, y):
    p = Pair(x * y, x - y)
    return p


def box_made_twice(x, y):
    b = Box(x, 0.0)
    b = Box(b.width * y, x - y)
    return b


def pair_of_a_call(x, y):
    return pair(x, y)


def pair_of_arrays(x):
    return Pair(2 * x, np.sum(x**2))


def beside_a_pair(x, y):
    return Pair(x * y, x - y), x + y


RECORDS = [(pair, Pair), (box, Box), (named_pair, Pair), (box_made_twice, Box), (pair_of_a_call, Pair)]


@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize(("fn", "made"), RECORDS)
def test_seeds_and_tangents_have_the_fields_of_the_record(fn: Any, made: Any, optimize: bool) -> None:
    x, y = 1.5, 2.25
    back = vjp(fn, optimize=optimize)
    assert back(x, y, **{back.seeds[0]: made(0.5, -2.0)}) == pytest.approx((0.5 * y - 2.0, 0.5 * x + 2.0))
    with pytest.raises(ValueError, match="has not the fields of"):
        back(x, y, **{back.seeds[0]: (0.5, -2.0)})
    value, moved = jvp(fn, optimize=optimize)(x, y, x_dot=0.5, y_dot=-2.0)
    assert type(value) is type(moved) is made
    assert value == made(x * y, x - y)
    assert moved == made(0.5 * y - 2.0 * x, 2.5)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize(("fn", "made"), RECORDS)
def test_jacobians_have_them_too(fn: Any, made: Any, mode: Any) -> None:
    assert jacobian(fn, mode=mode)(1.5, 2.25) == made((2.25, 1.5), (1.0, -1.0))


def test_records_of_arrays_and_beside_numbers() -> None:
    x = np.array([1.0, -2.0, 0.5])
    back = vjp(pair_of_arrays, like=(x,))
    np.testing.assert_allclose(back(x, **{back.seeds[0]: Pair(np.array([1.0, 2.0, 3.0]), 0.5)}), 2 * np.array([1, 2, 3]) + x)
    of_arrays = jacobian(pair_of_arrays)(x)
    np.testing.assert_allclose(of_arrays.first, 2 * np.eye(3))
    np.testing.assert_allclose(of_arrays.second, 2 * x)
    for mode in ("forward", "reverse"):
        assert jacobian(beside_a_pair, mode=mode)(1.5, 2.25) == (Pair((2.25, 1.5), (1.0, -1.0)), (1.0, 1.0))


def test_a_gradient_is_of_one_number() -> None:
    for fn in (pair, named_pair, box):
        with pytest.raises(ArgumentError, match=r"GG403: .* returns a (Pair|Box)"):
            grad(fn)
