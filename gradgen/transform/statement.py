"""Makes the backward plan of one statement: which values its lines read, and by which names, what it adds to which adjoints.

Never says which adjoints a statement hands on; assigning.py and stores.containers do.
"""
from __future__ import annotations

from collections.abc import Sequence

from gradgen.analyse.recording.needs import BackwardReads
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.queries import variables_read
from gradgen.transform.arrays.text import settled_index
from gradgen.transform.expressions.comprehensions import comprehension, list_made
from gradgen.transform.expressions.contributions import Leaf, Requirement
from gradgen.transform.expressions.local import Linearizer
from gradgen.transform.expressions.terms import Term
from gradgen.transform.expressions.walruses import is_named_again, named_in_place, results_inside
from gradgen.transform.holding import holders_of, joined_first, looped, renamed, results_unpacked, unpacked
from gradgen.transform.lines.anew import may_read_both
from gradgen.transform.lines.plans import Plan, loop_reads, plan_reads, shapes_read, taken_apart
from gradgen.transform.lines.settled import settled_plan
from gradgen.transform.lines.standing import Standing
from gradgen.transform.planning import Planner
from gradgen.transform.settling import Setting, ValueResolver

Part = tuple[ir.Expr, ir.Expr]


@dataclass(frozen=True, slots=True)
class Stored:
    """The variable `base` whose container a statement stores into, and what becomes of the adjoint of the element there.

    `place` is where it stands in the container's adjoint: it is 0 before the store, unless the statement `keeps` what was there.
    It is taken out under the name `taken` before anything is added. An element that was appended is `popped` instead, under
    that name. `index` are the parts of the index; nobody has read what `is_unread` before it is stored over.
    """

    base: str
    index: tuple[ir.Expr, ...] = ()
    place: ir.Item | None = None
    taken: str | None = None
    popped: str | None = None
    keeps: bool = False
    is_unread: bool = False


@dataclass(frozen=True, slots=True)
class Handing:
    """What a statement hands on: the adjoint of each expression in `parts`, of those in `terms` what is no adjoint by name.
    The variables `killed` are bound by it, so that their adjoints end there."""

    stmt: ir.Stmt
    root: ir.Expr
    is_in_loop: bool
    parts: Sequence[Part] = ()
    killed: tuple[str, ...] = ()
    terms: Sequence[tuple[ir.Expr, Term]] = ()
    stored: Stored | None = None
    requirements: Sequence[Requirement] = ()

    @property
    def is_augmented(self) -> bool:
        """Whether it is an augmented assignment that hands on as a whole."""
        return isinstance(self.stmt, ir.Assign) and self.stmt.augmented is not None and self.stmt.value is self.root


def plan_statement(planner: Planner, handing: Handing) -> None:
    """Notes the plan of a statement, and what its backward lines read; or why it is refused."""
    made = _Statement(planner, handing)
    if not made.is_refused():
        made.contribute()
        made.settle()
        made.read_shapes()
        made.loop()
        made.store()
        made.name_in_place()
        made.note()


