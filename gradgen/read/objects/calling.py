"""Puts the lines of a function, or its one expression, in the place of a call of it.

Never follows a function that calls itself, and none whose text is not at hand.
"""
from __future__ import annotations

import ast
import types
from abc import abstractmethod
from collections.abc import Mapping
from functools import partial

from gradgen.errors import GradgenError
from gradgen.read.defaults import as_bound, defaults_of
from gradgen.read.inherited import is_said
from gradgen.read.literals import literal
from gradgen.read.objects.bound import MOST
from gradgen.read.objects.operators import Operators
from gradgen.read.objects.values import Frame, Made, Unsaid, Value, is_atom, may_act, read
from gradgen.read.positions import Positions
from gradgen.read.private_names import with_private_names
from gradgen.read.resolve import Scope
from gradgen.read.source import source_of
from gradgen.read.trees import nodes_in

DEEPEST = 16  # functions that call one another
NOT_SAID = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom, ast.Await,
    ast.Import, ast.ImportFrom, ast.Try, ast.With, ast.Match, ast.Delete, ast.NamedExpr, ast.Lambda,
)
"""What stands in no function whose lines are put in the place of a call."""
Given = tuple[list[Value], dict[str, Value]]


class Calling(Operators):
    """What functions give whose lines stand in the place of their calls."""

    @abstractmethod
    def block(self, body: list[ast.stmt], frame: Frame) -> Value | None:
        """The lines of a callee, and what it returns; None where it comes to its end."""

    def run(
        self, function: types.FunctionType, values: list[Value], frame: Frame, known: type | None,
        named: Mapping[str, Value] | None = None, classes: Mapping[str, type] | None = None,
    ) -> Value:
        """What a function gives for such arguments."""
        cell = types.CellType(function)
        self.rests[id(function), "__code__"] = (cell, f"{function.__name__}.__code__", function.__code__)
        node = definition(function)
        callee = Frame(Scope.of(function), {}, function, classes=dict(classes or {}))
        return self._run(node, callee, self.bound_to(node, self.defaults(function), values, dict(named or {})))

    def run_inside(self, node: ast.FunctionDef, values: list[Value], named: dict[str, Value], around: Frame) -> Value:
        """What a function that stands in the text gives."""
        arguments = node.args
        plain = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
        defaults = dict(zip(plain[len(plain) - len(arguments.defaults) :], arguments.defaults, strict=True))
        defaults |= {each.arg: value for each, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value}
        given = self.bound_to(node, {name: each for name, each in defaults.items() if is_atom(each)}, values, named)
        return self._run(node, Frame(around.scope, {}, None, around=around), given)

    def _run(self, node: ast.FunctionDef, callee: Frame, given: dict[str, Value]) -> Value:
        body = [each for each in node.body if not is_said(each)] or [ast.Pass()]
        inner = [each for stmt in body for each in nodes_in(stmt)]
        if any(isinstance(each, NOT_SAID) for each in inner) or len(self.frames) > DEEPEST or self.count > MOST:
            raise Unsaid
        stored = {each.id for each in inner if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)}
        self.count += 1
        callee.local = frozenset(stored | given.keys())
        callee.names = {name: self.fresh(name, f"{name}_of_{node.name.strip('_')}") for name in sorted(stored)}
        is_one = len(body) == 1 and isinstance(body[0], ast.Return) and body[0].value is not None
        counts = _counts(inner)
        may_store = not is_one or any(isinstance(each, ast.Call) for each in inner)
        for name, value in given.items():
            is_kept = name not in stored
            if not is_kept and not isinstance(value, Made):
                self.assign([(callee.names[name], value)])
                value = read(callee.names[name])
            callee.env[name] = self._handed(name, value, counts if is_one and is_kept else {}, may_store)
        callee.env |= {name: read(callee.names[name]) for name in sorted(stored - given.keys())}
        self.frames.append(callee)
        try:
            if is_one and isinstance(body[0], ast.Return) and body[0].value is not None:
                return self.value(body[0].value, callee)
            found = self.block(body, callee)
            return ast.Constant(None) if found is None else found
        finally:
            self.frames.remove(callee)

    def _handed(self, name: str, value: Value, counts: Mapping[str, int], may_store: bool) -> Value:
        """What a parameter stands for: what it is given, by a name where that is read more than once, or may change meanwhile."""
        if isinstance(value, Made):
            if value.path is not None:
                return value
            parts = [(f"{name}.{each}", held_as) for each, held_as in value.fields.items()]
            acting = [key for key, held_as in parts if not isinstance(held_as, Made) and may_act(held_as)]
            is_once = (not may_store or all(isinstance(each, Made) or self.is_steady(each) for _, each in parts)) and all(
                not isinstance(held_as, Made) and (is_atom(held_as) or counts.get(key, 2) <= 1) for key, held_as in parts
            ) and len(acting) < 2 and all(counts.get(key) == 1 for key in acting) and counts.get(name, 0) == sum(
                counts.get(key, 0) for key, _ in parts
            )
            return value if is_once else self.settled_for(value)
        if isinstance(value, Named):
            return Named(value.keys, [_plain(self._handed(f"{name}_given", each, {}, may_store)) for each in value.values])
        if is_atom(value) and may_store and not self.is_steady(value):
            own = self.fresh(name, f"{name}_given")
            self.assign([(own, value)])
            return read(own)
        if is_atom(value) or counts.get(name, 2) == 1 or counts.get(name) == 0 and not may_act(value):
            return value
        return self.named(value, name, f"{name}_given")

    def defaults(self, function: types.FunctionType) -> dict[str, ast.expr]:
        """The defaults of a function's parameters, where they have a text and nobody changes them."""
        found: dict[str, ast.expr] = {}
        for name, value in defaults_of(function).items():
            if not isinstance(value, list | dict) and (text := literal(value)) is not None:
                found[name] = ast.parse(text, mode="eval").body
        if found:
            cell = types.CellType(function)
            self.rests[id(function), "__defaults__"] = (cell, f"{function.__name__}.__defaults__", function.__defaults__)
        return found

    def bound_to(
        self, node: ast.FunctionDef, defaults: Mapping[str, ast.expr], values: list[Value], named: dict[str, Value]
    ) -> dict[str, Value]:
        """What each parameter is given."""
        arguments, found = node.args, dict[str, Value]()
        plain = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
        rest = values[len(plain) :]
        if rest and arguments.vararg is None or arguments.kwarg is not None and not _is_handed_on(node, arguments.kwarg.arg):
            raise Unsaid
        found |= dict(zip(plain, values, strict=False))
        known = {*plain[len(arguments.posonlyargs) :], *(each.arg for each in arguments.kwonlyargs)}
        others = {name: value for name, value in named.items() if name not in {*plain, *known}}
        if not named.keys() - others.keys() <= known - found.keys() or others and arguments.kwarg is None:
            raise Unsaid
        found |= {name: value for name, value in named.items() if name not in others}
        if arguments.kwarg is not None:
            keys: list[ast.expr | None] = [ast.Constant(name) for name in others]
            found[arguments.kwarg.arg] = Named(keys, [_plain(each) for each in others.values()])
        if arguments.vararg is not None:
            found[arguments.vararg.arg] = ast.Tuple([self.again(each) for each in rest], ast.Load())
        for name in (*plain, *(each.arg for each in arguments.kwonlyargs)):
            if name not in found:
                if name not in defaults:
                    raise Unsaid
                found[name] = defaults[name]
        return found

    def _handed_on(self, node: ast.keyword, frame: Frame) -> dict[str, Value]:
        """What `**others` stands for in a call: names that are read, each after what the call says itself."""
        held = frame.env.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if not isinstance(held, Named):
            raise Unsaid
        return {str(key.value): value for key, value in zip(held.keys, held.values, strict=True) if isinstance(key, ast.Constant)}

    def arguments(self, node: ast.Call, frame: Frame) -> Given:
        """What a call is given, read from left to right."""
        keywords = [each for each in node.keywords if each.arg is not None]
        parts = [*node.args, *(each.value for each in keywords)]
        starred = [isinstance(each, ast.Starred) for each in node.args]
        said = self.in_order([
            partial(self.value, each.value if isinstance(each, ast.Starred) else each, frame) for each in parts
        ])
        values: list[Value] = []
        for value, is_starred in zip(said[: len(node.args)], starred, strict=True):
            if not is_starred:
                values.append(value)
            elif isinstance(value, Made):
                values += self.elements(value, frame)
            elif isinstance(value, ast.Tuple | ast.List) and not any(isinstance(each, ast.Starred) for each in value.elts):
                values += value.elts
            else:
                raise Unsaid
        named: dict[str, Value] = {each.arg or "": value for each, value in zip(keywords, said[len(node.args) :], strict=True)}
        for others in (self._handed_on(each, frame) for each in node.keywords if each.arg is None):
            if not others.keys().isdisjoint(named):
                raise Unsaid
            named |= others
        return values, named


