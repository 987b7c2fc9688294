"""The rows of products of arrays: `@`, dot, inner, outer.

Never holds decompositions (linalg), diagonals, or what einsum is.
"""
from __future__ import annotations

from collections.abc import Sequence

from gradgen.ir.kinds import OPEN, AnyKind, Kind, Shape, are_alike, broadcast, size, wider
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import (
    UNKNOWN,
    Operands,
    array_of,
    dot_product,
    matrix_product,
)
from gradgen.rules.whole import einsum
from gradgen.rules.whole.topic import Topic


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
        case int(left), int(right) if left and right and (lines := stacked_lines(facts, left, right)) is not None:
            return lines
    return "da += matmul_left(dc, a, b)", "db += matmul_right(dc, a, b)"


def stacked_lines(facts: Facts, left: int, right: int) -> tuple[str, ...] | None:
    """A product with stacks of matrices, of which none is broadcast against the other."""
    stack = tuple(range(max(left, right) - 2))
    rows, columns = _listed((*stack, len(stack))), _listed((*stack, len(stack) + 1))
    match left, right:
        case _, 1:
            return "da += dc[..., None] * b", f"db += tensordot(dc, a, {left - 1})"
        case 1, _:
            return f"da += tensordot(b, dc, ({columns}, {rows}))", "db += a[:, None] * dc[..., None, :]"
        case _, 2:
            return "da += dc @ b.T", f"db += tensordot(a, dc, ({rows}, {rows}))"
        case 2, _:
            return f"da += tensordot(dc, b, ({columns}, {columns}))", "db += a.T @ dc"
    a, b = facts.shapes["a"], facts.shapes["b"]
    if a is None or b is None or not are_alike(a[:-2], b[:-2]):
        return None
    return "da += dc @ swapaxes(b, -1, -2)", "db += swapaxes(a, -1, -2) @ dc"


def scaled_lines(facts: Facts) -> tuple[str, ...] | None:
    """A product with a number."""
    match facts.rank("a"), facts.rank("b"):
        case 0, 0:
            return "da += dc * b", "db += dc * a"
        case 0, _:
            return "da += array_sum(dc * b)", "db += dc * a"
        case _, 0:
            return "da += dc * b", "db += array_sum(dc * a)"
    return None


def dot_lines(facts: Facts) -> tuple[str, ...] | None:
    """`np.dot`: as `@` for vectors and matrices, tensordot for stacks."""
    left, right = facts.rank("a"), facts.rank("b")
    if not left or not right:
        return scaled_lines(facts)
    return matmul_rows(facts) if left < 3 and right < 3 else tensor_lines(left, right, (left - 1,), (max(right - 2, 0),))


def inner_lines(facts: Facts) -> tuple[str, ...] | None:
    match facts.rank("a"), facts.rank("b"):
        case (0, _) | (_, 0):
            return scaled_lines(facts)
        case 1, 1:
            return "da += dc * b", "db += dc * a"
        case 2, 2:
            return "da += dc @ b", "db += dc.T @ a"
        case 2, 1:
            return "da += outer(dc, b)", "db += a.T @ dc"
        case 1, 2:
            return "da += b.T @ dc", "db += outer(dc, a)"
        case int(left), int(right):
            return tensor_lines(left, right, (left - 1,), (right - 1,))
    return None


def tensor_lines(left: int, right: int, over_a: tuple[int, ...], over_b: tuple[int, ...]) -> tuple[str, ...]:
    """Sums over the axes `over_a` of one and `over_b` of the other, as tensordot's and written with it."""
    kept_a = [axis for axis in range(left) if axis not in over_a]
    kept_b = [axis for axis in range(right) if axis not in over_b]
    of_a, of_b = tuple(range(len(kept_a))), tuple(range(len(kept_a), len(kept_a) + len(kept_b)))
    # axes of tensordot(dc, b): those of a that were kept, then those of b that were summed, in b's order
    order_a = [*kept_a, *(over_a[over_b.index(axis)] for axis in sorted(over_b))]
    order_b = [*(over_b[over_a.index(axis)] for axis in sorted(over_a)), *kept_b]
    da = f"tensordot(dc, b, ({_listed(of_b)}, {_listed(kept_b)}))"
    db = f"tensordot(a, dc, ({_listed(kept_a)}, {_listed(of_a)}))"
    return f"da += {_ordered(da, order_a)}", f"db += {_ordered(db, order_b)}"


