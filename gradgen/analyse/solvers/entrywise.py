"""Calls of what np.vectorize makes of a function of numbers: the function, and the arguments whose entries it is given.

Never differentiates; transform.arrays.entrywise and transform.forward.entrywise do.
"""
from __future__ import annotations

from collections.abc import Callable

from gradgen.ir import nodes as ir
from gradgen.ir.kinds import AnyKind, Kind, broadcast
from gradgen.rules.solvers import HERE

OF_FLOATS = ("", "d", "f", None)
"""The types of results that cut nothing off; none, where the first entry's result says the type."""


def function_of_entries(call: ir.Call) -> ir.Call | None:
    """The function of one entry of each argument, as a call; None where it is not known, or where arguments are left out."""
    if any(isinstance(arg, ir.Starred) for arg in call.args) or any(name is None for name, _ in call.keywords):
        return None
    args = tuple(map(_entry, call.args))
    keywords = tuple((name, _entry(value)) for name, value in call.keywords)
    if call.target is HERE:
        made = call.func
        assert isinstance(made, ir.Call)
        is_plain = len(made.args) == 1 and all(name == "otypes" and _is_float(value) for name, value in made.keywords)
        return ir.Call(made.args[0], args, keywords, span=call.span) if is_plain else None
    if call.target.signature is not None or call.target.excluded or call.target.otypes not in OF_FLOATS:
        return None
    return ir.Call(call.func, args, keywords, call.target.pyfunc, span=call.span)


def _is_float(value: ir.Expr) -> bool:
    """Whether a list of types is that of one float."""
    items = value.items if isinstance(value, ir.Display) else ()
    return len(items) == 1 and isinstance(items[0], ir.Name) and items[0].id in ("float", "numpy.float64")


def _entry(value: ir.Expr) -> ir.Expr:
    """A number like the entries of a value, which moves where the value does."""
    return ir.Op("array_sum", (value,), family="numpy")


def whole_of(entry: ir.Expr) -> ir.Expr:
    """The argument that an entry stands for; a variable that the function captures is one number itself."""
    return entry.args[0] if isinstance(entry, ir.Op) else entry


def kind_of_entries(call: ir.Call, of: Callable[[ir.Expr], AnyKind]) -> AnyKind:
    """The kind of the result: of the shape that the arguments are broadcast to."""
    kinds = [of(value) for value in (*call.args, *(value for _, value in call.keywords))]
    if not kinds or function_of_entries(call) is None:
        return None
    shapes = [kind.shape for kind in kinds if isinstance(kind, Kind) and kind.dtype in ("float", "int", "bool")]
    shape = broadcast(*shapes) if len(shapes) == len(kinds) else None
    return None if shape is None else Kind(shape)
