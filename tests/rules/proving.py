"""The functions that SymPy knows, and a row's contributions as SymPy expressions.

Never differentiates: SymPy does, and test_proofs.py compares.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from gradgen.ir import nodes as ir
from gradgen.rules.notation import Rule

half = sp.Rational(1, 2)
Function = Callable[..., Any]

# An operation's value, by its definition in the Python library reference, in NumPy's or in scipy.special's.
FUNCTIONS: Mapping[str, Function] = {
    "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y,
    "neg": lambda x: -x, "pos": lambda x: x, "pow": lambda x, y: x**y, "abs": sp.Abs, "float": lambda x: x,
    "log_of_base": sp.log,
    "sqrt": sp.sqrt, "cbrt": sp.cbrt, "exp": sp.exp, "exp2": lambda x: 2**x, "expm1": lambda x: sp.exp(x) - 1,
    "log": lambda x, base=sp.E: sp.log(x) / sp.log(base), "log1p": lambda x: sp.log(1 + x),
    "log2": lambda x: sp.log(x) / sp.log(2), "log10": lambda x: sp.log(x) / sp.log(10),
    "sin": sp.sin, "cos": sp.cos, "tan": sp.tan, "asin": sp.asin, "acos": sp.acos, "atan": sp.atan, "atan2": sp.atan2,
    "degrees": lambda x: x * 180 / sp.pi, "radians": lambda x: x * sp.pi / 180,
    "hypot": lambda *xs: sp.sqrt(sum(x**2 for x in xs)),
    "sinh": sp.sinh, "cosh": sp.cosh, "tanh": sp.tanh, "asinh": sp.asinh, "acosh": sp.acosh, "atanh": sp.atanh,
    "gamma": sp.gamma, "lgamma": sp.loggamma, "loggamma": sp.loggamma, "digamma": sp.digamma, "polygamma": sp.polygamma,
    "erf": sp.erf, "erfc": sp.erfc, "fma": lambda x, y, z: x * y + z,
    "square": lambda x: x**2, "reciprocal": lambda x: 1 / x, "logaddexp": lambda x, y: sp.log(sp.exp(x) + sp.exp(y)),
    "logaddexp2": lambda x, y: sp.log(2**x + 2**y) / sp.log(2), "sinc": lambda x: sp.sin(sp.pi * x) / (sp.pi * x),
    "spherical_jn": lambda n, x: sp.expand_func(sp.jn(n, x)), "real": lambda x: x, "conjugate": lambda x: x,
    "sign": sp.sign, "copysign": lambda x, y: sp.Abs(x) * sp.sign(y),
    "rgamma": lambda x: 1 / sp.gamma(x), "beta": lambda a, b: sp.gamma(a) * sp.gamma(b) / sp.gamma(a + b),
    "betaln": lambda a, b: sp.loggamma(a) + sp.loggamma(b) - sp.loggamma(a + b),
    "gammainc": lambda a, x: sp.lowergamma(a, x) / sp.gamma(a), "gammaincc": lambda a, x: 1 - sp.lowergamma(a, x) / sp.gamma(a),
    "gammainc_slope": lambda a, x: sp.diff(sp.lowergamma(a, x) / sp.gamma(a), a),
    "poch": lambda x, m: sp.gamma(x + m) / sp.gamma(x),
    "binom": lambda n, k: sp.gamma(n + 1) / sp.gamma(k + 1) / sp.gamma(n - k + 1),
    "real_comb": lambda n, k: sp.gamma(n + 1) / sp.gamma(k + 1) / sp.gamma(n - k + 1),
    "real_factorial": lambda n: sp.gamma(n + 1),
    "multigammaln": lambda a, d: sp.Rational(d * (d - 1), 4) * sp.log(sp.pi) + sum(sp.loggamma(a - i * half) for i in range(d)),
    "multipolygamma": lambda n, a, d: sum(sp.polygamma(n, a - i * half) for i in range(d)),
    "erfcx": lambda x: sp.exp(x**2) * sp.erfc(x), "erfinv": sp.erfinv, "erfcinv": sp.erfcinv,
    "erfi": sp.erfi, "sindg": lambda x: sp.sin(x * sp.pi / 180), "cosdg": lambda x: sp.cos(x * sp.pi / 180),
    "tandg": lambda x: sp.tan(x * sp.pi / 180), "cotdg": lambda x: sp.cot(x * sp.pi / 180),
    "dawsn": lambda x: sp.sqrt(sp.pi) / 2 * sp.exp(-(x**2)) * sp.erfi(x), "ndtr": lambda x: (1 + sp.erf(x / sp.sqrt(2))) / 2,
    "normal_inv_cdf": lambda p, mu, sigma: mu + sigma * sp.sqrt(2) * sp.erfinv(2 * p - 1),
    "ndtri": lambda p: sp.sqrt(2) * sp.erfinv(2 * p - 1), "log_ndtr": lambda x: sp.log(sp.erfc(-x / sp.sqrt(2)) / 2),
    "fresnel": lambda x: (sp.fresnels(x), sp.fresnelc(x)),
    "expit": lambda x: 1 / (1 + sp.exp(-x)), "logit": lambda x: sp.log(x / (1 - x)),
    "log_expit": lambda x: -sp.log(1 + sp.exp(-x)),
    "xlogy": lambda x, y: x * sp.log(y), "xlog1py": lambda x, y: x * sp.log(1 + y), "entr": lambda x: -x * sp.log(x),
    "rel_entr": lambda x, y: x * sp.log(x / y), "kl_div": lambda x, y: x * sp.log(x / y) - x + y,
    "pseudo_huber": lambda d, r: d**2 * (sp.sqrt(1 + (r / d) ** 2) - 1), "cosm1": lambda x: sp.cos(x) - 1,
    "exp10": lambda x: 10**x,
    "exprel": lambda x: (sp.exp(x) - 1) / x, "boxcox": lambda x, p: (x**p - 1) / p,
    "boxcox1p": lambda x, p: ((1 + x) ** p - 1) / p,
    "inv_boxcox": lambda x, p: (1 + p * x) ** (1 / p), "inv_boxcox1p": lambda x, p: (1 + p * x) ** (1 / p) - 1,
    "j0": lambda x: sp.besselj(0, x), "j1": lambda x: sp.besselj(1, x), "jv": sp.besselj, "jve": sp.besselj,
    "y0": lambda x: sp.bessely(0, x), "y1": lambda x: sp.bessely(1, x), "yv": sp.bessely, "yn": sp.bessely, "yve": sp.bessely,
    "i0": lambda x: sp.besseli(0, x), "i1": lambda x: sp.besseli(1, x), "iv": sp.besseli,
    "i0e": lambda x: sp.exp(-sp.Abs(x)) * sp.besseli(0, x), "i1e": lambda x: sp.exp(-sp.Abs(x)) * sp.besseli(1, x),
    "ive": lambda v, x: sp.exp(-sp.Abs(x)) * sp.besseli(v, x),
    "k0": lambda x: sp.besselk(0, x), "k1": lambda x: sp.besselk(1, x), "kv": sp.besselk, "kn": sp.besselk,
    "k0e": lambda x: sp.exp(x) * sp.besselk(0, x), "k1e": lambda x: sp.exp(x) * sp.besselk(1, x),
    "kve": lambda v, x: sp.exp(x) * sp.besselk(v, x),
    "exp1": sp.E1, "expi": sp.Ei, "expn": sp.expint, "sici": lambda x: (sp.Si(x), sp.Ci(x)),
    "spence": lambda x: sp.polylog(2, 1 - x),
    "lambertw": sp.LambertW, "zeta": sp.zeta,
    "zeta_slope": lambda n, x, q: sp.diff(sp.zeta(x, q), x, n), "ellipk": sp.elliptic_k, "ellipe": sp.elliptic_e,
    "hyp1f1": lambda a, b, x: sp.hyper([a], [b], x), "hyp2f1": lambda a, b, c, x: sp.hyper([a, b], [c], x),
    "eval_legendre": sp.legendre, "eval_jacobi": sp.jacobi, "eval_sh_legendre": lambda n, x: sp.legendre(n, 2 * x - 1),
    "eval_chebyt": sp.chebyshevt, "eval_chebyu": sp.chebyshevu, "eval_sh_chebyt": lambda n, x: sp.chebyshevt(n, 2 * x - 1),
    "eval_sh_chebyu": lambda n, x: sp.chebyshevu(n, 2 * x - 1), "eval_chebyc": lambda n, x: 2 * sp.chebyshevt(n, x / 2),
    "eval_chebys": lambda n, x: sp.chebyshevu(n, x / 2), "eval_gegenbauer": sp.gegenbauer,
    "eval_hermite": sp.hermite, "eval_hermitenorm": lambda n, x: 2 ** (-n * half) * sp.hermite(n, x / sp.sqrt(2)),
    "eval_laguerre": sp.laguerre, "eval_genlaguerre": sp.assoc_laguerre,
}

# Densities and counts by their definitions in scipy.stats' reference, in t = (x - loc) / scale and i = k - loc.
DENSITIES: Mapping[str, Function] = {
    "norm": lambda t: sp.exp(-(t**2) / 2) / sp.sqrt(2 * sp.pi), "expon": lambda t: sp.exp(-t),
    "laplace": lambda t: sp.exp(-sp.Abs(t)) / 2, "logistic": lambda t: sp.exp(-t) / (1 + sp.exp(-t)) ** 2,
    "cauchy": lambda t: 1 / (sp.pi * (1 + t**2)), "gumbel_r": lambda t: sp.exp(-(t + sp.exp(-t))),
    "gumbel_l": lambda t: sp.exp(t - sp.exp(t)),
    "gamma": lambda t, a: t ** (a - 1) * sp.exp(-t) / sp.gamma(a),
    "chi2": lambda t, df: t ** (df / 2 - 1) * sp.exp(-t / 2) / (2 ** (df / 2) * sp.gamma(df / 2)),
    "beta": lambda t, a, b: sp.gamma(a + b) * t ** (a - 1) * (1 - t) ** (b - 1) / (sp.gamma(a) * sp.gamma(b)),
    "t": lambda t, df: sp.gamma((df + 1) / 2) / (sp.sqrt(sp.pi * df) * sp.gamma(df / 2)) * (1 + t**2 / df) ** (-(df + 1) / 2),
    "lognorm": lambda t, s: sp.exp(-(sp.log(t) ** 2) / (2 * s**2)) / (s * t * sp.sqrt(2 * sp.pi)),
    "pareto": lambda t, b: b / t ** (b + 1), "weibull_min": lambda t, c: c * t ** (c - 1) * sp.exp(-(t**c)),
    "rayleigh": lambda t: t * sp.exp(-(t**2) / 2), "maxwell": lambda t: sp.sqrt(2 / sp.pi) * t**2 * sp.exp(-(t**2) / 2),
    "halfnorm": lambda t: sp.sqrt(2 / sp.pi) * sp.exp(-(t**2) / 2), "halfcauchy": lambda t: 2 / (sp.pi * (1 + t**2)),
    "levy": lambda t: sp.exp(-1 / (2 * t)) / sp.sqrt(2 * sp.pi * t**3),
    "moyal": lambda t: sp.exp(-(t + sp.exp(-t)) / 2) / sp.sqrt(2 * sp.pi),
    "invgamma": lambda t, a: t ** (-a - 1) / sp.gamma(a) * sp.exp(-1 / t),
    "invweibull": lambda t, c: c * t ** (-c - 1) * sp.exp(-(t**-c)),
    "chi": lambda t, df: t ** (df - 1) * sp.exp(-(t**2) / 2) / (2 ** (df / 2 - 1) * sp.gamma(df / 2)),
    "nakagami": lambda t, nu: 2 * nu**nu / sp.gamma(nu) * t ** (2 * nu - 1) * sp.exp(-nu * t**2),
    "invgauss": lambda t, mu: sp.exp(-((t - mu) ** 2) / (2 * mu**2 * t)) / sp.sqrt(2 * sp.pi * t**3),
    "powerlaw": lambda t, a: a * t ** (a - 1), "lomax": lambda t, c: c / (1 + t) ** (c + 1),
    "gompertz": lambda t, c: c * sp.exp(t) * sp.exp(-c * (sp.exp(t) - 1)),
    "betaprime": lambda t, a, b: t ** (a - 1) * (1 + t) ** (-a - b) * sp.gamma(a + b) / (sp.gamma(a) * sp.gamma(b)),
}
COUNTS: Mapping[str, Function] = {
    "poisson": lambda i, mu: sp.exp(-mu) * mu**i / sp.gamma(i + 1),
    "binom": lambda i, n, p: sp.gamma(n + 1) / sp.gamma(i + 1) / sp.gamma(n - i + 1) * p**i * (1 - p) ** (n - i),
    "nbinom": lambda i, n, p: sp.gamma(n + i) / sp.gamma(n) / sp.gamma(i + 1) * p**n * (1 - p) ** i,
    "geom": lambda i, p: (1 - p) ** (i - 1) * p, "bernoulli": lambda i, p: p**i * (1 - p) ** (1 - i),
}


def _density(density: Function) -> Function:
    return lambda x, *more: density((x - more[-2]) / more[-1], *more[:-2]) / more[-1]


def _logarithm(function: Function) -> Function:
    return lambda *args: sp.log(function(*args))


STATISTICS: Mapping[str, Function] = {
    **{f"{name}_pdf": _density(density) for name, density in DENSITIES.items()},
    **{f"{name}_logpdf": _logarithm(_density(density)) for name, density in DENSITIES.items()},
    "uniform_pdf": lambda x, scale: 1 / scale, "uniform_logpdf": lambda x, scale: -sp.log(scale),
    **{f"{name}_pmf": count for name, count in COUNTS.items()},
    **{f"{name}_logpmf": _logarithm(count) for name, count in COUNTS.items()},
}

ARITHMETIC: Mapping[str, Function] = {"not": sp.Not, "and": sp.And, "or": sp.Or}
COMPARE = {"lt": sp.Lt, "le": sp.Le, "gt": sp.Gt, "ge": sp.Ge, "eq": sp.Eq, "ne": sp.Ne}


class UndecidedError(Exception):
    """A test in the row has no answer for these symbols."""


def exact(value: Any) -> Any:
    """Floats of a row are exact decimals."""
    return sp.Rational(str(value)) if isinstance(value, float) else sp.sympify(value)


def expression_of(expr: ir.Expr, bound: Mapping[str, Any]) -> Any:
    """A row's expression in SymPy. Raises UndecidedError where a test is open, KeyError where SymPy lacks a function."""
    match expr:
        case ir.Name(id=name):
            return bound[name]
        case ir.Const(value=value):
            return exact(value)
        case ir.Op(op="pi"):
            return sp.pi
        case ir.Compare(ops=ops, operands=operands):
            values = [expression_of(operand, bound) for operand in operands]
            return sp.And(*(COMPARE[op](left, right) for op, left, right in zip(ops, values, values[1:], strict=False)))
        case ir.Op(op="ifexp", args=(test, body, orelse)):
            return expression_of(body if decide(test, bound) else orelse, bound)
        case ir.Op(op=op, args=args):
            return (ARITHMETIC.get(op) or FUNCTIONS[op])(*(expression_of(arg, bound) for arg in args))
    raise AssertionError(expr)


