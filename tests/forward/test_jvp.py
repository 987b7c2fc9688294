"""Forward mode on what reverse mode is tested with: closed forms, central differences and the samples judge it.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import io
import random
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gradgen import grad, jvp
from gradgen.errors import GradgenError
from tests.forward.written import function
from tests.goldens import DIRECTORY, Golden, arguments_of, expectations, flat, primal_of, read_golden, rebuilt
from tests.language import Row, module_of, outcome_of
from tests.language_rows import SECTIONS
from tests.oracle.differences import derivative

CASES = [read_golden(path) for path in sorted(DIRECTORY.glob("*.py")) if not path.name.startswith("array_")]
ROWS = [row for rows in SECTIONS.values() for row in rows]
FORWARD_ONLY = {"storing through a second name", "several results of the function itself"}
REVERSE_ONLY = {"`contextlib.suppress`"}


def direction(generated: Any, arguments: dict[str, Any]) -> tuple[dict[str, Any], list[float]]:
    """Random tangents by keyword, and the same as flat numbers in wrt order."""
    rng = random.Random(11)
    keywords: dict[str, Any] = {}
    numbers: list[float] = []
    for name, tangent in zip(generated.wrt, generated.tangents, strict=True):
        drawn = [rng.uniform(-2, 2) for _ in flat(arguments[name])]
        numbers += drawn
        keywords[tangent] = rebuilt(arguments[name], iter(drawn))
    return keywords, numbers


def standing_alone(generated: Any) -> Any:
    """The generated function run from its saved text."""
    namespace: dict[str, Any] = {"__name__": "saved"}
    exec(compile(generated.source, "<saved>", "exec"), namespace)
    found = namespace[generated.__name__ if generated.__name__ in namespace else generated.__code__.co_name]
    assert isinstance(found, types.FunctionType)
    return found


@pytest.mark.parametrize("golden", CASES, ids=lambda golden: golden.name)
def test_the_tangent_is_the_closed_gradient_along_the_direction(golden: Golden) -> None:
    wrt = golden.one("wrt")
    with primal_of(golden) as primal:
        try:
            generated = jvp(primal, ast.literal_eval(wrt) if wrt else None)
        except GradgenError:
            with pytest.raises(GradgenError):
                grad(primal, ast.literal_eval(wrt) if wrt else None)
            return
        saved = standing_alone(generated)
        weights = list(arguments_of(golden.one("seeds"))[1].values()) or [1.0]
        for point in expectations(golden, primal):
            args, keywords = point.arguments
            bound = inspect.signature(primal).bind(*args, **keywords)
            bound.apply_defaults()
            tangents, moved = direction(generated, bound.arguments)
            value, tangent = generated(*args, **keywords, **tangents)
            assert flat(value) == flat(primal(*args, **keywords))
            total = sum(weight * part for weight, part in zip(weights, flat(tangent), strict=True))
            expected = sum(slope * by for slope, by in zip(point.gradient, moved, strict=True))
            assert total == pytest.approx(expected, rel=1e-9, abs=1e-12)
            assert saved(*args, **keywords, **tangents) == (value, tangent)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.construct)
def test_every_construct_that_is_read_backwards_is_read_forwards_and_right(row: Row, tmp_path: Path) -> None:
    with contextlib.redirect_stdout(io.StringIO()), module_of(row, tmp_path) as module:
        outcome = outcome_of(row, module.f)
        if (outcome.kind != "read" and row.construct not in FORWARD_ONLY) or row.construct in REVERSE_ONLY:
            with pytest.raises((GradgenError, ArithmeticError)):
                run_along(module.f, row.at)
            return
        value, tangent, slope = run_along(module.f, row.at)
        assert value == module.f(**row.at)
    assert slope.verdict == "smooth" and slope.agrees_with(sum(flat(tangent)))


def run_along(primal: Any, at: Any) -> tuple[Any, Any, Any]:
    """Value and tangent along a random direction, and the slope of the results' sum along it by differences."""
    generated = jvp(primal)
    tangents, moved = direction(generated, dict(at))
    value, tangent = generated(**at, **tangents)

    def line(t: float) -> float:
        numbers = iter(moved)
        fresh = dict(at)
        for name in generated.wrt:
            shifted = [x + t * next(numbers) for x in flat(at[name])]
            fresh[name] = rebuilt(at[name], iter(shifted))
        return float(sum(flat(primal(**fresh))))

    return value, tangent, derivative(line, 0.0)


