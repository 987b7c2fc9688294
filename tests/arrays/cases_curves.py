"""Cases of curves, surfaces and interpolators that are made outside of the function.

Never holds expected values.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HEADER = """
import numpy as np
from scipy import interpolate, stats

KNOTS = np.array([0.0, 0.4, 1.1, 1.7, 2.5, 3.2])
VALUES = np.array([0.3, 1.2, 0.7, -0.4, 0.5, 0.9])
SPLINE = interpolate.CubicSpline(KNOTS, VALUES)
HUMPS = interpolate.PchipInterpolator(KNOTS, VALUES)
PIECES = interpolate.Akima1DInterpolator(KNOTS, VALUES)
LINES = interpolate.interp1d(KNOTS, VALUES, fill_value="extrapolate")
STEPS = interpolate.interp1d(KNOTS, VALUES, kind="previous")
BASIS = interpolate.make_interp_spline(KNOTS, VALUES)
SMOOTH = interpolate.UnivariateSpline(KNOTS, VALUES, s=0)
COLUMNS = interpolate.CubicSpline(KNOTS, np.stack([VALUES, VALUES**2], axis=1))
KROGH, WEIGHTS = interpolate.KroghInterpolator(KNOTS, VALUES), interpolate.BarycentricInterpolator(KNOTS, VALUES)
SURFACE = interpolate.RectBivariateSpline(KNOTS, KNOTS, np.outer(VALUES, VALUES))
GRID = interpolate.RegularGridInterpolator((KNOTS, KNOTS), np.outer(VALUES, VALUES))
PRIOR, WAITING, HITS = stats.norm(0.3, 2.0), stats.gamma(2.5, scale=1.3), stats.poisson(2.0)
POWERS, CHEBYSHEV = np.poly1d([1.0, -0.4, 2.0]), np.polynomial.Chebyshev([0.3, 1.0, -0.7], domain=[0, 3])
"""
T = np.array([0.3, 0.9, 2.1])
CASES = [
    Case("SPLINE(t) * HUMPS(t) + PIECES(t) * BASIS(t)", t=T, single=False),
    Case("SPLINE(s) * SPLINE.integrate(0.0, s)", s=0.9, single=False),
    Case("SPLINE(t, 1) * SPLINE.derivative(2)(t) + SMOOTH(t) * SMOOTH.derivative()(t)", t=T, single=False),
    Case("LINES(t) * STEPS(t) + BASIS.antiderivative()(t)", t=T, single=False),
    Case("COLUMNS(t) * x", t=T, x=(3, 2), single=False),
    Case("COLUMNS(s) * x", s=0.9, x=(2,), single=False),
    Case("KROGH(t) * WEIGHTS(t) + KROGH.derivative(t)", t=T, single=False),
    Case("SURFACE.ev(t, s * t) + SURFACE.ev(t, t, dx=1)", t=T, s=0.7, single=False),
    Case("SURFACE.ev(t - 2.0, t)", t=T, single=False),  # outside, where nothing moves
    Case("GRID(p) * s + GRID([[s, 2 * s]])", p=np.array([[0.3, 0.9], [2.1, 1.4]]), s=0.7, single=False),
    Case("PRIOR.logpdf(t) * WAITING.pdf(t) + WAITING.cdf(t) * HITS.pmf(3) + PRIOR.ppf(s)", t=T, s=0.7, single=False),
    Case("POWERS(t) * CHEBYSHEV(t) * POWERS.deriv()(t)", t=T, single=False),
]
