"""Collects what is refused in one function text, with places, so that all of it is reported at once.

Never decides anything.
"""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from gradgen.codes import stated
from gradgen.errors import Finding, UnsupportedError
from gradgen.ir.nodes import Node, Span
from gradgen.read.positions import Positions


def short_name(file: str) -> str:
    """A file without its folders, as texts name it; a generated one without the number that tells it from others of its name."""
    return re.sub(r"^<gradgen (\S+) \d+>$", r"<gradgen \1>", file.replace("\\", "/").rsplit("/", 1)[-1])


BEHIND = "GG105"
"""What says all of a place: what else is refused there follows from it."""


class Refusals:
    """The findings of one function. `first_line` and `column` say where its text stands in `file`."""

    def __init__(self, positions: Positions, file: str, first_line: int, column: int) -> None:
        self.positions = positions
        self.file = file
        self.first_line = first_line
        self.column = column
        self.findings: list[Finding] = []

    def add(self, code: str, span: Span | None, **words: str) -> None:
        """Note a refusal; `words` complete the code's texts (construct, detail, suggestion, advice)."""
        finding = self.finding(code, span, **words)
        is_said = any(each.code == BEHIND and each.place == finding.place for each in self.findings)
        if finding not in self.findings and not is_said:
            self.findings.append(finding)

    def take_over(self, refused: Iterable[Finding], call: Node) -> None:
        """Note what is refused in a function that is called here."""
        here = f"{self.written(call)} at {self.place(call.span).removesuffix(': ')}"
        for finding in refused:
            if all(finding.place != noted.place for noted in self.findings):
                way = ", ".join(part for part in (finding.reached, here) if part)
                self.findings.append(finding if finding.file == self.file else replace(finding, reached=way))

    def finding(self, code: str, span: Span | None, **words: str) -> Finding:
        """The finding of a code at a place."""
        title, reason, way_out = stated(code, **words)
        span = span or Span(0, 0)
        written, start = self.positions.written, self.positions.origin(span.start)
        line, column = written.line_column(start)
        end_line, end_column = written.line_column(max(start, self.positions.origin(span.end)))
        source_line = written.lines[line - 1].rstrip("\n") if written.lines else ""
        return Finding(
            code, title, reason, way_out, self.file, self.first_line + line - 1, self.column + column,
            self.column + (end_column if end_line == line else len(source_line)), " " * self.column + source_line,
        )

    def raise_if_any(self) -> None:
        """Raise UnsupportedError with everything found so far."""
        if self.findings:
            raise UnsupportedError(self.findings)

    def written(self, node: Node) -> str:
        """What a node is in the text, where that is short; else `this`."""
        text = "" if node.span is None else self.positions.slice(node.span)
        return text if 0 < len(text) <= 40 and "\n" not in text else "this"

    def place(self, span: Span | None) -> str:
        """`FILE.py:LINE:COLUMN: ` of a stretch of the function, for messages of generated code."""
        finding = self.finding("GG501", span)
        return f"{short_name(finding.file)}:{finding.line}:{finding.column + 1}: "
