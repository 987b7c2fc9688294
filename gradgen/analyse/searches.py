"""Finds loops that search by comparisons: bisections and their kin, whose result moves only by which way a test goes.

Never refuses; it names the variable that gives a loop away.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping

from gradgen.analyse.activity import Activity
from gradgen.analyse.counts import is_count
from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in


def searching_variable(stmt: ir.For | ir.While, activity: Activity) -> str | None:
    """A variable of the loop that varying values steer but hardly enter, or None.

    Steered: an arm of a varying test assigns it, or something that it is computed from, and the test depends on it in turn.
    Hardly enter: it does not vary at all (and is no count), or it is mixed from the loop's own variables alone.
    """
    if activity.is_bisected(stmt):
        return activity.bisections[stmt].roots[0]
    reads = _reads_by_name(stmt, activity.versions)
    bound = ir.names_bound(stmt.body)
    varied = {version.name for version in activity.varied}
    useful = {version.name for version in activity.useful}
    exits = [(stmt.test, stmt.body)] if isinstance(stmt, ir.While) else []
    leaving = (test for test, arms in _choices(stmt.body) for arm in arms for node in ir.walk(arm) if isinstance(node, ir.Exit))
    exits += [(test, stmt.body) for test in leaving]
    in_loop = {version.name for version in activity.varied if version.name in bound}
    for test, _ in exits:  # what only steps, and stops where a test of varying values says so
        asked = _closure({name.id for name in ir.names_read(test)}, reads)
        for name in sorted(bound & useful - in_loop) if asked & varied else ():
            if name in asked and not is_count(name, stmt) and not _is_target(name, stmt) and name in reads.get(name, ()):
                return name
    captured = _captured(stmt)
    for test, arms in _choices(stmt.body):
        asked = _closure({name.id for name in ir.names_read(test)}, reads)
        if not asked & varied:
            continue
        steered = (ir.names_bound(arms) & bound) - captured if isinstance(arms, tuple) else set()
        for name in sorted((bound & useful) - captured):
            closure = _closure({name}, reads)
            if not (closure & steered and asked & closure & bound):
                continue
            if not asked & steered:
                continue
            if name not in in_loop:
                if not is_count(name, stmt):
                    return name
                continue
            outside = {read for member in closure & bound for read in reads.get(member, ())} - bound
            if not outside & varied and len(closure & bound & _carried(stmt, activity)) > 1:
                return name
    return None


def calls_chosen(function: ir.Function, activity: Activity) -> Iterator[ir.Call]:
    """The calls that tests of varying values choose between."""
    varied = {version.name for version in activity.varied}
    for node in found_in(function, ir.Branch):
        if any(name.id in varied for name in ir.names_read(node.test)):
            yield from (inner for inner in ir.walk(node) if isinstance(inner, ir.Call))


def _captured(stmt: ir.Stmt) -> set[str]:
    """The variables that patterns of cases bind: each to what its subject holds, which no test moves."""
    cases = (node.then[0] for node in ir.walk(stmt) if isinstance(node, ir.Branch) and node.case is not None)
    copies = (each.target for each in cases if isinstance(each, ir.Assign) and each.span and each.span.start == each.span.end)
    return {node.id for target in copies for node in ir.walk(target) if isinstance(node, ir.NameTarget)}


def _carried(stmt: ir.Stmt, activity: Activity) -> set[str]:
    return set(activity.versions.headers.get(stmt, {}))


def _reads_by_name(stmt: ir.Stmt, versions: Versions) -> Mapping[str, set[str]]:
    """What each variable is computed from, anywhere in the loop; how long a stack is moves with nothing."""
    found: dict[str, set[str]] = {}
    for node in ir.walk(stmt):
        match node:
            case ir.Assign(target=ir.ItemTarget(base=ir.Name(id=base), index=index), value=value):
                found.setdefault(base, set()).update(name.id for part in (index, value) for name in ir.names_read(part))
            case ir.Assign(target=ir.TupleTarget(items=items), value=ir.Display(items=values)) if len(items) == len(values):
                for item, value in zip(items, values, strict=True):
                    for bound in ir.walk(item):
                        if isinstance(bound, ir.NameTarget):
                            found.setdefault(bound.id, set()).update(name.id for name in ir.names_read(value))
            case ir.Assign(target=target, value=value):
                for bound in ir.walk(target):
                    if isinstance(bound, ir.NameTarget):
                        computed = versions.slots.get(bound, (value,))
                        counted = set(filter(None, map(_counted, ir.walk(value)))) & versions.stacks.keys()
                        read = {name.id for each in computed for name in ir.names_read(each)}
                        found.setdefault(bound.id, set()).update(read - counted)
            case ir.For(target=target, iterable=iterable):
                for bound in ir.walk(target):
                    if isinstance(bound, ir.NameTarget):
                        found.setdefault(bound.id, set()).update(name.id for name in ir.names_read(iterable))
    return found


def _counted(node: ir.Node) -> str | None:
    match node:
        case ir.Call(func=ir.Name(id="len", scope="global"), args=(ir.Name(id=name),), keywords=()):
            return name
    return None


def _closure(names: set[str], reads: Mapping[str, set[str]]) -> set[str]:
    found = set(names)
    waiting = list(names)
    while waiting:
        for name in reads.get(waiting.pop(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def _choices(block: ir.Block) -> Iterator[tuple[ir.Expr, ir.Block]]:
    """Every test in a block with the statements that it chooses between."""
    for stmt in block:
        for node in ir.walk(stmt):
            match node:
                case ir.Branch(test=test, then=then, orelse=orelse):
                    yield test, then + orelse
                case ir.Assign(target=target, value=value):
                    for inner in (*ir.walk(value), *(ir.walk(target) if isinstance(target, ir.ItemTarget) else ())):
                        if isinstance(inner, ir.Op) and inner.op == "ifexp":
                            yield inner.args[0], (node,)
                        elif isinstance(inner, ir.Compare):  # a comparison used as a number or an index
                            yield inner, (node,)


def _is_target(name: str, stmt: ir.Stmt) -> bool:
    """Whether a variable is what a loop runs over."""
    loops = (node for node in ir.walk(stmt) if isinstance(node, ir.For))
    return any(isinstance(node, ir.NameTarget) and node.id == name for loop in loops for node in ir.walk(loop.target))
