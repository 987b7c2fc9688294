"""The rows of SciPy's interpolators where they are evaluated: `CubicSpline(x, y)(t)` is an operation of x, y and t.

Never holds fits of noisy data. A spline is linear in the values that it goes through: what each of them does is the spline
through ones and zeros.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Kind, size
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, array_of
from gradgen.rules.whole.reductions import Lines
from gradgen.rules.whole.topic import Topic


def weighed(facts: Facts, weights: str) -> str:
    """What the values get: the adjoint with each one's weight at the places."""
    rank = facts.rank("t")
    return f"dy * {weights}" if rank == 0 else f"dy @ {weights}" if rank == 1 else f"tensordot(dy, {weights}, axes={rank})"


def is_plain(facts: Facts, **allowed: tuple[object, ...]) -> bool:
    """Whether only what the rows know is asked for, of values at so many knots."""
    known = {"axis": (0,), "extrapolate": (None, True), "nu": (0, 1, 2), **allowed}
    given = (facts.constants.get(name, UNKNOWN) in values for name, values in known.items() if name in facts.shapes)
    is_shaped = facts.rank("knots") == 1 and facts.rank("t") is not None and (facts.rank("values") == 1 or has_columns(facts))
    is_listed = "values" in facts.active and not isinstance(facts.kinds.get("values"), Kind)
    return is_shaped and all(given) and not is_listed and not facts.active & {"knots", *known}


def has_columns(facts: Facts) -> bool:
    """Whether a table of values is interpolated: one curve for each column."""
    return facts.rank("values") == 2 and facts.constants.get("axis", UNKNOWN) == 0


def sloping(facts: Facts, slope: str, curves: str) -> tuple[str, ...]:
    """How the places meet the slopes of all columns, and what each row of values gets by its weight at the places."""
    at_places = f"array_sum(dy * {slope}, axis=-1)" if slope else "0"
    if "values" not in facts.active:
        return (f"dt += {at_places}",)
    rank, weights = facts.rank("t") or 0, curves.replace("values", "eye(values.shape[0])")
    axes = tuple(range(rank))
    several = f"{weights}.T @ dy" if rank == 1 else f"tensordot({weights}, dy, axes=({axes}, {axes}))"
    return f"dt += {at_places}", f"dvalues += {several if rank else f'outer({weights}, dy)'}"


def moving_columns(facts: Facts, slope: str, curves: str) -> Lines:
    if facts.rank("t") is None:
        return None
    along = f"{slope} * {'t_dot[..., None]' if facts.rank('t') else 't_dot'}" if slope else ""
    moved = curves.replace("values", "values_dot") if "values" in facts.active else ""
    return (f"y_dot = {' + '.join(filter(None, (along, moved))) or '0'}",)


def at(facts: Facts, more: int = 0) -> str:
    """The arguments of a call for a derivative."""
    order = int(str(facts.constants.get("nu", 0))) + more
    return f"t, {order}" if order else "t"


def spline_rows(maker: str, *options: str, is_linear: bool = True, **allowed: tuple[object, ...]) -> Callable[[Facts], Lines]:
    def rows(facts: Facts) -> Lines:
        if not is_plain(facts, **allowed) or "values" in facts.active and not is_linear:
            return None
        given = "".join(f", {name}={name}" for name in options if facts.constants.get(name) != allowed[name][0])
        slope = f"{maker}(knots, values{given})({at(facts, 1)})"
        if has_columns(facts):
            return sloping(facts, slope, f"{maker}(knots, values{given})({at(facts)})")
        if not is_linear:
            return (f"dt += dy * {slope}",)
        return f"dt += dy * {slope}", f"dvalues += {weighed(facts, f'{maker}(knots, eye(values.size){given})({at(facts)})')}"

    return rows


def spline_moved(maker: str, *options: str, **allowed: tuple[object, ...]) -> Callable[[Facts], Lines]:
    def lines(facts: Facts) -> Lines:
        if not is_plain(facts, **allowed):
            return None
        given = "".join(f", {name}={name}" for name in options if facts.constants.get(name) != allowed[name][0])
        slope = f"{maker}(knots, values{given})({at(facts, 1)})"
        if has_columns(facts):
            return moving_columns(facts, slope, f"{maker}(knots, values{given})({at(facts)})")
        return (f"y_dot = {slope} * t_dot + {maker}(knots, values_dot{given})({at(facts)})",)

    return lines


