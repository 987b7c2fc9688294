"""Writes the drivers of Jacobians by arrays: of one result, of numbers as a vector, of several results each by each argument.

Never writes a derivative; what they call does.
"""
from __future__ import annotations

import functools
from collections.abc import Sequence

from gradgen.emit import blocks, drivers
from gradgen.emit.blocks import Kinds, Lines
from gradgen.emit.drivers import Call
from gradgen.ir.kinds import AnyKind, Shape
from gradgen.transform.result_kinds import Results


def columns(kinds: Kinds, results: Results, names: Sequence[str], is_bare: bool) -> Lines:
    """The driver of a jvp, called along the unit directions."""
    if not results.is_one and not results.are_numbers:
        return _columns_of_several(kinds, results.names or (), is_bare)
    is_by_array = blocks.shape_of(kinds, names[0]) != ()
    return drivers.columns_of_array(kinds) if is_bare and is_by_array else blocks.columns(kinds, is_bare)


def rows(kinds: Kinds, results: Results, is_bare: bool, seeds: Sequence[str], may_rest: bool = False) -> Lines | None:
    """The driver of a vjp by its `seeds`, called for each number in the results; None where nobody knows how many there are, and
    nobody can ask the results: a vjp that `may_rest` hands them out."""
    known = [_lengths(shape, kinds) for shape in results.shapes]
    if None in known and may_rest:
        return _measured(kinds, results, is_bare, [seed.removeprefix("d") for seed in seeds])
    if results.is_one and known[0] is not None:
        return blocks.rows(kinds, known[0], is_bare) if known[0] else drivers.row
    if results.are_apart and results.are_numbers:
        return _gradients(len(known), is_bare)
    if results.are_apart and results.names is not None and None not in known:
        return _rows_of_several(kinds, results.names, [each or [] for each in known], is_bare)
    return None


def _measured(kinds: Kinds, results: Results, is_bare: bool, names: Sequence[str]) -> Lines | None:
    """The driver where the results are computed once more, for the lengths of their axes."""
    def lines(call: Call) -> list[str]:
        named = [call.local(name, ("rows", "row", "seed", "shape")) for name in names]
        shapes = zip(named, results.shapes, strict=True)
        lengths = [_lengths(shape, kinds) or _own_lengths(name, shape or ()) for name, shape in shapes]
        several = functools.partial(_rows_of_several, kinds, named, lengths)
        found = blocks.rows(kinds, lengths[0], is_bare, True) if results.is_one else several(is_bare, True)
        targets = named[0] if results.is_one else _unpacked(named)
        return [f"{targets} = {call.name}({', '.join(call.arguments)})", *found(call)]

    is_told = results.is_one or results.are_apart and results.names is not None
    return lines if is_told and None not in results.shapes else None


def _own_lengths(name: str, shape: Shape) -> list[str]:
    return [f"{name}.size"] if len(shape) == 1 else [f"{name}.shape[{axis}]" for axis in range(len(shape))]


def are_fewer(results: Results, by: Sequence[AnyKind]) -> bool:
    """Whether the results surely have fewer numbers than the arguments, or are a few numbers by an array."""
    if results.is_one:
        return blocks.has_fewer_results(results.shapes[0], by)
    return results.are_apart and results.are_numbers and blocks.has_fewer_results((), by)


def _lengths(shape: Shape | None, kinds: Kinds) -> list[str] | None:
    return None if shape is None else blocks.lengths(shape, kinds)


def _columns_of_several(kinds: Kinds, results: Sequence[str], is_bare: bool) -> Lines:
    """The tangents of each result along the unit directions of each argument, the others at rest."""
    def lines(call: Call) -> list[str]:
        made, direction = call.local("columns"), call.local("direction")
        each = [call.local(f"{result}_columns") for result in results]
        found: list[str] = []
        for name in call.wrt:
            along, targets = f"{blocks.along(call, name, kinds)}[1]", _by(call, results, (name,))
            if blocks.shape_of(kinds, name) == ():
                found.append(f"{_unpacked(targets)} = {along}")
                continue
            found += blocks.list_of(made, along, direction, blocks.directions(name, kinds))
            found.append(f"{_unpacked(each)} = zip(*{made})")
            for target, column in zip(targets, each, strict=True):
                found.append(f"{target} = np.stack({column}, axis=-1)")
                if len(blocks.shape_of(kinds, name)) > 1:
                    found.append(f"{target} = {target}.reshape({target}.shape[:-1] + {name}.shape)")
        return [*found, _returned(call, results, is_bare)]
    return lines


