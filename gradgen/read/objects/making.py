"""Says how an object is made: its fields by what a call gives, or the lines of its `__init__`.

Never makes one.
"""
from __future__ import annotations

import ast
import types

from gradgen.read.inherited import is_said
from gradgen.read.objects.calling import Calling, definition
from gradgen.read.objects.classes import fields_of, held, is_read_as_one, is_record, method, shared_values
from gradgen.read.objects.values import Frame, Made, Unsaid, Value, may_act
from gradgen.read.resolve import MISSING


class Making(Calling):
    """What calls of classes make."""

    def make(self, known: type, values: list[Value], named: dict[str, Value], frame: Frame, path: str | None) -> Made:
        """A new object; `path` is what it will be bound to."""
        after = method(known, "__post_init__") if is_record(known) else None
        if after is not None or not is_read_as_one(known) or self.is_changing(known):
            self.is_needed = True
        if is_record(known):
            fields = self._fields(known, values, named)
            if after is None and not self.is_changing(known):
                return Made(known, fields)
            made = self._placed_new(known, fields, path, frame)
            if after is not None:
                self.note(known, "__post_init__", after)
                self._run_on(after, made, [], {}, frame)
            return made
        maker = method(known, "__init__")
        shared = shared_values(known)
        if maker is None:
            if values or named or held(known, "__init__") is not object.__init__:
                raise Unsaid
            return self._placed_new(known, dict(shared), path, frame)
        self.note(known, "__init__", maker)
        plain = None if shared or self.is_changing(known) else self._plainly(maker, values, named)
        if plain is not None:
            return Made(known, plain)
        made = self._placed_new(known, dict(shared), path, frame)
        self._run_on(maker, made, values, named, frame)
        return made

    def _fields(self, known: type, values: list[Value], named: dict[str, Value]) -> dict[str, Value]:
        """The fields of a record, in their order."""
        given = [each for each in fields_of(known) if each.is_given]
        plain = [each.name for each in given if not each.is_named]
        found: dict[str, Value] = dict(zip(plain, values, strict=False))
        if len(values) > len(plain) or not named.keys() <= {each.name for each in given} - found.keys():
            raise Unsaid
        found |= named
        result: dict[str, Value] = {}
        for each in fields_of(known):
            if each.name in found:
                result[each.name] = found[each.name]
            elif each.default is not None:
                result[each.name] = self.displayed(ast.parse(each.default, mode="eval").body)
            elif each.has_default or each.is_given:
                raise Unsaid
        return result

    def _plainly(
        self, maker: types.FunctionType, values: list[Value], named: dict[str, Value]
    ) -> dict[str, Value] | None:
        """The attributes, where an `__init__` only stores what it is given: each argument once."""
        node = definition(maker)
        found: dict[str, ast.expr] = {}
        for stmt in node.body:
            match stmt:
                case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=owner), attr=attr)], value=value) | ast.AnnAssign(
                    target=ast.Attribute(value=ast.Name(id=owner), attr=attr), value=ast.expr() as value,
                ) if owner == node.args.args[0].arg and isinstance(value, ast.Name | ast.Constant):
                    found[attr] = value
                case _ if not is_said(stmt):
                    return None
        if not found:
            return None
        names = [each.id for each in found.values() if isinstance(each, ast.Name)]
        given = self.bound_to(node, self.defaults(maker), [ast.Constant(None), *values], named)
        given.pop(node.args.args[0].arg)
        if not set(names) <= given.keys() or len(set(names)) < len(names):
            return None
        unread = [value for name, value in given.items() if name not in names]
        if any(not isinstance(value, Made) and may_act(value) for value in unread):
            return None
        return {attr: given[each.id] if isinstance(each, ast.Name) else each for attr, each in found.items()}

    def _placed_new(self, known: type, fields: dict[str, Value], path: str | None, frame: Frame) -> Made:
        """A new object with variables from the start, as what makes it, or changes it, stores into it."""
        is_free = path is not None and path not in frame.env
        path = path if is_free and frame.is_outermost else self.new_path(known, None)
        assert path is not None
        placed = self.settled(Made(known, fields), path)
        placed.path = path
        return placed

    def _run_on(
        self, function: types.FunctionType, made: Made, values: list[Value], named: dict[str, Value], frame: Frame
    ) -> None:
        """The lines of what makes an object: it may store into it."""
        self.making.append(made)
        try:
            self.run(function, [made, *values], frame, made.known, named)
        finally:
            self.making.remove(made)

    def copied_with(self, made: Made, named: dict[str, Value]) -> Made:
        """`replace(made, x=...)`, `made._replace(x=...)`."""
        known = made.known
        if self.is_changing(known) or not is_record(known) or held(known, "__post_init__") is not MISSING:
            raise Unsaid
        if not named.keys() <= {each.name for each in fields_of(known) if each.is_given}:
            raise Unsaid
        if made.path is None and made.origin is None:
            made = self.settled_for(made)
        return Made(known, {name: named.get(name, value) for name, value in made.fields.items()})
