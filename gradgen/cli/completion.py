"""What the shell offers on Tab: files, the functions in them, error codes.

Never imports a user's file: it is read as text.
"""
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import click
from click.shell_completion import CompletionItem


def complete_target(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """`FILE.py` as a file, `FILE.py::` as the functions of that file."""
    path, separator, start = incomplete.partition("::")
    if not separator:
        return [CompletionItem(incomplete, type="file")]
    try:
        tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return []
    return [CompletionItem(f"{path}::{name}") for name in _functions(tree) if name.startswith(start)]


def _functions(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.ClassDef):
            yield from (f"{node.name}.{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef))


def complete_code(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The error codes."""
    from gradgen.show.explain import pages

    return [CompletionItem(code, help=title) for code, title in pages().items() if code.startswith(incomplete.upper())]
