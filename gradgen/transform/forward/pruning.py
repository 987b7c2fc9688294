"""Drops values that no tangent reads, where a tangent is asked for without the value: those of a gradient in a Hessian's product.

Never drops what could raise: only sums, differences and products of numbers, and copies by name.
"""
from __future__ import annotations

from collections.abc import Iterator

from gradgen.analyse.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.transform.gradient import ForwardEdits
from gradgen.transform.pruning import is_quiet


def drop_unread(block: ir.Block, edits: ForwardEdits, kinds: Kinds, kept: frozenset[str]) -> None:
    """Take out assignments at the outer level whose variable nothing reads but such assignments themselves; their tangents' lines
    stay. `kept` are variables that stay in any case."""
    while True:
        readers = _readers(block, edits)
        droppable = {stmt: name for stmt in block if (name := _target(stmt, edits, kinds, kept)) is not None}
        names = set(droppable.values())
        own = {name: {stmt for stmt, target in droppable.items() if target == name} for name in names}
        unread = {name for name in names if readers.get(name, set()) <= own[name]}
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
    """The variable that an assignment binds which may go."""
    hoists = edits.hoists.get(stmt, ())
    if stmt in edits.replaced or stmt in edits.dropped or stmt.span is None:
        return None
    if any(hoist.style not in ("line", "again") or hoist.kept is not None for hoist in hoists):
        return None  # what is named in place would go with it
    named = {hoist.expr for hoist in hoists}
    match stmt:
        case ir.Assign(target=ir.NameTarget(id=name), value=value) if name not in kept and is_quiet(value, named=named):
            numbers = not kinds.has_arrays or all(kinds.shape(read) == () for read in ir.names_read(value))
            return name if numbers else None
    return None


def _readers(block: ir.Block, edits: ForwardEdits) -> dict[str, set[ir.Stmt | None]]:
    """The statements of the outer level by the names that they read; None stands for a line of gradgen's own."""
    found: dict[str, set[ir.Stmt | None]] = {}

    def read(names: Iterator[ir.Name], reader: ir.Stmt | None) -> None:
        for name in names:
            found.setdefault(name.id, set()).add(reader)

    for stmt in block:
        if stmt not in edits.replaced and stmt not in edits.dropped:
            read(_all_names(stmt), stmt)
        for inner in ir.walk(stmt):
            if not isinstance(inner, ir.Stmt):
                continue
            for table in (edits.before, edits.between, edits.after, edits.at_start, edits.replaced, edits.otherwise):
                for line in table.get(inner, ()):
                    read(_all_names(line), None)
            for hoist in edits.hoists.get(inner, ()):
                read(_all_names(hoist.expr), None)
            if inner in edits.headers:
                read(_all_names(edits.headers[inner][1]), None)
    return found


def _all_names(node: ir.Node) -> Iterator[ir.Name]:
    return (each for each in ir.walk(node) if isinstance(each, ir.Name))
