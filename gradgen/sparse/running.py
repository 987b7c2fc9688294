"""Runs a function on values that carry index sets: which elements of an argument each element of the result depends on.

Never follows a set through an operation; tracing.py does.
"""
from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gradgen.sparse.bilinear import convolved, correlated, summed
from gradgen.sparse.tracing import Traced, Untraceable, copied, empty_sets, holds_traced, plain, sets_of, stacked


class Standin(types.ModuleType):
    """A module of which some functions know of index sets."""

    def __init__(self, module: types.ModuleType, known: Mapping[str, Any]) -> None:
        super().__init__(module.__name__)
        self.__dict__.update(known)
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


def _made(function: Callable[..., Any]) -> Callable[..., Any]:
    def known(*args: Any, **keywords: Any) -> Traced:
        value = function(*args, **keywords)
        return Traced(value, empty_sets(value.shape))
    return known


def _array(x: Any, dtype: Any = None) -> Any:
    if isinstance(x, Traced):
        return copied(x)
    if isinstance(x, list | tuple) and holds_traced(x):
        return stacked(np.stack, [_array(each) if isinstance(each, list | tuple) else each for each in x])
    value = np.array(x, dtype=dtype)
    return Traced(value, empty_sets(value.shape)) if value.dtype.kind == "f" else value


def _full(shape: Any, value: Any, dtype: Any = None) -> Traced:
    filled = np.full(shape, plain(value), dtype=dtype)
    sets = empty_sets(filled.shape)
    sets[...] = sets_of(value)[()] if np.shape(plain(value)) == () else sets_of(value)
    return Traced(filled, sets)


NUMPY = {
    **{name: _made(getattr(np, name)) for name in ("zeros", "ones", "empty", "eye", "identity")}, "full": _full,
    "convolve": convolved, "correlate": correlated, "einsum": summed,
    "array": _array, "asarray": lambda x, dtype=None: x if isinstance(x, Traced) else _array(x, dtype),
}
MATH = {
    name: getattr(np, spelled) for name, spelled in (
        ("sin", "sin"), ("cos", "cos"), ("tan", "tan"), ("exp", "exp"), ("log", "log"), ("sqrt", "sqrt"), ("tanh", "tanh"),
        ("sinh", "sinh"), ("cosh", "cosh"), ("atan", "arctan"), ("asin", "arcsin"), ("acos", "arccos"), ("atan2", "arctan2"),
        ("hypot", "hypot"), ("fabs", "abs"), ("expm1", "expm1"), ("log1p", "log1p"), ("pow", "power"),
    )
}

INSTEAD = {
    **{id(getattr(module, name)): known for module, table in ((np, NUMPY), (math, MATH)) for name, known in table.items()},
    id(np): Standin(np, NUMPY), id(math): Standin(math, MATH),
}
"""What knows of index sets, by the identity of what it stands for."""


def with_standins(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function, and those of its module, in which NumPy and math know of index sets."""
    if not isinstance(function, types.FunctionType):
        return function
    known: dict[str, Any] = {}
    for name, value in function.__globals__.items():
        if value is np or value is math:
            known[name] = INSTEAD[id(value)]
        elif isinstance(value, types.FunctionType) and value.__globals__ is function.__globals__:
            known[name] = _rebuilt(value, known)
        else:
            known.setdefault(name, value)
    return _rebuilt(function, known)


def _rebuilt(function: types.FunctionType, names: dict[str, Any]) -> types.FunctionType:
    cells = None if function.__closure__ is None else tuple(map(_cell, function.__closure__))
    made = types.FunctionType(function.__code__, names, function.__name__, function.__defaults__, cells)
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def _cell(cell: types.CellType) -> types.CellType:
    """A cell of a generated function: what its module carries knows of index sets there too, and so does what it looks at to make
    sure that names stand for what it was written for."""
    try:
        held = cell.cell_contents
    except ValueError:
        return cell
    if id(held) in INSTEAD:
        return types.CellType(INSTEAD[id(held)])
    if isinstance(held, dict) and "__name__" in held:
        return types.CellType({name: INSTEAD.get(id(value), value) for name, value in held.items()})
    is_carried = isinstance(held, types.FunctionType) and held.__code__.co_filename.startswith("<gradgen helper ")
    return types.CellType(with_standins(held)) if is_carried else cell


def dependencies(function: Callable[..., Any], arguments: Mapping[str, Any], names: Sequence[str]) -> list[frozenset[int]]:
    """For each element of the result the elements of the arguments `names` that it depends on, results and arguments one after
    another. Raises Untraceable, and what the function itself raises. What the function stores into `arguments` stays there."""
    given = dict(arguments)
    first = 0
    for name in names:
        point = np.array(arguments[name], dtype=float)
        sets = np.empty(point.size, object)
        for place in range(point.size):
            sets[place] = frozenset((first + place,))
        given[name] = Traced(point, sets.reshape(point.shape))
        first += point.size
    result = with_standins(function)(**given)
    if isinstance(result, dict):
        raise Untraceable("results by keys")
    return [each for part in (result if isinstance(result, list | tuple) else (result,)) for each in np.ravel(sets_of(part))]
