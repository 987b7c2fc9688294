"""Gives a name, on a line of its own before the statement, to what is read without one: displays that are indexed at once,
lambdas that are called at once, lists that are filtered, what `max` and `reduce` go through.

Never moves anything in front of what might raise or have an effect before it, nor out of where it might not be evaluated.
"""
from __future__ import annotations

import ast
import functools
from collections.abc import Callable

from gradgen.read.positions import Edit
from gradgen.read.rewriting import Text
from gradgen.read.trees import nodes_in

SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Expr)
OPEN = (
    ast.IfExp, ast.BoolOp, ast.Lambda, ast.NamedExpr, ast.comprehension, ast.ListComp, ast.DictComp, ast.SetComp,
    ast.GeneratorExp, ast.JoinedStr, ast.Await, ast.Yield, ast.YieldFrom,
)
"""What may leave a part of itself out, or evaluate it several times."""
ACTING = (ast.Call, ast.Subscript, ast.Attribute, ast.Compare)
RAISING = (ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)


def may_move(
    text: Text, node: ast.expr, past: frozenset[str] = frozenset(), is_plain: Callable[[ast.expr], bool] | None = None
) -> bool:
    """Whether an expression may be evaluated on a line before its statement, before calls of the builtins `past` as well, and
    before what `is_plain`."""
    stmt = text.statement_of(node)
    if not isinstance(stmt, SIMPLE) or stmt.value is None:
        return False
    if isinstance(stmt, ast.AugAssign) and not isinstance(stmt.target, ast.Name):
        return False
    owner: ast.AST = node
    around = {owner}
    while owner is not stmt:
        owner = text.owners[owner]
        around.add(owner)
        if isinstance(owner, OPEN):
            return False
    before = [each for each in nodes_in(stmt.value) if each not in around and isinstance(each, ast.expr)]
    before = [each for each in before if text.end(each) <= text.start(node)]
    passed = [each for each in before if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id in past]
    inside = {part for each in passed if not _has_effect(each) for part in nodes_in(each)}
    acting = (each for each in before if each not in inside and _may_act(each))
    return all(is_plain is not None and is_plain(each) for each in acting)


def _has_effect(call: ast.Call) -> bool:
    """Whether what is computed to be summed may do more than to compute: it calls what is not of `math`, `np` or the builtins."""
    for each in nodes_in(call):
        match each:
            case ast.Call(func=ast.Name(id=name)) if name not in COMPUTING:
                return True
            case ast.Call(func=ast.Name(id="map"), args=[ast.Name(id=name), *_]) if name not in COMPUTING:
                return True
            case ast.Call(func=ast.Attribute(value=ast.Name(id=module))) if module not in ("math", "np", "numpy"):
                return True
            case ast.Call(func=ast.Attribute(value=owner)) if not isinstance(owner, ast.Name):
                return True
            case ast.NamedExpr() | ast.Await() | ast.Yield() | ast.YieldFrom():
                return True
    return False


COMPUTING = frozenset({"sum", "abs", "max", "min", "len", "range", "enumerate", "zip", "map", "float", "reversed"})


def _may_act(node: ast.expr) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id="math" | "np" | "numpy")):
            return False
    return isinstance(node, ACTING) or isinstance(node, ast.BinOp) and isinstance(node.op, RAISING)


def named(text: Text, node: ast.expr, value: str, *wanted: str) -> list[Edit] | None:
    """The node replaced by a name that a line before the statement gives to `value`."""
    if not may_move(text, node):
        return None
    name = text.fresh(*wanted)
    return [text.before(text.statement_of(node), f"{name} = {value}"), text.replaced(node, name)]


def indexed_at_once(text: Text, node: ast.AST) -> list[Edit] | None:
    """`{"a": x, "b": y}[kind]` is `parts = {"a": x, "b": y}` and `parts[kind]`."""
    match node:
        case ast.Subscript(value=ast.Dict() | ast.List() | ast.Tuple() | ast.ListComp() | ast.DictComp() as made, ctx=ast.Load()):
            is_short = "\n" not in text.slice(made) and "#" not in text.slice(made)
            is_cut = isinstance(node.slice, ast.Slice) or isinstance(text.owners.get(node), ast.Subscript)
            if text.may_vary(made) and is_short and not is_cut:
                return named(text, made, text.slice(made), "parts", "choices")
    return None


