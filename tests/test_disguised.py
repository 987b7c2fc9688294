"""Equalities in disguise raise where they hold, as equalities do: elsewhere the slopes are those of the way taken."""
from __future__ import annotations

import functools
import math
import re

import numpy as np
import pytest

from gradgen import NonDifferentiableError, UnsupportedError, grad, hvp, jvp
from tests.forward.written import function

HELD_AT_ZERO = [
    "(x, 1) == (0, 1)", "[x] == [0.0]", "{'a': x} == {'a': 0.0}", "(x,) != (0.0,)", "0.0 in [x]", "x in (0.0, 1.0)",
    "operator.eq(x, 0)", "operator.contains([0.0, 2.0], x)", "np.array_equal([x], [0.0])", "np.isin(x, [0.0, 1.0])",
    "math.isclose(x, 0)", "np.sign(x) == 0", "not np.sign(x)", "math.floor(x) == math.ceil(x)",
    "math.ceil(x) - math.floor(x) == 0", "operator.truth(x)", "bool(x)", "np.logical_not(x)", "np.logical_and(x, 1)",
    "np.logical_or(x, 0)", "np.any([x])", "np.all(x)", "any([x])", "all([x, 1.0])", "any(v for v in [x, 0.0])",
    "np.count_nonzero([x, 1.0]) == 1", "np.where(x, 1.0, 0.0) == 0.0", "abs(x) <= 0", "abs(x) > 0", "0 < abs(x)",
    "0 >= math.fabs(x)", "x*x > 0", "x**2 <= 0", "x*x + x**4 > 0", "math.hypot(x, 2*x) > 0", "math.sqrt(x*x) > 0",
    "np.linalg.norm([x, x]) > 0", "math.dist([x], [0.0]) > 0", "np.heaviside(x, 0.5) == 0.5",
]
GLOBALS = "import math\nimport operator\n\nimport numpy as np\n\n\n"


PLACES = [place * 65 / 64 for place in range(len(HELD_AT_ZERO))]
"""Where each of them holds, in one function: none lies a whole number beside another."""


def test_an_equality_in_disguise_raises_where_it_holds() -> None:
    asked_of_y = [re.sub(r"\bx\b", "y", asked) for asked in HELD_AT_ZERO]
    lines = [f"    y = x - {at}\n    if {asked}:\n        n += 1\n" for at, asked in zip(PLACES, asked_of_y, strict=True)]
    fn = function(f"{GLOBALS}def f(x):\n    n = 0\n{''.join(lines)}    return 2 * x + n\n")
    slope, tangent = grad(fn), jvp(fn)
    for at, asked in zip(PLACES, HELD_AT_ZERO, strict=True):
        assert slope(at + 0.3) == 2.0 and tangent(at - 0.3, x_dot=1.5)[1] == 3.0
        for derivative in (slope, functools.partial(tangent, x_dot=1.0)):
            with pytest.raises(NonDifferentiableError, match=f">:{3 * PLACES.index(at) + 10}:.*GG501"):
                derivative(at)
                pytest.fail(asked)


@pytest.mark.parametrize("asked", [
    "len({x, 0.0}) == 1", "len(set([x, 0.0])) == 1", "len(dict.fromkeys([x, 0.0])) == 1", "len(np.unique([x, 0.0])) == 1",
    "operator.countOf([0.0], x) > 0", "len(list(filter(None, [x]))) == 0", "[0.0].count(x) > 0",
])
def test_what_tells_which_of_several_values_are_equal_is_refused(asked: str) -> None:
    fn = function(f"{GLOBALS}def f(x):\n    if {asked}:\n        return 2 * x\n    return 2 * x\n")
    for transform in (grad, jvp):
        with pytest.raises(UnsupportedError, match="GG106"):
            transform(fn)(0.4)


UNIT = """def f(x, v):
    r = np.sum(x ** 2)
    if r > 0:
        return np.sum(x * v) / r
    return 0.0
"""
WHERE = "def f(x, v):\n    return np.sum(np.where(np.abs(x) > 0, x * v, 0.0))\n"
SOME = "def f(x, v):\n    return np.sum(x * v) if np.any(x) else 0.0\n"
V = np.array([0.3, -0.5, 0.9])
SOME_ZERO = np.array([0.6, 0.0, 0.8])


@pytest.mark.parametrize(("text", "point", "slopes", "held"), [
    (UNIT, SOME_ZERO, V - 2 * SOME_ZERO * (SOME_ZERO @ V), np.zeros(3)),  # of a vector of length 1
    (WHERE, SOME_ZERO + 1, V, SOME_ZERO),
    (SOME, SOME_ZERO, V, np.zeros(3)),
])
def test_arrays_touch_their_bounds_too(text: str, point: np.ndarray, slopes: np.ndarray, held: np.ndarray) -> None:
    fn = function(f"import numpy as np\n\n\n{text}")
    np.testing.assert_allclose(grad(fn, "x")(point, V), slopes, atol=1e-12)
    np.testing.assert_allclose(jvp(fn, "x")(point, V, x_dot=V)[1], slopes @ V, atol=1e-12)
    assert hvp(fn, "x")(point, V, x_dot=V).shape == (3,)
    for derivative in (grad(fn, "x"), functools.partial(jvp(fn, "x"), x_dot=V), functools.partial(hvp(fn, "x"), x_dot=V)):
        with pytest.raises(NonDifferentiableError, match="GG501"):
            derivative(held.copy(), V)


@pytest.mark.parametrize("asked", [
    "np.sign(x) == np.sign(y)", "np.sign(x) == 1", "any([x > 0, y > 1])", "all(v > 0 for v in [x, y])", "abs(x) < 1",
    "abs(x) > 1e-12", "all(map(math.isfinite, [x, y]))", "math.floor(x) == math.floor(y)",
])
def test_what_holds_for_a_while_is_no_equality(asked: str) -> None:
    fn = function(f"{GLOBALS}def f(x, y):\n    return 3 * x if {asked} else 2 * x\n")
    holds = eval(asked, {"np": np, "math": math, "x": 0.0, "y": 0.5})
    assert grad(fn, "x")(0.0, 0.5) == (3.0 if holds else 2.0)
