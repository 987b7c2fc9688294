"""Turns the rest of a turn after a `continue` into the other arm of the branch that it ends.

Never says which arm was taken.
"""
from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from gradgen.analyse.flow.exits import CONTINUES, ends_elsewhere, ends_with_exit, going_on, has_exit
from gradgen.ir import nodes as ir


def fold(
    block: ir.Block, folds: dict[ir.Block, ir.Block], originals: dict[ir.Stmt, ir.Stmt], kinds: Container[str] = CONTINUES
) -> None:
    """`if c: A; continue` followed by B runs backwards as `if c: A else: B`; so do other `kinds` of exit where one turn is
    taken by itself."""
    for index, stmt in enumerate(block):
        if not isinstance(stmt, ir.Branch) or not has_exit((stmt,), kinds):
            continue
        if not (ends_with_exit(stmt.then, kinds) or ends_with_exit(stmt.orelse, kinds)):
            return
        then, orelse = (going_on(side, block[index + 1 :], kinds) for side in (stmt.then, stmt.orelse))
        virtual = ir.Branch(stmt.test, then, orelse, span=stmt.span)
        folds[block] = (*block[:index], virtual)
        originals[virtual] = stmt
        fold(virtual.then, folds, originals, kinds)
        fold(virtual.orelse, folds, originals, kinds)
        return
    if going_on(block, (), kinds) is not block:
        folds[block] = going_on(block, (), kinds)


def folded(
    body: ir.Block, folds: Mapping[ir.Block, ir.Block], originals: Mapping[ir.Stmt, ir.Stmt]
) -> Iterator[tuple[ir.Branch, ir.Branch]]:
    """The branches whose answer parts the ways of a turn, each with the one that stands for it, the inner ones first."""
    for virtual in folds.get(body, ()):
        original = originals.get(virtual)
        if isinstance(virtual, ir.Branch) and isinstance(original, ir.Branch):
            yield from folded(virtual.then, folds, originals)
            yield from folded(virtual.orelse, folds, originals)
            if not any(ends_elsewhere(folds.get(side, side)) for side in (virtual.then, virtual.orelse)):
                yield original, virtual
