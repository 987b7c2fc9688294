"""What is asked of a generated gradient: SymPy's verdict, that of numerical differences, every value and adjoint by name.

Never judges itself; gradgen.judge does.
"""
from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from gradgen.api import GeneratedFunction, Wrt, primal_of, value_and_grad


class Trace(Mapping[str, Any]):
    """Names to values; the adjoint of `v` under `"dv"`."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return "  ".join(f"{name}={value!r}" for name, value in self._values.items())


def trace(generated: GeneratedFunction, *args: Any, **kwargs: Any) -> Trace:
    """Run a generated function and hand out its local variables as they stand at the end."""
    import sys

    name = cast(types.FunctionType, generated).__name__
    found: dict[str, Any] = {}

    def watch(frame: types.FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "return" and code.co_name == name and code.co_filename.startswith("<gradgen "):
            found.update({name: value for name, value in frame.f_locals.items() if name not in code.co_freevars})

    previous = sys.getprofile()
    sys.setprofile(watch)
    try:
        generated(*args, **kwargs)
    finally:
        sys.setprofile(previous)
    return Trace(found)


def compare(
    fn: Callable[..., Any], wrt: Wrt = None, source: str | None = None, *, like: Sequence[Any] | None = None, **options: Any
) -> Any:
    """SymPy's verdict on a gradient function's text: generated, or given as `source`.

    For a function of arrays `like` are arguments of a call: the text for their kinds is judged, element by element, at these
    arguments. SymPy is quick with arrays of a few elements.
    """
    from gradgen.judge import symbolic

    primal = primal_of(fn)
    generated = cast(GeneratedFunction, value_and_grad(fn, wrt, like=like))
    if not source and not generated.source:
        return symbolic.unknown_kinds(primal)
    points = {} if like is None else {"points": [tuple(like)]}
    return symbolic.compare(primal, source or generated.source, generated.wrt, **points | options)


def check(
    fn: Callable[..., Any], *args: Any, wrt: Wrt = None, like: Sequence[Any] | None = None, **options: Any
) -> Any:
    """Numerical differences' verdict on the generated gradient, at a given point or at random ones.

    `like` are arguments for whose kinds the text is to be made, those of the point if left out. Arrays of many elements are moved
    along a few directions, others element by element.
    """
    from gradgen.judge import numeric

    primal = primal_of(fn)
    generated = cast(GeneratedFunction, value_and_grad(fn, wrt, like=like or args or None))
    if args:
        options["point"] = args
    return numeric.check(primal, generated, generated.wrt, **options)
