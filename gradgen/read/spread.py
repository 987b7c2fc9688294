"""Spells out what is made of all elements of something: `list(v)`, `[*v, s]`, `first, *rest = v`, `(W1, b1), (W2, b2) = params`,
`sum(f(v) for v in d.values())`.

Never moves anything in front of what might raise or have an effect before it.
"""
from __future__ import annotations

import ast

from gradgen.read.made import SEQUENCES
from gradgen.read.own_lists import has_rows_stored_into, is_alone
from gradgen.read.positions import Edit
from gradgen.read.rewriting import Text
from gradgen.read.trees import nodes_in
from gradgen.read.unnamed import OPEN, SIMPLE

ALONG = frozenset({"enumerate", "zip", "reversed", "len", "sum", "max", "min", "sorted", "set", "dict", "range"})
"""Functions that go through what they are given themselves."""


def listed(text: Text, node: ast.AST) -> list[Edit] | None:
    """`list(v)` is `[each for each in v]`, where v is no list that the function makes."""
    match node:
        case ast.Call(
            func=ast.Name(id="list" | "tuple" as kind), keywords=[],
            args=[ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name), slice=ast.Slice()) as along],
        ):
            is_known = kind in text.bound or name in text.made_here(*SEQUENCES, ast.Dict, ast.DictComp)
        case _:
            return None
    assert isinstance(node, ast.Call)
    owner = text.owners[node]
    if is_known or name not in text.varying or isinstance(owner, ast.For | ast.comprehension | ast.Starred | ast.Subscript):
        return None
    if isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id in ALONG:
        return None
    each = text.fresh("each", "element")
    written = f"{each} for {each} in {text.slice(along)}"
    written = f"tuple({written})" if kind == "tuple" else f"[{written}]"
    if _is_all_of_an_assignment(text, node) or kind == "list" and _is_row_of_lists(text, owner, node, name):
        return [text.replaced(node, written)]
    return _named(text, node, written)


def _is_row_of_lists(text: Text, owner: ast.AST, node: ast.expr, name: str) -> bool:
    """Whether `[list(row) for row in rows]` goes through what is a list for sure."""
    match owner:
        case ast.ListComp(elt=elt, generators=[ast.comprehension(target=ast.Name(id=row), iter=ast.Name(id=rows))]):
            return elt is node and row == name and (rows in text.lists or rows in text.given.tuples)
    return False


def _named(text: Text, node: ast.expr, written: str, read: str = "{}") -> list[Edit] | None:
    if not may_come_first(text, node):
        return None
    name = text.fresh("elements", "listed")
    return [text.before(text.statement_of(node), f"{name} = {written}"), text.replaced(node, read.format(name))]


def _is_put_among_rows(text: Text, owner: ast.AST) -> bool:
    """Whether a call appends to a list in whose rows something is stored: the row has no other name then."""
    match owner:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append")):
            return has_rows_stored_into(text, name)
    return False


def _is_all_of_an_assignment(text: Text, node: ast.expr) -> bool:
    owner = text.owners[node]
    return isinstance(owner, ast.Assign) and len(owner.targets) == 1 and isinstance(owner.targets[0], ast.Name)


def joined(text: Text, node: ast.AST) -> list[Edit] | None:
    """`q = [s, *v, t]` is `q = [s]`, a loop that appends the elements of v, and `q.append(t)`."""
    assert isinstance(node, ast.List)
    stars = [index for index, each in enumerate(node.elts) if isinstance(each, ast.Starred)]
    written, owner = text.slice(node), text.owners[node]
    if not stars or not isinstance(node.ctx, ast.Load) or not text.may_vary(node) or "\n" in written or "#" in written:
        return None
    if isinstance(owner, ast.Starred) or isinstance(owner, ast.Call) and owner.func is node:
        return None
    if _is_put_among_rows(text, owner):
        each = text.fresh("each", "element")
        return _named(text, node, written, f"[{each} for {each} in {{}}]")
    if not _is_all_of_an_assignment(text, node):
        return _named(text, node, written)
    stmt = text.statement_of(node)
    assert isinstance(stmt, ast.Assign) and isinstance(stmt.targets[0], ast.Name)
    name = stmt.targets[0].id
    read = {each.id for each in nodes_in(node) if isinstance(each, ast.Name)}
    if text.is_in_try(stmt) or not text.is_first_on_its_line(stmt):
        return None
    if name in read:
        return _made_anew(text, node, stmt, name)
    lines: list[str] = []
    for item in node.elts[stars[0] :]:
        if isinstance(item, ast.Starred):
            each = text.fresh("each", "element")
            along = text.slice(item.value)
            if isinstance(item.value, ast.ListComp):
                made = text.fresh("elements", "listed")
                lines, along = [*lines, f"{made} = {along}"], made
            lines += [f"for {each} in {along}:", f"    {name}.append({each})"]
        else:
            lines.append(f"{name}.append({text.slice(item)})")
    after = text.after(stmt, lines)
    if after is None or after.text.startswith(";"):
        return None
    return [text.replaced(node, f"[{', '.join(text.slice(item) for item in node.elts[: stars[0]])}]"), after]


