"""What an expression may hold that reads a module's tables: a row that a loop goes through, its fields, an entry by any key.

Never says that it holds nothing else: what it finds are candidates, which generated text asks for.
"""
from __future__ import annotations

import ast
import inspect
import itertools
import types
from collections.abc import Iterator
from typing import Any

from gradgen.read.resolve import MISSING, Scope, attribute_of
from gradgen.read.rewriting import Text
from gradgen.read.trees import binds_alone, is_read

DEEPEST = 12
MOST_ROWS = 5000
PLAIN_TABLES = (list, tuple, dict)


class Tables:
    """Finds what may stand in the places of one text."""

    def __init__(self, text: Text, scope: Scope) -> None:
        self.text = text
        self.scope = scope

    def held(self, node: ast.expr, depth: int = 0) -> list[Any]:
        """The values that an expression may have, as far as they are known; empty where nothing is."""
        if depth > DEEPEST:
            return []
        match node:
            case ast.Name(id=name) if name not in self.text.bound:
                return self._known(self.scope.lookup(name))
            case ast.Name(id=name):
                return list(itertools.islice(self._bound_to(name, depth + 1), MOST_ROWS))
            case ast.Attribute(value=value, attr=attr):
                return [part for each in self.held(value, depth + 1) for part in self._known(_field(each, attr))]
            case ast.Subscript(value=value, slice=key) if not isinstance(key, ast.Slice):
                return list(self._entries(value, key, depth + 1))
            case ast.Call(func=ast.Attribute(value=value, attr="get"), args=[key, *_]):
                return list(self._entries(value, key, depth + 1))
            case ast.IfExp(body=body, orelse=orelse):
                return [*self.held(body, depth + 1), *self.held(orelse, depth + 1)]
        return []

    def is_plain(self, node: ast.expr) -> bool:
        """Whether an expression reads a field that all of the rows which it may be of have."""
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name) or node.value.id not in self.text.bound:
            return False
        rows = self.held(node.value)
        return bool(rows) and all(_field(each, node.attr) is not MISSING for each in rows)

    @staticmethod
    def _known(value: Any) -> list[Any]:
        return [] if value is MISSING else [value]

    def _entries(self, table: ast.expr, key: ast.expr, depth: int) -> Iterator[Any]:
        """The entries of a table, by one key where that is a constant."""
        if isinstance(table, ast.Name) and (shown := self._display(table.id)) is not None:
            table = shown
        if isinstance(table, ast.Dict):
            for value in table.values:
                yield from self.held(value, depth)
            return
        if isinstance(table, ast.List | ast.Tuple):
            for value in table.elts:
                yield from self.held(value, depth)
            return
        for each in self.held(table, depth):
            if not isinstance(each, PLAIN_TABLES):
                continue
            by_key = each if isinstance(each, dict) else dict(enumerate(each))
            if not isinstance(key, ast.Constant):
                yield from itertools.islice(by_key.values(), MOST_ROWS)
            elif key.value in by_key:
                yield by_key[key.value]

    def _display(self, name: str) -> ast.expr | None:
        """The display that a variable holds, where nothing else is bound to it."""
        if name not in self.text.bound:
            return None
        stores = [each for each in self.text.uses(name) if not is_read(each)]
        made = [each.value for each in self.text.assigned(name) if binds_alone(each, name)]
        return made[0] if len(made) == len(stores) == 1 and isinstance(made[0], ast.Dict | ast.List | ast.Tuple) else None

    def _bound_to(self, name: str, depth: int) -> Iterator[Any]:
        """What is bound to a variable: by assignments, by loops, by the calls of a nested function whose parameter it is."""
        for stmt in self.text.assigned(name):
            if binds_alone(stmt, name):
                yield from self.held(stmt.value, depth)
        for each in self.text.loops_and_functions:
            match each:
                case ast.For(target=target, iter=iterable) | ast.comprehension(target=target, iter=iterable):
                    way = _way_to(target, name)
                    if way is not None:
                        yield from (part for row in self._rows(iterable, depth) for part in _along(row, way))
                case ast.FunctionDef() if each is not self.text.node:
                    places = [place for place, arg in enumerate(each.args.args) if arg.arg == name]
                    if places:
                        yield from self._given(each.name, places[0], name, depth)

    def _given(self, function: str, place: int, name: str, depth: int) -> Iterator[Any]:
        """What calls of a nested function hand to one of its parameters."""
        for each in self.text.nodes:
            match each:
                case ast.Call(func=ast.Name(id=called), args=args, keywords=keywords) if called == function:
                    given = [word.value for word in keywords if word.arg == name]
                    given += [args[place]] if place < len(args) else []
                    for value in given:
                        yield from self.held(value, depth)

    def _rows(self, iterable: ast.expr, depth: int) -> Iterator[Any]:
        """What a loop goes through."""
        match iterable:
            case ast.List(elts=elts) | ast.Tuple(elts=elts):
                for element in elts:
                    yield from self._whole(element, depth)
            case ast.Name(id=name) if depth <= DEEPEST and (shown := self._display(name)) is not None:
                yield from self._rows(shown, depth + 1)
            case ast.Call(func=ast.Name(id="enumerate"), args=[inner, *_]):
                yield from ((None, row) for row in self._rows(inner, depth))
            case ast.Call(func=ast.Name(id="reversed" | "list" | "tuple"), args=[inner]):
                yield from self._rows(inner, depth)
            case ast.Call(func=ast.Name(id="zip"), args=args):
                yield from itertools.zip_longest(*(itertools.islice(self._rows(arg, depth), MOST_ROWS) for arg in args))
            case ast.Call(func=ast.Attribute(value=table, attr="items" | "values" as method), args=[]):
                for each in self.held(table, depth):
                    if isinstance(each, dict):
                        yield from each.items() if method == "items" else each.values()
            case _:
                for each in self.held(iterable, depth):
                    if isinstance(each, PLAIN_TABLES):
                        yield from each

    def _whole(self, element: ast.expr, depth: int) -> Iterator[Any]:
        """A row that is displayed: a tuple of what its parts may hold first."""
        if isinstance(element, ast.Tuple | ast.List):
            yield tuple(next(iter(self.held(part, depth)), None) for part in element.elts)
        else:
            yield from self.held(element, depth)


