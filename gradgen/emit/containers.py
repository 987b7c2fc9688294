"""Writes the drivers of Hessians by one container of numbers: a list or tuple, a dict, a record.

Never writes a derivative; what they call does.
"""
from __future__ import annotations

from gradgen.analyse.dicts import used_as_dicts
from gradgen.emit.drivers import Call, Lines
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in


def hessian(place: str, gradient: ir.Function, name: str) -> Lines:
    """The driver for what a parameter is read as in the gradient: by its keys, by the names of its fields, by place."""
    if name in used_as_dicts(gradient):
        return _by_key(place)
    has_fields = any(isinstance(each.base, ir.Name) and each.base.id == name for each in found_in(gradient, ir.Attribute))
    return _by_field(place) if has_fields else _by_place(place)


def _by_place(place: str) -> Lines:
    """The results along each element of a list or tuple of numbers; what else may come is refused, at the function's `place`."""
    def lines(call: Call) -> list[str]:
        x, = call.wrt
        rows, direction, i, j, each = map(call.local, ("rows", "direction", "i", "j", "each"))
        is_flat = f"type({x}) in (list, tuple) and all(hasattr({each}, \"__float__\") for {each} in {x})"
        refusal = f"{place}a Hessian by {x}, which is no list or tuple of numbers: ask for hvp"
        return [
            f"if not ({is_flat}):", f"    raise ValueError({refusal!r})",
            f"{rows} = []", f"for {i} in range(len({x})):", f"    {direction} = [float({j} == {i}) for {j} in range(len({x}))]",
            f"    {rows}.append({call.with_direction(f'type({x})({direction})')})", f"return {rows}",
        ]
    return lines


def _by_key(place: str) -> Lines:
    """The results along each value of a dict of numbers, by its key; what else may come is refused, at the function's `place`."""
    def lines(call: Call) -> list[str]:
        x, = call.wrt
        rows, direction, key, other, each = map(call.local, ("rows", "direction", "key", "other", "each"))
        is_flat = f"isinstance({x}, dict) and all(hasattr({each}, \"__float__\") for {each} in {x}.values())"
        refusal = f"{place}a Hessian by {x}, which is no dict of numbers: ask for hvp"
        return [
            f"if not ({is_flat}):", f"    raise ValueError({refusal!r})",
            f"{rows} = {{}}", f"for {key} in {x}:", f"    {direction} = {{{other}: float({other} == {key}) for {other} in {x}}}",
            f"    {rows}[{key}] = {call.with_direction(direction)}", f"return {rows}",
        ]
    return lines


def _by_field(place: str) -> Lines:
    """The results along each field of a record of numbers, in such a record; what else may come is refused."""
    def lines(call: Call) -> list[str]:
        x, = call.wrt
        rows, direction, name, other, names = map(call.local, ("rows", "direction", "name", "other", "names"))
        refusal = f"{place}a Hessian by {x}, which is no record of numbers: ask for hvp"
        return [
            f"{names} = getattr({x}, \"_fields\", None) or list(getattr({x}, \"__dataclass_fields__\", ()))",
            f"if not ({names} and all(hasattr(getattr({x}, {name}), \"__float__\") for {name} in {names})):",
            f"    raise ValueError({refusal!r})",
            f"{rows} = {{}}", f"for {name} in {names}:",
            f"    {direction} = type({x})(**{{{other}: float({other} == {name}) for {other} in {names}}})",
            f"    {rows}[{name}] = {call.with_direction(direction)}", f"return type({x})(**{rows})",
        ]
    return lines
