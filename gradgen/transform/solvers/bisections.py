"""The backward part of a bisection: its root moves with what the comparison is made of, by the implicit function theorem.

Never looks at how the ends moved, but for asking that both did and that they have closed on a root.
"""
from __future__ import annotations

from gradgen.analyse.flow.bisections import Bisection
from gradgen.analyse.recording.needs import BackwardReads
from gradgen.codes import DISTANT, JUMPED, UNMOVED
from gradgen.ir import nodes as ir
from gradgen.transform.expressions.contributions import Requirement, Temporary
from gradgen.transform.expressions.evaluation import rebuilt
from gradgen.transform.expressions.terms import Term
from gradgen.transform.expressions.totals import sum_of
from gradgen.transform.lines.plans import Plan, Update, plan_reads
from gradgen.transform.lines.repeating import are_lines, by_names, lines_again
from gradgen.transform.lines.settled import settled_plan
from gradgen.transform.planning import Planner
from gradgen.transform.settling import Setting

CLOSE = 1e-6
"""How near to the root, as a share of the interval at first, a loop has to come that does not end by its width alone."""
NOISE = 1e-9
"""The share of that interval by which rounding may move a root."""


def plan_bisection(planner: Planner, stmt: ir.For | ir.While, found: Bisection) -> bool:
    """Plan the backward part of the whole loop; False where that cannot be written."""
    middle, names = found.middle, planner.names
    residual = residual_of(found)
    linearizer = planner.linearizer(middle, residual)
    linearizer.recomputes = True
    before, mark = len(planner.refusals.findings), names.mark()
    linearizer.visit(residual, Term(ir.Const(1.0)))
    if linearizer.pairs:
        names.back_to(mark)
        return len(planner.refusals.findings) > before
    contributions = linearizer.found
    is_guarded = any(leaf.term.guards or leaf.path or leaf.is_container for leaf in contributions.leaves)
    outer, inner = Plan(stmt, _heading(planner, found), ()), Plan(stmt, "", found.roots)
    setting = Setting(None, middle, True, planner.is_plain, planner.unstable, can_hoist=False, arrays=planner.arrays)
    resolver = settled_plan(outer, residual, contributions, setting, names, linearizer.roles, {})
    updates = [update for update in outer.updates if update.base]
    slopes = [term for update in updates if update.base == middle for term in update.terms]
    is_refused = len(planner.refusals.findings) > before
    is_more = bool(contributions.loops or contributions.requirements) or not are_lines(resolver.hoists)
    if is_refused or is_guarded or is_more or not slopes:
        names.back_to(mark)
        return is_refused
    spelled = by_names(resolver.hoists)
    outer.values, outer.hoists, outer.kept_names = [*lines_again(outer.hoists), *outer.values], [], []
    slope, off = sum_of(slopes), names.fresh("residual")
    if not isinstance(slope, ir.Name):
        name = names.fresh("slope")
        outer.temporaries.append(Temporary(name, slope, ()))
        slope = ir.Name(name)
    outer.temporaries.append(Temporary(off, spelled(residual), ()))
    outer.updates, outer.reads_result = [], True
    outer.requirements, inner.requirements = asked_of(planner, stmt, found, slope, off)
    adjoint: ir.Expr = ir.Name(names.adjoint(found.roots[0]))
    if len(found.roots) > 1:
        for root in found.roots[1:]:
            adjoint = ir.Op("add", (adjoint, ir.Name(names.adjoint(root))))
        name = names.fresh(f"d{middle}")
        inner.temporaries.append(Temporary(name, adjoint, ()))
        adjoint = ir.Name(name)
    inner.updates = [
        Update(update.base, (), tuple(_over(term, adjoint, slope) for term in update.terms))
        for update in updates if update.base != middle
    ]
    outer.then = [inner]
    planner.plans[stmt] = outer
    reads = plan_reads(outer, planner.variables) | plan_reads(inner, planner.variables)
    planner.reads[stmt] = BackwardReads(frozenset(), frozenset(reads))
    planner.edits.needed |= linearizer.needed
    return True


