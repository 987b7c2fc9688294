"""The derivative of a call of scipy's integrators of differential equations: the adjoint equation, integrated backwards.

Never looks at how a solution is found.
"""
from __future__ import annotations

from gradgen.ir import nodes as ir
from gradgen.ir.closures import Lambda
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.kinds import NUMBER, Kind
from gradgen.transform.expressions.callees import Callee
from gradgen.transform.expressions.calls import Calls, Walk
from gradgen.transform.expressions.contributions import CallLine, Temporary
from gradgen.transform.expressions.terms import Term, product_of
from gradgen.transform.solvers.equations import Equation, equation_in


@dataclass(frozen=True, slots=True)
class Integrators:
    """Passes the adjoints of solutions on to what they start from, to what moves their rate, and to their times."""

    walk: Walk

    def pass_on(self, call: ir.Call, term: Term) -> None:
        """The adjoint w of y' = f(t, y, p) runs back with w' = -w f_y, and p gets the integral of w f_p."""
        equation = equation_in(call, self.walk)
        if equation is None or term.adjoint is None:
            return
        if not self.walk.callees.is_settled:
            Calls(self.walk).refuse(call)
            return
        callee = Calls(self.walk).callee(call, equation.site, (equation.state, *equation.moving))
        if callee is None:
            return
        names = self.walk.names
        time, state = names.fresh(equation.time), names.fresh(equation.state)
        rate = equation.function(time, state)
        if rate is None:
            self.walk.refusals.add("GG106", call.span, construct="an integrator of a lambda as long as this; give it a name")
            return
        start = equation.ode.start
        seeds = self._seeds(equation, term)
        first = f"d{start.id}" if isinstance(start, ir.Name) else f"d{equation.state}"
        targets = tuple(names.numbered(name) for name in (first, *(f"d{name}" for name in equation.moving)))
        since = (ir.Value(equation.ends[0]), equation.start)
        used = seeds
        if equation.steps_freely:
            self.walk.needed.add("adjoint_at_ends")
            used = ir.Call(ir.Name("adjoint_at_ends", "global"), (seeds,))
        given = (rate, self._pull(equation, callee, time, state), *since, equation.times, equation.values)
        keywords = (("dy", used), *equation.options)
        self.walk.needed.add("ode_adjoint")
        if len(targets) > 1:
            line = CallLine(equation.rate, targets, "ode_adjoint", given, keywords, term.guards)
            self.walk.found.temporaries.append(line)
        else:
            only = ir.Item(ir.Call(ir.Name("ode_adjoint", "global"), given, keywords), ir.Const(0))
            self.walk.found.temporaries.append(Temporary(targets[0], only, term.guards))
        self._hand_on(equation, targets, term)
        self._into_times(equation, rate, ir.Name(targets[0]), seeds, term)

    def _seeds(self, equation: Equation, term: Term) -> ir.Expr:
        """The adjoints of the solution's values, a row for each time."""
        seeds = product_of(replace(term, guards=()))
        if not isinstance(seeds, ir.Name):
            handed = ir.Name(self.walk.names.numbered("dsolution"))
            self.walk.found.temporaries.append(Temporary(handed.id, seeds, term.guards))
            seeds = handed
        return seeds if equation.is_odeint else ir.Attribute(seeds, "T")

    def _pull(self, equation: Equation, callee: Callee, time: str, state: str) -> ir.Expr:
        """What the adjoint of the rate hands back to the state, and to the others that vary, as a function of all three."""
        moving = (equation.state, *equation.moving)
        adjoint = self.walk.names.fresh(callee.seed)
        seed: ir.Expr = ir.Name(adjoint)
        if self.walk.kinds.of(equation.rate) == NUMBER:
            seed = ir.Item(seed, ir.Const(0))
        arguments = equation.at(ir.Name(time), ir.Name(state))
        partials: ir.Expr = ir.Call(ir.Name(callee.gradient, "global"), arguments, (*equation.captured, (callee.seed, seed)))
        if len(moving) == 1:
            partials = ir.Display("tuple", (partials,))
        return Lambda((time, state, adjoint), partials)

    def _hand_on(self, equation: Equation, targets: tuple[str, ...], term: Term) -> None:
        """The adjoints that came back, to the start and to the function's arguments."""
        kinds, start = self.walk.kinds, equation.ode.start
        first = ir.Name(targets[0])
        kind = kinds.of(start)
        if isinstance(start, ir.Display):
            for index, item in enumerate(start.items):
                self.walk.visit(item, Term(ir.Item(first, ir.Const(index)), guards=term.guards, shape=()))
        elif kind == NUMBER:
            self.walk.visit(start, Term(ir.Item(first, ir.Const(0)), guards=term.guards, shape=()))
        else:
            kinds.named[targets[0]] = kind
            self.walk.visit(start, Term(first, guards=term.guards, shape=kind.shape if isinstance(kind, Kind) else None))
        for name, target in zip(equation.moving, targets[1:], strict=True):
            kind = kinds.named[target] = kinds.of(equation.site.arguments[name])
            shape = kind.shape if isinstance(kind, Kind) else None
            self.walk.visit(equation.site.arguments[name], Term(ir.Name(target), guards=term.guards, shape=shape))

    # --- times ---

    def _into_times(self, equation: Equation, rate: ir.Expr, first: ir.Expr, seeds: ir.Expr, term: Term) -> None:
        """A later time moves a value by the rate there; a later start takes the rate there from the start."""
        begin, end = equation.ends
        times = equation.ode.times
        if not any(self.walk.leaves_below(each) for each in (times, begin, end) if each is not None):
            return
        since, moved = (self.walk.names.numbered(name) for name in ("dsince", "dtimes"))
        given = (rate, ir.Value(begin), equation.start, equation.times, equation.values)
        line = CallLine(equation.rate, (since, moved), "times_adjoint", given, (("dy0", first), ("dy", seeds)), term.guards)
        self.walk.found.temporaries.append(line)
        self.walk.needed.add("times_adjoint")
        if times is not None and self.walk.leaves_below(times):
            kind = self.walk.kinds.named[moved] = self.walk.kinds.of(times)
            shape = kind.shape if isinstance(kind, Kind) else None
            self.walk.visit(times, Term(ir.Name(moved), guards=term.guards, shape=shape))
        if end is not None:
            self.walk.visit(end, Term(ir.Item(ir.Name(moved), ir.Const(-1)), guards=term.guards, shape=()))
            self.walk.visit(begin, Term(ir.Item(ir.Name(moved), ir.Const(0)), guards=term.guards, shape=()))
        self.walk.visit(begin, Term(ir.Name(since), guards=term.guards, shape=()))
