"""Lines of generated text that a reviewer would object to, each with what a person writes instead."""
from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gradgen import grad, value_and_grad
from tests.forward.written import function


def backward(text: str) -> str:
    source = grad(function(text)).source
    return source[source.rindex("\ndef ") :]


def test_an_exponent_written_as_a_fraction_is_a_number() -> None:
    derivative = grad(function("def f(x):\n    return (x + 1) ** (1 / 3)\n"))
    assert "dx = df * (x + 1) ** (-2 / 3) / 3" in derivative.source
    assert derivative(6.0, df=2.0) == pytest.approx(2 / 3 * 7 ** (-2 / 3), rel=1e-14)
    root = grad(function("def f(x):\n    return x ** (1 / 2)\n"))
    assert "dx = df / (2 * f)" in root.source
    assert root(9.0) == 1 / 6


def test_powers_of_one_base_are_one_power() -> None:
    derivative = value_and_grad(function("def f(x, y):\n    return (x / y) ** 12 + y\n"))
    assert "x_over_y ** 11 * x_over_y" not in derivative.source
    value, (dx, dy) = derivative(1.5, 1.2)
    assert (value, dx, dy) == pytest.approx((1.25**12 + 1.2, 12 * 1.25**11 / 1.2, 1 - 12 * 1.25**12 / 1.2))
    below = grad(function("def f(x):\n    return 5.74 / x ** 0.9\n"))
    assert "dx = -df * 0.9 * f / x" in below.source
    assert below(2.0) == pytest.approx(-5.74 * 0.9 * 2**-1.9, rel=1e-14)


def test_a_power_that_ends_the_statement_is_read_by_its_name() -> None:
    assert "16 * B / x" in backward("def f(x):\n    B = (7 / x) ** 16\n    return B * B\n")


def test_where_the_base_is_0_the_slope_by_the_divisor_is_0() -> None:
    assert grad(function("def f(y, x=0.0):\n    return (x / y) ** 0.9\n"), "y")(2.0) == 0.0


def test_turns_are_counted_only_where_somebody_asks() -> None:
    loop = "    for lo, hi, r in ((0, 10, 1.0), (10, 20, 2.0)):\n        if q < hi:\n            return r * (q - lo)\n"
    text = f"def f(q):\n{loop}    return 0.0\n"
    assert "count" not in backward(text)
    assert grad(function(text))(12.0) == 2.0


def test_checks_stand_above_the_comment_on_a_line() -> None:
    text = "import numpy as np\n\n\ndef f(x):\n    # the exponentials\n    y = np.exp(x)\n    return np.sum(y)\n"
    source = grad(function(text), like=(np.ones(3),)).source
    assert "    # the exponentials\n    y = np.exp(x)\n" in source
    slopes = grad(function(text), like=(np.ones(3),))(np.log([1.0, 2.0, 4.0]))
    assert math.isclose(slopes.sum(), 7.0)


@pytest.mark.parametrize("step", [
    "x = math.exp(k * x)", "x = math.sqrt(k + x)", "x, k = math.tanh(x), k * x", "x, k = math.exp(-x * k), math.sin(x)",
])
def test_what_a_step_has_made_is_read_before_the_old_value_comes_back(step: str) -> None:
    text = f"def f(x, k):\n    for _ in range(3):\n        {step}\n    return x * k\n"
    derivative, f, h = grad(function(text)), function(text), 1e-6
    lines = [line.strip() for line in backward(text).partition("# backward")[2].splitlines()]
    assert not any("tanh(" in line or "exp(" in line or "sqrt(" in line for line in lines if not line.startswith("#"))
    by_x, by_k = f(0.3 + h, 0.7) - f(0.3 - h, 0.7), f(0.3, 0.7 + h) - f(0.3, 0.7 - h)
    assert derivative(0.3, 0.7) == pytest.approx((by_x / (2 * h), by_k / (2 * h)), rel=1e-7)


def test_a_method_is_called_again_not_kept() -> None:
    def forward(A: Any, B: Any, p: Any) -> Any:
        for _ in range(3):
            p = (p[:, None] * A).sum(axis=0) * B
        return p @ p

    A, B, p = np.array([[0.3, 0.7], [0.6, 0.4]]), np.array([0.9, 1.2]), np.array([0.5, 0.8])
    derivative, h = grad(forward, "B"), 1e-6
    found = derivative(A, B, p)
    assert ".sum\n" not in derivative.source and "unbroadcast" not in derivative.source
    steps = h * np.eye(2)
    assert found == pytest.approx([(forward(A, B + s, p) - forward(A, B - s, p)) / (2 * h) for s in steps], rel=1e-7)


