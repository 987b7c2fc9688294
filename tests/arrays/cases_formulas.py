"""Cases of functions that are short formulas of others.

Never holds expected values.
"""
from __future__ import annotations

import numpy as np
import scipy

from .case import Case

HEADER = """
import numpy as np
import scipy.linalg
from numpy.polynomial import chebyshev, hermite, laguerre, legendre, polynomial
from scipy import optimize, spatial, stats
"""
C = np.array([9.0, 0.4, -0.7, 1.1])
MATRIX_OF_DISTANCES = [  # deprecated since SciPy 1.18
    Case("spatial.distance_matrix(x, y)", x=(3, 2), y=(4, 2), single=False)
    for _ in range(tuple(map(int, scipy.__version__.split(".")[:2])) < (1, 18))
]
CASES = [
    Case("stats.zmap(x, y) * stats.zmap(x, y, ddof=1)", x=(4,), y=(4,), single=False),
    Case("stats.zmap(x, y, axis=1)", x=(3, 4), y=(3, 4), single=False),
    Case("stats.gzscore(x) + stats.pmean(x, 3) * stats.pmean(x, s)", x=(4,), s=1.2, positive=True, single=False),
    Case("stats.pmean(x, 2, axis=1)", x=(3, 4), positive=True, single=False),
    Case("stats.iqr(x, axis=0) * stats.tvar(x) + stats.tstd(x, ddof=0)", x=(5, 2), single=False),
    Case("stats.tvar(x, (0.0, 1.0))", x=(5,), refused="GG107"),
    Case("stats.iqr(x, rng=(10, 90))", x=(5,), refused="GG107"),
    Case("stats.iqr(x) * stats.scoreatpercentile(x, 30)", x=(5,), single=False),
    Case("y = x.ravel()\nreturn stats.median_abs_deviation(x, axis=1) * stats.median_abs_deviation(y)", x=(3, 4), single=False),
    Case("stats.boxcox_llf(s, x) * stats.boxcox_llf(0.5, np.exp(x))", x=(5,), s=0.7, positive=True, single=False),
    Case("spatial.distance.mahalanobis(x, y, A @ A.T + np.eye(3))", x=(3,), y=(3,), A=(3, 3), single=False),
    Case("spatial.distance.canberra(x, y) * spatial.distance.braycurtis(x, y)", x=(4,), y=(4,), positive=True, single=False),
    *MATRIX_OF_DISTANCES,
    Case("scipy.linalg.solve_circulant(c, x) * scipy.linalg.matmul_toeplitz(c, x)", c=C, x=(4,), single=False),
    Case("scipy.linalg.companion(c) @ scipy.linalg.leslie(x, x[1:])", c=C, x=(3,), single=False),
    Case("scipy.linalg.tanm(A / 9)", A=(3, 3), single=False),
    Case("stats.gamma.entropy(x, scale=s) + stats.beta.entropy(x, s)", x=(3,), s=1.2, positive=True, single=False),
    Case("stats.norm.entropy(0.0, x) * stats.chi2.entropy(s) + stats.lognorm.entropy(x)", x=(3,), s=1.2, positive=True,
         single=False),
    Case("optimize.rosen(x) * s", x=(4,), s=0.7, single=False),
    Case("np.union1d(x, y) * s", x=(3,), y=(2,), s=0.7, single=False),
    Case("polynomial.polyvalfromroots(x, r) * polynomial.polyval2d(x, x, A)", x=(3,), r=(2,), A=(2, 3), single=False),
    Case("polynomial.polygrid2d(x, r, A).sum() * polynomial.polymulx(r) * polynomial.polyline(s, 2.0)[0]", x=(3,), r=(2,),
         A=(2, 3),
         s=0.7, single=False),
    *(Case(f"{name}val2d(x, x, A) * {name}grid2d(x, x, A)", x=(3,), A=(2, 3), single=False)
      for name in ("chebyshev.cheb", "legendre.leg", "hermite.herm", "laguerre.lag")),
    Case("stats.norm.mean(x, s) * stats.norm.std(0.3, s) + stats.gamma.var(s, scale=x)", x=(3,), s=0.7, positive=True,
         single=False),
    Case("stats.beta.mean(x, s) * stats.lognorm.mean(x) + stats.binom.var(5, s) * stats.poisson.mean(x)", x=(3,), s=0.7,
         positive=True, single=False),
]
