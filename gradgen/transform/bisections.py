"""The backward part of a bisection: its root moves with what the comparison is made of, by the implicit function theorem.

Never looks at how the ends moved, but for asking that both did and that they have closed on a root.
"""
from __future__ import annotations

from gradgen.analyse.bisections import Bisection
from gradgen.analyse.recording import BackwardReads
from gradgen.codes import JUMPED, UNMOVED
from gradgen.ir import nodes as ir
from gradgen.transform.contributions import Requirement, Temporary
from gradgen.transform.evaluation import rebuilt
from gradgen.transform.planning import Planner
from gradgen.transform.plans import Plan, Update, plan_reads
from gradgen.transform.settled import settled_plan
from gradgen.transform.settling import Setting
from gradgen.transform.terms import Term, sum_of


def plan_bisection(planner: Planner, stmt: ir.While, found: Bisection) -> bool:
    """Plan the backward part of the whole loop; False where that cannot be written."""
    middle, names = found.middle, planner.names
    residual = _residual(found)
    linearizer = planner.linearizer(middle, residual)
    linearizer.recomputes = True
    before, mark = len(planner.refusals.findings), names.mark()
    linearizer.visit(residual, Term(ir.Const(1.0)))
    contributions = linearizer.found
    is_guarded = any(leaf.term.guards or leaf.path or leaf.is_container for leaf in contributions.leaves)
    outer, inner = Plan(stmt, _heading(planner, stmt, found), ()), Plan(stmt, "", (found.root,))
    setting = Setting(None, middle, True, planner.is_plain, planner.unstable, can_hoist=False, arrays=planner.arrays)
    resolver = settled_plan(outer, residual, contributions, setting, names, linearizer.roles, {})
    updates = [update for update in outer.updates if update.base]
    slopes = [term for update in updates if update.base == middle for term in update.terms]
    is_refused = len(planner.refusals.findings) > before
    if is_refused or is_guarded or contributions.loops or contributions.requirements or resolver.hoists or not slopes:
        names.back_to(mark)
        return is_refused
    slope, off = sum_of(slopes), names.fresh("residual")
    if not isinstance(slope, ir.Name):
        name = names.fresh("slope")
        outer.temporaries.append(Temporary(name, slope, ()))
        slope = ir.Name(name)
    outer.temporaries.append(Temporary(off, residual, ()))
    outer.updates, outer.reads_result = [], True
    starts = tuple(names.numbered(end) for end in found.ends)
    for end, start in zip(found.ends, starts, strict=True):
        planner.edits.insert_before(stmt, ir.Assign(ir.NameTarget(start), ir.Name(end)))
    outer.requirements = [Requirement(_have_moved(found.ends, starts), UNMOVED, ())]
    inner.requirements = [Requirement(_has_closed(off, slope, found.ends), JUMPED, ())]
    adjoint = ir.Name(names.adjoint(found.root))
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


def _residual(found: Bisection) -> ir.Expr:
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


def _heading(planner: Planner, stmt: ir.While, found: Bisection) -> str:
    left, right = (planner.refusals.positions.slice(side.span) if side.span else "" for side in found.sides)
    return f"{found.root} is where {left} == {right}"


def _have_moved(ends: tuple[str, str], starts: tuple[str, ...]) -> ir.Expr:
    first, second = (ir.Compare(("ne",), (ir.Name(end), ir.Name(start))) for end, start in zip(ends, starts, strict=True))
    return ir.Op("and", (first, second))


def _has_closed(residual: str, slope: ir.Expr, ends: tuple[str, str]) -> ir.Expr:
    """Whether a root lies within the ends as far as the slope tells: else the comparison changes by a jump."""
    def size(expr: ir.Expr) -> ir.Expr:
        return ir.Call(ir.Name("abs", "global"), (expr,))

    width = size(ir.Op("sub", (ir.Name(ends[0]), ir.Name(ends[1]))))
    most = ir.Op("mul", (ir.Op("mul", (ir.Const(2), size(slope))), width))
    return ir.Compare(("lt",), (size(ir.Name(residual)), most))


def _over(term: Term, adjoint: ir.Expr, slope: ir.Expr) -> Term:
    """A term of the residual's derivative as one of the root's: -f_p / f_x."""
    own = [] if term.adjoint is None or isinstance(term.adjoint, ir.Const) else [term.adjoint]
    scale = term.adjoint.value if isinstance(term.adjoint, ir.Const) else 1
    made = Term(adjoint, -term.coefficient).times(1, [*own, *term.numerator], [slope, *term.denominator])
    return made.times(1, [ir.Const(scale)], []) if scale != 1 else made
