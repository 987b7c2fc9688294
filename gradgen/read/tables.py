"""Dicts that are copied, joined, made of two lists or counted up, as dicts that are filled key by key.

Never takes anything for a dict that the text does not use as one.
"""
from __future__ import annotations

import ast

from gradgen.read.own_lists import is_returned
from gradgen.read.own_texts import is_generated
from gradgen.read.positions import Edit
from gradgen.read.rewriting import Text
from gradgen.read.small_idioms import is_dict
from gradgen.read.spread import is_only_given, may_be_dict, may_come_first
from gradgen.read.trees import names_stored, nodes_in, works_behind
from gradgen.read.unnamed import OPEN


def own_variables(text: Text, node: ast.AST) -> list[Edit] | None:
    """`locals()` is `{"a": a, "b": b}`, where every variable of the function surely has a value."""
    if not isinstance(node, ast.Call) or not works_behind(node) or text.slice(node) != "locals()":
        return None
    owner: ast.AST = node
    while owner in text.owners:
        owner = text.owners[owner]
        if isinstance(owner, OPEN):
            return None
    names = dict.fromkeys(each.arg for each in nodes_in(text.node.args) if isinstance(each, ast.arg))
    doubtful: set[str] = set()
    for stmt in text.node.body:
        is_before = text.end(stmt) <= text.start(node)
        if isinstance(stmt, ast.Assign | ast.AugAssign | ast.AnnAssign) and stmt.value is not None:
            stored = [each for each in nodes_in(stmt) if is_before and isinstance(each, ast.Name) and type(each.ctx) is ast.Store]
            names |= dict.fromkeys(each.id for each in sorted(stored, key=text.start))
        elif text.start(stmt) <= text.start(node):
            doubtful |= names_stored(stmt)
    others = any(isinstance(each, ast.Import | ast.ImportFrom | ast.ClassDef | ast.FunctionDef | ast.Delete | ast.ExceptHandler)
                 for each in text.nodes if each is not text.node)
    is_own = text.positions.written.text == text.positions.text and not is_generated(text.positions.text)
    if others or not is_own or not doubtful <= names.keys():
        return None
    return [text.replaced(node, "{" + ", ".join(f'"{name}": {name}' for name in names) + "}")]


