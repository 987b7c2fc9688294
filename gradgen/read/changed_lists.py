"""Lists that are changed in their place by what no adjoint follows, as new lists of the same name: `pop`, `insert`, `sort`,
`reverse`, `extend`.

Never touches a list that anything else names: there a new one would be another.
"""
from __future__ import annotations

import ast

from gradgen.read.own_lists import has_own_rows, is_alone, is_returned
from gradgen.read.positions import Edit
from gradgen.read.rewriting import Text
from gradgen.read.trees import nodes_in


def changed_in_place(text: Text, node: ast.AST) -> list[Edit] | None:
    """`q.insert(0, x)` is `q = [x, *q]`, and `q.extend(v)` a loop that appends, where q is a list that the function makes."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method), args=args, keywords=keywords)):
            pass
        case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=added):
            method, args, keywords = "extend", [added], []
        case ast.Delete(targets=[ast.Subscript(value=ast.Name(id=name), slice=index)]):
            method, args, keywords = "pop", [index], []
        case _:
            return None
    assert isinstance(node, ast.stmt)
    if name not in text.varying or not _is_known(text, node, name) or any(_mentions(each, name) for each in args):
        return None
    written = [text.slice(each) for each in args]
    if method == "extend" and len(args) == 1 and not keywords and text.is_first_on_its_line(node):
        each = text.fresh("each", "element")
        return [text.replaced(node, f"for {each} in {written[0]}:\n{text.indent(text.start(node))}    {name}.append({each})")]
    made = None
    if not is_alone(text, name, node):
        return None
    match method, args:
        case "insert", [place, _] if not keywords and _is_simple(place):
            at, item = written
            made = f"[{item}, *{name}]" if at == "0" else f"[*{name}[:{at}], {item}, *{name}[{at}:]]"
        case "sort", []:
            options = "".join(f", {each.arg}={text.slice(each.value)}" for each in keywords)
            made = f"sorted({name}{options})" if all(each.arg for each in keywords) else None
        case "reverse", [] if not keywords:
            each = text.fresh("each", "element")
            made = f"[{each} for {each} in {name}[::-1]]"
        case "appendleft", [_] if not keywords:
            made = f"[{written[0]}, *{name}]"
        case "rotate", [] | [ast.Constant(value=1)] if not keywords:
            made = f"[{name}[-1], *{name}[:-1]]"
        case "popleft", [] if not keywords:
            made = _rest(text, name, [ast.Constant(0)])
        case "pop", _ if not keywords and (rest := _rest(text, name, args)):
            made = rest
        case "pop", _ if not keywords and (lines := _between(text, name, args)):
            return [text.before(node, lines[0]), text.replaced(node, lines[1])]
    return None if made is None else [text.replaced(node, f"{name} = {made}")]


def rows_swapped(text: Text, node: ast.AST) -> list[Edit] | None:
    """`m[i], m[j] = m[j], m[i]` swaps the elements of two rows, of one length, of a list to whose rows nothing else leads."""
    match node:
        case ast.Assign(
            targets=[ast.Tuple(elts=[ast.Subscript() as first, ast.Subscript() as second])], value=ast.Tuple(elts=values),
        ):
            pass
        case _:
            return None
    assert isinstance(node, ast.Assign)
    rows = [text.slice(each) for each in (first, second)]
    if [text.slice(each) for each in values] != rows[::-1] or not text.is_first_on_its_line(node) or "#" in text.slice(node):
        return None
    match first.value, second.value:
        case ast.Name(id=name), ast.Name(id=other) if name == other and has_own_rows(text, name):
            is_plain = all(isinstance(each, ast.Name | ast.Constant | ast.BinOp | ast.Subscript | ast.expr_context | ast.operator)
                           for row in (first, second) for each in ast.walk(row))
        case _:
            return None
    if not is_plain or isinstance(first.slice, ast.Slice) or isinstance(second.slice, ast.Slice):
        return None
    width, place = text.fresh("width", "widths"), text.fresh("place")
    one, two = (f"{row}[{place}]" for row in rows)
    test = f"{width} = len({rows[0]})\nif {width} != len({rows[1]}):\n"
    test += "    raise ValueError(\"rows of several lengths do not change places\")"
    loop = f"for {place} in range({width}):\n{text.indent(text.start(node))}    {one}, {two} = {two}, {one}"
    return [text.before(node, test), text.replaced(node, loop)]


def taken_out(text: Text, node: ast.AST) -> list[Edit] | None:
    """`x = q.pop()` is `x = q[-1]` and `q = q[:-1]`, where q is a list that the function makes, and nothing is stored into x."""
    match node:
        case ast.Assign(targets=[target], value=ast.Call(
            func=ast.Attribute(value=ast.Name(id=name), attr="pop" | "popleft" as method), args=args, keywords=[],
        ) as call):
            args = [ast.Constant(0)] if method == "popleft" else args
        case _:
            return None
    rest = _rest(text, name, args)
    assert isinstance(node, ast.stmt)
    taken = {each.id for each in ast.walk(target) if isinstance(each, ast.Name)}
    if (taken | {name}) & _stored_into(text):
        return None
    lines = _between(text, name, args) if rest is None else [f"{name} = {rest}"]
    is_bound = any(isinstance(each, ast.Name) and each.id in taken for arg in args for each in nodes_in(arg))
    if is_bound or lines is None or name not in text.varying or not _is_known(text, node, name) or not is_alone(text, name, node):
        return None
    after = text.after(node, lines)
    at = ast.unparse(args[0]) if args else "-1"
    return None if after is None else [text.replaced(call, f"{name}[{at}]"), after]


def _stored_into(text: Text) -> set[str]:
    """The variables that a function stores into, or adds to in place."""
    stores = [each.value for each in text.nodes if isinstance(each, ast.Subscript) and not isinstance(each.ctx, ast.Load)]
    stores += [each.target for each in text.nodes if isinstance(each, ast.AugAssign)]
    return {each.id for each in stores if isinstance(each, ast.Name)}


def queue_as_list(text: Text, node: ast.AST) -> list[Edit] | None:
    """`q = deque([x])` is `q = [x]`, where nothing else names it; one of `maxlen=2` loses its first before it gets another."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(
            func=ast.Name(id="deque") | ast.Attribute(value=ast.Name(id="collections"), attr="deque"),
            args=args, keywords=keywords,
        ) as made):
            pass
        case _:
            return None
    bound = [each for each in text.uses(name) if not isinstance(each.ctx, ast.Load)]
    most = next((each.value for each in keywords if each.arg == "maxlen"), None)
    assert isinstance(node, ast.stmt)
    is_plain = len(bound) == 1 and len(args) < 2 and len(keywords) == (most is not None)
    if name not in text.varying or not is_plain or is_returned(text, name) or not is_alone(text, name, node):
        return None
    written = "[]" if not args else text.slice(args[0]) if isinstance(args[0], ast.List) else f"list({text.slice(args[0])})"
    if most is None:
        return [text.replaced(made, written)]
    if args or not isinstance(most, ast.Constant) or type(most.value) is not int or most.value < 2:
        return None
    edits, each = [text.replaced(made, "[]")], text.fresh("each", "element")
    for stmt in text.nodes:
        match stmt:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=own), attr=method), args=given)) if own == name:
                if method != "append" or _mentions(given[0], name) or not is_alone(text, name, stmt):
                    return None
                edits.append(text.before(stmt, f"{name} = [{each} for {each} in {name}[{1 - most.value}:]]"))
            case ast.Attribute(value=ast.Name(id=own), attr=method) if own == name and method not in ("append", "index", "count"):
                return None
    return edits


