"""Says what a for loop runs over on the way back: its iterable again, or a list of it that was kept.

Never turns a loop's body round.
"""
from __future__ import annotations

from gradgen.analyse.dicts import gone_through
from gradgen.analyse.recording import BackwardReads
from gradgen.ir import nodes as ir
from gradgen.transform.comprehensions import elements_of, rows_of
from gradgen.transform.counting import own_counter
from gradgen.transform.planning import Planner
from gradgen.transform.plans import Hoist
from gradgen.transform.settling import NEVER_INLINE, Setting, ValueResolver
from gradgen.transform.turning import LoopPlan

ONE_SHOT = frozenset({"enumerate", "filter", "iter", "map", "reversed", "zip"})
PURE_ITERABLES = frozenset({"range", "zip", "enumerate", "reversed", "list", "tuple", "sorted"})


def reversed_iterable(
    planner: Planner, stmt: ir.For, plan: LoopPlan, is_in_loop: bool, may_end_early: bool, hands_on: bool = False
) -> list[str]:
    """Plan the iterable in reverse, cut at the turns that were begun where the loop may end early; gives back what each run of
    an inner loop must keep. Where it `hands_on` what the last turn took, the turns are counted, but those over a whole list."""
    bound = ir.names_bound(stmt.body)
    targets = {node.id for node in ir.walk(stmt.target) if isinstance(node, ir.NameTarget)}
    changed = {name.id for name in planner.activity.versions.of_read if name.id in targets & bound}
    if changed:
        planner.refusals.add("GG106", stmt.span, construct=f"a loop that changes its own variable {min(changed)!r}")
    through = gone_through(stmt.iterable)
    is_dict = through is not None and through.id in planner.containers - planner.sequences
    is_active = planner.activity.is_varied(stmt.iterable) and not is_dict  # the keys of a dict do not vary
    reads = {name.id for name in ir.names_read(stmt.iterable) if name.id in planner.variables}
    setting = Setting(None, "", is_in_loop, False, planner.unstable, arrays=planner.arrays)
    resolver = ValueResolver(stmt.iterable, setting, planner.names, {})
    iterable: ir.Expr = stmt.iterable
    may_change = isinstance(stmt.iterable, ir.Name) and not resolver.is_stable(stmt.iterable)
    is_pure = is_pure_iterable(stmt.iterable, resolver) and not _is_one_shot(planner, stmt.iterable)
    taped: list[str] = []
    if not is_active and (not is_pure or reads & (bound | targets) or planner.is_plain):
        name = planner.names.fresh("turns")
        planner.edits.hoists.setdefault(stmt, []).append(Hoist(name, stmt.iterable, "line"))
        if not is_sequence(stmt.iterable) or _is_one_shot(planner, stmt.iterable) or may_change or is_dict:
            planner.edits.listed.add(name)
        iterable = ir.Name(name)
        if is_in_loop:
            taped.append(name)
    else:
        planner.reads[stmt] = BackwardReads(frozenset(reads))
        if not is_sequence(stmt.iterable) or is_dict:
            iterable = ir.Call(ir.Name("list", "global"), (iterable,))
    if is_active:
        own = None if may_end_early or hands_on else own_counter(stmt.target, stmt.iterable, bound)
        iterable = _active_iterable(planner, stmt, plan, bound, own)
    plan.iterable = iterable
    if may_end_early:
        plan.counter = planner.names.fresh("count")
        plan.is_cut = True
    if may_end_early or hands_on:
        plan.handed = _new_elements(planner, stmt, plan)
    if plan.handed and not may_end_early and not isinstance(stmt.iterable, ir.Name):
        plan.counter = planner.names.fresh("count")
    return taped


def _new_elements(planner: Planner, stmt: ir.For, plan: LoopPlan) -> frozenset[str]:
    """The variables that only ever are what a turn took: they have no value before the loop, and none but that in it."""
    headers, bound = planner.activity.versions.headers[stmt], ir.names_bound(stmt.body)
    before = {name: headers[name].previous for name, _, _ in plan.items if name in headers and name not in bound}
    return frozenset(name for name, version in before.items() if version is None or version.kind == "unbound")


