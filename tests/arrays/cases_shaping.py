"""Cases of what rearranges an array.

Never holds expected values but where differences say nothing.
"""
from __future__ import annotations

from .case import Case

CASES = [
    Case("np.reshape(x, (4, 3))", x=(3, 4)),
    Case("x.reshape(2, -1) * 2", x=(3, 4)),
    Case("np.ravel(x) * x.flatten()", x=(3, 4)),
    Case("np.transpose(x) * 2 + x.T", x=(3, 4)),
    Case("np.transpose(x, (2, 0, 1))", x=(2, 3, 4)),
]
