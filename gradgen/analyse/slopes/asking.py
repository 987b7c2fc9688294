"""Finds what a function, and those that it calls, ask of varying values that must not be equal.

Never says what becomes of it; generated code raises where they are.
"""
from __future__ import annotations

import functools

from gradgen.analyse.program import Program, Read
from gradgen.analyse.slopes.disguised import disguised
from gradgen.analyse.slopes.kinks import equalities, is_generated
from gradgen.analyse.slopes.partings import partings
from gradgen.analyse.slopes.truths import truths
from gradgen.errors import GradgenError
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.rules.carried import carried_helper


def asked_in(program: Program, read: Read, varied: tuple[str, ...]) -> frozenset[ir.Expr]:
    """The comparisons, there and below, that say nothing of the slope where their sides are equal; `varied` parameters vary."""
    root = (read, varied)
    if root not in program.asked:
        seen: set[tuple[Read, tuple[str, ...]]] = set()
        found: set[ir.Expr] = set()
        waiting = [root] if varied else []
        while waiting:
            current = waiting.pop()
            if current not in seen:
                seen.add(current)
                found.update(_asked_by(program, *current, waiting))
        program.asked[root] = frozenset(found)
    return program.asked[root]


def _asked_by(
    program: Program, read: Read, varied: tuple[str, ...], below: list[tuple[Read, tuple[str, ...]]]
) -> set[ir.Expr]:
    """What a function asks itself; what it hands its varying values to is added to `below`. A helper of gradgen's own asks for
    masks."""
    if carried_helper(read.live) is not None:
        return set()
    try:
        analysed = program.analyse(read, varied)
    except GradgenError:
        return set()
    facts = analysed.activity
    site = functools.partial(program.site, read=read, versions=analysed.versions)
    for call in found_in(read.function, ir.Call):
        called = site(call)
        if called is not None and (active := program.active_parameters(called, facts.is_varied)):
            below.append((called.read, active))
    if is_generated(read.positions.text):
        return set()
    own: set[ir.Expr] = set(partings(read.function, facts, site))
    for stmt in found_in(read.function, ir.Stmt):
        own.update(equalities(stmt, facts, site))
        own.update(truth.node for truth in truths(stmt, facts, site))
        own.update(each.node for each in disguised(stmt, facts, site))
    return own
