"""Whether a SymPy expression is identically zero, by writing it as one fraction of polynomials in its kernels.

Never guesses: every relation used holds for all complex values, so that a zero numerator is a proof; another proves nothing.

Kernels are what is no sum, product or whole power: `sin(x)`, `log(y)`, `x**(1/3)`, `b**e`, pi. Exponentials are split
(`exp(2*x - y)` is `exp(x)**2 / exp(y)`), roots of one base share a root, and cos(x)**2 is 1 - sin(x)**2. Hyperbolic functions
and tangents are kernels at first, and written as exponentials, sines and cosines where that proves nothing.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import lcm
from typing import Any

import sympy as sp
from sympy.polys.domains import QQ
from sympy.polys.rings import ring

EXPONENTIAL = (sp.sinh, sp.cosh, sp.tanh, sp.coth)
Denominator = Mapping[Any, int]  # factor -> power


def is_zero_by_normal_form(expression: Any, definitions: Mapping[Any, Any] | None = None) -> bool:
    """True if the expression's numerator over its kernels vanishes; its denominators must not vanish where it is meant.

    `definitions` says what symbols stand for, in terms of symbols defined before them; a symbol is replaced only where the
    numerator does not vanish without that.
    """
    meanings = definitions or {}
    if _vanishes(expression, meanings):
        return True
    if not any(e.has(*EXPONENTIAL, sp.tan) for e in (expression, *meanings.values())):
        return False
    return _vanishes(_in_few_functions(expression), {symbol: _in_few_functions(e) for symbol, e in meanings.items()})


def _vanishes(expression: Any, definitions: Mapping[Any, Any]) -> bool:
    kernels = _kernels_of(expression, definitions)
    if not kernels.order:
        return bool(sp.expand(expression) == 0)
    fractions = _Fractions(kernels)
    return fractions.vanishes(fractions.of(expression)[0])


def _in_few_functions(expression: Any) -> Any:
    """Hyperbolic functions as exponentials, the tangent as a quotient."""
    plain = expression.replace(lambda e: isinstance(e, EXPONENTIAL), lambda e: e.rewrite(sp.exp))
    return plain.replace(lambda e: isinstance(e, sp.tan), lambda e: sp.sin(e.args[0]) / sp.cos(e.args[0]))


@dataclass
class _Kernels:
    """The kernels of an expression in the order in which they were met, inner ones first."""

    order: list[Any] = field(default_factory=list)  # what each generator of the ring stands for
    number: dict[Any, int] = field(default_factory=dict)
    share: dict[tuple[Any, Any], int] = field(default_factory=dict)  # (base, term of the exponent) -> common denominator
    seen: set[Any] = field(default_factory=set)
    definitions: Mapping[Any, Any] = field(default_factory=dict)

    def add(self, kernel: Any) -> None:
        if kernel not in self.number:
            self.number[kernel] = len(self.order)
            self.order.append(kernel)


def _power_parts(expression: Any) -> tuple[Any, list[tuple[Any, Any]]]:
    """base, [(term, rational factor), ...] of a power, so that the power is the product of base**(factor * term)."""
    base, exponent = expression.as_base_exp() if not isinstance(expression, sp.exp) else (sp.E, expression.args[0])
    parts: dict[Any, Any] = {}
    for term in sp.Add.make_args(sp.expand(exponent)):
        factor, rest = term.as_coeff_Mul(rational=True)
        parts[rest] = parts.get(rest, 0) + factor
    return base, list(parts.items())


def _is_power(expression: Any) -> bool:
    return isinstance(expression, sp.exp) or (expression.is_Pow and not expression.exp.is_Integer) or expression is sp.E


def _kernels_of(expression: Any, definitions: Mapping[Any, Any]) -> _Kernels:
    kernels = _Kernels(definitions=definitions)

    def visit_steps(inside: Any) -> None:
        for symbol in sorted(inside.free_symbols & definitions.keys(), key=str):
            visit(symbol)

    def visit(e: Any) -> None:
        if e in kernels.seen or e.is_Rational:
            return
        kernels.seen.add(e)
        if _is_power(e):
            base, parts = _power_parts(e)
            if base is not sp.E:
                visit(base)
            for term, factor in parts:
                visit_steps(term)
                share = kernels.share.get((base, term), 1)
                kernels.share[(base, term)] = lcm(share, int(factor.q))
                if not (term == 1 and factor.is_Integer and base is not sp.E):
                    kernels.add((base, term))
        elif e.is_Add or e.is_Mul or e.is_Pow:
            for part in e.args:
                visit(part)
        elif isinstance(e, sp.sin | sp.cos):
            visit_steps(e)
            kernels.add(sp.sin(e.args[0], evaluate=False))
            kernels.add(sp.cos(e.args[0], evaluate=False))
        else:
            visit_steps(e) if e not in definitions else visit(definitions[e])
            kernels.add(e)

    visit(expression)
    return kernels


class _Fractions:
    """Fractions of polynomials in the kernels: (numerator, {factor of the denominator: power})."""

    def __init__(self, kernels: _Kernels) -> None:
        self.kernels = kernels
        self.ring, *generators = ring([f"k{index}" for index in range(len(kernels.order))], QQ)
        self.generators = generators
        self.memo: dict[Any, tuple[Any, Denominator]] = {}

    def of(self, e: Any) -> tuple[Any, Denominator]:
        found = self.memo.get(e)
        if found is None:
            found = self.memo[e] = self._of(e)
        return found

    def _of(self, e: Any) -> tuple[Any, Denominator]:
        if e.is_Rational:
            return self.ring(QQ(int(e.p), int(e.q))), {}
        if _is_power(e):
            return self._power(e)
        if e.is_Add:
            return self._sum([self.of(part) for part in e.args])
        if e.is_Mul:
            result: tuple[Any, Denominator] = (self.ring.one, {})
            for part in e.args:
                result = self._times(result, self.of(part))
            return result
        if e.is_Pow:
            return self._whole_power(self.of(e.base), int(e.exp))
        return self.generators[self.kernels.number[e]], {}

    def _power(self, e: Any) -> tuple[Any, Denominator]:
        base, parts = _power_parts(e)
        result: tuple[Any, Denominator] = (self.ring.one, {})
        for term, factor in parts:
            if (base, term) in self.kernels.number:
                share = self.kernels.share[(base, term)]
                generator: tuple[Any, Denominator] = (self.generators[self.kernels.number[(base, term)]], {})
                result = self._times(result, self._whole_power(generator, int(factor * share)))
            else:
                result = self._times(result, self._whole_power(self.of(base), int(factor)))
        return result

    def _times(self, a: tuple[Any, Denominator], b: tuple[Any, Denominator]) -> tuple[Any, Denominator]:
        powers = dict(a[1])
        for factor, power in b[1].items():
            powers[factor] = powers.get(factor, 0) + power
        return self._reduced(a[0] * b[0], powers)

    def _reduced(self, numerator: Any, powers: dict[Any, int]) -> tuple[Any, Denominator]:
        """Cancel the factors of the denominator that divide the numerator."""
        for factor in list(powers):
            while powers[factor]:
                quotient, rest = divmod(numerator, factor)
                if rest:
                    break
                numerator = quotient
                powers[factor] -= 1
            if not powers[factor]:
                del powers[factor]
        return numerator, powers

    def _sum(self, parts: list[tuple[Any, Denominator]]) -> tuple[Any, Denominator]:
        common: dict[Any, int] = {}
        for _, powers in parts:
            for factor, power in powers.items():
                common[factor] = max(common.get(factor, 0), power)
        total = self.ring.zero
        for numerator, powers in parts:
            for factor, power in common.items():
                numerator = numerator * factor ** (power - powers.get(factor, 0))
            total += numerator
        return self._reduced(total, common) if total else (total, {})

    def _whole_power(self, a: tuple[Any, Denominator], exponent: int) -> tuple[Any, Denominator]:
        numerator, powers = a
        if exponent >= 0:
            return numerator**exponent, {factor: power * exponent for factor, power in powers.items()}
        top = self.ring.one
        for factor, power in powers.items():
            top = top * factor ** (-power * exponent)
        content, factors = self._factors(numerator)
        return self._reduced(top * (QQ(1) / content) ** -exponent, {f: -p * exponent for f, p in factors.items()})

    def _factors(self, polynomial: Any) -> tuple[Any, dict[Any, int]]:
        """A rational number, and the generators and the remaining polynomial that make up the polynomial."""
        if not polynomial:
            raise ZeroDivisionError("a denominator vanishes")
        factors: dict[Any, int] = {}
        lowest = [min(monomial[index] for monomial in polynomial) for index in range(len(self.generators))]
        if any(lowest):
            for generator, power in zip(self.generators, lowest, strict=True):
                if power:
                    factors[generator] = power
            polynomial = polynomial.quo(self.ring({tuple(lowest): QQ(1)}))
        leading = polynomial.LC
        polynomial = polynomial.quo_ground(leading)
        if polynomial != 1:
            factors[polynomial] = factors.get(polynomial, 0) + 1
        return leading, factors

    def vanishes(self, polynomial: Any) -> bool:
        """Whether the polynomial is zero by the relations of roots, and of sines and cosines, the outermost kernel first."""
        pending = [polynomial] if polynomial else []
        for index in range(len(self.generators) - 1, -1, -1):
            relation = self._relation(index)
            if not pending:
                return True
            if relation is not None:
                degree, numerator, denominator = relation
                pending = [part for p in pending for part in self._split(p, index, degree, numerator, denominator)]
        return not any(pending)

    def _relation(self, index: int) -> tuple[int, Any, Any] | None:
        """(degree, numerator, denominator): the generator to the power `degree` is numerator/denominator."""
        kernel = self.kernels.order[index]
        if kernel in self.kernels.definitions:
            numerator, powers = self.of(self.kernels.definitions[kernel])
            return 1, numerator, self._expanded(powers)
        if isinstance(kernel, sp.cos):
            sine = self.generators[self.kernels.number[sp.sin(kernel.args[0], evaluate=False)]]
            return 2, 1 - sine**2, self.ring.one
        if isinstance(kernel, tuple) and kernel[1] == 1 and kernel[0] is not sp.E:
            numerator, powers = self.of(kernel[0])
            return self.kernels.share[kernel], numerator, self._expanded(powers)
        return None

    def _expanded(self, powers: Denominator) -> Any:
        product = self.ring.one
        for factor, power in powers.items():
            product = product * factor**power
        return product

    def _split(self, polynomial: Any, index: int, degree: int, numerator: Any, denominator: Any) -> list[Any]:
        """The coefficients of the powers 0 ... degree-1 of one generator, once higher powers are replaced by the relation."""
        most = max((monomial[index] for monomial in polynomial), default=0) // degree
        parts = [self.ring.zero] * degree
        groups: dict[int, dict[Any, Any]] = {}
        for monomial, coefficient in polynomial.items():
            power = monomial[index]
            rest = (*monomial[:index], 0, *monomial[index + 1:])
            groups.setdefault(power, {})[rest] = coefficient
        for power, terms in groups.items():
            times, left = divmod(power, degree)
            parts[left] += self.ring(terms) * numerator**times * denominator ** (most - times)
        return [part for part in parts if part]
