"""Loops whose turns go backwards from kept states: which variables a state is, and what keeps it in the forward part.

Never writes a backward line; transform.loops.replaying does.
"""
from __future__ import annotations

from gradgen.analyse.flow.exits import TURN_ENDS, can_fold, exits_of, has_exit, returns_inside, returns_of
from gradgen.analyse.recording.needs import BackwardReads
from gradgen.analyse.recording.repeatable import collected, is_shown
from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.transform.expressions.evaluation import rebuilt
from gradgen.transform.gradient import ForwardEdits
from gradgen.transform.lines.plans import Hoist
from gradgen.transform.loops.iterables import may_be_endless, may_move_on
from gradgen.transform.loops.replaying import ONE, Checkpoints, called
from gradgen.transform.loops.turning import LoopPlan
from gradgen.transform.names import Names
from gradgen.transform.planning import Planner

ZERO = ir.Const(0)


def why_not_again(planner: Planner, loop: ir.For | ir.While) -> tuple[ir.Node, str] | None:
    """What in a loop keeps its turns from being run again from a kept state, in words; None where nothing does."""
    exits = [(node, chain) for node, chain in exits_of(loop.body) if node.kind == "break"] + list(returns_of(loop.body))
    for node, chain in exits:
        if any(isinstance(owner, ir.Try | ir.For | ir.While) for _, _, owner in chain):
            return node, f"a {node.kind} in it, from inside of a loop or a try,"
        if not can_fold(loop.body, TURN_ENDS):
            return node, f"a {node.kind} in it, deep in branches,"
    if exits and isinstance(loop, ir.For) and may_be_endless(planner, loop.iterable):
        return loop, "what it goes through, which may be endless,"
    test = ir.walk(loop.test) if isinstance(loop, ir.While) else ()
    if any(isinstance(node, ir.Walrus) for node in test):
        return loop, "a := in its test"
    if isinstance(loop, ir.For) and not all(isinstance(node, ir.NameTarget | ir.TupleTarget) for node in ir.walk(loop.target)):
        return loop, "its target"
    if isinstance(loop, ir.For) and may_move_on(planner, loop):
        return loop, "that it changes what it goes through"
    versions = planner.activity.versions
    if loop not in versions.headers:
        return loop, "that nothing leads to it"
    return planner.callees.acting(loop.body, carried(loop, versions), planner.held, planner.unstable)


def refuse_unbounded(planner: Planner, stmt: ir.Stmt) -> None:
    """Refuse the outermost loop of a statement, which keeps something of each turn, where what loops keep is to be bounded."""
    loop = next((node for node in ir.walk(stmt) if isinstance(node, ir.For | ir.While)), None)
    if loop is not None:
        found = why_not_again(planner, loop) or (loop, "a jump in it, or a change of its own variable,")
        planner.refusals.add("GG114", found[0].span or stmt.span, detail="the turns of this loop", construct=found[1])


def jumps_end_turns(planner: Planner, stmt: ir.Stmt) -> bool:
    """Whether all that jumps do in a loop is to end turns that can be run again."""
    return isinstance(stmt, ir.For | ir.While) and has_exit(stmt.body, TURN_ENDS) and why_not_again(planner, stmt) is None


def begun(names: Names, loop: ir.For | ir.While, most: int) -> Checkpoints:
    """The names that a loop's kept states need."""
    own = "_" if isinstance(loop, ir.While) else _own_counter(loop.target, loop.iterable)
    is_open = isinstance(loop, ir.For) and has_exit(loop.body, ("break", "return"))
    counted = (("turn",) if own == "_" else ()) + (("turns",) if is_open else ())
    fresh = tuple(map(names.fresh, ("last", "kept", "keep", *counted)))
    last, kept, keep, *turn = fresh
    return Checkpoints(most, turn[0] if own == "_" else own, last, kept, keep, is_open=is_open, fresh=fresh)


def _own_counter(target: ir.Target, iterable: ir.Expr) -> str:
    """What the user counts a loop's turns by, from 0; `_` where nothing does."""
    match target, iterable:
        case ir.NameTarget(id=name), ir.Call(args=(ir.Name() | ir.Const(),)) if _is_range(iterable):
            return name
        case ir.TupleTarget(items=(ir.NameTarget(id=name), _)), ir.Call(
            func=ir.Name(id="enumerate", scope="global"), args=(_,), keywords=()
        ):
            return name
    return "_"


