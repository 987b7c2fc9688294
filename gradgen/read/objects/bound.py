"""The lines that are written in the place of objects, and which variables hold what the objects would.

Never reads a text; expressions and statements are gone through by others.
"""
from __future__ import annotations

import ast
import contextlib
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gradgen.read.objects.classes import changes, held, is_told
from gradgen.read.objects.values import (
    UNKNOWN,
    Changed,
    Frame,
    Made,
    Place,
    State,
    Unsaid,
    Value,
    is_atom,
    is_row,
    is_same,
    made_in,
    may_act,
    names_read,
    names_stored,
    place_of,
    read,
)
from gradgen.read.resolve import MISSING, Scope

MOST = 400  # lines that stand in the place of calls


class Lines:
    """The lines so far of one function's text, and its frames: its own, and those of what it calls.

    `changing` are the classes whose objects are stored into: two names for one of these are one object. `rests` says what the
    text rests on: where a class or a function was found, or what a class has.
    """

    def __init__(self, scope: Scope, fresh: Callable[..., str], bound: frozenset[str], changing: set[type | Place]) -> None:
        self.scope = scope
        self.fresh = fresh
        self.bound = bound
        self.changing = changing
        self.frames: list[Frame] = []
        self.out: list[ast.stmt] | None = None
        self.variables: dict[str, str] = {}
        self.rests: dict[tuple[int, str], tuple[Any, str, object]] = {}
        self.objects: set[str] = set()  # the names that have held objects
        self.is_needed = False
        self.captured: set[str] = set()  # the names of objects that are read when functions in the text are called
        self.volatile: set[str] = set()  # the variables of attributes that are stored into
        self.handed: frozenset[str] = frozenset()  # the arguments that are objects
        self.count = 0
        self.pinned: list[Made] = []  # those that are bound to other names all at once
        self.around: list[Made] = []  # those around a function that stands in the text
        self.making: list[Made] = []  # those that are not done yet
        self.inner: dict[str, ast.FunctionDef] = {}  # the functions that stand in the text
        self.empty: dict[str, Place] = {}  # the variables that were bound to an empty list, and where that is written

    # --- lines ---

    def emit(self, stmt: ast.stmt) -> None:
        """A line before what is being read; Unsaid where there is no place for one."""
        self.count += 1
        if self.out is None or self.count > MOST:
            raise Unsaid
        self.out.append(stmt)

    def assign(self, pairs: list[tuple[str, ast.expr]]) -> None:
        """Lines that bind variables all at once."""
        pairs = [(name, value) for name, value in pairs if not (isinstance(value, ast.Name) and value.id == name)]
        late = any(name in names_read(value) for at, (name, _) in enumerate(pairs) for _, value in pairs[at + 1 :])
        if late:
            targets = ast.Tuple([ast.Name(name, ast.Store()) for name, _ in pairs], ast.Store())
            self.emit(ast.Assign([targets], ast.Tuple([value for _, value in pairs], ast.Load())))
            return
        for name, value in pairs:
            self.note_empty(name, value)
            self.emit(ast.Assign([ast.Name(name, ast.Store())], value))

    def note_empty(self, name: str, value: Value) -> None:
        """Whether a variable has been bound to an empty list, and where that is written."""
        found = self.empty.get(value.id) if isinstance(value, ast.Name) else None
        if isinstance(value, ast.List) and not value.elts:
            found = place_of("grows", value)
        self.empty.pop(name, None)
        self.empty |= {} if found is None else {name: found}

    def displayed(self, node: ast.expr) -> Value:
        """An empty list: as one of objects where it is known to get some."""
        if self.changing and isinstance(node, ast.List) and not node.elts and place_of("grows", node) in self.changing:
            return Made(list, {})
        return node

    def named(self, value: ast.expr, *wanted: str) -> ast.expr:
        """A name for what an expression gives."""
        if is_atom(value):
            return value
        name = self.fresh(*wanted)
        self.assign([(name, value)])
        return read(name)

    @contextlib.contextmanager
    def closed(self) -> Iterator[None]:
        """While this stands, no line may be put before what is read: it may be left out, or run several times."""
        before, self.out = self.out, None
        try:
            yield
        finally:
            self.out = before

    @contextlib.contextmanager
    def inside(self) -> Iterator[list[ast.stmt]]:
        """While this stands, lines go to a block of their own."""
        before, self.out = self.out, []
        try:
            yield self.out
        finally:
            self.out = before

    def kept(self, value: Value, stored: set[str]) -> Value:
        """A value that was read before lines which bind `stored`: named in front of these where they could change it, or come
        before what it raises."""
        if isinstance(value, Made):
            if value.path is None:
                value.fields = {name: self.kept(each, stored) for name, each in value.fields.items()}
            elif not self.is_changing(value.known) and names_read(value) & stored:
                return self.settled(value, self.new_path(value.known, None))
            return value
        if isinstance(value, ast.Starred) or not (may_act(value) or names_read(value) & stored):
            return value
        name = self.fresh("part", "part_before")
        self.assign([(name, value)])
        return read(name)

    def in_order(self, parts: list[Callable[[], Value]]) -> list[Value]:
        """Values that are read one after the other, each before the lines that the next ones need."""
        found: list[Value] = []
        for part in parts:
            before = 0 if self.out is None else len(self.out)
            value = part()
            if self.out is not None and len(self.out) > before:
                new = self.out[before:]
                del self.out[before:]
                found = [self.kept(each, names_stored(new)) for each in found]
                self.out += new
            found.append(value)
        return found

    # --- objects and their variables ---

    def is_changing(self, known: type) -> bool:
        return known in self.changing or changes(known)

    def variable(self, path: str) -> str:
        """The variable of a path, which is the same each time."""
        if path not in self.variables:
            self.variables[path] = self.fresh(path)
        return self.variables[path]

    def new_path(self, made: type, wanted: str | None) -> str:
        """How the names of a new object's variables begin."""
        return wanted or self.fresh(made.__name__.lower().lstrip("_"), f"{made.__name__.lower().lstrip('_')}_made")

    def settled(self, made: Made, path: str) -> Made:
        """The object with variables of its own."""
        pairs: list[tuple[str, ast.expr]] = []
        found = self._placed(made, path, pairs)
        self.assign(pairs)
        return found

    def _placed(self, made: Made, path: str, pairs: list[tuple[str, ast.expr]]) -> Made:
        fields: dict[str, Value] = {}
        for name, value in made.fields.items():
            inner = f"{path}_{name}"
            if value is UNKNOWN:
                fields[name] = value
            elif isinstance(value, Made):
                is_shared = self.is_changing(value.known) and value.path is not None
                fields[name] = value if is_shared else self._placed(value, inner, pairs)
            else:
                variable = self.variable(inner)
                self.volatile |= {variable} if self.is_changing(made.known) else set()
                pairs.append((variable, value))
                fields[name] = read(variable)
        if self.is_changing(made.known):
            made.fields, made.path = fields, path
            return made
        return Made(made.known, fields, path)

    def bind(self, frame: Frame, name: str, made: Made) -> None:
        """A name for an object: another one for the same, where its class has objects that change."""
        path, before = name if frame.is_outermost else frame.names[name], frame.env.get(name)
        if path == name and name in self.bound:
            self.objects.add(name)
        if self.is_changing(made.known):
            if made.path is not None and not self._is_unnamed(made):
                frame.env[name] = made
                self._check_captured(name, before, made)
                return
            frame.env.pop(name, None)
            if any(each is not made and each.path == path for each in self.objects_at_hand()):
                path = self.new_path(made.known, None)  # the variables are still read under another name
        frame.env[name] = found = self.settled(made, path)
        self._check_captured(name, before, found)

    def _check_captured(self, name: str, before: Value | None, now: Made) -> None:
        """Raise Unsaid where a function in the text reads a name later that another object is bound to now."""
        if name in self.captured and (before is None or not is_same(before, now)):
            raise Unsaid

    def objects_at_hand(self) -> list[Made]:
        return made_in([*self.pinned, *(each for frame in self.frames for each in frame.env.values())])

    def _is_unnamed(self, made: Made) -> bool:
        return not any(each is made for each in self.objects_at_hand())

    def is_steady(self, value: ast.expr) -> bool:
        """Whether an expression gives the same as long as no variable of the text is bound again: it reads no attribute of an
        object that may be stored into."""
        return is_atom(value) and not (self.volatile & names_read(value))

    def settled_for(self, value: Made) -> Made:
        """An object whose attributes may be read several times."""
        if all(isinstance(each, Made) or self.is_steady(each) for each in value.fields.values()) or value.path is not None:
            for name, each in value.fields.items():
                if isinstance(each, Made):
                    value.fields[name] = self.settled_for(each)
            return value
        return self.settled(value, self.new_path(value.known, None))

    def store(self, made: Made, name: str, value: Value, in_making: bool) -> None:
        """What an attribute holds from now on."""
        self.check_store(made)
        if not in_making and not self.is_changing(made.known):
            raise Changed(made.known)
        if made.path is None:
            raise Unsaid
        path = f"{made.path}_{name}"
        if self.captured and (isinstance(value, Made) or name not in made.fields):
            raise Unsaid
        if isinstance(value, Made):
            is_shared = self.is_changing(value.known) and value.path is not None and not self._is_unnamed(value)
            if not is_shared and (self.is_changing(value.known) or is_row(made.known)):
                made.fields = {each: part for each, part in made.fields.items() if each != name or is_row(made.known)}
                made.fields |= {name: UNKNOWN} if is_row(made.known) else {}
                if any(each is not value and each.path == path for each in self.objects_at_hand()):
                    path = self.new_path(value.known, None)
            made.fields[name] = value if is_shared else self.settled(value, path)
            return
        variable = self.variable(path)
        self.volatile.add(variable)
        self.assign([(variable, value)])
        made.fields[name] = read(variable)

    def check_store(self, made: Made) -> None:
        """Raise Unsaid where a function inside of the text stores into an object around it: its variables are none of its own."""
        if any(each is made for each in self.around):
            raise Unsaid

    # --- what is known at a place of the text ---

    def state(self) -> list[State]:
        """What names and objects hold."""
        return [(dict(frame.env), [(each, dict(each.fields)) for each in made_in(frame.env.values())]) for frame in self.frames]

    def restore(self, state: list[State]) -> None:
        for frame, (env, objects) in zip(self.frames, state, strict=True):
            frame.env.clear()
            frame.env.update(env)
            for made, fields in objects:
                made.fields = dict(fields)

    def joined(self, one: list[State], other: list[State]) -> list[State]:
        """What is known behind two ways: what both have the same."""
        return [
            (_both(first, second), [
                (made, _either(fields, next((found for each, found in others if each is made), fields)))
                for made, fields in objects
            ])
            for (first, objects), (second, others) in zip(one, other, strict=True)
        ]

    def has_kept(self, before: list[State], after: list[State]) -> bool:
        """Whether all that was known before still is so after the turn of a loop."""
        for (first, objects), (second, others) in zip(before, after, strict=True):
            if any(name not in second or not is_same(value, second[name]) for name, value in first.items()):
                return False
            for made, fields in objects:
                now = next((found for each, found in others if each is made), None)
                if now is not None and any(name not in now or not is_same(each, now[name]) for name, each in fields.items()):
                    return False
                if is_row(made.known) and now is not None and now.keys() != fields.keys():
                    return False
                if any(held(made.known, name) is not MISSING for name in now or () if name not in fields):
                    return False  # what the class has is read no more
        return True

    # --- names from outside ---

    def looked_up(self, name: str, frame: Frame) -> Any:
        """What a name from outside stands for: a class, a function. It is noted that the text rests on it."""
        if name in frame.local or name in frame.env or frame.is_outermost and name in self.bound:
            return MISSING
        if frame.around is not None:
            return self.looked_up(name, frame.around)
        found = frame.scope.lookup(name)
        if is_told(found) or isinstance(found, types.FunctionType):
            owner: Any = frame.scope.cells.get(name, frame.scope.global_names)
            self.rests[id(owner), name] = (owner, name, found)
        return found

    def means_the_same(self, name: str, frame: Frame) -> bool:
        """Whether a name that a callee reads from outside means the same in the text that is written."""
        return frame.is_outermost or name not in self.bound and self.scope.lookup(name) is frame.scope.lookup(name)


def _either(one: Mapping[str, Value], other: Mapping[str, Value]) -> dict[str, Value]:
    names = dict.fromkeys([*one, *other])
    both = _both(one, other)
    return {name: both.get(name, UNKNOWN) for name in names}


def _both(one: Mapping[str, Value], other: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in one.items() if name in other and is_same(value, other[name])}
