"""Whether a function of an array works element by element, so that each element of its result has one derivative.

Never follows calls of the user's own functions: these count as a hindrance.
"""
from __future__ import annotations

from gradgen.analyse.program import Analysed
from gradgen.ir import nodes as ir
from gradgen.rules.registry import shape_of


def hindrance(analysed: Analysed, name: str) -> ir.Node | None:
    """What in a function may bring elements of the array `name` together, or gives a result of another shape."""
    kinds = analysed.kinds
    own = kinds.of_version.get(analysed.versions.of_parameter[name])
    for node in ir.nodes_of(analysed.read.function):
        match node:
            case ir.Op(op=op) if shape_of(op) is not None and analysed.activity.is_varied(node):
                return node
            case ir.Call() | ir.Item() | ir.Attribute() | ir.Comprehension() | ir.Display() if analysed.activity.is_varied(node):
                return node
            case ir.For(iterable=iterable) if analysed.activity.is_varied(iterable):
                return node
            case ir.ItemTarget() | ir.AttributeTarget() | ir.Append():
                return node
            case ir.Exit(kind="return", value=value) if value is not None and kinds.of(value) != own:
                return node
    return None