def plan_checkpoints(planner: Planner, loop: ir.For | ir.While, plan: LoopPlan) -> None:
    """Keep states in the forward part of a loop whose body has been planned as if it ran once."""
    edits, made = planner.edits, plan.checkpoints
    assert made is not None
    _count(planner, loop, plan, made)
    made.state = tuple((name, value_kept(planner, name, loop)) for name in carried(loop, planner.activity.versions))
    made.edits, lists = edits, collected(loop.body)
    for stmt in (node for inner in loop.body for node in ir.walk(inner) if isinstance(node, ir.Stmt)):
        if is_shown(stmt) or isinstance(stmt, ir.Append) and isinstance(stmt.base, ir.Name) and stmt.base.id in lists:
            edits.dropped.add(stmt)
    headers = planner.activity.versions.headers[loop]
    for name, _ in made.state:
        if headers[name].is_partial:  # it has no value before the first turn
            edits.insert_before(loop, ir.Assign(ir.NameTarget(name), ir.Const(None)))
    edits.rerun.add(loop)
    edits.leaving.update(returns_inside(loop.body))
    edits.needed.add("kept_turns")
    if made.is_open:
        made.length = made.turns_begun()
    if made.is_open or isinstance(loop, ir.While):
        _keep_online(planner, loop, made)
    else:
        _keep_by_schedule(planner, loop, made)
    before = planner.reads.get(loop, BackwardReads()).before
    planner.reads[loop] = BackwardReads(_outside_reads(planner, loop) | before)


def _count(planner: Planner, loop: ir.For | ir.While, plan: LoopPlan, made: Checkpoints) -> None:
    """What counts a loop's turns, how many there are, and what binds the loop's target at a turn."""
    edits, counter = planner.edits, ir.Name(made.counter)
    if isinstance(loop, ir.While):
        made.length = counter
        return
    assert plan.iterable is not None
    match plan.iterable, loop.target:
        case ir.Call(args=(ir.Name() | ir.Const() as length,)), ir.NameTarget(id=name) if _is_range(plan.iterable):
            made.length = length
            if name != made.counter:
                edits.headers[loop] = (ir.NameTarget(made.counter), plan.iterable)
            return
    is_hoisted = any(hoist.expr is loop.iterable for hoist in edits.hoists.get(loop, ()))
    found = None if is_hoisted else _element(loop.iterable, counter, planner.iterated)
    along: ir.Expr = loop.iterable
    if found is None:
        if made.counter == _own_counter(loop.target, loop.iterable):
            made.counter = planner.names.fresh("turn")
            counter = ir.Name(made.counter)
        if not is_hoisted:
            edits.hoists.setdefault(loop, []).append(Hoist(planner.names.fresh("turns"), loop.iterable, "line"))
        along = ir.Name(edits.hoists[loop][-1].name)
        if not _is_range(loop.iterable):
            edits.listed.add(along.id)
        found = ir.Item(along, counter), called("len", along)
    value, made.length = found
    match loop.target, value:
        case ir.TupleTarget(items=(ir.NameTarget(id=name), item)), ir.Display(items=(_, element)) if name == made.counter:
            made.element = ir.Assign(item, element)
        case _:
            made.element = ir.Assign(loop.target, value)
            edits.headers[loop] = (ir.TupleTarget((ir.NameTarget(made.counter), loop.target)), called("enumerate", along))
    numbered = plan.target.items[0] if isinstance(plan.target, ir.TupleTarget) else None
    if isinstance(numbered, ir.NameTarget):
        plan.items = [
            (name, base, tuple(_counted(key, numbered.id, counter) for key in path)) for name, base, path in plan.items
        ]


def _counted(index: ir.Expr, name: str, counter: ir.Name) -> ir.Expr:
    """The place of an element, by the counter's own name."""
    if isinstance(index, ir.Name):
        return counter if index.id == name else index
    return rebuilt(index, lambda inner: _counted(inner, name, counter))


def _element(iterable: ir.Expr, counter: ir.Name, sequences: frozenset[str]) -> tuple[ir.Expr, ir.Expr] | None:
    """What an iterable gives at a turn and how long it is, where that takes no list of it."""
    match iterable:
        case ir.Name(id=name) if name in sequences:
            return ir.Item(iterable, counter), called("len", iterable)
        case ir.Call(func=ir.Name(id="enumerate", scope="global"), args=(inner,), keywords=()):
            found = _element(inner, counter, sequences)
            return None if found is None else (ir.Display("tuple", (counter, found[0])), found[1])
        case ir.Call(func=ir.Name(id="zip", scope="global"), args=args, keywords=()) if len(args) > 1:
            parts = [_element(arg, counter, sequences) for arg in args]
            known = [part for part in parts if part is not None]
            if len(known) == len(parts):
                return ir.Display("tuple", tuple(value for value, _ in known)), called("min", *(length for _, length in known))
    return None


def _is_range(iterable: ir.Expr) -> bool:
    match iterable:
        case ir.Call(func=ir.Name(id="range", scope="global")):
            return True
    return False


