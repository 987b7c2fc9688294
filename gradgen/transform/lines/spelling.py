"""How sums of terms, guards and places inside of containers are spelled in backward lines.

Never decides which lines there are.
"""
from __future__ import annotations

from collections.abc import Sequence

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import AnyKind, Kind
from gradgen.ir.queries import is_zero_float, reads
from gradgen.rules.registry import rules_for
from gradgen.rules.zeros import TANGENTS_OF_ARRAYS
from gradgen.simplify.fold import negated, same
from gradgen.transform.expressions.terms import Term, product_of
from gradgen.transform.expressions.totals import collected, sum_of

ZERO = ir.Const(0.0)
FILLINGS = frozenset({"full", "full_like"})
Groups = Sequence[tuple[tuple[ir.Expr, ...], list[Term]]]


def zeros_of(name: str, kind: Kind) -> ir.Expr:
    """An adjoint of nothing yet, in the shape of a variable; floats also for an array of whole numbers."""
    variable = ir.Name(name)
    if kind.dtype in ("float", "complex"):
        return ir.Op("zeros_like", (variable,), family="numpy")
    return ir.Op("zeros", (shape_of(variable, kind),), family="numpy")


def shape_of(value: ir.Expr, kind: AnyKind) -> ir.Expr:
    """The shape of an array, or of what may be a number as well."""
    is_array = isinstance(kind, Kind) and kind.is_array
    return ir.Attribute(value, "shape") if is_array else ir.Call(ir.Name("numpy.shape", "global"), (value,))


def zeros_like(value: ir.Expr, kind: AnyKind) -> ir.Expr:
    """The tangent of an array that does not move: of floats also for an array of whole numbers, complex for a complex one."""
    if isinstance(kind, Kind) and kind.dtype == "complex":
        return ir.Op("zeros_like", (value,), family="numpy")
    if isinstance(kind, Kind) and kind.dtype == "object":
        widest = ir.Call(ir.Name("numpy.result_type", "global"), (value, ir.Name("float", "global")))
        return ir.Op("zeros", (shape_of(value, kind), widest), family="numpy")
    return ir.Op("zeros", (shape_of(value, kind),), family="numpy")


def zeros_in_parts(value: ir.Expr, has_arrays: bool, needed: set[str]) -> ir.Expr:
    """The tangent of a container that does not move; the helper that makes it is `needed`."""
    needed.add(TANGENTS_OF_ARRAYS if has_arrays else "zero_tangent")
    return ir.Call(ir.Name("zero_tangent", "global"), (value,))


def spread(terms: Sequence[Term], stands: bool) -> Sequence[Term]:
    """Terms without the filling out of those that broadcast against another that is always added, or against what `stands`.
    What cancels, `y - x * y + x * y`, is added to nothing."""
    terms = collected(terms) if len(terms) > 1 else terms
    fillings = [
        adjoint.args[1] if isinstance(adjoint := term.adjoint, ir.Op) and adjoint.op in FILLINGS and not term.complexity else None
        for term in terms
    ]
    if not any(value is not None for value in fillings):
        return terms
    if not stands and all(value is not None or term.guards for value, term in zip(fillings, terms, strict=True)):
        return terms
    pairs = zip(fillings, terms, strict=True)
    return [term if value is None else _with_adjoint(term, value) for value, term in pairs]


def _with_adjoint(term: Term, adjoint: ir.Expr) -> Term:
    positive = _without_minus(adjoint)
    return replace(term, adjoint=adjoint) if positive is None else replace(term, adjoint=positive, coefficient=-term.coefficient)


def no_adjoint(target: ir.NameTarget, kinds: Kinds, has_parts: bool, needed: set[str]) -> ir.Expr:
    """The adjoint of what a statement makes and nothing uses: zeros of the value's shape."""
    if has_parts:
        needed.add("zeros_like")
        return ir.Call(ir.Name("zeros_like", "global"), (ir.Name(target.id),))
    version = kinds.versions.of_node.get(target)
    kind = kinds.of_version.get(version) if version is not None else None
    is_array = kinds.has_arrays and isinstance(kind, Kind) and kind.shape != ()
    return zeros_of(target.id, kind) if is_array and isinstance(kind, Kind) else ir.Const(0.0)


