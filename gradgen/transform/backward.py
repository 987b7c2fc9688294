"""Writes the backward part of control flow: blocks in reverse, branches asked again, loops turned round, exits as paths.

Never decides what is kept; it restores what was recorded.
"""
from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

from gradgen.analyse.activity import Activity
from gradgen.ir import nodes as ir
from gradgen.simplify.fold import negated
from gradgen.transform.plans import Plan
from gradgen.transform.writing import PlanWriter, State, is_dead

Chain = tuple[tuple[ir.Block, int, ir.Stmt | None], ...]


@dataclass(slots=True)
class LoopPlan:
    """How a loop runs backwards.

    `iterable` is gone through in reverse (None: while `tape` holds anything, or `counter` times); `limit` cuts it at `counter`
    turns where the loop may end early. `early` are the breaks whose last turn was left half done, told apart by `left`.
    """

    iterable: ir.Expr | None = None
    counter: str | None = None
    is_cut: bool = False
    tape: str | None = None
    early: list[tuple[ir.Exit, Chain]] = field(default_factory=list)
    left: str | None = None
    counted_after: ir.Stmt | None = None
    is_endless: bool = False
    target: ir.Target | None = None
    items: list[tuple[str, str, ir.Expr]] = field(default_factory=list)


@dataclass(slots=True)
class TryPlan:
    """How a try statement is turned round: `way` holds the number of the handler that ran, 0 where none did."""

    way: str


