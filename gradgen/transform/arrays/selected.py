"""Products and quotients of adjoints that are 0 where elements have been left out: there they stay 0, whatever the slope is.

Never finds out which adjoints these are (analyse.slopes.selection).
"""
from __future__ import annotations

from collections.abc import Sequence

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.kinds.wrapping import may_wrap
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import Shape, broadcast
from gradgen.rules.selecting import BOUNDED, BY_HAND, NOT
from gradgen.simplify.fold import same
from gradgen.transform.expressions.terms import Term, product_of
from gradgen.transform.expressions.vectorised import chosen_where


def smaller_first(term: Term, sign: int, above: Sequence[ir.Expr], below: Sequence[ir.Expr], shape: Shape | None) -> Term:
    """What is about to be broadcast is computed before it is: `dy / total * e`. Counts stay at the end (`dy * r / r.size`)."""
    if None in (term.adjoint, term.shape, shape) or term.shape == shape or broadcast(term.shape, shape) != shape:
        return term
    if all(_is_count(factor) for factor in term.denominator):
        return term
    adjoint = product_of(replace(term, coefficient=1, guards=()))
    first = Term(adjoint, term.coefficient, guards=term.guards, shape=term.shape, is_apart=term.is_apart)
    as_one, in_two = (product_of(each.times(sign, above, below)) for each in (term, first))
    return first if _operations(in_two) <= _operations(as_one) else term  # where nothing cancels


def narrow_first(
    term: Term, above: Sequence[ir.Expr], below: Sequence[ir.Expr], shape: Shape | None, kinds: Kinds
) -> tuple[Term, list[ir.Expr], list[ir.Expr]]:
    """A term, and what it is yet to be multiplied and divided by: what is narrower than the product is divided by before the
    product is as wide as that: `dy / np.sum(held, axis=0) * held`. Numbers stay at the end: `dy * x / y`."""
    def is_narrow(factor: ir.Expr) -> bool:
        wide = broadcast(term.shape, kinds.shape(factor))
        return wide is not None and wide != shape and broadcast(wide, shape) == shape

    early = [each for each in below if kinds.shape(each) and is_narrow(each)]
    rest = [each for each in above if not is_narrow(each)]
    if shape is None or term.shape is None or not early or not rest:
        return term, list(above), list(below)
    together = term.times(1, [each for each in above if is_narrow(each)], early)
    adjoint = product_of(replace(together, coefficient=1, guards=()))
    shapes = (kinds.shape(each) for each in early)
    wide = broadcast(term.shape, *shapes)
    first = Term(adjoint, together.coefficient, guards=term.guards, shape=wide, is_apart=term.is_apart)
    return first, rest, [each for each in below if each not in early]


def _operations(expr: ir.Expr) -> int:
    return sum(isinstance(node, ir.Op) for node in ir.walk(expr))


def _is_count(factor: ir.Expr) -> bool:
    match factor:
        case ir.Value(of=of):
            return _is_count(of)
        case ir.Item(base=base):
            return _is_count(base)
        case ir.Call(func=ir.Name(id="len", scope="global")) | ir.Attribute(name="size" | "shape") | ir.Const():
            return True
    return False


def selected(term: Term, sign: int, above: Sequence[ir.Expr], below: Sequence[ir.Expr], level: int, kinds: Kinds) -> Term:
    """The term times `above` over `below`, with exactly 0 where the term is 0."""
    risky = [factor for factor in above if kinds.shape(factor) != () and (level == BY_HAND or not _is_bounded(factor))]
    dividing = [factor for factor in below if kinds.shape(factor) != ()]
    if level == NOT or not risky and not dividing:
        return term.times(sign, above, below)
    plain = term.times(sign, [each for each in above if each not in risky], [each for each in below if each not in dividing])
    value = _times(plain, risky, kinds)
    for part in _products(dividing, kinds):
        value = ir.Op("quotient", (value, part))
    wide = broadcast(term.shape, *map(kinds.shape, (*above, *below)))
    return Term(value, guards=term.guards, shape=kinds.shape(value) or wide or ())


def chosen_at(
    test: ir.Expr, term: Term, sign: int, above: Sequence[ir.Expr], below: Sequence[ir.Expr], kinds: Kinds
) -> ir.Expr:
    """The term times `above` over `below` where the test holds, exactly 0 elsewhere, whatever is divided by there."""
    dividing = [factor for factor in below if kinds.shape(factor) != ()]
    plain = term.times(sign, above, [each for each in below if each not in dividing])
    value = product_of(replace(plain, guards=()))
    match test:
        case ir.Compare(ops=("ne",), operands=(factor, ir.Const(value=0))) if dividing and any(same(factor, o) for o in above):
            chosen = value
        case _:
            chosen = chosen_where(test, value)
    for part in _products(dividing, kinds):
        chosen = ir.Op("quotient", (chosen, part))
    return chosen


def _times(term: Term, factors: Sequence[ir.Expr], kinds: Kinds) -> ir.Expr:
    """The product; of `np.where(test, value, 0)` one that is chosen after it has been multiplied."""
    value = product_of(replace(term, guards=()))
    if not factors:
        return value
    match term.adjoint:
        case ir.Op(op="where", args=(test, ir.Const(value=0) as nothing, inner)) as choice:
            return replace(choice, args=(test, nothing, _multiplied(term, inner, factors)))
        case ir.Op(op="where", args=(test, inner, ir.Const(value=0) as nothing)) as choice:
            return replace(choice, args=(test, _multiplied(term, inner, factors), nothing))
    for part in _products(factors, kinds):
        value = ir.Op("product", (value, part))
    return value


def _multiplied(term: Term, adjoint: ir.Expr, factors: Sequence[ir.Expr]) -> ir.Expr:
    return product_of(replace(term, adjoint=adjoint, guards=()).times(1, factors, []))


def _products(factors: Sequence[ir.Expr], kinds: Kinds) -> list[ir.Expr]:
    """The product of factors; each by itself where one of them may wrap."""
    if len(factors) > 1 and any(may_wrap(factor, kinds) for factor in factors):
        return list(factors)
    return [product_of(Term(None).times(1, factors, []))] if factors else []


def _is_bounded(factor: ir.Expr) -> bool:
    """Whether a factor is finite wherever what it is computed from is."""
    match factor:
        case ir.Value(of=of):
            return _is_bounded(of)
        case ir.Op(op="pow", args=(base, ir.Const(value=int() | float() as exponent))):
            return exponent >= 0 and _is_bounded(base)
        case ir.Op(op=op, args=args):
            return op in BOUNDED and all(map(_is_bounded, args))
    return True
