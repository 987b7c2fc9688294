"""Where two values of a function are equal: what tells such places apart, so that two kinks are known to lie at one.

Never says what a function does there.
"""
from __future__ import annotations

from collections.abc import Mapping

from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir
from gradgen.ir.queries import is_zero, unwrapped

# Whether a value that is equal to the bound counts as one above it.
COUNTS_AS_ABOVE: Mapping[str, bool] = {"lt": True, "ge": True, "gt": False, "le": False}
MIRRORED: Mapping[str, str] = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le"}
COMPUTED = (ir.Op, ir.Name, ir.Const, ir.Attribute)

Side = tuple[str, ...]
"""One side of a test: how it is written, and the versions of what it reads."""
Meeting = tuple[Side, Side]
"""Two values that are equal, always in one order."""


def side_of(expr: ir.Expr, versions: Versions) -> Side | None:
    """What tells two sides apart; None where a variable's version is not known, as in a comprehension."""
    found: list[str] = []
    for node in ir.walk(expr):
        match node:
            case ir.Name(id=name, scope="local"):
                version = versions.of_read.get(node)
                if version is None:
                    return None
                found.append(f"{name} {version.index}")
            case ir.Name(id=name) | ir.Attribute(name=name) | ir.Op(op=name):
                found.append(f"{type(node).__name__} {name} {len(ir.children_of(node))}")
            case ir.Const(value=value):
                found.append(repr(float(value)) if type(value) is int and abs(value) < 2**53 else repr(value))
    return tuple(found)


def apart_from_zero(left: ir.Expr, right: ir.Expr) -> tuple[ir.Expr, ir.Expr]:
    """Two values that meet where others do, in the order of these: 0 and `a` for `-a` and 0, `a` and `b` for `a - b` and 0."""
    left, right = unwrapped(left), unwrapped(right)
    match left, right:
        case (ir.Op(op="sub", args=(one, other)), _) if is_zero(right):
            return apart_from_zero(one, other)
        case (ir.Op(op="neg", args=(one,)), _) if is_zero(right):
            return apart_from_zero(right, one)
        case (_, ir.Op(op="sub", args=(one, other))) if is_zero(left):
            return apart_from_zero(other, one)
        case (_, ir.Op(op="neg", args=(one,))) if is_zero(left):
            return apart_from_zero(one, left)
    return left, right


def meeting(left: ir.Expr, right: ir.Expr, versions: Versions) -> tuple[Meeting, bool] | None:
    """Where two values are equal, and whether they are named in the other order there: `a - b` meets 0 where a meets b, and -a
    where a does. None for what is not computed from variables and numbers."""
    left, right = apart_from_zero(left, right)
    if not all(isinstance(part, (*COMPUTED, ir.Value)) for side in (left, right) for part in ir.walk(side)):
        return None
    first, second = side_of(left, versions), side_of(right, versions)
    if first is None or second is None or first == second:
        return None
    return ((second, first), True) if second < first else ((first, second), False)
