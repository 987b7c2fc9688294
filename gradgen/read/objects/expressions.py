"""Goes through the expressions of a text, from left to right, and says them without objects.

Never says a call: calling.py does.
"""
from __future__ import annotations

import ast
import types
from abc import ABC, abstractmethod
from functools import partial
from typing import Any, TypeVar

from gradgen.ir.frozen import replace
from gradgen.read.literals import literal
from gradgen.read.objects.bound import Lines
from gradgen.read.objects.classes import fields_of, held, is_named_tuple, is_record, is_told
from gradgen.read.objects.values import UNKNOWN, Frame, Made, Unsaid, Value, is_row, read
from gradgen.read.resolve import MISSING, attribute_of

Expr = TypeVar("Expr", bound=ast.AST)
LAZY = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
UNREAD = (ast.Await, ast.Yield, ast.YieldFrom)


class Expressions(Lines, ABC):
    """What expressions say without objects."""

    @abstractmethod
    def call(self, node: ast.Call, frame: Frame, path: str | None) -> Value:
        """A call, of which the result is bound to the `path`."""

    @abstractmethod
    def operated(self, node: ast.expr, frame: Frame) -> Value:
        """An operator, or a subscript, whose operands may be objects."""

    @abstractmethod
    def run(self, function: types.FunctionType, values: list[Value], frame: Frame, known: type | None) -> Value:
        """What a function gives for such arguments."""

    # --- values ---

    def value(self, node: ast.expr, frame: Frame, path: str | None = None) -> Value:
        """What an expression gives: an object, or an expression without one."""
        match node:
            case ast.Name(id=name):
                return self._of_name(node, name, frame)
            case ast.Constant():
                return node
            case ast.Attribute():
                return self._of_attribute(node, frame)
            case ast.Call():
                return self.call(node, frame, path)
            case ast.BinOp() | ast.UnaryOp() | ast.Compare() | ast.Subscript():
                return self.operated(node, frame)
            case ast.IfExp():
                return self._chosen(node, frame)
            case ast.BoolOp():
                return self._truth(node, frame)
            case ast.NamedExpr() if frame.is_outermost:
                value = self.plain(node.value, frame)
                return node if value is node.value else ast.NamedExpr(node.target, value)
        if isinstance(node, LAZY):
            return self._lazily(node, frame)
        if isinstance(node, UNREAD):
            raise Unsaid
        return self._rebuilt(node, frame)

    def plain(self, node: ast.expr, frame: Frame) -> ast.expr:
        """What an expression gives where no object may be: one is made again there."""
        return self.again(self.value(node, frame))

    def again(self, value: Value) -> ast.expr:
        """An object as what makes another like it, where nobody can tell the two apart."""
        if not isinstance(value, Made):
            return value
        if value.origin is not None:
            return value.origin
        known = value.known
        if is_row(known):
            parts = [self.again(each) for each in value.fields.values()]
            return ast.List(parts, ast.Load()) if known is list else ast.Tuple(parts, ast.Load())
        if self.is_changing(known) or not is_record(known) or held(known, "__post_init__") is not MISSING:
            raise Unsaid
        name = known.__name__
        if name in self.bound or self.scope.lookup(name) is not known:
            raise Unsaid
        given = [(each, self.again(value.fields[each.name])) for each in fields_of(known) if each.is_given]
        return ast.Call(
            read(name), [each for field, each in given if not field.is_named],
            [ast.keyword(field.name, each) for field, each in given if field.is_named],
        )

    def _of_name(self, node: ast.expr, name: str, frame: Frame) -> Value:
        if name in frame.env:
            return frame.env[name]
        if frame.is_outermost:
            return node
        if frame.around is not None and name not in frame.local:
            return self._of_name(node, name, frame.around)
        if name in frame.local or not self.means_the_same(name, frame):
            raise Unsaid
        return read(name)

    def _rebuilt(self, node: Expr, frame: Frame) -> Expr:
        """A node with its parts said without objects."""
        parts: list[tuple[str, int | None, ast.AST]] = []
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr | ast.FormattedValue | ast.Slice | ast.keyword):
                parts.append((name, None, value))
            elif isinstance(value, list):
                parts += [(name, at, each) for at, each in enumerate(value) if isinstance(each, ast.AST)]
        said = self.in_order([partial(self._part, each, frame) for _, _, each in parts])
        if all(new is each for new, (_, _, each) in zip(said, parts, strict=True)):
            return node
        fields: dict[str, Any] = {name: list(each) if isinstance(each, list) else each for name, each in ast.iter_fields(node)}
        for new, (name, at, _) in zip(said, parts, strict=True):
            if at is None:
                fields[name] = new
            else:
                fields[name][at] = new
        return ast.copy_location(type(node)(**fields), node)

    def _part(self, node: ast.AST, frame: Frame) -> ast.expr:
        if isinstance(node, ast.keyword):
            value = self.plain(node.value, frame)
            found: Any = node if value is node.value else ast.keyword(node.arg, value)
            return found  # type: ignore[no-any-return]
        assert isinstance(node, ast.expr)
        return self.plain(node, frame)

    # --- attributes ---

    def _of_attribute(self, node: ast.Attribute, frame: Frame) -> Value:
        known = self.class_said(node.value, frame)
        if known is not None:
            return self._of_class(known, node, frame)
        base = self.value(node.value, frame)
        if isinstance(base, Made):
            return self.attribute(base, node.attr, frame)
        if isinstance(base, ast.Constant | ast.BinOp):
            raise Unsaid
        return node if base is node.value else ast.Attribute(base, node.attr, node.ctx)

    def attribute(self, made: Made, name: str, frame: Frame) -> Value:
        """What an attribute of an object gives."""
        of_class = held(made.known, name)
        if isinstance(of_class, property) and isinstance(of_class.fget, types.FunctionType):
            self.is_needed = True
            self.note(made.known, name, of_class)
            return self.run(of_class.fget, [made], frame, made.known)
        if name in made.fields:
            if made.fields[name] is UNKNOWN:
                raise Unsaid
            return made.fields[name]
        if of_class is MISSING or hasattr(of_class, "__get__") or name.startswith("__"):
            raise Unsaid
        return self._shared(made.known, name, of_class)

    def _shared(self, known: type, name: str, value: object) -> ast.expr:
        """What a class has for all its objects, by its name, or as it is written."""
        owner = next(each for each in known.__mro__ if name in vars(each))
        spelled = next((each for each in (known, owner) if self.scope.lookup(each.__name__) is each), None)
        if spelled is not None and spelled.__name__ not in self.bound:
            return ast.Attribute(read(spelled.__name__), name, ast.Load())
        text = literal(value) if isinstance(value, int | float | str | tuple | None) else None
        if text is None:
            raise Unsaid
        self.note(known, name, value)
        return ast.parse(text, mode="eval").body

    def _of_class(self, known: type, node: ast.Attribute, frame: Frame) -> ast.expr:
        found = held(known, node.attr)
        if found is MISSING or hasattr(found, "__get__") or node.attr.startswith("__"):
            raise Unsaid
        if frame.is_outermost and not isinstance(node.value, ast.Name):
            return node
        return node if frame.is_outermost else self._shared(known, node.attr, found)

    def note(self, known: type, name: str, found: object) -> None:
        """That the text rests on what a class has under a name."""
        cell = types.CellType(known)
        self.rests.setdefault((id(known), name), (cell, f"{known.__name__}.{name}", found))

    def class_said(self, node: ast.expr, frame: Frame) -> type | None:
        """The class that an expression is: by its name, as `cls`, as `type(self)`."""
        match node:
            case ast.Name(id=name) if name in frame.classes:
                return frame.classes[name]
            case ast.Name(id=name):
                found = self.looked_up(name, frame)
            case ast.Attribute(value=ast.Name(id=name), attr="__class__") | ast.Call(
                func=ast.Name(id="type"), args=[ast.Name(id=name)], keywords=[],
            ):
                made = frame.env.get(name)
                return made.known if isinstance(made, Made) else None
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name not in frame.env:
                module = self.looked_up(name, frame)
                found = attribute_of(module, attr) if isinstance(module, types.ModuleType) else None
                if is_told(found):
                    self.rests[id(module), attr] = (types.CellType(module), f"{name}.{attr}", found)
            case _:
                return None
        return found if is_told(found) else None

    # --- what may be left out, or run several times ---

    def _chosen(self, node: ast.IfExp, frame: Frame) -> Value:
        """`a if c else b`: as it stands, or as the branch of a statement where its sides need lines or are objects."""
        test = self.plain(node.test, frame)
        if isinstance(test, ast.Constant) and test is not node.test:
            return self.value(node.body if test.value else node.orelse, frame)
        before = self.state()
        with self.inside() as first:
            one = self.value(node.body, frame)
        middle = self.state()
        self.restore(before)
        with self.inside() as second:
            other = self.value(node.orelse, frame)
        if not first and not second and not isinstance(one, Made) and not isinstance(other, Made):
            if test is node.test and one is node.body and other is node.orelse:
                return node
            return ast.IfExp(test, one, other)
        self.restore(self.joined(middle, self.state()))
        return self.merged(test, (first, one), (second, other))

    def merged(
        self, test: ast.expr, one: tuple[list[ast.stmt], Value], other: tuple[list[ast.stmt], Value], path: str | None = None
    ) -> Value:
        """The value of one of two ways, each of which has lines of its own."""
        (first, left), (second, right) = one, other
        if isinstance(left, Made) and isinstance(right, Made) and left is right:
            self.emit(ast.If(test, first or [ast.Pass()], second))
            return left
        if isinstance(left, Made) and isinstance(right, Made):
            if left.known is not right.known or left.fields.keys() != right.fields.keys() or self.is_changing(left.known):
                raise Unsaid
            path = path or self.new_path(left.known, None)
            with self.inside() as lines:
                found = self.settled(left, path)
            first += lines
            with self.inside() as lines:
                last = self.settled(right, path)
            second += lines
            if not is_alike(found, last):
                raise Unsaid
            self.emit(ast.If(test, first or [ast.Pass()], second))
            return found
        if isinstance(left, Made) or isinstance(right, Made):
            raise Unsaid
        name = self.fresh("chosen", "result")
        first.append(ast.Assign([ast.Name(name, ast.Store())], left))
        second.append(ast.Assign([ast.Name(name, ast.Store())], right))
        self.emit(ast.If(test, first, second))
        return read(name)

    def _truth(self, node: ast.BoolOp, frame: Frame) -> Value:
        values = [self.plain(node.values[0], frame)]
        with self.closed():
            values += [self.plain(each, frame) for each in node.values[1:]]
        is_as_it_was = all(new is old for new, old in zip(values, node.values, strict=True))
        return node if is_as_it_was else ast.BoolOp(node.op, values)

    def _lazily(self, node: ast.expr, frame: Frame) -> ast.expr:
        """A lambda or a comprehension: its own names hide those around it."""
        own = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)}
        own |= {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
        if frame.is_outermost and own & frame.env.keys():
            raise Unsaid
        if isinstance(node, ast.Lambda) and not frame.is_outermost:
            raise Unsaid
        renamed: dict[str, str] = {} if frame.is_outermost else {name: self.fresh(name) for name in sorted(own)}
        if renamed and _goes_through_its_own(node):
            raise Unsaid  # `[x for x in x]`: what it goes through is not what it binds
        env: dict[str, Value] = {**frame.env, **{name: read(spelled) for name, spelled in renamed.items()}}
        inner = replace(frame, env=env, names={**frame.names, **renamed})
        if isinstance(node, ast.Lambda | ast.GeneratorExp):
            self.captured |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and each.id in frame.env}
        with self.closed():
            if isinstance(node, ast.Lambda):
                body = self.plain(node.body, inner)
                return node if body is node.body else ast.Lambda(node.args, body)
            fields: dict[str, Any] = {}
            for name, value in ast.iter_fields(node):
                if isinstance(value, ast.expr):
                    fields[name] = self.plain(value, inner)
                else:
                    fields[name] = [self._clause(each, inner) for each in value]
        if all(fields[name] is value or isinstance(value, list) and all(map(_is, fields[name], value))
               for name, value in ast.iter_fields(node)):
            return node
        return type(node)(**fields)

    def _clause(self, node: ast.comprehension, frame: Frame) -> ast.comprehension:
        along = self.value(node.iter, frame)
        target = node.target if frame.is_outermost else renamed(node.target, frame)
        ifs = [self.plain(each, frame) for each in node.ifs]
        if isinstance(along, Made):
            along = self.as_tuple(along)
        if along is node.iter and target is node.target and all(map(_is, ifs, node.ifs)):
            return node
        return ast.comprehension(target, along, ifs, node.is_async)

    def as_tuple(self, made: Made) -> ast.expr:
        """A named tuple as a tuple of its fields."""
        if not is_named_tuple(made.known) or held(made.known, "__iter__") is not tuple.__iter__:
            raise Unsaid
        return ast.Tuple([self.again(each) for each in made.fields.values()], ast.Load())


