"""The tangents that functions are given: one that is another value's own is a copy where arrays are stored into.

Never looks at statements but for stores; `sharing` keeps apart what goes to names.
"""
from __future__ import annotations

from gradgen.analyse.sharing.lending import lent_by
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.read.refusals import Refusals
from gradgen.transform.expressions.local import Linearizer
from gradgen.transform.passes.ownership import copied, lenders


def handed(linearizer: Linearizer, value: ir.Expr, tangent: ir.Expr, is_kept: bool) -> ir.Expr:
    """The tangent that a function gets with a value: a copy where it is another value's own (`a * 1.0`) and arrays are stored
    into, here or, where it `is_kept`, there. That of a number is a number."""
    kinds = linearizer.kinds
    if kinds.shape(value) == ():
        return tangent
    lent = lenders(tangent, kinds)
    if not lent or lent <= {linearizer.names.tangent(version.name) for version in lent_by(value, kinds)}:
        return tangent
    function = kinds.versions.of_function
    stores = () if function is None else found_in(function, ir.ItemTarget, ir.Assign)
    changes = any(isinstance(node, ir.ItemTarget) or node.augmented is not None for node in stores)
    return copied(tangent, kinds) if changes or is_kept else tangent


def refused_one_shot(refusals: Refusals, call: ir.Call) -> bool:
    """Whether a call is given what can be gone through once only: the call for the tangent would find nothing."""
    given = [arg for arg in call.args if isinstance(arg, ir.Comprehension) and arg.kind == "generator"]
    for arg in given:
        refusals.add("GG106", arg.span, construct="a generator expression")
    return bool(given)