def spread_at_once(text: Text, node: ast.AST) -> list[Edit] | None:
    """`f(*[2 * t for t in v])` is `given = [2 * t for t in v]` and `f(*given)`; so are a generator and `map`."""
    match node:
        case ast.Call(func=ast.Name() | ast.Attribute(value=ast.Name()) as called, args=[*_, ast.Starred(value=made)]):
            written = text.slice(made)
        case _:
            return None
    match made:
        case ast.ListComp():
            pass
        case ast.GeneratorExp():
            written = f"[{written[1:-1]}]"
        case ast.Call(func=ast.Name(id="map"), args=[_, _, *_]) if "map" not in text.bound:
            written = f"list({written})"
        case _:
            return None
    is_short = "\n" not in written and "#" not in written
    if not text.may_vary(made) or not is_short or not may_move(text, made, is_plain=lambda each: each is called):
        return None
    name = text.fresh("given", "spread")
    return [text.before(text.statement_of(node), f"{name} = {written}"), text.replaced(made, name)]


def called_at_once(text: Text, node: ast.AST) -> list[Edit] | None:
    """`(lambda t: t * t)(x)` is `function = lambda t: t * t` and `function(x)`."""
    match node:
        case ast.Call(func=ast.Lambda() as made) if text.may_vary(node) and not made.args.defaults and not made.args.kw_defaults:
            stmt = text.statement_of(node)
            whole, start, end = text.positions.text, text.start(made), text.end(made)
            if not isinstance(stmt, SIMPLE) or "\n" in text.slice(made) or whole[start - 1] != "(" or whole[end] != ")":
                return None
            owner: ast.AST = node
            while owner is not stmt:
                owner = text.owners[owner]
                if isinstance(owner, ast.Lambda | ast.ListComp | ast.DictComp | ast.SetComp | ast.GeneratorExp | ast.NamedExpr):
                    return None
            name = text.fresh("function", "called")
            return [text.before(stmt, f"{name} = {text.slice(made)}"), Edit(start - 1, end + 1, name)]
    return None


def filtered(text: Text, node: ast.AST) -> list[Edit] | None:
    """`sum([t for t in ts if t > 0])` is `parts = [t for t in ts if t > 0]` and `sum(parts)`."""
    assert isinstance(node, ast.ListComp)
    owner = text.owners[node]
    is_named = isinstance(owner, ast.Assign) and len(owner.targets) == 1 and isinstance(owner.targets[0], ast.Name)
    is_filtered = len(node.generators) > 1 or any(generator.ifs for generator in node.generators)
    if is_named or not is_filtered or not text.may_vary(node) or "\n" in text.slice(node):
        return None
    return named(text, node, text.slice(node), "parts", "chosen")


def largest_of(text: Text, node: ast.AST) -> list[Edit] | None:
    """`max(f(t) for t in ts)` is `parts = [f(t) for t in ts]` and `max(parts)`."""
    match node:
        case ast.Call(
            func=ast.Name(id="max" | "min") | ast.Attribute(value=ast.Name(id="math"), attr="prod"),
            args=[ast.GeneratorExp() | ast.ListComp() | ast.Call() as made], keywords=[],
        ):
            inside = text.slice(made)
            if not text.may_vary(made) or "\n" in inside or not may_move(text, made, COMPUTING):
                return None
            if not isinstance(made, ast.GeneratorExp):
                listed = inside if isinstance(made, ast.ListComp) else _mapped(text, made)
                if listed is None:
                    return None
                name = text.fresh("parts", "among")
                return [text.before(text.statement_of(node), f"{name} = {listed}"), text.replaced(made, name)]
            name = text.fresh("parts", "among")
            is_bracketed = text.end(made) == text.end(node)  # the call's own brackets are the expression's
            written = inside[1:-1] if is_bracketed or inside.startswith("(") and inside.endswith(")") else inside
            line = text.before(text.statement_of(node), f"{name} = [{written}]")
            return [line, Edit(text.start(made), text.end(made), f"({name})" if is_bracketed else name)]
    return None


