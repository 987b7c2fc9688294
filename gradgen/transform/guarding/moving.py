"""Objects that change in place while a function runs, and what is asked of them: what they say now they need not say later.

Never looks at arrays: their data is recorded where it changes.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from gradgen.analyse.sharing.views import ArrayFacts
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.queries import reads_any

ASKING = frozenset({"ifexp", "and", "or", "not", "is", "isnot", "in", "notin"})


class Facts(Protocol):
    """What is known where a value is settled."""

    @property
    def unstable(self) -> frozenset[str]: ...

    @property
    def steady(self) -> frozenset[str]: ...

    @property
    def arrays(self) -> ArrayFacts | None: ...


def moves(expr: ir.Expr, facts: Facts) -> bool:
    """Whether a name stands for an object that may change, and is no array."""
    if not isinstance(expr, ir.Name) or expr.id not in facts.unstable or expr.id in facts.steady:
        return False
    return facts.arrays is None or expr.id not in facts.arrays.variables


def answers_once(test: ir.Expr, unstable: frozenset[str]) -> bool:
    """Whether a test need not say later what it says now: it binds a name, or asks an object that may change."""
    nodes = ir.walk(test)
    if any(isinstance(node, ir.Walrus) for node in nodes):
        return True
    return any(isinstance(node, ir.Name) and node.id in unstable for node in nodes) or any(
        isinstance(node, ir.Attribute) and f".{node.name}" in unstable for node in nodes
    )


def is_object(test: ir.Expr, unstable: frozenset[str]) -> bool:
    """Whether a value that is asked for its truth may be an object that changes, and not an answer."""
    match test:
        case ir.Op(op="and" | "or" | "ifexp", args=args):
            return any(is_object(arg, unstable) for arg in args)
        case ir.Walrus(value=inner):
            return is_object(inner, unstable)
        case ir.Name(id=name):
            return name in unstable
        case ir.Item(base=base):
            return is_object(base, unstable)
        case ir.Attribute(base=base, name=name):
            return f".{name}" in unstable or is_object(base, unstable)
    return False


def objects_asked(value: ir.Expr, unstable: frozenset[str]) -> Iterator[ir.Expr]:
    """What a value asks of objects that change: their truth, and anything in conditions of comprehensions."""
    for node in ir.walk(value):
        match node:
            case ir.Op(op="ifexp" | "not", args=(test, *_)) if is_object(test, unstable):
                yield test
            case ir.Op(op="and" | "or", args=args):
                yield from (arg for arg in args[:-1] if is_object(arg, unstable))
            case ir.Generator(conditions=conditions):
                for condition in conditions:
                    if reads_any(condition, unstable):
                        yield condition


def stored_later(function: ir.Function) -> dict[ir.Stmt, frozenset[str]]:
    """For each statement the variables, and `.attributes`, into whose elements the function may store after it."""
    last: dict[str, int] = {}
    for place, stmt in enumerate(function.body):
        for target in (node for node in ir.walk(stmt) if isinstance(node, ir.ItemTarget)):
            base: ir.Expr = target.base
            while isinstance(base, ir.Item):
                base = base.base
            if isinstance(base, ir.Name | ir.Attribute):
                last[base.id if isinstance(base, ir.Name) else f".{base.name}"] = place
    pairs = [] if not last else [
        (stmt.target.id, stmt.value.id) for stmt in found_in(function, ir.Assign)
        if isinstance(stmt.target, ir.NameTarget) and isinstance(stmt.value, ir.Name)
    ]
    both_ways, is_done = [*pairs, *(pair[::-1] for pair in pairs)], False
    while not is_done:  # what is stored through one name is seen by the other
        is_done = True
        for one, other in both_ways:
            if last.get(one, -1) > last.get(other, -1):
                last[other], is_done = last[one], False
    found: dict[ir.Stmt, frozenset[str]] = {}
    for place, stmt in enumerate(function.body if last else ()):
        first = place if isinstance(stmt, ir.For | ir.While) else place + 1
        later = frozenset(name for name, at in last.items() if at >= first)
        found.update(dict.fromkeys((node for node in ir.walk(stmt) if isinstance(node, ir.Stmt)), later))
    return found


def taken_whole(value: ir.Expr, stored: frozenset[str]) -> Iterator[ir.Expr]:
    """The operands of operations that are lists, or arrays that objects hold, of which these are stored into."""
    for node in ir.walk(value) if stored else ():
        if isinstance(node, ir.Op) and node.op not in ASKING:
            for arg in node.args:
                is_name = isinstance(arg, ir.Name) and arg.id in stored
                if is_name or isinstance(arg, ir.Attribute) and f".{arg.name}" in stored:
                    yield arg
