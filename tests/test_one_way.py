"""Try statements of which one way is taken for sure: on the other, the generated text raises and never goes on.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

import numpy as np
import pytest

from gradgen import jvp, value_and_grad
from gradgen.errors import GradgenError


def cut_off(x):
    try:
        x[x < 0] = 0.0
    except TypeError:
        if x < 0:
            x = 0.0
    return x * x * 3.0


def known_or_not(x):
    try:
        y = x * x
        if x > 5.0:
            raise NameError("by hand")
        x = y * x
    except NameError:
        x = -x
    return x


def test_the_handler_is_the_way_of_a_number():
    assert value_and_grad(cut_off)(1.5, dcut_off=2.0) == (6.75, 18.0)
    assert value_and_grad(cut_off)(-1.5) == (0.0, 0.0)


def test_what_turns_out_to_be_an_array_raises():
    with pytest.raises(GradgenError, match=r"^test_one_way.py:16:9: GG106: .*a store into an array that was taken as a number"):
        value_and_grad(cut_off)(np.array(1.5))


def test_the_body_is_the_way_where_every_name_is_known():
    assert value_and_grad(known_or_not)(1.5, dx=2.0) == (3.375, 13.5)
    with pytest.raises(GradgenError, match=r"^test_one_way.py:\d+:\d+: GG106: .*a handler of NameError"):
        value_and_grad(known_or_not)(6.0)


def test_forward_mode_raises_there_too():
    assert jvp(cut_off)(1.5, x_dot=2.0) == (6.75, 18.0)
    with pytest.raises(GradgenError, match="a store into an array that was taken as a number"):
        jvp(cut_off)(np.array(1.5), x_dot=1.0)
    with pytest.raises(GradgenError, match="a handler of NameError"):
        jvp(known_or_not)(6.0, x_dot=1.0)


class Globe:
    def __init__(self, radius):
        self.radius = radius

    @classmethod
    def named(cls, name):
        return cls({"unit": 1.0, "double": 2.0}[name])


def radius_at(x, globe=None):
    if globe is None:
        globe = Globe.named("double")
    return np.sqrt(x**2 + globe.radius**2)


def mirrored_inside(x, y):
    x = np.atleast_1d(x)
    length = radius_at(x)
    r = length * y
    near = r < 5
    try:
        if near.any():
            r[near] = -3 * r[near]
    except (TypeError, AttributeError):
        if near:
            r = -3 * r
    r = r * y
    return r.squeeze()[()]


def of_number_after_all(x):
    x = np.atleast_1d(x)
    r = 2.0 * np.cumsum(x)[0] if np.all(x > 0) else x * 3.0
    try:
        r[r < 5] = 0.0
    except TypeError:
        r = r * r
    return np.sum(r)


# d/dx and d/dy of -3 y**2 sqrt(x**2 + 4) where y sqrt(x**2 + 4) < 5, of y**2 sqrt(x**2 + 4) elsewhere, by hand
@pytest.mark.parametrize(("x", "y", "factor"), [(1.5, 1.0, -3.0), (1.5, 4.0, 1.0)])
def test_the_body_is_the_way_of_an_array(x, y, factor):
    assert value_and_grad(mirrored_inside)(x, y) == (
        pytest.approx(factor * y**2 * 2.5), (pytest.approx(factor * y**2 * x / 2.5), pytest.approx(factor * 2 * y * 2.5)),
    )
    tangent = factor * (0.5 * y**2 * x / 2.5 + 3.0 * y * 2.5)
    assert jvp(mirrored_inside)(x, y, x_dot=0.5, y_dot=1.5)[1] == pytest.approx(tangent)


def test_what_turns_out_to_be_a_number_raises():
    assert value_and_grad(of_number_after_all)(-1.5) == (0.0, 0.0)
    with pytest.raises(GradgenError, match=r"^test_one_way.py:\d+:\d+: GG106: .*a handler for numbers where an array is st"):
        value_and_grad(of_number_after_all)(1.5)