def placed(adjoint: ir.Expr, path: Sequence[ir.Expr]) -> ir.Item | ir.Attribute:
    result: ir.Expr = adjoint
    for step in path:
        name = step.name if isinstance(step, ir.Attribute) and _is_blank(step.base) else None
        result = ir.Item(result, step) if name is None else ir.Attribute(result, name)
    assert isinstance(result, (ir.Item, ir.Attribute))
    return result


def _is_blank(expr: ir.Expr) -> bool:
    return isinstance(expr, ir.Const) and expr.value is None


def as_target(place: ir.Expr) -> ir.ItemTarget | ir.AttributeTarget:
    if isinstance(place, ir.Attribute):
        return ir.AttributeTarget(place.base, place.name)
    assert isinstance(place, ir.Item)
    return ir.ItemTarget(place.base, place.index)


def as_read(target: ir.ItemTarget | ir.AttributeTarget) -> ir.Expr:
    """What stands at the place of a store."""
    return ir.Item(target.base, target.index) if isinstance(target, ir.ItemTarget) else ir.Attribute(target.base, target.name)


def addition(target: ir.NameTarget | ir.ItemTarget | ir.AttributeTarget, old: ir.Expr, value: ir.Expr) -> ir.Assign:
    """`target += value`, or `target -= value` where the value is written with a minus in front."""
    positive = _without_minus(value)
    if positive is not None:
        return ir.Assign(target, ir.Op("sub", (old, positive)), augmented="sub")
    return ir.Assign(target, ir.Op("add", (old, value)), augmented="add")


def _without_minus(expr: ir.Expr) -> ir.Expr | None:
    """The negative of an expression that is written with a minus in front; None for any other."""
    match expr:
        case ir.Op(op="sub", args=(left, right)):
            inner_left = _without_minus(left)
            return None if inner_left is None else ir.Op("add", (inner_left, right))
        case ir.Op(op="neg", args=(inner,)):
            return inner
        case ir.Const(value=int() | float() as value) if value < 0:
            return ir.Const(-value)
        case ir.Op(op="mul" | "div" as op, args=(left, right)):
            inner_left = _without_minus(left)
            return None if inner_left is None else ir.Op(op, (inner_left, right))
    return None


def by_guards(terms: Sequence[Term]) -> list[tuple[tuple[ir.Expr, ...], list[Term]]]:
    if len(terms) == 1:
        return [(terms[0].guards, [terms[0]])]
    groups: list[tuple[tuple[ir.Expr, ...], list[Term]]] = []
    for term in terms:
        for guards, members in groups:
            if len(guards) == len(term.guards) and all(map(same, guards, term.guards)):
                members.append(term)
                break
        else:
            groups.append((term.guards, [term]))
    return [(guards, choices_joined(members)) for guards, members in groups]


def choices_joined(terms: Sequence[Term]) -> list[Term]:
    """Terms that choose the other way round as one: `np.where(t, a, b)` for `np.where(t, a, 0) + np.where(t, 0, b)`."""
    result: list[Term] = []
    for term in terms:
        for place, other in enumerate(result):
            if (joined_choice := _as_one_choice(other, term) or _as_one_choice(term, other)) is not None:
                result[place] = joined_choice
                break
        else:
            result.append(term)
    return result


def _as_one_choice(first: Term, second: Term) -> Term | None:
    match first.adjoint, second.adjoint:
        case (
            ir.Op(op="where", args=(test, then, ir.Const(value=0))) as choice,
            ir.Op(op="where", args=(again, ir.Const(value=0), orelse)),
        ) if same(test, again) and not first.denominator and not second.denominator:
            arms = (replace(first, adjoint=then, guards=()), replace(second, adjoint=orelse, guards=()))
            return replace(first, adjoint=replace(choice, args=(test, *map(product_of, arms))), coefficient=1, numerator=())
    return None


def all_of(guards: Sequence[ir.Expr]) -> ir.Expr:
    return guards[0] if len(guards) == 1 else ir.Op("and", tuple(guards))


