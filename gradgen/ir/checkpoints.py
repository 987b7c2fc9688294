"""The node of a loop's body that the backward part runs again.

Never says when.
"""
from __future__ import annotations

from gradgen.ir.frozen import dataclass
from gradgen.ir.nodes import For, Name, NameTarget, Stmt, While


@dataclass(frozen=True, eq=False, slots=True)
class Replay(Stmt):
    """One turn of a loop, run again in the backward part with what the turn's backward lines need kept beside it: the names that
    it reads from before the turn, and those that it binds. The `definition` is the user's own loop."""
    definition: For | While
    reads: tuple[Name, ...]
    binds: tuple[NameTarget, ...]
