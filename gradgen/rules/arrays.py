"""The rows of functions of whole arrays: products, reductions, shapes, new arrays.

Never holds what works number by number (elementwise.py).
"""
from __future__ import annotations

from gradgen.ir.kinds import ONE, AnyKind, Dim, Kind, Shape, unknown
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, array, made, passive
from gradgen.rules.shapes import (
    UNKNOWN,
    Operands,
    array_of,
    axes_of,
    counted,
    dot_product,
    like,
    matrix_product,
    real,
    reduced,
)
from gradgen.rules.shapes import made as new


def spread(facts: Facts, name: str = "dy", operand: str = "x") -> str:
    """What a reduction's result is called where it meets its operand again: with an axis of length 1 for each that it lost."""
    rank, axis = facts.rank(operand), facts.constants.get("axis", UNKNOWN)
    keepdims = facts.constants.get("keepdims", False)
    axes = axes_of(axis, rank) if rank is not None and axis is not UNKNOWN else None
    if rank is None or axes is None or keepdims not in (True, False):
        return f"unreduce({name}, {operand}, axis, keepdims)"
    if keepdims or len(axes) == rank or set(axes) == set(range(len(axes))):
        return name
    marks = ["None" if i in axes else ":" for i in range(rank)]
    while marks and marks[-1] == ":":
        marks.pop()
    return f"{name}[{', '.join(marks)}]"


def count(facts: Facts, operand: str = "x") -> str:
    """How many elements each result of a reduction comes from."""
    rank, axis = facts.rank(operand), facts.constants.get("axis", UNKNOWN)
    if axis is None:
        return f"{operand}.size"
    axes = axes_of(axis, rank) if rank is not None and axis is not UNKNOWN else None
    if axes is None:
        return f"({operand}.size / y.size)"
    return " * ".join(f"{operand}.shape[{each}]" for each in axes) if len(axes) == 1 else f"({operand}.size / y.size)"


def sum_rows(facts: Facts) -> tuple[str, ...] | None:
    return (f"dx += {spread(facts)}",)


def mean_rows(facts: Facts) -> tuple[str, ...] | None:
    return (f"dx += {spread(facts)} / {count(facts)}",)


def extreme_rows(facts: Facts) -> tuple[str, ...] | None:
    """The largest or smallest: ties share evenly."""
    held = f"held = x == {spread(facts, 'y')}"
    if facts.constants.get("axis", UNKNOWN) is None:
        return (held, f"dx += {spread(facts)} * held / array_sum(held)")
    return (held, f"dx += {spread(facts)} * held / array_sum(held, axis=axis, keepdims=True)")


def matmul_rows(facts: Facts) -> tuple[str, ...] | None:
    match facts.rank("a"), facts.rank("b"):
        case 1, 1:
            return "da += dc * b", "db += dc * a"
        case 2, 2:
            return "da += dc @ b.T", "db += a.T @ dc"
        case 2, 1:
            return "da += outer(dc, b)", "db += a.T @ dc"
        case 1, 2:
            return "da += b @ dc", "db += outer(a, dc)"
    return "da += matmul_left(dc, a, b)", "db += matmul_right(dc, a, b)"


def dot_rows(facts: Facts) -> tuple[str, ...] | None:
    left, right = facts.rank("a"), facts.rank("b")
    if left == 0 or right == 0:
        return "da += dc * b", "db += dc * a"
    return matmul_rows(facts) if left in (1, 2) and right in (1, 2) else None


def transpose_rows(facts: Facts) -> tuple[str, ...] | None:
    axes = facts.constants.get("axes", UNKNOWN)
    if axes is None:
        return ("dx += dy.T",)
    if isinstance(axes, tuple) and all(isinstance(each, int) for each in axes):
        rank = len(axes)
        back = sorted(range(rank), key=lambda i: axes[i] % rank)
        return (f"dx += transpose(dy, {tuple(back)})",)
    return None


def array_rows(facts: Facts) -> tuple[str, ...] | None:
    """A new array of what there is: lists of numbers hand their elements' adjoints on, arrays all of theirs."""
    return ("dx += dy",)


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


def outer_product(operands: Operands) -> AnyKind:
    a, b = array_of(operands.kind("a")), array_of(operands.kind("b"))
    if a is None or b is None or a.rank != 1 or b.rank != 1 or a.shape is None or b.shape is None:
        return Kind((operands.fresh(), operands.fresh()))
    return Kind((a.shape[0], b.shape[0]), a.dtype)


def stepped(operands: Operands) -> AnyKind:
    return Kind((operands.fresh(),))


def as_array(operands: Operands) -> AnyKind:
    return array_of(operands.kind("x"))


REDUCTION = "x, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True"

ROWS: tuple[Row, ...] = (
    made("c = a @ b", matmul_rows, shape=matrix_product, carries="a b"),
    made("c = dot(a, b)", dot_rows, shape=dot_product, carries="a b"),
    made("c = outer(a, b)", lambda facts: ("da += dc @ b", "db += a @ dc") if facts.rank("a") == facts.rank("b") == 1 else None,
         shape=outer_product, carries="a b"),

    made("y = array_sum(x, axis=None, dtype=None, out=None, keepdims=False)", sum_rows, shape=reduced()),
    made("y = mean(x, axis=None, dtype=None, out=None, keepdims=False)", mean_rows, shape=reduced(real)),
    made("y = array_max(x, axis=None, out=None, keepdims=False)", extreme_rows, shape=reduced()),
    made("y = array_min(x, axis=None, out=None, keepdims=False)", extreme_rows, shape=reduced()),
    *passive("y = argmax(x, axis=None, out=None, keepdims=False)", "y = argmin(x, axis=None, out=None, keepdims=False)",
             shape=reduced(counted("int"))),
    *passive("y = array_all(x, axis=None, out=None, keepdims=False)", "y = array_any(x, axis=None, out=None, keepdims=False)",
             shape=reduced(counted("bool"))),

    made("y = transpose(x, axes=None)", transpose_rows, shape=transposed),
    array("y = reshape(x, shape, order='C')", "dx += reshape(dy, x.shape)", "dshape += 0", shape=reshaped),
    array("y = ravel(x, order='C')", "dx += reshape(dy, x.shape)", shape=flattened),
    array("y = array_copy(x, order='C')", "dx += dy", shape=as_array, cost=4),
    made("y = asarray(x, dtype=None)", array_rows, shape=as_array),
    made("y = array(x, dtype=None)", array_rows, shape=as_array),

    *passive("y = zeros(shape, dtype=None)", "y = ones(shape, dtype=None)", "y = empty(shape, dtype=None)", shape=new()),
    array("y = full(shape, x, dtype=None)", "dx += array_sum(dy)", "dshape += 0", shape=new()),
    *passive("y = zeros_like(x, dtype=None)", "y = ones_like(x, dtype=None)", "y = empty_like(x, dtype=None)", shape=like("x")),
    *passive("y = arange(start, stop=None, step=None, dtype=None)", "y = linspace(start, stop, num=50)", shape=stepped),
    *passive("y = eye(n, m=None)", shape=lambda operands: Kind((operands.fresh(), operands.fresh()))),
)
