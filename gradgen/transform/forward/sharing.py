"""Keeps tangents apart: one shares data with another only where the values do, else it is a copy if either may change in place.

Never looks at a statement; the user's own arrays are analyse.sharing.views' business.
"""
from __future__ import annotations

from gradgen.analyse.kinds.stacks import popped_from
from gradgen.analyse.sharing.lending import lent_by
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.transform.expressions.terms import Term
from gradgen.transform.lines.spelling import together
from gradgen.transform.passes.ownership import copied, lenders
from gradgen.transform.planning import Planner


def apart(planner: Planner, name: str, value: ir.Expr, terms: list[Term]) -> list[Term]:
    """The tangent that goes where `value` goes: to a variable of this `name`, or into the container that it holds."""
    whole = together(terms)
    kept = _apart(planner, name, value, whole) if planner.arrays.mutated else whole
    return terms if kept is whole else [Term(kept, shape=terms[0].shape)]


def _apart(planner: Planner, name: str, value: ir.Expr, whole: ir.Expr) -> ir.Expr:
    kinds, mutated, stacks = planner.arrays.kinds, planner.arrays.mutated, planner.activity.versions.stacks
    if popped_from(value, stacks) is not None or kinds.shape(value) == ():
        return whole  # it was kept apart when it was appended; a number's is a number
    if isinstance(value, ir.Display) and isinstance(whole, ir.Display) and len(value.items) == len(whole.items):
        items = tuple(_apart(planner, name, item, tangent) for item, tangent in zip(value.items, whole.items, strict=True))
        return whole if all(map(lambda one, other: one is other, items, whole.items)) else replace(whole, items=items)
    lent = lenders(whole, kinds)
    if not lent or lent <= {planner.names.tangent(version.name) for version in lent_by(value, kinds)}:
        return whole
    may_change = name in mutated or name in stacks or lent & set(map(planner.names.tangent, mutated))
    return copied(whole, kinds) if may_change else whole
