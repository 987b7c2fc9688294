"""Cases of spreads, quantiles and averages, and of reductions that skip NaN.

Never holds expected values but where differences say nothing.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HOLES = np.array([[1.0, np.nan, -0.5, 2.0], [0.3, 0.7, np.nan, np.nan], [1.1, -1.2, 0.4, 0.9]])
KEYWORDS = ("", ", axis=0", ", axis=-1", ", axis=(0, 2)", ", axis=1, keepdims=True", ", keepdims=True")
SKIPPING = ("nansum", "nanmean", "nanprod", "nanmax", "nanmin", "nanvar", "nanstd")
LEVEL = np.full(4, 0.3)
KEPT = np.array([[True, False, True, True], [False, True, True, True], [True, True, True, False]])
SHARES = np.array([0.23, 0.81])
OTHER = ("hazen", "weibull", "median_unbiased", "normal_unbiased", "interpolated_inverted_cdf")
CASES = [
    *(Case(f"np.{name}(x{keywords})", x=(3, 2, 4)) for name in ("var", "std", "median") for keywords in KEYWORDS),
    *(Case(f"np.{name}(x, axis=1, ddof=1)", x=(3, 4)) for name in ("var", "std")),
    *(Case(f"x.{name}(ddof=1)", x=(6,)) for name in ("var", "std")),
    Case("np.std(x)", x=LEVEL, gives={"x": np.zeros(4)}),
    Case("np.std(x, axis=1)", x=np.stack([LEVEL, LEVEL]), gives={"x": np.zeros((2, 4))}),
    Case("np.median(x)", x=(5,)),
    Case("np.median(x)", x=(6,)),
    *(Case(f"np.quantile(x, 0.3{keywords})", x=(3, 2, 4)) for keywords in KEYWORDS),
    Case("np.percentile(x, 30, axis=1)", x=(3, 5)),
    Case("np.percentile(x, 100)", x=(5,)),
    *(Case(f"np.quantile(x, q{keywords})", x=(3, 2, 4), q=q) for keywords in (*KEYWORDS, ", axis=(0, 2)") for q in (0.3, SHARES)),
    Case("np.percentile(x, 100 * q, axis=0)", x=(4, 3), q=SHARES),
    Case("np.quantile(x, q, method='lower')", x=(5,), q=0.3),
    Case("np.quantile(x, q, method='hazen')", x=(5,), q=0.3, refused="GG106"),
    *(Case(f"np.quantile(x, {q}, axis=1, method='{method}')", x=(2, 5)) for method in OTHER for q in ("0.3", "[0.02, 0.55]")),
    Case("np.quantile(x, 0.3, method='inverted_cdf')", x=(5,), refused="GG106"),
    Case("np.average(x)", x=(3, 4)),
    Case("np.average(x, axis=1)", x=(3, 4)),
    Case("np.average(x, weights=w)", x=(3, 4), w=(3, 4), positive=True),
    Case("np.average(x, axis=1, weights=w)", x=(3, 4), w=(4,), positive=True),
    Case("np.average(x, axis=0, weights=w)", x=(3, 4), w=(3,), positive=True),
    *(Case(f"np.{name}(x{keywords})", x=HOLES) for name in SKIPPING for keywords in ("", ", axis=0", ", axis=1, keepdims=True")),
    Case("np.nanvar(x, ddof=1)", x=HOLES),
    Case("np.cov(x)", x=(3, 5)),
    Case("np.corrcoef(x)", x=(3, 5)),
    *(Case(f"np.quantile(x, 0.3, method='{method}')", x=(5,)) for method in ("lower", "higher", "nearest", "midpoint")),
    Case("np.quantile(x, [0.1, 0.5], axis=0)", x=(4, 3)),
    Case("p, q = np.percentile(x, [20, 70])\nreturn p * q", x=(5,)),
    Case("np.nanpercentile(np.where(mask, x, np.nan), [20, 70], axis=1)", x=(3, 4), mask=KEPT),
    *(Case(f"np.{name}(x, axis=1, ddof=1, where=mask)", x=(3, 4), mask=KEPT) for name in ("var", "std")),
    *(Case(f"np.{name}(x, where=mask)", x=(3, 4), mask=KEPT[:, :1]) for name in ("mean", "var", "std")),
    *(Case(f"np.{name}(x, axis=1, where=mask)", x=(3, 4), mask=KEPT[0]) for name in ("mean", "std", "prod")),
    Case("np.max(x, axis=1, where=mask, initial=-9.0)", x=(3, 4), mask=KEPT[0]),
    *(Case(f"np.{name}(list(x))", x=(4,)) for name in ("prod", "std")),
    Case("np.cov(x, y)", x=(5,), y=(5,)),
    Case("np.cov(x, y, ddof=0)[0, 1]", x=(5,), y=(5,)),
    Case("np.cov(x, rowvar=False, bias=True)", x=(5, 2)),
    Case("np.cov(x)", x=(5,)),
    Case("np.corrcoef(x, y)", x=(5,), y=(5,)),
    Case("np.corrcoef(x, rowvar=False)", x=(5, 2)),
]
