"""Functions whose loops are run again from kept states: each with points and, where there is one, a closed form.

Never imports gradgen.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np


def sines(x: float, n: int) -> float:
    s = x
    for k in range(n):
        s = math.sin(s) + k * x
    return s


def before_and_after(x: float, y: float, n: int) -> float:
    t = x * y
    s = t * t
    t = math.exp(-s)
    for k in range(n):
        t = t * math.cos(s + k) + y
        s = s + t * x
    z = s * t
    s = z * z
    return s + t * k


def arms(x: float, n: int) -> float:
    s = x
    t = 1.0
    for k in range(n):
        if k % 2:
            s = s * 0.5 + math.sin(t)
            t = s * t
        else:
            s = s * s + 1.1
    return s * t


def nested(x: float, n: int, m: int) -> float:
    s = x
    for _ in range(n):
        t = s
        for j in range(m):
            t = t - 0.1 * math.sin(t) * x + j * 0.01
        s = s + 0.1 * t * t
    return s


def three_deep(x: float, n: int) -> float:
    s = x
    for i in range(n):
        for j in range(i):
            s = s + 0.01 * math.sin(s * x)
            for k in range(1, j + 1):
                s = s - 0.02 * s * s * x / k
        u = s * s
        s = math.cos(u) + s
    return s


def relaxed(m: float, e: float) -> float:
    a = m
    while abs(a - e * math.sin(a) - m) > 1e-13:
        a = a - 0.5 * (a - e * math.sin(a) - m) / (1 - e * math.cos(a))
    return a


def whiles_within(x: float) -> float:
    s = x
    i = 0
    while i < 7:
        t = s
        while t > 0.1:
            t = t * (0.7 + 0.01 * x)
            s = s + 0.1 * t * s
        s = 0.3 * s + x
        i += 1
    return s


def one_after_the_other(x: float, y: float, n: int) -> float:
    s = x
    for _ in range(n):
        s = s * math.cos(s * y)
    p = 1.0
    for k in range(2, n + 2):
        p = p * (1 + s / k) + y
        s = s + 0.01 * p
    return s * p


def goes_on(x: float, n: int) -> float:
    s = x
    for k in range(n):
        if k % 3 == 1:
            continue
        s = s + math.sin(s) * x
        if k % 5 == 2:
            s = s - 2.9 * x
            continue
        s = s * 1.01
    return s


def over_a_list(xs: list[float], w: float) -> float:
    s = 0.0
    for x in xs:
        s = s * w + math.tanh(x * s + x)
    return s


def numbered(xs: list[float], w: float) -> float:
    s = 0.0
    for i, x in enumerate(xs):
        s = s * w + math.tanh(x * s + i * x)
    return s


def numbered_from_one(ts: Any, x: float) -> float:
    z = x
    for k, t in enumerate(ts, start=1):
        z = z * x + t**k
    return z


def zipped(xs: list[float], ys: tuple[float, ...], w: float) -> float:
    s = 1.0
    for x, y in zip(xs, ys, strict=False):
        s = s * w * y + math.tanh(x * s)
    return s


def from_the_turn_before(x: float, n: int) -> float:
    s = x
    for k in range(n):
        if k > 1:
            s = s + 0.1 * old * x  # noqa: F821
        old = s * s  # noqa: F841
    return s


def newton_within(x: float, n: int) -> float:
    s = x
    for _ in range(n):
        y = s
        for _ in range(20):
            dy = (y * y * y + y - s) / (3 * y * y + 1)
            y = y - dy
            if abs(dy) < 1e-12:
                break
        s = s + 0.1 * y * x
    return s


def row_of_a_turn(x: float, n: int) -> float:
    s = x
    for _ in range(n):
        row = []
        for j in range(3):
            row.append(s * j + x)
        s = 0.1 * sum(row) + math.sin(row[1])
    return s


def step(u: float, v: float, a: float) -> tuple[float, float]:
    w = a * v if u > 0 else v * u
    for _ in range(2):
        w = w + 0.1 * math.sin(w * u)
    return u + 0.1 * v, v - 0.1 * w


def of_steps(u: float, v: float, a: float, n: int) -> float:
    for _ in range(n):
        u, v = step(u, v, a)
    return u * v


def ways_out(x: float, n: int) -> float:
    if x > 10:
        return x
    s = x
    for _ in range(n):
        s = s * 0.9 + x * math.sin(s)
    if s > 0:
        return s * x
    return s


def caught(x: float, n: int) -> float:
    s = x
    for _ in range(n):
        try:
            s = s + math.log(s - 0.5)
        except ValueError:
            s = s * s + 1
    return s


def until_large(x: float, n: int) -> float:
    s = x
    for k in range(n):
        s = math.sin(s) + x
        if s > 1.2:
            s = s * k
            break
        s = s * x
    return s * x


def hands_out(x: float, n: int) -> float:
    s = x
    for _ in range(n):
        s = math.sin(s) + x
        if s > 1.2:
            return s * x
        s = s * x
    return s


def parts_ways(x: float, n: int) -> float:
    s = x
    for k in range(n):
        if s > 2.0:
            break
        elif s < -1:  # noqa: RET508
            if k > 2:
                return s * x
            else:  # noqa: RET505
                return s + x
        elif k % 3 == 1:
            continue
        s = s * 1.2 + 0.1 * x * k
    return s


def goes_on_until(x: float) -> float:
    s = x
    while True:
        s = s * 1.2 + math.cos(x) + 0.1
        if s > 9:
            return s * s
        s = s + x * x


def newton(x: float, n: int) -> float:
    s = x
    for _ in range(n):
        d = (s * s - x) / (2 * s)
        s = s - d
        if abs(d) < 1e-9:
            break
    else:
        s = s * s
    return s * x


def first_of(xs: list[float], w: float) -> float:
    s = 0.0
    for x in xs:
        s = s * w + x * x
        if s > 1.0:
            break
    return s * x


def left_within(x: float, n: int) -> float:
    s = x
    for i in range(n):
        for _ in range(n):
            s = s + 0.1 * math.sin(s * x)
            if s > 2:
                break
        s = s * 0.5 + x
        if i == 3:
            break
    return s


def left_below(x: float, y: float) -> float:
    s = 0.0
    for i in range(3):
        s = s + hands_out(0.3 * i + x, 4) * y
    return s


def collects(x: float, n: int) -> float:
    s = x
    path, counts = [x], []
    for k in range(n):
        s = math.sin(s) + x
        if s > 0.8:
            path.append(s * s)
            counts.append(k)
        if s > 1.5:
            return s * len(counts)
        path.append(x)
    t = sum(path)
    for i in range(len(path)):
        t = t + path[i] * i
    return t * s


def outputs(h: Any, w: Any, n: int) -> Any:
    hs = []
    for _ in range(n):
        h = np.tanh(w @ h)
        hs.append(h)
        if np.sum(h**2) < 0.01:
            break
    return np.sum(np.stack(hs) ** 2)


def heat(u0: Any, k: float, steps: int) -> Any:
    u = u0.copy()
    for _ in range(steps):
        u[1:-1] += k * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u**2)


def recurrent(xs: Any, w: Any, h: Any) -> Any:
    for x in xs:
        h = np.tanh(w @ h + x)
    return np.sum(h**2)


def descent(a: Any, b: Any, x: Any, rate: float, n: int) -> Any:
    for _ in range(n):
        g = a @ x - b
        x = x - rate * g
    return np.sum(x**2)


def settles(a: Any, b: Any) -> Any:
    x = np.zeros(3)
    old = x + 1
    while np.sum((x - old) ** 2) > 1e-28:
        old = x
        x = np.tanh(a @ x) + b
    return np.sum(x**3)


def cell_by_cell(u0: Any, k: float, n: int) -> Any:
    u = u0.copy()
    e = 0.0
    for _ in range(n):
        for i in range(1, 4):
            u[i] = u[i] + k * (u[i - 1] - 2 * u[i] + u[i + 1])
        e += np.sum(u * u)
    return e


_DRAWN = np.random.default_rng(20)
_A, _B, _U = 0.2 * _DRAWN.normal(size=(3, 3)), _DRAWN.normal(size=3), _DRAWN.normal(size=6)

CASES: tuple[tuple[Callable[..., Any], tuple[tuple[Any, ...], ...]], ...] = (
    (sines, ((0.7, 1), (0.7, 2), (0.7, 5), (0.7, 23))),
    (before_and_after, ((0.7, 0.4, 1), (0.7, 0.4, 2), (0.7, 0.4, 13))),
    (arms, ((0.7, 0), (0.7, 1), (0.7, 7))),
    (nested, ((0.7, 0, 0), (0.7, 1, 0), (0.7, 1, 7), (0.7, 5, 1), (0.7, 5, 7))),
    (three_deep, ((0.7, 0), (0.7, 2), (0.7, 7))),
    (relaxed, ((1.2, 0.4), (2.0, 0.1))),
    (whiles_within, ((0.9,),)),
    (one_after_the_other, ((0.7, 0.3, 0), (0.7, 0.3, 1), (0.7, 0.3, 9))),
    (goes_on, ((0.7, 0), (0.7, 2), (0.7, 3), (0.7, 20))),
    (over_a_list, (([0.1, 0.5, -0.3, 0.2, 0.9], 0.7), ([0.3], 0.7))),
    (numbered, (([0.1, 0.5, -0.3, 0.2, 0.9], 0.7),)),
    (numbered_from_one, (([0.1, 0.5, -0.3, 0.2, 0.9], 0.7),)),
    (zipped, (([0.1, 0.5, -0.3, 0.2], (0.3, 0.4, 0.5, 0.6, 0.7), 0.7),)),
    (from_the_turn_before, ((0.7, 1), (0.7, 2), (0.7, 9))),
    (newton_within, ((0.7, 1), (0.7, 9))),
    (row_of_a_turn, ((0.7, 1), (0.7, 9))),
    (of_steps, ((0.7, 0.3, 1.1, 1), (0.7, 0.3, 1.1, 9))),
    (ways_out, ((11.0, 3), (0.7, 9), (-0.7, 9))),
    (caught, ((0.7, 9), (2.2, 9))),
    (until_large, ((0.7, 0), (0.7, 9), (0.2, 9))),
    (hands_out, ((0.7, 0), (0.7, 9), (0.2, 9))),
    (parts_ways, ((0.7, 9), (0.7, 2), (-0.9, 9), (-1.1, 9))),
    (goes_on_until, ((0.9,),)),
    (newton, ((0.7, 20), (0.7, 2))),
    (first_of, (([0.3, 0.6, 0.7, 0.8], 0.9), ([0.3, 0.6], 0.9))),
    (left_within, ((0.9, 6), (0.9, 2))),
    (left_below, ((0.7, 0.4),)),
    (collects, ((0.7, 0), (0.7, 5), (0.2, 5))),
    (outputs, ((_B, _A, 1), (_B, _A, 7))),
    (heat, ((_U, 0.2, 0), (_U, 0.2, 1), (_U, 0.2, 9))),
    (recurrent, ((_DRAWN.normal(size=(7, 3)), _A, _B), (_DRAWN.normal(size=(1, 3)), _A, _B))),
    (descent, ((_A @ _A.T, _B, _U[:3], 0.1, 1), (_A @ _A.T, _B, _U[:3], 0.1, 8))),
    (settles, ((_A, _B),)),
    (cell_by_cell, ((_U, 0.2, 1), (_U, 0.2, 8))),
)
