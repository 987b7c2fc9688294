"""Lists, dicts and records as published code has them, and objects that two names or places hold.

Never holds expected values: the tests judge by differences.
"""
from __future__ import annotations

import math
from collections import namedtuple
from collections.abc import Callable

Examples = tuple[tuple[Callable[..., object], tuple[object, ...]], ...]
Particle = namedtuple("Particle", "mass speed")


# --- rows ---


def loops_over_rows(x, y):
    total = 0.0
    for row in ((1.0, 2.0), (3.0, 4.0)):
        total += row[0] * x + row[1] * y
    matrix = [[x, y], [y, x * y]]
    for row in matrix:
        for entry in row:
            total += entry * entry
    return total


def sums_over_records(x, y):
    particles = [Particle(x, y), Particle(y, x * y)]
    energy = 0.0
    for p in particles:
        energy += p.mass * p.speed**2
    return energy + sum(p.mass for p in particles)


# --- objects held twice ---


def one_list_placed_twice(x, y):
    q = [x, y]
    places = [q for _ in range(2)]
    q[0] = x * y
    return places[1][0] * q[1]


def a_choice_of_lists(x, y):
    q = [x, y]
    r = q if x > 1 else [y, x]
    r[0] = x * y
    return q[0] * r[1]


def either_list(x, y):
    q = [x, y]
    r = q or [1.0]
    r[1] = x * y
    return q[1]


def same(q):
    return q


def first_of(m):
    return m[0]


def product(q):
    return q[0] * q[1]


def handed_back(x, y):
    q = [x, y]
    r = same(q)
    r[0] = x * y
    return q[0] * x


def a_row_handed_back(x, y):
    m = [[x, y], [y, x]]
    r = first_of(m)
    r[0] = x * y
    return m[0][0] * x


def handed_back_and_only_passed_on(x, y):
    q = [x, y]
    r = same(q)
    q[0] = x * y
    return product(r) * x


def unpacked_rows(x, y):
    m = [[x, y], [y, x]]
    a, b = m
    a[0] = x * y
    return m[0][0] * b[1]


def rows_in_a_zip(x, y):
    m = [[x, y], [y, x]]
    total = 0.0
    for row, c in zip(m, (1.0, 2.0), strict=True):
        row[0] = c * y
        total += row[0] * m[0][0]
    return total


# --- stored into after it was read ---


def sum_of_squares(q):
    total = 0.0
    for t in q:
        total += t * t
    return total


def polynomial(x, c):
    total = 0.0
    for t in c:
        total = total * x + t
    return total


def weighted(q, c):
    return sum(t * t * k for t, k in zip(q, c, strict=True))


def read_by_a_helper_then_stored(x, y):
    q = [x, y]
    a = sum_of_squares(q)
    q[0] = x * y
    return sum_of_squares(q) * a


def constants_stored_between_calls(x, y):
    c = [1.0, 2.0]
    a = polynomial(x, c)
    c[0] = 5.0
    return a * polynomial(y, c)


def both_stored_between_calls(x, y):
    q, c = [x, y], [1.0, 2.0]
    a = weighted(q, c)
    q[0] = x * y
    c[1] = 7.0
    return weighted(q, c) * a


def summed_then_stored(x, y):
    q = [x, y]
    a = sum(t * t for t in q)
    q[0] = x * y
    return a * q[0]


# --- keys ---


def sums_over_keys(x, y):
    d = {"a": x, "b": y}
    total = 0.0
    for k in d:
        total += d[k] ** 2
    return total


def loops_over_keys(x, y):
    d = {0: x, 1: y}
    total = 0.0
    for k in d:
        total += d[0] * (k + 1)
    return total


def sums_keys(x, y):
    d = {0: x, 1: y}
    return sum(d) * x


# --- functions of whole lists ---


def product_with_a_zero(x, y):
    q = (x - 0.7, y, x * y)
    return math.prod(q) * y


def largest_and_smallest(x, y):
    q = [x, y, x * y]
    m = max(q)
    return m * min(q) * y


def norms_in_a_loop(x, y):
    total = 0.0
    for k in range(3):
        v = [x, y * k, x * y]
        n = math.hypot(*v)
        total += n * v[0] * max(v)
    return total


def scale_of(q):
    return max(q) + math.prod(q)


def asked_before_and_after_a_store(x, y):
    q = [x, y, x * y]
    a = scale_of(q)
    q[0] = a * y
    return scale_of(q) * y


def largest_before_a_store(x, y):
    q = [x, y, x * y]
    m = max(q)
    q[0] = m * x
    return m * q[0] * max(q)


# --- helpers that store ---


def overwrites(q):
    q[0] = 5.0
    return 1.0


def passes_on(q):
    return overwrites(q)


