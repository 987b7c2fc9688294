"""Lists and tuples made of such, written out: `a + b` and `a * n` of lists, `sum(rows, [])`, `list(reversed(v))`, slices that
are kept.

Never touches an operator of what may be a number or an array.
"""
from __future__ import annotations

import ast

from gradgen.read.made import makes_list
from gradgen.read.positions import Edit
from gradgen.read.rewriting import Text
from gradgen.read.unnamed import named
from gradgen.rules.statistics_of_lists import FORMULAS

JOINING = frozenset({"concatenate", "stack", "hstack", "vstack", "dstack", "column_stack", "array", "asarray"})
"""Functions of NumPy's to which a tuple of arrays is what a list of them is."""


def joined_lists(text: Text, node: ast.AST) -> list[Edit] | None:
    """`a + [x]` is `[*a, x]`, where both are lists for sure."""
    assert isinstance(node, ast.BinOp)
    if not isinstance(node.op, ast.Add) or not makes_list(node, text.lists):
        return None
    if not text.may_vary(node) or "\n" in text.slice(node) or "#" in text.slice(node):
        return None
    return [text.replaced(node, f"[{', '.join((*_items(text, node.left), *_items(text, node.right)))}]")]


def repeated_list(text: Text, node: ast.AST) -> list[Edit] | None:
    """`[x] * n` is `[x for _ in range(n)]`, and `a * n` is `[each for _ in range(n) for each in a]`, where n is a number and a is
    a list for sure."""
    match node:
        case ast.BinOp(left=left, op=ast.Mult(), right=count) if makes_list(node, text.lists, text.counts):
            written = text.slice(node)
        case _:
            return None
    if not text.may_vary(left) or "\n" in written or "#" in written:
        return None
    turn, times = text.fresh("_"), f"range({text.slice(count)})"
    match left:
        case ast.List(elts=[ast.Name() | ast.Constant() as item]):
            return [text.replaced(node, f"[{text.slice(item)} for {turn} in {times}]")]
        case ast.List(elts=[item]):
            return named(text, item, text.slice(item), "repeated", "item")
        case ast.Name(id=name):
            each = text.fresh("each", "element")
            return [text.replaced(node, f"[{each} for {turn} in {times} for {each} in {name}]")]
    return None


def joined_for_array(text: Text, node: ast.AST) -> list[Edit] | None:
    """`np.hstack(args + (x,))` is `np.hstack([*args, x])`, where args is a tuple for sure; so is `np.hstack((*args, x))`."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="np" | "numpy"), attr=name), args=[ast.BinOp() | ast.Tuple() as parts, *_],
        ) if name in JOINING:
            pass
        case _:
            return None
    is_spread = isinstance(parts, ast.BinOp) or any(isinstance(each, ast.Starred) for each in parts.elts)
    if not is_spread or not _makes_tuple(parts, text.tuples) or not text.may_vary(parts):
        return None
    return None if "#" in text.slice(parts) else [text.replaced(parts, f"[{', '.join(_items(text, parts))}]")]


def _makes_tuple(node: ast.expr, tuples: frozenset[str]) -> bool:
    match node:
        case ast.Tuple():
            return True
        case ast.Name(id=name):
            return name in tuples
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _makes_tuple(left, tuples) and _makes_tuple(right, tuples)
    return False


def _items(text: Text, node: ast.expr) -> list[str]:
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return list(map(text.slice, items))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [*_items(text, left), *_items(text, right)]
        case ast.Call(func=ast.Name(id="list"), args=[inner], keywords=[]):
            return [f"*{text.slice(inner)}"]
    return [f"*{text.slice(node)}"]


def flattened(text: Text, node: ast.AST) -> list[Edit] | None:
    """`sum(rows, [])` is `[each for row in rows for each in row]`."""
    match node:
        case ast.Call(func=ast.Name(id="sum"), args=[rows, ast.List(elts=[])], keywords=[]) if text.may_vary(rows):
            pass
        case _:
            return None
    if isinstance(rows, ast.GeneratorExp | ast.Starred):
        return None
    row, each = text.fresh("row", "row_of"), text.fresh("each", "element")
    return [text.replaced(node, f"[{each} for {row} in {text.slice(rows)} for {each} in {row}]")]


def turned_list(text: Text, node: ast.AST) -> list[Edit] | None:
    """`list(reversed(v))` is `[each for each in reversed(v)]`."""
    match node:
        case ast.Call(
            func=ast.Name(id="list"), keywords=[], args=[ast.Call(func=ast.Name(id="reversed"), args=[ast.Name()]) as inner],
        ) if text.may_vary(inner):
            each = text.fresh("each", "element")
            return [text.replaced(node, f"[{each} for {each} in {text.slice(inner)}]")]
    return None


def given_as_list(text: Text, node: ast.AST) -> list[Edit] | None:
    """`statistics.mean(x for x in v)` is `statistics.mean([x for x in v])`: it is gone through more than once."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="statistics"), attr=name), args=[ast.GeneratorExp() as given]):
            is_known = name in FORMULAS and "statistics" not in text.bound and text.may_vary(given)
        case _:
            return None
    written = text.slice(given)
    inside = written[1:-1] if written.startswith("(") and written.endswith(")") else written
    if not is_known or "\n" in written:
        return None
    assert isinstance(node, ast.Call)
    return [text.replaced(given, f"([{inside}])" if written.startswith("(") and not node.keywords else f"[{inside}]")]


def part_of_list(text: Text, node: ast.AST) -> list[Edit] | None:
    """`b = a[1:]` is `b = [each for each in a[1:]]`, where a is a list that the function makes."""
    match node:
        case ast.Assign(targets=[ast.Name()], value=ast.Subscript(value=base, slice=ast.Slice()) as value):
            if text.may_vary(value) and makes_list(base, text.lists):
                each = text.fresh("each", "element")
                return [text.replaced(value, f"[{each} for {each} in {text.slice(value)}]")]
    return None


def part_in_list(text: Text, node: ast.AST) -> list[Edit] | None:
    """`[a[:]]` is `[[each for each in a[:]]]`, and `rows.append(a[1:])` one of such a list, where a is a list for sure."""
    match node, text.owners.get(node):
        case ast.Subscript(value=base, slice=ast.Slice(), ctx=ast.Load()), ast.List(ctx=ast.Load()):
            pass
        case ast.Subscript(value=base, slice=ast.Slice()), ast.Call(func=ast.Attribute(attr="append"), args=[_]):
            pass
        case _:
            return None
    if not text.may_vary(base) or not makes_list(base, text.lists):
        return None
    each = text.fresh("each", "element")
    return [text.replaced(node, f"[{each} for {each} in {text.slice(node)}]")]
