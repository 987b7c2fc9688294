"""The derivative of a call of scipy's root finders and integrals: the implicit function theorem, and Leibniz's rule.

Never looks at how a root or an integral is found.
"""
from __future__ import annotations

from gradgen.analyse.program import CallSite
from gradgen.analyse.solvers.calls import OTHER_PART, equation_of, function_given, gives_slope, part_of, stepped
from gradgen.ir import nodes as ir
from gradgen.ir.closures import Closure, Lambda
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.kinds import Kind
from gradgen.rules.solvers import solver_of
from gradgen.transform.arrays.entrywise import Vectorized
from gradgen.transform.arrays.results_read import tuple_length
from gradgen.transform.expressions.calls import Calls, Walk
from gradgen.transform.expressions.contributions import CallLine, Temporary
from gradgen.transform.expressions.terms import Term, product_of
from gradgen.transform.solvers.odes import Integrators
from gradgen.transform.solvers.solving import (
    MOVED_BY_ARRAY,
    MOVING_REGION,
    equation_solved,
    fixed_point_site,
    inner_limits,
    integrand_at,
    integrated_over,
    is_of_one,
    limits_of,
    moving_parameters,
    residual_at,
    solves_for_arrays,
)

Options = tuple[tuple[str | None, ir.Expr], ...]

OF_ARRAYS = ir.Name("scipy.integrate.quad_vec", "global")
"""What integrates functions whose values are arrays."""


