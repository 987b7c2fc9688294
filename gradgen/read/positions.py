"""Positions in a function's text: ast lines and UTF-8 columns as character spans, and back.

Never changes the text.
"""
from __future__ import annotations

import ast

from gradgen.ir.nodes import Span
from gradgen.read.text import Offsets


class Positions:
    """The places of one text: `lines` keep their ends; lines count from 1, columns from 0."""

    def __init__(self, text: str) -> None:
        self.text = text
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
