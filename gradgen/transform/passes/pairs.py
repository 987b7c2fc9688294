"""Splits a gradient into a forward function that hands out what is kept, and a backward function that takes it.

Never writes a backward line of its own.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradgen.analyse.flow.exits import Chain
from gradgen.ir import nodes as ir
from gradgen.ir.checkpoints import Replay
from gradgen.ir.frozen import dataclass, field
from gradgen.transform.loops.tapes import Tapes
from gradgen.transform.planning import Planner


@dataclass(slots=True)
class Pairing:
    """The two functions of one callee, way by way to its returns: `name` is the backward function.

    `returns` says how many returns have a backward part, `seeds` which names hold seeds, `bound` which always have a value.
    """

    name: str
    output: str
    seeds: Mapping[str, str]
    returns: int
    bound: frozenset[str]
    planner: Planner
    tapes: Tapes
    ways: list[tuple[ir.Stmt, ...]] = field(default_factory=list)
    needed: list[tuple[str, ...]] = field(default_factory=list)

    def _surely_bound(self, chain: Chain) -> set[str]:
        """What surely has a value where a chain leads to: parameters, and what the statements on the way there bind."""
        edits = self.planner.edits
        found = set(self.bound)
        for block, index, _ in chain:
            for stmt in block[: index + 1]:
                for line in (*edits.before.get(stmt, ()), *edits.between.get(stmt, ())):
                    match line:
                        case ir.Assign(target=ir.NameTarget(id=name)) | ir.Record(tape=name, is_single=True):
                            found.add(name)
                for hoist in edits.hoists.get(stmt, ()):
                    if hoist.style not in ("walrus", "again"):
                        found |= {hoist.name} | ({hoist.kept} if hoist.kept else set())
                if isinstance(stmt, ir.Assign):
                    found |= {node.id for node in ir.walk(stmt.target) if isinstance(node, ir.NameTarget)}
                merged = self.planner.activity.versions.merged.get(stmt, {})
                found |= {name for name, version in merged.items() if version.is_bound}
        return found

    def split(self, stmt: ir.Exit, chain: Chain, lines: list[ir.Stmt], result: ir.Exit) -> None:
        """Leave the value in the forward function and move the backward part to the other."""
        forward = [line for line in lines if line.span is not None]
        own = tuple(line for line in lines if line.span is None and not (isinstance(line, ir.Assign) and line.target is None))
        backward = (*own, result)
        free = tuple(name for name in free_names(backward) if name not in self.seeds.values())
        sure = self._surely_bound(chain)
        for name in free:
            if name not in sure:
                self.tapes.start(name, self.tapes.body[0])
        self.ways.append(backward)
        self.needed.append(free)
        kept: ir.Expr = ir.Display("tuple", tuple(map(self._as_it_is, free)))
        if self.returns > 1:
            kept = ir.Display("tuple", (ir.Const(len(self.ways)), kept))
        value: ir.Expr = ir.Name(self.output) if forward else (stmt.value or ir.Const(None))
        self.planner.edits.replaced[stmt] = [*forward, ir.Exit("return", ir.Display("tuple", (value, kept)))]

    def _as_it_is(self, name: str) -> ir.Expr:
        """What is kept of a variable: a container that the caller may store into later is kept as it is now."""
        planner = self.planner
        if planner.callees.is_settled or name not in {version.name for version in planner.held}:
            return ir.Name(name)
        planner.edits.needed.add("snapshot")
        return ir.Call(ir.Name("snapshot", "global"), (ir.Name(name),))

    def backward_function(self) -> tuple[str, tuple[str, ...], tuple[ir.Stmt, ...]]:
        """The backward function's name, parameters and lines."""
        seed = self.seeds[self.output]
        if len(self.ways) == 1:
            return self.name, (*self.needed[0], seed), self.ways[0]
        way, kept = self.planner.names.fresh("way"), self.planner.names.fresh("kept")
        lines: list[ir.Stmt] = []
        for number, (body, names) in enumerate(zip(self.ways, self.needed, strict=True), 1):
            inner: list[ir.Stmt] = []
            if len(names) == 1:
                inner.append(ir.Assign(ir.NameTarget(names[0]), ir.Item(ir.Name(kept), ir.Const(0))))
            elif names:
                inner.append(ir.Assign(ir.TupleTarget(tuple(map(ir.NameTarget, names))), ir.Name(kept)))
            inner.extend(body)
            if number == len(self.ways):
                lines.extend(inner)
            else:
                test = ir.Compare(("eq",), (ir.Name(way), ir.Const(number)))
                lines.append(ir.Branch(test, tuple(inner), ()))
        return self.name, (way, kept, seed), tuple(lines)


def free_names(lines: Sequence[ir.Stmt]) -> list[str]:
    """The variables that lines read before they bind them, in order of reading."""
    bound: set[str] = set()
    free: dict[str, None] = {}

    def read(expr: ir.Node | None) -> None:
        if expr is None:
            return
        for name in ir.names_read(expr):
            if name.scope == "local" and name.id not in bound:
                free.setdefault(name.id.split(".")[0])

    def bind(target: ir.Target) -> None:
        for node in ir.walk(target):
            if isinstance(node, ir.NameTarget):
                bound.add(node.id)
        if not isinstance(target, ir.NameTarget | ir.TupleTarget):
            read(target)

    def visit(stmt: ir.Stmt) -> None:
        match stmt:
            case ir.Assign(target=target, value=value):
                read(value)
                bind(target)
            case ir.Evaluate(value=value) | ir.Exit(value=value):
                read(value)
            case ir.Branch(test=test, then=then, orelse=orelse):
                read(test)
                before = set(bound)
                for inner in then:
                    visit(inner)
                after = set(bound)
                bound.intersection_update(before)
                for inner in orelse:
                    visit(inner)
                bound.intersection_update(after | {"\0"}) if orelse else bound.intersection_update(before)
            case ir.For(target=target, iterable=iterable, body=body):
                read(iterable)
                before = set(bound)
                bind(target)
                for inner in body:
                    visit(inner)
                bound.intersection_update(before)
            case ir.While(test=test, body=body):
                read(test)
                before = set(bound)
                for inner in body:
                    visit(inner)
                bound.intersection_update(before)
            case Replay(reads=names_read, binds=binds):
                for name in names_read:
                    read(name)
                bound.update(target.id for target in binds)
            case ir.Restore(targets=names, tape=tape):
                if tape not in bound:
                    free.setdefault(tape)
                bound.update(names)

    for line in lines:
        visit(line)
    return list(free)
