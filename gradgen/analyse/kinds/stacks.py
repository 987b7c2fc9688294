"""Finds lists that are stacks: begun empty, appended to, popped from and counted, so that what is popped is what was appended.

Never looks at values.
"""
from __future__ import annotations

from collections.abc import Mapping

from gradgen.ir import nodes as ir
from gradgen.ir.finding import beside_arithmetic, found_in


def stacks_of(function: ir.Function) -> dict[str, tuple[ir.Expr, ...]]:
    """What is appended to each local list that no other name, place or call can hold: all that can be popped from it."""
    appended: dict[str, list[ir.Expr]] = {}
    fitting: set[ir.Node] = set()
    others: set[str] = {parameter.name for parameter in function.parameters}
    if not found_in(function, ir.Append):
        return {}
    for node in beside_arithmetic(function):
        match node:
            case ir.Append(base=base, value=value):
                appended.setdefault(base.id, []).append(value)
                fitting.add(base)
            case ir.Assign(target=ir.NameTarget() as target, value=ir.Display(kind="list", items=()), augmented=None):
                fitting.add(target)
            case ir.Assign(target=ir.NameTarget() as target, value=ir.Item(base=ir.Name() as base, index=ir.Slice())) if (
                target.id == base.id and node.augmented is None
            ):
                fitting |= {target, base}  # some of them
            case ir.Call(func=ir.Attribute(base=ir.Name() as base, name="pop"), args=(), keywords=()):
                fitting.add(base)
            case ir.Call(func=ir.Name(id="len", scope="global"), args=(ir.Name() as counted,), keywords=()):
                fitting.add(counted)
            case ir.While(test=ir.Name() as test) | ir.Branch(test=ir.Name() as test):
                fitting.add(test)
            case ir.Define(name=name, captures=captures):
                others |= {name, *captures}
            case ir.Walrus(name=name):
                others.add(name)
            case ir.Inert(binds=binds):
                others.update(binds)
            case ir.Handler(name=str(name)):
                others.add(name)
    others |= {node.id for node in found_in(function, ir.Name, ir.NameTarget) if node not in fitting}
    popping = {name for name, values in appended.items() if any(_pops(value) for value in values)}
    return {name: tuple(values) for name, values in appended.items() if name not in others | popping}


def _pops(value: ir.Expr) -> bool:
    calls = (node for node in ir.walk(value) if isinstance(node, ir.Call))
    return any(isinstance(call.func, ir.Attribute) and call.func.name == "pop" for call in calls)


def popped_from(expr: ir.Expr, stacks: Mapping[str, tuple[ir.Expr, ...]]) -> tuple[ir.Expr, ...] | None:
    """What an expression may give that pops from a stack; None for any other."""
    match expr:
        case ir.Call(func=ir.Attribute(base=ir.Name(id=name), name="pop"), args=(), keywords=()):
            return stacks.get(name)
    return None


def slots_of(function: ir.Function, stacks: Mapping[str, tuple[ir.Expr, ...]]) -> dict[ir.Node, tuple[ir.Expr, ...]]:
    """For each name that an unpacking of what is popped binds, what was appended at its place."""
    found: dict[ir.Node, tuple[ir.Expr, ...]] = {}
    for node in ir.nodes_of(function) if stacks else ():
        match node:
            case ir.Assign(target=ir.TupleTarget(items=items, starred=None), value=value):
                values = popped_from(value, stacks) or ()
                rows = [each.items for each in values if isinstance(each, ir.Display) and each.kind == "tuple"]
                if not rows or len(rows) < len(values) or any(len(row) != len(items) for row in rows):
                    continue
                for place, item in enumerate(items):
                    if isinstance(item, ir.NameTarget) and not any(isinstance(row[place], ir.Starred) for row in rows):
                        found[item] = tuple(row[place] for row in rows)
    return found
