"""Which elements of arguments each element of a result depends on: one run of a function on values that carry index sets.

Never guesses: what it does not know of raises Untraceable. Sets may be too large, never too small.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

NOTHING: frozenset[int] = frozenset()


class Untraceable(Exception):
    """Index sets cannot be followed through an operation."""


def empty_sets(shape: tuple[int, ...]) -> Any:
    """An array of empty sets."""
    sets = np.empty(shape, object)
    sets.fill(NOTHING)
    return sets


def sets_of(value: Any) -> Any:
    """The index sets of a value, of its shape."""
    return value.sets if isinstance(value, Traced) else empty_sets(np.shape(value))


def plain(value: Any) -> Any:
    """A value without its index sets, also inside of lists and tuples."""
    if isinstance(value, list | tuple):
        return type(value)(map(plain, value))
    return value.value if isinstance(value, Traced) else value


def holds_traced(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(holds_traced, value))
    return isinstance(value, Traced)


def _depends(value: Any) -> bool:
    """Whether an element of a value depends on anything."""
    if isinstance(value, list | tuple):
        return any(map(_depends, value))
    return isinstance(value, Traced) and any(map(bool, value.sets.flat))


def wrapped(value: Any, sets: Any) -> Traced:
    """A value and its sets; scalars become arrays of no dimension."""
    if not isinstance(sets, np.ndarray):
        one = np.empty((), object)
        one[()] = sets
        sets = one
    return Traced(np.asarray(value), sets)


def united(*sets: Any) -> Any:
    """The unions, entry by entry, after broadcasting."""
    result = sets[0]
    for each in sets[1:]:
        result = np.bitwise_or(result, each)
    return result


class Traced(NDArrayOperatorsMixin):
    """An array, or a number, and for each of its elements the set of the places that it depends on."""

    def __init__(self, value: Any, sets: Any) -> None:
        self.value = value
        self.sets = sets

    # --- what NumPy asks ---

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **keywords: Any) -> Any:
        out = keywords.pop("out", None)
        if ufunc is np.matmul and method == "__call__" and not keywords and out is None:
            return product(*inputs)
        if method == "__call__" and ufunc.signature is None and ufunc.nout == 1 and not keywords:
            value = ufunc(*map(plain, inputs))
            sets = united(*map(sets_of, inputs)) if np.asarray(value).dtype != bool else None
        elif method == "at" and isinstance(inputs[0], Traced) and len(inputs) == 3:
            return collected_at(ufunc, *inputs)
        elif method == "reduce":
            axis = keywords.pop("axis", 0)
            return reduced(lambda x, axis, **more: ufunc.reduce(x, axis=axis, **more), inputs[0], axis, **keywords)
        else:
            raise Untraceable(f"{ufunc.__name__}.{method}")
        if out is not None:
            target = out[0]
            if not isinstance(target, Traced) or sets is None:
                raise Untraceable("out=")
            target.value[...], target.sets[...] = value, sets
            return target
        return value if sets is None else wrapped(value, sets)

    def __array_function__(self, function: Any, _types: Any, args: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
        known = KNOWN.get(function)
        if known is None and not _depends([args, *keywords.values()]):
            return function(*map(plain, args), **{name: plain(value) for name, value in keywords.items()})
        if known is None:
            raise Untraceable(getattr(function, "__name__", "a function"))
        return known(*args, **keywords)

    def __array__(self, dtype: Any = None, **_: Any) -> Any:
        if not _depends(self):
            return np.array(self.value, dtype=dtype)
        raise Untraceable("an array of values that vary, made outside of NumPy's reach")

    # --- arrays ---

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.value.shape)

    @property
    def size(self) -> int:
        return int(self.value.size)

    @property
    def ndim(self) -> int:
        return int(self.value.ndim)

    @property
    def dtype(self) -> Any:
        return self.value.dtype

    @property
    def T(self) -> Traced:
        return Traced(self.value.T, self.sets.T)

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Traced]:
        return (self[place] for place in range(len(self.value)))

    def __getitem__(self, index: Any) -> Traced:
        _no_traced(index)
        return wrapped(self.value[index], self.sets[index])

    def __setitem__(self, index: Any, value: Any) -> None:
        _no_traced(index)
        if isinstance(value, list | tuple):
            value = stacked(np.stack, value)
        self.value[index] = plain(value)
        self.sets[index] = sets_of(value)[()] if np.shape(plain(value)) == () else sets_of(value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __float__(self) -> float:
        raise Untraceable("float() of a value that varies")

    __int__ = __index__ = __complex__ = __float__

    def __getattr__(self, name: str) -> Any:
        function = METHODS.get(name)
        if function is None:
            raise Untraceable(f"the attribute {name}")
        return lambda *args, **keywords: function(self, *args, **keywords)


def _no_traced(index: Any) -> None:
    if holds_traced(index):
        raise Untraceable("an index that varies")


# --- what functions do to the sets ---


def reduced(function: Callable[..., Any], x: Any, axis: Any = None, keepdims: bool = False, **more: Any) -> Any:
    """A reduction: each result depends on all that it takes."""
    if more or not isinstance(x, Traced):
        raise Untraceable("a reduction with options")
    value = function(x.value, axis=axis, **({"keepdims": True} if keepdims else {}))
    axes = tuple(range(x.ndim)) if axis is None else tuple(i % x.ndim for i in (axis if np.ndim(axis) else (axis,)))
    others = [i for i in range(x.ndim) if i not in axes]
    rows = np.transpose(x.sets, (*others, *axes)).reshape(*(x.shape[i] for i in others), -1)
    sets = np.empty(rows.shape[:-1], object)
    for place in np.ndindex(sets.shape):
        sets[place] = NOTHING.union(*rows[place])
    return wrapped(value, sets.reshape(np.shape(value)))


def reduction(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, axis=None, **more: reduced(function, x, axis, **more)


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """`np.linalg.norm(x, 1)`: what is third there is second elsewhere."""
    return reduced(lambda value, axis, **more: np.linalg.norm(value, ord, axis=axis, **more), x, axis, keepdims)


def rearranged(function: Callable[..., Any]) -> Callable[..., Any]:
    """What only moves elements, or puts zeros between them: it is done to their places as well."""
    def known(x: Any, *args: Any, **keywords: Any) -> Any:
        if not isinstance(x, Traced) or holds_traced([*args, *keywords.values()]):
            raise Untraceable("this rearrangement")
        places = np.arange(1, x.size + 1).reshape(x.shape)
        sets = np.append(np.ravel(x.sets), [None])
        sets[-1] = NOTHING
        values, moved = function(x.value, *args, **keywords), function(places, *args, **keywords)
        if isinstance(values, list | tuple):
            return [wrapped(value, sets[place - 1]) for value, place in zip(values, moved, strict=True)]
        return wrapped(values, sets[np.asarray(moved) - 1])
    return known


def padded(x: Any, width: Any, mode: Any = "constant", constant_values: Any = 0) -> Any:
    if mode not in ("constant", "edge", "reflect", "symmetric", "wrap") or holds_traced([constant_values]):
        raise Untraceable("this padding")
    more = {"constant_values": constant_values} if mode == "constant" else {}
    whole = rearranged(lambda value: np.pad(value, width, mode=mode))(x)
    return Traced(np.pad(x.value, width, mode=mode, **more), whole.sets)


def stacked(function: Callable[..., Any], parts: Any, *args: Any, **keywords: Any) -> Traced:
    """What joins arrays."""
    if isinstance(parts, Traced):
        parts = list(parts)
    places, sets, count = [], [], 0
    for part in parts:
        size = int(np.size(plain(part)))
        places.append(np.arange(count, count + size).reshape(np.shape(plain(part))))
        sets.append(np.ravel(sets_of(part)))
        count += size
    all_sets = np.concatenate(sets) if sets else empty_sets((0,))
    moved = function(places, *args, **keywords)
    return wrapped(function([plain(part) for part in parts], *args, **keywords), all_sets[moved])


def joining(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda parts, *args, **keywords: stacked(function, parts, *args, **keywords)


def product(a: Any, b: Any) -> Any:
    """`a @ b`: sums of products."""
    value = np.matmul(plain(a), plain(b))
    left, right = sets_of(a), sets_of(b)
    if left.ndim > 2 or right.ndim > 2:
        raise Untraceable("products of stacks of matrices")
    rows = left if left.ndim == 2 else left[None, :]
    columns = right if right.ndim == 2 else right[:, None]
    zero_left = _is_zero(a, rows.shape)
    zero_right = _is_zero(b, columns.shape)
    sets = np.empty((rows.shape[0], columns.shape[1]), object)
    for i, j in np.ndindex(sets.shape):
        counts = ~(zero_left[i] | zero_right[:, j])
        sets[i, j] = NOTHING.union(*rows[i][counts], *columns[:, j][counts])
    return wrapped(value, sets.reshape(np.shape(value)))


def _is_zero(value: Any, shape: tuple[int, ...]) -> Any:
    """The elements of a constant that are 0: they pass nothing on."""
    is_constant = np.reshape([not each for each in sets_of(value).flat], shape)
    return np.reshape(np.asarray(plain(value)) == 0, shape) & is_constant


def outer(a: Any, b: Any) -> Any:
    return np.multiply(_flat(a)[:, None], _flat(b)[None, :])


def _flat(x: Any) -> Any:
    return rearranged(np.ravel)(x) if isinstance(x, Traced) else np.ravel(x)


def dot(a: Any, b: Any) -> Any:
    return np.multiply(a, b) if not np.ndim(plain(a)) or not np.ndim(plain(b)) else product(a, b)


def chosen(test: Any, then: Any, orelse: Any) -> Any:
    test = plain(test)
    return wrapped(np.where(test, plain(then), plain(orelse)), np.where(test, sets_of(then), sets_of(orelse)))


def clipped(x: Any, lower: Any = None, upper: Any = None) -> Any:
    given = [each for each in (x, lower, upper) if each is not None]
    return wrapped(np.clip(plain(x), plain(lower), plain(upper)), united(*map(sets_of, given)))


def accumulated(function: Callable[..., Any]) -> Callable[..., Any]:
    def known(x: Any, axis: int | None = None) -> Any:
        sets = np.ravel(x.sets) if axis is None else x.sets
        return wrapped(function(x.value, axis=axis), np.bitwise_or.accumulate(sets, axis=axis or 0))
    return known


def differences(x: Any, n: int = 1, axis: int = -1) -> Any:
    if n != 1:
        raise Untraceable("differences of differences")
    last = np.moveaxis(x.sets, axis, -1)
    return wrapped(np.diff(x.value, axis=axis), np.moveaxis(last[..., 1:] | last[..., :-1], -1, axis))


def constant_like(function: Callable[..., Any]) -> Callable[..., Any]:
    def known(x: Any, *args: Any, **keywords: Any) -> Any:
        if holds_traced([*args, *keywords.values()]):
            raise Untraceable("an array filled with a value that varies")
        value = function(x.value, *args, **keywords)
        return Traced(value, empty_sets(value.shape))
    return known


def filled_like(x: Any, fill: Any, dtype: Any = None) -> Any:
    """`np.full_like`: each element depends on what it is filled with."""
    value = np.full_like(plain(x), plain(fill), dtype=dtype)
    return Traced(value, np.broadcast_to(sets_of(fill), value.shape).copy())


def collected_at(ufunc: Any, whole: Traced, index: Any, values: Any) -> None:
    """`np.add.at`: elements depend on all that is added to them."""
    _no_traced(index)
    ufunc.at(whole.value, index, plain(values))
    np.bitwise_or.at(whole.sets, index, np.broadcast_to(sets_of(values), np.shape(whole.value[index])))


def copied(x: Any, *_: Any, **__: Any) -> Any:
    return Traced(x.value.copy(), x.sets.copy())


def as_floats(x: Any, dtype: Any) -> Any:
    if np.dtype(dtype).kind != "f":
        raise Untraceable("a conversion to whole numbers")
    return Traced(x.value.astype(dtype), x.sets.copy())


def of_values(function: Callable[..., Any]) -> Callable[..., Any]:
    """What moves in steps, or asks for a shape: its result depends on nothing."""
    return lambda *args, **keywords: function(*map(plain, args), **keywords)


REARRANGING = (
    np.reshape, np.ravel, np.transpose, np.swapaxes, np.moveaxis, np.squeeze, np.expand_dims, np.broadcast_to, np.flip, np.fliplr,
    np.flipud, np.roll, np.rot90, np.repeat, np.tile, np.diagonal, np.diag, np.tril, np.triu, np.take, np.delete, np.atleast_1d,
    np.atleast_2d, np.split, np.array_split, np.hsplit, np.vsplit,
)
STEPS = (np.shape, np.ndim, np.size, np.argmax, np.argmin, np.argsort, np.searchsorted, np.nonzero, np.flatnonzero, np.isfinite)
KNOWN: Mapping[Any, Callable[..., Any]] = {
    **{function: reduction(function) for function in (
        np.sum, np.mean, np.prod, np.max, np.min, np.var, np.std, np.median,
    )},
    np.linalg.norm: norm,
    **{function: rearranged(function) for function in REARRANGING},
    **{function: joining(function) for function in (
        np.concatenate, np.stack, np.vstack, np.hstack, np.dstack, np.column_stack,
    )},
    **{function: of_values(function) for function in STEPS},
    **{function: constant_like(function) for function in (np.zeros_like, np.ones_like, np.empty_like)},
    np.full_like: filled_like,
    np.pad: padded, np.dot: dot, np.outer: outer, np.where: chosen, np.clip: clipped, np.diff: differences, np.copy: copied,
    np.cumsum: accumulated(np.cumsum), np.cumprod: accumulated(np.cumprod),
}
METHODS: Mapping[str, Callable[..., Any]] = {
    "sum": KNOWN[np.sum], "mean": KNOWN[np.mean], "prod": KNOWN[np.prod], "max": KNOWN[np.max], "min": KNOWN[np.min],
    "ravel": KNOWN[np.ravel], "copy": copied, "dot": dot, "cumsum": KNOWN[np.cumsum],
    "swapaxes": KNOWN[np.swapaxes], "repeat": KNOWN[np.repeat], "take": KNOWN[np.take], "astype": as_floats,
    "argmax": KNOWN[np.argmax], "argmin": KNOWN[np.argmin], "squeeze": KNOWN[np.squeeze],
    "reshape": lambda x, *shape: KNOWN[np.reshape](x, shape if len(shape) != 1 else shape[0]),
    "transpose": lambda x, *axes: KNOWN[np.transpose](x, (axes if len(axes) > 1 else axes[0]) if axes else None),
    "flatten": lambda x: copied(KNOWN[np.ravel](x)),
}
