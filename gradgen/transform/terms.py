"""Terms: what one path through an expression contributes to an adjoint, as a product, and sums of them as a person writes them.

Never looks at statements.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from gradgen.ir import nodes as ir
from gradgen.simplify.fold import add, div, mul, neg, number, same, sub

ONE: Final = ir.Const(1)


@dataclass(frozen=True, slots=True)
class Term:
    """`coefficient * adjoint * numerator / denominator`, counted only where every guard holds.

    `adjoint` holds the adjoint that flows in (a name, as a rule, None inside of a factored sum); everything else is a value.
    """

    adjoint: ir.Expr | None
    coefficient: int | float = 1
    numerator: tuple[ir.Expr, ...] = ()
    denominator: tuple[ir.Expr, ...] = ()
    guards: tuple[ir.Expr, ...] = ()

    def times(self, sign: int, numerator: Sequence[ir.Expr], denominator: Sequence[ir.Expr]) -> Term:
        """The term multiplied by a partial derivative."""
        coefficient = self.coefficient * sign
        above, below = list(self.numerator), list(self.denominator)
        for factor in numerator:
            coefficient = _multiply_in(factor, coefficient, above, below)
        for factor in denominator:
            coefficient = _divide_by(factor, coefficient, above, below)
        return replace(self, coefficient=coefficient, numerator=tuple(above), denominator=tuple(below))

    def guarded(self, test: ir.Expr) -> Term:
        return replace(self, guards=(*self.guards, test))

    @property
    def complexity(self) -> int:
        """How many operations it takes to write the term down."""
        return len(self.numerator) + len(self.denominator) + (abs(self.coefficient) != 1)


def _multiply_in(factor: ir.Expr, coefficient: int | float, above: list[ir.Expr], below: list[ir.Expr]) -> int | float:
    match factor:
        case ir.Const(value=int(value)) if not isinstance(value, bool) and _is_short_or_int(coefficient * value):
            return _cancel(coefficient * value, below)
        case ir.Const(value=float(value)) if _is_short(coefficient * value) and coefficient * value != 0:
            return coefficient * value
        case ir.Op(op="neg", args=(inner,)):
            return -_multiply_in(inner, coefficient, above, below)
        case ir.Op(op="mul", args=(left, right)):
            return _multiply_in(right, _multiply_in(left, coefficient, above, below), above, below)
        case ir.Op(op="div", args=(left, right)):
            return _divide_by(right, _multiply_in(left, coefficient, above, below), above, below)
    for index, other in enumerate(below):
        if same(factor, other):
            del below[index]  # what it is divided by has been divided by in the forward part: it is not 0
            return coefficient
    above.append(factor)
    return coefficient


def _divide_by(factor: ir.Expr, coefficient: int | float, above: list[ir.Expr], below: list[ir.Expr]) -> int | float:
    match factor:
        case ir.Const(value=int(value)) if not isinstance(value, bool) and value != 0:
            if isinstance(coefficient, int) and coefficient % value == 0:
                return coefficient // value
        case ir.Op(op="neg", args=(inner,)):
            return -_divide_by(inner, coefficient, above, below)
    for index, other in enumerate(above):
        if same(factor, other):
            del above[index]
            return coefficient
    below.append(factor)
    return coefficient


def _is_short_or_int(value: int | float) -> bool:
    return isinstance(value, int) or _is_short(value)


def _is_short(value: float) -> bool:
    """Whether a number folded from two reads like one that a person wrote."""
    return len(repr(abs(value))) <= 6


def _cancel(coefficient: int | float, below: list[ir.Expr]) -> int | float:
    """An integer coefficient against an integer divisor: 2 * x / 2."""
    for index, factor in enumerate(below):
        divisor = factor.value if isinstance(factor, ir.Const) else None
        if isinstance(divisor, int) and isinstance(coefficient, int) and coefficient % divisor == 0:
            del below[index]
            return coefficient // divisor
    return coefficient


# --- writing terms down ---------------------------------------------------------------------------------------------------


def product_of(term: Term) -> ir.Expr:
    """The term as an expression: constants before a bare adjoint (`3 * dJ`), after it where more follows (`dJ * 2 * x`)."""
    size = abs(term.coefficient)
    sign = -1 if term.coefficient < 0 else 1
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
    result = neg(first) if sign < 0 else first
    for factor in rest:
        result = mul(result, factor)
    for factor in term.denominator:
        result = div(result, factor)
    return result


def sum_of(terms: Sequence[Term]) -> ir.Expr:
    """The sum of terms with like guards: like terms collected, a common adjoint factored out."""
    collected = _collect(terms)
    groups: list[tuple[ir.Expr | None, list[Term]]] = []
    for term in collected:
        for adjoint, members in groups:
            if adjoint is not None and term.adjoint is not None and same(adjoint, term.adjoint):
                members.append(term)
                break
        else:
            groups.append((term.adjoint, [term]))
    pieces = [_group(adjoint, members) for adjoint, members in groups]
    first = next((index for index, (is_negative, _) in enumerate(pieces) if not is_negative), 0)
    pieces.insert(0, pieces.pop(first)) if pieces else None
    result: ir.Expr | None = None
    for is_negative, piece in pieces:
        if result is None:
            result = neg(piece) if is_negative else piece
        else:
            result = sub(result, piece) if is_negative else add(result, piece)
    return number(0.0) if result is None else result


def _group(adjoint: ir.Expr | None, members: list[Term]) -> tuple[bool, ir.Expr]:
    """Members that share an adjoint, as (is negative, expression)."""
    if len(members) == 1:
        term = members[0]
        return term.coefficient < 0, product_of(replace(term, coefficient=abs(term.coefficient)))
    is_negative = members[0].coefficient < 0
    inner: ir.Expr | None = None
    for term in members:
        coefficient = -term.coefficient if is_negative else term.coefficient
        piece = product_of(replace(term, adjoint=None, coefficient=abs(coefficient)))
        if inner is None:
            inner = piece
        else:
            inner = sub(inner, piece) if coefficient < 0 else add(inner, piece)
    assert inner is not None
    return is_negative, inner if adjoint is None else mul(adjoint, inner)


def _collect(terms: Iterable[Term]) -> list[Term]:
    """Like terms added up: `dy * x + dy * x` is `dy * 2 * x`."""
    result: list[Term] = []
    for term in terms:
        for index, other in enumerate(result):
            if _are_alike(term, other):
                result[index] = replace(other, coefficient=other.coefficient + term.coefficient)
                break
        else:
            result.append(term)
    return [term for term in result if term.coefficient != 0]


def _are_alike(left: Term, right: Term) -> bool:
    if left.adjoint is None or right.adjoint is None or not same(left.adjoint, right.adjoint):
        return False
    return _same_factors(left.numerator, right.numerator) and _same_factors(left.denominator, right.denominator)


def _same_factors(left: Sequence[ir.Expr], right: Sequence[ir.Expr]) -> bool:
    if len(left) != len(right):
        return False
    remaining = list(right)
    for factor in left:
        for index, other in enumerate(remaining):
            if same(factor, other):
                del remaining[index]
                break
        else:
            return False
    return True
