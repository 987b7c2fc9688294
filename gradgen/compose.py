"""Derivatives made of derivatives: Hessian-vector products, slopes of any order, sparse matrices.

Never differentiates: gradgen.generate does, and reads its own text for the second time.
"""
from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradgen import dispatch, generate
from gradgen.ahead import names_ahead, parameters_of
from gradgen.analyse.kinds import elementwise
from gradgen.analyse.kinds.values import holds_array
from gradgen.analyse.program import Analysed
from gradgen.asked import Mode, by_real_numbers, checked_order
from gradgen.emit import drivers
from gradgen.emit.drivers import Driver
from gradgen.errors import ArgumentError, UnsupportedError
from gradgen.ir.kinds import AnyKind, Kind
from gradgen.transform.gradient import Gradient

Kinds = Mapping[str, AnyKind]


def hvp(fn: Callable[..., Any], wrt: Any, optimize: bool, like: Sequence[Any] | None = None) -> Any:
    """The product of the Hessian with a direction: the gradient's tangent, forward over reverse."""
    def make(kinds: Kinds, other: Callable[..., Any]) -> Any:
        gradient = generate.generated("grad", fn, wrt, optimize=optimize, has_pairs=False, kinds=kinds)
        made = generate.generated(
            "hvp", gradient, asked_again(gradient, wrt), optimize=optimize, kinds=of_gradient(gradient, kinds), other=other
        )
        made.primal = fn
        return made

    by_parameters(fn, wrt)
    return dispatch.in_kinds("hvp", fn, make, like)


def by_parameters(fn: Callable[..., Any], wrt: Any) -> None:
    """Second derivatives are by parameters: a local variable is refused where the function stands, not in its gradient's text."""
    asked = (wrt,) if isinstance(wrt, str) else wrt if isinstance(wrt, Sequence) else ()
    if not {each for each in asked if isinstance(each, str)} <= parameters_of(fn).keys():
        names_ahead("hvp", fn, wrt)


def of_gradient(gradient: Any, kinds: Kinds) -> Kinds:
    """The kinds of a gradient function's arguments: its seed is a number."""
    return {**kinds, **dict.fromkeys(gradient.seeds, Kind(()))} if kinds else kinds


def sparse(what: str, fn: Callable[..., Any], wrt: Any, mode: Mode, optimize: bool) -> Any:
    """A function that returns Jacobians, or Hessians, as sparse arrays, results and arguments flat."""
    from gradgen.sparse.compressed import Sparse, product_functions

    if mode not in ("forward", "reverse", "auto"):
        raise ValueError(f"mode is 'forward', 'reverse' or 'auto', not {mode!r}")
    known: dict[str, Any] = {}

    def made(arguments: Mapping[str, Any]) -> Any:
        if not known:
            like = tuple(arguments.values())
            if what == "jacobian":
                known["traced"] = fn
                known["forward"] = dispatch.specialised("jvp", fn, wrt, optimize=optimize, like=like)
                known["reverse"] = None
                if mode != "forward":
                    with contextlib.nullcontext() if mode == "reverse" else contextlib.suppress(UnsupportedError):
                        known["reverse"] = dispatch.specialised("vjp", fn, wrt, optimize=optimize, like=like)
            else:
                known["traced"] = dispatch.specialised("grad", fn, wrt, optimize=optimize, like=like)
                known["forward"], known["reverse"] = hvp(fn, wrt, optimize, like), None
        is_bare = isinstance(wrt, str | int) or wrt is None and len(known["forward"].wrt) == 1
        return product_functions(arguments, **known, is_bare=is_bare, is_hessian=what == "hessian")

    return Sparse(fn, made, mode, f"{getattr(fn, '__name__', 'f')}_{what}")


def nth(fn: Callable[..., Any], order: int, wrt: Any, optimize: bool, like: Sequence[Any] | None = None) -> Any:
    """The gradient's tangent, and its tangent, and so on: forward over reverse, `order` times in all."""
    order = checked_order(order)
    return dispatch.in_kinds("nth", fn, functools.partial(_nth, fn, order, _only(wrt), optimize), like)


def _nth(fn: Callable[..., Any], order: int, wrt: Any, optimize: bool, kinds: Kinds, other: Callable[..., Any] | None) -> Any:
    last = other if order == 1 else None
    make = functools.partial(generate.generated, "grad", fn, optimize=optimize, has_pairs=False, kinds=kinds, other=last)
    gradient = make(wrt)
    if len(gradient.wrt) > 1:
        gradient = make(gradient.wrt[0])
    if holds_array(kinds.get(gradient.wrt[0])):
        raise ValueError("a derivative of any order is by a number; for arrays there are hessian and hvp")
    if order == 1:
        return gradient
    made = _derivative(gradient, gradient.wrt[0], order - 1, optimize, of_gradient(gradient, kinds), other, before=fn)
    made.primal = fn
    return made


def derivative(fn: Callable[..., Any], wrt: Any, order: int, optimize: bool, like: Sequence[Any] | None = None) -> Any:
    """The derivative of a number by a number, `order` times; of a function of an array that works element by element, each."""
    return dispatch.in_kinds("derivative", fn, functools.partial(_derivative, fn, wrt, checked_order(order), optimize), like)


def _derivative(
    fn: Callable[..., Any], wrt: Any, order: int, optimize: bool, kinds: Kinds, other: Callable[..., Any] | None,
    before: Callable[..., Any] | None = None,
) -> Any:
    """`fn` is the gradient of the function `before`, where there is one, and is differentiated `order` times more."""
    made: Any = fn
    name = getattr(before or fn, "__name__", "f")
    stem = name if name.isidentifier() else "f"
    for number in range(1, order + 1):

        def around(
            analysed: Analysed, names: tuple[str, ...], is_bare: bool, root: Gradient, number: int = number
        ) -> Driver:
            by_real_numbers(before or fn, names, kinds)
            times_in_all = number if before is None else number + 1
            named = f"{stem}_derivative" if times_in_all == 1 else f"{stem}_derivative_{times_in_all}"
            times = "" if times_in_all == 1 else f", {times_in_all} times"
            if not holds_array(kinds.get(names[0])):
                return Driver(named, f"The derivative of {stem} by {names[0]}{times}.", drivers.slope)
            not_alone = elementwise.hindrance(analysed, names[0]) if number == 1 else None
            if not_alone is not None:
                words = "a function of an array that does not work element by element"
                raise ArgumentError(analysed.read.refusals.finding("GG106", not_alone.span, construct=words))
            docstring = f"The derivatives of {stem} by {names[0]}{times}, element by element."
            return Driver(named, docstring, drivers.slope_by_element)

        made = generate.generated(
            "jvp", made, _only(wrt), optimize=optimize, driver=around, kinds=kinds, other=other if number == order else None
        )
        wrt = made.wrt[0]
    made.primal = fn
    return made


def _only(wrt: Any) -> Any:
    if wrt is not None and not isinstance(wrt, str | int):
        raise ValueError("a derivative is by one parameter; for several there is grad")
    return wrt


def asked_again(gradient: Any, wrt: Any) -> Any:
    """The gradient's own wrt again: bare where it was asked for by one name, or where there is only one."""
    is_bare = isinstance(wrt, str | int) or wrt is None and len(gradient.wrt) == 1
    return gradient.wrt[0] if is_bare else gradient.wrt


def stem(analysed: Analysed) -> str:
    name = analysed.read.function.name
    return name if name.isidentifier() else "f"
