"""Which adjoint each of an array operation's results has: unpacked (`w, v = np.linalg.eigh(a)`), or one taken by its place.

Never passes an adjoint on; transform.arrays.operations does.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.kinds.listed import as_array
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import AnyKind, Holder, Kind, Shape
from gradgen.ir.queries import unwrapped, variables_read
from gradgen.rules.notation import Contribution, Rule
from gradgen.rules.registry import has_several_results, rules_for
from gradgen.transform.arrays.results_read import is_bound_anew, places_read
from gradgen.transform.expressions.terms import Term, product_of
from gradgen.transform.lines.spelling import ZERO, zeros_like


def results_of(op: ir.Op, kind: AnyKind) -> tuple[str, ...]:
    """The names that the rows of an operation give its results: one, or as many as the holder of them has items."""
    rules = rules_for(op.op)
    count = len(kind.items) if isinstance(kind, Holder) and kind.items is not None else 1
    return next((rule.results for rule in rules if len(rule.results) == count), rules[0].results if rules else ())


def adjoints_of(op: ir.Op, source: ir.Expr, term: Term, kinds: Kinds) -> Mapping[str, Term] | None:
    """The adjoint of each result that has one; None where several results are not unpacked."""
    kind = kinds.of(source)
    results = results_of(op, kind)
    if len(results) == 1:
        return {results[0]: term}
    if not isinstance(kind, Holder) or kind.items is None:
        return None
    parts = term.adjoint.items if isinstance(term.adjoint, ir.Display) else _parts_of(term, source, len(results), kinds)
    if parts is None:
        return None
    found = {}
    for name, adjoint, each in zip(results, parts, kind.items, strict=True):
        is_nothing = isinstance(adjoint, ir.Const) or isinstance(adjoint, ir.Op) and adjoint.op in ("zeros_like", "zeros")
        if not is_nothing:
            found[name] = replace(term, adjoint=adjoint, shape=each.shape if isinstance(each, Kind) else None)
    return found


def _parts_of(term: Term, source: ir.Expr, count: int, kinds: Kinds) -> tuple[ir.Expr, ...] | None:
    """The adjoints of results that are held together, whose adjoint is one value; 0 for those that nothing reads."""
    is_scaled = term.complexity or term.coefficient != 1
    if is_scaled or not isinstance(term.adjoint, ir.Name | ir.Item) or is_bound_anew(source, kinds):
        return None
    read = places_read(source, kinds)
    places = range(count) if read is None else read
    return tuple(ir.Item(term.adjoint, ir.Const(place)) if place in places else ir.Const(0.0) for place in range(count))


def in_parts(op: ir.Op, term: Term) -> Term:
    """The adjoint of an operation that gives several numbers, as one adjoint for each of them where it is one value."""
    rules = rules_for(op.op)
    if not has_several_results(op.op) or not isinstance(term.adjoint, ir.Name | ir.Item):
        return term
    adjoints = tuple(ir.Item(term.adjoint, ir.Const(place)) for place in range(len(rules[0].results)))
    return replace(term, adjoint=ir.Display("tuple", adjoints))


def contributions_of(rule: Rule, adjoints: Mapping[str, Term]) -> tuple[Contribution, ...]:
    """A rule's contributions but for those of results that have no adjoint."""
    without = {f"d{result}" for result in rule.results} - {f"d{result}" for result in adjoints}
    return tuple(
        each for each in rule.contributions if not isinstance(each.adjoint, ir.Name) or each.adjoint.id not in without
    )


def all_together(
    source: ir.Expr, rule: Rule, found: Mapping[str, ir.Expr], asked: Sequence[str], kinds: Sequence[AnyKind]
) -> ir.Expr | None:
    """The tangents of all results of a call as one value, zeros for what is asked for and does not move; None where it is not
    known how many."""
    tangents = []
    for place, (name, kind) in enumerate(zip(rule.results, kinds, strict=True)):
        is_still = name in asked and name not in found
        if is_still and not isinstance(kind, Kind):
            return None
        fills = is_still and isinstance(kind, Kind) and kind.shape != ()
        still = zeros_like(ir.Item(ir.Value(source), ir.Const(place)), kind) if fills else ZERO
        tangents.append(found.get(name, still))
    return ir.Display("tuple", tuple(tangents))


def taken(expr: ir.Expr, kinds: Kinds) -> tuple[ir.Expr, int, int] | None:
    """`np.linalg.eigh(a)[1]`, `np.linalg.slogdet(a).logabsdet`: the call, which of its results is taken, of how many."""
    if not isinstance(expr, ir.Item | ir.Attribute):
        return None
    base = unwrapped(expr.base)
    op = kinds.operation(base)
    kind = kinds.of(base)
    if op is None or not isinstance(kind, Holder) or kind.items is None or len(results_of(op, kind)) != len(kind.items):
        return None
    count = len(kind.items)
    match expr:
        case ir.Item(index=ir.Const(value=int(index))) if -count <= index < count:
            return base, index % count, count
        case ir.Attribute(name=name) if kind.keys is not None and name in kind.keys:
            return base, kind.keys.index(name), count
    return None


def of_part(expr: ir.Item | ir.Attribute, kinds: Kinds, fitted: Callable[[], Term]) -> tuple[ir.Expr, Term] | None:
    """The call that an expression takes one result of, and the adjoints of all its results; None for anything else. A part of a
    list that is made of an array is one of the array."""
    part = taken(expr, kinds)
    if part is None and isinstance(expr, ir.Item) and (found := as_array(expr, kinds)) is not None:
        return found, fitted()
    return listed(expr, fitted, kinds) if part is None else (part[0], alone(fitted(), *part[1:]))


