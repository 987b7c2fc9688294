"""What the rows of norms say, by the order of the norm: of vectors along an axis, of matrices.

Never holds a row.
"""
from __future__ import annotations

import math

from gradgen.ir.frozen import replace
from gradgen.rules.notation import Facts
from gradgen.rules.shapes import UNKNOWN
from gradgen.rules.whole.reductions import keeping, spread


def norm_lines(facts: Facts) -> tuple[str, ...] | None:
    """`numpy.linalg.norm`: of a vector, a matrix, along an axis, or over all elements."""
    rank, order, axis = facts.rank("x"), facts.constants.get("ord", UNKNOWN), facts.constants.get("axis", UNKNOWN)
    if rank is None or order is UNKNOWN or axis is UNKNOWN:
        return None
    if order is None or order == "fro":
        return euclidean(facts)
    if isinstance(axis, int) or axis is None and rank == 1:
        return of_vectors(facts, order)
    if axis is None and rank == 2 and facts.constants.get("keepdims") is False and (lines := of_matrix(facts, order)) is not None:
        return lines
    return along_axes(facts, order)


def vector_norm_lines(facts: Facts) -> tuple[str, ...] | None:
    """`numpy.linalg.vector_norm`: over all elements unless axes are named."""
    order, axis = facts.constants.get("ord", UNKNOWN), facts.constants.get("axis", UNKNOWN)
    if facts.rank("x") is None or axis is UNKNOWN:
        return None
    return of_vectors(facts, order)


def matrix_norm_lines(facts: Facts) -> tuple[str, ...] | None:
    """`numpy.linalg.matrix_norm`: of one matrix, or of each of a stack."""
    order, keepdims = facts.constants.get("ord", UNKNOWN), facts.constants.get("keepdims")
    if facts.rank("x") is None or keepdims not in (True, False):
        return None
    if facts.rank("x") == 2 and not keepdims:
        whole = replace(facts, constants={**facts.constants, "axis": None})
        return euclidean(whole) if order == "fro" else of_matrix(whole, order)
    if order == "fro":
        return (f"dx += {in_matrix(facts, 'dy')} * x / {in_matrix(facts, 'where(y == 0, 1, y)')}",)
    return along_axes(of_last_axes(facts), order)


def in_matrix(facts: Facts, text: str) -> str:
    """A number for each matrix, where it meets the matrices again."""
    return text if facts.constants.get("keepdims") is True else f"{text}[..., None, None]"


def of_last_axes(facts: Facts) -> Facts:
    return replace(facts, constants={**facts.constants, "axis": (-2, -1)})


def matrix_norm_tangent(facts: Facts) -> tuple[str, ...] | None:
    order, keepdims = facts.constants.get("ord", UNKNOWN), facts.constants.get("keepdims")
    if facts.rank("x") is None or keepdims not in (True, False):
        return None
    if order != "fro":
        return norm_tangent(of_last_axes(facts))
    kept = ", keepdims=True" if keepdims else ""
    return (f"y_dot = array_sum({product(facts, 'x', 'x_dot')}, axis=(-2, -1){kept}) / where(y == 0, 1, y)",)


def product(facts: Facts, slope: str, moved: str) -> str:
    """How far elements move along their slopes."""
    return f"real(conjugate({slope}) * {moved})" if facts.dtype("x") == "complex" else f"{slope} * {moved}"


def directions(facts: Facts, name: str) -> tuple[tuple[str, ...], str]:
    """Lines first, and what says the direction of each element: its sign, of a complex one that of the number."""
    if facts.dtype("x") != "complex":
        return (), f"sign({name})"
    return (f"sizes = abs({name})",), f"{name} / where(sizes == 0, 1, sizes)"


def complex_norm(facts: Facts) -> tuple[str, ...] | None:
    """The tangents of norms of complex numbers: each element moves them as the row says."""
    if facts.constants.get("ord") in (None, "fro") and facts.constants.get("axis", UNKNOWN) is None:
        if facts.constants.get("keepdims") is False:
            return (f"y_dot = array_sum({product(facts, 'x', 'x_dot')}) / where(y != 0, y, 1)",)
    return norm_tangent(facts) or along_slopes(facts, norm_lines(facts))


def complex_vector_norm(facts: Facts) -> tuple[str, ...] | None:
    return along_slopes(facts, vector_norm_lines(facts))


