"""What both modes ask of a call of scipy's root finders and integrals, and of fixed_point: what it runs, and what moves it.

Never writes a derivative; transform.solvers.calls and transform.forward.solvers do.
"""
from __future__ import annotations

from typing import Protocol

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.program import CallSite
from gradgen.analyse.solvers.calls import equation_of, first_step, gives_slope, guess_of, part_of, stepped
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.closures import Closure
from gradgen.ir.kinds import AnyKind, Shape
from gradgen.ir.queries import is_name
from gradgen.rules.solvers import ARRAY_SOLVERS, SILENT, solver_of
from gradgen.transform.expressions.callees import Callees
from gradgen.transform.expressions.evaluation import rebuilt

PLAIN = (ir.Op, ir.Name, ir.Const, ir.Call, ir.Compare, ir.Item, ir.Slice, ir.Display, ir.Attribute)
"""What an expression may hold whose variables get other values: it binds no names."""


MOVING_REGION = "an integral over several variables whose limits move; nest quad instead"
MOVED_BY_ARRAY = "an integral over several variables that an array moves; nest quad instead"


class Walk(Protocol):
    """What is asked of the walk over the expression that a call stands in."""

    kinds: Kinds

    @property
    def callees(self) -> Callees: ...

    def leaves_below(self, expr: ir.Node) -> int: ...


def moving_parameters(site: CallSite, walk: Walk) -> tuple[str, tuple[str, ...]]:
    """The unknown or the integration variable, and the further parameters that receive something that varies."""
    first, *others = (name for name in site.read.parameters if name in site.arguments)
    return first, tuple(name for name in others if walk.leaves_below(site.arguments[name]))


def solves_for_arrays(call: ir.Call, kind: AnyKind) -> bool:
    """Whether several unknowns are known to be solved for, `kind` being that of the result."""
    return solver_of(call.target) in ARRAY_SOLVERS and kind is not None


def equation_solved(call: ir.Call, kind: AnyKind) -> ir.Call | None:
    """A root finder's function at the solution, as a call."""
    if not solves_for_arrays(call, kind):
        return equation_of(call)
    solved: ir.Expr = call
    for step in part_of(call, kind):
        solved = stepped(solved, step)
    return equation_of(call, solved)


def residual_at(call: ir.Call, equation: ir.Call, arguments: tuple[ir.Expr, ...]) -> ir.Expr | None:
    """The residual at the solution, of a solver that does not raise where it finds none; None for the others."""
    func = equation.func
    is_silent = solver_of(call.target) in SILENT or "disp" in dict(call.keywords)
    if not is_silent or not isinstance(func, ir.Name | Closure):
        return None
    called = func if isinstance(func, ir.Name) else ir.Opaque(f"({func.text})", func.reads, func.construct, func.is_pure)
    residual = ir.Call(called, arguments)
    return ir.Item(residual, ir.Const(0)) if gives_slope(call) else residual


def is_of_one(call: ir.Call, site: CallSite, unknown: str, walk: Walk) -> bool:
    """Whether a root finder that could find arrays finds a single number, as far as can be seen."""
    is_for_arrays = _takes_apart(site.read.function, unknown) or not _starts_at_one_number(call, walk)
    is_of_several = any(isinstance(arg, ir.Display) for arg in call.args[1:2]) and not part_of(call)
    return not (solver_of(call.target) in ARRAY_SOLVERS and is_for_arrays or is_of_several)


def _starts_at_one_number(call: ir.Call, walk: Walk) -> bool:
    """Whether the first guess says that there is one unknown: a number, or a display of one."""
    guess = guess_of(call)
    if isinstance(guess, ir.Display) and guess.kind != "dict" and len(guess.items) == 1:
        (guess,) = guess.items
    return guess is not None and _is_one_number(guess, walk, frozenset())


