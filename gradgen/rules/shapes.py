"""Which kind the result of an array operation has, from the kinds of its operands: one small function a family of operations.

Never runs NumPy and never looks at a program; analyse.kinds.arrays hands in what is known of the operands.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from gradgen.ir.kinds import ONE, OPEN, AnyKind, Dim, Dtype, Holder, Kind, Shape, broadcast, joined_all, size, wider

UNKNOWN: Final = object()


class Operands(Protocol):
    """What is known of an operation's operands, by the names of its row."""

    def kind(self, name: str) -> AnyKind:
        """The kind of an operand."""

    def kinds(self, name: str) -> Sequence[AnyKind]:
        """The kinds of all operands that a starred name stands for."""

    def literal(self, name: str) -> object:
        """The value of an operand that is a literal (a tuple of literals too), else UNKNOWN."""

    def dims(self, name: str) -> Shape | None:
        """The dimensions that a whole number or a tuple of them stands for; None where their number is not known."""

    def dtype(self, name: str) -> Dtype | None:
        """The dtype that an operand names; None where it names none, "object" where it is not known which."""

    def fresh(self) -> Dim:
        """A dimension that nothing is known of, the same one each time for one place of the program."""


ShapeOf = Callable[[Operands], AnyKind]


def array_of(value: AnyKind) -> Kind | None:
    """The array that NumPy makes of a value: nested holders of numbers become axes."""
    match value:
        case Kind():
            return value
        case Holder(items=None, element=element):
            inner = array_of(element)
            if inner is None or inner.shape is None:
                return inner
            return Kind((OPEN, *inner.shape), inner.dtype)
        case Holder(items=items, keys=None) if items:
            inner = array_of(joined_all(items))
            return None if inner is None or inner.shape is None else Kind((size(len(items)), *inner.shape), inner.dtype)
    return None


def results(names: str, *kinds: AnyKind) -> Holder:
    """Several results of one of NumPy's functions, with the names of its record, blanks between."""
    return Holder(kinds, None, tuple(names.split()), is_record=True, is_result=True)


def shape_as_array(value: AnyKind) -> Shape | None:
    """The shape of the array that NumPy makes of a value."""
    kind = array_of(value)
    return None if kind is None else kind.shape


def real(dtype: Dtype) -> Dtype:
    """The dtype of a quotient or a mean: whole numbers become floats."""
    return "float" if dtype in ("int", "bool") else dtype


def sized(dtype: Dtype) -> Dtype:
    """The dtype of a size or a distance, which is real of complex numbers too."""
    return "float" if dtype == "complex" else real(dtype)


def axes_of(axis: object, rank: int) -> tuple[int, ...] | None:
    """Axes as numbers from 0; None stands for all of them. None is given back where they are not known."""
    if axis is None:
        return tuple(range(rank))
    given = axis if isinstance(axis, tuple) else (axis,)
    found = [each % rank for each in given if isinstance(each, int) and not isinstance(each, bool) and rank]
    return tuple(found) if len(found) == len(given) else None


def like(name: str) -> ShapeOf:
    """A result of the operand's own kind."""
    return lambda operands: array_of(operands.kind(name))


def number(operands: Operands) -> AnyKind:
    """A result that is a number, whatever the operands are."""
    return Kind(())


def some_numbers(operands: Operands) -> AnyKind:
    """A vector of a length that only the call tells."""
    return Kind((operands.fresh(),))


def reduced(dtype: Callable[[Dtype], Dtype] = lambda dtype: dtype, axis: str = "axis") -> ShapeOf:
    """A reduction of `x` over `axis`, with `keepdims`."""

    def shape(operands: Operands) -> AnyKind:
        kind = array_of(operands.kind("x"))
        if kind is None or kind.shape is None:
            return None
        axes = axes_of(operands.literal(axis), len(kind.shape))
        keepdims = operands.literal("keepdims")
        if axes is None:
            return Kind(None, dtype(kind.dtype))
        if keepdims is True:
            return Kind(tuple(ONE if i in axes else dim for i, dim in enumerate(kind.shape)), dtype(kind.dtype))
        if keepdims is not False and keepdims is not UNKNOWN:
            return Kind(None, dtype(kind.dtype))
        return Kind(tuple(dim for i, dim in enumerate(kind.shape) if i not in axes), dtype(kind.dtype))

    return shape


def counted(dtype: Dtype) -> Callable[[Dtype], Dtype]:
    """A reduction whose result has a dtype of its own."""
    return lambda _: dtype


def matrix_product(operands: Operands) -> AnyKind:
    """`a @ b`."""
    a, b = array_of(operands.kind("a")), array_of(operands.kind("b"))
    if a is None or b is None or a.shape is None or b.shape is None or not a.shape or not b.shape:
        return None
    dtype = wider(a.dtype, b.dtype)
    if len(a.shape) == 1 and len(b.shape) == 1:
        return Kind((), dtype)
    if len(b.shape) == 1:
        return Kind(a.shape[:-1], dtype)
    if len(a.shape) == 1:
        return Kind((*b.shape[:-2], b.shape[-1]), dtype)
    stacked = broadcast(a.shape[:-2], b.shape[:-2])
    return None if stacked is None else Kind((*stacked, a.shape[-2], b.shape[-1]), dtype)


def dot_product(operands: Operands) -> AnyKind:
    """`np.dot(a, b)`: over the last axis of `a` and the second to last of `b`."""
    a, b = array_of(operands.kind("a")), array_of(operands.kind("b"))
    if a is None or b is None or a.shape is None or b.shape is None:
        return None
    dtype = wider(a.dtype, b.dtype)
    if not a.shape or not b.shape:
        return Kind(a.shape or b.shape, dtype)
    rest = b.shape[:-2] + b.shape[-1:] if len(b.shape) > 1 else ()
    return Kind(a.shape[:-1] + rest, dtype)


def made(name: str = "shape", dtype: Dtype = "float") -> ShapeOf:
    """A new array of the dimensions that an operand names."""

    def shape(operands: Operands) -> AnyKind:
        return Kind(operands.dims(name), operands.dtype("dtype") or dtype)

    return shape


def entrywise(*names: str, dtype: Dtype | None = None) -> ShapeOf:
    """Operands broadcast against each other."""

    def shape(operands: Operands) -> AnyKind:
        kinds = [array_of(operands.kind(name)) for name in names]
        known = [kind for kind in kinds if kind is not None]
        if len(known) < len(kinds):
            return None
        found = broadcast(*(kind.shape for kind in known))
        result: Dtype = "bool"
        for kind in known:
            result = wider(result, kind.dtype)
        return Kind(found, dtype or result)

    return shape
