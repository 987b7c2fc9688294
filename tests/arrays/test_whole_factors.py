"""Factors that are truths or whole numbers of NumPy's: among themselves they add up and multiply otherwise than numbers do.

Judged by central differences of the function itself, whose values are floats.
"""
from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

import gradgen

X = np.array([1.0, 2.0])
ON = np.array([True, True])
BYTES = np.array([200, 100], dtype=np.uint8)
MORE = np.array([20, 100], dtype=np.uint8)
IMAGE = np.array([[200, 100], [30, 250]], dtype=np.uint8)


def of_tests(x: Any) -> Any:
    return np.sum((x > 0) * x + (x < 5) * x)


def of_tests_taken_off(x: Any) -> Any:
    return np.sum((x > 0) * x - (x < 0) * x)


def of_a_number(x: Any) -> Any:
    return (x > 0) * x + (x < 5) * x


def of_named_tests(x: Any) -> Any:
    over, under = x > 0, x < 5
    return over * x + under * x


def of_finite(x: Any) -> Any:
    return np.isfinite(x) * x + (x > 1) * x


def of_masks(x: Any, m: Any, n: Any) -> Any:
    return np.sum(m * x + n * x)


def of_products(x: Any, m: Any, n: Any) -> Any:
    return m @ x + n @ x


def of_items(c: Any, a: Any) -> Any:
    return c * a[0] + c * a[1]


def of_squares(c: Any, a: Any) -> Any:
    return c * a[0] * a[0]


def of_what_is_left(x: Any, a: Any) -> Any:
    return np.sum(x - a * x)


def of_products_of_items(c: Any, a: Any, b: Any) -> Any:
    return c * a[0] * b[0] + c


def of_counts(c: Any, a: Any) -> Any:
    return c * len(a) - c * a.sum()


def of_largest(x: Any, a: Any) -> Any:
    return x * a.max() + x * a.min()


def in_a_choice(x: Any) -> Any:
    return np.sum(np.where(x > 0, x * (x < 1.5) + x * (x < 3), 0))


def in_a_choice_of_products(x: Any, a: Any) -> Any:
    return np.sum(np.where(a > 0, x * a * a, 0.0))


def in_a_loop(x: Any, a: Any) -> Any:
    s = 0.0
    for each in a:
        s = s + x * each
    return s + x * a[0] + x * a[1]


def in_a_sum(c: Any, a: Any, b: Any) -> Any:
    return sum(c * first + c * second for first, second in zip(a, b, strict=True))


def under_squares(x: Any, a: Any, b: Any) -> Any:
    return np.sum((a * x) ** 2 + (b * x) ** 2)


def of_images(w: Any, image: Any) -> Any:
    return np.sum((w * image - w * image.T) * np.arange(4.0).reshape(2, 2))


def of_a_table(x: Any, table: Any) -> Any:
    return np.interp(x, np.array([0.0, 1.0]), table)


def of_a_table_that_goes_round(x: Any, table: Any) -> Any:
    return np.interp(x, np.array([0.0, 1.0]), table, period=2.0)


CASES: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (of_tests, (X,)), (of_tests_taken_off, (X,)), (of_a_number, (np.float64(2.0),)), (of_a_number, (2.0,)),
    (of_named_tests, (np.float64(2.0),)), (of_finite, (2.0,)), (of_masks, (X, ON, ON)), (of_masks, (X, BYTES, BYTES)),
    (of_products, (X, ON, ON)), (of_products, (X, BYTES, MORE)), (of_items, (2.0, BYTES)), (of_items, (2.0, [*BYTES])),
    (of_squares, (2.0, BYTES)), (of_what_is_left, (X, BYTES)), (of_products_of_items, (2.0, BYTES, MORE)),
    (of_counts, (2.0, BYTES)),
    (of_largest, (2.0, BYTES)), (of_largest, (2.0, ON)), (in_a_choice, (X,)), (in_a_choice_of_products, (X, BYTES)),
    (in_a_loop, (2.0, BYTES)), (in_a_sum, (2.0, ON, ON)),
    (under_squares, (X, BYTES, MORE)), (of_images, (np.array([[1.0, 2.0], [3.0, 4.0]]), IMAGE)),
    (of_a_table, (0.5, BYTES)), (of_a_table_that_goes_round, (1.5, BYTES)),
]


