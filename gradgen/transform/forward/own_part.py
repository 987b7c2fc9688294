"""Which statements of a gradient's text are its backward part: gradgen's own lines, which raise nothing of the plain call's.

Never looks at what they compute.
"""
from __future__ import annotations

from collections.abc import Iterator

from gradgen.analyse.flow.exits import blocks_of
from gradgen.analyse.program import Read
from gradgen.ir import nodes as ir
from gradgen.read.own_texts import is_generated

HEAD = "# backward"


def backward_part(read: Read) -> frozenset[ir.Stmt]:
    """The statements of a function that follow on `# backward`, to the end of their block; none of a text of the user's."""
    text = read.positions.text
    if HEAD not in text or not is_generated(text):
        return frozenset()
    return frozenset(_after_head(read.function.body, text, text.index('"""')))


def _after_head(block: ir.Block, text: str, start: int) -> Iterator[ir.Stmt]:
    for place, stmt in enumerate(block):
        if stmt.span is None:
            continue
        if HEAD in text[start : stmt.span.start]:
            yield from (node for each in block[place:] for node in ir.walk(each) if isinstance(node, ir.Stmt))
            return
        inner = stmt.span.start
        for part in blocks_of(stmt):
            yield from _after_head(part, text, inner)
            inner = max([inner, *(each.span.end for each in part if each.span is not None)])
        start = stmt.span.end