def _made_anew(text: Text, node: ast.List, stmt: ast.stmt, name: str) -> list[Edit] | None:
    """`q = [*q, x]` is `q.append(x)` where nothing else names q's list; else `longer = [x, *q]` and a copy of that."""
    if name not in text.lists:
        return None
    match node.elts:
        case [ast.Starred(value=ast.Name(id=first)), last] if first == name and not isinstance(last, ast.Starred):
            if is_alone(text, name, stmt):
                return [text.replaced(stmt, f"{name}.append({text.slice(last)})")]
    longer, each = text.fresh("longer", f"longer_{name}"), text.fresh("each", "element")
    return [text.before(stmt, f"{longer} = {text.slice(node)}"), text.replaced(node, f"[{each} for {each} in {longer}]")]


def rest_of(text: Text, node: ast.AST) -> list[Edit] | None:
    """`first, *rest = v` is `first, rest = v[0], [each for each in v[1:]]`; where `rest` is only gone through, `v[1:]` stands in
    its places."""
    assert isinstance(node, ast.Assign)
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=items) | ast.List(elts=items)], value=ast.Name(id=name)):
            stars = [index for index, each in enumerate(items) if isinstance(each, ast.Starred)]
        case _:
            return None
    if len(stars) != 1 or name not in text.varying or name in text.bound - _arguments(text) or "\n" in text.slice(node):
        return None
    place = stars[0]
    starred = items[place]
    if not isinstance(starred, ast.Starred) or not isinstance(starred.value, ast.Name) or "#" in text.slice(node):
        return None
    last = len(items) - place - 1
    part = f"{name}[{place or ''}:{-last if last else ''}]"
    kept = [(each, f"{name}[{index if index < place else index - len(items)}]") for index, each in enumerate(items)]
    uses = _only_gone_through(text, starred.value.id)
    each = text.fresh("each", "element") if uses is None else ""
    pairs = [(text.slice(item), at) for item, at in kept if item is not starred]
    if uses is None:
        pairs.insert(place, (starred.value.id, f"[{each} for {each} in {part}]"))
    first, *others = [f"{left} = {right}" for left, right in pairs] or ["pass"]
    if any(isinstance(item, ast.Tuple | ast.List) for item in items) or len(pairs) == 1:
        after = text.after(node, others) if others else None
        if others and after is None:
            return None
        edits = [text.replaced(node, first), *([after] if after is not None else [])]
    else:
        edits = [text.replaced(node, f"{', '.join(left for left, _ in pairs)} = {', '.join(right for _, right in pairs)}")]
    return [*edits, *(text.replaced(use, part) for use in uses or ())]


def is_only_given(text: Text, name: str) -> bool:
    """Whether a variable is a parameter that nothing binds anew."""
    return name in _arguments(text)


def may_be_dict(text: Text, name: str) -> bool:
    """Whether a loop may ask for a variable's items: of a parameter that nothing binds anew, of a dict made here."""
    return is_only_given(text, name) or name in text.made_here(ast.Dict, ast.DictComp)


def sum_over_items(text: Text, node: ast.AST) -> list[Edit] | None:
    """`sum(f(v) for v in d.values())` is `total = 0.0` and `total += f(v)` for each, of a parameter; so is one over its items."""
    match node:
        case ast.Call(func=ast.Name(id="sum"), keywords=[], args=[ast.GeneratorExp() | ast.ListComp() as made]):
            element, first = made.elt, made.generators[0]
        case _:
            return None
    match first.iter:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="values" | "items"), args=[], keywords=[]):
            target, iterable, stmt = first.target, first.iter, text.statement_of(node)
        case _:
            return None
    bound = {each.id for each in nodes_in(target) if isinstance(each, ast.Name)}
    if len(made.generators) > 1:
        return None
    inside = {id(each) for each in nodes_in(made)}
    is_shared = any(isinstance(each, ast.Name) and each.id in bound and id(each) not in inside for each in text.nodes)
    inner = any(isinstance(each, ast.Lambda | ast.NamedExpr | ast.comprehension) for part in (element, *first.ifs)
                for each in nodes_in(part))
    if not may_be_dict(text, name) or name not in text.varying or inner or is_shared or "\n" in text.slice(node):
        return None
    if not text.is_first_on_its_line(stmt) or not may_come_first(text, node):
        return None
    total = text.fresh("total", "summed")
    tests = [f"{'    ' * depth}if {text.slice(test)}:" for depth, test in enumerate(first.ifs, 1)]
    added = f"{'    ' * (len(tests) + 1)}{total} += {text.slice(element)}"
    lines = [f"{total} = 0.0", f"for {text.slice(target)} in {text.slice(iterable)}:", *tests, added]
    return [text.before(stmt, "\n".join(lines)), text.replaced(node, total)]


