"""Solutions of differential equations by scipy: each gradient beside one known from elsewhere, and what is refused."""
from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.integrate
from scipy.integrate import odeint, solve_ivp
from scipy.linalg import expm, expm_frechet
from scipy.optimize import fsolve

from gradgen import NonDifferentiableError, UnsupportedError, hessian, jvp, vjp

Y, K, T = 1.3, 0.7, 2.1
SEED, MOVED = 1.7, (0.3, -0.8, 0.6)


def decay(y: Any, t: float, k: float) -> Any:
    return -k * y


def by_odeint(y: float, k: float, end: float) -> Any:
    return odeint(decay, y, [0.0, end], args=(k,))[-1, 0]


def by_time_first(y: float, k: float, end: float) -> Any:
    ys, info = odeint(lambda t, u: -k * u, [y], np.array([0.0, end]), tfirst=True, full_output=True)
    return ys[1][0]


def by_solve_ivp(y: float, k: float, end: float) -> Any:
    sol = solve_ivp(lambda t, u: -k * u, (0, end), [y])
    return sol.y[0, -1]


def by_a_number_as_rate(y: float, k: float, end: float) -> Any:
    return solve_ivp(fun=lambda t, u, rate: -rate * u[0], t_span=[0, end], y0=(y,), args=(k,), method="RK23").y[0][-1]


def by_a_nested_function(y: float, k: float, end: float) -> Any:
    def rate(t: float, u: Any) -> Any:
        return [-k * u[0]]

    sol = scipy.integrate.solve_ivp(rate, (0, end), [y], t_eval=[end / 2, end], max_step=0.5)
    k = 0.0 * k
    return sol.y[0, 1] + k


def by_a_later_start(y: float, k: float, end: float) -> Any:
    sol = solve_ivp(lambda t, u: -k * u, (-end, 0.0), [y], t_eval=[0.0])
    (last,), = sol.y
    return last


def by_going_back(y: float, k: float, end: float) -> Any:
    start = np.array([y, 2 * y])
    return odeint(lambda u, t: k * u, start, [end, end / 2, 0])[2, 1] / 2


def by_what_lies_between(y: float, k: float, end: float) -> Any:
    sol = solve_ivp(lambda t, u: -k * u, (0, 4.0), [y], dense_output=True)
    return sol.sol(end)[0] + 0 * sol.y[0, 0]


def by_times_asked_for_later(y: float, k: float, end: float) -> Any:
    sol = solve_ivp(lambda t, u, rate: -rate * u, (0, 4.0), [y], args=(k,), dense_output=True)
    times = np.linspace(0, end, 4)
    found = sol.sol(times)
    return found[0, -1]


def by_one_time(y: float, k: float, end: float) -> Any:
    return scipy.integrate.solve_ivp(lambda t, u: -k * end * u, (0, 1), [y], dense_output=True).sol(1)[0]


@pytest.mark.parametrize("function", [
    by_odeint, by_time_first, by_solve_ivp, by_a_number_as_rate, by_a_nested_function, by_a_later_start, by_going_back,
    by_what_lies_between, by_times_asked_for_later, by_one_time,
])
def test_exponential_decay(function: Callable[..., Any]) -> None:
    """y exp(-k t), found with the tolerances that the user leaves as they are: the slopes by y and k are exact all the same."""
    slopes = np.exp(-K * T) * np.array([1, -T * Y, -K * Y])
    made, moved = vjp(function, like=(Y, K, T)), jvp(function, like=(Y, K, T))
    given = made(Y, K, T, **{made.seeds[0]: SEED})
    np.testing.assert_allclose(given[:2], SEED * slopes[:2], rtol=1e-8)
    np.testing.assert_allclose(given[2], SEED * slopes[2], rtol=5e-3)
    still = moved(Y, K, T, y_dot=MOVED[0], k_dot=MOVED[1], end_dot=0.0)[1]
    np.testing.assert_allclose(still, MOVED[:2] @ slopes[:2], rtol=1e-8)
    later = moved(Y, K, T, y_dot=0.0, k_dot=0.0, end_dot=MOVED[2])[1]
    np.testing.assert_allclose(later, MOVED[2] * given[2] / SEED, rtol=1e-8)


def oscillator(u: Any, t: float, a: Any, b: Any) -> Any:
    return np.dot(a, u) + b


def by_matrices(u: Any, a: Any, b: Any, ts: Any) -> Any:
    return odeint(oscillator, u, ts, (a, b), rtol=1e-11, atol=1e-11)


