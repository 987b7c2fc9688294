"""Roots and integrals of scipy: each gradient beside one known from elsewhere, and what is refused."""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import integrate, optimize, special
from scipy.integrate import quad
from scipy.optimize import bisect, brenth, brentq, newton, ridder, root_scalar, toms748

from gradgen import NonDifferentiableError, UnsupportedError, jvp, value_and_grad

A, B, SEED = 1.3, 2.1, 1.7


def cubic(x: float, a: float, b: float) -> float:
    return x**3 + a * x - b


def cubic_slope(x: float, a: float, b: float) -> float:
    return 3 * x**2 + a


def cubic_and_slope(x: float, a: float, b: float) -> tuple[float, float]:
    return x**3 + a * x - b, 3 * x**2 + a


def by_brentq(a: float, b: float) -> float:
    return brentq(cubic, 0, 10, args=(a, b))


def by_brentq_of_a_lambda(a: float, b: float) -> float:
    return brentq(lambda x: x**3 + a * x - b, 0, 10)


def by_keywords(a: float, b: float) -> float:
    return brentq(f=lambda x: x**3 + a * x - b, a=0, b=10)


def by_a_nested_function(a: float, b: float) -> float:
    def residual(x: float) -> float:
        return x**3 + a * x - b

    return ridder(residual, 0, 10)


def by_full_output(a: float, b: float) -> float:
    root, info = bisect(cubic, 0, 10, (a, b), full_output=True)
    if not info.converged:
        raise ValueError("no root")
    return root


def by_brenth(a: float, b: float) -> float:
    return brenth(cubic, 0, 10, args=(a, b))


def by_toms748(a: float, b: float) -> float:
    return toms748(lambda x, p: x**3 + a * x - p, 0, 10, args=(b,))


def by_secants(a: float, b: float) -> float:
    return newton(cubic, 1.0, args=(a, b))


def by_newton(a: float, b: float) -> float:
    return newton(lambda x: x**3 + a * x - b, 1.0, fprime=lambda x: 3 * x**2 + a)


def by_root_scalar(a: float, b: float) -> float:
    sol = root_scalar(cubic, args=(a, b), bracket=[0, 10])
    return sol.root


def by_root_scalar_at_once(a: float, b: float) -> float:
    return root_scalar(lambda x: x**3 + a * x - b, bracket=[0, 10], method="brentq").root


def by_root_scalar_with_a_slope(a: float, b: float) -> float:
    sol = root_scalar(cubic, args=(a, b), x0=1.0, fprime=cubic_slope, method="newton")
    if not sol.converged:
        raise ValueError(sol.flag)
    return sol.root


def by_root_scalar_with_both(a: float, b: float) -> float:
    return root_scalar(cubic_and_slope, args=(a, b), x0=1.0, fprime=True).root


def by_either_bracket(a: float, b: float) -> float:
    if a > 0:
        sol = root_scalar(cubic, args=(a, b), bracket=(0, 5))
    else:
        sol = root_scalar(cubic, args=(a, b), x0=1.0, x1=2.0)
    return sol.root


def by_fsolve(a: float, b: float) -> float:
    return optimize.fsolve(cubic, 1.0, args=(a, b))[0]


def by_root(a: float, b: float) -> float:
    start = 1.0
    x, = optimize.fsolve(lambda x: x**3 + a * x - b, start)
    return (x + optimize.root(cubic, 1.0, args=(a, b)).x[0]) / 2


def by_a_guess_of_two(a: float, b: float) -> float:
    if b > a:
        guess = 0.5
    else:
        guess = 1
    return optimize.fsolve(cubic, args=(a, b), x0=guess)[0]


def by_a_guess_made_a_float(a: float, b: float) -> float:
    guess = float(b) if b > 1 else math.sqrt(abs(a))
    return optimize.fsolve(cubic, [guess], args=(a, b))[0]


