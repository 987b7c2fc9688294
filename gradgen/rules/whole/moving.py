"""The tangents of operations on whole arrays whose rows, read the other way round, would not be what one writes by hand.

Never holds a derivative that is no transpose of the operation's row: the tests hold each against its row.

A line is `y_dot = ...`, linear in the operands' tangents (`x_dot`) together, or names something that others read. The parts that
read the tangent of an operand that does not vary are left out.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.rules.notation import Facts
from gradgen.rules.shapes import UNKNOWN, axes_of
from gradgen.rules.whole import (
    chosen_slopes,
    curves,
    densities,
    distances,
    factorings,
    factors,
    grids,
    integration,
    interpolation,
    matrix_equations,
    matrix_functions,
    moved_running,
    moved_statistics,
    orthogonal,
    padding,
    polynomials,
    relations,
    replacing,
    roots,
    series,
    series_products,
    signals,
    structured,
    summaries,
)
from gradgen.rules.whole.gridding import grid_tangents, together_tangents
from gradgen.rules.whole.making import kaiser_moved
from gradgen.rules.whole.matrices import MATRICES, MATRIX_HELPERS
from gradgen.rules.whole.norms import complex_norm, complex_vector_norm, matrix_norm_tangent, norm_tangent
from gradgen.rules.whole.picking import around, slope_between
from gradgen.rules.whole.reductions import is_left_out, keeping, mask_of, of_axis, spread
from gradgen.rules.whole.softening import along
from gradgen.rules.whole.statistics import of_rest

Lines = tuple[str, ...] | None
Maker = Callable[[Facts], Lines]


# --- reductions ---


def extreme(facts: Facts) -> Lines:
    """Where several elements are the largest or the smallest, their tangents' mean."""
    if not is_left_out(facts, "out"):
        return None
    held = f"x == {spread(facts, 'y')}"
    if not is_left_out(facts, "where"):
        held = f"({held}) & where"
    if is_left_out(facts, "initial"):
        return (f"y_dot = mean(x_dot{keeping(facts)}, where={held})",)
    return (
        f"held = {held}", f"count = array_sum(held{keeping(facts)})",
        f"y_dot = array_sum(where(held, x_dot, 0){keeping(facts)}) / maximum(count, 1) + where(count == 0, initial_dot, 0)",
    )


def between_extremes(facts: Facts) -> Lines:
    if not is_left_out(facts, "out"):
        return None
    kept = "" if facts.constants.get("axis", UNKNOWN) is None else ", axis=axis, keepdims=True"
    top, bottom = (f"mean(x_dot{keeping(facts)}, where=x == {name}(x{kept}))" for name in ("array_max", "array_min"))
    return (f"y_dot = {top} - {bottom}",)


def without_nan(facts: Facts) -> Lines:
    if not is_left_out(facts, "out") or not is_left_out(facts, "where") and mask_of(facts) is None:
        return None
    first = " + initial_dot" if "initial" in facts.active else ""
    if is_left_out(facts, "where"):
        return (f"y_dot = array_sum(where(isnan(x), 0, x_dot){keeping(facts)}){first}",)
    return (f"y_dot = array_sum(where({of_rest(facts)}, x_dot, 0){keeping(facts)}){first}",)


def mean_without_nan(facts: Facts) -> Lines:
    if not is_left_out(facts, "out") or not is_left_out(facts, "where") and mask_of(facts) is None:
        return None
    return (f"y_dot = mean(x_dot{keeping(facts)}, where={of_rest(facts)})",)


def product_without_nan(facts: Facts) -> Lines:
    if not is_left_out(facts, "out", "initial") or not is_left_out(facts, "where") and mask_of(facts) is None:
        return None
    axis = "" if facts.constants.get("axis", UNKNOWN) is None else ", axis"
    if is_left_out(facts, "where"):
        others = f"product_of_others(where(isnan(x), 1, x){axis})"
        return (f"y_dot = array_sum(where(isnan(x), 0, x_dot * {others}){keeping(facts)})",)
    others = f"product_of_others(where({of_rest(facts)}, x, 1){axis})"
    return (f"y_dot = array_sum(where({of_rest(facts)}, x_dot * {others}, 0){keeping(facts)})",)


