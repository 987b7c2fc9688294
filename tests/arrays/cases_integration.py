"""Cases of integrals of sampled values.

Never holds expected values.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HEADER = "import numpy as np\nfrom scipy.integrate import cumulative_trapezoid, simpson"
T = np.array([0.0, 0.4, 1.1, 1.7, 2.5, 3.2])
CASES = [
    *(Case(f"simpson(y{more})", y=(n,), single=False) for n in (5, 6) for more in ("", ", dx=0.3")),
    Case("simpson(y, x=t)", y=(6,), t=T, wrt="y", single=False),
    Case("simpson(y, dx=h)", y=(6,), h=0.3, single=False),
    *(Case("simpson(y, x=t)", y=(n,), t=T[:n], single=False) for n in (2, 5, 6)),
    Case("simpson(y, x=t, axis=0)", y=(4, 3), t=T[:4], single=False),
    *(Case(f"simpson(y, axis={axis})", y=(4, 5), single=False) for axis in (0, 1)),
    *(Case(f"cumulative_trapezoid(y, t{more})", y=(6,), t=T, single=False) for more in ("", ", initial=0")),
    *(Case(f"cumulative_trapezoid(y{more})", y=(6,), single=False) for more in ("", ", dx=0.3", ", initial=0")),
    *(Case(f"cumulative_trapezoid(y, axis={axis}, initial=0)", y=(4, 5), single=False) for axis in (0, 1)),
    Case("cumulative_trapezoid(y, dx=h)", y=(5,), h=0.3, single=False),
    Case("cumulative_trapezoid(y, t[:4], axis=0)", y=(4, 3), t=T, single=False),
    Case("cumulative_trapezoid(y=y, x=t[:4], axis=1)", y=(3, 4), t=T, single=False),
]
