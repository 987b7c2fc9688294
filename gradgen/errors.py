"""What gradgen says when it cannot go on: exceptions, and the findings with source spans that refusals are made of.

Never decides what to refuse; it only carries and formats.
"""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 6
"""How many findings a message holds; what follows them follows from them, as a rule."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One refusal: where it is, what it is, why, and what to write instead.

    `line` counts from 1, `column` from 0 (shown from 1); `source_line` is the text of that line. Of what is refused in a function
    of another file, `reached` says which call leads there.
    """

    code: str
    message: str
    reason: str = ""
    way_out: str = ""
    file: str = "<unknown>"
    line: int = 1
    column: int = 0
    end_column: int | None = None
    source_line: str = ""
    reached: str = ""

    def __str__(self) -> str:
        head = f"{self.file}:{self.line}:{self.column + 1}: {self.code}: {self.message}"
        parts = [head]
        if self.source_line.strip():
            number = f"{self.line:5d}"
            end = self.end_column if self.end_column is not None else len(self.source_line.rstrip())
            carets = "^" * max(1, end - self.column)
            parts.append(f"{number} | {self.source_line.rstrip()}")
            parts.append(f"      | {' ' * self.column}{carets}")
        way_here = f"Reached by {self.reached}." if self.reached else ""
        parts.extend(text for text in (self.reason, way_here, self.way_out) if text)
        return "\n".join(parts)

    @property
    def place(self) -> tuple[str, int, int, int | None]:
        """Where it is."""
        return self.file, self.line, self.column, self.end_column


def _stated(text: str) -> Finding:
    """The finding in a message that generated code raised: `FILE.py:LINE[:COLUMN]: CODE: message`."""
    form = r"(?P<file>(?:[A-Za-z]:)?[^:]*):(?P<line>\d+)(:(?P<column>\d+))?: (?P<code>GG\d+): (?P<message>.*)"
    match = re.match(form, text, re.DOTALL)
    if match is None:
        return Finding("GG000", text)
    line, column = int(match["line"]), int(match["column"] or 1) - 1
    return Finding(match["code"], match["message"], file=match["file"], line=line, column=column)


class GradgenError(Exception):
    """Everything that gradgen raises on purpose. `.findings` says each thing found wrong; `.code` is the first one's."""

    def __init__(self, findings: Finding | Sequence[Finding] | str) -> None:
        if isinstance(findings, str):
            super().__init__(findings)
            self.findings: tuple[Finding, ...] = (_stated(findings),)
            return
        self.findings = (findings,) if isinstance(findings, Finding) else tuple(findings)
        shown = list(map(str, self.findings[:SHOWN]))
        more = len(self.findings) - SHOWN
        super().__init__("\n\n".join(shown + [f"There are {more} more, in .findings of this exception."] * (more > 0)))

    @property
    def code(self) -> str:
        return self.findings[0].code


class UnsupportedError(GradgenError):
    """The function is readable Python, but holds something that gradgen does not differentiate."""


class SourceError(GradgenError):
    """The function's source cannot be found, or is no longer the text that the running code was compiled from."""


class NonDifferentiableError(GradgenError, ArithmeticError):
    """At these values the function has no derivative that anyone could mean: an equality on a varying value held, say."""


class RuleError(GradgenError):
    """A derivative rule is malformed, mismatched or numerically wrong."""


class ArgumentError(GradgenError, TypeError):
    """A transform was asked for something that the function does not have: an unknown wrt name, a non-scalar result."""


class InternalError(GradgenError):
    """gradgen's own check of its output failed. Always a bug; the message asks to report it."""


class KindsError(TypeError):
    """Arguments of kinds that a text was not made for: numbers where it works on arrays, arrays of other ranks."""
