"""Whole programs in every mode and to the third order: against differences of the program itself, run on numbers of 80 digits.

Never takes an expected number from a gradient: the program's own value along a line says all of them.
"""
from __future__ import annotations

import math
from typing import Any

import mpmath
import pytest

import gradgen
from tests.forward.written import function

PROGRAMS = {
    "elements of a list": """
    ts = [0.0] * 4
    for i in range(4):
        ts[i] = x * i + y ** i
    s = 0.0
    for i in range(1, 4):
        s += ts[i] * ts[i - 1]
    return s""",
    "keys of a dict": """
    d = {'a': x * y, 'b': math.exp(x)}
    d['a'] = d['a'] * d['b']
    d['c'] = d['a'] + y
    return d['c'] * d['b']""",
    "a name in a test that returns": """
    if (z := x * y) > 0.5:
        return z ** 3 * y
    return z""",
    "a name in a test inside of another": """
    if x > 0:
        if (z := x * y) > 0.5:
            w = z * x
            return w ** 2 * z
        x = x * z
    return x""",
    "a name in the second test": """
    if y > 5:
        return x
    elif (z := x * y * y) > 0.5:
        return z ** 3
    return z""",
    "a while loop": """
    s = x
    while s < 10:
        s = s * (1 + y) + x * x
    return s * math.sin(x)""",
    "a loop that is left by a return": """
    s = x
    for i in range(5):
        s = s * y + x * i
        if i == 3:
            return s * s
    return s""",
    "what is caught": """
    try:
        z = math.log(x - 5) * y
    except ValueError:
        z = x ** 3 * y
    return z * z + y""",
    "a growing list": """
    acc = [x]
    for i in range(4):
        acc.append(acc[-1] * y + acc[0])
    return acc[-1] * acc[2]""",
    "two at once": """
    a, b = x, y
    for i in range(4):
        a, b = b * x, a + b
    return a * b""",
    "the largest of a list": """
    vs = [x * k * y + y * y for k in range(1, 4)]
    return max(vs) * min(vs) ** 2""",
    "rows handed to parameters": """
    def dot(p, q):
        return p[0] * q[0] + p[1] * q[1]
    rows = [(x, y), (y, x * y)]
    return y * dot(*rows)""",
    "several results": """
    def pairs(s, t):
        return s * t, s + t * t
    a, b = pairs(x, y)
    return a * b""",
}
AT, ALONG = (0.7, 1.3), (0.6, -0.8)
THIRD = frozenset({"elements of a list", "keys of a dict", "a while loop", "what is caught", "two at once", "several results"})


class Digits:
    """The functions of `math` for numbers of many digits."""

    exp, sin, prod = staticmethod(mpmath.exp), staticmethod(mpmath.sin), staticmethod(mpmath.fprod)

    @staticmethod
    def hypot(*parts: Any) -> Any:
        return mpmath.sqrt(mpmath.fsum(part * part for part in parts))

    @staticmethod
    def log(value: Any) -> Any:
        if value <= 0:
            raise ValueError("math domain error")
        return mpmath.log(value)

def slopes(text: str) -> tuple[list[float], list[float], float]:
    """The gradient, the Hessian's product along a line and the third derivative by x, of central differences."""
    exact = function(text, {"math": Digits})
    with mpmath.workdps(80):
        h = mpmath.mpf(10) ** -20

        def f(x: Any, y: Any) -> Any:
            return exact(mpmath.mpf(AT[0]) + x * h, mpmath.mpf(AT[1]) + y * h)

        def gradient(x: Any, y: Any) -> list[Any]:
            return [(f(x + 1, y) - f(x - 1, y)) / (2 * h), (f(x, y + 1) - f(x, y - 1)) / (2 * h)]

        ends = zip(gradient(*ALONG), gradient(*(-part for part in ALONG)), strict=True)
        third = (f(2, 0) - 2 * f(1, 0) + 2 * f(-1, 0) - f(-2, 0)) / (2 * h**3)
        return [float(each) for each in gradient(0, 0)], [float((up - down) / (2 * h)) for up, down in ends], float(third)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_in_every_mode(name: str) -> None:
    text = f"def f(x, y):{PROGRAMS[name]}\n"
    gradient, product, third = slopes(text)
    fn = function(text, {"math": math})
    along = dict(zip(("x_dot", "y_dot"), ALONG, strict=True))
    assert gradgen.grad(fn)(*AT) == pytest.approx(gradient, rel=1e-9)
    assert gradgen.jvp(fn)(*AT, **along)[1] == pytest.approx(sum(g * by for g, by in zip(gradient, ALONG, strict=True)), rel=1e-9)
    assert gradgen.hvp(fn)(*AT, **along) == pytest.approx(product, rel=1e-9)
    if name in THIRD:
        assert gradgen.derivative(fn, wrt="x", order=3)(*AT) == pytest.approx(third, rel=1e-9)


def test_products_and_norms_of_a_list_have_tangents() -> None:
    text = "def f(x, y):\n    vs = [x * y, y + x, x * x]\n    return math.prod(vs) * math.hypot(*vs)\n"
    along = dict(zip(("x_dot", "y_dot"), ALONG, strict=True))
    expected = sum(g * by for g, by in zip(slopes(text)[0], ALONG, strict=True))
    assert gradgen.jvp(function(text, {"math": math}))(*AT, **along)[1] == pytest.approx(expected, rel=1e-9)
