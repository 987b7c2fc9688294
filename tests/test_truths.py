"""The truth of a number that varies asks whether it is 0: where it is, the way taken says nothing of the slope."""
from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pytest

from gradgen import NonDifferentiableError, hvp, jvp, value_and_grad


def in_a_test(v: float, w: float) -> float:
    d = v - w
    if not d:
        return 0.0
    return math.sin(d)


def for_a_default(v: float, w: float) -> float:
    return (v or 1.0) * w


def beside_another(v: float, w: float) -> float:
    return v and 3 * v * w


def in_a_comprehension(v: float, w: float) -> float:
    return sum(3 * x for x in [v, w] if x)


def in_a_choice(v: float, w: float) -> float:
    return v * v / w if w else 0.0


def in_a_callee(v: float, w: float) -> float:
    return in_a_test(v, w) * v


def of_a_list(xs: Sequence[float], v: float) -> float:
    return (xs[0] if xs else 0.5) * v


def of_a_guard(v: float, w: float) -> float:
    if not w:
        raise ValueError("w is 0")
    return v / w


CASES: list[tuple[Callable[[float, float], float], tuple[float, float], tuple[float, float]]] = [
    (in_a_test, (math.cos(0.5), -math.cos(0.5)), (1.2, 1.2)), (for_a_default, (0.7, 1.2), (0.0, 0.7)),
    (beside_another, (2.1, 3.6), (0.0, 0.7)), (in_a_comprehension, (3.0, 3.0), (1.2, 0.0)),
    (in_a_choice, (2.4 / 0.7, -1.44 / 0.49), (1.2, 0.0)),
    (in_a_callee, (math.sin(0.5) + 1.2 * math.cos(0.5), -1.2 * math.cos(0.5)), (0.7, 0.7)),
]


@pytest.mark.parametrize(("fn", "slopes", "zero"), CASES)
def test_the_truth_of_a_number_raises_where_it_is_zero(
    fn: Callable[[float, float], float], slopes: tuple[float, float], zero: tuple[float, float]
) -> None:
    assert value_and_grad(fn)(1.2, 0.7)[1] == pytest.approx(slopes)
    assert jvp(fn)(1.2, 0.7, v_dot=0.3, w_dot=-2.0)[1] == pytest.approx(0.3 * slopes[0] - 2.0 * slopes[1])
    with pytest.raises(NonDifferentiableError, match="GG501: .* == 0"):
        value_and_grad(fn)(*zero)
    with pytest.raises(NonDifferentiableError, match="GG501: .* == 0"):
        jvp(fn)(*zero, v_dot=1.0, w_dot=0.0)


def test_second_derivatives_ask_once_more() -> None:
    derivative = hvp(in_a_test)
    assert derivative(1.2, 0.7, v_dot=1.0, w_dot=0.0) == pytest.approx((-math.sin(0.5), math.sin(0.5)))
    with pytest.raises(NonDifferentiableError, match="GG501"):
        derivative(1.2, 1.2, v_dot=1.0, w_dot=0.0)


def test_the_truth_of_a_list_is_none_of_a_numbers() -> None:
    assert value_and_grad(of_a_list)([1.2], 2.0) == (pytest.approx(2.4), ([2.0], 1.2))
    assert value_and_grad(of_a_list)([], 2.0) == (1.0, ([], 0.5))


def test_guards_that_raise_need_not_ask() -> None:
    assert "at_kink" not in value_and_grad(of_a_guard).source
    with pytest.raises(ValueError, match="w is 0"):
        value_and_grad(of_a_guard)(1.2, 0.0)