def slopes(function: Callable[..., Any], first: Any, *rest: Any) -> Any:
    """Central differences by the first argument."""
    point, h = np.asarray(first, dtype=float), 1e-5
    found = np.zeros(point.shape)
    for place in np.ndindex(*point.shape):
        ends = []
        for step in (h, -h):
            moved = point.copy()
            moved[place] += step
            ends.append(function(moved if point.shape else type(first)(moved), *rest))
        found[place] = (ends[0] - ends[1]) / (2 * h)
    return found


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize(("function", "args"), CASES)
def test_factors_of_whole_numbers_are_kept_apart(function: Callable[..., Any], args: tuple[Any, ...], optimize: bool) -> None:
    wanted = slopes(function, *args)
    np.testing.assert_allclose(gradgen.grad(function, 0, optimize=optimize)(*args), wanted, rtol=1e-6)
    jvp = gradgen.jvp(function, [0], optimize=optimize)
    moved = jvp(*args, **{f"{jvp.wrt[0]}_dot": np.ones(wanted.shape) if wanted.shape else 1.0})[1]
    np.testing.assert_allclose(moved, np.sum(wanted), rtol=1e-6)


def of_both_sides(x: Any) -> Any:
    return (x > 0) * x ** 2 - (x < 0) * x


def of_a_named_side(x: Any) -> Any:
    over = x > 0
    return over * x ** 3


@pytest.mark.parametrize("function", [of_both_sides, of_a_named_side])
def test_a_text_for_numbers_that_asks_in_values_is_not_run_on_arrays(function: Callable[..., Any]) -> None:
    x, seed = np.array([1.5, -2.0, 0.3]), np.array([1.0, -2.0, 0.5])
    wanted = (function(x + 1e-6) - function(x - 1e-6)) / 2e-6 * seed
    vjp = gradgen.vjp(function)
    np.testing.assert_allclose(vjp(x, **{vjp.seeds[0]: seed}), wanted, rtol=1e-8, atol=1e-8)


FEW = np.uint8(3)


def less_so_many_times(x: Any, a: Any) -> Any:
    return x - a * x


def less_so_many_times_below(x: Any, a: Any) -> Any:
    return 2 * less_so_many_times(x, a)


def a_power(x: Any, n: Any) -> Any:
    return x ** n


def with_a_sign_taken_off(x: Any, a: Any) -> Any:
    return math.exp(x * -a) + x


def of_a_named_square(x: Any, a: Any) -> Any:
    return x - np.square(a) * x


def of_a_constant(x: Any) -> Any:
    return x - FEW * x


@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize("function", [less_so_many_times, less_so_many_times_below, a_power, of_a_named_square])
@pytest.mark.parametrize("few", [FEW, np.uint64(3), np.int8(3), np.bool_(True)])
def test_numbers_that_wrap_around_are_put_together_with_none(function: Callable[..., Any], few: Any, optimize: bool) -> None:
    x = 2.0
    for derivative in (gradgen.grad, gradgen.value_and_grad, gradgen.derivative):
        with pytest.raises(TypeError, match=rf"test_whole_factors\.py:\d+: .*of {few.dtype}, which wraps around"):
            derivative(function, "x", optimize=optimize)(x, few)
    twice = gradgen.jvp(gradgen.grad(function, "x", optimize=optimize), "x")
    with pytest.raises(TypeError, match="wraps around"):
        twice(x, few, x_dot=x)
    with pytest.raises(TypeError, match="wraps around"):
        gradgen.grad(functools.partial(function, **{"n" if function is a_power else "a": few}), "x", optimize=optimize)(x)
    for wide in (3, 3.0, np.int64(3), np.float64(3)):
        found = gradgen.grad(function, "x", optimize=optimize)(x, wide)
        np.testing.assert_allclose(found, slopes(function, x, wide), rtol=1e-6)


def test_signs_of_numbers_that_wrap_around_are_not_taken_off_them() -> None:
    with pytest.raises(TypeError, match="of uint8, which wraps around"):
        gradgen.grad(with_a_sign_taken_off, "x")(0.2, FEW)
    assert gradgen.grad(with_a_sign_taken_off, "x")(0.2, 3) == pytest.approx(1 - 3 * math.exp(-0.6))


