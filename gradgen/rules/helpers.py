"""The few functions that generated modules may have to carry, as stand-alone Python text.

Never runs in gradgen itself: the texts are data, and need nothing but `import math` above them.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from gradgen.rules import checking, parametric, structured
from gradgen.rules.splines import HELPERS as OF_SPLINES
from gradgen.rules.steering import TEXTS as OF_STEERING
from gradgen.rules.whole.tables import WHOLE_HELPERS
from gradgen.rules.zeros import HELPERS as OF_ZEROS
from gradgen.rules.zeros import VARIANTS

_NUMBERS: Mapping[str, str] = {
    "shaped_like": '''\
def shaped_like(value, adjoint):
    """An adjoint in the structure of the value that it belongs to."""
    if isinstance(value, (list, tuple)) and not isinstance(adjoint, types.SimpleNamespace):
        parts = [part if type(item) is float else shaped_like(item, part) for item, part in zip(value, adjoint)]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    if isinstance(value, dict):
        return {key: shaped_like(item, adjoint[key]) for key, item in value.items()}
    if isinstance(adjoint, types.SimpleNamespace):
        parts = {name: shaped_like(getattr(value, name), part) for name, part in vars(adjoint).items()}
        if hasattr(value, "_replace"):
            return value._replace(**parts)
        made = type(value).__new__(type(value))  # not by an __init__, which may compute or refuse
        for name, part in parts.items():
            object.__setattr__(made, name, part)
        return made
    return adjoint
''',
    "zero_gradient": '''\
def zero_gradient(value):
    """The gradient with respect to a value that moves nothing: zeros in its structure."""
    return shaped_like(value, zeros_like(value))
''',
    "accumulate": '''\
def accumulate(total, part):
    """Add the adjoint of a container to another, element by element."""
    if isinstance(total, types.SimpleNamespace):
        total, part = vars(total), vars(part)
    for key in total if isinstance(total, dict) else range(len(total)):
        if isinstance(total[key], (list, dict, types.SimpleNamespace)):
            accumulate(total[key], part[key])
        elif total[key] is not None:
            total[key] += part[key]
''',
    "kept_turns": '''\
def kept_turns(first, last, most):
    """The turns from `first` whose states to keep on the way to turn `last`, at most `most` of them, so that the turns `last`,
    `last` - 1, ..., `first` go backwards with the fewest turns run again (Griewank and Walther's revolve)."""
    turns = set()
    while first < last and most:
        turns.add(first)
        repeats, span = 1, last + 1 - first
        while math.comb(most + repeats, repeats) < span:
            repeats += 1
        first += min(math.comb(most + repeats - 1, most), span - math.comb(most + repeats - 2, most - 1))
        most -= 1
    return turns
''',
    "snapshot": '''\
def snapshot(value):
    """A container as it is now: what is stored into it later does not reach the copy."""
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return type(value)(map(snapshot, value))
    if isinstance(value, dict):
        return {key: snapshot(item) for key, item in value.items()}
    return value
''',
    "NonDifferentiableError": '''\
class NonDifferentiableError(ArithmeticError):
    """At these values the function has no derivative."""
''',
    "log_of_base": '''\
def log_of_base(x, where=""):
    """The logarithm of a power's base, as its slope by the exponent needs it: 0.0 for the base 0, whose powers do not move."""
    if x < 0:
        raise NonDifferentiableError(f"{where}a negative base ({x}) with an exponent that varies has no derivative")
    return math.log(x) if x != 0 else 0.0
''',
    "digamma": '''\
def digamma(x):
    """The slope of log(gamma(x)): reflection, recurrence and asymptotic series (DLMF 5.5.4, 5.5.2, 5.11.2)."""
    if x <= 0:
        if x == math.floor(x):
            raise ValueError("math domain error")
        return digamma(1 - x) - math.pi / math.tan(math.pi * (x - math.floor(x)))
    total = 0.0
    while x < 10:
        total -= 1 / x
        x += 1
    r = 1 / x / x
    series = r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - r * (691 / 32760 - r / 12))))))
    return total + math.log(x) - 1 / (2 * x) - series
''',
    "polygamma": '''\
