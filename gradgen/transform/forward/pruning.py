"""Drops values that no tangent reads, where a tangent is asked for without the value: those of a gradient in a Hessian's product.

Never drops what could raise: only sums, differences and products of numbers, copies by name, and the arithmetic of arrays of
floats, which gives inf or nan where Python's raises.
"""
from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from gradgen.analyse.arrays import Kinds
from gradgen.analyse.exits import blocks_of
from gradgen.ir import nodes as ir
from gradgen.simplify.keys import key_of
from gradgen.transform.gradient import ForwardEdits
from gradgen.transform.pruning import is_quiet
from gradgen.transform.raising import is_floats, raised_at, raised_by

ARITHMETIC = frozenset({"add", "sub", "mul", "div", "neg", "pos", "pow"})
OF_FLOATS = ARITHMETIC | {"sin", "cos", "tan", "tanh", "exp", "log", "log1p", "expm1", "sqrt", "square", "array_sum", "mean"}
OF_ANY_FLOATS = frozenset({"matmul", "outer"})
COMPOUND = (ir.Branch, ir.For, ir.While, ir.With, ir.Try)
MAKERS = frozenset({"zeros", "zeros_like"})


def drop_unread(block: ir.Block, edits: ForwardEdits, kinds: Kinds, kept: frozenset[str]) -> None:
    """Take out assignments whose variable nothing reads but such assignments themselves, in loops and branches too; the lines of
    their tangents stay. `kept` are variables that stay in any case."""
    every = [node for stmt in block for node in ir.walk(stmt) if isinstance(node, ir.Stmt)]
    while True:
        readers = _readers(every, edits)
        droppable = {stmt: name for stmt in every if (name := _target(stmt, edits, kinds, kept)) is not None}
        names = set(droppable.values())
        own = {name: {stmt for stmt, target in droppable.items() if target == name} for name in names}
        unread = {name for name in names if readers.get(name, set()) <= own[name] and _is_apart(name, every, own[name])}
        chosen = [stmt for stmt, name in droppable.items() if name in unread]
        if not chosen:
            return
        for stmt in chosen:
            lines = [*edits.before.pop(stmt, []), *edits.between.pop(stmt, []), *edits.after.pop(stmt, [])]
            if lines:
                edits.replaced[stmt] = lines
            else:
                edits.dropped.add(stmt)


def _target(stmt: ir.Stmt, edits: ForwardEdits, kinds: Kinds, kept: frozenset[str]) -> str | None:
    """The variable that an assignment binds, or stores into, which may go."""
    hoists = edits.hoists.get(stmt, ())
    if stmt in edits.replaced or stmt in edits.dropped or stmt.span is None:
        return None
    if any(hoist.style not in ("line", "again") or hoist.kept is not None for hoist in hoists):
        return None  # what is named in place would go with it
    named = {hoist.expr for hoist in hoists}
    match stmt:
        case ir.Assign(target=ir.NameTarget(id=name), value=value) if name not in kept and is_quiet(value, named=named):
            numbers = not kinds.has_arrays or all(kinds.shape(read) == () for read in ir.names_read(value))
            if numbers:
                return name
    match stmt:
        case ir.Assign(target=ir.NameTarget(id=name), value=value) if name not in kept and _is_of_floats(value, kinds, named):
            return name
        case ir.Assign(target=ir.ItemTarget(base=ir.Name(id=name) as base, index=index), value=value) if name not in kept:
            place = ir.Item(base, index)
            met = key_of(place) if _is_mirrored(index, edits.after.get(stmt, ())) else None
            is_met = met is not None or not raised_by(place, kinds)
            return name if is_met and _is_of_floats(value, kinds, named, met) and kinds.is_array(base) else None
    return None


def _is_mirrored(index: ir.Expr, lines: Sequence[ir.Stmt]) -> bool:
    """Whether a line stores a tangent at the same place, and raises where there is none."""
    places = (line.target.index for line in lines if isinstance(line, ir.Assign) and isinstance(line.target, ir.ItemTarget))
    return any(key_of(place) == key_of(index) for place in places)


