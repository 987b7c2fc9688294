"""Writes the drivers of Jacobians and Hessians by arrays: rows and columns put together to the shapes of result and arguments.

Never writes a derivative; what they call does.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from gradgen.emit.drivers import Call
from gradgen.ir.kinds import AnyKind, Dim, Kind, Shape

Kinds = Mapping[str, AnyKind]
Lines = Callable[[Call], list[str]]
WIDTH = 116


def columns(kinds: Kinds, is_bare: bool) -> Lines:
    """The tangents along the unit directions of each argument, the others at rest."""
    def lines(call: Call) -> list[str]:
        found, made = [], call.local("columns")
        for name in call.wrt:
            moved, target = f"{along(call, name, kinds)}[1]", call.local(f"by_{name}")
            if shape_of(kinds, name) == ():
                found.append(f"{target} = {moved}")
                continue
            found += list_of(made, moved, call.local("direction"), directions(name, kinds))
            found.append(f"{target} = np.stack({made}, axis=-1)")
            if len(shape_of(kinds, name)) > 1:
                found.append(f"{target} = {target}.reshape({target}.shape[:-1] + {name}.shape)")
        return [*found, returned([call.local(f"by_{name}") for name in call.wrt], is_bare)]
    return lines


def gradient(kinds: Kinds, is_bare: bool, with_value: bool, seed: str) -> Lines:
    """The tangents of a number along the unit directions of each argument, times the seed."""
    def lines(call: Call) -> list[str]:
        found, made, value = [], call.local("slopes"), call.local("value")
        targets = [call.local(f"{name}_slope") for name in call.wrt]
        for name, target in zip(call.wrt, targets, strict=True):
            moved = along(call, name, kinds)
            if shape_of(kinds, name) == ():
                found.append(f"{value if with_value else call.local('_')}, {target} = {moved}")
                continue
            found += list_of(made, f"{moved}[1]", call.local("direction"), directions(name, kinds))
            whole = "" if len(shape_of(kinds, name)) == 1 else f".reshape({name}.shape)"
            found.append(f"{target} = np.array({made}){whole}")
        if with_value and all(shape_of(kinds, name) for name in call.wrt):
            rest = (f"{keyword}=np.zeros({name}.shape)" for name, keyword in zip(call.wrt, call.keywords, strict=True))
            found.append(f"{value}, {call.local('_')} = {call.name}({', '.join((*call.arguments, *rest))})")
        products = [f"{seed} * {target}" for target in targets]
        whole = products[0] if is_bare else f"{', '.join(products)}{',' if len(products) == 1 else ''}"
        whole = f"({whole})" if with_value and not is_bare or len(products) == 1 and not is_bare else whole
        return [*found, f"return {value}, {whole}" if with_value else f"return {whole}"]
    return lines


def rows(kinds: Kinds, lengths: Sequence[str], is_bare: bool, may_be_none: bool = False) -> Lines:
    """The adjoints of each element of a result whose axes have these `lengths`; there `may_be_none`."""
    def lines(call: Call) -> list[str]:
        made, seed, row, shape = map(call.local, ("rows", "seed", "row", "shape"))
        found, seeds = [], f"np.eye({lengths[0]})"
        if len(lengths) > 1:
            count = " * ".join(f"{shape}[{axis}]" for axis in range(len(lengths)))
            found, seeds = [f"{shape} = ({', '.join(lengths)})"], f"np.eye({count}).reshape(-1, *{shape})"
        else:
            shape = f"({lengths[0]},)"
        found += list_of(made, call.with_direction(seed), seed, seeds)
        wholes = []
        for place, name in enumerate(call.wrt):
            if name in kinds:
                wholes.append(f".reshape({f'{shape} + {name}.shape' if shape_of(kinds, name) else shape})")
            else:  # a local variable, whose shape its adjoint has
                own = f"{made}[0]" if is_bare else f"{made}[0][{place}]"
                wholes.append("" if len(lengths) == 1 else f".reshape({shape} + np.shape({own}))")
        if is_bare:
            is_done = len(lengths) == 1 and len(shape_of(kinds, call.wrt[0])) <= (0 if may_be_none else 1)
            return [*found, f"return np.array({made})" + ("" if is_done else wholes[0])]
        found += [
            f"{call.local(f'by_{name}')} = np.array([{row}[{place}] for {row} in {made}]){whole}"
            for place, (name, whole) in enumerate(zip(call.wrt, wholes, strict=True))
        ]
        return [*found, returned([call.local(f"by_{name}") for name in call.wrt], False)]
    return lines


def hessian(kinds: Kinds, names: Sequence[str]) -> Lines:
    """A row of blocks for each argument: the gradient's tangents along its unit directions."""
    def lines(call: Call) -> list[str]:
        found, made, row = [], call.local("rows"), call.local("row")
        for name in names:
            moved, target = along(call, name, kinds), call.local(f"by_{name}")
            if shape_of(kinds, name) == ():
                found.append(f"{target} = {moved}")
                continue
            found += list_of(made, moved, call.local("direction"), directions(name, kinds))
            found.append(f"{target} = (")
            found += [f"    np.array([{row}[{place}] for {row} in {made}]){shaped(kinds, name, other)},"
                      for place, other in enumerate(names)]
            found.append(")")
        return [*found, returned([call.local(f"by_{name}") for name in names], False)]
    return lines