def _keep_by_schedule(planner: Planner, loop: ir.For, made: Checkpoints) -> None:
    """The number of turns is known before the first: the states of those that the schedule says are kept, and the last one's."""
    edits = planner.edits
    final = ir.Op("sub", (made.length, ONE))
    _just_before(edits, loop, (
        ir.Assign(ir.NameTarget(made.kept), ir.Display("list", ())),
        ir.Assign(ir.NameTarget(made.keep), called("kept_turns", ZERO, final, ir.Const(made.most))),
    ))
    counter = ir.Name(made.counter)
    is_kept = ir.Op("or", (ir.Compare(("in",), (counter, ir.Name(made.keep))), ir.Compare(("eq",), (counter, final))))
    edits.at_start.setdefault(loop, []).append(ir.Branch(is_kept, (made.keeping(),), ()))


def _keep_online(planner: Planner, loop: ir.For | ir.While, made: Checkpoints) -> None:
    """Nobody knows how many turns there will be: states are kept at equal distances, which double when there is no room."""
    edits, counter, kept = planner.edits, ir.Name(made.counter), ir.Name(made.kept)
    spacing, turns = ir.Name(planner.names.fresh("spacing")), made.turns_begun() if made.is_open else counter
    _just_before(edits, loop, (
        ir.Assign(ir.NameTarget(made.kept), ir.Display("list", ())),
        ir.Assign(ir.NameTarget(turns.id), ZERO),
        ir.Assign(ir.NameTarget(spacing.id), ONE),
    ))
    is_due = ir.Compare(("eq",), (ir.Op("mod", (counter, spacing)), ZERO))
    is_full = ir.Compare(("eq",), (called("len", kept), ir.Const(made.most)))
    every_second = ir.Item(kept, ir.Slice(None, None, ir.Const(2)))
    twice = ir.Op("mul", (spacing, ir.Const(2)))
    thinned = (
        ir.Assign(ir.NameTarget(kept.id), every_second), ir.Assign(ir.NameTarget(spacing.id), twice, augmented="mul"),
    )
    edits.at_start.setdefault(loop, []).extend((
        ir.Branch(ir.Op("and", (is_due, is_full)), thinned, ()),
        ir.Branch(is_due, (made.keeping(),), ()),
        ir.Assign(ir.NameTarget(turns.id), ir.Op("add", (counter, ONE)), augmented=None if made.is_open else "add"),
    ))


def _just_before(edits: ForwardEdits, loop: ir.Stmt, lines: tuple[ir.Stmt, ...]) -> None:
    """After what the loop goes through has got a name."""
    edits.between.setdefault(loop, []).extend(lines)


def value_kept(planner: Planner, name: str, stmt: ir.Stmt) -> ir.Expr:
    """What keeps the value of a variable: a copy of an array that is stored into, but where the variable is bound anew."""
    arrays = planner.arrays
    is_bound = isinstance(stmt, ir.Assign) and not isinstance(stmt.target, ir.ItemTarget) and stmt.augmented is None
    if name not in arrays.mutated or is_bound and name not in arrays.joint:
        return ir.Name(name)
    kind = arrays.variables.get(name)
    if kind is not None and kind.shape is None:  # it may be a number
        return ir.Op("array_copy", (ir.Name(name),), family="numpy")
    if kind is None:  # the arrays of a list change, not the list
        planner.edits.needed.add("copied")
        return ir.Call(ir.Name("copied", "global"), (ir.Name(name),))
    return ir.Call(ir.Attribute(ir.Name(name), "copy"), ())


def carried(loop: ir.For | ir.While, versions: Versions) -> tuple[str, ...]:
    """The variables that a turn of a loop takes over from the turn before it: those whose value at the head of the loop is read
    in its body."""
    headers = versions.headers[loop]
    inside = [node for stmt in loop.body for node in ir.walk(stmt)]
    of_heads: dict[Version, str] = {header: name for name, header in headers.items()}
    size = 0
    while size < len(of_heads):
        size = len(of_heads)
        for version in versions.all:
            if version.kind == "phi" and version.node in inside and any(source in of_heads for source in version.sources):
                of_heads[version] = version.name
    seen = [versions.of_read.get(node) for node in inside if isinstance(node, ir.Name)]
    seen += [version for node in inside for version in versions.captured.get(node, {}).values()]
    found = {of_heads[version] for version in seen if version in of_heads} - collected(loop.body)
    before = {name: header.previous.index if header.previous is not None else header.index for name, header in headers.items()}
    return tuple(sorted(found, key=before.__getitem__))


def _outside_reads(planner: Planner, loop: ir.For | ir.While) -> frozenset[str]:
    """The variables that the turns read and that no turn binds."""
    versions, inside = planner.activity.versions, [node for stmt in loop.body for node in ir.walk(stmt)]
    read = {node.id.split(".")[0] for node in inside if isinstance(node, ir.Name)}
    read |= {name for node in inside for name in versions.captured.get(node, {})}
    for node in inside:
        if isinstance(node, ir.Stmt) and node in planner.reads:
            read |= planner.reads[node].before | planner.reads[node].result
    return frozenset(read & planner.variables) - versions.headers[loop].keys()
