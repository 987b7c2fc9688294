"""Cases of summaries of samples and of densities of several variables.

Never holds expected values.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HEADER = (
    "import numpy as np\nfrom scipy import stats\nfrom scipy.stats import gmean, kurtosis, multivariate_normal, skew, zscore"
)
AXES = ("", ", axis=1", ", axis=None")
LEVELS = np.array([0.4, 0.9, 1.7, 0.6, 1.2])
CASES = [
    *(Case(f"stats.zscore(x{more})", x=(4, 5), single=False) for more in (*AXES, ", ddof=1")),
    *(Case(f"stats.{name}(x{more})", x=(4, 5), single=False) for name in ("skew", "kurtosis") for more in AXES),
    *(Case(f"{name}(x)", x=(6,), single=False) for name in ("skew", "kurtosis", "zscore")),
    Case("skew(x, bias=False)", x=(6,), single=False),
    Case("skew(x, axis=0, keepdims=True)", x=(6, 2), single=False),
    Case("kurtosis(x, fisher=False)", x=(6,), single=False),
    Case("kurtosis(x, bias=False)", x=(6,), single=False),
    Case("kurtosis(x, axis=1, fisher=False, bias=False)", x=(3, 6), single=False),
    Case("stats.moment(x, 3)", x=(5,), single=False),
    Case("stats.moment(x, order=2, axis=1)", x=(3, 4), single=False),
    Case("stats.variation(x, axis=1, ddof=1)", x=(3, 4), positive=True, single=False),
    Case("stats.tmean(x)", x=(3, 4), single=False),
    Case("gmean(x, weights=w)", x=(5,), w=(5,), positive=True, single=False),
    Case("gmean(x, axis=1, weights=w)", x=(3, 4), w=(3, 4), positive=True, single=False),
    Case("gmean(x, weights=[1.0, 2.0, 1.0, 0.5])", x=(4,), positive=True, single=False),
    Case("stats.entropy(p, q)", p=(5,), q=(5,), positive=True, single=False),
    Case("stats.entropy(p, q, base=2, axis=1)", p=(3, 4), q=(3, 4), positive=True, single=False),
    Case("stats.entropy(p, base=3)", p=(5,), positive=True, single=False),
    *(Case(f"stats.{name}(x{more})", x=(3, 4), positive=True, single=False) for name in ("gmean", "hmean", "sem", "entropy")
      for more in AXES if (name, more) != ("entropy", ", axis=None")),
    Case("gmean(a=x, axis=1, keepdims=True)", x=(3, 4), positive=True, single=False),
    *(Case(f"multivariate_normal.{name}(x, m, A @ A.T + np.eye(3))", x=shape, m=(3,), A=(3, 3), single=False)
      for name in ("logpdf", "pdf") for shape in ((3,), (4, 3))),
    Case("stats.pearsonr(x, y)[0] * stats.pearsonr(y, 2 * x).statistic", x=(4,), y=(4,), single=False),
    Case("r, p = stats.pearsonr(x, y)\nreturn r * x", x=(4,), y=(4,), single=False),
    Case("stats.pearsonr(x, y).pvalue", x=(4,), y=(4,), single=False, refused="GG106"),
    *(Case(f"stats.linregress(x, y).{name} * x", x=(4,), y=(4,), single=False) for name in ("slope", "intercept")),
    Case("found = stats.linregress(x, y)\nreturn found.slope * 0.3 + found.intercept", x=(4,), y=(4,), single=False),
    Case("a, b, r, p, se = stats.linregress(x, y)\nreturn a * x + b", x=(4,), y=(4,), single=False),
    Case("stats.linregress(x, y).rvalue", x=(4,), y=(4,), single=False, refused="GG106"),
    Case("multivariate_normal.logpdf(x, mean=m, cov=2.0)", x=(3,), m=(3,), single=False),
    Case("multivariate_normal.logpdf(x, mean=m, cov=s)", x=(3,), m=(3,), s=0.7, single=False),
    Case("multivariate_normal.logpdf(x)", x=(3,), single=False),
    Case("multivariate_normal.pdf(x, cov=s)", x=(3,), s=0.7, single=False, refused="GG106"),
    Case("multivariate_normal(m, A @ A.T + np.eye(3)).logpdf(x)", x=(2, 3), m=(3,), A=(3, 3), single=False),
    Case("stats.norm(m, np.exp(s)).logpdf(x)", x=(3,), m=(3,), s=0.3, single=False),
    Case("d = stats.gamma(2.5, scale=s)\nreturn d.logpdf(x) + d.cdf(0.7)", x=(3,), s=0.7, positive=True, single=False),
    Case("d = stats.norm(m)\nm = m * 2\nreturn d.pdf(x) + m", x=(3,), m=0.7, single=False, refused="GG107"),
    Case("d = stats.norm(m)\nm[0] = 2.0\nreturn d.pdf(x)", x=(3,), m=(3,), single=False, refused="GG107"),
    Case("multivariate_normal.logpdf(x, mean=m)", x=(2, 3), m=(3,), single=False),
    Case("multivariate_normal.logpdf(x, m, np.exp(s))", x=(2, 3), m=(3,), s=(3,), single=False),
    *(Case(f"stats.dirichlet.{name}(np.exp(x) / np.sum(np.exp(x)), np.exp(a))", x=(3,), a=(3,), single=False)
      for name in ("logpdf", "pdf")),
]
