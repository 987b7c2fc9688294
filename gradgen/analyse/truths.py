"""Finds where the truth of a number that varies is asked: `if d`, `not d`, `d or 1.0` ask whether it is 0, as `d == 0` does.

Never looks at comparisons; `kinks` does.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator

from gradgen.analyse.activity import Activity
from gradgen.analyse.kinks import in_tests_and_values
from gradgen.analyse.reads import CallSite
from gradgen.analyse.wholes import moves
from gradgen.ir import nodes as ir

REPEATABLE = (ir.Op, ir.Name, ir.Const, ir.Item, ir.Attribute)


def truths(stmt: ir.Stmt, activity: Activity, site: Callable[[ir.Call], CallSite | None]) -> Iterator[ir.Expr]:
    """The varying values whose truth a statement asks, but for loop exits and guards that raise."""
    for expr, is_test in in_tests_and_values(stmt):
        for node in _asked(expr, is_test):
            if node.span is not None and activity.is_varied(node) and moves(node, activity, site):
                yield node


def may_be_asked_twice(node: ir.Expr) -> bool:
    """Whether a value can be computed once more beside its truth."""
    return all(isinstance(each, REPEATABLE) for each in ir.walk(node))


def _asked(node: ir.Node, is_truth: bool) -> Iterator[ir.Expr]:
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
        case ir.Call(func=ir.Name(id="bool", scope="global"), args=(inner,)):
            yield from _asked(inner, True)
        case ir.Compare():
            for child in ir.children_of(node):
                yield from _asked(child, False)
        case _:
            if is_truth and isinstance(node, ir.Expr):
                yield node
            for child in ir.children_of(node):
                yield from _asked(child, False)
