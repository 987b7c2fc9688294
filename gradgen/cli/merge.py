"""Several stand-alone modules made one: imports once at the top, what is the same once, what only shares a name renamed.

Never changes what a function computes; what cannot be told apart safely is refused.
"""
from __future__ import annotations

import ast
from collections.abc import Sequence

from gradgen.cli.targets import Unusable
from gradgen.ir.frozen import dataclass
from gradgen.rules.helpers import HELPERS
from gradgen.rules.whole.helpers import CHECKS_OF_SHAPES


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A top-level statement with the comments above it. `name` is what it binds, "" for none."""

    name: str
    text: str
    is_import: bool
    is_definition: bool
    blank_lines_before: int


def merged(texts: Sequence[str]) -> str:
    """One module text that holds everything the texts hold. A single text comes back as it is.

    Raises Unusable where two texts define different things under one name and none of the names can be changed.
    """
    if len(texts) == 1:
        return texts[0]
    texts = _with_one_check(texts)
    imports: dict[str, None] = {}
    kept: list[_Chunk] = []
    for text in texts:
        for chunk in _without_clashes(text, kept):
            if chunk.is_import:
                imports[chunk.text] = None
            elif chunk.text not in {known.text for known in kept}:
                kept.append(chunk)
    head = "\n".join(sorted(imports, key=lambda line: ("__future__" not in line, line.startswith("from "), line)))
    parts = [head] if head else []
    previous: _Chunk | None = None
    for chunk in kept:
        both_plain = not chunk.is_definition and previous is not None and not previous.is_definition
        gap = min(chunk.blank_lines_before, 1) if both_plain else 1 if previous is None and not chunk.is_definition else 2
        parts.append(("\n" * gap if parts else "") + chunk.text)
        previous = chunk
    return "\n".join(parts) + "\n"


def _with_one_check(texts: Sequence[str]) -> list[str]:
    """The texts with the same `check_shapes` wherever one of them has it: the one that knows what all of them ask."""
    variants = [HELPERS[label] for label in CHECKS_OF_SHAPES]
    widest = max((place for place, each in enumerate(variants) if any(each in text for text in texts)), default=0)
    for each in variants[:widest]:
        texts = [text.replace(each, variants[widest]) for text in texts]
    return list(texts)


def _chunks(text: str) -> list[_Chunk]:
    lines = text.splitlines()
    tree = ast.parse(text)
    chunks = []
    end = 0
    for node in tree.body:
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))]) - 1
        start = end
        while start < first and not lines[start].strip():
            start += 1
        last = node.end_lineno or node.lineno
        is_import = isinstance(node, ast.Import | ast.ImportFrom)
        is_definition = isinstance(node, ast.FunctionDef | ast.ClassDef)
        chunks.append(_Chunk(_bound_by(node), "\n".join(lines[start:last]), is_import, is_definition, start - end))
        end = last
    return chunks


def _bound_by(node: ast.stmt) -> str:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    return ""


def _without_clashes(text: str, kept: Sequence[_Chunk]) -> list[_Chunk]:
    """The text's chunks, after giving a name of its own to everything that is called like something else already kept."""
    chunks = _chunks(text)
    known = {chunk.name: chunk.text for chunk in kept if chunk.name}
    for chunk in chunks:
        if chunk.name and known.get(chunk.name, chunk.text) != chunk.text:
            if chunk is chunks[-1]:
                raise Unusable(f"two functions of the file would be called {chunk.name}: write them to files of their own")
            taken = {*known, *(other.name for other in chunks), *_words(text)}
            fresh = next(name for n in range(2, len(taken) + 3) if (name := f"{chunk.name}_{n}") not in taken)
            return _without_clashes(_renamed(text, chunk.name, fresh), kept)
    return chunks


def _words(text: str) -> set[str]:
    tree = ast.parse(text)
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | {
        node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)
    }


def _renamed(text: str, old: str, new: str) -> str:
    """The text with a module-level name changed. Raises Unusable where a function has a variable of that name too."""
    tree = ast.parse(text)
    spots: list[tuple[int, int]] = []
    lines = text.splitlines(keepends=True)
    top = {id(target) for node in tree.body for target in getattr(node, "targets", [getattr(node, "target", None)])}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == old:
            if not isinstance(node.ctx, ast.Load) and id(node) not in top:
                raise Unusable(f"{old} means different things in what would be written to one file: write two files")
            spots.append((node.lineno, node.col_offset))
        elif isinstance(node, ast.arg) and node.arg == old:
            raise Unusable(f"{old} means different things in what would be written to one file: write two files")
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == old:
            word = "def " if isinstance(node, ast.FunctionDef) else "class "
            line = lines[node.lineno - 1].encode()
            spots.append((node.lineno, line.index(f"{word}{old}".encode(), node.col_offset) + len(word)))
    for line_number, column in sorted(spots, reverse=True):
        raw = lines[line_number - 1].encode()  # columns of ast count bytes
        lines[line_number - 1] = (raw[:column] + new.encode() + raw[column + len(old.encode()) :]).decode()
    return "".join(lines)