NPV = "def f(r, flows):\n    return sum(c / (1 + r) ** i for i, c in enumerate(flows))\n"
HORNER = "def f(x, cs):\n    t = 0.0\n    for c in reversed(cs):\n        t = t * x + c\n    return t\n"
TREE = "def f(u, ps):\n    vs = [max(ps[1] * u ** j - 1, 0.0) for j in range(3)]\n    return vs[1] * vs[2]\n"
CHAIN = "def f(s, x):\n    e = 0.0\n    for i in range(2):\n        e += 0.5 * s * (x[i + 1] - x[i]) ** 2\n    return e\n"
GAS = "def f(T, n):\n    r = n[0] * n[2] / (T - n[1])\n    return r * T + r ** 2\n"
MEAN = "def f(w, xs):\n    s = 0.0\n    for x in xs:\n        s += math.tanh(w * x) / len(xs)\n    return s\n"
NETWORK = """def f(x, w):
    h = [0.0, 0.0, 0.0]
    for i in range(3):
        h[i] = math.tanh(x * w[i])
    t = 0.0
    for i in range(3):
        t += h[i] * h[i] * w[i]
    return t
"""
SOFTMAX = "def f(b, xs):\n    p = [math.exp(x - b) for x in xs]\n    t = sum(p)\n    return p[1] * p[2] / t ** 2 + xs[0]\n"


@pytest.mark.parametrize(("text", "written", "not_written"), [
    (NPV, "for i, c in enumerate(flows):", "i_1"),
    (HORNER, "for i in reversed(range(len(cs))):", "enumerate"),
    (TREE, "if j != 0:", "and j != 0"),
    (CHAIN, "de_1 = de * s * (x[i + 1] - x[i])", "2 * (0.5"),
    (GAS, "den = T - n[1]", ":="),
    (MEAN, "/ len(xs)", "len_xs"),
    (NETWORK, "dh_1 = dh[i] * (1 -", "dh[i] = 0.0"),
    ("def f(b, x):\n    return x[0] * (2 * b - 1 / b) / (2 * b + x[1])\n", "den", "f_1 ="),
    (SOFTMAX, "dx = dp[i] * p[i]", "exp_"),
    ("def f(Re, ks):\n    return 64 / 2300 * Re * ks[0]\n", "(64 / 2300)", "575"),
])
def test_a_line_is_written_as_a_person_writes_it(text: str, written: str, not_written: str) -> None:
    derivative, f, h = grad(function(text)), function(text), 1e-6
    below = backward(text).partition('"""\n')[2]
    assert written in below and not_written not in below
    values = [1.3, 2.2, 0.9]
    first, others = derivative(1.7, values)
    assert first == pytest.approx((f(1.7 + h, values) - f(1.7 - h, values)) / (2 * h), rel=1e-6)
    moved = [[v + h * (i == j) for j, v in enumerate(values)] for i in range(3)]
    back = [[v - h * (i == j) for j, v in enumerate(values)] for i in range(3)]
    assert others == pytest.approx([(f(1.7, m) - f(1.7, b)) / (2 * h) for m, b in zip(moved, back, strict=True)], abs=1e-6)


def test_an_element_that_is_read_again_is_set_to_zero_first() -> None:
    """By hand, with the slope beside each element."""
    text = "def f(x):\n    p = [x, x]\n    for i in range(3):\n        p[i % 2] = x * x + p[1] * i\n    return p[0] + 2 * p[1]\n"
    x = 1.7
    p = [(x, 1.0), (x, 1.0)]
    for i in range(3):
        p[i % 2] = (x * x + p[1][0] * i, 2 * x + p[1][1] * i)
    assert grad(function(text))(x) == pytest.approx(p[0][1] + 2 * p[1][1])
    assert "= 0.0" in backward(text)


def test_what_is_turned_round_twice_is_as_it_was() -> None:
    def partial_likelihood(beta: Any, X: Any) -> Any:
        eta = X @ beta
        risk = np.cumsum(np.exp(eta)[::-1])[::-1]
        return np.sum(np.log(risk) - eta)

    X, beta, h = np.array([[0.3, -0.4], [1.1, 0.2], [-0.5, 0.9]]), np.array([0.7, -0.2]), 1e-6
    derivative = grad(partial_likelihood, "beta", like=(beta, X))
    assert "np.cumsum(drisk) * exp_eta" in derivative.source
    steps = h * np.eye(2)
    slopes = [(partial_likelihood(beta + s, X) - partial_likelihood(beta - s, X)) / (2 * h) for s in steps]
    assert derivative(beta, X) == pytest.approx(slopes, rel=1e-7)


def test_an_outer_product_is_turned_by_its_factors() -> None:
    def fitted(X: Any, y: Any) -> Any:
        return np.sum(np.sin(X.T @ y))

    X, y = np.array([[0.3, -0.4], [1.1, 0.2], [-0.5, 0.9]]), np.array([0.7, -0.2, 1.3])
    derivative = grad(fitted, "X", like=(X, y))
    assert "dX = np.outer(y, " in derivative.source
    np.testing.assert_allclose(derivative(X, y), np.outer(y, np.cos(X.T @ y)))


def spaced_calls(x):
    y = (2.0 * math.sin (3.0 * x + 1.0)
         + math.exp (x * x) * math.cos ( x - 1.0))  # fmt: skip
    return y


def test_a_space_before_the_arguments_of_a_call_is_kept():
    value, slope = value_and_grad(spaced_calls)(0.7)
    assert value == spaced_calls(0.7)
    by_hand = 6.0 * math.cos(3.1) + math.exp(0.49) * (1.4 * math.cos(-0.3) - math.sin(-0.3))
    assert slope == pytest.approx(by_hand, rel=1e-12)
