"""Sorted lists and the largest by a key, spelled by places: these move in steps, and elements are read where they stand.

Never moves what could raise past something else that could.
"""
from __future__ import annotations

import ast

from gradgen.read.made import SEQUENCES, counted_in, is_place
from gradgen.read.positions import Edit
from gradgen.read.rewriting import Text
from gradgen.read.trees import nodes_in
from gradgen.read.unnamed import may_move
from gradgen.read.unrolling import edited


def in_order(text: Text, node: ast.AST) -> list[Edit] | None:
    """`sorted(ts)` is `order = sorted(range(len(ts)), key=ts.__getitem__)` and `[ts[place] for place in order]`."""
    match node:
        case ast.Call(func=ast.Name(id="sorted"), args=[given], keywords=keywords) if _is_fit(text, node, given):
            key = next((each.value for each in keywords if each.arg == "key"), None)
            turned = next((each.value for each in keywords if each.arg == "reverse"), None)
        case _:
            return None
    stmt = text.statement_of(node)
    lines, name, whole = _held(text, given)
    place = text.fresh("place")
    by = f"{name}.__getitem__" if key is None else _by_place(text, key, name, place)
    if by is None or {each.arg for each in keywords} - {"key", "reverse"}:
        return None
    order = text.fresh("order", "order_of")
    rest = "" if turned is None else f", reverse={text.slice(turned)}"
    lines.append(f"{order} = sorted(range(len({whole})), key={by}{rest})")
    picked = f"[{name}[{place}] for {place} in {order}]"
    if not isinstance(stmt, ast.Assign) or stmt.value is not node:
        ordered = text.fresh("ordered")
        lines.append(f"{ordered} = {picked}")
        picked = ordered
    return [text.before(stmt, "\n".join(lines)), text.replaced(node, picked)]


def largest_by_key(text: Text, node: ast.AST) -> list[Edit] | None:
    """`max(ts, key=abs)` is `ts[max(range(len(ts)), key=lambda place: abs(ts[place]))]`."""
    match node:
        case ast.Call(
            func=ast.Name(id="max" | "min" as which), args=[*given], keywords=[ast.keyword(arg="key", value=key)],
        ) if given and all(_is_fit(text, node, each) for each in given):
            pass
        case _:
            return None
    if len(given) == 1:
        lines, name, whole = _held(text, given[0])
    else:
        name = whole = text.fresh("among", "among_them")
        lines = [f"{name} = [{', '.join(map(text.slice, given))}]"]
    place = text.fresh("place")
    by = _by_place(text, key, name, place)
    if by is None:
        return None
    at = f"{which}(range(len({whole})), key={by})"
    if whole.endswith("[:]"):
        chosen = text.fresh("chosen", "place_of")
        lines.append(f"{chosen} = {at}")
        at = chosen
    found = text.replaced(node, f"{name}[{at}]")
    return [text.before(text.statement_of(node), "\n".join(lines)), found] if lines else [found]


def _is_fit(text: Text, node: ast.Call, given: ast.expr) -> bool:
    """Whether what is ordered may vary, and may be looked at on a line before the statement."""
    is_places = isinstance(given, ast.Call) and isinstance(given.func, ast.Name) and given.func.id == "range"
    if is_places or isinstance(given, ast.Starred) or not text.may_vary(node) or "\n" in text.slice(node) or text.is_in_try(node):
        return False
    if isinstance(given, ast.Name) and not _is_sequence(text, given.id):
        return False
    stmt = text.statement_of(node)
    return may_move(text, node) or isinstance(stmt, ast.For) and stmt.iter is node


def _is_sequence(text: Text, name: str) -> bool:
    """Whether a name stands for a list or tuple made here, or for what the function is given and only looks into by places."""
    if _is_made(text, name):
        return True
    inside = (each for each in text.nodes if isinstance(each, ast.Subscript | ast.Attribute))
    looked = [each for each in inside if isinstance(each.value, ast.Name) and each.value.id == name]
    counted = counted_in(text.nodes) if looked else frozenset()
    is_looked_into = not all(is_place(each, name, counted) for each in looked)
    is_rebound = any(isinstance(each, ast.Name) and each.id == name and not isinstance(each.ctx, ast.Load) for each in text.nodes)
    return any(arg.arg == name for arg in text.node.args.args) and not is_looked_into and not is_rebound


def _is_made(text: Text, name: str) -> bool:
    return name in text.lists or name in text.made_here(*SEQUENCES)


def _held(text: Text, given: ast.expr) -> tuple[list[str], str, str]:
    """The lines that give a name to a sequence of what is ordered, the name, and what its length is asked of: a slice of what the
    function is given, since a dict raises there."""
    if isinstance(given, ast.Name):
        return [], given.id, given.id if _is_made(text, given.id) else f"{given.id}[:]"
    name = text.fresh("among", "among_them")
    inside = text.slice(given)
    if isinstance(given, ast.GeneratorExp):
        inside = f"[{inside[1:-1] if inside.startswith('(') and inside.endswith(')') else inside}]"
    elif not isinstance(given, ast.List | ast.ListComp):
        inside = f"list({inside})"
    return [f"{name} = {inside}"], name, name


def _by_place(text: Text, key: ast.expr, name: str, place: str) -> str | None:
    """A key of places that asks a key of elements; None for one whose text is not known to stand there as well."""
    element = f"{name}[{place}]"
    if isinstance(key, ast.Name | ast.Attribute):
        return f"lambda {place}: {text.slice(key)}({element})"
    match key:
        case ast.Lambda(args=ast.arguments(posonlyargs=[], args=[ast.arg(arg=own)], kwonlyargs=[], vararg=None, kwarg=None,
                                           defaults=[]), body=body):
            inner = nodes_in(body)
        case _:
            return None
    if any(isinstance(each, ast.Lambda | ast.comprehension | ast.NamedExpr | ast.JoinedStr) for each in inner):
        return None
    start = text.start(body)
    reads = [each for each in inner if isinstance(each, ast.Name) and each.id == own]
    written = edited(text.slice(body), [Edit(text.start(each) - start, text.end(each) - start, element) for each in reads])
    return f"lambda {place}: {written}"