@pytest.mark.parametrize("function", [
    by_brentq, by_brentq_of_a_lambda, by_keywords, by_a_nested_function, by_full_output, by_brenth, by_toms748, by_secants,
    by_newton, by_root_scalar, by_root_scalar_at_once, by_root_scalar_with_a_slope, by_root_scalar_with_both, by_either_bracket,
    by_fsolve, by_root, by_a_guess_of_two, by_a_guess_made_a_float,
])
def test_a_root_moves_by_the_implicit_function_theorem(function: Callable[..., float]) -> None:
    """By Cardano's formula, whose slopes are -x / (3 x^2 + a) and 1 / (3 x^2 + a)."""
    middle = math.sqrt(B**2 / 4 + A**3 / 27)
    x = np.cbrt(B / 2 + middle) + np.cbrt(B / 2 - middle)
    value, gradient = value_and_grad(function, ("a", "b"))(A, B, **{_seed(function): SEED})
    assert jvp(function, ("a", "b"))(A, B, a_dot=0.3, b_dot=SEED)[1] == pytest.approx((SEED - 0.3 * x) / (3 * x**2 + A))
    slope = 3 * x**2 + A
    np.testing.assert_allclose(value, x, rtol=1e-9)
    np.testing.assert_allclose(gradient, (-SEED * x / slope, SEED / slope), rtol=1e-8)


def decay(a: float, b: float) -> float:
    return quad(lambda t: math.exp(-a * t), 0, b)[0]


def decay_with_args(a: float, b: float) -> float:
    value, error = integrate.quad(lambda t, rate: math.exp(-rate * t), 0, b, args=(a,), epsabs=1e-11)
    if error > 1e-6:
        raise ValueError("not integrated")
    return value


def decay_in_a_name(a: float, b: float) -> float:
    def integrand(t: float) -> float:
        return math.exp(-a * t)

    found = quad(integrand, 0, b)
    return found[0]


def decay_then_overwritten(a: float, b: float) -> float:
    found = quad(lambda t: math.exp(-a * t), 0, b)[0]
    a = 0.0 * a
    return found + a


def decay_to_infinity_and_back(a: float, b: float) -> float:
    return quad(lambda t: math.exp(-a * t), 0, np.inf)[0] - quad(lambda t: math.exp(-a * t), b, math.inf)[0]


@pytest.mark.parametrize("function", [
    decay, decay_with_args, decay_in_a_name, decay_then_overwritten, decay_to_infinity_and_back,
])
def test_an_integral_moves_by_leibniz_rule(function: Callable[..., float]) -> None:
    """The integral is (1 - exp(-a b)) / a."""
    end = math.exp(-A * B)
    value, gradient = value_and_grad(function, ("a", "b"))(A, B, **{_seed(function): SEED})
    np.testing.assert_allclose(value, (1 - end) / A)
    np.testing.assert_allclose(gradient, (SEED * (B * end / A - (1 - end) / A**2), SEED * end), rtol=1e-8)


def test_both_limits_of_an_integral_may_move() -> None:
    def arc(a: float, b: float) -> float:
        return quad(math.cos, a, a * b)[0]

    _, gradient = value_and_grad(arc)(A, B)
    np.testing.assert_allclose(gradient, (B * math.cos(A * B) - math.cos(A), A * math.cos(A * B)))


def test_an_integral_in_a_comprehension_and_one_of_an_integral() -> None:
    def total(a: float, b: float) -> float:
        return sum([quad(lambda t, rate: math.exp(-rate * t), 0, b, args=(a * k,))[0] for k in (1, 2)])

    def nested(a: float, b: float) -> float:
        return quad(lambda t: quad(lambda s: a * s * t**2, 0, b)[0], 0, 1)[0]

    def decayed(rate: float) -> float:
        return B * math.exp(-rate * B) / rate - (1 - math.exp(-rate * B)) / rate**2

    _, gradient = value_and_grad(total)(A, B)
    np.testing.assert_allclose(gradient, (decayed(A) + 2 * decayed(2 * A), math.exp(-A * B) + math.exp(-2 * A * B)))
    _, gradient = value_and_grad(nested)(A, B)
    np.testing.assert_allclose(gradient, (B**2 / 6, A * B / 3))


def test_a_kink_that_moves_inside_of_an_integral_is_no_jump() -> None:
    def ramp(a: float, b: float) -> float:
        return quad(lambda t: b * max(t - a, 0), 0, 3, points=(a,))[0]

    _, gradient = value_and_grad(ramp)(A, B)
    np.testing.assert_allclose(gradient, (-B * (3 - A), (3 - A)**2 / 2))


