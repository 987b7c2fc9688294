"""Sums of terms as a person writes them: like terms collected, a common adjoint factored out.

Never says how one term is written: terms does.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.simplify.fold import add, neg, number, same, sub
from gradgen.transform.expressions.terms import Term, cancelled, product_of


def sum_of(terms: Sequence[Term]) -> ir.Expr:
    """The sum of terms with like guards: like terms collected, a common adjoint factored out."""
    if len(terms) == 1 and terms[0].coefficient > 0:
        return product_of(terms[0])
    groups: list[tuple[ir.Expr | None, list[Term]]] = []
    for term in collected(terms if len(terms) < 2 else map(_with_sign_apart, terms)):
        for adjoint, members in groups:
            is_apart = term.is_apart or members[0].is_apart
            if not is_apart and adjoint is not None and term.adjoint is not None and same(adjoint, term.adjoint):
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
        result[index] = replace(result[index], coefficient=cancelled(result[index].coefficient, below), denominator=tuple(below))
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
