"""Derivatives made of derivatives: Jacobians, Hessians, Hessian-vector products, slopes of any order.

Never differentiates: gradgen.generate does, and reads its own text for the second time.
"""
from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any, Literal

from gradgen import generate
from gradgen.analyse.kinds import container_versions
from gradgen.analyse.program import Analysed, Program
from gradgen.emit import drivers
from gradgen.emit.drivers import Driver
from gradgen.ir import nodes as ir

Mode = Literal["forward", "reverse", "auto"]


def hvp(fn: Callable[..., Any], wrt: Any, optimize: bool) -> Any:
    """The product of the Hessian with a direction: the gradient's tangent, forward over reverse."""
    gradient = generate.generated("grad", fn, wrt, optimize=optimize, has_pairs=False)
    made = generate.generated("hvp", gradient, _asked(gradient, wrt), optimize=optimize)
    made.primal = fn
    return made


def hessian(fn: Callable[..., Any], wrt: Any, optimize: bool) -> Any:
    """All second derivatives, a row for each unit direction."""
    gradient = generate.generated("grad", fn, wrt, optimize=optimize, has_pairs=False)
    name = gradient.__code__.co_name.removesuffix("_grad")

    def around(analysed: Analysed, names: tuple[str, ...], is_bare: bool) -> Driver:
        shown = ", ".join(names)
        docstring = f"The second derivatives of {name} by {shown}: " + (
            f"d2{name}/d{names[0]}2." if is_bare else "H[i][j] is that by the i-th and the j-th of them."
        )
        return Driver(f"{name}_hessian", docstring, drivers.row if is_bare else drivers.rows, hidden=tuple(gradient.seeds))

    made = generate.generated("hvp", gradient, _asked(gradient, wrt), optimize=optimize, driver=around)
    made.primal = fn
    return made


def jacobian(fn: Callable[..., Any], wrt: Any, mode: Mode, optimize: bool) -> Any:
    """The derivative of every result by every wrt: by columns in forward mode, by rows in reverse mode."""
    if mode not in ("forward", "reverse", "auto"):
        raise ValueError(f"mode is 'forward', 'reverse' or 'auto', not {mode!r}")

    def docstring(analysed: Analysed, names: tuple[str, ...]) -> str:
        return f"The derivatives of {analysed.read.function.name} by {', '.join(names)}."

    results: list[int] = []

    def forwards(analysed: Analysed, names: tuple[str, ...], is_bare: bool) -> Driver:
        results.append(_results(analysed))
        lines = drivers.slope if is_bare else drivers.columns if has_parts(analysed) else drivers.slopes
        return Driver(f"{_stem(analysed)}_jacobian", docstring(analysed, names), lines)

    def backwards(analysed: Analysed, names: tuple[str, ...], is_bare: bool) -> Driver:
        lines = drivers.seeded_rows if has_parts(analysed) else drivers.row
        return Driver(f"{_stem(analysed)}_jacobian", docstring(analysed, names), lines)

    if mode != "reverse":
        made = generate.generated("jvp", fn, wrt, optimize=optimize, driver=forwards)
        if mode == "forward" or len(made.wrt) <= results[0]:
            return made
    return generate.generated("vjp", fn, wrt, optimize=optimize, driver=backwards)


def derivative(fn: Callable[..., Any], wrt: Any, order: int, optimize: bool) -> Any:
    """The derivative of a number by a number, `order` times."""
    made: Any = fn
    for number in range(1, order + 1):

        def around(analysed: Analysed, names: tuple[str, ...], is_bare: bool, number: int = number) -> Driver:
            stem = getattr(fn, "__name__", "f") if getattr(fn, "__name__", "f").isidentifier() else "f"
            named = f"{stem}_derivative" if number == 1 else f"{stem}_derivative_{number}"
            times = "" if number == 1 else f", {number} times"
            return Driver(named, f"The derivative of {stem} by {names[0]}{times}.", drivers.slope)

        made = generate.generated("jvp", made, _only(wrt), optimize=optimize, driver=around)
        wrt = made.wrt[0]
    made.primal = fn
    return made


def _only(wrt: Any) -> Any:
    if wrt is not None and not isinstance(wrt, str | int):
        raise ValueError("a derivative is by one parameter; for several there is grad")
    return wrt


def _asked(gradient: Any, wrt: Any) -> Any:
    """The gradient's own wrt again: bare where it was asked for by one name, or where there is only one."""
    is_bare = isinstance(wrt, str | int) or wrt is None and len(gradient.wrt) == 1
    return gradient.wrt[0] if is_bare else gradient.wrt


def _stem(analysed: Analysed) -> str:
    name = analysed.read.function.name
    return name if name.isidentifier() else "f"


def has_parts(analysed: Analysed) -> bool:
    """Whether a function hands out several numbers."""
    held = container_versions(analysed.read.function, analysed.versions)
    values = [generate.as_computed(stmt.value, analysed.versions) for stmt in analysed.versions.returns]
    named = [stmt.value for stmt in analysed.versions.returns if isinstance(stmt.value, ir.Name)]
    return any(map(_is_container, values)) or any(analysed.versions.of_read.get(name) in held for name in named)


def _is_container(value: ir.Expr | None) -> bool:
    """Whether a value is a container as far as its expression, or that of the function that it calls, says."""
    match value:
        case ir.Display() | ir.Comprehension():
            return True
        case ir.Op(op="ifexp", args=(_, then, orelse)):
            return _is_container(then) or _is_container(orelse)
        case ir.Call(target=types.FunctionType() as target):
            read = Program().read(target)
            returns = (node for node in ir.nodes_of(read.function) if isinstance(node, ir.Exit) and node.kind == "return")
            return any(_is_container(node.value) for node in returns if not _calls(node.value, target))
    return False


def _calls(value: ir.Expr | None, function: object) -> bool:
    return value is not None and any(isinstance(node, ir.Call) and node.target is function for node in ir.walk(value))


def _results(analysed: Analysed) -> int:
    """How many numbers a function hands out; 1 000 where that is known only when it runs."""
    lengths = {
        len(stmt.value.items) if isinstance(stmt.value, ir.Display) else 1_000 if has_parts(analysed) else 1
        for stmt in analysed.versions.returns
    }
    return max(lengths, default=1)
