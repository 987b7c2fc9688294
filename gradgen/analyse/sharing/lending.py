"""Whose data the value of an expression may share: a view, an element of a list, what a call hands out.

Never follows data through calls of the user's own functions: what goes in there may come out again.
"""
from __future__ import annotations

from gradgen.analyse.kinds.arrays import SIZES, Kinds
from gradgen.analyse.kinds.stacks import popped_from
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import Holder, Kind
from gradgen.rules.carried import ZEROS, carried_helper

VIEWS = frozenset({
    "transpose", "reshape", "ravel", "swapaxes", "moveaxis", "rollaxis", "squeeze", "expand_dims", "broadcast_to", "asarray",
    "contiguous", "atleast_1d", "atleast_2d", "atleast_3d",
    "diagonal", "flip", "fliplr", "flipud", "rot90", "real", "imag", "split", "hsplit",
    "vsplit", "dsplit", "unstack", "array_split", "sliding_window_view", "trim_zeros", "viewed", "require",
    "diag", "matrix_transpose", "astype", "einsum", "inside", "pos", "ifexp", "and", "or",
})

ANY_OPERAND = frozenset({"einsum", "ifexp", "and", "or"})
"""Of these the ones whose result may be the data of any operand, not only of the first."""


def lent_by(expr: ir.Expr, kinds: Kinds) -> set[Version]:
    """The versions of variables whose data an expression's value may share."""
    if (popped := popped_from(expr, kinds.versions.stacks)) is not None:
        return set[Version]().union(*(lent_by(value, kinds) for value in popped))
    match expr:
        case ir.Name(scope="local"):
            version = kinds.versions.of_read.get(expr)
            return set() if version is None or is_number(kinds.of(expr)) else {version}
        case ir.Item(base=base, index=index):
            return set() if is_number(kinds.of(expr)) or is_copied(base, index, kinds) else lent_by(base, kinds)
        case ir.Attribute(base=base, name=name):
            is_told = name in SIZES and isinstance(kinds.of(base), Kind)
            return set() if is_told or is_number(kinds.of(expr)) else lent_by(base, kinds)
        case ir.Display(items=items):
            return set().union(*(lent_by(item, kinds) for item in items)) if items else set()
        case ir.Walrus(value=value):
            named = kinds.versions.of_node.get(expr)
            return lent_by(value, kinds) | (set() if named is None or is_number(kinds.of(value)) else {named})
        case ir.Starred(value=value) | ir.Value(of=value):
            return lent_by(value, kinds)
        case ir.Comprehension(element=element, generators=generators):
            return lent_by(element, kinds).union(*(lent_by(generator.iterable, kinds) for generator in generators))
    operation = kinds.operation(expr)
    if operation is not None:
        lists = any(isinstance(kinds.of(arg), Holder) for arg in operation.args) and operation.op in ("add", "mul")
        if operation.op not in VIEWS and not lists or _makes_new(operation, kinds):
            return set()
        lending = operation.args if lists or operation.op in ANY_OPERAND else operation.args[:1]  # a shape, axes lend nothing
        return set().union(*(lent_by(arg, kinds) for arg in lending))
    if isinstance(expr, ir.Call):
        if (helper := carried_helper(expr.target)) in ZEROS:
            return set()
        if helper == "shaped_like":
            return lent_by(expr.args[1], kinds)
        given = (*expr.args, *(value for _, value in expr.keywords))
        own = (expr.func.base,) if isinstance(expr.func, ir.Attribute) and expr.target is None else ()
        return set().union(*(lent_by(part, kinds) for part in (*given, *own))) if given or own else set()
    return set()


def _makes_new(operation: ir.Op, kinds: Kinds) -> bool:
    """Whether an operation that may hand out its operand's data surely does not: a product, a conversion without `copy`, the
    matrix of a diagonal, the array of a list."""
    match operation:
        case ir.Op(op="diag", args=(given, *_)):
            return len(kinds.shape(given) or ()) == 1
        case ir.Op(op="asarray", args=(given, *_)):
            return isinstance(given, ir.Display)
    if operation.op == "astype":
        return len(operation.args) <= 2 and all(name == "dtype" for name, _ in operation.keywords)
    return operation.op == "einsum" and len(operation.args) > 2


def is_copied(base: ir.Expr, index: ir.Expr, kinds: Kinds) -> bool:
    """Whether an index makes a copy of an array's elements: by arrays, lists or masks."""
    if not isinstance(kinds.of(base), Kind):
        return False
    parts = index.items if isinstance(index, ir.Display) and index.kind == "tuple" else (index,)
    for part in parts:
        if isinstance(part, ir.Slice | ir.Const):
            continue
        kind = kinds.of(part)
        if isinstance(kind, Holder) or isinstance(kind, Kind) and kind.shape:
            return True
    return False


def is_number(kind: object) -> bool:
    return isinstance(kind, Kind) and kind.shape == ()