def squares(q):
    out = []
    for t in q:
        out.append(t * t)
    return out


def stored_into_two_calls_down(x, y):
    q = [x, y]
    t = passes_on(q)
    return q[0] * t + x


def list_made_by_a_helper(x, y):
    q = [x, y]
    r = squares(q)
    return r[0] * r[1] * q[0]


# --- methods ---


class Plain:
    factor = 2.0

    def twice(self, t):
        return t * self.law(t)

    def law(self, t):
        return self.factor * t


class Cubic(Plain):
    def law(self, t):
        return t * t * t


PLAIN, CUBIC = Plain(), Cubic()


def an_overridden_method(x, y):
    return PLAIN.twice(x) + CUBIC.twice(y)


# --- rows, passed on ---


def dot(a, b):
    return a[0] * b[0] + a[1] * b[1]


def passes_rows(x, y):
    m = [[x, y], [y, x * y]]
    return dot(m[0], m[1])


def passes_rows_in_a_loop(x, y):
    m = [[x, y], [y, x * y]]
    total = 0.0
    for i in range(2):
        total += sum_of_squares(m[i]) * (i + 1)
    return total


def of_both_rows(m):
    return sum_of_squares(m[0]) * sum_of_squares(m[1])


def passes_rows_on(x, y):
    return of_both_rows([[x, y], [y, x * y]])


def rows_in_another_order(x, y):
    m = [[x, y], [y, x * y]]
    n = [m[1], m[0]]
    return n[0][1] * n[1][1]


def stores_a_row(x, y):
    m = [[x, y], [y, x * y]]
    m[0] = [y * y, x]
    return m[0][0] * m[1][1] * m[0][1]


def reads_a_row_handed_back(x, y):
    m = [[x, y], [y, x * y]]
    r = first_of(m)
    return r[0] * m[1][1] * r[1]


def matrix_times_vector(x, y):
    m = [[x, y], [y, x * y]]
    v = [y, x]
    w = [sum(a * b for a, b in zip(row, v, strict=False)) for row in m]
    return w[0] * w[1]


# --- starred arguments ---


def three(a, b, c):
    return a * b**2 + c


def repeated(fn, t, *args):
    total = 0.0
    for k in range(3):
        total += fn(t + k, *args)
    return total


def starred_arguments_passed_on(x, y):
    return repeated(three, x, y, x * y)


def starred_list_that_is_stored_into(x, y):
    q = [y, x * y]
    s = three(x, *q)
    q[0] = s * x
    return s * three(y, *q)


def starred_rows(x, y):
    q = ([x, y], [y, y])
    return dot(*q)


# --- callable objects and class methods ---


class Series:
    def __init__(self, c):
        self.c = c

    def __call__(self, t, *, scale=1.0):
        return self.c * self.powers(t) * scale

    def powers(self, t):
        total = 0.0
        for k in range(3):
            total += t**k
        return total


THREE, FIVE = Series(3.0), Series(5.0)


def callable_objects(x, y):
    return THREE(x, scale=y) * FIVE(y)


class Parent:
    k = 2.0

    @classmethod
    def law(cls, t):
        return cls.power(t) * cls.k

    @classmethod
    def power(cls, t):
        return t * t

    @staticmethod
    def cube(t):
        return t**3


class Child(Parent):
    k = 3.0

    @classmethod
    def power(cls, t):
        return t * t * t


PARENT, CHILD = Parent(), Child()


def class_methods_of_a_subclass(x, y):
    return PARENT.law(x) + CHILD.law(y) + Child.law(x) * Parent.law(y) + CHILD.cube(x)


EXAMPLES: Examples = tuple((fn, (0.7, 1.9)) for fn in (
    rows_in_another_order, passes_rows, passes_rows_in_a_loop, passes_rows_on, stores_a_row, reads_a_row_handed_back,
    matrix_times_vector, starred_arguments_passed_on, starred_list_that_is_stored_into, starred_rows, callable_objects,
    class_methods_of_a_subclass, sums_over_keys, loops_over_keys, list_made_by_a_helper,
    product_with_a_zero, largest_and_smallest, norms_in_a_loop, asked_before_and_after_a_store,
    loops_over_rows, sums_over_records, read_by_a_helper_then_stored, constants_stored_between_calls, both_stored_between_calls,
    an_overridden_method,
))
# Right or refused: where an object has two names the write may reach a value that is read elsewhere.
TO_BE_REFUSED: Examples = tuple((fn, (1.3, 0.6)) for fn in (
    one_list_placed_twice, a_choice_of_lists, either_list, handed_back, a_row_handed_back, handed_back_and_only_passed_on,
    unpacked_rows, rows_in_a_zip, summed_then_stored, sums_keys, stored_into_two_calls_down,
    largest_before_a_store,
))