def average(facts: Facts) -> Lines:
    if facts.constants.get("returned", UNKNOWN) is not False:
        return None
    if is_left_out(facts, "weights"):
        return (f"y_dot = mean(x_dot{keeping(facts)})",)
    if facts.rank("weights") == facts.rank("x"):
        moved = f"weights * x_dot + weights_dot * (x - {spread(facts, 'y')})"
        return (f"y_dot = array_sum({moved}{keeping(facts)}) / array_sum(weights{keeping(facts)})",)
    own = f"average(x_dot{keeping(facts)}, weights=weights)"
    rank, axis = facts.rank("x"), facts.constants.get("axis", UNKNOWN)
    axes = axes_of(axis, rank) if rank is not None and axis is not UNKNOWN else None
    if "weights" not in facts.active:
        return (f"y_dot = {own}",)
    if facts.rank("weights") != 1 or rank is None or axes is None or len(axes) != 1:
        return None
    marks = ", ".join([":"] + ["None"] * (rank - 1 - axes[0]))
    moved = "weights_dot" if marks == ":" else f"weights_dot[{marks}]"
    return (f"y_dot = {own} + array_sum({moved} * (x - {spread(facts, 'y')}){keeping(facts)}) / array_sum(weights)",)


def log_of_sum(facts: Facts) -> Lines:
    is_signed = facts.constants.get("return_sign")
    if is_signed not in (True, False):
        return None
    moved = "x_dot" if facts.constants.get("b", UNKNOWN) is None else "(b * x_dot + b_dot)"
    total = f"array_sum(exp(x - {spread(facts, 'y')}) * {moved}{keeping(facts)})"
    return (f"y_dot = s * {total}", "s_dot = 0") if is_signed else (f"y_dot = {total}",)


def softmax(facts: Facts) -> Lines:
    axis = along(facts)
    return None if axis is None else ("weighted = y * x_dot", f"y_dot = weighted - y * array_sum(weighted{axis})")


def log_softmax(facts: Facts) -> Lines:
    axis = along(facts)
    return None if axis is None else (f"y_dot = x_dot - array_sum(exp(y) * x_dot{axis})",)


# --- elements ---


def ordered(ordering: str) -> Maker:
    def lines(facts: Facts) -> Lines:
        axis = facts.constants.get("axis", UNKNOWN)
        if facts.rank("x") == 1 and axis in (-1, 0):
            return (f"y_dot = x_dot[{ordering.replace(', axis=axis', '')}]",)
        if axis is None and facts.rank("x") is not None:
            flat = ordering.replace(", axis=axis", "").replace("(x,", "(ravel(x),")
            return (f"y_dot = ravel(x_dot)[{flat}]",)
        return None if axis is None else (f"y_dot = take_along_axis(x_dot, {ordering}, axis)",)

    return lines


def distinct(facts: Facts) -> Lines:
    """Equal elements' tangents in the mean, for they share evenly."""
    flags = ("return_index", "return_inverse", "return_counts")
    if facts.constants.get("axis", UNKNOWN) is not None or any(facts.constants.get(flag) is not False for flag in flags):
        return None
    return ("i = searchsorted(y, ravel(x))", "y_dot = bincount(i, weights=ravel(x_dot)) / bincount(i)")


def taken(facts: Facts) -> Lines:
    return ("y_dot = take(x_dot, indices, axis=axis, mode=mode)",) if is_left_out(facts, "out") else None


def chosen_by_place(facts: Facts) -> Lines:
    """`np.choose`; what does not vary stands as zeros."""
    parts = [name for name in facts.parts if name.startswith("xs")]
    moved = ", ".join(f"{name}_dot" if name in facts.active else f"zeros_like({name})" for name in parts)
    return (f"y_dot = choose(i, [{moved}], mode=mode)" if parts else "y_dot = choose(i, xs_dot, mode=mode)",)


def chosen(facts: Facts) -> Lines:
    """The tangent of what was chosen."""
    parts = [name for name in facts.parts if name.startswith("xs")]
    moved = ", ".join(f"{name}_dot" if name in facts.active else "0.0" for name in parts)
    otherwise = ", otherwise_dot" if "otherwise" in facts.active else ""
    return (f"y_dot = select(tests, [{moved}]{otherwise})",) if parts else None


