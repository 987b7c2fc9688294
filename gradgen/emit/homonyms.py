"""Tells apart, in one text, what several modules call by the same name: renames it where a text reads it.

Never decides what is called what; gradgen.emit.surroundings does.
"""
from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

from gradgen.errors import InternalError

_Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Renaming(ast.NodeTransformer):
    """Renames what a tree reads from outside of its functions; names that an inner scope binds are that scope's own."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = dict(names)
        self.places: list[tuple[int, int, str, str]] = []
        self.quoted: list[ast.JoinedStr] = []

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.Name) and node.id in self.names:
            new = self.names[node.id]
            if not self.quoted:
                self.places.append((node.lineno, node.col_offset, node.id, new))
            return ast.copy_location(ast.Name(new, node.ctx), node)
        if isinstance(node, ast.JoinedStr):
            self.quoted.append(node)
            found = self.generic_visit(node)
            if len(self.quoted) > 1 or not any(isinstance(part, ast.FormattedValue) for part in node.values):
                self.quoted.pop()
            elif len(self.quoted) == 1:
                self.places.extend(self._in_quotes(self.quoted.pop()))
            return found
        if isinstance(node, _Scope):
            outer, bound = self.names, _bound_in(node)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                node.args.defaults = [self._expression(value) for value in node.args.defaults]
                node.args.kw_defaults = [value and self._expression(value) for value in node.args.kw_defaults]
            self.names = {old: new for old, new in outer.items() if old not in bound}
            self.generic_visit(node)
            self.names = outer
            return node
        return self.generic_visit(node)

    def _expression(self, node: ast.expr) -> ast.expr:
        found = self.visit(node)
        assert isinstance(found, ast.expr)
        return found

    def _in_quotes(self, node: ast.JoinedStr) -> list[tuple[int, int, str, str]]:
        """An f-string's own place, as far below zero: what stands in its braces is looked for there."""
        lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        starts = [node.col_offset, *(0 for _ in lines[1:])]
        places = zip(lines, starts, strict=True)
        return [(line, -1 - start, old, new) for line, start in places for old, new in self.names.items()]


def renamed(lines: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """The lines of definitions in which what `names` has as keys is read by the names beside them; comments stay as they are."""
    before = "\n".join(lines)
    visitor = Renaming(names)
    meant = visitor.visit(ast.parse(before))
    result = [line.encode() for line in lines]
    for line, column, old, new in sorted(visitor.places, reverse=True):
        text = result[line - 1]
        if column < 0:
            start = -1 - column
            in_braces = re.compile(rf"(\{{[^{{}}]*?)(?<![.\w]){re.escape(old)}\b".encode())
            while (changed := in_braces.sub(rb"\1" + new.encode(), text[start:])) != text[start:]:
                text = text[:start] + changed
            result[line - 1] = text
        else:
            result[line - 1] = text[:column] + new.encode() + text[column + len(old.encode()) :]
    after = [line.decode() for line in result]
    if ast.dump(ast.parse("\n".join(after))) != ast.dump(meant):
        raise InternalError(f"names of two modules could not be told apart: {', '.join(names)}")
    return after


def _bound_in(node: _Scope) -> set[str]:
    """The names that a scope binds for itself."""
    if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        return {each.id for part in node.generators for each in ast.walk(part.target) if isinstance(each, ast.Name)}
    args = node.args
    given = [*args.posonlyargs, *args.args, *args.kwonlyargs, *(each for each in (args.vararg, args.kwarg) if each)]
    body = [] if isinstance(node, ast.Lambda) else node.body
    named = (each for part in body for each in ast.walk(part) if isinstance(each, ast.Name))
    return {arg.arg for arg in given} | {name.id for name in named if isinstance(name.ctx, ast.Store)}
