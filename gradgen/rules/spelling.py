"""Which Python callables are which operation, and how an operation is spelled in the family of the user's own spelling.

Never imports NumPy or SciPy: their functions can only be in a program that has imported them already.
"""
from __future__ import annotations

import builtins
import math
import operator
import sys
from collections.abc import Mapping
from functools import reduce
from types import MappingProxyType, MethodType
from typing import Any, Literal, get_args

from gradgen.rules import elliptic, orthogonal, parametric, shares, spherical, stats
from gradgen.rules.carried import carried_helper
from gradgen.rules.helpers import EACH, HELPERS
from gradgen.rules.whole.carried import CARRIED
from gradgen.rules.whole.tables import names_in

HELPERS_WITH_ROWS = CARRIED | {
    "log_of_base", "digamma", "polygamma", "multipolygamma", "i1", "surface_slope", "stop_gradient", *parametric.PARAMETERS,
}
Family = Literal[
    "builtins", "operator", "math", "numpy", "numpy.linalg", "numpy.fft", "scipy.special", "scipy.stats", "scipy.linalg",
    "numpy.polynomial.polynomial", "numpy.polynomial.chebyshev", "numpy.polynomial.legendre", "numpy.polynomial.hermite",
    "numpy.polynomial.hermite_e", "numpy.polynomial.laguerre",
    "scipy.fft", "scipy.signal", "scipy.integrate", "scipy.interpolate", "scipy.spatial.distance", "numpy.lib.stride_tricks",
    "statistics",
]


def _spellings(same: str, **others: str) -> Mapping[str, tuple[str, ...]]:
    """Operations to attribute names, the one to write first: `same` lists those that are called like their operation."""
    own = {name: (name,) for name in same.split()}
    return MappingProxyType(own | {operation: tuple(names.split()) for operation, names in others.items()})


_OF_NUMBERS: Mapping[Family, Mapping[str, tuple[str, ...]]] = {
    "builtins": _spellings("abs bool divmod float int max min pow round sum"),
    "operator": _spellings(
        "abs add floordiv ge gt invert le lshift lt matmul mod ne neg pos pow rshift",
        add="add iadd", sub="sub isub", mul="mul imul", div="truediv itruediv", floordiv="floordiv ifloordiv", mod="mod imod",
        pow="pow ipow", matmul="matmul imatmul", lshift="lshift ilshift", rshift="rshift irshift", bitand="and_ iand",
        bitor="or_ ior", bitxor="xor ixor", invert="invert inv", bool="truth", isnot="is_not",
        **{"is": "is_", "not": "not_"},
    ),
    "math": _spellings(
        "acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist erf erfc exp exp2 expm1 "
        "factorial floor fma fmax fmin fmod frexp fsum gamma gcd hypot isclose isfinite isinf isnan isqrt lcm ldexp "
        "lgamma log log10 log1p log2 modf nextafter perm pi pow prod radians remainder signbit sin sinh sqrt sumprod "
        "tan tanh trunc ulp",
        abs="fabs",
    ),
    "numpy": _spellings(
        "abs add angle around cbrt ceil clip copysign cos cosh divmod exp exp2 expm1 floor fmax fmin fmod "
        "frexp gcd heaviside hypot i0 imag invert isclose isfinite isinf isnan lcm ldexp log log10 log1p log2 "
        "logaddexp logaddexp2 logical_and logical_not logical_or logical_xor matmul maximum minimum modf nan_to_num "
        "nextafter pi real reciprocal rint sign signbit sin sinc sinh spacing sqrt square tan tanh trunc where",
        abs="abs absolute fabs", acos="arccos", acosh="arccosh", asin="arcsin", asinh="arcsinh", atan="arctan",
        atan2="arctan2", atanh="arctanh", around="round around", bitand="bitwise_and", bitor="bitwise_or", bitxor="bitwise_xor",
        bool="bool_", conjugate="conj conjugate", degrees="degrees rad2deg", div="divide true_divide", eq="equal",
        float="float64 float32 longdouble", floordiv="floor_divide", ge="greater_equal", gt="greater",
        int="int64 int32 int16 int8 uint64 uint32 uint16 uint8", le="less_equal", lshift="left_shift", lt="less",
        mod="remainder mod", mul="multiply", ne="not_equal", neg="negative", pos="positive", pow="power float_power",
        radians="radians deg2rad", rshift="right_shift", sub="subtract", trunc="trunc fix",
    ),
    "scipy.special": _spellings(
        "airy beta betaln binom boxcox boxcox1p cbrt cosdg cosm1 cotdg dawsn entr erf erfc erfcinv erfcx erfi erfinv exp1 "
        "exp10 exp2 expi expit expm1 expn exprel fresnel gamma gammasgn huber hyp0f1 hyp1f1 hyp2f1 hyperu i0 i0e i1 i1e "
        "inv_boxcox inv_boxcox1p iv ive ivp j0 j1 jve jvp k0 k0e k1 k1e kl_div kn kv kve kvp lambertw log1p log_expit "
        "loggamma logit multigammaln owens_t poch polygamma powm1 pseudo_huber rel_entr rgamma shichi sici sinc sindg "
        "spence struve modstruve ber bei berp beip ker kei kerp keip radian tandg wrightomega xlog1py xlogy y0 y1 yn yv yve yvp "
        "zeta zetac "
        f"{spherical.NAMES} {orthogonal.NAMES} {elliptic.NAMES} {shares.NAMES}",
        digamma="digamma psi", jv="jv jn", lgamma="gammaln", real_comb="comb", real_factorial="factorial", rint="round",
    ),
    "scipy.stats": _spellings("", **dict(stats.spellings())),
    "scipy.interpolate": _spellings("splev bisplev"),
    "statistics": _spellings("", normal_inv_cdf="_normal_dist_inv_cdf"),
}

