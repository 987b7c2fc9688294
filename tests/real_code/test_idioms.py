"""Shapes distilled from published code: right where they have a derivative, refused where only tests move the result.

Never skips a shape: one that is not read yet has to raise, and fails here as soon as it is read, to be moved among the others.
"""
from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from gradgen import jvp, value_and_grad
from gradgen.errors import GradgenError
from tests.oracle.differences import Estimate, derivative
from tests.real_code.idioms import EXAMPLES, TO_BE_REFUSED, UNREAD, aliases, handed_out, shown


def _names_that_vary(fn: Callable[..., Any], args: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(name for name, value in zip(inspect.signature(fn).parameters, args, strict=False) if isinstance(value, float))


def _by_differences(fn: Callable[..., Any], args: tuple[Any, ...], name: str) -> Estimate:
    i = list(inspect.signature(fn).parameters).index(name)
    return derivative(lambda x: float(fn(*args[:i], x, *args[i + 1 :])), args[i])


def _label(value: object) -> str:
    return value.__name__ if inspect.isfunction(value) else str(value)


@pytest.mark.parametrize(("fn", "args"), EXAMPLES, ids=_label)
def test_a_shape_of_published_code_is_right_by_differences(fn: Callable[..., Any], args: tuple[Any, ...]) -> None:
    names = _names_that_vary(fn, args)
    value, gradient = value_and_grad(fn, wrt=names)(*args)
    assert value == fn(*args)
    for name, got in zip(names, gradient, strict=True):
        expected = _by_differences(fn, args, name)
        assert expected.verdict == "smooth", "the example has to have a derivative"
        assert expected.agrees_with(got), f"d/d{name}: got {got}, differences give {expected}"


@pytest.mark.parametrize(("fn", "args"), TO_BE_REFUSED, ids=_label)
def test_what_tests_alone_decide_is_refused_or_right(fn: Callable[..., Any], args: tuple[Any, ...]) -> None:
    names = _names_that_vary(fn, args)
    try:
        _, gradient = value_and_grad(fn, wrt=names)(*args)
    except GradgenError as error:
        assert error.findings[0].line > 0
        return
    for name, got in zip(names, gradient, strict=True):
        assert _by_differences(fn, args, name).agrees_with(got)


@pytest.mark.parametrize(("fn", "args"), aliases.TO_BE_REFUSED + handed_out.TO_BE_REFUSED, ids=_label)
def test_the_tangent_of_what_a_second_name_changes_is_refused_or_right(fn: Callable[..., Any], args: tuple[float, ...]) -> None:
    try:
        _, tangent = jvp(fn)(*args, x_dot=-1.7)
    except GradgenError as error:
        assert error.findings[0].line > 0
        return
    assert _by_differences(fn, args, "x").agrees_with(tangent / -1.7)


@pytest.mark.parametrize(("fn", "args"), shown.BESIDE, ids=_label)
def test_texts_beside_a_number_have_no_tangent(fn: Callable[..., Any], args: tuple[float, ...]) -> None:
    _, tangent = jvp(fn)(*args, x_dot=0.3, y_dot=-1.7)
    moved = [direction * _by_differences(fn, args, name).value for name, direction in (("x", 0.3), ("y", -1.7))]
    assert tangent == pytest.approx(sum(moved), rel=1e-8)


@pytest.mark.parametrize(("fn", "args"), shown.UNREAD, ids=_label)
def test_a_number_that_is_read_out_of_a_text_raises(fn: Callable[..., Any], args: tuple[float, ...]) -> None:
    with pytest.raises((GradgenError, ArithmeticError)):
        value_and_grad(fn)(*args)


@pytest.mark.parametrize(("fn", "args"), UNREAD, ids=_label)
def test_a_shape_that_is_not_read_yet_raises(fn: Callable[..., Any], args: tuple[Any, ...]) -> None:
    with pytest.raises((GradgenError, ZeroDivisionError)):
        value_and_grad(fn, wrt=_names_that_vary(fn, args))(*args)