def polygamma(n, x):
    """The n-th derivative of digamma: reflection, recurrence and asymptotic series (DLMF 5.15.6, 5.15.5, 5.15.8)."""
    if n == 0:
        return digamma(x)
    if x <= 0:
        if x == math.floor(x):
            raise ValueError("math domain error")
        # the n-th derivative of cot is a polynomial in cot, for cot' = -(1 + cot**2)
        cot = 1 / math.tan(math.pi * (x - math.floor(x)))
        powers = [0.0, 1.0]
        for _ in range(n):
            slopes = [i * p for i, p in enumerate(powers)][1:] + [0.0, 0.0]
            powers = [-math.pi * (s + (slopes[i - 2] if i > 1 else 0.0)) for i, s in enumerate(slopes)]
        return (-1) ** n * polygamma(n, 1 - x) - math.pi * sum(p * cot ** i for i, p in enumerate(powers))
    total = 0.0
    while x < n + 10:
        total += math.factorial(n) / x ** (n + 1)
        x += 1
    series = math.factorial(n - 1) / x ** n + math.factorial(n) / (2 * x ** (n + 1))
    for k, bernoulli in enumerate((1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6), 1):
        series += bernoulli * math.factorial(2 * k + n - 1) / math.factorial(2 * k) / x ** (2 * k + n)
    return (-1) ** (n + 1) * (total + series)
''',
    "multipolygamma": '''\
def multipolygamma(n, a, d):
    """The (n + 1)-th derivative of the logarithm of the d-dimensional gamma function (DLMF 35.3.4)."""
    return sum(polygamma(n, a - i / 2) for i in range(d))
''',
    "spherical_jn": '''\
def spherical_jn(n, x):
    """The spherical Bessel function of the first kind: recurrence or power series (DLMF 10.51.1, 10.53.1)."""
    if abs(x) > n + 1:
        below, value = math.cos(x) / x, math.sin(x) / x
        for k in range(n):
            below, value = value, (2 * k + 1) / x * value - below
        return value
    term = 1.0
    for k in range(n):
        term *= x / (2 * k + 3)
    value, k = term, 0
    while abs(term) > 1e-17 * abs(value):
        k += 1
        term *= -x * x / (2 * k * (2 * n + 2 * k + 1))
        value += term
    return value
''',
    "i1": '''\
def i1(x):
    """The modified Bessel function of order 1, the slope of i0."""
    return iv(1, x)
''',
    "iv": '''\
def iv(n, x):
    """The modified Bessel function of a whole order: its power series, whose terms never cancel (DLMF 10.25.2, 10.27.1)."""
    n = abs(n)
    term = (x / 2) ** n / math.factorial(n)
    value, k = term, 0
    while abs(term) > 1e-17 * abs(value):
        k += 1
        term *= (x / 2) / k * (x / 2) / (n + k)
        value += term
    return value
''',
}


_PARAMETERS: Mapping[str, str] = {
    "digamma": "x", "i1": "x", "iv": "n, x", "multipolygamma": "n, a, d", "polygamma": "n, x", "spherical_jn": "n, x",
    **parametric.PARAMETERS,
}

EACH: Mapping[str, str] = {name: f"{name}_each" for name in _PARAMETERS}
"""What those helpers that are written for numbers are called where they work on arrays, number by number."""

_OF_ARRAYS: Mapping[str, str] = {
    EACH[name]: f'''\
def {EACH[name]}({parameters}):
    """{name}, number by number."""
    return np.vectorize({name}, otypes=[float])({parameters})
'''
    for name, parameters in _PARAMETERS.items()
}

HELPERS: Mapping[str, str] = {
    **OF_ZEROS, **_NUMBERS, **structured.HELPERS, **checking.HELPERS, **OF_STEERING,
    **parametric.TEXTS, **_OF_ARRAYS, **OF_SPLINES, **WHOLE_HELPERS
}


@cache
def _called_by(name: str) -> tuple[str, ...]:
    """The other helpers that a helper calls, or that it has called number by number."""
    text = HELPERS[name]
    called = {*re.findall(r"\b(\w+)\(", text), *re.findall(r"(?:vectorize|class \w+)\((\w+),", text)}
    return tuple(other for other in HELPERS if other in called - {name.split(",")[0]})


def helper_texts(names: Iterable[str]) -> tuple[str, ...]:
    """The texts of helpers and of all that they call, each after what it needs."""
    wanted = tuple(names)
    has_variant = any(each in VARIANTS for each in wanted)
    needed: dict[str, None] = {}

    def need(name: str) -> None:
        if name in needed:
            return
        for other in _called_by(name):
            if other != "zeros_like" or not has_variant:
                need(other)
        needed[name] = None

    for name in wanted:
        need(name)
    return tuple(HELPERS[name] for name in needed)
