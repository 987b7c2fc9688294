"""The rows of `scipy.special`'s elliptic integrals, elliptic functions and the arithmetic-geometric mean.

Never holds functions of other kinds (special).

Formulas are those of the Digital Library of Mathematical Functions, 19.4 and 19.18. Legendre's integrals move with their
parameter as Carlson's integral elliprd tells, which has no hole where the parameter is 0; beyond a quarter of a period the whole
integrals of the periods are added.
"""
from __future__ import annotations

from gradgen.rules.rows import Row, elementwise

NAMES = "agm ellipe ellipeinc ellipj ellipk ellipkinc ellipkm1 elliprc elliprd elliprf"

BY_K, BY_E = "pi / 8 * hyp2f1(1.5, 1.5, 2, m)", "pi / 8 * hyp2f1(0.5, 1.5, 2, m)"
REDUCED = ("k = rint({0} / pi)", "s = sin({0} - k * pi)", "c = cos({0})")
FIRST = "(2 * k * pi / 8 * hyp2f1(1.5, 1.5, 2, m) + s**3 * elliprd(c * c, 1, 1 - m * s * s) / 6)"
SECOND = "(2 * k * pi / 8 * hyp2f1(0.5, 1.5, 2, m) + s**3 * elliprd(c * c, 1 - m * s * s, 1) / 6)"

ROWS: tuple[Row, ...] = (
    elementwise("y = ellipk(m)", f"dm += dy * {BY_K}"),
    elementwise("y = ellipe(m)", f"dm -= dy * {BY_E}"),
    elementwise("y = ellipkm1(p)", "dp -= dy * pi / 8 * hyp2f1(0.5, 0.5, 2, 1 - p) / p"),
    elementwise(
        "y = ellipkinc(phi, m)",
        *(line.format("phi") for line in REDUCED), "dphi += dy / sqrt(1 - m * s * s)", f"dm += dy * {FIRST}",
    ),
    elementwise(
        "y = ellipeinc(phi, m)", *(line.format("phi") for line in REDUCED), "dphi += dy * sqrt(1 - m * s * s)",
        f"dm -= dy * {SECOND}",
    ),
    elementwise(
        "sn, cn, d, phi = ellipj(u, m)", *(line.format("phi") for line in REDUCED), f"w = -d * {FIRST}",
        "du += dsn * cn * d", "du -= dcn * sn * d", "du -= dd * m * sn * cn", "du += dphi * d",
        "dm += dsn * cn * w", "dm -= dcn * sn * w", "dm -= dd * sn * (sn + 2 * m * cn * w) / (2 * d)", "dm += dphi * w",
    ),
    elementwise(
        "y = elliprc(x, y0)", "f = elliprd(y0, y0, x) / 6", "dx -= dy * f", "dy0 -= dy * (y / 2 - x * f) / y0",
    ),
    elementwise(
        "y = elliprf(x, y0, z)", "dx -= dy * elliprd(y0, z, x) / 6", "dy0 -= dy * elliprd(z, x, y0) / 6",
        "dz -= dy * elliprd(x, y0, z) / 6",
    ),
    elementwise(
        "y = elliprd(x, y0, z)",
        "assert x != z and y0 != z, 'the slope of elliprd has a hole where two of its arguments are equal'",
        "f = (y - elliprd(y0, z, x)) / (2 * (z - x))", "g = (y - elliprd(z, x, y0)) / (2 * (z - y0))",
        "dx += dy * f", "dy0 += dy * g",
        "dz -= dy * 1.5 * y / z", "dz -= dy * x * f / z if x != 0 else 0", "dz -= dy * y0 * g / z if y0 != 0 else 0",
    ),
    elementwise(
        "y = agm(a, b)", "da += dy * 2 / (3 * pi) * y**2 * abs(a) * elliprd(0, b * b, a * a)",
        "db += dy * 2 / (3 * pi) * y**2 * abs(b) * elliprd(0, a * a, b * b)",
    ),
)
