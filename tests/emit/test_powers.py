"""Powers in generated lines look like those in the function's own text.

Never tests what a line computes.
"""
from __future__ import annotations

from gradgen.emit.powers import power_style


def test_blanks_stay_where_the_user_writes_them_or_writes_no_power() -> None:
    assert power_style("y = x ** 2")("dx = dy * 2 * x ** 3") == "dx = dy * 2 * x ** 3"
    assert power_style("y = x")("dx = (x + 1) ** 3") == "dx = (x + 1) ** 3"


def test_simple_operands_lose_them_where_the_users_have_none() -> None:
    style = power_style("y = x**2 + (x + 1) ** 2")
    assert style("dx = x ** 3 + (x + 1) ** 3 + f(x) ** 2 + x ** f(2)") == "dx = x**3 + (x + 1) ** 3 + f(x) ** 2 + x ** f(2)"


def test_all_operands_lose_them_where_the_users_have_none_after_brackets() -> None:
    assert power_style("y = x**2 + (x + 1)**2")("dx = (x + 1) ** 3") == "dx = (x + 1)**3"


def test_texts_are_left_alone() -> None:
    assert power_style("y = x**2")("raise E('x ** 2')") == "raise E('x ** 2')"
