"""Cases of reductions.

Never holds expected values but where differences say nothing.
"""
from __future__ import annotations

import numpy as np

from .case import Case

CASES = [
    Case("np.sum(x)", x=(3, 4)),
    Case("np.sum(x, axis=0)", x=(3, 4)),
    Case("np.sum(x, axis=1)", x=(3, 4)),
    Case("x.sum(axis=-1, keepdims=True) * x", x=(3, 4)),
    Case("np.mean(x, axis=0)", x=(3, 4)),
    Case("np.max(x, axis=1)", x=(3, 4)),
    Case("np.min(x)", x=(5,)),
    Case("np.max(x)", x=np.array([1.0, 3.0, 3.0]), gives={"x": [0.0, 0.5, 0.5]}),
    Case("x[np.argmax(x)] * x[np.argmin(x)]", x=(5,)),
    Case("x if np.all(x > 5) or np.any(np.isnan(x)) else x**2", x=(4,)),
]
