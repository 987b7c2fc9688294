"""Cases of new arrays.

Never holds expected values but where differences say nothing.
"""
from __future__ import annotations

from .case import Case

CASES = [
    Case("np.array([a * b, b, 2.0]) * x", a=1.3, b=0.7, x=(3,)),
    Case("x.astype(float) * x.astype(int) + np.asarray(x, dtype=int)", x=(3,)),
    Case("np.asarray(x) * 2", x=(3,)),
    Case("np.copy(x) * x.copy()", x=(3,)),
    Case("np.zeros(3) + np.ones(3) * x + np.empty(3) * 0", x=(3,)),
    Case("np.full((2, 3), a) * x", a=1.3, x=(2, 3)),
    Case("np.zeros_like(x) + np.ones_like(x) * x + 0 * np.empty_like(x)", x=(2, 3)),
    Case("np.arange(4) * x + np.linspace(0, 1, 4)", x=(4,)),
    Case("np.eye(3) * x", x=(3, 3)),
]
