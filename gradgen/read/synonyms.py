"""Reads functions that are short formulas of others as these formulas: `stats.pmean(x, p)` is `mean(x ** p) ** (1 / p)`.

Never reads a call whose result is more than the formula says, and never gives a formula to what has a row of its own.
"""
from __future__ import annotations

import ast
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from types import MethodType
from typing import Any, Protocol

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, replace
from gradgen.read.resolve import MISSING
from gradgen.read.shorthands import without_places
from gradgen.rules.parsing import BINARY, UNARY
from gradgen.rules.spelling import SPELLINGS, spell
from gradgen.rules.whole.polynomials import SERIES

TO_KELVIN: Mapping[str, str] = {"k": "{}", "c": "({} + 273.15)", "r": "({} * 5 / 9)", "f": "(({} - 32) * 5 / 9 + 273.15)"}
FROM_KELVIN: Mapping[str, str] = {"k": "{}", "c": "{} - 273.15", "r": "{} * 9 / 5", "f": "({} - 273.15) * 9 / 5 + 32"}
SCALES: Mapping[str, str] = {each: each[0] for name in ("kelvin", "celsius", "rankine", "fahrenheit") for each in (name, name[0])}

FORMULAS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "scipy.stats": (
        ("zmap(scores, compare, axis=0, ddof=0)",
         "(scores - mean(compare, axis=axis, keepdims=True)) / std(compare, axis=axis, ddof=ddof, keepdims=True)"),
        ("gzscore(a, axis=0, ddof=0)", "zscore(log(a), axis=axis, ddof=ddof)"),
        ("pmean(a, p, axis=0)", "mean(a**p, axis=axis) ** (1 / p)"),
        ("iqr(x, axis=None)", "percentile(x, 75, axis=axis) - percentile(x, 25, axis=axis)"),
        ("scoreatpercentile(a, per)", "percentile(a, per)"),
        ("tvar(a, limits=None, inclusive=None, axis=0, ddof=1)", "var(a, axis=axis, ddof=ddof)"),
        ("tstd(a, limits=None, inclusive=None, axis=0, ddof=1)", "std(a, axis=axis, ddof=ddof)"),
        ("median_abs_deviation(x, axis=0)", "median(abs(x - median(x, axis=axis, keepdims=True)), axis=axis)"),
        ("boxcox_llf(lmb, data)",
         "(lmb - 1) * array_sum(log(data), axis=0) - data.shape[0] / 2 * log(var(boxcox(data, lmb), axis=0))"),
    ),
    "scipy.spatial.distance": (
        ("mahalanobis(u, v, VI)", "sqrt((u - v) @ VI @ (u - v))"),
        ("canberra(u, v)", "array_sum(abs(u - v) / (abs(u) + abs(v)))"),
        ("braycurtis(u, v)", "array_sum(abs(u - v)) / array_sum(abs(u + v))"),
    ),
    "scipy.spatial": (("distance_matrix(x, y)", "cdist(x, y)"),),
    "scipy.linalg": (
        ("solve_circulant(c, b)", "solve(circulant(c), b)"),
        ("tanm(A)", "solve(cosm(A), sinm(A))"),
        ("matmul_toeplitz(c_or_cr, x)", "toeplitz(c_or_cr) @ x"),
        ("companion(a)", "vstack((-a[1:] / a[0], eye(a.shape[0] - 2, a.shape[0] - 1)))"),
        ("leslie(f, s)", "vstack((f, hstack((diag(s), zeros((s.shape[0], 1))))))"),
    ),
    "scipy.optimize": (
        ("rosen(x)", "array_sum(100.0 * (x[1:] - x[:-1]**2) ** 2.0 + (1 - x[:-1]) ** 2.0, axis=0)"),
    ),
    "scipy.constants": (
        ("lambda2nu(lambda_)", "299792458.0 / lambda_"),
        ("nu2lambda(nu)", "299792458.0 / nu"),
        *(
            (f"convert_temperature(val, {old!r}, {new!r})", FROM_KELVIN[to].format(TO_KELVIN[of].format("+val")))
            for old, of in SCALES.items() for new, to in SCALES.items()
        ),
    ),
    "numpy": (
        ("union1d(ar1, ar2)", "unique(concatenate((ravel(ar1), ravel(ar2))))"),
    ),
    "numpy.polynomial.polynomial": (
        ("polyline(off, scl)", "array((off, scl))"),
        ("polymulx(c)", "concatenate((zeros(1), c))"),
        ("polyvalfromroots(x, r)", "array_prod(expand_dims(x, -1) - r, axis=-1)"),
        ("polyval2d(x, y, c)",
         "einsum('ki,kj,ij->k', vander(x, c.shape[0], increasing=True), vander(y, c.shape[1], increasing=True), c)"),
        ("polygrid2d(x, y, c)", "vander(x, c.shape[0], increasing=True) @ c @ vander(y, c.shape[1], increasing=True).T"),
    ),
    **{
        f"numpy.polynomial.{module}": (
            *(() if half else ((f"{name}line(off, scl)", "array((off, scl))"),)),
            (f"{name}val2d(x, y, c)",
             f"einsum('ki,kj,ij->k', {name}vander(x, c.shape[0] - 1), {name}vander(y, c.shape[1] - 1), c)"),
            (f"{name}grid2d(x, y, c)", f"{name}vander(x, c.shape[0] - 1) @ c @ {name}vander(y, c.shape[1] - 1).T"),
        )
        for name, module in SERIES.items() for half in (name in ("herm", "lag"),)
    },
    **{
        f"scipy.stats.{name}": tuple((f"{method}({given}loc=0, scale=1)", formula) for method, formula in (
            ("mean", f"loc + scale * ({mean})"), ("var", f"scale**2 * ({var}) + 0 * loc"), ("std",
            f"scale * sqrt({var}) + 0 * loc"), ("entropy", f"{entropy} + log(scale) + 0 * loc"),
        ))
        for name, given, mean, var, entropy in (
            ("norm", "", "0", "1", "1.4189385332046727"), ("expon", "", "1", "1", "1"), ("uniform", "", "1 / 2", "1 / 12", "0"),
            ("laplace", "", "0", "2", "1.6931471805599453"),
            ("gamma", "a, ", "a", "a", "a + lgamma(a) + (1 - a) * digamma(a)"),
            ("chi2", "df, ", "df", "2 * df",
             "df / 2 + 0.6931471805599453 + lgamma(df / 2) + (1 - df / 2) * digamma(df / 2)"),
            ("lognorm", "s, ", "exp(s**2 / 2)", "expm1(s**2) * exp(s**2)", "1.4189385332046727 + log(s)"),
            ("beta", "a, b, ", "a / (a + b)", "a * b / ((a + b) ** 2 * (a + b + 1))",
             "betaln(a, b) - (a - 1) * digamma(a) - (b - 1) * digamma(b) + (a + b - 2) * digamma(a + b)"),
        )
    },
    "scipy.stats.poisson": (("mean(mu, loc=0)", "mu + loc"), ("var(mu, loc=0)", "mu + 0 * loc"), ("std(mu, loc=0)",
    "sqrt(mu) + 0 * loc")),
    "scipy.stats.binom": (("mean(n, p, loc=0)", "n * p + loc"), ("var(n, p, loc=0)", "n * p * (1 - p) + 0 * loc")),
}
"""By module: how a function is called, and what it computes, in the names of the rules' operations. Texts that it is called with
are compared whatever their case."""


