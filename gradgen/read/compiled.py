"""Whether two code objects are one program: bytecode, constants and names, whatever their line tables say.

Never runs the code and never looks at source.
"""
from __future__ import annotations

import inspect
import types
from collections.abc import Hashable

_SIGNATURE_FLAGS = (
    inspect.CO_VARARGS | inspect.CO_VARKEYWORDS | inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
)


def same_code(found: types.CodeType, running: types.CodeType) -> bool:
    """Whether `found`, compiled from a text, does what `running` does.

    A test module's code whose asserts pytest has rewritten is held to its parameters, names and constants only.
    """
    if _is_rewritten(running):
        return (
            _parameters(found) == _parameters(running)
            and {*found.co_varnames} <= {*running.co_varnames, *running.co_cellvars}
            and {*found.co_names} - {"AssertionError"} <= {*running.co_names}
            and {*map(_constant, found.co_consts)} <= {*map(_constant, running.co_consts), _constant(None)}
        )
    return _parameters(found) == _parameters(running) and (
        found.co_code == running.co_code
        and found.co_names == running.co_names
        and found.co_varnames == running.co_varnames
        and found.co_freevars == running.co_freevars
        and found.co_cellvars == running.co_cellvars
        and found.co_exceptiontable == running.co_exceptiontable
        and len(found.co_consts) == len(running.co_consts)
        and all(map(_same_constant, found.co_consts, running.co_consts))
    )


def _parameters(code: types.CodeType) -> tuple[object, ...]:
    starred = sum(bool(code.co_flags & flag) for flag in (inspect.CO_VARARGS, inspect.CO_VARKEYWORDS))
    count = code.co_argcount + code.co_kwonlyargcount + starred
    flags = code.co_flags & _SIGNATURE_FLAGS
    return code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, flags, code.co_varnames[:count]


def _same_constant(a: object, b: object) -> bool:
    if isinstance(a, types.CodeType) and isinstance(b, types.CodeType):
        return a.co_name == b.co_name and same_code(a, b)
    return _constant(a) == _constant(b)


def _constant(value: object) -> Hashable:
    """A constant told apart by type and sign too: 1, 1.0 and True, or 0.0 and -0.0, are different programs."""
    if isinstance(value, types.CodeType):
        return types.CodeType, value.co_name
    if isinstance(value, (tuple, frozenset)):
        items = map(_constant, value)
        return type(value), tuple(items) if isinstance(value, tuple) else frozenset(items)
    return type(value), repr(value)


def _is_rewritten(code: types.CodeType) -> bool:
    return any(name.startswith("@py") for name in (*code.co_varnames, *code.co_names, *code.co_cellvars))
