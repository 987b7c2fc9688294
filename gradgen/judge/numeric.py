"""Numerical differences' verdict on a gradient function: central differences, extrapolated, each with an estimate of its error.

Never looks at code: it only calls. Where the differences say nothing it says so.
"""
from __future__ import annotations

import inspect
import math
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from gradgen.judge import domain as domains
from gradgen.judge.gradient_text import GradientText, arguments_for, split
from gradgen.judge.leaves import StructureError, all_finite, leaves, rebuild
from gradgen.judge.limits import quietly
from gradgen.judge.verdict import Check, Partial, Status, overall

JUDGE = "Numerical differences"
EPS = sys.float_info.epsilon
STARTS = (0.1, 1e-2, 1e-3, 1e-5)  # first steps, relative to the size of x; later ones only where earlier ones gave no slope
SHRINK = 1.4  # Ridders: each step is so much smaller than the one before
ROWS = 12  # of the tableau
GOOD = 1e-9  # an error so small, relative to the slope, ends the search for a better one
MOST_TRIES = 400
DRAW_SECONDS = 0.5  # a point where the primal takes longer is left out
MOST_ROWS = 64  # more partials than this are shown as one row for each parameter
MOST_ELEMENTS = 150  # of a parameter with more of them the differences are taken along directions
DIRECTIONS = 3


def ridders(function: Callable[[float], float], x: float) -> tuple[float, float]:
    """(derivative, estimate of its error) of a function of one number, by central differences extrapolated to step 0.

    The method is C. Ridders' (Advances in Engineering Software 4, 1982); the error is infinite where no step gave a number.

    >>> slope, error = ridders(math.exp, 1.0)
    >>> abs(slope - math.e) < 1e-9 and error < 1e-9
    True
    """
    return _extrapolated(function, x, _central, power=2)


def one_sided(function: Callable[[float], float], x: float, side: int) -> tuple[float, float]:
    """(slope, estimate of its error) on the right of x (`side` 1) or on the left (`side` -1)."""

    def difference(f: Callable[[float], float], at: float, step: float) -> float:
        moved = at + side * step
        return (f(moved) - f(at)) / (moved - at)

    return _extrapolated(function, x, difference, power=1)


def _central(function: Callable[[float], float], x: float, step: float) -> float:
    above, below = x + step, x - step
    return (function(above) - function(below)) / (above - below)


def _extrapolated(
    function: Callable[[float], float], x: float, difference: Callable[..., float], power: int
) -> tuple[float, float]:
    best = (math.nan, math.inf)
    steps = [start * max(abs(x), 1e-2) for start in STARTS] + ([0.1 * abs(x)] if 0 < abs(x) < 1e-2 else [])
    for step in steps:
        found = _tableau(function, x, step, difference, power)
        if found[1] < best[1]:
            best = found
        if best[1] <= GOOD * abs(best[0]):
            break
    return best


def _tableau(
    function: Callable[[float], float], x: float, step: float, difference: Callable[..., float], power: int
) -> tuple[float, float]:
    """Neville's tableau of differences at shrinking steps, whose errors go with step**power, step**(2*power), ..."""
    best, least = math.nan, math.inf
    row: list[float] = []
    noise = EPS * abs(_number(function, x))
    for _ in range(ROWS):
        try:
            latest = [float(difference(function, x, step))]
        except (ArithmeticError, ValueError, TypeError, LookupError):
            latest = [math.nan]
        factor = SHRINK**power
        for older in row:
            latest.append((latest[-1] * factor - older) / (factor - 1))
            error = max(abs(latest[-1] - latest[-2]), abs(latest[-1] - older)) + noise / step
            if error < least:
                best, least = latest[-1], error
            factor *= SHRINK**power
        if row and len(latest) > 2 and abs(latest[-1] - row[-1]) >= 2 * least + 4 * noise / step and math.isfinite(least):
            break  # the differences get worse again: the step is in the noise
        row = latest if math.isfinite(latest[0]) else []
        step /= SHRINK
    return best, least


def _number(function: Callable[[float], float], x: float) -> float:
    try:
        return float(function(x))
    except (ArithmeticError, ValueError, TypeError, LookupError):
        return math.nan


