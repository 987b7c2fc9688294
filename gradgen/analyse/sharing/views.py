"""Which arrays share their data, what a store into one of them overwrites, and where another name would see what it must not.

Never follows data through calls of the user's own functions: what goes in there may come out again.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from gradgen.analyse.flow.exits import blocks_of
from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.recording.replaced import parts_replaced
from gradgen.analyse.sharing.lending import is_number, lent_by
from gradgen.analyse.sharing.showing import Flow, Group, State, loose_names, names_in
from gradgen.analyse.slopes.selection import selections
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, field
from gradgen.ir.kinds import Holder, Kind, joined
from gradgen.rules.selecting import NOT


@dataclass(frozen=True, slots=True)
class ArrayFacts:
    """What is known of a function's arrays: its `variables` that hold one, those whose data some statement changes in place
    (`mutated`), those of them whose data another name, or an earlier value of their own, may hold too (`joint`), what each
    statement `overwrites` in place, the statements that are `barred`: another name would show what they write, and is read
    then (`seen`) or may not be bound; the parameters whose own data may be `written` to, each with a statement that may;
    `selected` are the versions of which only some elements may be used, with how they are.
    `stores` are the statements that change data in place, each with all names that may hold that data; `places` say where
    statements stand: their number in the text, and the loops around them. `of_one_shape` are the variables that hold an array of
    the same shape and dtype whenever they are bound."""

    kinds: Kinds
    variables: Mapping[str, Kind]
    mutated: frozenset[str] = frozenset()
    joint: frozenset[str] = frozenset()
    overwrites: Mapping[ir.Stmt, frozenset[str]] = field(default_factory=dict)
    barred: frozenset[ir.Stmt] = frozenset()
    seen: frozenset[ir.Stmt] = frozenset()
    written: Mapping[str, ir.Stmt] = field(default_factory=dict)
    selected: Mapping[Version, int] = field(default_factory=dict)
    stores: Mapping[ir.Stmt, frozenset[str]] = field(default_factory=dict)
    places: Mapping[ir.Stmt, tuple[int, frozenset[ir.Stmt]]] = field(default_factory=dict)
    of_one_shape: frozenset[str] = frozenset()

    def level_of(self, stmt: ir.Stmt) -> int:
        """How the elements of what a statement assigns are selected on their way to the result."""
        version = self.kinds.versions.of_node.get(stmt.target) if isinstance(stmt, ir.Assign) else None
        return NOT if version is None else self.selected.get(version, NOT)

    def changed_after(self, stmt: ir.Stmt) -> frozenset[str]:
        """The variables whose data a store may change after a statement: one that follows, or stands in a loop around it."""
        if not self.stores:
            return frozenset()
        place, around = self.places.get(stmt, (0, frozenset()))
        later = (each for each in self.stores if self.places[each][0] > place or self.places[each][1] & around)
        return frozenset[str]().union(*(self.stores[each] for each in later))

    def is_gone_through(self, stmt: ir.Stmt) -> bool:
        """Whether a loop around a store takes its elements out of what the store changes."""
        changed, around = self.stores.get(stmt, frozenset()), self.places.get(stmt, (0, frozenset[ir.Stmt]()))[1]
        iterables = (loop.iterable for loop in around if isinstance(loop, ir.For))
        return any(name.id in changed for iterable in iterables for name in ir.names_read(iterable))

    @property
    def steady(self) -> frozenset[str]:
        """The arrays that are recorded whole before they change: what was read of them can be read again."""
        return frozenset(self.variables)


def array_facts(function: ir.Function, kinds: Kinds) -> ArrayFacts:
    """The facts about a function's arrays."""
    variables = array_variables(kinds)
    if not kinds.has_arrays:
        return ArrayFacts(kinds, variables)
    groups = groups_of(kinds)
    stores = found_in(function, ir.Assign)
    events: dict[ir.Stmt, Version] = {stmt: version for stmt in stores if (version := _changed(stmt, kinds)) is not None}
    changing = [groups[version] for version in events.values()]
    mutated = {version.name for group in changing for version in group}
    joint = {name for group in changing for name in names_in(group) if len(names_in(group)) > 1}
    joint |= {version.name for group in changing for version in group if _keeps_own_data(version, kinds)}
    written: dict[str, ir.Stmt] = {}
    for stmt, version in events.items():
        for each in sorted(groups[version] & set(kinds.versions.of_parameter.values()), key=lambda each: each.name):
            written.setdefault(each.name, stmt)
    flow = Flow(kinds, groups, events, loose_names(function, kinds))
    given = frozenset(kinds.versions.of_parameter)
    flow.block(function.body, State({}, given, given))
    overwrites = {**parts_replaced(function, kinds, mutated), **flow.overwrites} if mutated else flow.overwrites
    return ArrayFacts(
        kinds, variables, frozenset(mutated), frozenset(joint), overwrites, frozenset(flow.barred | flow.seen),
        frozenset(flow.seen), written,
        selections(kinds), {stmt: frozenset(names_in(groups[version])) for stmt, version in events.items()},
        dict(_places(function.body, frozenset(), count())) if events else {}, _of_one_shape(kinds),
    )


