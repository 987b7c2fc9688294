"""The analytic functions that SymPy knows: for each name its SymPy expression and its value by mpmath.

Never holds a derivative, and no function that is decided by comparing (those are in standins.py).
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp

half = sp.Rational(1, 2)


@dataclass(frozen=True, slots=True)
class Analytic:
    """`expr(*expressions)` and `value(context, *numbers)` are the same function. `names`: module -> its spellings there."""

    expr: Callable[..., Any]
    value: Callable[..., Any]
    names: dict[str, tuple[str, ...]]
    needs_positive: bool = False


def _row(expr: Callable[..., Any], value: str | Callable[..., Any], needs_positive: bool = False, **names: str) -> Analytic:
    """`value` is the name of mpmath's function, or takes the context first; `math="asin", numpy="arcsin asin"`: the spellings."""
    if isinstance(value, str):
        method = value

        def call(context: Any, *numbers: Any) -> Any:
            return getattr(context, method)(*numbers)

        value = call
    return Analytic(expr, value, {module: tuple(spelt.split()) for module, spelt in names.items()}, needs_positive)


def _log_gamma(context: Any, x: Any) -> Any:
    return context.loggamma(x) if x > 0 else context.log(abs(context.gamma(x)))


def _log_ndtr(context: Any, x: Any) -> Any:
    return context.log(context.erfc(-x / context.sqrt(2)) / 2)


