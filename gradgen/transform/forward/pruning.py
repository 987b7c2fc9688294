"""Drops values that no tangent reads, where a tangent is asked for without the value: those of a gradient in a Hessian's product.

Never drops what could raise, which `silent` knows, nor a call: of a function whose value nothing reads the tangent alone is
called.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.ir.texts import of_one_text
from gradgen.simplify.keys import key_of
from gradgen.transform.expressions.evaluation import conditional_nodes, rebuilt
from gradgen.transform.forward.silent import may_go, owner_of
from gradgen.transform.forward.unread import all_names, has_value, last_unread, readers_of
from gradgen.transform.gradient import ForwardEdits
from gradgen.transform.lines.plans import Hoist
from gradgen.transform.loops.raising import raised_by


def drop_unread(
    block: ir.Block, edits: ForwardEdits, kinds: Kinds, kept: frozenset[str], tangent_alone: Callable[[str], str],
    own: frozenset[ir.Stmt] = frozenset(),
) -> None:
    """Take out assignments whose variable nothing reads but such assignments themselves, in loops and branches too; the lines of
    their tangents stay. `kept` are variables that stay in any case; `tangent_alone` names the function of the tangent alone;
    what the lines raise that are gradgen's `own` the plain call does not."""
    every = [node for stmt in block for node in ir.walk(stmt) if isinstance(node, ir.Stmt)]
    joined = {each for place in range(len(block)) for each in of_one_text(block, place) if len(of_one_text(block, place)) > 1}
    while True:
        readers = readers_of(every, edits)
        chosen = last_unread(block, every, _droppable(block, edits, kinds, kept, own), edits, kinds)
        calls = [stmt for stmt in every if stmt not in joined and _is_called_in_vain(stmt, edits, kept, readers)]
        has_dropped = _drop_named(every, edits, kinds, readers, tangent_alone) or _drop_results(every, edits, kinds, readers)
        if not chosen and not calls and not has_dropped:
            return
        for stmt in chosen:
            _drop(stmt, edits)
        for stmt in calls:
            _call_for_tangent(stmt, edits, tangent_alone)


def _drop_named(
    every: Sequence[ir.Stmt], edits: ForwardEdits, kinds: Kinds, readers: Mapping[str, set[ir.Stmt | None]],
    tangent_alone: Callable[[str], str],
) -> bool:
    """Take out what statements that have gone had named before them; says whether there was such."""
    has_dropped = False
    for stmt in every:
        hoists = edits.hoists.get(stmt, [])
        named = {hoist.expr for hoist in hoists}
        if hoists and not has_value(stmt, edits):
            for place, hoist in reversed(list(enumerate(hoists))):
                is_unread = hoist.style == "line" and hoist.name not in readers
                if is_unread and hoist.pair is not None and hoist.kept is not None:
                    hoists[place] = _tangent_of(hoist, tangent_alone)
                elif hoist.style == "again" or is_unread and hoist.pair is None and (
                    may_go(hoist.expr, kinds, named - {hoist.expr})
                ):
                    del hoists[place]
                else:
                    continue
                has_dropped = True
    return has_dropped


def _tangent_of(hoist: Hoist, tangent_alone: Callable[[str], str]) -> Hoist:
    """The tangent of a call on a line of its own, for its value and tangent."""
    assert hoist.pair is not None and hoist.kept is not None
    pair = replace(hoist.pair, forward=tangent_alone(hoist.pair.forward))
    return Hoist(hoist.kept.removeprefix("(").removesuffix(")"), hoist.expr, "line", pair=pair)


def _drop_results(
    every: Sequence[ir.Stmt], edits: ForwardEdits, kinds: Kinds, readers: Mapping[str, set[ir.Stmt | None]]
) -> bool:
    """Take out the values of results whose tangents are returned without them; says whether there were such."""
    has_dropped = False
    for stmt in every:
        match edits.replaced.get(stmt) if isinstance(stmt, ir.Exit) else None:
            case [ir.Assign(target=ir.NameTarget(id=name), value=value, span=ir.Span()), *rest] if name not in readers:
                hoists = edits.hoists.get(stmt, ())
                is_on_lines = all(hoist.style in ("line", "again") for hoist in hoists)
                if is_on_lines and (_is_part_moved(value, hoists, rest) or may_go(value, kinds, {h.expr for h in hoists})):
                    edits.replaced[stmt] = rest
                    has_dropped = True
    return has_dropped


