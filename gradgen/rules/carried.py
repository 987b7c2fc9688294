"""Recognises the helpers that generated modules carry, so that generated code can be read like any other.

Never runs them.
"""
from __future__ import annotations

import types
from functools import cache

from gradgen.errors import NonDifferentiableError
from gradgen.rules.helpers import HELPERS

CHECKS = frozenset({"check_fields", "check_number", "check_real", "check_shapes", "check_tangent"})
ZEROS = frozenset({"zeros_like", "zero_gradient", "zero_tangent"})


def carried_helper(target: object) -> str | None:
    """The name of the helper that a live object is, in a generated module or in gradgen's own process; None for others."""
    name = getattr(target, "__name__", None)
    if isinstance(target, type):
        is_own = target is NonDifferentiableError or target.__bases__ == (ArithmeticError,) and target.__module__ != "builtins"
        return name if is_own and name == "NonDifferentiableError" else None
    if not isinstance(target, types.FunctionType) or name not in HELPERS:
        return None
    code = target.__code__
    same = (own for own in _codes_of(name) if (code.co_code, code.co_names, code.co_varnames) == own)
    return name if any(True for _ in same) else None


@cache
def _codes_of(name: str) -> list[tuple[object, ...]]:
    """The code of a helper, in each of its variants."""
    texts = [text for label, text in HELPERS.items() if label.split(",")[0] == name]
    parts = [each for text in texts for each in compile(text, "<helper>", "exec").co_consts]
    codes = [each for each in parts if isinstance(each, types.CodeType) and each.co_name == name]
    return [(code.co_code, code.co_names, code.co_varnames) for code in codes]
