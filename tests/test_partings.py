"""Order tests that part where two values are equal raise there, and there only: the way taken says nothing of the slope.

Never asks for equalities that are written as such.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradgen import grad, jvp, value_and_grad, vjp
from gradgen.errors import GradgenError
from tests.forward.written import function

# What is asked of x and c, and the slopes by x and by c that every one of them has beside x == c (x below c, x above c).
PARTED = {
    "a tank filled past its cone": (
        "z = 0.0\nif x >= c: z += 2 * c\nelif x > 0: z += 2 * x\nif x > c: z += 2 * (x - c)\nreturn z",
        ((2.0, 0.0), (2.0, 0.0)),
    ),
    "all three ways": ("if x < c: return 2 * x\nelif x > c: return 2 * x\nelse: return 2 * c", ((2.0, 0.0), (2.0, 0.0))),
    "written the other way round": ("z = x if c > x else c\nif c < x: z += x - c\nreturn z", ((1.0, 0.0), (1.0, 0.0))),
    "in one expression": ("return (x if x < c else c) + (x - c if x > c else 0.0)", ((1.0, 0.0), (1.0, 0.0))),
    "in a chain": (
        "if 0 < x < c: return x + c\nif c < x < 90: return x + c\nreturn 2 * x", ((1.0, 1.0), (1.0, 1.0)),
    ),
    "with a choice of min": ("z = 0.0\nif x > c: z += x - c\nreturn z + min(c, x)", ((1.0, 0.0), (1.0, 0.0))),
    "in a loop": (
        "z = 0.0\nfor k in range(3):\n    if x < c: z += k * x\n    elif x > c: z += k * x\n    else: z += k * c\nreturn z",
        ((3.0, 0.0), (3.0, 0.0)),
    ),
    "computed sides": ("z = 2 * c if x >= c + 0 else 2 * x\nif x > c + 0: z += 2 * (x - c)\nreturn z", ((2.0, 0.0), (2.0, 0.0))),
}
# Texts whose tests never part: the slopes at x == c are those of the way taken.
AT_ONE = {
    "the same order again": ("z = x if x > c else c\nif x > c: z += x - c\nreturn z", (0.0, 1.0)),
    "orders that agree where they are equal": ("z = 2 * x if x >= c else 0.0\nif x < c: z += c\nreturn z", (2.0, 0.0)),
    "in ways that exclude each other": (
        "k = 1\nif k > 0: z = x if x < c else c\nelse: z = c if x > c else x\nreturn z", (0.0, 1.0),
    ),
    "a guard that raises": ("if x < c: raise ValueError(x)\nz = 3 * x if x > c else 2 * x\nreturn z", (2.0, 0.0)),
    "a test that only reports": ("if x < c: print(x)\nz = 3 * x if x > c else 2 * x\nreturn z", (2.0, 0.0)),
    "a variable that has changed in between": ("if x < c: x = c\nx = x * x\nreturn x if x > c else 7 * x", (4.0, 0.0)),
}


# Which of them is the largest: the slopes by x and by c below c and above it; where they are equal, it raises.
LARGEST = {
    "the largest": ("m = max(x, c)\nif x == m: return 2 * x + m\nreturn 5 * c", ((0.0, 5.0), (3.0, 0.0))),
    "the other way round": ("m = max(x, c)\nif m == c: return 5 * c\nreturn x * m", ((0.0, 5.0), (5.0, 0.0))),
    "of three": ("b = c / 4\nm = max(b, x, c)\nif x == m: return 2 * x\nreturn 5 * c", ((0.0, 5.0), (2.0, 0.0))),
    "not the smallest": ("m = min(x, c)\nif x != m: return 2 * x + m\nreturn 5 * c", ((0.0, 5.0), (2.0, 1.0))),
    "in a chain": (
        "m = max(x, c)\nif x == m: z = 3 * x\nelif c == m: z = x * x\nelse: z = 0.0\nreturn z", ((3.0, 0.0), (3.0, 0.0)),
    ),
}

# Kinks that meet where x == c and cancel, and the slopes by x and by c there, which are those beside it.
CANCEL = {
    "the larger and the smaller": ("return max(x, c) + min(x, c)", (1.0, 1.0)),
    "the larger of either sign": ("return max(x - c, 0) - max(c - x, 0.0)", (1.0, -1.0)),
    "a softened choice": ("return max(x, c) + math.log1p(math.exp(-abs(x - c)))", (0.5, 0.5)),
    "a loss in two pieces": ("r = x - c + 1\nreturn 0.5 * min(abs(r), 1) ** 2 + max(abs(r) - 1, 0)", (1.0, -1.0)),
    "a test beside a choice": ("return np.where(x > c, c - x, x - c) + 2 * np.maximum(x, c)", (1.0, 1.0)),
    "two stretches": ("return 2 * np.clip(x, -9, c) + np.clip(x, c, 9) * 2", (2.0, 2.0)),
    "two stretches, from above": ("return np.clip(x, c, 9) * 3 + 3 * np.clip(x, None, c)", (3.0, 3.0)),
    "a stretch beside a choice": ("return np.clip(x - c, 0, None) - np.maximum(x, c) + 3 * c", (0.0, 2.0)),
    "a sign": ("return np.sign(x - c) * np.log1p(np.abs(c - x))", (1.0, -1.0)),
    "a distribution": ("return 0.5 + 0.5 * np.sign(x - c) * (1 - np.exp(-np.abs(x - c) / 4))", (0.125, -0.125)),
    "a sign that a variable holds": (
        "d = x - c\ns = np.sign(d)\na = np.abs(d)\nreturn -s * 3 * a ** 1.0", (-3.0, 3.0),
    ),
    "a sign that is set": ("return math.copysign(math.log1p(abs(x - c)), x - c)", (1.0, -1.0)),
    "a factor with the sign": ("return math.copysign(2.0, x - c) * math.sin(abs(x - c))", (2.0, -2.0)),
}


def _function(body: str) -> Any:
    return function("def f(x, c):\n" + "".join(f"    {line}\n" for line in body.splitlines()), {"np": np})


@pytest.mark.parametrize("name", CANCEL)
def test_kinks_that_cancel_all_take_one_side(name: str) -> None:
    body, slopes = CANCEL[name]
    fn = _function(body)
    for optimize in (True, False):
        assert grad(fn, wrt=("x", "c"), optimize=optimize)(2.0, 2.0) == pytest.approx(slopes)
        assert jvp(fn, wrt=("x", "c"), optimize=optimize)(2.0, 2.0, x_dot=3.0, c_dot=0.7)[1] == pytest.approx(
            3.0 * slopes[0] + 0.7 * slopes[1],
        )
    if "math." not in body and "max(" not in body and "min(" not in body:
        dx, dc = vjp(fn, wrt=("x", "c"))(np.array([2.0, 3.0]), np.array([2.0, 2.5]), df=np.array([1.0, 0.0]))
        assert [*dx, *dc] == pytest.approx([slopes[0], 0.0, slopes[1], 0.0])


def test_a_sign_alone_keeps_its_value_at_0() -> None:
    fn = _function("t = 0.5 * np.sign(x)\nreturn np.sign(x) * c + t * np.cos(np.abs(x))")
    assert grad(fn, wrt=("x", "c"))(0.0, 2.0) == (0.0, 0.0)
    hidden = _function("t = 0.5 * np.sign(x)\nreturn t * np.log1p(np.abs(x)) + c")
    assert grad(hidden, wrt="x")(0.25, 2.0) == pytest.approx(0.4)
    with pytest.raises(ArithmeticError, match="the sign of 0 says nothing of the slope"):
        grad(hidden, wrt="x")(0.0, 2.0)


@pytest.mark.parametrize("name", PARTED)
def test_tests_that_part_raise_where_the_sides_are_equal(name: str) -> None:
    body, (below, above) = PARTED[name]
    fn = _function(body)
    generated = value_and_grad(fn, wrt=("x", "c"))
    assert generated(1.5, 2.0)[1] == below
    assert generated(2.5, 2.0)[1] == above
    with pytest.raises(ArithmeticError, match="GG501: .* == .* held"):
        generated(2.0, 2.0)


# What is asked of x and c below, by functions that are called, and the slopes below x == c and above it; there, it raises.
BELOW = {
    "the larger and the smaller": ("m = mx(x, c)\nreturn m * 2 + 2 * mn(x, c)", ((2.0, 2.0), (2.0, 2.0))),
    "either sign": ("return hinge(x - c) - hinge(c - x)", ((1.0, -1.0), (1.0, -1.0))),
    "the choice itself": ("return mx(x, c) + min(c, x)", ((1.0, 1.0), (1.0, 1.0))),
    "its own test": ("if x <= c: return hinge(x - c) * 7 + x\nreturn c + hinge(x - c)", ((1.0, 0.0), (1.0, 0.0))),
    "further below": ("d = x - c\nreturn both(d, 2.0) + d", ((3.0, -3.0), (3.0, -3.0))),
}
BESIDE = """
def mx(a, b): return a if a > b else b
def mn(a, b):
    if a < b:
        return a
    return b
