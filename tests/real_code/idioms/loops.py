"""Loops, tables and lists as published code has them.

Never holds expected values: the tests judge by differences.
"""
from __future__ import annotations

import math
from collections.abc import Callable

Examples = tuple[tuple[Callable[..., object], tuple[object, ...]], ...]
COEFFICIENTS = (1.0, 2.0, 3.0)


def polynomial_by_enumerate(x: float) -> float:
    total = 0.0
    for i, c in enumerate([1.0, 2.0, 3.0]):
        total += c * x**i
    return total


def polynomial_by_zip(x: float) -> float:
    terms = zip(COEFFICIENTS, (0, 1, 2), strict=True)
    total = 0.0
    for c, i in terms:
        total += c * x**i
    return total


def local_first_set_in_the_loop(x: float) -> float:
    total = 0.0
    for c in COEFFICIENTS:
        t = x * c
        u = math.sin(t) * t
        total += u * u
    return total


def return_in_a_loop(x: float, y: float) -> float:
    total = 0.0
    for i in range(20):
        total += x * y**i
        if total > 5.0:
            return total * x
    return total + y


def newton_until_close(M: float, e: float) -> float:
    E = M
    while True:
        before = E
        E = before - (before - e * math.sin(before) - M) / (1.0 - e * math.cos(before))
        E = max(E, -10.0)
        E = min(E, 10.0)
        if abs(E - before) < 1e-12:
            break
    return E


def bisection(c: float) -> float:
    low, high = 0.0, 10.0
    middle = 5.0
    while abs(middle * middle - c) > 1e-6:
        middle = (low + high) / 2.0
        if middle * middle > c:
            high = middle
        else:
            low = middle
    return middle


def interpolated_in_a_table(x: float) -> float:
    xs = [0.0, 1.0, 2.5, 4.0]
    ys = [1.0, 3.0, 2.0, 5.0]
    for i in range(len(xs) - 1):
        if xs[i] <= x < xs[i + 1]:
            return ys[i] + (ys[i + 1] - ys[i]) * (x - xs[i]) / (xs[i + 1] - xs[i])
    return ys[-1]


def sum_of_generator(x: float, y: float) -> float:
    return 100.0 * x**0.5 / sum(c / x**i for i, c in enumerate(COEFFICIENTS)) + math.exp(y * sum([c * (x - 1.0) ** i for i, c in
        zip((0, 1, 2), COEFFICIENTS, strict=True)]))


def averaged(xs: list[float], x: float) -> float:
    total, weight = 0.0, 0.0
    for i in range(len(xs)):
        w = x ** (i + 1)
        total += w * xs[i]
        weight += w
    return total / weight


def list_filled_in_a_loop(x: float, y: float) -> float:
    powers = [0.0] * 4
    for i in range(4):
        powers[i] = x**i * y
    grown = []
    for p in powers:
        grown.append(p * p)
    return sum(grown) + powers[-1]


def power_of_a_negative_base(P: float, T: float) -> float:
    total = 0.0
    for n, i, j in ((0.3, 0, -2), (0.7, 1, 0), (-0.2, 3, 1), (0.1, 2, -1)):
        total = total + n * (7.1 - P) ** i * (T - 1.222) ** j
    return total


def while_with_continue(x: float) -> float:
    total, n = 0.0, 0
    while n < 8:
        n += 1
        if n % 3 == 0:
            continue
        total += x**n / n
        if total > 50.0:
            break
    else:
        total *= x
    return total


def named_in_the_test_of_a_loop(x: float) -> float:
    t = 7.0
    while (rest := abs(t) * 0.9) > 0.3:
        t = t * 0.5
        x /= 1 + rest
    return x


EXAMPLES: Examples = (
    (polynomial_by_enumerate, (2.0,)),
    (polynomial_by_zip, (2.0,)),
    (local_first_set_in_the_loop, (0.7,)),
    (return_in_a_loop, (2.0, 0.9)),
    (return_in_a_loop, (0.1, 0.5)),
    (newton_until_close, (1.2, 0.4)),
    (interpolated_in_a_table, (1.7,)),
    (interpolated_in_a_table, (9.0,)),
    (sum_of_generator, (1.7, 0.2)),
    (averaged, ([1.0, 3.0, 2.0], 0.7)),
    (list_filled_in_a_loop, (1.3, 0.7)),
    (power_of_a_negative_base, (3.0, 1.8)),
    (power_of_a_negative_base, (9.0, 0.8)),
    (while_with_continue, (1.2,)),
    (while_with_continue, (3.0,)),
)
TO_BE_REFUSED: Examples = (
    (named_in_the_test_of_a_loop, (1.3,)),
    (bisection, (2.0,)),
)
