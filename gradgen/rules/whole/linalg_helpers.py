"""The helpers of linear algebra, as stand-alone Python text that needs `import numpy as np` above it.

Never runs in gradgen itself.
"""
from __future__ import annotations

from collections.abc import Mapping

LINALG_HELPERS: Mapping[str, str] = {
    "lower_part": '''\
def lower_part(adjoint):
    """The adjoint of a symmetric matrix of which only the lower triangle is read: each element there stands for two."""
    both = np.tril(adjoint + np.swapaxes(adjoint, -1, -2))
    return both - np.eye(both.shape[-1], dtype=both.dtype) * both / 2
''',
    "upper_part": '''\
def upper_part(adjoint):
    """The adjoint of a symmetric matrix of which only the upper triangle is read: each element there stands for two."""
    return np.swapaxes(lower_part(adjoint), -1, -2)
''',
    "all_apart": '''\
def all_apart(values):
    """Whether no two of the sorted values are the same, but for rounding."""
    return np.all(np.abs(np.diff(values)) > 4 * np.finfo(values.dtype).eps * np.max(np.abs(values), axis=-1, keepdims=True))
''',
    "one_slope": '''\
def one_slope(adjoint, values, where):
    """The adjoint of sorted values. Two that are the same have slopes only together: what sets them apart has none."""
    limit = 4 * np.finfo(values.dtype).eps * np.max(np.abs(values), axis=-1, initial=0, keepdims=True)
    steps = np.abs(np.diff(adjoint)) > 1e-6 * np.max(np.abs(adjoint), initial=0)
    if np.any((np.abs(np.diff(values)) <= limit) & steps):
        raise NonDifferentiableError(f"{where}an eigenvalue or singular value that occurs twice has no derivative of its own")
    return adjoint
''',
    "own_slopes": '''\
def own_slopes(inner, values, where):
    """The slopes of sorted values, given how the matrix moves between their vectors. Two that are the same have slopes only
    where they move alike, and neither turns into the other."""
    slopes = np.diagonal(inner, axis1=-2, axis2=-1).copy()
    limit = 4 * np.finfo(values.dtype).eps * np.max(np.abs(values), axis=-1, initial=0)[..., None, None]
    both = (inner + np.swapaxes(inner, -1, -2)) * (1 - np.eye(slopes.shape[-1]))
    turned = np.abs(both) + np.abs(slopes[..., None, :] - slopes[..., None])
    gaps = np.abs(values[..., None, :] - values[..., None])
    if np.any((gaps <= limit) & (turned > 1e-6 * np.max(np.abs(inner), initial=0))):
        raise NonDifferentiableError(f"{where}an eigenvalue or singular value that occurs twice has no derivative of its own")
    return slopes
''',
    "apart": '''\
def apart(values):
    """1 / (values[j] - values[i]) in row i and column j, 0 on the diagonal."""
    own = np.eye(values.shape[-1], dtype=values.dtype)
    return 1 / (values[..., None, :] - values[..., None] + own) - own
''',
    "cholesky_adjoint": '''\
def cholesky_adjoint(adjoint, factor):
    """The adjoint of a matrix with the Cholesky factor given: of its lower triangle, which is all that is read."""
    turned = np.swapaxes(factor, -1, -2)
    inner = np.tril(turned @ adjoint)
    inner -= np.eye(inner.shape[-1], dtype=inner.dtype) * inner / 2
    half = np.linalg.solve(turned, np.swapaxes(np.linalg.solve(turned, np.swapaxes(inner, -1, -2)), -1, -2))
    return lower_part(half)
''',
    "svd_adjoint": '''\
def svd_adjoint(du, ds, dvh, u, s, vh):
    """The adjoint of a in u, s, vh = np.linalg.svd(a, full_matrices=False); None stands for an adjoint of zeros."""
    gaps, ut, v = apart(s**2), np.swapaxes(u, -1, -2), np.swapaxes(vh, -1, -2)
    inner = (s * 0 if ds is None else ds)[..., None] * np.eye(s.shape[-1], dtype=s.dtype)
    across, along = s[..., None, :], s[..., None]
    rest = 0
    if du is not None:
        turn = gaps * (ut @ du)
        inner = inner + (turn + np.swapaxes(turn, -1, -2)) * across
        rest = (du - u @ (ut @ du)) / across @ vh
    if dvh is not None:
        turn = gaps * (vh @ np.swapaxes(dvh, -1, -2))
        inner = inner + along * (turn + np.swapaxes(turn, -1, -2))
        rest = rest + u / across @ (dvh - dvh @ v @ vh)
    return u @ inner @ vh + rest
''',
    "pinv_adjoint": '''\
def pinv_adjoint(dy, a, y):
    """The adjoint of a in y = np.linalg.pinv(a), where the rank of a does not change."""
    yt, turned = np.swapaxes(y, -1, -2), np.swapaxes(dy, -1, -2)
    missed, unseen = turned - a @ (y @ turned), turned - turned @ y @ a
    return missed @ y @ yt + yt @ y @ unseen - yt @ dy @ yt
''',
    "matrix_power_adjoint": '''\
def matrix_power_adjoint(dy, a, n):
    """The adjoint of a in np.linalg.matrix_power(a, n)."""
    if n < 0:
        inverse = np.linalg.inv(a)
        turned = np.swapaxes(inverse, -1, -2)
        return -turned @ matrix_power_adjoint(dy, inverse, -n) @ turned
    turned, total = np.swapaxes(a, -1, -2), np.zeros_like(a)
    for k in range(n):
        total = total + np.linalg.matrix_power(turned, k) @ dy @ np.linalg.matrix_power(turned, n - 1 - k)
    return total
''',
}
