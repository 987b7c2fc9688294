"""Functions that people write and that once gave a wrong gradient without a word: state that changes in place, containers
made anew from their own parts, containers in containers, searches. Each is right against central differences, or refused.
"""
from __future__ import annotations

import collections
import contextlib
import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import value_and_grad
from gradgen.errors import GradgenError

TAB = [1.0]


def look(x):
    return x * TAB[0]


def a_callee_reads_a_global_that_changes(x):
    TAB[0] = 1.0
    z = x * x * look(x)
    TAB[0] = 5.0
    return look(z) * z


class Pid:

    def __init__(s, kp):
        s.kp = kp

    def gain(s, e):
        return s.kp * e * e


PID = Pid(2.0)


def an_attribute_changes_between_calls(x):
    PID.kp = 2.0
    z = PID.gain(x)
    PID.kp = 3.0
    z = PID.gain(z)
    PID.kp = 4.0
    return z * x


def upd(w):
    w[0] += 1.0


def a_helper_changes_its_argument(x):
    w = [2.0]
    z = x * x * w[0]
    upd(w)
    z = z * z * w[0]
    upd(w)
    return z * x


def an_array_changes_under_its_view(x):
    W = np.array([1.0, 2.0])
    w = W[:1]
    z = x * w[0]
    z = z * z * w[0]
    W += 1.0
    return z * z


def a_row_has_another_name(x):
    W = [[1.0, 2.0], [3.0, 4.0]]
    r = W[0]
    z = x * r[0]
    z = z * z * r[0]
    W[0][0] = 9.0
    return z * z


def a_list_is_sorted_in_place(x):
    q = [3.0, 1.0, 2.0]
    z = x * x * q[0]
    q.sort()
    z = z * z * q[0]
    q.reverse()
    return z * z * q[0] * x


def a_nested_function_changes_what_it_captures(x):
    w = [2.0]

    def g(t):
        r = t * t * w[0]
        w[0] += 1
        return r
    return g(x) * g(g(x))


class Sensor:
    n = 0

    @property
    def v(s):
        s.n += 1
        return float(s.n)


def a_property_counts(x):
    c = Sensor()
    z = x
    for _ in range(3):
        z = z * x * c.v
    return z * c.v * z


def pair(x, y):
    return ((x, y), (y * x, x))


def nested_unpacking(x):
    (a, b), (c, d) = pair(x, x * 2)
    return a * b * c + d


def rows_unpacked(x):
    t = [[x, x * 2], [x, x]]
    p, q = t
    return p[0] * q[0]


def modf_unpacked(x):
    m, e = math.modf(x)
    return m * x


def divmod_unpacked(x):
    t, r = divmod(x, 0.7)
    return r * x + t


def a_loop_over_map(x):
    z = x
    for a in map(float, [1, 2, 3]):
        z = z * x + a
    return z


def a_tuple_from_its_own_items(x, y):
    st = (x, y)
    st = (st[1], st[0] * st[1])
    return st[0] * st[1]


def a_vector_normalised(x, y):
    v = [x, y]
    n = math.sqrt(sum(c * c for c in v))
    v = [c / n for c in v]
    return v[0] + 2 * v[1]


def a_list_from_itself_in_a_loop(x, y):
    xs = [x, y]
    for _ in range(2):
        xs = [v * v + x for v in xs]
    return xs[0] * xs[1]


def containers_swapped_after_a_choice(x, y):
    a = (x, y)
    b = (y, x)
    c = a if x > y else b
    a, b = (b, a)
    return c[0] * a[0] * b[1] ** 2


def softmax_by_hand(x, y):
    z = [x, y, 1.0]
    z = [math.exp(v) for v in z]
    t = sum(z)
    z = [v / t for v in z]
    return -math.log(z[0])


State = collections.namedtuple('State', 'q p')


def a_record_stepped_in_a_loop(q, p):
    s = State(q, p)
    for _ in range(3):
        s = State(s.q + 0.1 * s.p, s.p - 0.1 * s.q)
    return s.q * s.p


def both(a, b):
    return (a + b, a * b)


def a_pair_passed_through_a_helper(x, y):
    r = both(x, y)
    for _ in range(2):
        r = both(r[1], r[0])
    return r[0] * r[1]


def two_tuples_swapped(x, y):
    a = (x, y)
    b = (y, x)
    a, b = (b, a)
    return a[0] * b[1]


def a_sum_over_itself(x, y):
    s = x * y
    s = sum(s * t for t in (1.0, 2.0))
    return s * s


