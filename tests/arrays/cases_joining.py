"""Cases of what joins arrays to one, and of what cuts one into several.

Never holds expected values but where differences say nothing.
"""
from __future__ import annotations

from .case import Case

CASES = [
    Case("np.concatenate([x, y])", x=(3,), y=(4,)),
    Case("np.concatenate((x, y, x * y[0]))", x=(3,), y=(4,)),
    Case("np.concatenate([x, y], axis=1)", x=(3, 2), y=(3, 4)),
    Case("np.concatenate([x, y], axis=-2) ** 2", x=(3, 2), y=(4, 2)),
    Case("np.concatenate([[0.0], x, [a, 2.0]])", x=(3,), a=0.7),
    Case("np.concatenate([x, y], axis=None)", x=(3,), y=(4,)),
    Case("np.mean(np.concatenate([x, y]))", x=(3,), y=(4,)),
    Case("np.stack([x, y])", x=(3,), y=(3,)),
    Case("np.stack([x, y], axis=1)", x=(3, 4), y=(3, 4)),
    Case("np.stack([x, 2 * x, y], axis=-1)", x=(3,), y=(3,)),
    Case("np.vstack([x, y])", x=(3,), y=(3,)),
    Case("np.vstack((x, y))", x=(3, 2), y=(4, 2)),
    Case("np.vstack([x, y])", x=(3, 2), y=(2,)),
    Case("np.hstack([x, y])", x=(3,), y=(2,)),
    Case("np.hstack([x, a, y])", x=(3,), a=0.4, y=(2,)),
    Case("np.hstack([x, y])", x=(3, 2), y=(3, 4)),
    Case("np.dstack([x, y])", x=(3,), y=(3,)),
    Case("np.dstack([x, y])", x=(3, 2), y=(3, 2)),
    Case("np.column_stack([x, y])", x=(3,), y=(3,)),
    Case("np.column_stack([x, y])", x=(3,), y=(3, 2)),
    Case("np.append(x, y)", x=(3,), y=(2,)),
    Case("np.append(x - x, y)", x=(3,), y=(2,)),
    Case("np.append(x, a)", x=(3,), a=0.7),
    Case("np.append(x, y, axis=1)", x=(3, 2), y=(3, 1)),
    Case("np.append(x, y)", x=(3, 2), y=(2, 2)),
    Case("a, b = np.split(x, 2)\nreturn a * b", x=(6,)),
    Case("a, b, c = np.split(x, [1, 3])\nreturn np.sum(a) * np.sum(b**2) * c", x=(6,)),
    Case("a, b = np.array_split(x, 2, axis=1)\nreturn a @ b.T", x=(3, 4)),
    Case("a, b = np.vsplit(x, 2)\nreturn a * b", x=(4, 3)),
    Case("a, b = np.hsplit(x, 2)\nreturn a * b", x=(3, 4)),
    Case("a, b = np.hsplit(x, 2)\nreturn a * b", x=(6,)),
    Case("a, b = np.split(x, 2)\nreturn np.sum(a)", x=(6,)),
    Case("p = np.split(x, 3)\nreturn p[0] * p[1]", x=(6,), single=False),
    Case("np.block([[v[:2], z[:1], a], [u, u]]) * a", z=(3, 3), u=(3,), v=(3,), a=0.7),
    Case("np.block([[z, u[:, None]], [v[None], a]])", z=(3, 3), u=(3,), v=(3,), a=0.7),
]
