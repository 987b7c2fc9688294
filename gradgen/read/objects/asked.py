"""Says what a call runs: a method of an object, a class that makes one, a function that is given one.

Never says what a call gives that has nothing to do with objects: it stays as it is.
"""
from __future__ import annotations

import ast
import dataclasses
import types
from functools import partial
from typing import Any

from gradgen.read.inherited import asked_class, next_held
from gradgen.read.objects.classes import fields_of, held, is_named_tuple, is_told, method
from gradgen.read.objects.making import Making
from gradgen.read.objects.values import UNKNOWN, Frame, Made, Unsaid, Value, is_row, made_in, parts_of
from gradgen.read.resolve import MISSING

BY_METHOD = {"abs": "__abs__", "float": "__float__", "len": "__len__", "round": "__round__", "int": "__int__"}
ONE_BY_ONE = ("sum", "max", "min", "tuple", "list", "sorted", "any", "all", "zip", "enumerate", "map", "reversed", "iter")


class Asked(Making):
    """Calls."""

    def call(self, node: ast.Call, frame: Frame, path: str | None) -> Value:
        func = node.func
        if isinstance(func, ast.Attribute):
            return self._of_method(node, func, frame, path)
        known = self.class_said(func, frame)
        if known is not None:
            values, named = self.arguments(node, frame)
            return self.make(known, values, named, frame, path)
        if isinstance(func, ast.Name) and func.id not in frame.env and func.id not in frame.local:
            found = self.looked_up(func.id, frame)
            if func.id in self.inner:
                return self._of_inner(node, self.inner[func.id], frame)
            return self._of_function(node, func.id, found, frame)
        value = self.value(func, frame)
        if isinstance(value, Made):
            return self._called_itself(value, node, frame)
        return self._plainly_called(node, value, frame)

    def _of_inner(self, node: ast.Call, inside: ast.FunctionDef, frame: Frame) -> Value:
        """A call of a function that stands in the text: its lines, where it is given an object."""
        if any(isinstance(each, ast.Starred) for each in node.args) or any(each.arg is None for each in node.keywords):
            return self._plainly_called(node, node.func, frame)
        before = 0 if self.out is None else len(self.out)
        values, named = self.arguments(node, frame)
        if made_in([*values, *named.values()]):
            return self.run_inside(inside, values, named, self.frames[0])
        if self.out is not None:
            del self.out[before:]
        return self._plainly_called(node, self.plain(node.func, frame), frame)

    def _called_itself(self, made: Made, node: ast.Call, frame: Frame) -> Value:
        values, named = self.arguments(node, frame)
        return self._by_name(made, "__call__", values, named, frame)

    def _by_name(self, made: Made, name: str, values: list[Value], named: dict[str, Value], frame: Frame) -> Value:
        """What a method of an object gives."""
        found = held(made.known, name)
        if isinstance(found, staticmethod | classmethod):
            return self._of_class_method(made.known, name, found, values, named, frame)
        if not isinstance(found, types.FunctionType):
            raise Unsaid
        self.note(made.known, name, found)
        return self.run(found, [made, *values], frame, made.known, named)

    def _of_class_method(
        self, known: type, name: str, found: Any, values: list[Value], named: dict[str, Value], frame: Frame
    ) -> Value:
        function = found.__func__
        if not isinstance(function, types.FunctionType):
            raise Unsaid
        if isinstance(found, staticmethod):
            self.note(known, name, function)
            return self.run(function, values, frame, None, named)
        self.is_needed = True
        cell = types.CellType(known)
        self.rests[id(known), name] = (cell, f"{known.__name__}.{name}.__func__", function)
        own = function.__code__.co_varnames[0]
        return self.run(function, [ast.Constant(None), *values], frame, known, named, {own: known})

    def _of_method(self, node: ast.Call, func: ast.Attribute, frame: Frame, path: str | None) -> Value:
        if _is_super(func.value):
            return self._of_next(node, func, frame)
        known = self.class_said(func, frame)  # of a module: `shapes.Box(x)`
        if known is not None:
            values, named = self.arguments(node, frame)
            return self.make(known, values, named, frame, path)
        owner = self.class_said(func.value, frame)
        if owner is not None:
            return self._by_class(owner, node, func.attr, frame)
        match func:
            case ast.Attribute(value=ast.Name(id="object"), attr="__setattr__") if self.making and len(node.args) == 3:
                return self._set_in_making(node, frame)
        base = self.value(func.value, frame)
        if not isinstance(base, Made):
            said = func if base is func.value else ast.Attribute(base, func.attr, func.ctx)
            if not frame.is_outermost and self._is_of_argument(base):
                raise Unsaid  # it may change what an argument holds
            module = self.looked_up(func.value.id, frame) if isinstance(func.value, ast.Name) else None
            if module is dataclasses:
                return self._of_records(node, func.attr, said, frame)
            if isinstance(module, types.ModuleType) and isinstance(function := vars(module).get(func.attr), types.FunctionType):
                return self._of_user(node, function, said, frame)
            return self._plainly_called(node, said, frame)
        if func.attr in base.fields:
            field = base.fields[func.attr]
            if isinstance(field, Made):
                return self._called_itself(field, node, frame)
            return self._plainly_called(node, field, frame)
        if is_named_tuple(base.known) and func.attr == "_replace":
            self.is_needed = True
            return self.copied_with(base, self.arguments(node, frame)[1])
        if is_named_tuple(base.known) and func.attr == "_asdict":
            return self._as_dict(base)
        if func.attr.startswith("__") and func.attr.endswith("__") and method(base.known, func.attr) is None:
            raise Unsaid
        values, named = self.arguments(node, frame)
        return self._by_name(base, func.attr, values, named, frame)

    def _is_of_argument(self, node: ast.expr) -> bool:
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and node.id in self.handed

    def _of_next(self, node: ast.Call, func: ast.Attribute, frame: Frame) -> Value:
        """`super().name(x)`, `super(Shape, self).name(x)`."""
        live = frame.live
        first = "" if live is None else live.__code__.co_varnames[0]
        own = None if live is None or frame.is_outermost else asked_class(func.value, first, live)
        made = frame.env.get(first)
        known = made.known if isinstance(made, Made) else frame.classes.get(first)
        if own is None or known is None:
            raise Unsaid
        found = next_held(known, own, func.attr)
        values, named = self.arguments(node, frame)
        if found is object.__init__ and not values and not named:
            return ast.Constant(None)
        after = next(base for base in known.__mro__ if func.attr in vars(base) and vars(base)[func.attr] is found) if (
            found is not MISSING
        ) else None
        if after is None or not isinstance(found, types.FunctionType) or not isinstance(made, Made):
            raise Unsaid
        self.note(after, func.attr, found)
        if found.__code__.co_filename.startswith("<"):  # what a dataclass has made
            if func.attr != "__init__" or made not in self.making:
                raise Unsaid
            for name, value in self._fields(after, values, named).items():
                self.store(made, name, value, True)
            return ast.Constant(None)
        return self.run(found, [made, *values], frame, made.known, named)

    def _by_class(self, owner: type, node: ast.Call, name: str, frame: Frame) -> Value:
        """`Vec.at(x)`, `Vec.dot(p, q)`, `Base.__init__(self, x)`."""
        found = held(owner, name)
        values, named = self.arguments(node, frame)
        if isinstance(found, staticmethod | classmethod):
            if is_named_tuple(owner) and name == "_make":
                match values:
                    case [ast.List(elts=parts) | ast.Tuple(elts=parts)]:
                        return self.make(owner, list(parts), {}, frame, None)
                raise Unsaid
            return self._of_class_method(owner, name, found, values, named, frame)
        if not isinstance(found, types.FunctionType) or found.__code__.co_filename.startswith("<"):
            raise Unsaid
        self.note(owner, name, found)
        return self.run(found, values, frame, owner, named)

    def _set_in_making(self, node: ast.Call, frame: Frame) -> Value:
        made, value = self.value(node.args[0], frame), self.value(node.args[2], frame)
        match node.args[1]:
            case ast.Constant(value=str(name)) if isinstance(made, Made) and any(made is each for each in self.making):
                self.store(made, name, value, True)
                return ast.Constant(None)
        raise Unsaid

    # --- functions by their names ---

    def _of_function(self, node: ast.Call, name: str, found: Any, frame: Frame) -> Value:
        if isinstance(found, types.FunctionType) and found.__module__ == "dataclasses":
            return self._of_records(node, found.__name__, node.func, frame)
        if isinstance(found, types.FunctionType):
            return self._of_user(node, found, node.func, frame)
        if name in ("super", "vars", "locals", "setattr", "delattr"):
            raise Unsaid
        if name in ("getattr", "hasattr") and len(node.args) == 2 and isinstance(node.args[1], ast.Constant):
            made, wanted = self.value(node.args[0], frame), node.args[1].value
            if isinstance(made, Made) and isinstance(wanted, str):
                if name == "getattr":
                    return self.attribute(made, wanted, frame)
                if wanted in made.fields and made.fields[wanted] is not UNKNOWN:
                    return ast.Constant(True)
                raise Unsaid
        if name == "isinstance" and len(node.args) == 2:
            return self._is_of_class(node, frame)
        if name in BY_METHOD and len(node.args) == 1 and not node.keywords:
            value = self.value(node.args[0], frame)
            if isinstance(value, Made):
                if name == "len" and (is_named_tuple(value.known) or is_row(value.known)):
                    return ast.Constant(len(parts_of(value)))
                if isinstance(held(value.known, BY_METHOD[name]), types.FunctionType):
                    self.is_needed = True
                return self._by_name(value, BY_METHOD[name], [], {}, frame)
            return node if value is node.args[0] else ast.Call(self.plain(node.func, frame), [value], [])
        if name in ONE_BY_ONE:
            return self._one_by_one(node, frame)
        return self._plainly_called(node, self.plain(node.func, frame), frame)

    def _one_by_one(self, node: ast.Call, frame: Frame) -> Value:
        """`sum(p)`, where p is a named tuple: of its fields."""
        before = 0 if self.out is None else len(self.out)
        if not any(isinstance(each, ast.Starred) for each in node.args):
            values = self.in_order([partial(self.value, each, frame) for each in node.args])
            if any(isinstance(each, Made) for each in values):
                self.is_needed = True
                said = [self._as_elements(each, frame) if isinstance(each, Made) else each for each in values]
                named = [ast.keyword(each.arg, self.plain(each.value, frame)) for each in node.keywords]
                return ast.Call(self.plain(node.func, frame), said, named)
            if self.out is not None:
                del self.out[before:]  # what it is given is said once more
        return self._plainly_called(node, self.plain(node.func, frame), frame)

    def _as_elements(self, made: Made, frame: Frame) -> ast.expr:
        return ast.Tuple([self.again(each) for each in self.elements(made, frame)], ast.Load())

    def _is_of_class(self, node: ast.Call, frame: Frame) -> Value:
        value = self.value(node.args[0], frame)
        asked = node.args[1]
        parts = asked.elts if isinstance(asked, ast.Tuple) else [asked]
        known = [self.class_said(each, frame) for each in parts]
        if isinstance(value, Made):
            live = [self.looked_up(each.id, frame) if isinstance(each, ast.Name) else MISSING for each in parts]
            classes = [each or found for each, found in zip(known, live, strict=True)]
            if not all(isinstance(each, type) for each in classes):
                raise Unsaid
            return ast.Constant(any(isinstance(each, type) and issubclass(value.known, each) for each in classes))
        if self.is_number(value, frame):
            names = {each.id for each in parts if isinstance(each, ast.Name)}
            if {"int", "float"} <= names or "Number" in names or "Real" in names:
                return ast.Constant(True)
            if known and all(each is not None for each in known):
                return ast.Constant(False)
        return self._plainly_called(node, self.plain(node.func, frame), frame)

    may_be_handed = False

    def is_number(self, value: ast.expr, frame: Frame) -> bool:
        """Whether an expression is surely none of the user's objects."""
        if frame.is_outermost:
            return False
        return not self.may_be_handed or isinstance(value, ast.Constant | ast.BinOp)

    def _of_user(self, node: ast.Call, function: types.FunctionType, said: ast.expr, frame: Frame) -> Value:
        """A call of a function of the user's: its lines, where it is given an object or makes one."""
        before, count, length = self.state(), self.count, 0 if self.out is None else len(self.out)
        values, named = self.arguments(node, frame) if not any(each.arg is None for each in node.keywords) and not any(
            isinstance(each, ast.Starred) for each in node.args
        ) else ([], {})
        if made_in([*values, *named.values()]):
            return self.run(function, values, frame, None, named)
        if self.makes_objects(function) and self.out is not None:
            with self.inside() as lines:
                found = self.run(function, values, frame, None, named)
            if isinstance(found, Made):
                for each in lines:
                    self.emit(each)
                return found
        self.restore(before)
        self.count = count
        if self.out is not None:
            del self.out[length:]  # what it is given is said once more
        return self._plainly_called(node, self.plain(said, frame) if said is node.func else said, frame)

    def makes_objects(self, function: types.FunctionType) -> bool:
        """Whether a function names a class of the user's."""
        names = function.__code__.co_names
        return any(is_told(function.__globals__.get(name)) for name in names)

    def _of_records(self, node: ast.Call, name: str, said: ast.expr, frame: Frame) -> Value:
        """`replace(p, x=x)`, `astuple(p)`, `asdict(p)`."""
        values, named = self.arguments(node, frame)
        match name, values:
            case "replace", [Made() as made]:
                self.is_needed = True
                return self.copied_with(made, named)
            case "astuple" | "asdict", [Made() as made] if not named:
                names = [each.name for each in fields_of(made.known)]
                if any(isinstance(made.fields[each], Made) for each in names):
                    raise Unsaid
                self.is_needed = True
                if name == "asdict":
                    return self._as_dict(made)
                return ast.Tuple([self.again(made.fields[each]) for each in names], ast.Load())
        if made_in([*values, *named.values()]):
            raise Unsaid
        return self._plainly_called(node, said, frame)

    def _as_dict(self, made: Made) -> ast.expr:
        self.is_needed = True
        names = [each.name for each in fields_of(made.known)]
        return ast.Dict([ast.Constant(each) for each in names], [self.again(made.fields[each]) for each in names])

    def _plainly_called(self, node: ast.Call, func: ast.expr, frame: Frame) -> ast.expr:
        """A call that stays one, of what is no object."""
        parts = [*node.args, *(each.value for each in node.keywords)]
        said = self.in_order([partial(self._argument, each, frame) for each in parts])
        if func is node.func and all(new is old for new, old in zip(said, parts, strict=True)):
            return node
        values = [self.again(each) for each in said]
        names = [each.arg for each in node.keywords]
        return ast.Call(func, values[: len(node.args)], list(map(ast.keyword, names, values[len(node.args) :])))

    def _argument(self, node: ast.expr, frame: Frame) -> Value:
        if not isinstance(node, ast.Starred):
            return self.plain(node, frame)
        value = self.value(node.value, frame)
        if isinstance(value, Made):
            self.is_needed = True
            value = ast.Tuple([self.again(each) for each in self.elements(value, frame)], ast.Load())
        return node if value is node.value else ast.Starred(value, ast.Load())


def _is_super(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="super"), args=[] | [ast.Name(), ast.Name()], keywords=[]):
            return True
    return False