class Lowering(Protocol):
    """What reads expressions."""

    def expr(self, node: ast.expr) -> ir.Expr: ...


@dataclass(frozen=True, slots=True)
class Formula:
    """A function's parameters, those that are texts by their places, what those that may be left out are then, and its result."""

    parameters: tuple[str, ...]
    texts: Mapping[int, str]
    defaults: Mapping[str, ast.expr]
    result: ast.expr


@cache
def _formula(call: str, result: str) -> Formula:
    made = ast.parse(call, mode="eval").body
    assert isinstance(made, ast.Call)
    names = tuple(arg.id for arg in made.args if isinstance(arg, ast.Name))
    defaults = {each.arg: each.value for each in made.keywords if each.arg is not None}
    texts = {place: str(arg.value) for place, arg in enumerate(made.args) if isinstance(arg, ast.Constant)}
    return Formula((*names, *defaults), texts, defaults, ast.parse(result, mode="eval").body)


def synonym(node: ast.Call, target: Any, lowering: Lowering, span: ir.Span) -> ir.Expr | None:
    """What a call computes by a formula; None where no formula is known of what it calls, or of how it is called."""
    known = () if target is MISSING else _formulas_of(target)
    found = next((each for each in known if _has_texts(node, each)), None)
    if found is None or any(isinstance(arg, ast.Starred) for arg in node.args):
        return None
    positional = [arg for place, arg in enumerate(node.args) if place not in found.texts]
    if len(positional) > len(found.parameters):
        return None
    given = dict(zip(found.parameters, positional, strict=False))
    for keyword in node.keywords:
        if keyword.arg is None or keyword.arg not in found.parameters or keyword.arg in given:
            return None
        given[keyword.arg] = keyword.value
    arguments = {**found.defaults, **given}
    uses = [each.id for each in ast.walk(found.result) if isinstance(each, ast.Name)]
    if len(arguments) < len(found.parameters) or not given.keys() <= set(uses):  # what is given is more than the formula has
        return None
    operands = {name: without_places(lowering.expr(value)) for name, value in arguments.items()}
    if any(uses.count(name) > 1 and _is_dear(value) for name, value in operands.items()):
        return None
    result = _read(found.result, operands)
    return replace(result, span=span) if isinstance(result, ir.Op) else None


