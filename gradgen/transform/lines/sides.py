"""How backward lines are put together: tests with two sides, and the place of what brings a value back.

Never decides what the lines are.
"""
from __future__ import annotations

from collections.abc import Sequence

from gradgen.ir import nodes as ir
from gradgen.simplify.fold import negated


def place_for(restore: ir.Restore | ir.Assign, lines: Sequence[ir.Stmt]) -> int:
    """Where a value must be back: before the first group of lines that reads it."""
    names = restore.targets if isinstance(restore, ir.Restore) else ()
    for index, line in enumerate(lines):
        if any(isinstance(node, ir.Name) and node.id in names for node in ir.walk(line)):
            while index > 0 and isinstance(lines[index - 1], ir.Comment):
                index -= 1
            return index
    return 0


def conditional(test: ir.Expr | None, then: ir.Block, orelse: ir.Block, is_elif: bool = False) -> list[ir.Stmt]:
    """`if test: then else: orelse` without empty sides."""
    if not then and not orelse:
        return []
    assert test is not None
    if not then:
        return [ir.Branch(negated(test), orelse, (), is_elif)]
    if len(orelse) == 1 and isinstance(orelse[0], ir.Branch):
        inner = orelse[0]
        orelse = (ir.Branch(inner.test, inner.then, inner.orelse, is_elif=True),)
    return [ir.Branch(test, then, orelse, is_elif)]