def hinge(t): return max(t, 0.0)
def ramp(t): return hinge(-t)
def both(t, k): return k * hinge(t) - k * ramp(t)
"""


@pytest.mark.parametrize("name", BELOW)
def test_tests_of_functions_that_are_called_are_among_those_that_part(name: str) -> None:
    body, (below, above) = BELOW[name]
    fn = function(BESIDE + "def f(x, c):\n" + "".join(f"    {line}\n" for line in body.splitlines()))
    for optimize in (True, False):
        generated = value_and_grad(fn, optimize=optimize)
        assert generated(1.5, 2.0)[1] == below
        assert generated(2.5, 2.0)[1] == above
        with pytest.raises(ArithmeticError, match="GG501: .* held"):
            generated(2.0, 2.0)
        with pytest.raises(ArithmeticError, match="GG501: .* held"):
            jvp(fn, optimize=optimize)(2.0, 2.0, x_dot=1.0, c_dot=1.0)


def test_functions_that_are_called_and_agree_follow_the_way_taken() -> None:
    fn = function(BESIDE + "def f(x, c):\n    return mx(x, c) + 2 * mx(x, c) + hinge(c) + hinge(-x) * hinge(x - 1)\n")
    assert grad(fn)(2.0, 2.0) == (0.0, 4.0)


@pytest.mark.parametrize("name", LARGEST)
def test_what_asks_which_is_the_largest_raises_where_they_are_equal(name: str) -> None:
    body, (below, above) = LARGEST[name]
    fn = _function(body)
    generated = value_and_grad(fn, wrt=("x", "c"))
    assert generated(1.5, 2.0)[1] == below
    assert generated(2.5, 2.0)[1] == above
    with pytest.raises(ArithmeticError, match=r"GG501: (x == b or )?. == . held"):
        generated(2.0, 2.0)
    with pytest.raises(ArithmeticError, match=r"GG501: (x == b or )?. == . held"):
        jvp(fn, wrt=("x", "c"))(2.0, 2.0, x_dot=1.0, c_dot=1.0)
    assert grad(grad(fn, wrt="x"), wrt="x")(2.5, 2.0) == (2.0 if name == "the other way round" else 0.0)


@pytest.mark.parametrize("name", AT_ONE)
def test_tests_that_do_not_part_follow_the_way_taken(name: str) -> None:
    body, slopes = AT_ONE[name]
    assert value_and_grad(_function(body), wrt=("x", "c"))(2.0, 2.0)[1] == slopes


def test_tangents_raise_too_and_second_derivatives_ask_once() -> None:
    fn = _function(PARTED["a tank filled past its cone"][0].replace("return z", "return z * x"))
    with pytest.raises(ArithmeticError, match="GG501"):
        jvp(fn)(2.0, 2.0, x_dot=1.0, c_dot=1.0)
    second = grad(grad(fn, wrt="x"), wrt="x")
    assert second(1.5, 2.0) == 4.0
    assert second.source.count("at_kink(x == c") == 1
    with pytest.raises(GradgenError, match="GG501"):
        second(2.0, 2.0)
