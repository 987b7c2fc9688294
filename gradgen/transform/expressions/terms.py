"""Terms: what one path through an expression contributes to an adjoint, as a product, written as a person writes it.

Never looks at statements.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.kinds.wrapping import may_wrap
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.kinds import Shape, broadcast
from gradgen.simplify.decimals import product
from gradgen.simplify.fold import div, is_number, mul, neg, number, power, same
from gradgen.transform.expressions.powers import ONE, joined, power_of, taken_out


@dataclass(frozen=True, slots=True)
class Term:
    """`coefficient * adjoint * numerator / denominator`, counted only where every guard holds.

    `adjoint` holds the adjoint that flows in (a name, as a rule, None inside of a factored sum); everything else is a value.
    `shape` is that of the whole product, `base` that of the adjoint beside its factors; None where it is not known.
    The factors of one that `is_apart` are not combined: they may be truths or whole numbers of NumPy's (analyse.kinds.wrapping).
    """

    adjoint: ir.Expr | None
    coefficient: int | float = 1
    numerator: tuple[ir.Expr, ...] = ()
    denominator: tuple[ir.Expr, ...] = ()
    guards: tuple[ir.Expr, ...] = ()
    shape: Shape | None = ()
    base: Shape | None = None
    is_apart: bool = False

    def times(self, sign: int, numerator: Sequence[ir.Expr], denominator: Sequence[ir.Expr]) -> Term:
        """The term multiplied by a partial derivative."""
        coefficient = self.coefficient * sign
        above, below = list(self.numerator), list(self.denominator)
        for factor in numerator:
            coefficient = _multiply_in(factor, coefficient, above, below, self.is_apart)
        for factor in denominator:
            coefficient = _divide_by(factor, coefficient, above, below)
        base = self.base_shape
        shape = self.shape if above or below or base is None else base
        return Term(self.adjoint, coefficient, tuple(above), tuple(below), self.guards, shape, base, self.is_apart)

    @property
    def base_shape(self) -> Shape | None:
        """The shape of the adjoint alone, where it is known."""
        return self.base if self.numerator or self.denominator else self.shape

    def as_written(self, numerator: Sequence[ir.Expr], denominator: Sequence[ir.Expr]) -> Term:
        """The adjoint with these factors, where cancelling them might leave less than the shape of the product; else their
        product."""
        made = self.times(1, numerator, denominator)
        factors = [each for each in (*numerator, *denominator) if not isinstance(each, ir.Const)]
        is_pending = self.base is not None and self.base != self.shape
        if not is_pending or len(made.numerator) + len(made.denominator) >= len(factors):
            return made
        return replace(self, numerator=tuple(numerator), denominator=tuple(denominator))

    def lacks_axes(self, shape: Shape | None, shape_of: Callable[[ir.Expr], Shape | None]) -> bool:
        """Whether the product surely is narrower than `shape`: what has been cancelled would have spread it."""
        base = self.base_shape
        if base is None or shape is None:
            return False
        wide = broadcast(base, *map(shape_of, (*self.numerator, *self.denominator)))
        return wide is not None and wide != shape

    def guarded(self, test: ir.Expr) -> Term:
        return replace(self, guards=(*self.guards, test))

    @property
    def complexity(self) -> int:
        """How many operations it takes to write the term down."""
        return len(self.numerator) + len(self.denominator) + (abs(self.coefficient) != 1)


def _multiply_in(
    factor: ir.Expr, coefficient: int | float, above: list[ir.Expr], below: list[ir.Expr], is_apart: bool = False
) -> int | float:
    match factor:
        case ir.Value(of=ir.Op(op="neg", args=(ir.Name() as inner,))) if not is_apart:
            return -_multiply_in(ir.Value(inner), coefficient, above, below)
        case ir.Value() | ir.Name():
            pass
        case ir.Const(value=int(value)) if not isinstance(value, bool) and (found := _product(coefficient, value)) is not None:
            return cancelled(found, below)
        case ir.Const(value=float(value)) if (found := product(coefficient, value)):
            return found
        case ir.Op(op="neg", args=(inner,)):
            return -_multiply_in(inner, coefficient, above, below, is_apart)
        case ir.Op(op="mul", args=(left, right)):
            return _multiply_in(right, _multiply_in(left, coefficient, above, below, is_apart), above, below, is_apart)
        case ir.Op(op="div", args=(ir.Const(value=int(value)), ir.Const(value=int(divisor)))) if (
            math.gcd(value, divisor) not in (1, abs(value), abs(divisor))
        ):
            above.append(factor)  # `64 / 2300` has a reason
            return coefficient
        case ir.Op(op="div", args=(left, right)):
            return _divide_by(right, _multiply_in(left, coefficient, above, below, is_apart), above, below)
    rest = _divided(factor, below) if below else factor  # what is divided by was so in the forward part: it is not 0
    if rest is not None and (is_apart or not joined(rest, above)):
        above.append(rest)
    return coefficient


def kept_apart(term: Term, factors: Sequence[ir.Expr], kinds: Kinds) -> Term:
    """A term that is about to be multiplied by these factors: one whose factors are not combined where one of them may wrap."""
    apart = any(may_wrap(part, kinds) for factor in factors for part in _factors(factor))
    return replace(term, is_apart=True) if apart else term


def with_powers(term: Term, powers: Sequence[ir.Op]) -> Term:
    """A term in which powers that the user computes are these values: `x ** 11 * x`, become `x ** 12`, may be one."""
    if not powers or not term.numerator:
        return term

    def known(factor: ir.Expr) -> ir.Expr:
        base, exponent = power_of(factor)
        value = base.of if isinstance(base, ir.Value) else base
        found = (node for node in powers if same(node.args[0], value) and same(node.args[1], exponent))
        return factor if exponent is ONE else next((ir.Value(node) for node in found), factor)

    numerator = tuple(map(known, term.numerator))
    return term if numerator == term.numerator else replace(term, numerator=numerator)


def _divide_by(factor: ir.Expr, coefficient: int | float, above: list[ir.Expr], below: list[ir.Expr]) -> int | float:
    match factor:
        case ir.Value() | ir.Name():
            pass
        case ir.Const(value=int(value)) if not isinstance(value, bool) and value != 0:
            return _divide_by_number(value, coefficient, below)
        case ir.Op(op="neg", args=(inner,)):
            return -_divide_by(inner, coefficient, above, below)
        case ir.Op(op="mul") if any(_shares(part, coefficient, above) for part in _factors(factor)):
            for part in _factors(factor):
                coefficient = _divide_by(part, coefficient, above, below)
            return coefficient
    if taken_out(factor, above, below):
        return coefficient
    rest = _divided(factor, above) if above else factor
    if rest is not None:
        _put_below(rest, below)
    return coefficient


def _put_below(factor: ir.Expr, below: list[ir.Expr]) -> None:
    """Divide by a factor; `/ (S / K) / K` is `/ S`."""
    for index, other in enumerate(below):
        for quotient, divisor in ((other, factor), (factor, other)):
            match quotient:
                case ir.Op(op="div", args=(above, inner), spelling=None) if same(inner, divisor):
                    below[index : index + 1] = [] if is_number(above, 1) else [above]
                    return
    below.append(factor)


def _divide_by_number(value: int, coefficient: int | float, below: list[ir.Expr]) -> int | float:
    if isinstance(coefficient, int):
        common = math.gcd(coefficient, value)
        coefficient, value = coefficient // common, value // common
    if value < 0:
        coefficient, value = -coefficient, -value
    if value != 1:
        for index, other in enumerate(below):
            if isinstance(other, ir.Const) and type(other.value) is int:
                below[index] = number(other.value * value)
                return coefficient
        below.append(number(value))
    return coefficient


def _shares(part: ir.Expr, coefficient: int | float, above: list[ir.Expr]) -> bool:
    """Whether dividing by one factor of a product cancels anything."""
    if isinstance(part, ir.Const) and type(part.value) is int and isinstance(coefficient, int):
        return math.gcd(part.value, coefficient) > 1
    return any(same(_power_of(part)[0], _power_of(other)[0]) for other in above)


def _factors(expr: ir.Expr) -> list[ir.Expr]:
    if isinstance(expr, ir.Op) and expr.op == "mul":
        return [*_factors(expr.args[0]), *_factors(expr.args[1])]
    return [expr]


def _power_of(expr: ir.Expr) -> tuple[ir.Expr, int]:
    """Base and exponent of a factor: `x ** 3` is (x, 3), anything else itself."""
    if isinstance(expr, ir.Op) and expr.op == "pow":
        match expr:
            case ir.Op(args=(base, ir.Const(value=int(exponent))), spelling=None) if exponent > 1:
                return base, exponent
    return expr, 1


def _divided(factor: ir.Expr, others: list[ir.Expr]) -> ir.Expr | None:
    """What is left of a factor once it is cancelled against `others`, which change: None where nothing is."""
    base, exponent = _power_of(factor)
    for index, other in enumerate(list(others)):
        parts = _factors(other)
        for at, part in enumerate(parts):
            own, height = _power_of(part)
            if not same(base, own):
                continue
            common = min(exponent, height)
            parts[at] = number(1) if height == common else power(own, number(height - common))
            remaining: ir.Expr = number(1)
            for each in parts:
                remaining = mul(remaining, each)
            others[index : index + 1] = [] if is_number(remaining, 1) else [remaining]
            exponent -= common
            if exponent == 0:
                return None
            return _divided(power(base, number(exponent)), others)
    return factor


def _product(left: int | float, right: int) -> int | float | None:
    return left * right if isinstance(left, int) else product(left, right)


def cancelled(coefficient: int | float, below: list[ir.Expr]) -> int | float:
    """An integer coefficient against the integers that are divided by: 2 * x / 2, 4 * x / (2 * y)."""
    if not isinstance(coefficient, int):
        return coefficient
    for index, factor in enumerate(list(below)):
        parts = _factors(factor)
        for at, part in enumerate(parts):
            if not (isinstance(part, ir.Const) and type(part.value) is int):
                continue
            common = math.gcd(coefficient, part.value)
            if common == 1:
                continue
            coefficient //= common
            parts[at] = number(part.value // common)
            remaining: ir.Expr = number(1)
            for each in parts:
                remaining = mul(remaining, each)
            below[index : index + 1] = [] if is_number(remaining, 1) else [remaining]
            return cancelled(coefficient, below)
    return coefficient


def as_term(value: ir.Expr) -> Term | None:
    """A product as a term whose first factor is the adjoint; None where nothing stands above its line."""
    above: list[ir.Expr] = []
    below: list[ir.Expr] = []
    coefficient = _multiply_in(value, 1, above, below)
    return Term(above[0], coefficient, tuple(above[1:]), tuple(below), base=()) if above else None


def flattened(value: ir.Expr) -> ir.Expr:
    """A product without products inside: `a * b * c` for a * (b * c)."""
    term = as_term(value) if isinstance(value, ir.Op) and value.op in ("mul", "div", "neg") else None
    return value if term is None else product_of(term)


# --- writing terms down ---------------------------------------------------------------------------------------------------


def product_of(term: Term) -> ir.Expr:
    """The term as an expression: constants before a bare adjoint (`3 * dJ`), after it where more follows (`dJ * 2 * x`)."""
    size = abs(term.coefficient)
    if term.adjoint is None:
        factors: list[ir.Expr] = [] if size == 1 and term.numerator else [number(size)]
        factors.extend(term.numerator)
    elif size == 1:
        factors = [term.adjoint, *term.numerator]
    elif term.numerator:
        factors = [term.adjoint, number(size), *term.numerator]
    else:
        factors = [number(size), term.adjoint]
    first, *rest = factors
    result = neg(first) if term.coefficient < 0 else first
    for factor in rest:
        result = mul(result, factor)
    for factor in term.denominator:
        result = div(result, factor)
    return result
