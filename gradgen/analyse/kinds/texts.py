"""Which values are texts, whatever numbers they show: f-strings, str() and the like, and what chooses between texts.

Never looks into calls, nor at what a text says.
"""
from __future__ import annotations

from functools import lru_cache

from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in

METHODS = frozenset({"format", "join"})
"""Methods of constant texts that make others."""


def is_text(value: ir.Expr, versions: Versions) -> bool:
    """Whether a value surely is a text that is made of others."""
    if not isinstance(value, ir.Name):
        return is_made_text(value) or isinstance(value, ir.Op) and value.op == "ifexp" and _is_text(value, versions, set())
    function = versions.of_function
    return function is not None and _makes_texts(function) and _is_text(value, versions, set())


@lru_cache(maxsize=256)
def _makes_texts(function: ir.Function) -> bool:
    return any(map(is_made_text, found_in(function, ir.Opaque, ir.Call, ir.Op)))


def is_made_text(value: ir.Expr) -> bool:
    """Whether an expression makes a text."""
    match value:
        case ir.Opaque(construct="an f-string"):
            return True
        case ir.Call(target=target) if target is str or target is repr or target is format:
            return True
        case ir.Call(func=ir.Attribute(base=ir.Const(value=str()), name=name)):
            return name in METHODS
        case ir.Op(op="mod", args=(ir.Const(value=str()), _)):
            return True
    return False


def _is_text(value: ir.Expr | Version, versions: Versions, seen: set[Version]) -> bool:
    match value:
        case ir.Const(value=str()):
            return True
        case ir.Op(op="ifexp", args=(_, *arms)):
            return all(_is_text(each, versions, seen) for each in arms)
        case ir.Name() if (version := versions.of_read.get(value)) is not None:
            return _is_text(version, versions, seen)
        case Version(kind="assign" | "phi", sources=sources) if sources:
            if value in seen:
                return True
            seen.add(value)
            is_whole = value.kind == "phi" or isinstance(value.node, ir.NameTarget)
            return is_whole and all(_is_text(each, versions, seen) for each in sources)
    return isinstance(value, ir.Expr) and is_made_text(value)
