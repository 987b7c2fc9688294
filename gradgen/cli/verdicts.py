"""What both judges say of one function, for `verify`.

Never judges; the judges do.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import click

from gradgen import examined
from gradgen.cli import output
from gradgen.cli.generated_files import parsed_wrt
from gradgen.cli.points import arguments_of, as_mapping, example_of
from gradgen.cli.targets import Target
from gradgen.errors import GradgenError
from gradgen.ir.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Judgement:
    """The judges' verdicts on one function, by judge; `error` is why there are none."""

    function: str
    verdicts: tuple[tuple[str, Any], ...]
    error: str = ""

    @property
    def is_fine(self) -> bool:
        """Nothing differs, and at least one judge confirms."""
        statuses = [verdict.status for _, verdict in self.verdicts]
        return not self.error and "differs" not in statuses and any(status in ("proved", "agrees") for status in statuses)

    def say(self) -> None:
        """Print the verdicts under the function's name."""
        if self.error:
            output.complain(self.error)
        for _, verdict in self.verdicts:
            output.say(verdict)

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"function": self.function, "fine": self.is_fine, "error": self.error} | {
            judge: verdict.to_dict() for judge, verdict in self.verdicts
        }


def judged(
    target: Target, wrt: str | None, at: Sequence[str], like: str | None, judge: Literal["sympy", "numeric"] | None
) -> Judgement:
    """Ask the judges, both unless one is named, at the point of `--at`, else at that of `--like`, else at points of their own."""
    bound = arguments_of(at, target.function)
    example = example_of(like, target.function)
    point = None if bound is None else as_mapping(bound)
    function = target.function
    names = parsed_wrt(wrt)
    where = point if example is None or point is not None else example
    symbolic: dict[str, Any] = {} if where is None else {"points": [where]}
    numeric: dict[str, Any] = {} if where is None else {"point": where}
    kinds = bound.args if example is None and bound is not None else example
    verdicts: list[tuple[str, Any]] = []
    try:
        if judge != "numeric":
            verdicts.append(("sympy", examined.compare(function, names, like=kinds, **symbolic)))
        if judge != "sympy":
            verdicts.append(("numeric", examined.check(function, wrt=names, like=kinds, **numeric)))
    except GradgenError as error:
        return Judgement(target.shown, tuple(verdicts), str(error))
    except click.ClickException:
        raise
    except Exception as error:
        return Judgement(target.shown, tuple(verdicts), f"{target.shown} raised {type(error).__name__}: {error}")
    return Judgement(target.shown, tuple(verdicts))
