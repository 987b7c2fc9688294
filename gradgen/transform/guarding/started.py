"""Iterations that end where they started raise: their derivative would be that of the start.

Never looks for them; analyse.slopes.started does.
"""
from __future__ import annotations

from gradgen.analyse.slopes.kinks import is_generated
from gradgen.analyse.slopes.started import Started, returned_at_once, started
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.transform.guarding.saying import message_of, raised
from gradgen.transform.planning import Planner


def raise_at_start(planner: Planner, function: ir.Function) -> None:
    """Ask, where a loop or a recursion ends because something has become small, whether it has moved at all."""
    if is_generated(planner.refusals.positions.text):
        return
    for test, name in returned_at_once(function, planner.activity, planner.callees.site, planner.callees.live):
        construct = f"the test that ends with {name} as it was given"
        planner.edits.kinks[test] = message_of(planner.refusals.finding("GG501", test.span, construct=construct))
        planner.edits.needed.add("at_kink")
    if not found_in(function, ir.For, ir.While):
        return
    starts: dict[tuple[ir.Stmt, str], ir.Name | ir.Const] = {}
    seen: set[tuple[ir.Stmt, str, ir.Exit | None]] = set()
    for each in started(function, planner.activity, planner.callees.site, planner.callees.live):
        if (each.loop, each.name, each.exit) in seen:
            continue
        seen.add((each.loop, each.name, each.exit))
        if (each.loop, each.name) not in starts:
            starts[each.loop, each.name] = _start(planner, each)
        line = _asking(planner, each, starts[each.loop, each.name])
        if each.exit is not None:
            planner.edits.insert_before(each.exit, line)
        else:
            planner.edits.insert_after(each.loop, line)


def _start(planner: Planner, found: Started) -> ir.Name | ir.Const:
    """What a variable was when the loop began: the number that it is given, or a variable that keeps it."""
    header = planner.activity.versions.headers[found.loop][found.name]
    first = header.sources[0]
    value = getattr(first, "sources", [None])[0] if getattr(first, "kind", "") == "assign" else None
    if isinstance(value, ir.Const) and isinstance(value.value, int | float):
        return ir.Const(value.value, value.text)
    if isinstance(value, ir.Name) and sum(each.name == value.id for each in planner.activity.versions.all) == 1:
        if found.name not in planner.arrays.mutated:
            return ir.Name(value.id, value.scope)
    kept, now = planner.names.fresh(f"{found.name}_start"), ir.Name(found.name)
    own = ir.Call(ir.Attribute(now, "copy"), ()) if found.name in planner.arrays.mutated else now
    planner.edits.insert_before(found.loop, ir.Assign(ir.NameTarget(kept), own))
    return ir.Name(kept)


def _asking(planner: Planner, found: Started, start: ir.Name | ir.Const) -> ir.Stmt:
    now = ir.Name(found.name)
    header = planner.activity.versions.headers[found.loop][found.name]
    test: ir.Expr = ir.Compare(("eq",), (now, start))
    if planner.arrays.kinds.may_hold_array(header):
        test = ir.Call(ir.Name("numpy.array_equal", "global"), (now, start))
    first = start.id if isinstance(start, ir.Name) else start.value
    construct = f"{found.name} == {first} at the end of the loop"
    finding = planner.refusals.finding("GG501", found.test.span, construct=construct)
    return ir.Branch(test, (raised(planner.edits, message_of(finding)),), ())
