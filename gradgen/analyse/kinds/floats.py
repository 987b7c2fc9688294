"""Which arrays surely hold floats by the way they are made: what is stored into others may be cut down to whole numbers.

Never says that an array holds whole numbers; kinds do.
"""
from __future__ import annotations

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.kinds.dtypes import PRESERVING
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import Kind
from gradgen.read.resolve import MISSING
from gradgen.rules.registry import shape_of

OF_FLOATS = frozenset({"zeros", "ones", "empty", "eye", "identity", "tri", "linspace", "logspace", "geomspace", "astype"})
"""What makes arrays of floats where it is not asked for others."""
CASTING = frozenset({"array", "asarray", "contiguous", "require", "zeros_like", "ones_like", "empty_like", "full_like", "full"})
"""What takes a dtype, and else has that of what it is given."""


def holds_floats(expr: ir.Expr, kinds: Kinds, takes_floats: bool, seen: frozenset[Version] = frozenset()) -> bool:
    """Whether a value surely is of floats; where the function `takes_floats`, its arguments are what their kinds say."""
    def asked(each: ir.Expr) -> bool:
        return holds_floats(each, kinds, takes_floats, seen)

    match expr:
        case ir.Const(value=value):
            return isinstance(value, float)
        case ir.Value(of=inner) | ir.Walrus(value=inner) | ir.Starred(value=inner) | ir.Item(base=inner):
            return asked(inner)
        case ir.Attribute(base=inner, name="T" | "real"):
            return asked(inner)
        case ir.Display(items=items):
            return any(map(asked, items))
        case ir.Comprehension(element=element):
            return asked(element)
        case ir.Name(scope="local"):
            version = kinds.versions.of_read.get(expr)
            return version is not None and _is_of_floats(version, kinds, takes_floats, seen)
        case ir.Name() | ir.Attribute():
            live = kinds.live_value(expr)
            dtype = None if live is MISSING else getattr(live, "dtype", None)
            return isinstance(live, float) or getattr(dtype, "kind", "") in ("f", "c")
    op = expr if isinstance(expr, ir.Op) else kinds.operation(expr) if isinstance(expr, ir.Call) else None
    kind = kinds.of(expr)
    if op is None or isinstance(kind, Kind) and kind.dtype in ("int", "bool"):
        return False
    if op.op in ("ifexp", "and", "or"):
        return all(map(asked, op.args[op.op == "ifexp" :]))
    is_told = isinstance(kind, Kind) and kind.dtype in ("float", "complex")
    is_named = any(name == "dtype" for name, _ in op.keywords) or op.op in ("array", "asarray") and len(op.args) > 1
    if op.op in OF_FLOATS or op.op in CASTING and is_named:
        return is_told
    is_divided = shape_of(op.op) is None and op.op not in PRESERVING
    return is_told and is_divided or any(map(asked, op.args))


def _is_of_floats(version: Version, kinds: Kinds, takes_floats: bool, seen: frozenset[Version]) -> bool:
    if version in seen:
        return True
    if version.kind == "parameter":
        kind = kinds.given.get(version.name)
        return takes_floats and isinstance(kind, Kind) and kind.dtype in ("float", "complex")
    sources = version.sources[:1] if version.kind == "store" else version.sources
    if version.kind not in ("assign", "phi", "store", "item") or not sources:
        return False
    seen |= {version}
    return all(
        _is_of_floats(each, kinds, takes_floats, seen) if isinstance(each, Version)
        else holds_floats(each, kinds, takes_floats, seen)
        for each in sources
    )
