"""Gives a decorated function, which takes whatever it is called with, the parameters of the function that it wraps.

Never skips the decorator: what stands for the function calls it.
"""
from __future__ import annotations

import inspect
import linecache
import types
import weakref

VARIABLE = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
PLAIN = (int, float, bool, str)
_named: weakref.WeakKeyDictionary[types.FunctionType, types.FunctionType] = weakref.WeakKeyDictionary()


def hands_everything_on(function: types.FunctionType) -> bool:
    """Whether a function has no parameters by name but says, by functools.wraps, what those are that it is called with."""
    code = function.__code__
    takes_any = code.co_flags & inspect.CO_VARARGS and not code.co_argcount and not code.co_kwonlyargcount
    return bool(takes_any) and isinstance(getattr(function, "__wrapped__", None), types.FunctionType)


def with_names(function: types.FunctionType) -> types.FunctionType:
    """A function with the wrapped one's parameters that calls this one; the function itself where these cannot be written."""
    if function not in _named:
        _named[function] = _with_names(function) or function
    return _named[function]


def _with_names(function: types.FunctionType) -> types.FunctionType | None:
    name, wrapped = function.__name__, inspect.unwrap(function)
    parameters = list(inspect.signature(function).parameters.values())
    if not name.isidentifier() or not parameters or any(each.kind in VARIABLE for each in parameters):
        return None
    code = wrapped.__code__
    takes_keywords = bool(function.__code__.co_flags & inspect.CO_VARKEYWORDS)
    inner = f"{name}_as_decorated"
    heads, given, is_after = [], [], False
    for each in parameters:
        has_default = each.default is not inspect.Parameter.empty
        if has_default and (each.default is not None and type(each.default) not in PLAIN or each.default != each.default):
            return None
        if each.kind is inspect.Parameter.KEYWORD_ONLY:
            if not takes_keywords:
                return None
            heads += [] if is_after else ["*"]
            is_after = True
        annotation = each.annotation if isinstance(each.annotation, str) else getattr(each.annotation, "__name__", "")
        hint = f": {annotation}" if annotation in ("int", "float", "bool", "str") else ""
        heads.append(each.name + hint + (f"{' = ' if hint else '='}{each.default!r}" if has_default else ""))
        given.append(f"{each.name}={each.name}" if each.kind is inspect.Parameter.KEYWORD_ONLY else each.name)
    text = f"def {name}({', '.join(heads)}):\n    return {inner}({', '.join(given)})\n"
    file = f"<{name} in {code.co_filename.rpartition('/')[2]}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    namespace = {inner: function, "__name__": function.__module__}
    exec(compile(text, file, "exec"), namespace)
    made = namespace[name]
    assert isinstance(made, types.FunctionType)
    return made
