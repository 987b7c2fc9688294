"""The rows of values on a grid that are interpolated: RegularGridInterpolator, interpn.

Never holds curves through points of one variable (interpolation.py).
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Kind, size
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, array_of
from gradgen.rules.whole.interpolation import refused, unknown
from gradgen.rules.whole.reductions import Lines
from gradgen.rules.whole.topic import Topic

GRIDDED = "method='linear', bounds_error=True, fill_value=0"  # what stands in for NaN, which no literal is


def grid_moved(facts: Facts) -> Lines:
    if grid_rows(facts) is None:
        return None
    options = "" if facts.constants["bounds_error"] is True else ", bounds_error=False, fill_value=None"
    item = "[0]" if facts.constants.get("is_one") is True else ""
    moved = f" + RegularGridInterpolator(grid, values_dot{options})(t){item}" if "values" in facts.active else ""
    return (f"y_dot = array_sum(grid_slopes(grid, values, t) * t_dot, axis=-1){item}{moved}",)


def grid_rows(facts: Facts) -> Lines:
    """Between the corners of a cell, linear in each coordinate; a row of coordinates for each point, or those of one."""
    reach = facts.constants.get("bounds_error"), facts.constants.get("fill_value", UNKNOWN)
    is_plain_one = facts.constants.get("method") == "linear" and (reach[0] is True or reach == (False, None))
    is_known = "values" not in facts.active or isinstance(facts.kinds.get("values"), Kind)
    rank, is_array = facts.rank("t"), isinstance(facts.kinds.get("t"), Kind) and is_known
    if not is_plain_one or not is_array or rank not in (1, 2) or facts.active - {"values", "t"}:
        return None
    if facts.constants.get("is_one") is True:
        return "dt += dy * grid_slopes(grid, values, t)[0]", "dvalues += grid_back(dy, grid, values.shape, t)"
    slopes = "dy[:, None] * grid_slopes(grid, values, t)"
    return f"dt += {slopes}" if rank == 2 else f"dt += ({slopes})[0]", "dvalues += grid_back(dy, grid, values.shape, t)"


def per_point(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("t"))
    if kind is None or kind.shape is None or len(kind.shape) not in (1, 2):
        return Kind(None)
    return Kind(()) if operands.literal("is_one") is True else Kind(kind.shape[:-1] or (size(1),))


ROWS: tuple[Row, ...] = (
    made(
        f"y = grid_value(grid, values, t, {GRIDDED}, is_one=False)", grid_rows, shape=per_point,
        carries="grid values t",
    ),
    made(f"y = interpn(grid, values, t, {GRIDDED})", grid_rows, shape=per_point, carries="grid values t"),
    made(f"y = RegularGridInterpolator(x, y0, {GRIDDED})", refused, shape=unknown, carries="x y0"),
)

HELPERS: Mapping[str, str] = {
    "grid_cells": '''\
def grid_cells(grid, t):
    """For each corner of the cells that points lie in: its places, and how much it counts along each axis."""
    t = np.atleast_2d(t)
    places = [np.clip(np.searchsorted(g, t[:, k], side="right") - 1, 0, len(g) - 2) for k, g in enumerate(grid)]
    shares = [(t[:, k] - g[i]) / (g[i + 1] - g[i]) for k, (g, i) in enumerate(zip(grid, places))]
    return [
        (corner, tuple(i + c for i, c in zip(places, corner)), np.array([s if c else 1 - s for s, c in zip(shares, corner)]))
        for corner in np.ndindex(*[2] * len(grid))
    ]
''',
    "grid_slopes": '''\
def grid_slopes(grid, values, t):
    """The slope of each point's value along each axis."""
    slopes = np.zeros(np.atleast_2d(t).shape)
    for corner, index, weights in grid_cells(grid, t):
        for k, g in enumerate(grid):
            low = index[k] - corner[k]
            others = np.prod(np.delete(weights, k, axis=0), axis=0)
            slopes[:, k] += (1 if corner[k] else -1) / (np.asarray(g)[low + 1] - np.asarray(g)[low]) * others * values[index]
    return slopes
''',
    "grid_back": '''\
def grid_back(adjoint, grid, shape, t):
    """The adjoint of the values on a grid, given that of the values at points."""
    total = np.zeros(shape)
    for _, index, weights in grid_cells(grid, t):
        np.add.at(total, index, adjoint * np.prod(weights, axis=0))
    return total
''',
}

TOPIC = Topic(
    "Values on a grid", ROWS,
    names={"scipy.interpolate": {"RegularGridInterpolator": "RegularGridInterpolator", "interpn": "interpn"}}, helpers=HELPERS,
    keywords={"RegularGridInterpolator": {"points": "x", "values": "y0"}, "interpn": {"points": "grid", "xi": "t"}},
)

MOVING: Mapping[str, Callable[[Facts], Lines]] = {"grid_value": grid_moved, "interpn": grid_moved}
"""The lines of their tangents."""