def _rest(text: Text, name: str, args: list[ast.expr]) -> str | None:
    """What a list is without its first or last element."""
    each = text.fresh("each", "element")
    match args:
        case [] | [ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))]:
            return f"[{each} for {each} in {name}[:-1]]"
        case [ast.Constant(value=0)]:
            return f"[{each} for {each} in {name}[1:]]"
    return None


def _between(text: Text, name: str, args: list[ast.expr]) -> list[str] | None:
    """The lines that take an element out of the middle of a list: `place` is where it stands, and there is one."""
    match args:
        case [ast.Name() | ast.Constant(value=int()) | ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int())) as index]:
            place = text.fresh("place", "place_of")
            line = f"{place} = range(len({name}))[{text.slice(index)}]"
            return [line, f"{name} = [*{name}[:{place}], *{name}[{place} + 1:]]"]
    return None


def _is_known(text: Text, stmt: ast.stmt, name: str) -> bool:
    return name in text.lists and "\n" not in text.slice(stmt) and "#" not in text.slice(stmt)


def _mentions(node: ast.expr, name: str) -> bool:
    return any(isinstance(each, ast.Name) and each.id == name for each in nodes_in(node))


def _is_simple(node: ast.expr) -> bool:
    inner = node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else node
    return isinstance(inner, ast.Name | ast.Constant)
