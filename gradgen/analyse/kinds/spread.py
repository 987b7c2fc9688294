"""Calls of operations whose arguments stand in containers (`np.sum(x, *args, **options)`), and arguments that an operation has to
know before it can be differentiated (`axis=axis`), where names from outside hold them.

Never looks at what a function is called with, but for how many values are in it.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from gradgen.analyse.kinds.literals import literal_of
from gradgen.analyse.kinds.values import dotted
from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.kinds import AnyKind, Holder, Kind
from gradgen.read.resolve import MISSING
from gradgen.rules.notation import Facts, Rule
from gradgen.rules.registry import find_rule, rules_for
from gradgen.rules.spelling import family_of, operation_of

Keys = tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Fixed:
    """What a text rests on of a value from outside: what it is, or of a container how many values it has under which keys.
    Calling it asks whether another is the same."""

    expr: ir.Expr
    value: object

    def __call__(self, found: object) -> bool:
        return fixed_part(found) == self.value


class KindsOfValues(Protocol):
    """What this asks of the kinds of a function's values."""

    @property
    def live_value(self) -> Callable[[ir.Expr], object]: ...

    @property
    def rests_on(self) -> dict[tuple[str, Keys], Fixed]: ...

    @property
    def versions(self) -> Versions: ...

    def of(self, expr: ir.Expr) -> AnyKind: ...


def fixed_part(value: object) -> object:
    """What is compared of a value from outside; of its type as well, as True is 1."""
    if isinstance(value, dict):
        return dict, tuple(value)
    if isinstance(value, tuple | list):
        return type(value), _as_written(value) if _is_literal(value) else len(value)
    return type(value), value


def _is_literal(value: object) -> bool:
    """Whether a value could be written out: a whole number, a text, None, or a row of these."""
    if isinstance(value, tuple | list):
        return all(map(_is_literal, value))
    return value is None or type(value) in (bool, int, str) or type(value) is float and math.isinf(value)


def _as_written(value: object) -> object:
    """A row as a tuple, as literals are read."""
    return tuple(map(_as_written, value)) if isinstance(value, tuple | list) else value


def _note(kinds: KindsOfValues, expr: ir.Expr, keys: Keys, value: object) -> None:
    kinds.rests_on[dotted(expr) or "", keys] = Fixed(expr, fixed_part(value))


def spread_out(call: ir.Call, kinds: KindsOfValues) -> ir.Call | None:
    """The same call with each argument by itself: `f(x, *args[1:], **options)` is `f(x, args[1], axis=options["axis"])` where the
    containers are known before the call; None where they are not."""
    args: list[ir.Expr] = []
    for arg in call.args:
        found = _items_of(arg.value, kinds) if isinstance(arg, ir.Starred) else [arg]
        if found is None:
            return None
        args += found
    keywords: list[tuple[str | None, ir.Expr]] = []
    for name, value in call.keywords:
        parts = _options_of(value, kinds) if name is None else [(name, value)]
        if parts is None:
            return None
        keywords += parts
    return replace(call, args=tuple(args), keywords=tuple(keywords))


def apart(call: ir.Call, kinds: KindsOfValues | None) -> ir.Call:
    """A call with each argument by itself, as far as that is known."""
    is_open = any(isinstance(arg, ir.Starred) for arg in call.args) or any(name is None for name, _ in call.keywords)
    return call if not is_open or kinds is None else spread_out(call, kinds) or call


def entrywise(call: ir.Call) -> ir.Op | None:
    """A call of an operation on each element, or on numbers, as that operation."""
    operation = operation_of(call.target)
    if operation is None or call.keywords or not rules_for(operation):
        return None
    spelling = call.func.id if isinstance(call.func, ir.Name) else None
    return ir.Op(operation, call.args, (), spelling, family_of(call.target))


def _items_of(row: ir.Expr, kinds: KindsOfValues) -> list[ir.Expr] | None:
    """The elements of a sequence that is written out, or of which it is known how many there are."""
    if isinstance(row, ir.Display) and row.kind in ("tuple", "list"):
        return None if any(isinstance(item, ir.Starred) for item in row.items) else list(row.items)
    base, part = (row.base, row.index) if isinstance(row, ir.Item) and isinstance(row.index, ir.Slice) else (row, None)
    kind, places = kinds.of(base), slice(None)
    if part is not None:
        bounds = [None if each is None else literal_of(each) for each in (part.lower, part.upper, part.step)]
        if not all(each is None or isinstance(each, int) for each in bounds):
            return None
        places = slice(*bounds)
    value = kinds.live_value(base)
    if not isinstance(kind, Holder) or kind.items is None or kind.keys is not None:
        return None
    if isinstance(value, tuple | list) and dotted(base) is not None:
        _note(kinds, base, (), value)
    elif not _is_starred(base, kinds):
        return None  # what else looks at the function's own lists finds no element of this one in it
    return [ir.Item(base, ir.Const(place)) for place in range(len(kind.items))[places]]


