"""Cases of convolutions, correlations and filters.

Never holds expected values.
"""
from __future__ import annotations

from .case import Case

HEADER = "import numpy as np\nimport scipy.signal\nfrom scipy import signal"
MODES = ("full", "same", "valid")
CASES = [
    *(Case(f"np.{name}(x, h, '{mode}')", x=(n,), h=(m,)) for name in ("convolve", "correlate") for mode in MODES
      for n, m in ((7, 3), (6, 4), (3, 6), (5, 2))),
    *(Case(f"signal.{name}(x, h, mode='{mode}')", x=(n,), h=(m,), single=False)
      for name in ("convolve", "correlate", "fftconvolve") for mode in MODES for n, m in ((7, 3), (6, 4))),
    Case("np.convolve(a=x, v=h)", x=(5,), h=(3,)),
    Case("np.correlate(x, h)", x=(5,), h=(3,)),
    Case("np.convolve(x, [1.0, -0.5, 0.25])", x=(5,)),
    Case("np.convolve(x, h, mode=m)", x=(5,), h=(3,), m="same", refused="GG106"),
    Case("scipy.signal.oaconvolve(x, h)", x=(5,), h=(3,), single=False),
    Case("scipy.signal.convolve(in1=x, in2=h, method='direct')", x=(5,), h=(3,), single=False),
    *(Case(f"signal.{name}(x, k, '{mode}')", x=(4, 5), k=(n, m), single=False)
      for name in ("convolve2d", "correlate2d", "fftconvolve") for mode in MODES for n, m in ((2, 3), (3, 3))),
    Case("signal.convolve2d(x, k, boundary='wrap')", x=(4, 5), k=(2, 3), single=False, refused="GG106"),
    Case("signal.lfilter(h, [1.0, 0.5], x)", x=(7,), h=(3,), single=False),
    Case("signal.lfilter(h, 2.0, x)", x=(7,), h=(3,), single=False),
    Case("signal.lfilter([1.0, 0.3], np.concatenate([[1.5], 0.1 * h]), x)", x=(7,), h=(3,), single=False),
    Case("signal.lfilter([0.2, 0.3], [1.0, -0.4], x)", x=(3, 5), single=False),
    Case("signal.lfilter([0.2, 0.3], [1.0, -0.4], x, axis=0)", x=(5, 3), single=False),
    Case("signal.lfilter(h, np.concatenate([[1.5], 0.1 * h]), x)", x=(2, 5), h=(3,), single=False),
    Case("signal.lfilter(h, [1.0, 0.5], x, zi=[0.1, 0.2])[0]", x=(7,), h=(3,), single=False),
    Case("signal.detrend(x)", x=(6,), single=False),
    Case("signal.detrend(x, type='constant')", x=(6,), single=False),
    Case("signal.detrend(data=x, axis=0)", x=(6, 2), single=False),
]
