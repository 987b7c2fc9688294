"""How the tables write their rows: `elementwise`, `zero` and `refused`, kept as text until an operation is asked for.

Never parses: a row is data until then, so that importing the tables costs next to nothing.
"""
from __future__ import annotations

from collections.abc import Callable

from gradgen.ir.frozen import dataclass
from gradgen.rules.conditions import Condition
from gradgen.rules.notation import Facts
from gradgen.rules.shapes import ShapeOf

COUNT = "it is a whole number"
"""Why a row refuses an operand that is counted with: a default wrt leaves out what is only read so."""
STEERING = frozenset({
    "axis", "axes", "keepdims", "dtype", "out", "order", "shape", "copy", "subok", "where", "returned", "indices",
    "source", "destination", "side", "kind", "stable", "mode", "method", "indexing", "sparse", "endpoint", "num", "retstep",
    "return_index", "return_inverse", "return_counts", "shift", "reps", "repeats", "k", "axis1", "axis2", "start_axis",
})
"""Operands that say how an operation is done: they do not vary."""


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
    shape: ShapeOf | None = None
    maker: Callable[[Facts], tuple[str, ...] | None] | None = None
    carries: str = ""


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


def array(
    pattern: str, *lines: str, shape: ShapeOf, when: Condition | None = None, cost: int = 10, refused: str = "", reason: str = ""
) -> Row:
    """A function of whole arrays. What is left out by default (`axis=None`) passes nothing on."""
    return Row((pattern, *lines), when, cost, frozenset(refused.split()), reason, shape=shape)


def made(
    pattern: str, maker: Callable[[Facts], tuple[str, ...] | None], *, shape: ShapeOf, carries: str = "", cost: int = 10
) -> Row:
    """A function of whole arrays whose backward lines depend on what is known of the operands. A derivative passes to the
    operands that `carries` names, if it is left out to all but those of STEERING; it is refused where the lines have none."""
    return Row((pattern,), None, cost, shape=shape, maker=maker, carries=carries)


def passive(*patterns: str, shape: ShapeOf, cost: int = 10) -> tuple[Row, ...]:
    """Functions of whole arrays whose results do not vary: counts, places, truths, new arrays."""
    return tuple(Row((pattern,), cost=cost, is_zero=True, shape=shape) for pattern in patterns)
