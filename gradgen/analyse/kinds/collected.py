"""What generated text makes to collect adjoints in: of which kind it is.

Never looks at what is added to them.
"""
from __future__ import annotations

from collections.abc import Callable

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import AnyKind, Holder, Kind
from gradgen.rules.carried import ANEW, carried_helper


def kind_of_adjoints(call: ir.Call, of: Callable[[ir.Expr], AnyKind]) -> AnyKind:
    """The kind of what a helper makes in the structure of a value; None for other calls."""
    return _of_floats(of(call.args[0])) if call.args and carried_helper(call.target) in ANEW else None


def _of_floats(kind: AnyKind) -> AnyKind:
    match kind:
        case Kind(dtype="int" | "bool"):
            return Kind(kind.shape)
        case Holder(items=items, element=element):
            parts = None if items is None else tuple(map(_of_floats, items))
            return replace(kind, items=parts, element=_of_floats(element), known=None)
    return kind
