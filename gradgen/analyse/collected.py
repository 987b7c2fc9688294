"""What generated text makes to collect adjoints in: which variables hold such a container, and of which kind it is.

Never looks at what is added to them.
"""
from __future__ import annotations

from collections.abc import Callable

from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import AnyKind, Holder, Kind
from gradgen.rules.carried import ANEW, ZEROS, carried_helper


def kind_of_adjoints(call: ir.Call, of: Callable[[ir.Expr], AnyKind]) -> AnyKind:
    """The kind of what a helper makes in the structure of a value; None for other calls."""
    return _of_floats(of(call.args[0])) if call.args and carried_helper(call.target) in ANEW else None


def _of_floats(kind: AnyKind) -> AnyKind:
    match kind:
        case Kind(dtype="int" | "bool"):
            return Kind(kind.shape)
        case Holder(items=items, element=element):
            return replace(kind, items=None if items is None else tuple(map(_of_floats, items)), element=_of_floats(element))
    return kind


def collects(version: Version | None) -> bool:
    """Whether a variable surely holds what a helper made to collect an adjoint in: plain lists, dicts and namespaces."""
    waiting, seen = [version], set[Version]()
    while waiting:
        each = waiting.pop()
        if each is None or each.kind not in ("assign", "store", "phi"):
            return False
        seen.add(each)
        made = each.sources if each.kind == "assign" else []
        if not all(isinstance(source, ir.Call) and carried_helper(source.target) in ZEROS for source in made):
            return False
        before = [each.previous] if each.kind == "store" else each.sources if each.kind == "phi" else []
        waiting += [source for source in before if source not in seen and isinstance(source, Version)]
    return True
