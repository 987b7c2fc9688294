"""Settles the inner values that one statement's tangents read, and writes the lines.

Never decides where the lines go.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.queries import is_name, reads
from gradgen.read.storing import ACCUMULATE
from gradgen.simplify.fold import negated
from gradgen.transform.expressions.contributions import Leaf, Temporary
from gradgen.transform.expressions.evaluation import in_evaluation_order, rebuilt
from gradgen.transform.expressions.terms import Term
from gradgen.transform.forward.tangent import Tangents
from gradgen.transform.lines.plans import Hoist
from gradgen.transform.lines.settled import apart
from gradgen.transform.lines.spelling import addition, all_of, as_read, conditional, together
from gradgen.transform.names import described
from gradgen.transform.settling import Setting, ValueResolver


@dataclass(frozen=True, slots=True)
class Part:
    """One tangent that a statement makes: bound to `target`, appended to the list `appended_to`, or added part by part to what is
    `collected_in` a place.

    `is_added` where the user wrote an augmented assignment that keeps what stands in the target's tangent; `is_named` for what is
    named in the midst of the statement, `(t := ...)`, and may be read by its other tangents.
    """

    target: ir.Target | None
    terms: list[Term]
    appended_to: str | None = None
    is_added: bool = False
    is_named: bool = False
    collected_in: ir.Expr | None = None


@dataclass(slots=True)
class Lines:
    """What one statement gets: values named inside of it, lines that its tangents need, and the tangents' own lines, first those
    of what is `named` inside."""

    hoists: list[Hoist]
    needs: list[ir.Stmt]
    own: list[ir.Stmt]
    named: int

    @property
    def all(self) -> list[ir.Stmt]:
        first = [*self.needs, *self.own[: self.named]]
        return [*(_each_after_what_it_reads(first) if self.named else first), *self.own[self.named :]]

    def reads(self) -> set[str]:
        """The variables that the lines read."""
        return {name.id for line in self.all for name in names_read_by(line)}

    def reads_of_calls(self) -> set[str]:
        """The variables that the tangents read which calls in the statement are given."""
        given = (value for hoist in self.hoists if hoist.pair is not None for _, value in hoist.pair.tangents)
        return {name.id for value in given for name in ir.names_read(value)}


def names_read_by(line: ir.Stmt) -> Iterator[ir.Name]:
    """The reads of a line of gradgen's own."""
    match line:
        case ir.Assign(target=ir.ItemTarget() | ir.AttributeTarget() as target, value=value, augmented=augmented):
            yield from ir.names_read(target)
            yield from ir.names_read(value if augmented is None else value.args[1] if isinstance(value, ir.Op) else value)
        case ir.Assign(value=value, augmented=None):
            yield from ir.names_read(value)
        case ir.Assign(value=ir.Op(args=(_, value))):
            yield from ir.names_read(value)
        case _:
            yield from ir.names_read(line)


class TangentResolver(ValueResolver):
    """As for backward lines, but a call hands out its value and its tangent."""

    def __init__(self, root: ir.Expr, setting: Setting, tangents: Tangents) -> None:
        super().__init__(root, setting, tangents.names, tangents.linearizer.roles, tangents.pairs)
        self.tangents = tangents

    def _settled(self, expr: ir.Expr) -> ir.Expr:
        call = self.tangents.of_call.get(expr)
        if call is None:
            return super()._settled(expr)
        self._settle(call)
        hoist = next(hoist for hoist in self.hoists if hoist.expr is call)
        assert hoist.kept is not None
        return ir.Item(ir.Name(hoist.kept), ir.Const(1)) if hoist.style == "walrus" else ir.Name(hoist.kept)

    def _forwarded(self, call: ir.Call) -> ir.Expr:
        kept, pair = self.tangents.kept[call], self.pairs[call]
        if call is self.root and self.setting.result is not None:
            self.hoists.append(Hoist(self.setting.target, call, "call", kept, pair))
            return self.setting.result
        may_move = self._may_move_up(call)
        if call in self.settled:  # what had to move up before it reads the call
            return self.settled[call]
        name = self.names.fresh(described(call) or f"{pair.forward.removesuffix('_jvp')}_value")
        self.hoists.append(Hoist(name, call, "line" if may_move else "walrus", kept, pair))
        return ir.Name(name) if may_move else ir.Item(ir.Name(kept), ir.Const(0))