def _listed(axes: tuple[int, ...] | list[int]) -> str:
    return f"({', '.join(map(str, axes))}{',' if len(axes) == 1 else ''})"


def _ordered(text: str, order: list[int]) -> str:
    """An array whose axes stand for `order`, with its axes sorted."""
    if order == sorted(order):
        return text
    if sorted(order) == order[::-1]:
        return f"{text}.T"
    return f"transpose({text}, {_listed([order.index(axis) for axis in range(len(order))])})"


def tensordot_lines(facts: Facts) -> tuple[str, ...] | None:
    left, right = facts.rank("a"), facts.rank("b")
    if (left == 0 or right == 0) and facts.constants.get("axes", UNKNOWN) == 0:
        return scaled_lines(facts)
    axes = _axes_of_tensordot(facts.constants.get("axes", UNKNOWN), left, right)
    return None if axes is None or left is None or right is None else tensor_lines(left, right, *axes)


def _axes_of_tensordot(axes: object, left: int | None, right: int | None) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    if not left or not right:
        return None
    if isinstance(axes, int):
        return tuple(range(left - axes, left)), tuple(range(axes))
    if not isinstance(axes, tuple) or len(axes) != 2:
        return None
    pair = [each if isinstance(each, tuple) else (each,) for each in axes]
    if not all(isinstance(axis, int) for each in pair for axis in each):
        return None
    return tuple(axis % left for axis in pair[0]), tuple(axis % right for axis in pair[1])


def outer_lines(facts: Facts) -> tuple[str, ...] | None:
    match facts.rank("a"), facts.rank("b"):
        case 1, 1:
            return "da += dc @ b", "db += a @ dc"
        case 0, 0:
            return "da += array_sum(dc * b)", "db += array_sum(dc * a)"
        case 0, int():
            return "da += array_sum(dc * ravel(b))", "db += reshape(dc * a, b.shape)"
        case int(), 0:
            return "da += reshape(dc * b, a.shape)", "db += array_sum(dc * reshape(a, (-1, 1)))"
        case int(), int():
            return "da += reshape(dc @ ravel(b), a.shape)", "db += reshape(ravel(a) @ dc, b.shape)"
    return None


def vdot_lines(facts: Facts) -> tuple[str, ...] | None:
    left, right = facts.shapes.get("a"), facts.shapes.get("b")
    if left is None or right is None:
        return None
    is_complex = "complex" in (facts.dtype("a"), facts.dtype("b"))
    of_a = "conjugate(dc) * b" if is_complex else "dc * b"
    if len(left) == len(right) == 1 or left == right:
        return f"da += {of_a}", "db += dc * a"
    return f"da += reshape({of_a}, a.shape)", "db += reshape(dc * a, b.shape)"


def vecdot_lines(facts: Facts) -> tuple[str, ...] | None:
    left, right, axis = facts.rank("a"), facts.rank("b"), facts.constants.get("axis")
    if type(axis) is not int or left is None or right is None or not left or not right:
        return None
    is_complex = "complex" in (facts.dtype("a"), facts.dtype("b"))
    if left == right == 1:
        return f"da += {'conjugate(dc)' if is_complex else 'dc'} * b", "db += dc * a"
    spread = "dc[..., None]" if axis == -1 else f"expand_dims(dc, {axis})"
    turned = f"conjugate({spread})" if is_complex else spread
    if left == right and facts.shapes["a"] == facts.shapes["b"]:
        return f"da += {turned} * b", f"db += {spread} * a"
    if axis >= 0 and left != right:
        return None
    return f"da += unbroadcast({turned} * b, a)", f"db += unbroadcast({spread} * a, b)"


def two(operands: Operands, left: str = "a", right: str = "b") -> tuple[Kind, Shape, Shape] | None:
    """The dtype, as a number's kind, and the shapes of two operands."""
    a, b = array_of(operands.kind(left)), array_of(operands.kind(right))
    if a is None or b is None or a.shape is None or b.shape is None:
        return None
    return Kind((), wider(a.dtype, b.dtype)), a.shape, b.shape