def along_slopes(facts: Facts, lines: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The tangent, given the lines of the row."""
    if lines is None:
        return None
    slope = lines[-1].removeprefix(f"dx += {spread(facts)} * ")
    return *lines[:-1], f"y_dot = array_sum({product(facts, slope, 'x_dot')}{keeping(facts)})"


def axes_of_matrix(facts: Facts) -> tuple[int, int] | None:
    """The axes of the matrices whose norms are asked for, where they are known."""
    axis = facts.constants.get("axis", UNKNOWN)
    if axis is None:
        return (0, 1) if facts.rank("x") == 2 else None
    is_pair = isinstance(axis, tuple) and len(axis) == 2 and all(isinstance(each, int) for each in axis)
    return (int(axis[0]), int(axis[1])) if is_pair and isinstance(axis, tuple) else None


def slopes_of_matrices(facts: Facts, order: object) -> tuple[str, ...] | None:
    """Lines that give `slope`: how fast the norms of matrices, turned into the last two axes, move with each element."""
    axes = axes_of_matrix(facts)
    if axes is None:
        return None
    turned = f"matrices = moveaxis(x, {axes}, (-2, -1))"
    parts = "parts = svd(matrices, full_matrices=False)"
    match order:
        case "nuc":
            return turned, parts, "slope = parts[0] @ parts[2]"
        case 2:
            return turned, parts, "slope = parts[0][..., :1] @ parts[2][..., :1, :]"
        case -2:
            return turned, parts, "slope = parts[0][..., -1:] @ parts[2][..., -1:, :]"
        case int(value) | float(value) if abs(value) in (1, math.inf):
            along, across = (-2, -1) if abs(value) == 1 else (-1, -2)
            found = "array_max" if value > 0 else "array_min"
            first, direction = directions(facts, "matrices")
            return (
                turned, *first, f"totals = array_sum(abs(matrices), axis={along}, keepdims=True)",
                f"held = astype(totals == {found}(totals, axis={across}, keepdims=True), x.dtype)",
                f"slope = {direction} * held / array_sum(held, axis={across}, keepdims=True)",
            )
    return None


def along_axes(facts: Facts, order: object) -> tuple[str, ...] | None:
    """The norms of matrices in two axes."""
    lines, axes = slopes_of_matrices(facts, order), axes_of_matrix(facts)
    keepdims = facts.constants.get("keepdims", UNKNOWN)
    if lines is None or keepdims not in (True, False):
        return None
    alone = "dy" if facts.rank("x") == 2 else "dy[..., None, None]"
    spread_out = f"moveaxis(dy, {axes}, (-2, -1))" if keepdims else alone
    return *lines, f"dx += moveaxis({spread_out} * slope, (-2, -1), {axes})"


def norm_tangent(facts: Facts) -> tuple[str, ...] | None:
    """The tangent of the norms of matrices in two axes; of others the row says it."""
    order, axes = facts.constants.get("ord", UNKNOWN), axes_of_matrix(facts)
    if facts.rank("x") == 1 and order in (None, 2) and facts.constants.get("axis", UNKNOWN) is None and (
        facts.constants.get("keepdims") is False and facts.dtype("x") != "complex"
    ):
        return ("y_dot = x_dot @ x / (y or 1)",)
    if order is None or order == "fro" or not isinstance(facts.constants.get("axis"), tuple) and facts.rank("x") == 1:
        return None
    lines, keepdims = slopes_of_matrices(facts, order), facts.constants.get("keepdims", UNKNOWN)
    if lines is None or axes is None or keepdims not in (True, False):
        return None
    moved = product(facts, "slope", f"moveaxis(x_dot, {axes}, (-2, -1))")
    total = f"array_sum({moved}, axis=(-2, -1))"
    return *lines, f"y_dot = {f'expand_dims({total}, {axes})' if keepdims else total}"


def euclidean(facts: Facts) -> tuple[str, ...]:
    """Towards the vector; at the origin 0."""
    length = spread(facts, "y")
    if length == "y" and facts.constants.get("axis") is None and facts.constants.get("keepdims") is False:
        return (f"dx += {spread(facts)} * x / (y or 1)",)
    return (f"dx += {spread(facts)} * x / where({length} == 0, 1, {length})",)


def of_vectors(facts: Facts, order: object) -> tuple[str, ...] | None:
    rank = facts.rank("x")
    name, length = spread(facts), spread(facts, "y")
    first, direction = directions(facts, "x")
    match order:
        case 2:
            return euclidean(facts)
        case 1:
            return *first, f"dx += {name} * {direction}"
        case float(value) if math.isinf(value):
            axis = facts.constants.get("axis")
            count = "array_sum(held)" if axis is None or rank == 1 else "array_sum(held, axis=axis, keepdims=True)"
            return *first, f"held = astype(abs(x) == {length}, x.dtype)", f"dx += {name} * {direction} * held / {count}"
        case int(power) | float(power) if power != 0:
            known = repr(power - 1)
            return *first, f"dx += {name} * {direction} * (abs(x) / where({length} == 0, 1, {length}))**{known}"
    return None


def of_matrix(facts: Facts, order: object) -> tuple[str, ...] | None:
    first, direction = directions(facts, "x")
    match order:
        case "nuc":
            return "parts = svd(x, full_matrices=False)", "dx += dy * (parts[0] @ parts[2])"
        case 2:
            return "parts = svd(x, full_matrices=False)", "dx += dy * outer(parts[0][:, 0], parts[2][0])"
        case -2:
            return "parts = svd(x, full_matrices=False)", "dx += dy * outer(parts[0][:, -1], parts[2][-1])"
        case 1:
            held = "held = astype(array_sum(abs(x), axis=0) == y, x.dtype)"
            return *first, held, f"dx += dy * {direction} * held / array_sum(held)"
        case float(value) if value == math.inf:
            held = "held = astype(array_sum(abs(x), axis=1) == y, x.dtype)"
            return *first, held, f"dx += dy * {direction} * held[:, None] / array_sum(held)"
    return None
