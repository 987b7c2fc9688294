"""Cases of what gives an array other axes.

Never holds expected values but where differences say nothing.
"""
from __future__ import annotations

import numpy as np

from .case import Case

CASES = [
    Case("np.reshape(x, (4, 3))", x=(3, 4)),
    Case("x.reshape(2, -1) * 2", x=(3, 4)),
    Case("x.reshape((4, 3), order='F')", x=(3, 4)),
    Case("np.ravel(x) * x.flatten()", x=(3, 4)),
    Case("np.transpose(x) * 2 + x.T", x=(3, 4)),
    Case("np.transpose(x, (2, 0, 1))", x=(2, 3, 4)),
    Case("x.transpose(2, 0, 1)", x=(2, 3, 4)),
    Case("np.matrix_transpose(x)", x=(2, 3, 4)),
    Case("np.swapaxes(x, 0, 2)", x=(2, 3, 4)),
    Case("x.swapaxes(-1, 0) * x.T", x=(2, 3)),
    Case("np.moveaxis(x, 0, -1)", x=(2, 3, 4)),
    Case("np.moveaxis(x, (0, 1), (-1, 0))", x=(2, 3, 4)),
    *(Case(f"np.rollaxis(x, {axis}, {start})", x=(2, 3, 4)) for axis, start in ((2, 0), (0, 3), (1, 1), (-1, 1), (0, 2))),
    Case("np.squeeze(x)", x=(3, 1, 4)),
    Case("np.squeeze(x, axis=1) * 2", x=(3, 1, 4)),
    Case("x.squeeze()", x=(3, 1)),
    Case("np.expand_dims(x, 1)", x=(3, 4)),
    Case("np.expand_dims(x, axis=(0, -1))", x=(3, 4)),
    *(Case(f"np.atleast_{rank}d(x)", x=shape) for rank in (1, 2, 3) for shape in ((3,), (3, 4), (2, 3, 4))),
    *(Case(f"np.atleast_{rank}d(a) * x", a=1.3, x=(3,)) for rank in (1, 2, 3)),
    Case("np.broadcast_to(x, (3, 4))", x=(4,)),
    Case("np.mean(np.broadcast_to(x, (3, 4)))", x=(3, 1)),
    Case("np.sum(np.broadcast_to(a, (3, 4)))", a=1.3),
    Case("np.sum(np.reshape(x, (4, 3)))", x=(3, 4)),
    Case("np.reshape(x, (0, 2))", x=np.zeros((2, 0))),
]
