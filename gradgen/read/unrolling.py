"""Loops, comprehensions and `map` over displays of what may vary: element by element, or over a list that has a name.

Never touches a display that reads only constants and no functions, and never moves what could raise past something that could.
"""
from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from gradgen.read.positions import Edit
from gradgen.read.rewriting import Text
from gradgen.read.trees import nodes_in

MOST_UNROLLED = 8
ALONG = frozenset({"zip", "enumerate", "reversed", "list", "tuple"})
CONSUMERS = frozenset({"sum", "max", "min", "tuple", "list", "fsum", "prod"})
PASSIVE = frozenset({"any", "all", "len"})
BRACKETS: Mapping[type[ast.expr], tuple[str, str]] = {ast.Tuple: ("(", ")"), ast.List: ("[", "]")}


def loop_over_displays(text: Text, node: ast.AST) -> list[Edit] | None:
    """`for t in (x, y):` is `ts = (x, y)` and `for t in ts:`."""
    assert isinstance(node, ast.For)
    return _named_before(text, node, node.target, node.iter)


def comprehension_over_displays(text: Text, node: ast.AST) -> list[Edit] | None:
    """`[f(t) for t in (x, y)]` is `[f(x), f(y)]` where that computes nothing twice; else its display gets a name before."""
    assert isinstance(node, ast.ListComp | ast.GeneratorExp)
    found = _unrolled(text, node)
    if found is not None:
        return found
    stmt, owner = text.statement_of(node), text.owners[node]
    if isinstance(owner, ast.Call) and _called(owner) in PASSIVE:
        return None
    around: ast.AST = node
    while around is not stmt:
        inner, around = around, text.owners[around]
        is_header = isinstance(around, ast.For) and inner is around.iter or isinstance(around, ast.If) and inner is around.test
        if isinstance(around, ast.Lambda | ast.comprehension | ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp):
            return None
        if around is stmt and isinstance(stmt, ast.For | ast.If) and not is_header:
            return None
    is_elif = text.positions.text.startswith("elif", text.start(stmt))
    if is_elif or not isinstance(stmt, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return | ast.Expr | ast.For | ast.If):
        return None
    first = node.generators[0]
    displays = [display for _, display in _displays(first.iter)]
    if not all(is_atom(item) for display in displays for item in _items_of(display)):
        if any(not is_evaluated_first(text, display, stmt) for display in displays[:1]):
            return None
    return _named_before(text, stmt, first.target, first.iter)


def _named_before(text: Text, stmt: ast.stmt, target: ast.expr, iterable: ast.expr) -> list[Edit] | None:
    """The displays of an iterable, named on lines before the statement; None where something is evaluated between them."""
    found = [(place, display) for place, display in _displays(iterable) if text.may_vary(display)]
    if not found or not _evaluates_displays_only(iterable):
        return None
    edits, lines = [], []
    for place, display in found:
        name = text.fresh(*plurals(target, place))
        lines.append(f"{name} = {_on_one_line(text, display)}")
        edits.append(text.replaced(display, name))
    return [text.before(stmt, "\n".join(lines)), *edits]


def _displays(iterable: ast.expr, place: int | None = None) -> Iterator[tuple[int | None, ast.Tuple | ast.List]]:
    """The displays that an iterable goes through, each with its number among the arguments of a zip."""
    match iterable:
        case ast.Tuple() | ast.List():
            yield place, iterable
        case ast.Call(func=ast.Name(id=name), args=args) if name in ALONG:
            for index, arg in enumerate(args):
                yield from _displays(arg, index if name == "zip" else place)


def _evaluates_displays_only(iterable: ast.expr) -> bool:
    match iterable:
        case ast.Call(func=ast.Name(id=name), args=args) if name in ALONG or name in ("range", "len"):
            return all(map(_evaluates_displays_only, args))
        case ast.Name() | ast.Constant() | ast.Tuple() | ast.List():
            return True
    return False


def plurals(target: ast.expr, place: int | None) -> tuple[str, ...]:
    if place is not None and isinstance(target, ast.Tuple) and place < len(target.elts):
        target = target.elts[place]
    while isinstance(target, ast.Tuple) and target.elts and isinstance(target.elts[-1], ast.Tuple):
        target = target.elts[-1]
    if isinstance(target, ast.Name):
        return (f"{target.id}s", f"{target.id}_values")
    return ("rows",)