def _field(owner: Any, name: str) -> Any:
    """What an object holds under a name, a module or a class has, where looking it up runs nothing; otherwise MISSING."""
    known = type(owner)
    fields = getattr(known, "_fields", None)
    if isinstance(owner, tuple) and isinstance(fields, tuple) and name in fields and len(owner) == len(fields):
        return owner[fields.index(name)]
    own = None if isinstance(owner, type | types.ModuleType) else getattr(owner, "__dict__", None)
    if isinstance(own, dict) and name in own:
        is_looked_up = any("__getattribute__" in vars(base) for base in known.__mro__ if base is not object)
        return MISSING if is_looked_up or hasattr(inspect.getattr_static(known, name, None), "__set__") else own[name]
    return attribute_of(owner, name)


def _way_to(target: ast.expr, name: str) -> tuple[int, ...] | None:
    """Where in what is unpacked a name stands: `()` for the whole."""
    match target:
        case ast.Name(id=bound):
            return () if bound == name else None
        case ast.Tuple(elts=elts) | ast.List(elts=elts):
            if any(isinstance(each, ast.Starred) for each in elts):
                return None
            ways = ((place, _way_to(each, name)) for place, each in enumerate(elts))
            return next(((place, *way) for place, way in ways if way is not None), None)
    return None


def _along(row: Any, way: tuple[int, ...]) -> list[Any]:
    for place in way:
        if not isinstance(row, (list, tuple)) or place >= len(row):
            return []
        row = row[place]
    return [row]
