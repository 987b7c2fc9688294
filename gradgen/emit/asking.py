"""The text of a comparison that raises where it says nothing of the slope.

Never says which comparisons do.
"""
from __future__ import annotations

import re
from collections.abc import Callable

from gradgen.analyse.slopes.kinks import helper_for
from gradgen.emit.own import Line
from gradgen.ir import nodes as ir
from gradgen.transform.gradient import ForwardEdits

_AN_IF = re.compile(r"^[ \t]*(?:el)?if $", re.MULTILINE)
STRICT = frozenset({"lt", "gt", "ne"})


def let_through(stmt: ir.Stmt, edits: ForwardEdits, indent: str, inner: str) -> list[Line]:
    """The handlers in front of a try statement's own: for what has no derivative, and for what says that there is none."""
    lines = [Line(indent, "except NonDifferentiableError:"), Line(inner, "raise")] if stmt in edits.reraised else []
    pointed = edits.pointed.get(stmt)
    if pointed is not None and pointed.classes:
        named = pointed.classes[0] if len(pointed.classes) == 1 else f"({', '.join(pointed.classes)})"
        said = f"raise NonDifferentiableError({_quoted(pointed.message)}) from None"
        lines += [Line(indent, f"except {named}:"), Line(inner, said)]
    return lines


def _quoted(message: str) -> str:
    return '"' + message.replace("\\", "\\\\").replace('"', '\\"') + '"'


def asking(
    compare: ir.Expr, own: str, around: str, span: ir.Span, edits: ForwardEdits, text: Callable[[ir.Expr], str]
) -> str:
    """An equality asked by way of a helper; an order with the equality that it parts at beside it, in brackets unless it is all
    that an `if` asks; so are an equality that asks for the largest, and the truth of a number. The comparison, whose `own` text
    this is, stands at `span` in the text `around` it."""
    quoted = _quoted(edits.kinks[compare])
    if compare in edits.parted:
        check = f"at_kink({text(edits.parted[compare])}, {quoted})"
        ops = compare.ops if isinstance(compare, ir.Compare) else ("truth",)
        asked = f"{own} or {check}" if set(ops) <= STRICT else f"{check} or {own}"
        asked = f"{own} and not {check}" if ops == ("eq",) else asked  # which of them is the largest
        is_alone = _AN_IF.search(around[: span.start][-40:]) is not None and around[span.end :][:1] == ":"
        return asked if is_alone else f"({asked})"
    if not isinstance(compare, ir.Compare):
        return f"{'any_at_kink' if compare in edits.wide_kinks else 'at_kink'}({own}, {quoted})"
    helper, opposite = helper_for(compare, compare in edits.wide_kinks)
    equality = text(ir.Compare((opposite,), compare.operands)) if opposite else own
    return f"(not {helper}({equality}, {quoted}))" if opposite else f"{helper}({equality}, {quoted})"
