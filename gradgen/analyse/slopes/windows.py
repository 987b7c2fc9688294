"""Finds special cases that are asked for by a narrow window (`if abs(b - 1.0) < 1e-6`) and answered by what does not move with
all that the window is about: the formula says what the function is there, and nothing of how it goes on to either side.

Never takes a test of convergence for one: what a loop, a recursion or a function of the user's has found is not looked at.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gradgen.analyse.activity import Activity
from gradgen.analyse.slopes.disguised import Disguised
from gradgen.analyse.slopes.kinks import in_tests_and_values
from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.queries import is_name

NARROW = 1e-5
"""The widest that a window may be to be one of a special case, and no band in which nothing happens."""
WITHIN = frozenset({"lt", "le"})
ASKED = WITHIN | {"gt", "ge"}
MOST = 20  # steps back through variables

Live = Callable[[ir.Expr], Any]
Arm = ir.Block | ir.Expr


def windows(stmt: ir.Stmt, activity: Activity, live: Live) -> Iterator[Disguised]:
    """The windows that a statement itself asks for, each with the test that holds in it. By one a function that calls itself
    ends: what it is then given is what it has found."""
    if _calls_itself(activity.versions.of_function):
        return
    for expr, is_test in in_tests_and_values(stmt):
        if is_test and isinstance(stmt, ir.Branch):
            yield from _asked(stmt.test, (stmt.then, stmt.orelse), activity, live)
        for node in ir.walk(expr):
            if isinstance(node, ir.Op) and node.op == "ifexp":
                yield from _asked(node.args[0], (node.args[1], node.args[2]), activity, live)


def _calls_itself(function: ir.Function | None) -> bool:
    calls = () if function is None else found_in(function, ir.Call)
    return function is not None and any(is_name(call.func, function.name) for call in calls)


def _asked(test: ir.Expr, arms: tuple[Arm, Arm], activity: Activity, live: Live) -> Iterator[Disguised]:
    """The windows in a test; `arms` are what runs where it holds, and where it does not."""
    match test:
        case ir.Op(op="not", args=(inner,)):
            yield from _asked(inner, arms[::-1], activity, live)
        case ir.Op(op="and" | "or", args=args):
            for each in args:
                yield from _asked(each, arms, activity, live)
        case ir.Compare(ops=(op,), operands=(left, right)) if op in ASKED and test.span is not None:
            value, bound, is_within = (left, right, op in WITHIN) if _distance(left) else (right, left, op not in WITHIN)
            if (parts := _distance(value)) and _is_narrow(bound, activity.versions, live):
                yield from _special(test, parts, arms, is_within, activity)
        case ir.Op(op="isclose", args=(one, other, *_)) if test.span is not None:
            yield from _special(test, (one, other), arms, True, activity)


def _special(
    test: ir.Expr, parts: tuple[ir.Expr, ...], arms: tuple[Arm, Arm], is_within: bool, activity: Activity
) -> Iterator[Disguised]:
    inside, beside = arms if is_within else arms[::-1]
    asked = _origins(parts, activity.versions)
    if asked is None or not any(map(activity.is_varied, parts)) or not (_computes(inside) or _computes(beside)):
        return
    if {each for each in asked if each in activity.varied} - _reached(inside, activity.versions):
        yield Disguised(test, test if is_within else ir.Op("not", (test,)))


def _distance(value: ir.Expr) -> tuple[ir.Expr, ...]:
    """What a distance from 0 is taken of; nothing for other values."""
    match value:
        case ir.Op(op="abs", args=(inner,)):
            return (inner,)
    return ()


def _is_narrow(bound: ir.Expr, versions: Versions, live: Live) -> bool:
    """Whether a bound is a small number: written there, a constant of the module, or a parameter's default."""
    value: Any = bound.value if isinstance(bound, ir.Const) else None
    if isinstance(bound, ir.Name) and bound.scope == "local":
        version = versions.of_read.get(bound)
        source: Any = version.sources[0] if version is not None and len(version.sources) == 1 else None
        if version is not None and version.kind == "parameter" and versions.of_function is not None:
            source = next((each.default for each in versions.of_function.parameters if each.name == version.name), None)
        value = source.value if isinstance(source, ir.Const) else None
    elif isinstance(bound, ir.Name | ir.Attribute):
        value = live(bound)
    return type(value) is float and 0.0 < value <= NARROW


def _origins(parts: tuple[ir.Expr, ...], versions: Versions) -> set[Version] | None:
    """The parameters that values are computed from, by operations alone; None where they come from anything else."""
    found: set[Version] = set()

    def follow(version: Version | None, way: tuple[Version, ...]) -> bool:
        if version is None or version in way or len(way) > MOST:
            return False  # what a loop has found
        if version.kind == "parameter":
            found.add(version)
            return True
        if version.kind not in ("assign", "phi") or not version.sources:
            return False
        return all(
            follow(each, (*way, version)) if isinstance(each, Version) else computed(each, (*way, version))
            for each in version.sources
        )

    def computed(expr: ir.Expr, way: tuple[Version, ...]) -> bool:
        match expr:
            case ir.Name(scope="local") as name:
                return follow(versions.of_read.get(name), way)
            case ir.Op(args=args):
                return all(computed(arg, way) for arg in args)
        return isinstance(expr, ir.Const | ir.Name | ir.Attribute)

    return found if all(computed(part, ()) for part in parts) else None


def _reached(arm: Arm, versions: Versions) -> set[Version]:
    """The versions that what is computed in an arm comes from."""
    nodes = ir.walk(arm) if isinstance(arm, ir.Expr) else [node for stmt in arm for node in ir.walk(stmt)]
    waiting = [version for node in nodes if isinstance(node, ir.Name) and (version := versions.of_read.get(node)) is not None]
    seen: set[Version] = set()
    while waiting:
        version = waiting.pop()
        if version in seen:
            continue
        seen.add(version)
        for source in version.sources:
            if isinstance(source, Version):
                waiting.append(source)
            else:
                waiting += [found for name in ir.names_read(source) if (found := versions.of_read.get(name)) is not None]
    return seen


def _computes(arm: Arm) -> bool:
    """Whether an arm binds, stores or returns something."""
    if isinstance(arm, ir.Expr):
        return True
    return any(isinstance(node, ir.Assign | ir.Append | ir.Exit) for stmt in arm for node in ir.walk(stmt))
