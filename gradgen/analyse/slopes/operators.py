"""Where operators are not those of numbers and arrays: with objects that have their own, between arguments that are lists.

Never looks at the arguments of a call itself; kinds tell of them.
"""
from __future__ import annotations

import numbers
import types
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from gradgen.analyse.activity import Activity
from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.kinds import NUMBER
from gradgen.rules.parsing import BINARY, UNARY

METHODS = {name: f"__{name}__" for name in (*BINARY.values(), *UNARY.values()) if name != "not"} | {"div": "__truediv__"}
ARITHMETIC = frozenset({*METHODS.values(), *(f"__r{name.strip('_')}__" for name in METHODS.values())})
"""The special methods by which a class has operators of its own."""
ASKED = frozenset({
    "__abs__", "__float__", "__int__", "__round__", "__floor__", "__ceil__", "__trunc__", "__divmod__", "__rdivmod__",
    "__index__",
})
"""The special methods by which functions of numbers ask an object."""
KNOWN = frozenset({"builtins", "numpy", "numbers"})
"""The modules whose classes have the operators that rules are of, or that are refused elsewhere."""


def own_operators(function: ir.Function, activity: Activity, live: Callable[[ir.Expr], object]) -> Iterator[tuple[ir.Op, type]]:
    """The operations of something that varies with an object from outside whose class says by itself what operators do."""
    outside = {node.id: node for node in found_in(function, ir.Name) if node.scope != "local"}
    reads = (*outside.values(), *found_in(function, ir.Attribute))
    objects = [(read, held) for read in reads if (held := _class_with_operators(live(read))) is not None]
    for op in found_in(function, ir.Op) if objects else ():
        if op.op in METHODS and activity.is_varied(op):
            for arg in op.args:
                held = None if activity.is_varied(arg) else next((each for read, each in objects if _enters(read, arg)), None)
                if held is not None:
                    yield op, held


def _enters(read: ir.Expr, expr: ir.Expr) -> bool:
    """Whether what is read from outside is an expression, or enters a calculation that is one."""
    match expr:
        case ir.Op(op=op, args=args) if op in METHODS:
            return any(_enters(read, arg) for arg in args)
        case ir.Name(id=name, scope=scope):
            return isinstance(read, ir.Name) and scope != "local" and name == read.id
    return read is expr


def _class_with_operators(value: object) -> type | None:
    return type(value) if has_own_operators(type(value)) and not hasattr(value, "tocsr") else None


def has_own_operators(target: type) -> bool:
    """Whether a class has operators of its own: no number, and no array or container as Python and NumPy have them."""
    if issubclass(target, numbers.Number):
        return False
    return any(
        base.__module__.partition(".")[0] not in KNOWN and not ARITHMETIC.isdisjoint(vars(base)) for base in target.__mro__
    )


def counts_by_itself(target: type) -> bool:
    """Whether objects of a class stand where numbers do, and it says by itself what comes of that."""
    own = (base for base in target.__mro__ if base.__module__.partition(".")[0] not in KNOWN)
    return has_own_operators(target) or any(
        isinstance(vars(base).get(name), types.FunctionType) for base in own for name in (*ARITHMETIC, *ASKED)
    ) and not hasattr(target, "shape") and not issubclass(target, Fraction | Decimal)


def knows_such(names: Mapping[str, object]) -> bool:
    """Whether a module has a class, or an object of one, that stands where numbers do."""
    found = {each if isinstance(each, type) else type(each) for each in tuple(names.values())}
    return any(counts_by_itself(each) for each in found if each.__module__ != "builtins")


def joined_arguments(function: ir.Function, activity: Activity, kinds: Kinds) -> Iterator[ir.Op]:
    """The sums and products of arguments of which a call tells no more than that they are no arrays, or of slices of these:
    `ps[1:] + ps[:1]` joins lists of points."""
    for op in found_in(function, ir.Op) if None in kinds.given.values() else ():
        if op.op in ("add", "mul") and activity.is_varied(op) and any(_may_be_list(arg, kinds) for arg in op.args):
            yield op


def _may_be_list(expr: ir.Expr, kinds: Kinds) -> bool:
    match expr:
        case ir.Item(base=base, index=ir.Slice()):
            return _may_be_list(base, kinds)
        case ir.Name(id=name):
            version = kinds.versions.of_read.get(expr)
            if version is None or version.kind != "assign":
                return version is not None and version.kind == "parameter" and kinds.given.get(name, NUMBER) is None
            return all(isinstance(source, ir.Expr) and _may_be_list(source, kinds) for source in version.sources)
    return False
