"""The rows of `scipy.interpolate`'s splines, at numbers.

Never differentiates by a spline's own knots and coefficients.
"""
from __future__ import annotations

from gradgen.rules.rows import Row, elementwise

KNOTS = "the knots, the coefficients and the order of a spline are constants here"

ROWS: tuple[Row, ...] = (
    elementwise("y = splev(x, tck, der=0, ext=0)", "dx += dy * splev(x, tck, der + 1, ext)", refused="tck der ext", reason=KNOTS),
    elementwise(
        "z = bisplev(x, y, tck, nx=0, ny=0)",
        "dx += dz * bisplev(x, y, tck, nx + 1, ny)", "dy += dz * bisplev(x, y, tck, nx, ny + 1)",
        refused="tck nx ny", reason=KNOTS,
    ),
)