def shaped(kinds: Kinds, name: str, other: str) -> str:
    """What gives rows of derivatives by another argument the shape of a block."""
    if len(shape_of(kinds, name)) == 1 and len(shape_of(kinds, other)) < 2:
        return ""
    return f".reshape({name}.shape{f' + {other}.shape' if shape_of(kinds, other) else ''})"


def list_of(target: str, each: str, variable: str, items: str) -> list[str]:
    """A list in one line, or in four where that were too long."""
    whole = f"{target} = [{each} for {variable} in {items}]"
    return [whole] if len(whole) <= WIDTH else [f"{target} = [", f"    {each}", f"    for {variable} in {items}", "]"]


def lengths(shape: Shape, kinds: Kinds) -> list[str] | None:
    """The lengths of a result's axes, read off the arguments; None where one is not known from theirs."""
    found = [_length(dim, kinds) for dim in shape]
    return None if None in found else [text for text in found if text is not None]


def has_fewer_results(shape: Shape | None, by: Sequence[AnyKind]) -> bool:
    """Whether a result surely has fewer elements than the arguments: its axes are some of those of one of them."""
    if shape is None:
        return False
    dims = Counter(dim for dim in shape if not dim.is_one)
    arguments = [Counter(kind.shape) for kind in by if isinstance(kind, Kind) and kind.shape]
    return any(not dims - each and bool(each - dims) for each in arguments)


def _length(dim: Dim, kinds: Kinds) -> str | None:
    text = str(dim.const) if dim.const or not dim.terms else ""
    for name, count in dim.terms:
        place = next((f"{argument}.shape[{axis}]" for argument, kind in kinds.items() if isinstance(kind, Kind) and kind.shape
                      for axis, own in enumerate(kind.shape) if own == Dim(((name, 1),))), None)
        if place is None:
            return None
        part = place if abs(count) == 1 else f"{abs(count)} * {place}"
        text = f"{part} {'+' if dim.const > 0 else '-'} {abs(dim.const)}" if text == str(dim.const) and count > 0 else (
            f"{text} {'+' if count > 0 else '-'} {part}" if text else part if count > 0 else f"-{part}"
        )
    return text


def shape_of(kinds: Kinds, name: str) -> Shape:
    kind = kinds.get(name)
    return kind.shape or () if isinstance(kind, Kind) else ()


def directions(name: str, kinds: Kinds) -> str:
    units = f"np.eye({name}.size)"
    return units if len(shape_of(kinds, name)) == 1 else f"{units}.reshape(-1, *{name}.shape)"


def along(call: Call, name: str, kinds: Kinds) -> str:
    """The call along a direction of one argument, the others at rest."""
    given = []
    for other, keyword in zip(call.wrt, call.keywords, strict=True):
        is_number = shape_of(kinds, other) == ()
        rest = "0.0" if is_number else f"np.zeros({other}.shape)"
        moving = "1.0" if is_number else call.local("direction")
        given.append(f"{keyword}={moving if other == name else rest}")
    return f"{call.name}({', '.join((*call.arguments, *given))})"


def returned(names: Sequence[str], is_bare: bool) -> str:
    if is_bare:
        return f"return {names[0]}"
    return f"return ({names[0]},)" if len(names) == 1 else f"return {', '.join(names)}"