@dataclass(slots=True)
class Backward:
    """Everything that the writer looks up; filled by transform.reverse."""

    activity: Activity
    writer: PlanWriter
    plans: Mapping[ir.Stmt, Plan]
    tests: Mapping[ir.Stmt, ir.Expr]
    loops: Mapping[ir.Stmt, LoopPlan]
    tries: Mapping[ir.Stmt, TryPlan]
    folds: Mapping[ir.Block, ir.Block]
    originals: Mapping[ir.Stmt, ir.Stmt]
    restores: Mapping[ir.Stmt, list[ir.Restore]]
    late: Mapping[ir.Stmt, list[ir.Restore]]
    turn_restores: Mapping[ir.Stmt, list[ir.Restore]]
    refused: Container[ir.Stmt]

    # --- blocks ---

    def block(self, block: ir.Block, state: State) -> list[ir.Stmt]:
        """The backward part of a block that ran to its end; `state` is the set of adjoints that stand, and is changed."""
        lines: list[ir.Stmt] = []
        for stmt in reversed(self.folds.get(block, block)):
            lines.extend(self.statement(stmt, state))
        return lines

    def statement(self, stmt: ir.Stmt, state: State) -> list[ir.Stmt]:
        if stmt in self.refused:
            return []
        own_stmt = self.originals.get(stmt, stmt)
        restores: list[ir.Stmt] = list(self.restores.get(own_stmt, ()))
        late: list[ir.Stmt] = list(self.late.get(own_stmt, ()))
        match stmt:
            case ir.Branch():
                inner = self.branch(stmt, state)
                named = self.plans.get(own_stmt)
                if named is not None:
                    inner = [*inner, *self.writer.write(named, state)]
                return [*late, *inner, *restores]
            case ir.For() | ir.While():
                after = self.block(stmt.orelse, state) if stmt.orelse else []
                return [*after, *late, *self.loop(stmt, state), *restores]
            case ir.With(body=body):
                return [*late, *self.block(body, state), *restores]
            case ir.Try():
                return [*late, *self.tried(stmt, state), *restores]
        plan = self.plans.get(stmt)
        if plan is None:
            return [*late, *restores]
        own = self.writer.write(plan, state)
        if not own and not restores and not late:
            return []
        heading: list[ir.Stmt] = [ir.Comment(plan.heading)] if plan.heading and own else []
        if plan.reads_result:
            return [*heading, *late, *own, *restores]
        return [*heading, *late, *restores, *own]

    # --- which adjoints stand ---

    def after_block(self, block: ir.Block, state: State) -> State:
        """The adjoints that stand after the backward part of a block, without writing it."""
        state = set(state)
        for stmt in reversed(self.folds.get(block, block)):
            state = self.after(stmt, state)
        return state

    def after(self, stmt: ir.Stmt, state: State) -> State:
        if stmt in self.refused:
            return state
        match stmt:
            case ir.Branch(then=then, orelse=orelse):
                sides = [side for side in (then, orelse) if not ends_elsewhere(side)]
                if not sides:
                    return state
                found = set().union(*(self.after_block(side, state) for side in sides))
                named = self.plans.get(stmt)
                for each in named.then if named is not None else ():
                    found = (found - set(each.killed)) | each.contributed
                return self.still_needed(stmt, found)
            case ir.For(orelse=orelse) | ir.While(orelse=orelse):
                state = self.after_block(orelse, state)
                return self.still_needed(stmt, state | self.carried(stmt, state))
            case ir.With(body=body):
                return self.after_block(body, state)
            case ir.Try(body=body, handlers=handlers, orelse=orelse, final=final):
                state = self.after_block(final, state)
                found = self.after_block(body, self.after_block(orelse, state))
                for handler in handlers:
                    if not ends_elsewhere(handler.body):
                        found |= self.after_block(handler.body, state)
                return self.still_needed(stmt, found)
        plan = self.plans.get(stmt)
        if plan is None:
            return state
        if is_dead(plan, state):
            return state
        for each in (plan, *plan.then):
            state = (state - set(each.killed)) | each.contributed
        return state

    def still_needed(self, stmt: ir.Stmt, found: State) -> State:
        """The names among `found` whose version before `stmt` is active."""
        entry = self.activity.versions.entries.get(self.originals.get(stmt, stmt), {})
        return {name for name in found if self.activity.is_active_version(entry.get(name))}

    def carried(self, stmt: ir.For | ir.While, state: State) -> State:
        """The adjoints that stand at both ends of each turn of a loop."""
        plan = self.loops.get(stmt)
        if plan is None:
            return set()
        headers = self.activity.versions.headers[stmt]
        inner = {name for name, header in headers.items() if self.activity.is_active_version(header)}
        found = self.after_block(stmt.body, state | inner)
        for _, chain in plan.early:
            for block, index, _ in reversed(chain):
                found |= self.after_block(block[:index], found)
        outer = {name for name in found if name not in headers}
        return inner | outer | {name for name in state if name in headers} | {base for _, base, _ in plan.items}

    # --- branches ---

    def branch(self, stmt: ir.Branch, state: State) -> list[ir.Stmt]:
        sides = [side for side in (stmt.then, stmt.orelse) if not ends_elsewhere(side)]
        if not sides:
            return []
        if len(sides) == 1:
            return self.block(sides[0], state)
        lines, (then, orelse) = self.sides(stmt, sides, state)
        return [*lines, *conditional(self.tests.get(stmt), then, orelse)]

    def sides(self, stmt: ir.Stmt, sides: Sequence[ir.Block], state: State) -> tuple[list[ir.Stmt], list[ir.Block]]:
        """The backward parts of alternatives, brought to the same adjoints; first the lines that must come before them."""
        ends = [self.after_block(side, state) for side in sides]
        wanted = self.still_needed(stmt, set().union(*ends))
        first = sorted(name for name in wanted if name not in state and not all(name in end for end in ends))
        lines: list[ir.Stmt] = [self.writer.zero(name) for name in first]
        state.update(first)
        written: list[ir.Block] = []
        for side in sides:
            own = set(state)
            inner = self.block(side, own)
            inner.extend(self.writer.zero(name) for name in sorted(wanted - own))
            written.append(tuple(inner))
        state.clear()
        state.update(wanted)
        return lines, written

    # --- loops ---

    def loop(self, stmt: ir.For | ir.While, state: State) -> list[ir.Stmt]:
        plan = self.loops.get(stmt)
        if plan is None:
            return []
        lines: list[ir.Stmt] = []
        if plan.is_endless and len(plan.early) == 1:
            lines.extend(self.path(plan.early[0][1], state))
        elif plan.early:
            lines.extend(self.early_ends(stmt, plan, state))
        return [*lines, *self.turns(stmt, state, is_half_done=plan.is_endless and len(plan.early) == 1)]

    def early_ends(self, stmt: ir.For | ir.While, plan: LoopPlan, state: State) -> list[ir.Stmt]:
        """The last turn's backward part, where the loop was left in the middle of it."""
        carried = self.carried(stmt, state)
        first = sorted(carried - state)
        lines: list[ir.Stmt] = [self.writer.zero(name) for name in first]
        state.update(first)
        wanted = set(state)
        chosen: ir.Block = ()
        for number, (_, chain) in reversed(list(enumerate(plan.early, 1))):
            own = set(state)
            inner = self.path(chain, own)
            inner.extend(self.writer.zero(name) for name in sorted(wanted - own))
            if plan.counter is not None:
                one_less = ir.Op("sub", (ir.Name(plan.counter), ir.Const(1)))
                inner.append(ir.Assign(ir.NameTarget(plan.counter), one_less, augmented="sub"))
            assert plan.left is not None
            test = ir.Compare(("eq",), (ir.Name(plan.left), ir.Const(number)))
            chosen = (ir.Branch(test, tuple(inner), chosen, is_elif=True),)
        lines.extend(chosen)
        return lines

    def path(self, chain: Chain, state: State) -> list[ir.Stmt]:
        """The backward part of the way from the start of the outermost block of a chain to where it leads."""
        lines: list[ir.Stmt] = []
        for block, index, owner in reversed(chain):
            lines.extend(self.block(block[:index], state))
            if isinstance(owner, (ir.For, ir.While)):
                lines.extend(self.turns(owner, state, is_half_done=True))
            if owner is not None:
                lines.extend(self.restores.get(owner, ()))
        return lines

    def turns(self, stmt: ir.For | ir.While, state: State, is_half_done: bool) -> list[ir.Stmt]:
        """The complete turns of a loop, last one first; a half-done last turn has been dealt with."""
        plan = self.loops.get(stmt)
        if plan is None:
            return []
        carried = self.carried(stmt, state)
        lines: list[ir.Stmt] = [self.writer.zero(name) for name in sorted(carried - state)]
        inside = state | carried
        inner = self.block(stmt.body, inside)
        for restore in self.turn_restores.get(stmt, ()):
            inner.insert(_place_for(restore, inner), restore)
        for name, base, index in plan.items:
            if name in inside:
                adjoint = self.writer.names.adjoint(base)
                place = ir.Item(ir.Name(adjoint), index)
                added = ir.Op("add", (place, ir.Name(self.writer.names.adjoint(name))))
                inner.append(ir.Assign(ir.ItemTarget(place.base, place.index), added, augmented="add"))
                inside.discard(name)
        if isinstance(stmt, ir.For):
            inside -= {node.id for node in ir.walk(stmt.target) if isinstance(node, ir.NameTarget)}
        inner.extend(self.writer.zero(name) for name in sorted(carried - inside))
        wanted = self.still_needed(stmt, state | carried)
        state.clear()
        state.update(wanted)
        if all(isinstance(line, ir.Comment) for line in inner):
            return lines
        return [*lines, self.reversed_loop(stmt, plan, tuple(inner), is_half_done)]

    def reversed_loop(self, stmt: ir.For | ir.While, plan: LoopPlan, body: ir.Block, is_half_done: bool) -> ir.Stmt:
        turns: ir.Expr | None = None if plan.counter is None else ir.Name(plan.counter)
        if is_half_done and turns is not None:
            turns = ir.Op("sub", (turns, ir.Const(1)))
        if plan.iterable is not None:
            assert isinstance(stmt, ir.For)
            iterable = plan.iterable
            if plan.is_cut:
                assert turns is not None
                match iterable:
                    case ir.Call(func=ir.Name(id="range", scope="global"), args=(_,)):
                        iterable = ir.Call(ir.Name("range", "global"), (turns,))
                    case _:
                        iterable = ir.Item(iterable, ir.Slice(None, turns))
            return ir.For(plan.target or stmt.target, ir.Call(ir.Name("reversed", "global"), (iterable,)), body)
        if plan.tape is not None:
            return ir.While(ir.Name(plan.tape), body)
        assert turns is not None
        return ir.For(ir.NameTarget("_"), ir.Call(ir.Name("range", "global"), (turns,)), body)

    # --- try ---

    def tried(self, stmt: ir.Try, state: State) -> list[ir.Stmt]:
        lines = self.block(stmt.final, state)
        sides = [(number, handler.body) for number, handler in enumerate(stmt.handlers, 1) if not ends_elsewhere(handler.body)]
        body = stmt.body + stmt.orelse
        if not sides:
            return [*lines, *self.block(body, state)]
        plan = self.tries.get(stmt)
        if plan is None:
            return lines
        is_left = ends_elsewhere(body)
        alternatives = [side for _, side in sides] + ([] if is_left else [body])
        first, written = self.sides(stmt, alternatives, state)
        chosen: ir.Block = () if is_left else written[-1]
        for (number, _), inner in reversed(list(zip(sides, written, strict=False))):
            test = ir.Compare(("eq",), (ir.Name(plan.way), ir.Const(number)))
            chosen = tuple(conditional(test, inner, chosen, is_elif=True))
        return [*lines, *first, *chosen]


