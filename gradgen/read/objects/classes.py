"""What a class of the user's says of its objects: how they are made, what an attribute or an operator of them runs.

Never makes an object and never runs a property.
"""
from __future__ import annotations

import abc
import ast
import dataclasses
import dis
import enum
import functools
import inspect
import types
from collections.abc import Iterable, Iterator
from typing import Any

from gradgen.ir.frozen import dataclass
from gradgen.read.literals import literal
from gradgen.read.objects.values import Unsaid
from gradgen.read.resolve import MISSING, runs_descriptors

HOOKS = ("__getattribute__", "__getattr__", "__setattr__", "__delattr__", "__del__", "__new__")
PLAIN = (object, abc.ABC)


def is_told(known: object) -> bool:
    """Whether objects of a class are no more than what its text says: it is the user's own, and says nothing by itself of how
    attributes are looked up."""
    if not isinstance(known, type) or type(known) not in (type, abc.ABCMeta) or known.__module__ in ("builtins", "typing"):
        return False
    if issubclass(known, BaseException | enum.Enum) or known.__module__.partition(".")[0] in ("numpy", "scipy", "gradgen"):
        return False
    if runs_descriptors(known):
        return False
    if is_named_tuple(known):
        return not any(name in vars(base) for base in known.__mro__[:-2] for name in HOOKS if name != "__new__")
    bases = [base for base in known.__mro__ if base not in PLAIN and base.__module__ != "typing"]
    if any(base.__module__ == "builtins" for base in bases):
        return False
    if is_frozen(known):
        bases = [base for base in bases if not is_frozen(base)]
    return not any(name in vars(base) for base in bases for name in HOOKS)


def is_named_tuple(known: type) -> bool:
    fields = getattr(known, "_fields", None)
    made: Any = next((vars(base)["__new__"] for base in known.__mro__ if "__new__" in vars(base)), None)
    made = getattr(made, "__func__", made)
    return issubclass(known, tuple) and isinstance(fields, tuple) and (
        isinstance(made, types.FunctionType) and not made.__code__.co_filename.endswith(".py")
    )


def is_frozen(known: type) -> bool:
    parameters = vars(known).get("__dataclass_params__")
    own = vars(known).get("__setattr__")
    generated = isinstance(own, types.FunctionType) and own.__code__.co_filename.startswith("<")
    return parameters is not None and bool(parameters.frozen) and generated


def is_record(known: type) -> bool:
    """Whether the fields of a class say how its objects are made."""
    maker = inspect.getattr_static(known, "__init__", None)
    is_generated = isinstance(maker, types.FunctionType) and maker.__code__.co_filename.startswith("<")
    return is_named_tuple(known) or is_generated and dataclasses.is_dataclass(known)


def is_read_as_one(known: type) -> bool:
    """Whether later stages know an object of a class for the record that it is."""
    return is_record(known) and (is_named_tuple(known) or "__dataclass_fields__" in vars(known))


@dataclass(frozen=True)
class Field:
    """A field of a record: its default as text, or what makes one; `is_given`: whether a call gives it."""

    name: str
    default: str | None = None
    is_given: bool = True
    is_named: bool = False
    has_default: bool = False


@functools.cache
def fields_of(known: type) -> tuple[Field, ...]:
    """The fields of a record, in the order in which they are given."""
    if is_named_tuple(known):
        defaults: dict[str, Any] = getattr(known, "_field_defaults", {})
        names: tuple[str, ...] = getattr(known, "_fields", ())
        return tuple(Field(name, literal(defaults.get(name, MISSING)), has_default=name in defaults) for name in names)
    found = []
    for each in dataclasses.fields(known):
        text = literal(each.default) if each.default is not dataclasses.MISSING else None
        if each.default_factory in (list, dict):
            text = "[]" if each.default_factory is list else "{}"
        has = each.default is not dataclasses.MISSING or each.default_factory is not dataclasses.MISSING
        found.append(Field(each.name, text, each.init, bool(each.kw_only), has))
    if any("InitVar" in str(each) for each in vars(known).get("__annotations__", {}).values()):
        raise Unsaid
    return tuple(found)


def held(known: type, name: str) -> Any:
    """What a class has under a name; MISSING where it has nothing."""
    return inspect.getattr_static(known, name, MISSING)


def method(known: type, name: str) -> types.FunctionType | None:
    """The plain function that a method of a class is."""
    found = held(known, name)
    return found if isinstance(found, types.FunctionType) else None


@functools.cache
def changes(known: type) -> bool:
    """Whether a method of a class, beside what makes its objects, stores into an attribute."""
    making = ("__init__", "__post_init__")
    functions = _functions(each for base in known.__mro__[:-1] for name, each in vars(base).items() if name not in making)
    return any(each.opname in ("STORE_ATTR", "DELETE_ATTR") for one in functions for each in _steps(one.__code__))


def _functions(found: Iterable[Any]) -> Iterator[types.FunctionType]:
    """The functions behind what classes hold: methods, class methods, what properties run."""
    for each in found:
        parts = (each.fget, each.fset) if isinstance(each, property) else (getattr(each, "__func__", each),)
        yield from (part for part in parts if isinstance(part, types.FunctionType))


def _steps(code: types.CodeType) -> Iterator[dis.Instruction]:
    yield from dis.get_instructions(code)
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            yield from _steps(each)


@functools.cache
def stored_by_methods(known: type) -> frozenset[str]:
    """The names of the attributes that any method of a class stores."""
    functions = _functions(each for base in known.__mro__[:-1] for each in vars(base).values())
    return frozenset(
        str(each.argval) for one in functions for each in _steps(one.__code__) if each.opname in ("STORE_ATTR", "DELETE_ATTR")
    )


def shared_values(known: type) -> dict[str, ast.expr]:
    """What a class has for all its objects under names that its methods store into: what each begins with."""
    found = {}
    for name in sorted(stored_by_methods(known)):
        value = held(known, name)
        if value is not MISSING and not hasattr(value, "__get__"):
            text = literal(value) if not isinstance(value, list | dict) else None
            if text is None:
                raise Unsaid
            found[name] = ast.parse(text, mode="eval").body
    return found
