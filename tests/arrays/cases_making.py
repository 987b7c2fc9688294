"""Cases of new arrays.

Never holds expected values but where differences say nothing.
"""
from __future__ import annotations

import numpy as np

from .case import Case

CASES = [
    Case("np.array([a * b, b, 2.0]) * x", a=1.3, b=0.7, x=(3,)),
    Case("np.array([[a, 1.0], [b, a * b]]) @ x", a=1.3, b=0.7, x=(2,)),
    Case("np.array([*n, a, a * b])", a=1.3, b=0.7, n=np.arange(3)),
    Case("np.array([a, *n, b, a * b])", a=1.3, b=0.7, n=[1, 2, 3]),
    Case("np.array([a, *n, b, *n, a])", a=1.3, b=0.7, n=[1, 2, 3]),
    Case("np.array(x) * np.asanyarray(x, dtype=float)", x=(3,)),
    Case("x.astype(float) * x.astype(int) + np.asarray(x, dtype=int)", x=(3,)),
    Case("np.asarray(x) * 2", x=(3,)),
    Case("np.copy(x) * x.copy()", x=(3,)),
    Case("np.zeros(3) + np.ones(3) * x + np.empty(3) * 0", x=(3,)),
    Case("np.full((2, 3), a) * x", a=1.3, x=(2, 3)),
    Case("np.full((2, 3), a) * x", a=(3,), x=(2, 3)),
    Case("np.full(3, a, dtype=int) * x", a=1.3, x=(3,)),
    Case("np.full_like(x, a) * x", a=1.3, x=(2, 3)),
    Case("np.full_like(n, a) * x", a=1.3, x=(3,), n=np.arange(3)),
    Case("np.zeros_like(x) + np.ones_like(x) * x + 0 * np.empty_like(x)", x=(2, 3)),
    Case("y = np.zeros_like(n, dtype=float)\ny[0] = x[0]\nreturn y * x", x=(3,), n=np.arange(3)),
    Case("np.arange(4) * x + np.linspace(0, 1, 4)", x=(4,)),
    Case("np.linspace(a, b, 5) ** 2", a=1.3, b=0.7),
    Case("np.linspace(a, b, num=4, endpoint=False) * x", a=1.3, b=0.7, x=(4,)),
    Case("np.logspace(a, b, 4) * x", a=0.3, b=0.7, x=(4,)),
    Case("np.logspace(a, 1.0, 4, base=2.0) * x", a=0.3, x=(4,)),
    Case("np.logspace(0.0, 1.0, 4, base=a) * x", a=1.3, x=(4,), refused="GG110"),
    Case("np.geomspace(a, b, 4) * x", a=0.3, b=1.7, x=(4,)),
    Case("np.arange(a, a + 2.0, 0.5) * x", a=0.3, x=(4,)),
    Case("np.arange(0.0, 10.0, h)[:3] * x", h=0.7, x=(3,)),
    Case("np.eye(3) * x + np.identity(3) + np.tri(3)", x=(3, 3)),
    Case("np.vander(x)", x=(4,)),
    Case("np.vander(x, 3, increasing=True)", x=(4,)),
    Case("np.hanning(4) * np.hamming(4) * np.blackman(4) * np.bartlett(4) * x", x=(4,)),
    Case("np.kaiser(5, b) * x", x=(5,), b=()),
    Case("np.linspace(x, h, 5) * x", x=(3,), h=(3,)),
    Case("np.linspace(x, a, 4, endpoint=False)", x=(2, 3), a=0.7),
    Case("np.linspace(a, x, 4, axis=-1) * a", x=(2, 3), a=0.7),
    Case("np.linspace(x, h, 3, axis=1)", x=(2, 3), h=(3,)),
]
