"""Cases of further forms of operations, of calls that store into an array, and of shorthands: reverse mode follows them.

Never holds expected values but where differences say nothing. Forward mode refuses some of them.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HEADER = "import numpy as np\nimport scipy.linalg"
REVERSE_ONLY = True
KEPT = np.array([[True, False, True, True], [False, True, True, False], [True, True, False, True]])
FIRST = np.array([True, False, True, True])
PLACES = np.array([2, 0, 2])


def stored(line: str, **arguments: object) -> Case:
    """A statement that changes a copy `y` of `x`."""
    return Case(f"y = x.copy()\n{line}\nreturn y * 1.5 + x", **arguments)


CASES = [
    # element by element
    *(Case(f"np.{name}(x) * y", x=(3,), y=(3,)) for name in (
        "fabs", "sign", "negative", "positive", "cbrt", "exp2", "arctan", "arcsinh", "deg2rad", "rad2deg", "nan_to_num", "floor",
        "ceil", "rint", "trunc", "isfinite",
    )),
    *(Case(f"np.{name}(x) * y", x=(3,), y=(3,), positive=True) for name in ("log2", "log10", "log1p")),
    *(Case(f"np.{name}(x / 2.5) * y", x=(3,), y=(3,)) for name in ("arcsin", "arccos", "arctanh")),
    Case("np.arccosh(x + 1) * y", x=(3,), y=(3,), positive=True),
    *(Case(f"np.{name}(x, y) * x", x=(3,), y=(3,), positive=True) for name in (
        "power", "float_power", "logaddexp2", "mod", "fmod", "remainder", "true_divide", "floor_divide", "divide",
    )),
    # joining and cutting
    *(Case(f"parts = [x, a * x]\nreturn np.{name}(parts)", x=(2, 3), a=0.7)
      for name in ("concatenate", "stack", "vstack", "hstack", "dstack", "column_stack")),
    *(Case(f"parts = []\nfor i in range(3):\n    parts.append(x[i] * a)\nreturn np.{name}(parts)", x=(3, 4), a=0.7)
      for name in ("concatenate", "stack", "vstack", "hstack", "dstack", "column_stack")),
    *(Case(f"np.{name}([row * a for row in x])", x=(3, 4), a=0.7) for name in ("concatenate", "stack", "hstack")),
    *(Case(f"np.{name}(x)", x=(3, 4)) for name in ("concatenate", "stack", "vstack", "hstack", "dstack", "column_stack")),
    *(Case(f"np.{name}(x)", x=(3,)) for name in ("stack", "vstack", "hstack", "dstack", "column_stack")),
    Case("np.concatenate([x, y], axis=None)", x=(2, 3), y=(2,)),
    Case("np.sum(y - x * y + x * y)", x=(3,), y=(3,)),
    Case("np.sum(y * 2 - x * y + x * y - y)", x=(3,), y=(2, 3)),
    Case("np.array([a] * 3 + [b])", a=1.3, b=0.7),
    Case("np.array([a, b] * 2)", a=1.3, b=0.7),
    Case("np.split(x, 2)[1]", x=(4,)),
    Case("p, q = np.split(x, [1])\nreturn p * q", x=(4,)),
    Case("p, q = np.array_split(x, 2)\nreturn p * q", x=(3,)),
    # reductions
    *(Case(f"np.prod(x{keywords})", x=(3, 4), mask=KEPT) for keywords in (", where=mask", ", axis=0, where=mask")),
    Case("np.prod(x, axis=1, initial=a, where=mask)", x=(3, 4), a=0.7, mask=KEPT),
    Case("np.max(x, axis=0, initial=a)", x=(3, 4), a=1.1),
    Case("np.prod(x, axis=1)", x=np.zeros((0, 3))),
    *(Case(f"np.{name}(a) * x", x=(3,), a=0.7) for name in ("max", "mean", "prod", "ptp")),
    Case("np.sum([x, a * x], axis=0)", x=(3,), a=0.7),
    Case("np.mean((a, b, a * b))", a=1.3, b=0.7),
    *(Case(f"np.{name}(x, where=mask)", x=(3, 4), mask=KEPT) for name in ("var", "std", "nanvar", "nanstd", "nansum", "nanprod")),
    *(Case(f"np.{name}(np.where(mask, x, np.nan), axis=0)", x=(3, 4), mask=KEPT) for name in ("nanmedian", "nanprod", "nanmean")),
    Case("np.nanquantile(np.where(mask, x, np.nan), 0.4, axis=1)", x=(3, 4), mask=KEPT),
    Case("np.quantile(x, a)", x=(5,), a=0.7),
    Case("np.nanquantile(x, a)", x=(5,), a=0.7, refused="GG106"),
    Case("np.var(x, ddof=a)", x=(5,), a=0.7, wrt="x a", refused="GG110"),
    # along an axis
    Case("np.gradient(x, edge_order=2)", x=(5,)),
    Case("np.gradient(x, np.array([0.0, 1.0, 2.5, 3.0]))", x=(4,)),
    Case("g, h = np.gradient(x, 0.1, 0.2)\nreturn g * h", x=(3, 4)),
    Case("np.gradient(x)[1]", x=(3, 4)),
    Case("np.trapezoid(x, axis=0)", x=(4, 3)),
    Case("np.trapezoid(x, x=y, axis=0)", x=(4, 3), y=(4,)),
    Case("np.trapezoid(x, x=y, axis=1)", x=(3, 4), y=(3, 4)),
    Case("np.trapezoid(x, dx=a, axis=0)", x=(4, 3), a=0.7),
    *(Case(f"np.{name}.reduce(x)", x=(3, 4)) for name in ("add", "multiply", "maximum", "minimum")),
    *(Case(f"np.{name}.outer(x, y)", x=(3,), y=(4,)) for name in ("add", "subtract", "divide", "maximum", "arctan2")),
    # calls that store
    *(stored(line, x=(4,), v=(4,), a=0.7, m=FIRST) for line in (
        "y.fill(a)", "np.copyto(y, v)", "np.copyto(dst=y, src=a, where=m)", "np.put(y, [0, 2], [a, v[0]])", "y.put([1, -1], a)",
        "np.putmask(y, m, v)", "np.place(y, m, [a, v[1]])", "y.sort()", "y.partition(2)", "y.flat[1:3] = a", "y.flat = v",
        "np.add(y, v, out=y)", "np.exp(v, out=y)", "np.multiply(v, a, y)", "np.sqrt(v**2, out=y, where=m)",
        "np.add(v[:2], a, out=y[1:3])", "np.clip(y, -1, 1, out=y)", "y = np.subtract(y, v, out=y)", "np.cumsum(v, out=y)",
        "y[m] = 2.0", "y[np.nonzero(m)] = a", "y[[True, False, False, True]] = a",
    )),
    *(stored(line, x=(4,), u=(3,), i=PLACES, a=0.7) for line in (
        "np.add.at(y, i, u)", "np.add.at(y, i, a)", "np.subtract.at(y, i, u)", "y[i] = 2.0",
    )),
    *(stored(line, x=(3, 4), u=(3,), v=(4,), i=PLACES, j=np.array([[1], [0], [3]]), a=0.7) for line in (
        "np.fill_diagonal(y, u)", "np.fill_diagonal(y, a)", "np.put_along_axis(y, j, a, axis=1)", "y.flat[::2] = a",
        "np.add.at(y, (i, [0, 1, 1]), u)", "y.sort(axis=0)", "np.sum(x[None] * a, axis=0, out=y)", "y[1:].fill(a)",
    )),
    *(Case(f"np.{name}(x, out=np.empty(3)) * x", x=(3,), positive=True) for name in ("exp", "sqrt", "log")),
    Case("np.exp(x, where=m, out=np.zeros(4))", x=(4,), m=FIRST),
    Case("np.log(x, where=x > 0, out=np.zeros(4)) * x", x=(4,)),
    Case("np.multiply(x, a, dtype=float)", x=(4,), a=0.7),
    Case("y = np.zeros(4)\nz = np.sin(x, out=y)\nreturn y * z", x=(4,)),
    # several arrays, and shorthands
    *(Case(f"p, q = np.meshgrid(x, y{keywords})\nreturn p * q", x=(3,), y=(4,))
      for keywords in ("", ", indexing='ij'", ", sparse=True")),
    Case("p, q, r = np.meshgrid(x, y, x)\nreturn p * q + r", x=(3,), y=(4,)),
    Case("np.meshgrid(x, a)[0]", x=(3,), a=0.7),
    Case("p, q = np.broadcast_arrays(x, y)\nreturn p * q", x=(3, 1), y=(4,)),
    Case("np.broadcast_arrays(x, y)[1]", x=(3, 1), y=(4,)),
    Case("np.r_[a, x, 0, x[0]]", x=(3,), a=0.7),
    Case("np.r_[0:3, x]", x=(3,)),
    Case("np.r_[x, y, 2 * x]", x=(2, 3), y=(1, 3)),
    Case("np.r_[x, y]", x=(2, 3, 2), y=(1, 3, 2)),
    Case("np.pad(x, (2,)) * np.pad(x, (1, 3))", x=(2, 3)),
    Case("np.c_[x, y]", x=(3,), y=(3, 2)),
    Case("np.block([[x, y], [y, x]])", x=(2, 2), y=(2, 2)),
    Case("np.block([x, a])", x=(3,), a=0.7),
    Case("i, j = np.indices((2, 3))\nreturn a * i + b * j", a=1.3, b=0.7),
    Case("i, j = np.mgrid[0:2, 0:3]\nreturn a * i + b * j", a=1.3, b=0.7),
    Case("i, j = np.ogrid[0:2, 0:3]\nreturn a * i * x + j", a=1.3, x=(2, 3)),
    Case("np.mgrid[0:a:4j] * 2.0", a=1.3, refused="GG106"),
    Case("np.apply_along_axis(np.mean, 1, x)", x=(3, 4)),
    Case("np.fromiter((v * a for v in x), float)", x=(3,), a=0.7),
    Case("np.piecewise(x, [x < 0, x >= 0], [lambda v: -v * a, np.square])", x=(5,), a=0.7),
    Case("np.piecewise(x, [x < 0], [lambda v: v - v.mean(), 1.0])", x=(5,), refused="GG107"),
    Case("x.item(1) * x[0].item()", x=(3,)),
    Case("x.item(1, 2) + x.item((0, 1))", x=(3, 4)),
    Case("np.array(x.tolist()) ** 2", x=(3,)),
    Case("p, q = x.tolist()\nreturn p * q", x=(2,)),
    Case("x.flat[2:5] * x.mT[0, 0]", x=(3, 4)),
    Case("q, r = divmod(x, a)\nreturn q * r", x=(3,), a=0.35, positive=True),
    Case("x[np.tril_indices(3)] * x[np.triu_indices(3)]", x=(3, 3)),
    Case("x[np.tril_indices_from(x)] * x[np.triu_indices_from(x)]", x=(3, 3)),
    Case("x[np.diag_indices(3)] * x[np.diag_indices_from(x)]", x=(3, 3)),
    Case("d = np.diag(x)\nd[0, 1] = x[2]\nd += d.T\nnp.fill_diagonal(d, x * 2)\nreturn d @ x", x=(3,)),
    Case("d = np.asarray([x, x**2])\nd[0] *= 2.0\nreturn d[0] * d[1] * x", x=(3,)),
    Case("at = np.ix_(m, [0, 2])\nreturn np.linalg.solve(x[at], x[np.ix_([0, 2])][:, 1]) * x[np.tril_indices(2)][1]",
         x=(3, 3), m=np.array([True, False, True]), single=False),
    Case("x[np.nonzero(x)] * np.argwhere(x > -9)[:, 0]", x=(3,)),
    Case("x[np.lexsort((x,))] * np.shape(x)[0] * np.size(x) * np.ndim(x)", x=(3,)),
    Case("np.choose([1, 0, 1], [x, a])", x=(3,), a=0.7),
    Case("np.choose(i, [x, a], mode='wrap')", x=(3,), i=PLACES, a=0.7),
    Case("np.interp(x, [-1.0, 0.0, 1.0], f, left=a, right=9.0)", x=(5,), f=(3,), a=0.7),
    Case("np.greater(x, 0) * x + np.less_equal(x, 0) * 2", x=(4,)),
    # linear algebra
    Case("np.linalg.eigvals(x @ x.T)", x=(3, 3)),
    Case("np.linalg.eigvals(x @ x.T).real", x=(3, 3)),
    *(Case(f"{part}(np.linalg.eigvals(x))", x=(3, 3), refused="GG110") for part in ("np.imag", "np.angle")),
    Case("np.linalg.eig(x)[1].imag", x=(3, 3), refused="GG110"),
    Case("scipy.linalg.sqrtm(x).imag", x=(3, 3), refused="GG110"),
    Case("w, v = np.linalg.eig(x @ x.T)\nreturn np.abs(v) * w", x=(3, 3)),
    Case("np.linalg.multi_dot([v, x, x, v])", x=(3, 3), v=(3,)),
    Case("np.linalg.multi_dot([x, y, x])", x=(2, 3), y=(3, 2)),
    Case("scipy.linalg.cho_solve((np.linalg.cholesky(x @ x.T + np.eye(3)), True), v)", x=(3, 3), v=(3,)),
    Case("c, low = scipy.linalg.cho_factor(x @ x.T + np.eye(3))\nreturn scipy.linalg.cho_solve((c, low), v)", x=(3, 3), v=(3,)),
    Case("c, lower = scipy.linalg.cho_factor(x @ x.T + np.eye(3), lower=True)\nreturn np.tril(c)", x=(3, 3)),
    Case("np.linalg.cond(x, 1)", x=(3, 3)),
    *(Case(f"np.linalg.norm(x, {order})", x=(4,)) for order in ("np.inf", "-np.inf")),
    Case("np.linalg.norm(x, ord=np.inf, axis=1)", x=(3, 4)),
    Case("np.trace(x, 1, 0, 2) * np.diagonal(x, -1, 1, 2).sum()", x=(3, 3, 3)),
    Case("np.linalg.trace(x) * np.linalg.diagonal(x)[..., 0]", x=(2, 3, 3)),
    Case("np.sum(np.log(np.linalg.eigvalsh(x)))", x=np.eye(3), gives={"x": np.eye(3)}, single=False),
    Case("scipy.linalg.eigvalsh(x @ x.T)", x=(3, 3)),
    Case("x * np.linalg.solve(x @ x.T + 4 * np.eye(3), v)[:, None]", x=(3, 3), v=(3,)),
]
