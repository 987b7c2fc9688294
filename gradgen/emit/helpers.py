"""What the helpers of a module are called in it: by their own names, but where something of the user's is called so.

Never chooses helpers, and never changes what one does.
"""
from __future__ import annotations

import re
from collections.abc import Container, Iterable

from gradgen.emit.homonyms import renamed
from gradgen.rules.carried import APART
from gradgen.rules.helpers import helper_texts


def in_module(name: str, apart: Container[str]) -> str:
    """A helper's name in a module in which the helpers `apart` go by other names."""
    return name + APART if name in apart else name


def name_of(helper: str) -> str:
    """The name that a helper defines, of which there may be several variants: `zeros_like, read by places`."""
    return helper.partition(",")[0]


def kept_apart(text: str, apart: frozenset[str]) -> str:
    """A helper's text with the names that the helpers have in the module."""
    names = {name: name + APART for name in apart}
    if not any(name in text for name in names):
        return text
    lines = renamed(text.strip("\n").splitlines(), names)
    return re.sub(r"^(def|class) (\w+)", lambda found: f"{found[1]} {in_module(found[2], apart)}", "\n".join(lines))


def defined_by(helpers: Iterable[str]) -> set[str]:
    """The names that a module defines with these helpers and with what they call."""
    return {found[1] for text in helper_texts(helpers) if (found := re.match(r"(?:def|class) (\w+)", text.strip("\n")))}
