"""SymPy's verdict on the text of a gradient: refuted by 50-digit numbers, or proved equal to SymPy's derivative of the primal.

Never looks at how the text came about, and never says that it agrees without a point at which it does.
"""
from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from sympy import preorder_traversal

from gradgen.codes import JUMPED
from gradgen.judge.domain import Choice, signature_of, wrt_of
from gradgen.judge.exact import World
from gradgen.judge.faults import NoStandInError, RefusedError, WrongError
from gradgen.judge.gradient_run import Case, GradientRun
from gradgen.judge.gradient_text import GradientText, read_gradient
from gradgen.judge.path_proofs import Proofs, prove_paths
from gradgen.judge.proof import Budget
from gradgen.judge.refute import FEWEST_DIGITS, Score, compare_numbers, working_digits
from gradgen.judge.subject import Runner, Subject, name_of, sample, sample_given
from gradgen.judge.verdict import Comparison, Partial, Status, overall

JUDGE = "SymPy"
PROOFS = 5  # all proofs together may take so many times the limit of one step
SLACK = 10  # so many of the digits asked for may be lost in evaluating a function
ROUNDED_DIGITS = 19  # constants rounded to doubles leave at most so many digits in agreement
LONGEST_FORMULA = 120


def compare(
    primal: Callable[..., Any],
    source: str,
    wrt: str | Sequence[str] | None = None,
    *,
    domain: Mapping[str, Any] | None = None,
    points: int | Sequence[Mapping[str, Any] | Sequence[Any]] = 8,
    digits: int = 50,
    time_limit: float = 1.0,
) -> Comparison:
    """SymPy's verdict on `source`, the text of a module with the gradient function of `primal` in it.

    The function in the text may give the gradient or (value, gradient), for one wrt name bare or in a tuple; a parameter that the
    primal has not is the seed. `wrt` left out means every parameter that is a real number. `domain` maps parameters to bounds
    (low, high), to a fixed value, or to a list, dict, named tuple or dataclass of these; what it leaves out is sampled where the
    primal has a real value. `points` is how many points to look at, or the points themselves. `time_limit` is the CPU time in
    seconds of one step of a proof, and of one run of the functions.

    Raises SourceError where the text holds no function, ArgumentError for wrt or domain names that the primal does not have.
    """
    signature = signature_of(primal)
    names = wrt_of(signature, wrt)
    text = read_gradient(source, name_of(primal), list(signature.parameters))
    left_out = _left_out(signature, names, text)
    subject = Subject(primal, signature, names, time_limit, frozenset(left_out))
    runner = Runner(subject, World(working_digits(digits)))
    gradient, fault = _ready(text, runner)
    follow = gradient.path_at if gradient is not None else _no_path
    if isinstance(points, int):
        sampling = sample(runner, points, {**left_out, **(domain or {})}, follow)
    else:
        sampling = sample_given(runner, points, follow)
    if not sampling.samples:
        why = f"no valid point in {sampling.tries} tries: {sampling.why}" if sampling.tries else sampling.why
        return Comparison(JUDGE, subject.name, "undecided", why=why)
    case = Case(subject, text, tuple(sampling.samples), digits)
    if gradient is None:
        return _all(case, *fault)
    return _judged(case, runner, gradient, Budget(time_limit, PROOFS * time_limit))


def unknown_kinds(primal: Callable[..., Any]) -> Comparison:
    """The verdict on a function whose text depends on the arguments of a call, where none are given."""
    why = "its text is made for the arrays that a call brings: name arguments in like="
    return Comparison(JUDGE, name_of(primal), "undecided", why=why)


def _ready(text: GradientText, runner: Runner) -> tuple[GradientRun | None, tuple[Status, str]]:
    """The gradient's text ready to be run, or the verdict on one that cannot be."""
    if JUMPED in text.source:
        return None, ("undecided", "a bisection moves by comparisons alone: ask numerical differences")
    try:
        return GradientRun(text, runner), ("undecided", "")
    except (NoStandInError, RefusedError) as problem:
        return None, ("undecided", str(problem))
    except WrongError as problem:
        return None, ("differs", str(problem))


