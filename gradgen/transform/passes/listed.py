"""Puts the adjoint of a list that became an array straight under the list's own name: `dys = dz.tolist()`.

Never touches what another line reads.
"""
from __future__ import annotations

from collections.abc import Sequence

from gradgen.ir import nodes as ir


def named_once(lines: Sequence[ir.Stmt]) -> list[ir.Stmt]:
    """Backward lines without a name that only hands a new list on to the next line."""
    reads = [name.id for line in lines for name in ir.names_read(line)]
    result: list[ir.Stmt] = []
    for line in lines:
        match result[-1] if result else None, line:
            case (
                ir.Assign(target=ir.NameTarget(id=made), value=ir.Call() as value, augmented=None),
                ir.Assign(target=ir.NameTarget(id=own), value=ir.Name(id=handed), augmented=None),
            ) if made == handed and _is_list(value) and reads.count(made) == 1:
                result[-1] = ir.Assign(ir.NameTarget(own), value)
            case _:
                result.append(line)
    return result


def _is_list(call: ir.Call) -> bool:
    match call.func:
        case ir.Name(id="list", scope="global") | ir.Attribute(name="tolist"):
            return True
    return False
