"""Last names: `dx_1`, `dx_2`, ... come in the order in which they are read, adjoints of inner values are called after these.

Never renames what it was not told of, nor anything in a text whose strings, comments or attributes mention such a name.
"""
from __future__ import annotations

import keyword
import re
from collections.abc import Sequence

from gradgen.transform.names import Given

_NUMBERED = re.compile(r"\b[^\W\d]\w*_\d+\b")
_NO_NAME = re.compile(
    r'("""(?:\\.|[^\\])*?"""|\'\'\'(?:\\.|[^\\])*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|#[^\n]*'
    r"|\b\d[\d_]*\.?\w*|\.\s*\w+)", re.DOTALL  # a literal `0.` that ends a line is no object whose attribute begins the next
)
_KEYWORD = re.compile(r"[(,]\s*(\w+)=(?!=)")


_WORD = re.compile(r"[^\W\d]\w*")


def renumbered(lines: Sequence[str], given: Given) -> list[str]:
    """The lines of a function, the first of them its header. Numbers count from where they are read first, a name that is the
    only one of its kind has none, and the adjoint of a value that has a name is called after that. What the header or the keyword
    of a call mentions keeps its name."""
    if not given.stems:
        return list(lines)
    text = "\n".join(lines)
    order = [name for name in dict.fromkeys(_NUMBERED.findall(text)) if name in given.stems]
    if not order:
        return list(lines)
    fixed = {*_KEYWORD.findall(text), *_WORD.findall(lines[0])}
    pieces = _NO_NAME.split(text)  # what may be names, and between them what is none
    words = set(_WORD.findall(" ".join(pieces[::2])))
    changing = [name for name in order if name not in fixed]
    after_values = {name: given.adjoints[name] for name in changing if given.adjoints.get(name, "") in words}
    new = _counted([name for name in changing if name not in after_values], given, fixed, words)
    used = set(new.values())
    for name, value in after_values.items():
        wish = f"d{new.get(value, value)}"
        if wish not in words and wish not in used and not keyword.iskeyword(wish):
            new[name] = wish
            used.add(wish)
    new |= _counted([name for name in after_values if name not in new], given, fixed, words, frozenset(used))
    changed = {name: renamed for name, renamed in new.items() if name != renamed}
    if not changed or any(name in changed for name in _NUMBERED.findall(" ".join(pieces[1::2]))):
        return list(lines)
    return _NUMBERED.sub(lambda match: changed.get(match[0], match[0]), text).split("\n")


def _counted(
    names: Sequence[str], given: Given, fixed: set[str], words: set[str], used: frozenset[str] = frozenset()
) -> dict[str, str]:
    """New numbers for these names, in this order, out of those that their stems were given; `used` are new names already."""
    free: dict[str, list[str]] = {}
    for name, stem in sorted(given.stems.items(), key=lambda pair: int(pair[0].rpartition("_")[2])):
        if name not in fixed and name not in used:
            is_bare = stem in given.bare and stem not in words and stem not in used
            free.setdefault(stem, [stem] if is_bare else []).append(name)
    asked = [given.stems[name] for name in names]
    for stem in given.lone.intersection(asked):
        if asked.count(stem) == 1 and words.isdisjoint((stem, stem[1:])) and stem not in used and not keyword.iskeyword(stem):
            free[stem] = [stem]
    numbers = {stem: iter(found) for stem, found in free.items()}
    return {name: next(numbers[given.stems[name]]) for name in names}
