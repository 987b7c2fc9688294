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


def _named_before(text: Text, stmt: ast.stmt, target: ast.expr, iterable: ast.expr) -> list[Edit] | None:
    edits, lines = [], []
    for place, part in _made(text, iterable):
        if not text.may_vary(part):
            continue
        name = text.fresh(*plurals(target, place))
        written = text.slice(part)
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
        case ast.BinOp() | ast.UnaryOp(op=ast.USub()):
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
