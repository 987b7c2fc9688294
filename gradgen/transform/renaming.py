"""A plan with one adjoint under another name, for statements that make a variable anew from its own old parts.

Never changes a plan in place.
"""
from __future__ import annotations

from dataclasses import replace

from gradgen.ir import nodes as ir
from gradgen.transform.contributions import CallLine, Temporary
from gradgen.transform.evaluation import rebuilt
from gradgen.transform.plans import Loop, Plan, Update
from gradgen.transform.terms import Term


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


def with_adjoint_renamed(plan: Plan, old: str, new: str) -> Plan:
    """The plan with every read of the adjoint `old` made one of `new`."""

    def expr(value: ir.Expr) -> ir.Expr:
        if isinstance(value, ir.Name) and value.id == old:
            return ir.Name(new)
        return rebuilt(value, expr)

    def term(value: Term) -> Term:
        return value if value.adjoint is None else replace(value, adjoint=expr(value.adjoint))

    def line(value: Temporary | CallLine) -> Temporary | CallLine:
        if isinstance(value, CallLine):
            return replace(value, keywords=tuple((name, expr(given)) for name, given in value.keywords))
        return replace(value, value=expr(value.value))

    def update(value: Update) -> Update:
        return replace(value, terms=tuple(map(term, value.terms)))

    return replace(
        plan,
        temporaries=[line(each) for each in plan.temporaries],
        updates=[update(each) for each in plan.updates],
        loops=[replace(loop, inner=with_adjoint_renamed(loop.inner, old, new)) for loop in plan.loops],
    )
