"""Cases of what runs along an axis.

Never holds expected values but where differences say nothing.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HEADER = "import numpy as np\nimport scipy.integrate"
ZEROS = np.array([[0.0, 2.0, 0.0, 0.7], [3.0, 0.0, 1.1, 0.4], [0.5, 0.6, 0.7, 0.0]])
CASES = [
    *(Case(f"np.{name}(x, axis=1, where=x > 0.2)", x=(3, 4)) for name in ("nansum", "nanprod")),
    Case("np.trapezoid(x, t, axis=0)", x=(3, 4), t=np.array([0.0, 1.0, 2.5])),
    Case("np.trapezoid(x, np.cumsum(x**2, axis=0), axis=0) + np.trapezoid(x, dx=s, axis=0)", x=(3, 4), s=0.7),
    *(Case(f"np.add.reduceat(x, {given})", x=(4, 3)) for given in ("[0, 2]", "[0, 2, 1], 1", "np.array([1, 0]), axis=-1")),
    Case("np.multiply.reduceat(x, [0, 2])", x=(4,), refused="GG108"),
    *(Case(f"np.{name}(x)", x=(5,)) for name in ("cumsum", "cumprod", "diff", "gradient", "ediff1d", "trapezoid")),
    *(Case(f"np.{name}(x, axis=0)", x=(3, 4)) for name in ("cumsum", "cumprod", "diff", "gradient")),
    *(Case(f"np.{name}(x, axis=-1)", x=(3, 4)) for name in ("cumsum", "cumprod", "diff", "gradient", "trapezoid")),
    Case("np.cumsum(x)", x=(3, 4)),
    *(Case(f"0.3 * np.sum({text})", x=(3, 2), labels=np.array([1, -1, 2])) for text in (
        "np.maximum(0, 1 - labels * (x @ x[0]))", "np.cumsum(labels * x[:, 0])", "np.sort(labels * x[0, 0])",
    )),
    Case("x.cumsum(axis=1) * x.cumprod(axis=0)", x=(3, 4)),
    Case("np.cumprod(x, axis=1)", x=ZEROS),
    Case("np.nancumsum(x, axis=1)", x=np.array([[1.0, np.nan, 2.0], [0.4, 0.5, np.nan]])),
    Case("np.diff(x, 2)", x=(6,)),
    Case("np.diff(x, n=3, axis=0)", x=(5, 2)),
    Case("np.ediff1d(x)", x=(3, 4)),
    Case("np.gradient(x, h)", x=(5,), h=0.7),
    Case("np.gradient(x, t)", x=(5,), t=np.array([0.1, 0.4, 1.1, 1.3, 2.2])),
    Case("np.gradient(A, t, axis=0)", A=(3, 4), t=np.array([0.1, 0.4, 1.1])),
    Case("np.gradient(x, t)", x=(2,), t=np.array([0.1, 0.4])),
    Case("np.gradient(x, 0.5, axis=1)", x=(3, 4)),
    Case("np.trapezoid(f, t)", f=(5,), t=(5,)),
    Case("np.trapezoid(f, x=t)", f=(3, 5), t=(5,)),
    Case("np.trapezoid(f, dx=h)", f=(5,), h=0.3),
    Case("scipy.integrate.trapezoid(f, dx=0.1)", f=(2, 5)),
    Case("np.nancumprod(x, axis=1)", x=(3, 4)),
    Case("np.nancumprod(np.array([a, np.nan, a * a]))", a=0.7),
    Case("np.cumprod(x)", x=(3, 2)),
    Case("np.diff(x, prepend=a, append=2.0)", x=(4,), a=0.7),
    Case("np.diff(x, axis=0, prepend=y)", x=(3, 4), y=(2, 4)),
    Case("np.ediff1d(x, to_begin=a, to_end=[1.0, a])", x=(4,), a=0.7),
    *(Case(f"np.{name}.accumulate(x, axis=1)", x=(3, 4)) for name in ("add", "multiply", "maximum", "minimum")),
    Case("np.prod(x) * np.cumprod(x * h)", x=(3,), h=(3,)),
]
