"""Cases of several results that are held together, and of functions of Python's own that are given arrays.

Never holds expected values.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HEADER = "import math\nimport numpy as np\nimport scipy.linalg\nfrom numpy import linalg as la"
FAR = np.array([[0.3, -0.5, 4.2], [4.7, 0.1, -0.4], [-0.2, 3.6, 0.5]])
NAMES = np.array([3, 1, 3, 7])
ON_REQUEST = (
    ("np.unique(k, return_inverse=True)", "01"), ("np.unique(k, return_index=True, return_counts=True)", "012"),
    ("np.unique(k.reshape(2, 2), return_inverse=True, axis=0)", "0"), ("np.linspace(0, k, 5, retstep=True)", "01"),
    ("np.average(k.reshape(2, 2), axis=0, returned=True)", "01"), ("np.polyfit(k, k**2, 1, cov=True)", "01"),
    ("np.where(k > 1)", "0"), ("scipy.linalg.qr(k.reshape(2, 2), mode='r')", "0"),
)
CASES = [
    *(Case(f"found = {call}\nreturn s * found[{place}]", wrt="s", s=1.5, k=NAMES)
      for call, places in ON_REQUEST for place in places),
    Case("_, group = np.unique(k, return_inverse=True)\nreturn x[group] * s", x=(3,), s=1.5, k=NAMES),
    Case("r = la.qr(a)\ns = np.linalg.slogdet(a)\nreturn r[0] * r.R + s[1] * s.logabsdet", a=FAR, single=False),
    Case("w = la.eigh(a)\nr = scipy.linalg.qr(a)\nreturn w.eigenvalues * w[1] + r[0] @ r[1]", a=FAR + FAR.T, single=False),
    Case("u = la.svd(a, full_matrices=False)\nr = la.lstsq(a, b, rcond=None)\nreturn u.S * r[0]",
         a=FAR[:, :2], b=(3,), single=False),
    Case("math.fsum(x * x) * math.prod(x, start=x[1]) + math.prod(y)", x=(3,), y=(4,), single=False),
    Case("math.hypot(*(x - y)) * math.dist(x, y.tolist()) + math.dist([1.0, 2.0, x[0]], y)", x=(3,), y=(3,), single=False),
    Case("np.fromfunction(lambda i, j: x[0] * i + np.sin(x[1] * j), (2, 3)) * s", x=(2,), s=0.7, single=False),
    Case("def place(i, power):\n    return s * (i + 1)**power\nreturn np.fromfunction(place, x.shape, power=2, dtype=int) * x",
         x=(3,), s=0.7, single=False),
    Case("np.cumulative_sum(x, include_initial=True)", x=(4,)),
    Case("np.cumulative_sum(x, axis=1, include_initial=True)", x=(3, 4)),
    Case("y, z, w = x.T\nreturn y * w * s + z**2", x=(4, 3), s=0.7, single=False),
    Case("np.unwrap(4 * x, period=2.5)", x=(4,), single=False),
    Case("parts = np.modf(3 * x)\nq = divmod(x, 0.7)\nreturn parts[0] * q[1] * x + q[0]", x=(4,), single=False),
]
