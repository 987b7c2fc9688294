"""What both modes ask of a call of scipy's integrators of differential equations: what it runs, what moves it, and when.

Never writes a derivative; transform.solvers.odes and transform.forward.odes do.
"""
from __future__ import annotations

from gradgen.analyse.program import CallSite
from gradgen.analyse.solvers.odes import Ode, is_full, ode_of, rate_of
from gradgen.ir import nodes as ir
from gradgen.ir.closures import Closure, Lambda
from gradgen.ir.frozen import dataclass
from gradgen.ir.kinds import NUMBER, WHOLE, AnyKind, Holder, Kind
from gradgen.transform.expressions.calls import Calls, Walk
from gradgen.transform.solvers.solving import substituted

Options = tuple[tuple[str | None, ir.Expr], ...]


@dataclass(frozen=True, slots=True)
class Equation:
    """An integrator's call and what it runs; the function's parameters for the state and the time, and those of the others that
    receive something that varies."""

    call: ir.Call
    ode: Ode
    rate: ir.Call
    site: CallSite
    state: str
    time: str
    moving: tuple[str, ...]

    def at(self, time: ir.Expr, state: ir.Expr) -> tuple[ir.Expr, ...]:
        """The arguments of the function at a time and a state."""
        first = (time, state) if self.ode.is_time_first else (state, time)
        return (*first, *map(ir.Value, self.ode.args))

    @property
    def captured(self) -> Options:
        """What the function captures, as its derivatives take it."""
        return tuple((name, ir.Name(variable)) for name, variable in self.site.captured)

    @property
    def options(self) -> Options:
        """What a helper needs to know of how the call integrates."""
        return () if self.ode.max_step is None else (("max_step", ir.Value(self.ode.max_step)),)

    def function(self, time: str, state: str) -> ir.Expr | None:
        """The rate of time and state, as a function; None where it is a lambda that does not bear to be written again."""
        if not isinstance(self.rate.func, Closure):
            if self.ode.is_time_first and not self.ode.args:
                return self.rate.func
            return Lambda((time, state), ir.Call(self.rate.func, self.at(ir.Name(time), ir.Name(state))))
        (returned,) = self.site.read.function.body
        assert isinstance(returned, ir.Exit) and returned.value is not None
        values = {name: ir.Value(value) for name, value in self.site.arguments.items()}
        body = substituted(returned.value, {**values, self.state: ir.Name(state), self.time: ir.Name(time)})
        return None if body is None else Lambda((time, state), body)

    # --- the solution ---

    @property
    def start(self) -> ir.Expr:
        """What the user's start was when the integration began."""
        start = self.ode.start
        if isinstance(start, ir.Display):
            return ir.Display(start.kind, tuple(map(ir.Value, start.items)))
        return ir.Value(start)

    @property
    def is_odeint(self) -> bool:
        return self.ode.span is None

    @property
    def steps_freely(self) -> bool:
        """Whether the integrator chooses at which times it hands out the solution."""
        return self.ode.times is None

    @property
    def values(self) -> ir.Expr:
        """The solution's values, a row for each time."""
        whole = ir.Value(self.call)
        if self.is_odeint:
            return ir.Item(whole, ir.Const(0)) if is_full(self.call) else whole
        return ir.Attribute(ir.Attribute(whole, "y"), "T")

    @property
    def times(self) -> ir.Expr:
        """The times of these values."""
        if self.is_odeint and self.ode.times is not None:
            return ir.Value(self.ode.times)
        return ir.Attribute(ir.Value(self.call), "t")

    @property
    def ends(self) -> tuple[ir.Expr, ir.Expr | None]:
        """The expressions of the user's for when the integration starts, and for where it ends if the solution there is handed
        out for being the end."""
        if self.ode.span is None:
            assert self.ode.times is not None
            return _element(self.ode.times, 0), None
        return _element(self.ode.span, 0), _element(self.ode.span, 1) if self.steps_freely else None


def equation_in(call: ir.Call, walk: Walk) -> Equation | None:
    """What an integrator's call runs; None, and a refusal, where that is not known well enough."""
    ode, rate = ode_of(call), rate_of(call)
    if ode is None or ode.doubt:
        doubt = "an integrator whose arguments are not all seen" if ode is None else ode.doubt
        walk.refusals.add("GG106", call.span, construct=doubt)
        return None
    site = None if rate is None else walk.callees.site(rate)
    if rate is None or site is None or site.receiver is not None:
        Calls(walk).refuse(call)
        return None
    if walk.kinds.of(call) is None:
        walk.refusals.add("GG106", call.span, construct="an integrator that starts from what is not known to be numbers")
        return None
    if walk.callees.acts(site) or not walk.callees.may_run_again(site):
        walk.refusals.add("GG106", call.span, construct="an integrator of a function that does more than compute")
        return None
    time, state = (_parameter(site, rate.args[int(ode.is_time_first) ^ place]) for place in (1, 0))
    others = (name for name in site.read.parameters if name in site.arguments and name not in (state, time))
    moving = tuple(name for name in others if walk.leaves_below(site.arguments[name]))
    if not all(_is_of_numbers(walk.kinds.of(site.arguments[name])) for name in moving):
        walk.refusals.add("GG106", call.span, construct="an integrator of a function of more than numbers and arrays")
        return None
    jump = walk.callees.moving_jump(site, (time, state), (state, *moving))
    if jump is not None:
        walk.refusals.add("GG106", jump.span or call.span, construct=(
            "an equation whose rate may jump at a place which moves; integrate up to that place and from it on instead"
        ))
        return None
    return Equation(call, ode, rate, site, state, time, moving)


def _is_of_numbers(kind: AnyKind) -> bool:
    """Whether a value is a number, an array, or a list or tuple of numbers."""
    if isinstance(kind, Holder):
        return kind.keys is None and kind.at(...) in (NUMBER, WHOLE)
    return isinstance(kind, Kind) and kind.shape is not None


def _element(sequence: ir.Expr, index: int) -> ir.Expr:
    """An element of a list, a tuple or an array."""
    if isinstance(sequence, ir.Display) and index < len(sequence.items):
        return sequence.items[index]
    return ir.Item(sequence, ir.Const(index))


def _parameter(site: CallSite, value: ir.Expr) -> str:
    """The parameter that receives a value."""
    return next(name for name, given in site.arguments.items() if given is value)
