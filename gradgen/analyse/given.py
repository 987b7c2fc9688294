"""What a function's text says of the kinds of its arguments: whether it works on arrays at all, which arguments are numbers.

Never looks at values.
"""
from __future__ import annotations

from gradgen.ir import nodes as ir
from gradgen.ir.kinds import NUMBER, AnyKind
from gradgen.rules.registry import shape_of
from gradgen.rules.spelling import operation_of
from gradgen.rules.whole.tables import METHODS


def makes_array(node: ir.Op | ir.Call) -> bool:
    """Whether an operation is one of whole arrays, by its name."""
    if isinstance(node, ir.Op):
        return shape_of(node.op) is not None
    found = operation_of(node.target) if node.target is not None else None
    return found is not None and shape_of(found) is not None



def numbers_given(function: ir.Function) -> dict[str, AnyKind]:
    """The kinds of a function's arguments where nothing is known of them: numbers, but for what is used as a container."""
    held: set[str] = set()
    for node in ir.nodes_of(function):
        match node:
            case ir.Item(base=ir.Name(id=name)) | ir.Attribute(base=ir.Name(id=name)) | ir.ItemTarget(base=ir.Name(id=name)):
                held.add(name)
            case ir.For(iterable=iterable) | ir.Generator(iterable=iterable):
                held.update(name.id for name in ir.names_read(iterable))
            case ir.Call(func=ir.Name(id="len" | "sum" | "list" | "tuple" | "sorted" | "max" | "min"), args=args):
                held.update(arg.id for arg in args if isinstance(arg, ir.Name))
            case ir.Assign(target=ir.TupleTarget(), value=ir.Name(id=name)) | ir.Starred(value=ir.Name(id=name)):
                held.add(name)
    plain = (each for each in function.parameters if each.kind not in ("args", "kwargs") and each.name not in held)
    return {parameter.name: NUMBER for parameter in plain}


def meets_arrays(function: ir.Function) -> bool:
    """Whether a function does what is done with arrays: then it is differentiated for the kinds that a call brings."""
    for node in ir.nodes_of(function):
        match node:
            case ir.Op() | ir.Call() if makes_array(node):
                return True
            case ir.Slice() | ir.Attribute(name="T" | "shape" | "size" | "ndim" | "dtype"):
                return True
            case ir.Call(func=ir.Attribute(name=name), target=None) if name in METHODS and name not in ("copy", "index"):
                return True
    return False
