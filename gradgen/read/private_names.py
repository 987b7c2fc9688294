"""Spells the private attributes of a class as the objects hold them: `self.__area` is `self._Section__area`.

Never touches names that are no attributes.
"""
from __future__ import annotations

import ast
import types
from collections.abc import Iterator

from gradgen.read.positions import Edit, Positions
from gradgen.read.trees import nodes_in


def with_private_names(
    node: ast.FunctionDef, positions: Positions, function: types.FunctionType
) -> tuple[ast.FunctionDef, Positions]:
    """The definition so spelled, and its places."""
    private = [each for each in nodes_in(node) if isinstance(each, ast.Attribute) and _is_private(each.attr)]
    if not private:
        return node, positions
    held = set(_names_in(function.__code__))
    around = [part.lstrip("_") for part in function.__qualname__.split(".") if part.isidentifier()]
    edits = []
    for each in private:
        spelled = next((name for part in reversed(around) if (name := f"_{part}{each.attr}") in held), None)
        if spelled is not None:
            end = positions.span(each).end
            edits.append(Edit(end - len(each.attr), end, spelled))
    positions = positions.edited(edits)
    found = ast.parse(positions.text).body[0]
    assert isinstance(found, ast.FunctionDef)
    return found, positions


def _is_private(name: str) -> bool:
    return name.startswith("__") and not name.endswith("__")


def _names_in(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            yield from _names_in(each)
