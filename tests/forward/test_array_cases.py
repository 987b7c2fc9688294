"""Every case of the operations on arrays in forward mode, and of their Hessians: against differences along a line.

Never judges gradients: tests/arrays does, and second derivatives here are differences of what holds there.
"""
from __future__ import annotations

import copy
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gradgen
from gradgen.errors import GradgenError
from gradgen.rules.registry import array_operations
from gradgen.rules.whole.moving import MOVING
from gradgen.rules.whole.tangents import LINEAR
from tests.arrays.case import Case
from tests.arrays.judging import module_of
from tests.arrays.test_arrays import HEADER, TABLES

ONCE = (
    "grid_", "np.histogram", "write to 'delements'", "np.vectorize", "full_matrices", "y == 0 held", "pchip_slopes", "Hermite",
    "lu_solve", "lu_adjoint", "lu_factor", "tolist on arrays", "cubic_spline", "write to 'dparts'",
    "np.linalg.solve with these arguments", "KroghInterpolator", "surface_value with these arguments", "gradient_transposed",
    "knot_jumps", "interpolated with these arguments", "quantile_slope", "der with these arguments",
)
"""What second derivatives are refused through."""
STEP, LEVELS = 2e-3, 3
CASES = [
    pytest.param(topic, index, id=f"{topic.removeprefix('cases_')}: {case}")
    for topic, table in TABLES.items() for index, case in enumerate(table.CASES)
    if case.refused is None and case.gives is None and case.wrt and not getattr(table, "REVERSE_ONLY", False)
]
SPECIAL = [
    pytest.param(topic, index, id=f"{topic.removeprefix('cases_')}: {case}")
    for topic, table in TABLES.items() for index, case in enumerate(table.CASES) if case.gives is not None
]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, types.ModuleType]:
    return made(tmp_path_factory.mktemp("once"), "once", lambda case: case)


@pytest.fixture(scope="session")
def squared(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, types.ModuleType]:
    return made(tmp_path_factory.mktemp("squared"), "squared", energy)


def complex_energy(case: Case) -> Case:
    """The same where the value may be complex."""
    return energy(case, "np.real(whole * np.conj(whole))")


def made(directory: Path, name: str, of: Callable[[Case], Case]) -> Mapping[str, types.ModuleType]:
    header = {topic: getattr(table, "HEADER", HEADER) for topic, table in TABLES.items()}
    return {
        topic: module_of(
            list(map(MADE.get((topic, of), of), table.CASES)), f"{header[topic]}\nimport numpy as np",
            directory / f"{name}_{topic}.py",
        )
        for topic, table in TABLES.items()
    }


def energy(case: Case, square: str = "whole * whole") -> Case:
    """The case's value, squared and summed, so that its own second derivative and the square's both count."""
    *first, last = case.function_text("f").splitlines()[1:]
    body = [line.strip() if len(case.text.splitlines()) == 1 else line[4:] for line in first]
    value = last.strip().removeprefix("return ")
    return Case("\n".join([*body, f"whole = {value}", f"return np.sum(0.3 * {square})"]), **case.arguments)


MADE = {(topic, energy): complex_energy for topic in ("cases_complex", "cases_fourier")}


def directions(case: Case, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {
        name: rng.normal(size=np.shape(case.arguments[name])) if np.shape(case.arguments[name]) else float(rng.normal())
        for name in case.wrt
    }


def moved(case: Case, along: Mapping[str, Any], step: float) -> dict[str, Any]:
    arguments = copy.deepcopy(dict(case.arguments))
    for name, by in along.items():
        arguments[name] = arguments[name] + step * by
    return arguments


def parts(value: Any) -> list[Any]:
    given = (np.asarray(each) for each in (value if isinstance(value, tuple) else (value,)))
    return [np.stack([each.real, each.imag]) if np.iscomplexobj(each) else np.asarray(each, float) for each in given]


def slopes(case: Case, function: Callable[..., Any], along: Mapping[str, Any]) -> list[Any]:
    """Central differences along a line at three steps, extrapolated (Richardson)."""
    row: list[list[Any]] = []
    for level in range(LEVELS):
        step = STEP / 2**level
        ends = zip(*(parts(function(**moved(case, along, sign * step))) for sign in (1, -1)), strict=True)
        below = [[(up - down) / (2 * step) for up, down in ends]]
        for order, older in enumerate(row):
            factor = 4.0 ** (order + 1)
            below.append([(factor * new - old) / (factor - 1) for new, old in zip(below[order], older, strict=True)])
        row = below
    return row[-1]


def close(found: Any, expected: list[Any]) -> None:
    for got, wanted in zip(parts(found), expected, strict=True):
        assert got.shape == wanted.shape
        np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-6)


