"""The tangents of solutions of differential equations: the equation and that of its tangent, integrated together.

Never looks at how a solution is found.
"""
from __future__ import annotations

from typing import Protocol

from gradgen.ir import nodes as ir
from gradgen.ir.closures import Lambda
from gradgen.ir.frozen import dataclass
from gradgen.transform.expressions.local import Linearizer
from gradgen.transform.expressions.terms import Term
from gradgen.transform.forward.callees import TangentCallees
from gradgen.transform.solvers.equations import Equation, equation_in


class Walk(Protocol):
    """What the tangent of a solution needs of the walk over the expression that it stands in."""

    linearizer: Linearizer
    callees: TangentCallees

    def expression(self, expr: ir.Expr) -> ir.Expr: ...


@dataclass(frozen=True, slots=True)
class Integrated:
    """The tangents of what scipy's integrators hand out."""

    walk: Walk

    def of(self, call: ir.Call) -> list[Term]:
        """The tangent of y' = f(t, y, p) obeys y_dot' = f_y y_dot + f_p p_dot."""
        linearizer = self.walk.linearizer
        equation = equation_in(call, linearizer)
        if equation is None:
            return []
        push = self._push(equation)
        if push is None:
            return []
        begin, end = equation.ends
        times = self._time_tangent(equation, begin, end)
        keywords = (
            *((("t0_dot", self.walk.expression(begin)),) if linearizer.leaves_below(begin) else ()),
            *((("t_dot", times),) if times is not None else ()), *equation.options,
        )
        start = (ir.Value(begin), equation.start, self._start_tangent(equation))
        moved: ir.Expr = ir.Call(
            ir.Name("ode_tangent", "global"), (push, *start, equation.times, equation.values), keywords,
        )
        linearizer.needed.add("ode_tangent")
        if equation.steps_freely:
            linearizer.needed.add("tangent_at_ends")
            moved = ir.Call(ir.Name("tangent_at_ends", "global"), (moved,))
        if not equation.is_odeint:
            moved = ir.Attribute(moved, "T")
        return [Term(moved, shape=linearizer.kinds.shape(equation.values if equation.is_odeint else ir.Attribute(call, "y")))]

    def _push(self, equation: Equation) -> ir.Expr | None:
        """The rate and how it moves, as a function of time, state and the state's tangent; None where that is refused."""
        linearizer = self.walk.linearizer
        site, moving = equation.site, (equation.state, *equation.moving)
        refused = linearizer.callees.refused(site, moving, True)
        linearizer.refusals.findings.extend(each for each in refused if each not in linearizer.refusals.findings)
        if refused:
            return None
        callee = self.walk.callees.tangent_callee(site, moving)
        tangent = callee.tangents[equation.state]
        time, state, moved = (linearizer.names.fresh(name) for name in (equation.time, equation.state, tangent))
        others = tuple((callee.tangents[name], self.walk.expression(site.arguments[name])) for name in equation.moving)
        keywords = (*equation.captured, (tangent, ir.Name(moved)), *others)
        return Lambda((time, state, moved), ir.Call(
            ir.Name(callee.name, "global"), equation.at(ir.Name(time), ir.Name(state)), keywords,
        ))

    def _start_tangent(self, equation: Equation) -> ir.Expr:
        start, linearizer = equation.ode.start, self.walk.linearizer
        if not linearizer.leaves_below(start):
            return ir.Const(0.0)
        if isinstance(start, ir.Display):
            held = (self.walk.expression(item) if linearizer.leaves_below(item) else ir.Const(0.0) for item in start.items)
            return ir.Display("list", tuple(held))
        return self.walk.expression(start)

    def _time_tangent(self, equation: Equation, begin: ir.Expr, end: ir.Expr | None) -> ir.Expr | None:
        """How the times of the solution's values move; None where they do not."""
        linearizer = self.walk.linearizer
        if equation.ode.times is not None:
            return self.walk.expression(equation.ode.times) if linearizer.leaves_below(equation.ode.times) else None
        assert end is not None
        if not linearizer.leaves_below(begin) and not linearizer.leaves_below(end):
            return None
        first, last = (self.walk.expression(each) if linearizer.leaves_below(each) else ir.Const(0.0) for each in (begin, end))
        length = ir.Call(ir.Name("len", "global"), (equation.times,))
        return ir.Call(ir.Name("numpy.linspace", "global"), (first, last, length))
