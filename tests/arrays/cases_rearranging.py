"""Cases of what turns, repeats, pads or leaves out elements of an array.

Never holds expected values but where differences say nothing.
"""
from __future__ import annotations

import numpy as np

from .case import Case

MODES = ("edge", "reflect", "symmetric", "wrap")
CASES = [
    Case("np.roll(x, 2)", x=(5,)),
    Case("np.roll(x, -1, axis=1)", x=(3, 4)),
    Case("np.roll(x, (1, 2), axis=(0, 1))", x=(3, 4)),
    Case("np.roll(x, n)", x=(3, 4), n=3),
    Case("np.flip(x)", x=(5,)),
    Case("np.flip(x, 1)", x=(3, 4)),
    Case("np.flip(x)", x=(3, 4)),
    Case("np.fliplr(x) * np.flipud(x)", x=(3, 4)),
    *(Case(f"np.rot90(x, {k})", x=(3, 4)) for k in (1, 2, -1)),
    Case("np.rot90(x)", x=(2, 3, 4)),
    Case("np.tile(x, 3)", x=(4,)),
    Case("np.tile(x, n)", x=(4,), n=3),
    Case("np.tile(x, (2, 3))", x=(4,)),
    Case("np.tile(x, (2, 1, 3))", x=(3, 4)),
    Case("np.tile(x, 2)", x=(3, 4)),
    Case("np.repeat(x, 3)", x=(4,)),
    Case("x.repeat(2, axis=1)", x=(3, 4)),
    Case("np.repeat(x, 2)", x=(3, 4)),
    Case("np.repeat(x, n)", x=(4,), n=np.array([1, 0, 2, 3])),
    Case("np.repeat(a, 3)", a=1.3),
    Case("np.pad(x, 2)", x=(4,)),
    Case("np.pad(x, (1, 2))", x=(4,)),
    Case("np.pad(x, ((0, 1), (2, 0)))", x=(3, 4)),
    Case("np.pad(x, 1, constant_values=5.0)", x=(3, 4)),
    Case("np.pad(x, n)", x=(4,), n=2),
    *(Case(f"np.pad(x, 1, mode='{mode}')", x=(3, 4)) for mode in MODES),
    *(Case(f"np.pad(x, (2, 1), '{mode}')", x=(4,)) for mode in MODES),
    Case("np.pad(x, 1, mode='mean')", x=(4,)),
    Case("np.delete(x, 1)", x=(5,)),
    Case("np.delete(x, [0, -1])", x=(5,)),
    Case("np.delete(x, 1, axis=0)", x=(3, 4)),
    Case("np.insert(x, 2, a)", x=(4,), a=0.7),
    Case("np.tril(x) + np.triu(x, 1) * 2", x=(3, 4)),
    Case("np.diag(x)", x=(4,)),
    Case("np.diag(x, -1)", x=(4,)),
    Case("np.diag(x)", x=(4, 4)),
    *(Case(f"np.diag(x, k={k})", x=(3, 5)) for k in (0, 1, 3, -1)),
    Case("np.diagflat(x, 1)", x=(2, 2)),
    Case("np.tril(x) @ np.triu(x, 1)", x=(4,)),
    Case("y = x[0].copy()\ny[1:] *= 2\nz = x.T.astype(float)\nz[0] = y[:3]\nreturn z * x.T", x=(3, 4), single=False),
]
