"""Which values may be left out of a text that reads them nowhere: computing them can neither raise nor be seen.

Never says what is read.
"""
from __future__ import annotations

from collections.abc import Collection, Iterator

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import Kind
from gradgen.rules.carried import ANEW, ZEROS, carried_helper
from gradgen.rules.helpers import HELPERS
from gradgen.rules.registry import rules_for, shape_of
from gradgen.rules.spelling import HELPERS_WITH_ROWS
from gradgen.simplify.keys import key_of
from gradgen.transform.loops.raising import is_floats, raised_at
from gradgen.transform.passes.pruning import QUIET, is_quiet

POLE = 'raise ValueError("math domain error")'
REFUSING = frozenset(name for name in HELPERS_WITH_ROWS if "raise" in HELPERS.get(name, "raise").replace(POLE, ""))
"""Helpers that raise of themselves: at a pole the function itself has raised before."""
ARITHMETIC = frozenset({"add", "sub", "mul", "div", "neg", "pos", "pow"})
OF_FLOATS = ARITHMETIC | {"array_sum", "mean", "where"}
OF_ANY_FLOATS = frozenset({
    "matmul", "outer", "array_prod", "product_of_others", "swapaxes", "tril", "triu", "einsum", "convolve", "correlate", "dot",
    "inner",
})


def may_go(
    value: ir.Expr, kinds: Kinds, named: Collection[ir.Expr], met: Collection[str] = (), is_own: bool = False
) -> bool:
    """Whether a value that nothing reads need not be computed. What is `named` has lines of its own, which stay; parts
    that are `met` elsewhere, written so, are missing there too where they are missing. One of gradgen's `own` lines is
    computed for its value alone, but where it may refuse a point."""
    if is_own and all(_refuses_nothing(part) for part in _beside(value, named, kinds)):
        return True
    if isinstance(value, ir.Display) and value.kind in ("tuple", "list") and value not in named:
        return all(may_go(item, kinds, named, met) for item in value.items)
    if isinstance(value, ir.Call) and carried_helper(value.target) in ANEW:
        return all(isinstance(arg, ir.Name) for arg in value.args)
    if isinstance(value, ir.Item) and key_of(value) in met:
        return True
    if isinstance(value, ir.Op) and value.op in QUIET and not kinds.has_arrays and value not in named:
        return all(may_go(arg, kinds, named, met) for arg in value.args)
    if is_quiet(value, named=named) and (not kinds.has_arrays or all(kinds.shape(read) == () for read in ir.names_read(value))):
        return True
    return _is_of_floats(value, kinds, named, met)


def _refuses_nothing(node: ir.Expr) -> bool:
    """Whether the last step of evaluating an expression computes a value, and does nothing else."""
    if isinstance(node, ir.Op):
        return node.op not in REFUSING
    return isinstance(node, ir.Name | ir.Const | ir.Item | ir.Attribute | ir.Slice | ir.Display | ir.Compare | ir.Value)


def is_made_here(value: ir.Expr) -> bool:
    """Whether a value is an array or a container of the statement's own, which no other name has."""
    if isinstance(value, ir.Call):
        return carried_helper(value.target) in ZEROS
    return isinstance(value, ir.Op) and (value.op in ARITHMETIC or value.op in ("zeros", "zeros_like"))


def _is_of_floats(value: ir.Expr, kinds: Kinds, named: Collection[ir.Expr], met: Collection[str] = ()) -> bool:
    """Whether a value is made of arrays of floats, and of numbers, by arithmetic that cannot raise: arrays that do not fit each
    other fail in the lines of the tangents too."""
    if not kinds.has_arrays:
        return False
    match value:
        case ir.Op(op="zeros_like", args=(ir.Name(),), keywords=()):
            return kinds.is_array(value)
        case ir.Op(op="zeros", args=(ir.Attribute(base=ir.Name(), name="shape"),), keywords=()):
            return kinds.is_array(value)
    own = _beside(value, named, kinds)
    return all(_is_silent(node, kinds) or isinstance(node, ir.Item) and key_of(node) in met for node in own)


def _beside(value: ir.Expr, named: Collection[ir.Expr], kinds: Kinds) -> Iterator[ir.Expr]:
    """What an expression is made of, without what is named; a method of an array, `x.sum(axis=0)`, is an operation on it."""
    if value not in named:
        made = kinds.operation(value) if isinstance(value, ir.Call) and kinds.has_arrays else None
        yield made or value
        for part in ir.children_of(made or value):
            if isinstance(part, ir.Expr):
                yield from _beside(part, named, kinds)


def _is_silent(node: ir.Expr, kinds: Kinds) -> bool:
    """Whether the last step of evaluating an expression cannot raise."""
    match kinds.operation(node) or node:
        case ir.Op(op=op, args=args) if op in OF_ANY_FLOATS:
            return all(is_floats(kinds.of(arg)) or isinstance(arg, ir.Const) for arg in args)
        case ir.Op(op=op, spelling=spelling, family=family) as operation:
            if op in OF_FLOATS and (spelling is None or family == "numpy") and not raised_at(node, kinds):
                return True
            kind = kinds.of(node)
            is_entrywise = bool(rules_for(op)) and shape_of(op) is None and not operation.keywords
            return is_entrywise and family == "numpy" and isinstance(kind, Kind) and kind.dtype == "float"
        case ir.Compare(ops=ops, operands=operands) if not {"in", "notin"} & set(ops):
            return all(isinstance(kinds.of(each), Kind) for each in operands)
    return isinstance(node, ir.Name | ir.Const | ir.Item | ir.Attribute | ir.Slice | ir.Display) and not raised_at(node, kinds)


def owner_of(expr: ir.Expr) -> str | None:
    """The variable that an expression takes a part of."""
    while isinstance(expr, ir.Item | ir.Attribute):
        expr = expr.base
    return expr.id if isinstance(expr, ir.Name) else None
