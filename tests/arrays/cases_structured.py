"""Cases of matrices made of vectors, and of weights counted in bins.

Never holds expected values.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HEADER = "import numpy as np\nimport scipy.linalg\nfrom scipy.linalg import block_diag, circulant, hankel, toeplitz"
D = np.array([0.2, 1.4, 2.2, 0.55, 1.15, 2.9])
PLACES = np.array([0, 1, 2, 0, 1, 5])
CASES = [
    Case("toeplitz(u)", u=(4,)),
    Case("toeplitz(u, v)", u=(4,), v=(3,), single=False),
    Case("toeplitz(c=u, r=v) @ v", u=(4,), v=(3,), single=False),
    Case("circulant(u) @ v", u=(4,), v=(4,)),
    Case("hankel(u)", u=(4,), single=False),
    Case("hankel(u, v)", u=(4,), v=(3,), single=False),
    Case("block_diag(a, b)", a=(2, 3), b=(3, 1)),
    Case("scipy.linalg.block_diag(a, 2.0, v, s) ** 2", a=(2, 2), v=(3,), s=0.7),
    Case("np.bincount(i, weights=w)", i=PLACES, w=(6,), single=False),
    Case("np.bincount(i, w, minlength=8) * 2", i=PLACES, w=(6,), single=False),
    Case("np.bincount(i, weights=w ** 2) / np.maximum(np.bincount(i), 1)", i=PLACES, w=(6,), single=False),
    *(Case(f"np.histogram(d, {bins}, weights=w)[0]", d=D, w=(6,), wrt="w", single=False)
      for bins in ("bins=3", "bins=np.array([0.0, 1.0, 2.0, 2.9])", "4, (0, 3)", "bins=[0, 1, 2]")),
    Case("h, e = np.histogram(d, bins=3, weights=w)\nreturn h * 2", d=D, w=(6,), wrt="w", single=False),
    Case("h, e = np.histogram(d, bins=3, weights=w)\nreturn h * e[1:]", d=D, w=(6,), single=False, refused="GG106"),
    Case("np.histogram(d, bins=3, weights=w, density=True)[0]", d=D, w=(6,), wrt="w", single=False, refused="GG106"),
]
