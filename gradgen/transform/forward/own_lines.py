"""Gives a long tangent of a part of an expression a line and a name of its own.

Never finds a tangent.
"""
from __future__ import annotations

from gradgen.ir import nodes as ir
from gradgen.transform.expressions.contributions import Temporary
from gradgen.transform.expressions.local import Linearizer
from gradgen.transform.expressions.terms import Term
from gradgen.transform.lines.spelling import together

LONG = 2
WIDE = 70
"""The characters from which on a tangent makes the line hard to read in which it stands as a part."""
SIGN = 3  # the characters of an operator


def on_own_line(
    operand: ir.Expr, terms: list[Term], guards: tuple[ir.Expr, ...], linearizer: Linearizer, is_summand: bool
) -> list[Term]:
    """A long tangent of a numerator or denominator gets a line: `num_dot`, `den_dot`; one of another part where it is wide, as
    what is made of it would not fit on a line, but for a summand, which does not grow."""
    role = linearizer.roles.get(operand)
    if not terms or isinstance(operand, ir.Name):
        return terms
    if role is None or len(terms) < 2 or sum(term.complexity for term in terms) < LONG:
        if is_summand or any(term.guards for term in terms) or _width(together(terms)) < WIDE:
            return terms
    name = linearizer.names.of_tangent(operand, role)
    linearizer.found.temporaries.append(Temporary(name, together(terms), guards, operand))
    return [Term(ir.Name(name))]


def _width(expr: ir.Node) -> int:
    """About how many characters an expression takes, its inner values by name."""
    match expr:
        case ir.Name(id=name):
            return len(name)
        case ir.Const(value=value):
            return len(repr(value))
        case ir.Value(of=ir.Name() | ir.Const() as named):
            return _width(named)
        case ir.Value(of=inner):
            return min(_width(inner), 2 * SIGN)
        case ir.Op(op=op, args=args, spelling=spelling):
            return sum(map(_width, args)) + SIGN * (len(args) - 1) + (len(spelling or op) + 2 if spelling else 0)
    return sum(_width(part) for part in ir.children_of(expr)) + SIGN
