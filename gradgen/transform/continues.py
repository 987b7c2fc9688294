"""Turns the rest of a turn after a `continue` into the other arm of the branch that it ends.

Never says which arm was taken.
"""
from __future__ import annotations

from gradgen.analyse.exits import ends_with_continue, has_continue
from gradgen.ir import nodes as ir


def fold(block: ir.Block, folds: dict[ir.Block, ir.Block], originals: dict[ir.Stmt, ir.Stmt]) -> None:
    """`if c: A; continue` followed by B runs backwards as `if c: A else: B`."""
    for index, stmt in enumerate(block):
        if not isinstance(stmt, ir.Branch) or not has_continue((stmt,)):
            continue
        rest = block[index + 1 :]
        then, orelse = stmt.then, stmt.orelse
        if then and ends_with_continue(then) and not has_continue(then[:-1]) and not has_continue(orelse):
            virtual = ir.Branch(stmt.test, then[:-1], orelse + rest, span=stmt.span)
        elif orelse and ends_with_continue(orelse) and not has_continue((*orelse[:-1], *then)):
            virtual = ir.Branch(stmt.test, then + rest, orelse[:-1], span=stmt.span)
        else:
            return
        folds[block] = (*block[:index], virtual)
        originals[virtual] = stmt
        fold(virtual.then, folds, originals)
        fold(virtual.orelse, folds, originals)
        return