def decide(test: ir.Expr, bound: Mapping[str, Any]) -> bool:
    answer = expression_of(test, bound)
    if isinstance(answer, sp.Ne):
        return True  # a single point: test_conventions.py looks at it
    if answer not in (sp.true, sp.false):
        raise UndecidedError(answer)
    return bool(answer)


def slopes_of(rule: Rule, operands: Mapping[str, Any], results: tuple[Any, ...], seeds: tuple[Any, ...]) -> dict[str, Any]:
    """What the row says the slope of `sum(seeds * results)` is by each operand, where its guards hold."""
    defaults = {name: exact(each.value) for name, each in rule.defaults.items() if isinstance(each, ir.Const) and each.value == 0}
    bound = defaults | dict(operands) | dict(zip(rule.results, results, strict=True))
    bound |= {f"d{name}": seed for name, seed in zip(rule.results, seeds, strict=True)}
    for name, expr in rule.locals:
        bound[name] = expression_of(expr, bound)
    slopes: dict[str, Any] = {}
    for part in rule.contributions:
        product = part.sign * expression_of(part.adjoint, bound)
        for factor in part.numerator:
            product *= expression_of(factor, bound)
        for factor in part.denominator:
            product /= expression_of(factor, bound)
        slopes[part.operand] = slopes.get(part.operand, 0) + product
    return slopes