def _has_texts(node: ast.Call, formula: Formula) -> bool:
    """Whether a call is given the texts that a formula is for."""
    given = {place: node.args[place] for place in formula.texts if place < len(node.args)}
    return given.keys() == formula.texts.keys() and all(
        isinstance(arg, ast.Constant) and isinstance(arg.value, str) and arg.value.lower() == formula.texts[place]
        for place, arg in given.items()
    )


def _formulas_of(target: Any) -> Sequence[Formula]:
    module, name = getattr(target, "__module__", None) or "", getattr(target, "__name__", "")
    if not module.startswith(("numpy", "scipy")):
        return ()
    if isinstance(target, MethodType):  # of a distribution
        owner = getattr(target.__self__, "name", "")
        is_own = getattr(sys.modules.get("scipy.stats"), str(owner), None) is target.__self__
        known = FORMULAS.get(f"scipy.stats.{owner}", ()) if is_own else ()
        return [_formula(call, result) for call, result in known if call.startswith(f"{name}(")]
    for public, formulas in FORMULAS.items():
        if module.startswith(public) and getattr(sys.modules.get(public), name, None) is target:
            return [_formula(call, result) for call, result in formulas if call.startswith(f"{name}(")]
    return ()


def home_of_formula(target: Any) -> str | None:
    """The module that offers a function of which a formula is known."""
    name = getattr(target, "__name__", "")
    return None if isinstance(target, MethodType) or not _formulas_of(target) else next(
        public for public in FORMULAS if getattr(sys.modules.get(public), name, None) is target
    )


def _is_dear(value: ir.Expr) -> bool:
    """Whether an expression should not be computed at several places: it calls a function."""
    return any(isinstance(part, ir.Call | ir.Comprehension) for part in ir.walk(value))


def _read(node: ast.expr, operands: Mapping[str, ir.Expr]) -> ir.Expr:
    """An expression of a formula, each name as the operand that stands for it."""
    match node:
        case ast.Name(id=name):
            return without_places(operands[name])
        case ast.Constant(value=value):
            return ir.Const(value)
        case ast.Tuple(elts=items):
            return ir.Display("tuple", _all(items, operands))
        case ast.BinOp(left=left, op=op, right=right):
            return ir.Op(BINARY[type(op)], _all((left, right), operands))
        case ast.UnaryOp(op=op, operand=operand):
            return ir.Op(UNARY[type(op)], (_read(operand, operands),))
        case ast.Subscript(value=value, slice=ast.Slice(lower=lower, upper=upper)):
            ends = (None if each is None else _read(each, operands) for each in (lower, upper, None))
            return ir.Item(_read(value, operands), ir.Slice(*ends))
        case ast.Subscript(value=value, slice=ast.Constant(value=int() as place)):
            return ir.Item(_read(value, operands), ir.Const(place))
        case ast.Attribute(value=value, attr="T"):
            return ir.Op("transpose", (_read(value, operands),), family="numpy")
        case ast.Attribute(value=value, attr=name):
            return ir.Attribute(_read(value, operands), name)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
            named = tuple((each.arg or "", _read(each.value, operands)) for each in keywords)
            own = (family for family in ("numpy", "scipy.special") if name in SPELLINGS[family])
            spelled = (family for family in ("numpy", *SPELLINGS) if name in SPELLINGS[family] or spell(name, family))
            family = next(own, None) or next(spelled)
            return ir.Op(name, _all(args, operands), named, family=family)
    raise TypeError(f"no part of a formula: {ast.unparse(node)}")


def _all(nodes: Sequence[ast.expr], operands: Mapping[str, ir.Expr]) -> tuple[ir.Expr, ...]:
    return tuple(_read(each, operands) for each in nodes)
