"""Where every row is tried: points over the whole domain of every operation, ordinary ones, small, large and near its edges.

Never holds an expected value.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy

from gradgen.rules.spelling import Family

LINE = (-30.0, -3.7, -1.0, -0.31, -1e-3, 1e-3, 0.42, 1.0, 2.5, 17.0)
FAR = (-1e9, -1e4, 1e4, 1e9)
POSITIVE = (1e-9, 1e-3, 0.2, 1.0, 3.3, 40.0, 1e6)
INSIDE = (-0.999, -0.8, -0.2, 1e-4, 0.3, 0.7, 0.99)
UNIT = (1e-6, 1e-3, 0.1, 0.4, 0.77, 0.99, 0.9999)
OFF_POLE = (-6.7, -3.2, -0.6, 1e-3, 0.3, 1.0, 1.46, 2.0, 7.5, 60.0, 150.0)
Point = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """Points at which an operation is tried. `constants` are operands known as literals, `passive` those that need no adjoint;
    `family` is the only one tried, if it is given."""

    operation: str
    points: tuple[Point, ...]
    constants: Mapping[str, object] = field(default_factory=dict)
    passive: tuple[str, ...] = ()
    family: Family | None = None


def _one(operations: str, *values: float) -> Iterator[Sample]:
    for operation in operations.split():
        yield Sample(operation, tuple((value,) for value in values))


def _some(operations: str, *points: Point) -> Iterator[Sample]:
    for operation in operations.split():
        yield Sample(operation, points)


PAIRS = ((2.5, 3.1), (-1.7, 0.4), (0.3, -8.0), (-2.2, -0.9), (1e-3, 40.0), (1e5, 7e-3), (12.3, 12.1))
# quotients away from whole numbers, where the parts of a division jump
DIVISIONS = ((7.3, 2.0), (-7.3, 2.0), (7.3, -2.0), (-7.3, -2.0), (0.4, 3.0), (20.5, 0.7), (5.6, 1e3))
# bases above 0 with any exponent, below 0 with whole ones only
POWERS = ((2.0, 3.0), (0.3, 2.7), (5.1, -1.5), (1.0, 0.4), (1e-3, 0.5), (40.0, -0.01), (3.0, 0.0))
# splines of the third order: knots, coefficients
SPLINE = ([0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 3.0, 3.0, 3.0], [0.3, 1.2, -0.7, 0.9, 2.0, 1.1, 0.0, 0.0, 0.0, 0.0], 3)
SURFACE = (
    numpy.array([0.0] * 4 + [1.0] * 4), numpy.array([0.0] * 4 + [1.0] * 4),
    numpy.array([0.2, 1.0, -0.4, 0.7, 1.1, 0.3, 0.9, -1.2, 0.5, 0.6, 2.0, 0.1, -0.3, 1.4, 0.8, 0.2]), 3, 3,
)
FLAT = (
    numpy.array([0.0, 0.0, 0.5, 1.0, 1.0]), numpy.array([0.0, 0.0, 0.25, 0.7, 1.0, 1.0]),
    numpy.array([0.2, 1.0, -0.4, 0.7, 1.1, 0.3, 0.9, -1.2, 0.5, 0.6, 2.0, 0.1]), 1, 1,
)
ORDERS = ((0, 0.3), (0, 2.0), (0, 17.0), (1, 1e-3), (1, 1.9), (1, 30.0), (2, 0.7), (2, 6.0), (5, 0.4), (5, 3.0), (5, 22.0))


def _samples() -> Iterator[Sample]:
    # operators and built-in functions
    yield from _some("add sub mul div max min maximum minimum fmax fmin logaddexp logaddexp2", *PAIRS)
    yield Sample("div", ((1, 2.5), (1, -0.3), (1, 1e-9), (1, 1e12)), {"x": 1})
    yield from _some("mod divmod fmod remainder floordiv", *DIVISIONS)
    yield from _one("neg pos abs float square", *LINE, *FAR)
    yield from _one("reciprocal", *LINE, *FAR, 1e-100, 1e200)
    for exponent in (0, 1, 2, 3, -1, -2, 4.0, -3.0):
        yield Sample("pow", tuple((x, exponent) for x in LINE), {"y": exponent})
    for exponent in (0.5, 1.5, -0.5, 0.3):
        yield Sample("pow", tuple((x, exponent) for x in POSITIVE), {"y": exponent})
    yield Sample("pow", (*POWERS, (-2.0, 3), (-0.3, -2), (-1e3, 1)), passive=("y",))
    yield Sample("pow", ((2.0, 0.3), (2.0, -40.0), (2.0, 300.0)), {"x": 2.0})
    yield Sample("pow", tuple((10, y) for y in LINE), {"x": 10})
    yield Sample("pow", (*POWERS, (0.0, 2.0)), passive=("x",))
    yield Sample("pow", POWERS)
    yield from _one("log_of_base", *POSITIVE)
    yield from _one("int bool round floor ceil trunc rint around sign angle imag", -30.2, -3.7, -0.31, 0.42, 2.6, 17.1)
    yield from _one("isfinite isinf isnan signbit logical_not ulp spacing", -30.2, -3.7, 0.42, 2.6, 17.1)
    yield from _some("isclose logical_and logical_or logical_xor", *PAIRS)
    yield from _some("lshift rshift bitand bitor bitxor", (5, 3))
    yield from _some("invert factorial isqrt", (5,))
    yield from _some("comb perm gcd lcm", (12, 4))

    # math
    yield from _one("sqrt log log2 log10", *POSITIVE, 1e-200, 1e200)
    yield from _one("cbrt asinh atan", *LINE, *FAR, 1e-100, -1e200)
    yield from _one("exp exp2 expm1 sinh cosh exp10", *LINE, 300.0)
    yield Sample("log", ((2.0, 3.0), (0.3, 10.0), (50.0, 0.2), (1e-8, 2.0)), family="math")
    yield from _one("log1p", -0.999, -0.3, -1e-9, 1e-9, 0.4, 8.0, 1e12)
    yield from _one("sin cos", *LINE, -1e3, 1e3)
    yield from _one("degrees radians", *LINE, *FAR)
    yield from _one("tan tanh", *LINE)
    yield from _one("asin acos atanh", *INSIDE)
    yield from _one("acosh", 1.0001, 1.2, 3.0, 1e4, 1e200)
    yield from _some("atan2", *PAIRS, (0.0, 2.0), (-1.0, 0.0), (1.0, 0.0), (-1e-7, -3.0), (1e160, 1e160), (1e-170, 3e-170))
    yield from _some("hypot", *PAIRS, (3.0, 0.0), (1e-200, 1e-200))
    yield Sample("hypot", ((1.0, -2.0, 3.0), (0.0, 0.0, -5.0), (-2.5,)), family="math")
    yield from _one("gamma lgamma digamma", *OFF_POLE)
    yield from _one("loggamma", *(x for x in OFF_POLE if x > 0))
    yield from _one("rgamma", *OFF_POLE[:-1])
    yield from _some("polygamma", *((n, x) for n, x in product((0, 1, 2, 3), (0.01, 0.8, 3.0, 25.0))), (1, -0.5), (2, -3.3))
    yield from _one("erf erfc", -5.0, -1.2, -1e-5, 0.0, 0.4, 2.2, 5.5)
    yield from _some("fma", (1.5, -2.0, 0.3), (1e6, 1e-6, 4.0))
    yield from _one("modf frexp", -30.2, -3.7, -0.31, 0.42, 2.6, 17.1, 1e-300)
    yield from _one("frexp", 1e300)
    yield from _some("ldexp", (1.3, 4), (-0.7, -9), (3.0, 0))
    yield from _some("copysign", *PAIRS)
    yield from _some("nextafter", (1.5, 8.0), (-0.7, 3.0))

    # NumPy
    yield from _one("sinc", *LINE, 1e-5, 0.0, 1e3)
    yield from _some("spherical_jn", *ORDERS, (1, -0.5), (2, -4.0))
    yield from _some("spherical_yn spherical_in spherical_kn", *ORDERS)
    for order in (0, 1, 4):
        yield Sample("spherical_jn", ((order, 0.0), (order, 0.7), (order, 20.0)), {"n": order})
        for name in ("spherical_jn", "spherical_yn", "spherical_in", "spherical_kn"):
            yield Sample(name, ((order, 0.7), (order, 3.0)), {"n": order})
            known = {"n": order, "derivative": True}
            yield Sample(name, ((order, 0.7, True), (order, 3.0, True)), known, family="scipy.special")
    for name in ("spherical_jn", "spherical_yn", "spherical_in", "spherical_kn"):
        yield Sample(name, ((0, 0.7, True), (2, 3.0, True)), {"derivative": True}, family="scipy.special")
    yield from _one("i0 i1 i0e", *LINE[1:], 100.0)
    yield Sample("clip", ((0.4, None, None), (-9.0, None, None)), {"lo": None, "hi": None})
    yield Sample("clip", tuple((x, None, 2.0) for x in (-3.0, 1.9, 2.4)), {"lo": None})
    yield Sample("clip", tuple((x, 2.0, None) for x in (-3.0, 1.9, 2.4)), {"hi": None})
    yield from _some("clip", *((x, -1.0, 2.0) for x in (-3.0, -0.9, 1.9, 2.4)), *((x, 2.0, -1.0) for x in (-3.0, 0.0, 2.4)))
    yield from _some("where", (1, 0.3, 0.7), (0, 0.3, 0.7))
    yield from _some("heaviside", (-2.0, 0.3), (4.0, 0.3), (0, 0.3))
    yield from _one("nan_to_num real conjugate", -2.5, 0.3, 1e5)

    # scipy.special
    yield from _some("multigammaln", (1.3, 2), (4.0, 3), (30.0, 5), (0.7, 1))
    yield from _some("multipolygamma", (0, 1.3, 2), (1, 4.0, 3))
    yield from _some("beta betaln", (0.3, 0.8), (2.0, 5.0), (11.0, 0.02), (40.0, 33.0))
    yield from _some(
        "betainc betaincc betainc_slope", *((a, b, x) for a, b, x in product((0.4, 1.0, 6.0), (0.7, 3.0), (0.05, 0.3, 0.9))),
    )
    yield from _some("betaincinv betainccinv", *((a, b, q) for a, b, q in product((0.4, 6.0), (0.7, 3.0), (0.02, 0.3, 0.9))))
    yield from _some("gammainc gammaincc gammainc_slope", *((a, x) for a, x in product((0.4, 1.0, 12.0), (1e-3, 0.6, 9.0, 30.0))))
    yield from _some("gammaincinv gammainccinv", *((a, q) for a, q in product((0.4, 1.0, 12.0), (0.02, 0.6, 0.97))))
    yield from _some("chdtr chdtrc", *((v, x) for v, x in product((0.8, 2.0, 5.0), (0.02, 1.9, 6.3))))
    yield from _some("chdtri", *((v, q) for v, q in product((0.8, 2.0, 5.0), (0.02, 0.6, 0.97))))
    yield from _some("stdtr", *((df, t) for df, t in product((0.8, 4.0, 30.0), (-6.1, -1.3, 0.02, 1.9))))
    yield from _some("stdtrit", *((df, q) for df, q in product((1.6, 4.0, 30.0), (0.02, 0.3, 0.97))))
    yield from _some("fdtr fdtrc", *((m, n, x) for m, n, x in product((1.5, 6.0), (0.7, 9.0), (0.02, 0.9, 4.0))))
    yield from _some("fdtri", *((m, n, q) for m, n, q in product((1.5, 6.0), (1.7, 9.0), (0.05, 0.4, 0.9))))
    yield from _some("gdtr gdtrc", *((a, b, x) for a, b, x in product((0.5, 2.0), (0.7, 4.0), (0.3, 1.9))))
    yield from _some("pdtr pdtrc", (0, 0.7), (3, 2.5), (12, 8.0))
    yield from _some("bdtr bdtrc nbdtr nbdtrc", (0, 5, 0.3), (3, 7, 0.62))
    yield from _one("ndtri_exp", -30.0, -3.0, -0.7, -0.01)
    yield from _one("erfi", -3.0, -0.4, 0.0, 0.3, 2.0)
    yield from _one("sindg cosdg", -200.0, -31.0, 0.4, 47.0)
    yield from _one("tandg cotdg", -31.0, 0.4, 47.0)
    yield from _some("powm1", (2.0, 3.0), (0.3, 2.7), (5.1, -1.5), (1.0, 0.4), (1e-3, 0.5), (1.001, 1e-3))
    yield from _some("jvp yvp ivp kvp", (0, 0.7), (1.5, 2.0), (2, 4.0, 1), (1, 3.0, 2))
    yield from _one("airy", -6.0, -0.4, 0.0, 0.7, 3.0)
    yield from _one("shichi", 0.02, 0.4, 3.0, 20.0)
    yield from _some("struve modstruve", (0, 0.7), (1.5, 2.0), (2, 6.0))
    yield from _one("ber bei berp beip ker kei kerp keip", 0.2, 1.3, 4.0)
    yield from _some("radian", (10.0, 20.0, 3.5), (-3.0, 0.4, 50.0))
    yield from _one("zetac", 1.5, 3.0, 7.0)
    yield from _one("wrightomega", -30.0, -2.0, 0.0, 0.7, 40.0)
    yield from _one("gammasgn", -1.4, -0.4, 0.7)
    yield from _some("zeta_slope", (1, 1.5, 0.3), (2, 2.0, 1.0), (1, 7.0, 12.0))
    yield from _some("hyp0f1", (1.5, -4.0), (0.7, 0.3), (3.0, 9.0))
    yield from _some("hyperu", (0.5, 1.5, 0.3), (2.0, 0.7, 3.0))
    yield from _one("ellipkm1", 1e-6, 0.1, 0.7, 1.0, 30.0)
    yield from _some("ellipkinc ellipeinc", *((u, m) for u, m in product((-4.0, -0.7, 0.3, 1.4, 9.3), (-2.0, 1e-4, 0.3, 0.9))))
    yield from _some("ellipj", *((u, m) for u, m in product((-4.0, -0.7, 0.3, 1.4, 9.3), (0.01, 0.3, 0.9))))
    yield from _some("elliprc", (0.3, 1.2), (2.0, 0.7))
    yield from _some("elliprf elliprd", (0.3, 1.2, 2.0), (2.0, 1.0, 0.3))
    yield from _some("agm", (0.3, 1.2), (24.0, 6.0), (2.0, 1.9))
    yield from _some(
        "eval_sh_legendre eval_chebyt eval_chebyu eval_sh_chebyt eval_sh_chebyu eval_chebyc eval_chebys eval_hermite "
        "eval_hermitenorm eval_laguerre", *((n, x) for n, x in product((0, 1, 2, 5), (-1.0, -0.3, 0.8, 1.0))),
    )
    yield from _some("eval_gegenbauer eval_genlaguerre", *((n, 0.7, x) for n, x in product((0, 1, 4), (-0.3, 0.8))))
    yield from _some("poch", (0.3, 1.2), (2.0, 3.0), (5.5, -0.7))
    yield from _some("binom real_comb", (5.5, 2.2), (10.0, 3.0), (40.0, 17.3))
    yield from _one("real_factorial", 0.3, 2.0, 7.7, 60.0)
    yield from _one("erfcx dawsn", -3.0, -0.4, 0.0, 0.3, 2.0, 20.0, 100.0)
    yield from _one("erfinv", *INSIDE)
    yield from _one("erfcinv", 1e-6, 0.1, 0.8, 1.3, 1.99)
    yield from _one("ndtri", *UNIT)
    yield from _some("normal_inv_cdf", (0.2, 1.5, 0.7), (0.97, -2.0, 3.0), (1e-6, 0.0, 1.0))
    yield from _one("ndtr", -8.0, -2.0, 0.0, 0.7, 3.0, 6.0)
    yield from _one("log_ndtr", -300.0, -20.0, -2.0, 0.0, 0.7, 3.0)
    yield from _one("fresnel", -3.0, -0.4, 0.0, 0.3, 2.0, 9.0)
    yield from _some("owens_t", (0.3, 0.5), (-1.2, 2.0), (2.5, -0.4), (0.0, 1.0))
    yield from _one("expit log_expit", -40.0, -3.0, 0.0, 0.4, 7.0)
    yield from _one("logit entr", *UNIT)
    yield from _some("xlogy", (2.0, 0.3), (-1.3, 5.0), (0.0, 2.0))
    yield from _some("xlog1py", (2.0, 0.3), (-1.3, 5.0), (0.0, 2.0), (3.0, -0.8))
    yield from _some("rel_entr kl_div", (2.0, 0.3), (0.01, 5.0), (3.0, 3.1))
    yield from _some("huber", (1.0, 0.3), (1.0, -2.0), (0.5, 7.0))
    yield from _some("pseudo_huber", (1.0, 0.3), (1.0, -2.0), (0.5, 7.0), (2.0, 0.0))
    yield from _one("cosm1", *LINE)
    yield from _one("exprel", *LINE, 1e-9, -1e-6, 0.0, -300.0, 300.0)
    yield from _some("boxcox", *((x, p) for x, p in product((1e-3, 0.3, 1.0, 50.0), (-1.5, -1e-7, 0.0, 1e-9, 0.5, 2.0))))
    yield from _some("boxcox1p", *((x, p) for x, p in product((-0.9, 0.0, 0.3, 50.0), (-1.5, 1e-9, 0.0, 0.5, 2.0))))
    yield from _some("inv_boxcox inv_boxcox1p", *((x, p) for x, p in product((-0.4, 0.0, 0.3, 3.0), (-0.3, 1e-9, 0.0, 0.5, 2.0))))
    yield from _one("j0 j1", -9.0, -0.4, 1e-6, 0.7, 3.0, 50.0)
    yield from _some("jv jve", *ORDERS, (0.5, 2.0), (-1.5, 3.0), (2, -3.0))
    yield from _one("y0 y1 k0 k1 k0e k1e", 1e-3, 0.4, 2.0, 30.0)
    yield from _some("yv yve kv kve ive", *ORDERS, (0.5, 2.0), (1.5, 3.0))
    yield from _some("yn kn iv", *ORDERS)
    yield from _one("i1e", *LINE[1:])
    yield from _one("exp1", 1e-6, 0.3, 2.0, 40.0)
    yield from _one("expi", -20.0, -0.3, 1e-6, 0.3, 2.0, 40.0)
    yield from _some("expn", *((n, x) for n, x in product((0, 1, 2, 5), (1e-2, 0.8, 12.0))))
    yield from _one("sici", 1e-6, 0.4, 3.0, 70.0)
    yield from _one("spence", 1e-6, 1e-3, 0.5, 1.0, 1.00001, 1.7, 9.0, 1e5)
    yield from _one("lambertw", -0.36, -0.2, -1e-6, 0.0, 1e-6, 0.5, 3.0, 1e5)
    yield Sample("zeta", ((1.5,), (7.0,)), {"q": None})
    yield from _some("zeta", (1.5, 0.3), (2.0, 1.0), (7.0, 12.0))
    yield from _one("ellipk ellipe", -1e4, -3.0, -1e-5, 0.0, 1e-9, 0.3, 0.95, 0.9999)
    yield from _some("hyp1f1", (0.3, 1.2, -4.0), (2.0, 3.0, 0.5), (-2.0, 0.7, 3.0), (1.5, 2.5, 30.0))
    yield from _some("hyp2f1", (0.3, 1.2, 2.0, -4.0), (2.0, 3.0, 4.5, 0.5), (0.5, 0.5, 1.0, 0.97))
    yield from _some("eval_legendre", *((n, x) for n, x in product((0, 1, 2, 5), (-1.0, -0.3, 0.0, 0.8, 1.0, 1.7))))
    yield from _some("eval_jacobi", (2, 1.0, 1.0, 0.3), (4, 0.5, -0.3, 0.9), (0, 1.0, 1.0, 0.2))
    yield Sample("splev", tuple((x, SPLINE) for x in (0.1, 0.9, 1.3, 2.7)), passive=("tck",))
    yield from (Sample("splev", tuple((x, SPLINE, 0, ext) for x in (-0.4, 0.9, 3.4)), {"ext": ext}, ("tck",)) for ext in (1, 3))
    for surface in (SURFACE, FLAT):
        places = tuple((x, y, surface) for x, y in ((0.1, 0.4), (0.8, 0.3), (0.55, 0.95), (0.7, 1.3), (-0.2, 0.3)))
        yield Sample("bisplev", places, passive=("tck",))
        yield Sample("surface_slope", tuple((*place, 0, 1) for place in places[:3]), passive=("tck",))


# shapes of every continuous distribution, and where in t its density is met: both tails, the middle, near the edges
EVERYWHERE = (-6.1, -1.3, -0.02, 0.4, 1.9, 5.2)
ABOVE_0 = (0.02, 0.7, 1.9, 6.3)
DISTRIBUTIONS: Mapping[str, tuple[tuple[tuple[float, ...], ...], tuple[float, ...]]] = {
    **dict.fromkeys(("norm", "laplace", "logistic", "cauchy"), (((),), EVERYWHERE)),
    **dict.fromkeys(("gumbel_r", "gumbel_l"), (((),), (-1.3, -0.02, 0.4, 1.9))),
    "expon": (((),), (*ABOVE_0, -0.3)), "uniform": (((),), (0.02, 0.5, 0.97)),
    "gamma": (((0.4,), (1.0,), (3.3,)), ABOVE_0), "chi2": (((0.8,), (2.0,), (5.0,)), ABOVE_0),
    "beta": (((0.4, 0.7), (2.0, 3.5)), (0.02, 0.5, 0.97)), "t": (((0.8,), (4.0,), (30.0,)), EVERYWHERE),
    "lognorm": (((0.4,), (1.5,)), (0.3, 0.7, 1.9, 4.3)), "pareto": (((0.7,), (3.0,)), (1.02, 1.7, 6.3)),
    "weibull_min": (((0.7,), (2.5,)), (0.02, 0.7, 1.9)),
    "truncnorm": (((-1.5, 2.0), (-0.3, 4.0)), (-0.2, 0.02, 0.7, 1.9)), "vonmises": (((0.6,), (3.0,)), (-2.3, -0.4, 0.7, 2.0)),
    **dict.fromkeys(("rayleigh", "maxwell", "halfnorm", "halfcauchy", "halflogistic", "levy"), (((),), (0.3, 1.9))),
    **dict.fromkeys(("hypsecant", "moyal"), (((),), (-1.3, 0.4))), "weibull_max": (((2.5,),), (-1.9, -0.3)),
    **dict.fromkeys(("invweibull", "chi", "nakagami", "invgamma", "fisk", "lomax"), (((2.5,),), (0.4, 1.9))),
    "invgauss": (((0.6,), (2.0,)), (0.4, 1.9)), "powerlaw": (((0.7,), (3.0,)), (0.1, 0.8)), "gompertz": (((0.7,),), (0.4, 1.3)),
    **dict.fromkeys(("f", "betaprime", "burr", "burr12"), (((2.5, 3.7),), (0.4, 1.9))),
    "genpareto": (((0.3,), (0.0,), (-0.2,)), (0.4, 1.9)), "genextreme": (((0.3,), (0.0,), (-0.2,)), (-0.6, 0.4, 1.9)),
    "gennorm": (((1.3,), (3.0,)), (-1.3, 0.4)), "skewnorm": (((1.7,), (-0.6,)), (-1.3, 0.4)), "exponnorm": (((0.8,),), (-1.3,
    1.9)),
    "johnsonsu": (((0.6, 1.4),), (-1.3, 0.4)),
}
COUNTS: Mapping[str, tuple[Point, ...]] = {
    "poisson": ((0, 0.7), (3, 2.5), (12, 8.0)), "binom": ((0, 5, 0.3), (3, 7, 0.62), (7, 7, 0.9)),
    "nbinom": ((0, 2.0, 0.3), (4, 3.5, 0.62)), "geom": ((1, 0.3), (4, 0.62)), "bernoulli": ((0, 0.3), (1, 0.62)),
}


def _samples_of_distributions() -> Iterator[Sample]:
    for name, (shapes, places) in DISTRIBUTIONS.items():
        for method in ("pdf", "logpdf", "cdf", "logcdf", "sf", "logsf"):
            points = (
                (loc + scale * t, *shape, loc, scale)
                for shape, t, (loc, scale) in product(shapes, places, ((0.0, 1.0), (-1.7, 2.5)))
            )
            below = name == "expon" and method in ("logpdf", "logcdf")
            yield Sample(f"{name}_{method}", tuple(p for p in points if not below or p[0] > p[-2]))
        for method in ("ppf", "isf"):
            shares = product((0.03, 0.4, 0.96), shapes, ((0.0, 1.0), (-1.7, 2.5)))
            yield from _some(f"{name}_{method}", *((q, *shape, loc, scale) for q, shape, (loc, scale) in shares))
    for name, points in COUNTS.items():
        for method in ("pmf", "logpmf", "cdf", "logcdf", "sf", "logsf"):
            # where the sum is all or nothing there is no slope to see
            yield from _some(f"{name}_{method}", *(p for p in points if not _is_last(name, method, p)), *(
                (2 + p[0], *p[1:], 2) for p in points[:1]
            ))


def _is_last(name: str, method: str, point: Point) -> bool:
    return method == "logsf" and (name == "bernoulli" and point[0] == 1 or name == "binom" and point[0] == point[1])


_SIDES = (
    *(Sample("abs", ((-2.0,), (0.7,)), {"0 counts as above": side}) for side in (True, False)),
    *(
        Sample(op, ((-2.0, 0.7), (0.7, -1.3)), {"x counts as above y": side})
        for op in ("max", "min", "maximum", "minimum") for side in (True, False)
    ),
    *(
        Sample("clip", tuple((x, -1.0, 2.0) for x in (-3.0, 0.9, 2.4)), dict.fromkeys(sides, True))
        for sides in (("x counts as below lo",), ("x counts as above hi",), ("x counts as below lo", "x counts as above hi"))
    ),
    Sample("clip", tuple((x, None, 2.0) for x in (1.9, 2.4)), {"lo": None, "x counts as above hi": True}),
    Sample("clip", tuple((x, 2.0, None) for x in (1.9, 2.4)), {"hi": None, "x counts as below lo": True}),
    *(Sample("mul", ((1.0, 0.7), (-1.0, 2.3)), {"x is a sign, and 0 counts as above": side}) for side in (True, False)),
    Sample("mul", ((0.5, 0.7), (-1.0, 2.3)), {"x holds a sign": True}),
    Sample("abs", ((-2.0,), (0.7,)), {"0 counts as its sign says": True}),
    Sample("copysign", ((-2.0, 0.7), (0.7, 1.3)), {"0 counts as its sign says": True}),
)
SAMPLES: tuple[Sample, ...] = (*_samples(), *_samples_of_distributions(), *_SIDES)
