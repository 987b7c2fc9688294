"""What asks for ties and zeros without a test for equality raises there: order tests that go two ways where their sides are
equal, of a function and of those that it calls, and quotients that are filled in where they are no number.

Never looks for them; analyse.slopes.partings and analyse.slopes.filled do.
"""
from __future__ import annotations

from gradgen.analyse.slopes.filled import filled
from gradgen.analyse.slopes.kinks import is_generated
from gradgen.analyse.slopes.meetings import apart_from_zero
from gradgen.analyse.slopes.partings import Sides, partings
from gradgen.ir import nodes as ir
from gradgen.transform.guarding.saying import message_of
from gradgen.transform.planning import Planner


def raise_where_tests_part(planner: Planner, function: ir.Function) -> None:
    """Ask beside a test, or before the statement of a call, whether the sides are equal. A text of gradgen's own does so."""
    if is_generated(planner.refusals.positions.text):
        return
    below = planner.callees.orders_below
    for node, (stmt, sides) in partings(function, planner.activity, planner.callees.site, below).items():
        if any(map(planner.arrays.kinds.may_be_array, sides)):
            continue
        if isinstance(node, ir.Call):
            sides = apart_from_zero(*sides)
        sides = sides[::-1] if isinstance(sides[0], ir.Const) else sides
        message = _message(planner, node, sides)
        equality = ir.Compare(("eq",), sides)
        if isinstance(node, ir.Compare):
            planner.edits.kinks[node] = message
            planner.edits.parted[node] = equality
            planner.edits.needed.add("at_kink")
        else:
            _ask_before(planner, stmt, equality, message)


def raise_where_filled(planner: Planner, function: ir.Function) -> None:
    """Ask before a division whether its divisor is 0, where something else is put in the place of what it gives then."""
    if is_generated(planner.refusals.positions.text):
        return
    for each in filled(function, planner.activity, planner.callees.site):
        text = planner.refusals.positions
        construct = f"{text.slice(each.divisor.span or ir.Span(0, 0))} == 0, where {each.by.op} says what is used instead,"
        message = message_of(planner.refusals.finding("GG501", each.divisor.span, construct=construct))
        _ask_before(planner, each.stmt, ir.Compare(("eq",), (each.divisor, ir.Const(0))), message)


def _ask_before(planner: Planner, stmt: ir.Stmt, equality: ir.Compare, message: str) -> None:
    asking = "any_at_kink" if planner.arrays.kinds.may_be_array(equality) else "at_kink"
    planner.edits.needed.add(asking)
    planner.edits.insert_before(stmt, ir.Evaluate(ir.Call(ir.Name(asking, "global"), (equality, ir.Const(message)))))


def _message(planner: Planner, node: ir.Compare | ir.Call, sides: Sides) -> str:
    text = planner.refusals.positions
    shown = [side.id if isinstance(side, ir.Name) else text.slice(side.span) if side.span is not None else "" for side in sides]
    shown = [repr(side.value) if isinstance(side, ir.Const) else each for side, each in zip(sides, shown, strict=True)]
    construct = " == ".join(shown)
    if not all(shown):
        construct = f"a tie of what {text.slice(node.span or ir.Span(0, 0))} compares"
    return message_of(planner.refusals.finding("GG501", node.span, construct=construct))