def largest_in_part(text: Text, node: ast.AST) -> list[Edit] | None:
    """`max(xs[i:j])` is `parts = [each for each in xs[i:j]]` and `max(parts)`, where xs is a list for sure."""
    match node:
        case ast.Call(
            func=ast.Name(id="max" | "min") | ast.Attribute(value=ast.Name(id="math"), attr="prod"),
            args=[ast.Subscript(value=ast.Name(id=name), slice=ast.Slice()) as part], keywords=[],
        ) if text.may_vary(part) and (name in text.lists or name in text.given.tuples):
            each = text.fresh("each", "element")
            if not may_move(text, part, COMPUTING):
                return None
            held = text.fresh("parts", "among")
            line = text.before(text.statement_of(node), f"{held} = [{each} for {each} in {text.slice(part)}]")
            return [line, text.replaced(part, held)]
    return None


def _mapped(text: Text, made: ast.expr) -> str | None:
    """`map(f, ts)` as a list: `[f(each) for each in ts]`."""
    match made:
        case ast.Call(func=ast.Name(id="map"), args=[ast.Name() | ast.Attribute() as function, ast.Name() as along], keywords=[]):
            each = text.fresh("each", "element")
            return f"[{text.slice(function)}({each}) for {each} in {along.id}]"
    return None


MOST_NESTED = 8


def reduced(text: Text, node: ast.AST) -> list[Edit] | None:
    """`reduce(f, items, first)` is a loop: `total = first` and `total = f(total, item)` for each; `reduce(np.dot, [a, b, c])` is
    `np.dot(np.dot(a, b), c)`."""
    match node:
        case ast.Call(
            func=ast.Name(id="reduce") | ast.Attribute(value=ast.Name(id="functools"), attr="reduce"),
            args=[function, items, *first], keywords=[],
        ) if len(first) < 2 and text.may_vary(node):
            pass
        case _:
            return None
    stmt = text.statement_of(node)
    match function, items:
        case ast.Name() | ast.Attribute(), ast.List(elts=[_, *_] as parts) | ast.Tuple(elts=[_, *_] as parts) if (
            len(parts) <= MOST_NESTED and not any(isinstance(part, ast.Starred) for part in parts)
        ):
            written = [text.slice(part) for part in (*first, *parts)]
            nested = functools.reduce(lambda so_far, part: f"{text.slice(function)}({so_far}, {part})", written)
            return [text.replaced(node, nested)]
    if not may_move(text, node) or not text.is_first_on_its_line(stmt) or "\n" in text.slice(node):
        return None
    lines = []
    total, item, called = text.fresh("total", "reduced"), text.fresh("item", "each"), text.slice(function)
    if isinstance(function, ast.Lambda):
        called = text.fresh("combined", "function")
        lines.append(f"{called} = {text.slice(function)}")
    elif not isinstance(function, ast.Name | ast.Attribute):
        return None
    along, listed = text.slice(items), _mapped(text, items)
    if isinstance(items, ast.GeneratorExp):
        listed = f"[{along[1:-1] if along.startswith('(') and along.endswith(')') else along}]"
    if listed is not None:
        along = text.fresh("items", "reduced_items")
        lines.append(f"{along} = {listed}")
    if first:
        lines.append(f"{total} = {text.slice(first[0])}")
    else:
        if not isinstance(items, ast.Name) and listed is None:
            along = text.fresh("items", "reduced_items")
            lines.append(f"{along} = {text.slice(items)}")
        lines.append(f"{total} = {along}[0]")
        along = f"{along}[1:]"
    lines += [f"for {item} in {along}:", f"    {total} = {called}({total}, {item})"]
    return [text.before(stmt, "\n".join(lines)), text.replaced(node, total)]


QUANTILES = frozenset({"percentile", "quantile", "nanpercentile", "nanquantile"})


