"""Reads calls that say where their result goes (`out=`, `where=`) or of which dtype it is, and `np.add.reduce` and its like.

Never stores: what a statement stores is read by storing.py.
"""
from __future__ import annotations

import ast
import copy
from collections.abc import Mapping
from typing import Any, Protocol

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.read.resolve import MISSING
from gradgen.rules.spelling import operation_of
from gradgen.rules.whole.tables import METHODS

FLOATS = frozenset({"float", "np.float64", "numpy.float64", "np.double"})
OF_UFUNCS: Mapping[str, Mapping[str, str]] = {
    "reduce": {
        "add": "array_sum", "mul": "array_prod", "maximum": "array_max", "minimum": "array_min", "logical_or": "array_any",
        "logical_and": "array_all", "logaddexp": "logsumexp",
    },
    "accumulate": {"add": "cumsum", "mul": "cumprod", "maximum": "running_max", "minimum": "running_min"},
}
"""What repeating a function of two values along an axis, the first if none is named, is called."""
ARGUMENTS = ("axis", "dtype", "out", "keepdims", "initial", "where")


class Lowering(Protocol):
    """What reads expressions."""

    def resolve(self, node: ast.expr) -> Any: ...
    def expr(self, node: ast.expr) -> ir.Expr: ...
    def call(self, node: ast.Call) -> ir.Expr: ...


def unread(expr: ir.Expr) -> ir.Expr:
    """A value that the text at hand does not read: what stands in an array before, or what no text says."""
    return replace(expr, span=None)


def out_of(node: ast.Call, target: Any) -> tuple[ast.Call, ast.expr] | None:
    """A call without the array that takes its result, and that array; None where there is none."""
    if target is MISSING:
        is_known = isinstance(node.func, ast.Attribute) and node.func.attr in METHODS
    else:
        is_known = operation_of(target) is not None
    if not is_known or any(isinstance(arg, ast.Starred) for arg in node.args):
        return None
    rest = copy.copy(node)
    out = next((keyword.value for keyword in node.keywords if keyword.arg == "out"), None)
    rest.keywords = [keyword for keyword in node.keywords if keyword.arg != "out"]
    count = getattr(target, "nin", None)
    if out is None and type(target).__name__ == "ufunc" and isinstance(count, int) and len(node.args) == count + 1:
        out, rest.args = node.args[-1], node.args[:-1]
    if isinstance(out, ast.Tuple) and len(out.elts) == 1:
        out = out.elts[0]
    return None if out is None or isinstance(out, ast.Constant) else (rest, out)


def result_of(rest: ast.Call, out: ast.expr | None, lowering: Lowering) -> ir.Expr | None:
    """What a call gives, or leaves in `out`, for which no text stands; None where its keywords are not known."""
    target = lowering.resolve(rest.func)
    plain = copy.copy(rest)
    mask = None
    if type(target).__name__ == "ufunc":
        mask = next((keyword.value for keyword in rest.keywords if keyword.arg == "where"), None)
        dtypes = [keyword.value for keyword in rest.keywords if keyword.arg == "dtype"]
        if any(ast.unparse(dtype) not in FLOATS for dtype in dtypes):
            return None
        plain.keywords = [keyword for keyword in rest.keywords if keyword.arg not in ("where", "dtype", "casting")]
    value = lowering.call(plain)
    if not isinstance(value, ir.Op | ir.Call):
        return None
    value = replace(value, span=None)
    if mask is None:
        return value
    return None if out is None else ir.Op("where", (lowering.expr(mask), value, unread(lowering.expr(out))), family="numpy")



def settled_value(node: ast.Call, lowering: Lowering, span: ir.Span) -> ir.Expr | None:
    """The value of a call whose result goes into a new array, or that names a dtype: `np.exp(x, out=np.zeros(4), where=m)`."""
    target = lowering.resolve(node.func)
    found = out_of(node, target)
    is_ufunc = type(target).__name__ == "ufunc" and operation_of(target) is not None
    if found is None and not (is_ufunc and any(keyword.arg in ("dtype", "casting") for keyword in node.keywords)):
        return None
    rest, out = found if found is not None else (node, None)
    if out is not None and not isinstance(out, ast.Call):
        return None
    value = result_of(rest, out, lowering)
    return None if value is None else replace(value, span=span)


def of_ufunc(node: ast.Call, lowering: Lowering, span: ir.Span) -> ir.Expr | None:
    """`np.add.reduce(x, axis=0)`, `np.add.accumulate(x)`, `np.add.outer(x, y)`, `np.add.reduceat(x, starts)`."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in ("reduce", "accumulate", "outer", "reduceat"):
        return None
    target = lowering.resolve(node.func.value)
    operation = operation_of(target) if type(target).__name__ == "ufunc" else None
    if operation is None or any(isinstance(arg, ast.Starred) for arg in node.args):
        return None
    if node.func.attr == "outer":
        if len(node.args) != 2 or node.keywords:
            return None
        left, right = map(lowering.expr, node.args)
        return ir.Op(operation, (ir.Op("outer_left", (left, right), family="numpy"), right), family="numpy", span=span)
    if node.func.attr == "reduceat":
        return _over_stretches(node, lowering, span) if operation == "add" else None
    name = OF_UFUNCS[node.func.attr].get(operation)
    if name is None or not node.args or len(node.args) > 2:
        return None
    given = {"axis": node.args[1]} if len(node.args) == 2 else {}
    given |= {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg is not None}
    if not given.keys() <= set(ARGUMENTS) or name == "logsumexp" and not given.keys() <= {"axis", "keepdims"}:
        return None
    axis = lowering.expr(given.pop("axis")) if "axis" in given else ir.Const(0)
    keywords = (("axis", axis), *((key, lowering.expr(value)) for key, value in given.items()))
    family = "scipy.special" if name == "logsumexp" else "numpy"
    return ir.Op(name, (lowering.expr(node.args[0]),), keywords, family=family, span=span)


def _over_stretches(node: ast.Call, lowering: Lowering, span: ir.Span) -> ir.Expr | None:
    """`np.add.reduceat(x, starts, axis=0)`."""
    given = dict(zip(("array", "indices", "axis"), node.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg is not None}
    is_each_once = len(given) == len(node.args) + len(node.keywords)
    if not {"array", "indices"} <= given.keys() <= {"array", "indices", "axis"} or not is_each_once:
        return None
    axis = lowering.expr(given["axis"]) if "axis" in given else ir.Const(0)
    operands = lowering.expr(given["array"]), lowering.expr(given["indices"])
    return ir.Op("sums_between", operands, (("axis", axis),), family="numpy", span=span)