def seen_stores(function: ir.Function, kinds: Kinds) -> tuple[tuple[frozenset[Version], frozenset[Version]], ...]:
    """What stores make of arrays whose data another name holds, and is read by afterwards; and all that may share that data."""
    stores = found_in(function, ir.Assign) if kinds.has_arrays else ()
    events: dict[ir.Stmt, Version] = {stmt: version for stmt in stores if (version := _changed(stmt, kinds)) is not None}
    groups = groups_of(kinds) if events else {}
    if all(len(names_in(groups[version])) == 1 for version in events.values()):
        return ()
    flow = Flow(kinds, groups, events, loose_names(function, kinds))
    given = frozenset(kinds.versions.of_parameter)
    flow.block(function.body, State({}, given, given))
    targets = {stmt: kinds.versions.of_node.get(stmt.target) for stmt in stores if stmt in flow.seen}
    return tuple((frozenset({made}), groups[events[stmt]]) for stmt, made in targets.items() if made is not None)


def _of_one_shape(kinds: Kinds) -> frozenset[str]:
    """The variables whose every version is an array of one kind, all dimensions of which are known of the arguments: nothing that
    is unknown, and may be another number in another turn of a loop."""
    found: dict[str, set[object]] = {}
    for version in kinds.versions.all:
        kind = kinds.of_version.get(version)
        dims = kind.shape if isinstance(kind, Kind) and kind.shape else ()
        is_known = bool(dims) and all(dim.is_told for dim in dims)
        found.setdefault(version.name, set()).add(kind if is_known else None)
    return frozenset(name for name, each in found.items() if len(each) == 1 and None not in each)


def _places(
    block: ir.Block, around: frozenset[ir.Stmt], numbers: Iterator[int]
) -> Iterator[tuple[ir.Stmt, tuple[int, frozenset[ir.Stmt]]]]:
    for stmt in block:
        yield stmt, (next(numbers), around)
        inside = around | {stmt} if isinstance(stmt, ir.For | ir.While) else around
        for inner in blocks_of(stmt):
            yield from _places(inner, inside, numbers)


def changes(function: ir.Function, kinds: Kinds) -> dict[ir.Node, bool]:
    """The targets through which a function changes arrays in place, and whether the data may be what it was given."""
    groups = groups_of(kinds) if kinds.has_arrays else {}
    found: dict[ir.Node, bool] = {}
    for stmt in found_in(function, ir.Assign) if groups else ():
        version = _changed(stmt, kinds)
        if version is not None:
            found[stmt.target] = any(each.kind == "parameter" for each in groups[version])
    return found


def array_variables(kinds: Kinds) -> dict[str, Kind]:
    """The variables that hold an array at some time, or may; each with what is known of it at all times."""
    found: dict[str, Kind] = {}
    if not kinds.has_arrays:
        return found
    for version, kind in kinds.of_version.items():
        if isinstance(kind, Kind) and kind.shape != ():
            known = found.get(version.name, kind)
            both = joined(known, kind)
            found[version.name] = both if isinstance(both, Kind) else Kind(None)
    return found


def groups_of(kinds: Kinds) -> dict[Version, Group]:
    """The versions that may share data, together."""
    sets: dict[Version, set[Version]] = {version: {version} for version in kinds.versions.all}

    def join(versions: set[Version]) -> None:
        whole = set[Version]().union(*(sets[version] for version in versions))
        for version in whole:
            sets[version] = whole

    for version in kinds.versions.all:
        for source in version.sources:
            is_kept = version.kind != "store" or isinstance(kinds.of_version.get(version), Holder)
            if isinstance(source, Version):
                join({version, source})
            elif is_kept and not is_number(kinds.of_version.get(version)):
                join({version, *lent_by(source, kinds)})
    return {version: frozenset(group) for version, group in sets.items()}


def _keeps_own_data(version: Version, kinds: Kinds) -> bool:
    """Whether a variable is bound to what may share the data of an earlier value of its own: `v = v[1:]`."""
    if version.kind == "store" or is_number(kinds.of_version.get(version)):
        return False
    lent = (lent_by(source, kinds) for source in version.sources if not isinstance(source, Version))
    return any(each.name == version.name for each in set[Version]().union(*lent))


def _changed(stmt: ir.Assign, kinds: Kinds) -> Version | None:
    """The version of a variable whose data a statement changes in place, of an array or of one that a list holds."""
    match stmt.target:
        case ir.NameTarget() if stmt.augmented is not None:
            version = kinds.versions.of_node.get(stmt.target)
            previous = version.previous if version is not None else None
            is_plain = previous is None or is_number(kinds.of_version.get(previous))
            return None if is_plain else previous
        case ir.ItemTarget(base=ir.Name() as base, index=index):
            version = kinds.versions.of_read.get(base)
            is_list = isinstance(kinds.of(base), Holder) and not isinstance(index, ir.Opaque)  # d['a'][0] is no item of d
            if version is None or is_list and (stmt.augmented is None or is_number(kinds.of(ir.Item(base, index)))):
                return None
            return version
    return None
