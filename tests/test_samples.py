"""The samples: their generated files are up to date, right against closed forms and differences, and proved by SymPy.

Never takes an expected number from gradgen: closed forms come from the sources that the samples name.
"""
from __future__ import annotations

import importlib
import importlib.util
import inspect
import math
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import gradgen
from tests.oracle.differences import derivative

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "samples"
NAMES = ("course", "logistic", "black_scholes", "kepler", "colebrook", "pendulum", "tariff", "arm")
ARRAYS = ("mlp", "gmm", "heat", "fit")  # tests/test_samples_arrays.py
POINTS: dict[str, dict[str, Any]] = {
    "course.J": {"a": 5.0, "b": 3.0, "c": 2.0},
    "course.triple": {"a": 2.0},
    "logistic.loss": {"w1": 0.5, "w2": -0.3, "b": 0.1, "x1": 1.0, "x2": 2.0, "y": 1.0},
    "black_scholes.call_price": {"S": 100.0, "K": 95.0, "T": 0.5, "r": 0.03, "sigma": 0.2},
    "kepler.eccentric_anomaly": {"M": 0.3, "e": 0.1},
    "colebrook.friction_factor": {"Re": 1e5, "k": 1e-4},
    "pendulum.final_angle": {"theta": 0.5, "omega": 0.2, "length": 1.0, "damping": 0.1, "h": 0.01, "steps": 2},
    "tariff.income_tax": {"income": 60_000.0, "deduction": 14_600.0},
    "arm.miss": {"q1": 0.3, "q2": 0.5, "x_target": 0.6, "y_target": 1.2, "l1": 1.0, "l2": 0.8},
}


@pytest.fixture(scope="module", autouse=True)
def samples_are_importable() -> Any:
    """The samples import each other as scripts do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SAMPLES))
        yield
    for name in [name for name, module in sys.modules.items() if _is_sample(module)]:
        del sys.modules[name]


def _is_sample(module: ModuleType) -> bool:
    return Path(getattr(module, "__file__", None) or "/").parent == SAMPLES


def sample(name: str) -> Any:
    """The decorated function of that dotted name."""
    module, _, function = name.partition(".")
    return getattr(importlib.import_module(module), function)


def generated(name: str) -> Callable[..., Any]:
    """The committed function: value and gradient, run from a namespace that holds nothing but the file's text."""
    module, _, function = name.partition(".")
    path = SAMPLES / f"{module}_grad.py"
    namespace: dict[str, Any] = {"__name__": path.stem}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)
    return namespace[f"{function}_value_and_grad"]  # type: ignore[no-any-return]


def gradient_of(name: str, **point: Any) -> tuple[float, dict[str, float]]:
    """Value and gradient by the committed function, the gradient by name."""
    value, gradient = generated(name)(**point)
    numbers = gradient if isinstance(gradient, tuple) else (gradient,)
    return value, dict(zip(sample(name).wrt, numbers, strict=True))


def test_every_sample_is_committed_beside_its_gradient() -> None:
    names = (*NAMES, *ARRAYS)
    assert {path.stem for path in SAMPLES.glob("*.py")} == {*names, *(f"{name}_grad" for name in names), "arm_tip_grad", "demo"}


def test_the_generated_files_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gradgen", "check", "samples", "--diff"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", POINTS)
def test_the_value_is_that_of_the_plain_call(name: str) -> None:
    value, _ = gradient_of(name, **POINTS[name])
    assert value == sample(name)(**POINTS[name])


@pytest.mark.parametrize("name", POINTS)
def test_differences_agree(name: str) -> None:
    point = POINTS[name]
    _, gradient = gradient_of(name, **point)
    for parameter, slope in gradient.items():
        def line(x: float, parameter: str = parameter) -> float:
            return float(sample(name)(**{**point, parameter: x}))

        found = derivative(line, point[parameter])
        assert found.verdict == "smooth" and found.agrees_with(slope)


@pytest.mark.parametrize("name", POINTS)
def test_sympy_proves_the_gradient(name: str) -> None:
    text = (SAMPLES / f"{name.partition('.')[0]}_grad.py").read_text(encoding="utf-8")
    verdict = gradgen.compare(sample(name).primal, wrt=sample(name).wrt, source=text, points=[POINTS[name]], time_limit=5)
    assert verdict.status == "proved", str(verdict)


def test_every_decorated_function_has_a_point() -> None:
    found = {
        f"{module}.{name}"
        for module in NAMES
        for name, value in vars(importlib.import_module(module)).items()
        if isinstance(value, gradgen.Differentiable)
    }
    assert found == set(POINTS)


