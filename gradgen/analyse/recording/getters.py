"""Says which attributes an object computes by code that changes something: what is read of them twice is not the same.

Never runs that code.
"""
from __future__ import annotations

import inspect
import types
from collections.abc import Collection, Iterator
from functools import cached_property

from gradgen.analyse.program import Program
from gradgen.analyse.recording.stability import ANYTHING, changes_in
from gradgen.errors import GradgenError
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.read.resolve import MISSING

PLAIN = frozenset({float, int, bool, str, type(None), complex})

_seen: dict[tuple[type, str], bool] = {}


def acting(value: object, names: Collection[str]) -> tuple[type, str] | None:
    """The class and the name of the first attribute among `names`, of an object or of those that it holds under such names, that
    reading changes something for; elements by `__getitem__` are one."""
    waiting, seen = [value], set[int]()
    while waiting:
        each = waiting.pop()
        known = type(each)
        if known in PLAIN or id(each) in seen or hasattr(known, "__array_ufunc__"):
            continue
        seen.add(id(each))
        for name in names:
            if acts(each, name):
                return known, name
        held = getattr(each, "__dict__", None)
        if type(held) is dict:
            waiting += [held[name] for name in names if name in held]
    return None


def acts(value: object, name: str) -> bool:
    """Whether reading an attribute of an object changes something, but for what is computed once and then kept."""
    key = (type(value), name)
    if key not in _seen:
        _seen[key] = False  # one that reads itself changes nothing by that
        _seen[key] = any(_changes(getter, value) for getter in _getters(type(value), name))
    return _seen[key]


def _getters(known: type, name: str) -> Iterator[types.FunctionType]:
    """What Python calls where an attribute of an instance is read, or an element for `__getitem__`."""
    found = inspect.getattr_static(known, name, MISSING)
    if name == "__getitem__":
        yield from (found,) if isinstance(found, types.FunctionType) else ()
    elif isinstance(found, property):
        yield from (found.fget,) if isinstance(found.fget, types.FunctionType) else ()
    else:
        own = getattr(type(found), "__get__", None)
        yield from (own,) if isinstance(own, types.FunctionType) and not isinstance(found, cached_property) else ()
    for special in ("__getattribute__", "__getattr__") if found is MISSING else ("__getattribute__",):
        own = inspect.getattr_static(known, special, None)
        if isinstance(own, types.FunctionType):
            yield own


def _changes(getter: types.FunctionType, value: object) -> bool:
    program = Program()
    try:
        read = program.read(getter, owner=value)
        program.receivers[read, read.parameters[0]] = value
        changed = changes_in(program, read, acts)
    except GradgenError:
        return False
    return ANYTHING in changed or not changed <= _kept_once(read.function)


def _kept_once(function: ir.Function) -> set[str]:
    """The attributes, as `.name`, that are stored only where a test has asked for them: what is computed once and kept."""
    kept: set[str] = set()
    for branch in found_in(function, ir.Branch):
        asked = {node.name for node in ir.walk(branch.test) if isinstance(node, ir.Attribute)}
        asked |= {node.value for node in ir.walk(branch.test) if isinstance(node, ir.Const) and isinstance(node.value, str)}
        for stmt in (*branch.then, *branch.orelse):
            match stmt:
                case ir.Assign(target=ir.AttributeTarget(name=name), value=value, augmented=None) if name in asked:
                    if not any(isinstance(node, ir.Attribute) and node.name == name for node in ir.walk(value)):
                        kept.add(f".{name}")
    return kept
