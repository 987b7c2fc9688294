"""Calls of scipy's solvers and integrators: the function that they are given, and the part of their result that varies.

Never differentiates; transform.solvers.calls and transform.solvers.odes do.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence

from gradgen.analyse.solvers.entrywise import function_of_entries, kind_of_entries
from gradgen.analyse.solvers.odes import kind_of_solved, rate_of
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import NUMBER, WHOLE, AnyKind, Dim, Holder, Kind, size, unknown
from gradgen.rules.solvers import ARRAY_SOLVERS, BRACKETING, ENTRYWISE, FIXED_POINT, NEWTON, Step, solver_of

CHANGE_THE_RESULT = frozenset({"weight", "wvar", "complex_func", "wopts"})
OTHER_PART = "the result of a solver, but for its root, integral or solution"
"""What a refusal calls the parts of a result that no derivative is known of."""


def function_given(call: ir.Call) -> ir.Expr | None:
    """The function that a solver is given."""
    solver = solver_of(call.target)
    if solver is None:
        return None
    return call.args[0] if call.args else dict(call.keywords).get(solver.function)


def equation_of(call: ir.Call, at: ir.Expr | None = None) -> ir.Call | None:
    """The solver's function at its first argument `at` (the part of the result that varies), as a call: `f(at, *args)`; None
    where the call does not say what it runs."""
    solver, function = solver_of(call.target), function_given(call)
    if solver is not None and solver.kind == "ode":
        return rate_of(call, at)
    if solver is ENTRYWISE:
        return function_of_entries(call)
    keywords = dict(call.keywords)
    if solver is None or function is None or None in keywords or any(isinstance(arg, ir.Starred) for arg in call.args):
        return None
    if keywords.keys() & CHANGE_THE_RESULT or solver.kind == "integral" and len(call.args) > solver.args_at + 1:
        return None
    if solver.kind == "fixed":
        is_known = len(call.args) > 1 and keywords.keys() <= {"tol", "most"}
        return ir.Call(function, (call if at is None else at, *call.args[2:]), span=call.span) if is_known else None
    is_full = keywords.get("full_output")
    if is_full is not None and (not isinstance(is_full, ir.Const) or is_full.value and solver.kind == "integral"):
        return None
    extra = keywords.get("args") or (call.args[solver.args_at] if len(call.args) > solver.args_at else ir.Display("tuple", ()))
    items = extra.items if isinstance(extra, ir.Display) and extra.kind == "tuple" else (extra,)
    solved: ir.Expr = call
    for step in part_of(call) if at is None else ():
        solved = stepped(solved, step)
    return ir.Call(function, (*(solved if at is None else at,) * solver.variables, *items), span=call.span)


def stepped(value: ir.Expr, step: Step) -> ir.Expr:
    """One step into a result."""
    return ir.Attribute(value, step) if isinstance(step, str) else ir.Item(value, ir.Const(step))


def first_step(call: ir.Call) -> ir.Call | None:
    """The step of a fixed point as a call at the first guess; None where the call does not say what it runs, or is of another."""
    return equation_of(call, call.args[1]) if solver_of(call.target) is FIXED_POINT and len(call.args) > 1 else None


def gives_slope(call: ir.Call) -> bool:
    """Whether the function hands out its slope too: `fprime=True`."""
    fprime = dict(call.keywords).get("fprime")
    return isinstance(fprime, ir.Const) and fprime.value is True


def part_of(call: ir.Call, kind: AnyKind = None) -> tuple[Step, ...]:
    """The steps to the one part of a solver's result that varies; none where the result is that value. The `kind` of the result
    is known where several unknowns are solved for: then all of them vary."""
    solver = solver_of(call.target)
    if solver is None:
        return ()
    part = solver.part[:-1] if kind is not None and solver in ARRAY_SOLVERS else solver.part
    is_full = dict(call.keywords).get("full_output")
    return (0, *part) if isinstance(is_full, ir.Const) and is_full.value else part


def guess_of(call: ir.Call) -> ir.Expr | None:
    """The first guess of a root finder."""
    return call.args[1] if len(call.args) > 1 else dict(call.keywords).get("x0")


def kind_of_solution(
    call: ir.Call, of: Callable[[ir.Expr], AnyKind], fresh: Callable[[ir.Node], Dim] = lambda node: unknown("outputs"),
) -> AnyKind:
    """The kind of what a solver's call hands out; several unknowns are as many as the first guess has elements."""
    solver, guess = solver_of(call.target), guess_of(call)
    if solver is not None and solver.kind == "ode":
        return kind_of_solved(call, of, fresh, solver)
    if solver is ENTRYWISE:
        return kind_of_entries(call, of)
    if solver is not None and solver.kind == "integral":
        return Holder((NUMBER, NUMBER)) if equation_of(call) is not None else None
    if solver is not None and solver.part == ("root",):
        return Holder((NUMBER,), None, solver.part)
    kind = None if guess is None else of(guess)
    if solver in (BRACKETING, NEWTON) and not part_of(call):
        is_one = solver is BRACKETING or kind == NUMBER or kind == WHOLE
        return NUMBER if is_one else None
    if solver not in ARRAY_SOLVERS:
        return None
    if isinstance(kind, Holder) and kind.items is not None and all(each == NUMBER or each == WHOLE for each in kind.items):
        kind = Kind((size(len(kind.items)),)) if len(kind.items) > 1 else None
    if not isinstance(kind, Kind) or kind.shape is None or len(kind.shape) != 1:
        return None
    unknowns = Kind(kind.shape)
    part = part_of(call, unknowns)
    if part == ("x",):
        return Holder((unknowns,), None, part)
    return Holder((unknowns, None, None, None)) if part else unknowns


