"""Refuses operations of NumPy whose results are whole numbers though what varies goes into them: it is cut off there.

Never looks at stores; cut_stores does.
"""
from __future__ import annotations

from collections.abc import Mapping

from gradgen.ir import nodes as ir
from gradgen.ir.finding import ARITHMETIC, found_in
from gradgen.ir.kinds import Holder, Kind
from gradgen.rules.registry import bind
from gradgen.transform.planning import Planner

KINDS = "iub"
CODES = ("int", "uint", "bool", "byte", "i", "u", "b", "?", "h", "l", "q", "p")
FLOATS = frozenset({"half", "longdouble"})
"""How the texts for dtypes of whole numbers and truths begin, and those for others that begin like them."""
CONVERTING = frozenset({"array", "asarray", "astype", "full", "full_like", "require", "contiguous", "int"})
"""Operations whose rows know of their dtype."""
LIKE_FIRST: Mapping[str, tuple[str, ...]] = {
    "insert": ("v",), "pad": ("constant_values", "end_values"), "array_sum": ("initial",), "sum": ("initial",),
    "array_prod": ("initial",), "prod": ("initial",),
}
"""Operations whose result has the dtype of their first operand, and the operands that are cut off to it."""


def refuse_cut_results(planner: Planner, function: ir.Function) -> None:
    """Every operation of a function that cuts off what varies: by its `dtype`, or as its first operand holds whole numbers."""
    for node in found_in(function, ir.Op, ir.Call):
        if isinstance(node, ir.Op) and node.op in ARITHMETIC and not node.keywords:
            continue
        if planner.activity.is_varied(node) and (reason := _cut(node, planner)):
            planner.refusals.add("GG106", node.span, construct=f"{reason}, which cuts what varies off to whole numbers")


def _cut(node: ir.Op | ir.Call, planner: Planner) -> str | None:
    """What cuts a result off; None where nothing does."""
    kinds, activity = planner.arrays.kinds, planner.activity
    op = kinds.operation(node)
    bound = None if op is None else bind(op.op, op.args, op.keywords, op.family)
    operands = {name: parts[0] for name, parts in bound.items() if parts} if bound is not None else {}
    operands |= {name: value for name, value in node.keywords if name is not None}
    own = kinds.of(node)
    if op is not None and op.op in CONVERTING and isinstance(own, Kind) and own.dtype in ("int", "bool"):
        return None
    if "dtype" in operands and _is_whole(operands["dtype"], planner):
        return "a dtype of whole numbers"
    if op is None or op.op not in LIKE_FIRST or not op.args:
        return None
    kind = kinds.of(op.args[0])
    held = kind.at(...) if isinstance(kind, Holder) else kind
    holds_whole = isinstance(held, Kind) and held.dtype in ("int", "bool") or _is_of_whole_constants(op.args[0])
    is_cut = any(activity.is_varied(operands[name]) for name in LIKE_FIRST[op.op] if name in operands)
    return "an array of whole numbers" if holds_whole and is_cut else None


def _is_whole(dtype: ir.Expr, planner: Planner) -> bool:
    """Whether a dtype is one of whole numbers or truths, as far as that is known."""
    if isinstance(dtype, ir.Call) and getattr(dtype.target, "__name__", "") == "dtype" and dtype.args:
        return _is_whole(dtype.args[0], planner)
    value = dtype.value if isinstance(dtype, ir.Const) else planner.callees.live(dtype)
    if isinstance(value, str):
        code = value.lstrip("<>=|")
        return code.startswith(CODES) and code not in FLOATS
    if isinstance(value, type):
        return any(base.__name__ in ("int", "bool", "integer", "bool_") for base in value.__mro__)
    kind = getattr(value, "kind", None)
    return isinstance(kind, str) and kind in KINDS


def _is_of_whole_constants(expr: ir.Expr) -> bool:
    """Whether a list of numbers is written there, all of them whole."""
    if isinstance(expr, ir.Display):
        return bool(expr.items) and all(map(_is_of_whole_constants, expr.items))
    return isinstance(expr, ir.Const) and isinstance(expr.value, int)
