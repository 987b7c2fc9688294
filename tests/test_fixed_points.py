"""Fixed points are differentiated by the implicit function theorem: in every mode, of numbers and arrays, by whatever name.

Never takes an expected number from gradgen: closed forms, and differences of the iteration itself.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gradgen
import gradgen as gg
from gradgen import fixed_point
from gradgen import fixed_point as settle
from tests.oracle.differences import derivative


def babylonian(x: float, a: float) -> float:
    return 0.5 * (x + a / x)


def dotted(a: float) -> float:
    return gradgen.fixed_point(babylonian, 1.0, a) * a


def by_an_alias(a: float) -> float:
    return gg.fixed_point(babylonian, 1.0, a) * a


def renamed(a: float) -> float:
    return settle(babylonian, 1.0, a) * a


def bare(a: float) -> float:
    root = fixed_point(babylonian, 1.0, a)
    return root * a


@pytest.mark.parametrize("function", (dotted, by_an_alias, renamed, bare), ids=lambda function: function.__name__)
def test_a_square_root_has_the_slope_of_the_square_root(function: Callable[..., Any]) -> None:
    """a * sqrt(a) has the slope 1.5 sqrt(a), and 0.75 / sqrt(a) after that; the saved text knows nothing of gradgen."""
    generated = gradgen.value_and_grad(function)
    assert generated(2.0, **{generated.seeds[0]: -3.0}) == pytest.approx((2 * math.sqrt(2), -4.5 * math.sqrt(2)), rel=1e-14)
    assert gradgen.jvp(function)(2.0, a_dot=0.5)[1] == pytest.approx(0.75 * math.sqrt(2), rel=1e-14)
    assert gradgen.hessian(function)(2.0) == pytest.approx(0.75 / math.sqrt(2), rel=1e-12)
    assert "import gradgen" not in generated.source and "from gradgen" not in generated.source
    namespace: dict[str, Any] = {"__name__": "alone"}
    exec(compile(generated.source, "alone.py", "exec"), namespace)
    assert namespace[generated.__name__](2.0) == generated(2.0)


def kepler_step(anomaly: float, mean: float, e: float) -> float:
    return mean + e * math.sin(anomaly)


def anomaly(mean: float, e: float) -> float:
    return fixed_point(kepler_step, mean, mean, e, tol=1e-15)


def test_keplers_equation_moves_as_the_implicit_function_theorem_says() -> None:
    """dE/dM = 1 / (1 - e cos E), dE/de = sin E / (1 - e cos E); the first guess, which is M too, counts for nothing."""
    value, (dmean, de) = gradgen.value_and_grad(anomaly)(1.2, 0.4)
    rest = 1 - 0.4 * math.cos(value)
    assert value - 0.4 * math.sin(value) == pytest.approx(1.2, abs=1e-14)
    assert (dmean, de) == pytest.approx((1 / rest, math.sin(value) / rest), rel=1e-13)
    assert gradgen.jvp(anomaly)(1.2, 0.4, mean_dot=2.0, e_dot=-1.0)[1] == pytest.approx(2 * dmean - de, rel=1e-12)


def by_a_lambda(a: float, b: float) -> float:
    x = fixed_point(lambda x: math.cos(a * x) * b, 0.5)
    return x * x + a


def in_a_loop(a: float, n: int) -> float:
    s = a
    for _ in range(n):
        s = s + fixed_point(kepler_step, 0.0, s, 0.3)
    return s


def damped_twice(x: float, a: float) -> float:
    for _ in range(2):
        x = 0.5 * math.cos(x) + a
    return x


def of_steps_that_loop(a: float, b: float) -> float:
    return fixed_point(damped_twice, 0.0, a * b) * a


def by_lambdas_in_a_loop(a: float, b: float) -> float:
    t = 0.0
    for i in range(3):
        t += fixed_point(lambda x: 0.5 * math.cos(x * b) + a * i, 0.0)  # noqa: B023
    return t


def within_a_branch(a: float, b: float) -> float:
    return 2.0 * fixed_point(kepler_step, 0.0, a, b) if a > 0 else a * b


@pytest.mark.parametrize(("function", "point"), (
    (by_a_lambda, (0.8, 0.9)), (in_a_loop, (0.7, 3)), (of_steps_that_loop, (0.3, 0.8)), (by_lambdas_in_a_loop, (0.2, 0.7)),
    (within_a_branch, (0.6, 0.2)), (within_a_branch, (-0.6, 0.2)),
))
def test_numbers_move_as_differences_say(function: Callable[..., Any], point: tuple[Any, ...]) -> None:
    generated = gradgen.value_and_grad(function)
    value, gradient = generated(*point)
    assert value == function(*point)
    gradient = gradient if isinstance(gradient, tuple) else (gradient,)
    for place, got in enumerate(gradient):
        wanted = derivative(lambda v, place=place: function(*point[:place], v, *point[place + 1 :]), point[place])
        assert got == pytest.approx(wanted.value, rel=1e-7)
    if function is in_a_loop:
        assert gradgen.value_and_grad(function, checkpoint=2)(*point) == (value, gradient[0])
    along = {f"{name}_dot": 0.7 - place for place, name in enumerate(generated.wrt)}
    moved = gradgen.hvp(function, wrt=generated.wrt)(*point, **along)

    def turned(t: float, place: int) -> float:
        there = (value + t * direction for value, direction in zip(point, along.values(), strict=False))
        found = generated(*there, *point[len(along) :])[1]
        return float(found[place] if isinstance(found, tuple) else found)

    for place, product in enumerate(moved):
        assert product == pytest.approx(derivative(lambda t, place=place: turned(t, place), 0.0).value, rel=1e-6)


def settled_layer(x: Any, w: Any, b: Any) -> Any:
    return np.tanh(w @ x) + b


def layer(w: Any, b: Any, y: Any) -> Any:
    x = gradgen.fixed_point(settled_layer, np.zeros(3), w, b)
    return np.sum((x - y) ** 2)


def test_arrays_move_as_a_linear_solve_says() -> None:
    """With J = diag(1 - tanh(w x)^2) w: db = (I - J)^-T 2 (x - y), and dw = (db * (1 - tanh^2)) x^T."""
    drawn = np.random.default_rng(5)
    w, b, y = 0.4 * drawn.normal(size=(3, 3)), drawn.normal(size=3), drawn.normal(size=3)
    generated = gradgen.vjp(layer, like=(w, b, y))
    dw, db, dy = generated(w, b, y, dlayer=-1.5)
    x = np.zeros(3)
    for _ in range(400):
        x = settled_layer(x, w, b)
    slope = 1 - np.tanh(w @ x) ** 2
    wanted = -1.5 * np.linalg.solve((np.eye(3) - slope[:, None] * w).T, 2 * (x - y))
    np.testing.assert_allclose(db, wanted, rtol=1e-10)
    np.testing.assert_allclose(dw, np.outer(wanted * slope, x), rtol=1e-10)
    np.testing.assert_allclose(dy, 3.0 * (x - y), rtol=1e-10)
    direction = drawn.normal(size=(3, 3))
    moved = gradgen.jvp(layer, "w", like=(w, b, y))(w, b, y, w_dot=direction)[1]
    assert moved == pytest.approx(np.sum(dw * direction) / -1.5, rel=1e-10)


def flattened(b: Any) -> Any:
    x = fixed_point(lambda x: 0.5 * x + b, 0.0)
    return np.sum(x)


def test_a_first_guess_of_another_shape_is_refused() -> None:
    with pytest.raises(gradgen.UnsupportedError, match="fixed_point"):
        gradgen.grad(flattened, like=(np.ones(3),))


def printing(x: float, a: float) -> float:
    print(x)
    return 0.5 * x + a


def of_printing(a: float) -> float:
    return fixed_point(printing, 0.0, a)


def test_a_step_that_acts_is_refused() -> None:
    for transform in (gradgen.grad, gradgen.jvp):
        with pytest.raises(gradgen.UnsupportedError, match="fixed_point"):
            transform(of_printing)


@pytest.mark.parametrize("factor", (1.0, -1.0, 2.0, math.nan))
def test_what_does_not_settle_raises(factor: float) -> None:
    with pytest.raises(ArithmeticError, match="no fixed point after 50 steps"):
        fixed_point(lambda x: factor * x + 1, 0.3, most=50)


def test_sympys_judge_looks_for_the_solution_and_not_along_the_steps() -> None:
    assert gradgen.compare(anomaly).status == "agrees"
    assert gradgen.compare(dotted).status == "agrees"


def damped(x: float, p: dict[str, float]) -> float:
    return p["a"] * math.cos(x) + p["b"]


def settled_by_parameters(p: dict[str, float]) -> float:
    return fixed_point(damped, 0.5, p) ** 2


def test_parameters_in_a_dict_have_the_slopes_of_the_implicit_function_theorem() -> None:
    p = {"a": 0.5, "b": 0.2}
    x = fixed_point(damped, 0.5, p)
    by_one = 1.7 * 2 * x / (1 + p["a"] * math.sin(x))
    generated = gg.vjp(settled_by_parameters)
    found = generated(p, **{generated.seeds[0]: 1.7})
    assert (found["a"], found["b"]) == pytest.approx((by_one * math.cos(x), by_one))


def settled_and_scaled(p: dict[str, float]) -> float:
    x = fixed_point(damped, 0.5, p)
    return x * p["b"]


def test_parameters_in_a_dict_have_second_derivatives() -> None:
    p = {"a": 0.5, "b": 0.2}
    x = fixed_point(damped, 0.5, p)
    slope = 1 + p["a"] * math.sin(x)  # x' = 1 / slope by b, and slope moves by a cos(x) x'
    second = gradgen.hessian(settled_and_scaled)(p)
    assert second["b"]["b"] == pytest.approx(2 / slope - p["b"] * p["a"] * math.cos(x) / slope**3)
    assert second["a"]["b"] == pytest.approx(second["b"]["a"])


def pair(state, a):
    return (0.3 * math.cos(state[1]) + a, 0.2 * math.sin(state[0]))


def of_a_pair(a):
    x, y = fixed_point(pair, (0.0, 0.0), a)
    return x * y


def test_a_fixed_point_in_parts_is_refused_with_its_way_out() -> None:
    for mode in (gradgen.grad, gradgen.jvp, gradgen.hvp):
        with pytest.raises(gradgen.UnsupportedError, match="that is a list, a tuple or a dict; hand the step an array"):
            mode(of_a_pair)
    with pytest.raises(TypeError, match="not a tuple: hand the step an array of its numbers"):
        of_a_pair(0.3)