def is_read_after(planner: Planner, stmt: ir.For | ir.While, noted: set[ir.Stmt]) -> bool:
    """Whether an element that the last turn took is read after the loop, so that a derivative comes back to it; the loop is then
    noted."""
    if not isinstance(stmt, ir.For) or not planner.activity.is_varied(stmt.iterable):
        return False
    versions = planner.activity.versions
    targets = [node for node in ir.walk(stmt.target) if isinstance(node, ir.NameTarget)]
    joined = (versions.headers[stmt], versions.merged.get(stmt, {}))
    after = [found.get(target.id) for target in targets for found in joined]
    elements = [versions.of_node.get(target) for target in targets]  # as they are where only a break leads out of the loop
    inside = set(ir.walk(stmt)) if any(map(planner.activity.is_active_version, elements)) else set()
    after += [version for name, version in versions.of_read.items() if inside and version in elements and name not in inside]
    is_read = any(map(planner.activity.is_active_version, after))
    noted.update((stmt,) if is_read else ())
    return is_read


def _is_one_shot(planner: Planner, iterable: ir.Expr) -> bool:
    """Whether a name stands for an iterator that can be gone through once only."""
    version = planner.activity.versions.of_read.get(iterable) if isinstance(iterable, ir.Name) else None
    return version is not None and any(
        isinstance(source, ir.Call) and isinstance(source.func, ir.Name) and source.func.id in ONE_SHOT
        or isinstance(source, ir.Comprehension) and source.kind == "generator"
        for source in version.sources
    )


def _active_iterable(planner: Planner, stmt: ir.For, plan: LoopPlan, bound: frozenset[str], own: str | None) -> ir.Expr:
    """A loop over containers that vary: backwards it counts along, so that each element's adjoint finds its place; by its `own`
    variable where that does so anyway."""
    counter = own or planner.names.fresh("i")
    items = elements_of(planner, ir.Name(counter)).items(stmt.target, stmt.iterable)
    bases = {base for _, base, _ in items or ()}
    keys = {name.id for _, _, path in items or () for key in path for name in ir.names_read(key)}
    if items is None or bases & planner.unstable or (bases | keys) & bound:
        planner.refusals.add("GG106", stmt.iterable.span, construct="a loop over this iterable of values that vary")
        return stmt.iterable
    plan.items = items
    plan.rows = rows_of(planner, stmt.target)
    headers = planner.activity.versions.headers[stmt]
    named = (name for name, _, _ in items if name in planner.containers)
    new = _new_elements(planner, stmt, plan)
    if any(name not in plan.rows or name not in new and planner.activity.is_active_version(headers.get(name)) for name in named):
        planner.refusals.add("GG106", stmt.target.span, construct="a loop variable that is more than a container")
    plan.target = stmt.target if own is not None else ir.TupleTarget((ir.NameTarget(counter), stmt.target))
    counted = stmt.iterable if own is not None else ir.Call(ir.Name("enumerate", "global"), (stmt.iterable,))
    return ir.Call(ir.Name("list", "global"), (counted,))


def is_sequence(expr: ir.Expr) -> bool:
    """Whether an iterable can be reversed as it stands."""
    match expr:
        case ir.Call(func=ir.Name(id="range", scope="global")) | ir.Name() | ir.Display() | ir.Attribute() | ir.Item():
            return True
    return False


def is_pure_iterable(expr: ir.Expr, resolver: ValueResolver) -> bool:
    """Whether an iterable gives the same elements when it is asked for again."""
    match expr:
        case ir.Call(func=ir.Name(id=name, scope="global"), args=args) if name in PURE_ITERABLES:
            return all(is_pure_iterable(arg, resolver) for arg in args)
        case ir.Display(items=items):
            return all(resolver.inline_cost(item) < NEVER_INLINE for item in items)
        case ir.Call(func=ir.Attribute(base=base, name="items" | "keys" | "values"), args=()):
            return resolver.inline_cost(base) < NEVER_INLINE and resolver.is_stable(base)
        case ir.Name(scope="local"):
            return resolver.is_stable(expr)
    return resolver.inline_cost(expr) < NEVER_INLINE
