"""The derivative of a call of scipy's root finders and integrals: the implicit function theorem, and Leibniz's rule.

Never looks at how a root or an integral is found.
"""
from __future__ import annotations

from dataclasses import dataclass, replace

from gradgen.analyse.program import CallSite
from gradgen.analyse.solvers import equation_of, first_step, function_given, gives_slope, part_of
from gradgen.ir import nodes as ir
from gradgen.ir.closures import Closure, Lambda
from gradgen.ir.kinds import Kind, Shape
from gradgen.rules.solvers import ARRAY_SOLVERS, Step, solver_of
from gradgen.transform.calls import Calls, Walk, tuple_length
from gradgen.transform.contributions import CallLine, Temporary
from gradgen.transform.evaluation import rebuilt
from gradgen.transform.terms import Term, product_of


@dataclass(frozen=True, slots=True)
class Solvers:
    """Passes the adjoints of roots and integrals on to what they depend on, for one walk."""

    walk: Walk

    def pass_on(self, call: ir.Call, term: Term) -> None:
        """The result of a solver, as a whole: a number, or what holds one in a part and goes to a name or is unpacked."""
        part = part_of(call)
        value: ir.Expr = ir.Value(call)
        for step in part:
            value = _stepped(value, step)
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
        else:
            self._integral(call, term)

    def _refuse_part(self, call: ir.Call) -> None:
        self.walk.refusals.add("GG106", call.span, construct="the result of a solver, but for its root or integral")

    # --- roots ---

    def _root(self, call: ir.Call, term: Term, value: ir.Expr) -> None:
        """A root x of f(x, p) = 0 moves with p by -f_p / f_x: the implicit function theorem."""
        equation = equation_of(call)
        site = None if equation is None else self.walk.callees.site(equation)
        if equation is None or site is None or not self.walk.callees.is_settled or term.adjoint is None:
            Calls(self.walk).refuse(call)
            return
        first, *others = (name for name in site.read.parameters if name in site.arguments)
        active = tuple(name for name in others if self.walk.leaves_below(site.arguments[name]))
        if not active:
            return
        is_for_arrays = _is_for_arrays(site.read.function, first) or not self._starts_at_one_number(call)
        is_of_several = any(isinstance(arg, ir.Display) for arg in call.args[1:2]) and not part_of(call)
        if solver_of(call.target) in ARRAY_SOLVERS and is_for_arrays or is_of_several:
            Calls(self.walk).refuse(call)
            return
        seed: ir.Expr = ir.Const(1.0)
        if gives_slope(call):
            length = tuple_length(site.read.function)
            if length is None:
                Calls(self.walk).refuse(call)
                return
            seed = ir.Display("tuple", (seed, *[ir.Const(0.0)] * (length - 1)))
        callee = self.walk.callees.callee(site, (first, *active), True)
        targets = tuple(self.walk.names.numbered(f"d{name}") for name in (first, *active))
        arguments = (value, *map(ir.Value, equation.args[1:]))
        keywords = (*self._captured(site), (callee.seed, seed))
        self.walk.found.temporaries.append(CallLine(equation, targets, callee.gradient, arguments, keywords, term.guards))
        slope = ir.Name(targets[0])
        for name, target in zip(active, targets[1:], strict=True):
            self.walk.visit(site.arguments[name], term.times(-1, [ir.Name(target)], [slope]))

    def _starts_at_one_number(self, call: ir.Call) -> bool:
        """Whether the first guess says that there is one unknown: a number, or a display of one."""
        guess = call.args[1] if len(call.args) > 1 else dict(call.keywords).get("x0")
        if isinstance(guess, ir.Display) and guess.kind != "dict" and len(guess.items) == 1:
            (guess,) = guess.items
        held = None if guess is None else self.walk.callees.live(guess)
        return isinstance(held, int | float)

    # --- fixed points ---

    def _fixed_point(self, call: ir.Call, term: Term, value: ir.Expr) -> None:
        """The x = step(x, p) moves with p by step_p / (1 - step_x): the implicit function theorem. For an array the adjoint of
        step's result is itself a fixed point: that of x, and what step hands back of it to x."""
        found = fixed_point_site(call, self.walk)
        if found is None or term.adjoint is None:
            Calls(self.walk).refuse(call)
            return
        equation, site = found
        first, *others = (name for name in site.read.parameters if name in site.arguments)
        active = tuple(name for name in others if self.walk.leaves_below(site.arguments[name]))
        if not active:
            return
        callee = self.walk.callees.callee(site, (first, *active), True)
        names, kinds = self.walk.names, self.walk.kinds
        targets = tuple(names.numbered(f"d{name}") for name in (first, *active))
        arguments, captured = (value, *map(ir.Value, equation.args[1:])), self._captured(site)
        if not kinds.has_arrays:
            keywords = (*captured, (callee.seed, ir.Const(1.0)))
            self.walk.found.temporaries.append(CallLine(equation, targets, callee.gradient, arguments, keywords, term.guards))
            rest = ir.Op("sub", (ir.Const(1), ir.Name(targets[0])))
            for name, target in zip(active, targets[1:], strict=True):
                self.walk.visit(site.arguments[name], term.times(1, [ir.Name(target)], [rest]))
            return
        seed = product_of(replace(term, guards=()))
        if not isinstance(seed, ir.Name):
            handed = ir.Name(names.numbered(f"d{first}"))
            self.walk.found.temporaries.append(Temporary(handed.id, seed, term.guards))
            seed = handed
        adjoint = names.fresh(callee.seed)
        keywords = (*captured, (callee.seed, ir.Name(adjoint)))
        again = ir.Item(ir.Call(ir.Name(callee.gradient, "global"), arguments, keywords), ir.Const(0))
        moved = Lambda((adjoint,), ir.Op("add", (seed, again)))
        options = tuple((name, ir.Value(held)) for name, held in call.keywords)
        settled = ir.Call(ir.Name("fixed_point", "global"), (moved, seed), options)
        self.walk.found.temporaries.append(Temporary(adjoint, settled, term.guards))
        self.walk.found.temporaries.append(CallLine(equation, targets, callee.gradient, arguments, keywords, term.guards))
        for name, target in zip((first, *active), targets, strict=True):
            kinds.named[target] = kinds.of(site.arguments[name])
        for name, target in zip(active, targets[1:], strict=True):
            kind = kinds.of(site.arguments[name])
            shape = kind.shape if isinstance(kind, Kind) else None
            self.walk.visit(site.arguments[name], Term(ir.Name(target), guards=term.guards, shape=shape))

    # --- integrals ---

    def _integral(self, call: ir.Call, term: Term) -> None:
        """d/dp of the integral of f(t, p) from a to b is the integral of f_p, and f(b) b_p - f(a) a_p: Leibniz's rule."""
        limits = dict(zip(("a", "b"), call.args[1:3], strict=False)) | {
            name: value for name, value in call.keywords if name in ("a", "b")
        }
        if len(limits) != 2 or term.adjoint is None:
            Calls(self.walk).refuse(call)
            return
        equation = equation_of(call)
        site = None if equation is None else self.walk.callees.site(equation)
        if equation is None:
            Calls(self.walk).refuse(call)
            return
        for name, sign in (("b", 1), ("a", -1)):
            if self.walk.leaves_below(limits[name]):
                at_limit = self._integrand_at(call, limits[name], site)
                if at_limit is None:
                    Calls(self.walk).refuse(call)
                    return
                self.walk.visit(limits[name], term.times(sign, [at_limit], []))
        if site is None:
            given = function_given(call)
            if isinstance(given, Closure) or len(equation.args) > 1 or given is None or self.walk.leaves_below(given):
                Calls(self.walk).refuse(call)
            return
        first, *others = (name for name in site.read.parameters if name in site.arguments)
        active = tuple(name for name in others if self.walk.leaves_below(site.arguments[name]))
        if not active:
            return
        if not self.walk.callees.is_settled:
            Calls(self.walk).refuse(call)
            return
        jump = self.walk.callees.moving_jump(site, first, active)
        if jump is not None:
            self.walk.refusals.add("GG106", jump.span or call.span, construct=(
                "an integrand that may jump at a place which moves; integrate up to that place and from it on instead"
            ))
            return
        callee = self.walk.callees.callee(site, active, True)
        variable = self.walk.names.fresh(first)
        arguments = (ir.Name(variable), *map(ir.Value, equation.args[1:]))
        keywords = (*self._captured(site), (callee.seed, ir.Const(1.0)))
        partials = ir.Call(ir.Name(callee.gradient, "global"), arguments, keywords)
        options = tuple((name, ir.Value(value)) for name, value in call.keywords if name not in ("func", "a", "b", "args"))
        for index, name in enumerate(active):
            partial = ir.Item(partials, ir.Const(index)) if len(active) > 1 else partials
            moved = (Lambda((variable,), partial), ir.Value(limits["a"]), ir.Value(limits["b"]))
            integral = ir.Item(ir.Call(call.func, moved, options), ir.Const(0))
            self.walk.visit(site.arguments[name], term.times(1, [integral], []))

    def _integrand_at(self, call: ir.Call, limit: ir.Expr, site: CallSite | None) -> ir.Expr | None:
        """The integrand's value at a limit; None where there is no short text for it."""
        equation = equation_of(call, ir.Value(limit))
        assert equation is not None
        function = equation.func
        if not isinstance(function, Closure):
            return ir.Call(function, (equation.args[0], *map(ir.Value, equation.args[1:])))
        if site is None:
            return None
        first = site.read.function.parameters[0].name
        values = {name: ir.Value(value) for name, value in site.arguments.items()} | {first: equation.args[0]}
        (returned,) = site.read.function.body
        assert isinstance(returned, ir.Exit) and returned.value is not None
        return _substituted(returned.value, values)

    def _captured(self, site: CallSite) -> tuple[tuple[str, ir.Expr], ...]:
        return tuple((name, ir.Name(variable)) for name, variable in site.captured)


