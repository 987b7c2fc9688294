"""Says which adjoints an assignment, or a result, hands on to which of its parts, and has it planned so.

Never turns control flow round (transform.control does) and never decides what is recorded (analyse.recording.needs does).
"""
from __future__ import annotations

from collections.abc import Sequence

from gradgen.analyse.activity import follows_active
from gradgen.analyse.kinds.texts import is_text
from gradgen.analyse.recording.needs import BackwardReads
from gradgen.analyse.surroundings.given import is_computed_array
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import Kind
from gradgen.ir.queries import is_name
from gradgen.transform.expressions.walruses import named_in_place, results_inside
from gradgen.transform.holding import bound_again, elements_taken, is_record_made, no_number
from gradgen.transform.lines.plans import Plan
from gradgen.transform.lines.spelling import no_adjoint
from gradgen.transform.planning import Planner
from gradgen.transform.statement import Handing, Part, plan_statement


def assign(planner: Planner, stmt: ir.Assign, is_in_loop: bool) -> None:
    """Plan `target = value`, where the target binds variables."""
    is_shared = stmt in planner.arrays.barred or isinstance(stmt.target, ir.NameTarget) and stmt.target.id in planner.aliased
    if stmt.augmented is not None and isinstance(stmt.target, ir.NameTarget) and is_shared:
        planner.refusals.add("GG109", stmt.span, construct=repr(stmt.target.id))
        return
    parts: list[Part] = []
    killed: list[str] = []
    _parts(planner, stmt.target, stmt.value, parts, killed, bound_again(stmt.target))
    if isinstance(stmt.target, ir.NameTarget) and isinstance(stmt.value, ir.Display) and parts:
        if any(isinstance(item, ir.Name) and item.id == stmt.target.id for item in stmt.value.items):
            planner.refusals.add("GG106", stmt.span, construct="a number that becomes a container under the same name")
            return
    if parts:
        plan_statement(planner, Handing(stmt, stmt.value, is_in_loop, parts, tuple(dict.fromkeys(killed))))
        if stmt in planner.plans and planner.plans[stmt].is_empty:
            planner.plans[stmt].ends = _flows_past(planner, stmt.target)
    elif any(isinstance(node, ir.Walrus) and planner.is_active_target(node) for node in ir.walk(stmt.value)):
        plan = Plan(stmt, planner.comments.get(stmt, ""), ())
        named_in_place(planner, stmt, stmt.value, plan, is_in_loop)
        plan.reads = {name for inner in plan.then for name in inner.reads}
        plan.reads_result = any(inner.reads_result for inner in plan.then)
        if plan.reads_result and plan.reads & ir.names_bound((stmt,)):
            planner.refusals.add("GG106", stmt.span, construct="`:=` in a statement that also reads old values")
        planner.plans[stmt] = plan
        planner.reads[stmt] = BackwardReads(frozenset(plan.reads), results_inside(plan))
    elif killed:
        planner.plans[stmt] = Plan(stmt, "", tuple(dict.fromkeys(killed)), ends=_flows_past(planner, stmt.target))


