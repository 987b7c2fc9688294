"""Moves the body of `with adjoint_of(x) as dx:` into the backward part, to where the adjoint of x is what flows past that place.

Never reads the body; read.hooks has made sure of its form.
"""
from __future__ import annotations

from gradgen.analyse.recording import BackwardReads
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.hooks import Hook, Verbatim
from gradgen.transform.names import Names
from gradgen.transform.planning import Planner
from gradgen.transform.plans import Plan


def name_adjoints(function: ir.Function, names: Names) -> None:
    """Adjoints are called as the user calls them, where that is one name for one variable."""
    for node in found_in(function, Hook):
        if node.adjoint not in names.taken:
            names.name_adjoint(node.variable.id, node.adjoint)


def hook(planner: Planner, stmt: Hook) -> None:
    """Plan a statement that looks at an adjoint; the forward part leaves it out."""
    planner.edits.dropped.add(stmt)
    versions, name = planner.activity.versions, stmt.variable.id
    if not planner.activity.is_active_version(versions.of_read.get(stmt.variable)):
        return
    if planner.names.adjoint(name) != stmt.adjoint:
        construct = f"adjoint_of under a name, {stmt.adjoint}, that stands for something else"
        planner.refusals.add("GG106", stmt.span, construct=construct)
    if name in planner.containers:
        planner.refusals.add("GG106", stmt.span, construct="the adjoint of a container")
    reads = tuple(each for each in stmt.reads[1:] if isinstance(each, ir.Name))
    for each in reads:
        if each.id in planner.containers | planner.unstable:
            planner.refusals.add("GG106", each.span, construct=f"adjoint_of with the container {each.id} in its body")
    read = {each.id for each in reads if each.scope == "local"}
    body = Verbatim(stmt.text, (ir.Name(stmt.adjoint), *reads), stmt.adjoint)
    planner.plans[stmt] = Plan(stmt, f"with adjoint_of({name}) as {stmt.adjoint}:", (), needs=name, opening=[body], reads=read)
    planner.reads[stmt] = BackwardReads(frozenset(read))
