"""The function that a judge looks at, and the points it looks at it: run plainly, and run on exact numbers.

Never looks at a gradient.
"""
from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from gradgen.judge import domain as domains
from gradgen.judge.exact import Exact, World
from gradgen.judge.faults import NoIntegerError, NoStandInError
from gradgen.judge.leaves import all_finite, leaves, rebuild
from gradgen.judge.limits import quietly
from gradgen.judge.path import Path
from gradgen.judge.rerun import Rerun

MOST_TRIES = 400
HINTED_TRIES = 60  # failing tries that are run once more, to see what the function compares its parameters with
SLOW_TRY = 10  # tries that one without an end counts for
MODEL_ERROR = 1e-6  # the run on exact numbers must come so close to the plain one


def name_of(function: Callable[..., Any]) -> str:
    """What to call the function."""
    return str(getattr(function, "__name__", type(function).__name__))


@dataclass(frozen=True)
class Subject:
    """A function, the parameters it is differentiated with respect to, and those that stay `fixed`, as constants."""

    primal: Callable[..., Any]
    signature: inspect.Signature
    wrt: tuple[str, ...]
    seconds: float
    fixed: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return name_of(self.primal)

    def plain(self, values: Mapping[str, Any]) -> Any:
        """The function's result at the point, quietly."""
        return quietly(self.seconds, domains.call, self.primal, self.signature, values)

    def varies(self, name: str, number: Any) -> bool:
        """Whether a leaf of that parameter is a variable of the comparison: every float, and an int of a wrt parameter."""
        return name in self.wrt or (isinstance(number, float) and name not in self.fixed)

    def variables(self, values: Mapping[str, Any]) -> dict[str, Fraction]:
        """The variables' names and exact values at the point."""
        return {
            leaf: Fraction(repr(float(number)))
            for name, value in values.items()
            for leaf, number in leaves(value, name)
            if self.varies(name, number)
        }

    def partials(self, values: Mapping[str, Any]) -> list[str]:
        """The names of the numbers that there is a partial for, in order."""
        return [leaf for name in self.wrt for leaf, _ in leaves(values[name], name)]

    def replaced(self, values: Mapping[str, Any], numbers: Mapping[str, Any]) -> dict[str, Any]:
        """The point with its variables replaced."""
        return {
            name: rebuild(value, iter([numbers.get(leaf, number) for leaf, number in leaves(value, name)]))
            for name, value in values.items()
        }


@dataclass(frozen=True)
class Sample:
    """A point at which the function has a value, and the paths that it and its gradient take there."""

    values: Mapping[str, Any]
    path: tuple[tuple[bool | int, ...], ...]


@dataclass
class Sampling:
    """The points that were found; `why` says why there are none."""

    samples: list[Sample] = field(default_factory=list)
    why: str = ""
    tries: int = 0


class Runner:
    """Runs a subject on the numbers of one world."""

    def __init__(self, subject: Subject, world: World) -> None:
        self.subject = subject
        self.world = world
        self.rerun = Rerun(world)
        self._function = self.rerun.convert(subject.primal)

    def arguments(self, values: Mapping[str, Any], shift: Mapping[str, Fraction]) -> dict[str, Any]:
        """The point in numbers of this world, some variables moved a little."""
        numbers = {
            leaf: self.world.variable(leaf, symbol(leaf) if self.world.symbolic else None, value + shift.get(leaf, 0))
            for leaf, value in self.subject.variables(values).items()
        }
        return {name: self.rerun.convert(value) for name, value in self.subject.replaced(values, numbers).items()}

    def run(self, values: Mapping[str, Any], shift: Mapping[str, Fraction] | None = None) -> tuple[Any, tuple[bool | int, ...]]:
        """(result, path) of the function. Raises whatever it raises."""
        path = self.world.path = Path()
        arguments = self.arguments(values, shift or {})
        result = domains.call(self._function, self.subject.signature, arguments)
        return result, tuple(path.decisions)

    def numbers(self, result: Any) -> list[Exact]:
        """The numbers of a result. Raises NoStandInError where a value was lost on the way to it."""
        return [self.world.exact(number) for _, number in leaves(result, "")]


# The path that a gradient takes at a point where the function gives a result.
Follow = Callable[[Mapping[str, Any], Any], tuple[bool | int, ...]]


def symbol(name: str) -> Any:
    """The SymPy symbol of a variable. Nothing is assumed of it: SymPy then leaves roots and powers as they were written."""
    import sympy

    return sympy.Symbol(name)


