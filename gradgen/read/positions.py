"""Positions in a function's text: ast lines and UTF-8 columns as character spans, and back.

Never decides what is changed in a text: it follows places through edits.
"""
from __future__ import annotations

import ast
from collections.abc import Sequence

from gradgen.ir.frozen import dataclass
from gradgen.ir.nodes import Span
from gradgen.read.text import Offsets


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """`text` in the place of the stretch [start, end) of another text."""

    start: int
    end: int
    text: str


def run_together(text: str, more: str) -> bool:
    """Whether the last word of a text and the first one of another become one where they meet."""
    return bool(text and more) and (text[-1].isalnum() or text[-1] == "_") and (more[0].isalnum() or more[0] == "_")


class Positions:
    """The places of one text: `lines` keep their ends; lines count from 1, columns from 0. `written` is the text as the user
    wrote it, where this one is made of it by edits. `has_named` says whether `:=` may stand in it."""

    def __init__(self, text: str, before: Positions | None = None, edits: Sequence[Edit] = ()) -> None:
        self.text = text
        self.before = before
        self.edits = tuple(sorted(edits))
        self.has_named = ":=" in text
        self.written: Positions = self if before is None else before.written
        self._offsets = Offsets(text)
        self.starts = self._offsets.line_starts
        ends = (*self.starts[1:], len(text))
        self.lines = [text[start:end] for start, end in zip(self.starts, ends, strict=True)]

    def offset(self, line: int, column: int) -> int:
        """The character offset of an ast position (column in UTF-8 bytes)."""
        return self._offsets.at(line, column)

    def span(self, node: ast.AST) -> Span:
        """The stretch of text that a node with a position covers."""
        return Span(*self._offsets.span_of(node))

    def slice(self, span: Span) -> str:
        """The text of a span."""
        return self.text[span.start : span.end]

    def line_column(self, offset: int) -> tuple[int, int]:
        """The line and the column in characters of an offset."""
        return self._offsets.place(offset)

    def edited(self, edits: Sequence[Edit]) -> Positions:
        """The places of the text after edits that do not touch."""
        parts, at = [], 0
        edits = [self._apart(edit) for edit in edits]
        for edit in sorted(edits):
            assert edit.start >= at, "edits that touch"
            parts += [self.text[at : edit.start], edit.text]
            at = edit.end
        return Positions("".join((*parts, self.text[at:])), self, edits)

    def _apart(self, edit: Edit) -> Edit:
        """An edit whose words do not run into those beside it, as a name in the place of a tuple would: `return(x, y)`."""
        if not edit.text:
            return edit
        first = " " if run_together(self.text[max(0, edit.start - 1) : edit.start], edit.text) else ""
        last = " " if run_together(edit.text, self.text[edit.end : edit.end + 1]) else ""
        return Edit(edit.start, edit.end, f"{first}{edit.text}{last}") if first or last else edit

    def origin(self, offset: int) -> int:
        """Where the user's own text has what stands at an offset; for what an edit put there, where the edit begins."""
        if self.before is None:
            return offset
        moved = 0  # how much longer the text has become before the offset
        for edit in self.edits:
            start = edit.start + moved
            if offset < start:
                break
            if offset < start + len(edit.text):
                return self.before.origin(edit.start)
            moved += len(edit.text) - (edit.end - edit.start)
        return self.before.origin(offset - moved)
