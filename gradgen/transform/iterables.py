"""Says which iterables can be gone through again, and in reverse.

Never plans a loop.
"""
from __future__ import annotations

from gradgen.ir import nodes as ir
from gradgen.transform.settling import NEVER_INLINE, ValueResolver

PURE_ITERABLES = frozenset({"range", "zip", "enumerate", "reversed", "list", "tuple", "sorted"})


def is_sequence(expr: ir.Expr) -> bool:
    """Whether an iterable can be reversed as it stands."""
    match expr:
        case ir.Call(func=ir.Name(id="range", scope="global")) | ir.Name() | ir.Display() | ir.Attribute() | ir.Item():
            return True
    return False


def is_pure_iterable(expr: ir.Expr, resolver: ValueResolver) -> bool:
    """Whether an iterable gives the same elements when it is asked for again."""
    match expr:
        case ir.Call(func=ir.Name(id=name, scope="global"), args=args) if name in PURE_ITERABLES:
            return all(is_pure_iterable(arg, resolver) for arg in args)
        case ir.Display(items=items):
            return all(resolver.inline_cost(item) < NEVER_INLINE for item in items)
        case ir.Call(func=ir.Attribute(base=base, name="items" | "keys" | "values"), args=()):
            return resolver.inline_cost(base) < NEVER_INLINE and resolver.is_stable(base)
        case ir.Name(scope="local"):
            return resolver.is_stable(expr)
    return resolver.inline_cost(expr) < NEVER_INLINE
