"""Which lists and dicts of a function change no more from some statement on: what is read of them there can be read again later.

Never looks into a statement of the function's outermost block for an order: what changes in one may change throughout it.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping

from gradgen.analyse.recording.quiet import is_quiet
from gradgen.analyse.sharing.handing import SAFE_READERS
from gradgen.analyse.sharing.variables import Sharing
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, field

READING_METHODS = frozenset({"copy", "count", "get", "index", "items", "keys", "values"})


@dataclass(slots=True)
class Changes:
    """What may change while a function runs, of the data that its variables hold. `settled` says what changes no more from a
    statement on, `now` is the statement that is looked at; `growing` are lists to which more is appended, nothing else."""

    everywhere: frozenset[str]
    growing: frozenset[str] = frozenset()
    settled: Mapping[ir.Stmt, frozenset[str]] = field(default_factory=dict)
    now: ir.Stmt | None = None

    @property
    def ahead(self) -> frozenset[str]:
        """What may change in the statement that is looked at, or after it."""
        found = self.settled.get(self.now) if self.now is not None else None
        return self.everywhere if found is None else self.everywhere - found


def steady(
    function: ir.Function, sharing: Sharing, names: frozenset[str], followed_by_nobody: frozenset[str]
) -> dict[ir.Stmt, frozenset[str]]:
    """For each statement those of `names` that nothing changes or binds anew any more, in it and after it, through any name; none
    that may share something with what is followed by nobody."""
    last = _last_changes(function, sharing, names, followed_by_nobody)
    found: dict[ir.Stmt, frozenset[str]] = {}
    for place, stmt in enumerate(function.body if last else ()):
        still = frozenset(name for name, end in last.items() if end < place)
        if still:
            found.update(dict.fromkeys((node for node in ir.walk(stmt) if isinstance(node, ir.Stmt)), still))
    return found


def growing(
    function: ir.Function, sharing: Sharing, names: frozenset[str], followed_by_nobody: frozenset[str]
) -> frozenset[str]:
    """The lists of `names` that nothing is done to but appending, and that nothing else may hold; what shares their elements
    changes nothing either."""
    grown = {node.base.id for node in found_in(function, ir.Append)}
    others = {name for node in found_in(function, ir.Define) for name in node.captures} | followed_by_nobody | sharing.shared
    found = names & grown - others
    changed = set(others if found else ()) - sharing.shared
    for node in ir.walk(function) if found else ():
        match node:
            case ir.Append() | ir.NameTarget():
                continue
            case ir.Assign(target=ir.NameTarget(id=name), augmented=str()):
                changed.add(name)
            case ir.Call(func=func, args=args, keywords=keywords):
                is_reader = isinstance(func, ir.Name) and func.scope == "global" and func.id in SAFE_READERS or is_quiet(node)
                for value in () if is_reader else (*args, *(value for _, value in keywords)):
                    changed.update(sharing.handed(value))
                if isinstance(func, ir.Attribute) and func.name not in READING_METHODS:
                    changed.update(each.id for each in ir.names_read(func.base))
            case _:
                changed.update(_touched(node))
    return frozenset(name for name in found if name not in changed and not (sharing.group(name) - {name}) & (changed | grown))


def look_closer(
    changes: Changes, function: ir.Function, sharing: Sharing, names: frozenset[str], followed_by_nobody: frozenset[str]
) -> None:
    """Note what changes no more from some statement on, and what only grows; what else holds the elements of that stays."""
    changes.settled = steady(function, sharing, names, followed_by_nobody)
    changes.growing = growing(function, sharing, names, followed_by_nobody)
    beside = {other for name in changes.growing for other in sharing.group(name)}
    changes.everywhere -= beside - changes.growing - followed_by_nobody


def _last_changes(
    function: ir.Function, sharing: Sharing, names: frozenset[str], followed_by_nobody: frozenset[str]
) -> Mapping[str, int]:
    """The place in the body of the last statement that may change what each name holds."""
    captured = {name for node in found_in(function, ir.Define) for name in node.captures}
    last: dict[str, int] = {}
    for name in names:
        if not sharing.group(name) & (captured | followed_by_nobody):
            last[name] = -1
    for place, stmt in enumerate(function.body if last else ()):
        for node in ir.walk(stmt):
            for touched in _touched(node):
                last.update((name, place) for name in sharing.changed_by(touched) if name in last)
    return last


def _touched(node: ir.Node) -> Iterator[str]:
    """The names whose objects a node may change, or which it binds."""
    match node:
        case ir.NameTarget(id=name) | ir.Walrus(name=name):
            yield name
        case ir.ItemTarget(base=base) | ir.AttributeTarget(base=base) | ir.Append(base=base):
            yield from (each.id for each in ir.names_read(base))
        case ir.Opaque(reads=reads):
            yield from (each.id for each in reads)
        case ir.Inert(reads=reads, binds=binds):
            yield from (each.id for expr in reads for each in ir.names_read(expr))
            yield from binds
        case ir.Handler(name=str(name)):
            yield name
        case ir.Call(func=func, args=args, keywords=keywords):
            is_reader = isinstance(func, ir.Name) and func.scope == "global" and func.id in SAFE_READERS or is_quiet(node)
            given = () if is_reader else (*args, *(value for _, value in keywords))
            is_reading = isinstance(func, ir.Attribute) and func.name in READING_METHODS
            for value in (*given, *((func.base,) if isinstance(func, ir.Attribute) and not is_reading else ())):
                yield from (each.id for each in ir.names_read(value))
