"""Where things stand in the text of the user's function.

Never holds text.
"""
from __future__ import annotations

from gradgen.ir.frozen import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the user's function text, as character offsets [start, end) into that text."""
    start: int
    end: int

    @property
    def is_empty(self) -> bool:
        """Whether there is no text here: what stands here is said by the text before it, as the `q` of `p = q = x`."""
        return self.start == self.end


@dataclass(frozen=True, slots=True)
class Case:
    """Where a branch stands in the text of a `match`: the whole statement, where its subject ends, the header of the case (guard
    included), its pattern, and the header of the last case where that is the branch's `orelse`."""
    match: Span
    subject_end: int
    header: Span
    pattern: Span
    other: Span | None = None
