"""Moves the body of `with adjoint_of(x) as dx:` into the backward part, to where the adjoint of x is what flows past that place.

Never reads the body; read.hooks has made sure of its form.
"""
from __future__ import annotations

from gradgen.analyse.recording.needs import BackwardReads
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.hooks import Hook, Verbatim
from gradgen.transform.lines.plans import Plan
from gradgen.transform.names import Names
from gradgen.transform.planning import Planner


def name_adjoints(function: ir.Function, names: Names) -> None:
    """Adjoints are called as the user calls them, where that is one name for one variable."""
    for node in found_in(function, Hook):
        for variable, adjoint in node.asked:
            if adjoint not in names.taken:
                names.name_adjoint(variable.id, adjoint)


def hook(planner: Planner, stmt: Hook) -> None:
    """Plan a statement that looks at adjoints; the forward part leaves it out."""
    planner.edits.dropped.add(stmt)
    versions = planner.activity.versions
    are_active = [planner.activity.is_active_version(versions.of_read.get(variable)) for variable, _ in stmt.asked]
    if not any(are_active):
        return
    if not all(are_active):
        planner.refusals.add("GG106", stmt.span, construct="adjoint_of variables of which some have none")
    for variable, adjoint in stmt.asked:
        if planner.names.adjoint(variable.id) != adjoint:
            construct = f"adjoint_of under a name, {adjoint}, that stands for something else"
            planner.refusals.add("GG106", stmt.span, construct=construct)
        if variable.id in planner.containers:
            planner.refusals.add("GG106", stmt.span, construct="the adjoint of a container")
    names, adjoints = (tuple(each.id for each, _ in stmt.asked), tuple(adjoint for _, adjoint in stmt.asked))
    reads = tuple(each for each in stmt.reads[len(names) :] if isinstance(each, ir.Name))
    for each in reads:
        if each.id in planner.containers | planner.unstable:
            planner.refusals.add("GG106", each.span, construct=f"adjoint_of with the container {each.id} in its body")
    read = {each.id for each in reads if each.scope == "local"}
    body = Verbatim(stmt.text, (*map(ir.Name, adjoints), *reads), adjoints)
    heading = ", ".join(f"adjoint_of({name}) as {adjoint}" for name, adjoint in zip(names, adjoints, strict=True))
    plan = Plan(stmt, f"with {heading}:", (), needs=names[0], also_needs=names[1:], opening=[body], reads=read)
    planner.plans[stmt] = plan
    planner.reads[stmt] = BackwardReads(frozenset(read))
