"""A plan with one adjoint under another name, for statements that make a variable anew from its own old parts.

Never changes a plan in place.
"""
from __future__ import annotations

from typing import TypeVar

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.ir.queries import is_name
from gradgen.transform.expressions.contributions import CallLine, Temporary
from gradgen.transform.expressions.evaluation import rebuilt
from gradgen.transform.expressions.terms import Term
from gradgen.transform.lines.plans import Loop, Plan, Update

Line = TypeVar("Line", Temporary, CallLine, Update, Temporary | CallLine, Temporary | CallLine | Update)


def rebuilt_from_parts(plan: Plan, containers: frozenset[str]) -> list[str]:
    """The variables that a statement binds anew and whose old adjoint it also adds to piece by piece."""
    piecewise = {base for loop in plan.loops for base in _bases_of(loop)}
    parts = [update for update in plan.updates if update.is_container or update.base in containers]
    piecewise |= {update.base for update in parts if not _is_handed_on(update, parts)}
    return sorted(set(plan.killed) & piecewise)


def _is_handed_on(update: Update, others: list[Update]) -> bool:
    """Whether all that an adjoint gets is one term for the whole of it."""
    is_whole = not update.path and len(update.terms) == 1 and not update.terms[0].guards
    return is_whole and sum(other.base == update.base for other in others) == 1


def _bases_of(loop: Loop) -> set[str]:
    own = {node.id for generator in loop.generators for node in ir.walk(generator.target) if isinstance(node, ir.NameTarget)}
    return (loop.inner.contributed - own) | {base for _, base, _ in loop.items}


def with_name(line: Line, old: str, new: str) -> Line:
    """A line with every read of the adjoint `old` made one of `new`."""

    def expr(value: ir.Expr) -> ir.Expr:
        if is_name(value, old):
            return ir.Name(new)
        return rebuilt(value, expr)

    def term(value: Term) -> Term:
        return value if value.adjoint is None else replace(value, adjoint=expr(value.adjoint))

    if isinstance(line, CallLine):
        return replace(line, keywords=tuple((name, expr(given)) for name, given in line.keywords))
    if isinstance(line, Temporary):
        return replace(line, value=expr(line.value))
    return replace(line, terms=tuple(map(term, line.terms)))


def with_adjoint_renamed(plan: Plan, old: str, new: str) -> Plan:
    """The plan with every read of the adjoint `old` made one of `new`."""
    return replace(
        plan,
        temporaries=[with_name(each, old, new) for each in plan.temporaries],
        updates=[with_name(each, old, new) for each in plan.updates],
        loops=[replace(loop, inner=with_adjoint_renamed(loop.inner, old, new)) for loop in plan.loops],
    )
