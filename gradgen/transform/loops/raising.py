"""Which exceptions evaluating an expression may raise: what may be computed earlier than the user's text does, order unseen.

Never looks at where a value is used; shapes that do not fit each other are left out, since they fail in any order.
"""
from __future__ import annotations

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.kinds.indexing import is_none, parts_of
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import Kind
from gradgen.rules.registry import rules_for, shape_of
from gradgen.transform.expressions.evaluation import is_silent

ANYTHING = "Exception"
ATTRIBUTES = frozenset({"T", "ndim", "shape", "size"})
SILENT_SUMS = frozenset({"array_sum", "mean", "sum"})  # of arrays, which may be empty


def may_swap(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether nobody can tell in which order two expressions are evaluated: at most one raises, or both raise the same."""
    return not first or not second or first == second != {ANYTHING}


def raised_by(expr: ir.Expr, kinds: Kinds | None) -> frozenset[str]:
    """The names of the exceptions that evaluating an expression may raise; `ANYTHING` where that is open, or effects are seen."""
    parts = _called_with(expr) if isinstance(expr, ir.Call) else ir.children_of(expr)
    inner = (raised_by(part, kinds) for part in parts if isinstance(part, ir.Expr))
    return raised_at(expr, kinds).union(*inner)


def _called_with(call: ir.Call) -> list[ir.Expr]:
    """What a call evaluates beside what is called, which `raised_at` judges."""
    return [*call.args, *(value for _, value in call.keywords)]


def raised_at(node: ir.Expr, kinds: Kinds | None) -> frozenset[str]:
    """The exceptions that the last step of evaluating an expression may raise, its parts having been evaluated."""
    if is_silent(node):
        return frozenset()
    if isinstance(node, ir.Item) and isinstance(node.base, ir.Name) and isinstance(node.index, ir.Const):
        if kinds is None or not kinds.has_arrays:  # what one element raises that is missing, another one does
            return frozenset({f"{node.base.id}[]"})
    if kinds is None or not kinds.has_arrays:
        return frozenset({ANYTHING})
    if isinstance(node, ir.Attribute) and node.name in ATTRIBUTES and is_floats(kinds.of(node.base)):
        return frozenset()
    match node:
        case ir.Item(base=ir.Attribute(base=base, name="shape"), index=ir.Const(value=int(place))) if is_floats(kinds.of(base)):
            return frozenset() if place < len(kinds.shape(base) or ()) else frozenset({"IndexError"})
    match kinds.operation(node) or node:
        case ir.Slice() | ir.Display(kind="tuple"):
            return frozenset()
        case ir.Op(op=op, args=(first,), keywords=keywords) if op in SILENT_SUMS:
            is_known = {name for name, _ in keywords} <= {"axis", "keepdims"} and kinds.shape(node) is not None
            return frozenset() if is_known and is_floats(kinds.of(first)) else frozenset({ANYTHING})
        case ir.Op(op=op, keywords=()) if rules_for(op) and shape_of(op) is None:
            return frozenset() if is_floats(kinds.of(node)) else frozenset({ANYTHING})
        case ir.Item(base=base, index=index) if is_floats(kinds.of(base)):
            parts = [part for part in parts_of(index) if not is_none(part)]
            if len(parts) > len(kinds.shape(base) or ()) or not all(isinstance(part, ir.Slice | ir.Const) for part in parts):
                return frozenset({ANYTHING})
            return frozenset() if all(isinstance(part, ir.Slice) for part in parts) else frozenset({"IndexError"})
        case ir.Call(func=ir.Name(id="len", scope="global"), args=(ir.Name() as arg,)) if is_floats(kinds.of(arg)):
            return frozenset()
    return frozenset({ANYTHING})


def is_floats(kind: object) -> bool:
    """Whether a value is an array of floats, whose arithmetic gives inf or nan where Python's raises."""
    return isinstance(kind, Kind) and bool(kind.shape) and kind.dtype == "float"
