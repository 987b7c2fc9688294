"""Values that are read without ever having a name: choices out of a display, lambdas called at once, filtered lists, reductions.

Never two of them in one statement, but where one stands in the other.
"""
from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from functools import reduce

Examples = tuple[tuple[Callable[..., object], tuple[object, ...]], ...]


def by_a_truth(x, y):
    return {True: x * y, False: x}[x > y] * y


def out_of_a_list(x, y):
    z = [x * y, x][x > y] + 2.0
    return z * z


def by_a_word(x, y, kind="b"):
    return {"a": x, "b": x * y, "c": y}[kind] ** 2


def last_of_a_comprehension(x, y):
    return [x * k for k in (1.0, 2.0, y)][-1] * x


def after_what_may_raise(x, y):
    return 1.0 / (x - 1.0) + [x, y][0]


def called_at_once(x, y):
    z = 1.0 if x < 0 else (lambda t: t * t + y)(x)
    return z * y


def product_of_all(x, y):
    return functools.reduce(lambda a, b: a * b, [x, y, x * y])


def by_horner(x, y):
    coefficients = [1.0, y, 3.0]
    z = reduce(lambda total, c: total * x + c, coefficients, 0.0)
    return z * y


def product_by_an_operator(x, y):
    factors = [x, y, 2.0]
    if x > 0:
        z = reduce(operator.mul, factors)
    else:
        z = x
    return z * x


def filtered(x, y):
    parts = [v * v for v in [x, y, x * y] if v > 1.0]
    return sum(parts)


def filtered_at_once(x, y):
    return sum([v * v for v in [x, y, x * y] if v < 2.0]) * y


def all_pairs(x, y):
    parts = [a * b**2 for a in (x, y) for b in (x, 2.0) if a is not b]
    return sum(parts)


def largest_of_all(x, y):
    least = min(x * k + y for k in (1, 2))
    return least * max(x * k - k * k * y for k in range(4))


def a_spread_display(x, y):
    def line(a, b, c):
        return a * b + c

    return line(*[x, y, x * y])


def an_updated_dict(x, y):
    parts = {"a": x, "b": x * y}
    parts.update({"c": y, "b": x})
    parts.update(d=x)
    return parts["a"] * parts["b"] + parts["c"] * parts["d"]


EXAMPLES: Examples = tuple((fn, (1.7, 1.3)) for fn in (
    by_a_truth, out_of_a_list, by_a_word, last_of_a_comprehension, called_at_once, product_of_all, by_horner,
    product_by_an_operator, filtered, filtered_at_once, all_pairs, largest_of_all, a_spread_display, an_updated_dict,
))
TO_BE_REFUSED: Examples = ((after_what_may_raise, (1.7, 1.3)),)
