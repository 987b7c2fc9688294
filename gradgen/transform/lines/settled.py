"""Fills in the plan of one statement from what its expression contributes: inner values settled, terms gathered by adjoint.

Never decides how a value is kept; settling.py does.
"""
from __future__ import annotations

from collections.abc import Mapping

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.transform.expressions.contributions import CallLine, Contributions, Leaf, Pair, Requirement, Temporary
from gradgen.transform.expressions.evaluation import lent_values
from gradgen.transform.expressions.terms import Term, flattened
from gradgen.transform.lines.plans import Hoist, Plan, Update, plan_reads, same_path
from gradgen.transform.names import Names
from gradgen.transform.passes.ownership import SHARING, copied
from gradgen.transform.settling import Setting, ValueResolver


def settled_plan(
    plan: Plan, root: ir.Expr, found: Contributions, setting: Setting, names: Names, roles: Mapping[ir.Node, str],
    pairs: Mapping[ir.Call, Pair],
) -> ValueResolver:
    """Fill in a plan from what was found: inner values settled, terms gathered by the adjoint that they go to."""
    resolver = ValueResolver(root, setting, names, roles, pairs)
    resolver.resolve(found)
    lines: list[Temporary | CallLine] = []
    for line in found.temporaries:
        guards = tuple(map(resolver.finish, line.guards))
        if isinstance(line, Temporary):
            value, path = resolver.finish(line.value), tuple(map(resolver.finish, line.path))
            is_number = setting.kinds is None or not setting.kinds.has_arrays
            value = flattened(value) if is_number and not setting.is_plain else value
            lines.append(Temporary(line.name, value, guards, line.of, path, line.is_adjoint))
            continue
        keywords = tuple((name, flattened(resolver.finish(value))) for name, value in line.keywords)
        arguments = tuple(map(resolver.finish, line.arguments))
        if line.is_pair:
            kept: ir.Expr = ir.Name(resolver.kept_names[line.call])
            hoist = next(hoist for hoist in resolver.hoists if hoist.expr is line.call)
            arguments = (ir.Starred(ir.Item(kept, ir.Const(1)) if hoist.style == "walrus" else kept),)
            keywords = keywords[-1:]
        lines.append(CallLine(line.call, line.targets, line.function, arguments, keywords, guards, line.is_pair))
    requirements = [
        Requirement(resolver.finish(each.test), each.message, tuple(map(resolver.finish, each.guards)))
        for each in found.requirements
    ]
    gathered: list[tuple[Leaf, tuple[ir.Expr, ...], list[Term]]] = []
    for leaf in found.leaves:
        path = tuple(map(resolver.finish, leaf.path))
        term = resolver.finish_term(leaf.term)
        same_place = next((g for g in gathered if g[0].base == leaf.base and same_path(g[1], path)), None)
        if same_place is not None:
            same_place[2].append(term)
        else:
            gathered.append((leaf, path, [term]))
    plan.named = resolver.named()
    plan.reached = _reached(found, resolver)
    hoists = [apart(hoist, root, setting.kinds) for hoist in resolver.hoists] if setting.is_changed else resolver.hoists
    plan.hoists = sorted(hoists, key=lambda hoist: resolver.order.get(hoist.expr, 0))
    plan.values = list(resolver.temporaries)
    plan.temporaries = lines
    plan.requirements = requirements
    plan.updates = [Update(leaf.base, path, tuple(terms), leaf.is_container) for leaf, path, terms in gathered]
    named = [hoist for hoist in resolver.hoists if hoist.style not in ("call", "again")]
    of_calls = frozenset(hoist.name for hoist in named if hoist.kept and hoist.style == "line" and not found.loops)
    # their backward parts read what is kept, not what came out
    unread = of_calls - plan_reads(plan, of_calls) if of_calls else of_calls
    named = [hoist for hoist in named if hoist.name not in unread]
    plan.kept_names = [hoist.kept if hoist.kept and hoist.style != "line" else hoist.name for hoist in named]
    plan.kept_names += [hoist.kept for hoist in resolver.hoists if hoist.kept and hoist.style != "walrus"]
    return resolver


def _reached(found: Contributions, resolver: ValueResolver) -> list[tuple[ir.Op, Term]]:
    """The operations whose values have names, and the products that reach them, as the backward lines spell these."""
    def product(term: Term, adjoint: ir.Expr) -> Term:
        start = Term(resolver.spelled(adjoint), term.coefficient, is_apart=term.is_apart)
        return start.times(1, [*map(resolver.spelled, term.numerator)], [*map(resolver.spelled, term.denominator)])

    named = {hoist.expr for hoist in resolver.hoists}
    if not named:
        return []
    plain = [(op, term) for op, term in found.reached if op in named and not term.guards]
    return [(op, product(term, term.adjoint)) for op, term in plain if term.adjoint is not None]


def apart(hoist: Hoist, root: ir.Expr, kinds: Kinds | None) -> Hoist:
    """A value with a name, of which the statement's own result takes a copy where that shares its data and changes later on."""
    if hoist.style == "call" or kinds is None or hoist.expr not in set(lent_values(root)):
        return hoist
    if isinstance(hoist.expr, ir.Op) and hoist.expr.op not in SHARING and kinds.shape(hoist.expr) == ():
        return hoist  # a number that has just been computed: nothing is stored into it
    name = ir.Name(hoist.name)
    own = ir.Call(ir.Attribute(name, "copy"), ()) if kinds.shape(hoist.expr) else copied(name, kinds)
    return replace(hoist, copy=own)
