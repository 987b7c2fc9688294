"""SymPy proves every row of a function that it knows.

Never samples: test_slopes.py does, since proofs on signed symbols hide branch cuts.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import sympy as sp

from gradgen.rules import orthogonal, shares
from gradgen.rules.conditions import Condition
from gradgen.rules.notation import Rule
from gradgen.rules.registry import operations, rules_for
from gradgen.rules.stats import spellings
from tests.rules.proving import FUNCTIONS, STATISTICS, slopes_of

# Whole-number operands, each proved for the values given.
WHOLE: Mapping[str, Mapping[str, tuple[int, ...]]] = {
    "spherical_jn": {"n": (1, 2, 3)}, "multigammaln": {"d": (1, 3)}, "multipolygamma": {"n": (0, 2), "d": (1, 3)},
    **{name: {"n": (1, 2, 4)} for name in orthogonal.NAMES.split()}, "eval_legendre": {"n": (1, 2, 5)},
    "polygamma": {"n": (0, 1, 3)}, "expn": {"n": (1, 2, 4)},
}
# Functions that are put together at 0, proved for negative operands too. (SymPy does not simplify under signs unknown.)
BOTH_SIGNS = frozenset({"abs", "i0e", "i1e", "ive"})
# Functions with pieces or without a closed form in SymPy: judged by test_slopes.py alone.
UNKNOWN = frozenset("""
    stop_gradient
    mod divmod max min int bool round invert lshift rshift bitand bitor bitxor floordiv copysign fmod remainder modf
    frexp ldexp nextafter floor ceil trunc ulp isfinite isinf isnan isclose factorial comb perm gcd lcm isqrt maximum
    minimum fmax fmin clip where heaviside nan_to_num imag angle sign rint around signbit spacing logical_and logical_or
    logical_xor logical_not owens_t huber splev bisplev surface_slope gammasgn jvp yvp ivp kvp wrightomega powm1 zeta_slope
    hyp0f1 hyperu elliprc elliprd elliprf agm ellipj ellipkinc ellipeinc ellipkm1 airy shichi spherical_in spherical_kn
    spherical_yn gammainc_slope betainc_slope struve modstruve ber bei berp beip ker kei kerp keip radian zetac
""".split()) | ({*shares.NAMES.split(), *(name for name, _ in spellings())} - {*FUNCTIONS, *STATISTICS})  # sums and inverses


def symbols_of(rule: Rule, sign: str) -> Iterator[dict[str, Any]]:
    """The operands as symbols; known constants and whole numbers as their values."""
    moved = {part.operand for part in rule.contributions}
    named = [name for name in (each.removeprefix("*") for each in rule.parameters) if name in moved or name not in rule.defaults]
    operands: dict[str, Any] = {name: sp.Symbol(name, **{sign: True}) for name in named}
    if isinstance(rule.when, Condition):
        for clause in rule.when.text.split(" and "):
            name, _, value = clause.partition(" = ")
            if name in operands and value:
                operands[name] = sp.Rational(value)
    whole = WHOLE.get(rule.operation, {})
    if not whole:
        yield operands
    names = list(whole)
    for values in zip(*(whole[name] for name in names), strict=True) if names else ():
        yield operands | {name: sp.Integer(value) for name, value in zip(names, values, strict=True) if operands[name].is_Symbol}


X, W = sp.Symbol("x", positive=True), sp.Symbol("w", positive=True)
LADDER: tuple[Callable[[Any], Any], ...] = (
    lambda e: e, lambda e: sp.cancel(sp.together(sp.sympify(e).rewrite(sp.exp))), sp.simplify,
    sp.expand_func, lambda e: sp.simplify(sp.expand_func(e)), lambda e: sp.simplify(sp.hyperexpand(e)),
    lambda e: sp.simplify(sp.expand(sp.expand_log(sp.hyperexpand(e), force=True))),
    lambda e: sp.simplify(e.rewrite(sp.exp)), lambda e: sp.simplify(sp.expand_func(e.rewrite(sp.besselj))),
    lambda e: sp.simplify(e.replace(sp.loggamma, lambda x: sp.log(sp.gamma(x)))),
    lambda e: sp.simplify(e.subs(sp.LambertW(X), W).subs(X, W * sp.exp(W))),
)


def is_zero(difference: Any) -> bool:
    return any(step(difference) == 0 for step in LADDER)


def provable_rules() -> list[Any]:
    return [
        pytest.param(rule, id=f"{rule.text[0]}{f' where {rule.when.text}' if isinstance(rule.when, Condition) else ''}")
        for operation in sorted(operations() - UNKNOWN)
        for rule in rules_for(operation)
        if rule.contributions and not any(each in getattr(rule.when, "text", "") for each in ("derivative = True", "x is a sign"))
    ]


@pytest.mark.parametrize("rule", provable_rules())
def test_sympy_proves_the_row(rule: Rule) -> None:
    for sign in ("positive", "negative") if rule.operation in BOTH_SIGNS else ("positive",):
        for operands in symbols_of(rule, sign):
            others = [sp.Symbol("other", positive=True)] if rule.parameters[0].startswith("*") else []
            value = (FUNCTIONS | STATISTICS)[rule.operation](*operands.values(), *others)
            results = value if len(rule.results) > 1 else (value,)
            seeds = tuple(sp.Symbol(f"seed_{name}", real=True) for name in rule.results)
            objective = sum(seed * result for seed, result in zip(seeds, results, strict=True))
            for operand, slope in slopes_of(rule, operands, results, seeds).items():
                assert is_zero(sp.diff(objective, operands[operand]) - slope), f"d{operand}: {slope}"


def test_every_operation_is_proved_or_listed_as_unknown_to_sympy() -> None:
    assert set(FUNCTIONS) | set(STATISTICS) | UNKNOWN == operations()