@dataclass(frozen=True)
class _Case:
    """What is checked, and how closely."""

    primal: Callable[..., Any]
    gradient: Callable[..., Any]
    signature: inspect.Signature
    gradient_signature: inspect.Signature
    wrt: tuple[str, ...]
    rtol: float
    seconds: float

    @property
    def name(self) -> str:
        return getattr(self.primal, "__name__", type(self.primal).__name__)


def check(
    primal: Callable[..., Any],
    gradient: Callable[..., Any],
    wrt: str | Sequence[str] | None = None,
    *,
    point: Mapping[str, Any] | Sequence[Any] | None = None,
    domain: Mapping[str, Any] | None = None,
    points: int = 8,
    rtol: float = 1e-6,
    time_limit: float = 20.0,
) -> Check:
    """Whether `gradient` (giving the gradient or (value, gradient), as of symbolic.compare) agrees with differences of `primal`.

    At `point`, the arguments by name or in order, if it is given; else at so many `points` of the domain, drawn as by compare.
    Arguments may be numbers, arrays, lists, tuples, dicts, named tuples and dataclasses of numbers: each number has its partial.
    At a kink any slope between those on its two sides agrees, and the verdict says that there is one. `rtol` is the relative
    difference that is still agreement; `time_limit` the CPU time in seconds for one point.

    Raises ArgumentError for wrt or domain names that the primal does not have, and what the primal raises at a given point.
    """
    signature = domains.signature_of(primal)
    case = _Case(primal, gradient, signature, inspect.signature(gradient), domains.wrt_of(signature, wrt), rtol, time_limit)
    if point is not None:
        drawn = [domains.bind(signature, point)]
        quietly(time_limit, _value, case, drawn[0])
        turning = next((name for name in case.wrt if _is_complex(drawn[0].get(name))), None)
        if turning is not None:
            return Check(JUDGE, case.name, "undecided", why=f"{turning} is complex; differences are taken by real numbers")
    else:
        drawn, why = _drawn(case, points, domain or {})
        if not drawn:
            return Check(JUDGE, case.name, "undecided", why=why)
    found: dict[str, list[Partial]] = {}
    values: dict[str, list[Partial]] = {}
    try:
        for values_at in drawn:
            partials, value = quietly(time_limit, _at, case, values_at)
            for partial in partials:
                found.setdefault(partial.name, []).append(partial)
            for partial in value:
                values.setdefault(partial.name, []).append(partial)
    except TimeoutError as problem:
        return Check(JUDGE, case.name, "undecided", why=str(problem))
    rows = tuple(_worst(verdicts) for verdicts in found.values())
    value_rows = tuple(_worst(verdicts) for verdicts in values.values())
    rows = rows if len(rows) <= MOST_ROWS else tuple(_by_parameter(rows, case.wrt))
    return Check(JUDGE, case.name, overall(rows + value_rows), rows, value_rows)


def _is_complex(value: Any) -> bool:
    return isinstance(value, complex) or getattr(getattr(value, "dtype", None), "kind", "") == "c"


