"""Cases of functions applied along axes and to entries, of shapes spread over a call, of densities that are estimated.

Never holds expected values.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HEADER = (
    "import functools\nimport math\nimport numpy as np\nfrom scipy import stats\nfrom scipy.stats import gaussian_kde\n"
    "from scipy.optimize import fsolve, root\n"
    "def unit(row): return row / np.sqrt(np.sum(row**2))\ndef weighed(row, by): return row @ by"
)
SAMPLES, PLACES = np.array([0.3, 1.2, 0.7, -0.4, 0.5, 0.9]), np.array([0.2, 1.3, -0.4])
CASES = [
    # shapes
    Case("shape = A.shape\nreturn (A.ravel() * 2).reshape(*shape)", A=(3, 4)),
    Case("A.reshape(*A.shape, 1) * T.reshape(*T.shape[:1], 2, 2, 1).sum()", A=(3, 4), T=(2, 4)),
    Case("T.reshape(*T.shape[:-1], -1, 2)", T=(2, 3, 4)),
    Case("axes = (1, 2, 0)\nreturn T.transpose(*axes)", T=(2, 3, 4)),
    Case("p, q = np.atleast_1d(a, x)\nreturn p * q", a=0.7, x=(3,)),
    Case("np.atleast_2d(x, y)[1] * 2", x=(3,), y=(2, 3), single=False),
    Case("T[1, :, [0, 2]]", T=(2, 3, 4)),
    Case("np.sum([np.sin(x), y], axis=1)", x=(3,), y=(3,)),
    Case("np.mean([x, 2 * y], axis=-1, keepdims=True)", x=(3,), y=(3,)),
    Case("np.full(shape=3, fill_value=a) * np.full_like(x, fill_value=a)", a=0.7, x=(3,), single=False),
    Case("np.median(x, overwrite_input=True)", x=(4,), refused="GG106"),
    Case("np.percentile(x, 30, overwrite_input=True)", x=(4,), refused="GG106"),
    # functions along axes
    *(Case(f"np.apply_along_axis({function}, {axis}, A)", A=(3, 4))
      for function in ("unit", "lambda row: row / row.sum()", "lambda row: np.sum(row**2)") for axis in (0, 1, -1)),
    Case("np.apply_along_axis(axis=1, func1d=lambda row: row @ x, arr=A) * 2", A=(3, 4), x=(4,)),
    *(Case(f"np.apply_over_axes(np.{name}, T, {axes})", T=(2, 3, 4)) for name in ("sum", "mean", "max")
      for axes in ("[0, 2]", "1")),
    Case("functools.reduce(np.dot, [A.T, A, x])", A=(3, 4), x=(4,)),
    Case("functools.reduce(np.add, (x, y), 2.0)", x=(4,), y=(4,)),
    Case("total = 0.0\nfor k, t in enumerate(A.flat): total += t**2 * k\nreturn total", A=(2, 3)),
    Case("sum(t**3 for t in x.flat)", x=(3,)),
    Case("np.subtract(*np.percentile(x, [75, 25]))", x=(7,)),
    # lists beside arrays
    Case("(x + [1.0, 2.0, 3.0]) * (3, a, a**2) + [0.5] * x", x=(3,), a=0.7, single=False),
    Case("A = A * 1.0\nA *= [[1.0], [2.0], [3.0]]\nreturn A + [1, 2, 3, 4]", A=(3, 4), single=False),
    # functions of entries
    Case("np.vectorize(math.sin)(x) * np.vectorize(math.pow)(x, 2.0)", x=(3,), single=False),
    Case("f = np.vectorize(lambda t, k: math.exp(-k * t))\nreturn f(x, a) + f(2 * x, 0.3)", x=(3,), a=0.7, single=False),
    Case("@np.vectorize\ndef f(t): return t * t + a if t > 0 else t\nreturn f(x)", x=(3,), a=0.7, single=False),
    # densities
    *(Case(f"gaussian_kde(x{more})(t)", x=SAMPLES, t=t, single=False)
      for more in ("", ", 0.5", ", bw_method='silverman'") for t in (PLACES, 0.6)),
    Case("density = gaussian_kde(x)\nreturn density.logpdf(t) + density.evaluate(t) * density.pdf(t)", x=SAMPLES, t=PLACES,
         single=False),
    Case("gaussian_kde(np.array([0.1, 0.5, 0.9]))(t)", t=PLACES, single=False),
    Case("stats.gaussian_kde(x, weights=[1, 2, 1])(t)", x=SAMPLES[:3], t=PLACES, single=False, refused="GG106"),
    Case("gaussian_kde(A)(t)", A=(2, 6), t=(2, 3), single=False, refused="GG106"),
    # one unknown among arrays
    *(Case(f"np.sum(x) * {solved}", x=(3,), q=1.7, single=False) for solved in (
        "fsolve(lambda t: t**2 - q, 1.0, xtol=1e-13)[0]", "fsolve(lambda t: t**2 - q, [1.0], xtol=1e-13).item()",
        "root(lambda t: t**2 - q, 1.0, tol=1e-13).x[0]", "float(fsolve(lambda t, c: t**2 - c, 1.0, args=(q,), xtol=1e-13)[0])",
    )),
    Case("fsolve(lambda t, c: t**2 - c, x0=1.0, args=q, xtol=1e-13)", q=1.7, single=False),
    Case("2 * fsolve(lambda t: t**2 - q, 1.0, xtol=1e-13) + x", x=(3,), q=1.7, single=False),
    # lists of numbers, operators by their methods
    *(Case(text, x=(3,)) for text in ("x + [1, 2, 3]", "(1.0, 2.0, 3.0) * x", "np.sum(x - [1, 2, 3])", "[1, 2, 3] / x")),
    Case("x.__neg__() * x.__rsub__(1.0) + x.__abs__() ** 2 * x.__pos__()", x=(3,)),
    Case("math.prod(x, start=2.0) * math.prod([a, x[0]], start=a)", x=(3,), a=0.7, single=False),
    # masks of equalities
    Case("(x != 0) * y + (x >= 0) * x + (x <= 0) * y", x=(3,), y=(3,), single=False),
    # sums of truths
    Case("(x > -5) * y + (x < 5) * y", x=(3,), y=(3,), single=False),
    Case("(x > -5) * y - (x < 0.5) * y", x=(3,), y=(3,), single=False),
    Case("low, high = x > -5, x < 5\nreturn np.sum(low * y + high * y * 2 - (x < 0) * y)", x=(3,), y=(3,), single=False),
    Case("(x[0] > -5) * a + (x[1] < 5) * a", x=(3,), a=0.7),
    Case("m * y + k * y", y=(3,), m=np.array([True, False, True]), k=np.array([True, True, False]), single=False),
]
