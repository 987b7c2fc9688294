"""Bisections whose root moves with what their comparison is made of, as published code has them.

Never holds expected values: the tests judge by differences.
"""
from __future__ import annotations

import math
from collections.abc import Callable

Examples = tuple[tuple[Callable[..., object], tuple[object, ...]], ...]
TOLERANCE = 1e-13
MOST_TURNS = 200


def pressure(t: float, a: float, b: float) -> float:
    if t > 100.0:
        return a * math.exp(b * t) + t
    return a * math.exp(b * t) - 0.1 * t


def of_a_called_function(p: float, a: float, b: float) -> float:
    if p < 0:
        raise ValueError("negative")
    bounded = max(p, 1e-7)
    high = 60.0 + a
    low = -5.0 * b
    t = (low + high) / 2
    count = 1
    while (high - low) > TOLERANCE * 60:
        found = pressure(t, a, b)
        if found > bounded:
            high = t
        else:
            low = t
        t = (high + low) / 2
        if count >= MOST_TURNS:
            raise ValueError("not closed")
        count = count + 1
    return t


def with_the_middle_first(c: float, k: float) -> float:
    low, high = 0.0, 10.0
    middle = low
    while abs(high - low) > TOLERANCE:
        middle = low + (high - low) / 2
        cube = middle**3
        off = cube * k - c
        if off <= 0:
            low = middle
        else:
            high = middle
    return middle * k


def of_a_falling_function(c: float) -> float:
    low, high = 0.1, 10.0
    middle = 0.5 * (low + high)
    while high - low >= TOLERANCE:
        if c < math.exp(-middle) + 1.0 / middle:
            low = middle
        else:
            high = middle
        middle = 0.5 * (low + high)
    return middle**2


def in_a_callee(c: float, k: float) -> float:
    return with_the_middle_first(c * k, 2.0) + with_the_middle_first(3.0, k) * c


def on_one_arm(c: float, y: float) -> float:
    z = c
    if y > 0:
        low, high = 0.0, 10.0
        middle = 5.0
        while high - low > TOLERANCE:
            middle = (low + high) / 2.0
            if middle**3 + middle * y > c:
                high = middle
            else:
                low = middle
        z = middle * y
    return z * y


def of_a_function_inside(c: float) -> float:
    scale = c * 2.0

    def rest(x: float) -> float:
        return x**3 - scale

    low, high = 0.0, 10.0
    middle = 5.0
    while high - low > TOLERANCE:
        middle = (low + high) / 2
        if 0 < rest(middle):
            high = middle
        else:
            low = middle
    return middle


def between_varying_bounds(c: float, top: float) -> float:
    low, high = 0.5 * c, top
    middle = (low + high) / 2.0
    while high - low > TOLERANCE:
        if middle**3 > c:
            high = middle
        else:
            low = middle
        middle = (high + low) / 2.0
    return middle


def that_is_not_between_the_ends(c: float) -> float:
    low, high = 0.0, 10.0
    middle = 5.0
    while high - low > TOLERANCE:
        middle = (low + high) / 2
        if middle**3 > c:
            high = middle
        else:
            low = middle
    return middle


def closed_from_the_start(c: float) -> float:
    low, high = c, c + 1e-9
    middle = (low + high) / 2
    while high - low > 1e-6:
        if middle**3 > c:
            high = middle
        else:
            low = middle
        middle = (low + high) / 2
    return middle


def jumping(x: float) -> float:
    if x < 4.0:
        return x
    return x + 3.0


def at_a_jump(c: float) -> float:
    low, high = 0.0, 10.0
    middle = 5.0
    while high - low > TOLERANCE:
        middle = (low + high) / 2
        if jumping(middle) > c:
            high = middle
        else:
            low = middle
    return middle


def that_hands_out_an_end(c: float) -> float:
    low, high = 0.0, 10.0
    while high - low > TOLERANCE:
        middle = (low + high) / 2
        if middle**3 > c:
            high = middle
        else:
            low = middle
    return low


def that_hands_out_its_error(c: float) -> float:
    low, high = 0.0, 10.0 * c
    while high - low > TOLERANCE:
        middle = (low + high) / 2
        if middle**3 > c:
            high = middle
        else:
            low = middle
    return low + 0.5 * (high - low)


def whose_function_reads_an_end(c: float) -> float:
    low, high = 0.0, 10.0

    def rest(x: float) -> float:
        return x**3 + 0.1 * low - c

    while high - low > TOLERANCE:
        middle = (low + high) / 2
        if rest(middle) > 0:
            high = middle
        else:
            low = middle
    return low


def whose_target_moves_with_the_turns(c: float) -> float:
    low, high = 0.0, 10.0
    middle, wanted = 5.0, c
    while high - low > TOLERANCE:
        middle = (low + high) / 2
        wanted = wanted * 0.999 + 0.001
        if middle**3 > wanted:
            high = middle
        else:
            low = middle
    return middle


def one_inside_of_another(c: float) -> float:
    total = 0.0
    for k in range(1, 4):
        low, high = 0.0, 10.0
        middle = 5.0
        while high - low > TOLERANCE:
            middle = (low + high) / 2
            if middle**3 > c * k:
                high = middle
            else:
                low = middle
        total += middle
    return total


def by_the_sign_of_a_closure(c: float) -> float:
    def rest(x: float) -> float:
        return x**3 - c

    low, high = 0.0, 10.0
    while high - low > TOLERANCE:
        middle = 0.5 * (low + high)
        if rest(low) * rest(middle) <= 0:
            high = middle
        else:
            low = middle
    return middle


EXAMPLES: Examples = (
    (by_the_sign_of_a_closure, (2.0,)),
    (of_a_called_function, (9.0, 2.0, 0.05)),
    (with_the_middle_first, (2.0, 3.0)),
    (of_a_falling_function, (1.3,)),
    (in_a_callee, (2.0, 3.0)),
    (on_one_arm, (2.0, 3.0)),
    (of_a_function_inside, (2.0,)),
    (between_varying_bounds, (2.0, 3.0)),
    (that_hands_out_an_end, (2.0,)),
    (that_is_not_between_the_ends, (2.0,)),
)

TO_BE_REFUSED: Examples = (
    (that_is_not_between_the_ends, (-2.0,)),
    (that_is_not_between_the_ends, (2000.0,)),
    (closed_from_the_start, (0.6,)),
    (at_a_jump, (5.0,)),
    (that_hands_out_its_error, (2.0,)),
    (whose_function_reads_an_end, (2.0,)),
    (whose_target_moves_with_the_turns, (2.0,)),
    (one_inside_of_another, (2.0,)),
)
