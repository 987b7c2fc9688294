"""Decides how branches, loops, exits and try statements are turned round, statement by statement.

Never writes backward lines; transform.backward does, from these plans.
"""
from __future__ import annotations

from gradgen.analyse.flow.exits import (
    TURN_ENDS,
    blocks_of,
    comes_to_its_end,
    ends_elsewhere,
    exits_of,
    has_exit,
    is_last,
    only_raises,
    returns_inside,
)
from gradgen.analyse.flow.irregular import may_catch, needs_log
from gradgen.analyse.flow.searches import searching_variable
from gradgen.analyse.recording.needs import BackwardReads
from gradgen.ir import nodes as ir
from gradgen.ir.constructs import UNKNOWN_STATEMENT
from gradgen.ir.finding import is_arithmetic
from gradgen.ir.frozen import dataclass, field
from gradgen.ir.hooks import Hook
from gradgen.transform.assigning import assign, returned
from gradgen.transform.expressions.walruses import check_named, named_in_test
from gradgen.transform.guarding.checks import check_calls
from gradgen.transform.guarding.effects import check_effect
from gradgen.transform.guarding.hooks import hook
from gradgen.transform.guarding.moving import answers_once, is_object
from gradgen.transform.guarding.refusing import Refusing, take_one_way
from gradgen.transform.lines.plans import Hoist
from gradgen.transform.loops.checkpoints import begun, jumps_end_turns, plan_checkpoints, refuse_unbounded, why_not_again
from gradgen.transform.loops.continues import fold, folded
from gradgen.transform.loops.iterables import is_read_after, reversed_iterable
from gradgen.transform.loops.logs import logged
from gradgen.transform.loops.turning import LoopPlan, TryPlan
from gradgen.transform.settling import Setting, ValueResolver
from gradgen.transform.solvers.bisections import plan_bisection
from gradgen.transform.stores.containers import append, store

REASK_COST = 25
UNKNOWN = (UNKNOWN_STATEMENT, "a chained", "a decorated")