def _rows_of_several(
    kinds: Kinds, results: Sequence[str], lengths: Sequence[Sequence[str]], is_bare: bool, may_be_none: bool = False
) -> Lines:
    """The adjoints of each element of each result, the others at rest; `lengths` are those of each result's axes; there
    `may_be_none`."""
    def lines(call: Call) -> list[str]:
        made, seed, row = call.local("rows"), call.local("seed"), call.local("row")
        found: list[str] = []
        for place, result in enumerate(results):
            targets = _by(call, (result,), call.wrt)
            given = [_seed(own, seed if lengths[place] else "1.0", at == place) for at, own in enumerate(lengths)]
            keywords = (f"{keyword}={value}" for keyword, value in zip(call.keywords, given, strict=True))
            along = f"{call.name}({', '.join((*call.arguments, *keywords))})"
            if not lengths[place]:
                found.append(f"{targets[0] if is_bare else _unpacked(targets)} = {along}")
                continue
            found += blocks.list_of(made, along, seed, _units(lengths[place]))
            for at, (target, name) in enumerate(zip(targets, call.wrt, strict=True)):
                whole = f"np.array({made})" if is_bare else f"np.array([{row}[{at}] for {row} in {made}])"
                if len(lengths[place]) > 1 or len(blocks.shape_of(kinds, name)) > (0 if may_be_none else 1):
                    own = f" + {name}.shape" if blocks.shape_of(kinds, name) else ""
                    whole += f".reshape({_shape(lengths[place])}{own})"
                found.append(f"{target} = {whole}")
        return [*found, _returned(call, results, is_bare)]
    return lines


def _gradients(count: int, is_bare: bool) -> Lines:
    """The gradients of results that are numbers, put together as a vector."""
    def lines(call: Call) -> list[str]:
        made, row = call.local("rows"), call.local("row")
        found = [f"{made} = [", *(f"    {call.along(place)}," for place in range(count)), "]"]
        if is_bare:
            return [*found, f"return np.array({made})"]
        targets = [call.local(f"by_{name}") for name in call.wrt]
        found += [f"{target} = np.array([{row}[{at}] for {row} in {made}])" for at, target in enumerate(targets)]
        return [*found, f"return ({targets[0]},)" if len(targets) == 1 else f"return {', '.join(targets)}"]
    return lines


def _seed(lengths: Sequence[str], moving: str, is_moved: bool) -> str:
    if is_moved:
        return moving
    return f"np.zeros({_shape(lengths)})" if lengths else "0.0"


def _shape(lengths: Sequence[str]) -> str:
    return f"({', '.join(lengths)}{',' if len(lengths) == 1 else ''})"


def _units(lengths: Sequence[str]) -> str:
    if len(lengths) == 1:
        return f"np.eye({lengths[0]})"
    return f"np.eye(np.prod({_shape(lengths)})).reshape(-1, {', '.join(lengths)})"


def _by(call: Call, results: Sequence[str], names: Sequence[str]) -> list[str]:
    return [call.local(f"{result}_by_{name}") for result in results for name in names]


def _unpacked(names: Sequence[str]) -> str:
    return f"{names[0]}," if len(names) == 1 else ", ".join(names)


def _returned(call: Call, results: Sequence[str], is_bare: bool) -> str:
    parts = [_by(call, (result,), call.wrt) for result in results]
    shown = [each[0] if is_bare else f"({_unpacked(each)})" for each in parts]
    return f"return ({shown[0]},)" if len(shown) == 1 else f"return {', '.join(shown)}"
