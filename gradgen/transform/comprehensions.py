"""Plans the backward loop of a comprehension, and says which variable takes which container's element.

Never plans a statement.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from gradgen.analyse.activity import Activity
from gradgen.analyse.versions import Version, Versions
from gradgen.analyse.views import ArrayFacts
from gradgen.ir import nodes as ir
from gradgen.read.refusals import Refusals
from gradgen.transform.calls import Callees
from gradgen.transform.contributions import LoopLine
from gradgen.transform.local import Linearizer
from gradgen.transform.names import Names
from gradgen.transform.plans import Loop, Plan
from gradgen.transform.settled import settled_plan
from gradgen.transform.settling import Setting
from gradgen.transform.terms import Term


class Expressions(Protocol):
    """What the plan of a comprehension needs of the plans of the function that it stands in."""

    activity: Activity
    names: Names
    refusals: Refusals
    containers: frozenset[str]
    held: frozenset[Version]
    unstable: frozenset[str]
    arrays: ArrayFacts
    callees: Callees
    is_plain: bool

    @property
    def iterated(self) -> frozenset[str]: ...

    def linearizer(self, target: str, root: ir.Expr) -> Linearizer: ...


def comprehension(planner: Expressions, stmt: ir.Stmt, line: LoopLine, term: Term) -> Loop:
    """The backward loop of a comprehension whose result has the adjoint `term`."""
    node = line.comprehension
    items: list[tuple[str, str, ir.Expr]] = []
    rows: frozenset[str] = frozenset()
    counter = line.counter if node.kind == "list" else None
    for position, generator in enumerate(node.generators):
        along = generator.iterable
        is_dict = isinstance(along, ir.Name) and along.id in planner.containers - planner.iterated  # its keys do not vary
        if planner.activity.is_varied(along) and not is_dict:
            counter = counter or planner.names.fresh("i")
            found = element_items(
                generator.target, generator.iterable, ir.Name(counter), planner.iterated, planner.activity.is_varied
            )
            if found is None or position != len(node.generators) - 1:
                planner.refusals.add("GG106", generator.iterable.span, construct="this iterable in a comprehension")
                continue
            items.extend(found)
            rows |= row_names(generator.target, planner.activity.versions, planner.held)
        if any(name.id in planner.unstable for name in ir.names_read(generator.iterable)) and _reads_items(generator.iterable):
            planner.refusals.add("GG106", generator.iterable.span, construct="a comprehension over what is stored into")
        for inner in ir.walk(generator.iterable):
            if isinstance(inner, ir.Walrus | ir.Opaque | ir.Comprehension):
                planner.refusals.add("GG106", generator.iterable.span, construct="this iterable in a comprehension")
    tests = (inner for generator in node.generators for test in generator.conditions for inner in ir.walk(test))
    if any(isinstance(inner, ir.Walrus | ir.Opaque | ir.Comprehension) for inner in tests):
        planner.refusals.add("GG106", node.span, construct="this condition in a comprehension")
        return Loop(node.generators, counter, Plan(stmt, "", ()), ())
    if node.kind == "list" and (len(node.generators) > 1 or node.generators[0].conditions):
        planner.refusals.add("GG106", node.span, construct="a list comprehension with conditions or several loops")
    if line.counter is not None and node.kind == "list":  # not inside of sum(), whose adjoint is that of every element
        assert term.adjoint is not None
        shape = planner.arrays.kinds.shape(node.element) if planner.arrays.kinds.has_arrays else ()
        taken = ir.Item(term.adjoint, ir.Name(line.counter))
        term = Term(taken, term.coefficient, term.numerator, term.denominator, term.guards, shape)
    linearizer = planner.linearizer("term", node.element)
    linearizer.recomputes = True
    linearizer.visit(node.element, term)
    own = tuple(sorted({target for target, _, _ in items}))
    plan = Plan(stmt, "", own)
    setting = Setting(None, "term", True, planner.is_plain, planner.unstable, can_hoist=False, arrays=planner.arrays)
    construct = "a call inside of a comprehension that cannot be computed again"
    if linearizer.pairs:
        planner.refusals.add("GG106", node.element.span, construct=construct)
        return Loop(node.generators, counter, Plan(stmt, "", ()), ())
    resolver = settled_plan(plan, node.element, linearizer.found, setting, planner.names, linearizer.roles, {})
    if resolver.hoists:
        planner.refusals.add("GG106", node.element.span, construct=construct)
    for inner_line in linearizer.found.loops:
        plan.loops.append(comprehension(planner, stmt, inner_line, resolver.finish_term(inner_line.term)))
    plan.killed = ()
    if any(name in planner.containers and name not in rows for name, _, _ in items):
        planner.refusals.add("GG106", node.span, construct="a loop variable that is more than a container")
    return Loop(node.generators, counter, plan, tuple(items), rows)


def _reads_items(iterable: ir.Expr) -> bool:
    """Whether going through an iterable reads a container's items, not just its length."""
    return not (isinstance(iterable, ir.Call) and isinstance(iterable.func, ir.Name) and iterable.func.id == "range")


def row_names(target: ir.Target, versions: Versions, held: frozenset[Version]) -> frozenset[str]:
    """The variables of a loop's target that take containers."""
    bound = (node for node in ir.walk(target) if isinstance(node, ir.NameTarget))
    return frozenset(node.id for node in bound if versions.of_node.get(node) in held)


def element_items(
    target: ir.Target, iterable: ir.Expr, counter: ir.Expr, containers: frozenset[str], is_varied: Callable[[ir.Expr], bool]
) -> list[tuple[str, str, ir.Expr]] | None:
    """Which variable takes which container's element, where a loop runs over containers; None where that cannot be said."""
    match target, iterable:
        case (
            ir.TupleTarget(items=items, starred=None),
            ir.Call(func=ir.Name(id="zip", scope="global"), args=args),
        ) if len(items) == len(args):
            found: list[tuple[str, str, ir.Expr]] = []
            for item, arg in zip(items, args, strict=True):
                each = element_items(item, arg, counter, containers, is_varied)
                if each is None:
                    return None
                found.extend(each)
            return found
        case (
            ir.TupleTarget(items=(ir.NameTarget(), inner)),
            ir.Call(func=ir.Name(id="enumerate", scope="global"), args=(arg, *_)),
        ):
            return element_items(inner, arg, counter, containers, is_varied)
        case ir.NameTarget(id=name), _ if (place := _place_of_turn(iterable, counter, containers)) is not None:
            return [(name, *place)]
    return None if is_varied(iterable) else []


def _place_of_turn(iterable: ir.Expr, counter: ir.Expr, containers: frozenset[str]) -> tuple[str, ir.Expr] | None:
    """The container that an iterable goes through, and which element each turn takes; None where that is not so simple."""
    match iterable:
        case ir.Name(id=base) if base in containers:
            return base, counter
        case ir.Item(base=ir.Name(id=base), index=ir.Slice(lower=lower, step=None)) if base in containers:
            match lower:
                case None | ir.Const(value=0):
                    return base, counter
                case ir.Const(value=int(first)) if first > 0:
                    return base, ir.Op("add", (counter, lower))
        case ir.Item(base=ir.Name(id=base), index=ir.Slice(lower=None, upper=None, step=ir.Const(-1))) if base in containers:
            return base, ir.Op("sub", (ir.Const(-1), counter))
        case ir.Call(func=ir.Name(id="reversed", scope="global"), args=(ir.Name(id=base),)) if base in containers:
            return base, ir.Op("sub", (ir.Const(-1), counter))
    return None
