"""Recognises the helpers that generated modules carry, so that generated code can be read like any other.

Never runs them.
"""
from __future__ import annotations

import types
from functools import cache

from gradgen.errors import NonDifferentiableError
from gradgen.marks import checkpoint, fixed_point
from gradgen.rules.helpers import HELPERS

CHECKS = frozenset({
    "check_complex", "check_fields", "check_held", "check_immutable", "check_number", "check_real", "check_record", "check_seed",
    "check_shapes", "check_tangent",
})
ZEROS = frozenset({"zeros_like", "zero_gradient", "zero_tangent"})
MARKS = (checkpoint, fixed_point)
"""Which do more in gradgen's own process: one marks what it is given, one says what it cannot take."""
ANEW = ZEROS | {"shaped_like"}
"""Helpers that make a container of a value's structure, and keep nothing of what they are given."""


APART = "_helper"
"""What ends the name of a helper in a module where something of the user's has the helper's own name."""

IMPORTS = "import math\nimport types\nimport numpy as np\nimport scipy.integrate\n"
"""What a module's file imports: Python compiles calls of functions of modules otherwise where it sees that they are modules."""


def own_name(name: str) -> str:
    """What a helper is called where nothing else has its name: `digamma` for `digamma_helper`."""
    stem = name.removesuffix(APART)
    return stem if stem in HELPERS else name


def carried_helper(target: object) -> str | None:
    """The name of the helper that a live object is, in a generated module or in gradgen's own process; None for others."""
    name = own_name(str(getattr(target, "__name__", "")))
    if isinstance(target, type):
        is_own = target is NonDifferentiableError or target.__bases__ == (ArithmeticError,) and target.__module__ != "builtins"
        return name if is_own and name == "NonDifferentiableError" else None
    if not isinstance(target, types.FunctionType) or name not in HELPERS:
        return None
    if target in MARKS:
        return name
    code = _parts_of(target.__code__)
    return name if any(own == code for _, own in _codes_of(name)) else None


def carried_label(target: object) -> str | None:
    """Which of the helpers' texts a live object is of, where a helper has several: `zeros_like, where elements may be arrays`."""
    name = carried_helper(target)
    if name is None or not isinstance(target, types.FunctionType) or target in MARKS:
        return name
    return next(label for label, own in _codes_of(name) if own == _parts_of(target.__code__))


@cache
def _codes_of(name: str) -> list[tuple[str, tuple[object, ...]]]:
    """The code of a helper, in each of its variants, by label."""
    texts = [(label, text) for label, text in HELPERS.items() if label.split(",")[0] == name]
    whole = [(label, compile(before + text, "<helper>", "exec")) for label, text in texts for before in ("", IMPORTS)]
    parts = [(label, each) for label, code in whole for each in code.co_consts]
    return [(label, _parts_of(each)) for label, each in parts if isinstance(each, types.CodeType) and each.co_name == name]


def _parts_of(code: types.CodeType) -> tuple[object, ...]:
    return code.co_code, tuple(map(own_name, code.co_names)), code.co_varnames
