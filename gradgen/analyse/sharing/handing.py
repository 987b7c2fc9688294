"""Which of a function's arguments its result may be or hold, in whole or in part.

Never looks into what it calls: what that is given may come back.
"""
from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from gradgen.ir import nodes as ir
from gradgen.ir.finding import beside_arithmetic, found_in
from gradgen.rules.carried import ANEW, carried_helper

# they keep nothing of what they are given but, at most, its elements
SAFE_READERS = frozenset({
    "len", "sum", "max", "min", "sorted", "any", "all", "enumerate", "zip", "reversed", "list", "tuple", "isinstance", "range",
    "print", "math.prod", "math.fsum", "math.hypot", "math.dist",
})
MAKERS = frozenset({"list", "tuple", "sorted", "dict", "reversed", "enumerate", "zip", "sum"})
SELECTORS = frozenset({"max", "min"})
CHOICES = frozenset({"ifexp", "and", "or"})


@lru_cache(maxsize=256)
def handed_back(function: ir.Function) -> dict[str, Literal["whole", "part"]]:
    """The parameters whose objects, or parts of them, a function's result may be or hold."""
    given = {parameter.name for parameter in function.parameters}
    sources: dict[str, list[tuple[ir.Expr, bool]]] = {}  # what a variable may be bound to, and whether only to parts of that
    for node in beside_arithmetic(function):
        match node:
            case ir.Assign(target=ir.NameTarget(id=name), value=value) | ir.Walrus(name=name, value=value):
                sources.setdefault(name, []).append((value, False))
            case ir.Assign(target=ir.ItemTarget(base=ir.Name(id=name)), value=value):
                sources.setdefault(name, []).append((value, False))
            case ir.Append(base=base, value=value):
                sources.setdefault(base.id, []).append((value, False))
            case ir.Assign(target=ir.TupleTarget() as target, value=value):
                for inner in (each for each in ir.walk(target) if isinstance(each, ir.NameTarget)):
                    sources.setdefault(inner.id, []).append((value, not isinstance(value, ir.Display)))
            case ir.For(target=target, iterable=value) | ir.Generator(target=target, iterable=value):
                for inner in (each for each in ir.walk(target) if isinstance(each, ir.NameTarget)):
                    sources.setdefault(inner.id, []).append((value, True))
    result: dict[str, Literal["whole", "part"]] = {}
    returned = [node.value for node in found_in(function, ir.Exit) if node.value is not None]
    pending = [(value, False) for value in returned]
    seen: set[tuple[str, bool]] = set()
    while pending:
        value, is_part = pending.pop()
        for name, inside in _held_by(value):
            part = is_part or inside
            if name in given and result.get(name) != "whole":
                result[name] = "part" if part else "whole"
            if (name, part) not in seen:
                seen.add((name, part))
                pending.extend((source, part or is_inside) for source, is_inside in sources.get(name, ()))
    return result


def _held_by(value: ir.Expr) -> Iterator[tuple[str, bool]]:
    """The variables whose objects (or, where the flag is set, only parts of them) a value may be or hold."""
    match value:
        case ir.Name(id=name):
            yield name, False
        case ir.Item(base=base) | ir.Attribute(base=base) | ir.Starred(value=base):
            yield from ((name, True) for name, _ in _held_by(base))
        case ir.Op(op=op, args=args) if op in CHOICES:
            for arg in args[1:] if op == "ifexp" else args:
                yield from _held_by(arg)
        case ir.Op(op="add" | "mul", args=args):  # of lists: new, with the same elements
            for arg in args:
                yield from ((name, True) for name, _ in _held_by(arg))
        case ir.Display(items=items):
            for item in items:
                yield from _held_by(item)
        case ir.Comprehension(element=element):
            yield from _held_by(element)
        case ir.Walrus(value=inner):
            yield from _held_by(inner)
        case ir.Call(func=ir.Name(id=name, scope="global"), args=args) if name in MAKERS | SELECTORS:
            for arg in args:
                yield from ((inner, len(args) == 1 or name in MAKERS) for inner, _ in _held_by(arg))
        case ir.Call(func=ir.Name(id=name, scope="global")) if name in SAFE_READERS:
            return
        case ir.Call(target=target) if carried_helper(target) in ANEW:
            return
        case ir.Call(func=func, args=args, keywords=keywords):
            for part in (*args, *(each for _, each in keywords), *([func.base] if isinstance(func, ir.Attribute) else [])):
                yield from _held_by(part)
        case ir.Opaque(reads=reads):
            yield from ((name.id, False) for name in reads)
