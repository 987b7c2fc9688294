"""What a judge hands back: one verdict for each partial and one for the whole, as a table, as text or as JSON.

Never judges.
"""
from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from rich.table import Table

Status = Literal["proved", "agrees", "differs", "undecided"]
COLOUR: Mapping[Status, str] = {"proved": "green", "agrees": "green", "differs": "red bold", "undecided": "yellow"}


@dataclass(frozen=True)
class Partial:
    """The verdict on one partial derivative.

    `how` says how it was reached, or why not. `expected` and `got` are text: numbers at `point` for one that differs, SymPy's
    formula (or the number at the first point, where the formula is long) otherwise. `digits` significant digits agree at all of
    `points` points; `error` is the estimated error of `expected`, where it is a numerical estimate.
    """

    name: str
    status: Status
    how: str = ""
    expected: str = ""
    got: str = ""
    point: Mapping[str, Any] = field(default_factory=dict)
    digits: int = 0
    points: int = 0
    error: float | None = None

    @property
    def summary(self) -> str:
        """The verdict in words."""
        where = f"at {self.points} point{'s' if self.points != 1 else ''}"
        if self.status == "differs":
            numbers = f"expected {self.expected}, got {self.got}" if self.expected or self.got else ""
            at = ", ".join(f"{name}={value!r}" for name, value in self.point.items())
            return "; ".join(part for part in (self.how, numbers, f"at {at}" if at else "") if part)
        if self.status == "agrees":
            return "; ".join(part for part in (f"to {self.digits} digits {where}" if self.digits else where, self.how) if part)
        return self.how


@dataclass(frozen=True)
class Verdict:
    """A judge's verdict on the gradient of `function`: true where it is proved or agrees.

    `values` holds verdicts on the value that the gradient function gives beside the gradient, if it does. `why` says what kept
    the judge from a verdict, and what else the reader should know.
    """

    judge: str
    function: str
    status: Status
    partials: tuple[Partial, ...] = ()
    values: tuple[Partial, ...] = ()
    why: str = ""

    def __bool__(self) -> bool:
        return self.status in ("proved", "agrees")

    def __getitem__(self, name: str) -> Partial:
        """The verdict on the partial of that name."""
        for partial in self.partials:
            if partial.name == name:
                return partial
        raise KeyError(name)

    def __str__(self) -> str:
        rows = [(partial.name, partial.status, partial.summary) for partial in self.partials + self.values]
        widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
        lines = [f"{self.judge} on the gradient of {self.function}: {self.status}" + (f" ({self.why})" if self.why else "")]
        lines += [f"  {name:<{widths[0]}}  {status:<{widths[1]}}  {summary}".rstrip() for name, status, summary in rows]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers."""
        return json.loads(self.to_json())  # type: ignore[no-any-return]

    def to_json(self, *, indent: int | None = 2) -> str:
        """As JSON; numbers that are no number of JSON's are strings."""
        return json.dumps(asdict(self), indent=indent, default=repr, ensure_ascii=False)

    def __rich__(self) -> Table:
        from rich.table import Table
        from rich.text import Text

        title = Text(f"{self.judge} on the gradient of {self.function}: ").append(self.status, COLOUR[self.status])
        table = Table("partial", "verdict", "how", title=title, caption=self.why or None, title_justify="left")
        for partial in self.partials + self.values:
            table.add_row(Text(partial.name), Text(partial.status, COLOUR[partial.status]), Text(partial.summary))
        return table


@dataclass(frozen=True)
class Comparison(Verdict):
    """SymPy's verdict."""


@dataclass(frozen=True)
class Check(Verdict):
    """Numerical differences' verdict."""


def overall(partials: tuple[Partial, ...]) -> Status:
    """The worst of the verdicts; undecided where there is none."""
    statuses = {partial.status for partial in partials}
    for status in ("differs", "undecided", "agrees", "proved"):
        if status in statuses:
            return status
    return "undecided"
