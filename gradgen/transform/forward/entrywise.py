"""The tangent of a call of what np.vectorize makes: the function's tangent, given entries in the same way.

Never looks at single entries.
"""
from __future__ import annotations

from typing import Protocol

from gradgen.ir import nodes as ir
from gradgen.transform.arrays.entrywise import entries_in
from gradgen.transform.expressions.local import Linearizer
from gradgen.transform.expressions.terms import Term
from gradgen.transform.forward.callees import TangentCallees


class Walk(Protocol):
    """What such a tangent needs of the walk over the expression that the call stands in."""

    linearizer: Linearizer
    callees: TangentCallees

    def expression(self, expr: ir.Expr) -> ir.Expr: ...


def tangent_of_entries(call: ir.Call, walk: Walk) -> list[Term]:
    """z = f(x, y) for each entry moves by f_x x_dot + f_y y_dot."""
    linearizer = walk.linearizer
    entries = entries_in(call, linearizer)
    if entries is None or not entries.moving:
        return []
    refused = linearizer.callees.refused(entries.site, entries.moving, True)
    linearizer.refusals.take_over(refused, call)
    if refused:
        return []
    callee = walk.callees.tangent_callee(entries.site, entries.moving, is_alone=True)
    tangents = tuple((callee.tangents[name], walk.expression(entries.whole(name))) for name in entries.moving)
    moved = entries.done(callee.name, 1, tangents)
    return [Term(entries.of_floats(moved), shape=linearizer.kinds.shape(call))]
