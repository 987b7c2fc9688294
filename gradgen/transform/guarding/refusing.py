"""What cannot be differentiated on one way through a function raises there: statements, equalities that hold, cases.

Never decides what is refused.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gradgen.analyse.flow.exits import ends_elsewhere, returns_of
from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.recording.stability import is_pure_call
from gradgen.analyse.slopes.disguised import TOUCHING, Disguised, disguised
from gradgen.analyse.slopes.joined import start_of, sums_of_lists
from gradgen.analyse.slopes.kinks import calls_that_only_tell, equalities, helper_for, is_generated, ties_of
from gradgen.analyse.slopes.operators import joined_arguments, own_operators
from gradgen.analyse.slopes.truths import Truth, may_be_asked_twice, truths
from gradgen.analyse.slopes.windows import windows
from gradgen.analyse.surroundings.iterators import used_up
from gradgen.errors import Finding
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, field
from gradgen.ir.kinds import Holder, Kind
from gradgen.ir.queries import variables_read
from gradgen.read.one_way import OF_NUMBERS, OTHERWISE, STORED, UNREACHED, UNTAKEN
from gradgen.rules.solvers import FIXED_POINT, solver_of
from gradgen.transform.guarding.left_behind import refuse_left_behind
from gradgen.transform.guarding.moving import objects_asked, stored_later, taken_whole
from gradgen.transform.guarding.parted import raise_where_filled, raise_where_tests_part
from gradgen.transform.guarding.pointed import find_pointed
from gradgen.transform.guarding.saying import message_of, raised
from gradgen.transform.guarding.started import raise_at_start
from gradgen.transform.loops.logs import LogPlan
from gradgen.transform.loops.turning import LoopPlan, TryPlan
from gradgen.transform.planning import Planner
from gradgen.transform.stores.lost import refuse_hidden_changes

IN_PLACE = frozenset(f"i{name}" for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"))
"""Functions of `operator` that change an array that they are given first."""


@dataclass(slots=True)
class Refusing:
    """The plans of one function, of which the refused are taken out again. `is_caught` where an exception would be swallowed."""

    planner: Planner
    tests: dict[ir.Stmt, ir.Expr] = field(default_factory=dict)
    loops: dict[ir.Stmt, LoopPlan] = field(default_factory=dict)
    tries: dict[ir.Stmt, TryPlan] = field(default_factory=dict)
    logs: dict[ir.Stmt, LogPlan] = field(default_factory=dict)
    refused: dict[ir.Stmt, list[Finding]] = field(default_factory=dict)
    is_caught: bool = False

    def binds_active(self, stmt: ir.Inert) -> bool:
        """Whether a statement that is not looked into may bind an active value."""
        activity = self.planner.activity
        is_useful = any(version.node is stmt and version in activity.useful for version in activity.versions.all)
        return is_useful and any(activity.is_varied(name) for name in stmt.reads)

    def refuse_when_reached(self, stmt: ir.Stmt, findings: list[Finding]) -> None:
        """What cannot be differentiated on one way through the function raises there, and only there."""
        self.refuse_block((stmt,), message_of(findings[0]), findings)

    def refuse_block(self, block: ir.Block, message: str, findings: Sequence[Finding]) -> None:
        """Statements in whose place the generated code raises."""
        edits = self.planner.edits
        for stmt in block:
            self.refused[stmt] = list(findings)
            for node in ir.walk(stmt):
                if isinstance(node, ir.Stmt):
                    self.planner.plans.pop(node, None)
                    edits.keep_nothing(node)
                    for table in (self.loops, self.tries, self.tests, self.logs):
                        table.pop(node, None)
        with_text = [stmt for stmt in block if stmt.span is None or stmt.span.start < stmt.span.end]
        if not with_text:  # a later target of a chained assignment, which the text has made by then
            edits.insert_after(block[-1], raised(edits, message))
            return
        edits.replaced[with_text[0]] = [raised(edits, message)]
        edits.dropped.update(with_text[1:])

    def ask(self, stmt: ir.Stmt) -> None:
        """Make the equalities of a statement raise where they hold, and what asks the truth of a number where that is 0."""
        planner = self.planner
        of_own = is_generated(planner.refusals.positions.text)
        for compare in equalities(stmt, planner.activity, planner.callees.site, of_own):
            self.held(stmt, compare)
        if (pointed := planner.edits.pointed.get(stmt)) is not None:
            for handler in pointed.replaced:
                self.refuse_block(handler.body, pointed.message, ())
        if of_own:
            return
        for call in calls_that_only_tell(stmt, planner.activity):
            self._below(call)
        asking = list(disguised(stmt, planner.activity, planner.callees.site))
        asking += windows(stmt, planner.activity, planner.callees.live)
        for found in asking:
            self._disguised(found)
        for truth in truths(stmt, planner.activity, planner.callees.site):
            if all(found.node is not truth.node for found in asking):
                self._zero(truth)

    def _zero(self, truth: Truth) -> None:
        """The truth of a number that varies is no answer where it is 0, nor is that of parts where one is."""
        planner, node = self.planner, truth.node
        version = planner.activity.versions.of_read.get(node) if isinstance(node, ir.Name) else None
        is_held = version in planner.held
        if not truth.is_of_parts and (is_held or isinstance(node, ir.Display | ir.Comprehension)):
            return
        if not may_be_asked_twice(node):
            planner.refusals.add("GG106", node.span, construct="the truth of this value (ask `!= 0` of a variable)")
            return
        equality: ir.Expr = ir.Compare(("eq",), (node, ir.Const(0)), span=node.span)
        if is_held or isinstance(planner.arrays.kinds.of(node), Holder):
            equality = ir.Compare(("in",), (ir.Const(0), node), span=node.span)
        elif planner.arrays.kinds.may_be_array(node):
            equality = self._asked_once(equality)
        message = self._message_where_held(node, (), " == 0")
        if message is not None:
            planner.edits.kinks[node], planner.edits.parted[node] = message, equality
            planner.edits.needed.add("at_kink")

    def _below(self, call: ir.Call) -> None:
        """What a function asks whose result moves in steps is asked beside the call."""
        planner = self.planner
        found = planner.callees.asked_below(call)
        if not found:
            return
        first = found[0]
        said = [each.equality for each in found if each.equality is not None and _may_stand_beside(each.equality)]
        if len(said) < len(found):
            construct = f"{first.read.function.name}(), which gives steps and asks whether values that vary are equal"
            planner.refusals.add("GG106", call.span, construct=construct)
            return
        if self._message_where_held(call, ()) is not None:
            shown = first.read.positions.slice(first.node.span or ir.Span(0, 0))
            planner.edits.kinks[call] = message_of(first.read.refusals.finding("GG501", first.node.span, construct=shown))
            asked = tuple(self._asked_once(each) for each in said)
            planner.edits.parted[call] = asked[0] if len(asked) == 1 else ir.Op("or", asked)
            planner.edits.needed.add("at_kink")

    def _asked_once(self, equality: ir.Expr) -> ir.Expr:
        """Whether an equality holds anywhere, where it may be one of arrays."""
        is_wide = self.planner.arrays.kinds.may_be_array(equality)
        return ir.Call(ir.Name("numpy.any", "global"), (equality,)) if is_wide else equality

    def _disguised(self, found: Disguised) -> None:
        """An equality in disguise raises where it holds."""
        planner, node = self.planner, found.node
        if node in planner.edits.kinks:
            return
        repeated = ir.children_of(node) if found.equality is not node else ()
        if found.equality is None or not all(may_be_asked_twice(each) for each in repeated if isinstance(each, ir.Expr)):
            shown = planner.refusals.positions.slice(node.span or ir.Span(0, 0))
            planner.refusals.add("GG106", node.span, construct=f"{shown}, which asks whether values that vary are equal")
            return
        named = found.equality.operands[0] if isinstance(found.equality, ir.Compare) and found.equality is not node else node
        told = "" if found.equality is node else " == 0" if named is not node else " == False"
        message = self._message_where_held(node, (), told, named)
        if message is None:
            return
        is_wide = planner.arrays.kinds.may_be_array(node)
        planner.edits.kinks[node] = message
        if isinstance(node, ir.Compare) and is_wide:
            planner.edits.needed.add("any_at_kink" if TOUCHING[node.ops[0]][1] else "none_at_kink")
        elif found.equality is node:
            planner.edits.needed.add("any_at_kink" if is_wide else "at_kink")
        else:
            planner.edits.parted[node] = found.equality
            planner.edits.needed.add("at_kink")
            return
        if is_wide:
            planner.edits.wide_kinks.add(node)

    def held(self, stmt: ir.Stmt, compare: ir.Compare) -> None:
        """An equality on a value that varies raises where it holds; in a case's pattern, the case's body raises."""
        is_wide = self.planner.arrays.kinds.may_be_array(compare)
        if is_wide and is_generated(self.planner.refusals.positions.text):
            return  # a mask of a row's own: an equality of the user's stands in the call that raises
        ties = () if is_wide else ties_of(compare, self.planner.activity)
        message = self._message_where_held(compare, ties)
        if message is None:
            return
        if isinstance(stmt, ir.Branch) and stmt.case is not None and _is_within(compare, stmt.case.pattern):
            self.refuse_block(stmt.then, message, ())
            return
        self.planner.edits.kinks[compare] = message
        self.planner.edits.needed.add(helper_for(compare, is_wide)[0])
        if ties:
            self.planner.edits.parted[compare] = ties[0] if len(ties) == 1 else ir.Op("or", ties)
        if is_wide:
            self.planner.edits.wide_kinks.add(compare)

    def _message_where_held(
        self, compare: ir.Expr, ties: tuple[ir.Compare, ...], asked: str = "", shown: ir.Expr | None = None
    ) -> str | None:
        refusals = self.planner.refusals
        if self.is_caught:
            refusals.add(
                "GG111", compare.span, construct="an equality of varying values inside of a try statement",
                detail="Where it holds there is no derivative, and the exception that says so would be caught.",
                advice="Ask before the try, or catch only what the computation raises.",
            )
            return None
        held = " or ".join(" == ".join(name.id for name in ir.names_read(tie)) for tie in ties)
        construct = held or refusals.positions.slice((shown or compare).span or ir.Span(0, 0)) + asked
        return message_of(refusals.finding("GG501", compare.span, construct=construct))


def refuse_ahead(planner: Planner, function: ir.Function, is_callee: bool) -> None:
    """What both modes refuse, or make raise, before a statement is looked at."""
    raise_where_tests_part(planner, function)
    raise_where_filled(planner, function)
    find_pointed(planner, function)
    raise_at_start(planner, function)
    refuse_own_operators(planner, function, is_callee)
    refuse_carried(planner)
    refuse_left_behind(planner, function)
    for node, construct in used_up(function, planner.activity, planner.callees.site):
        planner.refusals.add("GG106", node.span, construct=construct)
    refuse_moving_indices(planner, function)
    refuse_states_in_parts(planner, function)
    refuse_hidden_changes(planner, function)


def refuse_states_in_parts(planner: Planner, function: ir.Function) -> None:
    """A fixed point is a number or an array: lists, tuples and dicts are not compared with where they stood before."""
    for call in found_in(function, ir.Call):
        if solver_of(call.target) is not FIXED_POINT or len(call.args) < 2 or not planner.activity.is_varied(call):
            continue
        first = call.args[1]
        is_held = isinstance(first, ir.Name) and planner.activity.versions.of_read.get(first) in planner.held
        if is_held or isinstance(first, ir.Display | ir.Comprehension) or isinstance(planner.arrays.kinds.of(first), Holder):
            construct = "a fixed point that is a list, a tuple or a dict; hand the step an array of its numbers"
            planner.refusals.add("GG106", call.span, construct=construct)


def refuse_own_operators(planner: Planner, function: ir.Function, is_callee: bool) -> None:
    """Rules are those of numbers and arrays, whatever a class makes of `*` and `+`, and lists."""
    joined: list[ir.Op | ir.Call] = [] if is_callee else list(joined_arguments(function, planner.activity, planner.arrays.kinds))
    found = (op for op in found_in(function, ir.Op, ir.Call) if op in planner.callees.joined) if planner.callees.joined else ()
    joined += [op for op in found if planner.activity.is_varied(op) and _may_join(op, planner.arrays.kinds)]
    joined += filter(planner.activity.is_varied, sums_of_lists(function))
    for op in dict.fromkeys(joined):
        planner.refusals.add("GG115", op.span)
    for op in found_in(function, ir.Op):
        name = (op.spelling or "").rpartition(".")[2]
        if name in IN_PLACE and planner.activity.is_varied(op):
            first = op.args[0]
            if planner.arrays.kinds.may_be_array(first) or isinstance(first, ir.Name) and first.id in planner.containers:
                planner.refusals.add("GG106", op.span, construct=f"{name} of what it changes")
    for stmt, _ in returns_of(function.body):
        for op in _joined_results(stmt.value):
            if isinstance(planner.arrays.kinds.of(op), Holder) and planner.activity.is_varied(op):
                planner.refusals.add("GG115", op.span)
    for op, held in own_operators(function, planner.activity, planner.callees.live):
        construct = f"{op.op} with a {held.__name__}, which has operators of its own"
        planner.refusals.add("GG106", op.span, construct=construct)


def _may_stand_beside(equality: ir.Expr) -> bool:
    return all(may_be_asked_twice(each) for each in ir.children_of(equality) if isinstance(each, ir.Expr))


def _joined_results(value: ir.Expr | None) -> Iterator[ir.Op]:
    """The operators that make what a return hands out, or parts of it."""
    match value:
        case ir.Op(op="add" | "mul"):
            yield value
        case ir.Op(op="ifexp", args=(_, *items)) | ir.Display(items=items):
            for item in items:
                yield from _joined_results(item)


def refuse_carried(planner: Planner) -> None:
    """What an exception carries to where it is caught is followed by nobody."""
    for version in planner.activity.versions.all:
        if version.kind == "exception" and planner.activity.is_active_version(version):
            assert version.node is not None
            planner.refusals.add("GG106", version.node.span, construct=f"what an exception carries ({version.name!r})")


def refuse_moving_indices(planner: Planner, function: ir.Function) -> None:
    """What says where an augmented store stores is written more than once, and before its value: it may not do anything."""
    active = {version.name for version in planner.activity.versions.all if planner.activity.is_active_version(version)}
    for stmt in found_in(function, ir.Assign):
        if stmt.augmented is None or not isinstance(stmt.target, ir.ItemTarget):
            continue
        read = variables_read(stmt.target)
        rebound = {node.name for node in ir.walk(stmt.value) if isinstance(node, ir.Walrus)} & read
        moving = [node for node in ir.walk(stmt.target) if isinstance(node, ir.Walrus) or _may_act(node, planner)]
        if read & active and (moving or rebound):
            shown = f"the value that binds {min(rebound)!r}" if rebound else "an index that does something each time"
            planner.refusals.add("GG106", stmt.span, construct=f"an augmented store with {shown}")


def _may_act(node: ir.Node, planner: Planner) -> bool:
    """Whether a call, or what is not read, may do more than compute."""
    if isinstance(node, ir.Opaque):
        return not node.is_pure and ("(" in node.text or ":=" in node.text)
    if not isinstance(node, ir.Call) or is_pure_call(node) or planner.arrays.kinds.operation(node) is not None:
        return False
    site = planner.callees.site(node)
    return site is None or planner.callees.acts(site)


def refuse_moving_truths(planner: Planner, function: ir.Function) -> None:
    """The truth of an object that changes, inside of a value whose backward lines ask for it again, and conditions of
    comprehensions that ask it anything; and lists, and arrays that objects hold, that an operation takes as a whole before
    something is stored into them."""
    later = stored_later(function)
    for stmt, plan in planner.plans.items():
        if plan.is_empty or not isinstance(stmt, ir.Assign | ir.Exit | ir.Append) or stmt.value is None:
            continue
        planner.changes.now = stmt
        unstable = planner.unstable - planner.arrays.variables.keys()
        if not unstable:
            continue
        for test in objects_asked(stmt.value, unstable):
            planner.refusals.add("GG106", test.span, construct="what an object that changes says here (ask it on a line above)")
        for whole in taken_whole(stmt.value, unstable & later.get(stmt, frozenset())):
            planner.refusals.add("GG106", whole.span, construct="all of what is stored into later (take a copy)")


def _may_join(op: ir.Op | ir.Call, kinds: Kinds) -> bool:
    """Whether operands of an operator may be lists: in a text for arrays, where nothing is known of them beside numbers. What a
    sum is added to may be one where it is no number or array for sure."""
    if isinstance(op, ir.Call):
        start = start_of(op)
        return start is not None and not (kinds.has_arrays and isinstance(kinds.of(start), Kind))
    found = list(map(kinds.of, op.args))
    is_told = any(kind is not None and not (isinstance(kind, Kind) and kind.shape == ()) for kind in found)
    by_floats = any(isinstance(arg, ir.Const) and isinstance(arg.value, float) for arg in op.args)
    return not kinds.has_arrays or op.op in ("add", "mul") and None in found and not is_told and not by_floats


def raise_at_the_end(planner: Planner, function: ir.Function, wants_number: bool) -> None:
    """Where a function that must return a number reaches its end it gives None, which has no derivative."""
    if not wants_number or ends_elsewhere(function.body):
        return
    last = function.body[-1]
    finding = planner.refusals.finding("GG403", last.span, construct=f"{function.name} ended without a return")
    planner.edits.insert_after(last, raised(planner.edits, message_of(finding)))


def take_one_way(planner: Planner, stmt: ir.Inert) -> bool:
    """Make the text raise on the ways that are taken to be none; False for any other statement."""
    edits, construct = planner.edits, stmt.construct
    if construct == STORED:
        construct = "a store into an array that was taken as a number"
        edits.insert_after(stmt, raised(edits, message_of(planner.refusals.finding("GG106", stmt.span, construct=construct))))
    elif construct in (UNTAKEN, OF_NUMBERS, OTHERWISE):
        message = message_of(planner.refusals.finding("GG106", stmt.span, construct=construct))
        edits.replaced[stmt] = [raised(edits, message)]
    elif construct == UNREACHED:
        edits.dropped.add(stmt)
    return stmt.construct in (STORED, UNTAKEN, OF_NUMBERS, UNREACHED, OTHERWISE)


def _is_within(compare: ir.Compare, span: ir.Span) -> bool:
    """Whether a comparison stands in a stretch of the text."""
    return compare.span is not None and span.start <= compare.span.start and compare.span.end <= span.end


def refuse_hopeless(body: ir.Block, refused: Mapping[ir.Stmt, list[Finding]], noted: list[Finding]) -> None:
    """A function that would raise on every way to a return is refused at once."""
    ways = [[stmt, *(s for block, index, _ in chain for s in block[:index]), *(owner for _, _, owner in chain if owner)]
            for stmt, chain in returns_of(body)]
    if refused and all(any(stmt in refused for stmt in way) for way in ways):
        noted.extend(dict.fromkeys(each for findings in refused.values() for each in findings if each not in noted))
