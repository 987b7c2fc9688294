"""Points what is refused in generated text to the user's function: to the line that the generated one stands for.

Never refuses anything itself.
"""
from __future__ import annotations

import contextlib
import functools
import inspect
import linecache
import re
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from gradgen.errors import ArgumentError, Finding, UnsupportedError
from gradgen.ir.frozen import replace
from gradgen.read.callables import unwrap
from gradgen.read.refusals import short_name

WORDS = frozenset({"", "else:", "try:", "finally:", "pass", "break", "continue", ")", "]", "}"})
"""Lines that stand for nothing of their own."""
PLACE = re.compile(r"(<gradgen [^>\n]*>):(\d+)(?::\d+)?")
"""A line of a generated function, as messages name it."""
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
        raise type(error)(list(dict.fromkeys(_pointed(each, _innermost(fn)) for each in error.findings))) from None


def places_told(text: str, fn: Callable[..., Any]) -> str:
    """A module's text whose messages name lines of the user's function where they named lines of its generated derivative fn."""
    function = unwrap(_innermost(fn)).function if PLACE.search(text) else None
    return text if function is None else PLACE.sub(functools.partial(_told, function), text)


def _told(function: types.FunctionType, match: re.Match[str]) -> str:
    line = _line_for(linecache.getlines(match[1])[: int(match[2])], function)
    return match[0] if line is None else f"{short_name(function.__code__.co_filename)}:{line}"


def _innermost(fn: Any) -> Any:
    while hasattr(fn, "seeds"):
        fn = fn.primal
    return fn


def _is_generated(finding: Finding) -> bool:
    return finding.file.startswith("<gradgen ")


def _pointed(finding: Finding, fn: Callable[..., Any]) -> Finding:
    function = unwrap(fn).function
    if not _is_generated(finding) or function is None:
        return finding
    file, first = function.__code__.co_filename, function.__code__.co_firstlineno
    line = _line_for(linecache.getlines(finding.file)[: finding.line], function)
    if line is None:
        return finding
    own, whole = inspect.getsourcelines(function)[0], linecache.getlines(file)
    shown = (own[line - first] if first <= line < first + len(own) else whole[line - 1]).rstrip()
    is_own = shown.strip() == finding.source_line.strip()
    helper = re.match(r"<gradgen helper (\w+)", finding.file)
    where = f"In its derivative's text{f', in {helper[1]}()' if helper else ''}: `{finding.source_line.strip()}`."
    reason = finding.reason if is_own else f"{where} {finding.reason}"
    column = len(shown) - len(shown.lstrip())
    return replace(finding, file=file, line=line, column=column, end_column=len(shown), source_line=shown, reason=reason)


def _line_for(lines: Sequence[str], function: types.FunctionType) -> int | None:
    """The line of the user's file that the last one of these generated lines stands for, the function's first one where none is
    found; None where the function's text is not at hand."""
    file, first = function.__code__.co_filename, function.__code__.co_firstlineno
    try:
        own = inspect.getsourcelines(function)[0]
    except (OSError, TypeError):
        return None
    whole = linecache.getlines(file)
    for text in _standing_above(lines):
        place = _place_of(text, own) if (part := _place_of_part(text, own)) is None else part
        found = first + place if place is not None else None if (other := _place_of(text, whole)) is None else 1 + other
        if found is not None:
            return found
    return first


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
    value = quoted.partition(" = ")[2]
    returned = f"return {value}" if value else quoted
    places = {line.strip(): place for place, line in reversed(list(enumerate(lines)))}
    for each in (quoted, returned):
        if each in places:
            return places[each]
    beginnings = (line for line in places if len(line) >= BEGINNING and quoted is not text and quoted.startswith(line))
    longest = max(beginnings, key=len, default=None)
    return None if longest is None else places[longest]


def _place_of_part(text: str, lines: Sequence[str]) -> int | None:
    """Which of the user's lines holds a value that has a line of its own in generated text."""
    value = text.partition(" = ")[2]
    if text.startswith("#") or len(value) < BEGINNING:
        return None
    return next((place for place, line in enumerate(lines) if value in line), None)