class Named(ast.Dict):
    """What `**others` of a function holds that only hands it on."""


def _is_handed_on(node: ast.FunctionDef, name: str) -> bool:
    """Whether nothing is done with what `**name` holds but to hand it on: `super().__init__(**name)`."""
    nodes = [each for stmt in node.body for each in nodes_in(stmt)]
    spread = sum(isinstance(each, ast.keyword) and each.arg is None and _is_read(each.value, name) for each in nodes)
    return spread == sum(isinstance(each, ast.Name) and each.id == name for each in nodes)


def _is_read(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _plain(value: Value) -> ast.expr:
    if isinstance(value, Made):
        raise Unsaid
    return value


def definition(function: types.FunctionType) -> ast.FunctionDef:
    """The tree of a function's text, with the names of private attributes as objects hold them."""
    try:
        source = source_of(function)
    except GradgenError:
        raise Unsaid from None
    if isinstance(source.node, ast.AsyncFunctionDef):
        raise Unsaid
    node, positions = as_bound(source.node, Positions(source.text), function)
    if isinstance(node, ast.Lambda):
        return ast.FunctionDef(function.__name__, node.args, [ast.Return(node.body)], [])
    return with_private_names(node, positions, function)[0]


def _counts(nodes: list[ast.AST]) -> dict[str, int]:
    """How often each name is read, and each attribute of it. What stands in a comprehension is read often."""
    found: dict[str, int] = {}
    again = {id(inner) for each in nodes if isinstance(each, ast.ListComp | ast.GeneratorExp | ast.DictComp | ast.SetComp)
             for inner in nodes_in(each)}
    again |= {id(inner) for each in nodes if isinstance(each, ast.IfExp | ast.BoolOp) for inner in nodes_in(each)}
    for each in nodes:
        weight = 2 if id(each) in again else 1
        match each:
            case ast.Name(id=name):
                found[name] = found.get(name, 0) + weight
            case ast.Attribute(value=ast.Name(id=name), attr=attr):
                key = f"{name}.{attr}"
                found[key] = found.get(key, 0) + weight
    return found