def _is_apart(name: str, every: Sequence[ir.Stmt], own: set[ir.Stmt]) -> bool:
    """Whether what is stored into a variable changes nothing else: it holds arrays that these statements make, and no other."""
    if not any(isinstance(stmt, ir.Assign) and isinstance(stmt.target, ir.ItemTarget) for stmt in own):
        return True
    bound = [stmt for stmt in every if name in _bound_by(stmt)]
    made = (stmt.value for stmt in bound if isinstance(stmt, ir.Assign) and isinstance(stmt.target, ir.NameTarget))
    return own.issuperset(bound) and all(isinstance(value, ir.Op) and value.op in MAKERS | ARITHMETIC for value in made)


def _is_of_floats(value: ir.Expr, kinds: Kinds, named: Collection[ir.Expr], met: str | None = None) -> bool:
    """Whether a value is made of arrays of floats, and of numbers, by arithmetic that cannot raise: arrays that do not fit each
    other fail in the lines of the tangents too, and so does a place, written so, that is `met` there. What is `named` has lines
    of its own, which stay."""
    if not kinds.has_arrays:
        return False
    match value:
        case ir.Op(op="zeros_like", args=(ir.Name(),), keywords=()):
            return kinds.is_array(value)
        case ir.Op(op="zeros", args=(ir.Attribute(base=ir.Name(), name="shape"),), keywords=()):
            return kinds.is_array(value)
    own = _beside(value, named)
    return all(_is_silent(node, kinds) or isinstance(node, ir.Item) and key_of(node) == met for node in own)


def _beside(value: ir.Expr, named: Collection[ir.Expr]) -> Iterator[ir.Expr]:
    """What an expression is made of, without what is named."""
    if value not in named:
        yield value
        for part in ir.children_of(value):
            if isinstance(part, ir.Expr):
                yield from _beside(part, named)


def _is_silent(node: ir.Expr, kinds: Kinds) -> bool:
    """Whether the last step of evaluating an expression cannot raise."""
    match node:
        case ir.Op(op=op, args=args) if op in OF_ANY_FLOATS:
            return all(is_floats(kinds.of(arg)) for arg in args)
        case ir.Op(op=op, spelling=spelling, family=family):
            return op in OF_FLOATS and (spelling is None or family == "numpy") and not raised_at(node, kinds)
    return isinstance(node, ir.Name | ir.Const | ir.Item | ir.Attribute | ir.Slice | ir.Display) and not raised_at(node, kinds)


def _bound_by(stmt: ir.Stmt) -> frozenset[str]:
    """The variables that a statement binds, without what stands in its blocks."""
    if not isinstance(stmt, COMPOUND):
        return ir.names_bound((stmt,))
    heads = _heads(stmt)
    named = {node.id for head in heads for node in ir.walk(head) if isinstance(node, ir.NameTarget)}
    named |= {node.name for head in heads for node in ir.walk(head) if isinstance(node, ir.Walrus)}
    return frozenset(named | {each.name for each in getattr(stmt, "handlers", ()) if each.name})


def _heads(stmt: ir.Stmt) -> list[ir.Node]:
    """What a statement is made of, without what stands in its blocks."""
    if not isinstance(stmt, COMPOUND):
        return [stmt]
    blocks = {id(node) for block in blocks_of(stmt) for node in block}
    heads: list[ir.Node] = [part for part in ir.children_of(stmt) if id(part) not in blocks and not isinstance(part, ir.Handler)]
    return heads + [each.matches for each in getattr(stmt, "handlers", ()) if each.matches is not None]


def _readers(every: Sequence[ir.Stmt], edits: ForwardEdits) -> dict[str, set[ir.Stmt | None]]:
    """The statements by the names that they read themselves; None stands for a line of gradgen's own."""
    found: dict[str, set[ir.Stmt | None]] = {}

    def read(names: Iterator[ir.Name], reader: ir.Stmt | None) -> None:
        for name in names:
            found.setdefault(name.id, set()).add(reader)

    for stmt in every:
        if isinstance(stmt, COMPOUND) or stmt not in edits.replaced and stmt not in edits.dropped:
            for head in _heads(stmt):
                read(_all_names(head), stmt)
        for table in (edits.before, edits.between, edits.after, edits.at_start, edits.replaced, edits.otherwise):
            for line in table.get(stmt, ()):
                read(_all_names(line), None)
        for hoist in edits.hoists.get(stmt, ()):
            read(_all_names(hoist.expr), None)
        if stmt in edits.headers:
            read(_all_names(edits.headers[stmt][1]), None)
    return found


def _all_names(node: ir.Node) -> Iterator[ir.Name]:
    return (each for each in ir.walk(node) if isinstance(each, ir.Name))
