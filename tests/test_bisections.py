"""Loops that bisect: their slope is that of the root, in closed form here, or there is none and the text raises.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

import math

import pytest

from gradgen import check, compare, grad, value_and_grad
from gradgen.errors import GradgenError


def cube_root(c, k):
    low, high = 0.0, 10.0
    middle = 5.0
    while high - low > 1e-13:
        middle = (low + high) / 2
        if k * middle**3 > c:
            high = middle
        else:
            low = middle
    return middle


def jumping(x):
    if x < 4.0:
        return x
    return x + 3.0


def at_a_jump(c):
    low, high = 0.0, 10.0
    middle = 5.0
    while high - low > 1e-13:
        middle = (low + high) / 2
        if jumping(middle) > c:
            high = middle
        else:
            low = middle
    return middle


@pytest.mark.parametrize("optimize", [True, False])
def test_a_bisection_moves_as_its_root_does(optimize):
    c, k, seed = 2.0, 3.0, 1.7
    value, (dc, dk) = value_and_grad(cube_root, optimize=optimize)(c, k, dmiddle=seed)
    root = math.cbrt(c / k)
    assert value == pytest.approx(root, rel=1e-12)
    assert dc == pytest.approx(seed * root / (3 * c), rel=1e-11)
    assert dk == pytest.approx(-seed * root / (3 * k), rel=1e-11)
    assert grad(cube_root, wrt="c")(c, k) == pytest.approx(root / (3 * c), rel=1e-11)


@pytest.mark.parametrize("c", [-1.0, 5000.0])
def test_a_bisection_without_a_root_between_its_ends_raises(c):
    with pytest.raises(GradgenError, match=r"^test_bisections.py:\d+: GG112: one end of the bisection never moved"):
        grad(cube_root)(c, 3.0)


def test_a_bisection_that_closes_on_a_jump_raises_and_not_elsewhere():
    assert grad(at_a_jump)(3.0) == pytest.approx(1.0, rel=1e-12)
    with pytest.raises(GradgenError, match="GG112: the bisection has closed on a jump"):
        grad(at_a_jump)(5.0)


def test_sympy_leaves_a_bisection_to_differences():
    assert compare(cube_root).status == "undecided"
    assert check(cube_root, 2.0, 3.0).status == "agrees"