def interpolated(facts: Facts) -> Lines:
    if facts.rank("xp") != 1 or facts.rank("fp") != 1 or "period" in facts.active:
        return None
    if not is_left_out(facts, "period"):
        parts = ("(1 - share) * {0}_dot[around[i]]", "share * {0}_dot[around[i + 1]]")
        values, knots = (" + ".join(part.format(name) for part in parts) for name in ("fp", "xp"))
        return (*around(facts), f"y_dot = slope * x_dot + {values} - slope * ({knots})")
    if not is_left_out(facts, "left", "right"):
        return beyond(facts)
    lines = (
        "i = clip(searchsorted(xp, x, side='right') - 1, 0, xp.size - 2)",
        f"slope = where((x >= xp[0]) & (x <= xp[-1]), {slope_between(facts)}, 0)",
    )
    if not facts.active & {"x", "xp"}:
        return ("y_dot = interp(x, xp, fp_dot)",)
    return (*lines, "y_dot = slope * x_dot + interp(x, xp, fp_dot) - slope * interp(x, xp, xp_dot)")


def beyond(facts: Facts) -> Lines:
    """Interpolation with values of their own before the first place, or after the last."""
    ends = "".join(
        f", {name}={name}_dot" if name in facts.active else f", {name}=0.0" for name in ("left", "right")
        if not is_left_out(facts, name)
    )
    lines = (
        "i = clip(searchsorted(xp, x, side='right') - 1, 0, xp.size - 2)",
        f"slope = where((x >= xp[0]) & (x <= xp[-1]), {slope_between(facts)}, 0)",
    )
    values = "fp_dot" if "fp" in facts.active else "zeros_like(fp)"
    if not facts.active & {"x", "xp"}:
        return (f"y_dot = interp(x, xp, {values}{ends})",)
    return (*lines, f"y_dot = slope * x_dot + interp(x, xp, {values}{ends}) - slope * interp(x, xp, xp_dot)")


def appended(facts: Facts) -> Lines:
    axis = "" if facts.constants.get("axis", UNKNOWN) is None else ", axis"
    parts = [f"{name}_dot" if name in facts.active else f"zeros_like({name})" for name in ("x", "v")]
    return (f"y_dot = append({parts[0]}, {parts[1]}{axis})",)


def spaced(scaled: Callable[[str], str]) -> Maker:
    """Evenly spaced numbers: each lies at a fixed share of the way."""
    def lines(facts: Facts) -> Lines:
        if facts.rank("start") != 0 or facts.rank("stop") != 0:
            return None
        end = "" if facts.constants.get("endpoint", UNKNOWN) is True else ", endpoint=endpoint"
        return f"share = linspace(0, 1, num{end})", f"y_dot = {scaled('start_dot * (1 - share) + stop_dot * share')}"

    return lines


def spaced_evenly(facts: Facts) -> Lines:
    """Of arrays too, along an axis of their own."""
    left, right, axis = facts.rank("start"), facts.rank("stop"), facts.constants.get("axis", UNKNOWN)
    if left is None or right is None or type(axis) is not int:
        return None
    if left == right == 0:
        return spaced(lambda moved: moved)(facts)
    end = "" if facts.constants.get("endpoint", UNKNOWN) is True else ", endpoint=endpoint"
    share = f"share = expand_dims(linspace(0, 1, num{end}, dtype=y.dtype), {tuple(range(1, max(left, right) + 1))})"
    moved = "(1 - share) * start_dot + share * stop_dot"
    if axis == 0:
        return share, f"y_dot = broadcast_to({moved}, y.shape)"
    return share, f"y_dot = moveaxis(broadcast_to({moved}, moveaxis(y, {axis}, 0).shape), 0, {axis})"


def geometric(facts: Facts) -> Lines:
    lines = spaced(lambda moved: moved)(facts)
    return None if lines is None else (lines[0], "y_dot = y * (start_dot / start * (1 - share) + stop_dot / stop * share)")


def in_steps(facts: Facts) -> Lines:
    if facts.constants.get("stop", UNKNOWN) is None:
        return ("y_dot = 0",)
    return ("y_dot = start_dot * ones_like(y) + step_dot * arange(y.size)",)


def valued(facts: Facts) -> Lines:
    return ("y_dot = polyval(p_dot, x) + polyval(polyder(p), x) * x_dot",)


def valued_by_power(facts: Facts) -> Lines:
    if facts.rank("p") != 1 or facts.constants.get("tensor", UNKNOWN) is not True:
        return polynomials.moved_series("power_series", "low_polyder")(facts)
    return ("y_dot = polyval(p_dot[::-1], x) + polyval(polyder(p[::-1]), x) * x_dot",)


def powers(facts: Facts) -> Lines:
    if facts.rank("x") != 1 or facts.constants.get("increasing", UNKNOWN) not in (True, False):
        return None
    if facts.constants["increasing"]:
        return ("y_dot = pad(x_dot[:, None] * arange(1, y.shape[1]) * y[:, :-1], ((0, 0), (1, 0)))",)
    return ("y_dot = pad(x_dot[:, None] * arange(y.shape[1] - 1, 0, -1) * y[:, 1:], ((0, 0), (0, 1)))",)


