"""Cases of elementwise operations between arrays of all ranks: powers, choices, ties, functions that NumPy and SciPy share.

Never holds expected values but where differences say nothing.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HEADER = "import numpy as np\nimport scipy.special"

PAIRS = (
    ((3, 4), (4,)), ((3, 1), (4,)), ((5,), (3, 1)), ((3, 4), ()), ((), (3, 4)), ((1,), (2, 3)), ((2, 1, 3), (4, 1)), ((0,), ()),
)
OPERATIONS = (
    "a / b", "a ** b", "a % b", "np.maximum(a, b)", "np.minimum(3 * a, b)", "np.fmax(a, b)", "np.fmin(a, b)", "np.hypot(a, b)",
    "np.arctan2(a, b)", "np.logaddexp(a, b)", "np.copysign(a, b)", "np.where(a > b, a * b, a - b)", "np.clip(a, b, 1.5)",
    "np.clip(a, 0.6, b)", "scipy.special.xlogy(a, b)", "scipy.special.rel_entr(a, b)", "scipy.special.beta(a, b)",
)
PARTS = ("-x[:, :2] / x[:, 2:]", "(x[:, :2] - 2 * x[:, 2:]) ** 2")  # one column or two: the text cannot tell
CASES = [
    *(Case(text, positive=True, a=left, b=right) for text in OPERATIONS for left, right in PAIRS),
    Case("x ** 2.5", positive=True, x=(2, 3)),
    *(Case(text, positive=True, x=shape) for text in PARTS for shape in ((4, 3), (4, 4))),
    Case("x ** n", x=(2, 3), n=np.array([0, 1, 3])),
    Case("x ** n", x=(2, 3), n=2),
    Case("2.0 ** x", x=(3,)),
    Case("np.sinc(x)", x=(2, 3), single=False),
    Case("scipy.special.fresnel(x)[1] * scipy.special.sici(1 + x**2)[0]", x=(2, 3), single=False),
    Case("np.i0(x)", x=(3,), single=False),
    Case("np.where(flag, x, y)", flag=True, x=(3,), y=(3,)),
    Case("np.where(flags, x * y, y)", flags=np.array([1, 0, 2]), x=(3,), y=()),
    Case("np.heaviside(place, x)", place=0.0, wrt="x", x=(3,)),
    Case("x * 2 if flag else y * x", flag=True, x=(3,), y=(3,)),
    Case("x * 2 if flag else y * x", flag=False, x=(3,), y=(3,)),

    # where there is no slope: by hand
    Case("np.maximum(x, 0)", x=np.array([-1.0, 0.0, 2.0]), gives={"x": [0.0, 0.5, 1.0]}),
    Case("np.minimum(x, y)", x=np.array([1.0, 3.0]), y=np.array([1.0, 2.0]), gives={"x": [0.5, 0.0], "y": [0.5, 1.0]}),
    Case("np.fmax(x, y)", x=np.array([np.nan, 3.0]), y=np.array([1.0, 3.0]), gives={"x": [0.0, 0.5], "y": [1.0, 0.5]}),
    Case("np.clip(x, -1, 1)", x=np.array([-1.0, 0.3, 1.0, 1.5]), gives={"x": [1.0, 1.0, 1.0, 0.0]}),
    Case("np.abs(x)", x=np.array([-2.0, 0.0, 2.0]), gives={"x": [-1.0, 0.0, 1.0]}),
    Case("x ** y", x=np.array([0.0, 0.0, 2.0]), y=np.array([0.0, 2.0, 0.0]),
         gives={"x": [0.0, 0.0, 0.0], "y": [0.0, 0.0, np.log(2.0)]}),
    Case("x ** y", x=np.array([0.0, 3.0]), y=0.0, gives={"x": [0.0, 0.0], "y": np.log(3.0)}),
    Case("x ** n", x=np.array([0.0, 0.0, -2.0]), n=np.array([0, 1, 2]), gives={"x": [0.0, 1.0, -4.0]}),
    Case("np.power(x, [1.0, 2.0, 0.0])", x=(3,)),
]
