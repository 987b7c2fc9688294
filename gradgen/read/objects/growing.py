"""Says lists of objects that grow and shrink: an element more or less, each with variables of its own, and counted loops turn by
turn where they make a list longer or ask for an element by its place.

Never follows one whose length is seen only when the text runs.
"""
from __future__ import annotations

import ast
from functools import partial

from gradgen.read.objects.rows import Rows
from gradgen.read.objects.values import Changed, Frame, Made, Unsaid, Value, parts_of, place_of, whole

GROWS = ("append", "extend", "insert")


class Growing(Rows):
    """Lists that are changed; `counted` are the loops around that could be said turn by turn."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.counted: list[ast.stmt | None] = []
        self.next: ast.stmt | None = None

    # --- which lists, and which loops ---

    def _plainly_called(self, node: ast.Call, func: ast.expr, frame: Frame) -> ast.expr:
        match func, node.args:
            case ast.Attribute(value=ast.Name(id=name), attr=attr), [*_, last] if (
                attr in GROWS and name in self.empty and self.may_grow and not isinstance(last, ast.Starred) and not node.keywords
            ):
                said = self.in_order([partial(self.value, each, frame) for each in node.args])
                if any(isinstance(each, Made) for each in said):
                    raise Changed(self.empty[name])
                if func is node.func and all(new is old for new, old in zip(said, node.args, strict=True)):
                    return node
                return ast.Call(func, [self.again(each) for each in said], [])
        return super()._plainly_called(node, func, frame)

    def turn_by_turn(self) -> None:
        """Raise Changed where the innermost counted loop around is to be said turn by turn."""
        known = [each for each in self.counted if each is not None]
        if known and self.may_grow:
            raise Changed(place_of("turns", known[-1]))

    def unknown_place(self) -> None:
        self.turn_by_turn()
        super().unknown_place()

    def unrolled(self, stmt: ast.For, frame: Frame) -> list[ast.stmt] | None:
        turns = super().unrolled(stmt, frame)
        if turns is None:
            self.next = None if self.counted_by(stmt.iter, frame) is None else stmt
        return turns

    def turn(self, body: list[ast.stmt], frame: Frame) -> list[ast.stmt]:
        self.counted.append(self.next)
        self.next = None
        lines = super().turn(body, frame)
        self.counted.pop()
        return lines

    # --- what changes a list ---

    def _by_name(self, made: Made, name: str, values: list[Value], named: dict[str, Value], frame: Frame) -> Value:
        if made.known is not list:
            return super()._by_name(made, name, values, named, frame)
        if named or not self.may_grow:
            raise Unsaid
        parts = parts_of(made)
        match name, values:
            case "append", [value]:
                self._now(made, [*parts, value])
            case "extend", [Made(known=known) as other] if known in (list, tuple):
                self._now(made, [*parts, *parts_of(other)])
            case "pop", [*given] if parts and len(given) < 2:
                at = whole(given[0]) if given else -1
                if at is None or not -len(parts) <= at < len(parts):
                    raise Unsaid
                last = parts.pop(at)
                if at != -1 and at != len(parts):
                    raise Unsaid
                self._now(made, parts)
                return last
            case "__setitem__", [ast.expr() as index, value]:
                at = whole(index)
                if at is None:
                    self.turn_by_turn()
                if at is None or not -len(parts) <= at < len(parts):
                    raise Unsaid
                self.is_needed = True
                self.store(made, str(at % len(parts)), value, False)
            case _:
                raise Unsaid
        return ast.Constant(None)

    def _now(self, made: Made, parts: list[Value]) -> None:
        """A list has other elements from now on: those that are new have variables of their own."""
        self.is_needed = True
        if list not in self.changing:
            raise Changed(list)
        self.check_store(made)
        before = self.turns[-1] if self.turns else []
        if any(each is made for _, objects in before for each, _ in objects):
            self.turn_by_turn()  # it is another one after each turn
        known = len(made.fields)
        made.fields = {str(at): each for at, each in enumerate(parts[:known])}
        for at, value in enumerate(parts[known:]):
            self.store(made, str(known + at), value, False)