def _is_starred(expr: ir.Expr, kinds: KindsOfValues) -> bool:
    """Whether an expression is a list that is written out here, or the parameter that takes what arguments are left."""
    version = kinds.versions.of_read.get(expr) if isinstance(expr, ir.Name) else None
    if version is None or not isinstance(version.node, ir.Function):
        return version is not None and version.kind == "assign" and isinstance(version.sources[0], ir.Display)
    return any(each.name == version.name and each.kind == "args" for each in version.node.parameters)


def _options_of(table: ir.Expr, kinds: KindsOfValues) -> list[tuple[str | None, ir.Expr]] | None:
    """The keywords that a dict gives which is written out, or found outside."""
    if isinstance(table, ir.Display) and table.kind == "dict":
        keys: list[object] = [key.value if isinstance(key, ir.Const) else None for key in table.keys]
        values = list(table.items)
    else:
        held = kinds.live_value(table)
        if not isinstance(held, dict) or dotted(table) is None:
            return None
        _note(kinds, table, (), held)
        keys, values = list(held), [ir.Item(table, ir.Const(key)) for key in held]
    if not all(isinstance(key, str) for key in keys):
        return None
    return [(str(key), value) for key, value in zip(keys, values, strict=True)]


def rule_told(
    operation: str, facts: Facts, operands: Sequence[tuple[str, ir.Expr]], kinds: KindsOfValues
) -> tuple[Rule | None, Facts]:
    """The rule of an operation and the facts it is for; where it needs to know more, also what names from outside hold: axes,
    orders, sizes."""
    rule = find_rule(operation, facts)
    if rule is not None:
        return rule, facts
    told = _told([(name, operand) for name, operand in operands if name not in facts.constants], kinds)
    if not told:
        return None, facts
    facts = replace(facts, constants={**facts.constants, **{name: _as_written(value) for name, (_, _, value) in told.items()}})
    rule = find_rule(operation, facts)
    _note_all(told if rule is not None else {}, kinds)
    return rule, facts


def kind_told(
    find: Callable[[Mapping[str, object]], AnyKind], bound: Mapping[str, Sequence[ir.Expr]], kinds: KindsOfValues
) -> AnyKind:
    """The kind of an operation's result, where names from outside hold what its shape depends on; None where they do not."""
    told = _told([(name, operands[0]) for name, operands in bound.items() if len(operands) == 1], kinds)
    found = find({name: _as_written(value) for name, (_, _, value) in told.items()}) if told else None
    if not isinstance(found, Kind) or found.shape is None:
        return None
    _note_all(told, kinds)
    return found


Told = Mapping[str, tuple[ir.Expr, Keys, object]]


def _told(operands: Iterable[tuple[str, ir.Expr]], kinds: KindsOfValues) -> Told:
    """What operands find outside."""
    found = {name: _outside(operand, kinds) for name, operand in operands}
    return {name: each for name, each in found.items() if each is not None}


def _note_all(told: Told, kinds: KindsOfValues) -> None:
    for base, keys, value in told.values():
        _note(kinds, base, keys, value)


def _outside(expr: ir.Expr, kinds: KindsOfValues) -> tuple[ir.Expr, Keys, object] | None:
    """The whole number, text or the like that an expression finds outside, or under a key of what it finds there."""
    base = expr.base if isinstance(expr, ir.Item) else expr
    if dotted(base) is None or (value := kinds.live_value(base)) is MISSING:
        return None
    if isinstance(expr, ir.Item):
        key = literal_of(expr.index)
        is_there = isinstance(value, dict) and key in value
        is_there |= isinstance(value, tuple | list) and isinstance(key, int) and -len(value) <= key < len(value)
        return (base, (key,), value[key]) if is_there and _is_literal(value[key]) else None  # type: ignore[index]
    return (base, (), value) if _is_literal(value) else None