def settled(tangents: Tangents, parts: Sequence[Part], setting: Setting, refusal: str) -> Lines:
    """The lines of a statement whose value is `tangents.root`; `refusal` begins the messages of what raises in them."""
    found = tangents.linearizer.found
    order = {node: place for place, node in enumerate(in_evaluation_order(tangents.root))}
    given_on = {
        call: replace(pair, tangents=tuple((name, _known_before(value, call, order)) for name, value in pair.tangents))
        for call, pair in tangents.pairs.items()
    }
    found.leaves = [Leaf("", term) for part in parts for term in part.terms]
    found.leaves += [Leaf("", Term(value)) for pair in given_on.values() for _, value in pair.tangents]
    indices = [part.target.index for part in parts if isinstance(part.target, ir.ItemTarget)]
    found.leaves += [Leaf("", Term(ir.Const(0)), (index,)) for index in indices]
    resolver = TangentResolver(tangents.root, setting, tangents)
    resolver.resolve(found)
    needs: list[ir.Stmt] = []
    local: dict[str, ir.Expr] = {}

    def need(line: Temporary) -> None:
        value = conditional(resolver.finish(line.value), tuple(map(resolver.finish, line.guards)))
        local[line.name] = value
        needs.append(ir.Assign(ir.NameTarget(line.name), value))

    own = [_written(part, [resolver.finish_term(term) for term in part.terms], resolver) for part in parts]
    pairs = {
        call: replace(pair, tangents=tuple((name, resolver.finish(value)) for name, value in pair.tangents))
        for call, pair in given_on.items()
    }
    requirements = [(resolver.finish(each.test), tuple(map(resolver.finish, each.guards)), each.message)
                    for each in found.requirements]
    finished = [replace(each, value=resolver.finish(each.value)) for each in found.temporaries if isinstance(each, Temporary)]
    for value in resolver.temporaries:
        need(value)
    for test, guards, message in requirements:
        error = ir.Call(ir.Name("NonDifferentiableError", "global"), (ir.Const(refusal + message),))
        needs.append(ir.Branch(all_of((*guards, negated(test))), (ir.Exit("raise", error),), ()))
        tangents.linearizer.needed.add("NonDifferentiableError")
    for each in finished:
        need(each)
    hoists = []
    twice = {hoist.name for hoist in resolver.hoists if hoist.style == "again"} if setting.is_changed else set()
    for hoist in resolver.hoists:
        hoist = apart(hoist, tangents.root, tangents.linearizer.kinds) if hoist.name in twice else hoist
        if isinstance(hoist.expr, ir.Call) and hoist.pair is not None:
            pair = pairs[hoist.expr]
            given = tuple((name, _substituted(value, local)) for name, value in pair.tangents)
            hoist = replace(hoist, pair=replace(pair, tangents=given))
        hoists.append(hoist)
    hoists.sort(key=lambda hoist: resolver.order.get(hoist.expr, 0))
    needs = _without_unread(needs, own, {name.id for pair in pairs.values() for _, value in pair.tangents
                                         for name in ir.names_read(value)})
    named = [line for part, line in zip(parts, own, strict=True) if line is not None and part.is_named]
    others = [line for part, line in zip(parts, own, strict=True) if line is not None and not part.is_named]
    return Lines(hoists, needs, [*named, *in_order(others)], len(named))


def _each_after_what_it_reads(lines: Sequence[ir.Stmt]) -> list[ir.Stmt]:
    """The lines in their order, but for those that read what a later one binds: these come after it."""
    waiting, result = list(lines), list[ir.Stmt]()
    while waiting:
        bound = {id(line): {node.id for node in _bound_by(line)} for line in waiting}
        read = {id(line): {name.id for name in names_read_by(line)} for line in waiting}
        free = (line for line in waiting if not any(read[id(line)] & bound[id(other)] for other in waiting if other is not line))
        chosen = next(free, waiting[0])
        waiting.remove(chosen)
        result.append(chosen)
    return result


