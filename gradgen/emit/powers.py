"""Writes powers as the user does: `x**2` where the function's own text has no blanks there, else `x ** 2`.

Never changes what a line says.
"""
from __future__ import annotations

import re
from collections.abc import Callable

_SIMPLE = re.compile(r"(?<![\w.])([A-Za-z_]\w*|\d[\w.]*) \*\* (-?(?:[A-Za-z_]\w*|\d[\w.]*))(?![\w(\[.])")
_ANY = re.compile(r" \*\* ")
_STRING = re.compile("[\"']")


def power_style(text: str) -> Callable[[str], str]:
    """What turns ` ** ` of a generated line into what the function's `text` has: around simple operands, or everywhere."""
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    is_simple_tight = re.search(r"\w\*\*[\w-]", code) is not None and re.search(r"\w \*\* ", code) is None
    if not is_simple_tight:
        return str
    is_tight = re.search(r"\)\*\*", code) is not None and re.search(r"\) \*\* ", code) is None

    def tightened(line: str) -> str:
        if _STRING.search(line):
            return line
        return _ANY.sub("**", line) if is_tight else _SIMPLE.sub(r"\1**\2", line)

    return tightened
