"""Which statements of a block share one text: `p = q = x` is two of them, and no line fits between.

Never holds text.
"""
from __future__ import annotations

from gradgen.ir import nodes as ir


def of_one_text(block: ir.Block, place: int) -> tuple[ir.Stmt, ...]:
    """The statements whose text begins at a place of a block; none where that one's text stands before it."""
    if place != begin_of_text(block, place):
        return ()
    end = next((each for each in range(place + 1, len(block)) if not _has_no_text(block[each])), len(block))
    return block[place:end]


def begin_of_text(block: ir.Block, place: int) -> int:
    """The place of the statement that carries the text of another."""
    return next(each for each in range(place, -1, -1) if each == 0 or not _has_no_text(block[each]))


def _has_no_text(stmt: ir.Stmt) -> bool:
    return stmt.span is not None and stmt.span.is_empty
