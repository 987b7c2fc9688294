"""Every rule row forwards and backwards: <seed, jvp(t)> = <vjp(seed), t>, at ordinary and special points, in every spelling.

Never says what the derivative is: tests/rules hold the rows' backward lines against the real functions.
"""
from __future__ import annotations

import importlib
import math
import random
import warnings
from collections.abc import Iterator
from typing import Any

import numpy
import pytest

from gradgen import jvp, vjp
from gradgen.errors import GradgenError
from gradgen.ir import nodes as ir
from gradgen.rules.helpers import HELPERS
from gradgen.rules.registry import operations
from gradgen.rules.spelling import SPELLINGS, operation_of
from gradgen.rules.transposes import TRANSPOSES, transposed
from tests.forward.written import function
from tests.rules.domains import SAMPLES, Point, Sample
from tests.rules.evaluation import BINARY, FAMILIES, UNARY, namespace, rule_for

BY_OPERATION: dict[str, list[Sample]] = {}
for each in SAMPLES:
    BY_OPERATION.setdefault(each.operation, []).append(each)
SPECIAL = (0.0, 1.0, -1.0, 2.0)
UNTRIED = frozenset({"lambertw"} if hasattr(math, "fma") else {"fma", "lambertw"})  # complex; new in Python 3.13
RESULTS = ("r", "s", "t", "u")