def _place_for(restore: ir.Restore, lines: Sequence[ir.Stmt]) -> int:
    """Where a value must be back: before the first group of lines that reads it."""
    for index, line in enumerate(lines):
        if any(isinstance(node, ir.Name) and node.id in restore.targets for node in ir.walk(line)):
            while index > 0 and isinstance(lines[index - 1], ir.Comment):
                index -= 1
            return index
    return 0


def ends_elsewhere(block: Sequence[ir.Stmt]) -> bool:
    """Whether control never reaches the end of a block."""
    for stmt in block:
        match stmt:
            case ir.Exit():
                return True
            case ir.Branch(then=then, orelse=orelse) if ends_elsewhere(then) and ends_elsewhere(orelse):
                return True
            case ir.With(body=body) if ends_elsewhere(body):
                return True
            case ir.Try(body=body, handlers=handlers, orelse=orelse, final=final):
                if ends_elsewhere(final):
                    return True
                if ends_elsewhere(body + orelse) and all(ends_elsewhere(handler.body) for handler in handlers):
                    return True
            case ir.While(test=ir.Const(value=value), body=body) if value and not _has_break(body):
                return True
    return False


def _has_break(block: Sequence[ir.Stmt]) -> bool:
    """Whether a break in the block leaves the loop whose body it is."""
    for stmt in block:
        match stmt:
            case ir.Exit(kind="break"):
                return True
            case ir.Branch(then=then, orelse=orelse) if _has_break(then) or _has_break(orelse):
                return True
            case ir.With(body=body) if _has_break(body):
                return True
            case ir.Try(body=body, handlers=handlers, orelse=orelse, final=final):
                if _has_break(body + orelse + final) or any(_has_break(handler.body) for handler in handlers):
                    return True
            case ir.For(orelse=orelse) | ir.While(orelse=orelse) if _has_break(orelse):
                return True
    return False


def conditional(test: ir.Expr | None, then: ir.Block, orelse: ir.Block, is_elif: bool = False) -> list[ir.Stmt]:
    """`if test: then else: orelse` without empty sides."""
    if not then and not orelse:
        return []
    assert test is not None
    if not then:
        return [ir.Branch(negated(test), orelse, (), is_elif)]
    if len(orelse) == 1 and isinstance(orelse[0], ir.Branch):
        inner = orelse[0]
        orelse = (ir.Branch(inner.test, inner.then, inner.orelse, is_elif=True),)
    return [ir.Branch(test, then, orelse, is_elif)]
