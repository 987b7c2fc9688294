"""The nodes of statements that belong into the backward part: as the user writes them, and as they stand there.

Never says where they go.
"""
from __future__ import annotations

from gradgen.ir.frozen import dataclass
from gradgen.ir.nodes import Inert, Name, Stmt


@dataclass(frozen=True, eq=False, slots=True)
class Hook(Inert):
    """`with adjoint_of(x) as dx, adjoint_of(y) as dy:`: the variables that are `asked` and the names of their adjoints; `text` is
    its body, which belongs into the backward part."""
    asked: tuple[tuple[Name, str], ...] = ()
    text: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Verbatim(Stmt):
    """The user's own text among gradgen's lines: what it reads, and the names that it may bind or change."""
    text: str
    reads: tuple[Name, ...]
    binds: tuple[str, ...]
