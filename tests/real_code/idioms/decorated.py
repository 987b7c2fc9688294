"""Decorated functions: what the decorator does belongs to the function, and the wrapped one's names are its own.

Never a decorator of a library's.
"""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

Examples = tuple[tuple[Callable[..., object], tuple[object, ...]], ...]


def handing_on(fn: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        return fn(*args, **kwargs)

    return wrapper


def checked(fn: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(fn)
    def inner(*args, **kwargs):
        for a in args:
            if a < 0:
                raise ValueError("negative")
        return float(fn(*args, **kwargs))

    return inner


def times(factor: float) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorate(fn: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(fn)
        def inner(*args):
            return factor * fn(*args)

        return inner

    return decorate


@handing_on
def handed_on(x, y):
    return x * y * y


@checked
def asked_first(x, y):
    return x * y * y


@times(3.0)
def with_a_default(x, y=2.0):
    return x * y * y


@times(3.0)
def with_a_default_that_stays(x, y, offset=2.0, power=3):
    return x * y**power + offset * y


@handing_on
@checked
def decorated_twice(x: float, y: float, n: int = 2):
    return x * y**n


@handing_on
def keyword_only(x, y, *, power=2.0):
    return x * y**power


def calls_them(x, y):
    return asked_first(x, y) * decorated_twice(y, x) + with_a_default(x) + keyword_only(x, y, power=3.0)


EXAMPLES: Examples = tuple((fn, (1.7, 1.3)) for fn in (
    handed_on, asked_first, with_a_default, with_a_default_that_stays, decorated_twice, keyword_only, calls_them,
))
