"""What a handler hands out at a single value, and what a function asks whose result moves in steps: both raise there, and beside
it the derivative is that of the formula.

Expected slopes are those of the formulas, differentiated by hand.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import grad, hvp, jvp, value_and_grad, vjp
from gradgen.emit.load import load_standalone


def filled_in(x: Any) -> Any:
    with np.errstate(invalid="ignore"):
        return np.sum(np.nan_to_num(np.sin(x) / x) * 2)


def left_out(x: Any) -> Any:
    with np.errstate(invalid="ignore"):
        return 2 * np.nansum(np.sin(x) / x)


def masked(x: Any) -> Any:
    with np.errstate(invalid="ignore"):
        z = 2 * np.sin(x) / x
        z = np.where(np.isfinite(z), z, 2.0)
    return np.sum(z)


@pytest.mark.parametrize("fn", [filled_in, left_out, masked])
@pytest.mark.parametrize("optimize", [True, False])
def test_quotients_that_are_filled_in_raise_where_the_divisor_is_0(fn: Any, optimize: bool) -> None:
    x, at_zero = np.array([0.5, 2.0]), np.array([0.5, 0.0])
    slopes = 2 * (np.cos(x) / x - np.sin(x) / x**2)
    np.testing.assert_allclose(grad(fn, optimize=optimize)(x), slopes, rtol=1e-12)
    assert jvp(fn, optimize=optimize)(x, x_dot=np.array([1.0, 0.0]))[1] == pytest.approx(slopes[0])
    for of in (lambda: grad(fn, optimize=optimize)(at_zero), lambda: jvp(fn, optimize=optimize)(at_zero, x_dot=x),
               lambda: hvp(fn, optimize=optimize)(at_zero, x_dot=x), lambda: grad(fn, optimize=optimize)(0.0)):
        with pytest.raises(ArithmeticError, match="GG501: x == 0, where .* says what is used instead, held"):
            of()


def test_what_is_no_number_from_the_start_is_left_out_without_a_word() -> None:
    np.testing.assert_allclose(grad(left_out)(np.array([math.nan, 2.0])), [0.0, math.cos(2.0) - math.sin(2.0) / 2])


def falling(x: float) -> float:
    try:
        return (1 - math.cos(x)) / x
    except ZeroDivisionError:
        return 0.0


def assigned(x: float) -> float:
    try:
        y = (1 - math.cos(x)) / x
    except ZeroDivisionError:
        y = 0.0
    return y


def caught_by_a_wide_handler(x: float) -> float:
    try:
        y = (1 - math.cos(x)) / x
    except (ValueError, ZeroDivisionError):
        y = 0.0
    return y


def caught_whatever_it_is(x: float) -> float:
    try:
        y = (1 - math.cos(x)) * x**-1
    except Exception:
        y = 0.0
    return y


def checked_ratio(a: float, b: float) -> float:
    if b == 0:
        raise ValueError("b must not be 0")
    return a / b


def raised_below(x: float) -> float:
    try:
        return checked_ratio(1 - math.cos(x), x)
    except ValueError:
        return 0.0


def raised_by_a_guard(x: float) -> float:
    try:
        if x == 0:
            raise ValueError("no")
        y = (1 - math.cos(x)) / x
    except ValueError:
        y = 0.0
    return y


def raised_anew(x: float) -> float:
    try:
        try:
            y = (1 - math.cos(x)) / x
        except ZeroDivisionError:
            raise ValueError("no") from None
    except ValueError:
        y = 0.0
    return y


def in_a_loop(x: float) -> float:
    total = 0.0
    for _ in range(2):
        try:
            y = 1 - math.cos(x)
            total = total + 0.5 * y
            total = total - 0.5 * y + 0.5 * y / x
        except ZeroDivisionError:
            total = total + 0.0
            total = total * 1.0
    return total


CAUGHT = [
    falling, assigned, caught_by_a_wide_handler, caught_whatever_it_is, raised_below, raised_by_a_guard, raised_anew, in_a_loop,
]


def modes(fn: Callable[[float], float], **options: Any) -> dict[str, Callable[[float], float]]:
    return {
        "grad": grad(fn, **options), "value_and_grad": lambda x: value_and_grad(fn, **options)(x)[1],
        "saved": load_standalone(grad(fn, **options).source, f"{fn.__name__}_grad"),
        "vjp": lambda x: vjp(fn, "x", **options)(x, **{vjp(fn, "x").seeds[0]: 1.0}),
        "jvp": lambda x: jvp(fn, **options)(x, x_dot=1.0)[1],
    }


@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize("fn", CAUGHT)
def test_what_is_caught_at_a_single_value_raises_there(fn: Callable[[float], float], optimize: bool) -> None:
    for derivative in modes(fn, optimize=optimize).values():
        assert derivative(0.7) == pytest.approx(math.sin(0.7) / 0.7 - (1 - math.cos(0.7)) / 0.49, rel=1e-13)
        with pytest.raises(ArithmeticError, match="GG501"):
            derivative(0.0)


def test_second_derivatives_beside_such_a_point() -> None:
    x = 0.7
    second = math.cos(x) / x - 2 * math.sin(x) / x**2 + 2 * (1 - math.cos(x)) / x**3
    for fn in (falling, assigned):
        assert hvp(fn)(x, x_dot=1.0) == pytest.approx(second, rel=1e-12)
        with pytest.raises(ArithmeticError, match="GG501: x == 0 held"):
            hvp(fn)(0.0, x_dot=1.0)


def beyond_a_bound(x: float) -> float:
    try:
        return math.sqrt(1 - x) * x
    except ValueError:
        return x * x


def by_a_count(x: float, n: int) -> float:
    try:
        return x / n
    except ZeroDivisionError:
        return x * x


def reported(x: float) -> float:
    try:
        print(1 / x)
    except ZeroDivisionError:
        print("at 0")
    return x * x


def test_what_does_not_single_out_a_value_follows_the_way_taken() -> None:
    assert grad(beyond_a_bound)(3.0) == 6.0
    assert grad(by_a_count, "x")(3.0, 0) == 6.0
    assert grad(by_a_count, "x")(3.0, 4) == 0.25
    assert grad(reported)(0.0) == 0.0


def is_start(x: float, start: float = 2.0) -> bool:
    return x == start


def shifted_is_start(x: float) -> bool:
    moved = x - 1
    return is_start(moved)


def chosen(x: float) -> float:
    return 1.0 if x == 3.0 else 0.0


def sign_of(x: float) -> int:
    return 0 if x == 0 else (1 if x > 0 else -1)


def by_a_test(x: float) -> float:
    if is_start(x):
        return 4.0
    return x * x


def by_a_test_of_a_test(x: float) -> float:
    return 9.0 if shifted_is_start(x) else x * x


def by_a_factor(x: float) -> float:
    y = chosen(x) * x
    return y + x * x


def by_a_sign(x: float) -> float:
    return sign_of(x - 1) * x + x * x


class Spot:
    """Where something is else."""

    place = 2.5

    def is_at(self, x: float) -> bool:
        return x == self.place


SPOT = Spot()


def by_a_method(x: float) -> float:
    return 6.25 if SPOT.is_at(x) else x * x


def by_a_nested_function(x: float) -> float:
    def meets(t: float) -> bool:
        return t == x

    return 4.0 if meets(2.0) else x * x


ASKING = [
    (by_a_test, 2.0, 0.0), (by_a_test_of_a_test, 3.0, 0.0), (by_a_factor, 3.0, 0.0), (by_a_sign, 1.0, 1.0),
    (by_a_method, 2.5, 0.0), (by_a_nested_function, 2.0, 0.0),
]


@pytest.mark.parametrize(("fn", "point", "slope"), ASKING)
def test_what_a_function_asks_that_gives_steps_raises_where_it_holds(
    fn: Callable[[float], float], point: float, slope: float
) -> None:
    for derivative in modes(fn).values():
        assert derivative(5.0) == 10.0 + slope
        with pytest.raises(ArithmeticError, match="GG501: .* held"):
            derivative(point)


def is_zero(x: Any) -> Any:
    return x == 0


def by_a_mask(x: np.ndarray) -> Any:
    return np.sum(np.where(is_zero(x), 1.0, np.sin(x)))


def all_zero(x: np.ndarray) -> Any:
    return (x == 0).all()


def by_all(x: np.ndarray) -> Any:
    return np.sum(x) if all_zero(x) else np.sum(x**2)


def test_what_a_function_asks_of_arrays_raises_where_it_holds_of_any() -> None:
    x = np.array([0.5, -0.25])
    np.testing.assert_allclose(grad(by_a_mask)(x), np.cos(x), rtol=1e-14)
    np.testing.assert_allclose(grad(by_all)(x), 2 * x, rtol=1e-14)
    assert jvp(by_a_mask)(x, x_dot=np.array([1.0, 0.0]))[1] == pytest.approx(np.cos(0.5), rel=1e-14)
    for fn in (by_a_mask, by_all):
        with pytest.raises(ArithmeticError, match="GG501: x == 0 held"):
            grad(fn)(np.zeros(2))


def asserted(x: float) -> float:
    try:
        assert x != 0
    except AssertionError:
        return 0.0
    return (1 - math.cos(x)) / x


def asserted_of_a_bound(x: float) -> float:
    try:
        assert x > 1
    except AssertionError:
        return 3 * x
    return (1 - math.cos(x)) / x


def warned_of(x: Any) -> Any:
    with np.errstate(divide="raise", invalid="raise"):
        try:
            return (1 - np.cos(x)) / x
        except FloatingPointError:
            return 0.0


def warned_of_within(x: Any) -> Any:
    try:
        with np.errstate(all="raise"):
            y = (1 - np.cos(x)) / x
    except FloatingPointError:
        y = 0.0
    return y


@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize("fn", [asserted, warned_of, warned_of_within])
def test_assertions_and_floating_point_errors_that_single_out_a_value_raise_there(fn: Callable[..., Any], optimize: bool) -> None:
    slope = math.sin(1.5) / 1.5 - (1 - math.cos(1.5)) / 1.5**2
    for derivative in (
        grad(fn, optimize=optimize), lambda x: value_and_grad(fn, optimize=optimize)(x)[1],
        lambda x: jvp(fn, optimize=optimize)(x, x_dot=1.0)[1],
    ):
        assert derivative(np.float64(1.5)) == pytest.approx(slope, rel=1e-12)
        with pytest.raises(ArithmeticError, match="GG501"):
            derivative(np.float64(0.0))
    assert grad(asserted_of_a_bound, optimize=optimize)(0.5) == 3.0
