"""What becomes of the adjoint of a text that shows numbers: nothing, as long as no number is read out of it again.

Never looks at what the text says.
"""
from __future__ import annotations

from gradgen.ir import nodes as ir
from gradgen.transform.expressions.contributions import Requirement
from gradgen.transform.expressions.terms import Term, product_of


def without_slope(term: Term) -> Requirement:
    """A text stands beside the numbers of a result: its adjoint is None or 0.0, but where a number was read out of it."""
    return Requirement(ir.Op("not", (product_of(term),)), "a number that is read out of a text has no derivative", term.guards)