def conditional(value: ir.Expr, guards: Sequence[ir.Expr]) -> ir.Expr:
    return chosen(all_of(guards), value, ZERO) if guards else value


def chosen(test: ir.Expr, value: ir.Expr, other: ir.Expr) -> ir.Expr:
    """`value if test else other`, without a `not` in front: `other if t else value`. A choice of one value is none."""
    if same(value, other):
        return value
    if isinstance(test, ir.Op) and test.op == "not":
        return ir.Op("ifexp", (test.args[0], other, value))
    return ir.Op("ifexp", (test, value, other))


def together(terms: Sequence[Term]) -> ir.Expr:
    """Terms as one expression."""
    return joined(by_guards(terms))


def joined(groups: Groups, nothing: ir.Expr = ZERO) -> ir.Expr:
    """The groups as one expression: sums of unguarded terms and conditional ones; `nothing` is what no contribution makes."""
    waiting = list(groups)
    result: ir.Expr | None = None
    while waiting:
        guards, terms = waiting.pop(0)
        piece = sum_of(terms)
        if guards:
            partner = next((i for i, (other, _) in enumerate(waiting) if is_opposite(guards, other)), None)
            test = all_of(guards)
            if partner is None:
                piece = chosen(test, piece, nothing)
            else:
                piece = chosen(test, piece, sum_of(waiting.pop(partner)[1]))
        result = piece if result is None else ir.Op("add", (result, piece))
    return nothing if result is None else result


def is_opposite(left: Sequence[ir.Expr], right: Sequence[ir.Expr]) -> bool:
    return len(left) == len(right) == 1 and same(negated(left[0]), right[0])


FRESH = frozenset({"add", "sub", "mul", "div", "neg", "pow"})  # operations whose results nothing else names


def begun_at_once(lines: list[ir.Stmt]) -> list[ir.Stmt]:
    """`da[i] = w * x` for `da[i] = 0.0` and then `da[i] += w * x`."""
    result: list[ir.Stmt] = []
    for line in lines:
        if not isinstance(line, ir.Assign) or not isinstance(line.target, ir.ItemTarget):
            result.append(line)
            continue
        match result[-1:], line:
            case (
                [ir.Assign(target=ir.ItemTarget(base=ir.Name(id=base)) as first, value=ir.Const(value=0.0), augmented=None)],
                ir.Assign(target=ir.ItemTarget() as second, value=ir.Op(args=(_, ir.Op(op=op) as value)), augmented="add"),
            ) if op in FRESH and same(first.base, second.base) and same(first.index, second.index) and not reads(value, base):
                result[-1] = ir.Assign(first, value)
            case _:
                result.append(line)
    return result


def merge_guarded(lines: list[ir.Stmt]) -> list[ir.Stmt]:
    """Neighbouring lines under the same test, or under it and its opposite, share one `if`; one that asks more stands inside."""
    result: list[ir.Stmt] = []
    for line in lines:
        last = result[-1] if result else None
        if isinstance(line, ir.Branch) and isinstance(last, ir.Branch):
            if same(last.test, line.test):
                result[-1] = ir.Branch(last.test, last.then + line.then, last.orelse + line.orelse)
                continue
            if same(negated(last.test), line.test):
                result[-1] = ir.Branch(last.test, last.then + line.orelse, last.orelse + line.then)
                continue
            if not line.orelse and (further := _further(line.test, last.test)) is not None:
                then = merge_guarded([*last.then, ir.Branch(further, line.then, ())])
                result[-1] = ir.Branch(last.test, tuple(then), last.orelse)
                continue
            if last.orelse and not line.orelse and (further := _further(line.test, negated(last.test))) is not None:
                orelse = merge_guarded([*last.orelse, ir.Branch(further, line.then, ())])
                result[-1] = ir.Branch(last.test, last.then, tuple(orelse))
                continue
            if not last.orelse and (further := _further(last.test, line.test)) is not None:
                then = merge_guarded([ir.Branch(further, last.then, ()), *line.then])
                result[-1] = ir.Branch(line.test, tuple(then), line.orelse)
                continue
        result.append(line)
    return result


