"""Cases of sums of exponentials.

Never holds expected values but where differences say nothing: weights of exactly 0.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HEADER = "import numpy as np\nfrom scipy.special import entr, log_softmax, logsumexp, softmax"
FAR = np.array([700.0, 701.0, -800.0])

CASES = [
    Case("logsumexp(x)", x=(4,)),
    Case("logsumexp(x)", x=(3, 4)),
    Case("logsumexp(x, axis=0)", x=(3, 4)),
    Case("logsumexp(x, axis=1)", x=(3, 4)),
    Case("logsumexp(a=x, axis=-1)", x=(3, 4)),
    Case("logsumexp(x, axis=(0, 2))", x=(2, 3, 4)),
    Case("x - logsumexp(x, axis=1, keepdims=True)", x=(3, 4)),
    Case("logsumexp(x, b=b)", x=(4,), b=(4,), positive=True),
    Case("logsumexp(x, axis=1, b=b)", x=(3, 4), b=(3, 4), positive=True),
    Case("logsumexp(x, axis=1, b=b)", x=(3, 4), b=(4,), positive=True),
    Case("logsumexp(x, axis=1, b=2.0)", x=(3, 4), positive=True),
    Case("logsumexp(x)", x=FAR, gives={"x": [1 / (1 + np.e), np.e / (1 + np.e), 0.0]}),
    Case("logsumexp(np.array([-np.inf, 1.0]) + x)", x=(2,)),
    Case("logsumexp(x, return_sign=True)[0]", x=(4,)),
    Case("logsumexp(x, axis=1, b=b, return_sign=True)[0]", x=(3, 4), b=(3, 4)),
    Case("softmax(x)", x=(4,)),
    Case("softmax(x, axis=1)", x=(3, 4)),
    Case("softmax(x, axis=0) @ v", x=(3, 4), v=(4,)),
    Case("np.sum(entr(softmax(x, axis=1)), axis=1)", x=(3, 4)),
    Case("-3.0 * softmax(-x)", x=(4,)),
    Case("softmax(x)", x=(3, 4)),
    Case("log_softmax(x)", x=(4,)),
    Case("log_softmax(x, axis=-1)", x=(3, 4)),
    Case("log_softmax(x, axis=1)[np.arange(3), [0, 2, 1]]", x=(3, 4)),
]
