"""Says what a function that is called, but not differentiated, asks of varying values that must not be equal, in the words of the
call.

Never says what becomes of it; generated code asks beside the call.
"""
from __future__ import annotations

import functools
from collections.abc import Iterator

from gradgen.analyse.activity import Activity
from gradgen.analyse.program import Analysed, Program, Read
from gradgen.analyse.reads import CallSite
from gradgen.analyse.slopes.asking import asked_in
from gradgen.analyse.slopes.disguised import disguised
from gradgen.analyse.slopes.kinks import equalities, in_tests_and_values, is_generated
from gradgen.analyse.slopes.partings import partings
from gradgen.analyse.slopes.truths import truths
from gradgen.errors import GradgenError
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, replace
from gradgen.rules.carried import carried_helper

MOST = 8  # calls in calls


@dataclass(frozen=True, slots=True)
class Below:
    """An equality that the function `read` asks as `node`, and what the caller asks to learn whether it holds: None where that
    cannot be said."""

    read: Read
    node: ir.Expr
    equality: ir.Expr | None


def asked_below(program: Program, read: Read, activity: Activity, call: ir.Call, depth: int = MOST) -> Iterator[Below]:
    """The equalities of what a call runs, in the variables of the function `read` that calls."""
    site = program.site(call, read, activity.versions)
    active = () if site is None else program.active_parameters(site, activity.is_varied)
    if site is None or not active or not asked_in(program, site.read, active):
        return
    try:
        analysed = program.analyse(site.read, active)
    except GradgenError:
        return
    for node, equality in _asked_by(program, analysed):
        yield Below(site.read, node, _said(equality, program, analysed, site, depth))
    used = (expr for stmt in found_in(site.read.function, ir.Stmt) for expr in _used_by(stmt)) if depth else ()
    for inner in (node for expr in used for node in ir.walk(expr) if isinstance(node, ir.Call)):
        for each in asked_below(program, site.read, analysed.activity, inner, depth - 1):
            yield replace(each, equality=_said(each.equality, program, analysed, site, depth))


def _used_by(stmt: ir.Stmt) -> list[ir.Expr]:
    """The expressions of a statement whose values are used."""
    return [] if isinstance(stmt, ir.Evaluate) else [expr for expr, _ in in_tests_and_values(stmt)]


def _asked_by(program: Program, analysed: Analysed) -> Iterator[tuple[ir.Expr, ir.Expr | None]]:
    """What a function asks itself, each with the equality that it is."""
    read, facts = analysed.read, analysed.activity
    if is_generated(read.positions.text) or carried_helper(read.live) is not None:
        return
    site = functools.partial(program.site, read=read, versions=analysed.versions)
    for compare, (_, sides) in partings(read.function, facts, site).items():
        yield compare, ir.Compare(("eq",), sides)
    for stmt in found_in(read.function, ir.Stmt):
        for compare in equalities(stmt, facts, site):
            ops = tuple({"ne": "eq", "notin": "in"}.get(op, op) for op in compare.ops)
            yield compare, replace(compare, ops=ops) if len(ops) == 1 else compare
        for truth in truths(stmt, facts, site):
            yield truth.node, None if truth.is_of_parts else ir.Compare(("eq",), (truth.node, ir.Const(0)))
        for found in disguised(stmt, facts, site):
            yield found.node, found.equality


def said_in(expr: ir.Expr, program: Program, analysed: Analysed, site: CallSite) -> ir.Expr | None:
    """An expression of a function in the words of a call of it; None where it cannot be said."""
    return _said(expr, program, analysed, site, MOST)


def _said(expr: ir.Expr | None, program: Program, analysed: Analysed, site: CallSite, depth: int) -> ir.Expr | None:
    """An expression of a function in the words of a call of it."""
    match expr:
        case ir.Const():
            return replace(expr, span=None)
        case ir.Name():
            return _named(expr, program, analysed, site, depth)
        case ir.Op(args=args, keywords=()):
            found = _all_said(args, program, analysed, site, depth)
            return None if found is None else replace(expr, args=found, span=None)
        case ir.Compare(operands=operands):
            found = _all_said(operands, program, analysed, site, depth)
            return None if found is None else replace(expr, operands=found, span=None)
        case ir.Display(items=items, keys=()):
            found = _all_said(items, program, analysed, site, depth)
            return None if found is None else replace(expr, items=found, span=None)
        case ir.Attribute(base=base, name=name):
            owner = _said(base, program, analysed, site, depth)
            return None if owner is None else ir.Attribute(owner, name)
        case ir.Item(base=base, index=index):
            found = _all_said((base, index), program, analysed, site, depth)
            return None if found is None else ir.Item(*found)
    return None


def _all_said(
    exprs: tuple[ir.Expr, ...], program: Program, analysed: Analysed, site: CallSite, depth: int
) -> tuple[ir.Expr, ...] | None:
    found = [_said(each, program, analysed, site, depth) for each in exprs]
    said = tuple(each for each in found if each is not None)
    return said if len(said) == len(found) else None


def _named(name: ir.Name, program: Program, analysed: Analysed, site: CallSite, depth: int) -> ir.Expr | None:
    """What a variable of a function is in the words of a call: an argument, or what it was computed from."""
    if name.scope != "local":
        value = program.live_value(name, analysed.read)
        return ir.Const(value) if type(value) in (int, float) else None
    version = analysed.versions.of_read.get(name)
    if version is None:
        return None
    if version.kind == "parameter":
        default = next((each.default for each in site.read.function.parameters if each.name == version.name), None)
        found = site.arguments.get(version.name, default)
        return found if isinstance(found, ir.Name | ir.Const | ir.Op | ir.Item | ir.Attribute) else None
    source = version.sources[0] if version.kind == "assign" and len(version.sources) == 1 else None
    is_once = sum(each.name == version.name for each in analysed.versions.all) == 1
    return _said(source, program, analysed, site, depth) if is_once and isinstance(source, ir.Expr) else None
