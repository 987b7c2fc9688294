"""Cases of LU factors, polar parts, systems of tensors and bands, and functions of matrices.

Never holds expected values.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HEADER = (
    "import numpy as np\nimport scipy.linalg\nfrom scipy import linalg\n"
    "from scipy.linalg import lu_factor, lu_solve, cho_factor, cho_solve"
)
FAR = np.array([[0.3, -0.5, 4.2], [4.7, 0.1, -0.4], [-0.2, 3.6, 0.5]])
EVEN = FAR @ FAR.T / 8 + np.diag([0.0, 1.0, 2.5])
BANDS = np.array([[0.0, 1.0, 0.7, -0.4], [4.0, 5.0, 6.0, 3.0], [0.7, 0.8, -0.5, 0.0]])
TENSOR = np.random.default_rng(5).normal(size=(2, 3, 2, 3)) + np.eye(6).reshape(2, 3, 2, 3)
CASES = [
    Case("p, l, u = linalg.lu(a)\nreturn l @ np.sin(u)", a=FAR, single=False),
    Case("scipy.linalg.lu(a)[2]", a=FAR, single=False),
    Case("lu, piv = lu_factor(a)\nreturn np.tanh(lu)", a=FAR, single=False),
    Case("lu_solve(lu_factor(a), b)", a=FAR, b=(3,), single=False),
    Case("factor = lu_factor(a)\nreturn lu_solve(factor, lu_solve(factor, b, 1))", a=FAR, b=(3, 2), single=False),
    Case("lu, piv = lu_factor(a)\nreturn lu_solve((lu, piv), b) * np.sum(np.diag(lu))", a=FAR, b=(3,), single=False),
    Case("lu_solve(lu_factor(np.exp(a[:, :3]) + 9 * np.eye(3)), b)", a=FAR, b=(3,), single=False),
    Case("lu, p = lu_factor(a[:, :3] * np.exp(a) + np.eye(3))\nreturn lu_solve((lu, p), a)", a=FAR, single=False),
    Case("cho_solve(cho_factor(a), b)", a=EVEN, b=(3,), single=False),
    Case("c = cho_factor(a, lower=True)\nreturn cho_solve(c, b)", a=EVEN, b=(3, 2), single=False),
    Case("lu = lu_factor(a)\na = 2 * a\nreturn lu_solve(lu, b) + a[0]", a=FAR, b=(3,), single=False, refused="GG106"),
    Case("lu_solve(lu_factor(a, overwrite_a=True), b)", a=FAR, b=(3,), single=False, refused="GG106"),
    *(Case(f"u, p = linalg.polar(a{side})\nreturn {part}", a=a, single=False)
      for side, a in (("", FAR), ("", FAR[:, :2]), (", 'left'", FAR[:2])) for part in ("u", "np.sum(u) * np.sin(p)")),
    Case("np.linalg.tensorinv(a)", a=TENSOR, single=False),
    Case("np.linalg.tensorsolve(a, b)", a=TENSOR, b=(2, 3), single=False),
    *(Case("linalg.solve_banded((1, 1), ab, b)", ab=BANDS, b=shape, single=False) for shape in ((4,), (4, 2))),
    Case("linalg.solve_banded((0, 1), ab, b)", ab=BANDS[:2], b=(4,), single=False),
    *(Case(f"linalg.{name}(a)", a=EVEN / 3, single=False) for name in ("logm", "sinm", "cosm", "sinhm", "coshm")),
    Case("linalg.lstsq(a, b)[0]", a=(4, 3), b=(4,), single=False),
    Case("q, r = linalg.qr(a, mode='economic')\nreturn np.sum(q) * r", a=(4, 3), single=False),
    Case("q, r = linalg.qr(a)\nreturn q @ np.sin(r)", a=FAR, single=False),
]
