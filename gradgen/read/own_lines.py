"""Gives every statement a line of its own, and what a lambda returns one too: other lines can then stand before it.

Never changes what the text computes; whether the lines are wanted is for the caller to say.
"""
from __future__ import annotations

import ast
from collections.abc import Iterator

from gradgen.read.positions import Edit, Positions

UNIT = "    "
NAMELESS = "__lambda__"
"""What a lambda is called where it is spelled as a definition."""

BODIES = ("body", "orelse", "handlers", "finalbody", "cases")


def own_lines(node: ast.FunctionDef, positions: Positions) -> list[Edit]:
    """The edits that end a line before each statement that is not the first on its own: after `;`, after a header's `:`."""
    edits = []
    for indent, suite in _suites(node, positions):
        for stmt in suite:
            start = positions.span(stmt).start
            before = positions.text[:start].rstrip(" \t")
            if before.endswith((":", ";")):
                edits.append(Edit(len(before) - before.endswith(";"), start, f"\n{indent}"))
    return edits


def as_definition(node: ast.Lambda, positions: Positions) -> list[Edit] | None:
    """The edits that spell a lambda as a definition that returns; None where comments stand before what it returns."""
    body = positions.span(node.body)
    start = positions.span(node).start + len("lambda")
    head = positions.text[start : body.start]
    if "#" in head:
        return None
    colon = start + head.rindex(":")
    args = start + len(head) - len(head.lstrip())
    opening, closing = ("(", f"\n{UNIT})") if "\n" in positions.text[colon:] else ("", "")  # on its own line, for comments
    return [
        Edit(0, args, f"def {NAMELESS}("), Edit(colon, colon + 1, f"):\n{UNIT}return {opening}"),
        *([Edit(len(positions.text), len(positions.text), closing)] if closing else []),
    ]


def name_of(node: ast.FunctionDef | ast.Lambda) -> str:
    """A function's name, as Python says it."""
    return "<lambda>" if isinstance(node, ast.Lambda) or node.name == NAMELESS else node.name


def _suites(owner: ast.AST, positions: Positions) -> Iterator[tuple[str, list[ast.stmt]]]:
    """The blocks of statements below a node, each with what stands before its lines."""
    for name in BODIES:
        inside = getattr(owner, name, None)
        if not isinstance(inside, list):
            continue
        statements = [each for each in inside if isinstance(each, ast.stmt)]
        if statements:
            first = _indent(statements[0], positions)
            outer = _indent(owner.pattern if isinstance(owner, ast.match_case) else owner, positions)
            yield (first if not first.strip() else outer[: len(outer) - len(outer.lstrip())] + UNIT), statements
        for each in inside:
            yield from _suites(each, positions)


def _indent(node: ast.AST, positions: Positions) -> str:
    """What stands on the line before the node."""
    start = positions.span(node).start
    return positions.text[positions.text.rfind("\n", 0, start) + 1 : start]
