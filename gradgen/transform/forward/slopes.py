"""One operand's tangent times its slope, entry by entry, as a row of numbers has it.

Never looks at what the operation is.
"""
from __future__ import annotations

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import Shape, broadcast
from gradgen.rules.notation import Contribution
from gradgen.rules.transposes import transposed
from gradgen.transform.arrays.substituted import Substituted
from gradgen.transform.expressions.terms import Term, kept_apart, product_of
from gradgen.transform.expressions.vectorised import chosen_where
from gradgen.transform.lines.spelling import by_guards, joined


def times_slope(line: Contribution, adjoint: str, values: Substituted, inner: list[Term], kinds: Kinds) -> list[Term]:
    """The terms of an operand's tangent passed through a contribution, which reads the result's adjoint by a name."""
    is_bare = isinstance(line.adjoint, ir.Name)
    if is_bare and not line.numerator and not line.denominator and line.guard is None:
        return [term.times(line.sign, [], []) for term in inner]
    base = inner[0] if len(inner) == 1 else Term(joined(by_guards(inner)), shape=broadcast(*(term.shape for term in inner)))
    if not is_bare:
        whole = transposed(values.apply(line.adjoint), adjoint, joined(by_guards([base])))
        base = Term(whole, shape=None)
    above, below = list(map(values.apply, line.numerator)), list(map(values.apply, line.denominator))
    shape: Shape | None = broadcast(base.shape, *(kinds.shape(factor) for factor in (*above, *below)))
    start = kept_apart(Term(base.adjoint, guards=base.guards, is_apart=base.is_apart), above, kinds)
    outer = start.times(line.sign, above, below)
    term = outer.times(1, base.numerator, base.denominator)  # the factors of what stands outside come first
    term = replace(term, coefficient=term.coefficient * base.coefficient, shape=shape)
    if line.guard is None:
        return [term]
    test = values.apply(line.guard)
    tested = kinds.shape(test)
    if tested == ():
        return [term.guarded(test)]
    chosen = chosen_where(test, product_of(replace(term, guards=())))
    return [Term(chosen, guards=term.guards, shape=broadcast(term.shape, tested))]