def pchip_rows(facts: Facts) -> Lines:
    """The slopes at the knots move with the values: each value's weight is the cubic through it and what it does to them."""
    if has_columns(facts):
        return spline_rows("PchipInterpolator", is_linear=False)(facts)
    if not is_plain(facts):
        return None
    weights = f"CubicHermiteSpline(knots, eye(values.size), pchip_slopes(knots, values))({at(facts)})"
    return f"dt += dy * PchipInterpolator(knots, values)({at(facts, 1)})", f"dvalues += {weighed(facts, weights)}"


def pchip_moved(facts: Facts) -> Lines:
    if has_columns(facts):
        return spline_moved("PchipInterpolator")(facts)
    if not is_plain(facts):
        return None
    moved = f"CubicHermiteSpline(knots, values_dot, pchip_slopes(knots, values) @ values_dot)({at(facts)})"
    return (
        f"y_dot = PchipInterpolator(knots, values)({at(facts, 1)}) * t_dot" + (f" + {moved}" if "values" in facts.active else ""),
    )


def hermite_rows(facts: Facts) -> Lines:
    """Linear in the values at the knots and in the slopes there, together."""
    if not is_plain(facts) or facts.rank("dydx") != 1:
        return None
    unit, none = "eye(values.size)", "zeros((values.size, values.size))"
    by_value, by_slope = (f"CubicHermiteSpline(knots, {pair})({at(facts)})" for pair in (f"{unit}, {none}", f"{none}, {unit}"))
    return (
        f"dt += dy * CubicHermiteSpline(knots, values, dydx)({at(facts, 1)})", f"dvalues += {weighed(facts, by_value)}",
        f"ddydx += {weighed(facts, by_slope)}",
    )


def hermite_moved(facts: Facts) -> Lines:
    if not is_plain(facts) or facts.rank("dydx") != 1:
        return None
    values, slopes = (f"{name}_dot" if name in facts.active else f"zeros_like({name})" for name in ("values", "dydx"))
    moved = f" + CubicHermiteSpline(knots, {values}, {slopes})({at(facts)})" if facts.active - {"t"} else ""
    return (f"y_dot = CubicHermiteSpline(knots, values, dydx)({at(facts, 1)}) * t_dot{moved}",)


def interp1d_parts(facts: Facts) -> tuple[str, str] | None:
    """The options with which values are interpolated, nothing beyond the ends, and the slope at the places."""
    kind, filling = facts.constants.get("kind", UNKNOWN), facts.constants.get("fill_value", UNKNOWN)
    is_filled = filling is UNKNOWN or filling is not None and not isinstance(filling, str | float | int)
    is_either = (True, False)
    if not is_plain(facts, axis=(-1, 0), copy=is_either, assume_sorted=is_either, bounds_error=(None, *is_either)) or is_filled:
        return None
    kind = ORDERS.get(kind, kind) if type(kind) is int else kind
    if kind not in ("linear", "cubic", "quadratic", "slinear", *STEPS):
        return None
    beyond, is_checked = filling == "extrapolate", filling is None and facts.constants.get("bounds_error") is not False
    options = "" if kind == "linear" else f", kind={kind!r}"
    if not is_checked:
        options += ", fill_value='extrapolate'" if beyond else ", bounds_error=False, fill_value=0.0"
    if kind in STEPS:
        return options, ""
    if kind in ("linear", "slinear"):
        return options, f"slope_between(t, knots, values, {beyond})"
    if beyond or is_checked:
        return options, f"make_interp_spline(knots, values, k={3 if kind == 'cubic' else 2})(t, 1)"
    return None


def interp1d_rows(facts: Facts) -> Lines:
    found = interp1d_parts(facts)
    if found is None:
        return None
    options, slope = found
    if has_columns(facts):
        return sloping(facts, slope, f"interp1d(knots, values, axis=0{options})(t)")
    weights = weighed(facts, f"interp1d(knots, eye(values.size), axis=0{options})(t)")
    return f"dt += dy * {slope}" if slope else "dt += 0", f"dvalues += {weights}"


