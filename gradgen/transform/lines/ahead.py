"""What stands left of a value that is to get a line of its own: it may have to get one too, for the order of evaluation to stay.

Never names anything.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.transform.loops.raising import raised_at

Order = Mapping[ir.Expr, int]  # the place of each value of a statement in the order of evaluation


def evaluated_before(expr: ir.Expr, order: Order, named: Iterable[ir.Expr], kinds: Kinds | None) -> list[ir.Expr]:
    """The largest sub-expressions that are evaluated before `expr` and can raise or have an effect; those `named` are done. None
    where it is written in another statement, and computed once more."""
    if not _stands_in(expr, *list(order)[-1:]):
        return []
    place = order.get(expr, len(order))
    inside = set(ir.walk(expr))
    done = {node for each in named for node in ir.walk(each)}
    found = [
        node for node, index in order.items()
        if index < place and node not in inside and node not in done and raised_at(node, kinds)
    ]
    return [node for node in found if not any(node is not other and node in set(ir.walk(other)) for other in found)]


def _stands_in(part: ir.Expr, whole: ir.Expr) -> bool:
    """Whether the text of a part is within that of the whole."""
    if part.span is None or whole.span is None:
        return True
    return whole.span.start <= part.span.start and part.span.end <= whole.span.end


def operand_with(part: ir.Expr, later: ir.Expr, order: Order) -> ir.Expr:
    """The largest operation that takes a part of something and is complete before another value: `a.x * a.y` in
    `a.x * a.y / later`."""
    if isinstance(part, ir.Op | ir.Call):
        return part
    around = (node for node in order if isinstance(node, ir.Op) and part in set(ir.walk(node)))
    return max((node for node in around if later not in set(ir.walk(node))), key=lambda node: order[node], default=part)


def may_stand_alone(expr: ir.Expr, order: Order, kinds: Kinds | None) -> bool:
    """Whether a value may get a line of its own for that: an operation, or a number that is taken out of a container."""
    if expr.span is None or isinstance(expr, ir.Op | ir.Call):
        return expr.span is not None
    is_part = isinstance(expr, ir.Item | ir.Attribute) and isinstance(expr.base, ir.Name) and expr.base.scope == "local"
    is_operand = any(isinstance(node, ir.Op) and node.spelling is None and expr in node.args for node in order)
    return is_part and is_operand and (kinds is None or not kinds.may_be_array(expr))
