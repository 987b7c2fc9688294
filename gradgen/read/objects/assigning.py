"""Goes through statements that hold no others and says them without objects: what is bound, what is stored into an attribute.

Never says a statement otherwise that has nothing to do with objects.
"""
from __future__ import annotations

import ast
from functools import partial

from gradgen.read.objects.asked import Asked
from gradgen.read.objects.classes import is_named_tuple
from gradgen.read.objects.expressions import renamed
from gradgen.read.objects.operators import BINARY
from gradgen.read.objects.values import (
    Frame,
    Made,
    State,
    Unsaid,
    Value,
    is_atom,
    may_act,
    names_read,
    names_stored,
    read,
)
from gradgen.read.trees import nodes_in

CARRIED = (ast.Pass, ast.Break, ast.Continue, ast.Import, ast.ImportFrom)
IN_PLACE = frozenset({"__iadd__", "__isub__", "__imul__", "__itruediv__", "__ifloordiv__", "__imod__", "__ipow__", "__imatmul__"})


class Assigning(Asked):
    """Statements that hold no others; `turns` is what was known before each loop around."""

    turns: list[list[State]]

    def simple(self, stmt: ast.stmt, frame: Frame) -> None:
        """A statement that holds no others."""
        match stmt:
            case ast.Assign(targets=targets, value=value):
                self._assigned(stmt, targets, value, frame)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assigned(stmt, [target], value, frame)
            case ast.AugAssign():
                self._augmented(stmt, frame)
            case ast.Expr(value=value):
                said = self.value(value, frame)
                if isinstance(said, Made) or said is not value and is_atom(said):
                    return
                self.emit(stmt if said is value else ast.Expr(said))
            case ast.Return(value=value):
                found = None if value is None else self.plain(value, frame)
                self.emit(stmt if found is value else ast.Return(found))
            case ast.Raise(exc=raised, cause=cause):
                if cause is not None:
                    raise Unsaid
                found = None if raised is None else self.plain(raised, frame)
                self.emit(stmt if found is raised else ast.Raise(found, None))
            case ast.Assert(test=test, msg=msg):
                found = self.plain(test, frame)
                with self.closed():
                    told = None if msg is None else self.plain(msg, frame)
                self.emit(stmt if found is test and told is msg else ast.Assert(found, told))
            case ast.Break() | ast.Continue():
                if not self.turns or not self.has_kept(self.turns[-1], self.state()):
                    raise Unsaid
                self.emit(stmt)
            case _ if isinstance(stmt, CARRIED):
                self.emit(stmt)
            case ast.AnnAssign():
                self.emit(stmt) if frame.is_outermost else None
            case _:
                raise Unsaid

    def _assigned(self, stmt: ast.stmt, targets: list[ast.expr], node: ast.expr, frame: Frame) -> None:
        if len(targets) != 1:
            said = self.plain(node, frame)
            if said is not node or not frame.is_outermost or any(not isinstance(each, ast.Name) for each in targets):
                raise Unsaid
            self.forget(targets, frame)
            self.emit(stmt)
            return
        match targets[0], node:
            case ast.Tuple(elts=parts) | ast.List(elts=parts), ast.Tuple(elts=items) if len(parts) == len(items):
                values = self.in_order([partial(self.value, each, frame) for each in items])
                is_plain = all(isinstance(each, ast.Name) for each in parts) and frame.is_outermost
                if is_plain and all(new is old for new, old in zip(values, items, strict=True)):
                    self.forget(targets, frame)
                    self.emit(stmt)
                else:
                    self._each_assigned(parts, values, frame)
                return
        target = targets[0]
        path = target.id if isinstance(target, ast.Name) else None
        value: Value = self.value(node, frame, path)
        if isinstance(target, ast.Tuple | ast.List) and isinstance(value, Made):
            self.is_needed |= value.origin is None or not is_named_tuple(value.known)  # a text says their order
            if len(elements := self.elements(value, frame)) != len(target.elts):
                raise Unsaid
            self._each_assigned(target.elts, elements, frame)
        elif isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple) and value is not node:
            self._each_assigned(target.elts, list(value.elts), frame)
        else:
            self._to(target, value, frame, stmt if value is node else None)

    def _each_assigned(self, targets: list[ast.expr], values: list[Value], frame: Frame) -> None:
        """Several targets at once: what is read is named first where it is bound by one of them."""
        known = self.objects_at_hand()
        self.pinned = [each for each in values if isinstance(each, Made) and any(each is other for other in known)]
        self._each_bound(targets, values, frame)
        self.pinned = []

    def _each_bound(self, targets: list[ast.expr], values: list[Value], frame: Frame) -> None:
        before = self.state()
        with self.inside() as lines:
            stored: set[str] = set()
            for at, (target, value) in enumerate(zip(targets, values, strict=True)):
                self._to(target, value, frame, None)
                stored |= names_stored(lines)
                if any(names_read(each) & stored for each in values[at + 1 :]):
                    break
            else:
                stored = set()
        if not stored:
            for each in lines:
                self.emit(each)
            return
        self.restore(before)
        for target, value in zip(targets, [self.held_apart(value) for value in values], strict=True):
            self._to(target, value, frame, None)

    def held_apart(self, value: Value) -> Value:
        if isinstance(value, Made):
            return value if self.is_changing(value.known) else self.settled(value, self.new_path(value.known, None))
        if isinstance(value, ast.Constant):
            return value
        name = self.fresh("part", "part_apart")
        self.assign([(name, value)])
        return read(name)

    def _to(self, target: ast.expr, value: Value, frame: Frame, whole: ast.stmt | None) -> None:
        """A value bound to a target; `whole` is the statement, where it says that as it stands."""
        match target:
            case ast.Name(id=name):
                if isinstance(value, Made):
                    self.bind(frame, name, value)
                    return
                if frame.is_outermost:
                    frame.env.pop(name, None)
                    self.note_empty(name, value)
                    self.emit(whole or ast.Assign([target], value))
                    return
                found = renamed(target, frame)
                self.note_empty(getattr(found, "id", ""), value)
                self.emit(ast.Assign([found], value))
                return
            case ast.Attribute(value=base, attr=attr):
                made = self.value(base, frame)
                if isinstance(made, Made):
                    self._stored(made, attr, value, frame)
                    return
                if isinstance(value, Made):
                    raise Unsaid
                is_same = whole is not None and made is base
                self.emit(whole if is_same and whole else ast.Assign([ast.Attribute(made, attr, ast.Store())], value))
                return
            case ast.Subscript(value=base, slice=index):
                made, place = self.value(base, frame), self.plain(index, frame)
                if isinstance(made, Made):
                    self.is_needed = True
                    self._by_name(made, "__setitem__", [place, value], {}, frame)
                    return
                if isinstance(value, Made):
                    raise Unsaid
                is_same = whole is not None and made is base and place is index
                self.emit(whole if is_same and whole else ast.Assign([ast.Subscript(made, place, ast.Store())], value))
                return
        if isinstance(value, Made) or whole is None and frame.is_outermost:
            raise Unsaid
        if frame.is_outermost and whole is not None:
            self.forget([target], frame)
            self.emit(whole)
            return
        self.emit(ast.Assign([renamed(target, frame)], value))

    def forget(self, targets: list[ast.expr], frame: Frame) -> None:
        for target in targets:
            for each in nodes_in(target):
                if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load):
                    frame.env.pop(each.id, None)
                elif isinstance(each, ast.Name) and isinstance(frame.env.get(each.id), Made):
                    raise Unsaid

    def _stored(self, made: Made, name: str, value: Value, frame: Frame) -> None:
        in_making = any(made is each for each in self.making)
        setter = next((vars(base)[name] for base in made.known.__mro__ if name in vars(base)), None)
        if isinstance(setter, property):
            if setter.fset is None or not callable(setter.fset) or not hasattr(setter.fset, "__code__"):
                raise Unsaid
            self.note(made.known, name, setter)
            self.run(setter.fset, [made, value], frame, made.known)  # type: ignore[arg-type]
            return
        if hasattr(setter, "__set__") and not hasattr(setter, "__objclass__") or self.is_frozen_store(made):
            raise Unsaid
        self.is_needed = True
        self.store(made, name, value, in_making)

    def is_frozen_store(self, made: Made) -> bool:
        """Whether an object refuses what is stored into it."""
        parameters = getattr(made.known, "__dataclass_params__", None)
        return isinstance(made.known, type) and (issubclass(made.known, tuple) or parameters is not None and parameters.frozen)

    def _augmented(self, stmt: ast.AugAssign, frame: Frame) -> None:
        match stmt.target:
            case ast.Name(id=name):
                old = self.value(read(name), frame)
                value = self.value(stmt.value, frame)
                if not isinstance(old, Made) and not isinstance(value, Made):
                    if frame.is_outermost:
                        self.emit(stmt if value is stmt.value else ast.AugAssign(stmt.target, stmt.op, value))
                    else:
                        self.emit(ast.AugAssign(ast.Name(_own(stmt.target, frame), ast.Store()), stmt.op, value))
                    return
            case ast.Attribute(value=base, attr=attr):
                made = self.value(base, frame)
                if not isinstance(made, Made):
                    value = self.plain(stmt.value, frame)
                    is_same = made is base and value is stmt.value
                    self.emit(stmt if is_same else ast.AugAssign(ast.Attribute(made, attr, ast.Store()), stmt.op, value))
                    return
                first = self.attribute(made, attr, frame)
                old, value = self.in_order([lambda: first, partial(self.value, stmt.value, frame)])
                if not isinstance(old, Made) and not isinstance(value, Made):
                    is_own = old is first and isinstance(old, ast.Name) and attr in made.fields and made.path is not None
                    if is_own and isinstance(old, ast.Name) and self.is_changing(made.known) and not self.is_frozen_store(made):
                        self.is_needed = True
                        self.check_store(made)
                        self.emit(ast.AugAssign(ast.Name(old.id, ast.Store()), stmt.op, value))
                    else:
                        self._stored(made, attr, ast.BinOp(old, stmt.op, value), frame)
                    return
            case ast.Subscript(value=base, slice=index):
                made, place = self.value(base, frame), self.plain(index, frame)
                with self.closed():
                    value = self.value(stmt.value, frame)
                if isinstance(made, Made) or isinstance(value, Made) or may_act(place):
                    raise Unsaid
                is_same = made is base and place is index and value is stmt.value
                self.emit(stmt if is_same else ast.AugAssign(ast.Subscript(made, place, ast.Store()), stmt.op, value))
                return
            case _:
                raise Unsaid
        if isinstance(old, Made) and self._has_own(old):
            self.is_needed = True
            own = f"__i{BINARY.get(type(stmt.op), '')}__"
            self._to(stmt.target, self._by_name(old, own, [value], {}, frame), frame, None)
            return
        self._to(stmt.target, self.binary(stmt.op, old, value, frame), frame, None)

    @staticmethod
    def _has_own(made: Made) -> bool:
        """Whether a class says in its own way what `+=` is."""
        return any(name in IN_PLACE for base in made.known.__mro__ for name in vars(base))


def _own(target: ast.Name, frame: Frame) -> str:
    found = renamed(target, frame)
    assert isinstance(found, ast.Name)
    return found.id
