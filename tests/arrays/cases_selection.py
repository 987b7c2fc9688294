"""Cases of elements that are left out where the slope has no bound: they get exactly 0, and nothing is warned of.

The gradients are written by hand.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HEADER = "import numpy as np\nimport scipy.special"
ROOTS = np.array([0.0, 1.0, 4.0])
SLOPES = {"x": [0.0, 0.5, 0.25]}
HOLES = np.array([np.nan, 1.0, 2.0])
SQUARES = {"x": [0.0, 0.0, 4.0]}
SKIPPED = (
    ("nanmax", [0, 0, 2]), ("nanmin", [0, 1, 0]), ("nanmedian", [0, 0.5, 1]), ("nancumsum", [0, 2, 2]), ("nancumprod", [0, 9, 2]),
    ("nanvar", [0, -3.5, 7]), ("nanstd", [0, -0.5, 1]),
)
KEPT = (("sum", "", [0, 1, 2]), ("mean", "", [0, 0.5, 1]), ("max", ", initial=0", [0, 0, 2]), ("prod", "", [0, 8, 2]))
CASES = [
    Case("np.where(x > 0, np.sqrt(x), 0)", x=ROOTS, gives=SLOPES),
    Case("np.where(x <= 0, 0, np.sqrt(x))", x=ROOTS, gives=SLOPES),
    Case("s = np.sqrt(x)\nreturn np.where(x > 0, s, 0)", x=ROOTS, gives=SLOPES),
    Case("s = np.sqrt(x)\nt = 2 * s\nreturn np.where(x > 0, t / 2, x)", x=ROOTS, gives={"x": [1.0, 0.5, 0.25]}),
    Case("np.sum(np.sqrt(x)[1:])", x=ROOTS, gives=SLOPES),
    Case("s = np.sqrt(x)\nreturn s[1] + s[2]", x=ROOTS, gives=SLOPES),
    Case("s = np.sqrt(x)\nreturn np.sum(s[[1, 2]])", x=ROOTS, gives=SLOPES),
    Case("s = np.sqrt(x)\nreturn np.sum(s[x > 0])", x=ROOTS, gives=SLOPES),
    Case("y = np.sqrt(x)\ny[x == 0] = 1.0\nreturn np.sum(y)", x=ROOTS, gives=SLOPES),
    Case("y = np.sqrt(x)\ny[0] = 1.0\nreturn y", x=ROOTS, gives=SLOPES),
    Case("np.max(np.sqrt(x))", x=ROOTS, gives={"x": [0.0, 0.0, 0.25]}),
    Case("np.max(np.sqrt(x).reshape(1, 3) * 2, axis=1)", x=ROOTS, gives={"x": [0.0, 0.0, 0.5]}),
    Case("np.maximum(np.sqrt(x), 0.5)", x=ROOTS, gives=SLOPES),
    Case("np.clip(np.sqrt(x), 0.5, 9)", x=ROOTS, gives=SLOPES),
    Case("r = (x - t)**2\nreturn np.sum(np.where(np.isnan(t), 0, r))", wrt="x", x=ROOTS, t=HOLES, gives=SQUARES),
    Case("np.sum(np.where(np.isnan(t), 0, (x - t)**2))", wrt="x", x=ROOTS, t=HOLES, gives=SQUARES),
    Case("r = (x - t)**2\nreturn np.sum(r[~np.isnan(t)])", wrt="x", x=ROOTS, t=HOLES, gives=SQUARES),
    *(Case(f"np.{name}(x * t)", wrt="x", x=ROOTS, t=HOLES, gives={"x": slopes}) for name, slopes in SKIPPED),
    *(Case(f"np.{name}(x * t, where=t == t{first})", wrt="x", x=ROOTS, t=HOLES, gives={"x": slopes})
      for name, first, slopes in KEPT),
    Case("scipy.special.xlogy(n, x)", wrt="x", n=np.array([0.0, 2.0]), x=np.array([0.0, 4.0]), gives={"x": [0.0, 0.5]}),
    Case("np.hypot(x, y)", x=np.array([0.0, 3.0]), y=np.array([0.0, 4.0]), gives={"x": [0.0, 0.6], "y": [0.0, 0.8]}),
    Case("np.where(x != y, x**2, y) * x", x=(4,), y=(4,)),
]
