"""Cases of SciPy's equations of matrices, of functions of stacks of matrices, of QR factors in each mode.

Never holds expected values.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HEADER = "import numpy as np\nimport scipy.linalg\nfrom scipy import linalg"
FAR = np.array([[3.3, -0.5, 1.2], [0.7, 4.1, -0.4], [-0.2, 0.6, 2.5]])
EVEN = FAR @ FAR.T / 8 + np.diag([0.0, 1.0, 2.5])
STACK, STACK_EVEN = np.stack([FAR, FAR.T / 2]), np.stack([EVEN, EVEN / 2])
CASES = [
    Case("s = linalg.solve(a, b, assume_a='sym', lower=True)\nreturn s * linalg.solve(a, b, assume_a='pos')", a=EVEN, b=(3,),
         single=False),
    Case("linalg.solve(a, b, transposed=True)", a=FAR, b=(3, 2), single=False),
    Case("linalg.solve_triangular(a, b, 1, True, unit_diagonal=True)", a=FAR, b=(3,), single=False),
    Case("x = linalg.solve_toeplitz(c, b)\nreturn x * linalg.solve_toeplitz((c, r), b)", c=FAR[0], r=FAR[:, 0], b=(3,),
         single=False),
    Case("x = linalg.solve_continuous_lyapunov(a, q)\nreturn x @ linalg.solve_discrete_lyapunov(a / 9, q)", a=FAR, q=(3, 3),
         single=False),
    Case("e, along = linalg.expm_frechet(a / 4, q)\nreturn e * along", a=FAR, q=(3, 3), single=False),
    Case("linalg.expm(a / 4) * linalg.sqrtm(b)", a=STACK, b=STACK_EVEN, single=False),
    Case("q, r = np.linalg.qr(a)\nreturn q @ np.sin(r) * np.linalg.qr(a, mode='r')", a=STACK, single=False),
    Case("q, r = np.linalg.qr(a, mode='complete')\nreturn q @ np.sin(r) * np.linalg.qr(a, 'r')", a=FAR, single=False),
    Case("w, v = linalg.eigh(a)\nu = linalg.eigh(a, lower=False, eigvals_only=True)\n"
         "return v * np.sin(w) @ v.T @ u + linalg.eigvalsh(a)", a=EVEN, single=False),
    Case("pl, u = linalg.lu(a, permute_l=True)\nreturn np.sin(pl) @ u", a=FAR, single=False),
    Case("linalg.cho_solve((a, True), linalg.cho_solve((b, False), q))", a=np.tril(FAR), b=np.triu(FAR), q=(3,), single=False),
    Case("linalg.khatri_rao(a, b) * np.linalg.matrix_rank(a)", a=(2, 3), b=(2, 3), single=False),
    Case("np.linalg.cond(a) * np.linalg.matrix_norm(a) + np.linalg.matrix_norm(a, ord=2) * np.linalg.vecdot(a, a, axis=1)[:, 0]",
         a=STACK, single=False),
    Case("np.linalg.lstsq(a, b, rcond=None)[1] * np.linalg.norm(b, float('inf'))",
         a=FAR[:, :2], b=(3,), single=False),
    Case("np.linalg.multi_dot([a[0], b, a, b[:, 0]]) * np.linalg.multi_dot([a, b, a])", a=(2, 3), b=(3, 2), single=False),
]