class _Statement:
    """A plan on the way. `reads` are the user's variables that its lines read so far; `results` those among them whose values
    the statement itself gives, which stand when it is undone."""

    def __init__(self, planner: Planner, handing: Handing) -> None:
        self.planner, self.handing = planner, handing
        self.stmt, self.root, self.killed = handing.stmt, handing.root, handing.killed
        self.stored = handing.stored
        self.needs = self.stored.base if self.stored else None
        handed = [adjoint.id for _, adjoint in handing.parts if isinstance(adjoint, ir.Name)]
        otherwise = self.killed[0] if self.killed else (self.needs or planner.outputs[0])
        self.target = next((name for name in self.killed if planner.names.adjoint(name) in handed), otherwise)
        self.linearizer = self._linearizer()
        self.plan = Plan(self.stmt, planner.comments.get(self.stmt, ""), self.killed, needs=self.needs)
        self.resolver: ValueResolver
        self.reads = set[str]()
        self.shaping = set[str]()  # what adjoints of nothing in loops take the shape of
        self.results: frozenset[str] = frozenset()
        self.given: set[str] | None = None  # the results by their names, where there are several

    def _linearizer(self) -> Linearizer:
        made, arrays, stmt = self.planner.linearizer(self.target, self.root), self.planner.arrays, self.stmt
        if made.arrays is not None:
            made.arrays.level, made.arrays.taken = arrays.level_of(stmt), self.stored.taken if self.stored else None
            later = arrays.changed_after(stmt)
            made.is_result_changed = bool(holders_of(stmt, self.planner.arrays.kinds) & later)
            made.changed_later = later | arrays.stores.get(stmt, frozenset())
        return made

    def is_refused(self) -> bool:
        """Whether a container is handed on in a way that has no plan."""
        planner, stmt = self.planner, self.stmt
        held = {planner.names.adjoint(name) for name in self.killed if name in planner.containers}
        whole = [expr for expr, adjoint in self.handing.parts if isinstance(adjoint, ir.Name) and adjoint.id in held]
        if isinstance(stmt, ir.Assign) and any(isinstance(expr, ir.Item | ir.Attribute) for expr in whole):
            planner.refusals.add("GG106", stmt.span, construct="a container taken out of another")
            return True
        if (operator := joined_first(stmt, whole, planner.held, planner.activity.versions)) is not None:
            planner.refusals.add("GG115", operator.span)
            return True
        return False

    def contribute(self) -> None:
        """What the chain rule makes of the adjoints, down to the variables that are read."""
        linearizer, handing, planner = self.linearizer, self.handing, self.planner
        for expr, adjoint in handing.parts:
            leaves = unpacked(expr, adjoint, planner.arrays.kinds)
            if leaves is not None:
                linearizer.found.leaves.extend(leaves)
            else:
                linearizer.visit(expr, Term(adjoint, shape=planner.seed_shape(expr)))
        is_unread = self.stored is not None and self.stored.is_unread
        for expr, term in handing.terms:
            is_new = expr is not self.root or not handing.is_augmented
            linearizer.visit(expr, linearizer.arrays.narrowed(term, expr, is_unread) if linearizer.arrays and is_new else term)
        linearizer.found.requirements.extend(handing.requirements)

    # --- values ---

    def _own_result(self) -> ir.Expr | None:
        """How backward lines spell what the statement computes: by its name, or as a pair's result; None where they cannot."""
        parts = self.handing.parts
        if len(parts) == 1 and parts[0][0] is self.root and isinstance(parts[0][1], ir.Name):
            return ir.Name(self.target)
        return self.root if self.root in self.linearizer.pairs and isinstance(self.stmt, ir.Assign) else None

    def settle(self) -> None:
        """Every value gets a name, or is computed again: the result goes by its own, unless the lines read what its name stood
        for before."""
        planner, root, stmt, found = self.planner, self.root, self.stmt, self.linearizer.found
        names, is_binding = planner.names, isinstance(self.stmt, ir.Assign) and self.root not in self.linearizer.pairs
        result, results = self._own_result(), results_unpacked(stmt, root)
        mark = names.mark()
        old = self._read_by_root() if is_binding else set[str]()
        bound = {each.id for each in (result, *results) if isinstance(each, ir.Name)}
        new = {name: f"{name}'" for name in sorted(bound)} if bound & old else {}
        if new:  # until it is clear which of them the lines read, the new value goes by another name than the old one
            result = renamed(result, new)
            results = tuple(renamed(each, new) for each in results)
        variables = planner.variables | set(new.values()) if new else planner.variables
        setting = Setting(
            result, self.target, self.handing.is_in_loop, planner.is_plain, planner.unstable, arrays=planner.arrays,
            results=results, is_augmented=self.handing.is_augmented and not self.killed,
            standing=Standing() if planner.is_plain or new else planner.standing, is_changed=self.linearizer.is_result_changed,
        )
        if self.stored:
            found.leaves.extend(Leaf("", Term(ir.Const(0)), (ir.Value(expr),)) for expr in self.stored.index)
        self._fill(setting)
        self.shaping = self._read_by_loops(variables)
        self.reads = plan_reads(self.plan, variables) | self.shaping
        given = {each.id for each in (result, *results) if isinstance(each, ir.Name)} & self.reads
        is_open = not (planner.is_plain or planner.is_logging or found.loops)
        if new and is_open and may_read_both(root, new, planner.arrays.mutated) and self.reads & {*new.values()}:
            self.plan.new = {read: name for name, read in new.items() if read in self.reads}
            self._stands(given)
            given = {self.plan.new.get(name, name) for name in given}
        elif self.reads & {*new, *new.values()} or given and looped(found.loops) & new.keys():
            # the lines read the old value: should they want the new one too, it is computed again
            names.back_to(mark)
            self.plan = Plan(stmt, self.plan.heading, self.killed, needs=self.needs)
            self._fill(replace(setting, result=None, is_in_loop=True, results=(), is_augmented=False, standing=Standing()))
            self.reads, given = plan_reads(self.plan, planner.variables), set()
        elif given and (is_binding or isinstance(stmt, ir.Assign) and not given & self._read_by_root()):
            self._stands(given)
        self.given = given if results else None

    def _fill(self, setting: Setting) -> None:
        linearizer = self.linearizer
        self.resolver = settled_plan(
            self.plan, self.root, linearizer.found, setting, self.planner.names, linearizer.roles, linearizer.pairs
        )

    def _stands(self, names: set[str]) -> None:
        """The lines read what the statement itself has given these variables."""
        self.reads -= names
        self.plan.reads_result = True

    def _read_by_root(self) -> set[str]:
        """The variables that computing the value reads, those that functions called there have captured too."""
        captured, own = self.planner.activity.versions.captured, variables_read(self.root)
        return own.union(*(captured[node] for node in ir.walk(self.root) if node in captured)) if captured else own

    def _read_by_loops(self, variables: frozenset[str] | set[str]) -> set[str]:
        """The variables in the adjoints that loops over comprehensions start from."""
        terms = [self.resolver.finish_term(line.term) for line in self.linearizer.found.loops]
        factors = (
            factor for term in terms
            for factor in (*term.numerator, *term.denominator, *((term.adjoint,) if term.adjoint is not None else ()))
        )
        return {name.id for factor in factors for name in ir.names_read(factor) if name.id in variables}

    def read_shapes(self) -> None:
        """Adjoints of results that nothing uses have the shapes of these."""
        filled = {name.id for _, adjoint in self.handing.parts for name in ir.names_read(adjoint)} & self.planner.variables
        if not filled:
            return
        if filled & variables_read(self.root) or (self.reads - filled) & set(self.killed):
            self._refuse("a result that nothing uses under the name of an old value")
        self._stands(filled)
        self.results |= filled

    # --- lines beside the sums ---

    def loop(self) -> None:
        """The backward loops of comprehensions."""
        plan, planner = self.plan, self.planner
        for line in self.linearizer.found.loops:
            listed = None if self.handing.is_in_loop else list_made(planner, self.stmt, line.comprehension)
            made = comprehension(planner, self.stmt, line, self.resolver.finish_term(line.term), listed)
            plan.loops.append(made)
            self.reads |= loop_reads(made, planner.variables)
            if listed is not None and listed in self.reads:
                self._stands({listed})
        plan.updates = [update for update in plan.updates if update.base]

    def store(self) -> None:
        """What becomes of the adjoint of an element that is stored or appended."""
        stored, plan = self.stored, self.plan
        if stored is None:
            return
        if stored.place is not None:
            place = ir.Item(self.resolver.finish(stored.place.base), self.resolver.finish(stored.place.index))
            cleared = ir.Assign(ir.ItemTarget(place.base, place.index), self._nothing(place))
            if stored.keeps and stored.taken is not None:
                if not taken_apart(plan, stored.taken, place, stored.base):
                    plan.opening.append(ir.Assign(ir.NameTarget(stored.taken), place))
            elif stored.taken is not None:
                plan.opening.extend((ir.Assign(ir.NameTarget(stored.taken), place), cleared))
            else:
                plan.cleared.append(cleared)
            self.reads |= variables_read(place) & self.planner.variables
        if stored.popped is not None:
            call = ir.Call(ir.Attribute(ir.Name(self.planner.names.adjoint(stored.base)), "pop"), ())
            plan.opening.append(ir.Assign(ir.NameTarget(stored.popped), call))

    def _nothing(self, place: ir.Item) -> ir.Expr:
        """The adjoint of an element before something is stored there: what is stored says whether it is a number."""
        value = self.stmt.value if isinstance(self.stmt, ir.Assign) else None
        version = self.planner.activity.versions.of_read.get(value) if isinstance(value, ir.Name) else None
        if version not in self.planner.held and not isinstance(value, ir.Display | ir.Comprehension):
            return ir.Const(0.0)
        self.planner.edits.needed.add("zeros_like")
        return ir.Call(ir.Name("zeros_like", "global"), (place,))

    def name_in_place(self) -> None:
        """What `:=` binds inside of the statement: the lines may read it, and its own adjoint goes on to its value."""
        planner, root, plan, killed = self.planner, self.root, self.plan, set(self.killed)
        named = {node.name for node in ir.walk(root) if isinstance(node, ir.Walrus)} & self.reads if planner.has_named else set()
        if named:  # the lines read what the statement itself has just named
            of_read = planner.activity.versions.of_read
            made = [of_read[read].node for read in ir.names_read(root) if read.id in named and read in of_read]
            is_old = any(node is not None and not isinstance(node, ir.Walrus) for node in made)
            if killed & self.reads - named or is_old:
                self._refuse_old_values()
            self._stands(named)
        named_in_place(planner, self.stmt, root, plan, self.handing.is_in_loop)
        is_result_read = plan.reads_result
        inside = results_inside(plan)
        for inner in plan.then:
            self.reads |= inner.reads
            if plan.reads_result and inner.reads & killed:
                self._refuse_old_values()
        if inside and not (self.reads | inside) & killed:
            plan.reads_result = True
        elif is_named_again(planner, root, inside):
            self._refuse_old_values()
        self.reads -= {name for inner in plan.then for name in inner.killed}
        own = {self.target} if self.target in killed and is_result_read else set()
        self.results |= named | inside | (own if self.given is None else self.given)

    def _refuse_old_values(self) -> None:
        self._refuse("`:=` in a statement that also reads old values")

    def _refuse(self, construct: str) -> None:
        self.planner.refusals.add("GG106", self.stmt.span, construct=construct)

    # --- the end ---

    def note(self) -> None:
        """The plan is made: the planner has it, with what the forward part must keep for it."""
        planner, plan, stmt = self.planner, self.plan, self.stmt
        plan.reads = self.reads
        target = stmt.target if isinstance(stmt, ir.Assign) and self.stored and self.stored.index else None
        if isinstance(target, ir.ItemTarget) and not isinstance(target.index, ir.Opaque):
            plan.index = self.resolver.finish(settled_index(target.index))
        planner.plans[stmt] = plan
        if plan.hoists:
            planner.edits.hoists[stmt] = plan.hoists
        if not isinstance(stmt, ir.Assign):
            plan.reads_result = False
        planner.edits.needed |= self.linearizer.needed
        arrays = planner.arrays.variables.keys() - planner.containers
        shapes = shapes_read(plan, self.reads, self.shaping, planner.variables, arrays) if arrays else set[str]()
        kept = self.reads - (shapes & planner.arrays.of_one_shape)  # any other value of theirs has that shape as well
        planner.reads[stmt] = BackwardReads(frozenset(kept), frozenset(self.results), frozenset(shapes))
