"""Lists and dicts of constants that get a second name, and then something that varies through it.

Never holds expected values: the tests judge by differences.
"""
from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable

Examples = tuple[tuple[Callable[..., object], tuple[object, ...]], ...]
KEPT = [0.0]


@dataclasses.dataclass
class Held:
    values: list[float]


def as_given(values):
    return values


def first_of(rows):
    return rows[0]


def together(values, factor):
    return values, factor


def through_a_second_name(x):
    a = [0.0]
    b = a
    b[0] = x * x
    return a[0] + x


def through_a_row(x):
    rows = [[0.0, 1.0], [2.0, 3.0]]
    for i in range(2):
        row = rows[i]
        row[0] += x * x
    return rows[0][0] + rows[1][0] + x


def through_a_row_of_a_loop(x):
    grid = [[0.0, 1.0], [2.0, 3.0]]
    for i, row in enumerate(grid):
        for j in range(2):
            row[j] = x * x * (i + j)
    return grid[1][0] + x


def through_a_zipped_row(x):
    rows = [[0.0], [1.0]]
    for row, c in zip(rows, [1.0, 2.0], strict=True):
        row[0] = c * x * x
    return rows[0][0] + rows[1][0] + x


def through_a_row_of_a_list_made_anew(x):
    a = [[0.0]]
    b = list(a)
    row = b[0]
    row[0] = x * x
    return a[0][0] + x


def through_a_row_of_a_slice(x):
    a = [[0.0]]
    b = a[:]
    row = b[0]
    row[0] = x * x
    return a[0][0] + x


def through_a_row_of_a_copy(x):
    a = [[0.0]]
    b = a.copy()
    row = b[0]
    row[0] = x * x
    return a[0][0] + x


def through_a_row_of_a_sum(x):
    a = [0.0]
    rows = [a] + [[1.0]]
    row = rows[0]
    row[0] = x * x
    return a[0] + x


def through_repeated_rows(x):
    rows = [[0.0]] * 3
    row = rows[1]
    row[0] = x * x
    return rows[0][0] + x


def through_rows_of_a_comprehension(x):
    rows = [[0.0] * 2 for _ in range(2)]
    last = rows[-1]
    first = rows[0]
    for row in (first, last):
        row[0] = x * x
    return rows[1][0] + x


def through_a_comprehension_of_one_list(x):
    a = [0.0]
    rows = [a for _ in range(3)]
    row = rows[2]
    row[0] = x * x
    return rows[0][0] + x


def through_an_element_of_a_tuple(x):
    a = [0.0]
    pair = (a, 1)
    pair[0][0] = x * x
    return a[0] + x


def through_an_unpacked_tuple(x):
    a = [0.0]
    pair = (a, 1)
    b, _ = pair
    b[0] = x * x
    return a[0] + x


def through_either(x):
    a = [0.0]
    b = a or [1.0]
    b[0] = x * x
    return a[0] + x


def through_a_choice(x):
    a = [0.0]
    c = a if x > 0 else [1.0]
    c[0] = x * x
    return a[0] + x


def through_exchanged_names(x):
    a, b = [0.0], [1.0]
    a, b = b, a
    c = a
    c[0] = x * x
    return a[0] + b[0] + x


def through_a_call(x):
    a = [0.0]
    b = as_given(a)
    b[0] = x * x
    return a[0] + x


def through_what_a_call_takes_out(x):
    a = [0.0]
    b = first_of([a, [1.0]])
    b[0] = x * x
    return a[0] + x


def through_a_part_of_what_a_call_gives(x):
    a = [0.0]
    b = together(a, 2.0)[0]
    b[0] = x * x
    return a[0] + x


def through_a_lambda(x):
    a = [0.0]
    b = (lambda values: values)(a)
    b[0] = x * x
    return a[0] + x


def lengthened_in_place(x):
    a = [0.0]
    b = a
    b += [x * x]
    return a[1] + x


def lengthened_out_of_a_dict(x):
    d = {"a": [0.0]}
    values = d["a"]
    values.append(x * x)
    return d["a"][1] + x


def through_a_second_dict(x):
    d = {"k": 1.0}
    other = d
    other["k"] = x * x
    return d["k"] + x


def through_the_values_of_a_dict(x):
    d = {"k": [0.0], "l": [1.0]}
    for row in d.values():
        row[0] += x * x
    return d["k"][0] + x


def through_what_a_dict_gets(x):
    a = [0.0]
    d = {"k": a}
    b = d.get("k")
    b[0] = x * x
    return a[0] + x


def through_a_list_in_a_dict(x):
    a = [0.0]
    d = {}
    d["k"] = [a]
    row = d["k"][0]
    row[0] = x * x
    return a[0] + x


def through_a_dict_in_a_dict(x):
    d = {"a": 0.0}
    e = {"d": d}
    e["d"]["a"] = x * x
    return d["a"] + x


def through_the_largest(x):
    rows = [[0.0], [1.0]]
    row = max(rows)
    row[0] = x * x
    return rows[1][0] + x


def through_a_record(x):
    a = [0.0]
    p = Held(a)
    q = p.values
    q[0] = x * x
    return a[0] + x


def through_an_appended_list(x):
    a = [0.0]
    rows = []
    rows.append(a)
    row = rows[0]
    row[0] = x * x
    return a[0] + x


def through_a_manager(x):
    a = [0.0]
    with contextlib.nullcontext(a) as b:
        b[0] = x * x
    return a[0] + x


def through_one_of_two_in_a_loop(x):
    a, b = [0.0], [1.0]
    for i in range(2):
        c = a if i == 1 else b
        c[0] = x * x
    return a[0] + b[0] + x


def kept_outside(x):
    a = KEPT
    a[0] = x * x
    return KEPT[0] + x


def inside_of_a_callee(x):
    return through_a_second_name(x) * x


# Right or refused: no name but the one that something is stored through varies.
TO_BE_REFUSED: Examples = tuple((fn, (0.7,)) for fn in (
    through_a_second_name, through_a_row, through_a_row_of_a_loop, through_a_zipped_row, through_a_row_of_a_list_made_anew,
    through_a_row_of_a_slice, through_a_row_of_a_copy, through_a_row_of_a_sum, through_repeated_rows,
    through_rows_of_a_comprehension, through_a_comprehension_of_one_list, through_an_element_of_a_tuple,
    through_an_unpacked_tuple, through_either, through_a_choice, through_exchanged_names, through_a_call,
    through_what_a_call_takes_out, through_a_part_of_what_a_call_gives, through_a_lambda, lengthened_in_place,
    lengthened_out_of_a_dict, through_a_second_dict, through_the_values_of_a_dict, through_what_a_dict_gets,
    through_a_list_in_a_dict, through_a_dict_in_a_dict, through_the_largest, through_a_record, through_an_appended_list,
    through_a_manager, through_one_of_two_in_a_loop, kept_outside, inside_of_a_callee,
))
