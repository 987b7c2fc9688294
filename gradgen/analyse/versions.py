"""Gives every binding of a variable a version of its own (static single assignment), so that def-use is a plain graph.

Never judges what a version means; activity and recording do.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from gradgen.analyse.kinds.stacks import slots_of, stacks_of
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field

Kind = Literal["parameter", "assign", "item", "store", "phi", "unbound", "function", "inert", "exception"]
Env = dict[str, "Version"]


@dataclass(eq=False, slots=True)
class Version:
    """One definition of a variable. `sources` are what its value comes from, `previous` the version that it replaces."""

    index: int
    name: str
    kind: Kind
    node: ir.Node | None
    previous: Version | None
    sources: list[Version | ir.Expr] = field(default_factory=list)
    is_partial: bool = False

    @property
    def is_bound(self) -> bool:
        """Whether the variable surely has a value here."""
        return self.kind != "unbound" and not self.is_partial

    def __repr__(self) -> str:
        return f"{self.name}.{self.index}"


@dataclass(eq=False, slots=True)
class Versions:
    """All versions of a function, what each read sees, and where control flow joins versions. `passive` are expressions that are
    known not to move the result whatever they read: the shape of an array. `stacks` are the lists of which what is popped is what
    was appended, `slots` the names that take such a value apart: each with all that may be found there."""

    all: list[Version] = field(default_factory=list)
    of_read: dict[ir.Name, Version] = field(default_factory=dict)
    of_node: dict[ir.Node, Version] = field(default_factory=dict)
    of_parameter: dict[str, Version] = field(default_factory=dict)
    merged: dict[ir.Stmt, dict[str, Version]] = field(default_factory=dict)
    headers: dict[ir.Stmt, dict[str, Version]] = field(default_factory=dict)
    captured: dict[ir.Node, dict[str, Version]] = field(default_factory=dict)
    entries: dict[ir.Stmt, Env] = field(default_factory=dict)
    partial: dict[ir.Stmt, dict[str, Version]] = field(default_factory=dict)
    returns: list[ir.Exit] = field(default_factory=list)
    falls_through: bool = False
    passive: set[ir.Node] = field(default_factory=set)
    of_function: ir.Function | None = None
    stacks: Mapping[str, tuple[ir.Expr, ...]] = field(default_factory=dict)
    slots: Mapping[ir.Node, tuple[ir.Expr, ...]] = field(default_factory=dict)


def _carried_by_exceptions(body: ir.Block) -> list[ir.Expr]:
    """What an exception out of a block may hold: what it is made of where it is raised, what calls in the block are given, and
    the keys that are looked up."""
    found: list[ir.Expr] = []
    for stmt in body:
        for node in ir.walk(stmt):
            match node:
                case ir.Exit(kind="raise", value=ir.Expr() as value):
                    found.append(value)
                case ir.Call(args=args, keywords=keywords):
                    found += (*args, *(value for _, value in keywords))
                case ir.Item(index=index) if not isinstance(index, ir.Slice):
                    found.append(index)
    return found


def versions_of(function: ir.Function, outer: Iterable[str] = ()) -> Versions:
    """The versions of a function's variables; `outer` are captured variables, which count as parameters."""
    found = _Builder().function(function, outer)
    found.stacks = stacks_of(function)
    found.slots = slots_of(function, found.stacks)
    return found