def _fresh(values: Mapping[str, Any], changed: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A copy of the point, some of its numbers replaced."""
    new = changed or {}
    return {
        name: rebuild(value, iter([new.get(leaf, number) for leaf, number in leaves(value, name)]))
        for name, value in values.items()
    }


def _value(case: _Case, values: Mapping[str, Any], changed: Mapping[str, Any] | None = None) -> Any:
    return domains.call(case.primal, case.signature, _fresh(values, changed))


def _drawn(case: _Case, count: int, domain: Mapping[str, Any]) -> tuple[list[dict[str, Any]], str]:
    """Points at which the primal has a value, or why there are none."""
    templates = domains.templates(case.signature, domain, case.wrt)
    unknown = [f"{name} ({kind.what})" for name, kind in templates.items() if isinstance(kind, domains.Unknown)]
    if unknown:
        return [], f"no value is known for {', '.join(unknown)}: give one in domain="
    whole: set[str] = set()
    found: list[dict[str, Any]] = []
    why = ""
    hints = domains.compared_constants(case.primal)
    for name, constants in domains.compared_constants(case.gradient).items():
        hints.setdefault(name, set()).update(constants)
    stream = domains.points(templates, case.name, hints, whole)
    for values in islice(stream, MOST_TRIES):
        try:
            result = quietly(min(case.seconds, DRAW_SECONDS), _value, case, values)
        except Exception as problem:  # whatever the primal raises: no point of its domain
            why = f"{case.name} raises {type(problem).__name__}: {problem}"
            if "integer" in str(problem):
                whole |= set(case.signature.parameters) - set(case.wrt)
            continue
        if all_finite(result):
            found.append(values)
        why = why or f"{case.name} gives no finite real number"
        if len(found) == count:
            break
    return found, f"no valid point in {MOST_TRIES} tries: {why}"


def _at(case: _Case, values: Mapping[str, Any]) -> tuple[list[Partial], list[Partial]]:
    """The verdicts at one point: on the partials, and on the value if the gradient function gives it."""
    result = _value(case, values)
    outputs = [float(number) for _, number in leaves(result, "")]
    seeds = [1.0] if len(outputs) == 1 else [1.0 + 0.3 * math.sin(index) for index in range(len(outputs))]
    point = {leaf: number for name, value in values.items() for leaf, number in leaves(value, name)} | {
        name: value for name, value in values.items() if isinstance(value, str | bool)
    }
    names = [leaf for name in case.wrt for leaf, _ in leaves(values[name], name)]
    try:
        arguments, named = arguments_for(case.gradient_signature, case.signature, _fresh(values), result, seeds)
        if not named and len(outputs) != 1:
            raise StructureError(f"{case.name} gives {len(outputs)} numbers, and the gradient function takes no seeds")
        answer = domains.call(case.gradient, case.gradient_signature, arguments)
        text = GradientText("", getattr(case.gradient, "__name__", ""))
        value, partials = split(answer, text, case.wrt, values)
    except Exception as problem:  # whatever the gradient function raises where the primal has a value
        refuses = type(problem).__name__ == "NonDifferentiableError"
        how = f"the gradient {'refuses' if refuses else 'raises ' + type(problem).__name__}: {problem}"
        return [Partial(name, "undecided" if refuses else "differs", how, point=point, points=1) for name in names], []
    weights = seeds if named else [1.0]

    def along(direction: Mapping[str, float], start: Mapping[str, float]) -> Callable[[float], float]:
        def line(x: float) -> float:
            changed = {leaf: start[leaf] + x * by for leaf, by in direction.items()}
            moved = [float(number) for _, number in leaves(_value(case, values, changed), "")]
            return math.fsum(weight * number for weight, number in zip(weights, moved, strict=True))

        return line

    got = dict(partials)
    verdicts: list[Partial] = []
    for name in case.wrt:
        own = [leaf for leaf, _ in leaves(values[name], name)]
        if len(own) <= MOST_ELEMENTS:
            verdicts += [
                _judged(case, leaf, along({leaf: 1.0}, {leaf: 0.0}), float(point[leaf]), float(got[leaf]), point) for leaf in own
            ]
            continue
        start = {leaf: float(point[leaf]) for leaf in own}
        worst = _worst([
            _judged(case, name, along(by, start), 0.0, math.fsum(float(got[leaf]) * size for leaf, size in by.items()), {})
            for by in _directions(own)
        ])
        verdicts.append(replace(worst, points=1, how=f"along {DIRECTIONS} directions; {worst.how}".rstrip("; ")))
    return verdicts, list(_values(case, outputs, value, point))


def _directions(names: Sequence[str]) -> Iterator[dict[str, float]]:
    """Some directions in which all of the numbers move, the same ones in every run."""
    draw = random.Random(len(names))
    for _ in range(DIRECTIONS):
        yield {name: draw.uniform(-1.0, 1.0) for name in names}


def _judged(case: _Case, leaf: str, line: Callable[[float], float], x: float, got: float, point: Mapping[str, Any]) -> Partial:
    """The verdict on one partial at one point."""
    slope, error = ridders(line, x)
    if slope == 0 and 0 < abs(got) < EPS and line(x) == 0:
        how = "the value is 0 in doubles, here and around"
        return Partial(leaf, "undecided", how, "0", f"{got:.12g}", point, points=1, error=error)
    size = max(abs(slope), abs(got))
    per_step = abs(line(x)) / max(abs(x), 1e-2)  # slopes much below this are lost in the value's rounding
    close = max(case.rtol * size, EPS * per_step)

    def verdict(status: Status, how: str, expected: str) -> Partial:
        digits = 0 if status != "agrees" or not math.isfinite(slope) else _digits(slope, got)
        return Partial(leaf, status, how, expected, f"{got:.12g}", point, digits, 1, error)

    if math.isfinite(slope) and error <= max(close, 1e-4 * size, 1e-8 * per_step) and abs(slope - got) <= max(close, 4 * error):
        return verdict("agrees", "", f"{slope:.12g}")
    sides = [one_sided(line, x, side) for side in (-1, 1)]
    (left, left_error), (right, right_error) = sides
    has_sides = all(math.isfinite(side) and fault <= 1e-3 * max(abs(side), size) for side, fault in sides)
    if has_sides and abs(left - right) > 10 * (left_error + right_error) + close:
        near = left_error + right_error + close
        is_between = min(left, right) - near <= got <= max(left, right) + near
        return verdict("agrees" if is_between else "differs", "at a kink", f"between {left:.9g} and {right:.9g}")
    if not math.isfinite(got):
        return verdict("differs", "no finite number", f"{slope:.12g}")
    if math.isfinite(slope) and error <= 1e-2 * size and abs(slope - got) > max(close, 10 * error):
        return verdict("differs", "", f"{slope:.12g}")
    return verdict("undecided", "the differences do not settle on a slope", f"{slope:.6g} +- {error:.1g}")


def _digits(expected: float, got: float) -> int:
    if expected == got:
        return 15
    return max(0, min(15, int(-math.log10(abs(expected - got) / max(abs(expected), abs(got))))))


def _values(case: _Case, outputs: Sequence[float], value: Any, point: Mapping[str, Any]) -> Iterator[Partial]:
    """The verdicts on the numbers of the value that the gradient function gave, if it gave one."""
    given = [] if value is None else [float(number) for _, number in leaves(value, "")]
    for index, (expected, got) in enumerate(zip(outputs, given, strict=False)):
        agrees = math.isclose(expected, got, rel_tol=1e-9, abs_tol=1e-300)
        name = "value" if index == 0 else f"value[{index}]"
        texts = (f"{expected:.17g}", f"{got:.17g}")
        yield Partial(name, "agrees" if agrees else "differs", "", *texts, point, _digits(expected, got) if agrees else 0, 1, 0.0)


def _worst(verdicts: Sequence[Partial]) -> Partial:
    """The verdict over all points: the first that differs, else the agreement of fewest digits; undecided if most points are."""
    open_ones = [partial for partial in verdicts if partial.status == "undecided"]
    rank = {"differs": 0, "undecided": 1, "agrees": 2} if 2 * len(open_ones) >= len(verdicts) else {"differs": 0, "agrees": 1}
    worst = min(verdicts, key=lambda partial: (rank.get(partial.status, 3), partial.digits))
    notes = dict.fromkeys(partial.how for partial in verdicts if partial.how and partial is not worst)
    how = "; ".join([worst.how] * bool(worst.how) + [f"elsewhere {note}" for note in notes])
    return replace(worst, points=len(verdicts) - (len(open_ones) if worst.status == "agrees" else 0), how=how)


def _by_parameter(rows: Sequence[Partial], wrt: Sequence[str]) -> Iterator[Partial]:
    """One row for each parameter, that of its worst element."""
    for name in wrt:
        own = [row for row in rows if row.name == name or row.name.startswith((f"{name}[", f"{name}."))]
        if own:
            worst = _worst(own)
            how = f"worst of {len(own)} elements; {worst.how}".rstrip("; ")
            yield replace(worst, points=own[0].points, how=how)
