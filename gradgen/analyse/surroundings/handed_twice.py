"""Which arguments must not be one and the same container: one is written to, and the other read.

Never looks at arrays: analyse.sharing.views does.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.reads import CallSite
from gradgen.analyse.recording.quiet import is_quiet
from gradgen.analyse.sharing.variables import Sharing, Site, sharing
from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.constructs import UNKNOWN_STATEMENT
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass

Keeps = Callable[[CallSite], bool]


@dataclass(frozen=True, slots=True)
class Written:
    """A parameter that the function writes to at `place`, and `others` that hold containers; where one of them `have_rows`, the
    containers in it count as well."""

    name: str
    place: ir.Node
    others: tuple[str, ...]
    have_rows: bool


def written_beside_others(
    function: ir.Function, versions: Versions, kinds: Kinds, held: frozenset[Version], site: Site, keeps: Keeps
) -> list[Written]:
    """The parameters of a function that are written to. What does not vary counts too: backward lines may read it again."""
    one_each = {each.name for each in function.parameters if each.kind != "args"}
    given = [name for name, each in versions.of_parameter.items() if name in one_each and not kinds.may_hold_array(each)]
    containers = [name for name in given if versions.of_parameter[name] in held]
    if len(given) < 2 or not containers:
        return []
    found = sharing(function, versions, kinds, held, site)
    places: dict[str, ir.Node] = {}
    for name, node in _writes(function, found, site, keeps):
        for each in sorted(found.changed_by(name)):
            places.setdefault(each, node)
    result = []
    for at, name in enumerate(given):
        others = tuple(other for other in containers if other != name and (other not in places or given.index(other) > at))
        if name in places and others:
            result.append(Written(name, places[name], others, any(map(found.has_rows, (name, *others)))))
    return result


def _writes(function: ir.Function, found: Sharing, site: Site, keeps: Keeps) -> Iterator[tuple[str, ir.Node]]:
    """The variables through which a function writes, each with where it does so."""
    for stmt in found_in(function, ir.Stmt):
        for name in _written_by(stmt, found):
            yield name, stmt
    for call in found_in(function, ir.Call):
        if isinstance(call.func, ir.Attribute) and isinstance(call.func.base, ir.Name) and call.func.base.id in found.shortened:
            yield call.func.base.id, call
        called = site(call) if not is_quiet(call) else None
        given = () if called is None else called.arguments.values()
        names = {name.id for value in given for name in ir.names_read(value)} & set(found.versions.of_parameter)
        if called is not None and names and keeps(called):
            yield from ((name, call) for name in sorted(names))


def _written_by(stmt: ir.Stmt, found: Sharing) -> Iterator[str]:
    match stmt:
        case ir.Append(base=ir.Name(id=name)):
            yield name
        case ir.Assign(target=ir.NameTarget(id=name), value=value, augmented=str()):
            more = value.args if isinstance(value, ir.Op) else ()
            if name in found.stored or any(isinstance(each, ir.Display | ir.Comprehension) for each in more):
                yield name
        case ir.Assign(target=target):
            bases = (node.base for node in ir.walk(target) if isinstance(node, ir.ItemTarget | ir.AttributeTarget))
            yield from (base.id for base in bases if isinstance(base, ir.Name))
        case ir.Evaluate(value=ir.Call(func=func) as call) if not is_quiet(call):
            yield from (name.id for name in ir.names_read(func))
        case ir.Inert(construct=construct, reads=reads) if construct.startswith((UNKNOWN_STATEMENT, "a chained")):
            yield from (name.id for name in reads if isinstance(name, ir.Name))
