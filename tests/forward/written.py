"""Functions made from text, with a source that can be read: for tests that write their functions.

Never judges what comes out.
"""
from __future__ import annotations

import itertools
import linecache
import math
import types
from collections.abc import Mapping
from typing import Any

_number = itertools.count()


def function(text: str, names: Mapping[str, Any] | None = None) -> Any:
    """The last function of a module text, with `math` and `names` around it."""
    file = f"<written {next(_number)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    namespace: dict[str, Any] = {"math": math, "__name__": "written", **(names or {})}
    exec(compile(text, file, "exec"), namespace)
    functions = (value for value in namespace.values() if isinstance(value, types.FunctionType))
    return [value for value in functions if value.__code__.co_filename == file][-1]
