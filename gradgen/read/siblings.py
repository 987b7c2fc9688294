"""Nested functions that call one another: each captures what those capture that it calls.

Never looks at functions that stand in a branch or a loop: which of them a name stands for is not known then.
"""
from __future__ import annotations

from functools import lru_cache

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace


def with_siblings(function: ir.Function) -> ir.Function:
    """A function whose nested functions have captured what they need to call one another."""
    own = {each.name: each for each in function.body if isinstance(each, ir.Define)}
    if len(own) < 2 or not any(own.keys() & set(each.captures) - {each.name} for each in own.values()):
        return function
    captures = {name: set(each.captures) for name, each in own.items()}
    bound = {name: _bound(each.function) for name, each in own.items()}
    while True:
        wider = {
            name: held | set().union(*(captures[other] for other in held & own.keys())) - bound[name]
            for name, held in captures.items()
        }
        if wider == captures:
            break
        captures = wider
    more = {each: replace(each, captures=tuple(sorted(captures[name]))) for name, each in own.items()}
    return replace(function, body=tuple(more.get(each, each) if isinstance(each, ir.Define) else each for each in function.body))


@lru_cache(maxsize=64)
def siblings_among(around: ir.Function, names: tuple[str, ...]) -> frozenset[str]:
    """Which of some names stand for nested functions."""
    return frozenset(name for name in names if sibling(around, name) is not None)


def _bound(function: ir.Function) -> set[str]:
    return {*(each.name for each in function.parameters), *ir.names_bound(function.body)}


def sibling(around: ir.Function, name: str) -> ir.Define | None:
    """The one nested function of that name, where nothing else in the function around it has that name."""
    found = [each for each in around.body if isinstance(each, ir.Define) and each.name == name]
    nodes = ir.nodes_of(around)
    others = sum(isinstance(each, ir.NameTarget) and each.id == name for each in nodes)
    others += sum(isinstance(each, ir.Define) and each.name == name for each in nodes) - len(found)
    others += sum(isinstance(each, ir.Inert) and name in each.binds for each in nodes)
    others += any(each.name == name for each in around.parameters)
    return found[0] if len(found) == 1 and not others else None
