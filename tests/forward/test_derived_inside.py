"""Derivatives that a function makes where it calls them are differentiated in turn, to any order."""
from __future__ import annotations

import math

import numpy as np
import pytest
import sympy

import gradgen
from gradgen import derivative, grad, hessian, hvp, jvp, nth, value_and_grad


def cubic(x):
    return x**3 - 2 * x


def newton(x):
    return x - cubic(x) / grad(cubic)(x)


def test_a_step_of_newtons_method_has_derivatives_of_any_order() -> None:
    """Against SymPy's of x - f(x) / f'(x)."""
    x = sympy.Symbol("x")
    step = x - (x**3 - 2 * x) / (3 * x**2 - 2)
    for order in (1, 2, 3):
        expected = float(step.diff(x, order).subs(x, sympy.Rational(17, 10)))
        assert derivative(newton, order=order)(1.7) == pytest.approx(expected, rel=1e-12)
        assert nth(newton, order)(1.7) == pytest.approx(expected, rel=1e-12)
    assert hessian(newton)(1.7) == pytest.approx(float(step.diff(x, 2).subs(x, 1.7)), rel=1e-12)


def test_saved_text_makes_no_derivative_when_it_runs() -> None:
    source = grad(newton).source
    assert "grad(cubic)" not in source and "import gradgen" not in source and "from gradgen" not in source
    namespace: dict[str, object] = {}
    exec(source, namespace)
    assert namespace["newton_grad"](1.7) == pytest.approx(grad(newton)(1.7), rel=1e-15)  # type: ignore[operator]


def root(a, x):
    def residual(t):
        return t**2 - a

    for _ in range(5):
        x = x - residual(x) / derivative(residual)(x)
    return x


def test_what_a_local_function_captures_varies_with_it() -> None:
    """The root of a is reached to all digits: its derivatives are those of the square root."""
    assert grad(root, "a")(2.0, 1.5) == pytest.approx(0.5 / math.sqrt(2), rel=1e-12)
    assert hessian(root, "a")(2.0, 1.5) == pytest.approx(-0.25 * 2**-1.5, rel=1e-9)


def energy(x):
    return np.sum(x**4)


def test_every_mode_may_stand_inside_with_arrays_and_lambdas() -> None:
    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(grad(lambda x: np.sum(grad(energy)(x) ** 2))(x), 96 * x**5, rtol=1e-13)
    np.testing.assert_allclose(grad(lambda x: hvp(energy)(x, x_dot=x)[0])(x), [36.0, 0.0], rtol=1e-13)
    np.testing.assert_allclose(grad(lambda x: np.sum(grad(lambda z: np.sum(z**3))(x)))(x), 6 * x, rtol=1e-13)
    assert grad(lambda x: jvp(cubic)(x, x_dot=x)[1])(1.7) == pytest.approx(9 * 1.7**2 - 2, rel=1e-13)
    assert grad(lambda x: gradgen.vjp(cubic)(x, dcubic=x))(1.7) == pytest.approx(9 * 1.7**2 - 2, rel=1e-13)

    def both(x):
        value, slope = value_and_grad(cubic)(x)
        return value * slope

    assert grad(both)(1.7) == pytest.approx((3 * 1.7**2 - 2) ** 2 + cubic(1.7) * 6 * 1.7, rel=1e-13)


def wave(x, w):
    return np.tanh(w[0] * x + w[1]) * w[2]


def residuals(w, xs):
    slope, bend = derivative(wave, "x"), derivative(wave, "x", order=2)
    return np.sum((bend(xs, w) + slope(xs, w)) ** 2)


def residuals_one_by_one(w, xs):
    total = 0.0
    for x in xs:
        total = total + (derivative(wave, "x", order=2)(x, w) + derivative(wave, "x")(x, w)) ** 2
    return total


def test_a_network_is_fitted_to_a_differential_equation() -> None:
    """Against central differences of the loss by tanh's own derivatives."""
    w, xs = np.array([0.3, 0.2, 0.5]), np.array([0.1, 0.2])

    def by_hand(w):
        t = np.tanh(w[0] * xs + w[1])
        slope, bend = w[2] * w[0] * (1 - t**2), -2 * w[2] * w[0] ** 2 * t * (1 - t**2)
        return np.sum((bend + slope) ** 2)

    h = 1e-5
    expected = [(by_hand(w + h * e) - by_hand(w - h * e)) / (2 * h) for e in np.eye(3)]
    np.testing.assert_allclose(grad(residuals, "w")(w, xs), expected, rtol=1e-7)
    np.testing.assert_allclose(grad(residuals_one_by_one, "w")(w, xs), expected, rtol=1e-7)


def square(x):
    return x**2


def fourth(x):
    return x**4


def test_a_function_that_is_bound_anew_is_differentiated_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "shape", square)
    slope = grad(through_shape)
    assert slope(2.0) == 4.0 + 2 * 2.0
    monkeypatch.setitem(globals(), "shape", fourth)
    assert slope(2.0) == 4 * 2.0**3 + 2.0 * 12 * 2.0**2


def shape(x):
    return x


def through_shape(x):
    return grad(shape)(x) * x


def inner(x):
    return x**2


def outer(x):
    return inner(x) * x


slope_of_outer = grad(outer)


def through_made_here(x):
    return grad(outer)(x) * x


def through_made_before(x):
    return slope_of_outer(x) * x


@pytest.mark.parametrize("fn", [through_made_here, through_made_before])
def test_what_the_function_below_calls_may_be_bound_anew(fn, monkeypatch: pytest.MonkeyPatch) -> None:
    slope = grad(fn)
    assert slope(2.0) == 9 * 2.0**2
    monkeypatch.setitem(globals(), "inner", fourth)
    assert slope(2.0) == 25 * 2.0**4
    monkeypatch.undo()
    assert slope(2.0) == 9 * 2.0**2 == grad(fn)(2.0)