def a_break_past_finally(x, y):
    s = x * y
    for _ in range(4):
        try:
            if s > 3:
                break
            s = s * x
        finally:
            s = s * 1.5
    return s


class Forgiving:

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return True


def a_context_manager_that_swallows(x, y):
    z = y
    with Forgiving():
        z = x * y
        z = z * math.log(-x)
    return z * x


def a_suppressed_exception_in_a_loop(x, y):
    z = y
    for k in range(4):
        with contextlib.suppress(ValueError):
            y = y * x
            z = z + y * math.sqrt(1.5 - k)
    return z * y


def a_tape_that_an_exception_would_unbalance(x, y):
    z = 0.0
    k = 1.0
    for i in range(4):
        try:
            k = k + 1.0
            z = z + x * k * math.sqrt(2 - i)
        except ValueError:
            z = z + x * y * k
    return z


def an_else_that_goes_on(x, y):
    z = x
    for i in range(4):
        for j in range(3):
            z = z * y + x / (i + j + 1)
            if z > 2:
                z = z / 2
                break
        else:
            z = z + y
            continue
        z = z * x
        if z > 4:
            break
    return z


def a_value_lost_in_the_turn_that_is_left(x, y):
    den = 3.0
    while True:
        den = den * 0.5
        if den < 1:
            den = den * 2
            break
        y = math.tanh(y * den + x)
    return y * x


def a_loop_variable_rebound(x, y):
    z = x
    for k in range(3):
        z = z * y + k
        k = k + 0.5
        z = z * x - k
    return z


def slices_and_reversals(x, y):
    c = [x, y, x * y, x + y]
    z = sum(a * b for a, b in zip(c, c[1:], strict=False) if a > 0.5) + sum(t * i for i, t in enumerate(reversed(c), 2))
    for i, (a, b) in enumerate(zip(c[::-1], c, strict=True), start=1):
        if i > 3:
            break
        z = z * a + (b - a) * x * i
    for t in c[2:]:
        z = z * t + x
    return z


def an_else_that_a_break_passes_by(x, y):
    for part in (0.5, 1.5, 2.0):
        a = x ** 2.0 * part
        if a > y:
            break
    else:
        x, _ = a, y
    return a * x


def a_store_at_a_computed_index(x, y):
    ts = [0.0] * 5
    for i in range(4):
        ts[i + 1] = ts[i] * x + y * i
    return ts[4]


def cases_that_swap(x, y):
    kind = ("swap", 2)
    z = x
    for k in range(4):
        match k % 3, kind:
            case 0, ("swap", n) if k < n + 9:
                x, y = y, x * n
            case 1, (_, n):
                z = z * x - n
                if z > 5:
                    break
            case j, _:
                z = z + j * y
    return z * x + y


def a_flag_of_the_turn_that_is_left(x, y):
    z = x
    for k in range(5):
        if z * z < 40:
            if k > 3:
                break
            w = z
            z = w * y + x * z
        else:
            z = z * 0.5
    return z


def turns_of_an_inner_loop_that_returns(x, y):
    z = x
    factors = [1.0, 2.0, 0.5]
    for i in range(3):
        for factor in [f + i for f in factors if f + i != 2.0]:
            z = z * factor + y * x
            if z > 5:
                return z * y
        z = z * 0.5
    return z


def a_loop_that_only_its_else_outlives(x, y):
    for _ in range(2):
        s = x
        b = x * s
        for _ in range(4):
            s = s - 0.5 + b / (1 + abs(x)) - math.sin(s + s)
        else:
            s = 0.5 * (b * b)
            x = 0.3 * s + y
    return x


def a_step_search(x, y):
    lo = 0.0
    st = 1.0
    while st > 1e-10:
        while (lo + st) ** 3 < x:
            lo += st
        st /= 2
    return lo * y


def a_loop_into_an_item(x, y):
    a = [x, y]
    for a[0] in (2.0, 3.0):
        x = x * a[0]
    return x * a[1]


def a_list_that_becomes_a_number(x, y):
    v = [x, y]
    v = v[0] * v[1]
    return v * v


def a_series(x, y):
    k = 0
    t = 1.0
    s = 0.0
    while abs(t) > 1e-12:
        s += t
        k += 1
        t *= x / k
    return s * y