def summed(facts: Facts) -> Lines:
    """A sum that starts elsewhere, or of some elements only."""
    if not is_left_out(facts, "out", "dtype"):
        return None
    chosen = "" if is_left_out(facts, "where") else ", where=where"
    start = "" if is_left_out(facts, "initial") else " + initial_dot"
    return (f"y_dot = array_sum(x_dot{keeping(facts)}{chosen}){start}",)


def meant(facts: Facts) -> Lines:
    return (f"y_dot = mean(x_dot{keeping(facts)}, where=where)",) if is_left_out(facts, "out", "dtype") else None


# --- helpers of generated code ---


def selected_product(facts: Facts) -> Lines:
    return ("y_dot = product(adjoint_dot, factor) + product(adjoint, factor_dot)",)


def selected_quotient(facts: Facts) -> Lines:
    return ("y_dot = quotient(adjoint_dot - product(y, divisor_dot), divisor)",)


def absolute(facts: Facts) -> Lines:
    """Of complex numbers: how fast they move along themselves; of 0 none."""
    if facts.dtype("x") != "complex":
        return None
    return ("y_dot = real(conjugate(x) * x_dot) / where(y != 0, y, 1)",)


def turned(facts: Facts) -> Lines:
    """The angle of complex numbers."""
    deg = facts.constants.get("deg")
    if facts.dtype("x") != "complex" or deg not in (False, True):
        return None
    return ("y_dot = imag(x_dot / x) * 180 / pi" if deg else "y_dot = imag(x_dot / x)",)


def normed(facts: Facts) -> Lines:
    """Of complex numbers, and of matrices in two axes; of other real ones the row says it."""
    return complex_norm(facts) if facts.dtype("x") == "complex" else norm_tangent(facts)


def vector_normed(facts: Facts) -> Lines:
    return complex_vector_norm(facts) if facts.dtype("x") == "complex" else None


MOVING: Mapping[str, Maker] = {
    **signals.MOVING, **structured.MOVING, **distances.MOVING, **polynomials.MOVING,
    **roots.MOVING, **integration.MOVING, **interpolation.MOVING, **curves.MOVING, **chosen_slopes.MOVING,
    **grids.MOVING, **densities.MOVING, **series.MOVING, **series_products.MOVING, **relations.MOVING,
    **summaries.MOVING, **replacing.MOVING, **moved_running.MOVING, **moved_statistics.MOVING,
    "abs": absolute, "angle": turned, "norm": normed, "vector_norm": vector_normed,
    "matrix_norm": matrix_norm_tangent,
    **MATRICES, **factors.MOVING, **factorings.MOVING, **matrix_functions.MOVING, **orthogonal.MOVING,
    **padding.MOVING, **matrix_equations.MOVING,
    "array_max": extreme, "array_min": extreme, "nanmax": extreme, "nanmin": extreme, "ptp": between_extremes,
    "nansum": without_nan, "nanmean": mean_without_nan,
    "nanprod": product_without_nan, "average": average, "array_sum": summed, "mean": meant,
    "kaiser": kaiser_moved, "logsumexp": log_of_sum, "softmax": softmax, "log_softmax": log_softmax,
    "sort": ordered("argsort(x, axis=axis, kind='stable')"),
    "partition": ordered("argpartition(x, kth, axis=axis)"),
    "interp": interpolated, "unique": distinct, "select": chosen, "take": taken, "choose": chosen_by_place, "append": appended,
    "linspace": spaced_evenly, "logspace": spaced(lambda moved: f"y * log(base) * ({moved})"),
    "geomspace": geometric, "arange": in_steps, "polyval": valued, "power_series": valued_by_power,
    "vander": powers,
    "product_of_others": lambda facts: (f"y_dot = pairs_of_others(x_dot, x{of_axis(facts)})",),
    "meshgrid": grid_tangents, "broadcast_arrays": together_tangents,
    "phases": lambda facts: ("y_dot = phases(turned_dot, told)",),
    "product": selected_product, "quotient": selected_quotient,
}
"""By operation: what is known of the operands to the lines of its tangent; None where it has none of its own for these."""

MOVING_HELPERS: Mapping[str, str] = {**MATRIX_HELPERS, **moved_running.HELPERS, **moved_statistics.HELPERS}