def test_a_root_inside_of_an_integral() -> None:
    """The root of y exp(y) = a t is Lambert's W(a t), and its slope W / (t a (1 + W)) by a."""
    def area(a: float) -> float:
        return quad(lambda t: brentq(lambda y: y * math.exp(y) - a * t, -1, 50), 1, 2)[0]

    def slope(t: float) -> float:
        w = special.lambertw(A * t).real
        return w / (A * (1 + w))

    np.testing.assert_allclose(value_and_grad(area)(A)[1], quad(slope, 1, 2)[0])


def test_the_text_stands_alone_and_imports_scipy_where_the_users_code_does() -> None:
    made = value_and_grad(by_root_scalar_at_once)
    names: dict[str, Any] = {}
    exec(made.source, names)
    assert names["by_root_scalar_at_once_value_and_grad"](A, B) == made(A, B)
    assert "from scipy.optimize import root_scalar" in made.source
    assert "def root_scalar" not in made.source


def step(a: float, b: float) -> float:
    return quad(lambda t: b if t < a else 0.0, 0, 3)[0]


def floors(a: float, b: float) -> float:
    return quad(lambda t: math.floor(t * a) * b, 0, 1)[0]


def jump(t: float, at: float) -> float:
    if t > at:
        return 1.0
    return 0.0


def step_in_a_callee(a: float, b: float) -> float:
    return quad(lambda t: b * jump(t, a), 0, 3)[0]


def error_estimate(a: float, b: float) -> float:
    value, error = quad(lambda t: math.exp(-a * t), 0, b)
    return value + error


def count_of_steps(a: float, b: float) -> float:
    return a * root_scalar(cubic, args=(a, b), bracket=(0, 5)).iterations


def whole_result(a: float, b: float) -> Any:
    return quad(lambda t: math.exp(-a * t), 0, b)


def residual_of_an_array(a: float, b: float) -> float:
    return optimize.fsolve(lambda x: [x[0]**3 + a * x[0] - b], [1.0])[0]


def unknowns_from_elsewhere(a: float, b: float, start: Any = (1.0, 1.0)) -> float:
    return optimize.fsolve(lambda x: x * np.sum(x) - a * b, start)[0]


def several_roots(a: float, b: float) -> Any:
    return np.sum(newton(lambda x: x**2 - a * b, [1.0, -1.0]))


def weighted(a: float, b: float) -> float:
    return quad(lambda t: math.exp(-a * t), 0, b, weight="cos", wvar=2.0)[0]


@pytest.mark.parametrize("function", [
    step, floors, step_in_a_callee, error_estimate, count_of_steps, whole_result, residual_of_an_array, weighted,
    unknowns_from_elsewhere, several_roots,
])
def test_what_neither_theorem_covers_is_refused(function: Callable[..., Any]) -> None:
    with pytest.raises(UnsupportedError, match="GG10[67]"):
        value_and_grad(function, ("a", "b"))(A, B)


def test_a_jump_at_a_place_that_stays_is_integrated_over() -> None:
    def steps(a: float, b: float) -> float:
        return quad(lambda t: b if t < 0.5 else a, 0, 1)[0]

    np.testing.assert_allclose(value_and_grad(steps)(A, B)[1], (0.5, 0.5))


def _seed(function: Callable[..., Any]) -> str:
    return str(value_and_grad(function, ("a", "b")).seeds[0])


def without_a_root(a: float, b: float) -> Any:
    def apart(z: Any) -> Any:
        x, y = z
        return x**2 + y**2 + a, x - y * b

    x, y = optimize.fsolve(apart, (1.0, 1.0))
    return x * y


def without_one_root(a: float, b: float) -> Any:
    return b * optimize.root(lambda x: x**2 + a, 1.0).x[0]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("function", [without_a_root, without_one_root])
