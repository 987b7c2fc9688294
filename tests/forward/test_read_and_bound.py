"""Statements that bind the variable that they read: what it was and what it is are two values under one name.

Judged by central differences.
"""
from __future__ import annotations

import pytest

from gradgen import grad, hvp, jvp
from tests.forward.written import function

VALUES = [
    "math.sqrt(1.0 + s**2)", "math.cbrt(1 + s**3)", "(1 + s**2) ** 0.5", "math.exp(math.log(s) * 2)", "math.hypot(s, a)",
    "s / (1 + s)", "s * math.exp(s)", "0.5 * (s + a / s)", "s if s > 9 else math.sqrt(1 + s * s)",
]
LINES = [f"s = {value}" for value in VALUES] + [f"for _ in range(2): s = {VALUES[0]}", f"s, a = {VALUES[0]}, s * a"]


@pytest.mark.parametrize("line", LINES)
def test_a_value_that_is_read_and_bound_anew_cancels_in_no_tangent(line: str) -> None:
    made = function(f"def f(x, a):\n    s = 2 * x + a\n    {line}\n    return s * s * a\n")
    x, a, x_dot, a_dot = 0.7, 1.3, 0.3, -0.4

    def at(h: float) -> tuple[float, float]:
        return x + h * x_dot, a + h * a_dot

    for optimize in (True, False):
        tangent = jvp(made, optimize=optimize)(x, a, x_dot=x_dot, a_dot=a_dot)[1]
        assert tangent == pytest.approx((made(*at(1e-5)) - made(*at(-1e-5))) / 2e-5, rel=1e-7)
    above, below = grad(made)(*at(1e-5)), grad(made)(*at(-1e-5))
    product = hvp(made)(x, a, x_dot=x_dot, a_dot=a_dot)
    assert product == pytest.approx(tuple((one - other) / 2e-5 for one, other in zip(above, below, strict=True)), rel=1e-6)
