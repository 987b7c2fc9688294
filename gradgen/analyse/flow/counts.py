"""Says which variables of a loop only count: they take whole steps, which move with nothing.

Never looks outside of the loop.
"""
from __future__ import annotations

from gradgen.ir import nodes as ir


def is_count(name: str, stmt: ir.Stmt) -> bool:
    """Whether a variable only takes whole steps: `n += 1`."""
    for node in ir.walk(stmt):
        match node:
            case ir.Assign(target=ir.NameTarget(id=bound), value=value) if bound == name:
                steps = [part for part in ir.walk(value) if isinstance(part, ir.Const)]
                others = [read for read in ir.names_read(value) if read.id != name]
                if others or not all(isinstance(step.value, int | float) and float(step.value).is_integer() for step in steps):
                    return False
                if any(isinstance(part, ir.Op) and part.op not in ("add", "sub", "neg") for part in ir.walk(value)):
                    return False
            case ir.Assign(target=ir.TupleTarget() as target):
                if any(isinstance(bound, ir.NameTarget) and bound.id == name for bound in ir.walk(target)):
                    return False
    return True