def copied_dict(text: Text, node: ast.AST) -> list[Edit] | None:
    """`e = {**d, "a": x}` is `e = {}`, a loop that stores what d holds, and `e["a"] = x`; so are `dict(d)`, `d.copy()` and
    `d | {"a": x}`."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            parts = _parts(text, value, name)
        case _:
            return None
    if parts is None:
        return None
    assert isinstance(node, ast.Assign)
    read = {each.id for each in nodes_in(value) if isinstance(each, ast.Name)}
    is_short = "\n" not in text.slice(node) and "#" not in text.slice(node)
    if name in read or not text.may_vary(value) or not is_short or text.is_in_try(node):
        return None
    lines = []
    for key, part in parts:
        if key is not None:
            lines.append(f"{name}[{text.slice(key)}] = {text.slice(part)}")
            continue
        at, each = text.fresh("key"), text.fresh("each", "element")
        along = f"zip({', '.join(map(text.slice, part.elts))})" if isinstance(part, ast.Tuple) else f"{text.slice(part)}.items()"
        lines += [f"for {at}, {each} in {along}:", f"    {name}[{at}] = {each}"]
    after = text.after(node, lines)
    return None if after is None or after.text.startswith(";") else [text.replaced(value, "{}"), after]


Parts = list[tuple[ast.expr | None, ast.expr]]


def _parts(text: Text, value: ast.expr, made: str) -> Parts | None:
    """What a dict is made of, in order: items, and other dicts or pairs of lists (without a key); None for what is no such."""
    match value:
        case ast.Dict(keys=keys, values=values) if None in keys:
            return list(zip(keys, values, strict=True)) if all(map(_is_plain, values)) else None
        case ast.Call(func=ast.Name(id="dict"), args=[ast.Name(id=name) as given], keywords=[]):
            return [(None, given)] if is_dict(text, name) or is_only_given(text, name) else None
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name) as given, attr="copy"), args=[], keywords=[]):
            is_given = is_only_given(text, name) and _is_looked_up_by_texts(text, made)
            return [(None, given)] if is_given or is_dict(text, name) else None
        case ast.Call(func=ast.Name(id="dict"), args=[ast.Call(func=ast.Name(id="zip"), args=[first, second])]):
            return [(None, ast.Tuple([first, second], ast.Load()))] if not value.keywords else None
        case ast.BinOp(left=ast.Name(id=name) as left, op=ast.BitOr(), right=ast.Dict(keys=keys, values=values)):
            items: Parts = list(zip(keys, values, strict=True))
            is_known = is_dict(text, name) or is_only_given(text, name)
            return [(None, left), *items] if is_known and None not in keys and all(map(_is_plain, values)) else None
    return None


def _is_looked_up_by_texts(text: Text, name: str) -> bool:
    return any(
        isinstance(each, ast.Subscript) and isinstance(each.value, ast.Name) and each.value.id == name
        and isinstance(each.slice, ast.Constant) and isinstance(each.slice.value, str) for each in text.nodes
    )


def named_values(text: Text, node: ast.AST) -> list[Edit] | None:
    """`for k, v in [("a", x), ("b", y)]:` is `for k, v in zip(("a", "b"), (x, y)):`: the names do not vary."""
    match node:
        case ast.For(target=ast.Tuple(elts=targets), iter=ast.List(elts=rows) | ast.Tuple(elts=rows) as along):
            columns = [row.elts for row in rows if isinstance(row, ast.Tuple | ast.List) and len(row.elts) == len(targets)]
        case _:
            return None
    if len(columns) != len(rows) or not rows or not text.may_vary(along) or "\n" in text.slice(along):
        return None
    turned = list(zip(*columns, strict=True))
    names = [all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in column) for column in turned]
    if not any(names) or all(names) or not all(_is_plain(each) for column in turned for each in column):
        return None
    written = (f"({', '.join(map(text.slice, column))}{',' if len(column) == 1 else ''})" for column in turned)
    return [text.replaced(along, f"zip({', '.join(written)})")]


def _is_plain(value: ast.expr) -> bool:
    """Whether nothing is seen of when an expression is evaluated."""
    return not any(isinstance(each, ast.Call | ast.NamedExpr | ast.Await | ast.Yield) and not _is_of_math(each)
                   for each in nodes_in(value))


def _is_of_math(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="math" | "np" | "numpy"))):
            return True
    return False


def sum_of_values(text: Text, node: ast.AST) -> list[Edit] | None:
    """`sum(d.values())` is `sum(each for each in d.values())`, and `math.prod(d.values())` one of a list of them, where the
    function is given d or makes it."""
    match node:
        case ast.Call(func=function, keywords=[], args=[
            ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="values"), args=[], keywords=[]) as values,
        ]) if name in text.varying and may_be_dict(text, name) and isinstance(function, ast.Name | ast.Attribute):
            called = function.id if isinstance(function, ast.Name) else function.attr
        case _:
            return None
    each = text.fresh("each", "element")
    if called == "sum" and isinstance(function, ast.Name):
        return [text.replaced(values, f"{each} for {each} in {text.slice(values)}")]
    stmt = text.statement_of(node)
    if called not in ("prod", "fsum", "max", "min", "list", "sorted") or not text.is_first_on_its_line(stmt):
        return None
    assert isinstance(node, ast.Call)
    if not may_come_first(text, node):
        return None
    held = text.fresh("held", "values_held")
    lines = [f"{held} = []", f"for {each} in {text.slice(values)}:", f"    {held}.append({each})"]
    return [text.before(stmt, "\n".join(lines)), text.replaced(values, held)]


def sum_by_keys(text: Text, node: ast.AST) -> list[Edit] | None:
    """`sum(f(d[k]) for k in d)` is `total = 0.0` and `total += f(d[k])` for each, where the function is given d
    or makes it."""
    match node:
        case ast.Call(func=ast.Name(id="sum"), keywords=[], args=[
            ast.GeneratorExp(elt=element, generators=[ast.comprehension(target=ast.Name(id=key), iter=along, ifs=[])]),
        ]):
            pass
        case _:
            return None
    match along:
        case ast.Name(id=name) | ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="keys"), args=[]):
            inner = nodes_in(element)
        case _:
            return None
    is_dicts = any(
        isinstance(each, ast.Subscript) and isinstance(each.value, ast.Name) and each.value.id == name
        and isinstance(each.slice, ast.Name) and each.slice.id == key for each in inner
    )
    if not is_dicts or name not in text.varying or not may_be_dict(text, name) or "\n" in text.slice(node):
        return None
    inside = {id(each) for each in nodes_in(node)}
    is_shared = any(isinstance(each, ast.Name) and each.id == key and id(each) not in inside for each in text.nodes)
    has_scopes = any(isinstance(each, ast.Lambda | ast.NamedExpr | ast.comprehension) for each in inner)
    stmt = text.statement_of(node)
    assert isinstance(node, ast.Call)
    if is_shared or has_scopes or not text.is_first_on_its_line(stmt) or not may_come_first(text, node):
        return None
    total = text.fresh("total", "summed")
    lines = [f"{total} = 0.0", f"for {key} in {text.slice(along)}:", f"    {total} += {text.slice(element)}"]
    return [text.before(stmt, "\n".join(lines)), text.replaced(node, total)]


def counted_up(text: Text, node: ast.AST) -> list[Edit] | None:
    """`d = defaultdict(float)` is `d = {}`, and `d[k] += x` is `d[k] = (d[k] if k in d.keys() else 0.0) + x`, where that is all
    that is stored in d."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(
            func=ast.Name(id="defaultdict") | ast.Attribute(value=ast.Name(id="collections"), attr="defaultdict"),
            args=[ast.Name(id="float" | "int" as zero)], keywords=[],
        ) as made):
            missing = "0.0" if zero == "float" else "0"
        case _:
            return None
    if name not in text.varying or is_returned(text, name) or name in text.made_here(ast.Dict):
        return None
    edits = [text.replaced(made, "{}")]
    for each in text.nodes:
        if not isinstance(each, ast.Name) or each.id != name or each is node.targets[0]:
            continue
        match text.owners[each]:
            case ast.Subscript(ctx=ast.Store(), slice=ast.Constant() | ast.Name() as key) as place:
                match text.owners[place]:
                    case ast.AugAssign(op=ast.Add(), value=value) as stmt if "\n" not in text.slice(stmt):
                        at = f"{name}[{text.slice(key)}]"
                        told = f"({at} if {text.slice(key)} in {name}.keys() else {missing})"
                        edits.append(text.replaced(stmt, f"{at} = {told} + ({text.slice(value)})"))
                    case _:
                        return None
            case ast.Subscript(ctx=ast.Load(), slice=ast.Constant() | ast.Name() as key) as place:
                told = f"({name}[{text.slice(key)}] if {text.slice(key)} in {name}.keys() else {missing})"
                edits.append(text.replaced(place, told))
            case ast.Attribute(attr="values" | "items" | "keys") | ast.For():
                if any(isinstance(other, ast.Subscript) and isinstance(other.ctx, ast.Load) and isinstance(other.value, ast.Name)
                       and other.value.id == name for other in text.nodes):
                    return None
            case _:
                return None
    return edits


def dict_with_more(text: Text, node: ast.AST) -> list[Edit] | None:
    """`dict(p, a=x)` is `{**p, "a": x}`, where p is a dict."""
    match node:
        case ast.Call(func=ast.Name(id="dict"), args=[ast.Name(id=name)], keywords=[_, *_] as more):
            is_plain = "#" not in text.slice(node) and all(each.arg is not None for each in more)
            if not text.may_vary(node) or not is_plain or not is_dict(text, name):
                return None
            inside = ", ".join(f'"{each.arg}": {text.slice(each.value)}' for each in more)
            return [text.replaced(node, f"{{**{name}, {inside}}}")]
    return None
