"""Puts an operation's own tangent lines in the place of the operation: what reads a tangent that is 0 is left out.

Never holds such a line; gradgen.rules.whole.moving does.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.ir.queries import reads_any
from gradgen.rules.notation import Facts, Moved, Rule
from gradgen.rules.registry import tangents_of
from gradgen.simplify.keys import key_of
from gradgen.transform.arrays.substituted import Substituted
from gradgen.transform.arrays.text import everywhere
from gradgen.transform.expressions.contributions import Requirement, Temporary

Tangents = Mapping[str, ir.Expr]


def where_still(operation: str, rule: Rule, moved: Moved, facts: Facts, still: Set[str]) -> Moved:
    """An operation's tangent lines where the operands `still` do not move, for all that they read what varies."""
    found = tangents_of(operation, rule, replace(facts, active=facts.active - still)) if still else None
    return moved if found is None else found


def without_zeros(expr: ir.Expr, zeros: frozenset[str]) -> ir.Expr | None:
    """An expression that is linear in the names `zeros` without what is 0 where they are; None where all of it is."""
    match expr:
        case ir.Name(id=name):
            return None if name in zeros else expr
        case ir.Const(value=0 | 0.0):
            return None
        case ir.Op(op="add" | "sub" as op, args=(left, right)):
            first, second = without_zeros(left, zeros), without_zeros(right, zeros)
            if first is None or second is None:
                return first if second is None else second if op == "add" else ir.Op("neg", (second,))
            return replace(expr, args=(first, second))
        case ir.Op(args=args, keywords=keywords):
            reading = reads_any(expr, zeros)
            if not reading:
                return expr
            kept = tuple(without_zeros(arg, zeros) if reads_any(arg, zeros) else arg for arg in args)
            named = tuple((name, without_zeros(value, zeros) if reads_any(value, zeros) else value) for name, value in keywords)
            if None in kept or any(value is None for _, value in named):
                return None
            return replace(expr, args=tuple(arg for arg in kept if arg is not None),
                           keywords=tuple((name, value) for name, value in named if value is not None))
        case ir.Attribute(base=base) if reads_any(base, zeros):
            inner = without_zeros(base, zeros)
            return None if inner is None else replace(expr, base=inner)
        case ir.Call(func=func) if reads_any(func, zeros):  # an interpolator through what does not move
            return None
        case ir.Item(base=base) if reads_any(base, zeros):
            inner = without_zeros(base, zeros)
            return None if inner is None else replace(expr, base=inner)
    return expr


def put_in_place(
    moved: Moved, values: Substituted, tangents: Tangents, wanted: Sequence[str], guards: tuple[ir.Expr, ...]
) -> dict[str, ir.Expr]:
    """The tangents of an operation's `wanted` results by name, those that are 0 left out. `tangents` are those of the operands
    that vary; what several lines read has a line of its own."""
    walk, kinds = values.owner.walk, values.owner.kinds
    zeros = frozenset(f"{name}_dot" for name, _ in values.operands if name not in tangents)
    for test, message in moved.requires:
        walk.found.requirements.append(Requirement(everywhere(values.apply(test), walk.kinds), message, guards))
    lines: list[tuple[str, ir.Expr]] = []
    for name, expr in moved.locals:
        kept = without_zeros(expr, zeros)
        zeros |= {name} if kept is None else frozenset()
        lines += [] if kept is None else [(name, kept)]
    kept_results = {name: without_zeros(moved.results[name], zeros) for name in wanted}
    results = {name: kept for name, kept in kept_results.items() if kept is not None}
    uses: dict[str, int] = {}
    for expr in results.values():
        _count(expr, uses)
    needed = []
    for name, expr in reversed(lines):
        if uses.get(name):
            needed.append((name, expr))
            _count(expr, uses)
    for name, tangent in tangents.items():
        label = f"{name}_dot"
        if uses.get(label, 0) > 1 and not isinstance(tangent, ir.Name):
            tangent = _line(walk.names.fresh(label), tangent, values, guards)
        values.values[label] = tangent
    for name, expr in reversed(needed):
        applied = values.apply(expr)
        if isinstance(applied, ir.Value | ir.Const | ir.Name):
            values.values[name] = applied
            continue
        line = _line(walk.names.fresh(name), applied, values, guards)
        kinds.named[line.id] = kinds.of(applied)
        values.values[name] = line
    return {name: _doubled(values.apply(expr)) for name, expr in results.items()}


def _doubled(expr: ir.Expr) -> ir.Expr:
    """`2 * x` for `x + x`, as of a product of a value with itself."""
    match expr:
        case ir.Op(op="add", args=(left, right)) if key_of(left) == key_of(right):
            return ir.Op("mul", (ir.Const(2), left))
    return expr


def _count(expr: ir.Expr, uses: dict[str, int]) -> None:
    for name in ir.names_read(expr):
        uses[name.id] = uses.get(name.id, 0) + 1


def _line(name: str, value: ir.Expr, values: Substituted, guards: tuple[ir.Expr, ...]) -> ir.Name:
    values.owner.walk.found.temporaries.append(Temporary(name, value, guards))
    return ir.Name(name)