_OF_ARRAYS: Mapping[str, tuple[Family, str]] = {
    EACH[name]: ("scipy.special" if name in parametric.PARAMETERS else "numpy", name)
    for name in EACH if name in HELPERS_WITH_ROWS
}
"""Helpers of numbers by the names that they have on arrays, and the family to spell their derivatives in."""

_FAMILIES: tuple[Family, ...] = get_args(Family)

SPELLINGS: Mapping[Family, Mapping[str, tuple[str, ...]]] = {
    family: MappingProxyType({**_OF_NUMBERS.get(family, {}), **names_in(family)}) for family in _FAMILIES
}

_NEAREST: Mapping[Family, tuple[Family | Literal["helpers"], ...]] = {
    "math": ("math", "helpers", "numpy", "scipy.special", "statistics"),
    "numpy": ("numpy", "helpers", "math", "numpy.linalg", "numpy.fft", "scipy.special", "scipy.linalg"),
    "scipy.special": ("scipy.special", "numpy", "helpers", "math"),
    "scipy.stats": ("scipy.stats", "numpy", "scipy.special", "helpers", "numpy.linalg", "math"),
    "statistics": ("math", "helpers", "statistics", "numpy", "scipy.special"),
    "numpy.linalg": ("numpy", "numpy.linalg", "helpers", "numpy.fft", "scipy.linalg", "scipy.special", "math"),
    **{
        family: (family, "numpy", "helpers", "numpy.linalg", "numpy.fft", "scipy.special", "math")
        for family in _FAMILIES
        if family not in ("builtins", "operator", "math", "numpy", "numpy.linalg", "scipy.special", "scipy.stats", "statistics")
    },
}


WRITTEN_AS: Mapping[str, tuple[str, int, frozenset[str]]] = {
    "lu_solved": ("lu_solve", 2, frozenset({"trans"})), "cho_solved": ("cho_solve", 2, frozenset()),
}
"""Operations that have more operands than are written: the one that is written, with how many of them and which by name."""


def operation_of(obj: object) -> str | None:
    """The operation that a live callable is, or None: `math.sin`, `numpy.sin` and `from math import sin` are all "sin"."""
    found = _find(obj)
    return found and found[1]


def family_of(obj: object) -> Family | None:
    """The family that a live callable belongs to, None for what is no operation: the family to spell its derivative in."""
    found = _find(obj)
    return found and found[0]


def spell(operation: str, family: Family) -> str | None:
    """How to write an operation near a spelling of that family: `spell("cos", "scipy.special")` is "numpy.cos".

    A user's function is spelled as where it was defined. A name without a dot is a builtin
    or, if it stands in HELPERS, a function that the generated module has to carry.
    None for operators, and for what no family has.
    """
    if operation in _importable or operation in SPELLINGS["builtins"] and operation != "pow":
        return operation
    for place in _NEAREST.get(family, _NEAREST["math"]):
        if place == "helpers":
            if operation in HELPERS:
                return operation
        elif operation in _WRITABLE[place]:
            return f"{place}.{SPELLINGS[place][operation][0]}"
    return None


_WRITABLE: Mapping[Family, frozenset[str]] = {
    family: frozenset(operation for operation in table if operation not in SPELLINGS["operator"])
    for family, table in SPELLINGS.items()
}

def adopt(obj: object, operation: str) -> None:
    """Makes a user's function an operation; another function that was it before, as after a reload, is none any more."""
    for key in [key for key, (_, known) in _adopted.items() if known == operation]:
        del _adopted[key]
    _adopted[id(obj)] = (obj, operation)


def allow(dotted: str) -> None:
    """Lets rules be written with a user's function, an operation named by where it can be imported from."""
    _importable.add(dotted)


def is_adopted(obj: object) -> bool:
    """Whether the callable is an operation only because the user made it one."""
    return _adopted.get(id(obj), (None, ""))[0] is obj


_adopted: dict[int, tuple[object, str]] = {}
_importable: set[str] = set()
_seen: dict[Family, dict[object, tuple[object, str]]] = {}


def _module(family: Family) -> Any:
    own = {"builtins": builtins, "operator": operator, "math": math}
    return own.get(family) or sys.modules.get(family)


def _find(obj: object) -> tuple[Family, str] | None:
    if not callable(obj):
        return None
    if is_adopted(obj):
        return "math", _adopted[id(obj)][1]
    helper = carried_helper(obj)
    if helper in HELPERS_WITH_ROWS:
        return "math", helper
    if helper is not None and helper in _OF_ARRAYS:
        return _OF_ARRAYS[helper]
    for family in SPELLINGS:
        module = _module(family)
        if module is None:
            continue
        known, operation = _operations_of(family, module).get(_identity(obj), (None, ""))
        if known is not None and (known is obj or _identity(known) == _identity(obj)):
            return family, operation
    return None


def _attribute(owner: Any, name: str) -> Any:
    return getattr(owner, name, None)


def _identity(obj: Any) -> object:
    """What one callable has for good: bound methods are made anew each time that they are looked up."""
    return (id(obj.__self__), id(obj.__func__)) if isinstance(obj, MethodType) else id(obj)


def _operations_of(family: Family, module: Any) -> Mapping[object, tuple[object, str]]:
    """The family's functions by identity; asked once, when the family is first met."""
    if family not in _seen:
        _seen[family] = {
            _identity(obj): (obj, operation)
            for operation, names in SPELLINGS[family].items()
            for name in names
            if (obj := reduce(_attribute, name.split("."), module)) is not None
        }
    return _seen[family]
