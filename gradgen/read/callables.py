"""What a callable is made of: the plain function that runs, and the arguments already bound to it.

Never skips a decorator: the outermost function is the one that runs, whatever its `__wrapped__` says.
"""
from __future__ import annotations

import functools
import inspect
import keyword
import types
from collections.abc import Mapping
from typing import Any

from gradgen.ir.frozen import dataclass, field
from gradgen.read.jitted import python_of
from gradgen.rules.spelling import operation_of


@dataclass(frozen=True, slots=True)
class CallableView:
    """A callable taken apart: calling it with `args` and `kwargs` runs `target(*bound, *args, **{**keywords, **kwargs})`.

    `function` is `target` where that is a plain Python function, else None: a builtin, a class, a C function.
    `signature` is what the user sees, and passes: nothing that is bound, and through functools.wraps that of the wrapped
    function; None where Python knows none. `cached` says that functools.lru_cache or cache stood around it, and was taken off.
    """

    target: Any
    function: types.FunctionType | None
    bound: tuple[object, ...]
    keywords: Mapping[str, object]
    signature: inspect.Signature | None = field(repr=False)
    cached: bool = False

    @property
    def name(self) -> str:
        """The function's own name; a callable object's is that of its class."""
        if self.function is not None and self.function.__name__ == "__call__" and self.bound:
            return type(self.bound[0]).__name__
        return str(getattr(self.target, "__name__", type(self.target).__name__))


def stem_of(name: str, other: str) -> str:
    """What generated names begin with for a function: its name, `call` for `__call__`; `other` where that is no name."""
    bare = name.strip("_") if name.startswith("__") and name.endswith("__") else name
    return bare if bare.isidentifier() and not keyword.iskeyword(bare) else other


def unwrap(obj: object) -> CallableView:
    """Take a callable apart: methods, partials, static and class methods, callable objects, caches.

    Raises TypeError for what cannot be called.
    """
    if not callable(obj) and not isinstance(obj, (classmethod, staticmethod)):
        raise TypeError(
            f"{obj!r:.60} is no function ({type(obj).__name__!r} object is not callable): write `def f(x): ...` and pass f"
        )
    target: Any = obj
    bound: tuple[object, ...] = ()
    keywords: dict[str, object] = {}
    cached = False
    while not isinstance(target, types.FunctionType):
        if isinstance(target, types.MethodType):
            if operation_of(target) is not None:  # a distribution's
                break
            target, bound = target.__func__, (target.__self__, *bound)
        elif isinstance(target, functools.partial) and not _has_placeholder(target):
            bound, keywords = (*target.args, *bound), {**target.keywords, **keywords}
            target = target.func
        elif isinstance(target, (staticmethod, classmethod)):
            target = target.__func__
        elif isinstance(target, functools._lru_cache_wrapper):
            target, cached = target.__wrapped__, True
        elif (compiled := python_of(target)) is not None:
            target = compiled
        elif isinstance(call := _own_call(target), (types.FunctionType, types.MethodType, functools.partial)):
            target = call
        else:
            break
    function = target if isinstance(target, types.FunctionType) else None
    return CallableView(target, function, bound, types.MappingProxyType(keywords), _signature(obj), cached)


def _own_call(target: object) -> object:
    """The `__call__` that Python runs for an object: its class's, bound to it. None for classes and what C defines."""
    if isinstance(target, type):
        return None
    call = inspect.getattr_static(type(target), "__call__", None)
    if isinstance(call, (types.FunctionType, classmethod, staticmethod, functools.partialmethod)):
        return call.__get__(target, type(target))
    return None


def _has_placeholder(target: functools.partial[Any]) -> bool:
    """Python 3.14: a gap among the arguments of a partial, so that what follows is not in front."""
    placeholder = getattr(functools, "Placeholder", None)
    return placeholder is not None and any(arg is placeholder for arg in target.args)


def _signature(obj: Any) -> inspect.Signature | None:
    try:
        return inspect.signature(obj.__func__ if isinstance(obj, (staticmethod, classmethod)) else obj)
    except (TypeError, ValueError):
        return None
