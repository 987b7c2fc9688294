"""Finds the values of which only some elements may be used: their adjoints hold zeros where the slope may have no bound.

Never says which elements. A value that is used whole on some way to the result is none of them.
"""
from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from gradgen.analyse.kinds.arrays import Kinds, kinds_source
from gradgen.analyse.kinds.indexing import parts_of
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import AnyKind, Kind, Shape
from gradgen.rules.selecting import BY_HAND, BY_SIZE, IN_ROWS, MIXING, NOT, SELECTING

Source = Version | ir.Expr


def selections(kinds: Kinds) -> Mapping[Version, int]:
    """How each version's elements are selected on the way to the result that selects least; those used whole are left out."""
    if not kinds.has_arrays:
        return {}
    sources = _sources(kinds)
    found: dict[Version, int] = {}
    waiting = list(sources)  # from the result backwards: a version mostly comes after all that uses it
    while waiting:
        goal = waiting.pop()
        above = NOT if goal is None else found.get(goal, BY_HAND)
        for version, level in itertools.chain.from_iterable(_levels(source, goal, kinds, above) for source in sources[goal]):
            if level < found.get(version, BY_HAND + 1):
                found[version] = level
                if version in sources:
                    waiting.append(version)
    return {version: level for version, level in found.items() if level}


def _sources(kinds: Kinds) -> Mapping[Version | None, Sequence[Source]]:
    """What each version is made of, in order; the result is last."""
    versions = kinds.versions
    returned = [stmt.value for stmt in versions.returns if stmt.value is not None]
    return {**{version: version.sources for version in versions.all}, None: returned}


def _levels(source: Source, goal: Version | None, kinds: Kinds, level: int) -> Iterator[tuple[Version, int]]:
    """The versions that a use reads, each with how its elements are selected where those of the goal are at a level."""
    if isinstance(source, Version):
        yield source, level if goal is None else max(level, _kept(goal, kinds))
    else:
        yield from selected_in(source, kinds, level)


def _kept(version: Version, kinds: Kinds) -> int:
    """How a store leaves out what was there before."""
    target, value = version.node, version.sources[-1]
    if version.kind != "store" or not isinstance(target, ir.ItemTarget):
        return NOT
    if isinstance(value, ir.Op) and value.op in ("add", "sub") and isinstance(value.args[0], ir.Item) and value.spelling is None:
        return NOT
    return level_of_index(target.index, kinds)


def selected_in(expr: ir.Node, kinds: Kinds, level: int) -> Iterator[tuple[Version, int]]:
    """The versions that an expression reads, each with how its elements are selected."""
    if isinstance(expr, ir.Expr):
        level = level_at(level, kinds.shape(expr))
    match expr:
        case ir.Name():
            if expr in kinds.versions.of_read:
                yield kinds.versions.of_read[expr], level
            return
        case ir.Item(base=base, index=index) if kinds.may_be_array(base):
            yield from selected_in(base, kinds, max(level, level_of_index(index, kinds)))
            return
        case ir.Op() | ir.Call() if (op := kinds.operation(expr)) is not None:
            level = level_below(op, level)
    for child in ir.children_of(expr):
        if isinstance(child, ir.Expr):
            yield from selected_in(child, kinds, level)


def level_at(level: int, shape: Shape | None) -> int:
    """How a value of a shape is selected: a number is not, nor is what rows have one of where one element of each is taken."""
    is_shared = shape == () or level == IN_ROWS and shape is not None and len(shape) == 2 and shape[1].is_one
    return NOT if is_shared else level


def level_below(op: ir.Op, level: int) -> int:
    """How the operands of an operation are selected whose result is selected at a level."""
    if any(name == "where" for name, _ in op.keywords):
        return BY_HAND
    return NOT if op.op in MIXING else max(level, SELECTING.get(op.op, NOT))


def level_of_index(index: ir.Expr, kinds: Kinds) -> int:
    """How an index leaves elements out: a mask says which do not count; `x[:, None]` leaves out none."""
    level = NOT
    match parts_of(index):
        case [rows, columns] if counts_up(rows, kinds) and _is_line_of_ints(kinds.of(columns)):
            return IN_ROWS
    for part in parts_of(index):
        match part:
            case ir.Const(value=None) | ir.Slice(lower=None, upper=None):
                continue
        kind = kinds.of(part)
        is_mask = isinstance(kind, Kind) and kind.dtype == "bool" and not isinstance(part, ir.Const | ir.Slice)
        level = max(level, BY_HAND if is_mask else BY_SIZE)
    return level


def _is_line_of_ints(kind: AnyKind) -> bool:
    return isinstance(kind, Kind) and kind.dtype == "int" and len(kind.shape or ()) == 1


def counts_up(index: ir.Expr, kinds: Kinds) -> bool:
    """Whether an index array is `np.arange(n)`."""
    source = kinds_source(kinds, index) if isinstance(index, ir.Name) else index
    operation = None if source is None else kinds.operation(source)
    return operation is not None and operation.op == "arange" and len(operation.args) == 1 and not operation.keywords
