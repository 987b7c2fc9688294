"""Cases of calls that replace or add to some elements of an array.

Never holds expected values but where differences say nothing.
"""
from __future__ import annotations

import numpy as np

from .case import Case

TWICE = np.array([0, 2, 0])
BEST = np.array([[1], [0], [2]])


def stored(line: str, **arguments: object) -> Case:
    """A statement that changes a copy `y` of `x * x`."""
    return Case(f"y = x * x\n{line}\nreturn y * x", **arguments)


CASES = [
    stored("np.put(y, [0, 4], [a, 2.0])", x=(2, 3), a=0.7),
    stored("y.put([1, 3], v)", x=(2, 3), v=(2,)),
    stored("np.putmask(y, x > 0, v)", x=(2, 3), v=(2,)),
    stored("np.place(y, x > 0, v)", x=(2, 3), v=(4,)),
    stored("np.fill_diagonal(y, a)", x=(2, 3), a=0.7),
    stored("np.put_along_axis(y, best, v, axis=1)", x=(3, 3), best=BEST, v=(3, 1)),
    stored("y.flat[::2] = v", x=(2, 3), v=(3,)),
    stored("y.flat = v", x=(2, 3), v=(2,)),
    stored("y.flat[:5] = v", x=(2, 3), v=(3,)),
    stored("np.add.at(y, twice, v * a)", x=(3,), v=(3,), a=0.7, twice=TWICE),
    stored("np.add.at(y, (twice, 1), a)", x=(3, 2), a=0.7, twice=TWICE),
    stored("np.subtract.at(y, twice, v)", x=(3, 2), v=(3, 2), twice=TWICE),
    stored("np.exp(y, out=y)", x=(3,)),
    stored("np.multiply(y, v, out=y)\nnp.sqrt(np.abs(y), out=y, where=x > 0)", x=(3,), v=(3,)),
]
