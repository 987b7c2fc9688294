"""Which values may be truths or whole numbers of NumPy's: among themselves they add up and multiply otherwise than numbers do
(`True + True` is `True`, and 200 + 100 of eight bits is 44), so that factors of that sort are not combined with each other.

Never says that a value is whole: where that is not known of a number, it is one of Python's.
"""
from __future__ import annotations

import functools
import types

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.kinds import AnyKind, Kind

WHOLE = ("int", "bool")
TRUTHS = frozenset({
    "isnan", "isfinite", "isinf", "isclose", "signbit", "logical_and", "logical_or", "logical_xor", "logical_not", "array_any",
    "array_all", "lt", "le", "gt", "ge", "eq", "ne",
})
"""Operations of which NumPy gives a truth of its own, also of numbers."""
KEEPING = frozenset({
    "add", "sub", "mul", "pow", "floordiv", "mod", "neg", "pos", "abs", "max", "min", "maximum", "minimum", "square", "sign",
    "bitand", "bitor", "bitxor", "invert", "lshift", "rshift",
})
"""Operations that give a whole number of NumPy's where one of theirs is and none is a float."""
OF_PYTHON = frozenset({"len", "int", "round", "ord", "range", "numpy.ndim", "numpy.size", "isinstance", "float", "bool"})
"""Functions that give numbers of Python's."""

NARROW = frozenset({
    "bool_", "int8", "int16", "int32", "uint8", "uint16", "uint32", "uint64", "byte", "short", "intc", "ubyte", "ushort", "uintc",
    "uint", "uintp", "ulong", "ulonglong",
})
"""NumPy's names for its truth and its whole numbers that wrap around soon."""
WIDE = frozenset({"int64", "int_", "intp", "longlong"})
"""Its names for whole numbers as wide as those of its own accord are."""


def may_wrap(expr: ir.Expr, kinds: Kinds) -> bool:
    """Whether a factor may be a truth or whole number of NumPy's, or an array of them."""
    match expr:
        case ir.Value(of=of) | ir.Walrus(value=of):
            return may_wrap(of, kinds)
        case ir.Const():
            return False
        case ir.Compare():
            return True
        case ir.Name(scope="local") if (version := kinds.versions.of_read.get(expr)) is not None:
            return _may_wrap_version(version, kinds)
        case ir.Name() | ir.Attribute() if is_narrow(kinds.live_value(expr)):
            return True
        case ir.Op(op="ifexp", args=(_, then, orelse)):
            return may_wrap(then, kinds) or may_wrap(orelse, kinds)
        case ir.Op(op="and" | "or", args=args):
            return any(may_wrap(arg, kinds) for arg in args)
        case ir.Op(op=op) if op in TRUTHS:
            return True
        case ir.Op() as op if makes_narrow(op):
            return True
        case ir.Op(op=op, args=args) if op in KEEPING and not kinds.has_arrays:
            return any(may_wrap(arg, kinds) for arg in args) and all(_is_whole_number(arg, kinds) for arg in args)
        case ir.Op(op=op, args=args) if op in KEEPING and _is_whole(expr, kinds):
            return any(may_wrap(arg, kinds) for arg in args)
        case ir.Call(func=ir.Name(id=name, scope="global")) if name in OF_PYTHON:
            return False
        case ir.Call(target=types.FunctionType()):
            return _is_whole(expr, kinds)
        case ir.Attribute(name="size" | "ndim" | "shape"):
            return False
        case ir.Item(base=ir.Attribute(name="shape")):
            return False
        case ir.Item(base=base) if not kinds.has_arrays and _is_of_argument(base, kinds):
            return True
        case ir.Item() | ir.Attribute() | ir.Call() if _are_made(kinds):
            return not _is_float(kinds.of(expr))
    return kinds.has_arrays and _is_whole(expr, kinds)


def is_narrow(value: object) -> bool:
    """Whether a value is, or holds, NumPy's truths or such whole numbers as wrap around soon."""
    dtype = getattr(value, "dtype", None)
    kind = getattr(dtype, "kind", "")
    return kind in ("b", "u") or kind == "i" and getattr(dtype, "itemsize", 8) < 8


def _are_made(kinds: Kinds) -> bool:
    """Whether a function of the program makes such numbers itself: what one takes out of a container, is given or has captured
    may then be one."""
    return any(_makes_narrow(read.function) for read in list(kinds.around))


@functools.lru_cache(maxsize=256)
def _makes_narrow(function: ir.Function) -> bool:
    named = (node.id if isinstance(node, ir.Name) else node.name for node in found_in(function, ir.Name, ir.Attribute))
    return any(map(makes_narrow, found_in(function, ir.Op))) or any(each.rpartition(".")[2] in NARROW for each in named)


def makes_narrow(op: ir.Op) -> bool:
    """Whether an operation is such a number of NumPy's, made: `np.int16(300)`."""
    return op.op in ("int", "bool") and op.family == "numpy" and (op.spelling or "").rpartition(".")[2] not in WIDE


def _is_float(kind: AnyKind) -> bool:
    return isinstance(kind, Kind) and kind.shape is not None and kind.dtype not in WHOLE


def _is_whole_number(arg: ir.Expr, kinds: Kinds) -> bool:
    return isinstance(arg, ir.Const) and isinstance(arg.value, int) or may_wrap(arg, kinds)


def _is_whole(expr: ir.Expr, kinds: Kinds) -> bool:
    kind = kinds.of(expr)
    return isinstance(kind, Kind) and kind.dtype in WHOLE


def _may_wrap_version(version: Version, kinds: Kinds) -> bool:
    kind = kinds.of_version.get(version)
    if isinstance(kind, Kind) and kind.shape != ():
        return kind.dtype in WHOLE
    if version.kind in ("parameter", "item") and _are_made(kinds):
        return not _is_float(kind)
    if version.kind not in ("assign", "phi", "item"):
        return False
    if version not in kinds.wrapping:
        kinds.wrapping[version] = False  # what comes round a loop is what else comes there
        kinds.wrapping[version] = any(
            _may_wrap_version(source, kinds) if isinstance(source, Version)
            else _gives_whole(source, kinds) if version.kind == "item" else may_wrap(source, kinds)
            for source in version.sources
        )
    return kinds.wrapping[version]


def _gives_whole(iterable: ir.Expr, kinds: Kinds) -> bool:
    """Whether what is gone through, or taken apart, may be or hold an array of truths or whole numbers."""
    match iterable:
        case ir.Call(args=args) if not (isinstance(iterable.func, ir.Name) and iterable.func.id in OF_PYTHON):
            return any(_gives_whole(arg, kinds) for arg in args)
        case ir.Display(items=items):
            return any(_gives_whole(item, kinds) for item in items)
    return may_wrap(iterable, kinds) or not kinds.has_arrays and _is_of_argument(iterable, kinds)


def _is_of_argument(container: ir.Expr, kinds: Kinds) -> bool:
    """Whether a container is an argument, or in one: in a text for numbers it may be an array all the same."""
    while isinstance(container, ir.Item | ir.Attribute):
        container = container.base
    version = kinds.versions.of_read.get(container) if isinstance(container, ir.Name) else None
    return version is not None and version.kind == "parameter"
