"""Cases of polynomials by their roots, of derivatives of polynomials, and of operators that are called by their methods.

Never holds expected values.
"""
from __future__ import annotations

import numpy as np

from .case import Case

P = np.array([1.0, -6.2, 11.0, -6.0])
CASES = [
    Case("np.poly(x) * np.polynomial.polynomial.polyfromroots(x)", x=(3,), single=False),
    Case("np.roots(p) * np.polynomial.polynomial.polyroots(p)", p=P, single=False),
    Case("np.polynomial.polynomial.polyvander(x, 3) @ np.polyint(p[:3], k=s)", x=(4,), p=P, s=0.7, single=False),
    Case("np.poly1d(p).deriv()(x) * np.polynomial.Polynomial(p).integ(2)(x)", p=P, x=(3,), single=False),
    Case("np.column_stack([s, t]) * np.dstack([t, s])[0, 0]", s=0.7, t=1.2),
    Case("isinstance(x, np.ndarray) and x.__add__(x * s).__pow__(2) * x.__getitem__(1)", x=(3,), s=0.7),
]
