"""The tangents of what runs along an axis, where they are not the operation itself.

Never holds a row; running.py does.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.rules.notation import Facts
from gradgen.rules.shapes import UNKNOWN
from gradgen.rules.whole.reductions import Lines, is_left_out
from gradgen.rules.whole.running import axis_of, part


def cumulative_product(facts: Facts) -> Lines:
    if not is_left_out(facts, "out"):
        return None
    if facts.constants.get("axis", UNKNOWN) is None and facts.rank("x") not in (None, 1):
        return ("y_dot = cumprod_tangent(ravel(x_dot), ravel(x), 0)",)
    axis = axis_of(facts)
    return None if axis is None else (f"y_dot = cumprod_tangent(x_dot, x, {axis})",)


def product_without_nan(facts: Facts) -> Lines:
    """NaN counts as 1."""
    lines = cumulative_product(facts)
    if lines is None:
        return None
    own = lines[0].replace("x_dot", "where(isnan(x), 0, x_dot)").replace(", x,", ", kept,").replace("ravel(x)", "ravel(kept)")
    return "kept = where(isnan(x), 1, x)", own


def cumulative_without_nan(facts: Facts) -> Lines:
    if not is_left_out(facts, "out", "dtype"):
        return None
    axis = "" if facts.constants.get("axis", UNKNOWN) is None else ", axis=axis"
    return (f"y_dot = cumsum(where(isnan(x), 0, x_dot){axis})",)


def extreme_so_far(facts: Facts) -> Lines:
    axis = axis_of(facts)
    return None if axis is None else (f"y_dot = running_tangent(x_dot, x, y, {axis})",)


def end(facts: Facts, name: str) -> str:
    """The tangent of what is put before or after the elements; zeros where that does not vary."""
    if name in facts.active:
        return f"{name}_dot"
    return "0.0" if facts.rank(name) == 0 else f"zeros_like({name})"


def own(facts: Facts) -> str:
    return "x_dot" if "x" in facts.active else "zeros_like(x)"


def differences(facts: Facts) -> Lines:
    """Of elements with others before or after them."""
    ends = [name for name in ("prepend", "append") if not is_left_out(facts, name)]
    times = facts.constants.get("n", UNKNOWN)
    if not ends or axis_of(facts) is None or not isinstance(times, int):
        return None
    given = "".join(f", {name}={end(facts, name)}" for name in ends)
    return (f"y_dot = diff({own(facts)}, {times}, axis={axis_of(facts)}{given})",)


def flat_differences(facts: Facts) -> Lines:
    ends = [name for name in ("to_end", "to_begin") if not is_left_out(facts, name)]
    given = "".join(f", {name}={end(facts, name)}" for name in ends)
    return (f"y_dot = ediff1d({own(facts)}{given})",) if ends else None


def sloped(facts: Facts) -> Lines:
    """`np.gradient(x, h)` where the step or the places vary."""
    axis = axis_of(facts)
    if "hs0" not in facts.active or axis is None or facts.constants.get("edge_order", UNKNOWN) != 1:
        return None
    along = "" if facts.rank("x") == 1 else f", axis={axis}"
    if facts.rank("hs0") == 1:
        return (f"y_dot = gradient(x_dot, hs0{along}) + gradient_moved(hs0_dot, x, hs0, {axis})",)
    if facts.rank("hs0") != 0:
        return None
    return (f"y_dot = gradient(x_dot, hs0{along}) - hs0_dot / hs0 * y",)


def integral(facts: Facts) -> Lines:
    rank, axis = facts.rank("f"), axis_of(facts, "f")
    if rank is None or axis is None:
        return None
    if not is_left_out(facts, "t") and (axis != rank - 1 or facts.rank("t") == rank != 1):
        return integral_over_places(facts, rank, axis)
    if is_left_out(facts, "t"):
        step = "" if facts.constants.get("step", UNKNOWN) in (1, 1.0) else ", dx=step"
        along = "" if axis == rank - 1 else f", axis={axis}"
        return (f"s_dot = trapezoid(f_dot{step}{along}) + step_dot / step * s",)
    if facts.rank("t") != 1:
        return None
    pair = "(f[1:] + f[:-1])" if rank == 1 else "(f[..., 1:] + f[..., :-1])"
    return (f"s_dot = trapezoid(f_dot, t) + array_sum({pair} / 2 * diff(t_dot), axis=-1)",)


def integral_over_places(facts: Facts, rank: int, axis: int) -> Lines:
    """By places that are as many as the values, or lie along an axis that is not the last."""
    if facts.rank("t") not in (1, rank):
        return None
    marks = "" if facts.rank("t") == rank or axis == rank - 1 else f"[{', '.join([':'] + ['None'] * (rank - 1 - axis))}]"
    gaps = f"diff(t_dot, axis={axis})" if facts.rank("t") == rank else f"diff(t_dot){marks}"
    middle = f"({part('f', axis, '1:')} + {part('f', axis, ':-1')})"
    parts = [f"trapezoid(f_dot, t, axis={axis})"] * ("f" in facts.active)
    parts += [f"array_sum({middle} / 2 * {gaps}, axis={axis})"] * ("t" in facts.active)
    return (f"s_dot = {' + '.join(parts)}",)


MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    "cumprod": cumulative_product, "nancumprod": product_without_nan, "nancumsum": cumulative_without_nan,
    "running_max": extreme_so_far, "running_min": extreme_so_far, "diff": differences, "ediff1d": flat_differences,
    "gradient": sloped, "trapezoid": integral,
}
"""The lines of their tangents."""

HELPERS: Mapping[str, str] = {
    "cumprod_tangent": '''\
def cumprod_tangent(x_dot, x, axis):
    """The tangent of np.cumprod(x, axis): right where some elements are 0."""
    x, x_dot = np.moveaxis(x, axis, 0), np.moveaxis(x_dot, axis, 0)
    y_dot = np.zeros(x.shape, x_dot.dtype)
    total, moved = np.ones(x.shape[1:], x_dot.dtype), np.zeros(x.shape[1:], x_dot.dtype)
    for i in range(len(x)):
        moved = moved * x[i] + total * x_dot[i]
        total = total * x[i]
        y_dot[i] = moved
    return np.moveaxis(y_dot, 0, axis)
''',
    "running_tangent": '''\
def running_tangent(x_dot, x, y, axis):
    """The tangent of x's running maximum or minimum y; an element that is equal to the one so far shares with it."""
    x, y, x_dot = (np.moveaxis(each, axis, 0) for each in (x, y, x_dot))
    y_dot, moved = np.zeros(x.shape), np.zeros(x.shape[1:])
    for i in range(len(x)):
        share = np.where(x[i] == y[i - 1], 0.5, x[i] == y[i]) if i else 1.0
        moved = moved * (1 - share) + x_dot[i] * share
        y_dot[i] = moved
    return np.moveaxis(y_dot, 0, axis)
''',
}
