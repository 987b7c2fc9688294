"""Loops whose turns change what the loop goes through: a later turn takes the elements as an earlier one has left them.

Never looks at what elements are used for.
"""
from __future__ import annotations

from collections.abc import Iterator

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.kinds.dicts import dict_versions, gone_through
from gradgen.analyse.sharing.lending import lent_by
from gradgen.analyse.sharing.views import groups_of
from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.queries import is_name

FEEDING = frozenset({"enumerate", "zip", "reversed", "iter", "map", "filter"})
COUNTING = frozenset({"range", "len"})


def fed_back(
    function: ir.Function, versions: Versions, kinds: Kinds
) -> tuple[tuple[frozenset[Version], frozenset[Version]], ...]:
    """What stores in the turns of a loop make of what it goes through; and that with what it goes through, by all names and as it
    was before: where one of the first varies, any of the second may."""
    loops = [(loop, stores) for loop in found_in(function, ir.For) if (stores := tuple(_stores(loop, versions)))]
    if not loops:
        return ()
    dicts, groups = dict_versions(versions), groups_of(kinds)
    result = []
    for loop, stores in loops:
        lenders = set(_lenders(loop.iterable, kinds))
        listed = gone_through(loop.iterable)
        if not lenders or listed is not None and versions.of_read.get(listed) in dicts:
            continue
        shared = frozenset[Version]().union(*(groups[version] for version in lenders))
        names = {each.name for each in shared}
        names -= {node.id for node in ir.walk(loop.target) if isinstance(node, ir.NameTarget)}
        made = frozenset(version for stmt, version in stores if version.name in names and not _is_passed(stmt, loop))
        if made:
            result.append((made, made | shared))
    return tuple(result)


def _stores(loop: ir.For, versions: Versions) -> Iterator[tuple[ir.Stmt, Version]]:
    """The statements in a loop that change a list, a dict or an array, with what they make of it."""
    for inner in loop.body:
        for node in ir.walk(inner):
            if not isinstance(node, ir.Assign | ir.Append):
                continue
            version = versions.of_node.get(node.target if isinstance(node, ir.Assign) else node)
            is_bound = isinstance(node, ir.Assign) and not isinstance(node.target, ir.ItemTarget) and node.augmented is None
            if version is not None and not is_bound:
                yield node, version


def _lenders(iterable: ir.Expr, kinds: Kinds) -> Iterator[Version]:
    """The versions whose elements a loop takes."""
    match iterable:
        case ir.Call(func=ir.Name(id=name, scope="global")) if name in COUNTING:
            return
        case ir.Call(func=ir.Name(id=name, scope="global"), args=args) if name in FEEDING:
            for arg in args:
                yield from _lenders(arg, kinds)
        case _:
            yield from lent_by(iterable, kinds)


def _is_passed(stmt: ir.Stmt, loop: ir.For) -> bool:
    """Whether a store changes the very element that the turn has taken: `for k, e in enumerate(v): v[k] = ...`."""
    match loop.iterable, loop.target, stmt:
        case (ir.Call(func=ir.Name(id="enumerate", scope="global"), args=(ir.Name(id=name),), keywords=()),
              ir.TupleTarget(items=(ir.NameTarget(id=place), *_)),
              ir.Assign(target=ir.ItemTarget(base=ir.Name(id=base), index=index))):
            first = index.items[0] if isinstance(index, ir.Display) and index.kind == "tuple" and index.items else index
            is_its_own = is_name(first, place) and base == name
            return is_its_own and place not in ir.names_bound(loop.body)
    return False
