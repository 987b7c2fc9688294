"""Finds what is filled in, left out or asked for where a quotient is no number: `np.nan_to_num(np.sin(x) / x)` at 0. There, what
stands in its place says nothing of the slope.

Never looks at what is no number from the start.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from gradgen.analyse.activity import Activity
from gradgen.analyse.kinds.wholes import moves
from gradgen.analyse.reads import CallSite
from gradgen.analyse.slopes.truths import may_be_asked_twice
from gradgen.ir import nodes as ir
from gradgen.ir.finding import evaluated_by, found_in
from gradgen.ir.frozen import dataclass

FILLING = frozenset({
    "nan_to_num", "nansum", "nanmean", "nanprod", "nanmax", "nanmin", "nanstd", "nanvar", "nanmedian", "nanquantile",
    "nanpercentile", "nancumsum", "nancumprod", "isnan", "isfinite", "isinf",
})


@dataclass(frozen=True, slots=True)
class Filled:
    """A quotient, in a statement, whose divisor must not be 0, as the operation `by` puts something else there."""

    stmt: ir.Stmt
    divisor: ir.Expr
    by: ir.Op


def filled(function: ir.Function, activity: Activity, site: Callable[[ir.Call], CallSite | None]) -> Iterator[Filled]:
    """The quotients of a function, by what varies, that are looked through for what is no number."""
    if not any(op.op in FILLING for op in found_in(function, ir.Op)):
        return
    read = activity.versions.of_read
    assigned = (stmt for stmt in found_in(function, ir.Assign) if stmt.augmented is None)
    statements: dict[ir.Node | None, ir.Assign] = {stmt.target: stmt for stmt in assigned}
    seen: set[ir.Expr] = set()
    for stmt in found_in(function, ir.Assign, ir.Exit):
        for node in (node for part in evaluated_by(stmt) for node in ir.walk(part)):
            if isinstance(node, ir.Op) and node.op in FILLING:
                for where, divisor in _divisors(stmt, node.args, activity, statements):
                    is_said = all(name in read for name in ir.names_read(divisor) if name.scope == "local")
                    is_said = is_said and may_be_asked_twice(divisor) and divisor not in seen
                    if is_said and moves(divisor, activity, site):
                        seen.add(divisor)
                        yield Filled(where, divisor, node)


def _divisors(
    stmt: ir.Stmt, operands: tuple[ir.Expr, ...], activity: Activity, statements: Mapping[ir.Node | None, ir.Assign]
) -> Iterator[tuple[ir.Stmt, ir.Expr]]:
    """What operands are divided by, there or where the variable is bound that they are, each with the statement that divides."""
    for node in (node for operand in operands for node in ir.walk(operand)):
        match node:
            case ir.Op(op="div", args=(_, divisor)):
                yield stmt, divisor
            case ir.Name():
                version = activity.versions.of_read.get(node)
                bound = statements.get(version.node) if version is not None and version.kind == "assign" else None
                if bound is not None and bound is not stmt:
                    quotients = (part for part in ir.walk(bound.value) if isinstance(part, ir.Op) and part.op == "div")
                    yield from ((bound, part.args[1]) for part in quotients)
