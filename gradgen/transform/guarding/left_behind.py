"""Refuses what a `finally` assigns behind a statement that leaves its try: nobody follows that.

Never looks at other exits.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator

from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.transform.planning import Planner


def refuse_left_behind(planner: Planner, function: ir.Function) -> None:
    """A `finally` runs after the statement that leaves its try: what it assigns then is followed by nobody."""
    active = {version.name for version in planner.activity.versions.all if planner.activity.is_active_version(version)}
    for stmt in found_in(function, ir.Try):
        for exit_ in _leaving(stmt.final):
            if exit_.kind == "return":
                planner.refusals.add("GG106", exit_.span, construct="a return in a `finally`")
        inside = [node for each in stmt.final for node in ir.walk(each)]
        targets = [node for node in inside if isinstance(node, ir.ItemTarget | ir.AttributeTarget)]
        stored = {name.id for target in targets for name in ir.names_read(target)}
        stored |= {node.base.id for node in inside if isinstance(node, ir.Append) and isinstance(node.base, ir.Name)}
        bound = ir.names_bound(stmt.final) | stored
        last = [exit_ for block in (stmt.body, stmt.orelse) for exit_ in _ends(block)]
        early = [exit_ for exit_ in _leaving((*stmt.body, *stmt.handlers, *stmt.orelse)) if exit_.kind == "return"]
        for exit_, changed in (*((each, bound) for each in last), *((each, stored) for each in early)):
            if changed & active:
                construct = f"a {exit_.kind} out of a try whose `finally` assigns {min(changed & active)!r}"
                planner.refusals.add("GG106", exit_.span, construct=construct)


def _ends(block: ir.Block) -> list[ir.Exit]:
    """The `break`s and `continue`s that a block ends by on every way through it."""
    match block:
        case (*_, ir.Exit(kind="break" | "continue") as last):
            return [last]
        case (*_, ir.Branch(then=then, orelse=orelse)) if _ends(then) and _ends(orelse):
            return [*_ends(then), *_ends(orelse)]
    return []


def _leaving(nodes: Iterable[ir.Node]) -> Iterator[ir.Exit]:
    """What may leave a block: all ends of it but those of loops inside."""
    for node in nodes:
        if isinstance(node, ir.Exit):
            yield node
        is_loop = isinstance(node, ir.For | ir.While)
        for each in _leaving(ir.children_of(node)):
            if not is_loop or each.kind in ("return", "raise"):
                yield each
