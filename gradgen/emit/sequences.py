"""Writes the drivers of Jacobians and Hessians by several arguments of which some are lists or tuples of numbers.

Never writes a derivative; what they call does.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from gradgen.emit.blocks import directions, list_of, returned, shape_of
from gradgen.emit.drivers import Call
from gradgen.ir.kinds import AnyKind

Kinds = Mapping[str, AnyKind]
Lines = Callable[[Call], list[str]]


def hessian(place: str, kinds: Kinds, names: Sequence[str], held: Sequence[str]) -> Lines:
    """A row of blocks for each argument, of its own structure and then the other one's; those `held` are lists or tuples of
    numbers, and what else comes for them is refused, at the function's `place`."""
    def lines(call: Call) -> list[str]:
        made, row = call.local("rows"), call.local("row")
        found = [line for name in held for line in are_flat(call, name, place, "Hessian")]
        for name in names:
            target = call.local(f"by_{name}")
            if name not in held and shape_of(kinds, name) == ():
                found.append(f"{target} = {_along(call, name, kinds, held)}")
                continue
            found += _all_along(call, name, kinds, held, made)
            parts = [f"[{row}[{index}] for {row} in {made}]" for index, _ in enumerate(names)]
            if name not in held:
                shaped = (_reshaped(name, other, kinds, held) for other in names)
                parts = [f"np.array({part}){shape}" for part, shape in zip(parts, shaped, strict=True)]
            found += [f"{target} = (", *(f"    {part}," for part in parts), ")"]
        return [*found, returned([call.local(f"by_{name}") for name in names], False)]
    return lines


def columns(place: str, names: Sequence[str], held: Sequence[str], has_parts: bool, is_bare: bool) -> Lines:
    """The tangents along the elements of each argument: for each result, where it `has_parts`, in the argument's structure."""
    def lines(call: Call) -> list[str]:
        made, row = map(call.local, ("columns", "row"))
        found = [line for name in held for line in are_flat(call, name, place, "Jacobian")]
        targets = [call.local(f"by_{name}") for name in names]
        for name, target in zip(names, targets, strict=True):
            if name not in held:
                found.append(f"{target} = {_along(call, name, {}, held)}[1]")
                continue
            found += _all_along(call, name, {}, held, made, "[1]")
            found.append(f"{target} = [list({row}) for {row} in zip(*{made})]" if has_parts else f"{target} = {made}")
        if is_bare or not has_parts:
            return [*found, returned(targets, is_bare)]
        return [*found, f"return tuple(zip({', '.join(targets)}))"]
    return lines


def are_flat(call: Call, name: str, place: str, what: str) -> list[str]:
    each = call.local("each")
    is_number = f"hasattr({each}, \"__float__\") and getattr({each}, \"shape\", ()) == ()"
    is_flat = f"type({name}) in (list, tuple) and all({is_number} for {each} in {name})"
    refusal = f"{place}a {what} by {name}, which is no list or tuple of numbers: ask for jvp, vjp or hvp"
    return [f"if not ({is_flat}):", f"    raise ValueError({refusal!r})"]


def _all_along(call: Call, name: str, kinds: Kinds, held: Sequence[str], made: str, part: str = "") -> list[str]:
    """The results along each unit direction of an argument."""
    moved = _along(call, name, kinds, held) + part
    if name in held:
        return list_of(made, moved, call.local("i"), f"range(len({name}))")
    return list_of(made, moved, call.local("direction"), directions(name, kinds))


def _along(call: Call, name: str, kinds: Kinds, held: Sequence[str]) -> str:
    """The call along a direction of one argument, the others at rest."""
    given = []
    i, j = call.local("i"), call.local("j")
    for other, keyword in zip(call.wrt, call.keywords, strict=True):
        if other in held:
            rest = f"type({other})([0.0] * len({other}))"
            moving = f"type({other})([float({j} == {i}) for {j} in range(len({other}))])"
        elif shape_of(kinds, other) == ():
            rest, moving = "0.0", "1.0"
        else:
            rest, moving = f"np.zeros({other}.shape)", call.local("direction")
        given.append(f"{keyword}={moving if other == name else rest}")
    return f"{call.name}({', '.join((*call.arguments, *given))})"


def _reshaped(name: str, other: str, kinds: Kinds, held: Sequence[str]) -> str:
    own = f" + (len({other}),)" if other in held else f" + {other}.shape" if shape_of(kinds, other) else ""
    return f".reshape({name}.shape{own})"
