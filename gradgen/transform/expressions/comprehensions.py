"""Plans the backward loop of a comprehension, and says which variable takes which container's element.

Never plans a statement.
"""
from __future__ import annotations

from gradgen.analyse.sharing.stored import CHANGING
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import NUMBER, Holder
from gradgen.ir.queries import variables_read
from gradgen.transform.expressions.contributions import LoopLine
from gradgen.transform.expressions.elements import Elements
from gradgen.transform.expressions.terms import Term
from gradgen.transform.lines.plans import Loop, Plan, Taken, plan_reads
from gradgen.transform.lines.repeating import lines_again, may_be_summed_again
from gradgen.transform.lines.settled import settled_plan
from gradgen.transform.loops.counting import own_counter
from gradgen.transform.loops.growing import as_it_was, grown
from gradgen.transform.planning import Planner
from gradgen.transform.settling import Setting
from gradgen.transform.stores.unread import may_be_unread


def comprehension(planner: Planner, stmt: ir.Stmt, line: LoopLine, term: Term, made: str | None = None) -> Loop:
    """The backward loop of a comprehension whose result has the adjoint `term`; where it is a list that a variable still holds,
    `made`, its lines read the values of its elements there."""
    node = line.comprehension
    items: list[Taken] = []
    rows: frozenset[str] = frozenset()
    counter = line.counter if node.kind == "list" else None
    last = node.generators[-1]
    given = own_counter(last.target, last.iterable)
    if given is not None and counter is not None:
        planner.names.give_back(counter)
    generators, unsteady = list(node.generators), list[ir.Generator]()
    for position, generator in enumerate(node.generators):
        along, found = generator.iterable, None
        is_dict = isinstance(along, ir.Name) and along.id in planner.containers - planner.iterated  # its keys do not vary
        if planner.activity.is_varied(along) and not is_dict:
            counter = counter or given or planner.names.fresh("i")
            found = elements_of(planner, ir.Name(given or counter)).items(generator.target, along)
            if found is None or position != len(node.generators) - 1:
                planner.refusals.add("GG106", generator.iterable.span, construct="this iterable in a comprehension")
                continue
            items.extend(found)
            rows |= rows_of(planner, generator.target)
        longer = {base for _, base, _ in found or ()} & grown(planner) if found else set[str]()
        if any(name.id in planner.unstable - longer for name in ir.names_read(along)) and _reads_items(along):
            unsteady.append(generator)
        generators[position] = replace(generator, iterable=as_it_was(planner, along, longer))
        for inner in ir.walk(generator.iterable):
            if isinstance(inner, ir.Walrus | ir.Opaque | ir.Comprehension):
                planner.refusals.add("GG106", generator.iterable.span, construct="this iterable in a comprehension")
    tests = (inner for generator in node.generators for test in generator.conditions for inner in ir.walk(test))
    if any(isinstance(inner, ir.Walrus | ir.Opaque | ir.Comprehension) for inner in tests):
        planner.refusals.add("GG106", node.span, construct="this condition in a comprehension")
        return Loop(node.generators, None, Plan(stmt, "", ()), ())
    if node.kind == "list" and (len(node.generators) > 1 or node.generators[0].conditions):
        planner.refusals.add("GG106", node.span, construct="a list comprehension with conditions or several loops")
    if line.counter is not None and node.kind == "list":  # not inside of sum(), whose adjoint is that of every element
        assert term.adjoint is not None
        shape = planner.arrays.kinds.shape(node.element) if planner.arrays.kinds.has_arrays else ()
        taken = ir.Item(term.adjoint, ir.Name(given or line.counter))
        term = Term(taken, term.coefficient, term.numerator, term.denominator, term.guards, shape)
    linearizer = planner.linearizer("term", node.element)
    linearizer.recomputes = True
    bound = stmt.target if isinstance(stmt, ir.Assign) and stmt.value is node else None
    if term.shape and isinstance(bound, ir.NameTarget) and may_be_unread(planner.activity.versions, bound.id, None):
        term = linearizer.in_full(node.element, replace(term, shape=()))
    linearizer.visit(node.element, term)
    own = tuple(sorted({target for target, _, _ in items}))
    plan = Plan(stmt, "", own)
    index = given or counter
    result = ir.Item(ir.Name(made), ir.Name(index)) if made is not None and index is not None and node.kind == "list" else None
    setting = Setting(result, "term", True, planner.is_plain, planner.unstable, can_hoist=False, arrays=planner.arrays)
    construct = "a call inside of a comprehension that cannot be computed again"
    if linearizer.pairs:
        planner.refusals.add("GG106", node.element.span, construct=construct)
        return Loop(node.generators, None, Plan(stmt, "", ()), ())
    resolver = settled_plan(plan, node.element, linearizer.found, setting, planner.names, linearizer.roles, {})
    if not all(may_be_summed_again(hoist, planner.unstable, planner.callees) for hoist in resolver.hoists):
        planner.refusals.add("GG106", node.element.span, construct=construct)
    plan.values, plan.hoists, plan.kept_names = [*lines_again(plan.hoists), *plan.values], [], []
    for inner_line in linearizer.found.loops:
        plan.loops.append(comprehension(planner, stmt, inner_line, resolver.finish_term(inner_line.term)))
    for generator in unsteady:
        each_turn = frozenset(each.id for each in ir.walk(generator.target) if isinstance(each, ir.NameTarget))
        if plan_reads(plan, each_turn) or not _keeps_its_length(planner):
            planner.refusals.add("GG106", generator.iterable.span, construct="a comprehension over what is stored into")
    plan.killed = ()
    if any(name in planner.containers and name not in rows for name, _, _ in items):
        planner.refusals.add("GG106", node.span, construct="a loop variable that is more than a container")
    return Loop(tuple(generators), None if given is not None else counter, plan, tuple(items), rows)


