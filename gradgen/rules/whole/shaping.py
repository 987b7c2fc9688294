"""The rows of what gives an array other axes: transposes, reshapes, new axes.

Never holds what changes the order or the number of elements.
"""
from __future__ import annotations

from collections.abc import Callable

from gradgen.ir.kinds import ONE, AnyKind, Dim, Kind, Shape, unknown
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import (
    UNKNOWN,
    Operands,
    ShapeOf,
    array_of,
    axes_of,
)
from gradgen.rules.whole.topic import Topic

Lines = tuple[str, ...] | None


def transpose_rows(facts: Facts) -> Lines:
    axes = facts.constants.get("axes", UNKNOWN)
    if axes is None:
        return ("dx += dy.T",)
    if isinstance(axes, tuple) and all(isinstance(each, int) for each in axes):
        rank = len(axes)
        back = sorted(range(rank), key=lambda i: axes[i] % rank)
        return (f"dx += transpose(dy, {tuple(back)})",)
    return None


def transposed(operands: Operands) -> AnyKind:
    kind, axes = array_of(operands.kind("x")), operands.literal("axes")
    if kind is None or kind.shape is None:
        return kind
    if axes is None:
        return Kind(kind.shape[::-1], kind.dtype)
    found = axes_of(axes, len(kind.shape)) if axes is not UNKNOWN else None
    return Kind(None if found is None else tuple(kind.shape[i] for i in found), kind.dtype)


def reshape_rows(facts: Facts) -> Lines:
    match facts.constants.get("order", UNKNOWN):
        case "C":
            return ("dx += reshape(dy, x.shape)",)
        case "F":
            return ("dx += reshape(dy, x.shape, order='F')",)
    return None


def reshaped(operands: Operands) -> AnyKind:
    kind, dims = array_of(operands.kind("x")), operands.dims("shape")
    if kind is None or dims is None:
        return Kind(None)
    is_open = [index for index, dim in enumerate(dims) if dim.const == -1 and not dim.terms]
    return Kind(tuple(_flat(kind.shape, dims) if i in is_open else dim for i, dim in enumerate(dims)), kind.dtype)


def _flat(shape: Shape | None, dims: Shape) -> Dim:
    others = [dim for dim in dims if not (dim.const == -1 and not dim.terms)]
    if shape is not None and len(shape) == 1 and all(dim == ONE for dim in others):
        return shape[0]
    return unknown(f"flat{shape}{dims}")


def flattened(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("x"))
    if kind is None or kind.shape is None:
        return Kind((operands.fresh(),))
    return Kind(kind.shape if len(kind.shape) == 1 else (unknown(f"flat{kind.shape}"),), kind.dtype)


def rearranged(*names: str) -> ShapeOf:
    """The operand's axes in the order that swapaxes or moveaxis puts them."""

    def shape(operands: Operands) -> AnyKind:
        kind = array_of(operands.kind("x"))
        if kind is None or kind.shape is None:
            return kind
        rank = len(kind.shape)
        first, second = (axes_of(operands.literal(name), rank) if operands.literal(name) not in (None, UNKNOWN) else None
                         for name in names)
        if first is None or second is None or len(first) != len(second):
            return Kind(None, kind.dtype)
        if "axis1" in names:
            order = list(range(rank))
            order[first[0]], order[second[0]] = second[0], first[0]
        else:
            order = [i for i in range(rank) if i not in first]
            for to, source in sorted(zip(second, first, strict=True)):
                order.insert(to, source)
        return Kind(tuple(kind.shape[i] for i in order), kind.dtype)

    return shape


def squeezed(operands: Operands) -> AnyKind:
    kind, axis = array_of(operands.kind("x")), operands.literal("axis")
    if kind is None or kind.shape is None or axis is UNKNOWN:
        return Kind(None)
    axes = axes_of(axis, len(kind.shape)) if axis is not None else None
    if axis is None:
        if any(dim.may_be_one and not dim.is_one for dim in kind.shape):
            return Kind(None, kind.dtype)
        return Kind(tuple(dim for dim in kind.shape if not dim.is_one), kind.dtype)
    return Kind(None if axes is None else tuple(dim for i, dim in enumerate(kind.shape) if i not in axes), kind.dtype)


def expanded(operands: Operands) -> AnyKind:
    kind, axis = array_of(operands.kind("x")), operands.literal("axis")
    if kind is None or kind.shape is None or axis in (None, UNKNOWN):
        return Kind(None)
    count = len(axis) if isinstance(axis, tuple) else 1
    axes = axes_of(axis, len(kind.shape) + count)
    if axes is None:
        return Kind(None)
    dims = list(kind.shape)
    for each in sorted(axes):
        dims.insert(each, ONE)
    return Kind(tuple(dims), kind.dtype)