def interp1d_moved(facts: Facts) -> Lines:
    found = interp1d_parts(facts)
    if found is None:
        return None
    options, slope = found
    if has_columns(facts):
        return moving_columns(facts, slope, f"interp1d(knots, values, axis=0{options})(t)")
    if not slope:
        return (f"y_dot = interp1d(knots, values_dot{options})(t)" if "values" in facts.active else "y_dot = 0",)
    return (f"y_dot = {slope} * t_dot + interp1d(knots, values_dot{options})(t)",)


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
    rank, is_array = facts.rank("t"), isinstance(facts.kinds.get("t"), Kind) and isinstance(facts.kinds.get("values"), Kind)
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


def like_places(operands: Operands) -> AnyKind:
    """The shape of the places, and the columns of a table of values after it."""
    kind, values = array_of(operands.kind("t")), array_of(operands.kind("values"))
    if kind is None or kind.shape is None or values is None or values.shape is None:
        return Kind(None) if kind is None else Kind(kind.shape)
    return Kind((*kind.shape, *values.shape[1:]) if len(values.shape) < 2 or operands.literal("axis") == 0 else None)


def unknown(operands: Operands) -> AnyKind:
    return None


def refused(facts: Facts) -> Lines:
    return None


REACH = "bounds_error=None, fill_value=None"
FITTED = ("InterpolatedUnivariateSpline", "UnivariateSpline")
STEPS = ("nearest", "nearest-up", "previous", "next", "zero")
ORDERS: Mapping[object, str] = {0: "zero", 1: "slinear", 2: "quadratic", 3: "cubic"}
BOUNDARIES = ("not-a-knot", "natural", "clamped")
SPLINE = "bc_type='not-a-knot', extrapolate=None, axis=0"
DEGREES = (3, 1, 2, 4, 5)
ENDS = (None, "natural", "clamped", "not-a-knot")
GRIDDED = "method='linear', bounds_error=True, fill_value=0"  # what stands in for NaN, which no literal is
MADE = "knots, values"
ROWS: tuple[Row, ...] = (
    made(
        f"y = cubic_spline({MADE}, t, nu=0, {SPLINE})", spline_rows("CubicSpline", "bc_type", bc_type=BOUNDARIES),
        shape=like_places, carries="knots values t",
    ),
    made(
        f"y = pchip({MADE}, t, nu=0, axis=0, extrapolate=None)", pchip_rows,
        shape=like_places, carries="knots values t",
    ),
    made(
        f"y = hermite_cubic({MADE}, t, dydx, nu=0, axis=0, extrapolate=None)", hermite_rows, shape=like_places,
        carries="knots values t dydx",
    ),
    made(
        f"y = akima({MADE}, t, nu=0, axis=0)", spline_rows("Akima1DInterpolator", is_linear=False), shape=like_places,
        carries="knots values t",
    ),
    made(
        f"y = interpolating_spline({MADE}, t, nu=0, k=3, bc_type=None, axis=0)",
        spline_rows("make_interp_spline", "k", "bc_type", k=DEGREES, bc_type=ENDS), shape=like_places, carries="knots values t",
    ),
    made(  # what FITPACK's splines are that go through all values
        f"y = smoothing_spline({MADE}, t, nu=0, k=3, s=None)", spline_rows("make_interp_spline", "k", k=DEGREES, s=(0,)),
        shape=like_places, carries="knots values t",
    ),
    made(
        f"y = interpolated({MADE}, t, kind='linear', axis=-1, copy=True, bounds_error=None, fill_value=None, "
        "assume_sorted=False)",
        interp1d_rows, shape=like_places, carries="knots values t fill_value",
    ),
    made(
        f"y = grid_value(grid, values, t, {GRIDDED}, is_one=False)", grid_rows, shape=per_point,
        carries="grid values t",
    ),
    # the interpolators themselves: only what is made of them has a derivative
    *(
        made(f"y = {name}(x, y0, k=3, s=None, kind=None, bc_type=None, axis=0, extrapolate=None, {REACH})", refused,
             shape=unknown, carries="x y0")
        for name in ("CubicSpline", "PchipInterpolator", "Akima1DInterpolator", "make_interp_spline", "interp1d", *FITTED)
    ),
    made("y = CubicHermiteSpline(x, y0, dydx, axis=0, extrapolate=None)", refused, shape=unknown, carries="x y0 dydx"),
    made(f"y = RegularGridInterpolator(x, y0, {GRIDDED})", refused, shape=unknown, carries="x y0"),
)

