"""What functions of a whole list or tuple of numbers hand on to its elements: products, norms, the largest.

Never refuses: it says whether it knows the call.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass
from gradgen.ir.queries import reads
from gradgen.transform.expressions.contributions import Contributions, Leaf, LoopLine
from gradgen.transform.expressions.terms import Term, product_of
from gradgen.transform.names import Names

Factors = tuple[list[ir.Expr], list[ir.Expr]]


class SequenceWalk(Protocol):
    """What is needed of the walk over the expression that a call stands in."""

    names: Names
    sequences: frozenset[str]
    unstable: frozenset[str]
    found: Contributions


@dataclass(frozen=True, slots=True)
class Partial:
    """The slope by one element: what the adjoint is multiplied and divided by; `is_norm` where it is 0 for the result 0."""

    factors: Callable[[ir.Call, ir.Name, ir.Name], Factors]
    is_starred: bool = False
    is_norm: bool = False


def _others(call: ir.Call, sequence: ir.Name, index: ir.Name) -> Factors:
    following = ir.Op("add", (index, ir.Const(1)))
    before, after = ir.Item(sequence, ir.Slice(None, index)), ir.Item(sequence, ir.Slice(following))
    return [ir.Call(call.func, (ir.Op("add", (before, after)),))], []


def _over_norm(call: ir.Call, sequence: ir.Name, index: ir.Name) -> Factors:
    return [ir.Item(sequence, index)], [ir.Value(call)]


PARTIALS: Mapping[Any, Partial] = {
    math.prod: Partial(_others),
    math.hypot: Partial(_over_norm, is_starred=True, is_norm=True),
}
EXTREMES = (max, min)


def of_sequence(walk: SequenceWalk, call: ir.Call, term: Term) -> bool:
    """Pass the adjoint of a call on to the elements of the one named list or tuple that it takes; False where it is another."""
    if call.keywords or len(call.args) != 1 or call.target is None:
        return False
    given = call.args[0]
    sequence = given.value if isinstance(given, ir.Starred) else given
    if not isinstance(sequence, ir.Name) or sequence.id not in walk.sequences or sequence.id in walk.unstable:
        return False
    if any(call.target is each for each in EXTREMES) and sequence is given and not term.guards:
        place = ir.Call(ir.Attribute(sequence, "index"), (ir.Value(call),))
        walk.found.leaves.append(Leaf(sequence.id, term, (place,), True))
        return True
    partial = next((each for function, each in PARTIALS.items() if function is call.target), None)
    if partial is None or partial.is_starred != isinstance(given, ir.Starred):
        return False
    index = ir.Name(walk.names.fresh("i"))
    term = term.guarded(ir.Value(call)) if partial.is_norm else term
    term = term.times(1, *partial.factors(call, sequence, index))
    generator = ir.Generator(ir.NameTarget(index.id), ir.Call(ir.Name("range", "global"), (_length(sequence),)), ())
    element = ir.Item(sequence, index)
    walk.found.loops.append(LoopLine(ir.Comprehension("generator", element, (generator,)), term, None))
    return True


def tangent_of_sequence(names: Names, sequences: frozenset[str], call: ir.Call) -> Term | None:
    """The tangent of a call of the one named list or tuple that it takes: `ts_dot[ts.index(max(ts))]`; None for another."""
    if call.keywords or len(call.args) != 1 or call.target is None:
        return None
    given = call.args[0]
    sequence = given.value if isinstance(given, ir.Starred) else given
    if not isinstance(sequence, ir.Name) or sequence.id not in sequences:
        return None
    moved = ir.Name(names.tangent(sequence.id))
    if any(call.target is each for each in EXTREMES) and sequence is given:
        return Term(ir.Item(moved, ir.Call(ir.Attribute(sequence, "index"), (ir.Value(call),))))
    partial = next((each for function, each in PARTIALS.items() if function is call.target), None)
    if partial is None or partial.is_starred != isinstance(given, ir.Starred):
        return None
    index = ir.Name(names.fresh("i"))
    above, below = partial.factors(call, sequence, index)
    inside = [part for part in above if reads(part, index.id)]
    element = product_of(Term(ir.Item(moved, index)).times(1, inside, []))
    places = ir.Generator(ir.NameTarget(index.id), ir.Call(ir.Name("range", "global"), (_length(sequence),)), ())
    total = ir.Call(ir.Name("sum", "global"), (ir.Comprehension("generator", element, (places,)),))
    term = Term(total).times(1, [part for part in above if part not in inside], below)
    return term.guarded(ir.Value(call)) if partial.is_norm else term


def _length(sequence: ir.Name) -> ir.Expr:
    return ir.Call(ir.Name("len", "global"), (sequence,))
