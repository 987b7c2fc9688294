"""Plans what `(w := value)` inside of an expression hands on: the adjoint of `w`, once it is complete, goes to the value.

Never plans the statement around it.
"""
from __future__ import annotations

from collections.abc import Iterator, Set

from gradgen.analyse.recording.needs import BackwardReads
from gradgen.ir import nodes as ir
from gradgen.ir.finding import evaluated_by
from gradgen.ir.queries import reads
from gradgen.transform.expressions.evaluation import conditional_nodes
from gradgen.transform.expressions.terms import Term
from gradgen.transform.lines.plans import Plan, plan_reads
from gradgen.transform.lines.settled import settled_plan
from gradgen.transform.planning import Planner
from gradgen.transform.settling import Setting


def check_named(planner: Planner, stmt: ir.Stmt) -> None:
    """Every `:=` of a value that varies, in what a statement evaluates itself, must have been planned; tests of branches are
    looked at where they are planned."""
    parts = evaluated_by(stmt) if planner.has_named and not isinstance(stmt, ir.Branch | ir.Try) else ()
    for node in (node for part in parts for node in ir.walk(part)):
        if isinstance(node, ir.Walrus) and node not in planner.handled and planner.is_active_target(node):
            planner.refusals.add("GG106", node.span, construct="`:=` in this place")


def named_in_place(planner: Planner, stmt: ir.Stmt, root: ir.Expr, plan: Plan, is_in_loop: bool) -> None:
    """`(w := value)` inside of an expression: once the adjoint of `w` is complete, it goes to the value."""
    if not planner.has_named:
        return
    conditional = set(conditional_nodes(root))
    bound = {node.id for node in ir.walk(stmt) if isinstance(node, ir.NameTarget)} if isinstance(stmt, ir.Assign) else set[str]()
    for node in reversed([node for node in ir.walk(root) if isinstance(node, ir.Walrus)]):
        planner.handled.add(node)
        if not planner.is_active_target(node):
            continue
        if node.name in bound:  # one adjoint under one name would be that of two values at once
            planner.refusals.add("GG106", node.span, construct="`:=` of a name that the statement binds as well")
            continue
        if node in conditional or is_in_loop:
            planner.refusals.add("GG106", node.span, construct="`:=` where it may not run, or in a loop")
            continue
        linearizer = planner.linearizer(node.name, node.value)
        seed = Term(ir.Name(planner.names.adjoint(node.name)), shape=planner.seed_shape(node.value))
        linearizer.visit(node.value, seed)
        if linearizer.pairs or linearizer.found.loops:
            planner.refusals.add("GG106", node.span, construct="`:=` around this value")
            continue
        inner = Plan(stmt, "", (node.name,))
        name = ir.Name(node.name)
        setting = Setting(name, node.name, is_in_loop, planner.is_plain, planner.unstable, False, planner.arrays)
        settled_plan(inner, node.value, linearizer.found, setting, planner.names, linearizer.roles, {})
        inner.reads = plan_reads(inner, planner.variables)
        inner.reads_result = node.name in inner.reads
        if inner.reads_result and reads(node.value, node.name):
            planner.refusals.add("GG106", node.span, construct="`:=` in a statement that also reads old values")
        inner.reads.discard(node.name)
        if inner.hoists:
            planner.refusals.add("GG106", node.span, construct="`:=` around this value")
        plan.then.append(inner)


def named_in_test(planner: Planner, stmt: ir.Branch, is_in_loop: bool) -> None:
    """Plan a test that names values which vary."""
    if any(isinstance(node, ir.Walrus) and planner.is_active_target(node) for node in ir.walk(stmt.test)):
        plan = Plan(stmt, "", ())
        named_in_place(planner, stmt, stmt.test, plan, is_in_loop)
        planner.plans[stmt] = plan
        read = frozenset(name for inner in plan.then for name in inner.reads)
        planner.reads[stmt] = BackwardReads(read, results_inside(plan))


def results_inside(plan: Plan) -> frozenset[str]:
    """What a statement names by `:=` and its backward lines read."""
    return frozenset(name for inner in plan.then if inner.reads_result for name in inner.killed)


def is_named_again(planner: Planner, root: ir.Expr, names: Set[str]) -> bool:
    """Whether `:=` in an expression gives one of the variables `names` a new value in place of an old one."""
    if not names:
        return False
    of_node = planner.activity.versions.of_node
    named = (node for node in ir.walk(root) if isinstance(node, ir.Walrus) and node.name in names)
    return any(of_node[node].previous is not None for node in named)


def named_in_order(node: ir.Node) -> Iterator[ir.Walrus]:
    """Each `:=` of an expression once what it names has been computed; not those of comprehensions, which run many times."""
    if not isinstance(node, ir.Comprehension):
        for child in ir.children_of(node):
            yield from named_in_order(child)
        if isinstance(node, ir.Walrus):
            yield node
