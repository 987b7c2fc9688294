"""Where generated functions pickle to: a name here says how to make the function again from its primal.

Never keeps a function alive.
"""
from __future__ import annotations

import ast
import importlib
import itertools
import re
import sys
import types
from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

_known: WeakValueDictionary[str, Any] = WeakValueDictionary()
_DOT = "\N{MIDDLE DOT}"  # pickle takes a name apart at its dots


def register(function: types.FunctionType, mode: str, primal: Callable[..., Any], **options: object) -> None:
    """Let a generated function pickle where its primal does: it is looked up here by a name that says how it was made."""
    module, qualname = getattr(primal, "__module__", None), getattr(primal, "__qualname__", "<")
    if not isinstance(module, str) or module not in sys.modules or "<" in qualname:
        return
    found = _find(sys.modules[module], qualname)
    is_decorated = found is not primal
    if is_decorated and getattr(found, "__wrapped__", None) is not primal:
        return
    told = {key: value for key, value in {**options, "decorated": is_decorated}.items() if value != _USUAL[key]}
    names = (_name(mode, module, qualname, {**told, **({"copy": number} if number else {})}) for number in itertools.count())
    name = next(name for name in names if _known.get(name, function) is function)
    _known[name] = function
    function.__module__, function.__qualname__ = __name__, name


_USUAL: dict[str, Any] = {"wrt": None, "optimize": True, "checkpoint": None, "decorated": False, "copy": 0}


def _name(mode: str, module: str, qualname: str, told: dict[str, Any]) -> str:
    rest = "".join(f", {key}={value!r}" for key, value in told.items())
    return f"{mode}({module}:{qualname}{rest})".replace(".", _DOT)


def _find(module: types.ModuleType, qualname: str) -> Any:
    found: Any = module
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return found


def reduced(decorated: Any, *options: object) -> str | tuple[Any, ...]:
    """What a decorated function pickles as: found again by its name where its module has it under that, as functions are."""
    primal = decorated.__wrapped__
    module, bound = sys.modules.get(primal.__module__), getattr(primal, "__self__", None)
    if module is not None and _find(module, primal.__qualname__) is decorated:
        return str(primal.__qualname__)
    return (getattr, (bound, primal.__name__)) if bound is not None else (type(decorated), (primal, *options))


def __getattr__(name: str) -> Any:
    """The function that a pickled name stands for, made again where this process has not made it yet."""
    said = re.fullmatch(r"(\w+)\(([^:]+):([^,]+)(.*)\)", name.replace(_DOT, "."))
    if said is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name not in _known:
        from gradgen import direct

        mode, module, qualname, rest = said.groups()
        call = ast.parse(f"told({rest.removeprefix(', ')})", mode="eval").body
        assert isinstance(call, ast.Call)
        told = _USUAL | {each.arg: ast.literal_eval(each.value) for each in call.keywords if each.arg is not None}
        told.pop("copy")  # of several that say the same, each is found by its own name
        primal = _find(importlib.import_module(module), qualname)
        primal = primal.__wrapped__ if told.pop("decorated") else primal
        function = direct.specialised(mode, primal, told.pop("wrt"), **told)
        function.__module__, function.__qualname__ = __name__, name
        _known[name] = function
        return function
    return _known[name]
