"""Finds where the truth of a number that varies is asked: `if d`, `not d`, `d or 1.0` ask whether it is 0, as `d == 0` does, and
`any(ds)`, `np.logical_not(d)` whether one of several is.

Never looks at comparisons; `kinks` does.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from gradgen.analyse.activity import Activity
from gradgen.analyse.kinds.wholes import ORDERS, moves
from gradgen.analyse.reads import CallSite
from gradgen.analyse.slopes.kinks import in_tests_and_values
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass

OF_PARTS: Mapping[str, int] = {
    "logical_not": 1, "logical_and": 2, "logical_or": 2, "logical_xor": 2, "array_all": 1, "count_nonzero": 1,
    "nonzero": 1, "flatnonzero": 1, "argwhere": 1, "where": 1, "extract": 1, "compress": 1,
}
"""Operations that ask the truth of each part of their first operands: of so many."""
REPEATABLE = (ir.Op, ir.Name, ir.Const, ir.Item, ir.Attribute, ir.Display, ir.Compare)


@dataclass(frozen=True, slots=True)
class Truth:
    """A value whose truth is asked, or that of each of its parts."""

    node: ir.Expr
    is_of_parts: bool = False


def truths(stmt: ir.Stmt, activity: Activity, site: Callable[[ir.Call], CallSite | None]) -> Iterator[Truth]:
    """The varying values whose truth a statement asks, but for loop exits and guards that raise."""
    for expr, is_test in in_tests_and_values(stmt):
        for truth in _asked(expr, is_test):
            node = truth.node
            if node.span is not None and activity.is_varied(node) and moves(node, activity, site):
                yield truth


def may_be_asked_twice(node: ir.Expr) -> bool:
    """Whether a value can be computed once more beside its truth: nothing in it asks for equality itself."""
    parts = list(ir.walk(node))
    orders = (set(each.ops) <= ORDERS for each in parts if isinstance(each, ir.Compare))
    return all(isinstance(each, REPEATABLE) for each in parts) and all(orders)


def _asked(node: ir.Node, is_truth: bool) -> Iterator[Truth]:
    """The values whose truth an expression asks; its own where it `is_truth`."""
    match node:
        case ir.Op(op="not", args=(inner,)):
            yield from _asked(inner, True)
        case ir.Op(op="and" | "or", args=(*first, last)):
            for each in first:
                yield from _asked(each, True)
            yield from _asked(last, is_truth)
        case ir.Op(op="ifexp", args=(test, then, orelse)):
            yield from _asked(test, True)
            yield from _asked(then, is_truth)
            yield from _asked(orelse, is_truth)
        case ir.Generator(iterable=iterable, conditions=conditions):
            yield from _asked(iterable, False)
            for each in conditions:
                yield from _asked(each, True)
        case ir.Call(func=ir.Name(id="bool", scope="global"), args=(inner,)) | ir.Op(op="bool", args=(inner,)):
            yield from _asked(inner, True)
        case ir.Op(op="sign", args=(inner,)) if is_truth:
            yield from _asked(inner, True)
        case ir.Op(op=op, args=args) if op in OF_PARTS:
            for place, each in enumerate(args):
                yield from _of_parts(each) if place < OF_PARTS[op] else _asked(each, False)
        case ir.Call(func=ir.Name(id="any", scope="global"), args=(ir.Comprehension() as inner,)):
            yield from _of_parts(inner)
        case ir.Op(op="array_any", args=(inner, *_), keywords=keywords) if keywords:
            yield from _of_parts(inner)
        case ir.Call(func=ir.Name(id="all", scope="global"), args=(inner,)):
            yield from _of_parts(inner)
        case ir.Compare():
            for child in ir.children_of(node):
                yield from _asked(child, False)
        case _:
            if is_truth and isinstance(node, ir.Expr):
                yield Truth(node)
            for child in ir.children_of(node):
                yield from _asked(child, False)


def _of_parts(node: ir.Expr) -> Iterator[Truth]:
    """What is asked where each part of a value is asked for its truth."""
    match node:
        case ir.Display(items=items):
            for item in items:
                yield from _of_parts(item)
        case ir.Comprehension(element=element, generators=generators):
            yield from _asked(element, True)
            for each in generators:
                yield from _asked(each, False)
        case ir.Name() | ir.Item() | ir.Attribute():
            yield Truth(node, is_of_parts=True)
        case ir.Op():
            for truth in _asked(node, True):
                yield Truth(truth.node, is_of_parts=True) if truth.node is node else truth
        case _:
            yield from _asked(node, False)