def at_least(rank: int) -> tuple[Callable[[Facts], Lines], ShapeOf]:
    """The rows and the shape of `atleast_<rank>d`."""

    def rows(facts: Facts) -> Lines:
        own = facts.rank("x")
        if own is not None and own >= rank:
            return ("dx += dy",)
        if own == 0:
            return (f"dx += dy[{', '.join(['0'] * rank)}]",)
        return ("dx += reshape(dy, x.shape)",)

    def shape(operands: Operands) -> AnyKind:
        kind = array_of(operands.kind("x"))
        if kind is None or kind.shape is None:
            return Kind(None)
        dims = kind.shape
        if len(dims) < rank:
            if rank == 3 and dims:
                dims = (ONE, *dims, ONE) if len(dims) == 1 else (*dims, ONE)
            else:
                dims = (*(ONE,) * (rank - len(dims)), *dims)
        return Kind(dims, kind.dtype)

    return rows, shape


def broadcasted(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("x"))
    return None if kind is None else Kind(operands.dims("shape"), kind.dtype)


AT_LEAST = {rank: at_least(rank) for rank in (1, 2, 3)}
ROWS: tuple[Row, ...] = (
    made("y = transpose(x, axes=None)", transpose_rows, shape=transposed),
    made("y = matrix_transpose(x)", lambda facts: ("dx += swapaxes(dy, -1, -2)",),
         shape=lambda operands: _last_swapped(array_of(operands.kind("x")))),
    made("y = reshape(x, shape, order='C')", reshape_rows, shape=reshaped),
    made("y = ravel(x, order='C')", reshape_rows, shape=flattened),
    made("y = flatten(x, order='C')", reshape_rows, shape=flattened),
    made("y = swapaxes(x, axis1, axis2)", lambda facts: ("dx += swapaxes(dy, axis1, axis2)",),
         shape=rearranged("axis1", "axis2")),
    made("y = moveaxis(x, source, destination)", lambda facts: ("dx += moveaxis(dy, destination, source)",),
         shape=rearranged("source", "destination")),
    made("y = rollaxis(x, axis, start=0)", lambda facts: ("dx += rollaxis_adjoint(dy, axis, start)",),
         shape=lambda operands: Kind(None)),
    made("y = squeeze(x, axis=None)", lambda facts: ("dx += reshape(dy, x.shape)",), shape=squeezed),
    made("y = expand_dims(x, axis)",
         lambda facts: ("dx += array_sum(dy)",) if facts.rank("x") == 0 else ("dx += reshape(dy, x.shape)",), shape=expanded),
    *(made(f"y = atleast_{rank}d(x)", rows, shape=shape) for rank, (rows, shape) in AT_LEAST.items()),
    made("y = broadcast_to(x, shape)", lambda facts: ("dx += unbroadcast(dy, x)",), shape=broadcasted),
)


def _last_swapped(kind: Kind | None) -> AnyKind:
    if kind is None or kind.shape is None or len(kind.shape) < 2:
        return kind
    return Kind((*kind.shape[:-2], kind.shape[-1], kind.shape[-2]), kind.dtype)


HELPERS = {
    "rollaxis_adjoint": '''\
def rollaxis_adjoint(dy, axis, start=0):
    """The adjoint of x in y = np.rollaxis(x, axis, start)."""
    axis, start = axis % dy.ndim, start + dy.ndim if start < 0 else start
    return np.moveaxis(dy, start - 1 if start > axis else start, axis)
''',
}

OF_A = {"a": "x", "newshape": "shape"}
TOPIC = Topic(
    "What gives an array other axes", ROWS,
    names={"numpy": {
        "transpose": "transpose permute_dims", "matrix_transpose": "matrix_transpose linalg.matrix_transpose", "ravel": "ravel",
        **{name: name for name in (
            "reshape", "swapaxes", "moveaxis", "rollaxis", "squeeze", "expand_dims", "atleast_1d", "atleast_2d", "atleast_3d",
            "broadcast_to",
        )},
    }},
    methods={"transpose": "transpose", "reshape": "reshape", "ravel": "ravel", "flatten": "flatten", "swapaxes": "swapaxes",
             "squeeze": "squeeze"},
    helpers=HELPERS,
    keywords={
        **dict.fromkeys(("transpose", "ravel", "reshape", "swapaxes", "moveaxis", "rollaxis", "squeeze", "expand_dims"), OF_A),
        "broadcast_to": {"array": "x"}, "matrix_transpose": {"x": "x"},
    },
)
