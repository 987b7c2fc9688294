"""Finds iterations that may end where they start, by a test of how small something that varies has become: with a start that
does not vary, or to a small number. Where the start passes the test at once, the result is that start, whose derivative is not
that of the solution.

Never says what becomes of it; generated code raises there.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator

from gradgen.analyse.activity import Activity
from gradgen.analyse.disguised import is_from_zero
from gradgen.analyse.exits import exits_of, returns_inside
from gradgen.analyse.reads import CallSite
from gradgen.analyse.versions import Version
from gradgen.analyse.wholes import ORDERS
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass

Site = Callable[[ir.Call], CallSite | None]
Loop = ir.For | ir.While
SMALL = 1e-3


@dataclass(frozen=True, slots=True)
class Started:
    """A loop that may end with a variable as it was before: at its test, or at an exit of a branch."""

    loop: Loop
    name: str
    test: ir.Expr
    exit: ir.Exit | None


def started(function: ir.Function, activity: Activity, site: Site) -> Iterator[Started]:
    """The loops of a function that may end where they started."""
    for loop in found_in(function, ir.For, ir.While):
        assert isinstance(loop, Loop)
        carried = _carried(loop, activity)
        if not carried or activity.is_bisected(loop):
            continue
        for test, exit_, branch in _ends(loop):
            env = activity.versions.entries[branch] if branch is not None else None
            for side, bound in _small(test, activity, site):
                reached = _reached(side, activity)
                for name, header in carried.items():
                    is_still = env is None or env.get(name) is header
                    is_still = is_still and (header.sources[0] not in activity.varied or _is_tolerance(bound))
                    if is_still and header in reached and any(_is_given(each, activity) for each in reached):
                        yield Started(loop, name, test, exit_)


def _carried(loop: Loop, activity: Activity) -> dict[str, Version]:
    """The variables that vary in the turns of a loop, each as a turn finds it."""
    headers = activity.versions.headers.get(loop, {})
    return {
        name: header for name, header in headers.items()
        if len(header.sources) > 1 and activity.is_active_version(header) and isinstance(header.sources[0], Version)
        and header.is_bound
    }


def _ends(loop: Loop) -> Iterator[tuple[ir.Expr, ir.Exit | None, ir.Branch | None]]:
    """The tests by which a loop ends, each with the exit and the branch where that is one."""
    if isinstance(loop, ir.While):
        yield loop.test, None, None
    exits = [(node, chain[-1][2]) for node, chain in exits_of(loop.body) if node.kind == "break"]
    branches = [stmt for each in loop.body for stmt in ir.walk(each) if isinstance(stmt, ir.Branch)]
    owners = {part: branch for branch in branches for part in (*branch.then, *branch.orelse)}
    exits += [(node, owners.get(node)) for node in returns_inside(loop.body)]
    for node, owner in exits:
        if isinstance(owner, ir.Branch):
            yield owner.test, node, owner


def _small(test: ir.Expr, activity: Activity, site: Site) -> Iterator[tuple[ir.Expr, ir.Expr]]:
    """What a test holds against a bound to learn how small it is, and the bound."""
    for node in ir.walk(test):
        if isinstance(node, ir.Compare) and len(node.ops) == 1 and node.ops[0] in ORDERS:
            for side, bound in (node.operands, node.operands[::-1]):
                if is_from_zero(side, activity, site) and not activity.is_varied(bound):
                    yield side, bound


def _is_tolerance(bound: ir.Expr) -> bool:
    """Whether a bound is so small that what varies from the start on is meant to have moved."""
    return isinstance(bound, ir.Const) and isinstance(bound.value, float) and 0 < bound.value < SMALL


def _reached(expr: ir.Expr, activity: Activity) -> set[Version]:
    """The versions that a value is computed from, as far back as where control flow joins."""
    found: set[Version] = set()
    waiting: list[Version | ir.Expr] = [expr]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Version):
            if item not in found:
                found.add(item)
                waiting += item.sources if item.kind in ("assign", "item") else []
        else:
            read = activity.versions.of_read
            waiting += [read[name] for name in ir.names_read(item) if name in read]
    return found


def _is_given(version: Version, activity: Activity) -> bool:
    """Whether a version varies from outside of any loop."""
    return version in activity.varied and version.kind == "parameter"
