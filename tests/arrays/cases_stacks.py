"""Cases of linear algebra on stacks of matrices, and of norms of matrices in two axes.

Never holds expected values but where differences say nothing.
"""
from __future__ import annotations

from .case import Case

SQUARES = "x @ np.swapaxes(x, -1, -2) + np.diag([1.0, 3.0])"

CASES = [
    Case(f"np.linalg.eigvalsh({SQUARES})", x=(2, 2, 2)),
    Case(f"w, v = np.linalg.eigh({SQUARES})\nreturn (v * np.sqrt(w)[..., None, :]) @ np.swapaxes(v, -1, -2)", x=(2, 2, 2)),
    Case(f"np.linalg.cholesky({SQUARES}, upper=True)", x=(2, 2, 2)),
    Case("np.linalg.svd(x, compute_uv=False)", x=(2, 2, 3)),
    Case("u, s, vh = np.linalg.svd(x, full_matrices=False)\nreturn (u * np.exp(s)[..., None, :]) @ vh", x=(2, 2, 3)),
    Case("np.linalg.pinv(x)", x=(2, 2, 3)),
    Case("np.linalg.matrix_power(x, 3)", x=(2, 2, 2)),
    Case("np.linalg.matrix_power(x, -1)", x=(2, 2, 2)),
    *(Case(f"np.linalg.norm(x, {order}, axis=(0, 2))", x=(2, 2, 3)) for order in ("2", "'nuc'", "-1", "np.inf")),
    Case("np.linalg.norm(x, 1, axis=(1, 0), keepdims=True)", x=(2, 3)),
    Case("np.linalg.norm(x, -np.inf)", x=(2, 3)),
    Case("np.linalg.norm(x, -2, axis=1) + np.linalg.norm(x, -np.inf, axis=1)", x=(2, 3)),
]
