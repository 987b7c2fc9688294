"""Displays, slices, copies and dicts that loops, comprehensions and unpackings go through, as published code has them.

Never holds expected values: the tests judge by differences.
"""
from __future__ import annotations

import math
from collections import namedtuple
from collections.abc import Callable

Examples = tuple[tuple[Callable[..., object], tuple[object, ...]], ...]
Point = namedtuple("Point", "x y")
ROWS = ((1.0, 2), (0.5, 3))


# --- displays ---


def starts_of_an_iteration(x, y):
    best = 0.0
    for start in (x, y, (x + y) / 2):  # the last one that counts
        if start > 1.0:
            best = best * y + start**2
    return best


def names_that_are_taken(x, y):
    t_values = [y]
    ts = x * y
    total = ts
    for t in (x, ts):
        total += t * t_values[0]
    return total


def zipped_displays(x, y):
    total = 0.0
    for (a, k), b in zip([(x, 2), (y, 3)], (y, x * y), strict=True):
        total += a**k * b
    return total


def a_loop_in_a_loop(x, y):
    total = 0.0
    for k in range(3):
        for t in (x * k, y):
            x = x + 0.1 * t
            total += x * t
    return total


def what_is_iterated_is_bound_anew(x, y):
    total = 0.0
    for t in (x, y):
        x = x * t
        total += x
    return total


def mapped_over_a_display_and_a_list(x, y):
    a, b = map(math.radians, (x, y))
    held = list(map(math.exp, [x, y * b, a]))
    return sum(map(pow, held, (2, 3, 1))) + b


def unrolled_or_named(x, y):
    a, b = [math.exp(-t) for t in (x, y)]
    c, d = (t * t for t in (-1, x))
    return sum(math.log(t + 2.0) * t for t in (x * y, a)) * max(t * t for t in (a, b)) + c * d


def a_comprehension_in_a_loop_header(x, y):
    total = 0.0
    for t in [s * s for s in (x, y)]:
        total = total * x + t
    return total


def constants_stay_as_they_are(x, y):
    total = y
    for a, k in ROWS:
        total += a * x**k
    return total * sum(c * x for c in (1.0, 2.0))


# --- unpacking ---


def both(x, y):
    return (x * y, x - y), x


def unpacked_in_depth(x, y):
    (a, b), c = both(x, y)
    first, *others, last = x, a * b, c, y
    return first * others[0] + others[1] * last + b


def a_named_tuple_unpacked(x, y):
    a, b = Point(x * y, y)
    return a * b * b


def rows_in_a_loop(x, y):
    pairs = [(x, y), (y, x * y), (x * x, 2.0)]
    total = 0.0
    for i, (a, b) in enumerate(pairs):
        total += a * b * (i + 1)
    for a, b in reversed(pairs):
        total = total * a + b
    return total


# --- slices and copies ---


def differences(x, y):
    q = [x, y, x * y, y * y]
    return sum((b - a) ** 2 for a, b in zip(q[:-1], q[1:], strict=True))


def horner(coefficients, t):
    total = 0.0
    for c in coefficients:
        total = total * t + c
    return total


def slices_passed_on(x, y):
    q = [x, y, x * y, 2.0]
    return horner(q[1:], x) * horner(q[::-1], y) + horner(tuple(q[:2]), 2.0)


def a_copy_is_another_list(x, y):
    q = [x, y]
    r, s = q[:], list(q)
    r[0] = x * y
    s[1] = r[0] * q[0]
    return q[0] * r[0] + s[1] * q[1]


def of_all(*values):
    head, rest = values[0], values[1:]
    return head * sum(rest) + len(rest)


def slices_of_starred_arguments(x, y):
    return of_all(x, y, x * y)


def lists_made_longer(x, y):
    q = [x] * 2 + [y]
    q.extend((x * y, 3.0))
    if x > 0:
        q += [y * y]
    return q[0] * q[3] + q[1] * q[-1] * len(q)


# --- dicts ---


def a_dict_by_comprehension(x, y):
    powers = {k: x**k * y for k in range(4) if k != 1}
    names = {}
    for k, value in powers.items():
        names[k + 1] = value * k
    total = 0.0
    for value in names.values():
        total += value * value
    parts = {"a": x, "b": total * y}
    for value in parts.values():
        total += value
    return total


# --- rows that alias ---


def a_slice_of_rows(x, y):
    m = [[x, y], [y, x]]
    top = m[:1]
    top[0][0] = x * y
    return m[0][0] * x


def a_copy_of_rows(x, y):
    m = [[x, y], [y, x]]
    n = list(m)
    n[0][1] = x * y
    return m[0][1] * x


def a_row_of_a_display(x, y):
    q, r = [x, y], [y, x]
    for t in (q, r):
        t[0] = x * y
    return q[0] * r[1]


def a_row_that_is_stored_into(x, y):
    q = [x, y]
    for t in [q, [y, y]]:
        t[0] = t[0] * y
    return q[0] * x


# --- places ---


def the_place_of_the_largest(x, y):
    ts = [x, y, x * y]
    place = max(range(len(ts)), key=lambda i: abs(ts[i]))
    return ts[place] * x + ts[min(range(3), key=ts.__getitem__)]


def ordered_by_place(x, y):
    ts = [y, x * y, x]
    order = sorted(range(len(ts)), key=lambda i: ts[i], reverse=True)
    ordered = [ts[i] for i in order]
    return ordered[0] * 3 + ordered[1] ** 2


def median_of(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def medians(x, y):
    return median_of([x, y, x * y]) * x + median_of((y, 3 * x, 1.0, 9.0))


def sorted_in_a_loop(x, y):
    total = 0.0
    for t in sorted([x, y, x * y], reverse=True):
        total = 3 * total + t**2
    for t in sorted(s * s for s in (x, -y)):
        total = total * 2 + t
    return total


def the_largest_by_a_key(x, y):
    far = max([x, y, -3 * x * y], key=abs)
    near = min(x, y, x + y, key=lambda t: (t - 1) ** 2)
    return far * near


def rows_by_their_first(x, y):
    rows = sorted([(y, 2.0), (x, x * y)], key=lambda row: row[0])
    small, large = sorted([x * x, y])
    return rows[0][0] * rows[1][1] + small * large**2


def keys_by_their_value(x, y):
    parts = {"a": x, "b": y}
    total = 0.0
    for rank, key in enumerate(sorted(parts, key=parts.get)):
        total += rank * parts[key]
    return total


EXAMPLES: Examples = tuple((fn, (0.7, 1.9)) for fn in (
    starts_of_an_iteration, names_that_are_taken, zipped_displays, a_loop_in_a_loop, what_is_iterated_is_bound_anew,
    mapped_over_a_display_and_a_list, unrolled_or_named, a_comprehension_in_a_loop_header, constants_stay_as_they_are,
    unpacked_in_depth, a_named_tuple_unpacked, rows_in_a_loop, differences, slices_passed_on, a_copy_is_another_list,
    slices_of_starred_arguments, lists_made_longer, a_dict_by_comprehension, the_place_of_the_largest, ordered_by_place,
    medians, sorted_in_a_loop, the_largest_by_a_key, rows_by_their_first,
))
TO_BE_REFUSED: Examples = tuple((fn, (1.3, 0.6)) for fn in (
    a_slice_of_rows, a_copy_of_rows, a_row_of_a_display, a_row_that_is_stored_into, keys_by_their_value,
))
