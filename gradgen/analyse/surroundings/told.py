"""Which classes of arguments a text has to be told of: those that compute what is read of them, or have methods that are called.

Never looks at how any of it is differentiated.
"""
from __future__ import annotations

import dis
import types
from collections.abc import Collection, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from gradgen.analyse.kinds.values import is_plain_object
from gradgen.analyse.surroundings.classes import computed_names, may_be_held
from gradgen.ir.kinds import AnyKind, Holder
from gradgen.read.resolve import runs_descriptors

OF_CONTAINERS = frozenset({"__getitem__", "__iter__", "__len__", "__contains__", "__reversed__"})
"""The special methods by which a class says what its elements are."""


def says_its_elements(known: type) -> bool:
    """Whether a class says by itself what its instances' elements are: they are not those that it holds."""
    own = (base for base in known.__mro__ if base.__module__ not in ("builtins", "abc", "typing"))
    return any(not OF_CONTAINERS.isdisjoint(vars(base)) for base in own)


def tells(known: type, names: Collection[str]) -> bool:
    """Whether a class has more to say of its instances than what each holds: of these names a property, a constant or a method,
    or what their elements are."""
    own = [base for base in known.__mro__ if base.__module__ not in ("builtins", "abc", "typing", "types")]
    methods = (types.FunctionType, staticmethod, classmethod)
    called = any(isinstance(vars(base).get(name), methods) for base in own for name in names)
    is_computed = called or not computed_names(known).isdisjoint(names) or says_its_elements(known)
    beside = (name for name in set_beside(known) if name in names) if is_dataclass(known) else ()
    return is_computed or runs_descriptors(known) or not all(may_be_held(known, name) for name in beside)


def set_beside(known: type) -> set[str]:
    """What a dataclass may set of an instance beside the fields that it is made from."""
    set_later = {each.name for each in fields(known) if not each.init} if is_dataclass(known) else set()
    own = getattr(known, "__post_init__", None)
    instructions = dis.get_instructions(own) if isinstance(own, types.FunctionType) else ()
    return set_later | {each.argval for each in instructions if each.opname == "STORE_ATTR"}


def classes_in(kind: AnyKind) -> Iterator[type]:
    """The classes of the records in an argument, so far as they are told."""
    if isinstance(kind, Holder):
        if kind.known is not None:
            yield kind.known
        for each in (*(kind.items or ()), kind.element):
            yield from classes_in(each)


def has_to_be_told(kind: AnyKind, names: Collection[str]) -> bool:
    """Whether a text for an argument of a kind, of which these names are read, has to know its classes."""
    return any(tells(known, names) for known in classes_in(kind))


def records_in(value: object) -> list[object]:
    """The objects in an argument, in lists, in dicts and in one another too; a list that begins with a number has none."""
    waiting, found, seen = [value], list[object](), set[int]()
    while waiting:
        each: Any = waiting.pop()
        if isinstance(each, (list, tuple)) and not hasattr(each, "_fields"):
            waiting += [] if not each or isinstance(each[0], (int, float)) else each
        elif isinstance(each, dict):
            waiting += each.values()
        elif hasattr(each, "__array_ufunc__"):  # an array, of whatever library
            continue
        elif id(each) not in seen and (isinstance(each, tuple) or is_dataclass(each) or is_plain_object(each)):
            seen.add(id(each))
            found.append(each)
            waiting += each if isinstance(each, tuple) else [getattr(each, name) for name in held_by(each)]
    return found


def held_by(value: object) -> list[str]:
    """The attributes that an object holds itself, as far as they have values."""
    if isinstance(value, type):
        return []
    names = [each.name for each in fields(value)] if is_dataclass(value) else []
    return [name for name in dict.fromkeys((*names, *getattr(value, "__dict__", {}))) if hasattr(value, name)]


def has_its_own(value: object, names: Collection[str]) -> bool:
    """Whether an object holds of these names what its class has for all: a function in the place of a method."""
    held = getattr(value, "__dict__", {})
    return any(name in held and hasattr(type(value), name) and callable(held[name]) for name in names)
