"""Numbers in generated text are folded as a person does it, and only where that is exact."""
from __future__ import annotations

import pytest

from gradgen import value_and_grad
from gradgen.simplify.decimals import difference, product


@pytest.mark.parametrize(("left", "right", "expected"), [
    (2.24, 3, 6.72), (0.1, 3, 0.3), (1.5, 2, 3.0), (3, 4, 12), (1 / 3, 3, None), (3.14159265, 2, None), (1e308, 10, None),
    (float("inf"), 2, None),
])
def test_products_are_those_of_decimals(left, right, expected):
    assert product(left, right) == expected


@pytest.mark.parametrize(("left", "right", "expected"), [(1.11, 1, 0.11), (2.5, 1, 1.5), (1 / 3, 1, None), (5, 7, -2)])
def test_differences_are_those_of_decimals(left, right, expected):
    assert difference(left, right) == expected


def curve(x):
    return 2.24 * x**3 + x**1.11


def test_the_text_has_one_number_where_a_person_writes_one():
    assert "6.72 * x**2 + 1.11 * x**0.11" in value_and_grad(curve).source
