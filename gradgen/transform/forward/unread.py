"""Which assignments nothing reads any more: neither those after them, nor the turns of a loop around them.

Never says whether a value may be left out.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gradgen.analyse.flow.exits import blocks_of
from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.sharing.lending import lent_by
from gradgen.ir import nodes as ir
from gradgen.ir.closures import Lambda
from gradgen.transform.forward.silent import is_made_here
from gradgen.transform.gradient import ForwardEdits

COMPOUND = (ir.Branch, ir.For, ir.While, ir.With, ir.Try)


def last_unread(
    block: ir.Block, every: Sequence[ir.Stmt], droppable: Mapping[ir.Stmt, str], edits: ForwardEdits, kinds: Kinds
) -> list[ir.Stmt]:
    """Those of the `droppable` assignments, given with their variables, after which nothing reads the variable but such
    assignments of it, from the outermost statement on in which they stand."""
    every = [stmt for stmt in every if isinstance(stmt, COMPOUND) or has_value(stmt, edits)]
    shared = _shared(every, kinds) if kinds.has_arrays else frozenset[str]()
    readers: dict[str, set[ir.Stmt | None]] = {name: {None} for name in _read_at_any_time(every)}
    those: dict[str, set[ir.Stmt]] = {}
    chosen: list[ir.Stmt] = []
    for stmt in reversed(block):
        inside = [node for node in ir.walk(stmt) if isinstance(node, ir.Stmt)]
        for name, found in readers_of(inside, edits).items():
            readers.setdefault(name, set()).update(found)
        own = [inner for inner in inside if inner in droppable]
        for inner in own:
            those.setdefault(droppable[inner], set()).add(inner)
        for name in dict.fromkeys(droppable[inner] for inner in own):
            if readers.get(name, set()) <= those[name] and _is_apart(name, every, those[name], shared):
                chosen += those[name]
                those[name] = set()
                readers.pop(name, None)
    return chosen


def _read_at_any_time(every: Sequence[ir.Stmt]) -> set[str]:
    """The variables that functions read, or generators, which run when they are called and gone through."""
    later = (ir.Define, ir.Opaque, Lambda, ir.Comprehension)
    found = (node for stmt in every if not isinstance(stmt, COMPOUND) for node in ir.walk(stmt) if isinstance(node, later))
    return {name.id for node in found for name in all_names(node)}


def has_value(stmt: ir.Stmt, edits: ForwardEdits) -> bool:
    """Whether a statement still computes its value."""
    if stmt in edits.dropped:
        return False
    first = next(iter(edits.replaced.get(stmt, ())), None)
    return stmt not in edits.replaced or isinstance(first, ir.Assign) and first.span is not None


def _shared(every: Sequence[ir.Stmt], kinds: Kinds) -> frozenset[str]:
    """The variables that may share their data with others: what is changed in one of them is changed in another."""
    assigned = [stmt for stmt in every if isinstance(stmt, ir.Assign) and stmt.augmented is None]
    assigned = [stmt for stmt in assigned if not _takes_copy(stmt.target, kinds)]
    found = {stmt: {version.name for version in lent_by(stmt.value, kinds)} for stmt in assigned}
    bound = {name for stmt, lent in found.items() if lent for name in ir.names_bound((stmt,))}
    return frozenset(bound.union(*found.values()))


def _takes_copy(target: ir.Target, kinds: Kinds) -> bool:
    return isinstance(target, ir.ItemTarget) and kinds.is_array(target.base)


def _is_apart(name: str, every: Sequence[ir.Stmt], own: set[ir.Stmt], shared: frozenset[str]) -> bool:
    """Whether what is stored into a variable, or added to it in place, changes nothing else: it holds what these statements make,
    and no other. Where that is a container of adjoints, it has a place for each."""
    if name in shared and any(isinstance(stmt, ir.Assign) and stmt.augmented is not None for stmt in own):
        return False
    stores = [stmt for stmt in own if isinstance(stmt, ir.Assign) and not isinstance(stmt.target, ir.NameTarget)]
    if not stores:
        return True
    bound = [stmt for stmt in every if name in _bound_by(stmt)]
    made = [stmt.value for stmt in bound if isinstance(stmt, ir.Assign) and isinstance(stmt.target, ir.NameTarget)]
    return own.issuperset(bound) and bool(made) and all(map(is_made_here, made))


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


def readers_of(every: Iterable[ir.Stmt], edits: ForwardEdits) -> dict[str, set[ir.Stmt | None]]:
    """The statements by the names that they read themselves; None stands for a line of gradgen's own."""
    found: dict[str, set[ir.Stmt | None]] = {}

    def read(names: Iterator[ir.Name], reader: ir.Stmt | None) -> None:
        for name in names:
            found.setdefault(name.id, set()).add(reader)

    for stmt in every:
        if isinstance(stmt, COMPOUND) or stmt not in edits.replaced and stmt not in edits.dropped:
            for head in _heads(stmt):
                read(all_names(head), stmt)
        for table in (edits.before, edits.between, edits.after, edits.at_start, edits.replaced, edits.otherwise):
            for line in table.get(stmt, ()):
                read(all_names(line), None)
        for hoist in edits.hoists.get(stmt, ()):
            read(all_names(hoist.expr), None)
            for _, value in hoist.pair.tangents if hoist.pair is not None else ():
                read(all_names(value), None)
        if stmt in edits.headers:
            read(all_names(edits.headers[stmt][1]), None)
    return found


def all_names(node: ir.Node) -> Iterator[ir.Name]:
    return (each for each in ir.walk(node) if isinstance(each, ir.Name))
