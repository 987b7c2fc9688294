"""The nodes of statements that belong into the backward part: as the user writes them, and as they stand there.

Never says where they go.
"""
from __future__ import annotations

from gradgen.ir.frozen import dataclass
from gradgen.ir.nodes import Inert, Name, Stmt


@dataclass(frozen=True, eq=False, slots=True)
class Hook(Inert):
    """`with adjoint_of(variable) as adjoint:`; `text` is its body, which belongs into the backward part."""
    variable: Name = Name("")
    adjoint: str = ""
    text: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Verbatim(Stmt):
    """The user's own text among gradgen's lines: what it reads, and the name that it may bind or change."""
    text: str
    reads: tuple[Name, ...]
    binds: str
