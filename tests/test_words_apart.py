"""Texts in which keywords stand without a space beside brackets, judged by differences.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

import pytest

from gradgen import jvp, value_and_grad
from tests.oracle.differences import derivative


def rebinding_in_branches(x, y):
    z = x
    if(x * y > 1.0):
        z = x * y
        x = 2.0
    if(z > 3.0)and(x * y > 0.5)or(x > 7):
        z = z * z
        x = x * z
    return(z * x)*(y)


def in_loops(x, y):
    z = x
    for i in(1, 2, 3):
        if(z > 1.0):
            z = z * y / i
        elif(z > 0.5): z = z * 3  # noqa: E701
    while(z > 3.0):
        z = z * 0.5
        if not(z < 4): break  # noqa: E701
    for a, b in[(1, x), (2, y)]:
        z += a * b
    ts = [k * x for k in(1, 2)if(k > 0)]
    return z * ts[0] if(x > 3)else(z * y * ts[1])


def both(a, b): return(a * b, a + b)  # noqa: E704


def in_expressions(x, y):
    (a, b)=both(x, y)
    x = -a if(b > 3)else(x * y)
    x = x if(x > 0)else(x * y)

    def pair(t): return[t * x, t]  # noqa: E704
    return(x * y) * pair(y)[0] + both(x, y)[1]if(x < 9)else pair(y)[1]


def _slope(fn, point, place):
    return derivative(lambda t: fn(*point[:place], t, *point[place + 1 :]), point[place]).value


@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize("fn", [rebinding_in_branches, in_loops, in_expressions])
def test_keywords_need_no_space_before_a_bracket(fn, optimize):
    for point in ((1.3, 2.1), (0.6, 1.1), (-1.4, -2.9)):
        value, slopes = value_and_grad(fn, optimize=optimize)(*point)
        assert value == fn(*point)
        tangent = jvp(fn, optimize=optimize)(*point, x_dot=0.7, y_dot=-0.3)[1]
        expected = [_slope(fn, point, place) for place in (0, 1)]
        assert slopes == pytest.approx(expected, rel=1e-7)
        assert tangent == pytest.approx(0.7 * expected[0] - 0.3 * expected[1], rel=1e-7)
