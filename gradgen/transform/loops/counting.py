"""How a loop over elements counts along on the way back: by a variable of its own, by enumerate, or by numbers alone.

Never decides which element an adjoint belongs to.
"""
from __future__ import annotations

from collections.abc import Container, Iterable

from gradgen.ir import nodes as ir


def own_counter(target: ir.Target, iterable: ir.Expr, bound: Container[str] = ()) -> str | None:
    """The variable by which a loop counts its turns from 0 itself; None where none does, or the loop binds it again."""
    match target, iterable:
        case (
            ir.TupleTarget(items=(ir.NameTarget(id=name), inner), starred=None),
            ir.Call(func=ir.Name(id="enumerate", scope="global"), args=(_,) | (_, ir.Const(value=0)), keywords=()),
        ):
            others = {node.id for node in ir.walk(inner) if isinstance(node, ir.NameTarget)}
        case (
            ir.NameTarget(id=name),
            ir.Call(func=ir.Name(id="range", scope="global"), args=(_,) | (ir.Const(value=0), _), keywords=()),
        ):
            others = set()
        case _:
            return None
    return None if name == "_" or name in others or name in bound else name


def along(target: ir.Target, iterable: ir.Expr, counter: str, body: Iterable[ir.Stmt]) -> tuple[ir.Target, ir.Call]:
    """The target and the iterable of a loop that counts its turns by `counter`: numbers are enough where its lines do not read
    what it takes out of a whole list."""
    taken = {node.id for node in ir.walk(target) if isinstance(node, ir.NameTarget)}
    match iterable:
        case (ir.Name() as whole) | ir.Call(func=ir.Name(id="reversed", scope="global"), args=(ir.Name() as whole,)):
            if not any(name.id in taken for line in body for name in ir.names_read(line)):
                length = ir.Call(ir.Name("len", "global"), (whole,))
                return ir.NameTarget(counter), ir.Call(ir.Name("range", "global"), (length,))
    counted = ir.Call(ir.Name("enumerate", "global"), (iterable,))
    return ir.TupleTarget((ir.NameTarget(counter), target)), counted
