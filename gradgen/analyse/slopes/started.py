"""Finds iterations that may end where they start, by a test of how small something that varies has become: with a start that
does not vary, or to a small number. Where the start passes the test at once, the result is that start, whose derivative is not
that of the solution.

Never says what becomes of it; generated code raises there.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from gradgen.analyse.activity import Activity
from gradgen.analyse.flow.exits import exits_of, returns_inside
from gradgen.analyse.kinds.wholes import ORDERS
from gradgen.analyse.reads import CallSite
from gradgen.analyse.slopes.disguised import is_from_zero
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass
from gradgen.ir.queries import variables_read

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


def started(
    function: ir.Function, activity: Activity, site: Site, live: Callable[[ir.Expr], object] = lambda expr: None
) -> Iterator[Started]:
    """The loops of a function that may end where they started; `live` is what a name outside of it stands for."""
    is_tolerance = _Tolerances({each.name: each.default for each in function.parameters}, live).is_tolerance
    for loop in found_in(function, ir.For, ir.While):
        assert isinstance(loop, Loop)
        carried = _carried(loop, activity)
        if not carried or activity.is_bisected(loop):
            continue
        for test, exit_, branch in (*_ends(loop), *_ends_by_flags(loop, activity)):
            env = activity.versions.entries[branch] if branch is not None else None
            headers = activity.versions.headers[loop]
            for side, bound in _small(test, activity, site, headers, is_tolerance):
                reached = _reached(side, activity, headers)
                for name, header in carried.items():
                    is_still = env is None or env.get(name) is header
                    is_still = is_still and (header.sources[0] not in activity.varied or is_tolerance(bound))
                    is_read = header in reached or header.sources[0] in reached
                    if is_still and is_read and any(_is_given(each, activity) for each in reached):
                        yield Started(loop, name, test, exit_)


def returned_at_once(
    function: ir.Function, activity: Activity, site: Site, live: Callable[[ir.Expr], object] = lambda expr: None
) -> Iterator[tuple[ir.Compare, str]]:
    """The tests by which a function that calls itself hands out a parameter that does not vary, because something that varies has
    become small: the first call does so only where what it starts from is the solution."""
    is_tolerance = _Tolerances({each.name: each.default for each in function.parameters}, live).is_tolerance
    called = [found for call in found_in(function, ir.Call) if (found := site(call)) is not None]
    again = [each for each in called if each.read.function is function]
    for branch in found_in(function, ir.Branch) if again else ():
        match branch:
            case ir.Branch(test=ir.Compare() as test, then=(*_, ir.Exit(kind="return", value=ir.Name() as result))):
                first = activity.versions.of_read.get(result)
            case _:
                continue
        if first is None or first.kind != "parameter" or first in activity.varied:
            continue
        moved = (each.arguments.get(first.name) for each in again)
        if not any(each is not None and activity.is_varied(each) for each in moved):
            continue
        for side, _ in _small(test, activity, site, {}, is_tolerance):
            reached = _reached(side, activity, {})
            if first in reached and any(_is_given(each, activity) for each in reached):
                yield test, result.id


def _carried(loop: Loop, activity: Activity) -> dict[str, Version]:
    """The variables that vary in the turns of a loop, each as a turn finds it."""
    headers = activity.versions.headers.get(loop, {})
    found = {
        name: header for name, header in headers.items()
        if len(header.sources) > 1 and activity.is_active_version(header) and isinstance(header.sources[0], Version)
        and header.is_bound and _is_updated(header, activity)
    }
    begun = {header.sources[0] for header in found.values()}
    return {name: header for name, header in found.items() if not _is_told_by(header.sources[0], begun, activity)}


def _is_told_by(first: Version | ir.Expr, begun: set[Version | ir.Expr], activity: Activity) -> bool:
    """Whether what a variable is before a loop is computed from what another is there: it is what is left, not what is sought."""
    sources = first.sources if isinstance(first, Version) and first.kind == "assign" else []
    reached = {each for source in sources if isinstance(source, ir.Expr) for each in _reached(source, activity, {})}
    return any(each in reached for each in begun - {first})


def _is_updated(header: Version, activity: Activity) -> bool:
    """Whether a turn computes a variable from what it was."""
    found: set[Version] = set()
    waiting: list[Version | ir.Expr] = list(header.sources[1:])
    while waiting and header not in found:
        item = waiting.pop()
        if isinstance(item, Version):
            if item not in found:
                found.add(item)
                waiting += item.sources
        else:
            waiting += [activity.versions.of_read[name] for name in ir.names_read(item) if name in activity.versions.of_read]
    return header in found


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


def _ends_by_flags(loop: Loop, activity: Activity) -> Iterator[tuple[ir.Expr, None, ir.Branch]]:
    """The tests by which a variable that a loop asks about is told that the loop is done, each with the branch that tells it, or
    that asks for it before the turn goes on: `if abs(r) < 1e-12: done = True`, `go = abs(r) > 1e-12` and `if go:`."""
    flags = variables_read(loop.test) if isinstance(loop, ir.While) else set[str]()
    for branch in (stmt for each in loop.body for stmt in ir.walk(each) if isinstance(stmt, ir.Branch)) if flags else ():
        told = {
            stmt.target.id for stmt in (*branch.then, *branch.orelse)
            if isinstance(stmt, ir.Assign) and isinstance(stmt.target, ir.NameTarget) and isinstance(stmt.value, ir.Const)
        }
        if told & flags:
            yield branch.test, None, branch
        for name in ir.names_read(branch.test):
            if name.id in flags and (source := _asked(name, activity)) is not None:
                yield source, None, branch


def _asked(flag: ir.Name, activity: Activity) -> ir.Expr | None:
    """The test that a variable holds the answer to."""
    version = activity.versions.of_read.get(flag)
    source = version.sources[0] if version is not None and version.kind == "assign" and len(version.sources) == 1 else None
    return source if isinstance(source, ir.Compare | ir.Op) else None


def _small(
    test: ir.Expr, activity: Activity, site: Site, headers: Mapping[str, Version], is_tolerance: Callable[[ir.Expr], bool]
) -> Iterator[tuple[ir.Expr, ir.Expr]]:
    """What a test holds against a bound to learn how small it is, and the bound."""
    for node in ir.walk(test):
        match node:
            case ir.Compare(ops=(op,), operands=(left, right)) if op in ORDERS:
                for side, bound in ((left, right), (right, left)):
                    is_bound = not activity.is_varied(bound) or is_tolerance(bound)
                    if is_bound and is_from_zero(_first(side, activity, headers), activity, site):
                        yield side, bound
            case ir.Compare(ops=("lt" | "le", "lt" | "le"), operands=(low, side, bound)) if _is_below_zero(low):
                yield side, bound
            case ir.Op(op="isclose" | "allclose") | ir.Call(func=ir.Attribute(name="isclose" | "allclose")):
                yield node, ir.Const(SMALL / 2)


def _is_below_zero(expr: ir.Expr) -> bool:
    return isinstance(expr, ir.Op) and expr.op == "neg" or isinstance(expr, ir.Const) and str(expr.value).startswith("-")


def _first(side: ir.Expr, activity: Activity, headers: Mapping[str, Version]) -> ir.Expr:
    """What a variable that a loop computes anew is computed from before it."""
    version = activity.versions.of_read.get(side) if isinstance(side, ir.Name) else None
    if version is None or headers.get(version.name) is not version:
        return side
    before = version.sources[0]
    source = before.sources[0] if isinstance(before, Version) and before.kind == "assign" and len(before.sources) == 1 else side
    return source if isinstance(source, ir.Expr) else side


@dataclass(frozen=True, slots=True)
class _Tolerances:
    """What parameters are by default, and what names outside of a function stand for."""

    defaults: Mapping[str, ir.Expr | None]
    live: Callable[[ir.Expr], object]

    def is_tolerance(self, bound: ir.Expr) -> bool:
        """Whether a bound is so small that what varies from the start on is meant to have moved: a small number, one as the
        default of a parameter, or so many times something."""
        match bound:
            case ir.Const(value=float(value)):
                return 0 < value < SMALL
            case ir.Name(id=name, scope="local"):
                default = self.defaults.get(name)
                return default is not None and self.is_tolerance(default)
            case ir.Op(op="mul", args=args):
                return any(map(self.is_tolerance, args))
            case ir.Name() | ir.Attribute():
                held = self.live(bound)
                return isinstance(held, float) and 0 < held < SMALL
        return False


def _reached(expr: ir.Expr, activity: Activity, headers: Mapping[str, Version]) -> set[Version]:
    """The versions that a value is computed from, as far back as where control flow joins; in the first turn of a loop these are
    those from before it."""
    found: set[Version] = set()
    waiting: list[Version | ir.Expr] = [expr]
    read, captured = activity.versions.of_read, activity.versions.captured
    while waiting:
        item = waiting.pop()
        if isinstance(item, Version):
            if item not in found:
                found.add(item)
                waiting += item.sources if item.kind in ("assign", "item") else []
                waiting += item.sources[:1] if headers.get(item.name) is item else []
        else:
            waiting += [read[name] for name in ir.names_read(item) if name in read]
            waiting += [each for name in ir.names_read(item) for each in captured.get(name, {}).values()]
    return found


def _is_given(version: Version, activity: Activity) -> bool:
    """Whether a version varies from outside of any loop."""
    return version in activity.varied and version.kind == "parameter"