def _unrolled(text: Text, node: ast.ListComp | ast.GeneratorExp) -> list[Edit] | None:
    """A comprehension over a display of names and numbers, element by element."""
    match node.generators:
        case [ast.comprehension(target=ast.Name(id=name), iter=ast.Tuple() | ast.List() as display, ifs=[], is_async=0)]:
            items = display.elts
        case _:
            return None
    inner = nodes_in(node.elt)
    if not items or len(items) > MOST_UNROLLED:
        return None
    if _calls_target(inner, name):  # functions: `sum(f(x) for f in (sin, cos))`
        if not all(is_atom(item) or isinstance(item, ast.Attribute) and is_atom(item.value) for item in items):
            return None
    elif not all(map(is_atom, items)) or not text.may_vary(display):
        return None
    if any(isinstance(each, ast.Lambda | ast.NamedExpr | ast.comprehension | ast.JoinedStr) for each in inner):
        return None
    reads = [each for each in inner if isinstance(each, ast.Name) and each.id == name]
    is_list = isinstance(node, ast.ListComp)
    owner = text.owners.get(node)
    if not is_list and not (isinstance(owner, ast.Call) and owner.args == [node] and _called(owner) in CONSUMERS):
        if not (isinstance(owner, ast.Assign) and isinstance(owner.targets[0], ast.Tuple) and len(owner.targets) == 1):
            return None
    start = text.start(node.elt)
    parts = []
    for item in items:
        edits = [Edit(text.start(each) - start, text.end(each) - start, _enclosed(text, item)) for each in reads]
        parts.append(edited(text.slice(node.elt), edits))
    inside = ", ".join(parts) + ("," if len(parts) == 1 else "")
    opening, closing = BRACKETS[ast.List if is_list else ast.Tuple]
    is_bare = isinstance(owner, ast.Call) and text.start(node) == text.end(owner.func)  # the brackets are the call's own
    whole = f"{opening}{inside}{closing}"
    return [text.replaced(node, f"({whole})" if is_bare else whole)]


def _calls_target(nodes: Iterable[ast.AST], name: str) -> bool:
    return any(isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == name for each in nodes)


def map_over_displays(text: Text, node: ast.AST) -> list[Edit] | None:
    """`map(f, (x, y))` is `(f(each) for each in (x, y))`."""
    match node:
        case ast.Call(func=ast.Name(id="map"), args=[function, ast.Tuple() | ast.List() as display], keywords=[]):
            pass
        case _:
            return None
    if "map" in text.bound or not text.may_vary(display):
        return None
    if isinstance(function, ast.Lambda):
        args = function.args
        is_plain = len(args.args) == 1 and not (args.defaults or args.posonlyargs or args.kwonlyargs or args.vararg or args.kwarg)
        if not is_plain or any(isinstance(each, ast.NamedExpr | ast.Lambda) for each in nodes_in(function.body)):
            return None
        name, body = args.args[0].arg, text.slice(function.body)
    elif all(isinstance(each, ast.Name | ast.Attribute) for each in nodes_in(function)):
        name = text.fresh("each")
        body = f"{text.slice(function)}({name})"
    else:
        return None
    return [text.replaced(node, f"({body} for {name} in {text.slice(display)})")]


def is_evaluated_first(text: Text, node: ast.expr, stmt: ast.stmt) -> bool:
    """Whether an expression is surely evaluated, and nothing in its statement before it that could raise or have an effect."""
    if not isinstance(stmt, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return | ast.Expr):
        return False
    around: ast.AST = node
    later = {around}  # what is evaluated after it
    while around is not stmt:
        inner, around = around, text.owners[around]
        later.add(around)
        if isinstance(around, ast.ListComp | ast.GeneratorExp):
            later.update(nodes_in(around.elt), *(nodes_in(generator.target) for generator in around.generators))
        is_asked_first = isinstance(around, ast.IfExp) and inner is around.test or (
            isinstance(around, ast.BoolOp) and inner is around.values[0]
        )
        if isinstance(around, ast.IfExp | ast.BoolOp | ast.Compare) and not is_asked_first:
            return False
    value = stmt.value
    if value is None:
        return False
    others = (each for each in nodes_in(value) if isinstance(each, ast.expr) and each not in later)
    before = (each for each in others if text.start(each) < text.start(node))
    return all(isinstance(each, ast.Name | ast.Constant | ast.Attribute) for each in before)


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""


def edited(text: str, edits: list[Edit]) -> str:
    """A text after edits."""
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _enclosed(text: Text, item: ast.expr) -> str:
    return text.slice(item) if isinstance(item, ast.Name | ast.Attribute) else f"({text.slice(item)})"


def is_atom(node: ast.expr) -> bool:
    """Whether an expression is a name or a number: evaluating it again, or earlier, changes nothing."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    return isinstance(node, ast.Name | ast.Constant)


def _items_of(display: ast.Tuple | ast.List) -> Iterator[ast.expr]:
    for item in display.elts:
        if isinstance(item, ast.Tuple | ast.List):
            yield from _items_of(item)
        else:
            yield item


def _on_one_line(text: Text, display: ast.Tuple | ast.List) -> str:
    """A display's text with its brackets: `for t in x, y:` has none. What stands on several lines is joined."""
    written = text.slice(display)
    if "\n" in written and "#" not in written and '"""' not in written and "'''" not in written:
        written = " ".join(part.strip() for part in written.splitlines())
    opening, closing = BRACKETS[type(display)]
    is_enclosed = isinstance(display, ast.List) or text.start(display) < text.start(display.elts[0]) if display.elts else True
    return written if is_enclosed else f"{opening}{written}{closing}"
