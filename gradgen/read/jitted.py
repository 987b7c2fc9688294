"""The Python function behind one that numba compiles: `@njit`, `@jit`, `@vectorize`.

Never compiles anything, and imports nothing of numba's: what it looks at is there already.
"""
from __future__ import annotations

import functools
import types
from typing import Any

REAL = frozenset("fd->,")
"""The letters of floats in the signatures of universal functions, and what stands between them."""


def python_of(function: Any) -> types.FunctionType | None:
    """The plain function that is compiled; None for what numba has not made, and where a stated signature makes other numbers of
    floats."""
    if isinstance(function, types.FunctionType) or type(function).__module__.partition(".")[0] != "numba":
        return None
    is_universal = hasattr(function, "_dispatcher")
    plain = getattr(function._dispatcher if is_universal else function, "py_func", None)
    if not isinstance(plain, types.FunctionType):
        return None
    if is_universal:
        is_stated = bool(getattr(function, "_frozen", False))
        takes_floats = all(REAL.issuperset(each) for each in function.types)
    else:
        is_stated = not getattr(function, "_can_compile", True)
        stated = map(str, getattr(function, "nopython_signatures", ()))
        takes_floats = all("int" not in each and "float32" not in each for each in stated)
    return plain if takes_floats or not is_stated else None


def runs_python(value: object) -> bool:
    """Whether calling an object runs a Python function that can be read: the function itself, one that caches, a compiled one."""
    return isinstance(value, types.FunctionType | functools._lru_cache_wrapper) or python_of(value) is not None