SAMPLES = Path(__file__).resolve().parents[2] / "samples"
POINTS: dict[str, dict[str, Any]] = {
    "course.J": {"a": 5.0, "b": 3.0, "c": 2.0},
    "logistic.loss": {"w1": 0.5, "w2": -0.3, "b": 0.1, "x1": 1.0, "x2": 2.0, "y": 1.0},
    "black_scholes.call_price": {"S": 100.0, "K": 95.0, "T": 0.5, "r": 0.03, "sigma": 0.2},
    "kepler.eccentric_anomaly": {"M": 0.3, "e": 0.1},
    "colebrook.friction_factor": {"Re": 1e5, "k": 1e-4},
    "pendulum.final_angle": {"theta": 0.5, "omega": 0.2, "length": 1.0, "damping": 0.1, "h": 0.01, "steps": 2},
    "tariff.income_tax": {"income": 60_000.0, "deduction": 14_600.0},
    "arm.miss": {"q1": 0.3, "q2": 0.5, "x_target": 0.6, "y_target": 1.2, "l1": 1.0, "l2": 0.8},
}


@pytest.fixture
def samples_are_importable() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SAMPLES))
        yield


@pytest.mark.parametrize("name", POINTS)
def test_the_samples_move_as_differences_say(name: str, samples_are_importable: None) -> None:
    module, _, attribute = name.partition(".")
    sample = getattr(importlib.import_module(module), attribute)
    at = POINTS[name]
    generated = sample.jvp
    scale = [1e-3 * x for x in (at[each] for each in generated.wrt)]
    value, tangent = generated(**at, **dict(zip(generated.tangents, scale, strict=True)))

    def line(t: float) -> float:
        return float(sample(**at | {each: at[each] + t * by for each, by in zip(generated.wrt, scale, strict=True)}))

    assert value == sample(**at)
    slope = derivative(line, 0.0)
    assert slope.verdict == "smooth" and slope.agrees_with(tangent)


# --- text -----------------------------------------------------------------------------------------------------------------


def test_the_tangents_stand_beside_the_values_and_comments_stay() -> None:
    def loss(w1: float, w2: float, b: float, x1: float, x2: float, y: float) -> float:
        z = w1 * x1 + w2 * x2 + b          # the logit
        z = z * z
        return z - y

    lines = jvp(loss, ("w1", "b")).source.splitlines()
    at = lines.index("    z = w1 * x1 + w2 * x2 + b          # the logit")
    assert lines[at + 1] == "    z_dot = w1_dot * x1 + b_dot"
    assert lines[at + 2 : at + 4] == ["    z_dot = z_dot * 2 * z", "    z = z * z"]


def test_what_does_not_vary_gets_no_tangent() -> None:
    text = jvp(function("def f(x, y):\n    u = y * y\n    v = x * u\n    w = x * x\n    return v\n"), "x").source
    assert "u_dot" not in text and "w_dot" not in text


# --- where a tangent could be wrong without a word ------------------------------------------------------------------------


def test_a_slope_that_raises_is_not_caught_by_the_functions_own_handler() -> None:
    text = """
def f(x):
    try:
        z = math.sqrt(x)
    except ArithmeticError:
        z = 7.0
    return z * z
"""
    with pytest.raises(GradgenError, match="try"):
        jvp(function(text))


def test_a_handler_of_something_else_leaves_the_slope_alone() -> None:
    text = """
def f(x):
    try:
        z = math.sqrt(x)
    except ValueError:
        z = 7.0 * x
    return z * z
"""
    generated = jvp(function(text))
    assert generated(4.0, x_dot=3.0) == (4.0, pytest.approx(3.0))
    assert generated(-1.0, x_dot=3.0) == (49.0, 2 * -7.0 * 21.0)
    with pytest.raises(ZeroDivisionError):
        generated(0.0, x_dot=1.0)


def test_what_raises_in_the_midst_of_a_try_leaves_the_old_tangent() -> None:
    text = """
def f(x, y):
    z = x * y
    try:
        z = z * math.log(y)
    except ValueError:
        pass
    return z
"""
    generated = jvp(function(text))
    assert generated(2.0, -3.0, x_dot=1.0, y_dot=10.0) == (-6.0, 1.0 * -3.0 + 2.0 * 10.0)


def test_a_tangent_of_another_structure_is_refused_at_the_call() -> None:
    generated = jvp(function("def f(ts):\n    total = 0.0\n    for t in ts:\n        total += t * t\n    return total\n"))
    assert generated([1.0, 2.0], ts_dot=[0.5, 1.0]) == (5.0, 2 * 0.5 + 4 * 1.0)
    for wrong in ([1.0], 2.0, {0: 1.0}):
        with pytest.raises(ValueError, match="structure"):
            generated([1.0, 2.0], ts_dot=wrong)


