"""Every rule row twice: the Hessian's product along a direction is the slope of the gradient, and symmetric.

Never says what the gradient is: tests/rules hold the rows against the real functions.
"""
from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy
import pytest
import scipy.special

import gradgen
from gradgen.errors import GradgenError
from tests.forward.test_dot_product import BY_OPERATION, UNTRIED, calls
from tests.forward.written import function
from tests.rules.domains import Point, Sample
from tests.rules.evaluation import rule_for

ONCE = ("i1()", "spherical_jn()", "gammainc_slope", "betainc_slope", "held")
"""What second derivatives are refused through: helpers of rows, and equalities that a row's gradient asks."""
POINTS, LEVELS = 2, 4


def squared(sample: Sample, shape: Point) -> tuple[Any, list[int]] | None:
    """Half the square of an operation's result as a function, and which of its parameters vary; None where none does."""
    rule = rule_for(sample.operation, len(shape), sample.constants, sample.passive)
    names = [name.removeprefix("*") for name in rule.parameters]
    names += [names[-1]] * (len(shape) - len(names))
    operands, varying = [], []
    for index, (name, value) in enumerate(zip(names, shape, strict=False)):
        is_held = name in sample.constants or name in sample.passive or name in rule.refused or not isinstance(value, float)
        operands.append(repr(value) if is_held and name in sample.constants else f"p{index}")
        varying += [] if is_held else [index]
    written = next(calls(sample, operands), None)
    if not varying or written is None or len(rule.results) > 1:
        return None
    parameters = ", ".join(f"p{index}" for index in range(len(shape)))
    return function(f"def f({parameters}):\n    r = {written[0]}\n    return 0.5 * r * r\n", written[1]), varying


def tried(sample: Sample) -> Iterator[tuple[Point, list[Point]]]:
    """The points of a sample by the types of their numbers."""
    shapes: dict[tuple[type, ...], list[Point]] = {}
    for point in sample.points:
        shapes.setdefault(tuple(map(type, point)), []).append(point)
    for points in shapes.values():
        yield points[0], points[:1] if sample.constants else points[:POINTS]


def slope(gradient: Callable[[float], Any]) -> tuple[Any, float]:
    """The slope at 0 of what a gradient is along a line, extrapolated, and how sure it is."""
    row: list[Any] = []
    for level in range(LEVELS):
        step = 1e-3 / 2**level
        below = [(gradient(step) - gradient(-step)) / (2 * step)]
        for order, older in enumerate(row):
            factor = 4.0 ** (order + 1)
            below.append((factor * below[order] - older) / (factor - 1))
        row = below
    return row[-1], float(numpy.max(numpy.abs(row[-1] - row[-2])))


@pytest.mark.parametrize("operation", sorted(BY_OPERATION.keys() - UNTRIED))
def test_the_hessians_product_is_the_gradients_slope_and_symmetric(operation: str) -> None:
    rng = random.Random(operation)
    with warnings.catch_warnings(), numpy.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for sample in BY_OPERATION[operation]:
            for shape, points in tried(sample):
                made = squared(sample, shape)
                if made is not None:
                    judged(*made, points, rng)


def judged(primal: Any, varying: list[int], points: list[Point], rng: random.Random) -> None:
    names = [f"p{index}" for index in varying]
    try:
        gradient = gradgen.grad(primal, names)
    except GradgenError:
        return
    try:
        product = gradgen.hvp(primal, names)
    except GradgenError as error:
        assert any(name in str(error) for name in ONCE), error
        return
    for point in points:
        first, second = ({index: rng.uniform(-1, 1) * max(abs(point[index]), 0.1) for index in varying} for _ in range(2))

        def along(step: float, point: Point = point, by: dict[int, float] = first) -> Any:
            return numpy.array(gradient(*(value + step * by.get(index, 0.0) for index, value in enumerate(point))), float)

        try:
            expected, error = slope(along)
            products = [product(*point, **{f"p{index}_dot": by for index, by in each.items()}) for each in (first, second)]
        except (ArithmeticError, ValueError, TypeError):
            continue
        size = 1 + float(numpy.max(numpy.abs(expected)))
        if not numpy.isfinite(expected).all() or error > 1e-5 * size:
            continue
        numpy.testing.assert_allclose(products[0], expected, rtol=2e-5, atol=2e-6 * size)
        sums = [numpy.dot(each, list(by.values())) for each, by in zip(products, (second, first), strict=True)]
        assert sums[0] == pytest.approx(sums[1], rel=1e-7, abs=1e-8 * size)


def test_second_derivatives_go_through_helpers_that_work_on_arrays() -> None:
    """By mpmath: the second derivatives of Riemann's zeta function at 2 and 3.5."""
    def total(x: Any) -> Any:
        return numpy.sum(scipy.special.zeta(x))

    found = gradgen.hvp(total)(numpy.array([2.0, 3.5]), x_dot=numpy.array([1.0, -2.0]))
    numpy.testing.assert_allclose(found, [1.9892802342989, -2 * 0.1183065042482], rtol=1e-11)
