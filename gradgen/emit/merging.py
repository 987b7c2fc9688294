"""Leaves out generated functions that another one says word for word: gradients of a callee at calls that differ in nothing.

Never looks into what the words mean.
"""
from __future__ import annotations

import re
from collections.abc import Hashable, Sequence

from gradgen.emit.module import FunctionText
from gradgen.ir.frozen import replace


def merged(texts: Sequence[FunctionText], origins: Sequence[Hashable]) -> list[FunctionText]:
    """The texts without repetitions; `origins` are the functions that they were written for. Calls go to the shortest name. The
    last one is what was asked for, and stays. What helpers those need that go is noted with the one that stays."""
    found, given, asked = list(texts), list(origins), texts[-1].name
    while len(found) > 1:
        groups: dict[tuple[Hashable, str], list[str]] = {}
        for text, origin in zip(found, given, strict=True):
            groups.setdefault((origin, _without(text.name, text.lines)), []).append(text.name)
        kept_names = {names[0]: min(names, key=lambda name: (name != asked, len(name))) for names in groups.values()}
        instead = {name: kept_names[names[0]] for names in groups.values() for name in names if name != kept_names[names[0]]}
        if not instead:
            return found
        asked_for: dict[str, dict[str, None]] = {}
        for text in found:
            asked_for.setdefault(instead.get(text.name, text.name), {}).update(dict.fromkeys(text.helpers))
        found = [replace(text, helpers=tuple(asked_for.get(text.name, ()))) for text in found]
        kept = [(text, origin) for text, origin in zip(found, given, strict=True) if text.name not in instead]
        found, given = [_renamed(text, instead) for text, _ in kept], [origin for _, origin in kept]
    return found


def _without(name: str, lines: Sequence[str]) -> str:
    return re.sub(rf"\b{re.escape(name)}\b", "?", "\n".join(lines))


def _renamed(text: FunctionText, instead: dict[str, str]) -> FunctionText:
    names = re.compile(r"\b(?:" + "|".join(map(re.escape, instead)) + r")\b")
    return replace(text, lines=tuple(names.sub(lambda match: instead[match[0]], line) for line in text.lines))
