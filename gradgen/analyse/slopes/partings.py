"""Finds order tests that part where two values are equal: after `h >= c`, what asks `h > c` goes another way at h == c than on
either side of it, so that what runs there says nothing of the slope. The tests of functions that are called are among them.

Never refuses; generated code does, at run time.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from gradgen.analyse.activity import Activity
from gradgen.analyse.flow.exits import only_raises
from gradgen.analyse.kinds.wholes import moves
from gradgen.analyse.reads import CallSite
from gradgen.analyse.slopes.meetings import COMPUTED, COUNTS_AS_ABOVE, Meeting, meeting
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass

READ = (ir.Name, ir.Const, ir.Attribute)

Arms = Mapping[ir.Stmt, str]
"""The branches that something stands in, and in which arm of each."""


Sides = tuple[ir.Expr, ir.Expr]


@dataclass(frozen=True, slots=True)
class Order:
    """Whether the first of two sides counts as above the second where they are equal."""

    sides: Sides
    is_above: bool


Below = Callable[[ir.Call], Iterable[Order]]
"""What a function that is called asks, in the words of the call."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An order test of two sides: a comparison, one of a function that is called, or that of `max` and `min`, which is neither.
    `key` is where the sides meet, whichever comes first."""

    node: ir.Compare | ir.Call | None
    stmt: ir.Stmt
    order: Order
    key: Meeting
    is_above: bool
    arms: Arms

    @property
    def may_raise(self) -> bool:
        """Whether generated code can ask beside this one: not in the test of a branch that calls."""
        return isinstance(self.node, ir.Compare) or self.node is not None and not isinstance(self.stmt, ir.Branch)


def partings(
    function: ir.Function, activity: Activity, site: Callable[[ir.Call], CallSite | None], below: Below = lambda call: ()
) -> Mapping[ir.Compare | ir.Call, tuple[ir.Stmt, Sides]]:
    """The comparisons, and the calls of what compares, that part from an earlier test, or from a choice of `max` or `min`, each
    with the statement that it stands in and the two sides that must not be equal."""
    asked: dict[Meeting, list[Asked]] = {}
    found: dict[ir.Compare | ir.Call, tuple[ir.Stmt, Sides]] = {}
    for each in orders_of(function, activity, below):
        others = asked.setdefault(each.key, [])
        for other in others:
            later = each if each.may_raise else other
            if later.may_raise and later.node is not None and _part(other, each):
                if any(moves(side, activity, site) for side in each.order.sides):
                    found.setdefault(later.node, (later.stmt, later.order.sides))
        others.append(each)
    return found


def orders_of(function: ir.Function, activity: Activity, below: Below) -> Iterator[Asked]:
    """The order tests of a function in the order of its text, with those of what it calls."""
    return _tests(function.body, {}, activity, below)


def _part(first: Asked, second: Asked) -> bool:
    """Whether two tests may both run, and go different ways where their sides are equal. Those of one call are its own matter."""
    is_one = first.node is second.node and isinstance(first.node, ir.Call)
    may_both_run = all(second.arms.get(branch, arm) == arm for branch, arm in first.arms.items())
    return first.is_above != second.is_above and not is_one and may_both_run


def _tests(block: ir.Block, arms: Arms, activity: Activity, below: Below) -> Iterator[Asked]:
    """The order tests of a block in the order of its text, but for those of loops and those that only raise or report."""
    for stmt in block:
        match stmt:
            case ir.Branch(test=test, then=then, orelse=orelse):
                if not only_raises(then) and not only_raises(orelse) and (_does_something(then) or _does_something(orelse)):
                    yield from _in_expr(test, stmt, arms, activity, below)
                yield from _tests(then, {**arms, stmt: "then"}, activity, below)
                yield from _tests(orelse, {**arms, stmt: "orelse"}, activity, below)
            case ir.Assign(value=value) | ir.Append(value=value):
                yield from _in_expr(value, stmt, arms, activity, below)
            case ir.Exit(kind="return", value=value) if value is not None:
                yield from _in_expr(value, stmt, arms, activity, below)
            case ir.For(body=body, orelse=orelse) | ir.While(body=body, orelse=orelse):
                yield from _tests(body, arms, activity, below)
                yield from _tests(orelse, arms, activity, below)
            case ir.With(body=body):
                yield from _tests(body, arms, activity, below)
            case ir.Try(body=body, handlers=handlers, orelse=orelse, final=final):
                for inner in (body, *(handler.body for handler in handlers), orelse, final):
                    yield from _tests(inner, arms, activity, below)


def _does_something(block: ir.Block) -> bool:
    """Whether a block does more than to report."""
    return not all(isinstance(stmt, ir.Evaluate | ir.Inert) for stmt in block)


def _in_expr(expr: ir.Expr, stmt: ir.Stmt, arms: Arms, activity: Activity, below: Below) -> Iterator[Asked]:
    for node in ir.walk(expr):
        match node:
            case ir.Op(op="max" | "min" as op, args=(first, second), keywords=(), spelling="max" | "min"):
                yield from _asked(None, stmt, Order((first, second), op == "max"), arms, activity)
            case ir.Compare(ops=ops, operands=operands) if node.span is not None and set(ops) <= set(COUNTS_AS_ABOVE):
                parts = COMPUTED if len(ops) == 1 else READ
                for order, left, right in zip(ops, operands, operands[1:], strict=False):
                    if all(isinstance(part, parts) for side in (left, right) for part in ir.walk(side)):
                        yield from _asked(node, stmt, Order((left, right), COUNTS_AS_ABOVE[order]), arms, activity)
            case ir.Call():
                for each in below(node):
                    yield from _asked(node, stmt, each, arms, activity)


def _asked(node: ir.Compare | ir.Call | None, stmt: ir.Stmt, order: Order, arms: Arms, activity: Activity) -> Iterator[Asked]:
    found = meeting(*order.sides, activity.versions)
    if found is not None:
        key, is_turned = found
        yield Asked(node, stmt, order, key, order.is_above is not is_turned, arms)
