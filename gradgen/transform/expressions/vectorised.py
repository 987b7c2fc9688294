"""Choices and truths entry by entry: `a if t else b` on arrays is `np.where(t, a, b)`, `s and t` is `s & t`.

Never touches what is about numbers.
"""
from __future__ import annotations

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import Kind
from gradgen.transform.expressions.evaluation import rebuilt


def vectorised(expr: ir.Expr, kinds: Kinds) -> ir.Expr:
    """An expression of a rule, its choices made entry by entry where they are between arrays."""
    match expr:
        case ir.Name() | ir.Const() | ir.Value():
            return expr
        case ir.Op(op="ifexp", args=(test, then, orelse)) if kinds.shape(test) != ():
            parts = tuple(vectorised(part, kinds) for part in (test, then, orelse))
            if _is_sign(test, then, orelse):
                return ir.Op("sign", (_subject(test),), family="numpy")
            return ir.Op("where", parts, family="numpy")
        case ir.Op(op="and" | "or" as op, args=args) if any(kinds.shape(arg) != () for arg in args):
            result = vectorised(args[0], kinds)
            for arg in args[1:]:
                result = ir.Op("bitand" if op == "and" else "bitor", (result, vectorised(arg, kinds)))
            return result
        case ir.Op(op="not", args=(inner,)) if kinds.shape(inner) != ():
            kind, part = kinds.of(inner), vectorised(inner, kinds)
            is_truth = isinstance(kind, Kind) and kind.dtype == "bool" and bool(kind.shape)  # ~True is -2
            return ir.Op("invert", (part,)) if is_truth else ir.Op("logical_not", (part,), family="numpy")
        case ir.Compare(ops=(_, _, *_) as ops, operands=operands) if kinds.shape(expr) != ():
            pairs = zip(ops, operands, operands[1:], strict=False)
            first, *rest = (ir.Compare((op,), (left, right)) for op, left, right in pairs)
            whole: ir.Expr = first
            for each in rest:
                whole = ir.Op("bitand", (whole, each))
            return whole
    return rebuilt(expr, lambda part: vectorised(part, kinds))


def chosen_where(test: ir.Expr, value: ir.Expr) -> ir.Expr:
    """`value` where the test holds, exactly 0 elsewhere."""
    if isinstance(test, ir.Op) and test.op in ("not", "invert", "logical_not"):
        return ir.Op("where", (test.args[0], ir.Const(0), value), family="numpy")
    return ir.Op("where", (test, value, ir.Const(0)), family="numpy")


def _is_sign(test: ir.Expr, then: ir.Expr, orelse: ir.Expr) -> bool:
    """`1 if x > 0 else -1 if x < 0 else 0`."""
    match test, then, orelse:
        case (
            ir.Compare(ops=("gt",), operands=(_, ir.Const(value=0))), ir.Const(value=1),
            ir.Op(op="ifexp", args=(ir.Compare(ops=("lt",)), ir.Const(value=-1), ir.Const(value=0))),
        ):
            return True
    return False


def _subject(test: ir.Expr) -> ir.Expr:
    assert isinstance(test, ir.Compare)
    return test.operands[0]
