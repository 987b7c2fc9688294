"""Spells expressions that ask whether something is a number or an array as branches, of which one way may be left out:
`return y.item() if y.ndim == 0 else y` is `if y.ndim == 0: return y.item()` and `return y`.

Never says which way is taken.
"""
from __future__ import annotations

import ast

from gradgen.read.positions import Edit
from gradgen.read.rewriting import Text
from gradgen.read.trees import nodes_in

SIZES = frozenset({"ndim", "size", "shape"})
CALLED = frozenset({"isscalar", "isinstance", "hasattr", "type"})


def asks_kind(text: Text, test: ast.expr) -> bool:
    """Whether a test asks of which kind something is: itself, or by a variable that is assigned such an answer."""
    for each in nodes_in(test):
        match each:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in CALLED | SIZES:
                return True
            case ast.Attribute(attr=name) if name in SIZES or name == "__class__":
                return True
            case ast.Name(id=name) if any(map(_is_answer, text.assigned(name))):
                return True
    return False


def _is_answer(stmt: ast.Assign) -> bool:
    """Whether a variable is assigned what `np.isscalar` or `isinstance` says."""
    return len(stmt.targets) == 1 and any(map(_is_question, nodes_in(stmt.value)))


def _is_question(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in CALLED or name == "ndim"
        case ast.Attribute(attr="ndim"):
            return True
    return False


def chosen_by_kind(text: Text, node: ast.AST) -> list[Edit] | None:
    """`return a if np.isscalar(x) else b` is `if np.isscalar(x): return a` and `return b`; so is an assignment."""
    match node:
        case ast.Return(value=ast.IfExp() as choice):
            start = "return "
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.IfExp() as choice):
            start = f"{name} = "
        case _:
            return None
    assert isinstance(node, ast.stmt)
    written = text.slice(node)
    is_plain = "\n" not in written and "#" not in written and text.is_first_on_its_line(node)
    if not is_plain or not (text.may_vary(choice.body) or text.may_vary(choice.orelse)) or not asks_kind(text, choice.test):
        return None
    indent = text.indent(text.start(node))
    lines = [f"if {text.slice(choice.test)}:", f"    {start}{text.slice(choice.body)}"]
    lines += ["else:", f"    {start}{text.slice(choice.orelse)}"]
    return [text.replaced(node, f"\n{indent}".join(lines))]
