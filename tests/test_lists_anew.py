"""Lists that are joined, shortened, turned or put in order, and queues: both modes, judged by differences.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

import collections
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import UnsupportedError, grad, jvp, vjp
from tests.forward.written import function
from tests.oracle.differences import derivative

X, Y = 1.7, 0.9


def joined(x, y):
    a = [x, y]
    b = [x * y]
    c = a + b + [y * y]
    return c[0] * c[2] + c[1] ** 2 * c[3]


def joined_and_summed(x, y):
    c = [x, *[x * y], y] + [y, y * x]
    return sum(c[i] * c[i + 1] for i in range(len(c) - 1))


def grown_by_sums(x, y):
    s = []
    for k in range(3):
        s = s + [x**k * y]
    return s[0] * s[1] + s[2]


def copied_while_it_grows(x, y):
    s = [x]
    t = s
    s = s + [x * y]
    s = s + [y]
    return s[1] * s[2] * t[0] * len(t)


def lengthened(x, y):
    a = [x, y, x * y]
    s = []
    s.extend(a)
    s += a
    return sum(s[i] * s[-1 - i] for i in range(3))


def flattened(x, y):
    rows = [[x, y], [x * y, 3.0]]
    c = sum(rows, [])
    return c[0] * c[2] + c[1] ** 2


def taken_from_the_end(x, y):
    s = [x, y, x * y]
    v = s.pop()
    w = s.pop()
    return v * w + s[0] * math.sin(v)


def taken_from_the_front(x, y):
    s = [x, y, x * y]
    v = s.pop(0)
    del s[-1]
    return v * s[0] ** 2 * len(s)


def emptied(x, y):
    total = 0.0
    waiting = [x, y, x * y]
    while waiting:
        v = waiting.pop()
        total = total * v + math.sin(v)
    return total


def put_in_front(x, y):
    s = [x, y]
    s.insert(0, x * y)
    s.insert(2, y * y)
    return s[0] * s[1] ** 2 * s[2] + s[3]


def put_in_order(x, y):
    s = [x, y, x * y, 1.0]
    s.sort()
    t = s[1:]
    s.sort(reverse=True)
    return 2 * s[0] + 3 * s[1] * t[0] + t[1] ** 2


def turned(x, y):
    s = [x, y, x * y]
    s.reverse()
    t = list(reversed(s))
    return s[0] * 2 + s[1] ** 2 * t[1] + t[0]


def summed_while_it_grows(x, y):
    s = [y, x]
    s.append(sum(s) * y)
    total = 0.0
    for k in range(3):
        total += sum(s) ** 2 / len(s)
        s.append(x**k * y)
    return total * s[2]


def a_queue(x, y):
    q = collections.deque([x, y])
    total = 0.0
    while q:
        v = q.popleft()
        total = total * v + math.sin(v)
    return total


def a_wheel(x, y):
    q = collections.deque([x, y, x * y])
    q.rotate()
    return q[0] * 2 + q[1] * 3 * q[2]


def smoothed(x, y):
    last = collections.deque(maxlen=2)
    total = 0.0
    for k in range(4):
        last.append(x**k * y)
        total += sum(last) / len(last)
    return total


BOTH = [
    smoothed, joined, joined_and_summed, grown_by_sums, copied_while_it_grows, lengthened, flattened, taken_from_the_end,
    taken_from_the_front,
    emptied, put_in_front, put_in_order, turned, summed_while_it_grows, a_queue, a_wheel,
]


@pytest.mark.parametrize("fn", BOTH, ids=lambda fn: fn.__name__)
def test_lists_that_change_move_as_new_ones(fn: Callable[..., Any]) -> None:
    by_x, by_y = derivative(lambda x: fn(x, Y), X).value, derivative(lambda y: fn(X, y), Y).value
    generated = vjp(fn)
    assert generated(X, Y, **{generated.seeds[0]: 1.7}) == pytest.approx((1.7 * by_x, 1.7 * by_y), rel=1e-7)
    value, moved = jvp(fn)(X, Y, x_dot=0.3, y_dot=0.7)
    assert value == fn(X, Y)
    assert moved == pytest.approx(0.3 * by_x + 0.7 * by_y, rel=1e-7)


def from_a_list(x, y, start):
    c = sum([[x], [y]], start)
    return c[0] * c[2]


def into_a_tuple(x, y):
    c = sum([(x, y), (x * y, 2.0)], ())
    return c[0] * c[2] + c[1]


def test_lists_that_a_sum_joins_otherwise_are_refused() -> None:
    with pytest.raises(UnsupportedError, match="GG115"):
        grad(from_a_list)(X, Y, [1.0, 2.0])
    with pytest.raises(UnsupportedError, match="GG115"):
        jvp(from_a_list)(X, Y, [1.0, 2.0], x_dot=1.0, y_dot=0.0, start_dot=[0.0, 0.0])
    with pytest.raises(UnsupportedError, match="GG115"):
        grad(into_a_tuple)(X, Y)


def from_a_number(xs, first):
    return sum([v * v for v in xs], first) ** 2


def test_a_sum_of_numbers_may_have_a_start() -> None:
    of_elements, of_first = grad(from_a_number)([1.0, 2.0], 3.0)
    assert (*of_elements, of_first) == pytest.approx((32.0, 64.0, 16.0))
    assert jvp(from_a_number)([1.0, 2.0], 3.0, xs_dot=[1.0, 1.0], first_dot=2.0) == pytest.approx((64.0, 128.0))


def doubled_twice(xs, y):
    for x in xs:
        y = y * np.sum(x)
    for _ in range(2):
        xs = [x * 2 * xs[0][0] for x in xs]
    return np.sum(xs[1] * y) * np.sum(xs[0] ** 2)


def test_a_list_of_arrays_of_several_lengths_is_made_anew_under_its_name() -> None:
    xs, y = [np.array([0.4, -0.7]), np.array([0.3, 0.9, -0.2])], np.array([0.5, 1.1, 0.8])
    dxs, dy = vjp(doubled_twice, ("xs", "y"))(xs, y, ddoubled_twice=-1.3)
    directions = [np.array([0.6, -0.2]), np.array([-0.5, 0.1, 0.9])]

    def along(t):
        return doubled_twice([x + t * d for x, d in zip(xs, directions, strict=True)], y + t)

    assert [dx.shape for dx in dxs] == [(2,), (3,)]
    found = sum(dx @ d for dx, d in zip(dxs, directions, strict=True)) + np.sum(dy)
    assert found == pytest.approx(-1.3 * derivative(along, 0.0).value, rel=1e-7)


def stored_over(x, y):
    a = [x, y]
    a[0] = np.sin(a[1])
    return np.sum(a[0] * a[1])


def test_the_gradient_by_an_array_that_is_stored_over_has_its_shape() -> None:
    dx, dy = grad(stored_over)(np.ones(3), np.full((2, 3), 0.4))
    assert np.array_equal(dx, np.zeros(3))
    np.testing.assert_allclose(dy, np.full((2, 3), math.sin(0.4) + 0.4 * math.cos(0.4)))


# What an element is before another value is stored there, unread: its adjoint is 0.0, and no array.
UNREAD = {
    "in a display": "u = x * 2\nys = [u.T, y @ u]\nys[0] = ys[1] * 2",
    "of another shape": "ys = [x.reshape(-1), y * 1.0]\nys[0] = ys[1] @ x",
    "stored": "ys = [x * 1.0, y * 1.0]\nys[0] = (x @ y).T\nys[0] = ys[1].T * 2",
    "stored, made of another": "ys = [x * 1.0, y * 1.0]\nys[0] = ys[1] @ x\nys[0] = ys[1].T * 2",
    "stored at every turn": "ys = [x * 1.0, y * 1.0]\nfor k in range(2): ys[0] = (x @ y).T * ys[1]",
    "appended": "ys = [y]\nys.append(x @ y)\nys[1] = x * 2.0\nys[0] = ys[1] * y",
    "in a dict": "d = {'p': x.reshape(-1), 'q': y}\nd['p'] = d['q'] * 2.0\nys = [d['p'] * x]",
    "in a comprehension": "ys = [x @ y for k in range(3)]\nys[0] = ys[1] * 2.0",
}


@pytest.mark.parametrize("name", UNREAD)
def test_arrays_that_are_stored_over_unread_have_zeros_of_their_shape(name: str) -> None:
    body = "".join(f"    {line}\n" for line in UNREAD[name].splitlines())
    fn = function(f"def f(x, y):\n{body}    return np.sum(ys[0])\n", {"np": np})
    x, y = np.array([[0.4, -0.7], [1.1, 0.6]]), np.array([[0.3, 0.9], [-0.2, 0.5]])
    dx, dy = grad(fn)(x, y)
    e, g = np.array([[0.6, -0.2], [0.8, 1.3]]), np.array([[-0.5, 0.1], [0.9, 0.4]])
    slope = derivative(lambda t: fn(x + t * e, y + t * g), 0.0).value
    assert (dx.shape, dy.shape) == (x.shape, y.shape)
    assert np.sum(dx * e) + np.sum(dy * g) == pytest.approx(slope, rel=1e-7)
    assert jvp(fn)(x, y, x_dot=e, y_dot=g)[1] == pytest.approx(slope, rel=1e-7)
