"""The dtype of what an operation of numbers or entries gives.

Never looks at shapes.
"""
from __future__ import annotations

from collections.abc import Sequence

from gradgen.ir.kinds import Dtype, wider
from gradgen.rules.complexes import COMPLEX_RESULTS, REAL_RESULTS
from gradgen.rules.shapes import real

TRUE_OPERATIONS = frozenset({
    "not", "in", "notin", "is", "isnot", "lt", "le", "gt", "ge", "eq", "ne", "isnan", "isfinite", "isinf", "isclose", "bool",
    "logical_and", "logical_or", "logical_xor", "logical_not", "signbit",
})
WHOLE_OPERATIONS = frozenset({"int"})
PRESERVING = frozenset({
    "add", "sub", "mul", "pow", "floordiv", "mod", "neg", "pos", "abs", "max", "min", "maximum", "minimum", "fmax", "fmin",
    "where", "square", "sign", "clip", "bitand", "bitor", "bitxor", "invert", "lshift", "rshift", "floor", "ceil", "trunc",
    "rint", "conjugate", "real", "imag",
})


def dtype_of(operation: str, dtypes: Sequence[Dtype]) -> Dtype:
    """The dtype of what an operation makes of operands of these."""
    widest: Dtype = "bool"
    for dtype in dtypes:
        widest = wider(widest, dtype)
    if operation in TRUE_OPERATIONS:
        return "bool"
    if operation in WHOLE_OPERATIONS:
        return "int"
    if operation in COMPLEX_RESULTS:
        return "complex"
    if widest == "complex" and operation in REAL_RESULTS:
        return "float"
    return widest if operation in PRESERVING else real(widest)
