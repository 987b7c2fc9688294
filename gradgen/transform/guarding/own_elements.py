"""Refuses what classes say of their instances by themselves where it is read of one that varies: elements, operators.

Never plans a statement.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradgen.analyse.surroundings.classes import record_fields
from gradgen.analyse.surroundings.series import is_polynomial
from gradgen.analyse.surroundings.told import says_its_elements
from gradgen.ir import nodes as ir
from gradgen.transform.planning import Planner

HANDING_ON = frozenset({"ifexp", "and", "or", "not", "is", "isnot", "in", "notin"})
"""Operations that calculate nothing with what they are given."""


def check_own(planner: Planner, stmt: ir.Node, parts: Sequence[ir.Node]) -> None:
    """Refuse the elements of objects whose class says which these are, and operators between objects."""
    is_varied, class_of = planner.activity.is_varied, planner.callees.class_of
    for base in (*_taken_apart(stmt), *(each for part in parts for each in _having_elements(planner, part))):
        known = class_of(base) if is_varied(base) else None
        if known is not None and says_its_elements(known):
            construct = f"the elements of a {known.__name__}, which its class says by itself"
            planner.refusals.add("GG106", base.span, construct=construct)
    for op in (node for part in parts for node in ir.walk(part) if isinstance(node, ir.Op) and node.op not in HANDING_ON):
        named = [arg for arg in op.args if isinstance(arg, ir.Name | ir.Attribute | ir.Item) and is_varied(arg)]
        if any(known is not None and not is_polynomial(known) for known in map(class_of, named)):
            planner.refusals.add("GG115", op.span)


def _taken_apart(stmt: ir.Node) -> tuple[ir.Expr, ...]:
    """What a statement itself reads the elements of."""
    match stmt:
        case ir.Assign(target=ir.TupleTarget(), value=value) | ir.For(iterable=value):
            return (value,)
    return ()


def _having_elements(planner: Planner, part: ir.Node) -> Iterator[ir.Expr]:
    """The expressions in a part of a statement of whose values elements are read."""
    for node in ir.walk(part):
        match node:
            case ir.Item(base=base) | ir.Generator(iterable=base) | ir.Starred(value=base):
                yield base
            case ir.Call(args=args) if record_fields(node.target) is None and planner.callees.site(node) is None:
                yield from args