@dataclass(frozen=True, slots=True)
class Solvers:
    """Passes the adjoints of roots and integrals on to what they depend on, for one walk."""

    walk: Walk

    def pass_on(self, call: ir.Call, term: Term) -> None:
        """The result of a solver, as a whole: a number, or what holds one in a part and goes to a name or is unpacked."""
        part = part_of(call, self.walk.kinds.of(call))
        term = term if part else self.walk.in_full(call, term)
        value: ir.Expr = ir.Value(call)
        for step in part:
            value = stepped(value, step)
        if part and isinstance(term.adjoint, ir.Display):
            adjoints = term.adjoint.items
            others = (each for index, each in enumerate(adjoints) if index != part[0])
            if not all(isinstance(each, ir.Const) for each in others) or len(part) > 1:
                self._refuse_part(call)
                return
            self.of_part(call, replace(term, adjoint=adjoints[part[0]]) if isinstance(part[0], int) else term, value)
            return
        if part and not self.walk.is_bound(call):
            self._refuse_part(call)
            return
        self.of_part(call, term, value)

    def of_part(self, call: ir.Call, term: Term, value: ir.Expr) -> None:
        """The part that varies, with `value` for it in the backward part."""
        if isinstance(term.adjoint, ir.Const):
            return
        solver = solver_of(call.target)
        assert solver is not None
        if solver.kind == "root":
            self._root(call, term, value)
        elif solver.kind == "fixed":
            self._fixed_point(call, term, value)
        elif solver.kind == "entrywise":
            Vectorized(self.walk).pass_on(call, term)
        elif solver.kind == "ode":
            Integrators(self.walk).pass_on(call, term)
        else:
            self._integral(call, term)

    def _refuse_part(self, call: ir.Call) -> None:
        self.walk.refusals.add("GG106", call.span, construct=OTHER_PART)

    # --- roots ---

    def _root(self, call: ir.Call, term: Term, value: ir.Expr) -> None:
        """A root x of f(x, p) = 0 moves with p by -f_p / f_x: the implicit function theorem."""
        kind = self.walk.kinds.of(call)
        equation = equation_solved(call, kind)
        site = None if equation is None else self.walk.callees.site(equation)
        if equation is None or site is None or not self.walk.callees.is_settled or term.adjoint is None:
            Calls(self.walk).refuse(call)
            return
        first, active = moving_parameters(site, self.walk)
        if not active:
            return
        if solves_for_arrays(call, kind):
            self._roots(call, equation, site, (first, *active), term, value)
            return
        if not is_of_one(call, site, first, self.walk):
            Calls(self.walk).refuse(call)
            return
        seed: ir.Expr = ir.Const(1.0)
        if gives_slope(call):
            length = tuple_length(site.read.function)
            if length is None:
                Calls(self.walk).refuse(call)
                return
            seed = ir.Display("tuple", (seed, *[ir.Const(0.0)] * (length - 1)))
        callee = Calls(self.walk).callee(call, site, (first, *active))
        if callee is None:
            return
        targets = tuple(self.walk.names.numbered(f"d{name}") for name in (first, *active))
        arguments = (value, *map(ir.Value, equation.args[1:]))
        keywords = (*self._captured(site), (callee.seed, seed))
        self.walk.found.temporaries.append(CallLine(equation, targets, callee.gradient, arguments, keywords, term.guards))
        slope = ir.Name(targets[0])
        if (residual := residual_at(call, equation, arguments)) is not None:
            asked = self._asked("slope_at_root", call, slope, residual, value)
            slope = ir.Name(self.walk.names.fresh("slope"))
            self.walk.found.temporaries.append(Temporary(slope.id, asked, term.guards))
        for name, target in zip(active, targets[1:], strict=True):
            self.walk.visit(site.arguments[name], term.times(-1, [ir.Name(target)], [slope]))

    def _asked(self, helper: str, call: ir.Call, *given: ir.Expr) -> ir.Expr:
        self.walk.needed.update((helper, "NonDifferentiableError"))
        where = ir.Const(self.walk.refusals.place(call.span))
        return ir.Call(ir.Name(helper, "global"), (*given, where))

    def _roots(
        self, call: ir.Call, equation: ir.Call, site: CallSite, moving: tuple[str, ...], term: Term, value: ir.Expr
    ) -> None:
        """Several unknowns x of f(x, p) = 0: f's adjoint w solves f_x^T w = -dx, and f's gradient hands w on to p."""
        first, *active = moving
        callee = Calls(self.walk).callee(call, site, moving)
        if callee is None:
            return
        names = self.walk.names
        seed = self._named_seed(term, f"d{first}")
        if isinstance(value, ir.Attribute):  # by a name, so that what is run at the solution holds nothing else
            found = Temporary(names.fresh(first), value, term.guards)
            self.walk.found.temporaries.append(found)
            self.walk.kinds.named[found.name] = self.walk.kinds.of(site.arguments[first])
            value = ir.Name(found.name)
        row, adjoint = names.fresh("row"), names.fresh(callee.seed)
        arguments, captured = (value, *map(ir.Value, equation.args[1:])), self._captured(site)
        by_row = ir.Call(ir.Name(callee.gradient, "global"), arguments, (*captured, (callee.seed, ir.Name(row))))
        rows = Lambda((row,), ir.Item(by_row, ir.Const(0)))
        residual = residual_at(call, equation, arguments)
        if residual is None:
            solved: ir.Expr = ir.Call(ir.Name("root_adjoint", "global"), (rows, seed))
            self.walk.needed.add("root_adjoint")
        else:
            solved = self._asked("adjoint_at_root", call, rows, seed, residual, value)
        self.walk.found.temporaries.append(Temporary(adjoint, solved, term.guards))
        targets = tuple(names.numbered(f"d{name}") for name in moving)
        keywords = (*captured, (callee.seed, ir.Name(adjoint)))
        self.walk.found.temporaries.append(CallLine(equation, targets, callee.gradient, arguments, keywords, term.guards))
        self._hand_on(site, moving, targets, term)

    def _named_seed(self, term: Term, name: str) -> ir.Expr:
        """The adjoint of a solution, by a name."""
        seed = product_of(replace(term, guards=()))
        if isinstance(seed, ir.Name):
            return seed
        handed = ir.Name(self.walk.names.numbered(name))
        self.walk.found.temporaries.append(Temporary(handed.id, seed, term.guards))
        return handed

    def _hand_on(self, site: CallSite, moving: tuple[str, ...], targets: tuple[str, ...], term: Term) -> None:
        """What came back of a gradient, to the arguments that it is of; the first is the solution's."""
        kinds = self.walk.kinds
        for name, target in zip(moving, targets, strict=True):
            kinds.named[target] = kinds.of(site.arguments[name])
        for name, target in zip(moving[1:], targets[1:], strict=True):
            kind = kinds.of(site.arguments[name])
            shape = kind.shape if isinstance(kind, Kind) else None
            self.walk.visit(site.arguments[name], Term(ir.Name(target), guards=term.guards, shape=shape))

    # --- fixed points ---

    def _fixed_point(self, call: ir.Call, term: Term, value: ir.Expr) -> None:
        """The x = step(x, p) moves with p by step_p / (1 - step_x): the implicit function theorem. For an array the adjoint of
        step's result is itself a fixed point: that of x, and what step hands back of it to x."""
        found = fixed_point_site(call, self.walk)
        if found is None or term.adjoint is None:
            Calls(self.walk).refuse(call)
            return
        equation, site = found
        first, active = moving_parameters(site, self.walk)
        if not active:
            return
        callee = Calls(self.walk).callee(call, site, (first, *active))
        if callee is None:
            return
        names, kinds = self.walk.names, self.walk.kinds
        targets = tuple(names.numbered(f"d{name}") for name in (first, *active))
        arguments, captured = (value, *map(ir.Value, equation.args[1:])), self._captured(site)
        is_of_container = not self.walk.callees.takes(site).isdisjoint(active)
        if is_of_container and not kinds.has_arrays:  # the slopes by its parts come in a list or dict: nothing to multiply
            by_one = ir.Call(ir.Name(callee.gradient, "global"), arguments, (*captured, (callee.seed, ir.Const(1.0))))
            slope = ir.Op("sub", (ir.Const(1), ir.Item(by_one, ir.Const(0))))
            seed = product_of(replace(term, guards=()).times(1, [], [slope]))
            adjoint = names.fresh(callee.seed)
            self.walk.found.temporaries.append(Temporary(adjoint, seed, term.guards))
            keywords = (*captured, (callee.seed, ir.Name(adjoint)))
            self.walk.found.temporaries.append(CallLine(equation, targets, callee.gradient, arguments, keywords, term.guards))
            self._hand_on(site, (first, *active), targets, term)
            return
        if not kinds.has_arrays:
            keywords = (*captured, (callee.seed, ir.Const(1.0)))
            self.walk.found.temporaries.append(CallLine(equation, targets, callee.gradient, arguments, keywords, term.guards))
            rest = ir.Op("sub", (ir.Const(1), ir.Name(targets[0])))
            for name, target in zip(active, targets[1:], strict=True):
                self.walk.visit(site.arguments[name], term.times(1, [ir.Name(target)], [rest]))
            return
        seed = self._named_seed(term, f"d{first}")
        adjoint = names.fresh(callee.seed)
        keywords = (*captured, (callee.seed, ir.Name(adjoint)))
        again = ir.Item(ir.Call(ir.Name(callee.gradient, "global"), arguments, keywords), ir.Const(0))
        moved = Lambda((adjoint,), ir.Op("add", (seed, again)))
        options = tuple((name, ir.Value(held)) for name, held in call.keywords)
        settled = ir.Call(ir.Name("fixed_point", "global"), (moved, seed), options)
        self.walk.found.temporaries.append(Temporary(adjoint, settled, term.guards))
        self.walk.found.temporaries.append(CallLine(equation, targets, callee.gradient, arguments, keywords, term.guards))
        self._hand_on(site, (first, *active), targets, term)

    # --- integrals ---

    def _integral(self, call: ir.Call, term: Term) -> None:
        """d/dp of the integral of f(t, p) from a to b is the integral of f_p, and f(b) b_p - f(a) a_p: Leibniz's rule."""
        limits = limits_of(call)
        if limits is None or term.adjoint is None:
            Calls(self.walk).refuse(call)
            return
        equation = equation_of(call)
        site = None if equation is None else self.walk.callees.site(equation)
        if equation is None:
            Calls(self.walk).refuse(call)
            return
        inner = inner_limits(call)
        if inner and any(map(self.walk.leaves_below, (*limits.values(), *inner))):
            self.walk.refusals.add("GG106", call.span, construct=MOVING_REGION)
            return
        for name, sign in (("b", 1), ("a", -1)):
            if self.walk.leaves_below(limits[name]):
                at_limit = integrand_at(call, limits[name], site)
                if at_limit is None:
                    Calls(self.walk).refuse(call)
                    return
                self.walk.visit(limits[name], term.times(sign, [at_limit], []))
        if site is None:
            given = function_given(call)
            if isinstance(given, Closure) or len(equation.args) > 1 or given is None or self.walk.leaves_below(given):
                Calls(self.walk).refuse(call)
            return
        over, active = integrated_over(call, site, self.walk)
        if not active:
            return
        if not self.walk.callees.is_settled:
            Calls(self.walk).refuse(call)
            return
        jump = self.walk.callees.moving_jump(site, over, active)
        if jump is not None:
            self.walk.refusals.add("GG106", jump.span or call.span, construct=(
                "an integrand that may jump at a place which moves; integrate up to that place and from it on instead"
            ))
            return
        callee = Calls(self.walk).callee(call, site, active)
        if callee is None:
            return
        variables = tuple(map(self.walk.names.fresh, over))
        arguments = (*map(ir.Name, variables), *map(ir.Value, equation.args[len(over):]))
        keywords = (*self._captured(site), (callee.seed, ir.Const(1.0)))
        partials = ir.Call(ir.Name(callee.gradient, "global"), arguments, keywords)
        options = tuple((name, ir.Value(value)) for name, value in call.keywords if name not in ("func", "a", "b", "args"))
        for index, name in enumerate(active):
            partial = ir.Item(partials, ir.Const(index)) if len(active) > 1 else partials
            moved = (Lambda(variables, partial), *map(ir.Value, (limits["a"], limits["b"], *inner[:len(call.args[3:])])))
            is_array = self.walk.kinds.may_be_array(site.arguments[name])
            if is_array and inner:
                self.walk.refusals.add("GG106", call.span, construct=MOVED_BY_ARRAY)
                return
            again = ir.Call(OF_ARRAYS, moved, options_of_arrays(options)) if is_array else ir.Call(call.func, moved, options)
            moved_by = term.times(1, [ir.Item(again, ir.Const(0))], [])
            shape = self.walk.kinds.shape(site.arguments[name]) if is_array else term.shape
            self.walk.visit(site.arguments[name], replace(moved_by, shape=shape))

    def _captured(self, site: CallSite) -> tuple[tuple[str, ir.Expr], ...]:
        return tuple((name, ir.Name(variable)) for name, variable in site.captured)


def options_of_arrays(options: Options) -> Options:
    """The options of an integral for that of an array, whose errors are to be as small."""
    kept = tuple((name, value) for name, value in options if name in ("epsabs", "epsrel", "limit", "points"))
    return kept if any(name == "epsabs" for name, _ in kept) else (*kept, ("epsabs", ir.Const(1.49e-08)))
