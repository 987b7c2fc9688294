"""Proving a gradient's partials equal to SymPy's derivatives of the primal, once along each path that the samples took.

Never samples: it is handed the paths.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy

from gradgen.judge.exact import World
from gradgen.judge.faults import NoStandInError, RefusedError, WrongError
from gradgen.judge.gradient_run import Case, GradientRun
from gradgen.judge.limits import OutOfTime
from gradgen.judge.proof import OUT_OF_TIME, Budget, prove, signs_of
from gradgen.judge.refute import Numbers
from gradgen.judge.subject import Runner, Sample, symbol

TOO_LONG = "its formula takes too long to prove"
HOPELESS = (TOO_LONG, OUT_OF_TIME)
ASKED = "proved only where what the gradient asks, and the function does not, comes out as at the points"
LONGEST_STEP = 60  # parts of an expression
SYMBOLIC_DIGITS = 30  # of the numbers that decide the branches


@dataclass
class Proofs:
    """How far the proofs came: for each partial the ways it was proved on the paths, what was missing on others, and the formulas
    (expected, got) on the first path.
    """

    ways: dict[str | int, list[str]] = field(default_factory=dict)
    gaps: dict[str | int, list[str]] = field(default_factory=dict)
    formulas: dict[str | int, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Formulas:
    """Along one path: the primal's numbers, their sum weighed with the seeds, what the gradient gave; as SymPy expressions.

    `steps`: each symbol that stands for an inner value of the primal -> its meaning, inner ones first.
    """

    value: Sequence[Any]
    weighed: Any
    got: Mapping[str | int, Any]
    ones: Mapping[Any, int]  # each seed's symbol -> 1
    steps: Mapping[Any, Any]
    own_tests: Sequence[str]  # what the gradient asks and the primal does not: the proof stands only where the answer is the same

    def derivative(self, x: Any) -> tuple[Any, dict[Any, Any]]:
        """SymPy's derivative of the result by x, and the meaning of its symbols: inner values, and their derivatives."""
        slopes: dict[Any, Any] = {}
        meanings: dict[Any, Any] = {}
        for step, meaning in self.steps.items():
            meanings[step] = meaning
            slope = _total_derivative(meaning, x, slopes)
            if slope.is_Atom:
                slopes[step] = slope
            else:
                slopes[step] = sympy.Dummy(f"d{step.name}")
                meanings[slopes[step]] = slope
        return _total_derivative(self.weighed, x, slopes), meanings


def _total_derivative(expression: Any, x: Any, slopes: Mapping[Any, Any]) -> Any:
    inner = sorted(expression.free_symbols & slopes.keys(), key=str)
    return sympy.Add(expression.diff(x), *(expression.diff(step) * slopes[step] for step in inner))


def prove_paths(case: Case, numbers: Numbers, wanted: Sequence[str | int], budget: Budget) -> Proofs:
    """One proof per wanted partial and path, the shortest path first: what takes too long there is not tried on longer ones."""
    proofs = Proofs()
    too_long: dict[str | int, str] = {}
    for _, taken in sorted(numbers.paths.items(), key=lambda item: len(item[0][0])):
        signs = _signs(case, [one.values for one, _ in taken])
        missing = {leaf: too_long.get(leaf, "") for leaf in wanted}
        # Long formulas are cut into steps; where that gives no proof, the whole formula is tried.
        for longest in (LONGEST_STEP, None):
            open_leaves = [leaf for leaf, why in missing.items() if why not in HOPELESS]
            if not open_leaves:
                break
            formulas, problem = _formulas(case, longest, taken[0], budget)
            for leaf in open_leaves:
                is_proved, how = _prove(proofs, leaf, formulas, signs, budget) if formulas is not None else (False, problem)
                if is_proved:
                    proofs.ways.setdefault(leaf, []).append(how)
                    del missing[leaf]
                else:
                    missing[leaf] = how
            if formulas is not None and not formulas.steps:
                break  # there was nothing to cut
        for leaf, why in missing.items():
            proofs.gaps.setdefault(leaf, []).append(why)
        too_long |= {leaf: why for leaf, why in missing.items() if why in HOPELESS}
    return proofs


def _formulas(case: Case, longest: int | None, taken: tuple[Sample, int], budget: Budget) -> tuple[_Formulas | None, str]:
    """The formulas of one path, or what went wrong."""
    try:
        return budget.run(_run, case, longest, *taken), ""
    except (OutOfTime, TimeoutError, RecursionError):
        return None, TOO_LONG
    except (RefusedError, WrongError, NoStandInError, ArithmeticError, ValueError, TypeError) as failure:
        return None, f"not proved: {failure}"


def _run(case: Case, longest: int | None, one: Sample, turn: int) -> _Formulas:
    world = World(SYMBOLIC_DIGITS, symbolic=True, longest=longest)
    runner = Runner(case.subject, world)
    result, _ = runner.run(one.values)
    value = [number.expr for number in runner.numbers(result)]
    world.is_cutting = False
    known = world.path.tests | world.path.needs
    answer = GradientRun(case.text, runner).at(one.values, result, turn)
    weighed = sum(seed.expr * expr for seed, expr in zip(answer.seeds.values(), value, strict=True))
    got: dict[str | int, Any] = {leaf: number.expr for leaf, number in answer.partials.items()}
    got |= {index: number.expr for index, number in enumerate(answer.value)}
    ones = {seed.expr: 1 for seed in answer.seeds.values() if seed.varies}
    steps = {step: meaning for meaning, step in world.cuts.items()}
    own_tests = sorted(f"the {kind} of {_readable(about, steps)}" for kind, about in world.path.tests - known)
    return _Formulas(value, weighed, got, ones, steps, own_tests)


def _readable(expression: Any, steps: Mapping[Any, Any]) -> str:
    text = str(expression)
    return text if len(text) <= 60 and not expression.free_symbols & steps.keys() else "an inner value"


def _prove(
    proofs: Proofs, leaf: str | int, formulas: _Formulas, signs: Mapping[Any, int], budget: Budget
) -> tuple[bool, str]:
    """Whether it was proved, and how or why not."""
    meanings: Mapping[Any, Any] = formulas.steps
    got = formulas.got[leaf]
    try:
        if isinstance(leaf, int):
            expected = formulas.value[leaf]
        else:
            expected, meanings = budget.run(formulas.derivative, symbol(leaf))
        if leaf not in proofs.formulas and not formulas.steps:
            proofs.formulas[leaf] = budget.run(lambda: (expected.subs(formulas.ones), got.subs(formulas.ones)))
    except OutOfTime:
        return False, TOO_LONG
    is_proved, how = prove(got, expected, signs, budget, meanings)
    if is_proved and formulas.own_tests:
        more = f" and {len(formulas.own_tests) - 1} more" if len(formulas.own_tests) > 1 else ""
        return False, f"{ASKED} ({formulas.own_tests[0]}{more})"
    return is_proved, how


def _signs(case: Case, points: Sequence[Mapping[str, Any]]) -> dict[Any, int]:
    samples = [{symbol(leaf): value for leaf, value in case.subject.variables(point).items()} for point in points]
    return signs_of(samples[0], samples)
