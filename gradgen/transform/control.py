"""Decides how branches, loops, exits and try statements are turned round, statement by statement.

Never writes backward lines; transform.backward does, from these plans.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from gradgen.analyse.kinks import equalities
from gradgen.analyse.recording import BackwardReads
from gradgen.analyse.searches import searching_variable
from gradgen.errors import Finding
from gradgen.ir import nodes as ir
from gradgen.transform.backward import Chain, LoopPlan, TryPlan, ends_elsewhere
from gradgen.transform.comprehensions import element_items
from gradgen.transform.planning import Planner
from gradgen.transform.plans import Hoist
from gradgen.transform.settling import NEVER_INLINE, Setting, ValueResolver
from gradgen.transform.stores import append, store

REASK_COST = 25
ONE_SHOT = frozenset({"enumerate", "filter", "iter", "map", "reversed", "zip"})
PURE_ITERABLES = frozenset({"range", "zip", "enumerate", "reversed", "list", "tuple", "sorted"})
UNKNOWN = ("this statement", "a chained", "a decorated")


@dataclass(slots=True)
class Control:
    """Walks a function's tree: plans every statement and what surrounds it."""

    planner: Planner
    tests: dict[ir.Stmt, ir.Expr] = field(default_factory=dict)
    loops: dict[ir.Stmt, LoopPlan] = field(default_factory=dict)
    tries: dict[ir.Stmt, TryPlan] = field(default_factory=dict)
    folds: dict[ir.Block, ir.Block] = field(default_factory=dict)
    originals: dict[ir.Stmt, ir.Stmt] = field(default_factory=dict)
    taped: dict[ir.Stmt, list[str]] = field(default_factory=dict)
    refused: dict[ir.Stmt, list[Finding]] = field(default_factory=dict)
    is_conditional: bool = False

    # --- the tree ---

    def block(self, block: ir.Block, is_in_loop: bool) -> None:
        outer = self.is_conditional
        for stmt in block:
            findings = self.planner.refusals.findings
            before = len(findings)
            self.statement(stmt, is_in_loop)
            if not isinstance(stmt, ir.Branch | ir.For | ir.Try | ir.With):
                if not isinstance(stmt, ir.While):
                    self.planner.check_calls(stmt)
                self.planner.check_named(stmt if not isinstance(stmt, ir.While) else ir.Evaluate(stmt.test))
            for compare in equalities(stmt, self.planner.activity):
                self.kink(compare)
            if len(findings) > before and self.is_conditional:
                self.refuse_when_reached(stmt, findings[before:])
                del findings[before:]
            if isinstance(stmt, ir.Branch) and any(True for _ in _returns_inside((stmt,))):
                self.is_conditional = True
        self.is_conditional = outer

    def arm(self, block: ir.Block, is_in_loop: bool) -> None:
        """A block that need not run."""
        outer = self.is_conditional
        self.is_conditional = True
        self.block(block, is_in_loop)
        self.is_conditional = outer

    def refuse_when_reached(self, stmt: ir.Stmt, findings: list[Finding]) -> None:
        """What cannot be differentiated on one way through the function raises there, and only there."""
        self.refused[stmt] = findings
        for node in ir.walk(stmt):
            if isinstance(node, ir.Stmt):
                self.planner.plans.pop(node, None)
                self.planner.edits.hoists.pop(node, None)
                self.loops.pop(node, None)
                self.tries.pop(node, None)
                self.tests.pop(node, None)
        first = findings[0]
        name = first.file.replace("\\", "/").rsplit("/", 1)[-1]
        message = f"{name}:{first.line}:{first.column + 1}: {first.code}: {first.message}"
        error = ir.Call(ir.Name("NonDifferentiableError", "global"), (ir.Const(message),))
        self.planner.edits.needed.add("NonDifferentiableError")
        self.planner.edits.replaced[stmt] = [ir.Exit("raise", error)]

    def kink(self, compare: ir.Compare) -> None:
        """An equality on a value that varies raises where it holds."""
        refusals = self.planner.refusals
        finding = refusals.finding("GG501", compare.span, construct=refusals.positions.slice(compare.span or ir.Span(0, 0)))
        name = finding.file.replace("\\", "/").rsplit("/", 1)[-1]
        self.planner.edits.kinks[compare] = f"{name}:{finding.line}:{finding.column + 1}: {finding.code}: {finding.message}"
        self.planner.edits.needed.add("at_kink")

    def statement(self, stmt: ir.Stmt, is_in_loop: bool) -> None:
        planner = self.planner
        match stmt:
            case ir.Assign(target=target):
                if isinstance(target, ir.ItemTarget | ir.AttributeTarget):
                    store(planner, stmt, target, is_in_loop)
                else:
                    planner.assign(stmt, is_in_loop)
                self._keep_hoists(stmt, is_in_loop)
            case ir.Append():
                append(planner, stmt, is_in_loop)
                self._keep_hoists(stmt, is_in_loop)
            case ir.Exit(kind="return"):
                planner.returned(stmt, is_in_loop)
            case ir.Branch():
                self.branch(stmt, is_in_loop)
            case ir.For() | ir.While():
                self.loop(stmt, is_in_loop)
            case ir.With(items=items, body=body):
                if any(planner.activity.is_varied(manager) for manager, _ in items):
                    planner.refusals.add("GG106", stmt.span, construct="a context manager")
                self.block(body, is_in_loop)
            case ir.Try():
                self.tried(stmt, is_in_loop)
            case ir.Evaluate():
                planner.evaluated(stmt)
            case ir.Inert(construct=construct, reads=reads) if construct.startswith(UNKNOWN):
                if any(planner.activity.is_varied(name) for name in reads) or self._binds_active(stmt):
                    planner.refusals.add("GG106", stmt.span, construct=construct)

    def _binds_active(self, stmt: ir.Inert) -> bool:
        return any(v.node is stmt and v in self.planner.activity.useful for v in self.planner.activity.versions.all) and any(
            self.planner.activity.is_varied(name) for name in stmt.reads
        )

    def _keep_hoists(self, stmt: ir.Stmt, is_in_loop: bool) -> None:
        """Inner values named inside of a loop are gone at the next turn: a tape keeps them."""
        plan = self.planner.plans.get(stmt)
        if plan is not None and is_in_loop and plan.kept_names:
            self.taped[stmt] = list(plan.kept_names)

    def has_backward(self, block: ir.Block) -> bool:
        plans = self.planner.plans
        nodes = (node for stmt in block for node in ir.walk(stmt) if isinstance(node, ir.Stmt))
        return any(node in plans and not plans[node].is_empty for node in nodes)

    # --- branches ---

    def branch(self, stmt: ir.Branch, is_in_loop: bool) -> None:
        self.arm(stmt.then, is_in_loop)
        self.arm(stmt.orelse, is_in_loop)
        self.planner.test(stmt, is_in_loop)
        if not (ends_elsewhere(stmt.then) or ends_elsewhere(stmt.orelse)) and self.has_backward(stmt.then + stmt.orelse):
            self.ask_again(stmt, stmt.then + stmt.orelse, is_in_loop)

    def ask_again(self, stmt: ir.Branch, bodies: ir.Block, is_in_loop: bool) -> None:
        """The backward part asks the test again where that gives the same answer; otherwise the answer is kept."""
        planner = self.planner
        resolver = ValueResolver(stmt.test, Setting(None, "", is_in_loop, planner.is_plain, planner.unstable), planner.names, {})
        cost = resolver.inline_cost(stmt.test)
        bound = ir.names_bound(bodies)
        reads = {name.id for name in ir.names_read(stmt.test) if name.id in planner.variables}
        has_walrus = any(isinstance(node, ir.Walrus) for node in ir.walk(stmt.test))
        if cost <= REASK_COST and not reads & bound and not has_walrus and not planner.is_plain:
            self.tests[stmt] = stmt.test
            before = planner.reads.get(stmt, BackwardReads()).before
            planner.reads[stmt] = BackwardReads(frozenset(reads) | before)
            return
        flag = planner.names.fresh("taken")
        is_line = not stmt.is_elif or is_in_loop
        planner.edits.hoists.setdefault(stmt, []).append(Hoist(flag, stmt.test, "line" if is_line else "walrus"))
        self.tests[stmt] = ir.Name(flag)
        if is_in_loop:
            self.taped[stmt] = [flag]

    # --- loops ---

    def loop(self, stmt: ir.For | ir.While, is_in_loop: bool) -> None:
        planner = self.planner
        name = searching_variable(stmt, planner.activity)
        if name is not None:
            planner.refusals.add("GG112", stmt.span, construct=repr(name))
            return
        target = stmt.target if isinstance(stmt, ir.For) else ir.NameTarget("_")
        if isinstance(stmt, ir.For) and any(isinstance(node, ir.ItemTarget | ir.AttributeTarget) for node in ir.walk(target)):
            planner.refusals.add("GG106", stmt.target.span, construct="a loop into an item or attribute")
        self.fold(stmt.body)
        self.block(stmt.body, True)
        self.block(stmt.orelse, is_in_loop)
        self._test_continues(stmt.body)
        exits = list(_exits(stmt.body, ()))
        breaks = [(node, chain) for node, chain in exits if node.kind == "break"]
        returns = list(_returns_inside(stmt.body))
        if stmt.orelse and breaks and (self.has_backward(stmt.orelse) or ends_elsewhere(stmt.orelse)):
            planner.refusals.add("GG106", stmt.span, construct="a loop with both break and else")
        if any(True for _ in _returns_inside(stmt.orelse)):
            planner.refusals.add("GG106", stmt.span, construct="a return in the else of a loop")
        if not self.has_backward(stmt.body):
            return
        plan = LoopPlan()
        plan.is_endless = isinstance(stmt, ir.While) and isinstance(stmt.test, ir.Const) and bool(stmt.test.value)
        plan.early = [(node, chain) for node, chain in breaks if not _is_last(chain)]
        if plan.is_endless and len(plan.early) != len(breaks):
            plan.is_endless = False
        nothing_done = all(not self.has_backward(block[:index]) for _, chain in plan.early for block, index, _ in chain)
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
            self._for(stmt, plan, is_in_loop, bool(breaks or returns))
        self.loops[stmt] = plan

    def _for(self, stmt: ir.For, plan: LoopPlan, is_in_loop: bool, may_end_early: bool) -> None:
        """The iterable in reverse, cut at the turns that were begun where the loop may end early."""
        planner = self.planner
        bound = ir.names_bound(stmt.body)
        targets = {node.id for node in ir.walk(stmt.target) if isinstance(node, ir.NameTarget)}
        if targets & bound:
            planner.refusals.add("GG106", stmt.span, construct=f"a loop that rebinds its own variable {min(targets & bound)!r}")
        is_active = planner.activity.is_varied(stmt.iterable)
        reads = {name.id for name in ir.names_read(stmt.iterable) if name.id in planner.variables}
        resolver = ValueResolver(stmt.iterable, Setting(None, "", is_in_loop, False, planner.unstable), planner.names, {})
        iterable: ir.Expr = stmt.iterable
        is_pure = _is_pure_iterable(stmt.iterable, resolver) and not self._is_one_shot(stmt.iterable)
        if not is_active and (not is_pure or reads & (bound | targets) or planner.is_plain):
            name = planner.names.fresh("turns")
            planner.edits.hoists.setdefault(stmt, []).append(Hoist(name, stmt.iterable, "line"))
            if not _is_sequence(stmt.iterable) or self._is_one_shot(stmt.iterable):
                planner.edits.listed.add(name)
            iterable = ir.Name(name)
            if is_in_loop:
                self.taped[stmt] = [name]
        else:
            planner.reads[stmt] = BackwardReads(frozenset(reads))
            if not _is_sequence(stmt.iterable):
                iterable = ir.Call(ir.Name("list", "global"), (iterable,))
        if is_active:
            iterable = self._active_iterable(stmt, plan, bound)
        plan.iterable = iterable
        if may_end_early:
            plan.counter = planner.names.fresh("count")
            plan.is_cut = True

    def _is_one_shot(self, iterable: ir.Expr) -> bool:
        """Whether a name stands for an iterator that can be gone through once only."""
        version = self.planner.activity.versions.of_read.get(iterable) if isinstance(iterable, ir.Name) else None
        return version is not None and any(
            isinstance(source, ir.Call) and isinstance(source.func, ir.Name) and source.func.id in ONE_SHOT
            or isinstance(source, ir.Comprehension) and source.kind == "generator"
            for source in version.sources
        )

    def _active_iterable(self, stmt: ir.For, plan: LoopPlan, bound: frozenset[str]) -> ir.Expr:
        """A loop over containers that vary: backwards it counts along, so that each element's adjoint finds its place."""
        planner = self.planner
        counter = planner.names.fresh("i")
        items = element_items(stmt.target, stmt.iterable, ir.Name(counter), planner.containers, planner.activity.is_varied)
        bases = {base for _, base, _ in items or ()}
        if items is None or bases & (bound | planner.unstable):
            planner.refusals.add("GG106", stmt.iterable.span, construct="a loop over this iterable of values that vary")
            return stmt.iterable
        plan.items = items
        plan.target = ir.TupleTarget((ir.NameTarget(counter), stmt.target))
        counted = ir.Call(ir.Name("enumerate", "global"), (stmt.iterable,))
        return ir.Call(ir.Name("list", "global"), (counted,))

    # --- continue ---

    def fold(self, block: ir.Block) -> None:
        """`if c: A; continue` followed by B runs backwards as `if c: A else: B`."""
        for index, stmt in enumerate(block):
            if not isinstance(stmt, ir.Branch) or not _has_continue(stmt):
                continue
            rest = block[index + 1 :]
            then, orelse = stmt.then, stmt.orelse
            if then and _ends_with_continue(then) and not _has_continue_inside(then[:-1]) and not any(map(_has_continue, orelse)):
                virtual = ir.Branch(stmt.test, then[:-1], orelse + rest, span=stmt.span)
            elif orelse and _ends_with_continue(orelse) and not _has_continue_inside((*orelse[:-1], *then)):
                virtual = ir.Branch(stmt.test, then + rest, orelse[:-1], span=stmt.span)
            else:
                self.planner.refusals.add("GG106", stmt.span, construct="continue inside of nested branches")
                return
            self.folds[block] = (*block[:index], virtual)
            self.originals[virtual] = stmt
            self.fold(virtual.then)
            self.fold(virtual.orelse)
            return

    def _test_continues(self, body: ir.Block) -> None:
        for virtual in self.folds.get(body, ()):
            if virtual in self.originals:
                assert isinstance(virtual, ir.Branch)
                original = self.originals[virtual]
                assert isinstance(original, ir.Branch)
                self._test_continues(virtual.then)
                self._test_continues(virtual.orelse)
                if not (ends_elsewhere(virtual.then) or ends_elsewhere(virtual.orelse)):
                    self.ask_again(original, virtual.then + virtual.orelse, True)
                    if original in self.tests:
                        self.tests[virtual] = self.tests[original]

    # --- try ---

    def tried(self, stmt: ir.Try, is_in_loop: bool) -> None:
        planner = self.planner
        self.block(stmt.body, is_in_loop)
        for handler in stmt.handlers:
            self.arm(handler.body, is_in_loop)
        self.block(stmt.orelse, is_in_loop)
        self.block(stmt.final, is_in_loop)
        for name, version in planner.activity.versions.partial.get(stmt, {}).items():
            if planner.activity.is_active_version(version):
                planner.refusals.add(
                    "GG111", stmt.span, construct=f"a try statement that may leave {name!r} half done",
                    detail=f"When an exception comes, {name!r} may hold its value from before or from inside of the try.",
                    advice="Compute it before the try, or give it a value of its own in the handler.",
                )
        if self.has_backward((stmt,)) and any(True for _ in _exits((stmt,), ())):
            planner.refusals.add("GG106", stmt.span, construct="break or continue inside of a try statement")
        if any(not ends_elsewhere(handler.body) for handler in stmt.handlers) and self.has_backward((stmt,)):
            way = planner.names.fresh("way")
            planner.edits.insert_before(stmt, ir.Assign(ir.NameTarget(way), ir.Const(0)))
            for number, handler in enumerate(stmt.handlers, 1):
                if handler.body:
                    planner.edits.insert_before(handler.body[0], ir.Assign(ir.NameTarget(way), ir.Const(number)))
            self.tries[stmt] = TryPlan(way)
            if is_in_loop:
                self.taped[stmt] = [way]


