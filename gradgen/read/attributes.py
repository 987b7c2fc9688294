"""Which attributes a function reads of the objects that it is given, by its compiled code.

Never looks at a value, and never decides what an attribute holds.
"""
from __future__ import annotations

import dis
import types
from collections.abc import Iterator, Mapping

LOADS = frozenset({"LOAD_ATTR", "LOAD_METHOD"})
STORES = frozenset({"STORE_ATTR", "DELETE_ATTR"})


def attributes_read(function: types.FunctionType) -> frozenset[str]:
    """The names of the attributes that a function reads or stores into, and that the functions of its module that it calls read,
    but for those that any of these stores into: of them nothing can be said ahead of a call."""
    loaded: set[str] = set()
    stored: set[str] = set()
    own = set(_with_inner(function.__code__))
    for code in _codes(function.__code__, function.__globals__):
        for instruction in dis.get_instructions(code):
            if instruction.opname in LOADS or instruction.opname in STORES and code in own:
                loaded.add(instruction.argval)
            elif instruction.opname in STORES:
                stored.add(instruction.argval)
    return frozenset(loaded - stored)


def _with_inner(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _with_inner(inner)


def _codes(first: types.CodeType, around: Mapping[str, object]) -> Iterator[types.CodeType]:
    """A function's code, that of the functions inside of it, and that of those that it names."""
    waiting, seen = [first], set[types.CodeType]()
    while waiting:
        for code in _with_inner(waiting.pop()):
            if code not in seen:
                seen.add(code)
                yield code
                named = [around.get(name) for name in code.co_names]
                functions = (each for each in named if isinstance(each, types.FunctionType))
                waiting.extend(each.__code__ for each in functions if each.__globals__ is around)
