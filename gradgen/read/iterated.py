"""Loops and comprehensions over arrays and lists that are computed where they stand: these get a name on a line before.

Never touches what may be an iterator, which can be gone through once only.
"""
from __future__ import annotations

import ast
import builtins
import itertools
from collections.abc import Iterator

from gradgen.read.positions import Edit
from gradgen.read.rewriting import Text
from gradgen.read.trees import nodes_in
from gradgen.read.unrolling import ALONG, is_evaluated_first, plurals

NUMPY = frozenset({"np", "numpy"})
ITERATORS = frozenset({"nditer", "ndenumerate", "ndindex", "fromiter", "frompyfunc", "vectorize"})
METHODS = frozenset({"ravel", "flatten", "reshape", "copy", "transpose", "squeeze", "cumsum", "clip", "dot", "tolist"})
OWN_METHODS_OF = frozenset({"self", "cls"})
OF_PYTHON = frozenset({*dir(builtins), *dir(itertools)})
"""Names of Python's own functions, many of which give iterators."""
SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Expr)


def loop_over_made(text: Text, node: ast.AST) -> list[Edit] | None:
    """`for row in np.abs(X):` is `rows = np.abs(X)` and `for row in rows:`."""
    assert isinstance(node, ast.For)
    return _named_before(text, node, node.target, node.iter)


def comprehension_over_made(text: Text, node: ast.AST) -> list[Edit] | None:
    """`sum(f(d) for d in np.diff(x))` is `ds = np.diff(x)` and `sum(f(d) for d in ds)`."""
    assert isinstance(node, ast.ListComp | ast.GeneratorExp)
    stmt, first = text.statement_of(node), node.generators[0]
    made = [part for _, part in _made(text, first.iter)]
    if not isinstance(stmt, SIMPLE) or not made or not is_evaluated_first(text, made[0], stmt):
        return None
    around: ast.AST = text.owners[node]
    while around is not stmt:
        if isinstance(around, ast.Lambda | ast.comprehension | ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp):
            return None
        around = text.owners[around]
    return _named_before(text, stmt, first.target, first.iter)


def entries_with_places(text: Text, node: ast.AST) -> list[Edit] | None:
    """`for (i, j), t in np.ndenumerate(x):` is `for i, j in np.ndindex(x.shape):` and `t = x[i, j]`."""
    match node:
        case ast.For(
            target=ast.Tuple(elts=[ast.Name() | ast.Tuple() as place, ast.Name() as entry]) as target, body=[first, *_],
            iter=ast.Call(
                func=ast.Attribute(value=ast.Name(id="np" | "numpy" as module), attr="ndenumerate"), args=[ast.Name(id=name)],
                keywords=[],
            ) as along,
        ) if text.may_vary(along) and module not in text.bound:
            pass
        case _:
            return None
    parts = place.elts if isinstance(place, ast.Tuple) else [place]
    if not all(isinstance(each, ast.Name) for each in parts) or _is_bound_in(node, {name}):
        return None
    places = ", ".join(map(text.slice, parts)) + ("," if isinstance(place, ast.Tuple) and len(parts) == 1 else "")
    line = f"{entry.id} = {name}[{places}]"
    return [
        text.replaced(target, places), text.replaced(along, f"{module}.ndindex({name}.shape)"), text.before(first, line),
    ]