def _is_sequence(expr: ir.Expr) -> bool:
    match expr:
        case ir.Call(func=ir.Name(id="range", scope="global")) | ir.Name() | ir.Display() | ir.Attribute() | ir.Item():
            return True
    return False


def _is_pure_iterable(expr: ir.Expr, resolver: ValueResolver) -> bool:
    match expr:
        case ir.Call(func=ir.Name(id=name, scope="global"), args=args) if name in PURE_ITERABLES:
            return all(_is_pure_iterable(arg, resolver) for arg in args)
        case ir.Display(items=items):
            return all(resolver.inline_cost(item) < NEVER_INLINE for item in items)
        case ir.Call(func=ir.Attribute(base=base, name="items" | "keys" | "values"), args=()):
            return resolver.inline_cost(base) < NEVER_INLINE and resolver.is_stable(base)
        case ir.Name(scope="local"):
            return resolver.is_stable(expr)
    return resolver.inline_cost(expr) < NEVER_INLINE


def _exits(block: ir.Block, chain: Chain, owner: ir.Stmt | None = None) -> Iterator[tuple[ir.Exit, Chain]]:
    """The breaks and continues of the loop whose body a block is, with the way to each."""
    for index, stmt in enumerate(block):
        here: Chain = (*chain, (block, index, owner))
        match stmt:
            case ir.Exit(kind="break" | "continue"):
                yield stmt, here
            case ir.Branch(then=then, orelse=orelse):
                yield from _exits(then, here, stmt)
                yield from _exits(orelse, here, stmt)
            case ir.With(body=body):
                yield from _exits(body, here, stmt)
            case ir.Try(body=body, handlers=handlers, orelse=orelse):
                for inner in (body, *(handler.body for handler in handlers), orelse):
                    yield from _exits(inner, here, stmt)


def _returns_inside(block: ir.Block) -> Iterator[tuple[ir.Exit, Chain]]:
    for stmt in block:
        for node in ir.walk(stmt):
            if isinstance(node, ir.Exit) and node.kind == "return":
                yield node, ()


def _is_last(chain: Chain) -> bool:
    """Whether nothing is left to do in the turn after the place that a chain leads to: leaving there ends a complete turn."""
    return all(index == len(block) - 1 or position == len(chain) - 1 for position, (block, index, _) in enumerate(chain)) and all(
        index == 0 for _, index, _ in chain[1:]
    )


def _has_continue(stmt: ir.Stmt) -> bool:
    return any(node.kind == "continue" for node, _ in _exits((stmt,), ()))


def _has_continue_inside(block: ir.Block) -> bool:
    return any(map(_has_continue, block))


def _ends_with_continue(block: ir.Block) -> bool:
    last = block[-1]
    return isinstance(last, ir.Exit) and last.kind == "continue"