def under_their_tests(lines: list[ir.Stmt]) -> list[ir.Stmt]:
    """The lines with `if c: t = value` for `t = value if c else 0.0`, where nothing reads t but what stands under that test."""
    result = list(lines)
    for line in lines:
        match line:
            case ir.Assign(target=ir.NameTarget(id=name), value=ir.Op(op="ifexp", args=(test, then, orelse)), augmented=None):
                guard, value = (test, then) if is_zero_float(orelse) else (negated(test), orelse)
                place = result.index(line)
                later = result[place + 1 :]
                at = next((number for number, each in enumerate(later) if _mentions(each, name)), len(later))
                is_kept = at == len(later) or not (is_zero_float(then) or is_zero_float(orelse)) or any(
                    _binds_of(each, value) for each in later[:at]
                )
                if is_kept or not all(_is_under(each, guard, name) for each in later if _mentions(each, name)):
                    continue
                guarded = ir.Branch(guard, (ir.Assign(ir.NameTarget(name), value),), ())
                result[place:] = [*later[:at], guarded, *later[at:]]
    return result


def _mentions(line: ir.Node, name: str) -> bool:
    return any(isinstance(node, ir.Name | ir.NameTarget) and node.id == name for node in ir.walk(line))


def _binds_of(line: ir.Stmt, value: ir.Expr) -> bool:
    """Whether a line may change what a value is made of."""
    if isinstance(line, ir.Branch):
        return any(_binds_of(each, value) for each in (*line.then, *line.orelse))
    if not isinstance(line, ir.Assign):
        return not isinstance(line, ir.Comment)
    return any(_mentions(line.target, read.id) for read in ir.names_read(value))


def _is_under(line: ir.Stmt, guard: ir.Expr, name: str) -> bool:
    """Whether a line mentions a name only where a test holds."""
    if not isinstance(line, ir.Branch) or _mentions(line.test, name):
        return False
    if same(line.test, guard) or _further(line.test, guard) is not None:
        return not any(_mentions(each, name) for each in line.orelse)
    return same(negated(line.test), guard) and not any(_mentions(each, name) for each in line.then)


def _further(test: ir.Expr, first: ir.Expr) -> ir.Expr | None:
    """What a test asks after another one: `b` of `a and b` after `a`; None where it does not begin with that one."""
    parts, others = _asked(test), _asked(first)
    begins = len(others) < len(parts) and all(map(same, parts, others))
    return all_of(parts[len(others) :]) if begins else None


def _asked(test: ir.Expr) -> tuple[ir.Expr, ...]:
    return test.args if isinstance(test, ir.Op) and test.op == "and" else (test,)


def without_defaults(
    op: str, args: tuple[ir.Expr, ...], keywords: tuple[tuple[str, ir.Expr], ...]
) -> tuple[tuple[ir.Expr, ...], tuple[tuple[str, ir.Expr], ...]]:
    """A call's arguments with those left out that are their defaults, and by keyword what comes after."""
    rules = rules_for(op)
    if not rules or not rules[0].defaults:
        return args, keywords
    named = list(zip(rules[0].parameters, args, strict=False))
    needed = [(name, arg) for name, arg in named if name not in rules[0].defaults or not same(rules[0].defaults[name], arg)]
    kept = next((index for index, pair in enumerate(named) if pair not in needed), len(named))
    return args[:kept], (*((name, arg) for name, arg in needed if (name, arg) not in named[:kept]), *keywords)


def spelled_target(target: ir.Target) -> str:
    """The text of a target that is a name or takes a tuple apart."""
    if isinstance(target, ir.TupleTarget):
        inner = [spelled_target(item) for item in target.items]
        return f"({', '.join(inner)}{',' if len(inner) == 1 else ''})"
    assert isinstance(target, ir.NameTarget)
    return target.id


def is_display_of_names(value: ir.Expr) -> bool:
    """Whether a value is a tuple or list of variables and constants."""
    if not isinstance(value, ir.Display) or value.kind == "dict":
        return False
    return all(isinstance(item, ir.Name | ir.Const) for item in value.items)