def listed(expr: ir.Expr, fitted: Callable[[], Term], kinds: Kinds) -> tuple[ir.Expr, Term] | None:
    """`np.split(x, 2)[0]`: the call, which gives a list, and its adjoint: zeros but for the item that is taken."""
    if not isinstance(expr, ir.Item) or not isinstance(expr.index, ir.Const) or not isinstance(expr.index.value, int):
        return None
    base = unwrapped(expr.base)
    kind = kinds.of(base)
    if kinds.operation(base) is None or not isinstance(kind, Holder) or kind.items is None or kind.keys is not None:
        return None
    count, index = len(kind.items), expr.index.value
    if not -count <= index < count:
        return None
    term = fitted()
    whole: list[ir.Expr] = [
        ir.Op("zeros_like", (ir.Item(ir.Value(base), ir.Const(place)),), family="numpy") for place in range(count)
    ]
    whole[index % count] = product_of(replace(term, guards=()))
    return base, Term(ir.Display("tuple", tuple(whole)), guards=term.guards, shape=None)


def alone(term: Term, index: int, count: int) -> Term:
    """The adjoints of several results, nothing but for one of them."""
    adjoint = product_of(replace(term, guards=()))
    adjoints = tuple(adjoint if place == index else ir.Const(0.0) for place in range(count))
    return Term(ir.Display("tuple", adjoints), guards=term.guards, shape=None)


def items_joined(expr: ir.Op, term: Term, kinds: Kinds) -> list[tuple[ir.Expr, Term]] | None:
    """`[a, b] * n`: each item collects from every place where it stands; `p + q`: each list has its part. None where the items
    are not written out."""
    shown = next((arg for arg in expr.args if isinstance(arg, ir.Display)), None)
    adjoint = product_of(replace(term, guards=()))
    if expr.op == "add":
        left, right = expr.args
        if not all(isinstance(arg, ir.Display) or isinstance(arg, ir.Op) and arg.op in ("add", "mul") for arg in expr.args):
            return None
        end: ir.Expr = ir.Call(ir.Name("len", "global"), (ir.Value(left),))
        if isinstance(left, ir.Display) and not any(isinstance(item, ir.Starred) for item in left.items):
            end = ir.Const(len(left.items))
        cuts = (ir.Slice(None, end, None), ir.Slice(end, None, None))
        return [
            (part, Term(ir.Item(adjoint, cut), guards=term.guards, shape=None))
            for part, cut in zip((left, right), cuts, strict=True)
        ]
    if shown is None or shown.kind == "dict" or any(isinstance(item, ir.Starred) for item in shown.items):
        return None
    count = len(shown.items)
    found = []
    for place, item in enumerate(shown.items):
        part = ir.Item(adjoint, ir.Slice(ir.Const(place) if place else None, None, ir.Const(count) if count > 1 else None))
        whole = ir.Op("array_sum", (part if count > 1 else adjoint,), (("axis", ir.Const(0)),), None, "numpy")
        found.append((item, Term(whole, guards=term.guards, shape=kinds.shape(item))))
    return found


def numbered(operands: Sequence[tuple[str, ir.Expr]], op: ir.Op) -> list[tuple[str, ir.Expr]]:
    """Operands by their names, those of a starred name by `xs0`, `xs1` and so on where the rows are written for each."""
    rules = rules_for(op.op)
    if not rules or not rules[0].is_variadic or rules[0].maker is None:
        return list(operands)
    starred = {name.removeprefix("*") for name in rules[0].parameters if name.startswith("*")}
    found: list[tuple[str, ir.Expr]] = []
    for name, operand in operands:
        place = sum(known.removeprefix(name).isdigit() and known.startswith(name) for known, _ in found)
        found.append((f"{name}{place}" if name in starred else name, operand))
    return found


def needed_locals(rule: Rule, active: frozenset[str]) -> list[tuple[str, ir.Expr]]:
    """The lines of a rule that those contributions read which go to operands with an adjoint."""
    wanted: set[str] = set()
    for part in rule.contributions:
        if part.operand in active:
            exprs = (part.adjoint, *part.numerator, *part.denominator, *(() if part.guard is None else (part.guard,)))
            wanted |= {name.id for each in exprs for name in ir.names_read(each)}
    for test, _ in rule.requires:
        wanted |= variables_read(test)
    kept = []
    for name, value in reversed(rule.locals):
        if name in wanted:
            kept.append((name, value))
            wanted |= variables_read(value)
    return kept[::-1]


def uses_inside(rule: Rule, active: frozenset[str], result: str) -> int:
    """How often a rule's lines read a result's adjoint other than as a plain factor."""
    exprs = [value for _, value in needed_locals(rule, active)]
    parts = (part.adjoint for part in rule.contributions if part.operand in active)
    exprs += [adjoint for adjoint in parts if not isinstance(adjoint, ir.Name)]
    return sum(name.id == f"d{result}" for each in exprs for name in ir.names_read(each))


def same_everywhere(shape: Shape) -> bool:
    """Whether equal forms of the dimensions surely are equal lengths."""
    return not any(name.startswith("?") for dim in shape for name, _ in dim.terms)


def names_adjoint(rule: Rule) -> bool:
    """Whether a line of the rule's own names an adjoint."""
    return any(name.id == f"d{result}" for _, value in rule.locals for name in ir.names_read(value) for result in rule.results)
