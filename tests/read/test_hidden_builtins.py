"""A user's own function by the name of one of Python's is a function like any other, never taken for Python's.

Never tests what Python's own functions are read as.
"""
from __future__ import annotations

from typing import Any

import pytest

from gradgen import grad, jvp, value_and_grad
from gradgen.errors import UnsupportedError
from tests.forward.written import function

NAMES = ("range", "len", "type", "all", "any", "bool", "print", "isinstance", "max", "sum", "float", "abs", "sorted")
# Functions by the names that a text is rewritten by, with what f gives at x = 2, y = 3 and its slopes there; None: refused.
REWRITTEN = {
    "reduce": (
        "def reduce(f, ts):\n    total = 0.0\n    for t in ts:\n        total = total + f(t, 2.0)\n    return total\n\n"
        "def f(x, y):\n    ts = [x, y]\n    t = reduce(lambda a, b: a * b, ts)\n    return t * x\n",
        (20.0, (14.0, 4.0)),  # (2 x + 2 y) x
    ),
    "dict": (
        "def dict(a):\n    return {'a': 4.0 * a}\n\ndef f(x, y):\n    d = dict(a=x)\n    return d['a'] * y\n",
        (24.0, (12.0, 8.0)),
    ),
    "map": ("def map(f, ts):\n    return [f(ts[0]), 5.0]\n\ndef f(x, y):\n    return sum(map(lambda t: t * t, [x, y]))\n", None),
    "enumerate": (
        "def enumerate(ts):\n    return [(7, t) for t in ts]\n\n"
        "def f(x, y):\n    z = 0.0\n    for i, t in enumerate([x, y]):\n        z += i * t\n    return z\n", None,
    ),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_function_of_the_module_by_the_name_of_a_builtin_is_differentiated(name: str) -> None:
    fn = function(f"def {name}(v, angle):\n    return 2.0 * v * angle\n\ndef f(x, y):\n    return x * {name}(y, x)\n")
    assert value_and_grad(fn)(2.0, 3.0) == (24.0, (24.0, 8.0))  # 2 x**2 y
    assert jvp(fn)(2.0, 3.0, x_dot=1.0, y_dot=10.0) == (24.0, 104.0)


def test_so_is_one_that_the_function_defines_itself() -> None:
    fn = function("def f(x, y):\n    def len(t):\n        return t * t\n    return len(x) * y\n")
    assert grad(fn)(2.0, 3.0) == (12.0, 4.0)


@pytest.mark.parametrize("name", REWRITTEN)
def test_nothing_is_rewritten_by_a_name_that_stands_for_something_else(name: str) -> None:
    text, expected = REWRITTEN[name]
    if expected is None:
        with pytest.raises(UnsupportedError):
            grad(function(text))
    else:
        assert value_and_grad(function(text))(2.0, 3.0) == expected


def test_generated_lines_reach_pythons_own_function_behind_it() -> None:
    fn = function(
        "def reversed(t):\n    return 2.0 * t\n\n"
        "def f(x, y):\n    z = reversed(y)\n    for _ in range(2):\n        z = z * x\n    return z\n"
    )
    made = value_and_grad(fn)
    assert made(2.0, 3.0) == (24.0, (24.0, 8.0))
    alone: dict[str, Any] = {}
    exec(made.source, alone)
    assert alone[made.__name__](2.0, 3.0) == (24.0, (24.0, 8.0))
