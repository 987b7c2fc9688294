"""What is known of an object from its class: the fields that it is made of, and what its methods are.

Never makes an object and never runs a property.
"""
from __future__ import annotations

import abc
import dataclasses
import dis
import functools
import inspect
import types
from collections.abc import Callable, Iterable
from typing import Any

from gradgen.analyse.kinds.conversions import AS_GIVEN, UNKNOWN, Conversion, conversions_of
from gradgen.analyse.kinds.values import kind_of_value
from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.kinds import AnyKind, Holder
from gradgen.read.post_init import post_init_of
from gradgen.read.resolve import MISSING, attribute_of, runs_descriptors


def record_fields(target: Any) -> tuple[str, ...] | None:
    """The fields of a class whose instances only hold what they are made from: a named tuple or a plain dataclass,
    which may convert each of its values."""
    if not isinstance(target, type):
        return None
    names = getattr(target, "_fields", None)
    if issubclass(target, tuple) and isinstance(names, tuple):
        return None if "__new__" in target.__dict__ and target.__new__.__code__.co_filename.endswith(".py") else names
    fields = dataclasses.fields(target) if "__dataclass_fields__" in target.__dict__ else None
    own = ("__post_init__", "__getattribute__", "__getattr__", "__new__")
    parameters = getattr(target, "__dataclass_params__", None)
    if fields is None or parameters is None or not parameters.init:
        return None
    maker: Any = target
    if not maker.__init__.__code__.co_filename.startswith("<"):  # written by hand, not by dataclass
        return None
    if any(name in base.__dict__ for base in target.__mro__[:-1] for name in own) or runs_descriptors(target):
        return None
    names = tuple(each.name for each in fields if each.init)
    return names if parameters.frozen or conversions_of(target, names) is not None else None


def conversion_of(target: Any, name: str) -> Conversion:
    """What a field of a record that is made of values holds of the one that it is given."""
    names = record_fields(target) or ()
    if issubclass(target, tuple) or target.__dataclass_params__.frozen:
        return AS_GIVEN
    return (conversions_of(target, names) or {}).get(name, UNKNOWN)


def has_defaults(target: type) -> bool:
    """Whether a record may be made without a value for each of its fields."""
    return any(each.default is not each.empty for each in inspect.signature(target).parameters.values())


def kind_of_record(call: ir.Call, of: Callable[[ir.Expr], AnyKind]) -> Holder | None:
    """What is known of the fields of a record that a call makes; None where it makes none."""
    names = record_fields(call.target)
    if names is None or any(isinstance(arg, ir.Starred) for arg in call.args) or any(name is None for name, _ in call.keywords):
        return None
    given = dict(zip(names, call.args, strict=False)) | {name: value for name, value in call.keywords if name is not None}
    kept = {name: value for name, value in given.items() if name in names and conversion_of(call.target, name) == AS_GIVEN}
    parts = tuple(of(kept[name]) if name in kept else None for name in names)
    is_tuple = issubclass(call.target, tuple)
    return Holder(parts, None, names, True, is_tuple, known=call.target) if len(call.args) <= len(names) else None


def may_be_held(known: type, name: str) -> bool:
    """Whether an attribute of an instance may be a part of it, of which a derivative with respect to the instance tells: not what
    a record has beside its fields."""
    return not dataclasses.is_dataclass(known) or any(each.name == name and each.init for each in dataclasses.fields(known))


def is_stored_when_made(known: type, name: str) -> bool:
    """Whether an attribute is what a dataclass's `__post_init__` stores: a part of the instances that a program makes."""
    is_read = dataclasses.is_dataclass(known) and post_init_of(known) is not None
    return is_read and (_stores(known, name) or any(each.name == name for each in dataclasses.fields(known)))


def is_computed(target: Any, name: str) -> bool:
    """Whether an attribute of a class's instances is no field of theirs, but is computed each time that it is read."""
    return isinstance(target, type) and isinstance(inspect.getattr_static(target, name, None), property)


@functools.cache
def computed_names(target: type) -> frozenset[str]:
    """The attributes that a class's instances do not hold each: what properties compute, and what the class holds for all."""
    own_fields = dataclasses.fields(target) if dataclasses.is_dataclass(target) else ()
    fields = {*(record_fields(target) or ()), *(each.name for each in own_fields)}
    if target.__module__.partition(".")[0] in ("builtins", "numpy", "scipy"):
        return frozenset()
    own = [base for base in target.__mro__ if base.__module__ not in ("builtins", "abc", "typing")]
    held = {name: each for base in reversed(own) for name, each in vars(base).items() if not name.startswith("__")}
    methods = (types.FunctionType, types.MemberDescriptorType, staticmethod, classmethod)
    computed = {name for name, each in held.items() if hasattr(each, "__get__") and not isinstance(each, methods)}
    shared = {name for name, each in held.items() if not hasattr(each, "__get__") and not callable(each)}
    return frozenset(computed - fields | {name for name in shared - fields if not _stores(target, name)})


