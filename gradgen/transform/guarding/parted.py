"""Order tests that go two ways where their sides are equal raise there: those of a function, and of the functions that it calls.

Never looks for them; analyse.slopes.partings does.
"""
from __future__ import annotations

from gradgen.analyse.slopes.kinks import is_generated
from gradgen.analyse.slopes.meetings import apart_from_zero
from gradgen.analyse.slopes.partings import Sides, partings
from gradgen.ir import nodes as ir
from gradgen.transform.guarding.saying import message_of, raised
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
            planner.edits.insert_before(stmt, ir.Branch(equality, (raised(planner.edits, message),), ()))


def _message(planner: Planner, node: ir.Compare | ir.Call, sides: Sides) -> str:
    text = planner.refusals.positions
    shown = [side.id if isinstance(side, ir.Name) else text.slice(side.span) if side.span is not None else "" for side in sides]
    shown = [repr(side.value) if isinstance(side, ir.Const) else each for side, each in zip(sides, shown, strict=True)]
    construct = " == ".join(shown)
    if not all(shown):
        construct = f"a tie of what {text.slice(node.span or ir.Span(0, 0))} compares"
    return message_of(planner.refusals.finding("GG501", node.span, construct=construct))
