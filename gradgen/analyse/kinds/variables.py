"""Finds the kind of every variable of a function: joined where control flow joins them, until nothing changes.

Never looks at an expression; analyse.kinds.arrays does.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.analyse.kinds.arrays import SIZES, Kinds, Origin
from gradgen.analyse.kinds.dtypes import TRUE_OPERATIONS
from gradgen.analyse.kinds.outside import brings_arrays, refuse_matrices
from gradgen.analyse.kinds.stacks import popped_from
from gradgen.analyse.kinds.values import element_of, holds_array, holds_dtype
from gradgen.analyse.reads import Read
from gradgen.analyse.slopes.shifts import cancelling
from gradgen.analyse.slopes.sided import sides_of
from gradgen.analyse.surroundings.curves import meets_curves
from gradgen.analyse.surroundings.given import asks_of_arrays, gives_complex, makes_arrays
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.finding import beside_calculation, found_in
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import NOTHING, AnyKind, Holder, Kind, joined, joined_all, opened
from gradgen.ir.nested import Nested
from gradgen.read.sequences import ENTRYWISE

ROUNDS = 8
EMPTY = Holder(())


def origins_of(function: ir.Function) -> dict[ir.Node, Origin]:
    """Where each target that takes a part of something has it from."""
    found: dict[ir.Node, Origin] = {}

    def note(target: ir.Target, value: ir.Expr, steps: tuple[int | None, ...]) -> None:
        match target:
            case ir.NameTarget():
                found[target] = value, steps
            case ir.TupleTarget(items=items, starred=None):
                for index, item in enumerate(items):
                    note(item, value, (*steps, index))

    for node in beside_calculation(function):
        match node:
            case ir.Assign(target=ir.TupleTarget() as target, value=value):
                note(target, value, ())
            case ir.For(target=target, iterable=iterable) | ir.Generator(target=target, iterable=iterable):
                note(target, iterable, (None,))
    return found


def _settle(kinds: Kinds) -> None:
    """Find the kinds of all versions: joined where control flow joins them, until nothing changes."""
    for version in kinds.versions.all:
        if version.kind == "parameter":
            kinds.of_version[version] = kinds.given.get(version.name)
    may_wait = True
    for _ in range(ROUNDS):
        changed = False
        for version in kinds.versions.all:
            if version.kind == "parameter" or version.kind == "phi" and not _is_reached(kinds, version):
                continue
            if may_wait and version not in kinds.of_version and not _may_be_told(kinds, version):
                continue
            found = kinds.settled(_of_version(kinds, version, kinds.origins), version)
            if version not in kinds.of_version or kinds.of_version[version] != found:
                kinds.of_version[version] = found
                changed = True
        if not changed and (not may_wait or len(kinds.of_version) == len(kinds.versions.all)):
            return
        may_wait &= changed
    for version in kinds.versions.all:  # no end in sight: what loops carry is not known
        if version.kind == "phi":
            kinds.of_version[version] = Kind(None)


def _is_reached(kinds: Kinds, version: Version) -> bool:
    """Whether anything is known yet of what meets here: what the next rounds will tell does not count against it."""
    sources = [each for each in version.sources if isinstance(each, Version)]
    return not sources or any(each in kinds.of_version for each in sources)


def _may_be_told(kinds: Kinds, version: Version) -> bool:
    """Whether something is known yet of all that a binding reads: else it is put off, lest what is not known yet be taken for
    what never is. What is appended may tell of a list that is empty so far."""
    match version.kind:
        case "item" if version.node is not None and version.node in kinds.origins:
            return _is_told(kinds, kinds.origins[version.node][0])
        case "assign" | "store":
            exprs = [each for each in version.sources if isinstance(each, ir.Expr)]
            return all(_is_told(kinds, each) for each in exprs)
    return True


def _is_told(kinds: Kinds, expr: ir.Expr) -> bool:
    versions = (kinds.versions.of_read.get(name) for name in ir.names_read(expr))
    return all(each is None or each in kinds.of_version and not _is_empty_yet(kinds, each) for each in versions)


def _is_empty_yet(kinds: Kinds, version: Version) -> bool:
    """Whether a list is begun empty, and what a loop puts in is yet to be seen."""
    if version.kind != "phi" or kinds.of_version[version] != EMPTY:
        return False
    return any(kinds.of_version.get(each) != EMPTY for each in version.sources if isinstance(each, Version))


def _of_version(kinds: Kinds, version: Version, origins: Mapping[ir.Node, Origin]) -> AnyKind:
    match version.kind:
        case "phi":
            known = [kinds.of_version[each] for each in version.sources if isinstance(each, Version) and each in kinds.of_version]
            return joined_all(known)
        case "store":
            return _after_store(kinds, version)
        case "assign" if isinstance(version.sources[0], ir.Expr):
            return kinds.of(version.sources[0])
        case "item" if version.node is not None and version.node in origins:
            value, steps = origins[version.node]
            kind = kinds.of(value)
            for step in steps:
                kind = element_of(kind) if step is None or isinstance(kind, Kind) else kind.at(step) if kind else None
            return kind
    return None


def _after_store(kinds: Kinds, version: Version) -> AnyKind:
    """The kind of what has been stored into, or appended to."""
    previous, stored = version.sources
    kind = kinds.of_version.get(previous) if isinstance(previous, Version) else None
    if not isinstance(kind, Holder) or not isinstance(stored, ir.Expr):
        return kind
    value = kinds.of(stored)
    match version.node:
        case ir.Append():
            return Holder(None, opened(value if kind.items == () else joined(kind.at(...), value)))
        case ir.ItemTarget(index=ir.Const(value=key)) | ir.AttributeTarget(name=key):
            place = kind.place_of(key)
            if place is not None and kind.items is not None:
                return replace(kind, items=(*kind.items[:place], value, *kind.items[place + 1 :]))
            if kind.items is not None and kind.keys is not None:
                return replace(kind, items=(*kind.items, value), keys=(*kind.keys, key))
        case ir.ItemTarget(index=Nested(path=path)):
            return _deep_inside(kind, len(path), value)
    if kind.keys is not None:
        return None
    return Holder(None, opened(joined(kind.at(...), value)))


def _deep_inside(kind: AnyKind, depth: int, value: AnyKind) -> AnyKind:
    """The kind of a list with a value somewhere in it, so many lists deep."""
    if depth == 0:
        return joined(kind, value)
    if not isinstance(kind, Holder) or kind.keys is not None:
        return None
    return Holder(None, opened(_deep_inside(kind.at(...), depth - 1, value)))


def _calculates_with_unknown(kinds: Kinds, function: ir.Function) -> bool:
    """Whether an operation has an operand that is not known to be a number: it may be an array, or NumPy makes one of it."""
    operations = (node for node in found_in(function, ir.Op) if node.op not in TRUE_OPERATIONS)
    given = ((node, arg) for node in operations for arg in node.args if not isinstance(arg, ir.Starred))
    return any(_may_be_array(kinds.of(arg), node.family in ENTRYWISE) for node, arg in given)


def _may_be_array(kind: AnyKind, is_of_arrays: bool) -> bool:
    return kind is None or isinstance(kind, Kind) and kind.shape != () or is_of_arrays and isinstance(kind, Holder)


def _stored_by_numpy(function: ir.Function) -> frozenset[ir.Expr]:
    """The values of `x += y` and the like: an array keeps its shape there, whatever is added."""
    changes = (each for each in found_in(function, ir.Assign) if each.augmented and isinstance(each.target, ir.NameTarget))
    return frozenset(each.value for each in changes if isinstance(each.value, ir.Op) and each.value.op != "matmul")


def find_kinds(kinds: Kinds, read: Read, asks_values: bool, do_calls_bring: Callable[[], bool]) -> None:
    """Find the kinds of a function's values from those given; of one without arrays only where one that has some calls it. With
    `asks_values` a function has arrays where one of its values surely is one, or does what only arrays do, and in any case where
    its surroundings or its calls bring arrays, or where it calculates with what a caller knows nothing of."""
    refuse_matrices(read)
    function = read.function
    kinds.sides = sides_of(function, kinds.versions)
    given = kinds.given.values()
    has_any = brings_arrays(read, kinds.live_value) or any(holds_array(kind) or holds_dtype(kind, "complex") for kind in given)
    has_any = has_any or makes_arrays(function) or gives_complex(function) or meets_curves(function, kinds.live_value)
    kinds.has_arrays = has_any or asks_values and asks_of_arrays(function)
    kinds.is_settling = True  # what a method is of may be told by kinds
    kinds.has_arrays = kinds.has_arrays or do_calls_bring()
    kinds.is_settling = False
    if not kinds.has_arrays and not read.kinds:
        return
    kinds.is_settling = True
    kinds.origins = origins_of(function)
    kinds.in_place = _stored_by_numpy(function)
    _settle(kinds)
    kinds.is_settling = False
    if asks_values and not kinds.has_arrays:
        calls = found_in(function, ir.Call)
        returned = [kinds.of(stmt.value) for stmt in kinds.versions.returns if isinstance(stmt.value, ir.Call)]
        has_any = any(isinstance(kind, Kind) and kind.is_array for kind in (*kinds.of_version.values(), *returned))
        kinds.has_arrays = has_any or any(map(kinds.operation, calls))
    if not kinds.has_arrays and _calculates_with_unknown(kinds, function):
        kinds.has_arrays = True
        kinds.of_version.clear()
        kinds.is_settling = True
        _settle(kinds)
        kinds.is_settling = False
    for node in found_in(function, ir.Attribute):
        if node.name in SIZES and not isinstance(kinds.of(node.base), Holder):
            kinds.versions.passive.add(node)
    kinds.versions.passive |= cancelling(kinds)


def may_be_nothing(value: ir.Expr, kinds: Kinds) -> bool:
    """Whether a value is that of a variable which may hold None, as generated text has it of one that a loop binds first."""
    waiting, seen = [value], set[Version]()
    while waiting:
        read = waiting.pop()
        version = kinds.versions.of_read.get(read) if isinstance(read, ir.Name) else None
        before = [] if version is None else [version]
        while before:
            each = before.pop()
            if kinds.of_version.get(each) == NOTHING:
                return True
            if each not in seen:
                seen.add(each)
                before += [source for source in each.sources if isinstance(source, Version)]
                exprs = (source for source in each.sources if isinstance(source, ir.Expr))
                waiting += [put for expr in exprs for put in popped_from(expr, kinds.versions.stacks) or ()]
                waiting += kinds.versions.slots.get(each.node, ()) if each.node is not None else ()
    return False
