"""What a function imports for the functions inside of it, and calls of one's own that a list keeps.

Never takes an expected number from gradgen: closed forms and central differences.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gradgen
from gradgen.emit.load import load_standalone
from tests.oracle.differences import derivative


def for_a_lambda(x: Any) -> Any:
    from math import sin
    k = lambda a: sin(a) * a  # noqa: E731
    return k(x)


def two_for_a_loop(x: Any) -> Any:
    from math import cos as c
    from math import exp, sin

    def k(a: Any) -> Any:
        s = 0.0
        for i in range(3):
            s += sin(a * i) * c(a)
        return s

    return k(x) * exp(-x)


def a_module(x: Any) -> Any:
    import math as m

    def k(a: Any) -> Any:
        return m.atan(a) + m.pow(a, 3)

    return k(x) * x


@pytest.mark.parametrize("fn", [for_a_lambda, two_for_a_loop, a_module])
def test_nested_functions_find_what_is_imported_around_them(fn: Callable[..., Any]) -> None:
    x, wanted = 1.3, derivative(fn, 1.3).value
    assert gradgen.grad(fn)(x) == pytest.approx(wanted, rel=1e-7)
    assert gradgen.jvp(fn)(x, x_dot=1.5)[1] == pytest.approx(1.5 * wanted, rel=1e-7)
    second = derivative(gradgen.grad(fn), x).value
    assert gradgen.hessian(fn)(x) == pytest.approx(second, rel=1e-6)


def test_texts_that_import_for_a_lambda_stand_alone() -> None:
    alone = load_standalone(gradgen.grad(for_a_lambda).source, "for_a_lambda_grad")
    assert alone(1.3) == pytest.approx(derivative(for_a_lambda, 1.3).value, rel=1e-7)


def test_what_is_imported_for_others_is_not_imported_again() -> None:
    text = gradgen.grad(two_for_a_loop).source
    assert "import exp" not in text.split("def two_for_a_loop_grad")[0]


def of_arrays(x: Any) -> Any:
    import numpy as npp

    def k(a: Any) -> Any:
        return npp.sum(npp.sin(a))

    return k(x)


def test_modules_imported_for_nested_functions_of_arrays_are_found() -> None:
    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(gradgen.grad(of_arrays)(x), np.cos(x))


def square(y: Any) -> Any:
    return y * y


def kept_calls(k: Any) -> Any:
    kept = []
    kept.append(square(k))
    kept.append(square(k * k))
    return kept[0] + kept[1]


def step(y: Any, h: Any) -> Any:
    slopes = []
    for share in (0.0, 0.5, 1.0):
        slopes.append(square(y + share * h))
    return y + h / 6 * (slopes[0] + 4 * slopes[1] + slopes[2])


def steps(y: Any, h: Any) -> Any:
    for _ in range(3):
        slopes = []
        slopes.append(square(y))
        slopes.append(square(y + h * slopes[0] / 2))
        y = y + h * slopes[1]
    return y


def test_calls_that_a_list_keeps_have_tangents() -> None:
    value, tangent = gradgen.jvp(kept_calls)(1.5, k_dot=0.7)
    assert value == pytest.approx(1.5**2 + 1.5**4)
    assert tangent == pytest.approx(0.7 * (2 * 1.5 + 4 * 1.5**3))
    assert gradgen.hessian(kept_calls)(1.5) == pytest.approx(2 + 12 * 1.5**2)
    y, h = 0.6, 0.3
    by_y, by_h = derivative(lambda y: steps(y, h), y).value, derivative(lambda h: steps(y, h), h).value
    assert gradgen.jvp(steps)(y, h, y_dot=0.7, h_dot=-1.1)[1] == pytest.approx(0.7 * by_y - 1.1 * by_h, rel=1e-7)
    slope = gradgen.grad(step, "y")
    second = derivative(lambda y: slope(y, h), y).value
    assert gradgen.hvp(step, "y")(y, h, y_dot=1.0) == pytest.approx(second, rel=1e-6)
