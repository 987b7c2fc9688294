"""Goes through the statements of the text itself: what becomes of them as edits of it.

Never touches a statement that has nothing to do with objects: it stays as the user wrote it, with its comments.
"""
from __future__ import annotations

import ast

from gradgen.read.objects.growing import Growing
from gradgen.read.objects.values import Frame, Made, Place, Unsaid, Value
from gradgen.read.objects.walking import ends
from gradgen.read.positions import Edit
from gradgen.read.resolve import Scope
from gradgen.read.rewriting import Text
from gradgen.read.trees import nodes_in


class Editing(Growing):
    """The statements of one text. Its arguments `may_be_handed` objects."""

    def __init__(self, text: Text, scope: Scope, changing: set[type | Place], may_be_handed: bool) -> None:
        super().__init__(scope, text.fresh, text.bound, changing)
        self.text = text
        self.edits: list[Edit] = []
        self.turns = []
        self.may_be_handed = may_be_handed

    def outermost(self, stmt: ast.stmt, frame: Frame) -> None:
        """A statement of the text: what becomes of it as edits."""
        match stmt:
            case ast.If():
                self._edited_branch(stmt, frame)
            case ast.For(iter=along):
                turns = self.unrolled(stmt, frame)
                if turns is not None:
                    self._replace(stmt, turns)
                    return
                lines, value = self._headed(along, frame)
                if isinstance(value, Made):
                    value = self.as_tuple(value)
                self.forget([stmt.target], frame)
                self._place(stmt, lines, along, value)
                self.turn(stmt.body, frame)
                self.all_of(stmt.orelse, frame)
            case ast.While(test=test):
                lines, value = self._headed(test, frame)
                if lines or isinstance(value, Made):
                    raise Unsaid
                self._place(stmt, [], test, value)
                self.turn(stmt.body, frame)
                self.all_of(stmt.orelse, frame)
            case ast.With(items=items):
                if any(self.plain(each.context_expr, frame) is not each.context_expr for each in items):
                    raise Unsaid
                self.all_of(stmt.body, frame)
            case ast.Try():
                self._tried(stmt, frame)
            case ast.FunctionDef():
                self._nested(stmt, frame)
            case _:
                with self.inside() as lines:
                    self.simple(stmt, frame)
                if lines != [stmt]:
                    self._replace(stmt, lines)

    def _headed(self, node: ast.expr, frame: Frame) -> tuple[list[ast.stmt], Value]:
        with self.inside() as lines:
            value = self.value(node, frame)
        return lines, value

    def _edited_branch(self, stmt: ast.If, frame: Frame) -> None:
        lines, test = self._headed(stmt.test, frame)
        if isinstance(test, Made):
            raise Unsaid
        self._place(stmt, lines, stmt.test, test)
        before = self.state()
        self.all_of(stmt.body, frame)
        middle = self.state()
        self.restore(before)
        self.all_of(stmt.orelse, frame)
        if ends(stmt.body):
            return
        self.restore(middle if stmt.orelse and ends(stmt.orelse) else self.joined(middle, self.state()))

    def _tried(self, stmt: ast.Try, frame: Frame) -> None:
        before = self.state()
        blocks = [stmt.body, *(each.body for each in stmt.handlers), stmt.orelse, stmt.finalbody]
        for block in blocks:
            self.all_of(block, frame)
            if not self.has_kept(before, self.state()):
                raise Unsaid
            self.restore(before)

    def _nested(self, stmt: ast.FunctionDef, frame: Frame) -> None:
        """A function inside of the text: what it reads of objects around it stands in their variables."""
        inner = [each for each in nodes_in(stmt) if each is not stmt]
        own = {each.arg for each in inner if isinstance(each, ast.arg)}
        own |= {each.id for each in inner if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)}
        if own & self.objects or any(isinstance(each, ast.Nonlocal | ast.Global | ast.FunctionDef) for each in inner):
            raise Unsaid
        if not stmt.decorator_list and stmt.name not in self.inner:
            self.inner[stmt.name] = stmt
        names = {each.id for each in inner if isinstance(each, ast.Name)}
        if not any(isinstance(frame.env.get(name), Made) for name in names) and not self._says_class(stmt, frame):
            return
        before, around = self.state(), self.around
        self.captured |= names & frame.env.keys()
        self.around = [*around, *self.objects_at_hand()]
        self.all_of(stmt.body, frame)
        self.around = around
        if not self.has_kept(before, self.state()):
            raise Unsaid
        self.restore(before)

    def _says_class(self, stmt: ast.FunctionDef, frame: Frame) -> bool:
        names = (each for each in nodes_in(stmt) if isinstance(each, ast.Name | ast.Attribute))
        return any(self.class_said(each, frame) is not None for each in names)

    def _place(self, stmt: ast.stmt, lines: list[ast.stmt], node: ast.expr, value: Value) -> None:
        """Lines before a statement that holds others, and what stands at its head."""
        if lines:
            is_first = self.text.is_first_on_its_line(stmt) and not self.text.slice(stmt).startswith("elif")
            if not is_first:
                raise Unsaid
            self.edits.append(self.text.before(stmt, written(lines)))
        if value is not node and not isinstance(value, Made):
            self.edits.append(self.text.replaced(node, ast.unparse(value)))

    def _replace(self, stmt: ast.stmt, lines: list[ast.stmt]) -> None:
        start = self.text.start(stmt)
        indent = self.text.indent(start)
        if not lines and any(each is stmt for each in self.text.node.body[:-1]) and self.text.is_first_on_its_line(stmt):
            whole, end = self.text.positions.text, self.text.end(stmt)
            if whole[end : end + 1] == "\n":
                self.edits.append(Edit(start - len(indent), end + 1, ""))
                return
        parts = written(lines or [ast.Pass()]).split("\n")
        if self.text.is_first_on_its_line(stmt):
            self.edits.append(self.text.replaced(stmt, f"\n{indent}".join(parts)))
            return
        before = indent.rstrip()
        if before.endswith(":"):  # a suite on the line of what it stands in
            first = indent[: len(indent) - len(indent.lstrip())]
            whole = self.text.positions.text
            rest = whole[self.text.end(stmt) : (whole + "\n").index("\n", self.text.end(stmt))]
            if not rest.strip() or rest.lstrip().startswith("#"):
                opened = "".join(f"\n{first}    {part}" for part in parts)
                self.edits.append(Edit(start - len(indent) + len(before), self.text.end(stmt), opened))
                return
        if any(isinstance(each, ast.If | ast.For | ast.While) for each in lines):
            raise Unsaid
        self.edits.append(self.text.replaced(stmt, "; ".join(parts)))


def written(lines: list[ast.stmt]) -> str:
    """The text of statements."""
    return "\n".join(ast.unparse(ast.fix_missing_locations(each)) for each in lines)
