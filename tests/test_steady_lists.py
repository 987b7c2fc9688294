"""Lists that are filled first and read afterwards: what changes no more is read again; what still changes is refused."""
from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from gradgen import grad, jvp, value_and_grad
from gradgen.errors import UnsupportedError


def network(w: list[float], x: float) -> float:
    hidden = []
    for a in w:
        hidden.append(max(0.0, a * x))
    out = 0.0
    for a, h in zip(w, hidden, strict=True):
        out += a * h
    return out


def squares(w: list[float], x: float) -> float:
    hidden = []
    for a in w:
        hidden.append(math.tanh(a * x))
    return sum(h * h for h in hidden)


def gone_through(w: list[float], x: float) -> float:
    hidden = []
    for a in w:
        hidden.append(math.tanh(a * x))
    out = 0.0
    for h in hidden:
        out += h * h
    return out


def added_up(w: list[float], x: float) -> float:
    y = [0.0] * len(w)
    for i in range(len(w)):
        y[i] += w[i] * x
    return sum(v * v for v in y)


def largest(w: list[float], x: float) -> float:
    hidden = []
    for a in w:
        hidden.append(math.tanh(a * x))
    return max(hidden)


def indexed(w: list[float], x: float) -> float:
    h = [0.0, 0.0, 0.0]
    h[0] = math.tanh(x)
    h[1] = math.sin(x)
    out = 0.0
    for i in range(3):
        out += w[i] * h[i]
    return out


@pytest.mark.parametrize("fn", [network, squares, gone_through, added_up, largest, indexed])
def test_a_list_that_was_filled_is_gone_through(fn: Callable[[list[float], float], float]) -> None:
    w, x, step = [0.3, -0.4, 0.7], 1.3, 1e-6

    def slope(*moved: float) -> float:
        ahead = fn([a + step * m for a, m in zip(w, moved[:3], strict=True)], x + step * moved[3])
        back = fn([a - step * m for a, m in zip(w, moved[:3], strict=True)], x - step * moved[3])
        return (ahead - back) / (2 * step)

    value, (dw, dx) = value_and_grad(fn)(w, x, **{value_and_grad(fn).seeds[0]: 0.5})
    assert value == fn(w, x)
    found = [*dw, dx]
    for place, each in enumerate(found):
        assert each == pytest.approx(0.5 * slope(*(float(place == other) for other in range(4))), abs=1e-8)
    assert jvp(fn)(w, x, w_dot=[1.0, 2.0, -1.0], x_dot=0.5)[1] == pytest.approx(slope(1.0, 2.0, -1.0, 0.5), abs=1e-8)


def test_what_changes_no_more_is_not_recorded() -> None:
    assert "tape" not in grad(indexed).source


def lengthened_later(x: float) -> float:
    h = []
    for k in range(3):
        h.append(math.sin(x * k))
    s = 0.0
    for v in h:
        s += v * v
    h.append(x)
    return s * h[-1]


def stored_into_later(x: float) -> float:
    h = [x, 2 * x]
    h[0] = x * x
    s = sum(v * v for v in h)
    h[0] = x**3
    return s * h[0]


def by_another_name(x: float) -> float:
    h = [x, 2 * x]
    b = h
    h[0] = x * x
    s = sum(v * v for v in h)
    b[0] = x**3
    return s * h[0]


def first(h: list[float], x: float) -> None:
    h[0] = x * x


def by_a_call(x: float) -> float:
    h = [x, 2 * x]
    h[1] = x * x
    s = sum(v * v for v in h)
    first(h, x)
    return s * h[0]


def by_a_nested_function(x: float) -> float:
    h = [x, 2 * x]
    h[1] = x * x

    def put(y: float) -> None:
        h[0] = y

    s = sum(v * v for v in h)
    put(x)
    return s * h[0]


def in_each_turn(x: float) -> float:
    s, h = 0.0, [x, 2 * x]
    for _ in range(2):
        s += sum(v * v for v in h)
        h[0] = s
    return s


def swapped_in(x: float) -> float:
    h = [x, 2 * x]
    h[0] = x * x
    s = sum(v * v for v in h)
    h[:] = [1.0, 1.0]
    return s + h[0]


@pytest.mark.parametrize(
    "fn", [lengthened_later, stored_into_later, by_another_name, by_a_call, by_a_nested_function, in_each_turn, swapped_in]
)
def test_what_still_changes_is_right_or_refused(fn: Callable[[float], float]) -> None:
    expected = (fn(1.3 + 1e-6) - fn(1.3 - 1e-6)) / 2e-6
    for optimize in (True, False):
        try:
            found = grad(fn, optimize=optimize)(1.3)
        except UnsupportedError as error:
            assert error.findings[0].line > fn.__code__.co_firstlineno
        else:
            assert found == pytest.approx(expected, rel=1e-7)
