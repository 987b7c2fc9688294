"""Cases of several results that are held together, and of functions of Python's own that are given arrays.

Never holds expected values.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HEADER = "import numpy as np\nimport scipy.linalg\nfrom numpy import linalg as la"
FAR = np.array([[0.3, -0.5, 4.2], [4.7, 0.1, -0.4], [-0.2, 3.6, 0.5]])
CASES = [
    Case("r = la.qr(a)\ns = np.linalg.slogdet(a)\nreturn r[0] * r.R + s[1] * s.logabsdet", a=FAR, single=False),
    Case("w = la.eigh(a)\nr = scipy.linalg.qr(a)\nreturn w.eigenvalues * w[1] + r[0] @ r[1]", a=FAR + FAR.T, single=False),
    Case("u = la.svd(a, full_matrices=False)\nr = la.lstsq(a, b, rcond=None)\nreturn u.S * r[0]",
         a=FAR[:, :2], b=(3,), single=False),
    Case("parts = np.modf(3 * x)\nq = divmod(x, 0.7)\nreturn parts[0] * q[1] * x + q[0]", x=(4,), single=False),
]
