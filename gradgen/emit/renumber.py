"""Renumbers the names that gradgen has numbered, so that `dx_1`, `dx_2`, ... come in the order in which they are read.

Never renames what it was not told of, nor anything in a text whose strings, comments or attributes mention such a name.
"""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_NUMBERED = re.compile(r"[^\W\d]\w*_\d+")
_NO_NAME = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'(?:\\.|[^\\])*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|#[^\n]*|\.\s*\w+', re.DOTALL
)
_KEYWORD = re.compile(r"[(,]\s*(\w+)=(?!=)")


def renumbered(lines: Sequence[str], stems: Mapping[str, str]) -> list[str]:
    """The lines of a function, the first of them its header. `stems` are the numbered names that may change, each with what it
    is without its number; what the header or the keyword of a call mentions keeps its number."""
    text = "\n".join(lines)
    order = [name for name in dict.fromkeys(_NUMBERED.findall(text)) if name in stems]
    if not order:
        return list(lines)
    fixed = {*_KEYWORD.findall(text), *_NUMBERED.findall(lines[0])}
    free: dict[str, list[int]] = {}
    for name, stem in stems.items():
        if name not in fixed:
            free.setdefault(stem, []).append(int(name.removeprefix(f"{stem}_")))
    numbers = {stem: iter(sorted(found)) for stem, found in free.items()}
    new = {name: f"{stems[name]}_{next(numbers[stems[name]])}" for name in order if name not in fixed}
    changed = {name: renamed for name, renamed in new.items() if name != renamed}
    if not changed or any(name in changed for part in _NO_NAME.findall(text) for name in _NUMBERED.findall(part)):
        return list(lines)
    return _NUMBERED.sub(lambda match: changed.get(match[0], match[0]), text).split("\n")
