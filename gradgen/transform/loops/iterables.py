"""Says what a for loop runs over on the way back: its iterable again, or a list of it that was kept.

Never turns a loop's body round.
"""
from __future__ import annotations

from gradgen.analyse.kinds.dicts import gone_through
from gradgen.analyse.recording.needs import BackwardReads
from gradgen.analyse.recording.stability import is_pure_call
from gradgen.analyse.surroundings.iterators import is_one_shot
from gradgen.ir import nodes as ir
from gradgen.ir.queries import reads_any, variables_read
from gradgen.transform.expressions.comprehensions import elements_of, rows_of
from gradgen.transform.lines.plans import Hoist
from gradgen.transform.loops.counting import own_counter
from gradgen.transform.loops.growing import as_it_was, grown
from gradgen.transform.loops.turning import LoopPlan
from gradgen.transform.planning import Planner
from gradgen.transform.settling import NEVER_INLINE, Setting, ValueResolver

ONE_SHOT = frozenset({"enumerate", "filter", "iter", "map", "reversed", "zip"})
FINITE = frozenset({"range", "list", "tuple", "sorted", "items", "keys", "values"})
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
    is_used_up = is_one_shot(stmt.iterable, planner.activity.versions)
    is_pure = is_pure_iterable(stmt.iterable, resolver) and not is_used_up
    taped: list[str] = []
    if not is_active and (not is_pure or reads & (bound | targets) or planner.is_plain):
        name = planner.names.fresh("turns")
        if may_move_on(planner, stmt) or may_end_early and may_be_endless(planner, stmt.iterable):
            planner.edits.insert_before(stmt, ir.Assign(ir.NameTarget(name), ir.Display("list", ())))
            planner.edits.at_start.setdefault(stmt, []).append(ir.Record(name, _taken(planner, stmt.target)))
        else:
            planner.edits.hoists.setdefault(stmt, []).append(Hoist(name, stmt.iterable, "line"))
            is_kept = is_sequence(stmt.iterable) and not (is_used_up or may_change or is_dict)
            planner.edits.listed.update(() if is_kept else (name,))
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


def may_move_on(planner: Planner, stmt: ir.For) -> bool:
    """Whether the body of a loop may change what the loop goes through, or take from it: a list that grows, an iterator."""
    match stmt.iterable:
        case ir.Call(func=ir.Name(id="range", scope="global")):
            return False
    names = variables_read(stmt.iterable)
    moving = names | planner.aliased if names & planner.aliased else names
    moving |= planner.unstable if names & planner.unstable else frozenset()
    for node in (each for inner in stmt.body for each in ir.walk(inner)):
        match node:
            case ir.Append(base=ir.Name(id=name)) | ir.Assign(target=ir.NameTarget(id=name), augmented=str()):
                found = name in moving
            case ir.ItemTarget(base=base):
                found = reads_any(base, moving)
            case ir.Opaque(is_pure=False) | ir.Inert():
                found = any(name.id in moving for read in node.reads for name in ir.names_read(read))
            case ir.For(iterable=ir.Name() as inner) | ir.Generator(iterable=ir.Name() as inner):
                found = inner.id in moving and is_one_shot(inner, planner.activity.versions)
            case ir.Call() if not is_pure_call(node) and planner.arrays.kinds.operation(node) is None:
                site = planner.callees.site(node)
                is_given = reads_any(node, moving)
                found = is_given if site is None else planner.callees.acts(site)
            case _:
                found = False
        if found:
            return True
    return False


def may_be_endless(planner: Planner, iterable: ir.Expr) -> bool:
    """Whether nobody knows that going through an iterable comes to an end: what a call that is not known made."""
    version = planner.activity.versions.of_read.get(iterable) if isinstance(iterable, ir.Name) else None
    for made in version.sources if version is not None else [iterable]:
        if not isinstance(made, ir.Call) or planner.arrays.kinds.operation(made) is not None:
            continue
        name = made.func.id if isinstance(made.func, ir.Name) else getattr(made.func, "name", "")
        if name not in FINITE and (name not in ONE_SHOT or any(may_be_endless(planner, arg) for arg in made.args)):
            return True
    return False


def _taken(planner: Planner, target: ir.Target) -> ir.Expr:
    """What a turn took, as the loop's target holds it."""
    match target:
        case ir.NameTarget(id=name):
            return ir.Name(name)
        case ir.TupleTarget(items=items):
            return ir.Display("tuple", tuple(_taken(planner, item) for item in items))
    planner.refusals.add("GG106", target.span, construct="a loop with this target over what its body changes")
    return ir.Const(None)


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


def _active_iterable(planner: Planner, stmt: ir.For, plan: LoopPlan, bound: frozenset[str], own: str | None) -> ir.Expr:
    """A loop over containers that vary: backwards it counts along, so that each element's adjoint finds its place; by its `own`
    variable where that does so anyway."""
    counter = own or planner.names.fresh("i")
    items = elements_of(planner, ir.Name(counter)).items(stmt.target, stmt.iterable)
    bases = {base for _, base, _ in items or ()}
    keys = {name.id for _, _, path in items or () for key in path for name in ir.names_read(key)}
    moving = {node.base.id for inner in stmt.body for node in ir.walk(inner) if isinstance(node, ir.Append)} if bases else set()
    if items is None or bases & (planner.unstable - grown(planner) | moving) or (bases | keys) & bound:
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
    along = as_it_was(planner, stmt.iterable, bases)
    counted = along if own is not None else ir.Call(ir.Name("enumerate", "global"), (along,))
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