def spread_quantiles(text: Text, node: ast.AST) -> list[Edit] | None:
    """`np.subtract(*np.percentile(x, [75, 25]))` is `np.subtract(parts[0], parts[1])`, where `parts` are the percentiles."""
    match node:
        case ast.Call(args=[ast.Starred(value=ast.Call(
            func=ast.Attribute(value=ast.Name(), attr=name), args=[_, ast.List(elts=parts) | ast.Tuple(elts=parts)], keywords=[],
        ) as made)]) if name in QUANTILES and text.may_vary(made):
            pass
        case _:
            return None
    assert isinstance(node, ast.Call)
    stmt = text.statement_of(node)
    if not may_move(text, node) or not text.is_first_on_its_line(stmt) or "\n" in text.slice(made):
        return None
    held = text.fresh("parts", "quantiles")
    given = ", ".join(f"{held}[{index}]" for index in range(len(parts)))
    return [text.before(stmt, f"{held} = {text.slice(made)}"), text.replaced(node.args[0], given)]


def spread_display(text: Text, node: ast.AST) -> list[Edit] | None:
    """`f(*[x, y])` is `f(x, y)`."""
    assert isinstance(node, ast.Call)
    for arg in node.args:
        match arg:
            case ast.Starred(value=ast.List(elts=items) | ast.Tuple(elts=items)) if items and text.may_vary(arg):
                return [text.replaced(arg, ", ".join(text.slice(item) for item in items))]
    return None


def dict_of_keywords(text: Text, node: ast.AST) -> list[Edit] | None:
    """`dict(a=x, b=y)` is `{"a": x, "b": y}`."""
    match node:
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords) if keywords and all(each.arg for each in keywords):
            if not text.may_vary(node) or "#" in text.slice(node):
                return None
            inside = ", ".join(f'"{each.arg}": {text.slice(each.value)}' for each in keywords)
            return [text.replaced(node, f"{{{inside}}}")]
    return None


SEVERAL = {"divmod": ("quotient", "remainder"), "modf": ("fraction", "whole")}


def returned_together(text: Text, node: ast.AST) -> list[Edit] | None:
    """`return divmod(x, y)` is `quotient, remainder = divmod(x, y)` and `return quotient, remainder`."""
    match node:
        case ast.Return(value=ast.Call(
            func=ast.Name(id=called) | ast.Attribute(value=ast.Name(id="math" | "np" | "numpy"), attr=called), keywords=[],
        ) as made) if called in SEVERAL and text.may_vary(made):
            names = ", ".join(text.fresh(name) for name in SEVERAL[called])
            return [text.before(node, f"{names} = {text.slice(made)}"), text.replaced(made, names)]
    return None


OPERATORS = {
    "__add__": "+", "__sub__": "-", "__mul__": "*", "__truediv__": "/", "__floordiv__": "//", "__mod__": "%", "__pow__": "**",
    "__matmul__": "@",
}


UNARY = {"__neg__": "-", "__pos__": "+", "__abs__": "abs"}


def called_by_its_method(text: Text, node: ast.AST) -> list[Edit] | None:
    """`x.__add__(y)` is `(x) + (y)`, `x.__rsub__(y)` is `(y) - (x)`, `x.__neg__()` is `-(x)`, `x.__getitem__(0)` is `x[0]`."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name() as owner, attr=name), args=[], keywords=[]) if (
            name in UNARY and text.may_vary(node)
        ):
            return [text.replaced(node, f"({UNARY[name]}({text.slice(owner)}))")]
        case ast.Call(
            func=ast.Attribute(value=ast.Name() as owner, attr=name), args=[ast.Name() | ast.Constant() as arg], keywords=[],
        ) if (
            name.startswith("__r") and f"__{name[3:]}" in OPERATORS and text.may_vary(node)
        ):
            return [text.replaced(node, f"({text.slice(arg)} {OPERATORS[f'__{name[3:]}']} {text.slice(owner)})")]
        case ast.Call(func=ast.Attribute(value=owner, attr=name), args=[arg], keywords=[]) if (
            (name in OPERATORS or name == "__getitem__") and text.may_vary(node)
        ):
            is_inherited = isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id == "super"
            if isinstance(arg, ast.Starred) or is_inherited:
                return None
            if name in OPERATORS:
                return [text.replaced(node, f"(({text.slice(owner)}) {OPERATORS[name]} ({text.slice(arg)}))")]
            if name == "__getitem__":
                return [text.replaced(node, f"{text.slice(owner)}[{text.slice(arg)}]")]
    return None
