"""Cases of what picks, orders or looks up elements.

Never holds expected values but where differences say nothing.
"""
from __future__ import annotations

import numpy as np

from .case import Case

PLACES = np.array([2, 0, 2])
ROWS = np.array([[1, 0], [2, 2], [0, 1]])
MASK = np.array([True, False, True])
XP = np.array([-1.0, 0.2, 0.9, 2.5])
CASES = [
    Case("np.sqrt(x)[np.arange(len(labels)), labels]", x=np.array([[4.0, 0.0], [0.0, 25.0]]), labels=np.array([0, 1]),
         gives={"x": [[0.25, 0.0], [0.0, 0.1]]}),
    Case("(x - np.log(np.sum(np.exp(x), axis=1, keepdims=True)))[np.arange(3), labels]", x=(3, 4), labels=np.array([2, 0, 2])),
    Case("np.take(x, i)", x=(4,), i=PLACES),
    Case("x.take(i)", x=(3, 2), i=PLACES),
    Case("np.take(x, i, axis=1) ** 2", x=(2, 3), i=PLACES),
    Case("np.take(x, i, axis=0)", x=(3, 2), i=ROWS),
    Case("np.take(x, 1, axis=-1)", x=(3, 2)),
    Case("np.take_along_axis(x, j, axis=1)", x=(3, 4), j=ROWS),
    Case("np.take_along_axis(x, np.argsort(x, axis=0), axis=0)", x=(3, 4)),
    Case("np.compress(m, x)", x=(3,), m=MASK),
    Case("np.compress(m, x, axis=1)", x=(2, 3), m=MASK),
    Case("np.extract(x > 0, x) ** 2", x=(3, 4)),
    Case("np.choose(i, [x, 2 * x, a])", x=(3,), i=PLACES, a=0.7),
    Case("np.select([x > 1, x > -1], [x**2, a * x], 3 * x)", x=(5,), a=0.7),
    Case("np.select([x > 1, x > -1], [x**2, x])", x=(5,)),
    Case("np.select([x > 1, a > 0], [x, a**2], 3 * a) + np.select([a > 1], [a], a**3)", x=(), a=0.7),
    Case("np.sort(x)", x=(5,)),
    Case("np.sort(x, axis=0)", x=(3, 4)),
    Case("np.sort(x) * np.arange(1.0, 5.0)", x=(3, 4)),
    Case("np.partition(x, 2)[2]", x=(5,)),
    Case("x[np.argsort(x)] * x[x.argsort()]", x=(5,)),
    Case("x[np.argpartition(x, 2)][2]", x=(5,)),
    Case("place = (slice(None), 0)\nreturn x[place] * v", x=(3, 4), v=(3,)),
    Case("place = (0, 1)\nreturn x[place] * v", x=(3, 4), v=(3,)),
    Case("place = (np.arange(3), [0, 2, 1])\nreturn x[place] * v", x=(3, 4), v=(3,)),
    Case("for place in [(0, 1), (2, 3)]:\n    v = v * x[place]\nreturn v", x=(3, 4), v=(3,)),
    Case("x[place] * v", x=(3, 4), v=(3,), place=(slice(None), 2), wrt="x v"),
    Case("np.interp(x, xp, fp)", x=(6,), xp=XP, fp=(4,)),
    Case("np.interp(a, xp, fp)", a=0.4, xp=XP, fp=(4,)),
    Case("np.interp(a, xp, fp)", a=9.0, xp=XP, fp=(4,)),
    Case("np.interp(np.concatenate([x, x - 9, x + 9]), xp, fp, left=l, right=r)", x=(6,), xp=XP, fp=(4,), l=0.3, r=1.1),
    Case("np.interp(np.concatenate([x, x - 9, x + 9]), xp, fp, left=0.0)", x=(6,), xp=XP, fp=(4,)),
    Case("np.interp(4 * x, xp, fp, period=3.0)", x=(6,), xp=XP, fp=(4,)),
    Case("np.interp(x, xp, fp, period=a)", x=(6,), xp=XP, fp=(4,), a=3.0, refused="GG106"),
    Case("i = np.searchsorted(xp, 0.5)\nj = np.digitize(0.5, xp)\nreturn xp[i] * xp[j - 1]", xp=XP),
    Case("x[np.flatnonzero(x > 0)]", x=(5,)),
    Case("x * np.bincount(i)", x=(3,), i=PLACES, single=False),
    Case("np.unique(x)", x=(5,)),
    Case("np.unwrap(x * 5)", x=(5,)),
    Case("x * np.isin(i, [0, 1])", x=(3,), i=PLACES),
]
