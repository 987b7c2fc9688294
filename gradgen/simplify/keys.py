"""Texts that are equal exactly where two expressions are written alike: keys to look expressions up by.

Never says whether two expressions have the same value where something is assigned between them.
"""
from __future__ import annotations

from gradgen.ir import nodes as ir


def key_of(node: ir.Node) -> str:
    """A text that tells expressions apart as `fold.same` does; an expression that is like no other has its own identity."""
    while type(node) is ir.Value:
        node = node.of
    if type(node) is ir.Name:
        return f"{node.scope[0]}:{node.id}"
    if type(node) is ir.Op:
        named = [f"{name}={key_of(value)}" for name, value in node.keywords]
        return f"{node.op}({','.join([key_of(arg) for arg in node.args] + named)})"
    match node:
        case ir.Const(value=value):
            return f"{type(value).__name__} {value!r}"
        case ir.Item(base=base, index=index):
            return f"{key_of(base)}[{key_of(index)}]"
        case ir.Attribute(base=base, name=name):
            return f"{key_of(base)}.{name}"
        case ir.Compare(ops=ops, operands=operands):
            return f"{'|'.join(ops)}({','.join(map(key_of, operands))})"
        case ir.Slice(lower=lower, upper=upper, step=step):
            return ":".join("" if part is None else key_of(part) for part in (lower, upper, step))
        case ir.Display(kind="tuple", items=items):
            return f"({','.join(map(key_of, items))},)"
    return f"#{id(node)}"