def may_come_first(text: Text, node: ast.expr) -> bool:
    """Whether an expression is evaluated once, and after nothing that has an effect."""
    stmt = text.statement_of(node)
    owner: ast.AST = node
    while owner is not stmt:
        owner = text.owners[owner]
        if isinstance(owner, OPEN):
            return False
    before = (each for each in nodes_in(stmt) if isinstance(each, ast.expr) and text.end(each) <= text.start(node))
    return isinstance(stmt, SIMPLE) and all(_is_quiet(each) for each in before)


def _is_quiet(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        func = node.func
        owner = func.value if isinstance(func, ast.Attribute) else None
        is_of_module = isinstance(owner, ast.Name) and owner.id in ("np", "numpy", "math")
        return is_of_module or isinstance(func, ast.Name) and func.id in ALONG
    return not isinstance(node, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom)


def _arguments(text: Text) -> frozenset[str]:
    """The parameters that nothing binds anew."""
    stored = {each.id for each in text.nodes if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)}
    return frozenset({each.arg for each in text.nodes if isinstance(each, ast.arg)} - stored)


def _only_gone_through(text: Text, name: str) -> list[ast.Name] | None:
    """The places where a variable, bound once, is gone through; None where it is used otherwise."""
    every = text.uses(name)
    uses = [each for each in every if isinstance(each.ctx, ast.Load)]
    return uses if len(every) == len(uses) + 1 and all(_is_iterable(text, use) for use in uses) else None


def _is_iterable(text: Text, node: ast.expr) -> bool:
    owner = text.owners[node]
    if isinstance(owner, ast.For | ast.comprehension):
        return owner.iter is node
    match owner:
        case ast.Call(func=ast.Name(id="enumerate" | "zip" | "reversed")):
            return _is_iterable(text, owner)
    return False


def pairs_unpacked(text: Text, node: ast.AST) -> list[Edit] | None:
    """`(W1, b1), (W2, b2) = params` is `W1, b1 = params[0]` and `W2, b2 = params[1]`, where there are so many; so is what is
    unpacked deeper, `a, (b, (c, d)) = params`."""
    match node:
        case ast.Assign(targets=[ast.Tuple() | ast.List() as target], value=ast.Name(id=name)):
            written = text.slice(node)
        case _:
            return None
    parts = [each for each in nodes_in(target) if each is not target]
    is_plain = all(isinstance(each, ast.Name | ast.Tuple | ast.List | ast.expr_context) for each in parts)
    is_deep = any(isinstance(each, ast.Tuple | ast.List) for each in target.elts) and len(target.elts) > 1
    if not is_plain or not is_deep or name not in text.varying or not is_only_given(text, name):
        return None
    if any(isinstance(each, ast.Name) and each.id == name for each in parts) or "\n" in written or "#" in written:
        return None
    tests: list[str] = []
    first, *others = _taken_apart(text, target, name, tests)
    after = text.after(node, others)
    if after is None or after.text.startswith(";"):
        return None
    return [text.before(node, "\n".join(tests)), text.replaced(node, first), after]


def _taken_apart(text: Text, target: ast.Tuple | ast.List, source: str, tests: list[str]) -> list[str]:
    """The lines that unpack what an expression gives, one level each; `tests` get those of the lengths that no line asks for."""
    if all(isinstance(each, ast.Name) for each in target.elts):
        return [f"{_without_brackets(text, target)} = {source}"]
    count = len(target.elts)
    tests.append(f"if len({source}) != {count}:\n    raise ValueError(\"not {count} values to unpack\")")
    lines = []
    for index, each in enumerate(target.elts):
        place = f"{source}[{index}]"
        inner = _taken_apart(text, each, place, tests) if isinstance(each, ast.Tuple | ast.List) else None
        lines += [f"{text.slice(each)} = {place}"] if inner is None else inner
    return lines


def _without_brackets(text: Text, node: ast.expr) -> str:
    written = text.slice(node)
    return written[1:-1] if written[0] in "([" and not written.endswith((",)", ",]")) else written