def list_made(planner: Planner, stmt: ir.Stmt, node: ir.Comprehension) -> str | None:
    """The variable that alone holds the list of numbers which a comprehension has made, and holds it as it is."""
    match stmt:
        case ir.Assign(target=ir.NameTarget(id=name), value=value, augmented=None) if value is node:
            kinds = planner.arrays.kinds
            changes = planner.unstable | planner.aliased | planner.arrays.mutated | variables_read(node)
            is_of_numbers = not kinds.has_arrays or kinds.of(node.element) == NUMBER
            return name if is_of_numbers and name not in changes and not (planner.is_plain or planner.is_logging) else None
    return None


def elements_of(planner: Planner, counter: ir.Expr) -> Elements:
    """What the turns of a loop take, as the plans of its function know it."""
    arrays = planner.arrays
    return Elements(
        counter, planner.iterated, planner.containers, arrays.variables, arrays.kinds, planner.activity.is_varied,
        planner.names.adjoint,
    )


def _reads_items(iterable: ir.Expr) -> bool:
    """Whether going through an iterable reads a container's items, not just its length."""
    match iterable:
        case ir.Call(func=ir.Name(id="range", scope="global")):
            return False
    return True


def _keeps_its_length(planner: Planner) -> bool:
    """Whether no list of the function gets longer or shorter: what is stored into has as many elements as before."""
    function = planner.activity.versions.of_function
    assert function is not None
    calls = (call.func for call in found_in(function, ir.Call) if isinstance(call.func, ir.Attribute))
    added = (stmt.target for stmt in found_in(function, ir.Assign) if stmt.augmented and isinstance(stmt.target, ir.NameTarget))
    return not (
        found_in(function, ir.Append, ir.Inert, ir.Define) or any(func.name in CHANGING for func in calls)
        or any(isinstance(node.index, ir.Slice) for node in found_in(function, ir.ItemTarget))
        or any(planner.activity.versions.of_node.get(target) in planner.held for target in added)
    )


def rows_of(planner: Planner, target: ir.Target) -> frozenset[str]:
    """The variables of a loop's target that take containers: their adjoints are parts of the outer one's, added to in place."""
    bound = (node for node in ir.walk(target) if isinstance(node, ir.NameTarget))
    found = frozenset(node.id for node in bound if planner.activity.versions.of_node.get(node) in planner.held)
    planner.arrays.kinds.named.update((planner.names.adjoint(name), Holder()) for name in found)
    return found