@dataclass(slots=True)
class Control(Refusing):
    """Walks a function's tree: plans every statement and what surrounds it."""

    folds: dict[ir.Block, ir.Block] = field(default_factory=dict)
    originals: dict[ir.Stmt, ir.Stmt] = field(default_factory=dict)
    taped: dict[ir.Stmt, list[str]] = field(default_factory=dict)
    matches: dict[ir.Span, ir.Branch] = field(default_factory=dict)
    numbers: dict[ir.Span, tuple[str, dict[ir.Stmt, int]]] = field(default_factory=dict)
    cautious: set[ir.Stmt] = field(default_factory=set)
    handing: set[ir.Stmt] = field(default_factory=set)  # loops whose last elements are read after them
    is_conditional: bool = False
    most_states: int | None = None
    is_rerun: bool = False

    # --- the tree ---

    def block(self, block: ir.Block, is_in_loop: bool) -> None:
        outer = self.is_conditional
        for stmt in block:
            findings = self.planner.refusals.findings
            before, self.planner.changes.now = len(findings), stmt
            self.statement(stmt, is_in_loop)
            if not is_arithmetic(stmt):
                check_calls(self.planner, stmt)
                check_named(self.planner, stmt)
                self.ask(stmt)
            if len(findings) > before and self.is_conditional and not self.is_caught:
                self.refuse_when_reached(stmt, findings[before:])
                del findings[before:]
            if isinstance(stmt, ir.Branch) and any(True for _ in returns_inside((stmt,))):
                self.is_conditional = True
        self.is_conditional = outer

    def arm(self, block: ir.Block, is_in_loop: bool) -> None:
        """A block that need not run."""
        outer = self.is_conditional
        self.is_conditional = True
        self.block(block, is_in_loop)
        self.is_conditional = outer

    def statement(self, stmt: ir.Stmt, is_in_loop: bool) -> None:
        planner = self.planner
        match stmt:
            case ir.Assign(target=target):
                if isinstance(target, ir.ItemTarget | ir.AttributeTarget):
                    store(planner, stmt, target, is_in_loop)
                else:
                    assign(planner, stmt, is_in_loop)
                self._keep_hoists(stmt, is_in_loop)
                planner.standing.note(stmt, planner.edits.hoists.get(stmt, ()))
                if stmt.span is not None and stmt.span.is_empty and planner.edits.hoists.get(stmt):
                    planner.refusals.add("GG106", stmt.span, construct="a match on this expression")
            case ir.Append():
                append(planner, stmt, is_in_loop)
                self._keep_hoists(stmt, is_in_loop)
            case ir.Exit(kind="return"):
                returned(planner, stmt, is_in_loop)
                planner.standing.note(stmt, planner.edits.hoists.get(stmt, ()))
            case ir.Branch() | ir.For() | ir.While() | ir.With() | ir.Try():
                self.compound(stmt, is_in_loop)
            case ir.Evaluate():
                check_effect(planner, stmt)
            case Hook():
                hook(planner, stmt)
            case ir.Inert() if take_one_way(planner, stmt):
                return
            case ir.Inert(construct=construct, reads=reads):
                is_unread = construct.startswith(UNKNOWN) and any(planner.activity.is_varied(name) for name in reads)
                if is_unread or self.binds_active(stmt):
                    planner.refusals.add("GG106", stmt.span, construct=construct)

    def compound(self, stmt: ir.Stmt, is_in_loop: bool) -> None:
        planner = self.planner
        for manager, _ in stmt.items if isinstance(stmt, ir.With) else ():
            if planner.activity.is_varied(manager):
                planner.refusals.add("GG106", stmt.span, construct="a context manager")
        if self.planner.is_logging:
            self.inside(stmt)
        elif needs_log(stmt, planner.activity, is_in_loop) and not (
            self.most_states is not None and not is_in_loop and jumps_end_turns(planner, stmt)
        ):
            self.planner.is_logging = True
            self.inside(stmt)
            self.planner.is_logging = False
            log = logged(planner, stmt)
            if log is not None:
                self.logs[stmt] = log
                if is_in_loop:
                    self.taped[stmt] = [log.name]
                if self.is_bounded(is_in_loop):
                    refuse_unbounded(self.planner, stmt)
            return
        match stmt:
            case _ if self.planner.is_logging:
                return
            case ir.Branch():
                self.branch(stmt, is_in_loop)
            case ir.For() | ir.While():
                self.loop(stmt, is_in_loop)
            case ir.With():
                self.suppressing(stmt, is_in_loop)
            case ir.Try():
                self.tried(stmt, is_in_loop)

    def inside(self, stmt: ir.Stmt) -> None:
        """Plan what stands in a stretch that is logged: nothing of its shape counts."""
        planner = self.planner
        match stmt:
            case ir.Branch():
                named_in_test(planner, stmt, True)
            case ir.For() | ir.While():
                self.check_loop(stmt)
                if isinstance(stmt, ir.For) and planner.activity.is_varied(stmt.iterable):
                    construct = "a loop over values that vary which may be left in the middle"
                    planner.refusals.add("GG106", stmt.iterable.span, construct=construct)
        first, *others = blocks_of(stmt)
        if isinstance(stmt, ir.Try | ir.With):
            self.caught(stmt, first, True)
        else:
            self.arm(first, True)
        for block in (each for each in others if planner.edits.runs(stmt, each)):
            self.arm(block, True)

    def check_loop(self, stmt: ir.For | ir.While) -> bool:
        """Whether a loop may be differentiated; refuses it otherwise."""
        planner = self.planner
        name = searching_variable(stmt, planner.activity)
        if name is not None:
            planner.refusals.add("GG112", stmt.span, construct=repr(name))
            return False
        places = ir.walk(stmt.target) if isinstance(stmt, ir.For) else ()
        if any(isinstance(node, ir.ItemTarget | ir.AttributeTarget) for node in places):
            planner.refusals.add("GG106", stmt.span, construct="a loop into an item or attribute")
        return True

    def caught(self, stmt: ir.Try | ir.With, body: ir.Block, is_in_loop: bool) -> None:
        """A body whose exceptions are caught: what raises in it because there is no derivative must not be."""
        outer = self.is_caught
        self.is_caught = outer or may_catch(stmt, (ArithmeticError,), self.planner.callees.live)
        (self.arm if self.planner.is_logging else self.block)(body, is_in_loop)
        self.is_caught = outer

    def suppressing(self, stmt: ir.With, is_in_loop: bool) -> None:
        """A context manager; one that may swallow an exception leaves a mark where the body came to its end."""
        self.caught(stmt, stmt.body, is_in_loop)
        if stmt.suppresses and self.has_backward(stmt.body):
            way = self.planner.names.fresh("finished")
            self.planner.edits.insert_before(stmt, ir.Assign(ir.NameTarget(way), ir.Const(False)))
            self.planner.edits.insert_after(stmt.body[-1], ir.Assign(ir.NameTarget(way), ir.Const(True)))
            self.tests[stmt] = ir.Name(way)
            if is_in_loop:
                self.taped[stmt] = [way]
                self.cautious.update(stmt.body)

    def _keep_hoists(self, stmt: ir.Stmt, is_in_loop: bool) -> None:
        """Inner values named inside of a loop are gone at the next turn: a tape keeps them."""
        plan = self.planner.plans.get(stmt)
        if plan is not None and is_in_loop and plan.kept_names and not self.planner.is_logging:
            self.taped[stmt] = list(plan.kept_names)

    def has_backward(self, block: ir.Block) -> bool:
        plans = self.planner.plans
        nodes = (node for stmt in block for node in ir.walk(stmt) if isinstance(node, ir.Stmt))
        return any(node in plans and not plans[node].is_empty or node in self.handing for node in nodes)

    def _counts(self, block: ir.Block, is_in_loop: bool) -> bool:
        """Whether a block has a backward part, or overwrites what some backward line may read."""
        inside = (node for stmt in block for node in ir.walk(stmt) if isinstance(node, ir.Stmt))
        if self.has_backward(block) or any(self.taped.get(node) for node in inside):
            return True
        read = {name for reads in self.planner.reads.values() for name in reads.before | reads.result}
        read |= {version.name for version in self.planner.activity.useful}
        if is_in_loop:
            read |= {name.id for name in self.planner.activity.versions.of_read}
        return bool(ir.names_bound(block) & read)

    # --- branches ---

    def branch(self, stmt: ir.Branch, is_in_loop: bool) -> None:
        if stmt.case is not None and not stmt.is_elif:
            self.matches[stmt.case.match] = stmt
        self.arm(stmt.then, is_in_loop)
        self.arm(stmt.orelse, is_in_loop)
        named_in_test(self.planner, stmt, is_in_loop)
        if not (ends_elsewhere(stmt.then) or ends_elsewhere(stmt.orelse)) and self.has_backward(stmt.then + stmt.orelse):
            self.ask_again(stmt, stmt.then + stmt.orelse, is_in_loop)

    def ask_again(self, stmt: ir.Branch, bodies: ir.Block, is_in_loop: bool) -> None:
        """The backward part asks the test again where that gives the same answer; otherwise the answer is kept."""
        planner = self.planner
        setting = Setting(None, "", is_in_loop, planner.is_plain, planner.unstable, arrays=planner.arrays)
        resolver = ValueResolver(stmt.test, setting, planner.names, {})
        cost = resolver.inline_cost(stmt.test)
        bound = ir.names_bound(bodies)
        reads = {name.id for name in ir.names_read(stmt.test) if name.id in planner.variables}
        if cost <= REASK_COST and not (reads & bound or answers_once(stmt.test, planner.unstable) or planner.is_plain):
            self.tests[stmt] = stmt.test
            before = planner.reads.get(stmt, BackwardReads()).before
            planner.reads[stmt] = BackwardReads(frozenset(reads) | before)
            return
        if stmt.case is not None:
            self.number(stmt, stmt.case, is_in_loop)
            return
        flag = planner.names.fresh("taken")
        planner.edits.truths.update((flag,) if is_object(stmt.test, planner.unstable) else ())
        is_line = not stmt.is_elif or is_in_loop
        planner.edits.hoists.setdefault(stmt, []).append(Hoist(flag, stmt.test, "line" if is_line else "walrus"))
        self.tests[stmt] = ir.Name(flag)
        if is_in_loop:
            self.taped[stmt] = [flag]

    def number(self, stmt: ir.Branch, case: ir.Case, is_in_loop: bool) -> None:
        """The forward part notes which case of a match it took."""
        edits, head = self.planner.edits, self.matches[case.match]
        if case.match not in self.numbers:
            name = self.planner.names.fresh("case")
            chain = (node for node in ir.walk(head) if isinstance(node, ir.Branch) and node.case is not None)
            own = [node for node in chain if node.case is not None and node.case.match == case.match]
            self.numbers[case.match] = (name, {node: number for number, node in enumerate(own, 1)})
            edits.insert_before(head, ir.Assign(ir.NameTarget(name), ir.Const(0)))
            if is_in_loop:
                self.taped[head] = [name]
        name, numbers = self.numbers[case.match]
        if stmt not in self.tests:
            edits.insert_before(stmt.then[0], ir.Assign(ir.NameTarget(name), ir.Const(numbers[stmt])))
        self.tests[stmt] = ir.Compare(("eq",), (ir.Name(name), ir.Const(numbers[stmt])))

    # --- loops ---

    def loop(self, stmt: ir.For | ir.While, is_in_loop: bool) -> None:
        planner = self.planner
        if not is_in_loop and self.bisects(stmt) or not self.check_loop(stmt):
            return
        if not is_in_loop and self.rerun(stmt):
            return
        fold(stmt.body, self.folds, self.originals)
        self.block(stmt.body, True)
        self.completion(stmt, is_in_loop)
        self._test_continues(stmt.body)
        exits = list(exits_of(stmt.body, ()))
        breaks = [(node, chain) for node, chain in exits if node.kind == "break"]
        returns = list(returns_inside(stmt.body))
        hands_on = is_read_after(planner, stmt, self.handing)
        if not self.has_backward(stmt.body) and not hands_on:
            return
        plan = LoopPlan()
        plan.is_endless = isinstance(stmt, ir.While) and isinstance(stmt.test, ir.Const) and bool(stmt.test.value)
        plan.early = [(node, chain) for node, chain in breaks if not is_last(chain)]
        if plan.is_endless and len(plan.early) != len(breaks):
            plan.is_endless = False
        ways = [step for _, chain in plan.early for step in chain]
        is_noted = hands_on or any(owner is not None and self.taped.get(owner) for _, _, owner in ways)
        nothing_done = not is_noted and not any(self._counts(block[:index], is_in_loop) for block, index, _ in ways)
        places = {chain[0][1] for _, chain in plan.early}
        has_continue = any(node.kind == "continue" for node, _ in exits)
        is_plain_break = len(places) == 1 and len(plan.early) == len(breaks) and not returns
        if plan.early and nothing_done and not has_continue and is_plain_break:
            # the turn that is left has nothing to undo: only complete turns are counted
            plan.counted_after = stmt.body[places.pop()]
            plan.early = []
            plan.is_endless = False
        if plan.early and not (plan.is_endless and len(plan.early) == 1):
            plan.left = planner.names.fresh("left")
            planner.edits.insert_before(stmt, ir.Assign(ir.NameTarget(plan.left), ir.Const(0)))
            for number, (node, _) in enumerate(plan.early, 1):
                planner.edits.insert_before(node, ir.Assign(ir.NameTarget(plan.left), ir.Const(number)))
        if isinstance(stmt, ir.For):
            taped = reversed_iterable(planner, stmt, plan, is_in_loop, bool(breaks or returns), hands_on)
            self.taped[stmt] = [*taped, *self.taped.get(stmt, ())]
        self.loops[stmt] = plan
        if self.is_bounded(is_in_loop):
            refuse_unbounded(self.planner, stmt)

    def completion(self, stmt: ir.For | ir.While, is_in_loop: bool) -> None:
        """A loop's `else`; where a break passes it by, a mark says whether the loop came to its end."""
        edits, has_break = self.planner.edits, has_exit(stmt.body, ("break",))
        (self.arm if has_break else self.block)(stmt.orelse, is_in_loop)
        if has_break and comes_to_its_end(stmt) and (self.has_backward(stmt.orelse) or ir.names_bound(stmt.orelse)):
            finished = self.planner.names.fresh("finished")
            edits.insert_before(stmt, ir.Assign(ir.NameTarget(finished), ir.Const(False)))
            edits.insert_before(stmt.orelse[0], ir.Assign(ir.NameTarget(finished), ir.Const(True)))
            self.tests[stmt] = ir.Name(finished)
            if is_in_loop:
                self.taped[stmt] = [finished]

    def rerun(self, stmt: ir.For | ir.While) -> bool:
        """Plan a loop whose turns are run again one by one from kept states, if that is asked for and can be."""
        if self.most_states is None or why_not_again(self.planner, stmt) is not None:
            return False
        outer, made = self.is_rerun, begun(self.planner.names, stmt, self.most_states)
        plan = LoopPlan(checkpoints=made)
        self.is_rerun = True
        fold(stmt.body, self.folds, self.originals, TURN_ENDS)
        self.block(stmt.body, False)
        self._test_continues(stmt.body, False)
        self.is_rerun = outer
        self.completion(stmt, False)
        if not is_read_after(self.planner, stmt, self.handing) and not self.has_backward(stmt.body):
            self.planner.names.give_back(*made.fresh)
            return True
        self.loops[stmt] = plan
        if isinstance(stmt, ir.For):
            reversed_iterable(self.planner, stmt, plan, False, False)
        plan_checkpoints(self.planner, stmt, plan)
        return True

    def is_bounded(self, is_in_loop: bool) -> bool:
        """Whether what a loop here keeps is to be bounded: not inside of one that is run again turn by turn."""
        return self.most_states is not None and not is_in_loop and not self.is_rerun

    def bisects(self, stmt: ir.For | ir.While) -> bool:
        """Whether a loop is a bisection, differentiated as a whole by what it finds the root of."""
        activity = self.planner.activity
        if not activity.is_bisected(stmt) or not plan_bisection(self.planner, stmt, activity.bisections[stmt]):
            return False
        for inner in (node for each in stmt.body for node in ir.walk(each) if isinstance(node, ir.Stmt)):
            check_calls(self.planner, inner)
        return True

    # --- continue ---

    def _test_continues(self, body: ir.Block, is_in_loop: bool = True) -> None:
        for original, virtual in folded(body, self.folds, self.originals):
            if is_in_loop or self.has_backward(virtual.then + virtual.orelse):
                self.ask_again(original, virtual.then + virtual.orelse, is_in_loop)
            if original in self.tests:
                self.tests[virtual] = self.tests[original]

    # --- try ---

    def tried(self, stmt: ir.Try, is_in_loop: bool) -> None:
        planner = self.planner
        self.caught(stmt, stmt.body, is_in_loop)
        handlers = planner.edits.handlers_of(stmt)
        for _, handler in handlers:
            self.arm(handler.body, is_in_loop)
        self.block(stmt.orelse, is_in_loop)
        self.block(stmt.final, is_in_loop)
        if is_in_loop and not all(only_raises(handler.body) for _, handler in handlers):
            self.cautious.update(stmt.body)
        sides = [handler.body for _, handler in handlers if not ends_elsewhere(handler.body)]
        is_only_way = len(sides) == 1 and ends_elsewhere(stmt.body)
        if sides and not is_only_way and self.has_backward((stmt,)):
            way = planner.names.fresh("way")
            planner.edits.insert_before(stmt, ir.Assign(ir.NameTarget(way), ir.Const(0)))
            for number, handler in handlers:
                planner.edits.insert_before(handler.body[0], ir.Assign(ir.NameTarget(way), ir.Const(number)))
            self.tries[stmt] = TryPlan(way)
            if is_in_loop:
                self.taped[stmt] = [way]
