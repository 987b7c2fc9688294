"""Cases of polynomials.

Never holds expected values but where differences say nothing.
"""
from __future__ import annotations

from .case import Case

HEADER = "import numpy as np\nfrom numpy.polynomial import polynomial as P"
CASES = [
    Case("np.polyval(p, x)", p=(4,), x=(3,), single=False),
    Case("np.polyval(p, a)", p=(4,), a=0.7),
    Case("np.polyval([a, b, 1.0], x)", a=0.7, b=1.3, x=(3,)),
    Case("P.polyval(x, p)", p=(4,), x=(3,), single=False),
    Case("P.polyval(a, p)", p=(4,), a=0.7, single=False),
    Case("np.polyder(p)", p=(4,)),
    Case("np.polyint(p)", p=(4,)),
]
