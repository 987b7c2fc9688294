"""Functions, lambdas and keywords that functions are given, as published code has them.

Never holds expected values: the tests judge by differences.
"""
from __future__ import annotations

import math
from collections import namedtuple
from collections.abc import Callable

Examples = tuple[tuple[Callable[..., object], tuple[object, ...]], ...]
Point = namedtuple("Point", "x y")
OPTIONS = {"fast": {"b": 2.0}, "slow": {"b": 0.5, "c": 3.0}}


# --- functions that are given ---


def newton(f, x, n=20):
    for _ in range(n):
        x = x - f(x) / ((f(x + 1e-6) - f(x - 1e-6)) / 2e-6)
    return x


def trapezoids(f, a, b, n=8):
    h = (b - a) / n
    total = 0.5 * (f(a) + f(b))
    for i in range(1, n):
        total += f(a + i * h)
    return total * h


def compose(f, g, t):
    return f(g(t))


def at_root(f, start):
    return newton(f, start) * f(start)


def times_own(f, y):
    t = y * y
    return f(t) * t


def a_root_of_a_lambda(x, y):
    return newton(lambda t: t**3 + x * t - y, 1.0)


def a_nested_function_whose_variable_changes(x, y):
    def g(t):
        return t**3 + x * t - y

    r = newton(g, 1.0)
    x = x * 2
    return r + newton(g, y)


def handed_on_twice(x, y):
    k = x * y
    return at_root(lambda t: t**3 + k * t - y, 1.0)


def two_lambdas(x, y):
    return compose(lambda t: t * y, lambda t: t + x, x * y)


def lambdas_in_a_loop(x, y):
    total = 0.0
    for i in range(3):
        total += compose(lambda t: t * y + i, math.sin, x * i)  # noqa: B023
    return total


def called_alike(x, y):
    t = x * y
    return times_own(lambda s: s * t, y)


def an_integral(x, y):
    return trapezoids(lambda t: math.exp(-x * t) * y, 0.0, y)


def stored_into_after_the_call(x, y):
    q = [x, y]
    r = trapezoids(lambda t: q[0] * t, 0.0, 1.0)
    q[0] = x * y
    return r * q[0]


# --- keywords ---


def line(a, b=1.0, c=2.0):
    return a * b + c * c


def passes_keywords_on(t, **options):
    return line(t, **options)


def keeps_keywords(f, **options):
    return f(options["a"]) * options["b"]


def a_dict_that_is_spread(x, y):
    options = {"b": y, "c": x * y}
    return line(x, **options) * line(a=y, b=x)


def a_table_that_is_spread(x, y, kind="slow"):
    return line(x, **OPTIONS[kind]) * y


def keywords_passed_on(x, y):
    return passes_keywords_on(x, b=y) * passes_keywords_on(x) * passes_keywords_on(y, c=x, b=2.0)


def a_function_and_keywords(x, y):
    return keeps_keywords(lambda t: t * t * x, a=x * y, b=y)


def a_record_of_spread_values(x, y):
    values = {"x": x, "y": x * y}
    return Point(**values).y * x


def unknown_keys_that_vary(x, y):
    options = {}
    for name in ("b", "c"):
        options[name] = x * y
    return line(x, **options)


EXAMPLES: Examples = tuple((fn, (0.7, 1.9)) for fn in (
    a_root_of_a_lambda, a_nested_function_whose_variable_changes, handed_on_twice, two_lambdas, lambdas_in_a_loop, called_alike,
    an_integral, a_dict_that_is_spread, a_table_that_is_spread, keywords_passed_on, a_function_and_keywords,
))
TO_BE_REFUSED: Examples = tuple((fn, (1.3, 0.6)) for fn in (
    stored_into_after_the_call, a_record_of_spread_values, unknown_keys_that_vary,
))
