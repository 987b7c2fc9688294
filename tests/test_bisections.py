"""Loops that bisect: their slope is that of the root, in closed form here, or there is none and the text raises.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

import logging
import math

import numpy as np
import pytest

from gradgen import check, compare, grad, hessian, hvp, jvp, value_and_grad
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


def cubic(t, c, k):
    return k * t**3 - c


def until_nothing_is_left(c, k):
    low, high = 0.0, 10.0
    while True:
        middle = 0.5 * (low + high)
        rest = k * middle**3 - c
        if abs(rest) < 1e-12:
            return middle
        if rest < 0:
            low = middle
        else:
            high = middle


def counted(c, k):
    low, high = 0.0, 10.0
    for _ in range(100):
        middle = low + (high - low) / 2
        if cubic(middle, c, k) > 0:
            high = middle
        else:
            low = middle
    return 0.5 * (low + high)


def by_signs(c, k):
    a, b = 0.0, 10.0
    fa = cubic(a, c, k)
    turns = 0
    while (b - a) / 2 > 1e-13:
        turns += 1
        middle = (a + b) / 2
        fm = cubic(middle, c, k)
        if fm == 0:
            return middle
        elif fa * fm < 0:
            b = middle
        else:
            a, fa = middle, fm
    return (a + b) / 2


def by_both_signs(c, k):
    a, b = 0.0, 10.0
    fa = cubic(a, c, k)
    for _ in range(200):
        middle = (a + b) / 2
        fm = cubic(middle, c, k)
        if fa * fm < 0:
            b = middle
        elif fa * fm > 0:
            a = middle
            fa = fm
        else:
            break
        if abs(b - a) < 1e-14:
            break
    return middle


def or_an_error(c, k):
    low, high = 0.0, 10.0
    for _ in range(200):
        middle = (low + high) / 2
        if abs(cubic(middle, c, k)) < 1e-12:
            return middle
        if np.sign(cubic(middle, c, k)) == np.sign(cubic(low, c, k)):
            low = middle
        else:
            high = middle
    raise ValueError("no root")


def guessed_first(c, k):
    low, high = 0.0, 10.0
    guess = (low + high) / 2
    found = cubic(guess, c, k)
    while math.fabs(found - 0.0) > 1e-12:
        if found > 0.0:
            high = guess
        else:
            low = guess
        guess = (low + high) / 2
        found = cubic(guess, c, k)
    return guess


def stuck(c, k):
    """Logs where it does not get on."""
    logger = logging.getLogger(__name__)
    low, high, last = 0.0, 10.0, -1.0
    rest = 1.0
    while abs(rest) > 1e-12:
        last = rest
        middle = (low + high) / 2
        rest = cubic(middle, c, k)
        if last == rest:
            logger.warning("stuck at %s", middle)
            break
        if rest > 0:
            high = middle
        else:
            low = middle
    return middle


def too_few(c, k):
    low, high = 0.0, 10.0
    for _ in range(4):
        middle = (low + high) / 2
        if cubic(middle, c, k) > 0:
            high = middle
        else:
            low = middle
    return middle


def roughly(c, k):
    low, high = 0.0, 10.0
    while True:
        middle = 0.5 * (low + high)
        if abs(cubic(middle, c, k)) < 1e-3:
            return middle
        if cubic(middle, c, k) < 0:
            low = middle
        else:
            high = middle


def counted_at_a_jump(c):
    low, high = 0.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        if jumping(middle) > c:
            high = middle
        else:
            low = middle
    return middle


def keeping_what_it_found(c, k):
    kept = [0.0]
    low, high = 0.0, 10.0
    for _ in range(100):
        middle = 0.5 * (low + high)
        if abs(cubic(middle, c, k)) < 1e-12:
            kept[0] = middle * k
            break
        if cubic(middle, c, k) < 0:
            low = middle
        else:
            high = middle
    return kept[0] + middle


def keeping_it_by_a_method(c, k):
    kept = {}
    low, high = 0.0, 10.0
    for _ in range(100):
        middle = 0.5 * (low + high)
        if abs(cubic(middle, c, k)) < 1e-12:
            kept.update({"root": middle * k})
            break
        if cubic(middle, c, k) < 0:
            low = middle
        else:
            high = middle
    return kept["root"] + middle


def of_an_equation_that_moves_with_the_turns(c, k):
    low, high = 0.0, 10.0
    for turn in range(60):
        middle = 0.5 * (low + high)
        if cubic(middle, c, k) - k / (turn + 1) < 0:
            low = middle
        else:
            high = middle
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


class Law:
    """Its equation is one of its methods, and it has a logger."""

    def __init__(self):
        self.logger = logging.getLogger(__name__)
        self.shift = 0.0

    def rest(self, x, c, k):
        return cubic(x, c, k) + self.shift

    def solved(self, c, k):
        low, high = 0.0, 10.0
        middle = 1.0
        rest = self.rest(middle, c, k)
        while abs(rest) > 1e-12:
            last = rest
            rest = self.rest(middle, c, k)
            if rest > self.shift:
                high = middle
            else:
                low = middle
            middle = (low + high) / 2
            if last == 0.5:
                self.logger.warning("stuck at %s", middle)
                break
        return middle


def by_methods(c, k):
    return LAW.solved(c, k)


LAW = Law()


@pytest.mark.parametrize("optimize", [True, False])
def test_a_bisection_moves_as_its_root_does(optimize):
    c, k, seed = 2.0, 3.0, 1.7
    value, (dc, dk) = value_and_grad(cube_root, optimize=optimize)(c, k, dmiddle=seed)
    root = math.cbrt(c / k)
    assert value == pytest.approx(root, rel=1e-12)
    assert dc == pytest.approx(seed * root / (3 * c), rel=1e-11)
    assert dk == pytest.approx(-seed * root / (3 * k), rel=1e-11)
    assert grad(cube_root, wrt="c")(c, k) == pytest.approx(root / (3 * c), rel=1e-11)


@pytest.mark.parametrize(
    "fn", [until_nothing_is_left, counted, by_signs, by_both_signs, or_an_error, guessed_first, stuck], ids=lambda fn: fn.__name__
)
def test_bisections_of_all_forms_move_as_their_root_does(fn):
    c, k = 2.0, 3.0
    generated = value_and_grad(fn)
    value, (dc, dk) = generated(c, k, **{generated.seeds[0]: 1.7})
    root = math.cbrt(c / k)
    assert value == fn(c, k)
    assert dc == pytest.approx(1.7 * root / (3 * c), rel=1e-10)
    assert dk == pytest.approx(-1.7 * root / (3 * k), rel=1e-10)
    assert grad(grad(fn, wrt="c"), wrt="c")(c, k) == pytest.approx(-2 * root / (9 * c**2), rel=1e-8)
    for outside in (-1.0, 5000.0):
        with pytest.raises((GradgenError, ValueError), match="GG112: the bisection has|no root"):
            generated(outside, k) if fn not in (until_nothing_is_left, guessed_first) else or_an_error(outside, k)


@pytest.mark.parametrize(
    "fn", [cube_root, until_nothing_is_left, counted, by_signs, by_both_signs, or_an_error, guessed_first],
    ids=lambda fn: fn.__name__,
)
def test_tangents_and_second_derivatives_of_bisections_are_those_of_the_root(fn):
    c, k, (c_dot, k_dot) = 2.0, 3.0, (1.7, -0.6)
    root = math.cbrt(c / k)
    value, tangent = jvp(fn)(c, k, c_dot=c_dot, k_dot=k_dot)
    assert (value, tangent) == (fn(c, k), pytest.approx(root / 3 * (c_dot / c - k_dot / k), rel=1e-10))
    by_c, by_both, by_k = -2 * root / (9 * c**2), -root / (9 * c * k), 4 * root / (9 * k**2)
    expected = pytest.approx((by_c * c_dot + by_both * k_dot, by_both * c_dot + by_k * k_dot), rel=1e-8)
    assert hvp(fn)(c, k, c_dot=c_dot, k_dot=k_dot) == expected


def test_the_equation_of_a_bisection_may_be_a_method_of_an_object_that_logs():
    value, slopes = value_and_grad(by_methods)(2.0, 3.0)
    root = math.cbrt(2.0 / 3.0)
    assert (value, *slopes) == pytest.approx((root, root / 6, -root / 9), rel=1e-10)
    assert jvp(by_methods)(2.0, 3.0, c_dot=1.7, k_dot=0.0)[1] == pytest.approx(1.7 * root / 6, rel=1e-10)


def test_forward_mode_raises_where_a_bisection_has_found_no_root():
    for fn in (too_few, roughly):
        with pytest.raises(GradgenError, match=r"^test_bisections.py:\d+: GG112: the bisection has not come close to a root"):
            jvp(fn)(2.0, 3.0, c_dot=1.0, k_dot=0.0)
    assert jvp(counted_at_a_jump)(3.0, c_dot=2.0)[1] == pytest.approx(2.0, rel=1e-12)
    with pytest.raises(GradgenError, match="GG112: the bisection has (closed on a jump|not come close)"):
        jvp(counted_at_a_jump)(5.0, c_dot=1.0)
    with pytest.raises(GradgenError, match=r"^test_bisections.py:\d+: GG112: one end of the bisection never moved"):
        jvp(cube_root)(5000.0, 3.0, c_dot=1.0, k_dot=0.0)
    with pytest.raises(GradgenError, match="GG112: one end of the bisection never moved"):
        hessian(cube_root)(5000.0, 3.0)


@pytest.mark.parametrize("fn", [keeping_what_it_found, keeping_it_by_a_method, of_an_equation_that_moves_with_the_turns])
def test_a_bisection_that_does_more_than_to_search_is_refused(fn):
    with pytest.raises(GradgenError, match="GG112: gradgen cannot differentiate a loop that searches by comparisons"):
        grad(fn, wrt=("c", "k"))
    with pytest.raises(GradgenError, match="GG112|GG106"):
        jvp(fn, wrt=("c", "k"))


def test_a_loop_of_few_turns_and_one_that_closes_on_a_jump_have_no_root():
    with pytest.raises(GradgenError, match="GG112: the bisection has not come close to a root"):
        grad(too_few)(2.0, 3.0)
    with pytest.raises(GradgenError, match="GG112: the bisection has not come close to a root"):
        grad(roughly)(2.0, 3.0)
    assert grad(counted_at_a_jump)(3.0) == pytest.approx(1.0, rel=1e-12)
    with pytest.raises(GradgenError, match="GG112: the bisection has (closed on a jump|not come close)"):
        grad(counted_at_a_jump)(5.0)


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


def of_arrays(a):
    low, high = a * 0, a * 1.0
    for _ in range(60):
        mid = (low + high) / 2
        left = mid**2 - a
        low = np.where(left < 0, mid, low)
        high = np.where(left < 0, high, mid)
    return np.sum(low)


def of_arrays_by_masks(a):
    low, high = np.zeros(3), a + 1
    for _ in range(40):
        mid = 0.5 * (low + high)
        m = mid**3 < a
        low[m] = mid[m]
        high[~m] = mid[~m]
    return np.sum(low)


def of_arrays_by_elements(a):
    low, high = a * 0.1, a + 2
    for _ in range(40):
        mid = (low + high) / 2
        left = mid**3 + mid**2 - 7
        for i in range(len(a)):
            if left[i] < 0:
                low[i] = mid[i]
            else:
                high[i] = mid[i]
    return np.sum(low)


def of_arrays_by_slices(a):
    low, high = a * 0.1, a + 2
    for _ in range(40):
        mid = (low + high) / 2
        left = mid[1:] ** 3 + mid[:-1] ** 2 - 7
        low[1:] = np.where(left < 0, mid[1:], low[1:])
        high[1:] = np.where(left < 0, high[1:], mid[1:])
    return np.sum(low)


@pytest.mark.parametrize("fn", [of_arrays, of_arrays_by_masks, of_arrays_by_elements, of_arrays_by_slices])
def test_a_search_of_arrays_by_comparisons_is_refused(fn):
    with pytest.raises(GradgenError, match="GG112: gradgen cannot differentiate a loop that searches by comparisons"):
        grad(fn)(np.array([2.0, 3.0, 5.0]))


def least_by_thirds(a, k):
    low, high = -3.0, 3.0
    while high - low > 1e-10:
        left, right = (2 * low + high) / 3, (low + 2 * high) / 3
        if (left - a) ** 2 < (right - a) ** 2:
            high = right
        else:
            low = left
    return k * (low + high) / 2


def least_by_golden_sections(a, k):
    low, high = -3.0, 3.0
    for _ in range(80):
        left, right = high - 0.618 * (high - low), low + 0.618 * (high - low)
        at_left, at_right = (left - a) ** 2, (right - a) ** 2
        low, high = (low, right) if at_left < at_right else (left, high)
    return k * (low + high) / 2


def least_alone(a):
    return least_by_thirds(a, 1.0)


@pytest.mark.parametrize("fn", [least_by_thirds, least_by_golden_sections, least_alone])
def test_what_a_search_goes_by_is_no_constant_where_nothing_is_asked_for(fn):
    with pytest.raises(GradgenError, match="GG112: gradgen cannot differentiate a loop that searches by comparisons"):
        grad(fn)
    assert jvp(least_by_thirds, wrt="k")(1.0, 2.0, k_dot=1.0)[1] == pytest.approx(1.0, rel=1e-8)  # the minimum, as asked for
