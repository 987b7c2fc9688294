"""A function as it was read, with what was found out about it, and what a call of it runs.

Never reads or analyses one: the program does.
"""
from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any

from gradgen.analyse.activity import Activity
from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field
from gradgen.ir.kinds import AnyKind
from gradgen.read.positions import Positions
from gradgen.read.refusals import Refusals
from gradgen.read.resolve import Scope
from gradgen.read.siblings import siblings_among


@dataclass(frozen=True, eq=False)
class Read:
    """A function as read: its IR, what it sees from outside, what was refused while reading, and its live object.

    A nested function has the `function` object of the `outer` one around it, and the outer variables that it `captures`.
    `kinds` are those of its arguments, where known. An `__init__` may be read as what makes an instance of the class `made`.
    `lists` are the names of arguments that are taken for lists, or for numbers that these are computed from; it `joins` lists
    where the kinds of values say that they are some. `rests` says what else the text rests on where it was written without its
    objects: where that is found, by which name, and what it was.
    """

    positions: Positions
    scope: Scope
    function: ir.Function
    refusals: Refusals
    live: types.FunctionType
    file: str
    captures: tuple[str, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    kinds: Mapping[str, AnyKind] = field(default_factory=dict)
    made: type | None = None
    lists: frozenset[str] = frozenset()
    joins: bool = False
    outer: Read | None = None
    rests: tuple[tuple[Any, str, object], ...] = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        return (*(parameter.name for parameter in self.function.parameters), *self.captures)


@dataclass(frozen=True, eq=False)
class Handed:
    """A nested function or a lambda that a function is given: its definition, the function in which it stands, and what the
    function that is given it calls the variables that it has captured."""

    define: ir.Define
    outer: Read
    names: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Keys:
    """The names of what a `**kwargs` parameter is given, where a call says them."""

    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Analysed:
    """A read function with its versions and what is active for the wrt asked for."""

    read: Read
    wrt: tuple[str, ...]
    versions: Versions
    activity: Activity
    result_varies: bool
    kinds: Kinds


def result_varies(versions: Versions, facts: Activity) -> bool:
    """Whether a function hands out anything that varies."""
    return any(stmt.value is not None and facts.is_varied(stmt.value) for stmt in versions.returns)


@dataclass(frozen=True, eq=False)
class CallSite:
    """What a call runs: the function, and the expression that each of its parameters (and captures) receives."""

    read: Read
    arguments: Mapping[str, ir.Expr]
    receiver: ir.Expr | None = None

    @property
    def given(self) -> tuple[str, ...]:
        """The parameters and captures that receive something, but for the names of functions: its own, where it calls itself, and
        those beside it."""
        own = {self.read.function.name}.intersection(self.read.captures)
        if self.read.outer is not None:
            own |= siblings_among(self.read.outer.function, self.read.captures)
        return tuple(name for name in self.read.parameters if name in self.arguments and name not in own)

    @property
    def captured(self) -> tuple[tuple[str, str], ...]:
        """The variables that the function captures, each with what the function around calls it."""
        given = ((name, self.arguments[name]) for name in self.read.captures)
        return tuple((name, value.id if isinstance(value, ir.Name) else name) for name, value in given)