def fixed_point_site(call: ir.Call, walk: Walk) -> tuple[ir.Call, CallSite] | None:
    """The step of a fixed point as a call at the first guess, and what it runs; None where that is not known well enough."""
    equation = first_step(call)
    site = None if equation is None else walk.callees.site(equation)
    if equation is None or site is None or site.receiver is not None or None in dict(call.keywords):
        return None
    is_alike = not walk.kinds.has_arrays or _may_be_stepped(walk.kinds.shape(call.args[1]), walk.kinds.shape(call))
    is_steady = walk.callees.may_run_again(site) and not walk.callees.acts(site)
    return (equation, site) if is_alike and is_steady else None


def _may_be_stepped(guess: Shape | None, result: Shape | None) -> bool:
    """Whether a step gives what its text, made for the first guess, takes x for: as many axes, and none of them stretched."""
    if guess is None or result is None or len(guess) != len(result):
        return False
    return all(one == other or not one.is_one and not other.is_one for one, other in zip(guess, result, strict=True))


def _stepped(value: ir.Expr, step: Step) -> ir.Expr:
    return ir.Attribute(value, step) if isinstance(step, str) else ir.Item(value, ir.Const(step))


def _is_for_arrays(function: ir.Function, unknown: str) -> bool:
    """Whether a residual takes the array of its unknowns apart, or hands out several numbers."""
    return any(
        isinstance(node, ir.Item) and isinstance(node.base, ir.Name) and node.base.id == unknown
        or isinstance(node, ir.Exit) and node.kind == "return" and isinstance(node.value, ir.Display)
        for node in ir.nodes_of(function)
    )


def _substituted(expr: ir.Expr, values: dict[str, ir.Expr]) -> ir.Expr | None:
    """An expression of operations and calls with values in the place of its variables; None where it holds anything else."""
    if any(not isinstance(node, ir.Op | ir.Name | ir.Const | ir.Call | ir.Compare) for node in ir.walk(expr)):
        return None

    def change(inner: ir.Expr) -> ir.Expr:
        if isinstance(inner, ir.Name):
            return values.get(inner.id, inner) if inner.scope == "local" else inner
        return inner if isinstance(inner, ir.Const) else rebuilt(inner, change)

    return change(expr)
