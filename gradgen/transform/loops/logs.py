"""Logs of irregular control flow: each finished statement notes itself and what its backward lines will read.

Never writes backward lines; transform.backward walks the log.
"""
from __future__ import annotations

from gradgen.analyse.recording.needs import BackwardReads, bound_by
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass
from gradgen.transform.lines.plans import Plan
from gradgen.transform.planning import Planner


@dataclass(frozen=True, slots=True)
class Step:
    """A statement that notes itself in a log: as `number`, with the values of the variables `kept`."""

    number: int
    stmt: ir.Stmt
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogPlan:
    """The log of one stretch; `way` and `held` are what an entry's two parts are called on the way back."""

    name: str
    way: str
    held: str
    steps: tuple[Step, ...]


def logged(planner: Planner, stretch: ir.Stmt) -> LogPlan | None:
    """Edit the forward part of a stretch, whose statements are planned, so that it logs them; None where none is."""
    turns = _plan_turns(planner, stretch)
    inside = [node for node in ir.walk(stretch) if isinstance(node, ir.Stmt) and node in planner.plans]
    planned = [stmt for stmt in inside if not isinstance(stmt, ir.Exit) and not planner.plans[stmt].is_empty]
    if all(stmt in turns for stmt in planned):
        for turn in turns:
            del planner.plans[turn]
        return None
    names = planner.names
    bound = set(ir.names_bound((stretch,)))
    changed = bound & planner.containers.union(planner.arrays.mutated)
    if changed:
        construct = f"a change of {min(changed)!r} in a statement that may be left in the middle"
        planner.refusals.add("GG106", stretch.span, construct=construct)
    outside: set[str] = set()
    steps = []
    log = names.fresh("log")
    planner.edits.insert_before(stretch, ir.Assign(ir.NameTarget(log), ir.Display("list", ())))
    for number, stmt in enumerate(planned, 1):
        reads, plan = planner.reads.get(stmt, BackwardReads()), planner.plans[stmt]
        if isinstance(stmt, ir.Branch):
            planner.refusals.add("GG106", stmt.test.span, construct="`:=` in this place")
        own = [name for name in plan.kept_names if name not in bound]
        kept = (*sorted((reads.before | reads.result) & bound), *own)
        outside |= (reads.before | reads.result) - bound
        values: list[ir.Expr] = []
        for name in kept:
            if name in reads.before and name in bound_by(stmt):
                saved = names.numbered(name)
                planner.edits.insert_before(stmt, ir.Record(saved, ir.Name(name), is_single=True))
                values.append(ir.Name(saved))
            else:
                values.append(ir.Name(name))
        held: ir.Expr = ir.Const(None) if not values else values[0] if len(values) == 1 else ir.Display("tuple", tuple(values))
        entry = held if len(planned) == 1 else ir.Display("tuple", (ir.Const(number), held))
        if isinstance(stmt, ir.For):
            planner.edits.insert_before(stmt.body[0], ir.Record(log, entry))
        else:
            planner.edits.insert_after(stmt, ir.Record(log, entry))
        steps.append(Step(number, stmt, kept))
    planner.reads[stretch] = BackwardReads(frozenset(outside))
    return LogPlan(log, names.fresh("way"), names.fresh("held"), tuple(steps))


def _plan_turns(planner: Planner, stretch: ir.Stmt) -> list[ir.For]:
    """The loops of a stretch that give a value that does not vary to a variable with an adjoint: that ends at each turn."""
    found = []
    for node in ir.walk(stretch):
        if isinstance(node, ir.For):
            targets = [each for each in ir.walk(node.target) if isinstance(each, ir.NameTarget)]
            killed = tuple(each.id for each in targets if planner.ends_adjoint(each) and _may_be_active(planner, each.id))
            if killed:
                planner.plans[node] = Plan(node, "", killed, ends=True)
                found.append(node)
    return found


def _may_be_active(planner: Planner, name: str) -> bool:
    return any(version.name == name and planner.activity.is_active_version(version) for version in planner.activity.useful)
