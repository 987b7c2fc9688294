"""Writes the backward part of control flow: blocks in reverse, branches asked again, loops turned round, exits as paths.

Never decides what is kept; it restores what was recorded.
"""
from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from gradgen.analyse.activity import Activity
from gradgen.analyse.flow.exits import Chain, comes_to_its_end, ends_elsewhere
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass
from gradgen.transform.lines.anew import around
from gradgen.transform.lines.plans import Plan, names_target
from gradgen.transform.lines.sides import conditional, place_for
from gradgen.transform.lines.spelling import addition, as_target, placed
from gradgen.transform.loops.counting import along
from gradgen.transform.loops.logs import LogPlan
from gradgen.transform.loops.turning import LoopPlan, TryPlan
from gradgen.transform.passes.nothings import Nothings, When
from gradgen.transform.writing import PlanWriter, State, is_dead


@dataclass(slots=True)
class Backward:
    """Everything that the writer looks up; filled by transform.reverse. In a rehearsal, which notes which adjoints start from
    nothing, it is not yet known how loops are counted."""

    activity: Activity
    writer: PlanWriter
    plans: Mapping[ir.Stmt, Plan]
    tests: Mapping[ir.Stmt, ir.Expr]
    loops: Mapping[ir.Stmt, LoopPlan]
    tries: Mapping[ir.Stmt, TryPlan]
    folds: Mapping[ir.Block, ir.Block]
    originals: Mapping[ir.Stmt, ir.Stmt]
    restores: Mapping[ir.Stmt, list[ir.Restore | ir.Assign]]
    late: Mapping[ir.Stmt, list[ir.Restore | ir.Assign]]
    begun: Mapping[ir.Stmt, list[ir.Restore | ir.Assign]]
    turn_restores: Mapping[ir.Stmt, list[ir.Restore | ir.Assign]]
    refused: Container[ir.Stmt]
    logs: Mapping[ir.Stmt, LogPlan]
    nothings: Nothings
    is_rehearsal: bool = False

    def nothing(self, names: Iterable[str], stmt: ir.Stmt, when: When) -> list[ir.Stmt]:
        """The adjoints of some variables, started from nothing at a statement."""
        ordered = sorted(names)
        self.nothings.note(ordered, self.originals.get(stmt, stmt), when, stmt)
        return [self.writer.zero(name) for name in ordered]

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
        if stmt in self.logs:
            return [*late, *self.walked(stmt, state), *restores]
        match stmt:
            case ir.Branch():
                inner = self.branch(stmt, state)
                named = self.plans.get(own_stmt)
                if named is not None:
                    inner = [*inner, *self.writer.write(named, state)]
                return [*late, *inner, *restores]
            case ir.For() | ir.While() if stmt not in self.plans:
                return [*late, *self.completion(stmt, state), *self.loop(stmt, state), *restores]
            case ir.With(body=body) if stmt in self.tests:
                first, (done, left) = self.sides(stmt, [body, ()], state)
                return [*late, *first, *conditional(self.tests[stmt], done, left), *restores]
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
        if plan.new:
            return [*heading, *late, *around(own, restores, plan.new, self.writer.names)]
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
        if stmt in self.logs:
            return self.still_needed(stmt, state | self.touched(stmt))
        match stmt:
            case ir.Branch(then=then, orelse=orelse):
                sides = [side for side in (then, orelse) if not self.is_left(side)]
                if not sides:
                    return state
                found = set().union(*(self.after_block(side, state) for side in sides))
                named = self.plans.get(stmt)
                for each in named.then if named is not None else ():
                    found = (found - (set(each.killed) - self.writer.lasting)) | each.contributed
                return self.still_needed(stmt, found)
            case ir.For(orelse=orelse) | ir.While(orelse=orelse) if stmt not in self.plans:
                if comes_to_its_end(stmt):
                    state = self.after_block(orelse, state) | (state if stmt in self.tests else set())
                return self.still_needed(stmt, state | self.carried(stmt, state))
            case ir.With(body=body) if stmt in self.tests:
                return self.still_needed(stmt, state | self.after_block(body, state))
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
            state = (state - (set(each.killed) - self.writer.lasting)) | each.contributed
        return state

    def still_needed(self, stmt: ir.Stmt, found: State) -> State:
        """The names among `found` whose version before `stmt` is active."""
        entry = self.activity.versions.entries.get(self.originals.get(stmt, stmt), {})
        return {each for each in found if each in self.writer.lasting or self.activity.is_active_version(entry.get(each))}

    def carried(self, stmt: ir.For | ir.While, state: State) -> State:
        """The adjoints that stand at both ends of each turn of a loop."""
        plan = self.loops.get(stmt)
        if plan is None:
            return set()
        headers = self.activity.versions.headers[stmt]
        inner = {name for name, header in headers.items() if self.activity.is_active_version(header)}
        found = self.after_block(stmt.body, state | inner)
        for _, chain in plan.early:
            found |= state | inner  # what a break leads to comes after the loop
            for block, index, _ in reversed(chain):
                found |= self.after_block(block[:index], found)
        outer = {name for name in found if name not in headers}
        return (inner | outer | {name for name in state if name in headers} | {base for _, base, _ in plan.items}) - plan.handed

    # --- branches ---

    def is_left(self, side: ir.Block) -> bool:
        """Whether an arm never comes to its end: it leaves, or the generated code raises in it."""
        return ends_elsewhere(self.folds.get(side, side)) or any(stmt in self.refused for stmt in side)

    def branch(self, stmt: ir.Branch, state: State) -> list[ir.Stmt]:
        sides = [side for side in (stmt.then, stmt.orelse) if not self.is_left(side)]
        if len(sides) < 2:
            return self.block(sides[0], state) if sides else []
        lines, (then, orelse) = self.sides(stmt, sides, state)
        if stmt not in self.tests and all(isinstance(line, ir.Assign) for line in (*then, *orelse)):
            return lines  # no side has a backward part: what they would set to nothing is nothing
        return [*lines, *conditional(self.tests.get(stmt), then, orelse)]

    def sides(self, stmt: ir.Stmt, sides: Sequence[ir.Block], state: State) -> tuple[list[ir.Stmt], list[ir.Block]]:
        """The backward parts of alternatives, brought to the same adjoints; first the lines that must come before them."""
        ends = [self.after_block(side, state) for side in sides]
        wanted = self.still_needed(stmt, set().union(*ends))
        first = sorted(name for name in wanted if name not in state and not all(name in end for end in ends))
        lines = self.nothing(first, stmt, When.AFTER)
        state.update(first)
        written: list[ir.Block] = []
        for side in sides:
            own = set(state)
            written.append((*self.block(side, own), *self.nothing(wanted - own, stmt, When.BEFORE)))
        state.clear()
        state.update(wanted)
        return lines, written

    # --- loops ---

    def completion(self, stmt: ir.For | ir.While, state: State) -> list[ir.Stmt]:
        """The backward part of a loop's `else`; where a break passes it by, only if the loop came to its end."""
        if not stmt.orelse or not comes_to_its_end(stmt):
            return []
        if stmt not in self.tests:
            return self.block(stmt.orelse, state)
        inside = set(state)
        lines = self.block(stmt.orelse, inside)
        first = self.nothing(inside - state, stmt, When.AFTER)
        lines.extend(self.nothing(state - inside, stmt, When.WITHIN))
        state |= inside
        return [*first, *conditional(self.tests[stmt], tuple(lines), ())]

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
        lines = self.nothing(carried - state, stmt, When.AFTER)
        state.update(carried)
        wanted = state - plan.handed
        chosen: ir.Block = tuple(self.handed_back(stmt, set(state), is_whole=True))
        for number, (_, chain) in reversed(list(enumerate(plan.early, 1))):
            own = set(state)
            inner = [*self.path(chain, own), *self.handed_back(stmt, own)]
            inner.extend(self.nothing(wanted - own, stmt, When.TURN))
            if plan.counter is not None:
                one_less = ir.Op("sub", (ir.Name(plan.counter), ir.Const(1)))
                inner.append(ir.Assign(ir.NameTarget(plan.counter), one_less, augmented="sub"))
            assert plan.left is not None
            test = ir.Compare(("eq",), (ir.Name(plan.left), ir.Const(number)))
            chosen = (ir.Branch(test, tuple(inner), chosen, is_elif=True),)
        state -= plan.handed
        return [*lines, *chosen]

    def path(self, chain: Chain, state: State) -> list[ir.Stmt]:
        """The backward part of the way from the start of the outermost block of a chain to where it leads."""
        lines: list[ir.Stmt] = []
        for position, (block, _, owner) in enumerate(chain):
            if owner is not None and owner in self.logs:
                lines.extend((*self.walked(owner, state), *self.begun.get(owner, ()), *self.restores.get(owner, ())))
                chain = chain[:position]
                break
            plan = self.loops.get(owner) if isinstance(owner, ir.For | ir.While) and block is owner.body else None
            if plan is not None and plan.checkpoints is not None:  # this turn runs again like the others
                assert isinstance(owner, ir.For | ir.While)
                lines.extend((*self.turns(owner, state, False), *self.begun.get(owner, ()), *self.restores.get(owner, ())))
                chain = chain[:position]
                break
        for block, index, owner in reversed(chain):
            lines.extend(self.block(block[:index], state))
            if isinstance(owner, (ir.For, ir.While)) and block is owner.orelse:
                lines.extend(self.turns(owner, state, is_half_done=False))
            elif isinstance(owner, (ir.For, ir.While)):
                lines.extend(self.handed_back(owner, state))
                lines.extend(self.turns(owner, state, is_half_done=True))
            elif owner is not None and (named := self.plans.get(self.originals.get(owner, owner))) is not None:
                lines.extend(self.writer.write(named, state))  # what the test named on the way in
            if owner is not None:
                lines.extend((*self.begun.get(owner, ()), *self.restores.get(owner, ())))
        return lines

    def handed_back(self, stmt: ir.For | ir.While, state: State, is_whole: bool = False) -> list[ir.Stmt]:
        """What the turn in which a loop was left hands on to the elements that it took; a whole turn, to those read later."""
        plan = self.loops.get(stmt)
        taken = [] if plan is None else [each for each in plan.items if each[0] in state]
        taken = [each for each in taken if plan is not None and (not is_whole or each[0] in plan.handed)]
        if plan is None or not taken:
            return []
        assert isinstance(plan.target, ir.TupleTarget)
        lines = self.nothing({base for _, base, _ in taken} - state, stmt, When.AFTER)
        assert plan.counter is not None or isinstance(stmt, ir.For)
        length = ir.Call(ir.Name("len", "global"), (stmt.iterable,)) if isinstance(stmt, ir.For) else ir.Const(0)
        turns = length if plan.counter is None else ir.Name(plan.counter)
        lines.append(ir.Assign(plan.target.items[0], ir.Op("sub", (turns, ir.Const(1)))))
        for name, base, path in taken:
            place, adjoint = placed(ir.Name(self.writer.names.adjoint(base)), path), ir.Name(self.writer.names.adjoint(name))
            is_row = name in plan.rows
            lines.append(self.writer.collected(place, adjoint) if is_row else addition(as_target(place), place, adjoint))
        state |= {base for _, base, _ in taken}
        state -= {name for name, _, _ in taken}
        return lines

    def turns(self, stmt: ir.For | ir.While, state: State, is_half_done: bool) -> list[ir.Stmt]:
        """The complete turns of a loop, last one first; a half-done last turn has been dealt with."""
        plan = self.loops.get(stmt)
        if plan is None:
            return []
        carried = self.carried(stmt, state)
        lines = self.handed_back(stmt, state, is_whole=True)
        lines += self.nothing(carried - state, stmt, When.AFTER)
        inside = state | carried | plan.rows
        inner = self.block(stmt.body, inside)
        for restore in self.turn_restores.get(stmt, ()):
            inner.insert(place_for(restore, inner), restore)
        inner = self.writer.with_rows(plan.items, plan.rows, inner)
        inside -= plan.rows
        for name, base, path in plan.items:
            if name in inside:
                place = placed(ir.Name(self.writer.names.adjoint(base)), path)
                inner.append(addition(as_target(place), place, ir.Name(self.writer.names.adjoint(name))))
                inside.discard(name)
        if isinstance(stmt, ir.For):
            inside -= {node.id for node in ir.walk(stmt.target) if isinstance(node, ir.NameTarget)}
        inner.extend(self.nothing(carried - inside, stmt, When.TURN))
        wanted = self.still_needed(stmt, state | carried)
        state.clear()
        state.update(wanted)
        if self.is_rehearsal or all(isinstance(line, ir.Comment) for line in inner):
            return lines
        return [*lines, self.reversed_loop(stmt, plan, tuple(inner), is_half_done)]

    def reversed_loop(self, stmt: ir.For | ir.While, plan: LoopPlan, body: ir.Block, is_half_done: bool) -> ir.Stmt:
        if plan.checkpoints is not None:
            return plan.checkpoints.backwards(stmt, body)
        turns: ir.Expr | None = None if plan.counter is None else ir.Name(plan.counter)
        if is_half_done and turns is not None:
            turns = ir.Op("sub", (turns, ir.Const(1)))
        if plan.iterable is not None:
            assert isinstance(stmt, ir.For)
            iterable = plan.iterable
            match plan.target:
                case ir.TupleTarget(items=(ir.NameTarget(id=counter), taken)) if taken is stmt.target and not plan.is_cut:
                    target, counted = along(stmt.target, stmt.iterable, counter, body)
                    if isinstance(target, ir.NameTarget):
                        return ir.For(target, ir.Call(ir.Name("reversed", "global"), (counted,)), body)
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

    # --- logs ---

    def touched(self, stmt: ir.Stmt) -> State:
        """The adjoints that the steps of a log read or add to; those in whose place the code raises have no plans any more."""
        own = (self.plans[step.stmt] for step in self.logs[stmt].steps if step.stmt in self.plans)
        return {name for plan in own for each in (plan, *plan.then) for name in (*each.killed, *each.contributed)}

    def walked(self, stmt: ir.Stmt, state: State) -> list[ir.Stmt]:
        """The finished statements of a stretch, last one first, as the forward part logged them."""
        log = self.logs[stmt]
        every = state | self.touched(stmt)
        lines = self.nothing(every - state, stmt, When.AFTER)
        written: list[ir.Block] = []
        for step in log.steps:
            plan, own = self.plans.get(step.stmt), set(every)
            inner: list[ir.Stmt] = [ir.Comment(plan.heading)] if plan is not None and plan.heading else []
            if step.kept and len(log.steps) > 1:
                inner.append(ir.Assign(names_target(step.kept), ir.Name(log.held)))
            lines_of_it = [] if plan is None else [*self.writer.write(plan, own), *self.nothing(every - own, stmt, When.WITHIN)]
            written.append((*inner, *lines_of_it) if lines_of_it else ())
        state.clear()
        state.update(self.still_needed(stmt, every))
        backwards = ir.Call(ir.Name("reversed", "global"), (ir.Name(log.name),))
        kept = log.steps[0].kept
        if not any(written):
            return lines
        if len(written) == 1:
            return [*lines, ir.For(names_target(kept) if kept else ir.NameTarget(log.way), backwards, written[0])]
        chosen: ir.Block = written[-1]
        for step, body in reversed(list(zip(log.steps[:-1], written, strict=False))):
            test = ir.Compare(("eq",), (ir.Name(log.way), ir.Const(step.number)))
            chosen = tuple(conditional(test, body, chosen, is_elif=step.number > 1))
        target = ir.TupleTarget((ir.NameTarget(log.way), ir.NameTarget(log.held)))
        return [*lines, ir.For(target, backwards, chosen)]

    # --- try ---

    def tried(self, stmt: ir.Try, state: State) -> list[ir.Stmt]:
        lines = self.block(stmt.final, state)
        bodies = ((number, handler.body) for number, handler in enumerate(stmt.handlers, 1))
        sides = [each for each in bodies if not ends_elsewhere(each[1]) and not any(part in self.refused for part in each[1])]
        body = stmt.body + stmt.orelse
        if not sides:
            return [*lines, *self.block(body, state)]
        plan, is_left = self.tries.get(stmt), ends_elsewhere(body)
        if plan is None:
            return [*lines, *self.block(sides[0][1], state)] if is_left and len(sides) == 1 else lines
        alternatives = [side for _, side in sides] + ([] if is_left else [body])
        first, written = self.sides(stmt, alternatives, state)
        chosen: ir.Block = () if is_left else written[-1]
        for (number, _), inner in reversed(list(zip(sides, written, strict=False))):
            test = ir.Compare(("eq",), (ir.Name(plan.way), ir.Const(number)))
            chosen = tuple(conditional(test, inner, chosen, is_elif=True))
        return [*lines, *first, *chosen]
