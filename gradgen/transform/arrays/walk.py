"""What operations on arrays need of the walk over the expression that they stand in.

Never walks itself; transform.expressions.local does.
"""
from __future__ import annotations

from typing import Protocol

from gradgen.analyse.activity import Activity
from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.read.refusals import Refusals
from gradgen.transform.expressions.contributions import Contributions
from gradgen.transform.expressions.terms import Term
from gradgen.transform.names import Names


class Walk(Protocol):
    """The walk through one expression."""

    kinds: Kinds
    activity: Activity
    names: Names
    refusals: Refusals
    containers: frozenset[str]
    found: Contributions
    roles: dict[ir.Node, str]
    target: str
    is_plain: bool

    def leaves_below(self, expr: ir.Node) -> int: ...

    def visit(self, expr: ir.Expr, term: Term) -> None: ...

    def known(self, expr: ir.Expr) -> ir.Expr: ...

    def in_full(self, expr: ir.Expr, term: Term) -> Term: ...
