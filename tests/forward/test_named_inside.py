"""Values that are named inside of an expression: their tangents come in the order in which the names are bound."""
from __future__ import annotations

import pytest

from gradgen import jvp
from gradgen.errors import UnsupportedError


def in_a_chain(x: float, y: float) -> float:
    if 0 < (t := x * y) < 2 < (u := t + 3):
        return t * u
    return t


def one_in_another(x: float, y: float) -> float:
    z = (t := (s := x * y) * x) + (u := s * t)
    return z * u


def in_a_comprehension(x: float, y: float) -> float:
    ts = [(last := x * k + y) for k in range(4)]
    return last * ts[1]


def test_a_name_that_a_later_one_reads_has_its_tangent_first() -> None:
    x, y = 0.7, 1.3
    p, moved = x * y, 0.4 * y - 1.1 * x
    assert jvp(in_a_chain)(x, y, x_dot=0.4, y_dot=-1.1) == pytest.approx((p * (p + 3), (2 * p + 3) * moved), rel=1e-14)


def test_a_name_inside_of_another_has_its_tangent_first() -> None:
    x, y = 0.7, 1.3
    # t = x**2 y, u = x**3 y**2, z = (t + u) u = x**5 y**3 + x**6 y**4
    by_x = 5 * x**4 * y**3 + 6 * x**5 * y**4
    by_y = 3 * x**5 * y**2 + 4 * x**6 * y**3
    found = jvp(one_in_another)(x, y, x_dot=0.4, y_dot=-1.1)
    assert found == pytest.approx((x**5 * y**3 + x**6 * y**4, 0.4 * by_x - 1.1 * by_y), rel=1e-13)


def test_a_name_inside_of_a_comprehension_is_refused() -> None:
    with pytest.raises(UnsupportedError, match=r"test_named_inside\.py:\d+:\d+: GG106"):
        jvp(in_a_comprehension)