def _is_part_moved(value: ir.Expr, hoists: Sequence[Hoist], lines: Sequence[ir.Stmt]) -> bool:
    """Whether a value is a part of what a function hands out whose tangent's part the lines take."""
    match value:
        case ir.Item(base=ir.Call() as call, index=ir.Const(value=index)):
            kept = next((hoist.kept for hoist in hoists if hoist.expr is call), None)
            taken = (node for line in lines for node in ir.walk(line) if isinstance(node, ir.Item))
            bases = (item.base for item in taken if isinstance(item.index, ir.Const) and item.index.value == index)
            return any(isinstance(base, ir.Name) and base.id == kept for base in bases)
    return False


def _droppable(
    block: ir.Block, edits: ForwardEdits, kinds: Kinds, kept: frozenset[str], own: frozenset[ir.Stmt]
) -> dict[ir.Stmt, str]:
    """The assignments that may go, and their variables: each after what is computed before it in any case."""
    found: dict[ir.Stmt, str] = {}
    met: set[str] = set()
    arguments = kept - ir.names_bound(block)
    for stmt in block:
        for inner in (node for node in ir.walk(stmt) if isinstance(node, ir.Stmt)):
            name = _target(inner, edits, kinds, kept, frozenset(met), inner in own)
            if name is not None:
                found[inner] = name
        if isinstance(stmt, ir.Assign) and stmt not in found and stmt not in edits.dropped and stmt not in edits.replaced:
            met |= _parts_taken(stmt.value, arguments)
    return found


def _parts_taken(value: ir.Expr, arguments: frozenset[str]) -> set[str]:
    """The parts of arguments, as they are written, that a value takes in any case."""
    maybe = set(conditional_nodes(value))
    items = (node for node in ir.walk(value) if isinstance(node, ir.Item) and node not in maybe)
    return {key_of(item) for item in items if isinstance(item.index, ir.Const) and owner_of(item.base) in arguments}


def _drop(stmt: ir.Stmt, edits: ForwardEdits) -> None:
    lines = [*edits.before.pop(stmt, []), *edits.between.pop(stmt, []), *edits.after.pop(stmt, [])]
    hoists = edits.hoists.get(stmt, [])
    if any(hoist.style == "walrus" for hoist in hoists):
        lines = _with_names_before(hoists, lines)
        edits.hoists[stmt] = [hoist for hoist in hoists if hoist.style != "walrus"]
    if lines:
        edits.replaced[stmt] = lines
    else:
        edits.dropped.add(stmt)


def _with_names_before(hoists: Sequence[Hoist], lines: Sequence[ir.Stmt]) -> list[ir.Stmt]:
    """Lines, and before them those that name what a statement, which is gone, named in place; but for a part that one of them
    reads once, which stands there."""
    known: dict[ir.Expr, ir.Expr] = {}

    def named(expr: ir.Expr) -> ir.Expr:
        return known[expr] if expr in known else rebuilt(expr, named)

    before: list[ir.Stmt] = []
    for hoist in hoists:
        if hoist.style != "walrus":
            known[hoist.expr] = ir.Name(hoist.name)
            continue
        value = rebuilt(hoist.expr, named)
        readers = [name for line in lines for name in all_names(line) if name.id == hoist.name]
        values = {node for line in lines if isinstance(line, ir.Assign) for node in ir.walk(line.value)}
        if isinstance(value, ir.Item) and len(readers) == 1 and readers[0] in values:
            known[hoist.expr] = value
            lines = [_substituted(line, readers[0], value) for line in lines]
        else:
            known[hoist.expr] = ir.Name(hoist.name)
            before.append(ir.Assign(ir.NameTarget(hoist.name), value))
    return [*before, *lines]