class _Builder:
    def __init__(self) -> None:
        self.result = Versions()
        self.breaks: list[list[Env]] = []
        self.catching = 0
        self.continues: list[list[Env]] = []
        self.made: list[Version] = []
        self.functions: dict[Version, ir.Define] = {}

    def new(self, name: str, kind: Kind, node: ir.Node | None, env: Env, sources: Iterable[Version | ir.Expr] = ()) -> Version:
        version = Version(len(self.result.all), name, kind, node, env.get(name), list(sources))
        self.result.all.append(version)
        self.made.append(version)
        env[name] = version
        return version

    def function(self, function: ir.Function, outer: Iterable[str]) -> Versions:
        env: Env = {}
        self.result.of_function = function
        for name in [*outer, *(parameter.name for parameter in function.parameters)]:
            self.result.of_parameter[name] = self.new(name, "parameter", function, env)
        end = self.block(function.body, env)
        self.result.falls_through = end is not None
        return self.result

    # --- expressions ---

    def read(self, node: ir.Node, env: Env) -> None:
        """Resolve every read in an expression, in order of evaluation as far as bindings in it matter."""
        match node:
            case ir.Name(id=name, scope="local"):
                version = env.get(name)
                if version is None:
                    version = self.new(name, "unbound", node, env)
                self.result.of_read[node] = version
                if version in self.functions:
                    self._read_captures(node, self.functions[version], env)
            case ir.Name() | ir.Const():
                return
            case ir.Walrus(name=name, value=value):
                self.read(value, env)
                self.result.of_node[node] = self.new(name, "assign", node, env, [value])
            case ir.Comprehension(element=element, generators=generators):
                inner = dict(env)
                for generator in generators:
                    self.read(generator.iterable, inner)
                    self.bind(generator.target, generator.iterable, inner, "item")
                    for condition in generator.conditions:
                        self.read(condition, inner)
                self.read(element, inner)
                own = {bound.id for g in generators for bound in ir.walk(g.target) if isinstance(bound, ir.NameTarget)}
                env.update({name: version for name, version in inner.items() if name not in own})
            case _:
                for child in ir.children_of(node):
                    self.read(child, env)

    def _read_captures(self, node: ir.Node, define: ir.Define, env: Env) -> None:
        captured = {}
        for name in define.captures:
            if name not in env:
                self.new(name, "unbound", node, env)
            captured[name] = env[name]
        self.result.captured[node] = captured

    # --- bindings ---

    def bind(self, target: ir.Target, value: ir.Expr, env: Env, kind: Kind = "assign") -> None:
        match target:
            case ir.NameTarget(id=name):
                self.result.of_node[target] = self.new(name, kind, target, env, [value])
            case ir.TupleTarget(items=items, starred=None) if kind == "item" and (parts := _elements_of(value, len(items))):
                for item, part in zip(items, parts, strict=True):
                    self.bind(item, part, env, "item")
            case ir.TupleTarget(items=items, starred=starred):
                elements = value.items if isinstance(value, ir.Display) and starred is None and kind == "assign" else ()
                is_matched = len(elements) == len(items) and not any(isinstance(element, ir.Starred) for element in elements)
                for index, item in enumerate(items):
                    self.bind(item, elements[index] if is_matched else value, env, kind if is_matched else "item")
            case ir.ItemTarget(base=base, index=index):
                self.read(base, env)
                self.read(index, env)
                self._store(target, base, value, env)
            case ir.AttributeTarget(base=base):
                self.read(base, env)
                self._store(target, base, value, env)

    def _store(self, node: ir.Node, base: ir.Expr, value: ir.Expr, env: Env) -> None:
        if isinstance(base, ir.Name) and base.scope == "local":
            self.result.of_node[node] = self.new(base.id, "store", node, env, [env[base.id], value])

    # --- statements ---

    def block(self, block: ir.Block, env: Env) -> Env | None:
        """The environment after a block, or None where control never reaches its end."""
        current: Env | None = env
        for stmt in block:
            if current is None:
                current = {}  # dead code: still given versions, so that every read has one
                self.statement(stmt, current)
                current = None
            else:
                current = self.statement(stmt, current)
        return current

    def statement(self, stmt: ir.Stmt, env: Env) -> Env | None:
        match stmt:
            case ir.Assign(target=target, value=value):
                self.read(value, env)
                self.bind(target, value, env)
            case ir.Evaluate(value=value):
                self.read(value, env)
            case ir.Append(base=base, value=value):
                self.read(base, env)
                self.read(value, env)
                self._store(stmt, base, value, env)
            case ir.Inert(reads=reads, binds=binds):
                for name in reads:
                    self.read(name, env)
                for bound in binds:
                    self.new(bound, "inert", stmt, env, reads)
            case ir.Define(name=name):
                version = self.new(name, "function", stmt, env)
                self.functions[version] = stmt
                self.result.of_node[stmt] = version
            case ir.Branch():
                return self.branch(stmt, env)
            case ir.For() | ir.While():
                return self.loop(stmt, env)
            case ir.Try():
                return self.tried(stmt, env)
            case ir.With(items=items, body=body):
                for manager, held in items:
                    self.read(manager, env)
                    if held is not None:
                        self.bind(held, manager, env, "item")
                self.result.entries[stmt] = dict(env)
                return self.suppressing(stmt, env) if stmt.suppresses else self.block(body, env)
            case ir.Exit():
                self.exit(stmt, env)
                return None
        return env

    def exit(self, stmt: ir.Exit, env: Env) -> None:
        if stmt.value is not None:
            self.read(stmt.value, env)
        match stmt.kind:
            case "return":
                self.result.returns.append(stmt)
            case "break" if self.breaks:
                self.breaks[-1].append(dict(env))
            case "continue" if self.continues:
                self.continues[-1].append(dict(env))

    def merge(self, stmt: ir.Stmt, before: Env, ends: list[Env]) -> Env | None:
        """Join environments after a statement: one phi for each name whose versions differ."""
        if not ends:
            return None
        result = ends[0]
        if len(ends) == 1:
            return result
        differing = sorted({name for end in ends for name in end if any(other.get(name) is not end[name] for other in ends)})
        joined = self.result.merged.setdefault(stmt, {})
        for name in differing:
            sources = [end[name] for end in ends if name in end]
            version = Version(len(self.result.all), name, "phi", stmt, before.get(name), list(dict.fromkeys(sources)))
            version.is_partial = len(sources) < len(ends) or not all(source.is_bound for source in sources)
            self.result.all.append(version)
            self.made.append(version)
            joined[name] = version
            result[name] = version
            self._join_functions(version, sources)
        return result

    def _join_functions(self, version: Version, sources: list[Version]) -> None:
        defines = {self.functions[source] for source in sources if source in self.functions}
        if len(defines) == 1 and all(source in self.functions for source in sources):
            self.functions[version] = defines.pop()

    def branch(self, stmt: ir.Branch, env: Env) -> Env | None:
        self.read(stmt.test, env)
        before = dict(env)
        self.result.entries[stmt] = before
        then = self.block(stmt.then, dict(env))
        orelse = self.block(stmt.orelse, dict(env))
        return self.merge(stmt, before, [end for end in (then, orelse) if end is not None])

    def loop(self, stmt: ir.For | ir.While, env: Env) -> Env | None:
        if isinstance(stmt, ir.For):
            self.read(stmt.iterable, env)
        self.result.entries[stmt] = dict(env)
        bound = sorted(ir.names_bound((stmt,)))
        headers = {name: self.new(name, "phi", stmt, env, [env[name]] if name in env else []) for name in bound}
        for header in headers.values():
            header.is_partial = header.previous is None or not header.previous.is_bound
        self.result.headers[stmt] = headers
        before = dict(env)
        self.breaks.append([])
        self.continues.append([])
        body_env = dict(env)
        if isinstance(stmt, ir.For):
            self.bind(stmt.target, stmt.iterable, body_env, "item")
        else:
            self.read(stmt.test, body_env)
            before = dict(body_env)
        end = self.block(stmt.body, body_env)
        turns = self.continues.pop() + ([end] if end is not None else [])
        for name, header in headers.items():
            for turn in turns:
                if name in turn and turn[name] is not header and turn[name] not in header.sources:
                    header.sources.append(turn[name])
        breaks = self.breaks.pop()
        is_endless = isinstance(stmt, ir.While) and isinstance(stmt.test, ir.Const) and bool(stmt.test.value)
        completed = None if is_endless else self.block(stmt.orelse, dict(before))
        return self.merge(stmt, before, [end for end in (completed, *breaks) if end is not None])

    def suppressing(self, stmt: ir.With, env: Env) -> Env | None:
        """A body that an exception may leave anywhere, quietly."""
        before = dict(env)
        mark = len(self.made)
        self.catching += 1
        body = self.block(stmt.body, dict(env))
        self.catching -= 1
        partial = self.half_done(stmt, stmt.body, before, mark)
        return self.merge(stmt, before, [end for end in (body, partial) if end is not None])

    def half_done(self, stmt: ir.Stmt, block: ir.Block, before: Env, mark: int) -> Env:
        """The environment where an exception leaves a block: each variable may hold any version that the block, or what was made
        since `mark`, gave it."""
        partial = dict(before)
        made: dict[str, list[Version]] = {}
        for version in self.made[mark:]:
            made.setdefault(version.name, []).append(version)
        last = block[-1] if block else None
        if isinstance(last, ir.Assign) and isinstance(last.target, ir.NameTarget):
            made[last.target.id].remove(self.result.of_node[last.target])  # bound last of all: nothing can raise after it
        joined = self.result.partial.setdefault(stmt, {})
        for name, versions in made.items():
            if versions:
                sources = ([before[name]] if name in before else []) + versions
                partial[name] = joined[name] = self.new(name, "phi", stmt, partial, sources)
                joined[name].is_partial = name not in before or not before[name].is_bound
        return partial

    def tried(self, stmt: ir.Try, env: Env) -> Env | None:
        before = dict(env)
        self.result.entries[stmt] = before
        mark = len(self.made)
        self.catching += bool(stmt.handlers)
        body = self.block(stmt.body, dict(env))
        self.catching -= bool(stmt.handlers)
        partial = self.half_done(stmt, stmt.body, before, mark)
        ends = []
        for handler in stmt.handlers:
            handler_env = dict(partial)
            if handler.matches is not None:
                self.read(handler.matches, handler_env)
            if handler.name is not None:
                self.new(handler.name, "exception", handler, handler_env, _carried_by_exceptions(stmt.body))
            ends.append(self.block(handler.body, handler_env))
        if body is not None:
            body = self.block(stmt.orelse, body)
        after = self.merge(stmt, before, [end for end in (body, *ends) if end is not None])
        if not stmt.final:
            return after
        if self.catching:  # an exception that is caught further out has gone through the `finally`
            partial = self.half_done(stmt, (), before, mark)
        if after is None:
            self.block(stmt.final, partial)
            return None
        return self.block(stmt.final, after | partial if self.catching else after)


def _elements_of(iterable: ir.Expr, length: int) -> tuple[ir.Expr, ...]:
    """Where each part of a loop's target comes from, for `enumerate(...)` and `zip(...)`; empty where that is not known."""
    match iterable:
        case ir.Call(func=ir.Name(id="reversed" | "list" | "tuple", scope="global"), args=(inner,), keywords=()):
            return _elements_of(inner, length)
        case ir.Call(func=ir.Name(id="enumerate", scope="global"), args=(inner, *start)) if length == 2:
            return (start[0] if start else ir.Const(0), inner)
        case ir.Call(func=ir.Name(id="zip", scope="global"), args=args) if len(args) == length:
            return () if any(isinstance(arg, ir.Starred) for arg in args) else args
        case ir.Call(func=ir.Name(id="reversed" | "list" | "tuple", scope="global"), args=(inner,), keywords=()):
            return _elements_of(inner, length)
        case ir.Item(base=ir.Call() as inner, index=ir.Slice()):
            return _elements_of(inner, length)
    return ()
