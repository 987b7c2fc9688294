"""Gives a callable that has a rule but no source, such as `math.sin`, a Python function to stand in for it.

Never calls it.
"""
from __future__ import annotations

import importlib
import linecache
import sys
import types
from typing import Any

from gradgen.codes import stated
from gradgen.errors import Finding, SourceError
from gradgen.rules.registry import rules_for
from gradgen.rules.spelling import family_of, operation_of


def standing_in(fn: Any) -> types.FunctionType:
    """A Python function for a callable that has a rule but no source: `math.sin`, with the operands that it cannot do without."""
    operation, family = operation_of(fn), family_of(fn)
    rules = rules_for(operation) if operation is not None else ()
    name = getattr(fn, "__name__", "")
    is_there = family not in (None, "builtins") and hasattr(sys.modules.get(family), name)
    module = family if is_there else getattr(fn, "__module__", "")
    if not rules or not name.isidentifier() or not module:
        raise SourceError(Finding("GG201", *stated("GG201", construct=repr(fn))))
    parameters = [each for each in rules[0].parameters if not each.startswith("*") and each not in rules[0].defaults] or ["x"]
    head = "" if module == "builtins" else f"{module}."
    text = f"def {name}({', '.join(parameters)}):\n    return {head}{name}({', '.join(parameters)})\n"
    file = f"<gradgen rule {name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    root = module.split(".")[0]
    namespace: dict[str, Any] = {} if module == "builtins" else {root: importlib.import_module(root)}
    exec(compile(text, file, "exec"), namespace)
    function = namespace[name]
    assert isinstance(function, types.FunctionType)
    return function