def _is_one_number(value: ir.Expr | Version, walk: Walk, seen: frozenset[Version]) -> bool:
    """Whether a value surely is a number: a constant one, what `float` or `math` gives, whichever branch assigned it."""
    match value:
        case ir.Op(op="ifexp", args=(_, *arms)):
            return all(_is_one_number(arm, walk, seen) for arm in arms)
        case ir.Op(op="float") | ir.Op(family="math"):
            return True
        case ir.Op(op="neg", args=(inner,)):
            return _is_one_number(inner, walk, seen)
        case ir.Name(scope="local") if (version := walk.kinds.versions.of_read.get(value)) is not None:
            return _is_one_number(version, walk, seen)
        case Version(kind="assign" | "phi", sources=sources) if value not in seen:
            is_plain = value.is_bound and (value.kind == "phi" or isinstance(value.node, ir.NameTarget))
            return is_plain and all(_is_one_number(each, walk, seen | {value}) for each in sources)
    return isinstance(value, ir.Expr) and isinstance(walk.callees.live(value), int | float) or value in seen


def integrated_over(call: ir.Call, site: CallSite, walk: Walk) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The integration variables, and the further parameters that receive something that varies."""
    solver = solver_of(call.target)
    count = 1 if solver is None else solver.variables
    names = tuple(name for name in site.read.parameters if name in site.arguments)
    return names[:count], tuple(name for name in names[count:] if walk.leaves_below(site.arguments[name]))


def inner_limits(call: ir.Call) -> tuple[ir.Expr, ...]:
    """The limits of the inner integrals of one over several variables: numbers, or functions of the outer variables."""
    solver = solver_of(call.target)
    count = 1 if solver is None else solver.variables
    names = ("gfun", "hfun", "qfun", "rfun")
    return (*call.args[3:1 + 2 * count], *(value for name, value in call.keywords if name in names))


def limits_of(call: ir.Call) -> dict[str, ir.Expr] | None:
    """The limits `a` and `b` of an integral."""
    given = dict(zip(("a", "b"), call.args[1:3], strict=False))
    limits = given | {name: value for name, value in call.keywords if name in ("a", "b")}
    return limits if len(limits) == 2 else None


def integrand_at(call: ir.Call, limit: ir.Expr, site: CallSite | None) -> ir.Expr | None:
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
    return substituted(returned.value, values)


def fixed_point_site(call: ir.Call, walk: Walk, is_beside: bool = False) -> tuple[ir.Call, CallSite] | None:
    """The step of a fixed point as a call at the first guess, and what it runs; None where that is not known well enough. Where
    what runs it again stands beside the call (`is_beside`), nothing has changed in between."""
    equation = first_step(call)
    site = None if equation is None else walk.callees.site(equation)
    if equation is None or site is None or site.receiver is not None or None in dict(call.keywords):
        return None
    is_alike = not walk.kinds.has_arrays or _may_be_stepped(walk.kinds.shape(call.args[1]), walk.kinds.shape(call))
    is_steady = (is_beside or walk.callees.may_run_again(site)) and not walk.callees.acts(site)
    return (equation, site) if is_alike and is_steady else None


def _may_be_stepped(guess: Shape | None, result: Shape | None) -> bool:
    """Whether a step gives what its text, made for the first guess, takes x for: as many axes, and none of them stretched."""
    if guess is None or result is None or len(guess) != len(result):
        return False
    return all(one == other or not one.is_one and not other.is_one for one, other in zip(guess, result, strict=True))


def _takes_apart(function: ir.Function, unknown: str) -> bool:
    """Whether a residual takes the array of its unknowns apart, or hands out several numbers."""
    return any(
        isinstance(node, ir.Item) and is_name(node.base, unknown)
        or isinstance(node, ir.Exit) and node.kind == "return" and isinstance(node.value, ir.Display)
        for node in ir.nodes_of(function)
    )


def substituted(expr: ir.Expr, values: dict[str, ir.Expr]) -> ir.Expr | None:
    """An expression with values in the place of its variables; None where it may bind names."""
    if any(not isinstance(node, PLAIN) for node in ir.walk(expr)):
        return None

    def change(inner: ir.Expr) -> ir.Expr:
        if isinstance(inner, ir.Name):
            return values.get(inner.id, inner) if inner.scope == "local" else inner
        return inner if isinstance(inner, ir.Const) else rebuilt(inner, change)

    return change(expr)
