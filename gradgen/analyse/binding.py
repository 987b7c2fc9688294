"""Which function a method call or a callable object runs, and which expression each of its parameters receives.

Never reads a function.
"""
from __future__ import annotations

import builtins
import functools
import inspect
import types
import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from gradgen.analyse.kinds.values import holds_array
from gradgen.analyse.reads import CallSite, Keys, Read
from gradgen.analyse.surroundings.classes import method_of, record_fields
from gradgen.analyse.versions import Versions
from gradgen.errors import GradgenError
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import AnyKind
from gradgen.read.constructors import constructor_of
from gradgen.read.imports import forwarded
from gradgen.read.resolve import MISSING
from gradgen.read.siblings import sibling
from gradgen.rules.statistics_of_lists import formula_of

SPREAD = "**"
Found = tuple[types.FunctionType | None, ir.Expr | None]


def bound_method(known: type, owner: Any, func: ir.Attribute) -> Found:
    """The function that `owner.name(...)` runs and what it is bound to; `known` is the owner's class, or the owner itself."""
    is_class = isinstance(owner, type)
    if not is_class and method_of(known, owner, func.name) is MISSING:
        return None, None
    match as_method(inspect.getattr_static(known, func.name, None)):
        case staticmethod() as found if isinstance(function := forwarded(found.__func__), types.FunctionType):
            return function, None
        case classmethod() as found if isinstance(found.__func__, types.FunctionType):
            return found.__func__, func.base if is_class else _class_of(func.base)
        case types.FunctionType() as found:
            return found, None if is_class else func.base
    return None, None


def as_method(found: Any) -> Any:
    """What a class holds, or the function that stands there decorated, where the decorator says that it binds as that would."""
    return found.__wrapped__ if getattr(type(found), "binds_as_wrapped", False) else found


def called_object(target: Any, func: ir.Expr) -> Found:
    """The `__call__` that calling an object runs, bound to it; the `__init__` that making an instance of a class does."""
    if isinstance(target, type):
        return None if record_fields(target) is not None else constructor_of(target), None
    call = inspect.getattr_static(type(target), "__call__", None)
    return (call, func) if isinstance(call, types.FunctionType) else (None, None)


def called_instance(func: ir.Expr, live: Any, known: type | None) -> Found:
    """The `__call__` that calling what a local name holds runs, bound to it: a `live` object, an instance of a `known` class."""
    known = known if live is MISSING else type(live)
    return (None, None) if known is None else bound_method(known, live, ir.Attribute(func, "__call__", span=func.span))


def _class_of(base: ir.Expr) -> ir.Expr:
    return ir.Call(ir.Name("type", "global"), (base,), target=type)


def owner_of(func: ir.Expr) -> ir.Expr:
    """What stands before the last dot of a called name; of a bound method by a name of its own, what it is bound to."""
    if isinstance(func, ir.Attribute):
        return func.base
    assert isinstance(func, ir.Name)
    owner = func.id.rpartition(".")[0]
    if not owner:
        return ir.Attribute(func, "__self__", span=func.span)
    span = None if func.span is None else ir.Span(func.span.start, func.span.start + len(owner))
    return ir.Name(owner, "global", span=span)


def own_call(call: ir.Call, read: Read, versions: Versions) -> CallSite | None:
    """What a call runs in a nested function that calls itself: with what it has captured, as it stands."""
    arguments = bind_arguments(call, read.function.parameters, None, versions, read.given)
    if arguments is None:
        return None
    for name in read.captures:
        arguments[name] = made = ir.Name(name, span=call.span)
        versions.of_read[made] = versions.of_parameter[name]
    return CallSite(read, arguments)


