"""Cases of interpolators, evaluated.

Never holds expected values.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HEADER = (
    "import numpy as np\nfrom scipy import interpolate\n"
    "from scipy.interpolate import Akima1DInterpolator, CubicSpline, PchipInterpolator, interp1d, make_interp_spline\n"
    "from scipy.interpolate import CubicHermiteSpline, RegularGridInterpolator\n"
    "GRID = (np.array([0.0, 1.0, 2.0]), np.array([0.0, 0.5, 1.5, 2.0]))\nXS = np.array([0.0, 0.4, 1.1, 1.7, 2.5, 3.2])"
)
YS = np.array([0.3, 1.2, 0.7, -0.4, 0.5, 0.9])
PLACES = np.array([0.2, 1.3, 2.9])
LINEAR = (
    "CubicSpline(XS, y)", "CubicSpline(XS, y, bc_type='natural')", "interpolate.CubicSpline(x=XS, y=y, bc_type='clamped')",
    "interp1d(XS, y)", "interp1d(XS, y, kind='cubic')", "interp1d(XS, y, 'quadratic')",
    "interp1d(XS, y, fill_value='extrapolate')",
    "interp1d(XS, y, bounds_error=False, fill_value=0.0)", "make_interp_spline(XS, y)", "make_interp_spline(XS, y, k=5)",
    "make_interp_spline(XS, y, bc_type='natural')", "interpolate.InterpolatedUnivariateSpline(XS, y, k=2)",
    "interpolate.UnivariateSpline(XS, y, s=0)", "CubicSpline(XS, y).derivative()",
)
SPREAD = np.array([0.0, 0.45, 1.05, 1.75, 2.5, 3.3])
MOVED = (
    "CubicSpline(x, y)", "CubicSpline(x, y, bc_type='natural')", "CubicSpline(x, y, bc_type=('not-a-knot', 'clamped'))",
    "CubicSpline(x, y, bc_type=((1, 0.5), (2, -0.3)))", "make_interp_spline(x, y, k=1)", "make_interp_spline(x, y, k=2)",
    "make_interp_spline(x, y)", "make_interp_spline(x, y, k=5)", "interp1d(x, y)", "interp1d(x, y, kind='cubic')",
    "interp1d(x, y, bounds_error=False, fill_value=0.5)", "interpolate.KroghInterpolator(x, y)",
)
COLUMNS = np.stack([YS, YS[::-1] ** 2], axis=1)
WIDE = ("CubicSpline(XS, y)", "make_interp_spline(XS, y, k=2)", "interp1d(XS, y, axis=0)", "interp1d(XS, y, 'next', axis=0)")
RISING = np.array([0.3, 0.5, 4.0])
POINTS = np.array([[0.7, 1.1], [1.4, 0.2], [0.2, 1.8]])
CASES = [
    *(Case("RegularGridInterpolator(GRID, v)(p)", v=(3, 4), p=p, single=False) for p in (POINTS, POINTS[0])),
    Case("f = RegularGridInterpolator(GRID, v, method='linear')\nreturn f(p) * 2", v=(3, 4), p=POINTS, single=False),
    Case("RegularGridInterpolator(GRID, v, method='nearest')(p)", v=(3, 4), p=POINTS, single=False, refused="GG106"),
    Case("RegularGridInterpolator(GRID, v)((a, 0.2))", v=(3, 4), a=0.7, single=False),
    Case("RegularGridInterpolator(GRID, v)([[a, 0.2], [0.4, a]])", v=(3, 4), a=0.7, single=False),
    Case("RegularGridInterpolator(GRID, v)((x, 2 - x))", v=(3, 4), x=POINTS[0], single=False),
    Case("RegularGridInterpolator(GRID, v, bounds_error=False, fill_value=None)(p)", v=(3, 4), p=POINTS * 1.4, single=False),
    Case("RegularGridInterpolator(GRID, v, bounds_error=False)(p)", v=(3, 4), p=POINTS, single=False, refused="GG106"),
    Case("CubicSpline([0.0, 1.0, 2.0, 3.0], [a, 2.0, 1.0, a])(1.3)", a=0.7, single=False),
    *(Case(f"{made}(t)", y=YS, t=t, single=False) for made in LINEAR for t in (1.3, PLACES, PLACES.reshape(3, 1))),
    *(Case(f"{made}(t)", y=YS, t=t, wrt="t", single=False) for made in ("PchipInterpolator(XS, y)", "Akima1DInterpolator(XS, y)")
      for t in (1.3, PLACES)),
    *(Case(f"interp1d(XS, y, kind='cubic', bounds_error=False, fill_value={given})(t)", y=YS, t=t, single=False)
      for given in ("0.0", "(0.0, 1.0)") for t in (np.array([-0.5, 0.7, 4.0]), 1.3)),
    *(Case(f"interp1d(XS, y, {kind!r}, bounds_error=False, fill_value=(y[0], a))(t)", y=YS, t=t, a=0.7, single=False)
      for kind in ("linear", "cubic", "next") for t in (np.array([-0.5, 0.7, 4.0]), 1.3, -0.4)),
    Case("interp1d(XS, y, fill_value=0.5, bounds_error=False)(t)", y=YS, t=np.array([-0.5, 0.7, 4.0]), single=False),
    Case("CubicSpline(XS, y)(t, 1)", y=YS, t=PLACES, single=False),
    *(Case(f"interpolate.{made}(XS, y)(t)", y=YS, t=t, single=False)
      for made in ("BarycentricInterpolator", "KroghInterpolator") for t in (1.3, PLACES)),
    *(Case(f"interpolate.BSpline(np.array([0.0, 0, 0, 1, 2, 3, 3, 3]), y[:5], {more})(t)", y=YS, t=t, single=False)
      for more in ("2", "k=2, extrapolate=False") for t in (1.3, PLACES[PLACES < 3])),
    Case("s = interpolate.BSpline(np.array([0.0, 0, 0, 1, 2, 3, 3, 3]), c, 2)\nreturn s(t) * s.derivative()(1.3)", c=(5, 2),
         t=PLACES, single=False),
    Case("interpolate.UnivariateSpline(XS, y)(t)", y=YS, t=PLACES, single=False, refused="GG106"),
    Case("interpolate.InterpolatedUnivariateSpline(XS, y, w=2 * XS + 1)(t)", y=YS, t=PLACES, single=False, refused="GG106"),
    Case("interpolate.pchip_interpolate(XS, y, t)", y=YS, t=PLACES, single=False),
    Case("t, c, k = interpolate.splrep(XS, [1.0, 2.0, 0.0, 3.0, 1.0, 2.0])\nreturn interpolate.splev(x, (t, c, k)) * x",
         x=PLACES, single=False),
    Case("CubicSpline(XS, y)(t, nu=1)", y=YS, t=1.3, single=False),
    Case("s = CubicSpline(XS, y)\nreturn s(t) * s(2 * t[:1])", y=YS, t=PLACES, single=False),
    Case("np.sum(CubicSpline(XS, 2 * y)(np.linspace(0.1, 3.0, 7)) ** 2)", y=YS, single=False),
    *(Case(f"{made}(x, y{more})(t)", x=SPREAD, y=YS, t=t, single=False) for t in (1.3, PLACES)
      for made, more in (("PchipInterpolator", ""), ("Akima1DInterpolator", ""), ("Akima1DInterpolator", ", method='makima'"))),
    *(Case(f"{made}(XS, y)(t)", y=(len(YS), 2), t=t, single=False) for t in (1.3, PLACES)
      for made in ("PchipInterpolator", "Akima1DInterpolator")),
    Case("CubicHermiteSpline(x, y, d)(t)", x=SPREAD, y=YS, d=YS[::-1], t=PLACES, single=False),
    *(Case("PchipInterpolator(XS, y)(t)", y=y, t=t, single=False) for y in (YS, np.sort(YS)) for t in (1.3, PLACES)),
    Case("PchipInterpolator(XS[:2], y)(t, 1) + PchipInterpolator(XS[:3], z)(t)", y=YS[:2], z=RISING, t=0.3, single=False),
    Case("CubicHermiteSpline(XS, y, d)(t) * CubicHermiteSpline(XS, 2 * XS, d)(t, 1)", y=YS, d=YS[::-1], t=PLACES, single=False),
    *(Case(f"interp1d(XS, y, kind='{kind}')(t)", y=YS, t=PLACES + 0.05, single=False)
      for kind in ("nearest", "previous", "next")),
    *(Case(f"{made}(t)", x=SPREAD, y=YS, t=t, single=False) for made in MOVED for t in (1.3, PLACES.reshape(3, 1))),
    Case("CubicSpline(x, y)(t, 2) + CubicSpline(x, np.cos(XS))(t - 4)", x=SPREAD, y=YS, t=1.3, single=False),
    *(Case(f"interpolate.KroghInterpolator(XS * s, y * s)({t})", y=YS, s=1.2, single=False) for t in ("s", "XS / 3")),
    Case("CubicSpline(x, y, bc_type='periodic')(t)", x=SPREAD, y=np.append(YS[:-1], YS[0]), t=1.3, single=False, refused="GG106"),
    *(Case(f"{made}.integrate(0.3, t) * {made}.antiderivative()(t)", y=YS, t=1.3, single=False)
      for made in ("CubicSpline(XS, y)", "PchipInterpolator(XS, y)", "make_interp_spline(XS, y)")),
    Case("Akima1DInterpolator(XS, y).antiderivative()(t) + CubicHermiteSpline(XS, y, XS).antiderivative()(t)", y=YS, t=PLACES,
         single=False),
    *(Case(f"CubicSpline(XS, y, bc_type={ends})(t)", y=YS, t=PLACES, single=False)
      for ends in ("('natural', 'clamped')", "((1, 0.5), (2, 0.0))", "((1, 0.0), (2, 0.0))")),
    *(Case("CubicSpline(XS, np.append(y, y[0]), bc_type='periodic')(t)", y=YS[:5], t=t, single=False) for t in (1.3, PLACES)),
    Case("CubicSpline(XS, np.append(y, y[0]), bc_type='periodic').integrate(0, t)", y=YS[:5], t=1.3, single=False,
         refused="GG106"),
    Case("CubicSpline(XS, y, bc_type=((1, t), (1, 0.0)))(t)", y=YS, t=1.3, single=False, refused="GG106"),
    Case("CubicSpline(XS, y, extrapolate=False)(t)", y=YS, t=PLACES, single=False),
    Case("make_interp_spline(XS, y, bc_type=([(1, 0.0)], [(2, 0.0)]))(t)", y=YS, t=PLACES, single=False),
    *(Case(f"Akima1DInterpolator(XS, y{more})(t{at})", y=y, t=t, single=False) for more in ("", ", method='makima'")
      for at in ("", ", 1") for t in (1.3, PLACES) for y in (YS, YS[::-1] ** 2)),
    Case("RegularGridInterpolator(points=GRID, values=v)([[0.5, a]])", v=(3, 4), a=0.7, single=False),
    Case("interpolate.interpn(GRID, v, p)", v=(3, 4), p=POINTS, single=False),
    Case("s = CubicSpline(XS, y)\ny = y * 2\nreturn s(y[0])", y=YS, single=False, refused="GG106"),
    *(Case(f"{made}(t)", y=COLUMNS, t=t, single=False) for made in WIDE for t in (1.3, PLACES, PLACES[:, None])),
    *(Case(f"interp1d(XS, y, kind={kind}, copy=False, assume_sorted=True)(t)", y=YS, t=PLACES, single=False)
      for kind in range(4)),
    Case("interp1d(XS, y, bounds_error=False, fill_value=t)(t)", y=YS, t=1.3, single=False, refused="GG106"),
]
