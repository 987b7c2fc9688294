"""Cases of functions of numbers that are given lists and tuples: they make arrays of them.

Never holds functions of whole arrays.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HEADER = "import numpy as np\nfrom scipy import special, stats"

CASES = [
    Case("np.sin([x, 3 * y])", x=0.3, y=0.4),
    Case("np.multiply([1.0, 2.0, 3.0], x)", x=0.7),
    Case("np.multiply([1.0, 2.0, 3.0], x)", x=(3,)),
    Case("np.exp(np.sum(np.multiply((x, y), 2.0)))", x=0.3, y=0.4),
    Case("np.maximum([1, 2, 3], x)", x=2.5),
    Case("np.where([True, False, True], x, 2 * x)", x=(3,)),
    Case("np.hypot((x, y), 3.0)", x=0.3, y=0.4),
    Case("special.polygamma([0, 1, 2, 1], x)", x=(4,), positive=True, single=False),
    Case("special.xlogy((x, 2.0), [y, x])", x=0.3, y=0.4),
    Case("stats.poisson.logpmf([1, 2, 3], x)", x=1.3),
    Case("stats.binom.logpmf([1, 2, 0, 4], 5, x)", x=np.array([0.2, 0.5, 0.3, 0.9]), single=False),
    Case("np.sum(stats.norm.logpdf([1.2, 0.3], loc=m, scale=s))", m=0.3, s=1.2),
    Case("stats.gamma([1.5, 2.0], scale=s).logpdf([1.0, 2.0])", s=1.3),
]