def beside(call: ir.Call, name: str, read: Read, versions: Versions) -> tuple[ir.Define, dict[str, ir.Expr]] | None:
    """The nested function that another one calls which stands beside it, and what it is given: what both have captured too."""
    define = None if read.outer is None else sibling(read.outer.function, name)
    if define is None or not set(define.captures) <= set(read.captures):
        return None
    arguments = bind_arguments(call, define.function.parameters, None, versions, read.given)
    if arguments is None:
        return None
    for each in define.captures:
        arguments[each] = made = ir.Name(each, span=call.span)
        versions.of_read[made] = versions.of_parameter[each]
    return define, arguments


def bind_arguments(
    call: ir.Call, parameters: tuple[ir.Parameter, ...], receiver: ir.Expr | None, versions: Versions, given: Mapping[str, Any]
) -> dict[str, ir.Expr] | None:
    """Which expression each parameter receives; None where a star makes that unknown before the call. What two stars spread is
    under SPREAD where its keys are unknown; `given` is what the function around knows of its own parameters."""
    args = list(call.args) if receiver is None else [receiver, *call.args]
    starred = args.pop() if args and isinstance(args[-1], ir.Starred) else None
    if any(isinstance(arg, ir.Starred) for arg in args):
        return None
    result: dict[str, ir.Expr] = {}
    keywords: dict[str, ir.Expr] = {}
    for name, value in call.keywords:
        found = {name: value} if name is not None else _items_of(value, versions, given)
        if found is None and SPREAD in result:
            return None
        if found is None:
            result[SPREAD] = value
        keywords |= found or {}
    extra: dict[str, ir.Expr] = {}
    taken = 0  # how many elements of the starred sequence the parameters so far have taken
    count = count_of(starred.value, versions, given) if isinstance(starred, ir.Starred) else None
    for parameter in parameters:
        if parameter.kind in ("positional", "either") and args:
            result[parameter.name] = args.pop(0)
        elif parameter.kind in ("either", "keyword") and parameter.name in keywords:
            result[parameter.name] = keywords.pop(parameter.name)
        elif parameter.kind in ("positional", "either") and isinstance(starred, ir.Starred) and taken != count:
            if parameter.default is not None and count is None:
                return None  # whether the sequence reaches so far is not known
            result[parameter.name] = ir.Item(starred.value, ir.Const(taken))
            taken += 1
        elif parameter.kind == "args":
            if isinstance(starred, ir.Starred) and taken != count:
                if args or taken:
                    return None
                count = taken
                result[parameter.name] = starred.value
            elif args:
                result[parameter.name] = ir.Display("tuple", tuple(args))
            args = []
        elif parameter.kind == "kwargs":
            extra = dict(keywords)
            keywords = {}
            if extra:
                result[parameter.name] = ir.Display("dict", tuple(extra.values()), tuple(ir.Const(name) for name in extra))
    return None if args or keywords or count is not None and taken < count else result


def count_of(sequence: ir.Expr | None, versions: Versions, given: Mapping[str, Any]) -> int | None:
    """How many elements a sequence has that is written out, or that a function was called with; None where it is not known."""
    match sequence:
        case ir.Display(items=items) if not any(isinstance(item, ir.Starred) for item in items):
            return len(items)
        case ir.Name(id=name):
            version = versions.of_read.get(sequence)
            known = given.get(name) if version is not None and version.kind == "parameter" else None
            return len(known.names) if isinstance(known, Keys) else None
    return None


def _items_of(value: ir.Expr, versions: Versions, given: Mapping[str, Any]) -> dict[str, ir.Expr] | None:
    """The items of a dict that is written out, there or where its variable is assigned, or that a call has spread; None for any
    other."""
    version = versions.of_read.get(value) if isinstance(value, ir.Name) else None
    if version is not None and version.kind == "parameter" and isinstance(known := given.get(version.name), Keys):
        return {name: ir.Item(value, ir.Const(name)) for name in known.names}
    made = version.sources[0] if version is not None and version.kind == "assign" and len(version.sources) == 1 else value
    if not isinstance(made, ir.Display) or made.kind != "dict":
        return None
    keys = [key.value for key in made.keys if isinstance(key, ir.Const) and isinstance(key.value, str)]
    if len(keys) < len(made.items):
        return None
    items = made.items if made is value else [ir.Item(value, ir.Const(key)) for key in keys]
    return dict(zip(keys, items, strict=True))