def test_a_linear_equation_by_its_matrix_exponential() -> None:
    """u' = A u + b, as the system [[A, b], [0, 0]] of one more unknown, the 1."""
    rng = np.random.default_rng(4)
    a, b, u = np.array([[-0.3, 2.0], [-1.5, -0.2]]), rng.normal(size=2), rng.normal(size=2)
    ts, seed = np.array([0.5, 0.9, 2.0]), rng.normal(size=(3, 2))
    whole = np.block([[a, b[:, None]], [np.zeros((1, 3))]])
    start, expected = np.append(u, 1.0), {"u": np.zeros(2), "whole": np.zeros((3, 3)), "ts": np.zeros(3)}
    for i, w in enumerate(seed):
        w, span = np.append(w, 0.0), ts[i] - ts[0]
        flow = expm(whole * span)
        expected["u"] += (flow.T @ w)[:2]
        expected["whole"] += expm_frechet(whole.T * span, np.outer(w, start), compute_expm=False) * span
        slope = w @ whole @ flow @ start
        expected["ts"] += slope * (np.eye(3)[i] - np.eye(3)[0])
    made = vjp(by_matrices, like=(u, a, b, ts))
    du, da, db, dts = made(u, a, b, ts, **{made.seeds[0]: seed})
    np.testing.assert_allclose(du, expected["u"], rtol=1e-7)
    np.testing.assert_allclose(da, expected["whole"][:2, :2], rtol=1e-6)
    np.testing.assert_allclose(db, expected["whole"][:2, 2], rtol=1e-6)
    np.testing.assert_allclose(dts, expected["ts"], rtol=1e-6)
    dots = {f"{name}_dot": rng.normal(size=np.shape(value)) for name, value in {"u": u, "a": a, "b": b, "ts": ts}.items()}
    moved = jvp(by_matrices, like=(u, a, b, ts))(u, a, b, ts, **dots)[1]
    along = sum(np.sum(g * d) for g, d in zip((du, da, db, dts), dots.values(), strict=True))
    np.testing.assert_allclose(np.sum(seed * moved), along, rtol=1e-6)


def logistic(y: float, r: float, m: float) -> Any:
    sol = solve_ivp(lambda t, u: r * u * (1 - u / m), (0, 3), [y], t_eval=np.linspace(0, 3, 4), rtol=1e-10, atol=1e-12)
    if not sol.success:
        raise ValueError(sol.message)
    return np.sum(sol.y * sol.t)


def test_logistic_growth() -> None:
    """m y / (y + (m - y) exp(-r t)), by complex steps."""
    def closed(y: complex, r: complex, m: complex) -> complex:
        return sum((t * m * y / (y + (m - y) * np.exp(-r * t)) for t in range(4)), 0j)

    point, step = (0.4, 1.2, 2.5), 1e-30
    slopes = [closed(*(p + step * 1j * (i == j) for j, p in enumerate(point))).imag / step for i in range(3)]
    made = vjp(logistic, like=point)
    np.testing.assert_allclose(made(*point, **{made.seeds[0]: SEED}), SEED * np.array(slopes), rtol=1e-8)
    moved = jvp(logistic, like=point)(*point, y_dot=MOVED[0], r_dot=MOVED[1], m_dot=MOVED[2])[1]
    np.testing.assert_allclose(moved, MOVED @ np.array(slopes), rtol=1e-8)


def stiff(y: float, k: float) -> Any:
    ys = odeint(lambda u, t: -1000 * (u - np.cos(k * t)), y, [0, 0.5, 3], rtol=1e-10, atol=1e-10)
    return ys.sum()


def tiny(y: float, k: float) -> Any:
    return odeint(lambda u, t: -1e9 * k * u**2, y, [0, 1], rtol=1e-11, atol=1e-22)[-1, 0]


def switched(y: float, k: float) -> Any:
    sol = solve_ivp(lambda t, u: -k * u if t < 1 else -2 * k * u, (0, 2), [y], rtol=1e-10, atol=1e-10, max_step=0.1)
    return sol.y[0, -1]


def test_stiff_tiny_and_switched_equations() -> None:
    def settled(k: complex, t: float) -> Any:
        return (1e6 * np.cos(k * t) + 1e3 * k * np.sin(k * t)) / (1e6 + k**2)

    slope = sum(settled(K + 1e-30j, t).imag / 1e-30 for t in (0.5, 3))
    made = vjp(stiff, like=(Y, K))
    np.testing.assert_allclose(made(Y, K, **{made.seeds[0]: SEED}), (SEED, SEED * slope), rtol=1e-7)
    made = vjp(tiny, like=(Y, K))
    np.testing.assert_allclose(made(1e-9, K, **{made.seeds[0]: SEED}), (SEED / (1 + K)**2, -SEED * 1e-9 / (1 + K)**2), rtol=1e-7)
    made = vjp(switched, like=(Y, K))
    end = SEED * math.exp(-3 * K)
    np.testing.assert_allclose(made(Y, K, **{made.seeds[0]: SEED}), (end, -3 * Y * end), rtol=1e-7)


