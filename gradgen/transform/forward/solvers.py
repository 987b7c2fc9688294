"""The tangents of scipy's roots and integrals and of fixed points: the implicit function theorem, and Leibniz's rule.

Never looks at how a root or an integral is found.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from gradgen.analyse.program import CallSite
from gradgen.analyse.solvers.calls import (
    OTHER_PART,
    equation_of,
    function_given,
    gives_slope,
    is_held_in_parts,
    part_of,
    solution_of,
    stepped,
    steps_of,
)
from gradgen.analyse.solvers.odes import is_at_rest
from gradgen.ir import nodes as ir
from gradgen.ir.closures import Closure, Lambda
from gradgen.ir.frozen import dataclass
from gradgen.rules.solvers import solver_of
from gradgen.transform.arrays.results_read import tuple_length
from gradgen.transform.expressions.calls import Calls
from gradgen.transform.expressions.local import Linearizer
from gradgen.transform.expressions.terms import Term
from gradgen.transform.forward.callees import TangentCallees
from gradgen.transform.forward.entrywise import tangent_of_entries
from gradgen.transform.forward.odes import Integrated
from gradgen.transform.solvers.solving import (
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


class Walk(Protocol):
    """What the tangent of a solution needs of the walk over the expression that it stands in."""

    linearizer: Linearizer
    callees: TangentCallees

    def of(self, expr: ir.Expr) -> list[Term]: ...

    def expression(self, expr: ir.Expr) -> ir.Expr: ...


@dataclass(frozen=True, slots=True)
class Solutions:
    """The tangents of solutions. The tangent of all that a solver hands out is that of the one part which varies."""

    walk: Walk

    def of_part(self, expr: ir.Item | ir.Attribute) -> list[Term] | None:
        """The tangent of `sol.root`, `quad(...)[0]`; None where the expression is no part of a solution."""
        linearizer = self.walk.linearizer
        path: list[ir.Expr] = []
        base: ir.Expr = expr
        while isinstance(base, ir.Item | ir.Attribute):
            path.insert(0, base.index if isinstance(base, ir.Item) else ir.Attribute(ir.Const(None), base.name))
            base = base.base
        call: ir.Expr | None = base
        kinds = linearizer.kinds
        if isinstance(base, ir.Name):
            call = solution_of(linearizer.activity.versions.of_read.get(base), kinds.of)
        if not isinstance(call, ir.Call) or not is_held_in_parts(call, kinds.of):
            return None
        part = part_of(call, kinds.of(call))
        if steps_of(path) != part:
            if len(path) > len(part) and steps_of(path[:len(part)]) == part:
                return None  # a part of the part that varies
            if is_at_rest(call, steps_of(path), linearizer.leaves_below):
                return []
            linearizer.refusals.add("GG106", expr.span, construct=OTHER_PART)
            return []
        if isinstance(base, ir.Name):
            return [Term(ir.Name(linearizer.names.tangent(base.id)), shape=kinds.shape(expr))]
        return self.of(call, ir.Value(expr))

    def is_in_parts(self, value: ir.Expr) -> bool:
        """Whether a value is a solver's result of which one part varies."""
        return is_held_in_parts(value, self.walk.linearizer.kinds.of)

    def unpacked(self, call: ir.Call, target: ir.TupleTarget, is_mirrored: Callable[[ir.Node], bool]) -> dict[str, list[Term]]:
        """The tangent of the one of a solver's results that varies, by the name that it is given."""
        linearizer, found = self.walk.linearizer, {}
        part = part_of(call, linearizer.kinds.of(call))
        for place, item in enumerate(target.items):
            if not any(isinstance(node, ir.NameTarget) and is_mirrored(node) for node in ir.walk(item)):
                continue
            if part != (place,) or not isinstance(item, ir.NameTarget):
                linearizer.refusals.add("GG106", target.span, construct=OTHER_PART)
                return {}
            found[item.id] = self.of_bound(call)
        return found

    def of_bound(self, call: ir.Call) -> list[Term]:
        """The tangent of a solver's result that goes to a name or is unpacked."""
        value: ir.Expr = ir.Value(call)
        for step in part_of(call, self.walk.linearizer.kinds.of(call)):
            value = stepped(value, step)
        return self.of(call, value)

    def of(self, call: ir.Call, value: ir.Expr) -> list[Term]:
        """The tangent of the part of a call's result that varies, `value` being that part."""
        if self.walk.linearizer.leaves_below(call) == 0:
            return []
        solver = solver_of(call.target)
        assert solver is not None
        if solver.kind == "root":
            return self._root(call, value)
        if solver.kind == "entrywise":
            return tangent_of_entries(call, self.walk)
        if solver.kind == "ode":
            return Integrated(self.walk).of(call)
        return self._fixed_point(call) if solver.kind == "fixed" else self._integral(call)

    def _refuse(self, call: ir.Call) -> list[Term]:
        Calls(self.walk.linearizer).refuse(call)
        return []

    # --- roots ---

    def _root(self, call: ir.Call, value: ir.Expr) -> list[Term]:
        """A root x of f(x, p) = 0 moves by -f_dot / f_x, f_dot being how f moves with p alone."""
        linearizer = self.walk.linearizer
        kind = linearizer.kinds.of(call)
        is_one = not solves_for_arrays(call, kind)
        equation = equation_solved(call, kind)
        site = None if equation is None else linearizer.callees.site(equation)
        if equation is None or site is None:
            return self._refuse(call)
        first, active = moving_parameters(site, linearizer)
        if not active:
            return []
        if is_one and not is_of_one(call, site, first, linearizer):
            return self._refuse(call)
        length = tuple_length(site.read.function) if gives_slope(call) else None
        if gives_slope(call) and length is None:
            return self._refuse(call)
        args = (value, *map(ir.Value, equation.args[1:]))
        moved = self._tangent_of(site, args, {name: self.walk.expression(site.arguments[name]) for name in active})
        if moved is None:
            return []
        if not is_one:
            variable = ir.Name(linearizer.names.fresh("column"))
            column = self._tangent_of(site, args, {first: variable})
            if column is None:
                return []
            given = (Lambda((variable.id,), column), moved)
            solved_for = self._asked(call, equation, args, "tangent_at_root", given, value)
            if solved_for is None:
                linearizer.needed.add("root_tangent")
                solved_for = ir.Call(ir.Name("root_tangent", "global"), given)
            return [Term(solved_for, shape=linearizer.kinds.shape(value))]
        slope = self._tangent_of(site, args, {first: ir.Const(1.0)})
        if slope is None:
            return []
        if length is not None:
            moved, slope = ir.Item(moved, ir.Const(0)), ir.Item(slope, ir.Const(0))
        slope = self._asked(call, equation, args, "slope_at_root", (slope,), value) or slope
        return [Term(moved).times(-1, [], [slope])]

    def _asked(
        self, call: ir.Call, equation: ir.Call, args: tuple[ir.Expr, ...], helper: str, given: tuple[ir.Expr, ...], value: ir.Expr
    ) -> ir.Expr | None:
        """What a helper gives that looks whether the solution is one; None for solvers that see to that themselves."""
        residual = residual_at(call, equation, args)
        if residual is None:
            return None
        linearizer = self.walk.linearizer
        linearizer.needed.update((helper, "NonDifferentiableError"))
        where = ir.Const(linearizer.refusals.place(call.span))
        return ir.Call(ir.Name(helper, "global"), (*given, residual, value, where))

    def _tangent_of(self, site: CallSite, args: Sequence[ir.Expr], tangents: Mapping[str, ir.Expr]) -> ir.Expr | None:
        """How a function's value moves, its arguments moving so; None where it is refused."""
        if self._is_refused(site, tuple(tangents)):
            return None
        callee = self.walk.callees.tangent_callee(site, tuple(tangents), is_alone=True)
        captured = tuple((name, ir.Name(variable)) for name, variable in site.captured)
        moving = tuple((callee.tangents[name], tangent) for name, tangent in tangents.items())
        return ir.Call(ir.Name(callee.name, "global"), tuple(args), (*captured, *moving))

    def _is_refused(self, site: CallSite, moving: tuple[str, ...]) -> bool:
        """Whether a function has no tangent; what is refused in it is refused here then."""
        linearizer = self.walk.linearizer
        refused = linearizer.callees.refused(site, moving, True)
        linearizer.refusals.findings.extend(each for each in refused if each not in linearizer.refusals.findings)
        return bool(refused)

    # --- fixed points ---

    def _fixed_point(self, call: ir.Call) -> list[Term]:
        """The tangent of x = step(x, p) is how the step moves with p alone, and with what x itself moves by: for a number that is
        an equation to solve, for an array a fixed point again."""
        linearizer = self.walk.linearizer
        found = fixed_point_site(call, linearizer, is_beside=True)
        if found is None:
            return self._refuse(call)
        equation, site = found
        first, active = moving_parameters(site, linearizer)
        if not active:
            return []
        args = (ir.Value(call), *map(ir.Value, equation.args[1:]))
        moved = self._tangent_of(site, args, {name: self.walk.expression(site.arguments[name]) for name in active})
        is_moved = self.walk.callees.varies_with(site, (first,))
        if moved is None or not is_moved:
            return [] if moved is None else [Term(moved, shape=linearizer.kinds.shape(call))]
        shape = linearizer.kinds.shape(call) if linearizer.kinds.has_arrays else ()
        if shape == ():
            slope = self._tangent_of(site, args, {first: ir.Const(1.0)})
            if slope is None:
                return []
            return [Term(moved, shape=()).times(1, [], [ir.Op("sub", (ir.Const(1), slope))])]
        variable, rest = (linearizer.names.fresh(name) for name in (linearizer.names.tangent(first), "moved"))
        again = self._tangent_of(site, args, {first: ir.Name(variable)})
        if again is None:
            return []
        step = Lambda((variable, rest), ir.Op("add", (ir.Name(rest), again)))
        start = ir.Op("mul", (ir.Const(0.0), ir.Value(call)))
        options = tuple((name, ir.Value(value)) for name, value in call.keywords if name is not None)
        return [Term(ir.Call(ir.Name("fixed_point", "global"), (step, start, moved), options), shape=shape)]

    # --- integrals ---

    def _integral(self, call: ir.Call) -> list[Term]:
        """The integral of f(t, p) from a to b moves by the integral of f's tangent, and by f(b) b_dot - f(a) a_dot."""
        linearizer = self.walk.linearizer
        limits, equation = limits_of(call), equation_of(call)
        if limits is None or equation is None:
            return self._refuse(call)
        site = linearizer.callees.site(equation)
        inner = inner_limits(call)
        if inner and any(map(linearizer.leaves_below, (*limits.values(), *inner))):
            linearizer.refusals.add("GG106", call.span, construct=MOVING_REGION)
            return []
        terms: list[Term] = []
        for name, sign in (("b", 1), ("a", -1)):
            if linearizer.leaves_below(limits[name]):
                at_limit = integrand_at(call, limits[name], site)
                if at_limit is None:
                    return self._refuse(call)
                terms += [term.times(sign, [at_limit], []) for term in self.walk.of(limits[name])]
        if site is None:
            given = function_given(call)
            is_moved = given is None or linearizer.leaves_below(given) > 0
            return self._refuse(call) if isinstance(given, Closure) or len(equation.args) > 1 or is_moved else terms
        over, active = integrated_over(call, site, linearizer)
        if not active:
            return terms
        jump = linearizer.callees.moving_jump(site, over, active)
        if jump is not None:
            linearizer.refusals.add("GG106", jump.span or call.span, construct=(
                "an integrand that may jump at a place which moves; integrate up to that place and from it on instead"
            ))
            return []
        if not self.walk.callees.varies_with(site, active):
            return terms
        variables = tuple(map(linearizer.names.fresh, over))
        args = (*map(ir.Name, variables), *map(ir.Value, equation.args[len(over):]))
        moved = self._tangent_of(site, args, {name: self.walk.expression(site.arguments[name]) for name in active})
        if moved is None:
            return []
        options = tuple((name, ir.Value(value)) for name, value in call.keywords if name not in ("func", "a", "b", "args"))
        limits_given = (limits["a"], limits["b"], *inner[:len(call.args[3:])])
        given_on = (Lambda(variables, moved), *map(ir.Value, limits_given))
        return [*terms, Term(ir.Item(ir.Call(call.func, given_on, options), ir.Const(0)))]
