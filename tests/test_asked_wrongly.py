"""Arguments that no derivative takes: one too many, an order that is none, kinds that are no call's; nothing is changed by them.

Never judges numbers.
"""
from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gradgen


def ratio(x: Any, y: Any) -> Any:
    return x / y


def energy(x: Any) -> Any:
    return np.sum(x**2)


@pytest.mark.parametrize("make", [gradgen.grad, gradgen.value_and_grad])
@pytest.mark.parametrize(("fn", "args"), [(ratio, (1.0, 2.0, 3.0)), (energy, (np.ones(2), 2.0)), (energy, (3.0, 2.0))])
def test_one_argument_too_many_is_no_seed(make: Any, fn: Callable[..., Any], args: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError, match="positional argument"):
        make(fn)(*args)


def test_seeds_are_passed_by_name_also_those_of_derivatives_that_are_differentiated() -> None:
    assert gradgen.grad(ratio)(1.0, 2.0, dratio=3.0) == (1.5, -0.75)
    mixed = gradgen.grad(gradgen.grad(ratio, "x"), "y")
    assert mixed(1.0, 2.0, dratio=4.0) == -1.0
    assert gradgen.jvp(gradgen.grad(ratio, "x"), "y")(1.0, 2.0, dratio=4.0, y_dot=1.0) == (2.0, -1.0)
    with pytest.raises(TypeError, match="positional argument"):
        mixed(1.0, 2.0, 4.0)
    with pytest.raises(TypeError, match="positional argument"):
        gradgen.jvp(gradgen.grad(ratio, "x"), "y")(1.0, 2.0, 4.0, y_dot=1.0)


def test_a_seed_is_written_as_a_parameter_with_a_default() -> None:
    made = gradgen.grad(ratio)
    assert "def ratio_grad(x, y, dratio=1.0):" in made.source
    assert inspect.signature(made).parameters["dratio"].default == 1.0


@pytest.mark.parametrize("order", [0, -1, 1.5, True, "2"])
def test_an_order_is_a_whole_number_from_1_on(order: Any) -> None:
    def square(x: Any) -> Any:
        return x**2

    with pytest.raises(ValueError, match="an order is a whole number from 1 on, not"):
        gradgen.derivative(square, order=order)
    with pytest.raises(ValueError, match="an order is a whole number from 1 on, not"):
        gradgen.nth(square, order)
    assert vars(square) == {}
    assert gradgen.vjp(square)(np.ones(3), dsquare=np.ones(3)).tolist() == [2.0, 2.0, 2.0]
    assert gradgen.derivative(square, order=np.int64(2))(3.0) == 2.0


@pytest.mark.parametrize("make", [gradgen.grad, gradgen.jvp, gradgen.hessian])
@pytest.mark.parametrize(("like", "said"), [(2.0, r"like=\(2.0,\)"), (np.ones((9, 9)), r"like=\(a ndarray,\)")])
def test_like_takes_the_arguments_of_a_call(make: Any, like: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        make(energy, like=like)
