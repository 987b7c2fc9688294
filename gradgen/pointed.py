"""Points what is refused in generated text to the user's function: to the line that the generated one stands for.

Never refuses anything itself.
"""
from __future__ import annotations

import contextlib
import inspect
import linecache
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from gradgen.errors import ArgumentError, Finding, UnsupportedError
from gradgen.ir.frozen import replace
from gradgen.read.callables import unwrap

WORDS = frozenset({"", "else:", "try:", "finally:", "pass", "break", "continue", ")", "]", "}"})
"""Lines that stand for nothing of their own."""
BEGINNING = 8
"""How many characters a line has to have at least for it to be the beginning of a statement on several lines."""


@contextlib.contextmanager
def pointed_to(fn: Callable[..., Any]) -> Iterator[None]:
    """Refusals in the text of fn, which may be generated, are raised as those of the function that it is a derivative of."""
    try:
        yield
    except (UnsupportedError, ArgumentError) as error:
        if not any(map(_is_generated, error.findings)):
            raise
        innermost: Any = fn
        while hasattr(innermost, "seeds"):
            innermost = innermost.primal
        raise type(error)(list(dict.fromkeys(_pointed(each, innermost) for each in error.findings))) from None


def _is_generated(finding: Finding) -> bool:
    return finding.file.startswith("<gradgen ")


def _pointed(finding: Finding, fn: Callable[..., Any]) -> Finding:
    function = unwrap(fn).function
    if not _is_generated(finding) or function is None:
        return finding
    file, first = function.__code__.co_filename, function.__code__.co_firstlineno
    try:
        own = inspect.getsourcelines(function)[0]
    except (OSError, TypeError):
        return finding
    whole = linecache.getlines(file)
    wanted = list(_standing_above(linecache.getlines(finding.file)[: finding.line]))
    line = first
    for text in wanted:
        place = _place_of(text, own)
        found = first + place if place is not None else None if (other := _place_of(text, whole)) is None else 1 + other
        if found is not None:
            line = found
            break
    shown = (own[line - first] if first <= line < first + len(own) else whole[line - 1]).rstrip()
    is_own = shown.strip() == finding.source_line.strip()
    helper = re.match(r"<gradgen helper (\w+)", finding.file)
    where = f"In its derivative's text{f', in {helper[1]}()' if helper else ''}: `{finding.source_line.strip()}`."
    reason = finding.reason if is_own else f"{where} {finding.reason}"
    column = len(shown) - len(shown.lstrip())
    return replace(finding, file=file, line=line, column=column, end_column=len(shown), source_line=shown, reason=reason)


def _standing_above(lines: Sequence[str]) -> Iterator[str]:
    """The last of these lines, and those above it in its function: backward lines stand below a comment that quotes the user."""
    for line in reversed(lines):
        if line.startswith("def "):
            return
        if line.strip() not in WORDS:
            yield line.strip()


def _place_of(text: str, lines: Sequence[str]) -> int | None:
    """Which of the user's lines a generated line is, or quotes the beginning of."""
    quoted = text.removeprefix("# ")
    returned = f"return {quoted.partition(' = ')[2]}" if quoted is not text else quoted
    places = {line.strip(): place for place, line in reversed(list(enumerate(lines)))}
    for each in (quoted, returned):
        if each in places:
            return places[each]
    beginnings = (line for line in places if len(line) >= BEGINNING and quoted is not text and quoted.startswith(line))
    longest = max(beginnings, key=len, default=None)
    return None if longest is None else places[longest]