def pendulum(u: Any, t: float, damping: float, c: float) -> Any:
    theta, omega = u
    change = [omega, -damping * omega - c * np.sin(theta)]
    return change


def swings(theta: float, damping: float, c: float) -> Any:
    u0 = [theta, 0.0]
    sol = odeint(pendulum, u0, np.linspace(0, 4, 9), args=(damping, c), rtol=1e-11, atol=1e-11)
    return sol[:, 0] * 2


def epidemic(p: Any, sick: float) -> Any:
    def rate(u: Any, t: float, p: Any) -> Any:
        beta, gamma = p
        s, i, _ = u
        return -beta * s * i, beta * s * i - gamma * i, gamma * i

    s, _, r = odeint(rate, [1 - sick, sick, 0], np.linspace(0, 6, 5), args=(p,), rtol=1e-11, atol=1e-11).T
    return s[1:] * r[1:]


def heating(t: float, u: Any, d: float) -> Any:
    bend = np.zeros_like(u)
    bend[1:-1] = u[2:] - 2 * u[1:-1] + u[:-2]
    return 25 * d * bend


def warmth(u: Any, d: float) -> Any:
    return solve_ivp(heating, (0, 0.2), u, args=(d,), method="BDF", t_eval=[0.1, 0.2], rtol=1e-11, atol=1e-11).y[:, -1]


def spring(y: float, k: float) -> Any:
    def rate(t: float, u: Any) -> Any:
        change = np.zeros(2)
        change[0] = u[1]
        change[1] = -k * u[0] - 0.1 * u[1]
        return change

    return solve_ivp(rate, [0, 2], [y, 0.0], t_eval=[1.0, 2.0], rtol=1e-11, atol=1e-11).y[1]


def runs(us: Any, k: float) -> Any:
    total = 0.0
    for i in range(2):
        total += odeint(decay, us[i], [0, 1.0 + i], args=(k,), rtol=1e-11, atol=1e-11)[1, 0] ** 2
        k = k * 0.9
    return total


CASES: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (swings, (0.7, 0.25, 5.0)), (epidemic, (np.array([1.9, 0.4]), 0.02)), (warmth, (np.sin(np.linspace(0, 3, 6)), 0.8)),
    (runs, (np.array([1.1, 0.6]), 0.4)), (spring, (1.2, 0.8)),
]


@pytest.mark.parametrize(("function", "point"), CASES)
def test_the_gradient_is_that_of_central_differences(function: Callable[..., Any], point: tuple[Any, ...]) -> None:
    rng = np.random.default_rng(2)
    seed = rng.normal(size=np.shape(function(*point)))
    dots = [rng.normal(size=np.shape(each))[()] for each in point]

    def at(step: float) -> Any:
        return np.asarray(function(*(each + step * dot for each, dot in zip(point, dots, strict=True))))

    h = 1e-3
    along = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
    made = vjp(function, like=point)
    given = made(*point, **{made.seeds[0]: seed if seed.ndim else float(seed)})
    assert [np.shape(each) for each in given] == [np.shape(each) for each in point]
    np.testing.assert_allclose(sum(np.sum(g * d) for g, d in zip(given, dots, strict=True)), np.sum(seed * along), rtol=1e-6)
    forward = jvp(function, like=point)
    moved = forward(*point, **dict(zip(forward.tangents, dots, strict=True)))[1]
    np.testing.assert_allclose(moved, along, rtol=1e-5, atol=1e-7 * np.max(np.abs(along)))


def test_the_text_stands_alone() -> None:
    for made in (vjp(by_odeint, like=(Y, K, T)), vjp(by_solve_ivp, like=(Y, K, T))):
        names: dict[str, Any] = {}
        exec(made.source, names)
        given = {made.seeds[0]: SEED}
        np.testing.assert_array_equal(names[made.__name__](Y, K, T, **given), made(Y, K, T, **given))


def between(y: float, k: float) -> Any:
    return np.sum(solve_ivp(lambda t, u: -k * u, (0, 2), [y]).y)