EVALUATED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "CubicSpline": ("cubic_spline", ("axis", "bc_type", "extrapolate")),
    "PchipInterpolator": ("pchip", ("axis", "extrapolate")),
    "CubicHermiteSpline": ("hermite_cubic", ("dydx", "axis", "extrapolate")),
    "Akima1DInterpolator": ("akima", ()),
    "make_interp_spline": ("interpolating_spline", ("k",)),
    "InterpolatedUnivariateSpline": ("interpolating_spline", ("w", "bbox", "k")),
    "UnivariateSpline": ("smoothing_spline", ("w", "bbox", "k", "s")),
    "RegularGridInterpolator": ("grid_value", ("method", "bounds_error", "fill_value")),
    "interp1d": ("interpolated", ("kind", "axis", "copy", "bounds_error", "fill_value", "assume_sorted")),
}
"""What a call of each is, evaluated, and the names of its arguments after the knots and values."""

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
    "pchip_slopes": '''\
def pchip_slopes(knots, values):
    """How the slopes of a PchipInterpolator at its knots, one a row, move with each of the values."""
    h, n = np.diff(knots), len(knots)
    moved = np.diff(np.eye(n), axis=0) / h[:, None]
    m = np.diff(values) / h
    slopes = np.zeros((n, n))
    if n == 2:
        return slopes + moved
    for k in range(1, n - 1):
        if m[k - 1] * m[k] > 0:
            before, after = 2 * h[k] + h[k - 1], h[k] + 2 * h[k - 1]
            slope = (before + after) / (before / m[k - 1] + after / m[k])
            parts = before / m[k - 1] ** 2 * moved[k - 1] + after / m[k] ** 2 * moved[k]
            slopes[k] = slope**2 / (before + after) * parts
    for end, near, far in ((0, 0, 1), (-1, -1, -2)):
        wide, narrow = (2 * h[near] + h[far]) / (h[near] + h[far]), h[near] / (h[near] + h[far])
        slope = wide * m[near] - narrow * m[far]
        if slope * m[near] > 0:
            is_steep = m[near] * m[far] < 0 and abs(slope) > 3 * abs(m[near])
            slopes[end] = 3 * moved[near] if is_steep else wide * moved[near] - narrow * moved[far]
    return slopes
''',
    "slope_between": '''\
def slope_between(t, knots, values, beyond):
    """The slope of the line between the two knots that t lies between; beyond the ends that of the last two, or 0."""
    order = np.argsort(knots, kind="stable")
    x, y = np.asarray(knots)[order], np.asarray(values)[order]
    i = np.clip(np.searchsorted(x, t, side="right") - 1, 0, x.size - 2)
    slope = np.transpose(y[i + 1] - y[i]) / np.transpose(x[i + 1] - x[i])
    inside = np.transpose((t >= x[0]) & (t <= x[-1]))
    return np.transpose(slope if beyond else np.where(inside, slope, 0.0))
''',
}

TOPIC = Topic(
    "Interpolators", ROWS,
    names={"scipy.interpolate": {"pchip": "pchip_interpolate", **{name: name for name in EVALUATED}}},
    helpers=HELPERS,
    keywords={
        **dict.fromkeys(EVALUATED, {"y": "y0"}), "pchip": {"xi": "knots", "yi": "values", "x": "t", "der": "nu"},
    },
)

MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    "cubic_spline": spline_moved("CubicSpline", "bc_type", bc_type=BOUNDARIES), "pchip": pchip_moved,
    "hermite_cubic": hermite_moved,
    "akima": spline_moved("Akima1DInterpolator"),
    "interpolating_spline": spline_moved("make_interp_spline", "k", "bc_type", k=DEGREES, bc_type=ENDS),
    "smoothing_spline": spline_moved("make_interp_spline", "k", k=DEGREES, s=(0,)),
    "interpolated": interp1d_moved, "grid_value": grid_moved,
}
"""The lines of their tangents."""
