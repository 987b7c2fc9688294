"""Finds the text by which a module defines a constant, so that it is copied as its author wrote it, and what an object holds.

Never evaluates anything but literals, and properties that change nothing.
"""
from __future__ import annotations

import ast
import functools
import inspect
import linecache
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from gradgen.analyse.recording.getters import acts
from gradgen.read.resolve import MISSING

_COMMENT = re.compile(r"[ \t]*#[^\r\n]*")


def defined_in(file: str, name: str, spelled: str, literal: Callable[[Any], str | None]) -> tuple[int, str, str] | None:
    """Where a module's file assigns a literal to `name`: the line, the value's text and the comment behind it.

    None where it does not, or where the literal is not the one that `literal` spells as `spelled`.
    """
    for node in _assignments("".join(linecache.getlines(file))):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if [target.id for target in targets if isinstance(target, ast.Name)] != [name] or node.value is None:
            continue
        try:
            value = ast.literal_eval(node.value)
        except ValueError:
            continue
        lines = linecache.getlines(file)
        text = ast.get_source_segment("".join(lines), node.value)
        if text is None or literal(value) != spelled or "\n" in text and text[0] not in "([{":
            continue
        behind = lines[(node.value.end_lineno or 1) - 1].encode()[node.value.end_col_offset or 0 :].decode()
        comment = _COMMENT.match(behind)
        return node.lineno, text, comment.group().rstrip() if comment else ""
    return None


@lru_cache(maxsize=8)
def _assignments(text: str) -> tuple[ast.Assign | ast.AnnAssign, ...]:
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return ()
    return tuple(node for node in body if isinstance(node, ast.Assign | ast.AnnAssign))


def constant_text(name: str, value: str, comment: str, origin: str) -> str:
    """`name = value` with where it comes from: in the comment behind it, or above a table."""
    if "\n" in value:
        return f"# {origin}\n{name} = {value}{comment}"
    return f"{name} = {value}{comment} ({origin})" if comment else f"{name} = {value}  # {origin}"


def attribute_of(value: Any, name: str) -> Any:
    """What reading an attribute gives; MISSING where a property of that name, which may not be the one read, raises, and where
    reading it changes something."""
    if acts(value, name):
        return MISSING
    try:
        return getattr(value, name)
    except Exception:
        if isinstance(inspect.getattr_static(type(value), name, None), property | functools.cached_property):
            return MISSING
        raise
