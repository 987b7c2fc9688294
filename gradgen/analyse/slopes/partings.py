"""Finds order tests that part where two values are equal: after `h >= c`, what asks `h > c` goes another way at h == c than on
either side of it, so that what runs there says nothing of the slope.

Never refuses; generated code does, at run time.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from gradgen.analyse.activity import Activity
from gradgen.analyse.flow.exits import only_raises
from gradgen.analyse.kinds.wholes import moves
from gradgen.analyse.reads import CallSite
from gradgen.analyse.slopes.meetings import COMPUTED, COUNTS_AS_ABOVE, MIRRORED, Side, side_of
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass

READ = (ir.Name, ir.Const, ir.Attribute)

Arms = Mapping[ir.Stmt, str]
"""The branches that something stands in, and in which arm of each."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An order test of two sides, and whether the first counts as above the second where they are equal. `max` and `min` ask
    one too, which is no comparison."""

    compare: ir.Compare | None
    sides: tuple[ir.Expr, ir.Expr]
    key: tuple[Side, Side]
    is_above: bool
    arms: Arms


def partings(
    function: ir.Function, activity: Activity, site: Callable[[ir.Call], CallSite | None]
) -> Mapping[ir.Compare, tuple[ir.Expr, ir.Expr]]:
    """The comparisons that part from an earlier test, or from a choice of `max` or `min`, each with the two sides that must not
    be equal."""
    asked: dict[tuple[Side, Side], list[Asked]] = {}
    found: dict[ir.Compare, tuple[ir.Expr, ir.Expr]] = {}
    for each in _tests(function.body, {}, activity):
        others = asked.setdefault(each.key, [])
        for other in others:
            later = other if each.compare is None else each
            if _part(other, each) and later.compare is not None and any(moves(side, activity, site) for side in each.sides):
                found.setdefault(later.compare, later.sides)
        others.append(each)
    return found


def _part(first: Asked, second: Asked) -> bool:
    """Whether two tests may both run, and go different ways where their sides are equal."""
    return first.is_above != second.is_above and all(second.arms.get(branch, arm) == arm for branch, arm in first.arms.items())


def _tests(block: ir.Block, arms: Arms, activity: Activity) -> Iterator[Asked]:
    """The order tests of a block in the order of its text, but for those of loops and those that only raise or report."""
    for stmt in block:
        match stmt:
            case ir.Branch(test=test, then=then, orelse=orelse):
                if not only_raises(then) and not only_raises(orelse) and (_does_something(then) or _does_something(orelse)):
                    yield from _in_expr(test, arms, activity)
                yield from _tests(then, {**arms, stmt: "then"}, activity)
                yield from _tests(orelse, {**arms, stmt: "orelse"}, activity)
            case ir.Assign(value=value) | ir.Append(value=value):
                yield from _in_expr(value, arms, activity)
            case ir.Exit(kind="return", value=value) if value is not None:
                yield from _in_expr(value, arms, activity)
            case ir.For(body=body, orelse=orelse) | ir.While(body=body, orelse=orelse):
                yield from _tests(body, arms, activity)
                yield from _tests(orelse, arms, activity)
            case ir.With(body=body):
                yield from _tests(body, arms, activity)
            case ir.Try(body=body, handlers=handlers, orelse=orelse, final=final):
                for inner in (body, *(handler.body for handler in handlers), orelse, final):
                    yield from _tests(inner, arms, activity)


def _does_something(block: ir.Block) -> bool:
    """Whether a block does more than to report."""
    return not all(isinstance(stmt, ir.Evaluate | ir.Inert) for stmt in block)


def _in_expr(expr: ir.Expr, arms: Arms, activity: Activity) -> Iterator[Asked]:
    for node in ir.walk(expr):
        match node:
            case ir.Op(op="max" | "min" as op, args=(first, second), keywords=(), spelling="max" | "min"):
                yield from _asked(None, "gt" if op == "max" else "lt", second, first, arms, activity)
            case ir.Compare(ops=ops, operands=operands) if node.span is not None and set(ops) <= set(COUNTS_AS_ABOVE):
                parts = COMPUTED if len(ops) == 1 else READ
                for order, left, right in zip(ops, operands, operands[1:], strict=False):
                    if all(isinstance(part, parts) for side in (left, right) for part in ir.walk(side)):
                        yield from _asked(node, order, left, right, arms, activity)


def _asked(compare: ir.Compare | None, op: str, left: ir.Expr, right: ir.Expr, arms: Arms, activity: Activity) -> Iterator[Asked]:
    first, second = side_of(left, activity.versions), side_of(right, activity.versions)
    if first is not None and second is not None and first != second:
        is_turned = second < first
        key = (second, first) if is_turned else (first, second)
        yield Asked(compare, (left, right), key, COUNTS_AS_ABOVE[MIRRORED[op] if is_turned else op], arms)
