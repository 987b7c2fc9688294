"""Refuses stores of what varies into arrays of whole numbers, which cut it off; where that is not known the text looks.

Never plans a store.
"""
from __future__ import annotations

from gradgen.analyse.kinds.floats import holds_floats
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import Holder, Kind
from gradgen.transform.guarding.saying import message_of, raised
from gradgen.transform.planning import Planner

CUT = "a store of what varies into whole numbers, which cuts it off"
FLOATS = "fcO"


def check_stores(planner: Planner, stmt: ir.Node) -> None:
    """Every store into an array that a statement makes."""
    kinds = planner.arrays.kinds
    if not isinstance(stmt, ir.Assign) or not kinds.has_arrays or not planner.activity.is_varied(stmt.value):
        return
    stored = stmt.value.args[1] if isinstance(stmt.value, ir.Op) and stmt.augmented is not None else stmt.value
    for target in (node for node in ir.walk(stmt.target) if isinstance(node, ir.ItemTarget)):
        base, kind = target.base, kinds.of(target.base)
        if isinstance(kind, Holder) or kind is None and not kinds.may_be_array(base) or not planner.activity.is_varied(stored):
            continue
        if isinstance(kind, Kind) and kind.dtype in ("int", "bool"):
            planner.refusals.add("GG106", stmt.span, construct=CUT)
        elif isinstance(kind, Kind) and kind.is_array and not holds_floats(base, kinds, planner.takes_floats):
            finding = planner.refusals.finding("GG106", stmt.span, construct=CUT)
            dtype = ir.Attribute(ir.Attribute(base, "dtype"), "kind")
            test = ir.Compare(("notin",), (dtype, ir.Const(FLOATS)))
            line = ir.Branch(test, (raised(planner.edits, message_of(finding)),), ())
            planner.edits.before.setdefault(stmt, []).append(line)
