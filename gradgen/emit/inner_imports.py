"""What a function imports for the functions inside of it: where these are written beside it, they import it themselves.

Never imports anything.
"""
from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Iterator

from gradgen.analyse.reads import Read

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def imports_around(read: Read, lines: Iterable[str]) -> list[str]:
    """The imports of the function around one whose generated text is `lines`, as far as these read what they bind."""
    text = read.positions.text
    if "import " not in text:
        return []
    tree = ast.parse(textwrap.dedent("\n".join(lines)))
    own = {*read.parameters, *read.captures, *_bound_in(tree)}
    line = 0 if read.function.span is None else read.positions.line_column(read.function.span.start)[0]
    around = [stmt for stmt in _imports_seen(text, line) if not own.issuperset(map(_bound_by, stmt.names))]
    if not around:
        return []
    mentioned = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - own
    found = ((stmt, [alias for alias in stmt.names if _bound_by(alias) in mentioned]) for stmt in around)
    return [_written(stmt, names) for stmt, names in found if names]


def _imports_seen(text: str, line: int) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports that a function which begins at a line sees: those of the functions around it, the outermost first."""
    try:
        pending: list[ast.AST] = [ast.parse(textwrap.dedent(text))]
    except SyntaxError:  # a lambda in the midst of its line, which imports nothing
        return
    for node in pending:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        inside = ast.iter_child_nodes(node)
        pending += (each for each in inside if not isinstance(each, _SCOPES) or each.lineno <= line <= (each.end_lineno or 0))


def _bound_in(tree: ast.AST) -> Iterator[str]:
    """The names that a body binds itself, not those of the functions inside of it."""
    pending = list(ast.iter_child_nodes(tree))
    for node in pending:
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.ExceptHandler(name=str(name)):
                yield name
            case ast.Import() | ast.ImportFrom():
                yield from map(_bound_by, node.names)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
        pending += () if isinstance(node, _SCOPES) else ast.iter_child_nodes(node)


def _bound_by(alias: ast.alias) -> str:
    return alias.asname or alias.name.split(".")[0]


def _written(stmt: ast.Import | ast.ImportFrom, names: list[ast.alias]) -> str:
    return ast.unparse(ast.Import(names) if isinstance(stmt, ast.Import) else ast.ImportFrom(stmt.module, names, stmt.level))
