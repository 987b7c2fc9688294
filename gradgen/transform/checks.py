"""Refuses what may change a value behind the text of a statement: methods and functions that store, draws of random numbers.

Never plans a statement.
"""
from __future__ import annotations

from gradgen.analyse.dicts import goes_through_keys
from gradgen.analyse.randomness import is_random, is_seeded
from gradgen.analyse.stability import is_property_of_varied
from gradgen.ir import nodes as ir
from gradgen.transform.planning import Planner

PURE_METHODS = frozenset({"index", "count", "get", "items", "keys", "values", "copy"})


def check_calls(planner: Planner, stmt: ir.Node) -> None:
    """A container that varies may be looked at, not changed behind the text: by a method or a function that stores."""
    versions = planner.activity.versions
    moving = (name for name, version in versions.of_parameter.items() if version in planner.activity.varied)
    held_names = planner.containers | set(moving)
    for node in ir.walk(stmt):
        keys = goes_through_keys(node, planner.containers - planner.sequences)
        if keys is not None:
            planner.refusals.add("GG106", keys.span, construct="the keys of a dict of values that vary")
        if isinstance(node, ir.Attribute) and is_property_of_varied(node, planner.activity):
            planner.refusals.add("GG106", node.span, construct=f"the property {node.name!r} of an object that varies")
        keywords = node.keywords if isinstance(node, ir.Op | ir.Call) and planner.arrays.kinds.has_arrays else ()
        if any(name == "out" for name, _ in keywords):
            planner.refusals.add("GG106", node.span, construct="out=")
        if not isinstance(node, ir.Call):
            continue
        if planner.arrays.kinds.operation(node) is not None:
            continue
        given = [*node.args, *(value for _, value in node.keywords)]
        match node.func:
            case ir.Attribute(base=ir.Name(id=name) as base, name=method) if name in held_names and planner.callees.site(node):
                given.append(base)
            case ir.Attribute(base=ir.Name(id=name), name=method) if name in held_names and method not in PURE_METHODS:
                planner.refusals.add("GG106", node.span, construct=f"the method {method}() on a container of values that vary")
        if is_random(node.target) and not is_seeded(node):
            planner.refusals.add(
                "GG111", node.span, construct="a function that draws random numbers or reads a clock",
                detail="It gives another value at each call, so there is no function to differentiate.",
                advice="Draw the numbers outside and pass them in, or with a generator that is made inside with a seed.",
            )
        held = [arg for arg in given if isinstance(arg, ir.Name) and arg.id in {*planner.containers, *planner.arrays.variables}]
        if any(planner.activity.is_varied(arg) for arg in given):  # it may go into a container that has held nothing that varies
            made = [arg for arg in given if isinstance(arg, ir.Name) and versions.of_read.get(arg) in planner.held]
            held.extend(arg for arg in made if arg not in held)
        captured = versions.captured.get(node.func, {})
        names = [arg.id for arg in held] + [name for name in captured if name in planner.arrays.variables]
        site = planner.callees.site(node) if names else None
        if site is not None and planner.callees.keeps(site):
            planner.refusals.add("GG109", node.span, construct=repr(names[0]))
