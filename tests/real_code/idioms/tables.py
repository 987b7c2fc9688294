"""Tables that are looked up: a search finds a place by comparisons, and what is read there moves on by itself.

Never differentiable at a point of a table itself, where the place jumps.
"""
from __future__ import annotations

from collections.abc import Callable

Examples = tuple[tuple[Callable[..., object], tuple[object, ...]], ...]

AT = [0.0, 1.0, 2.0, 4.0]
VALUES = [1.0, 3.0, 2.0, 5.0]


def place_by_halving(key: float, at: list[float], size: int | None = None) -> int:
    if size is None:
        size = len(at)
    first, last = 0, size
    while first < last:
        middle = first + ((last - first) >> 1)
        if key >= at[middle]:
            first = middle + 1
        else:
            last = middle
    return first - 1


def place_by_going_along(key: float, at: list[float]) -> int:
    for i in range(len(at)):
        if key < at[i]:
            return i - 1
    return len(at)


def between_points(x: float, at: list[float], values: list[float], left: float | None = None) -> float:
    size = len(at)
    j = place_by_halving(x, at, size)
    if j == -1:
        return left if left is not None else values[0]
    elif j == size - 1:
        return values[-1]
    return (values[j + 1] - values[j]) / (at[j + 1] - at[j]) * (x - at[j]) + values[j]


def place_that_knows_the_last_point(key: float, at: list[float]) -> int:
    if key > at[len(at) - 1]:
        return len(at)
    return place_by_halving(key, at)


def place_with_both_ends(key: float, at: list[float]) -> int:
    first, last = 0, len(at)
    if key > at[len(at) - 1]:
        return len(at)
    while first < last:
        middle = first + ((last - first) >> 1)
        if key >= at[middle]:
            first = middle + 1
        else:
            last = middle
    return first - 1


def going_on_at_the_last_point(x: float) -> float:
    j = place_with_both_ends(x, AT)
    if j == len(AT) - 1:
        return VALUES[j]
    if j == len(AT):
        j = len(AT) - 2
    return (VALUES[j + 1] - VALUES[j]) / (AT[j + 1] - AT[j]) * (x - AT[j]) + VALUES[j]


def going_on_at_the_last_point_below(x: float) -> float:
    j = place_that_knows_the_last_point(x, AT)
    if j == len(AT) - 1:
        return VALUES[j]
    if j == len(AT):
        j = len(AT) - 2
    return (VALUES[j + 1] - VALUES[j]) / (AT[j + 1] - AT[j]) * (x - AT[j]) + VALUES[j]


def in_a_table(x: float) -> float:
    return between_points(x, AT, VALUES) * x


def in_a_table_made_on_the_way(x: float, y: float) -> float:
    return between_points(x, AT, [y, x * y, 2.0 * x, y**2])


def with_the_place_asked_first(x: float) -> float:
    j = place_by_going_along(x, AT)
    if j == len(AT):
        return 5.0 * x
    if j != 1:
        return VALUES[j + 1] * x**2
    return VALUES[j] * x**3


EXAMPLES: Examples = (
    (in_a_table, (1.7,)),
    (in_a_table, (-0.5,)),
    (in_a_table, (4.5,)),
    (in_a_table_made_on_the_way, (1.3, 0.7)),
    (in_a_table_made_on_the_way, (-1.3, 0.7)),
    (in_a_table_made_on_the_way, (5.0, 0.7)),
    (with_the_place_asked_first, (0.4,)),
    (with_the_place_asked_first, (1.4,)),
    (with_the_place_asked_first, (6.4,)),
)
# The last point of the table has a way of its own, that says nothing of the slope there.
TO_BE_REFUSED: Examples = tuple((fn, (4.0,)) for fn in (going_on_at_the_last_point, going_on_at_the_last_point_below))
