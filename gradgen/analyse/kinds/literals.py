"""The values of expressions that are written out: numbers, texts, tuples of them, infinity by any of its names.

Never looks at variables.
"""
from __future__ import annotations

import math

from gradgen.ir import nodes as ir
from gradgen.rules.shapes import UNKNOWN

INFINITE = frozenset({"np.inf", "numpy.inf", "math.inf"})


def literal_of(expr: ir.Expr) -> object:
    """The value of a literal, a tuple of literals too; UNKNOWN for anything else."""
    match expr:
        case ir.Const(value=value):
            return value
        case ir.Value(of=of):
            return literal_of(of)
        case ir.Name(id=name, scope="global") if name in INFINITE:
            return math.inf
        case ir.Op(op="float", args=(ir.Const(value=str() as text),)) if text.lower() in ("inf", "infinity"):
            return math.inf
        case ir.Op(op="neg", args=(inner,)) if literal_of(inner) == math.inf:
            return -math.inf
        case ir.Display(kind="tuple" | "list", items=items):
            values = tuple(map(literal_of, items))
            return UNKNOWN if UNKNOWN in values else values
    return UNKNOWN