def test_a_store_through_another_name_is_seen_where_the_tangents_have_both_names_and_refused_elsewhere() -> None:
    text = "def f(x, y):\n    ts = [x, y]\n    other = ts\n    other[0] = x * y\n    return ts[0] * y\n"
    assert jvp(function(text))(3.0, 2.0, x_dot=1.0, y_dot=0.5) == (12.0, 2.0**2 * 1.0 + 2 * 3.0 * 2.0 * 0.5)
    with pytest.raises(GradgenError, match="GG109"):
        jvp(function(text.replace("other = ts", "other = ts if y > 1 else [y]")))


def test_a_list_is_shortened_together_with_its_tangent() -> None:
    text = """
def f(x, y):
    ts = [x, x * y, y]
    ts.pop()
    last = ts.pop()
    return last * ts[-1]
"""
    assert jvp(function(text))(3.0, 2.0, x_dot=1.0, y_dot=0.5) == (18.0, 2 * 3.0 * 2.0 * 1.0 + 9.0 * 0.5)


def test_equalities_raise_as_in_reverse_mode() -> None:
    generated = jvp(function("def f(x, y):\n    if x == y:\n        return x\n    return x * y\n"))
    assert generated(2.0, 3.0, x_dot=1.0, y_dot=1.0) == (6.0, 5.0)
    with pytest.raises(ArithmeticError, match="GG501"):
        generated(2.0, 2.0, x_dot=1.0, y_dot=1.0)


def test_recursion_calls_the_function_itself() -> None:
    generated = jvp(function("def power(t, n: int):\n    return t * power(t, n - 1) if n else 1.0\n"))
    assert generated.source.count("def ") == 1 + generated.source.count("def check_number")
    assert generated(2.0, 5, t_dot=0.5) == (32.0, 5 * 16.0 * 0.5)


def test_tuples_come_back_with_tangents_of_the_same_structure() -> None:
    generated = jvp(function("def f(x, y):\n    return x * y, (x, 2.0)\n"))
    assert generated(3.0, 5.0, x_dot=1.0, y_dot=10.0) == ((15.0, (3.0, 2.0)), (35.0, (1.0, 0.0)))


def test_a_result_called_underscore_keeps_its_value_where_it_is_read() -> None:
    text = """
def both(a, b):
    return a * b, a + b


def f(x, y):
    z, _ = both(x, y)
    return z * int(_)
"""
    assert jvp(function(text))(2.0, 3.5, x_dot=1.0, y_dot=0.5) == (35.0, 5 * (3.5 + 2.0 * 0.5))


def test_a_list_made_by_repetition_has_a_tangent_of_its_length() -> None:
    text = """
def f(x, y):
    ts = [0.0] * 3
    for i in range(2):
        ts[i + 1] = ts[i] * x + y
    return ts[2]
"""
    assert jvp(function(text))(2.0, 3.0, x_dot=1.0, y_dot=0.5) == (9.0, 3.0 + 0.5 * 3.0)


def test_a_loop_into_an_item_is_refused() -> None:
    with pytest.raises(GradgenError, match="GG106"):
        jvp(function("def f(x):\n    p = [x, x]\n    for p[0] in (1.0, 2.0):\n        x = x * p[0]\n    return x * p[0]\n"))


NETWORK = """
import math


def inner(first, second, third):
    return first * second + math.sin(third), first - third


def f(weight_1, bias_1, weight_2, bias_2, x):
    hidden, rest = inner(weight_1 * x + bias_1, weight_2 * math.exp(-x) + bias_2, weight_1 * weight_2 * x + bias_1 * bias_2)
    return (math.tanh(weight_2 * math.tanh(weight_1 * x + bias_1) + bias_2) - hidden) ** 2 / rest
"""


def test_tangents_that_are_too_wide_have_lines_of_their_own_and_long_calls_are_broken() -> None:
    moved = jvp(function(NETWORK))
    lines = moved.source.split("\n")
    own = set(lines) - set(NETWORK.split("\n"))
    assert max(len(line) for line in own if "check_number" not in line and '"' not in line) <= 120
    assert not any(line.strip() == "(" for line in lines)  # no product within a product
    place, along = [0.7, -0.3, 0.9, 0.4, 1.2], [0.3, -1.1, 0.6, 0.8, -0.5]
    names = ("weight_1", "bias_1", "weight_2", "bias_2", "x")
    value, slope = moved(*place, **{f"{name}_dot": each for name, each in zip(names, along, strict=True)})
    plain = function(NETWORK)
    assert value == plain(*place)
    one, two = (
        [plain(*(each + step * by for each, by in zip(place, along, strict=True))) for step in (h, -h)] for h in (2e-4, 4e-4)
    )
    assert slope == pytest.approx((8 * (one[0] - one[1]) - (two[0] - two[1])) / 24e-4, rel=1e-9)
