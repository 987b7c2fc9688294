"""How the tables write their rows: `elementwise`, `zero` and `refused`, kept as text until an operation is asked for.

Never parses: a row is data until then, so that importing the tables costs next to nothing.
"""
from __future__ import annotations

from dataclasses import dataclass

from gradgen.rules.conditions import Condition


@dataclass(frozen=True, slots=True)
class Row:
    """A row as written. `cost` is None where the operation tells it, `is_zero` and `refuses_all` speak of all operands."""

    text: tuple[str, ...]
    when: Condition | None = None
    cost: int | None = None
    refused: frozenset[str] = frozenset()
    reason: str = ""
    is_zero: bool = False
    refuses_all: bool = False


def elementwise(
    pattern: str, *lines: str, when: Condition | None = None, cost: int | None = None, refused: str = "", reason: str = ""
) -> Row:
    """A forward line and the backward lines that it causes, number by number. `refused` holds names between blanks."""
    return Row((pattern, *lines), when, cost, frozenset(refused.split()), reason)


def zero(*patterns: str, cost: int | None = None) -> tuple[Row, ...]:
    """Operations that move in steps, or tell yes from no: their derivative is 0 wherever there is one."""
    return tuple(Row((pattern,), cost=cost, is_zero=True) for pattern in patterns)


def whole(*patterns: str, cost: int | None = None) -> tuple[Row, ...]:
    """Operations on whole numbers only: a value that varies continuously cannot go in, so an active operand is refused."""
    reason = "it is defined for whole numbers only"
    return tuple(Row((pattern,), cost=cost, reason=reason, refuses_all=True) for pattern in patterns)