MAKERS = ("gradgen.api", "gradgen.decorated", "gradgen.examined")
"""Where the functions are found that make derivatives, and judge them."""
UNREAD = frozenset({
    "numpy", "scipy", "pandas", "inspect", "json", "logging", "os", "pathlib", "posixpath", "re", "threading", "traceback",
    "warnings",
})
"""The packages whose functions are not read."""


def unwrapped(target: Any) -> Any:
    """The function inside of a cache, which hands out what the function does, or of one that only hands its arguments on; of a
    generated function that which its text says, and None where its text is not known before it is called."""
    if hasattr(target, "for_kinds"):
        return None
    while isinstance(target, functools._lru_cache_wrapper):
        target = target.__wrapped__
    target = forwarded(target)
    if not hasattr(target, "as_written"):
        return target
    known = _as_written.get(target)
    if known is None or not stands(cast(Any, known).rests_on):
        is_other = target.has_pairs or target.is_together or not stands(target.written_for)
        plain = target.remade(has_pairs=False, is_apart=True) if is_other else target
        known = _as_written[target] = plain.as_written()
        cast(Any, known).rests_on = plain.written_for
    return known


def stands(written_for: Iterable[Any]) -> bool:
    """Whether the outside names that a text was written for still stand for the same objects."""
    return all(each.is_kind or _found(each) is each.held for each in written_for)


def _found(binding: Any) -> Any:
    """What the name of a binding stands for."""
    first, *rest = binding.path.split(".")
    if isinstance(binding.owner, types.CellType):
        found: Any = binding.owner.cell_contents
    else:
        found = binding.owner.get(first, getattr(builtins, first, MISSING))
    for name in rest:
        found = getattr(found, name, MISSING)
    return found


def text_for(target: Any, call: ir.Call, kind_of: Callable[[ir.Expr], AnyKind]) -> Any:
    """As unwrapped; of a derivative that has a text for each of the kinds that it is called with, what the one for those of a
    call says. None where these are not known, or there is no text for them."""
    for_kinds = getattr(target, "for_kinds", None) or getattr(target, "for_other_kinds", None)
    if for_kinds is None:
        return formula_of(unwrapped(target))
    names = inspect.signature(target.primal).parameters
    given = {**dict(zip(names, call.args, strict=False)), **{name or "": value for name, value in call.keywords}}
    kinds = {name: kind_of(value) for name, value in given.items() if name in names}  # seeds and tangents are of the same kinds
    if not hasattr(target, "for_kinds") and not any(map(holds_array, kinds.values())):
        return unwrapped(target)
    if None in kinds.values() or "" in given or any(isinstance(arg, ir.Starred) for arg in call.args):
        return None
    try:
        return unwrapped(for_kinds(kinds))
    except GradgenError:
        return None


_as_written: weakref.WeakKeyDictionary[types.FunctionType, types.FunctionType] = weakref.WeakKeyDictionary()


def is_of_a_library(function: types.FunctionType) -> bool:
    """Whether a function is NumPy's, SciPy's or pandas' own: they take numbers for arrays and fill arrays through calls, and what
    they do is said by rules, or refused. So are gradgen's, which make other functions; `statistics` has formulas, and what
    Python's modules that tell and look around do is none."""
    module = function.__module__ or ""
    has_formulas = module == "statistics" and function.__qualname__ == function.__name__  # methods there are read
    return module.partition(".")[0] in UNREAD or module in MAKERS or has_formulas


def inputs_of(call: ir.Call) -> Iterable[ir.Expr]:
    """What goes into a call: its arguments, and the object whose method it is or what is called."""
    yield from call.args
    for _, value in call.keywords:
        yield value
    yield call.func.base if isinstance(call.func, ir.Attribute) else call.func