def is_shared(known: type, name: str) -> bool:
    """Whether an attribute of a class's instances is what the class has for all of them, and no property."""
    return name in computed_names(known) and not hasattr(inspect.getattr_static(known, name), "__get__")


def computing(part: ir.Attribute, known: type | None) -> ir.Call | None:
    """The call that reading a property of an instance of a known class is; None for any other attribute."""
    held = None if known is None else inspect.getattr_static(known, part.name, None)
    if type(held) is not property or not isinstance(held.fget, types.FunctionType):
        return None
    return ir.Call(ir.Name(part.name, "global"), (part.base,), (), held.fget, span=part.span)


def owner_given(
    call: ir.Call, class_of: Callable[[ir.Expr], type | None], live: Callable[[ir.Expr], Any]
) -> ir.Expr | None:
    """The object whose property is read, where a call is what `computing` makes of that, and the one that a method is called on
    by the name of a class, `Shape.area(self)`, or by that of what generated text made of it: `area_forward(shape, x)`."""
    match call:
        case ir.Call(func=ir.Name(id=path, scope="global" | "free" as scope), args=(owner, *_)) if "." in path:
            first, _, name = path.rpartition(".")
            own, known = live(ir.Name(first, scope)), class_of(owner)
            is_above = isinstance(own, type) and known is not None and issubclass(known, own)
            return owner if is_above and isinstance(inspect.getattr_static(own, name, None), types.FunctionType) else None
        case ir.Call(func=ir.Name(scope="global" | "free"), args=(
            ir.Name(scope="global" | "free") as owner, _, *_,
        ), target=types.FunctionType() as target):
            return owner if target.__code__.co_varnames[:1] == ("self",) and hasattr(live(owner), "__dict__") else None
        case ir.Call(func=ir.Name(id=name, scope="global"), args=(owner,), target=types.FunctionType() as target):
            known = class_of(owner)
            held = None if known is None else inspect.getattr_static(known, name, None)
            return owner if type(held) is property and held.fget is target else None
    return None


def kind_from_class(
    part: ir.Expr, known: type | None, calls: dict[ir.Expr, ir.Call | None],
    of_call: Callable[[ir.Call, Callable[[ir.Expr], AnyKind]], AnyKind], of: Callable[[ir.Expr], AnyKind],
) -> AnyKind:
    """The kind of what an instance of a class has from that: a property's result, a constant. `calls` keeps the calls that
    reading properties are."""
    if not isinstance(part, ir.Attribute) or known is None:
        return None
    if part not in calls:
        calls[part] = computing(part, known)
    if (call := calls[part]) is not None:
        return of_call(call, of)
    return kind_of_value(inspect.getattr_static(known, part.name), part.name) if is_shared(known, part.name) else None


def class_made(expr: ir.Expr, versions: Versions) -> type | None:
    """The class of a call of it, and of what a local variable holds, where the function makes that by such a call."""
    made: object = expr
    if isinstance(expr, ir.Name):
        version = versions.of_read.get(expr)
        made = version.sources[0] if version is not None and version.kind == "assign" and len(version.sources) == 1 else None
    target = made.target if isinstance(made, ir.Call) else None
    if not isinstance(target, type) or type(target) not in (type, abc.ABCMeta):
        return None
    is_made_plainly = not any("__new__" in vars(base) for base in target.__mro__ if base is not object)
    return target if is_made_plainly or record_fields(target) is not None else None


def method_of(known: type, owner: Any, name: str) -> Any:
    """What `owner.name` finds in the class `known`; MISSING where the object may hold something of that name itself.

    `owner` is MISSING where the object is made only when the function runs: then the methods of its class are searched for
    what they store.
    """
    if name in getattr(owner, "__dict__", {}):
        return MISSING
    if any("__getattribute__" in vars(base) for base in known.__mro__ if base not in (object, tuple)):
        return MISSING
    found = attribute_of(known, name)
    if owner is MISSING and isinstance(found, types.FunctionType) and _stores(known, name):
        return MISSING
    return found


def _stores(known: type, name: str) -> bool:
    """Whether a method of a class stores an attribute of a name."""
    methods = (each for base in known.__mro__ for each in vars(base).values() if inspect.isfunction(each))
    plain = (each for method in methods for each in (method, inspect.unwrap(method)) if inspect.isfunction(each))
    instructions = (each for method in plain for each in dis.get_instructions(method))
    return any(each.opname == "STORE_ATTR" and each.argval == name for each in instructions)


def class_computing(name: str, functions: Iterable[ir.Function]) -> type | None:
    """A class, of which these functions make instances, that has an attribute which these do not hold themselves."""
    calls = (call for function in functions for call in found_in(function, ir.Call))
    made = (call.target for call in calls if isinstance(call.target, type))
    return next((each for each in made if name in computed_names(each)), None)
