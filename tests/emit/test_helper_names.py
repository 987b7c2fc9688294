"""Functions and variables of the user's that are called what a helper of generated modules is called.

Never takes an expected number from gradgen: central differences of the function as written.
"""
from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy import zeros_like

import gradgen
from tests.oracle.differences import derivative


def digamma(x: float) -> float:
    return x**2


def stop_gradient(x: float) -> float:
    return x**3


def check_number(x: float) -> float:
    return x * 3


def trigamma(digamma: float) -> float:
    return math.lgamma(digamma) * digamma


def beside_its_rule(x: float, k: float) -> float:
    return digamma(x) + math.lgamma(x) * k


def beside_the_mark(x: float, k: float) -> float:
    return gradgen.stop_gradient(x) * k + stop_gradient(x)


def as_a_variable(x: float, k: float) -> float:
    digamma = x * k
    return math.lgamma(x) * digamma


def of_a_parameter(x: float, k: float) -> float:
    return trigamma(x) * k


def of_a_guard(x: float, k: float) -> float:
    return check_number(x) * math.sin(k)


def by_parts(p: dict[str, float], x: Any) -> float:
    z = zeros_like(x)
    return float(p["a"] ** 2 * p["b"] + np.sum(z + x * p["a"]))


SCALARS = (beside_its_rule, beside_the_mark, as_a_variable, of_a_parameter, of_a_guard)


def slopes(function: Callable[..., float], x: float, k: float, held: float) -> tuple[float, float]:
    """The function's slopes, with what the mark holds back `held`."""
    if function is beside_the_mark:
        return derivative(stop_gradient, x).value, held
    return derivative(lambda v: function(v, k), x).value, derivative(lambda v: function(x, v), k).value


@pytest.mark.parametrize("function", SCALARS, ids=lambda function: function.__name__)
def test_a_helper_is_not_taken_for_what_the_user_calls_so(function: Callable[..., float], tmp_path: Path) -> None:
    wanted = pytest.approx(slopes(function, 1.3, 0.7, 1.3), rel=1e-8)
    generated = gradgen.value_and_grad(function)
    value, gradient = generated(1.3, 0.7)
    assert (value, gradient) == (function(1.3, 0.7), wanted)
    along = 0.3 * gradient[0] - 1.1 * gradient[1]
    assert gradgen.jvp(function)(1.3, 0.7, x_dot=0.3, k_dot=-1.1)[1] == pytest.approx(along, rel=1e-12)
    curvature = gradgen.hessian(function)(1.3, 0.7)
    for place in (0, 1):
        by_x = derivative(lambda v, place=place: slopes(function, v, 0.7, 1.3)[place], 1.3)
        by_k = derivative(lambda v, place=place: slopes(function, 1.3, v, 1.3)[place], 0.7)
        assert curvature[place] == pytest.approx((by_x.value, by_k.value), rel=1e-5, abs=1e-7)
    (tmp_path / "kept.py").write_text(generated.source, "utf-8")
    spec = importlib.util.spec_from_file_location("kept", tmp_path / "kept.py")
    assert spec is not None and spec.loader is not None
    kept = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(kept)
    alone = getattr(kept, generated.__name__)
    assert alone(1.3, 0.7) == (value, gradient)
    again = gradgen.jvp(alone, wrt=("x", "k"))(1.3, 0.7, x_dot=0.3, k_dot=-1.1)[1][1]
    assert again == pytest.approx(tuple(0.3 * row[0] - 1.1 * row[1] for row in curvature), rel=1e-9)


def test_nor_one_of_containers() -> None:
    p, x = {"a": 1.2, "b": 0.3}, np.array([0.5, -0.4])
    dp, dx = gradgen.grad(by_parts)(p, x)
    assert dp["a"] == pytest.approx(derivative(lambda v: by_parts({"a": v, "b": 0.3}, x), 1.2).value, rel=1e-8)
    assert dp["b"] == pytest.approx(1.2**2, rel=1e-12)
    assert dx == pytest.approx([1.2, 1.2], rel=1e-12)
    text = gradgen.grad(by_parts, like=(p, x)).source
    assert "dp = zeros_like_helper(p)" in text and "z = zeros_like(x)" in text
