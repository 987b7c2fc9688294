"""What a run on exact numbers decided on its way: which branches it took, and what it asked to take them.

Never decides.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

# What was asked: the sign of a number or of the difference of two, the floor of one or of a quotient, the next int above one, the
# nearest int, the binary exponent; "need" is a sign without which the function raises; "equality" is no test, since on one side
# of it lie only single points.
Kind = Literal["sign", "floor", "ceil", "round", "exponent", "need", "equality"]
SIGNS = ("sign", "need")


@dataclass
class Path:
    """`decisions` lists the outcomes in order; where expressions are built, `tests` holds what was asked as (kind, expression),
    and `needs` the signs that were no choice.
    """

    decisions: list[Any] = field(default_factory=list)
    tests: set[tuple[str, Any]] = field(default_factory=set)
    needs: set[tuple[str, Any]] = field(default_factory=set)

    def note(self, outcome: Any, kind: Kind, asked: list[Any] | None) -> None:
        """One outcome; `asked` holds the expressions of the one or two numbers that it depends on, if they are built."""
        self.decisions.append(outcome)
        if asked is None or kind == "equality":
            return
        about = asked[0]
        if len(asked) == 2:
            about = about - asked[1] if kind in SIGNS else about / asked[1]
        if kind in SIGNS and about.could_extract_minus_sign():
            about = -about
        if about.free_symbols:
            (self.needs if kind == "need" else self.tests).add(("sign" if kind == "need" else kind, about))
