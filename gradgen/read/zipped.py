"""What `zip` hands out, where it is kept or turned, as lists: `list(zip(a, b))`, `pairs = zip(a, b)`, `zip(*rows)`.

Never touches an iterator that may be gone through twice, nor columns of what may be an array.
"""
from __future__ import annotations

import ast

from gradgen.read.iterators import CHANGING
from gradgen.read.positions import Edit
from gradgen.read.rewriting import Text
from gradgen.read.trees import nodes_in
from gradgen.read.unnamed import OPEN, SIMPLE

WORDS = ("each", "other", "another", "further")
ONCE = frozenset({"sum", "list", "tuple", "max", "min", "sorted", "enumerate", "zip", "len", "reversed", "set"})
"""Functions that make nothing of a tuple that they would not make of a list."""
USING_UP = ONCE - {"len", "reversed"}
"""Those of them to which an iterator is what a list is."""


def listed_pairs(text: Text, node: ast.AST) -> list[Edit] | None:
    """`list(zip(a, b))` is `[(each, other) for each, other in zip(a, b)]`, and `sorted(zip(a, b))` goes through that."""
    match node:
        case ast.Call(func=ast.Name(id="list" | "sorted" as called), args=[ast.Call() as made], keywords=keywords):
            written = _pairs(text, made)
        case _:
            return None
    owner = text.owners[node]
    is_header = isinstance(owner, ast.For | ast.comprehension) or isinstance(owner, ast.Call) and _name(owner.func) in ONCE
    if written is None or called == "list" and (keywords or is_header):
        return None
    return [text.replaced(node if called == "list" else made, written)]


