"""What Python's constructs are called in messages.

Never says what becomes of them.
"""
from __future__ import annotations

import ast
from collections.abc import Mapping

from gradgen.ir import nodes as ir

UNKNOWN_STATEMENT = "this statement"
"""How the names of statements begin that are not read: what they do is not known."""
_PYTHONS: Mapping[type[ast.AST], str] = {
    ast.JoinedStr: "an f-string", ast.Lambda: "a lambda", ast.DictComp: "a dict comprehension",
    ast.SetComp: "a set comprehension", ast.Set: "a set", ast.Await: "await", ast.Yield: "yield",
    ast.YieldFrom: "yield from", ast.Starred: "a starred element",
    ast.ListComp: "a list comprehension", ast.GeneratorExp: "a generator expression", ast.NamedExpr: "a walrus",
    ast.Dict: "a dict", ast.List: "a list", ast.Tuple: "a tuple", ast.Slice: "a slice", ast.Compare: "a comparison",
    ast.Call: "a call", ast.Subscript: "an item", ast.Attribute: "an attribute", ast.IfExp: "an if expression",
    ast.ClassDef: "a class that is defined in the function", ast.Delete: "del", ast.Global: "global", ast.Nonlocal: "nonlocal",
    ast.Match: "match", ast.TryStar: "except*",
    ast.AsyncFor: "async for", ast.AsyncWith: "async with", ast.AsyncFunctionDef: "an async function",
}
_OWN: Mapping[type[ir.Expr], str] = {
    ir.Slice: "a slice", ir.Compare: "a comparison", ir.Starred: "a starred element", ir.Walrus: "a walrus", ir.Item: "an item",
    ir.Attribute: "an attribute", ir.Call: "a call", ir.Const: "a constant", ir.Name: "a name",
}


def construct_of(node: ast.AST | ir.Expr) -> str:
    """What a piece of Python is called in a message: "a set comprehension"."""
    match node:
        case ir.Opaque(construct=construct):
            return construct
        case ir.Comprehension(kind=kind):
            return "a list comprehension" if kind == "list" else "a generator expression"
        case ir.Display(kind=kind):
            return f"a {kind}"
        case ir.Op(op=op):
            return op
        case ir.Expr():
            return _OWN.get(type(node), "this expression")
    if isinstance(node, ast.stmt):
        return f"{UNKNOWN_STATEMENT} ({_PYTHONS.get(type(node), type(node).__name__)})"
    return _PYTHONS.get(type(node), "this expression")