@pytest.mark.parametrize("optimize", [True, False])
def test_constants_that_wrap_around_are_kept_apart(optimize: bool) -> None:
    assert gradgen.grad(of_a_constant, optimize=optimize)(2.0) == pytest.approx(-2.0)
    assert gradgen.jvp(of_a_constant, optimize=optimize)(2.0, x_dot=1.0)[1] == pytest.approx(-2.0)


def of_a_made_one(y: Any) -> Any:
    n = np.int32(50000)
    return y * n * n + y


def of_one_twice(y: Any) -> Any:
    n = np.uint8(200)
    return y * n + n * y + y


def captured(y: Any) -> Any:
    n = np.int16(300)
    return _with(lambda t: t * n * n + t, y)


def _with(inner: Any, y: Any) -> Any:
    return inner(y)


def by_a_nested_function(y: Any) -> Any:
    n = np.int16(300)

    def k(t: Any) -> Any:
        return t * n * n + t

    return k(y)


def of_each(y: Any) -> Any:
    n = np.int16(300)
    return sum(y * k * k + y for k in (n, n))


def of_a_list(y: Any) -> Any:
    ns = []
    ns.append(np.int32(50000))
    return y * ns[0] * ns[0] + y


def handed_on(y: Any) -> Any:
    return _below(y, np.int32(50000))


def _below(t: Any, n: Any) -> Any:
    return t * n * n + t


def given_by_a_call(y: Any) -> Any:
    n = _many()
    return y * n * n + y


def _many() -> Any:
    return np.int32(50000)


def of_a_record_made(y: Any) -> Any:
    d = Counted(np.int32(50000))
    return y * d.n * d.n + y


def beside_arrays(y: Any) -> Any:
    n = np.int32(50000)
    return np.sum(np.ones(2)) * y * n * n + y


MADE = [
    of_a_made_one, of_one_twice, captured, by_a_nested_function, of_each, of_a_list, handed_on, given_by_a_call, of_a_record_made,
    beside_arrays,
]


@dataclass
class Counted:
    n: Any


class Pair(NamedTuple):
    n: Any


@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize("function", MADE)
def test_whole_numbers_that_a_function_makes_are_kept_apart(function: Callable[..., Any], optimize: bool) -> None:
    wanted = (function(2.5) - function(1.5)) / 1.0  # they are straight lines
    assert gradgen.grad(function, optimize=optimize)(2.0) == pytest.approx(wanted)
    assert gradgen.jvp(function, optimize=optimize)(2.0, y_dot=0.5)[1] == pytest.approx(wanted / 2)


def of_a_power(x: Any) -> Any:
    n = np.int8(-128)
    return x ** n


def of_a_sign(x: Any) -> Any:
    n = np.uint8(3)
    return math.exp(x * -n / 1000) + x


def of_a_wide_power(x: Any) -> Any:
    return x ** np.int64(3)


def test_whole_numbers_of_which_the_derivative_needs_others_are_refused() -> None:
    for function, line in ((of_a_power, "n = np.int8(-128)"), (of_a_sign, "n = np.uint8(3)")):
        for derivative in (gradgen.grad, gradgen.jvp):
            with pytest.raises(gradgen.UnsupportedError) as refused:
                derivative(function)
            assert line in str(refused.value) and "wraps around" in str(refused.value)
    assert gradgen.grad(of_a_wide_power)(2.0) == pytest.approx(12.0)


def of_a_record(y: Any, d: Any) -> Any:
    return y * d.n * d.n + y


def of_a_record_below(y: Any, d: Any) -> Any:
    return 2 * of_a_record(y, d)


@pytest.mark.parametrize("kind", [Counted, Pair])
@pytest.mark.parametrize("function", [of_a_record, of_a_record_below])
def test_records_of_numbers_that_wrap_around_are_refused(function: Callable[..., Any], kind: Callable[[Any], Any]) -> None:
    for made in (gradgen.grad(function, "y"), lambda y, d: gradgen.jvp(function, "y")(y, d, y_dot=1.0)):
        with pytest.raises(TypeError, match="of int32, which wraps around"):
            made(2.0, kind(np.int32(50000)))
    for wide in (300, 3.5, np.int64(300)):
        wanted = function(2.5, kind(wide)) - function(1.5, kind(wide))
        assert gradgen.grad(function, "y")(2.0, kind(wide)) == pytest.approx(wanted)