def _parts(
    planner: Planner, target: ir.Target, value: ir.Expr, parts: list[Part], killed: list[str], lost: frozenset[ir.Node]
) -> None:
    """Which expression's adjoint each piece of an unpacking hands on; `lost` are the targets whose values nobody sees."""
    match target:
        case ir.NameTarget(id=name):
            if target in lost or is_text(value, planner.activity.versions):
                killed.append(name)
            elif planner.is_active_target(target):
                parts.append((value, ir.Name(planner.names.adjoint(name))))
                killed.append(name)
            elif planner.ends_adjoint(target):
                killed.append(name)
        case ir.TupleTarget(items=items, starred=None):
            if isinstance(value, ir.Display) and len(value.items) == len(items) and value.kind != "dict":
                for item, element in zip(items, value.items, strict=True):
                    _parts(planner, item, element, parts, killed, lost)
                return
            bound = [node for node in ir.walk(target) if isinstance(node, ir.NameTarget)]
            if not any(map(planner.is_active_target, bound)):
                killed.extend(each.id for each in bound if planner.ends_adjoint(each))
                return
            if is_record_made(value, planner.arrays.kinds):
                planner.refusals.add("GG106", target.span, construct="the unpacking of a record that is made here")
            elif isinstance(value, ir.Name | ir.Item | ir.Attribute):
                taken = elements_taken(value, len(items), planner.arrays.kinds)
                if taken is None:
                    planner.refusals.add("GG106", value.span, construct="a slice")
                for item, element in zip(items, taken or (), strict=False):
                    _parts(planner, item, element, parts, killed, lost)
            elif not set(items) <= set(bound):
                planner.refusals.add("GG106", target.span, construct="a nested unpacking")
            elif not planner.arrays.kinds.has_arrays and is_computed_array(value):
                planner.refusals.add("GG106", target.span, construct="the unpacking of a number")
            else:
                _results(planner, bound, value, parts, killed, lost)
        case ir.TupleTarget() if planner.activity.is_varied(value):
            planner.refusals.add("GG106", target.span, construct="a starred unpacking")
        case ir.ItemTarget(base=base) | ir.AttributeTarget(base=base):
            is_active = isinstance(base, ir.Name) and base.id in planner.containers
            if (parts or is_active or planner.activity.is_varied(value)):
                planner.refusals.add("GG106", target.span, construct="a store inside of an unpacking")


def _results(
    planner: Planner, items: Sequence[ir.NameTarget], value: ir.Expr, parts: list[Part], killed: list[str],
    lost: frozenset[ir.Node],
) -> None:
    """The adjoints that the results of one operation have, where each has a name."""
    active = (item for item in items if item not in lost and planner.is_active_target(item))
    named = {item: ir.Name(planner.names.adjoint(item.id)) for item in active}
    killed.extend(item.id for item in items if item in named or planner.ends_adjoint(item))
    held, needed = planner.callees.parts_with_parts(value), planner.edits.needed
    adjoints = [named.get(item) or no_adjoint(item, planner.arrays.kinds, at in held, needed) for at, item in enumerate(items)]
    is_array = isinstance(planner.arrays.kinds.of(value), Kind)
    joined = ir.Display("list" if is_array else "tuple", tuple(adjoints))
    parts.append((value, ir.Op("array", (joined,), family="numpy") if is_array else joined))


def _flows_past(planner: Planner, target: ir.Target) -> bool:
    """Whether a variable that is bound here had a value before whose adjoint must start from zero."""
    for node in ir.walk(target):
        version = planner.activity.versions.of_node.get(node) if isinstance(node, ir.NameTarget) else None
        if version is not None and follows_active(version, planner.activity, planner.following):
            return True
    return False


def returned(planner: Planner, stmt: ir.Exit, is_in_loop: bool) -> None:
    """The result's adjoint is the seed."""
    value = stmt.value
    if planner.wants_number and (kind := no_number(value, planner.activity.versions)) is not None:
        planner.refusals.add("GG403", stmt.span, construct=f"this returns {kind}")
    if value is None or not planner.activity.is_varied(value):
        return
    if len(planner.outputs) == 1 and isinstance(value, ir.Name) and value.id == planner.outputs[0]:
        return
    if planner.is_tuple:
        assert isinstance(value, ir.Display)
        parts: list[Part] = [
            (item, ir.Name(planner.names.adjoint(name)))
            for item, name in zip(value.items, planner.outputs, strict=True)
            if not is_name(item, name)
        ]
        # a returned variable's seed is its adjoint already
        killed = tuple(adjoint.id.removeprefix("d") for _, adjoint in parts if isinstance(adjoint, ir.Name))
        plan_statement(planner, Handing(stmt, value, is_in_loop, parts, killed))
        return
    seed = ir.Name(planner.names.adjoint(planner.outputs[0]))
    plan_statement(planner, Handing(stmt, value, is_in_loop, [(value, seed)], planner.outputs))