def _left_out(signature: inspect.Signature, wrt: Sequence[str], text: GradientText) -> dict[str, Any]:
    """Parameters that the gradient function does not take keep their defaults."""
    return {
        name: Choice((parameter.default,))
        for name, parameter in signature.parameters.items()
        if name not in text.parameters and name not in wrt and parameter.default is not parameter.empty
    }


def _no_path(values: Mapping[str, Any], result: Any) -> tuple[bool | int, ...]:
    return ()


def _judged(case: Case, runner: Runner, gradient: GradientRun, budget: Budget) -> Comparison:
    name = case.subject.name
    try:
        numbers = compare_numbers(case, runner, gradient)
    except NoStandInError as problem:
        return _all(case, "undecided", str(problem))
    except TimeoutError as problem:
        return _all(case, "undecided", f"{name} gave {problem}")
    except WrongError as problem:
        return _all(case, "differs", str(problem))
    if not numbers.scores:
        return _all(case, "undecided", f"the gradient refuses every point: {[*numbers.refused, 'no partials'][0]}")
    if any(score.digits < FEWEST_DIGITS for score in numbers.scores.values()):
        budget.left = budget.step  # the verdict stands; the proofs that come cheaply are still worth having
    agreeing = [leaf for leaf, score in numbers.scores.items() if score.digits >= case.digits - SLACK]
    proofs = prove_paths(case, numbers, agreeing, budget)
    is_rounded = runner.world.has_rounded_constants
    verdicts = {leaf: _verdict(case, leaf, score, proofs, is_rounded) for leaf, score in numbers.scores.items()}
    partials = tuple(verdict for leaf, verdict in verdicts.items() if isinstance(leaf, str))
    values = tuple(verdict for leaf, verdict in verdicts.items() if isinstance(leaf, int))
    why = f"the gradient refuses {len(numbers.refused)} points: {numbers.refused[0]}" if numbers.refused else ""
    return Comparison(JUDGE, name, overall(partials + values), partials, values, why)


def _all(case: Case, status: Status, how: str) -> Comparison:
    """One verdict on all partials."""
    partials = tuple(Partial(name, status, how) for name in case.subject.partials(case.samples[0].values))
    return Comparison(JUDGE, case.subject.name, status, partials, why="" if partials else how)


def _verdict(case: Case, leaf: str | int, score: Score, proofs: Proofs, is_rounded: bool) -> Partial:
    """The verdict on one partial, of its numbers and its proofs."""
    name = leaf if isinstance(leaf, str) else "value" if leaf == 0 else f"value[{leaf}]"
    digits = int(max(score.digits, 0))

    def verdict(status: Status, how: str, expected: str = score.expected, got: str = score.got) -> Partial:
        return Partial(name, status, how, expected, got, score.point, digits, score.points)

    if digits < FEWEST_DIGITS:
        return verdict("differs", "")
    if digits < case.digits - SLACK:
        if is_rounded and digits <= ROUNDED_DIGITS:
            return verdict("agrees", "its constants are rounded to doubles")
        return verdict("undecided", f"only {digits} digits agree: a small term may be missing")
    formulas = [_formula(formula) for formula in proofs.formulas.get(leaf, (None, None))]
    expected, got = formulas[0] or score.expected, formulas[1] or score.got
    ways, gaps = proofs.ways.get(leaf, []), proofs.gaps.get(leaf, [])
    why_not = "; ".join([*dict.fromkeys(gaps)][:2])
    if not gaps:
        how = "; ".join(dict.fromkeys(ways)) + (f" (on each of {len(ways)} paths)" if len(ways) > 1 else "")
        return verdict("proved", how, expected, got)
    if not score.points:
        return verdict("undecided", f"too small to be compared at any point; {why_not}")
    if ways:
        why_not = f"proved on {len(ways)} of {len(ways) + len(gaps)} paths, elsewhere {why_not}"
    return verdict("agrees", why_not, expected, got)


def _formula(expression: Any) -> str:
    """The formula as text; empty where it is too long to read."""
    if expression is None or any(True for _ in islice(preorder_traversal(expression), LONGEST_FORMULA, None)):
        return ""
    text = str(expression)
    return text if len(text) <= LONGEST_FORMULA else ""
