"""Terms: what one path through an expression contributes to an adjoint, as a product, and sums of them as a person writes them.

Never looks at statements.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.kinds import Shape, broadcast
from gradgen.simplify.decimals import product
from gradgen.simplify.fold import add, div, is_number, mul, neg, number, power, same, sub
from gradgen.transform.powers import ONE, joined, power_of, taken_out


@dataclass(frozen=True, slots=True)
class Term:
    """`coefficient * adjoint * numerator / denominator`, counted only where every guard holds.

    `adjoint` holds the adjoint that flows in (a name, as a rule, None inside of a factored sum); everything else is a value.
    `shape` is that of the whole product, `base` that of the adjoint beside its factors; None where it is not known.
    """

    adjoint: ir.Expr | None
    coefficient: int | float = 1
    numerator: tuple[ir.Expr, ...] = ()
    denominator: tuple[ir.Expr, ...] = ()
    guards: tuple[ir.Expr, ...] = ()
    shape: Shape | None = ()
    base: Shape | None = None

    def times(self, sign: int, numerator: Sequence[ir.Expr], denominator: Sequence[ir.Expr]) -> Term:
        """The term multiplied by a partial derivative."""
        coefficient = self.coefficient * sign
        above, below = list(self.numerator), list(self.denominator)
        for factor in numerator:
            coefficient = _multiply_in(factor, coefficient, above, below)
        for factor in denominator:
            coefficient = _divide_by(factor, coefficient, above, below)
        base = self.base_shape
        shape = self.shape if above or below or base is None else base
        return Term(self.adjoint, coefficient, tuple(above), tuple(below), self.guards, shape, base)

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


def _multiply_in(factor: ir.Expr, coefficient: int | float, above: list[ir.Expr], below: list[ir.Expr]) -> int | float:
    match factor:
        case ir.Value() | ir.Name():
            pass
        case ir.Const(value=int(value)) if not isinstance(value, bool) and (found := _product(coefficient, value)) is not None:
            return _cancel(found, below)
        case ir.Const(value=float(value)) if (found := product(coefficient, value)):
            return found
        case ir.Op(op="neg", args=(inner,)):
            return -_multiply_in(inner, coefficient, above, below)
        case ir.Op(op="mul", args=(left, right)):
            return _multiply_in(right, _multiply_in(left, coefficient, above, below), above, below)
        case ir.Op(op="div", args=(ir.Const(value=int(value)), ir.Const(value=int(divisor)))) if (
            math.gcd(value, divisor) not in (1, abs(value), abs(divisor))
        ):
            above.append(factor)  # `64 / 2300` has a reason
            return coefficient
        case ir.Op(op="div", args=(left, right)):
            return _divide_by(right, _multiply_in(left, coefficient, above, below), above, below)
    rest = _divided(factor, below) if below else factor  # what is divided by was so in the forward part: it is not 0
    if rest is not None and not joined(rest, above):
        above.append(rest)
    return coefficient


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


def _cancel(coefficient: int | float, below: list[ir.Expr]) -> int | float:
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
            return _cancel(coefficient, below)
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


def sum_of(terms: Sequence[Term]) -> ir.Expr:
    """The sum of terms with like guards: like terms collected, a common adjoint factored out."""
    if len(terms) == 1 and terms[0].coefficient > 0:
        return product_of(terms[0])
    groups: list[tuple[ir.Expr | None, list[Term]]] = []
    for term in collected(terms if len(terms) < 2 else map(_with_sign_apart, terms)):
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


def _with_sign_apart(term: Term) -> Term:
    """The term without the minus in front of its adjoint, which is that of the term: `a - dy * x`, not `a + -dy * x`."""
    positive = None if term.adjoint is None else _without_minus(term.adjoint)
    return term if positive is None else replace(term, adjoint=positive, coefficient=-term.coefficient)


def _without_minus(expr: ir.Expr) -> ir.Expr | None:
    """The negative of a product that begins with a minus; None for anything else."""
    match expr:
        case ir.Op(op="neg", args=(inner,), spelling=None):
            return inner
        case ir.Op(op="mul" | "div" as op, args=(left, right), spelling=None):
            inner_left = _without_minus(left)
            return None if inner_left is None else ir.Op(op, (inner_left, right))
    return None


def _group(adjoint: ir.Expr | None, members: list[Term]) -> tuple[bool, ir.Expr]:
    """Members that share an adjoint, as (is negative, expression)."""
    if len(members) == 1:
        term = members[0]
        is_negative = term.coefficient < 0
        return is_negative, product_of(replace(term, coefficient=-term.coefficient) if is_negative else term)
    is_negative = members[0].coefficient < 0
    above, below = _common([term.numerator for term in members]), _common([term.denominator for term in members])
    size = abs(members[0].coefficient)
    size = size if all(abs(term.coefficient) == size for term in members) else 1
    inner: ir.Expr | None = None
    for term in members:
        coefficient = 1 if abs(term.coefficient) == size else abs(term.coefficient)
        piece = product_of(Term(None, coefficient, _without(term.numerator, above), _without(term.denominator, below)))
        is_subtracted = (term.coefficient < 0) != is_negative
        if inner is None:
            inner = piece
        else:
            inner = sub(inner, piece) if is_subtracted else add(inner, piece)
    assert inner is not None
    return is_negative, product_of(Term(adjoint, size, (*above, inner), tuple(below)))


def _common(lists: Sequence[Sequence[ir.Expr]]) -> list[ir.Expr]:
    """The factors that all lists hold."""
    common = list(lists[0])
    for other in lists[1:]:
        waiting, kept = list(other), []
        for factor in common:
            index = next((index for index, each in enumerate(waiting) if same(factor, each)), None)
            if index is not None:
                kept.append(factor)
                del waiting[index]
        common = kept
    return common


def _without(factors: Sequence[ir.Expr], removed: Sequence[ir.Expr]) -> tuple[ir.Expr, ...]:
    """The factors but for those removed, each once."""
    waiting = list(removed)
    kept = []
    for factor in factors:
        index = next((index for index, other in enumerate(waiting) if same(factor, other)), None)
        if index is None:
            kept.append(factor)
        else:
            del waiting[index]
    return tuple(kept)


def collected(terms: Iterable[Term]) -> list[Term]:
    """Like terms added up: `dy * x + dy * x` is `dy * 2 * x`, and `dy * x / (2 * z)` twice is `dy * x / z`."""
    result: list[Term] = []
    added: set[int] = set()
    for term in terms:
        for index, other in enumerate(result):
            if _are_alike(term, other):
                result[index] = replace(other, coefficient=other.coefficient + term.coefficient)
                added.add(index)
                break
        else:
            result.append(term)
    for index in added:
        below = [*result[index].denominator]
        result[index] = replace(result[index], coefficient=_cancel(result[index].coefficient, below), denominator=tuple(below))
    return [term for term in result if term.coefficient != 0]


def _are_alike(left: Term, right: Term) -> bool:
    if left.adjoint is None or right.adjoint is None or not same(left.adjoint, right.adjoint):
        return False
    if len(left.guards) != len(right.guards) or not all(map(same, left.guards, right.guards)):
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