def inner_shape(operands: Operands) -> AnyKind:
    found = two(operands)
    if found is None:
        return Kind(None)
    kind, a, b = found
    return Kind(a[:-1] + b[:-1] if a and b else a or b, kind.dtype)


def tensordot_shape(operands: Operands) -> AnyKind:
    found = two(operands)
    if found is None:
        return Kind(None)
    kind, a, b = found
    if not (a and b) and operands.literal("axes") == 0:
        return Kind(a or b, kind.dtype)
    axes = _axes_of_tensordot(operands.literal("axes"), len(a), len(b))
    if axes is None:
        return Kind(None)
    kept = [dim for i, dim in enumerate(a) if i not in axes[0]], [dim for i, dim in enumerate(b) if i not in axes[1]]
    return Kind((*kept[0], *kept[1]), kind.dtype)


def vecdot_shape(operands: Operands) -> AnyKind:
    found, axis = two(operands), operands.literal("axis")
    if found is None or not found[1] or not found[2] or type(axis) is not int:
        return Kind(None)
    return Kind(broadcast(without(found[1], axis), without(found[2], axis)), found[0].dtype)


def number_of_two(operands: Operands) -> AnyKind:
    found = two(operands)
    return Kind(()) if found is None else found[0]


def outer_product(operands: Operands) -> AnyKind:
    a, b = array_of(operands.kind("a")), array_of(operands.kind("b"))
    if a is None or b is None or a.rank != 1 or b.rank != 1 or a.shape is None or b.shape is None:
        return Kind((OPEN, OPEN), a.dtype if a is not None else "float")
    return Kind((a.shape[0], b.shape[0]), wider(a.dtype, b.dtype))


def kron_lines(facts: Facts) -> tuple[str, ...] | None:
    """Each axis of the result is one of the first operand's and, within it, one of the second's: missing ones are of length 1."""
    left, right = facts.rank("a"), facts.rank("b")
    if left is None or right is None:
        return None
    if not left or not right:
        return scaled_lines(facts)
    if left == right == 1:
        return "da += reshape(dc, (a.size, b.size)) @ b", "db += a @ reshape(dc, (a.size, b.size))"
    lengths, blocks, own = [], "", {"a": "", "b": ""}
    for axis in range(max(left, right)):
        for name, rank, letters in (("a", left, "ijklmnop"), ("b", right, "qrstuvwx")):
            place = axis - max(left, right) + rank
            if place >= 0:
                lengths.append(f"{name}.shape[{place}]")
                own[name] += letters[axis]
                blocks += letters[axis]
    return (
        f"blocks = reshape(dc, ({', '.join(lengths)}))",
        f"da += einsum('{blocks},{own['b']}->{own['a']}', blocks, b)",
        f"db += einsum('{blocks},{own['a']}->{own['b']}', blocks, a)",
    )


def kron_shape(operands: Operands) -> AnyKind:
    found = two(operands)
    if found is None:
        return Kind(None)
    kind, a, b = found
    rank = max(len(a), len(b))
    return Kind((OPEN,) * rank, kind.dtype)


def khatri_rao_lines(facts: Facts) -> tuple[str, ...] | None:
    """Column by column what np.kron is."""
    if facts.rank("a") != 2 or facts.rank("b") != 2:
        return None
    blocks = "blocks = reshape(dc, (a.shape[0], b.shape[0], a.shape[1]))"
    return blocks, "da += einsum('ijk,jk->ik', blocks, b)", "db += einsum('ijk,ik->jk', blocks, a)"


def khatri_rao_shape(operands: Operands) -> AnyKind:
    found = two(operands)
    return Kind(None) if found is None or len(found[1]) != 2 else Kind((OPEN, found[1][1]), found[0].dtype)


def cross_axes(axes: Sequence[object], ranks: Sequence[int]) -> tuple[int, ...] | None:
    """Which axes of two operands, and of their cross product, hold the vectors: counted from the end. `axis` stands for all."""
    *own, common = axes
    chosen = own if common is None else [common] * 3
    if not all(type(axis) is int for axis in chosen):
        return None
    return tuple(axis if axis < 0 else axis - rank for axis, rank in zip(chosen, ranks, strict=True) if isinstance(axis, int))


