"""Where things stand in a text: ast positions as character offsets, and which lines begin inside a string.

Never changes a text and never decides what a position is for.
"""
from __future__ import annotations

import ast
import io
import re
import tokenize
from bisect import bisect_right
from typing import Any

from gradgen.ir.frozen import dataclass, field

_LINE_END = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_MAY_HOLD_LINES = re.compile(r"""\"\"\"|'''|\\\r?\n|[fFtT][rR]?["']|[rR][fFtT]["']""")
_STRING_STARTS = {getattr(tokenize, name, -1) for name in ("FSTRING_START", "TSTRING_START")}
_STRING_ENDS = {getattr(tokenize, name, -1) for name in ("FSTRING_END", "TSTRING_END")}


@dataclass(frozen=True, slots=True)
class Offsets:
    """Maps the positions of `text`'s ast nodes (line from 1, UTF-8 column from 0) to character offsets, and back."""

    text: str
    line_starts: tuple[int, ...] = field(init=False, repr=False)
    _is_ascii: bool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "line_starts", (0, *(match.end() for match in _LINE_END.finditer(self.text))))
        object.__setattr__(self, "_is_ascii", self.text.isascii())

    def at(self, line: int, column: int) -> int:
        """The character offset of an ast position."""
        start = self.line_starts[line - 1]
        if self._is_ascii:
            return start + column
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        return start + len(self.text[start:end].encode()[:column].decode())

    def span_of(self, node: ast.AST) -> tuple[int, int]:
        """The stretch [start, end) of a node that has a position. Decorators do not count as part of a definition."""
        placed: Any = node
        if self._is_ascii:
            starts = self.line_starts
            return starts[placed.lineno - 1] + placed.col_offset, starts[placed.end_lineno - 1] + placed.end_col_offset
        return self.at(placed.lineno, placed.col_offset), self.at(placed.end_lineno, placed.end_col_offset)

    def place(self, offset: int) -> tuple[int, int]:
        """The line (from 1) and the column in characters (from 0) of an offset."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1]

    def line_start(self, offset: int) -> int:
        """The offset where the line that holds `offset` begins."""
        return self.line_starts[bisect_right(self.line_starts, offset) - 1]


def lines_of(text: str) -> list[str]:
    """The lines with their ends, as Python counts them: a form feed or a Unicode line separator ends none."""
    return _LINE.findall(text)


def lines_inside_strings(text: str) -> frozenset[int]:
    """The numbers (from 1) of the lines whose first character belongs to a string, so that their indentation is data.

    Lines inside the replacement fields of an f-string count too: `{x =}` shows its own spaces.
    """
    if not _MAY_HOLD_LINES.search(text):
        return frozenset()
    inside: set[int] = set()
    opened: list[int] = []
    for token in tokenize.generate_tokens(io.StringIO(text, newline=None).readline):
        if token.type == tokenize.STRING:
            inside.update(range(token.start[0] + 1, token.end[0] + 1))
        elif token.type in _STRING_STARTS:
            opened.append(token.start[0])
        elif token.type in _STRING_ENDS:
            inside.update(range(opened.pop() + 1, token.end[0] + 1))
    return frozenset(inside)