def _without_unread(needs: Sequence[ir.Stmt], own: Sequence[ir.Stmt | None], given: set[str]) -> list[ir.Stmt]:
    """The lines that tangents need, but for those that calls alone read, which stand before them and spell these values out."""
    while True:
        read = {name.id for line in (*needs, *own) if line is not None for name in names_read_by(line)}
        kept = [line for line in needs if not any(node.id in given and node.id not in read for node in _bound_by(line))]
        if len(kept) == len(needs):
            return kept
        needs = kept


def _known_before(value: ir.Expr, call: ir.Call, order: Mapping[ir.Expr, int]) -> ir.Expr:
    """What a call is given: a value that the statement computes only after the call is computed for it."""
    if isinstance(value, ir.Value) and isinstance(value.of, ir.Op) and order.get(value.of, 0) > order.get(call, 0):
        value = rebuilt(value.of, lambda part: part if isinstance(part, ir.Name | ir.Const) else ir.Value(part))
    return value if isinstance(value, ir.Value) else rebuilt(value, lambda part: _known_before(part, call, order))


def _substituted(expr: ir.Expr, local: Mapping[str, ir.Expr]) -> ir.Expr:
    """An expression that stands before the lines that it would read."""
    if isinstance(expr, ir.Name) and expr.id in local:
        return _substituted(local[expr.id], local)
    return rebuilt(expr, lambda part: _substituted(part, local))


def _written(part: Part, terms: list[Term], resolver: TangentResolver) -> ir.Stmt | None:
    """One tangent's line; None where it says nothing."""
    target = part.target
    if part.collected_in is not None:
        resolver.tangents.linearizer.needed.add(ACCUMULATE)
        return ir.Evaluate(ir.Call(ir.Name(ACCUMULATE, "global"), (resolver.finish(part.collected_in), together(terms))))
    if target is None:
        return ir.Append(ir.Name(part.appended_to or ""), together(terms))
    if isinstance(target, ir.ItemTarget):
        target = ir.ItemTarget(target.base, resolver.finish(target.index))
    if isinstance(target, ir.ItemTarget | ir.AttributeTarget) and part.is_added:
        return addition(target, as_read(target), together(terms)) if terms else None
    if isinstance(target, ir.NameTarget):
        kept = [term for term in terms if _is_just(term, target.id)]
        rest = [term for term in terms if term not in kept]
        if len(kept) == 1 and not rest:
            return None
        if part.is_added and len(kept) == 1 and not reads(together(rest), target.id):
            return addition(target, ir.Name(target.id), together(rest))
    return ir.Assign(target, together(terms))


def _is_just(term: Term, name: str) -> bool:
    is_bare = not term.complexity and term.coefficient == 1 and not term.guards
    return is_bare and is_name(term.adjoint, name)


def in_order(lines: list[ir.Stmt]) -> list[ir.Stmt]:
    """Tangents that are made together: each reads what the others were before, in one line where no order gives that."""
    result: list[ir.Stmt] = []
    for index, line in enumerate(lines):
        bound = {node.id for each in lines[:index] for node in _bound_by(each)}
        if bound & {name.id for name in names_read_by(line)}:
            break
        result.append(line)
    else:
        return result
    assigns = [line for line in lines if isinstance(line, ir.Assign)]
    assert len(assigns) == len(lines)
    values = tuple(line.value for line in assigns)
    return [ir.Assign(ir.TupleTarget(tuple(line.target for line in assigns)), ir.Display("tuple", values))]


def _bound_by(line: ir.Stmt) -> Iterator[ir.NameTarget]:
    if isinstance(line, ir.Assign):
        yield from (node for node in ir.walk(line.target) if isinstance(node, ir.NameTarget))