def keywords(derived: Any, along: Mapping[str, Any]) -> dict[str, Any]:
    return {tangent: copy.copy(along[name]) for tangent, name in zip(derived.tangents, derived.wrt, strict=True)}


@pytest.mark.parametrize(("topic", "index"), CASES)
def test_the_tangent_is_the_slope_along_a_line(topic: str, index: int, once: Mapping[str, types.ModuleType]) -> None:
    case: Case = TABLES[topic].CASES[index]
    function, along = getattr(once[topic], f"case_{index}"), directions(case, 3)
    derived = gradgen.jvp(function, wrt=case.wrt, like=tuple(case.arguments.values()))
    value, dot = derived(**copy.deepcopy(dict(case.arguments)), **keywords(derived, along))
    close(value, parts(function(**copy.deepcopy(dict(case.arguments)))))
    close(dot, slopes(case, function, along))


@pytest.mark.parametrize(("topic", "index"), CASES)
def test_the_hessians_product_is_the_gradients_slope_and_symmetric(
    topic: str, index: int, squared: Mapping[str, types.ModuleType]
) -> None:
    case: Case = TABLES[topic].CASES[index]
    function, like = getattr(squared[topic], f"case_{index}"), tuple(case.arguments.values())
    first, second = directions(case, 3), directions(case, 4)
    gradient = gradgen.grad(function, wrt=case.wrt, like=like)
    try:
        derived = gradgen.hvp(function, wrt=case.wrt, like=like)
        products = [derived(**copy.deepcopy(dict(case.arguments)), **keywords(derived, along)) for along in (first, second)]
    except GradgenError as error:
        assert any(name in str(error) for name in ONCE)
        return
    close(products[0], slopes(case, gradient, first))
    one, other = (
        sum(np.sum(np.asarray(part) * by) for part, by in zip(parts(product), along.values(), strict=True))
        for product, along in zip(products, (second, first), strict=True)
    )
    assert one == pytest.approx(other, rel=1e-8, abs=1e-9)


@pytest.mark.parametrize(("topic", "index"), SPECIAL)
def test_at_special_points_the_tangent_is_that_of_the_gradient_written_by_hand(
    topic: str, index: int, once: Mapping[str, types.ModuleType]
) -> None:
    case: Case = TABLES[topic].CASES[index]
    function, along = getattr(once[topic], f"case_{index}"), directions(case, 3)
    derived = gradgen.jvp(function, wrt=case.wrt, like=tuple(case.arguments.values()))
    try:
        with np.errstate(all="ignore"):
            _, dot = derived(**copy.deepcopy(dict(case.arguments)), **keywords(derived, along))
    except GradgenError as error:
        # in forward mode nobody knows what becomes of two eigenvalues that are the same: sums of both could have a slope
        assert "an exponent that varies" in str(error) or "that occurs twice has no derivative of its own" in str(error)
        return
    expected = sum(np.sum(case.gives[name] * by) for name, by in along.items()) if case.gives is not None else None
    assert np.sum(dot) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_every_operation_with_tangent_lines_is_one_that_has_a_row() -> None:
    assert set(MOVING) | set(LINEAR) <= array_operations() | {"array_copy", "real", "imag", "conjugate", "abs", "angle"}
