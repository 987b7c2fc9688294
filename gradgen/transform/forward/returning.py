"""The results of forward mode: value and tangent in the place of a return.

Never decides what a tangent is.
"""
from __future__ import annotations

from gradgen.ir import nodes as ir
from gradgen.rules.carried import ANEW, carried_helper
from gradgen.transform.expressions.terms import Term
from gradgen.transform.forward.settling import Part
from gradgen.transform.forward.statements import Statements
from gradgen.transform.lines.spelling import is_display_of_names


def returned(statements: Statements, stmt: ir.Exit, output: str, guard: list[ir.Stmt], with_value: bool) -> None:
    """Value and tangent in the place of a return."""
    value = stmt.value if stmt.value is not None else ir.Const(None)
    tangents = statements.tangents(output, value)
    names = statements.planner.names
    parts = statements.named(tangents, value)
    lines: list[ir.Stmt] = []
    terms = tangents.whole(value)
    tangent = terms[0].adjoint if len(terms) == 1 and not terms[0].complexity and terms[0].coefficient == 1 else None
    shown: ir.Expr = value
    if isinstance(value, ir.Name) and isinstance(tangent, ir.Name):
        result: ir.Expr = tangent
    elif not terms and isinstance(value, ir.Name | ir.Const):
        result = tangents.zero(value)
    elif is_display_of_names(value) and isinstance(tangent, ir.Display):
        result = tangent
    elif not with_value and (tangent is not None or not terms) and _is_handed_out(value):
        result = tangents.zero(value) if tangent is None else tangent
    else:
        dot = names.tangent(output)
        if value in tangents.pairs:
            assert isinstance(value, ir.Call)
            tangents.kept[value] = dot
        parts.append(Part(ir.NameTarget(dot), terms or [Term(tangents.zero(value))]))
        lines.append(ir.Assign(ir.NameTarget(output), value, span=stmt.span))
        shown, result = ir.Name(output), ir.Name(dot)
    made = statements.settled(tangents, parts, ir.Name(output), output, True)
    edits = statements.planner.edits
    if made.hoists:
        edits.hoists[stmt] = made.hoists
    if statements.may_be_caught(made):
        statements.planner.refusals.add("GG106", stmt.span, construct="a slope that may raise what the try around it catches")
    if statements.planner.is_short and with_value and isinstance(shown, ir.Name):
        edits.needed.add("in_dtypes")
        result = ir.Call(ir.Name("in_dtypes", "global"), (shown, result))
    whole = ir.Display("tuple", (shown, result)) if with_value else result
    edits.replaced[stmt] = [*lines, *made.all, *guard, ir.Exit("return", whole)]


def _is_handed_out(value: ir.Expr) -> bool:
    """Whether a result is computed before it is returned: names, numbers, what a helper puts into the structure of another."""
    if isinstance(value, ir.Display):
        is_each = (isinstance(item, ir.Name | ir.Const) or _is_handed_out(item) for item in value.items)
        return value.kind == "tuple" and all(is_each)
    is_anew = isinstance(value, ir.Call) and carried_helper(value.target) in ANEW
    return is_anew and all(isinstance(arg, ir.Name) for arg in ir.children_of(value) if isinstance(arg, ir.Expr))
