"""Ways to search for a root by comparisons alone: the values that vary decide where to go, but never enter what is returned.

Never differentiable as they stand: the sum of the moves has slope 0 almost everywhere, the root has not.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

Examples = tuple[tuple[Callable[..., object], tuple[object, ...]], ...]


def with_a_fixed_number_of_halvings(c: float) -> float:
    low, high = 0.0, 10.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        if middle**3 > c:
            high = middle
        else:
            low = middle
    return 0.5 * (low + high)


def returning_when_close(c: float) -> float:
    low, high = 0.0, 10.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        rest = middle**3 - c
        if abs(rest) < 1e-9:
            return middle
        if rest > 0:
            high = middle
        else:
            low = middle
    raise ValueError("not close")


def in_small_steps(c: float) -> float:
    x = 0.0
    while x**3 < c:
        x += 1e-4
    return x


def in_shrinking_steps(c: float) -> float:
    x, step = 0.0, 1.0
    while step > 1e-9:
        if (x + step) ** 3 < c:
            x = x + step
        else:
            step = step / 2
    return x


def by_recursion(c: float, low: float, high: float) -> float:
    middle = 0.5 * (low + high)
    if high - low < 1e-9:
        return middle
    if middle**3 > c:
        return by_recursion(c, low, middle)
    return by_recursion(c, middle, high)


def recursion_from_constants(c: float) -> float:
    return by_recursion(c, 0.0, 10.0)


def by_the_sign_of_a_closure(c: float) -> float:
    def rest(x: float) -> float:
        return x**3 - c

    low, high = 0.0, 10.0
    while high - low > 1e-9:
        middle = 0.6 * low + 0.4 * high
        if rest(low) * rest(middle) <= 0:
            high = middle
        else:
            low = middle
    return middle


def halve(f: Callable[..., float], low: float, high: float, args: tuple[Any, ...] = ()) -> float:
    middle = low
    while high - low > 1e-9:
        middle = 0.5 * (low + high)
        if f(middle, *args) > 0:
            high = middle
        else:
            low = middle
    return middle


def cube_less(x: float, c: float) -> float:
    return x**3 - c


def by_a_helper_with_arguments(c: float) -> float:
    return 2.0 * halve(cube_less, 0.0, 10.0, (c,))


def by_a_helper_with_a_lambda(c: float) -> float:
    return 2.0 * halve(lambda x: x**3 - c, 0.0, 10.0)


def in_a_callee(c: float, y: float) -> float:
    return with_a_fixed_number_of_halvings(c) * y


def in_a_callee_on_one_arm(c: float, y: float) -> float:
    if y > 0:
        z = returning_when_close(c)
    else:
        z = c
    return z * y


def by_conditional_expressions(c: float) -> float:
    low, high = 0.0, 10.0
    while high - low > 1e-9:
        middle = 0.5 * (low + high)
        is_above = middle**3 > c
        high = middle if is_above else high
        low = low if is_above else middle
    return middle


def in_a_list(c: float) -> float:
    bounds = [0.0, 10.0]
    middle = 5.0
    for _ in range(60):
        middle = (bounds[0] + bounds[1]) / 2
        bounds[1 if middle**3 > c else 0] = middle
    return middle


def by_comparisons_as_numbers(c: float) -> float:
    low, width = 0.0, 10.0
    for _ in range(60):
        width = width / 2
        low = low + width * ((low + width) ** 3 < c)
    return low


def best_of_a_grid(c: float) -> float:
    best, at = 1e9, 0.0
    for i in range(5000):
        x = i * 0.001
        off = abs(x**3 - c)
        if off < best:
            best, at = off, x
    return at


TO_BE_REFUSED: Examples = (
    (with_a_fixed_number_of_halvings, (2.0,)),
    (returning_when_close, (2.0,)),
    (in_small_steps, (2.0,)),
    (in_shrinking_steps, (2.0,)),
    (recursion_from_constants, (2.0,)),
    (by_the_sign_of_a_closure, (2.0,)),
    (by_a_helper_with_arguments, (2.0,)),
    (by_a_helper_with_a_lambda, (2.0,)),
    (in_a_callee, (2.0, 3.0)),
    (in_a_callee_on_one_arm, (2.0, 3.0)),
    (by_conditional_expressions, (2.0,)),
    (in_a_list, (2.0,)),
    (by_comparisons_as_numbers, (2.0,)),
    (best_of_a_grid, (2.0,)),
)