RIGHT: list[tuple[Callable[..., Any], tuple[float, ...]]] = [
    (a_callee_reads_a_global_that_changes, (0.9,)),
    (a_break_past_finally, (1.1, 1.3)),
    (a_context_manager_that_swallows, (0.7, 1.3)),
    (a_context_manager_that_swallows, (-0.7, 1.3)),
    (a_suppressed_exception_in_a_loop, (0.7, 1.3)),
    (a_tape_that_an_exception_would_unbalance, (0.7, 1.3)),
    (an_else_that_goes_on, (0.7, 1.3)),
    (an_else_that_goes_on, (0.3, 0.4)),
    (a_value_lost_in_the_turn_that_is_left, (0.7, 1.3)),
    (a_loop_variable_rebound, (0.7, 1.3)),
    (slices_and_reversals, (0.7, 1.3)),
    (a_loop_that_only_its_else_outlives, (0.7, 1.3)),
    (a_flag_of_the_turn_that_is_left, (0.7, 1.3)),
    (turns_of_an_inner_loop_that_returns, (0.7, 1.3)),
    (turns_of_an_inner_loop_that_returns, (0.1, 1.1)),
    (an_else_that_a_break_passes_by, (0.7, 1.3)),
    (an_else_that_a_break_passes_by, (1.7, 1.3)),
    (a_store_at_a_computed_index, (0.7, 1.3)),
    (cases_that_swap, (0.7, 1.3)),
    (cases_that_swap, (0.7, 0.3)),
    (an_attribute_changes_between_calls, (0.9,)),
    (a_helper_changes_its_argument, (0.9,)),
    (a_row_has_another_name, (0.9,)),
    (a_list_is_sorted_in_place, (0.9,)),
    (a_nested_function_changes_what_it_captures, (0.9,)),
    (a_property_counts, (0.9,)),
    (modf_unpacked, (0.9,)),
    (divmod_unpacked, (0.9,)),
    (a_loop_over_map, (0.9,)),
    (a_tuple_from_its_own_items, (2.0, 3.0)),
    (a_vector_normalised, (0.2, 0.3)),
    (a_list_from_itself_in_a_loop, (0.2, 0.3)),
    (containers_swapped_after_a_choice, (2.0, 3.0)),
    (softmax_by_hand, (0.2, 0.3)),
    (a_record_stepped_in_a_loop, (2.0, 3.0)),
    (a_pair_passed_through_a_helper, (0.2, 0.3)),
    (two_tuples_swapped, (2.0, 3.0)),
    (a_sum_over_itself, (2.0, 3.0)),
    (a_series, (2.0, 3.0)),
    (nested_unpacking, (0.9,)),
]
REFUSED: list[Callable[..., Any]] = [
    rows_unpacked,
    a_step_search,
    a_loop_into_an_item,
    a_list_that_becomes_a_number,
]


def differences(function: Callable[..., Any], point: tuple[float, ...], h: float = 1e-6) -> list[float]:
    """Central differences by each argument."""
    found = []
    for index, value in enumerate(point):
        above = function(*point[:index], value + h, *point[index + 1 :])
        below = function(*point[:index], value - h, *point[index + 1 :])
        found.append((above - below) / (2 * h))
    return found


@pytest.mark.parametrize(("function", "point"), RIGHT, ids=lambda case: getattr(case, "__name__", ""))
def test_what_changes_in_place_is_differentiated_as_it_was(function: Callable[..., Any], point: tuple[float, ...]) -> None:
    value, gradient = value_and_grad(function, tuple(range(len(point))))(*point)
    assert value == function(*point)
    assert gradient == pytest.approx(differences(function, point), rel=1e-4, abs=1e-6)


def a_root_that_is_caught(x, y):
    try:
        return math.sqrt(x) * y
    except ZeroDivisionError:
        return 0.0


def test_what_the_backward_part_raises_is_not_caught_by_the_function() -> None:
    assert value_and_grad(a_root_that_is_caught)(4.0, 3.0) == (6.0, (0.75, 2.0))
    with pytest.raises(ZeroDivisionError):
        value_and_grad(a_root_that_is_caught)(0.0, 3.0)


@pytest.mark.parametrize("function", REFUSED, ids=lambda function: function.__name__)
def test_what_cannot_be_followed_is_refused_with_its_place(function: Callable[..., Any]) -> None:
    with pytest.raises(GradgenError, match=r"test_by_hand\.py:\d+"):
        made = value_and_grad(function)
        made(*(1.5 for _ in inspect.signature(function).parameters))  # what may be for arrays is refused at a call of numbers


def test_what_a_view_showed_is_kept_before_its_array_changes() -> None:
    assert value_and_grad(an_array_changes_under_its_view)(0.9) == pytest.approx((0.9**4, 4 * 0.9**3))
