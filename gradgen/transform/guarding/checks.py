"""Refuses what may change a value behind the text of a statement: methods and functions that store, draws of random numbers.

Never plans a statement.
"""
from __future__ import annotations

import inspect
from collections.abc import Iterable

from gradgen.analyse.kinds.dicts import goes_through_keys, gone_through
from gradgen.analyse.recording.quiet import is_quiet
from gradgen.analyse.recording.randomness import is_random, is_seeded
from gradgen.analyse.recording.stability import is_property_of_varied, is_pure_call
from gradgen.analyse.surroundings.classes import computing, is_shared, is_stored_when_made, may_be_held
from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import evaluated_by
from gradgen.ir.kinds import Holder
from gradgen.read.resolve import is_descriptor
from gradgen.transform.guarding.own_elements import check_own
from gradgen.transform.planning import Planner
from gradgen.transform.stores.cut_stores import check_stores

LOOKED_AT = (ir.Call, ir.Attribute, ir.Generator)
PURE_METHODS = frozenset({"index", "count", "get", "items", "keys", "values", "copy"})


def check_calls(planner: Planner, stmt: ir.Node) -> None:
    """A container that varies may be looked at, not changed behind the text: by a method or a function that stores.

    Of a statement that holds others only what it evaluates itself is looked at: its test, what it goes through.
    """
    check_stores(planner, stmt)
    check_own(planner, stmt, evaluated_by(stmt))
    for part in evaluated_by(stmt):
        through = gone_through(part) if isinstance(stmt, ir.For) and isinstance(part, ir.Expr) else None
        if through is not None and planner.activity.versions.of_read.get(through) in planner.activity.dicts:
            if planner.activity.keys_vary() and planner.activity.is_varied(through):
                planner.refusals.add("GG106", part.span, construct="the keys of a dict of values that vary")
        _check_calls_in(planner, part if through is None else through)


def _check_calls_in(planner: Planner, part: ir.Node) -> None:
    nodes = [node for node in ir.walk(part) if (node.keywords if isinstance(node, ir.Op) else isinstance(node, LOOKED_AT))]
    if not nodes:
        return
    moving = (name for name, version in planner.activity.versions.of_parameter.items() if version in planner.activity.varied)
    held_names = planner.containers | set(moving)
    methods = {node.func for node in nodes if isinstance(node, ir.Call)}
    for node in nodes:
        keys = goes_through_keys(node, planner.containers - planner.sequences)
        if keys is not None:
            planner.refusals.add("GG106", keys.span, construct="the keys of a dict of values that vary")
        if isinstance(node, ir.Attribute) and node not in methods and planner.activity.is_varied(node.base):
            known, made = planner.callees.class_of(node.base), planner.callees.computing_class(node.name)
            if known is not None and is_descriptor(inspect.getattr_static(known, node.name, None)):
                planner.refusals.add("GG106", node.span, construct=f"{node.name!r} of a {known.__name__}, a descriptor")
                continue
            if known is not None and (is_shared(known, node.name) or computing(node, known) is not None):
                continue  # such a property is a call
            is_told = isinstance(held := planner.arrays.kinds.of(node.base), Holder) and held.known is known  # an argument
            is_own = known is not None and not is_told and is_stored_when_made(known, node.name)
            if known is not None and not (is_own or may_be_held(known, node.name)):
                construct = f"{node.name!r} of a {known.__name__}, which no field of it is"
                planner.refusals.add("GG106", node.span, construct=construct)
                continue
            if made is not None:
                construct = f"{node.name!r} of a {made.__name__}, which its class has and no field is"
                planner.refusals.add("GG106", node.span, construct=construct)
            elif is_property_of_varied(node, planner.activity):
                planner.refusals.add("GG106", node.span, construct=f"the property {node.name!r} of an object that varies")
        keywords = node.keywords if isinstance(node, ir.Op | ir.Call) and planner.arrays.kinds.has_arrays else ()
        if any(name == "out" for name, _ in keywords):
            planner.refusals.add("GG106", node.span, construct="out=")
        if isinstance(node, ir.Call) and planner.arrays.kinds.operation(node) is None:
            _check_call(planner, node, held_names)


def _check_call(planner: Planner, node: ir.Call, held_names: frozenset[str]) -> None:
    if is_quiet(node):
        return
    versions, is_varied = planner.activity.versions, planner.activity.is_varied
    given = [*node.args, *(value for _, value in node.keywords)]
    site = None if is_pure_call(node) else planner.callees.site(node)
    is_moved = any(map(is_varied, given))
    match node.func:
        case ir.Attribute(base=ir.Name() as base, name=method) if base.id in held_names or is_moved and _is_held(planner, base):
            if site is not None:
                given.append(base)
            elif method not in PURE_METHODS:
                planner.refusals.add("GG106", node.span, construct=f"the method {method}() on a container of values that vary")
    if is_random(node.target) and not is_seeded(node):
        planner.refusals.add(
            "GG111", node.span, construct="a function that draws random numbers or reads a clock",
            detail="It gives another value at each call, so there is no function to differentiate.",
            advice="Draw the numbers outside and pass them in, or with a generator that is made inside with a seed.",
        )
    known = [] if site is None else [arg for arg in site.arguments.values() if arg is not site.receiver]
    others = [arg for arg in known if isinstance(arg, ir.Name) and arg not in given]
    runs = (node.func, *given, *others)
    captured = {*(arg.id for arg in others), *_reached(versions, runs)}  # by the functions that it runs
    varying = {*planner.containers, *planner.arrays.variables}
    names = [arg.id for arg in given if isinstance(arg, ir.Name) and arg.id in varying] + sorted(captured & varying)
    held = [arg.id for arg in given if isinstance(arg, ir.Name) and _is_held(planner, arg)]
    held += sorted(captured & {version.name for version in planner.held})
    if site is None:
        if is_moved and isinstance(node.func, ir.Name) and _is_made_by_a_call(versions.of_read.get(node.func)):
            held.append(node.func.id)  # an object that may keep what it is given
        if (names or is_moved and held) and not is_pure_call(node):
            planner.refusals.add("GG106", node.span, construct=f"a call that may change {(names or held)[0]!r}")
    elif names and planner.callees.keeps(site):
        planner.refusals.add("GG109", node.span, construct=repr(names[0]))
    elif any(map(is_varied, runs)) and planner.callees.keeps(site, is_varied):
        stated = [found for found in site.read.refusals.findings if found.code == "GG102"]
        if held:  # what has held nothing that varies would do so
            planner.refusals.add("GG109", node.span, construct=repr(held[0]))
        elif not stated:
            planner.refusals.add("GG106", node.span, construct=f"what {site.read.function.name}() stores beside its result")
        planner.refusals.findings += [found for found in stated if found not in planner.refusals.findings]


def _is_made_by_a_call(version: Version | None) -> bool:
    return version is not None and version.kind == "assign" and any(isinstance(each, ir.Call) for each in version.sources)


def _is_held(planner: Planner, name: ir.Name) -> bool:
    """Whether a variable holds a container here."""
    return planner.activity.versions.of_read.get(name) in planner.held


def _reached(versions: Versions, functions: Iterable[ir.Expr]) -> set[str]:
    """The variables that nested functions have captured, and those that the functions among these have."""
    waiting = [version for each in functions for version in versions.captured.get(each, {}).values()]
    found: set[str] = set()
    while waiting:
        version = waiting.pop()
        if version.name not in found:
            found.add(version.name)
            names = version.node.captures if isinstance(version.node, ir.Define) else ()
            waiting += [each for each in versions.all if each.name in names]
    return found
