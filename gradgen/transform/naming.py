"""Replaces values that a backward line spells out although they have a name.

Never names anything itself.
"""
from __future__ import annotations

from collections.abc import Mapping

from gradgen.ir import nodes as ir
from gradgen.simplify.keys import key_of
from gradgen.transform.evaluation import rebuilt


def with_names(lines: list[ir.Stmt], named: Mapping[str, str]) -> list[ir.Stmt]:
    """The assignments of a group with the names for values in them; `named` holds the name for each value, by its key.

    A line that makes a named value is left alone.
    """
    if not named:
        return lines
    result: list[ir.Stmt] = []
    for line in lines:
        if isinstance(line, ir.Assign) and not (isinstance(line.target, ir.NameTarget) and line.target.id in named.values()):
            line = ir.Assign(line.target, _named(line.value, named), line.augmented, span=line.span)
        result.append(line)
    return result


def _named(expr: ir.Expr, named: Mapping[str, str]) -> ir.Expr:
    if isinstance(expr, ir.Op) and expr.op not in ("ifexp", "and", "or"):
        name = named.get(key_of(expr))
        return ir.Name(name) if name is not None else rebuilt(expr, lambda child: _named(child, named))
    return expr