def _substituted(line: ir.Stmt, name: ir.Name, value: ir.Expr) -> ir.Stmt:
    """A line with a value in the place of a name."""
    def put(expr: ir.Expr) -> ir.Expr:
        return value if expr is name else rebuilt(expr, put)

    return replace(line, value=put(line.value)) if isinstance(line, ir.Assign) else line


def _is_called_in_vain(
    stmt: ir.Stmt, edits: ForwardEdits, kept: frozenset[str], readers: Mapping[str, set[ir.Stmt | None]]
) -> bool:
    """Whether nothing reads what the function hands out whose value and tangent a statement binds."""
    if not isinstance(stmt, ir.Assign) or stmt in edits.replaced or stmt.augmented is not None:
        return False
    if not any(hoist.style == "call" and hoist.expr is stmt.value for hoist in edits.hoists.get(stmt, ())):
        return False
    nodes = [node for node in ir.walk(stmt.target) if not isinstance(node, ir.TupleTarget)]
    names = {node.id for node in nodes if isinstance(node, ir.NameTarget)}
    return len(names) == len(nodes) and not names & kept and not any(readers.get(name, set()) - {stmt} for name in names)


def _call_for_tangent(stmt: ir.Stmt, edits: ForwardEdits, tangent_alone: Callable[[str], str]) -> None:
    """`y_dot = g_tangent(...)` for `y, y_dot = g_jvp(...)`."""
    edits.hoists[stmt] = [_tangent_of(hoist, tangent_alone) if hoist.style == "call" else hoist for hoist in edits.hoists[stmt]]
    edits.replaced[stmt] = edits.after.pop(stmt, [])


def _target(
    stmt: ir.Stmt, edits: ForwardEdits, kinds: Kinds, kept: frozenset[str], met: frozenset[str], is_own: bool
) -> str | None:
    """The variable that an assignment binds, or stores into, which may go."""
    hoists = edits.hoists.get(stmt, ())
    if stmt in edits.replaced or stmt in edits.dropped or stmt.span is None or not isinstance(stmt, ir.Assign):
        return None
    in_place = [hoist for hoist in hoists if hoist.style not in ("line", "again")]
    if any(hoist.kept is not None for hoist in hoists) or in_place and not _may_stand_before(stmt, hoists):
        return None  # what is named in place would go with it
    named = {hoist.expr for hoist in hoists}
    match stmt:
        case ir.Assign(target=ir.NameTarget(id=name), value=value):
            return name if name not in kept and may_go(value, kinds, named, met, is_own) else None
        case ir.Assign(target=ir.ItemTarget(base=ir.Name(id=name) as base, index=index), value=value) if kinds.is_array(base):
            place = ir.Item(base, index)
            own = frozenset({key_of(place)}) if _is_mirrored(index, edits.after.get(stmt, ())) else frozenset[str]()
            is_met = bool(own) or is_own or not raised_by(place, kinds)
            return name if name not in kept and is_met and may_go(value, kinds, named, met | own, is_own) else None
        case (
            ir.Assign(target=ir.ItemTarget(base=ir.Name(id=name)), value=ir.Op(args=(_, added)), augmented="add" | "sub")
            | ir.Assign(target=ir.AttributeTarget(base=ir.Name(id=name)), value=ir.Op(args=(_, added)), augmented="add" | "sub")
        ):
            return name if name not in kept and may_go(added, kinds, named, met, is_own) else None
    return None


def _may_stand_before(stmt: ir.Assign, hoists: Sequence[Hoist]) -> bool:
    """Whether what is named within a statement can be named before it: it is computed in any case, and nothing else is read."""
    maybe = set(conditional_nodes(stmt.value))
    return all(hoist.style == "walrus" and hoist.pair is None and hoist.expr not in maybe for hoist in hoists)


def _is_mirrored(index: ir.Expr, lines: Sequence[ir.Stmt]) -> bool:
    """Whether a line stores a tangent at the same place, and raises where there is none."""
    places = (line.target.index for line in lines if isinstance(line, ir.Assign) and isinstance(line.target, ir.ItemTarget))
    return any(key_of(place) == key_of(index) for place in places)
