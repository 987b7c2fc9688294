"""The rows of SciPy's interpolators whose slopes at the knots are said or chosen: PchipInterpolator, Akima1DInterpolator,
CubicHermiteSpline.

Never holds splines whose slopes follow from the values by equations (interpolation.py).
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.whole.interpolation import (
    MADE,
    REACHES,
    at_places,
    has_columns,
    is_plain,
    like_places,
    moving_columns,
    rests,
    weighed,
)
from gradgen.rules.whole.reductions import Lines
from gradgen.rules.whole.topic import Topic

METHODS = ("akima", "makima")
PULLED = "moved_pieces(CubicHermiteSpline(knots, values, dydx), zeros((values.size, values.size)))"
"""How a curve moves with each of its knots where its slopes there are said."""


def curve_of(facts: Facts, maker: str) -> tuple[str, str] | None:
    """The interpolator, and how its slopes at the knots move with the values."""
    allowed = {} if maker == "PchipInterpolator" else {"method": METHODS}
    if not is_plain(facts, extrapolate=REACHES, **allowed):
        return None
    method = "" if facts.constants.get("method", "akima") == "akima" else ", method=method"
    reach = "" if facts.constants.get("extrapolate") is None else ", extrapolate=extrapolate"
    slopes = "pchip_slopes(knots, values)" if not allowed else f"akima_slopes(knots, values{', method' if method else ''})"
    return f"{maker}(knots, values{method}{reach})", slopes


def by_values(facts: Facts, slopes: str) -> str:
    """The weight of each value at the places: the cubic through it and what it does to the slopes; of each column its own."""
    unit = "repeat(eye(values.shape[0])[:, :, None], values.shape[1], axis=-1)" if has_columns(facts) else "eye(values.size)"
    return at_places(facts, f"CubicHermiteSpline(knots, {unit}, {slopes})")


def by_knots(facts: Facts, slopes: str) -> str | None:
    """How the curve at the places moves with each knot; None where that is not known."""
    if has_columns(facts) or facts.constants.get("nu", 0) == -1 or facts.rank("knots") != 1:
        return None
    return at_places(facts, f"moved_pieces(curve, {slopes.removesuffix(')')}, by_knots=True))")


def chosen_rows(maker: str) -> Callable[[Facts], Lines]:
    """The slopes at the knots move with the values and the knots."""

    def rows(facts: Facts) -> Lines:
        found = curve_of(facts, maker)
        pulled = None if found is None or rests(facts) else by_knots(facts, found[1])
        if found is None or pulled is None and not rests(facts):
            return None
        slope, weights = at_places(facts, found[0], 1), by_values(facts, found[1])
        if has_columns(facts):
            rank = facts.rank("t") or 0
            total = f"array_sum(dy[..., None, :] * {weights}, axis={tuple(range(rank))})" if rank else f"dy * {weights}"
            return f"dt += array_sum(dy * {slope}, axis=-1)", f"dvalues += {total}"
        lines = f"dt += dy * {slope}", f"dvalues += {weighed(facts, weights)}"
        return lines if pulled is None else (f"curve = {found[0]}", *lines, f"dknots += {weighed(facts, pulled)}")

    return rows


def chosen_moved(maker: str) -> Callable[[Facts], Lines]:
    def lines(facts: Facts) -> Lines:
        found = curve_of(facts, maker)
        pulled = None if found is None or rests(facts) else by_knots(facts, found[1])
        if found is None or pulled is None and not rests(facts):
            return None
        slope = at_places(facts, found[0], 1)
        if has_columns(facts):
            return moving_columns(facts, slope, f"array_sum({by_values(facts, found[1])} * values_dot, axis=-2)")
        parts = [f"{slope} * t_dot"]
        if "values" in facts.active:
            parts.append(at_places(facts, f"CubicHermiteSpline(knots, values_dot, {found[1]} @ values_dot)"))
        if pulled is None:
            return (f"y_dot = {' + '.join(parts)}",)
        return f"curve = {found[0]}", f"y_dot = {' + '.join([*parts, pulled])} @ knots_dot"

    return lines


def hermite_rows(facts: Facts) -> Lines:
    """Linear in the values at the knots and in the slopes there, together."""
    is_known = is_plain(facts) and facts.rank("dydx") == 1 and not has_columns(facts)
    if not is_known or not rests(facts) and facts.constants.get("nu", 0) == -1:
        return None
    unit, none = "eye(values.size)", "zeros((values.size, values.size))"
    pairs = f"{unit}, {none}", f"{none}, {unit}"
    by_value, by_slope = (at_places(facts, f"CubicHermiteSpline(knots, {pair})") for pair in pairs)
    lines = (
        f"dt += dy * {at_places(facts, 'CubicHermiteSpline(knots, values, dydx)', 1)}",
        f"dvalues += {weighed(facts, by_value)}", f"ddydx += {weighed(facts, by_slope)}",
    )
    return lines if rests(facts) else (*lines, f"dknots += {weighed(facts, at_places(facts, PULLED))}")


def hermite_moved(facts: Facts) -> Lines:
    is_known = is_plain(facts) and facts.rank("dydx") == 1 and not has_columns(facts)
    if not is_known or not rests(facts) and facts.constants.get("nu", 0) == -1:
        return None
    values, slopes = (f"{name}_dot" if name in facts.active else f"zeros_like({name})" for name in ("values", "dydx"))
    moved = at_places(facts, f"CubicHermiteSpline(knots, {values}, {slopes})") if facts.active - {"t", "knots"} else ""
    slope = at_places(facts, "CubicHermiteSpline(knots, values, dydx)", 1)
    pulled = "" if rests(facts) else f" + {at_places(facts, PULLED)} @ knots_dot"
    return (f"y_dot = {slope} * t_dot" + (f" + {moved}" if moved else "") + pulled,)


ROWS: tuple[Row, ...] = (
    made(
        f"y = pchip({MADE}, t, nu=0, axis=0, extrapolate=None)", chosen_rows("PchipInterpolator"), shape=like_places,
        carries="knots values t",
    ),
    made(
        f"y = hermite_cubic({MADE}, t, dydx, nu=0, axis=0, extrapolate=None)", hermite_rows, shape=like_places,
        carries="knots values t dydx",
    ),
    made(
        f"y = akima({MADE}, t, nu=0, axis=0, method='akima', extrapolate=None)", chosen_rows("Akima1DInterpolator"),
        shape=like_places, carries="knots values t",
    ),
)

HELPERS: Mapping[str, str] = {
    "pchip_slopes": '''\
def pchip_slopes(knots, values, by_knots=False):
    """How the slopes of a PchipInterpolator at its knots, one a row, move with each of the values, or of the knots."""
    if np.ndim(values) == 2:
        return np.stack([pchip_slopes(knots, column) for column in values.T], axis=-1)
    h, n = np.diff(knots), len(knots)
    m, step = np.diff(values) / h, np.diff(np.eye(n), axis=0)
    moved, wider = (step * (-m / h)[:, None], step) if by_knots else (step / h[:, None], 0 * step)
    slopes = np.zeros((n, n))
    if n == 2:
        return slopes + moved
    for k in range(1, n - 1):
        if m[k - 1] * m[k] > 0:
            before, after = 2 * h[k] + h[k - 1], h[k] + 2 * h[k - 1]
            slope = (before + after) / (before / m[k - 1] + after / m[k])
            parts = before / m[k - 1] ** 2 * moved[k - 1] + after / m[k] ** 2 * moved[k]
            parts += (2 * wider[k] + wider[k - 1]) * (1 / slope - 1 / m[k - 1])
            parts += (wider[k] + 2 * wider[k - 1]) * (1 / slope - 1 / m[k])
            slopes[k] = slope**2 / (before + after) * parts
    for end, near, far in ((0, 0, 1), (-1, -1, -2)):
        both = h[near] + h[far]
        wide, narrow = (2 * h[near] + h[far]) / both, h[near] / both
        slope = wide * m[near] - narrow * m[far]
        if slope * m[near] > 0:
            is_steep = m[near] * m[far] < 0 and abs(slope) > 3 * abs(m[near])
            turned = (h[far] * wider[near] - h[near] * wider[far]) / both**2 * (m[near] - m[far])
            slopes[end] = 3 * moved[near] if is_steep else wide * moved[near] - narrow * moved[far] + turned
    return slopes
''',
    "akima_slopes": '''\
def akima_slopes(knots, values, method="akima", by_knots=False):
    """How the slopes of an Akima1DInterpolator at its knots, one a row, move with each of the values, or of the knots."""
    if np.ndim(values) == 2:
        return np.stack([akima_slopes(knots, column, method) for column in values.T], axis=-1)
    h, n = np.diff(knots), len(knots)
    m, moved = np.zeros(n + 3), np.zeros((n + 3, n))
    m[2:-2], moved[2:-2] = np.diff(values) / h, np.diff(np.eye(n), axis=0) / h[:, None]
    if by_knots:
        moved *= -m[:, None]
    for k in (1, 0):
        for each in (m, moved):
            each[k] = 2 * each[k + 1] - each[k + 2]
            each[-k - 1] = 2 * each[-k - 2] - each[-k - 3]
    turn, turned = np.diff(m), np.diff(moved, axis=0)
    weight, weighed = np.abs(turn), np.sign(turn)[:, None] * turned
    if method == "makima":
        mean, means = (m[1:] + m[:-1]) / 2, (moved[1:] + moved[:-1]) / 2
        weight, weighed = weight + np.abs(mean), weighed + np.sign(mean)[:, None] * means
    before, after = weight[2:], weight[:-2]
    total = before + after
    is_bent = total > 1e-9 * np.max(total)
    safe = np.where(is_bent, total, 1)
    slope = (before * m[1:-2] + after * m[2:-1]) / safe
    gaps = weighed[2:] * (m[1:-2] - slope)[:, None] + weighed[:-2] * (m[2:-1] - slope)[:, None]
    slopes = (before[:, None] * moved[1:-2] + after[:, None] * moved[2:-1] + gaps) / safe[:, None]
    return np.where(is_bent[:, None], slopes, (moved[3:] + moved[:-3]) / 2)
''',
    "moved_pieces": '''\
def moved_pieces(curve, slopes):
    """How a curve of cubic pieces moves with each of its knots, where its values there stay and its slopes move as told."""
    x, (c3, c2, c1, _) = curve.x, curve.c[..., None]
    h, first, last = np.diff(x)[:, None], np.eye(len(x))[:-1], np.eye(len(x))[1:]
    at_first, at_last = -c1 * first, -(3 * c3 * h**2 + 2 * c2 * h + c1) * last
    from_first, to_last = slopes[:-1] - 2 * c2 * first, slopes[1:] - (6 * c3 * h + 2 * c2) * last
    chord = (at_last - at_first) / h
    pieces = (from_first + to_last - 2 * chord) / h**2, (3 * chord - 2 * from_first - to_last) / h, from_first, at_first
    return curve.construct_fast(np.array(pieces), x, curve.extrapolate)
''',
}

TOPIC = Topic(
    "Interpolators by their slopes at the knots", ROWS,
    names={"scipy.interpolate": {"pchip": "pchip_interpolate"}}, helpers=HELPERS,
    keywords={"pchip": {"xi": "knots", "yi": "values", "x": "t", "der": "nu"}},
)

MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    "pchip": chosen_moved("PchipInterpolator"), "akima": chosen_moved("Akima1DInterpolator"), "hermite_cubic": hermite_moved,
}
"""The lines of their tangents."""
