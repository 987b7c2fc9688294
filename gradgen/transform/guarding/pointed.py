"""Try statements that catch what is raised at single values of what varies: there the handler says nothing of the slope, and the
generated code raises, as where an equality holds.

Never looks for what raises; analyse.slopes.poles does.
"""
from __future__ import annotations

import builtins
from collections.abc import Sequence

from gradgen.analyse.flow.exits import only_raises
from gradgen.analyse.flow.irregular import Live, matches_any
from gradgen.analyse.slopes.kinks import is_generated
from gradgen.analyse.slopes.poles import Pole
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import replace
from gradgen.transform.gradient import Pointed
from gradgen.transform.guarding.saying import message_of
from gradgen.transform.planning import Planner


def find_pointed(planner: Planner, function: ir.Function) -> None:
    """Mark the try statements that must raise where they catch what is raised at a single value."""
    if is_generated(planner.refusals.positions.text):
        return
    useful = {version.name for version in planner.activity.useful}
    for stmt in found_in(function, ir.Try, ir.With):
        swallows = isinstance(stmt, ir.With) and stmt.suppresses
        if not (isinstance(stmt, ir.Try) and stmt.handlers or swallows) or not _counts(stmt, useful):
            continue
        found = list(planner.callees.poles(stmt.body))
        poles = [each for each in found if not _is_of_array(each, planner)]
        if isinstance(stmt, ir.Try) and any(_is_for(each, {FloatingPointError}, planner.callees.live) for each in stmt.handlers):
            poles += [replace(each, raised=FloatingPointError) for each in found if each.zero is not None]  # as np.errstate asks
        caught = [each for each in poles if swallows or _goes_on(stmt, each, planner.callees.live)]
        if not caught:
            continue
        first, raised = caught[0], {each.raised for each in caught}
        names = tuple(sorted(each.__name__ for each in raised))
        if swallows or any(getattr(builtins, each.__name__, None) is not each for each in raised):
            planner.refusals.add(
                "GG111", first.node.span, construct=f"what raises {names[0]} at single values, where that is caught",
                detail="What is handed out instead says nothing of the slope there.",
                advice="Ask for that value in an `if` before.",
            )
            continue
        assert isinstance(stmt, ir.Try)
        handlers = [each for each in stmt.handlers if _is_for(each, raised, planner.callees.live)]
        finding = planner.refusals.finding("GG501", first.node.span, construct=_shown(first, planner))
        is_covered = all(_first(stmt, each, planner.callees.live) in handlers for each in caught)
        classes = () if is_covered else names
        planner.edits.pointed[stmt] = Pointed(classes, message_of(finding), tuple(handlers), frozenset(raised))
        planner.edits.needed.add("NonDifferentiableError")


def _counts(stmt: ir.Stmt, useful: set[str]) -> bool:
    """Whether it matters which way a statement is gone through."""
    leaves = any(isinstance(node, ir.Exit) and node.kind != "raise" for node in ir.walk(stmt))
    return leaves or not useful.isdisjoint(ir.names_bound((stmt,)))


def _is_of_array(pole: Pole, planner: Planner) -> bool:
    """Whether it is NumPy's division, which raises nothing."""
    return pole.zero is not None and bool(planner.arrays.kinds.shape(pole.zero))


def _goes_on(stmt: ir.Try | ir.With, pole: Pole, live: Live) -> bool:
    """Whether what catches an exception does anything but raise another."""
    first = _first(stmt, pole, live) if isinstance(stmt, ir.Try) else None
    return first is not None and not only_raises(first.body)


def _first(stmt: ir.Try, pole: Pole, live: Live) -> ir.Handler | None:
    return next((each for each in stmt.handlers if matches_any(each.matches, (pole.raised,), live)), None)


def _is_for(handler: ir.Handler, raised: set[type[BaseException]], live: Live) -> bool:
    """Whether a handler catches nothing but what is raised at single values."""
    matches: Sequence[ir.Expr | None] = [handler.matches]
    if isinstance(handler.matches, ir.Display):
        matches = handler.matches.items
    return all(each is not None and live(each) in raised for each in matches)


def _shown(pole: Pole, planner: Planner) -> str:
    """What holds where an exception is raised."""
    text = planner.refusals.positions
    if pole.zero is not None and pole.zero.span is not None:
        shown = text.slice(pole.zero.span)
        return f"{shown} == 0" if isinstance(pole.zero, ir.Name) or shown.endswith((")", "]")) else f"({shown}) == 0"
    shown = text.slice(pole.node.span or ir.Span(0, 0))
    return shown if isinstance(pole.node, ir.Compare) else f"what {shown} raises {pole.raised.__name__} for"
