"""Comparing a gradient's numbers with the primal's differences, to many digits, at the sample points.

Never proves anything: that the numbers agree is evidence, that they do not is a refutation.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from gradgen.judge.exact import Exact
from gradgen.judge.faults import RefusedError
from gradgen.judge.gradient_run import Answer, Case, GradientRun
from gradgen.judge.limits import quietly
from gradgen.judge.subject import Runner, Sample

# Fewer digits are a refutation. Up to twice as many are what constants rounded to doubles leave, or a small term that is missing.
FEWEST_DIGITS = 12


@dataclass
class Score:
    """What the numbers say of one partial: how many digits agree at all points, and the numbers where the fewest do."""

    digits: float
    points: int = 0
    expected: str = ""
    got: str = ""
    point: Mapping[str, float] = field(default_factory=dict)


@dataclass
class Numbers:
    """What the numbers say: a score for each partial (by name) and for each number of the value (by index).

    `paths` holds the samples, and at which turn they came, by the paths that primal and gradient took; `refused` says why the
    gradient refused points.
    """

    scores: dict[str | int, Score] = field(default_factory=dict)
    paths: dict[tuple[Any, ...], list[tuple[Sample, int]]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


def working_digits(digits: int) -> int:
    """Enough for a difference over `10**-(0.8 * digits)` to be right to `digits` digits."""
    return digits + 2 * int(0.8 * digits) + 10


def compare_numbers(case: Case, runner: Runner, gradient: GradientRun) -> Numbers:
    """Compare the partials, and the value if the gradient gives it, at every sample. Raises WrongError and NoStandInError."""
    found = Numbers()
    lost = 10 ** (working_digits(case.digits) - int(0.8 * case.digits) - 10)
    for turn, one in enumerate(case.samples):
        result, _ = quietly(case.subject.seconds, runner.run, one.values)
        value = runner.numbers(result)
        try:
            answer = gradient.at(one.values, result, turn)
        except RefusedError as problem:
            found.refused.append(str(problem))
            continue
        found.paths.setdefault((one.path[0], answer.path), []).append((one, turn))
        expected = _differences(case, runner, one.values, answer)
        expected |= {index: number.value for index, number in enumerate(value)}
        noise = max(abs(number) for number in expected.values()) / 10 ** (case.digits + 10)
        got: dict[str | int, Exact] = dict(answer.partials.items())
        got |= dict(enumerate(answer.value))
        point = _point(case, one.values, answer.seeds)
        for leaf, number in got.items():
            score = found.scores.setdefault(leaf, Score(case.digits + 1.0))
            digits = _digits_agreed(expected[leaf], number.value, noise, case.digits)
            if digits >= FEWEST_DIGITS or not _may_be_rounding(expected[leaf], number.value, lost):
                _count(score, expected[leaf], number.value, digits, case.digits, point)
    return found


def _differences(case: Case, runner: Runner, values: Mapping[str, Any], answer: Answer) -> dict[str | int, Any]:
    """Each partial by a central difference so small, in so many digits, that it is right to the digits asked for."""
    variables = case.subject.variables(values)
    partials: dict[str | int, Any] = {}
    for leaf in answer.partials:
        step = Fraction(max(1, abs(round(variables[leaf])))) / 10 ** int(0.8 * case.digits)
        above, below = (_weighed(case, runner, values, {leaf: shift}, [*answer.seeds.values()]) for shift in (step, -step))
        partials[leaf] = (above - below) * step.denominator / (2 * step.numerator)
    return partials


def _weighed(
    case: Case, runner: Runner, values: Mapping[str, Any], shift: Mapping[str, Fraction], seeds: Sequence[Exact]
) -> Any:
    """The numbers of the primal's result at the shifted point, each times its seed, summed."""
    result, _ = quietly(case.subject.seconds, runner.run, values, shift)
    return sum(seed.value * number.value for seed, number in zip(seeds, runner.numbers(result), strict=True))


def _point(case: Case, values: Mapping[str, Any], seeds: Mapping[str, Exact]) -> dict[str, Any]:
    """The point to show: variables, parameters that are none, and seeds that are not 1."""
    variables = {leaf: float(exact) for leaf, exact in case.subject.variables(values).items()}
    others = {name: value for name, value in values.items() if isinstance(value, int | str) and name not in variables}
    return {**variables, **others, **{name: seed.double for name, seed in seeds.items() if seed.value != 1}}


def _count(score: Score, expected: Any, got: Any, digits: float, most: int, point: Mapping[str, Any]) -> None:
    score.points += 1
    if digits < score.digits:
        shown = max(15, min(int(digits) + 5, most))
        score.digits, score.point = digits, point
        score.expected, score.got = (_number(value, shown) for value in (expected, got))


def _may_be_rounding(expected: Any, got: Any, lost: int) -> bool:
    """Whether two different numbers are so small that what cancelled on the way there, of numbers about 1, may be all that they
    differ by: below 1 / `lost`, which is what a difference leaves right of those."""
    is_finite = all(map(expected.context.isfinite, (expected, got)))
    return is_finite and bool(expected != got) and bool(max(abs(expected), abs(got)) * lost < 1)


def _digits_agreed(expected: Any, got: Any, noise: Any, most: int) -> float:
    """How many significant digits two numbers share; -1 where one of them is no finite number."""
    context = expected.context
    difference = abs(expected - got)
    if not context.isfinite(difference):
        return -1.0
    if difference <= noise:
        return float(most)
    return max(0.0, min(float(most), -float(context.log10(difference / max(abs(expected), abs(got))))))


def _number(value: Any, digits: int) -> str:
    return str(value.context.nstr(value, digits, min_fixed=-5, max_fixed=15))