def kept_pairs(text: Text, node: ast.AST) -> list[Edit] | None:
    """`pairs = zip(a, b)` is `pairs = [(each, other) for each, other in zip(a, b)]`, where these are gone through once."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as made):
            written = _pairs(text, made)
        case _:
            return None
    every = text.uses(name)
    reads = [each for each in every if isinstance(each.ctx, ast.Load)]
    if written is None or len(every) != 2 or len(reads) != 1:
        return None
    user = text.owners[reads[0]]
    if not isinstance(user, ast.For | ast.comprehension) and not (isinstance(user, ast.Call) and _name(user.func) in USING_UP):
        return None
    stmt = text.statement_of(reads[0])
    around: ast.AST = reads[0]
    while around is not stmt:
        inner, around = around, text.owners[around]
        if isinstance(around, ast.ListComp | ast.GeneratorExp | ast.DictComp):
            is_once = around.generators[0] is inner
        elif isinstance(around, ast.For | ast.comprehension):
            is_once = around.iter is inner
        else:
            is_once = not isinstance(around, ast.Lambda | ast.SetComp)
        if not is_once:
            return None
    block = next((block for block in _blocks(text.owners[node]) if node in block and stmt in block), None)
    if block is None or isinstance(stmt, ast.While):
        return None
    between = block[block.index(node) + 1 : block.index(stmt) + 1]
    return [text.replaced(made, written)] if _changes_nothing(text, between, made) else None


def _blocks(owner: ast.AST) -> list[list[ast.stmt]]:
    return [getattr(owner, name) for name in ("body", "orelse", "finalbody") if isinstance(getattr(owner, name, None), list)]


def _changes_nothing(text: Text, block: list[ast.stmt], made: ast.Call) -> bool:
    """Whether nothing is stored in statements but into lists that the function makes itself: what is handed out one by one then
    stood there before. Functions that are given what is gone through may change it."""
    given = {each.id for each in nodes_in(made) if isinstance(each, ast.Name)}
    own = text.made_here(ast.List, ast.ListComp) - given
    for each in (node for stmt in block for node in nodes_in(stmt)):
        match each:
            case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store() | ast.Del()):
                if not (isinstance(each.value, ast.Name) and each.value.id in own):
                    return False
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)) if attr in CHANGING and name not in own:
                return False
            case ast.AugAssign(target=ast.Name(id=name)) if name in given:
                return False
            case ast.Call(func=func) if each is not made and _name(func) not in ONCE:
                args = (*each.args, *(keyword.value for keyword in each.keywords))
                if any(isinstance(part, ast.Name) and part.id in given for arg in args for part in nodes_in(arg)):
                    return False
    return True


def _pairs(text: Text, made: ast.Call) -> str | None:
    """A call of zip as a list of tuples; None for any other call."""
    written, args = text.slice(made), made.args
    is_plain = not any(isinstance(each, ast.Starred) for each in args) and all(each.arg == "strict" for each in made.keywords)
    if _name(made.func) != "zip" or not is_plain or not 0 < len(args) <= len(WORDS) or not text.may_vary(made):
        return None
    if "\n" in written or "#" in written:
        return None
    names = [text.fresh(word) for word in WORDS[: len(args)]]
    together = ", ".join(names) + ("," if len(names) == 1 else "")
    return f"[({together}) for {together} in {written}]"


def columns(text: Text, node: ast.AST) -> list[Edit] | None:
    """`for column in zip(*rows):` goes through `[[row[place] for row in rows] for place in range(width)]`, `x, y = zip(*rows)` is
    `x, y = tuple(each for each, other in rows), ...`, where rows is a list of lists or tuples for sure."""
    match node:
        case ast.Call(func=ast.Name(id="zip"), args=[ast.Starred(value=ast.Name(id=name))], keywords=[]):
            is_known = name in text.lists or name in text.given.tuples
        case _:
            return None
    owner, stmt = text.owners[node], text.statement_of(node)
    if not is_known or not text.may_vary(node):
        return None
    if isinstance(owner, ast.Assign) and owner.value is node:
        return _unpacked(text, owner, node, name)
    if not isinstance(owner, ast.For | ast.comprehension) or not _is_only_looked_into(text, owner):
        return None
    around: ast.AST = node
    while around is not stmt:
        around = text.owners[around]
        if isinstance(around, OPEN) and not isinstance(around, ast.comprehension | ast.ListComp | ast.GeneratorExp):
            return None
        made = around.generators if isinstance(around, ast.ListComp | ast.GeneratorExp) else []
        if any(isinstance(each, ast.Name) and each.id == name for part in made for each in nodes_in(part.target)):
            return None
    is_header = isinstance(stmt, ast.For) and stmt is owner
    if not (isinstance(stmt, SIMPLE) or is_header) or not text.is_first_on_its_line(stmt):
        return None
    if isinstance(stmt, ast.For) and not _changes_nothing(text, stmt.body, node):
        return None
    row, place, turned = text.fresh("row", "row_of"), text.fresh("place"), text.fresh("columns", "turned")
    width = text.fresh("width", "widths")
    lines = [
        f"{width} = min([len({row}) for {row} in {name}], default=0)",
        f"{turned} = [[{row}[{place}] for {row} in {name}] for {place} in range({width})]",
    ]
    return [text.before(stmt, "\n".join(lines)), text.replaced(node, turned)]


def _unpacked(text: Text, stmt: ast.Assign, node: ast.Call, name: str) -> list[Edit] | None:
    match stmt.targets:
        case [ast.Tuple(elts=items)] if 1 < len(items) <= len(WORDS) and all(isinstance(each, ast.Name) for each in items):
            pass
        case _:
            return None
    if any(isinstance(each, ast.Name) and each.id == name for each in items):
        return None
    names = [text.fresh(word) for word in WORDS[: len(items)]]
    written = (f"tuple({each} for {', '.join(names)} in {name})" for each in names)
    return [text.replaced(node, ", ".join(written))]


def _is_only_looked_into(text: Text, loop: ast.For | ast.comprehension) -> bool:
    """Whether nothing is made of the columns that a loop goes through that only tuples give."""
    match loop.target:
        case ast.Tuple(elts=items):
            return all(isinstance(each, ast.Name) for each in items)
        case ast.Name(id=name):
            named = text.uses(name)
            return all(_looks(text, each) for each in named if isinstance(each.ctx, ast.Load))
    return False


def _looks(text: Text, use: ast.Name) -> bool:
    match text.owners[use]:
        case ast.Subscript(value=value, slice=place):
            return value is use and not isinstance(place, ast.Slice)
        case ast.For(iter=along) | ast.comprehension(iter=along):
            return along is use
        case ast.Call(func=func):
            return _name(func) in ONCE
    return False


def _name(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else ""