def solves_for_several(node: ir.Call) -> bool:
    """Whether a call gives an array: of several unknowns, as its first guess shows, of values by time, or of entries."""
    solver = solver_of(node.target)
    if solver is not None and solver.kind in ("ode", "entrywise"):
        return True
    guess = guess_of(node) if solver_of(node.target) in ARRAY_SOLVERS else None
    return isinstance(guess, ir.Display) and guess.kind != "dict" and len(guess.items) > 1


def steps_of(path: Sequence[ir.Expr]) -> tuple[Step, ...] | None:
    """A path of constant items and attributes, as steps; None where an index is computed."""
    found: list[Step] = []
    for step in path:
        step = step.of if isinstance(step, ir.Value) else step
        if isinstance(step, ir.Attribute):
            found.append(step.name)
        elif isinstance(step, ir.Const) and type(step.value) is int:
            found.append(step.value)
        else:
            return None
    return tuple(found)


def is_held_in_parts(made: object, of: Callable[[ir.Expr], AnyKind] = lambda expr: None) -> bool:
    """Whether an expression is a solver's result with one part that varies."""
    return isinstance(made, ir.Call) and bool(part_of(made, kind_of_solution(made, of)))


def is_one_root(expr: ir.Item, of: Callable[[ir.Expr], AnyKind]) -> bool:
    """Whether an expression is the one unknown that a solver was given one number for: `fsolve(f, 1.0)[0]`."""
    call = expr.base.base if isinstance(expr.base, ir.Attribute) else expr.base
    if not isinstance(call, ir.Call) or solver_of(call.target) not in ARRAY_SOLVERS or not is_the_part(expr, of):
        return False
    guess = guess_of(call)
    if isinstance(guess, ir.Display) and len(guess.items) == 1:
        guess = guess.items[0]
    return guess is not None and of(guess) in (NUMBER, WHOLE)


def is_the_part(expr: ir.Expr, of: Callable[[ir.Expr], AnyKind]) -> bool:
    """Whether an expression takes the one part of a solver's result that varies: `fsolve(f, 1.0)[0]`."""
    path: list[ir.Expr] = []
    base = expr
    while isinstance(base, ir.Item | ir.Attribute):
        path.append(base.index if isinstance(base, ir.Item) else base)
        base = base.base
    return isinstance(base, ir.Call) and bool(path) and steps_of(path[::-1]) == part_of(base, of(base)) != ()


def solution_of(
    version: Version | None, of: Callable[[ir.Expr], AnyKind] = lambda expr: None, seen: frozenset[Version] = frozenset(),
) -> ir.Call | None:
    """The solver's call that a variable holds the whole result of, whichever branch assigned it; any of several alike."""
    if version is None or version in seen:
        return None
    if version.kind == "assign" and len(version.sources) == 1 and isinstance(version.sources[0], ir.Call):
        return version.sources[0] if is_held_in_parts(version.sources[0], of) else None
    if version.kind != "phi" or not version.is_bound or version.is_partial:
        return None
    others = (each for each in version.sources if isinstance(each, Version) and each is not version)
    found = [solution_of(each, of, seen | {version}) for each in others]
    calls = [call for call in found if call is not None]
    return calls[0] if calls and len(calls) == len(found) and len(set(map(part_of, calls))) == 1 else None
