"""Operators that would change an array without dimensions in place, under its other names or in what is recorded of it.

Refused where the function makes the array, and raised at where it is given one.

Never looks at arrays that have dimensions.
"""
from __future__ import annotations

from collections.abc import Iterator

from gradgen.analyse.sharing.zero_d import changed_in_place, elements_viewed, has_other_names
from gradgen.ir import nodes as ir
from gradgen.transform.gradient import ForwardEdits
from gradgen.transform.guarding.guards import check
from gradgen.transform.planning import Planner

WITHOUT_DIMENSIONS = "an in-place operator on an array without dimensions; write `w = w * y`, or start from `float(x)`"
ONE_ELEMENT = "a view of one element of an array that is stored into; read it as a number, `w[0]`"


def look_at_changes(planner: Planner, function: ir.Function, is_callee: bool) -> None:
    """Refuse what is known to be one, and look at the parameters that may be. Asked when it is known what is recorded; what a
    callee is given has another name outside."""
    activity, kinds, refusals = planner.activity, planner.arrays.kinds, planner.refusals
    kept: frozenset[str] | None = None
    guarded: set[str] = set()
    for found in changed_in_place(function, kinds):
        if not any(activity.is_active_version(each) or each in activity.useful for each in found.versions):
            continue
        kept = frozenset(_recorded(planner.edits)) if kept is None else kept
        is_seen = bool(found.names & kept) or has_other_names(found, function, kinds)
        if is_seen and found.is_made:
            refusals.add("GG106", found.stmt.span, construct=WITHOUT_DIMENSIONS)
        if is_seen or is_callee:
            guarded.update(found.parameters)
    for view, array in elements_viewed(function, kinds) if planner.arrays.mutated else ():
        if array.name in planner.arrays.mutated and (activity.is_varied(view) or array in activity.varied):
            refusals.add("GG106", view.span, construct=ONE_ELEMENT)
    _guard(guarded, function, planner.edits)


def _guard(names: set[str], function: ir.Function, edits: ForwardEdits) -> None:
    """The line that raises where one of the parameters is an array."""
    given = [each.name for each in function.parameters if each.name in names]
    if given:
        edits.before.setdefault(function.body[0], []).insert(0, check(given, edits, "check_immutable"))


def _recorded(edits: ForwardEdits) -> Iterator[str]:
    """The names whose value is kept as it is, by a name or on a tape."""
    for table in (edits.before, edits.between, edits.after, edits.hoists, edits.at_start):
        for lines in table.values():
            for line in lines:
                for node in ir.walk(line):
                    if isinstance(node, ir.Record | ir.Assign):
                        values = node.value.items if isinstance(node.value, ir.Display) else (node.value,)
                        yield from (value.id for value in values if isinstance(value, ir.Name))
