"""The rows of `scipy.interpolate`'s splines, at numbers.

Never differentiates by a spline's own knots and coefficients.
"""
from __future__ import annotations

from gradgen.rules.conditions import constant
from gradgen.rules.rows import Row, elementwise

KNOTS = "the knots, the coefficients and the order of a spline are constants here"

ROWS: tuple[Row, ...] = (
    elementwise(
        "y = splev(x, tck, der=0, ext=0)", "dx += dy * splev(x, tck, der + 1, ext)", when=constant("ext", 0),
        refused="tck der ext", reason=KNOTS,
    ),
    elementwise(  # where the values stay as at the edge, the slopes do not
        "y = splev(x, tck, der=0, ext=0)", "dx += dy * splev(x, tck, der + 1, 1 if ext == 3 else ext)",
        refused="tck der ext", reason=KNOTS,
    ),
    *(
        elementwise(
            f"z = {surface}(x, y, tck, nx=0, ny=0)",
            "dx += dz * surface_slope(x, y, tck, nx + 1, ny)", "dy += dz * surface_slope(x, y, tck, nx, ny + 1)",
            refused="tck nx ny", reason=KNOTS,
        )
        for surface in ("bisplev", "surface_slope")
    ),
)

HELPERS = {
    "spline_weights": '''\
def spline_weights(t, k, order, x):
    """The derivatives at x, to an order, of each spline of degree k over the knots t; 0 beyond the knots, where nothing moves."""
    first, last = t[k], t[-k - 1]
    if order > k or order and not first <= x <= last:
        return [0.0] * (len(t) - k - 1)
    x = min(max(x, first), last)
    place = max(i for i in range(k, len(t) - k - 1) if t[i] <= x and t[i] < t[i + 1])
    weights = [float(i == place) for i in range(len(t) - 1)]
    for degree in range(1, k + 1):
        spans = [t[i + degree] - t[i] for i in range(len(t) - degree)]
        parts = [weight / span if span else 0.0 for weight, span in zip(weights, spans)]
        if degree <= k - order:
            weights = [(x - t[i]) * parts[i] + (t[i + degree + 1] - x) * parts[i + 1] for i in range(len(parts) - 1)]
        else:
            weights = [degree * (parts[i] - parts[i + 1]) for i in range(len(parts) - 1)]
    return weights
''',
    "surface_slope": '''\
def surface_slope(x, y, tck, nx, ny):
    """The derivative of scipy.interpolate.bisplev(x, y, tck), nx times by x and ny times by y."""
    tx, ty, c, kx, ky = tck
    by_x, by_y = spline_weights(tx, kx, nx, x), spline_weights(ty, ky, ny, y)
    return sum(c[i * len(by_y) + j] * u * v for i, u in enumerate(by_x) if u for j, v in enumerate(by_y) if v)
''',
}
