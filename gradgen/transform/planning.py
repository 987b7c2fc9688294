"""Makes the backward plan of every assignment and result of one function.

Never turns control flow round (transform.control does) and never decides what is recorded (analyse.recording does).
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradgen.analyse.activity import Activity, follows_active
from gradgen.analyse.given import is_computed_array
from gradgen.analyse.recording import BackwardReads
from gradgen.analyse.steadiness import Changes
from gradgen.analyse.versions import Version
from gradgen.analyse.views import ArrayFacts
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field, replace
from gradgen.ir.kinds import Kind, Shape
from gradgen.ir.queries import variables_read
from gradgen.read.refusals import Refusals
from gradgen.transform.anew import may_read_both
from gradgen.transform.array_text import settled_index
from gradgen.transform.calls import Callees
from gradgen.transform.comprehensions import comprehension, list_made
from gradgen.transform.contributions import Leaf, Requirement
from gradgen.transform.gradient import ForwardEdits
from gradgen.transform.holding import (
    bound_again,
    elements_taken,
    holders_of,
    is_record_made,
    joined_first,
    looped,
    no_number,
    renamed,
    results_unpacked,
    unpacked,
)
from gradgen.transform.local import Linearizer
from gradgen.transform.names import Names
from gradgen.transform.plans import Plan, loop_reads, plan_reads, shapes_read, taken_apart
from gradgen.transform.settled import settled_plan
from gradgen.transform.settling import Setting
from gradgen.transform.spelling import no_adjoint
from gradgen.transform.standing import Standing
from gradgen.transform.terms import Term
from gradgen.transform.walruses import is_named_again, named_in_place, results_inside

Part = tuple[ir.Expr, ir.Expr]


@dataclass(slots=True)
class Planner:
    """Plans the statements of one function; `outputs` are the names of its result, or of its results.

    `wants_number` says that the results must be numbers: not those of callees, which may hand out anything. While a stretch
    `is_logging`, a statement notes one value of a variable.
    """

    activity: Activity
    names: Names
    refusals: Refusals
    comments: Mapping[ir.Stmt, str]
    variables: frozenset[str]
    changes: Changes
    aliased: frozenset[str]
    containers: frozenset[str]
    sequences: frozenset[str]
    held: frozenset[Version]
    outputs: tuple[str, ...]
    is_tuple: bool
    callees: Callees
    arrays: ArrayFacts
    is_plain: bool = False
    has_named: bool = True
    wants_number: bool = False
    standing: Standing = field(default_factory=Standing)
    edits: ForwardEdits = field(default_factory=ForwardEdits)
    plans: dict[ir.Stmt, Plan] = field(default_factory=dict)
    reads: dict[ir.Stmt, BackwardReads] = field(default_factory=dict)
    takes_floats: bool = False  # whether arguments that are arrays of floats were looked at
    is_short: bool = False  # whether arguments are arrays of fewer bits than Python's floats have
    handled: set[ir.Walrus] = field(default_factory=set)
    following: dict[Version, bool] = field(default_factory=dict)
    is_logging: bool = False

    @property
    def unstable(self) -> frozenset[str]:
        return self.changes.ahead

    @property
    def iterated(self) -> frozenset[str]:
        """The variables whose elements a loop can go through: lists, tuples and arrays."""
        return self.sequences | frozenset(self.arrays.variables)

    def is_active_target(self, target: ir.Node) -> bool:
        return self.activity.is_active_version(self.activity.versions.of_node.get(target))

    def ends_adjoint(self, target: ir.NameTarget) -> bool:
        """Whether binding `target` to what does not vary leaves an adjoint behind that must not flow on."""
        version = self.activity.versions.of_node.get(target)
        return version is not None and version in self.activity.useful and version not in self.activity.varied

    # --- assignments ---

    def assign(self, stmt: ir.Assign, is_in_loop: bool) -> None:
        """Plan `target = value`, where the target binds variables."""
        is_shared = stmt in self.arrays.barred or isinstance(stmt.target, ir.NameTarget) and stmt.target.id in self.aliased
        if stmt.augmented is not None and isinstance(stmt.target, ir.NameTarget) and is_shared:
            self.refusals.add("GG109", stmt.span, construct=repr(stmt.target.id))
            return
        parts: list[Part] = []
        killed: list[str] = []
        self._parts(stmt.target, stmt.value, parts, killed, bound_again(stmt.target))
        if isinstance(stmt.target, ir.NameTarget) and isinstance(stmt.value, ir.Display) and parts:
            if any(isinstance(item, ir.Name) and item.id == stmt.target.id for item in stmt.value.items):
                self.refusals.add("GG106", stmt.span, construct="a number that becomes a container under the same name")
                return
        if parts:
            self.plan(stmt, stmt.value, parts, tuple(dict.fromkeys(killed)), is_in_loop)
            if stmt in self.plans and self.plans[stmt].is_empty:
                self.plans[stmt].ends = self._flows_past(stmt.target)
        elif any(isinstance(node, ir.Walrus) and self.is_active_target(node) for node in ir.walk(stmt.value)):
            plan = Plan(stmt, self.comments.get(stmt, ""), ())
            named_in_place(self, stmt, stmt.value, plan, is_in_loop)
            plan.reads = {name for inner in plan.then for name in inner.reads}
            plan.reads_result = any(inner.reads_result for inner in plan.then)
            if plan.reads_result and plan.reads & ir.names_bound((stmt,)):
                self.refusals.add("GG106", stmt.span, construct="`:=` in a statement that also reads old values")
            self.plans[stmt] = plan
            self.reads[stmt] = BackwardReads(frozenset(plan.reads), results_inside(plan))
        elif killed:
            self.plans[stmt] = Plan(stmt, "", tuple(dict.fromkeys(killed)), ends=self._flows_past(stmt.target))

    def _parts(
        self, target: ir.Target, value: ir.Expr, parts: list[Part], killed: list[str], lost: frozenset[ir.Node]
    ) -> None:
        """Which expression's adjoint each piece of an unpacking hands on; `lost` are the targets whose values nobody sees."""
        match target:
            case ir.NameTarget(id=name):
                if target in lost:
                    killed.append(name)
                elif self.is_active_target(target):
                    parts.append((value, ir.Name(self.names.adjoint(name))))
                    killed.append(name)
                elif self.ends_adjoint(target):
                    killed.append(name)
            case ir.TupleTarget(items=items, starred=None):
                if isinstance(value, ir.Display) and len(value.items) == len(items) and value.kind != "dict":
                    for item, element in zip(items, value.items, strict=True):
                        self._parts(item, element, parts, killed, lost)
                    return
                bound = [node for node in ir.walk(target) if isinstance(node, ir.NameTarget)]
                if not any(map(self.is_active_target, bound)):
                    killed.extend(each.id for each in bound if self.ends_adjoint(each))
                    return
                if is_record_made(value, self.arrays.kinds):
                    self.refusals.add("GG106", target.span, construct="the unpacking of a record that is made here")
                elif isinstance(value, ir.Name | ir.Item | ir.Attribute):
                    taken = elements_taken(value, len(items), self.arrays.kinds)
                    if taken is None:
                        self.refusals.add("GG106", value.span, construct="a slice")
                    for item, element in zip(items, taken or (), strict=False):
                        self._parts(item, element, parts, killed, lost)
                elif not set(items) <= set(bound):
                    self.refusals.add("GG106", target.span, construct="a nested unpacking")
                elif not self.arrays.kinds.has_arrays and is_computed_array(value):
                    self.refusals.add("GG106", target.span, construct="the unpacking of a number")
                else:
                    self._results(bound, value, parts, killed, lost)
            case ir.TupleTarget() if self.activity.is_varied(value):
                self.refusals.add("GG106", target.span, construct="a starred unpacking")
            case ir.ItemTarget(base=base) | ir.AttributeTarget(base=base):
                is_active = isinstance(base, ir.Name) and base.id in self.containers
                if (parts or is_active or self.activity.is_varied(value)):
                    self.refusals.add("GG106", target.span, construct="a store inside of an unpacking")

    def _results(
        self, items: Sequence[ir.NameTarget], value: ir.Expr, parts: list[Part], killed: list[str], lost: frozenset[ir.Node]
    ) -> None:
        """The adjoints that the results of one operation have, where each has a name."""
        active = (item for item in items if item not in lost and self.is_active_target(item))
        named = {item: ir.Name(self.names.adjoint(item.id)) for item in active}
        killed.extend(item.id for item in items if item in named or self.ends_adjoint(item))
        held, needed = self.callees.parts_with_parts(value), self.edits.needed
        adjoints = [named.get(item) or no_adjoint(item, self.arrays.kinds, at in held, needed) for at, item in enumerate(items)]
        is_array = isinstance(self.arrays.kinds.of(value), Kind)
        joined = ir.Display("list" if is_array else "tuple", tuple(adjoints))
        parts.append((value, ir.Op("array", (joined,), family="numpy") if is_array else joined))

    def _flows_past(self, target: ir.Target) -> bool:
        """Whether a variable that is bound here had a value before whose adjoint must start from zero."""
        for node in ir.walk(target):
            version = self.activity.versions.of_node.get(node) if isinstance(node, ir.NameTarget) else None
            if version is not None and follows_active(version, self.activity, self.following):
                return True
        return False

    # --- results ---

    def returned(self, stmt: ir.Exit, is_in_loop: bool) -> None:
        """The result's adjoint is the seed."""
        value = stmt.value
        if self.wants_number and (kind := no_number(value, self.activity.versions)) is not None:
            self.refusals.add("GG403", stmt.span, construct=f"this returns {kind}")
        if value is None or not self.activity.is_varied(value):
            return
        if len(self.outputs) == 1 and isinstance(value, ir.Name) and value.id == self.outputs[0]:
            return
        if self.is_tuple:
            assert isinstance(value, ir.Display)
            parts: list[Part] = [
                (item, ir.Name(self.names.adjoint(name)))
                for item, name in zip(value.items, self.outputs, strict=True)
                if not (isinstance(item, ir.Name) and item.id == name)
            ]
            # a returned variable's seed is its adjoint already
            killed = tuple(adjoint.id.removeprefix("d") for _, adjoint in parts if isinstance(adjoint, ir.Name))
            self.plan(stmt, value, parts, killed, is_in_loop)
            return
        self.plan(stmt, value, [(value, ir.Name(self.names.adjoint(self.outputs[0])))], self.outputs, is_in_loop)

    # --- plans ---

    def seed_shape(self, expr: ir.Expr) -> Shape | None:
        """The shape of an expression's adjoint."""
        return self.arrays.kinds.shape(expr) if self.arrays.kinds.has_arrays else ()

    def linearizer(self, target: str, root: ir.Expr) -> Linearizer:
        made = Linearizer(
            self.activity, self.names, self.refusals, target, root, self.is_plain, self.callees, self.containers,
            self.sequences, self.standing, self.arrays.kinds,
        )
        made.unstable, made.changed_later = self.unstable, self.arrays.mutated
        made.is_result_changed = bool(self.arrays.mutated)
        return made

    def plan(
        self, stmt: ir.Stmt, root: ir.Expr, parts: Sequence[Part], killed: tuple[str, ...], is_in_loop: bool,
        terms: Sequence[tuple[ir.Expr, Term]] = (), also: Sequence[ir.Expr] = (), needs: str | None = None,
        clears: ir.Item | None = None, pops: str | None = None, takes: str | None = None, keeps: bool = False,
        requirements: Sequence[Requirement] = (), fills: bool = False,
    ) -> None:
        """Settle the plan of a statement: `parts` hand named adjoints on, `terms` any other; `needs` is a container's adjoint."""
        handed = [adjoint.id for _, adjoint in parts if isinstance(adjoint, ir.Name)]
        otherwise = killed[0] if killed else (needs or self.outputs[0])
        target = next((name for name in killed if self.names.adjoint(name) in handed), otherwise)
        linearizer = self.linearizer(target, root)
        if linearizer.arrays is not None:
            linearizer.arrays.level, linearizer.arrays.taken = self.arrays.level_of(stmt), takes
            later = self.arrays.changed_after(stmt)
            linearizer.is_result_changed = bool(holders_of(stmt) & later)
            linearizer.changed_later = later | self.arrays.stores.get(stmt, frozenset())
        held = {self.names.adjoint(name) for name in killed if name in self.containers}
        whole = [expr for expr, adjoint in parts if isinstance(adjoint, ir.Name) and adjoint.id in held]
        if isinstance(stmt, ir.Assign) and any(isinstance(expr, ir.Item | ir.Attribute) for expr in whole):
            self.refusals.add("GG106", stmt.span, construct="a container taken out of another")
            return
        if (operator := joined_first(stmt, whole, self.held, self.activity.versions)) is not None:
            self.refusals.add("GG115", operator.span)
            return
        for expr, adjoint in parts:
            leaves = unpacked(expr, adjoint, self.arrays.kinds)
            if leaves is not None:
                linearizer.found.leaves.extend(leaves)
            else:
                linearizer.visit(expr, Term(adjoint, shape=self.seed_shape(expr)))
        is_augmented = isinstance(stmt, ir.Assign) and stmt.augmented is not None and stmt.value is root
        for expr, term in terms:
            is_new = expr is not root or not is_augmented
            linearizer.visit(expr, linearizer.arrays.narrowed(term, expr, fills) if linearizer.arrays and is_new else term)
        found = linearizer.found
        found.requirements.extend(requirements)
        plan = Plan(stmt, self.comments.get(stmt, ""), killed, needs=needs)
        is_whole = len(parts) == 1 and parts[0][0] is root and isinstance(parts[0][1], ir.Name)
        result: ir.Expr | None = ir.Name(target) if is_whole else None
        is_pair_root = root in linearizer.pairs
        if is_pair_root and result is None and isinstance(stmt, ir.Assign):
            result = root
        mark = self.names.mark()
        results = results_unpacked(stmt, root)
        old = self._read_by(root) if isinstance(stmt, ir.Assign) and not is_pair_root else set()
        new = {each.id: f"{each.id}'" for each in (result, *results) if isinstance(each, ir.Name) and each.id in old}
        if new:  # until it is clear which of them the lines read, the new value goes by another name than the old one
            result = renamed(result, new)
            results = tuple(renamed(each, new) for each in results)
        variables = self.variables | set(new.values()) if new else self.variables
        is_stored = is_augmented and not killed
        setting = Setting(
            result, target, is_in_loop, self.is_plain, self.unstable, arrays=self.arrays, results=results, is_augmented=is_stored,
            standing=Standing() if self.is_plain or new else self.standing, is_changed=linearizer.is_result_changed,
        )
        if also:
            found.leaves.extend(Leaf("", Term(ir.Const(0)), (ir.Value(expr),)) for expr in also)
        resolver = settled_plan(plan, root, found, setting, self.names, linearizer.roles, linearizer.pairs)
        reads, others = plan_reads(plan, variables), set[str]()
        for line in found.loops:
            term = resolver.finish_term(line.term)
            factors = (*term.numerator, *term.denominator, *((term.adjoint,) if term.adjoint is not None else ()))
            handed_in = {name.id for factor in factors for name in ir.names_read(factor) if name.id in variables}
            reads |= handed_in
            others |= handed_in
        given = {each.id for each in (result, *results) if isinstance(each, ir.Name)} & reads
        is_open = not (self.is_plain or self.is_logging or found.loops)
        if new and is_open and may_read_both(root, new, self.arrays.mutated) and reads & {*new.values()}:
            plan.new = {read: name for name, read in new.items() if read in reads}
            reads -= given
            given = {plan.new.get(name, name) for name in given}
            plan.reads_result = True
        elif reads & {*new, *new.values()} or given and looped(found.loops) & new.keys():
            # the lines read the old value: should they want the new one too, it is computed again
            self.names.back_to(mark)
            again = Plan(stmt, plan.heading, killed, needs=needs)
            setting = replace(setting, result=None, is_in_loop=True, results=(), is_augmented=False, standing=Standing())
            resolver = settled_plan(again, root, found, setting, self.names, linearizer.roles, linearizer.pairs)
            plan, reads = again, plan_reads(again, self.variables)
            given = set()
        elif given and isinstance(stmt, ir.Assign) and not is_pair_root:
            reads -= given
            plan.reads_result = True
        filled = {name.id for _, adjoint in parts for name in ir.names_read(adjoint)} & self.variables
        if filled:  # the shapes of results that nothing uses
            if filled & variables_read(root) or (reads - filled) & set(killed):
                self.refusals.add("GG106", stmt.span, construct="a result that nothing uses under the name of an old value")
            reads -= filled
            plan.reads_result = True
        for line in found.loops:
            listed = None if is_in_loop else list_made(self, stmt, line.comprehension)
            plan.loops.append(comprehension(self, stmt, line, resolver.finish_term(line.term), listed))
            reads |= loop_reads(plan.loops[-1], self.variables)
            if listed is not None and listed in reads:
                reads.discard(listed)
                plan.reads_result = True
        plan.updates = [update for update in plan.updates if update.base]
        if clears is not None:
            place = ir.Item(resolver.finish(clears.base), resolver.finish(clears.index))
            cleared = ir.Assign(ir.ItemTarget(place.base, place.index), self._nothing(stmt, place))
            if keeps and takes is not None:
                if not taken_apart(plan, takes, place, needs or ""):
                    plan.opening.append(ir.Assign(ir.NameTarget(takes), place))
            elif takes is not None:
                plan.opening.extend((ir.Assign(ir.NameTarget(takes), place), cleared))
            else:
                plan.cleared.append(cleared)
            reads |= {name.id for name in ir.names_read(place) if name.id in self.variables}
        if pops is not None:
            call = ir.Call(ir.Attribute(ir.Name(self.names.adjoint(needs or "")), "pop"), ())
            plan.opening.append(ir.Assign(ir.NameTarget(pops), call))
        named = {node.name for node in ir.walk(root) if isinstance(node, ir.Walrus)} & reads if self.has_named else set()
        if named:  # the lines read what the statement itself has just named
            rebound = {name for name in (*killed, *named) if name in reads} - named
            of_read = self.activity.versions.of_read
            made = [of_read[read].node for read in ir.names_read(root) if read.id in named and read in of_read]
            if rebound or any(node is not None and not isinstance(node, ir.Walrus) for node in made):
                self.refusals.add("GG106", stmt.span, construct="`:=` in a statement that also reads old values")
            reads -= named
            plan.reads_result = True
        named_in_place(self, stmt, root, plan, is_in_loop)
        reads_target = plan.reads_result
        inner_results = results_inside(plan)
        for inner in plan.then:
            reads |= inner.reads
            if plan.reads_result and inner.reads & set(killed):
                self.refusals.add("GG106", stmt.span, construct="`:=` in a statement that also reads old values")
        if inner_results and not (reads | inner_results) & set(killed):
            plan.reads_result = True
        elif is_named_again(self, root, inner_results):
            self.refusals.add("GG106", stmt.span, construct="`:=` in a statement that also reads old values")
        reads -= {name for inner in plan.then for name in inner.killed}
        plan.reads = reads
        place_stored = stmt.target if isinstance(stmt, ir.Assign) and also else None
        if isinstance(place_stored, ir.ItemTarget) and not isinstance(place_stored.index, ir.Opaque):
            plan.index = resolver.finish(settled_index(place_stored.index))
        self.plans[stmt] = plan
        if plan.hoists:
            self.edits.hoists[stmt] = plan.hoists
        if not isinstance(stmt, ir.Assign):
            plan.reads_result = False
        self.edits.needed |= linearizer.needed
        own = given if results else {target} if target in killed and reads_target else set()
        arrays = self.arrays.variables.keys() - self.containers
        shapes = shapes_read(plan, reads, others, self.variables, arrays) if arrays else set[str]()
        kept = reads - (shapes & self.arrays.of_one_shape)  # any other value of theirs has that shape as well
        self.reads[stmt] = BackwardReads(frozenset(kept), frozenset(own | named | inner_results | filled), frozenset(shapes))

    def _read_by(self, root: ir.Expr) -> set[str]:
        """The variables that computing a value reads, those that functions called there have captured too."""
        captured, own = self.activity.versions.captured, variables_read(root)
        return own.union(*(captured[node] for node in ir.walk(root) if node in captured)) if captured else own

    def _nothing(self, stmt: ir.Stmt, place: ir.Item) -> ir.Expr:
        """The adjoint of an element before something is stored there: what is stored says whether it is a number."""
        value = stmt.value if isinstance(stmt, ir.Assign) else None
        version = self.activity.versions.of_read.get(value) if isinstance(value, ir.Name) else None
        if version not in self.held and not isinstance(value, ir.Display | ir.Comprehension):
            return ir.Const(0.0)
        self.edits.needed.add("zeros_like")
        return ir.Call(ir.Name("zeros_like", "global"), (place,))
