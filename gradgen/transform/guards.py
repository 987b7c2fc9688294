"""The lines by which a text for scalars makes sure that it computes with numbers.

Never says where a derivative does not exist.
"""
from __future__ import annotations

from gradgen.ir import nodes as ir
from gradgen.read.annotations import is_passive
from gradgen.simplify.fold import negated
from gradgen.transform.gradient import ForwardEdits


def result_guard(value: ir.Expr, output: str, edits: ForwardEdits) -> list[ir.Stmt]:
    """A text for scalars makes sure that its result is one, where the value was computed at all."""
    if _is_surely_float(value):
        return []
    edits.needed.add("check_number")
    result = ir.Name(output)
    kind = ir.Call(ir.Name("type", "global"), (result,))
    test = ir.Compare(("isnot",), (kind, ir.Name("float", "global")))
    check = ir.Evaluate(ir.Call(ir.Name("check_number", "global"), (result,)))
    return [ir.Branch(test, (check,), ())]


def guard_parameters(function: ir.Function, containers: frozenset[str], edits: ForwardEdits) -> None:
    """Where the result is not computed, the parameters that enter arithmetic are looked at themselves."""
    body = function.body
    operations = (node for stmt in body for node in ir.walk(stmt) if isinstance(node, ir.Op))
    operands = {arg.id for node in operations for arg in node.args if isinstance(arg, ir.Name)}
    names = [
        parameter.name for parameter in function.parameters
        if parameter.name in operands and parameter.name not in containers
        and parameter.kind in ("positional", "either", "keyword")
        and not is_passive(parameter.annotation) and not isinstance(parameter.default, ir.Const)
    ]
    if not names:
        return
    kinds = tuple(ir.Call(ir.Name("type", "global"), (ir.Name(name),)) for name in names)
    test = ir.Compare(("is",) * len(kinds), (*kinds, ir.Name("float", "global")))
    check = ir.Evaluate(ir.Call(ir.Name("check_number", "global"), tuple(map(ir.Name, names))))
    first = next((stmt for stmt in body if stmt not in edits.dropped), body[0])
    edits.needed.add("check_number")
    line = ir.Branch(negated(test), (check,), ())
    if first in edits.replaced and first not in edits.before:
        edits.replaced[first].insert(0, line)
    else:
        edits.before.setdefault(first, []).insert(0, line)


def _is_surely_float(value: ir.Expr) -> bool:
    """Whether Python makes a float of the value or raises: the result of a function of math, of float()."""
    match value:
        case ir.Op(op="neg" | "pos", args=(inner,)):
            return _is_surely_float(inner)
        case ir.Op(op="float"):
            return True
        case ir.Op(family="math", spelling=str()):
            return value.op not in ("floor", "ceil", "trunc", "pi")
    return False
