"""Values that have no name in the forward part, computed again by backward lines of their own.

Never decides whether backward lines read a value.
"""
from __future__ import annotations

from collections.abc import Sequence

from gradgen.ir import nodes as ir
from gradgen.transform.contributions import Temporary
from gradgen.transform.evaluation import rebuilt
from gradgen.transform.plans import Hoist

SUMMING = (sum, len, zip, enumerate, range, reversed)
PARTS = (ir.Op, ir.Name, ir.Const, ir.Item, ir.Slice, ir.Call, ir.Comprehension, ir.Generator, ir.NameTarget, ir.TupleTarget)


def are_lines(hoists: Sequence[Hoist]) -> bool:
    """Whether all values can be computed by lines of their own: nothing of them is kept by a callee."""
    return all(hoist.kept is None and hoist.style in ("line", "again") for hoist in hoists)


def may_be_summed_again(hoist: Hoist, unstable: frozenset[str]) -> bool:
    """Whether a value is made by arithmetic and sums over containers which stay as they are: it may be computed again later."""
    inside = ir.walk(hoist.expr)
    own = {node.id for node in inside if isinstance(node, ir.NameTarget)}
    is_plain = all(any(node.target is known for known in SUMMING) for node in inside if isinstance(node, ir.Call))
    read = {node.id for node in inside if isinstance(node, ir.Name)} - own
    return is_plain and are_lines([hoist]) and all(isinstance(node, PARTS) for node in inside) and not read & unstable


def lines_again(hoists: Sequence[Hoist]) -> list[Temporary]:
    """The values as lines, each in terms of the names of those before it."""
    again = {hoist.expr: hoist.name for hoist in hoists}

    def spelled(expr: ir.Expr) -> ir.Expr:
        return ir.Name(again[expr]) if expr in again else rebuilt(expr, spelled)

    return [Temporary(hoist.name, rebuilt(hoist.expr, spelled), ()) for hoist in hoists if hoist.style == "line"]
