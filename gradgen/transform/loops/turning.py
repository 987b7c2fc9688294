"""How a loop or a try statement is turned round, as data.

Never decides it: transform.control does. Never writes a line: transform.backward does.
"""
from __future__ import annotations

from gradgen.analyse.flow.exits import Chain
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field
from gradgen.transform.lines.plans import Taken
from gradgen.transform.loops.replaying import Checkpoints


@dataclass(slots=True)
class LoopPlan:
    """How a loop runs backwards: `iterable` is gone through in reverse (None: while `tape` holds anything, or `counter` times),
    cut at `counter` turns where `is_cut`. `early` are the breaks whose last turn was left half done, told apart by `left`.
    With `checkpoints` the turns are run again from kept states. What variables that are `handed` hold after the loop is what its
    last turn took.
    """

    iterable: ir.Expr | None = None
    counter: str | None = None
    is_cut: bool = False
    tape: str | None = None
    early: list[tuple[ir.Exit, Chain]] = field(default_factory=list)
    left: str | None = None
    counted_after: ir.Stmt | None = None
    is_endless: bool = False
    target: ir.Target | None = None
    items: list[Taken] = field(default_factory=list)
    rows: frozenset[str] = frozenset()
    handed: frozenset[str] = frozenset()
    checkpoints: Checkpoints | None = None


@dataclass(slots=True)
class TryPlan:
    """How a try statement is turned round: `way` holds the number of the handler that ran, 0 where none did."""

    way: str