# Definitions: the references of Python's library, NumPy and scipy.special; SymPy takes the elliptic parameter m as scipy does.
ANALYTIC: tuple[Analytic, ...] = (
    _row(sp.sqrt, "sqrt", True, math="sqrt", numpy="sqrt"),
    _row(sp.exp, "exp", math="exp", numpy="exp"),
    _row(lambda x: sp.exp(x) - 1, lambda c, x: c.expm1(x), math="expm1", numpy="expm1", special="expm1"),
    _row(lambda x: 2**x, lambda c, x: c.mpf(2) ** x, math="exp2", numpy="exp2", special="exp2"),
    _row(lambda x: 10**x, lambda c, x: c.mpf(10) ** x, special="exp10"),
    _row(sp.log, "log", True, numpy="log"),
    _row(lambda x: sp.log(x) / sp.log(2), lambda c, x: c.log(x, 2), True, math="log2", numpy="log2"),
    _row(lambda x: sp.log(x) / sp.log(10), "log10", True, math="log10", numpy="log10"),
    _row(lambda x: sp.log(1 + x), lambda c, x: c.log(1 + x), math="log1p", numpy="log1p", special="log1p"),
    _row(sp.sin, "sin", math="sin", numpy="sin"),
    _row(sp.cos, "cos", math="cos", numpy="cos"),
    _row(sp.tan, "tan", math="tan", numpy="tan"),
    _row(sp.asin, "asin", math="asin", numpy="arcsin asin"),
    _row(sp.acos, "acos", math="acos", numpy="arccos acos"),
    _row(sp.atan, "atan", math="atan", numpy="arctan atan"),
    _row(sp.atan2, "atan2", math="atan2", numpy="arctan2 atan2"),
    _row(sp.sinh, "sinh", math="sinh", numpy="sinh"),
    _row(sp.cosh, "cosh", math="cosh", numpy="cosh"),
    _row(sp.tanh, "tanh", math="tanh", numpy="tanh"),
    _row(sp.asinh, "asinh", math="asinh", numpy="arcsinh asinh"),
    _row(sp.acosh, "acosh", math="acosh", numpy="arccosh acosh"),
    _row(sp.atanh, "atanh", math="atanh", numpy="arctanh atanh"),
    _row(lambda x: x * 180 / sp.pi, lambda c, x: x * 180 / c.pi, math="degrees", numpy="degrees rad2deg"),
    _row(lambda x: x * sp.pi / 180, lambda c, x: x * c.pi / 180, math="radians", numpy="radians deg2rad"),
    _row(sp.erf, "erf", math="erf", special="erf"),
    _row(sp.erfc, "erfc", math="erfc", special="erfc"),
    _row(lambda x: sp.exp(x**2) * sp.erfc(x), lambda c, x: c.exp(x**2) * c.erfc(x), special="erfcx"),
    _row(sp.erfi, "erfi", special="erfi"),
    _row(sp.erfinv, "erfinv", special="erfinv"),
    _row(lambda x: sp.erfinv(1 - x), lambda c, x: c.erfinv(1 - x), special="erfcinv"),
    _row(lambda x: (1 + sp.erf(x / sp.sqrt(2))) / 2, "ncdf", special="ndtr"),
    _row(lambda x: sp.log((1 + sp.erf(x / sp.sqrt(2))) / 2), _log_ndtr, special="log_ndtr"),
    _row(lambda p: sp.sqrt(2) * sp.erfinv(2 * p - 1), lambda c, p: c.sqrt(2) * c.erfinv(2 * p - 1), special="ndtri"),
    _row(sp.gamma, "gamma", math="gamma", special="gamma"),
    _row(lambda x: 1 / sp.gamma(x), "rgamma", special="rgamma"),
    _row(sp.loggamma, _log_gamma, math="lgamma", special="gammaln loggamma"),
    _row(sp.digamma, "digamma", special="digamma psi"),
    _row(sp.polygamma, lambda c, n, x: c.psi(int(n), x), special="polygamma"),
    _row(lambda a, b: sp.gamma(a) * sp.gamma(b) / sp.gamma(a + b), "beta", special="beta"),
    _row(
        lambda a, b: sp.loggamma(a) + sp.loggamma(b) - sp.loggamma(a + b),
        lambda c, a, b: _log_gamma(c, a) + _log_gamma(c, b) - _log_gamma(c, a + b),
        special="betaln",
    ),
    _row(
        lambda a, x: sp.lowergamma(a, x) / sp.gamma(a), lambda c, a, x: c.gammainc(a, 0, x, regularized=True), special="gammainc"
    ),
    _row(
        lambda a, x: sp.uppergamma(a, x) / sp.gamma(a), lambda c, a, x: c.gammainc(a, x, regularized=True), special="gammaincc"
    ),
    _row(
        lambda a, b, x: sp.betainc_regularized(a, b, 0, x),
        lambda c, a, b, x: c.betainc(a, b, 0, x, regularized=True),
        special="betainc",
    ),
    _row(lambda x: 1 / (1 + sp.exp(-x)), lambda c, x: 1 / (1 + c.exp(-x)), special="expit"),
    _row(lambda x: sp.log(x / (1 - x)), lambda c, x: c.log(x / (1 - x)), special="logit"),
    _row(lambda x: -sp.log(1 + sp.exp(-x)), lambda c, x: -c.log(1 + c.exp(-x)), special="log_expit"),
    _row(lambda x: (sp.exp(x) - 1) / x, lambda c, x: c.expm1(x) / x, special="exprel"),
    _row(lambda x: sp.cos(x) - 1, lambda c, x: c.cos(x) - 1, special="cosm1"),
    _row(lambda x, lam: (x**lam - 1) / lam, lambda c, x, lam: (x**lam - 1) / lam, special="boxcox"),
    _row(lambda y, lam: (lam * y + 1) ** (1 / lam), lambda c, y, lam: (lam * y + 1) ** (1 / lam), special="inv_boxcox"),
    _row(lambda x: sp.besselj(0, x), lambda c, x: c.besselj(0, x), special="j0"),
    _row(lambda x: sp.besselj(1, x), lambda c, x: c.besselj(1, x), special="j1"),
    _row(sp.besselj, "besselj", special="jv jn"),
    _row(lambda x: sp.bessely(0, x), lambda c, x: c.bessely(0, x), special="y0"),
    _row(lambda x: sp.bessely(1, x), lambda c, x: c.bessely(1, x), special="y1"),
    _row(sp.bessely, "bessely", special="yn yv"),
    _row(lambda x: sp.besseli(0, x), lambda c, x: c.besseli(0, x), numpy="i0", special="i0"),
    _row(lambda x: sp.besseli(1, x), lambda c, x: c.besseli(1, x), special="i1"),
    _row(sp.besseli, "besseli", special="iv"),
    _row(lambda x: sp.besselk(0, x), lambda c, x: c.besselk(0, x), special="k0"),
    _row(lambda x: sp.besselk(1, x), lambda c, x: c.besselk(1, x), special="k1"),
    _row(sp.besselk, "besselk", special="kv kn"),
    _row(sp.LambertW, "lambertw", special="lambertw"),
    _row(sp.elliptic_k, "ellipk", special="ellipk"),
    _row(sp.elliptic_e, "ellipe", special="ellipe"),
    _row(lambda x: sp.expint(1, x), "e1", special="exp1"),
    _row(sp.Ei, "ei", special="expi"),
    _row(sp.expint, "expint", special="expn"),
    _row(sp.zeta, "zeta", special="zeta"),
    _row(lambda a, b, c, z: sp.hyper((a, b), (c,), z), "hyp2f1", special="hyp2f1"),
    _row(lambda a, b, z: sp.hyper((a,), (b,), z), "hyp1f1", special="hyp1f1"),
    _row(lambda x: sp.sqrt(sp.pi) / 2 * sp.exp(-(x**2)) * sp.erfi(x),
         lambda c, x: c.sqrt(c.pi) / 2 * c.exp(-(x**2)) * c.erfi(x), special="dawsn"),
)  # fmt: skip