def rows_replaced(text: Text, node: ast.AST) -> list[Edit] | None:
    """`for i, row in enumerate(M): M[i] = f(row)` goes through `range(len(M))`, and `row = M[i]` is done first."""
    match node:
        case ast.For(
            target=ast.Tuple(elts=[ast.Name() as place, ast.Name() as row]) as target,
            iter=ast.Call(func=ast.Name(id="enumerate"), args=[ast.Name(id=name)], keywords=[]) as along, body=[first, *_],
        ) if name in text.varying and "enumerate" not in text.bound:
            pass
        case _:
            return None
    stores = [each for each in nodes_in(node) if isinstance(each, ast.Subscript) and isinstance(each.ctx, ast.Store)
              and isinstance(each.value, ast.Name) and each.value.id == name]
    every = [each for each in nodes_in(node) if isinstance(each, ast.Name) and each.id == name]
    is_indexed = all(each is along.args[0] or isinstance(text.owners[each], ast.Subscript) for each in every)
    if not stores or not is_indexed or _is_bound_in(node, {name, place.id}, target) or not _is_no_dict(text, name):
        return None
    return [
        text.replaced(target, place.id), text.replaced(along, f"range(len({name}))"),
        text.before(first, f"{row.id} = {name}[{place.id}]"),
    ]


def _is_no_dict(text: Text, name: str) -> bool:
    """Whether a variable is used as only arrays and lists are."""
    if name in text.lists:
        return True
    for each in text.nodes:
        match each:
            case ast.Attribute(value=ast.Name(id=own), attr="shape" | "ndim" | "T" | "size" | "dtype") if own == name:
                return True
            case ast.BinOp(left=left, right=right, op=op) if not isinstance(op, ast.BitOr):
                if any(isinstance(side, ast.Name) and side.id == name for side in (left, right)):
                    return True
            case ast.Subscript(value=ast.Name(id=own), slice=ast.Slice() | ast.Tuple()) if own == name:
                return True
            case ast.Call(func=ast.Attribute(value=ast.Name(id=module)), args=args) if module in NUMPY:
                if any(isinstance(arg, ast.Name) and arg.id == name for arg in args):
                    return True
    return False


def _is_bound_in(loop: ast.For, names: set[str], but: ast.AST | None = None) -> bool:
    """Whether a loop binds any of the names anew, but for what its target does."""
    own = {id(each) for each in nodes_in(but)} if but is not None else set()
    return any(
        isinstance(each, ast.Name) and each.id in names and not isinstance(each.ctx, ast.Load) and id(each) not in own
        for each in nodes_in(loop)
    )


def _named_before(text: Text, stmt: ast.stmt, target: ast.expr, iterable: ast.expr) -> list[Edit] | None:
    edits, lines = [], []
    for place, part in _made(text, iterable):
        if not text.may_vary(part):
            continue
        name = text.fresh(*plurals(target, place))
        written = f"{text.slice(part.value)}.ravel()" if isinstance(part, ast.Attribute) else text.slice(part)
        lines.append(f"{name} = {ast.unparse(part) if len(written.splitlines()) > 1 else written}")
        edits.append(text.replaced(part, name))
    return [text.before(stmt, "\n".join(lines)), *edits] if lines else None


def _made(text: Text, iterable: ast.expr, place: int | None = None) -> Iterator[tuple[int | None, ast.expr]]:
    """The arrays that an iterable computes, each with its number among the arguments of a zip."""
    match iterable:
        case ast.Call(func=ast.Name(id=name), args=args) if name in ALONG:
            for index, arg in enumerate(args):
                yield from _made(text, arg, index if name == "zip" else place)
        case _ if _is_array(text, iterable):
            yield place, iterable


def _is_array(text: Text, expr: ast.expr) -> bool:
    """Whether an expression computes an array, or a list: by an operator, a function of NumPy or of the user's own, a method of
    arrays or of the object itself."""
    match expr:
        case ast.BinOp() | ast.UnaryOp(op=ast.USub()) | ast.Attribute(value=ast.Name(), attr="flat"):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name)) if module in NUMPY and module not in text.bound:
            return name not in ITERATORS
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)) if owner in OWN_METHODS_OF:
            return True
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in METHODS
        case ast.Call(func=ast.Name(id=name)):
            return name not in OF_PYTHON | ITERATORS
        case ast.Subscript(value=ast.Attribute(attr="T") | ast.Call() as inner):
            return isinstance(inner, ast.Attribute) or _is_array(text, inner)
    return False
