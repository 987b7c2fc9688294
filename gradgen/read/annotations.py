"""What an annotation's text says that a parameter can hold.

Never evaluates an annotation.
"""
from __future__ import annotations

import ast
from collections.abc import Iterator

PASSIVE = frozenset({"int", "bool", "str", "bytes", "None"})
UNIONS = frozenset({"Optional", "Union"})


def alternatives(annotation: str | None) -> frozenset[str]:
    """The names of the classes that an annotation allows: `Optional[str]` gives str and None, `Literal["a", 2]` str and int.

    Anything that is no plain class, union or literal stands for itself, as its text.
    """
    if annotation is None:
        return frozenset()
    try:
        return frozenset(_named(ast.parse(annotation.strip(), mode="eval").body))
    except SyntaxError:
        return frozenset({annotation})


def is_passive(annotation: str | None) -> bool:
    """Whether nothing that an annotation allows varies continuously."""
    allowed = alternatives(annotation)
    return bool(allowed) and allowed <= PASSIVE


def _named(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str() as text):
            yield from alternatives(text)
        case ast.Constant(value=None):
            yield "None"
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            yield from _named(left)
            yield from _named(right)
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner) if name in UNIONS | {"Literal"}:
            parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            if name == "Optional":
                yield "None"
            for part in parts:
                if name != "Literal":
                    yield from _named(part)
                elif isinstance(part, ast.Constant):
                    yield type(part.value).__name__.removesuffix("Type")
                else:
                    yield ast.unparse(part)
        case _:
            yield ast.unparse(node)