def blows_up(y: float, k: float) -> Any:
    return solve_ivp(lambda t, u: k * u**2, (0, 2), [y]).y[0, -1]


def too_loose(y: float, k: float) -> Any:
    sol = solve_ivp(lambda t, u: [u[1], -900 * k * u[0]], (0, 9), [y, 0], rtol=0.1, atol=0.1, method="RK23")
    return sol.y[0, -1]


def test_what_only_running_tells_raises() -> None:
    made = vjp(between, like=(Y, K))
    with pytest.raises(ArithmeticError, match="give t_eval"):
        made(Y, K, **{made.seeds[0]: SEED})
    assert math.isnan(jvp(between, like=(Y, K))(Y, K, y_dot=1.0, k_dot=1.0)[1])
    made = vjp(blows_up, like=(Y, K))
    with pytest.raises(ArithmeticError), np.errstate(over="ignore"):
        made(Y, K, **{made.seeds[0]: SEED})
    made = vjp(too_loose, like=(Y, K))
    with pytest.raises(ArithmeticError, match="smaller rtol"):
        made(Y, K, **{made.seeds[0]: SEED})


def jumps(y: float, k: float) -> Any:
    return odeint(lambda u, t: -k * u if u[0] > 1 else -2 * k * u, y, [0, 1])[1, 0]


def jumps_in_time(y: float, k: float) -> Any:
    return odeint(lambda u, t: -u if t < k else -2 * u, y, [0, 1])[1, 0]


def events(y: float, k: float) -> Any:
    return solve_ivp(lambda t, u: -k * u, (0, 1), [y], events=lambda t, u: u[0]).y[0, -1]


def dense(y: float, k: float) -> Any:
    at = solve_ivp(lambda t, u: -k * u, (0, 1), [y], dense_output=True).sol
    return at(0.5)[0]


def counted(y: float, k: float) -> Any:
    sol = solve_ivp(lambda t, u: -k * u, (0, 1), [y])
    return sol.nfev * y * k + sol.t[1] * sol.y[0, -1]


def turning(y: float, k: float) -> Any:
    start = y * np.exp(1j * np.ones(2))
    return np.abs(solve_ivp(lambda t, u: 1j * k * u, (0, 1), start, t_eval=[1.0]).y[0, -1] + k)


def kept_elsewhere(y: float, k: float) -> Any:
    kept = []

    def rate(t: float, u: Any) -> Any:
        change = np.zeros(1)
        kept.append(change)
        change[0] = -k * u[0]
        return change

    return solve_ivp(rate, [0, 2], [y]).y[0, -1]


def of_a_dict(y: float, k: float) -> Any:
    p = {"k": k}
    return odeint(lambda u, t: -p["k"] * u, y, [0, 1])[1, 0]


def hidden_arguments(y: float, k: float) -> Any:
    args = tuple(decay(np.array([k]), 0.0, 1.0))
    return odeint(decay, y, [0, 1], args=args)[1, 0]


@pytest.mark.parametrize(("function", "words"), [
    (jumps, "an equation whose rate may jump at a place which moves"), (jumps_in_time, "may jump at a place which moves"),
    (events, "solve_ivp with events"), (dense, "a call of at()"), (counted, "but for its root, integral or solution"),
    (turning, "cannot differentiate through"),
    (of_a_dict, "a function of more than numbers and arrays"),
    (kept_elsewhere, "a function that does more than compute"),
    (hidden_arguments, "args are not written out as a tuple"),
])
def test_what_is_not_understood_is_refused_where_it_stands(function: Callable[..., Any], words: str) -> None:
    first = function.__code__.co_firstlineno
    lines = range(first, first + len(inspect.getsource(function).splitlines()))
    for make in (vjp, jvp):
        with pytest.raises(UnsupportedError, match=words.replace("()", r"\(\)")) as refusal:
            make(function, like=(Y, K))
        assert int(str(refusal.value).split("test_odes.py:")[1].split(":")[0]) in lines


def test_second_derivatives_are_refused() -> None:
    with pytest.raises((UnsupportedError, NonDifferentiableError)):
        hessian(by_odeint)(Y, K, T)


def test_unknowns_that_are_summed_up_have_one_adjoint_each() -> None:
    """The roots of x^3 = a are alike."""
    def total(a: float) -> Any:
        return fsolve(lambda x: x**3 - a, [1.0, 2.0], xtol=1e-13).sum()

    made = vjp(total, like=(Y,))
    np.testing.assert_allclose(made(Y, **{made.seeds[0]: SEED}), SEED * 2 / 3 * Y ** (-2 / 3), rtol=1e-9)
