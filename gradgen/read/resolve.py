"""What a name outside of the function stands for: live objects behind globals, closure cells, builtins and dotted paths.

Never calls anything it finds, and never runs a property: only modules and classes are looked into.
"""
from __future__ import annotations

import builtins
import functools
import inspect
import sys
import types
from collections.abc import Mapping
from typing import Any, Final

from gradgen.ir.frozen import dataclass, field
from gradgen.read.trees import BEHIND_THE_TEXT


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()


LIBRARIES = frozenset({"builtins", "cmath", "math", "numpy", "operator", "scipy"})
"""Whose functions do what a builtin of their name does: sums, absolute values, powers."""

_FIELD: Final = type(inspect.getattr_static(inspect.FullArgSpec, "args"))

WORK_BEHIND: Final = {
    **{name: getattr(builtins, name) for name in BEHIND_THE_TEXT},
    "currentframe": inspect.currentframe, "_getframe": sys._getframe,
}
"""The functions that read or write variables that the text does not name, by their own names."""


def runs_behind(held: Any) -> str | None:
    """The name of that one of them that runs where `held` is called, whatever it is called there; None if none does."""
    while isinstance(held, functools.partial):
        held = held.func
    return next((name for name, each in WORK_BEHIND.items() if held is each), None)


@dataclass(frozen=True)
class Scope:
    """The names that a function sees from outside: its closure cells, its module's globals, the builtins."""

    cells: Mapping[str, types.CellType] = field(default_factory=dict)
    global_names: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, function: types.FunctionType) -> Scope:
        cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
        return cls(cells, function.__globals__)

    def is_free(self, name: str) -> bool:
        return name in self.cells

    def hides_builtin(self, name: str) -> bool:
        """Whether the module has a function of its own by the name of one of Python's: its `range` is another."""
        own = self.global_names.get(name, MISSING)
        if own is MISSING or name.startswith("__") or not hasattr(builtins, name) or own is getattr(builtins, name):
            return False
        return (getattr(own, "__module__", None) or "").split(".")[0] not in LIBRARIES

    @property
    def hidden_builtins(self) -> frozenset[str]:
        """The names of Python's own functions that stand for functions of the module's own."""
        return frozenset(filter(self.hides_builtin, self.global_names))

    def lookup(self, name: str) -> Any:
        """The live object that `name` stands for, or MISSING."""
        if name in self.cells:
            try:
                return self.cells[name].cell_contents
            except ValueError:
                return MISSING
        if name in self.global_names:
            return self.global_names[name]
        return getattr(builtins, name, MISSING)


def kept_by(owner: Any, name: str) -> Any:
    """`owner.name` where an object keeps it, in a slot too, or its class as plain data; MISSING where looking it up may run
    anything."""
    own, of_class = getattr(owner, "__dict__", {}), inspect.getattr_static(type(owner), name, MISSING)
    if isinstance(of_class, types.MemberDescriptorType) and not _looks_up_itself(owner):
        return _in_slot(of_class, owner)
    if not isinstance(own, Mapping) or hasattr(type(of_class), "__set__"):
        return MISSING
    if name in own:
        return own[name]
    is_plain = not _looks_up_itself(owner) and not hasattr(type(of_class), "__get__")
    return of_class if is_plain else MISSING


def _in_slot(slot: types.MemberDescriptorType, owner: Any) -> Any:
    """What an object holds in a slot; MISSING while it is empty."""
    try:
        return slot.__get__(owner, type(owner))
    except AttributeError:
        return MISSING


def _looks_up_itself(owner: Any) -> bool:
    """Whether an object's class says in its own way what its attributes are."""
    return inspect.getattr_static(type(owner), "__getattribute__") is not object.__dict__["__getattribute__"]


def runs_descriptors(known: Any) -> bool:
    """Whether what a class holds, beside properties, says what happens where an attribute of its objects is stored."""
    return _runs_descriptors(known)


@functools.cache
def _runs_descriptors(known: Any) -> bool:
    own = [base for base in known.__mro__ if base.__module__ not in ("builtins", "abc", "typing")]
    return any(map(is_descriptor, (each for base in own for each in vars(base).values())))


def is_descriptor(held: Any) -> bool:
    """Whether what a class holds under a name decides what a store of that attribute does, and is no property, no slot and no
    field of a named tuple."""
    plain = (property, types.MemberDescriptorType, types.GetSetDescriptorType, _FIELD)
    return hasattr(type(held), "__set__") and type(held) not in plain


def attribute_of(owner: Any, name: str) -> Any:
    """`owner.name` where looking it up runs no user code: on modules, classes and distributions, and what an object holds itself
    that can be called; otherwise MISSING."""
    if isinstance(owner, types.ModuleType):
        return getattr(owner, name, MISSING)
    if isinstance(owner, type):
        found = inspect.getattr_static(owner, name, MISSING)
        if isinstance(found, (staticmethod, classmethod)):
            return getattr(owner, name)
        return found
    if type(owner).__module__.startswith("scipy.stats."):  # a distribution: its methods are a library's, as functions are
        return getattr(owner, name, MISSING)
    held = held_by(owner, name)
    return held if callable(held) else MISSING


def held_by(owner: Any, name: str) -> Any:
    """What an object holds under a name of its own that its class knows nothing of; otherwise MISSING."""
    known = type(owner)
    own = getattr(owner, "__dict__", None)
    if not isinstance(own, dict) or name not in own or inspect.getattr_static(known, name, MISSING) is not MISSING:
        return MISSING
    return MISSING if any("__getattribute__" in vars(base) for base in known.__mro__ if base is not object) else own[name]
