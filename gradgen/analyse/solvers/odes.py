"""Calls of scipy's integrators of differential equations: what they integrate, from where, and at which times.

Never differentiates; transform.solvers.odes and transform.forward.odes do.
"""
from __future__ import annotations

from collections.abc import Callable

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass
from gradgen.ir.kinds import NUMBER, WHOLE, AnyKind, Dim, Holder, Kind, size
from gradgen.rules.solvers import ODES, Solver, Step, solver_of

ODEINT = ("func", "y0", "t", "args", "Dfun", "col_deriv", "full_output")
SOLVE_IVP = ("fun", "t_span", "y0", "method", "t_eval", "dense_output", "events", "vectorized", "args")
@dataclass(frozen=True, slots=True)
class Ode:
    """y' = function(t, y, *args) from `start` on, where `times` are the output times: all of odeint's, the first being the start,
    or solve_ivp's t_eval, None where it chooses its own steps. `span` is solve_ivp's t_span, `doubt` what is not understood."""

    function: ir.Expr
    start: ir.Expr
    times: ir.Expr | None
    span: ir.Expr | None
    args: tuple[ir.Expr, ...]
    is_time_first: bool
    max_step: ir.Expr | None
    doubt: str


def ode_of(call: ir.Call) -> Ode | None:
    """What a call integrates; None where not all of its arguments are seen."""
    is_odeint = solver_of(call.target) is ODES["odeint"]
    names = ODEINT if is_odeint else SOLVE_IVP
    keywords = dict(call.keywords)
    if any(isinstance(arg, ir.Starred) for arg in call.args) or None in keywords or len(call.args) > len(names):
        return None
    listed = [*zip(names, call.args, strict=False), *call.keywords]
    given = {name: value for name, value in listed if name is not None and not is_const(value, None)}
    function, start = given.get(names[0]), given.get("y0")
    times, span = (given.get("t"), None) if is_odeint else (given.get("t_eval"), given.get("t_span"))
    if function is None or start is None or (times if is_odeint else span) is None:
        return None
    doubts = ["solve_ivp with events"] if "events" in given else []
    extra = given.get("args", ir.Display("tuple", ()))
    args = extra.items if isinstance(extra, ir.Display) and extra.kind == "tuple" else (ir.Starred(extra),)
    if any(isinstance(arg, ir.Starred) for arg in args):
        doubts.append("an integrator whose args are not written out as a tuple, args=(a, b)")
    is_first = given.get("tfirst", ir.Const(not is_odeint))
    if not isinstance(is_first, ir.Const):
        doubts.append("odeint with a tfirst that is computed")
    is_time_first = isinstance(is_first, ir.Const) and bool(is_first.value)
    max_step = given.get("hmax" if is_odeint else "max_step")
    return Ode(function, start, times, span, args, is_time_first, max_step, ", and ".join(doubts))


def is_const(expr: ir.Expr, value: object) -> bool:
    """Whether an expression is that constant."""
    return isinstance(expr, ir.Const) and expr.value is value


def rate_of(call: ir.Call, at: ir.Expr | None = None) -> ir.Call | None:
    """The function that is integrated, as a call at the first time, `at` being the whole result."""
    ode = ode_of(call)
    if ode is None or ode.doubt:
        return None
    y, t = state_and_time(call, call if at is None else at)
    return ir.Call(ode.function, (t, y, *ode.args) if ode.is_time_first else (y, t, *ode.args), span=call.span)


def state_and_time(call: ir.Call, result: ir.Expr) -> tuple[ir.Expr, ir.Expr]:
    """The solution at its first time and a number like that time, read from the result of a call."""
    if solver_of(call.target) is ODES["odeint"]:
        first: ir.Expr = ir.Item(ir.Item(result, ir.Const(0)) if is_full(call) else result, ir.Const(0))
        return first, ir.Item(first, ir.Const(0))
    y = ir.Attribute(result, "y")
    nothing = ir.Const(None)
    column = ir.Item(y, ir.Display("tuple", (ir.Slice(nothing, nothing, nothing), ir.Const(0))))
    return column, ir.Item(ir.Attribute(result, "t"), ir.Const(0))


def is_at_rest(call: ir.Call, steps: tuple[Step, ...] | None, varies: Callable[[ir.Expr], int]) -> bool:
    """Whether a part of a result stays as it is: `sol.t`, where the times are given and none of them varies."""
    solver = solver_of(call.target)
    if solver is None or solver.kind != "ode" or steps != ("t",):
        return False
    ode = ode_of(call)
    return ode is not None and ode.times is not None and not varies(ode.times)


def is_full(call: ir.Call) -> bool:
    """Whether odeint hands out its notes too: `full_output=True`."""
    found = dict(call.keywords).get("full_output")
    return isinstance(found, ir.Const) and bool(found.value)


def kind_of_solved(
    call: ir.Call, of: Callable[[ir.Expr], AnyKind], fresh: Callable[[ir.Node], Dim], solver: Solver,
) -> AnyKind:
    """The kind of what an integrator hands out: the values by time, or a holder of `y`, the times by column, and of `t`."""
    ode = ode_of(call)
    if ode is None:
        return None
    states, outputs = _length(of(ode.start), ode.start, fresh), fresh(call)
    if ode.times is not None:
        outputs = _length(of(ode.times), ode.times, fresh) or outputs
    if states is None:
        return None
    if solver is ODES["odeint"]:
        solution = Kind((outputs, states))
        return Holder((solution, None)) if is_full(call) else solution
    return Holder((Kind((states, outputs)), Kind((outputs,))), None, ("y", "t"))


def _length(kind: AnyKind, of: ir.Expr, fresh: Callable[[ir.Node], Dim]) -> Dim | None:
    """How many numbers a value is: one, a list or tuple of them, or an array; None where it is something else."""
    match kind:
        case Kind(dtype="complex" | "object"):
            return None
        case Kind(shape=()):
            return size(1)
        case Kind(shape=(length,)):
            return length
        case Holder(items=tuple() as items) if all(item in (NUMBER, WHOLE) for item in items):
            return size(len(items))
        case Holder(items=None, element=Kind(shape=()), keys=None):
            return fresh(of)
    return None
