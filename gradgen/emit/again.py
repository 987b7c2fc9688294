"""Tidies the text of a derivative that was made of a derivative's text: what the older one asked and headed stands there once.

Never drops a statement but a check of arguments that one just above it includes.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Sequence

PAIR = re.compile(r'\((\w+), ("[^"]*")\)')
GUARD = re.compile(r" +check_(?:number|shapes)\((.*)\)")
TEST = re.compile(r" +if (?:not )?type\(.*float:")
TANGENT = re.compile(r" +(\w+) = (?:(?:checked|complex)_tangent\(\w+, \1\)|0\.0)")
OTHER = re.compile(r" +check_(?:held|tangent)\(.*\)")


def tidied(lines: Sequence[str], name: str, once: Callable[[Sequence[str]], Sequence[str]]) -> list[str]:
    """The lines of a function that was made of the generated function `name`; `once` has values computed once."""
    return _with_headings(_without_empty_groups(once(_checked_once(lines))), name)


def _checked_once(lines: Sequence[str]) -> list[str]:
    """Checks at the beginning that an earlier one includes go."""
    found: list[str] = []
    checked: set[str] = set()
    is_at_start = True
    for line in lines[1:]:
        guard = GUARD.fullmatch(line)
        if is_at_start and guard is not None:
            asked = set(PAIR.findall(guard[1])) or set(guard[1].split(", "))
            named = {" ".join(each) if isinstance(each, tuple) else each for each in asked}
            if checked and named <= checked and found:
                if TEST.fullmatch(found[-1]):
                    found.pop()
                continue
            checked |= named
        stripped = line.strip()
        is_asking = any(each.fullmatch(line) for each in (GUARD, TEST, TANGENT, OTHER))
        is_plain = not stripped or stripped.startswith("#") or is_asking
        is_at_start = is_at_start and (is_plain or not found or _is_in_docstring([*found, line]))
        found.append(line)
    return [lines[0], *found]


def _is_in_docstring(lines: Sequence[str]) -> bool:
    """Whether the last line belongs to the docstring."""
    quotes = [line.count('"""') for line in lines]
    return sum(quotes[:-1]) < 2


def _without_empty_groups(lines: Sequence[str]) -> list[str]:
    """Comments that head groups of which no line is left go, in backward parts."""
    found: list[str] = []
    begins = next((place for place, line in enumerate(lines) if line.strip() == "# backward"), len(lines))
    for place in range(len(lines) - 1, -1, -1):
        line = lines[place]
        below = found[-1].strip() if found else ""
        is_headed = line.strip().startswith("# ") and place > begins and line.strip() != "# backward"
        indent = len(line) - len(line.lstrip())
        is_empty = below == "" or below.startswith("#") or len(found[-1]) - len(found[-1].lstrip()) < indent
        if is_headed and is_empty:
            continue
        found.append(line)
    return found[::-1]


def _with_headings(lines: Sequence[str], name: str) -> list[str]:
    """One `# forward`, and one `# backward` that says nothing else: the older ones say whose they are."""
    last = max((place for place, line in enumerate(lines) if line == "    # backward"), default=-1)
    inner = re.sub(r"_(value_and_)?grad$", "", name)
    found: list[str] = []
    for place, line in enumerate(lines):
        if line == "    # forward" and line in found:
            continue
        if line == "    # backward" and place < last:
            rest = [each for each in lines[place + 1 :] if each.strip()]
            if rest[0] == line:
                continue
            line = f"    # backward part of {inner}"
        follows = next(iter(lines[place + 1 :]), "")
        is_first = bool(found) and found[-1].endswith(":") and follows.strip() == "# backward"  # in its block
        if line == "" and (is_first or found and found[-1] == ""):
            continue
        found.append(line)
    return found
