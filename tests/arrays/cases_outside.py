"""Cases of arrays that do not come as arguments, and of classes that calculate otherwise than arrays do.

Never holds expected values but where differences say nothing.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HEADER = """import numpy as np
import scipy.signal
import scipy.sparse

WEIGHTS = np.array([0.5, 1.5, -2.0])
SPARSE = scipy.sparse.csr_matrix(np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 0.0]]))
MATRIX = np.eye(2).view(np.matrix)"""

CASES = [
    Case("WEIGHTS * a", a=0.7),
    Case("np.kaiser(4, 2.0) * a + scipy.signal.windows.tukey(4) * a**2", a=0.7),
    Case("np.ascontiguousarray(a) * x + a", x=(1,), a=0.7),
    Case("SPARSE @ x", x=(3,)),
    Case("SPARSE.T @ (SPARSE @ x) * x", x=(3,)),
    Case("x @ SPARSE", x=(2,)),
    Case("k = scipy.sparse.diags([1.0, 2.0])\nreturn x @ (k @ x)", x=(2,)),
    Case("SPARSE * x", x=(3,), refused="GG106"),
    Case("k = scipy.sparse.csr_array(np.eye(2))\nreturn k * a", a=0.7, refused="GG106"),
    Case("MATRIX * a", a=0.7, refused="GG106"),
    Case("m = np.matrix(n)\nreturn m * x", x=(2, 2), n=np.eye(2), refused="GG106"),
    Case("np.ma.array(n, mask=n > 0.5) * x", x=(2, 2), n=np.eye(2), refused="GG106"),
    Case("np.sum(np.log(np.exp(x)))", x=(3,)),
    Case("np.mean(np.exp(np.log(x)) / x)", x=(2, 3), positive=True),
    Case("sum(x.flat) * a", x=(2, 3), a=0.7),
]
