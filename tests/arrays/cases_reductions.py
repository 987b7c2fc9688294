"""Cases of reductions.

Never holds expected values but where differences say nothing.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HEADER = "import numpy as np\nfrom scipy.special import log_softmax, logsumexp, softmax"
MASK = np.array([[True, False, True, True], [False, True, True, False], [True, True, True, True]])
KEYWORDS = ("", ", axis=0", ", axis=-1", ", axis=(0, 2)", ", axis=1, keepdims=True", ", keepdims=True", ", axis=None")
CASES = [
    *(Case(f"np.{name}(x{keywords})", x=(3, 2, 4)) for name in ("sum", "mean", "prod", "max", "min") for keywords in KEYWORDS),
    *(Case(f"np.ptp(x{keywords})", x=(3, 2, 4)) for keywords in KEYWORDS),
    *(Case(f"np.{name}(x)", x=(5,)) for name in ("sum", "mean", "prod", "max", "min", "ptp")),
    *(Case(f"x.{name}(axis=1)", x=(3, 4)) for name in ("sum", "mean", "prod", "max", "min")),
    *(Case(f"x.{name}(1)", x=(3, 4)) for name in ("sum", "mean", "prod", "max", "min")),
    *(Case(f"np.{name}(a=x, axis=0)", x=(3, 4)) for name in ("sum", "mean", "prod", "max", "min")),
    *(Case(f"np.{name}(x, axis=axis)", x=(3, 4), axis=1) for name in ("sum", "mean", "prod", "max", "min")),
    *(Case(f"np.{name}(x, 0)", x=np.arange(1, 7).reshape(2, 3), wrt="x") for name in ("sum", "mean", "prod")),
    Case("np.sum(x, axis=1)", x=(3, 4)),
    Case("np.mean(x, axis=0)", x=(3, 4)),
    Case("np.mean(x, axis=(1, 0)) * 2", x=(3, 4)),
    Case("np.sum(x, axis=0, where=mask)", x=(3, 4), mask=MASK),
    Case("np.mean(x, axis=1, where=mask)", x=(3, 4), mask=MASK),
    Case("np.sum(x, initial=a)", x=(3, 4), a=0.7),
    Case("np.max(x, axis=1, where=mask, initial=-9.0)", x=(3, 4), mask=MASK),
    Case("np.sum(x, dtype=float)", x=(3, 4)),
    Case("np.sum(x, axis=0, out=y)", x=(3, 4), y=np.zeros(4), wrt="x", refused="GG106"),
    Case("np.sum(x)", x=np.zeros((0, 3))),
    Case("np.sum(x, axis=0)", x=np.zeros((0, 3))),
    Case("np.prod(x, axis=0)", x=np.array([[0.0, 2.0, 0.0], [3.0, 5.0, 0.0]])),
    Case("np.max(x)", x=np.array([1.0, 3.0, 3.0]), gives={"x": [0.0, 0.5, 0.5]}),
    Case("np.amin(x, axis=1)", x=np.array([[1.0, 1.0, 4.0], [2.0, 3.0, 5.0]]), gives={"x": [[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]]}),
    Case("np.max([a, b, a * b])", a=1.3, b=0.7),
    Case("x if np.all(x > 5) or np.any(np.isnan(x)) else x**2", x=(4,)),
    Case("i = np.nanargmax(x)\nj = np.nanargmin(x)\nreturn x * np.count_nonzero(x > 0) + x[i] - x[j]", x=(4,), single=False),
    Case("i = np.argmax(x)\nj = np.argmin(x)\nreturn x[i] * x[j]", x=(5,)),
    Case("logsumexp(x)", x=(5,)),
    Case("logsumexp(x, axis=1)", x=(3, 4)),
    Case("logsumexp(x, axis=1, keepdims=True)", x=(3, 4)),
    Case("logsumexp(x, axis=1, b=b)", x=(3, 4), b=(3, 4), positive=True),
    Case("softmax(x)", x=(5,)),
    Case("softmax(x, axis=1)", x=(3, 4)),
    Case("log_softmax(x, axis=-1)", x=(3, 4)),
]
