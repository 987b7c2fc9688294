"""Replaces values that a backward line spells out although they have a name.

Never names anything itself.
"""
from __future__ import annotations

import operator
import re
from collections.abc import Mapping

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass
from gradgen.simplify.keys import key_of
from gradgen.transform.expressions.evaluation import CHOICES

_BEGINNING = re.compile("[,)]")


@dataclass(frozen=True, slots=True)
class Named:
    """The name for each value, by its key: the names are `given` to values that `operations` make; `begun` is how their keys
    begin, as far as the first operand."""

    names: Mapping[str, str]
    given: frozenset[str]
    operations: frozenset[str]
    begun: frozenset[str]

    @staticmethod
    def of(names: Mapping[str, str]) -> Named:
        begun = frozenset(_BEGINNING.split(key, maxsplit=1)[0] for key in names)
        return Named(names, frozenset(names.values()), frozenset(key.partition("(")[0] for key in names), begun)

    def may_hold(self, expr: ir.Op) -> bool:
        """Whether an operation may be one of the values, as far as can be seen without its whole key."""
        if expr.op not in self.operations:
            return False
        first = expr.args[0] if expr.args else None
        return type(first) is not ir.Name or f"{expr.op}({key_of(first)}" in self.begun


NOTHING = Named.of({})


def with_names(lines: list[ir.Stmt], names: Mapping[str, str], always: Named = NOTHING) -> list[ir.Stmt]:
    """The assignments of a group with the names for values in them; `names` holds the name for each value, by its key, and goes
    before what values are `always` called.

    A line that makes a named value is left alone.
    """
    if not names and not always.names:
        return lines
    own = Named.of(names)

    def named(expr: ir.Expr) -> ir.Expr:
        """The expression with names in it; itself where it holds none of the values."""
        if not isinstance(expr, ir.Op) or expr.op in CHOICES:
            return expr
        if own.may_hold(expr) or always.may_hold(expr):
            key = key_of(expr)
            if (name := own.names.get(key) or always.names.get(key)) is not None:
                return ir.Name(name)
        args = tuple([named(arg) for arg in expr.args])
        if not expr.keywords and all(map(operator.is_, args, expr.args)):
            return expr
        keywords = tuple([(name, named(value)) for name, value in expr.keywords])
        return ir.Op(expr.op, args, keywords, expr.spelling, expr.family)

    result: list[ir.Stmt] = []
    for line in lines:
        target = line.target if isinstance(line, ir.Assign) else None
        is_given = isinstance(target, ir.NameTarget) and (target.id in own.given or target.id in always.given)
        if isinstance(line, ir.Assign) and not is_given:
            value = named(line.value)
            line = line if value is line.value else ir.Assign(line.target, value, line.augmented, span=line.span)
        result.append(line)
    return result