def _goes_through_its_own(node: ast.expr) -> bool:
    """Whether a comprehension goes through something that reads a name which it binds itself."""
    clauses: list[ast.comprehension] = getattr(node, "generators", [])
    bound = {each.id for clause in clauses for each in ast.walk(clause.target) if isinstance(each, ast.Name)}
    return any(isinstance(each, ast.Name) and each.id in bound for clause in clauses[:1] for each in ast.walk(clause.iter))


def renamed(target: ast.expr, frame: Frame) -> ast.expr:
    """A target of a callee, by the names that its variables have in the text."""
    match target:
        case ast.Name(id=name):
            held_as = frame.env.get(name)
            spelled = frame.names.get(name) or (held_as.id if isinstance(held_as, ast.Name) else None)
            if spelled is None:
                raise Unsaid
            frame.env[name] = read(spelled)
            return ast.Name(spelled, ast.Store())
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return ast.Tuple([renamed(each, frame) for each in parts], ast.Store())
        case ast.Starred(value=value):
            return ast.Starred(renamed(value, frame), ast.Store())
    raise Unsaid


def is_alike(one: Made, other: Made) -> bool:
    """Whether two objects are held by the same variables, whatever they hold."""
    return one.path == other.path and all(
        is_alike(each, there) if isinstance(each, Made) and isinstance(there := other.fields[name], Made)
        else not isinstance(each, Made) and not isinstance(other.fields[name], Made)
        for name, each in one.fields.items()
    )


def _is(one: object, other: object) -> bool:
    return one is other
