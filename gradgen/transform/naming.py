"""Replaces values that a backward line spells out although they have a name.

Never names anything itself.
"""
from __future__ import annotations

import operator
from collections.abc import Container, Mapping

from gradgen.ir import nodes as ir
from gradgen.simplify.keys import key_of
from gradgen.transform.evaluation import CHOICES, rebuilt


def with_names(lines: list[ir.Stmt], named: Mapping[str, str]) -> list[ir.Stmt]:
    """The assignments of a group with the names for values in them; `named` holds the name for each value, by its key.

    A line that makes a named value is left alone.
    """
    if not named:
        return lines
    operations = {key.partition("(")[0] for key in named}
    result: list[ir.Stmt] = []
    for line in lines:
        if isinstance(line, ir.Assign) and not (isinstance(line.target, ir.NameTarget) and line.target.id in named.values()):
            value = _named(line.value, named, operations)
            line = line if value is line.value else ir.Assign(line.target, value, line.augmented, span=line.span)
        result.append(line)
    return result


def _named(expr: ir.Expr, named: Mapping[str, str], operations: Container[str]) -> ir.Expr:
    """The expression with names in it; itself where it holds none of the values. `operations` are those that make these."""
    if not isinstance(expr, ir.Op) or expr.op in CHOICES:
        return expr
    if expr.op in operations and (name := named.get(key_of(expr))) is not None:
        return ir.Name(name)
    args = [_named(arg, named, operations) for arg in expr.args]
    if not expr.keywords and all(map(operator.is_, args, expr.args)):
        return expr
    return rebuilt(expr, lambda child: _named(child, named, operations))
