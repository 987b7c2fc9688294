"""Every contribution of every row is the slope of the real function, over its whole domain, in every spelling.

Never proves: test_proofs.py does, where SymPy knows the function.
"""
from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import numpy
import pytest

from gradgen.rules.conditions import Condition
from gradgen.rules.notation import Rule
from gradgen.rules.registry import operations, rules_for
from tests.oracle.differences import Estimate, derivative
from tests.rules.domains import SAMPLES, Point, Sample
from tests.rules.evaluation import FAMILIES, backward, forward_of, owners_of, rule_for

SEEDS = (1.7, -0.6, 0.9, -1.1)
BY_OPERATION: dict[str, list[Sample]] = {}
for each in SAMPLES:
    BY_OPERATION.setdefault(each.operation, []).append(each)


@dataclass(frozen=True)
class Case:
    """One operand of one real function at one point, the slope there, and where among the arguments it stands."""

    rule: Rule
    family: Any
    point: Point
    index: int
    operand: str
    slope: Estimate

    def __str__(self) -> str:
        return f"{self.rule.text} in {self.family} at {self.point} by {self.operand}: the slope is {self.slope}"


@cache
def cases_of(operation: str) -> tuple[Case, ...]:
    """Every slope of an operation that is a float, at every point of its samples and in every family."""
    with warnings.catch_warnings(), numpy.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return tuple(case for sample in BY_OPERATION[operation] for case in _cases(sample))


def _cases(sample: Sample) -> Iterator[Case]:
    for point in sample.points:
        rule = rule_for(sample.operation, len(point), sample.constants, sample.passive)
        for family in FAMILIES if sample.family is None else (sample.family,):
            forward = forward_of(rule, family)
            if forward is None:
                continue
            for index, operand in enumerate(owners_of(rule, len(point))):
                if operand in rule.refused or operand in sample.constants or operand in sample.passive:
                    continue
                if not isinstance(point[index], float):
                    continue

                objective = partial(_seeded, forward, point, index)
                yield Case(rule, family, point, index, operand, derivative(objective, point[index]))


def _seeded(forward: Any, point: Point, index: int, x: float) -> float:
    value = forward(*point[:index], x, *point[index + 1:])
    results = value if isinstance(value, tuple) else (value,)
    return float(sum(seed * result.real for seed, result in zip(SEEDS, results, strict=False)))


def adjoint_of(case: Case, rule: Rule) -> float:
    return float(numpy.real(backward(rule, case.family, case.point, seeds=SEEDS, only=case.index)[0]))


@pytest.mark.parametrize("operation", BY_OPERATION)
def test_every_contribution_is_the_slope_of_the_real_function(operation: str) -> None:
    for case in cases_of(operation):
        assert case.slope.verdict == "smooth", f"no point to judge at: {case}"
        got = adjoint_of(case, case.rule)
        assert case.slope.agrees_with(got), f"{case}, the row says {got}"


@pytest.mark.parametrize("operation", sorted(operations() - {"stop_gradient"}))  # whose 0 is declared, no slope
def test_every_row_is_tried_and_a_flipped_sign_in_it_is_noticed(operation: str) -> None:
    samples = BY_OPERATION[operation]
    tried = [rule_for(operation, len(point), sample.constants, sample.passive) for sample in samples for point in sample.points]
    for rule in rules_for(operation):
        if isinstance(rule.when, Condition) and rule.when.is_of_arrays:
            continue  # tests/arrays judges it
        assert any(rule is each for each in tried), f"no sample tries {rule.text}"
        cases = [case for case in cases_of(operation) if case.rule is rule]
        for position, part in enumerate(rule.contributions):
            parts = list(rule.contributions)
            parts[position] = replace(part, sign=-part.sign)
            flipped = replace(rule, contributions=tuple(parts))
            judged = [case for case in cases if case.operand == part.operand]
            noticed = any(not case.slope.agrees_with(adjoint_of(case, flipped)) for case in judged)
            assert noticed, f"{rule.text}: {part} could be anything"


def test_samples_are_of_operations_that_exist() -> None:
    assert set(BY_OPERATION) == operations() - {"stop_gradient"}
