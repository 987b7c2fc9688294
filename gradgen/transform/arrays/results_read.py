"""Which results of an operation are read, where one variable holds them all: `found = np.linalg.lstsq(a, b)`, then `found[0]`.

Never writes a derivative.
"""
from __future__ import annotations

from collections.abc import Mapping

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import NUMBER, Holder, Kind
from gradgen.rules.registry import has_several_results
from gradgen.transform.lines.spelling import ZERO, zeros_like

MOST_HELD = 5


def places_read(source: ir.Expr, kinds: Kinds) -> list[int] | None:
    """The places that are read of the variable that a value is assigned to; None where it may be read in another way."""
    versions = kinds.versions
    version = next((each for each in versions.all if each.kind == "assign" and each.sources[:1] == [source]), None)
    if version is None or any(version in each.sources for each in versions.all):
        return None
    exprs = [part for each in versions.all for part in each.sources if isinstance(part, ir.Expr)]
    exprs += [end.value for end in versions.returns if end.value is not None]
    places: dict[ir.Name, int] = {}
    for expr in exprs:
        for node in ir.walk(expr):
            match node:
                case ir.Item(base=ir.Name() as base, index=ir.Const(value=int(place))) if versions.of_read.get(base) is version:
                    places[base] = place
                case ir.Attribute(base=ir.Name() as base) if versions.of_read.get(base) is version:
                    named = place_named(node, kinds)
                    if named is not None:
                        places[base] = named
    reads = {name for name, seen in versions.of_read.items() if seen is version}
    return sorted(set(places.values())) if reads == places.keys() and min(places.values(), default=0) >= 0 else None


def is_bound_anew(source: ir.Expr, kinds: Kinds) -> bool:
    """Whether the variable that a value is assigned to holds other values as well."""
    names = [version.name for version in kinds.versions.all]
    return any(names.count(each.name) > 1 for each in kinds.versions.all if each.sources[:1] == [source])


def place_named(part: ir.Attribute, kinds: Kinds) -> int | None:
    """Where the result stands that is taken by its name out of what one of NumPy's functions gives."""
    held = kinds.of(part.base)
    is_result = isinstance(held, Holder) and held.is_result and held.keys is not None and part.name in held.keys
    return held.keys.index(part.name) if is_result and isinstance(held, Holder) and held.keys is not None else None


def results_held(kinds: Kinds) -> Mapping[str, Holder]:
    """The variables that only ever hold the results of one call of NumPy's, and what these are; numbers where nothing reads
    them."""
    found: dict[str, Holder] = {}
    for version, kind in kinds.of_version.items():
        made = version.sources[0] if version.kind == "assign" and len(version.sources) == 1 else None
        op = kinds.operation(made) if isinstance(made, ir.Op | ir.Call) else None
        if op is not None and isinstance(kind, Holder) and kind.items is not None and len(kind.items) <= MOST_HELD:
            read = places_read(made, kinds) if isinstance(made, ir.Expr) and has_several_results(op.op) else None
            used = range(len(kind.items)) if read is None else read
            found[version.name] = replace(kind, items=tuple(
                each if place in used else NUMBER for place, each in enumerate(kind.items)
            ))
    bound = [version.name for version in kinds.of_version]
    return {name: kind for name, kind in found.items() if bound.count(name) == 1}


def zeros_of_results(name: str, held: Holder) -> ir.Expr:
    """The adjoints of several results to which nothing has come yet: a list."""
    zeros: list[ir.Expr] = []
    for place, kind in enumerate(held.items or ()):
        part = ir.Item(ir.Name(name), ir.Const(place))
        is_number = isinstance(kind, Kind) and kind.shape == ()
        zeros.append(ZERO if is_number else zeros_like(part, Kind(None, "complex")))
    return ir.Display("list", tuple(zeros))


def nothing_at(call: ir.Call, place: int, kinds: Kinds) -> ir.Expr:
    """The adjoint of a part of what a call gives, a tuple, where nothing reads that part."""
    held = kinds.of(call)
    kind = held.items[place] if isinstance(held, Holder) and held.items is not None and place < len(held.items) else None
    is_array = isinstance(kind, Kind) and kind.shape != ()
    return zeros_like(ir.Item(ir.Value(call), ir.Const(place)), kind) if is_array else ZERO


def tuple_length(function: ir.Function) -> int | None:
    """How many results a function returns, where every return is a tuple display of one length."""
    lengths = {
        len(node.value.items) if isinstance(node.value, ir.Display) and node.value.kind == "tuple" else None
        for node in found_in(function, ir.Exit) if node.kind == "return"
    }
    return lengths.pop() if len(lengths) == 1 else None