def cross_lines(facts: Facts) -> tuple[str, ...] | None:
    """Of vectors of three, or stacks of them."""
    left, right = facts.shapes.get("a"), facts.shapes.get("b")
    if left is None or right is None or not left or not right:
        return None
    result = max(len(left), len(right))
    given = [facts.constants.get(name, UNKNOWN) for name in ("axisa", "axisb", "axisc", "axis")]
    axes = cross_axes(given, (len(left), len(right), result))
    if axes is None or len(left) == 1 == len(right) and axes != (-1, -1, -1):
        return None
    at_a, at_b, at_c = axes
    steer = [", ".join(f"{name}={axis}" for name, axis in zip(("axisa", "axisb", "axisc"), each, strict=True) if axis != -1)
             for each in ((at_b, at_c, at_a), (at_c, at_a, at_b))]
    of_a, of_b = (f"cross({pair}{', ' if each else ''}{each})" for pair, each in zip(("b, dc", "dc, a"), steer, strict=True))
    lines = f"assert a.shape[{at_a}] == b.shape[{at_b}] == 3, 'a cross product of vectors of two'",
    if are_alike(without(left, at_a), without(right, at_b)):
        return *lines, f"da += {of_a}", f"db += {of_b}"
    if axes != (-1, -1, -1):
        return None
    if len(left) == 1 or len(right) == 1:  # one vector with each of many
        along = "0" if result == 2 else f"({', '.join(map(str, range(result - 1)))})"
        of_a, of_b = (
            f"array_sum({each}, axis={along})" if len(own) == 1 else each for own, each in ((left, of_a), (right, of_b))
        )
        return *lines, f"da += {of_a}", f"db += {of_b}"
    return *lines, f"da += unbroadcast({of_a}, a)", f"db += unbroadcast({of_b}, b)"


def without(shape: Shape, axis: int) -> Shape:
    """A shape with one axis gone."""
    return tuple(dim for place, dim in enumerate(shape) if place != axis % len(shape))


def cross_shape(operands: Operands) -> AnyKind:
    found = two(operands)
    if found is None or not found[1] or not found[2]:
        return Kind(None)
    kind, a, b = found
    given = [operands.literal(name) for name in ("axisa", "axisb", "axisc", "axis")]
    axes = cross_axes(given, (len(a), len(b), max(len(a), len(b))))
    if axes is None:
        return Kind(None)
    stacked = broadcast(without(a, axes[0]), without(b, axes[1]))
    if stacked is None or size(2) in (a[axes[0]], b[axes[1]]):
        return Kind(None)
    place = axes[2] % (len(stacked) + 1)
    return Kind((*stacked[:place], a[axes[0]], *stacked[place:]), kind.dtype)


ROWS: tuple[Row, ...] = (
    made("c = a @ b", matmul_rows, shape=matrix_product, carries="a b"),
    made("c = dot(a, b)", dot_lines, shape=dot_product, carries="a b"),
    made("c = inner(a, b)", inner_lines, shape=inner_shape, carries="a b"),
    made("c = outer(a, b)", outer_lines, shape=outer_product, carries="a b"),
    made("c = vdot(a, b)", vdot_lines, shape=number_of_two, carries="a b"),
    made("c = vecdot(a, b, axis=-1)", vecdot_lines, shape=vecdot_shape, carries="a b"),
    made("c = tensordot(a, b, axes=2)", tensordot_lines, shape=tensordot_shape, carries="a b"),
    *einsum.ROWS,
    made("c = kron(a, b)", kron_lines, shape=kron_shape, carries="a b"),
    made("c = khatri_rao(a, b)", khatri_rao_lines, shape=khatri_rao_shape, carries="a b"),
    made("c = cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None)", cross_lines, shape=cross_shape, carries="a b"),
)

TOPIC = Topic(
    "Products of arrays", ROWS,
    names={
        "numpy": {
            "dot": "dot", "inner": "inner", "outer": "outer", "vdot": "vdot", "vecdot": "vecdot", "tensordot": "tensordot",
            "einsum": "einsum", "kron": "kron", "cross": "cross",
        },
        "numpy.linalg": {
            "matmul": "matmul", "outer": "outer", "vecdot": "vecdot", "tensordot": "tensordot", "cross": "cross",
        },
        "scipy.linalg": {"khatri_rao": "khatri_rao"},
    },
    methods={"dot": "dot"},
)
