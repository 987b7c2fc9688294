"""Running the text of a gradient on exact numbers at a point, and telling its own faults from what this judge cannot follow.

Never compares what comes out.
"""
from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

from gradgen.judge import domain as domains
from gradgen.judge.exact import Exact
from gradgen.judge.faults import NoStandInError, RefusedError, WrongError
from gradgen.judge.gradient_text import GradientText, arguments_for, split
from gradgen.judge.leaves import StructureError, leaves
from gradgen.judge.limits import quietly
from gradgen.judge.path import Path
from gradgen.judge.subject import Runner, Sample, Subject, symbol

CHECK = "check_shapes"


def _nothing(*pairs: object) -> None:
    """In the place of the check of the arguments' shapes."""


@dataclass(frozen=True)
class Case:
    """What is to be judged, where, and to how many digits."""

    subject: Subject
    text: GradientText
    samples: tuple[Sample, ...]
    digits: int


@dataclass(frozen=True)
class Answer:
    """What the gradient function gave on exact numbers: its partials, the value if it gives one, the path it took, and the seeds
    that it was given (one for each number of the primal's result) by name.
    """

    partials: Mapping[str, Exact]
    value: Sequence[Exact]
    path: tuple[bool | int, ...]
    seeds: Mapping[str, Exact]


class GradientRun:
    """The gradient function, ready to be run on the numbers of one runner's world.

    Raises WrongError where the text cannot be run, NoStandInError where only this judge cannot run it.
    """

    def __init__(self, text: GradientText, runner: Runner) -> None:
        self.text, self.runner = text, runner
        self.is_followed = True
        try:
            namespace = runner.rerun.text(text.source)
            if CHECK in namespace:  # it asks for arrays of floats; exact numbers are boxed
                namespace[CHECK] = _nothing
            self.function = namespace[text.name]
        except NoStandInError:
            raise
        except Exception as problem:
            _blame(problem, self._plainly)
        self.signature = inspect.signature(self.function)

    def at(self, values: Mapping[str, Any], result: Any, turn: int) -> Answer:
        """The answer at a point where the primal gives `result`. At odd turns the seeds are other than 1.

        Raises NoStandInError, RefusedError or WrongError.
        """
        world = self.runner.world
        outputs = [name for name, _ in leaves(result, "result")]
        seeds = [
            world.variable(f"d{name}", symbol(f"d{name}"), Fraction(13 + 4 * index, 10) if turn % 2 else Fraction(1))
            for index, name in enumerate(outputs)
        ]
        path = world.path = Path()
        try:
            partials, value, names = self._called(values, result, seeds)
            return Answer(
                {name: world.exact(number) for name, number in partials},
                [] if value is None else self.runner.numbers(value),
                tuple(path.decisions),
                _by_name(names, seeds) if names else {"": world.constant(1)},
            )
        except NoStandInError:
            raise
        except StructureError as problem:
            raise WrongError(str(problem)) from problem
        except Exception as problem:
            _blame(problem, lambda: self._plainly(values))

    def path_at(self, values: Mapping[str, Any], result: Any) -> tuple[bool | int, ...]:
        """The path that the gradient takes at a point, as far as it can be told."""
        if not self.is_followed:
            return ()
        try:
            return self.at(values, result, 0).path
        except (RefusedError, WrongError):
            return (False,)
        except NoStandInError:
            self.is_followed = False
            return ()

    def _called(self, values: Mapping[str, Any], result: Any, seeds: Sequence[Exact]) -> tuple[Any, Any, list[str]]:
        subject = self.runner.subject
        given = self.runner.arguments(values, {})
        arguments, names = arguments_for(self.signature, subject.signature, given, result, seeds)
        if not names and len(seeds) != 1:
            raise StructureError(f"{subject.name} gives {len(seeds)} numbers, and the gradient function takes no seeds")
        answer = quietly(subject.seconds, domains.call, self.function, self.signature, arguments)
        value, partials = split(answer, self.text, subject.wrt, given)
        return partials, value, names

    def _plainly(self, values: Mapping[str, Any] | None = None) -> None:
        """Run the text as it is on plain floats, at the point if there is one; raises what it raises."""
        subject = self.runner.subject
        namespace: dict[str, Any] = {"__name__": "gradient"}
        quietly(subject.seconds, exec, compile(self.text.source, "<gradient>", "exec", dont_inherit=True), namespace)
        if values is None:
            return
        function = namespace[self.text.name]
        signature = inspect.signature(function)
        result = subject.plain(values)
        ones = [1.0 for _ in leaves(result, "")]
        arguments, _ = arguments_for(signature, subject.signature, subject.replaced(values, {}), result, ones)
        quietly(subject.seconds, domains.call, function, signature, arguments)


def _by_name(names: Sequence[str], seeds: Sequence[Exact]) -> dict[str, Exact]:
    """The seeds by the parameters that take them; one parameter may take them all."""
    if len(names) == len(seeds):
        return dict(zip(names, seeds, strict=True))
    return {f"{names[0]}[{index}]": seed for index, seed in enumerate(seeds)}


def _blame(problem: Exception, plainly: Callable[[], None]) -> NoReturn:
    """Raise what a failure on exact numbers means: the text's own fault if it fails plainly too, else a limit of this judge."""
    if type(problem).__name__ == "NonDifferentiableError":
        raise RefusedError(str(problem)) from problem
    if isinstance(problem, TimeoutError):
        raise NoStandInError(f"the gradient gives {problem}") from problem
    try:
        plainly()
    except TimeoutError as slow:
        raise NoStandInError(f"the gradient gives {slow}") from slow
    except Exception as fault:
        if type(fault).__name__ == "NonDifferentiableError":
            raise RefusedError(str(fault)) from fault
        raise WrongError(f"it raises {type(fault).__name__}: {fault}") from fault
    raise NoStandInError(f"it cannot be run on exact numbers: {type(problem).__name__}: {problem}") from problem
