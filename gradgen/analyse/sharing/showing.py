"""Which stores into arrays another name would show: a walk over a function in its order.

Never asks what kind a value is of.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import TypeVar

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.sharing.lending import lent_by
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.finding import beside_arithmetic, found_in
from gradgen.ir.frozen import dataclass, field
from gradgen.ir.kinds import Kind

Group = frozenset[Version]


def names_in(group: Group) -> set[str]:
    return {version.name for version in group}


@dataclass(slots=True)
class State:
    """What has happened on the way to a place: which stores each name may show, which variables are surely and perhaps bound,
    and with which others each may share its data there."""

    stale: dict[str, frozenset[ir.Stmt]] = field(default_factory=dict)
    surely: frozenset[str] = frozenset()
    perhaps: frozenset[str] = frozenset()
    kin: dict[str, frozenset[str]] = field(default_factory=dict)

    def joined(self, other: State) -> State:
        return State(
            _united(self.stale, other.stale), self.surely & other.surely, self.perhaps | other.perhaps,
            _united(self.kin, other.kin),
        )


T = TypeVar("T")


def _united(first: Mapping[str, frozenset[T]], second: Mapping[str, frozenset[T]]) -> dict[str, frozenset[T]]:
    return {name: first.get(name, frozenset()) | second.get(name, frozenset()) for name in first.keys() | second.keys()}


def loose_names(function: ir.Function, kinds: Kinds) -> frozenset[str]:
    """The variables that may share data with whatever any version of theirs may, at any time: but for those that only hold
    arrays and numbers, by assignments that nothing interrupts."""
    every = frozenset(version.name for version in kinds.versions.all)
    if found_in(function, ir.Try, ir.With, ir.Define, ir.Walrus):
        return every
    held = {version.name for version in kinds.versions.all if version.kind != "unbound"
            and not isinstance(kinds.of_version.get(version), Kind)}
    plain = {id(target) for stmt in found_in(function, ir.Assign) for target in ir.walk(stmt.target)}
    held |= {target.id for target in found_in(function, ir.NameTarget) if id(target) not in plain}
    held |= {name for node in found_in(function, ir.Inert) for name in node.binds}
    return every & (held - only_appended_to(function, held))


def only_appended_to(function: ir.Function, names: Set[str]) -> set[str]:
    """Those of some variables that hold lists which the function writes out, and that nothing but `append` changes."""
    found = {node.base.id for node in found_in(function, ir.Append)} & names
    if not found:
        return found
    found -= {parameter.name for parameter in function.parameters}
    for node in beside_arithmetic(function):
        match node:
            case ir.Assign(target=ir.NameTarget(), value=ir.Display(kind="list", items=()) | ir.Op(), augmented=None):
                continue
            case ir.Assign(target=target):
                found -= {each.id for each in ir.walk(target) if isinstance(each, ir.NameTarget | ir.Name)}
            case ir.For(target=target) | ir.Generator(target=target):
                found -= {each.id for each in ir.walk(target) if isinstance(each, ir.NameTarget)}
            case ir.Call(func=ir.Attribute(base=base)):
                found -= {each.id for each in ir.walk(base) if isinstance(each, ir.Name)}
    return found


@dataclass(slots=True)
class Flow:
    """Walks a function in its order, loops until nothing new is found, and notes which stores another name would show. Of `loose`
    variables it does not know with which others they share their data at a time."""

    kinds: Kinds
    groups: Mapping[Version, Group]
    events: Mapping[ir.Stmt, Version]
    loose: frozenset[str]
    overwrites: dict[ir.Stmt, frozenset[str]] = field(default_factory=dict)
    barred: set[ir.Stmt] = field(default_factory=set)
    seen: set[ir.Stmt] = field(default_factory=set)

    def block(self, block: ir.Block, state: State) -> State:
        for stmt in block:
            state = self.statement(stmt, state)
        return state

    def statement(self, stmt: ir.Stmt, state: State) -> State:
        if not self.events:
            return state
        match stmt:
            case ir.Branch(test=test, then=then, orelse=orelse):
                state = self.read(test, state)
                return self.block(then, state).joined(self.block(orelse, state))
            case ir.For(body=body, orelse=orelse) | ir.While(body=body, orelse=orelse):
                for part in (stmt.iterable,) if isinstance(stmt, ir.For) else ():
                    state = self.read(part, state)
                while True:
                    turn = self.read(stmt.test, state) if isinstance(stmt, ir.While) else self.bound(stmt.target, state)
                    after = state.joined(self.block(body, turn))
                    if after == state:
                        break
                    state = after
                return self.block(orelse, state)
            case ir.Try():
                for inner in (stmt.body, *(handler.body for handler in stmt.handlers), stmt.orelse, stmt.final):
                    state = state.joined(self.block(inner, state))
                return state
            case ir.With(items=items, body=body):
                for manager, target in items:
                    state = self.read(manager, state)
                    state = state if target is None else self.bound(target, state)
                return self.block(body, state)
            case ir.Assign(target=target, value=value):
                state = self.read(value, state)
                if not isinstance(target, ir.NameTarget):
                    state = self.read(target, state)
                state = self.changed(stmt, state) if stmt in self.events else state
                return state if stmt in self.events else self.assigned(target, value, state)
            case ir.Inert(binds=binds):
                state = self.read(stmt, state)
                for name in binds:
                    state = self._bind(name, state)
                return state
            case ir.Append(base=ir.Name(id=name), value=value) if name not in self.loose:
                return self.appended(name, value, self.read(value, state))
        return self.read(stmt, state)

    def read(self, node: ir.Node, state: State) -> State:
        """Names that are read must not show a store through another one."""
        bound = state
        for each in ir.walk(node):
            if isinstance(each, ir.Walrus):
                bound = self._bind(each.name, bound)
            if not isinstance(each, ir.Name):
                continue
            versions = [self.kinds.versions.of_read.get(each), *self.kinds.versions.captured.get(each, {}).values()]
            for version in versions:
                if version is None:
                    continue
                group = self.groups[version]
                self.seen |= {stmt for stmt in state.stale.get(version.name, ()) if self.events[stmt] in group}
        return bound

    def changed(self, stmt: ir.Assign, state: State) -> State:
        """A store: from here on the other names of the same data are stale; what they held must be kept before it."""
        group = self.groups[self.events[stmt]]
        name = self.events[stmt].name
        others = names_in(group) - {name}
        if name not in self.loose:
            others &= self.loose | state.kin.get(name, frozenset())
        if others & (state.perhaps - state.surely):
            self.barred.add(stmt)
        self.overwrites[stmt] = frozenset({name, *(others & state.surely)})
        stale = dict(state.stale)
        for other in others & state.perhaps:
            stale[other] = stale.get(other, frozenset()) | {stmt}
        return State(stale, state.surely, state.perhaps, state.kin)

    def assigned(self, target: ir.Target, value: ir.Expr, state: State) -> State:
        """Each name shares from here on what its value shares: `a, b = b, a` turns that round."""
        pairs = [(target, value)]
        if isinstance(target, ir.TupleTarget) and isinstance(value, ir.Display) and target.starred is None:
            if len(target.items) == len(value.items):
                pairs = list(zip(target.items, value.items, strict=True))
        given: dict[str, tuple[set[str], set[str]]] = {}
        for each, part in pairs:
            roots, near = {version.name for version in lent_by(part, self.kinds)}, self._near(part, state)
            for name in _bound_in(each):
                given[name] = roots, near
        bound = self.bound(target, state)
        kin = {name: others - given.keys() for name, others in state.kin.items() if name not in given}
        for name, (roots, near) in given.items():
            twins = {other for other, (also, around) in given.items() if other != name and (roots & around or near & also)}
            kin[name] = frozenset(near - given.keys() | twins)
        for name in given:
            for other in kin[name] - given.keys():
                kin[other] = kin.get(other, frozenset()) | {name}
        return State(bound.stale, bound.surely, bound.perhaps, kin)

    def appended(self, name: str, value: ir.Expr, state: State) -> State:
        """A list that shares from here on what the value shares, too; what it holds is not read."""
        near, kin = self._near(value, state), dict(state.kin)
        lists = {name} | kin.get(name, frozenset())
        for each in near | lists:
            kin[each] = kin.get(each, frozenset()) | ((near | lists) - {each})
        return State(state.stale, state.surely, state.perhaps, kin)

    def _near(self, value: ir.Expr, state: State) -> set[str]:
        """The variables that may share data with a value."""
        lent = lent_by(value, self.kinds)
        roots = {version.name for version in lent}
        near = roots.union(*(state.kin.get(root, frozenset()) for root in roots))
        if roots & self.loose:
            near |= set[str]().union(*(names_in(self.groups[version]) for version in lent))
        return near

    def bound(self, target: ir.Target, state: State) -> State:
        for name in _bound_in(target):
            state = self._bind(name, state)
        return state

    @staticmethod
    def _bind(name: str, state: State) -> State:
        stale = {other: stmts for other, stmts in state.stale.items() if other != name}
        return State(stale, state.surely | {name}, state.perhaps | {name}, state.kin)


def _bound_in(target: ir.Target) -> Iterator[str]:
    return (node.id for node in ir.walk(target) if isinstance(node, ir.NameTarget))
