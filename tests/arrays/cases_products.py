"""Cases of products of arrays.

Never holds expected values but where differences say nothing.
"""
from __future__ import annotations

from .case import Case

CASES = [
    Case("a @ b", a=(3, 4), b=(4, 2)),
    Case("a @ b", a=(3, 4), b=(4,)),
    Case("a @ b", a=(2, 3, 4), b=(4, 5)),
    Case("np.dot(a, b)", a=(4,), b=(4,)),
    Case("np.outer(a, b)", a=(3,), b=(4,)),
]
