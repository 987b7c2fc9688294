"""Says which adjoint each result of an operation has that gives several.

Never looks at how any of them is computed.
"""
from __future__ import annotations

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.rules.notation import Contribution, Rule
from gradgen.rules.registry import rules_for
from gradgen.rules.solvers import Step
from gradgen.transform.expressions.terms import Term


def of_one_result(op: ir.Op, steps: tuple[Step, ...] | None, term: Term) -> Term | None:
    """`divmod(x, y)[1]`: the adjoints of an operation's results, nothing but for that one's; None where it has just one."""
    rules = rules_for(op.op)
    count = len(rules[0].results) if rules else 1
    if count == 1 or steps is None or len(steps) != 1 or not isinstance(steps[0], int) or not -count <= steps[0] < count:
        return None
    adjoint = term.adjoint if term.adjoint is not None else ir.Const(1)
    adjoints = [adjoint if index == steps[0] % count else ir.Const(0.0) for index in range(count)]
    return replace(term, adjoint=ir.Display("tuple", tuple(adjoints)))


def of_result(rule: Rule, contribution: Contribution, term: Term) -> Term:
    """The adjoint of the one result, of several, that a contribution speaks of."""
    if len(rule.results) == 1:
        return term
    assert isinstance(term.adjoint, ir.Display) and isinstance(contribution.adjoint, ir.Name)
    return replace(term, adjoint=term.adjoint.items[rule.results.index(contribution.adjoint.id.removeprefix("d"))])