def sample(runner: Runner, count: int, domain: Mapping[str, Any], follow: Follow) -> Sampling:
    """Find points of the domain at which the function has a value, as many different paths among them as turn up."""
    subject = runner.subject
    templates = domains.templates(subject.signature, domain, subject.wrt)
    unknown = [f"{name} ({kind.what})" for name, kind in templates.items() if isinstance(kind, domains.Unknown)]
    if unknown:
        return Sampling(why=f"no value is known for {', '.join(unknown)}: give one in domain=")
    whole: set[str] = set()
    seed = f"{subject.name}({', '.join(subject.signature.parameters)})"
    drawn = domains.points(templates, seed, runner.world.hints, whole)
    return _collect(runner, drawn, count, whole, follow)


def sample_given(runner: Runner, points: Sequence[Mapping[str, Any] | Sequence[Any]], follow: Follow) -> Sampling:
    """Look only at the points given."""
    given = [domains.bind(runner.subject.signature, point) for point in points]
    return _collect(runner, iter(given), len(given), set(), follow)


def _collect(runner: Runner, drawn: Iterator[dict[str, Any]], count: int, whole: set[str], follow: Follow) -> Sampling:
    found = Sampling()
    lost: list[str] = []
    for values in drawn:
        found.tries += 1
        try:
            found.samples.append(_tried(runner, values, whole, follow, has_hints=found.tries > HINTED_TRIES))
        except NoStandInError as problem:
            lost.append(str(problem))
        except TimeoutError as problem:
            found.tries += SLOW_TRY
            lost.append(f"{runner.subject.name} gave {problem}")
        except Exception as problem:  # whatever the user's function raises: no point of its domain
            found.why = f"{runner.subject.name} raises {type(problem).__name__}: {problem}"
        if found.tries >= MOST_TRIES or (len(lost) >= 3 and not found.samples):
            break
        is_branching = any(decided for one in found.samples for decided in one.path)
        if len(found.samples) >= count and (found.tries >= 4 * count or not is_branching):
            break
    if lost and not found.samples:
        found.why = lost[-1]
    elif found.samples:
        found.why = ""
    found.samples = _varied(found.samples, count)
    return found


def _tried(runner: Runner, values: dict[str, Any], whole: set[str], follow: Follow, *, has_hints: bool) -> Sample:
    """The sample at the point. Raises what the function raises, and ValueError where its result is no finite number."""
    subject = runner.subject
    try:
        plain = subject.plain(subject.replaced(values, {}))
    except TimeoutError:
        raise
    except Exception:
        if not has_hints:
            _learn(runner, values, whole)
        raise
    if not all_finite(plain):
        raise ValueError("no finite real result")
    try:
        result, path = quietly(subject.seconds, runner.run, values)
    except (NoStandInError, TimeoutError):
        raise
    except Exception as problem:
        how = f"{type(problem).__name__}: {problem}"
        raise NoStandInError(f"{subject.name} cannot be run on exact numbers: {how}") from problem
    here = [number.double for number in runner.numbers(result)]
    there = [float(number) for _, number in leaves(plain, "")]
    if len(here) != len(there) or not all(map(_is_near, here, there)):
        raise NoStandInError(f"on exact numbers {subject.name} gives {_shown(here)}, plainly {_shown(there)}")
    return Sample(values, (path, follow(values, result)))


def _is_near(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=MODEL_ERROR, abs_tol=1e-12)


def _learn(runner: Runner, values: dict[str, Any], whole: set[str]) -> None:
    """Run the function once on exact numbers, for what it asks of its parameters before it fails."""
    try:
        quietly(runner.subject.seconds, runner.run, values)
    except NoIntegerError as problem:
        free = {name for name in runner.subject.signature.parameters if name not in runner.subject.wrt}
        whole |= {name for name in problem.names if name in free} or free
    except Exception:
        return  # as plainly


def _varied(samples: list[Sample], count: int) -> list[Sample]:
    """At most `count` samples, one of each path before a second of any, in the order they were found."""
    ranks: dict[tuple[tuple[bool | int, ...], ...], int] = {}
    ranked = []
    for index, one in enumerate(samples):
        rank = ranks[one.path] = ranks.get(one.path, -1) + 1
        ranked.append((rank, index))
    return [samples[index] for _, index in sorted(sorted(ranked)[:count], key=lambda pair: pair[1])]


def _shown(numbers: list[float]) -> str:
    return ", ".join(f"{number:.10g}" for number in numbers) or "no number"
