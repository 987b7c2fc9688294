"""Functions of numbers and arrays that ask which of them they are given, judged by extrapolated differences.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

import math
import numbers

import numpy as np
import pytest

from gradgen import NonDifferentiableError, jvp, value_and_grad
from tests.oracle.differences import derivative


def by_isscalar(x):
    y = np.sin(x) * x
    if np.isscalar(y):
        return y
    return y.item() if y.size == 1 else y


def by_flag(x):
    scalar_input = np.isscalar(x)
    x = np.atleast_1d(np.asarray(x, dtype=float))
    y = np.where(x > 0.5, x**2, 3.0 * x)
    if scalar_input:
        return y.item()
    return y


def by_choice(x):
    x = np.asarray(x, dtype=float)
    y = x**2 + np.log(x)
    return y.item() if y.ndim == 0 else y


def by_rank(x):
    x = np.asarray(x)
    y = x**2 + np.log(x)
    if y.shape == ():
        return float(y)
    return y


def by_masks(x):
    x = np.array(x, ndmin=1, dtype=float)
    out = np.zeros_like(x)
    large = x > 0.2
    out[large] = x[large] ** 2
    out[~large] = -x[~large]
    if out.size == 1:
        return out[0]
    return out


def by_iterating(x):
    if hasattr(x, "__iter__"):
        return np.array([by_iterating(each) for each in x])
    return x**1.5


def by_class(x):
    if not isinstance(x, numbers.Real):
        return np.sum(x) ** 2
    elif isinstance(x, str):
        return float(x)
    else:
        return x * math.exp(x)


def by_store(x):
    y = np.sqrt(x)
    if isinstance(x, np.ndarray):
        y[x < 0.1] = 0.0
        total = y.sum()
    else:
        total = 2.0 * y
    return total * 3.0


def by_type(x):
    if type(x) in (list, tuple):
        return math.sin(x[0]) + x[0]
    return math.sin(x) * x


def by_type_name(x):
    if type(x).__name__ == "list":
        y = math.sin(x[0])
    else:
        y = math.exp(x) + 2.0
    return y * y


def by_class_name(x):
    if x.__class__.__name__ not in ("tuple", "list"):
        y = math.exp(x + 1.0)
    else:
        y = math.sin(x[0])
    return y * y


def by_type_choice(x):
    return x[0] ** 3 if type(x) is list else x**2 + math.log(x)


def of_another(x, k=None):
    if k is None:
        k = 2.0
    return by_choice(k * x) + by_isscalar(x)


FUNCTIONS = [by_isscalar, by_flag, by_choice, by_rank, by_masks, by_iterating, by_class, by_store, of_another]
FUNCTIONS += [by_type, by_type_name, by_class_name, by_type_choice]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("x", [0.17, 0.7, 1.9])
def test_the_way_of_a_number_is_differentiated(function, x):
    expected = derivative(lambda at: float(function(at)), x)
    value, slope = value_and_grad(function, wrt="x")(x)
    assert value == function(x)
    assert expected.agrees_with(slope)


@pytest.mark.parametrize("function", [by_isscalar, by_choice, by_class], ids=lambda each: each.__name__)
def test_forward_mode_goes_the_same_way(function):
    expected = derivative(lambda at: float(function(at)), 0.7)
    assert expected.agrees_with(jvp(function, wrt="x")(0.7, x_dot=1.0)[1])


@pytest.mark.parametrize("first", [0.7, np.array([0.3, 0.05, 0.9])], ids=["a number first", "an array first"])
@pytest.mark.parametrize("function", [by_class, by_store], ids=lambda each: each.__name__)
def test_one_derivative_serves_numbers_and_arrays(function, first):
    at = np.array([0.3, 0.05, 0.9])
    made = value_and_grad(function, wrt="x")
    made(first)
    expected = [derivative(lambda t, i=i: float(function(np.where(np.arange(3) == i, t, at))), at[i]) for i in range(3)]
    assert all(one.agrees_with(slope) for one, slope in zip(expected, made(at)[1], strict=True))
    assert derivative(lambda t: float(function(t)), 0.7).agrees_with(made(0.7)[1])
    assert made(2)[0] == function(2)


def test_saved_text_raises_on_the_way_that_it_is_not_for():
    text = value_and_grad(by_isscalar, wrt="x", like=(0.7,)).source
    saved: dict[str, object] = {}
    exec(text.replace("check_shapes((x, \"\"))", "pass"), saved)
    with pytest.raises(saved["NonDifferentiableError"], match="what is done with arguments of other kinds"):
        saved["by_isscalar_value_and_grad"](np.array([0.3, 0.4]))


def test_an_array_without_axes_is_refused_where_it_goes_another_way():
    with pytest.raises(NonDifferentiableError, match="what is done with arguments of other kinds"):
        value_and_grad(by_store, wrt="x")(np.array(0.7))


def squared_or_summed(x):
    if x.shape == ():
        return x * x
    return np.sum(x**3)


def summed_or_squared(x):
    if x.shape != ():
        return np.sum(x**3)
    return x * x


@pytest.mark.parametrize("function", [squared_or_summed, summed_or_squared])
def test_a_shape_that_an_array_never_has_is_not_its_way(function):
    at = np.array([1.0, 2.0])
    np.testing.assert_allclose(value_and_grad(function)(at)[1], 3 * at**2)


def by_listing(x):
    if isinstance(x, (int, float)):
        return x * math.exp(x)
    elif isinstance(x, (list, tuple, np.ndarray)):
        return [by_listing(each) for each in x]
    else:
        raise TypeError("neither a number nor a list")


def test_what_takes_lists_too_is_differentiated_for_numbers():
    expected = derivative(by_listing, 0.7)
    assert expected.agrees_with(value_and_grad(by_listing, wrt="x")(0.7)[1])


def test_what_asks_for_a_type_is_differentiated_for_lists_too():
    expected = derivative(lambda at: by_type_name([at, 2.0]), 0.7)
    made = value_and_grad(by_type_name)
    value, slopes = made([0.7, 2.0])
    assert value == by_type_name([0.7, 2.0])
    assert expected.agrees_with(slopes[0]) and slopes[1] == 0.0
    assert derivative(by_type_name, 0.7).agrees_with(made(0.7)[1])