def test_what_a_solver_gives_that_found_no_root_has_no_derivative(function: Callable[..., Any]) -> None:
    at, step = -1.3, 1e-6
    expected = (function(at + step, 2.0) - function(at - step, 2.0)) / (2 * step)
    assert value_and_grad(function, wrt="a")(at, 2.0)[1] == pytest.approx(expected, rel=1e-6)
    assert jvp(function, wrt="a")(at, 2.0, a_dot=1.0)[1] == pytest.approx(expected, rel=1e-6)
    words = r"^test_solvers.py:\d+:\d+: GG112: the solver has not come close to a root"
    with pytest.raises(NonDifferentiableError, match=words):
        value_and_grad(function, wrt="a")(1.3, 2.0)
    with pytest.raises(NonDifferentiableError, match=words):
        jvp(function, wrt="a")(1.3, 2.0, a_dot=1.0)


def cut_short(a: float, b: float) -> Any:
    return b * optimize.root_scalar(lambda x: x**2 + a, x0=1.0, x1=2.0, method="secant", maxiter=20 if a < 0 else 3).root


def cut_short_with_its_slope(a: float, b: float) -> Any:
    found = optimize.root_scalar(lambda x: (x**2 + a, 2 * x), x0=1.0, fprime=True, maxiter=20 if a < 0 else 3)
    return b * found.root


def cut_short_in_silence(a: float, b: float) -> Any:
    return b * optimize.newton(lambda x: x**2 + a, 1.0, maxiter=20 if a < 0 else 3, disp=False)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("optimized", [True, False])
@pytest.mark.parametrize("function", [cut_short, cut_short_with_its_slope, cut_short_in_silence])
def test_what_a_solver_of_one_number_gives_that_was_cut_short_has_no_derivative(
    function: Callable[..., Any], optimized: bool
) -> None:
    at = -1.3
    expected = -1.0 / math.sqrt(-at)
    assert value_and_grad(function, "a", optimize=optimized)(at, 2.0)[1] == pytest.approx(expected, rel=1e-9)
    assert jvp(function, "a", optimize=optimized)(at, 2.0, a_dot=1.0)[1] == pytest.approx(expected, rel=1e-9)
    with pytest.raises(NonDifferentiableError, match="GG112: the solver has not come close to a root"):
        value_and_grad(function, "a", optimize=optimized)(1.3, 2.0)
    with pytest.raises(NonDifferentiableError, match="GG112"):
        jvp(function, "a", optimize=optimized)(1.3, 2.0, a_dot=1.0)


def of_floats(x: Any) -> Any:
    return 3 * np.array(x, dtype=float) + np.asarray(x).astype(float) ** 3


def by_newton_in_arrays(a: float, b: float) -> Any:
    def residual(x: Any, c: float) -> Any:
        return of_floats(x) + 2 * x - c * b

    return optimize.newton(residual, x0=0.5, args=(a,))


def by_brentq_in_arrays(a: float, b: float) -> Any:
    def residual(x: Any) -> Any:
        return of_floats(x) + 2 * x - a * b

    return brentq(residual, -5.0, 5.0)


@pytest.mark.parametrize("function", [by_newton_in_arrays, by_brentq_in_arrays])
def test_a_residual_that_makes_arrays_of_a_number_moves_with_it(function: Callable[..., Any]) -> None:
    root = function(A, B)
    slopes = np.array([B, A]) / (5 + 3 * root**2)  # 5 x + x**3 = a * b
    name = function.__name__
    np.testing.assert_allclose(value_and_grad(function)(A, B, **{f"d{name}": SEED})[1], SEED * slopes, rtol=1e-9)
    np.testing.assert_allclose(jvp(function)(A, B, a_dot=0.3, b_dot=0.7)[1], slopes @ (0.3, 0.7), rtol=1e-9)


def residual_not_read(x: float, a: float) -> float:
    return float(f"{x}") - a


@pytest.mark.parametrize("transform", [value_and_grad, jvp])
@pytest.mark.parametrize("solver", [newton, optimize.fsolve])
def test_a_root_of_what_is_not_read_is_refused(transform: Callable[..., Any], solver: Callable[..., Any]) -> None:
    with pytest.raises(UnsupportedError, match="GG1"):
        transform(lambda a: newton(residual_not_read, 1.0, args=(a,)) + solver(residual_not_read, 1.0, args=(a,)))
