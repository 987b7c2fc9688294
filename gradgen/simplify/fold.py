"""Builds expressions with zeros and ones folded, signs pulled together, and nothing rounded: what a person would write.

Never reorders operands, and folds floats only where the result is exact in decimals.
"""
from __future__ import annotations

from gradgen.ir import nodes as ir
from gradgen.simplify.decimals import difference


def number(value: int | float) -> ir.Const:
    """A literal."""
    return ir.Const(value)


def is_number(expr: ir.Expr, value: int | float) -> bool:
    """Whether an expression is that literal; True is no 1."""
    return isinstance(expr, ir.Const) and type(expr.value) in (int, float) and bool(expr.value == value)


def neg(expr: ir.Expr) -> ir.Expr:
    match expr:
        case ir.Op(op="neg", args=(inner,)):
            return inner
        case ir.Op(op="sub", args=(left, right)):
            return ir.Op("sub", (right, left))
        case ir.Op(op="mul" | "div" as op, args=(left, right)):
            return ir.Op(op, (neg(left), right))
        case ir.Const(value=int() | float() as value) if not isinstance(value, bool):
            return ir.Const(-value)
    return ir.Op("neg", (expr,))


def add(left: ir.Expr, right: ir.Expr) -> ir.Expr:
    if is_number(left, 0):
        return right
    if is_number(right, 0):
        return left
    if isinstance(right, ir.Op) and right.op == "neg":
        return sub(left, right.args[0])
    if isinstance(left, ir.Const) and isinstance(right, ir.Const) and _are_ints(left, right):
        return number(left.value + right.value)
    return ir.Op("add", (left, right))


def sub(left: ir.Expr, right: ir.Expr) -> ir.Expr:
    if is_number(right, 0):
        return left
    if is_number(left, 0):
        return neg(right)
    if isinstance(right, ir.Op) and right.op == "neg":
        return add(left, right.args[0])
    if isinstance(left, ir.Const) and isinstance(right, ir.Const):
        if _are_ints(left, right):
            return number(left.value - right.value)
        if _are_numbers(left, right) and (found := difference(left.value, right.value)) is not None:
            return number(found)
    match left, right:
        case ir.Op(op="div", args=(ir.Const() as above, ir.Const() as below), spelling=None), ir.Const() if (
            _are_ints(above, below) and _are_ints(below, right)
        ):
            return ir.Op("div", (number(above.value - right.value * below.value), below))  # `1 / 3 - 1` is `-2 / 3`
    return ir.Op("sub", (left, right))


def mul(left: ir.Expr, right: ir.Expr) -> ir.Expr:
    if is_number(left, 1):
        return right
    if is_number(right, 1):
        return left
    if isinstance(left, ir.Const) and isinstance(right, ir.Const) and _are_ints(left, right):
        return number(left.value * right.value)
    return ir.Op("mul", (left, right))


def div(left: ir.Expr, right: ir.Expr) -> ir.Expr:
    if is_number(right, 1):
        return left
    return ir.Op("div", (left, right))


def power(base: ir.Expr, exponent: ir.Expr) -> ir.Expr:
    if is_number(exponent, 1):
        return base
    if is_number(exponent, 0):
        return number(1)
    return ir.Op("pow", (base, exponent))


def negated(test: ir.Expr) -> ir.Expr:
    """The test that holds where `test` does not. Comparisons are not turned round: NaN fails both ways."""
    if isinstance(test, ir.Op) and test.op == "not":
        return test.args[0]
    return ir.Op("not", (test,))


def fold(expr: ir.Expr) -> ir.Expr:
    """The expression with its own top operation folded."""
    match expr:
        case ir.Op(op="add", args=(left, right)):
            return add(left, right)
        case ir.Op(op="sub", args=(left, right)):
            return sub(left, right)
        case ir.Op(op="mul", args=(left, right)):
            return mul(left, right)
        case ir.Op(op="div", args=(left, right)):
            return div(left, right)
        case ir.Op(op="pow", args=(left, right)):
            return power(left, right)
        case ir.Op(op="neg", args=(inner,)) if isinstance(inner, (ir.Const, ir.Op)):
            return neg(inner)
    return expr


def _are_ints(left: ir.Const, right: ir.Const) -> bool:
    return type(left.value) is int and type(right.value) is int


def _are_numbers(left: ir.Const, right: ir.Const) -> bool:
    return type(left.value) in (int, float) and type(right.value) in (int, float)


def same(left: ir.Node, right: ir.Node) -> bool:
    """Whether two expressions are written alike (spans and spellings apart)."""
    if left is right:
        return True
    if type(left) is not type(right):
        if isinstance(left, ir.Value) and isinstance(right, ir.Name | ir.Const):
            return same(left.of, right)
        return isinstance(right, ir.Value) and isinstance(left, ir.Name | ir.Const) and same(left, right.of)
    if isinstance(left, ir.Name) and isinstance(right, ir.Name):
        return left.id == right.id and left.scope == right.scope
    match left, right:
        case ir.Value(of=a), ir.Value(of=b):
            return same(a, b)
        case ir.Const(value=a_value), ir.Const(value=b_value):
            return type(a_value) is type(b_value) and repr(a_value) == repr(b_value)
        case ir.Op(op=a_op, args=a_args, keywords=a_named), ir.Op(op=b_op, args=b_args, keywords=b_named):
            if a_op != b_op or len(a_args) != len(b_args) or len(a_named) != len(b_named) or not all(map(same, a_args, b_args)):
                return False
            return all(name == other and same(a, b) for (name, a), (other, b) in zip(a_named, b_named, strict=True))
        case ir.Item(base=a_base, index=a_index), ir.Item(base=b_base, index=b_index):
            return same(a_base, b_base) and same(a_index, b_index)
        case ir.Attribute(base=a_base, name=a_name), ir.Attribute(base=b_base, name=b_name):
            return a_name == b_name and same(a_base, b_base)
        case ir.Compare(ops=a_ops, operands=a_operands), ir.Compare(ops=b_ops, operands=b_operands):
            return a_ops == b_ops and len(a_operands) == len(b_operands) and all(map(same, a_operands, b_operands))
        case ir.Slice() as a, ir.Slice() as b:
            parts = zip((a.lower, a.upper, a.step), (b.lower, b.upper, b.step), strict=True)
            return all(one is other or one is not None and other is not None and same(one, other) for one, other in parts)
        case ir.Display(kind="tuple", items=a_items), ir.Display(kind="tuple", items=b_items):
            return len(a_items) == len(b_items) and all(map(same, a_items, b_items))
    return False
