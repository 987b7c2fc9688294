"""What a function hands out: one array or number, or several of them, by their names and shapes.

Never looks at how they are computed.
"""
from __future__ import annotations

import types
from collections.abc import Iterator, Sequence

from gradgen.analyse.kinds.dicts import dict_names
from gradgen.analyse.kinds.kind import container_versions
from gradgen.analyse.program import Analysed, Program
from gradgen.analyse.surroundings.classes import record_fields
from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass
from gradgen.ir.kinds import AnyKind, Holder, Kind, Shape, joined_all
from gradgen.read.callables import stem_of
from gradgen.rules.solvers import solver_of
from gradgen.rules.spelling import operation_of
from gradgen.transform.results import names_of, outputs_of


@dataclass(frozen=True, slots=True)
class Results:
    """The shape of the one result, None where it is not known, or those of several by their names.

    `is_one` where there are not several. Several have a seed each where `are_apart`; `names` is None where nobody knows how many
    numbers there are.
    """

    shapes: tuple[Shape | None, ...]
    names: tuple[str, ...] | None = None
    is_one: bool = False
    are_apart: bool = False

    @property
    def are_numbers(self) -> bool:
        """Whether several results are numbers, which a vector can hold."""
        return not self.is_one and all(shape == () for shape in self.shapes)


def results_of(analysed: Analysed) -> Results | None:
    """What a function hands out; None where it is not one array or number, nor several in a tuple or a list."""
    kinds = [None if stmt.value is None else analysed.kinds.of(stmt.value) for stmt in analysed.versions.returns]
    if not any(isinstance(kind, Holder) for kind in kinds):
        shapes = {kind.shape if isinstance(kind, Kind) else None for kind in kinds}
        return Results((shapes.pop() if len(shapes) == 1 else None,), is_one=True)
    if all(isinstance(kind, Holder) and kind.items is None and kind.element == Kind((), "float") for kind in kinds):
        return Results(())
    several = [kind.items for kind in kinds if isinstance(kind, Holder) and kind.items and kind.keys is None]
    if len(several) < len(kinds) or len(set(map(len, several))) != 1:
        return None
    shapes_by_place = [_common_shape(column) for column in zip(*several, strict=True)]
    if any(not isinstance(kind, Kind) or kind.dtype not in ("float", "int") for column in several for kind in column):
        return None
    names, are_apart = outputs_of(analysed, True, names_of(analysed, ()))
    if not are_apart:
        stem = stem_of(analysed.read.function.name, "f")
        names = tuple(f"{stem}_{place}" for place in range(len(shapes_by_place)))
    return Results(tuple(shapes_by_place), names, False, are_apart)


def _common_shape(kinds: Sequence[AnyKind]) -> Shape | None:
    whole = joined_all(kinds)
    return whole.shape if isinstance(whole, Kind) else None


def as_computed(value: ir.Expr | None, versions: Versions) -> ir.Expr | None:
    """The expression behind a returned value: a name's last assignment."""
    while isinstance(value, ir.Name) and value in versions.of_read:
        version = versions.of_read[value]
        if version.kind != "assign" or len(version.sources) != 1 or not isinstance(version.sources[0], ir.Expr):
            break
        value = version.sources[0]
    return value


def has_parts(analysed: Analysed) -> bool:
    """Whether a function hands out several numbers."""
    held = container_versions(analysed.read.function, analysed.versions)
    values = [as_computed(stmt.value, analysed.versions) for stmt in analysed.versions.returns]
    named = [stmt.value for stmt in analysed.versions.returns if isinstance(stmt.value, ir.Name)]
    return any(map(_is_container, values)) or any(analysed.versions.of_read.get(name) in held for name in named)


def _is_container(value: ir.Expr | None) -> bool:
    """Whether a value is a container as far as its expression, or that of the function that it calls, says."""
    match value:
        case ir.Display() | ir.Comprehension():
            return True
        case ir.Call(target=target) if record_fields(target) is not None:
            return True
        case ir.Op(op="ifexp", args=(_, then, orelse)):
            return _is_container(then) or _is_container(orelse)
        case ir.Call(target=types.FunctionType() as target) if solver_of(target) is None and operation_of(target) is None:
            read = Program().read(target)
            returns = (node for node in found_in(read.function, ir.Exit) if node.kind == "return")
            return any(_is_container(node.value) for node in returns if not _calls(node.value, target))
    return False


def are_nested(analysed: Analysed) -> bool:
    """Whether results are in a dict, a record, or in containers in one."""
    dicts = dict_names(analysed.versions)
    values = [as_computed(stmt.value, analysed.versions) for stmt in analysed.versions.returns]
    named = any(isinstance(stmt.value, ir.Name) and stmt.value.id in dicts for stmt in analysed.versions.returns)
    return named or any(any(_is_nested(value, analysed.versions) for value in _alternatives(value)) for value in values)


def _is_nested(value: ir.Expr | None, versions: Versions) -> bool:
    parts = value.items if isinstance(value, ir.Display) else (value.element,) if isinstance(value, ir.Comprehension) else ()
    is_dict = isinstance(value, ir.Display | ir.Comprehension) and value.kind == "dict"
    is_record = isinstance(value, ir.Call) and record_fields(value.target) is not None
    return is_dict or is_record or any(_is_container(as_computed(part, versions)) for part in parts)


def _alternatives(value: ir.Expr | None) -> Iterator[ir.Expr | None]:
    """What an expression gives, and the functions that it calls."""
    match value:
        case ir.Op(op="ifexp", args=(_, then, orelse)):
            yield from _alternatives(then)
            yield from _alternatives(orelse)
        case ir.Call(target=types.FunctionType() as target) if solver_of(target) is None and operation_of(target) is None:
            returns = (node for node in found_in(Program().read(target).function, ir.Exit) if node.kind == "return")
            yield from (each for node in returns if not _calls(node.value, target) for each in _alternatives(node.value))
        case _:
            yield value


def _calls(value: ir.Expr | None, function: object) -> bool:
    return value is not None and any(isinstance(node, ir.Call) and node.target is function for node in ir.walk(value))


def count_of(analysed: Analysed) -> int:
    """How many numbers a function hands out; 1 000 where that is known only when it runs."""
    lengths = {
        len(stmt.value.items) if isinstance(stmt.value, ir.Display) else 1_000 if has_parts(analysed) else 1
        for stmt in analysed.versions.returns
    }
    return max(lengths, default=1)
