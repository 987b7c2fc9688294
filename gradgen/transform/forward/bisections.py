"""The tangent of a bisection's root: how it moves where what the comparison is made of does, by the implicit function theorem.

Never looks at how the ends moved, but for asking that both did and that they have closed on a root.
"""
from __future__ import annotations

from collections.abc import Container

from gradgen.analyse.flow.bisections import Bisection
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.simplify.fold import negated
from gradgen.transform.expressions.contributions import Requirement
from gradgen.transform.expressions.terms import Term
from gradgen.transform.forward.settling import Part, settled
from gradgen.transform.forward.statements import Statements
from gradgen.transform.forward.tangent import Tangents, over_common_denominator
from gradgen.transform.lines.repeating import are_lines, by_names, lines_again
from gradgen.transform.settling import Setting
from gradgen.transform.solvers.bisections import asked_of, residual_of


class _Slopes(Tangents):
    """The slope by one variable: its own tangent is 1."""

    def of(self, expr: ir.Expr) -> list[Term]:
        return [Term(ir.Const(1.0))] if isinstance(expr, ir.Name) and self.linearizer.leaves_below(expr) else super().of(expr)


def root_moves(statements: Statements, stmt: ir.For | ir.While, found: Bisection) -> list[ir.Stmt] | None:
    """The lines after the loop that give the tangents of its variables; None where they cannot be written."""
    planner, names, middle = statements.planner, statements.planner.names, found.middle
    if statements.around:
        return None  # a try that may catch what these lines raise
    residual = residual_of(found)
    read = planner.activity.versions.of_read
    at_middle = {read[name] for name in ir.names_read(residual) if name.id == middle and name in read}
    mark, before = names.mark(), len(planner.refusals.findings)
    rest = _part(statements, Tangents, residual, middle, planner.activity.varied - at_middle)
    slopes = _part(statements, _Slopes, residual, middle, at_middle)
    slopes.linearizer.found = rest.linearizer.found
    moved, by_middle = rest.of(residual), slopes.of(residual)
    off, slope, target = names.fresh("residual"), names.fresh("slope"), names.tangent(found.roots[0])
    by_root = [replace(term, guards=()).times(-1, [], [ir.Name(slope)]) for term in moved]
    parts = [
        Part(ir.NameTarget(slope), by_middle, is_named=True),
        Part(ir.NameTarget(target), over_common_denominator(by_root) or [Term(ir.Const(0.0))]),
    ]
    setting = Setting(None, middle, True, planner.is_plain, planner.unstable, can_hoist=False, arrays=planner.arrays)
    lines = settled(rest, parts, setting, statements.place)
    is_guarded = any(term.guards for term in (*moved, *by_middle)) or bool(rest.linearizer.found.requirements)
    if len(planner.refusals.findings) > before:
        return []
    if is_guarded or not by_middle or not are_lines(lines.hoists):
        names.back_to(mark)
        return None
    planner.edits.needed |= rest.linearizer.needed | slopes.linearizer.needed | {"NonDifferentiableError"}
    spelled = by_names(lines.hoists)
    ahead, behind = asked_of(planner, stmt, found, ir.Name(slope), off)
    values = [ir.Assign(ir.NameTarget(line.name), line.value) for line in lines_again(lines.hoists)]
    line_of_slope, line_of_root = lines.own
    here = [
        *(_or_raise(each, statements.place) for each in ahead), *values, *lines.needs, line_of_slope,
        ir.Assign(ir.NameTarget(off), spelled(residual)), *(_or_raise(each, statements.place) for each in behind), line_of_root,
    ]
    return here + [ir.Assign(ir.NameTarget(names.tangent(root)), ir.Name(target)) for root in found.roots[1:]]


def _part(
    statements: Statements, walk: type[Tangents], residual: ir.Expr, middle: str, varied: Container[Version]
) -> Tangents:
    """The walk over what is nothing at the root, where these alone vary."""
    linearizer = statements.planner.linearizer(middle, residual)
    activity = linearizer.activity
    linearizer.activity = replace(activity, varied={version for version in activity.varied if version in varied})
    linearizer.recomputes = True
    return walk(linearizer, statements.callees, residual, statements.held, inside=True)


def _or_raise(asked: Requirement, place: str) -> ir.Stmt:
    error = ir.Call(ir.Name("NonDifferentiableError", "global"), (ir.Const(place + asked.message),))
    return ir.Branch(negated(asked.test), (ir.Exit("raise", error),), ())
