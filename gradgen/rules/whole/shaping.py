"""The rows of what rearranges an array: transposes, reshapes.

Never holds what computes.
"""
from __future__ import annotations

from gradgen.ir.kinds import ONE, AnyKind, Dim, Kind, Shape, unknown
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, array, made
from gradgen.rules.shapes import (
    UNKNOWN,
    Operands,
    array_of,
    axes_of,
)
from gradgen.rules.whole.topic import Topic


def transpose_rows(facts: Facts) -> tuple[str, ...] | None:
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


ROWS: tuple[Row, ...] = (
    made("y = transpose(x, axes=None)", transpose_rows, shape=transposed),
    array("y = reshape(x, shape, order='C')", "dx += reshape(dy, x.shape)", "dshape += 0", shape=reshaped),
    array("y = ravel(x, order='C')", "dx += reshape(dy, x.shape)", shape=flattened),
)

TOPIC = Topic(
    "What rearranges an array", ROWS,
    names={"numpy": {"transpose": "transpose", "reshape": "reshape", "ravel": "ravel"}},
    methods={"transpose": "transpose", "reshape": "reshape", "ravel": "ravel", "flatten": "ravel"},
)