def asked_of(
    planner: Planner, stmt: ir.For | ir.While, found: Bisection, slope: ir.Expr, off: str
) -> tuple[list[Requirement], list[Requirement]]:
    """What has to hold for there to be a root, before its slope is known and then; where the ends start is kept ahead of the
    loop. `off` names what the comparison differs by at the middle."""
    starts = tuple(planner.names.numbered(end) for end in found.ends)
    for end, start in zip(found.ends, starts, strict=True):
        planner.edits.insert_before(stmt, ir.Assign(ir.NameTarget(start), ir.Name(end)))
    width = _width(found.ends)
    if found.is_by_width:
        moved = Requirement(_have_moved(found.ends, starts), UNMOVED, ())
        return [moved], [Requirement(_is_less(off, slope, ir.Op("mul", (ir.Const(2), width))), JUMPED, ())]
    at_first = _width((starts[0], starts[1]))
    noise = ir.Op("mul", (ir.Const(NOISE), at_first))
    within = ir.Op("add", (ir.Op("mul", (ir.Const(2), width)), noise))
    asked = [Requirement(_is_less(off, slope, ir.Op("mul", (ir.Const(CLOSE), at_first))), DISTANT, ())]
    if set(found.roots) & set(found.ends):
        closed = ir.Compare(("lt",), (width, ir.Op("mul", (ir.Const(CLOSE), at_first))))
        asked.append(Requirement(closed, DISTANT, ()))
    return [], [*asked, Requirement(_is_less(off, slope, within), JUMPED, ())]


def residual_of(found: Bisection) -> ir.Expr:
    """What is nothing at the root: the one side less the other."""
    def filled(expr: ir.Expr) -> ir.Expr:
        if isinstance(expr, ir.Name):
            return filled(found.computed[expr.id]) if expr.scope == "local" and expr.id in found.computed else expr
        if not any(isinstance(node, ir.Name) and node.id in found.computed for node in ir.walk(expr)):
            return expr
        return rebuilt(expr, filled)

    left, right = map(filled, found.sides)
    if isinstance(right, ir.Const) and right.value == 0:
        return left
    return right if isinstance(left, ir.Const) and left.value == 0 else ir.Op("sub", (left, right))


def _heading(planner: Planner, found: Bisection) -> str:
    left, right = (planner.refusals.positions.slice(side.span) if side.span else "" for side in found.sides)
    return f"{found.roots[0]} is where {left} == {right or 0}"


def _have_moved(ends: tuple[str, str], starts: tuple[str, ...]) -> ir.Expr:
    first, second = (ir.Compare(("ne",), (ir.Name(end), ir.Name(start))) for end, start in zip(ends, starts, strict=True))
    return ir.Op("and", (first, second))


def _width(ends: tuple[str, str]) -> ir.Expr:
    return _size(ir.Op("sub", (ir.Name(ends[0]), ir.Name(ends[1]))))


def _size(expr: ir.Expr) -> ir.Expr:
    return ir.Call(ir.Name("abs", "global"), (expr,))


def _is_less(residual: str, slope: ir.Expr, distance: ir.Expr) -> ir.Expr:
    """Whether a root lies within a distance as far as the slope tells: else the comparison changes by a jump, or elsewhere."""
    return ir.Compare(("lt",), (_size(ir.Name(residual)), ir.Op("mul", (_size(slope), distance))))


def _over(term: Term, adjoint: ir.Expr, slope: ir.Expr) -> Term:
    """A term of the residual's derivative as one of the root's: -f_p / f_x."""
    own = [] if term.adjoint is None or isinstance(term.adjoint, ir.Const) else [term.adjoint]
    scale = term.adjoint.value if isinstance(term.adjoint, ir.Const) else 1
    made = Term(adjoint, -term.coefficient).times(1, [*own, *term.numerator], [slope, *term.denominator])
    return made.times(1, [ir.Const(scale)], []) if scale != 1 else made