@pytest.mark.parametrize("name", (*NAMES, *ARRAYS))
def test_every_sample_has_docstrings_and_runs_as_a_script(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    module = importlib.import_module(name)
    functions = [value for value in vars(module).values() if getattr(value, "__module__", "") == name and callable(value)]
    assert module.__doc__ and all(inspect.getdoc(function) for function in functions)
    runpy.run_path(str(SAMPLES / f"{name}.py"), run_name="__main__")
    assert capsys.readouterr().out


def test_the_demo_shows_every_function_proved(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(SAMPLES / "demo.py"), run_name="__main__")
    out = capsys.readouterr().out
    assert out.count("SymPy: proved") == len(POINTS) + len(ARRAYS)


# --- closed forms ---


def test_the_course_example_has_the_numbers_of_the_course() -> None:
    trace = sample("course.J").trace(5, 3, 2)
    expected = {"u": 6, "v": 11, "J": 33, "dJ": 1, "dv": 3, "da": 3, "du": 3, "db": 6, "dc": 9}
    assert {name: trace[name] for name in expected} == expected


def test_the_nudge_moves_three_times_as_far() -> None:
    triple = sample("course.triple")
    assert (triple(2.001) - triple(2.0)) / 0.001 == pytest.approx(3)
    assert generated("course.triple")(2.0) == (6.0, 3.0)


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_the_logistic_gradient_is_the_residual_times_the_feature(y: float) -> None:
    point = POINTS["logistic.loss"] | {"y": y}
    residual = 1 / (1 + math.exp(-(0.5 * 1.0 - 0.3 * 2.0 + 0.1))) - y
    _, gradient = gradient_of("logistic.loss", **point)
    assert gradient == pytest.approx({"w1": residual * 1.0, "w2": residual * 2.0, "b": residual})


@pytest.mark.parametrize("T, sigma", [(0.5, 0.2), (2.0, 0.45)])
def test_the_gradient_of_the_option_price_is_its_greeks(T: float, sigma: float) -> None:
    S, K, r = 100.0, 95.0, 0.03
    d1 = (math.log(S / K) + (r + sigma**2 / 2) * T) / (sigma * math.sqrt(T))
    d2 = d1 - sigma * math.sqrt(T)
    density = math.exp(-d1 * d1 / 2) / math.sqrt(2 * math.pi)
    below = {d: math.erfc(-d / math.sqrt(2)) / 2 for d in (d1, d2)}
    discounted = K * math.exp(-r * T)
    value, gradient = gradient_of("black_scholes.call_price", S=S, K=K, T=T, r=r, sigma=sigma)
    assert value == pytest.approx(S * below[d1] - discounted * below[d2])
    assert gradient == pytest.approx({
        "S": below[d1],
        "K": -math.exp(-r * T) * below[d2],
        "T": S * density * sigma / (2 * math.sqrt(T)) + r * discounted * below[d2],
        "r": T * discounted * below[d2],
        "sigma": S * density * math.sqrt(T),
    })


@pytest.mark.parametrize("M, e", [(0.3, 0.1), (1.2, 0.4), (2.5, 0.9), (1.0, 0.0), (0.0, 0.5), (math.pi, 0.2)])
def test_the_slopes_of_the_eccentric_anomaly_are_those_of_the_implicit_function(M: float, e: float) -> None:
    E, gradient = gradient_of("kepler.eccentric_anomaly", M=M, e=e)
    assert E - e * math.sin(E) == pytest.approx(M)
    assert gradient == pytest.approx({"M": 1 / (1 - e * math.cos(E)), "e": math.sin(E) / (1 - e * math.cos(E))})


def test_no_ellipse_no_derivative() -> None:
    with pytest.raises(ValueError, match="an ellipse has an eccentricity"):
        generated("kepler.eccentric_anomaly")(0.3, 1.5)


@pytest.mark.parametrize("Re, k", [(1e4, 1e-3), (1e5, 1e-4), (3e6, 0.02)])
def test_the_slopes_of_turbulent_friction_are_those_of_the_implicit_function(Re: float, k: float) -> None:
    f, gradient = gradient_of("colebrook.friction_factor", Re=Re, k=k)
    x = 1 / math.sqrt(f)
    inner = k / 3.7 + 2.51 * x / Re
    assert x == pytest.approx(-2 * math.log10(inner), rel=1e-9)
    # With G(x, Re, k) = x + 2 log10(k / 3.7 + 2.51 x / Re) = 0, dx = -dG / (dG/dx).
    factor = 2 / (inner * math.log(10))
    slope = 1 + factor * 2.51 / Re
    dx = {"Re": factor * 2.51 * x / Re**2 / slope, "k": -factor / 3.7 / slope}
    assert gradient == pytest.approx({name: -2 / x**3 * each for name, each in dx.items()}, rel=1e-6)


def test_laminar_friction_does_not_depend_on_roughness() -> None:
    assert gradient_of("colebrook.friction_factor", Re=1600.0, k=1e-3) == (0.04, {"Re": pytest.approx(-64 / 1600**2), "k": 0.0})


def test_a_small_swing_is_a_cosine() -> None:
    theta, length, t = 1e-4, 0.7, 1.0
    frequency = math.sqrt(9.80665 / length)
    value, gradient = gradient_of("pendulum.final_angle", theta=theta, omega=0.0, length=length, damping=0.0, h=0.01, steps=100)
    assert value == pytest.approx(theta * math.cos(frequency * t), rel=1e-5)
    assert gradient["theta"] == pytest.approx(math.cos(frequency * t), rel=1e-5)
    assert gradient["omega"] == pytest.approx(math.sin(frequency * t) / frequency, rel=1e-5)
    assert gradient["length"] == pytest.approx(theta * math.sin(frequency * t) * frequency * t / (2 * length), rel=1e-5)
    assert gradient["h"] == pytest.approx(-theta * math.sin(frequency * t) * frequency * 100, rel=1e-5)


@pytest.mark.parametrize(
    "taxable, tax, rate",
    # By the worksheet of the same publication: the tax at the foot of the bracket plus the rate times what is above it.
    [(5_000.0, 500.0, 0.10), (40_000.0, 1_160.0 + 0.12 * 28_400, 0.12), (100_000.0, 5_426.0 + 0.22 * 52_850, 0.22),
     (150_000.0, 17_168.50 + 0.24 * 49_475, 0.24), (700_000.0, 183_647.25 + 0.37 * 90_650, 0.37)],
)
def test_the_slope_of_the_tax_is_the_marginal_rate(taxable: float, tax: float, rate: float) -> None:
    value, gradient = gradient_of("tariff.income_tax", income=taxable + 14_600.0, deduction=14_600.0)
    assert value == pytest.approx(tax)
    assert gradient == pytest.approx({"income": rate, "deduction": -rate})


def test_no_tax_on_an_income_below_the_deduction() -> None:
    assert gradient_of("tariff.income_tax", income=9_000.0, deduction=14_600.0) == (0.0, {"income": 0.0, "deduction": 0.0})


def test_the_pullback_of_the_tip_is_the_transposed_jacobian() -> None:
    q1, q2, l1, l2 = 0.3, 0.5, 1.0, 0.8
    path = SAMPLES / "arm_tip_grad.py"
    namespace: dict[str, Any] = {}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)
    s1, c1, s12, c12 = math.sin(q1), math.cos(q1), math.sin(q1 + q2), math.cos(q1 + q2)
    rows = {"x": (-l1 * s1 - l2 * s12, -l2 * s12, c1, c12), "y": (l1 * c1 + l2 * c12, l2 * c12, s1, s12)}
    for dx, dy in ((1.0, 0.0), (0.0, 1.0), (0.7, -1.3)):
        expected = [dx * of_x + dy * of_y for of_x, of_y in zip(rows["x"], rows["y"], strict=True)]
        assert namespace["tip_vjp"](q1, q2, l1, l2, dx=dx, dy=dy) == pytest.approx(expected)


def test_the_gradient_of_the_miss_is_the_jacobian_times_the_error() -> None:
    point = POINTS["arm.miss"]
    q1, q2, l1, l2 = (point[name] for name in ("q1", "q2", "l1", "l2"))
    x, y = sample("arm.miss").primal.__globals__["tip"](q1, q2, l1, l2)
    ex, ey = x - point["x_target"], y - point["y_target"]
    s1, c1, s12, c12 = math.sin(q1), math.cos(q1), math.sin(q1 + q2), math.cos(q1 + q2)
    _, gradient = gradient_of("arm.miss", **point)
    assert gradient == pytest.approx({
        "q1": ex * (-l1 * s1 - l2 * s12) + ey * (l1 * c1 + l2 * c12), "q2": ex * -l2 * s12 + ey * l2 * c12,
    })
