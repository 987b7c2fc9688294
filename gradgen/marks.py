"""What a user writes inside of a function to steer its derivative; the plain call runs it as what it is.

Never derives anything: the reading of a program looks for these names.
"""
from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any, TypeVar, cast

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., object])
RECOMPUTED = "gradgen_runs_again"


def stop_gradient(value: T) -> T:
    """The value itself; a derivative takes it for a constant."""
    return value


def checkpoint(fn: F) -> F:
    """The same function under a mark: a derivative keeps nothing of what its calls compute on the way, and computes that again in
    its backward part. Usable as a decorator and where it is called, `checkpoint(fn)(x)`. Raises TypeError for what is no Python
    function or method."""
    if isinstance(fn, types.MethodType):
        return cast(F, types.MethodType(checkpoint(fn.__func__), fn.__self__))
    if not isinstance(fn, types.FunctionType):
        raise TypeError(f"checkpoint takes a function that is written in Python, not a {type(fn).__name__}")
    same = types.FunctionType(fn.__code__, fn.__globals__, fn.__name__, fn.__defaults__, fn.__closure__)
    same.__kwdefaults__, same.__annotations__ = fn.__kwdefaults__, fn.__annotations__
    same.__doc__, same.__module__, same.__qualname__ = fn.__doc__, fn.__module__, fn.__qualname__
    same.__dict__.update(fn.__dict__, **{RECOMPUTED: True})
    return cast(F, same)


def fixed_point(step: Callable[..., Any], x: Any, *params: Any, tol: float = 1e-12, most: int = 100_000) -> Any:
    """The x with x = step(x, *params): the first x is stepped on until no part of it moves by more than tol * (1 + abs(x)).

    A derivative does not follow the steps: it is that of the solution of the equation, by the implicit function theorem, and does
    not depend on the first x. Raises ArithmeticError where `most` steps are not enough, and TypeError for an x in parts.
    """
    if isinstance(x, (tuple, list, dict)):
        raise TypeError(f"a fixed point is a number or an array, not a {type(x).__name__}: hand the step an array of its numbers")
    for _ in range(most):
        old, x = x, step(x, *params)
        near = abs(x - old) <= tol * (1 + abs(x))
        if near.all() if hasattr(near, "all") else near:
            return x
    raise ArithmeticError(f"no fixed point after {most} steps")


def runs_again(fn: object) -> bool:
    """Whether a function is one that `checkpoint` has marked."""
    return getattr(fn, RECOMPUTED, False) is True


class adjoint_of:
    """`with adjoint_of(x) as dx:` puts the statements below it into the backward part, where dx is the adjoint of x.

    There dx may be looked at, clipped or bound to something else: `dx = max(-1.0, min(1.0, dx))`. The plain call runs the
    statements too, with a dx of zeros; the forward part of generated code leaves them out.
    """

    def __init__(self, value: object) -> None:
        self.value = value

    def __enter__(self) -> object:
        numpy = sys.modules.get("numpy")
        if numpy is not None and isinstance(self.value, numpy.ndarray):
            return numpy.zeros_like(self.value)
        return 0.0

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None) -> None:
        return None