def calls(sample: Sample, operands: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The operation's call in every spelling it has, and the module that it is spelled with."""
    operation = sample.operation
    if operation in BINARY or operation in UNARY:
        if sample.family in (None, "builtins"):
            sign = BINARY.get(operation)
            yield (f"{operands[0]} {sign} {operands[1]}" if sign else f"{UNARY[operation]}{operands[0]}"), {}
    if operation in HELPERS and operation_of(namespace()[operation]) == operation:  # what derivatives call
        yield f"{operation}({', '.join(operands)})", {operation: namespace()[operation]}
        return
    for family in FAMILIES if sample.family is None else (sample.family,):
        names = SPELLINGS[family].get(operation, ())
        module = importlib.import_module(family)
        if names and hasattr(module, names[0].partition(".")[0]):
            head = "" if family == "builtins" else f"{family}."
            root = family.split(".")[0]
            yield f"{head}{names[0]}({', '.join(operands)})", {root: importlib.import_module(root)}


def both_ways(sample: Sample, point: Point) -> Iterator[tuple[str, Any, Any, list[str], list[float]]]:
    """The text of a function that makes the call, its jvp and vjp, and its varying parameters with their values."""
    rule = rule_for(sample.operation, len(point), sample.constants, sample.passive)
    names = [name.removeprefix("*") for name in rule.parameters]
    names += [names[-1]] * (len(point) - len(names))
    operands, varying = [], []
    for index, (name, value) in enumerate(zip(names, point, strict=False)):
        is_fixed = name in sample.constants or name in sample.passive or name in rule.refused or not isinstance(value, float)
        operands.append(repr(value) if is_fixed and name in sample.constants else f"p{index}")
        if not is_fixed:
            varying.append(f"p{index}")
    if not varying:
        return
    parameters = [f"p{index}" for index in range(len(point))]
    results = ", ".join(RESULTS[: len(rule.results)])
    for call, modules in calls(sample, operands):
        shown = results if "," in results else f"0.5 * {results}"  # a result that is rounded last of all is refused
        text = f"def f({', '.join(parameters)}):\n    {results} = {call}\n    return {shown}\n"
        primal = function(text, modules)
        try:
            backwards = vjp(primal, varying)
        except GradgenError:
            with pytest.raises(GradgenError):
                jvp(primal, varying)
            continue
        yield text, jvp(primal, varying), backwards, varying, [point[int(name[1:])] for name in varying]


def special(sample: Sample, point: Point) -> Iterator[Point]:
    """The point, and those beside it at which rows have their kinks, ties and bounds."""
    yield point
    if all(isinstance(value, float) for value in point) and not sample.constants:
        for value in SPECIAL:
            yield (value,) * len(point)
        yield (*point[:-1], 0.0)


@pytest.mark.parametrize("operation", sorted(BY_OPERATION.keys() - UNTRIED))
def test_forwards_and_backwards_agree(operation: str) -> None:
    rng = random.Random(operation)
    tried = 0
    with warnings.catch_warnings(), numpy.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for sample in BY_OPERATION[operation]:
            shapes = {(len(point), tuple(type(value) for value in point)): point for point in sample.points}
            for shape in shapes.values():
                for text, forwards, backwards, varying, _ in both_ways(sample, shape):
                    fitting = [p for p in sample.points if (len(p), tuple(map(type, p))) == (len(shape), tuple(map(type, shape)))]
                    points = [p for point in (fitting if not sample.constants else [shape]) for p in special(sample, point)]
                    for point in {repr(point): point for point in points}.values():
                        tried += agrees(text, forwards, backwards, varying, point, rng)
    values = (value for sample in BY_OPERATION[operation] for point in sample.points for value in point)
    is_whole = not any(isinstance(value, float) for value in values)
    assert tried or is_whole, "no point at which both could be asked"


def agrees(text: str, forwards: Any, backwards: Any, varying: list[str], point: Point, rng: random.Random) -> bool:
    """Whether the two products could be compared; asserts that they are equal, or that both ways raise alike."""
    tangents = {name: rng.uniform(-2, 2) for name in forwards.tangents}
    seeds = {name: rng.uniform(-2, 2) for name in backwards.seeds}
    try:
        adjoints = backwards(*point, **seeds)
    except Exception as error:
        try:
            _, moved = forwards(*point, **tangents)
        except type(error):
            return False
        assert not numpy.isfinite(moved).all(), f"{text}at {point}: backwards {error!r}, forwards {moved}"
        return False
    _, moved = forwards(*point, **tangents)
    results = moved if isinstance(moved, tuple) else (moved,)
    with_seeds = [seed * by for seed, by in zip(seeds.values(), results, strict=True)]
    with_tangents = [adjoint * by for adjoint, by in zip(adjoints, tangents.values(), strict=True)]
    size = max(map(abs, (*with_seeds, *with_tangents)))
    assert numpy.isclose(sum(with_seeds), sum(with_tangents), rtol=1e-9, atol=1e-12 * size, equal_nan=True) or not numpy.isfinite(
        size
    ), f"{text}at {point}: {with_seeds} {with_tangents}"
    return True


def test_every_operation_with_a_row_is_tried() -> None:
    assert operations() - {"stop_gradient"} <= set(BY_OPERATION)  # whose 0 is declared, no slope


LINES = {
    "add": ir.Op("add", (ir.Name("dy"), ir.Const(0))),
    "sub": ir.Op("sub", (ir.Const(0), ir.Name("dy"))),
    "neg": ir.Op("neg", (ir.Name("dy"),)),
    "mul": ir.Op("mul", (ir.Const(3.0), ir.Name("dy"))),
    "div": ir.Op("div", (ir.Name("dy"), ir.Const(4.0))),
}
FACTORS = {"add": 1.0, "sub": -1.0, "neg": -1.0, "mul": 3.0, "div": 0.25}


@pytest.mark.parametrize("operation", TRANSPOSES)
def test_every_transpose_of_a_number_is_the_same_factor(operation: str) -> None:
    result = transposed(LINES[operation], "dy", ir.Name("x_dot"))
    assert value_of(result, 5.0) == FACTORS[operation] * 5.0


def value_of(expr: ir.Expr, tangent: float) -> float:
    match expr:
        case ir.Const(value=value):
            return float(value)
        case ir.Op(op="neg", args=(inner,)):
            return -value_of(inner, tangent)
        case ir.Op(op="mul", args=(left, right)):
            return value_of(left, tangent) * value_of(right, tangent)
        case ir.Op(op="div", args=(left, right)):
            return value_of(left, tangent) / value_of(right, tangent)
    assert isinstance(expr, ir.Name)
    return tangent
