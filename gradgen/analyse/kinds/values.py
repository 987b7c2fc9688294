"""The kinds of values that are at hand: literals, constants, the arguments of a call.

Never looks at a program.
"""
from __future__ import annotations

import contextlib
import dataclasses
import types
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.kinds import NOTHING, NUMBER, TRUTH, WHOLE, AnyKind, Dim, Dtype, Holder, Kind, joined_all, size

DTYPES: Mapping[str, Dtype] = {"f": "float", "i": "int", "u": "int", "b": "bool", "c": "complex"}
ABSTRACT: Mapping[str, Dtype] = {
    "bool": "bool", "bool_": "bool", "int": "int", "integer": "int", "floating": "float", "float": "float",
    "complexfloating": "complex", "complex": "complex",
}
NAMED: Mapping[str, Dtype] = {
    "bool": "bool", "int": "int", "uint": "int", "float": "float", "double": "float", "single": "float", "d": "float",
    "complex": "complex", "D": "complex", "F": "complex",
}
MOST_KEYS = 40


def of_literal(value: object) -> AnyKind:
    """The kind of a literal."""
    match value:
        case bool():
            return TRUTH
        case int():
            return WHOLE
        case float():
            return NUMBER
        case complex():
            return Kind((), "complex")
        case None:
            return NOTHING
    return Kind((), "object") if isinstance(value, str) else None


def dtype_called(value: object) -> Dtype:
    """The dtype that a live value names, as NumPy reads a `dtype=` argument: `float`, `numpy.float32`, "int64"."""
    if isinstance(value, type):
        names = {base.__name__ for base in value.__mro__}
        return next((dtype for name, dtype in ABSTRACT.items() if name in names), "object")
    kind = getattr(value, "kind", None)
    if isinstance(kind, str):
        return DTYPES.get(kind, "object")
    if isinstance(value, str):
        stem = value.lstrip("<>=").rstrip("0123456789_")
        return NAMED.get(stem, DTYPES.get(stem, "object"))
    return "object"


def of_lists(kinds: Sequence[AnyKind]) -> AnyKind:
    """What `[0.0] * n` and `p + q` of lists are; None where an array or no list takes part."""
    lists = [kind for kind in kinds if isinstance(kind, Holder)]
    numbers = [kind for kind in kinds if isinstance(kind, Kind) and kind.shape == ()]
    if not lists or len(lists) + len(numbers) < len(kinds):
        return None
    return Holder(None, joined_all([kind.at(...) for kind in lists]))


def of_display(items: Sequence[ir.Expr], of: Callable[[ir.Expr], AnyKind]) -> AnyKind:
    """What `(a, *b)` is; None where it is not known what the starred one holds, each by itself."""
    kinds: list[AnyKind] = []
    for item in items:
        if not isinstance(item, ir.Starred):
            kinds.append(of(item))
            continue
        spread = of(item.value)
        if not isinstance(spread, Holder) or spread.items is None or spread.keys is not None:
            return None
        kinds += spread.items
    return Holder(tuple(kinds))


def element_of(kind: AnyKind) -> AnyKind:
    """What iterating over a value hands out."""
    match kind:
        case Kind(shape=tuple() as shape) if shape:
            return Kind(shape[1:], kind.dtype)
        case Holder(keys=tuple() as keys, is_record=False):
            return joined_all([of_literal(key) for key in keys])
        case Holder():
            return kind.at(...)
    return None


OPERATORS = (
    "__add__", "__sub__", "__mul__", "__rmul__", "__truediv__", "__matmul__", "__pow__", "__neg__", "__abs__", "__float__",
    "__call__", "__getitem__", "__iter__",
)
"""Methods that no text reads by their names."""
DEEPEST = 4  # objects around one whose methods may read any of its attributes
MOST_WHOLE = 2_000  # containers and objects in those of an argument that are told whole, and values in such as were told
MOST_AGAIN = 20_000  # values that are come to on several ways


class _TooMany(Exception):
    """An argument has more ways to values than are gone."""


def kind_of_value(value: object, label: str, attributes: Collection[str] = ()) -> AnyKind:
    """The kind of an argument of a call; `label` names its dimensions. Of an object that is no container, those of its own
    `attributes` are told, and of one whose class has operators, or such attributes, all, as deep as they are not too many; of one
    that is around itself, nothing is."""
    if type(value) is float:
        return NUMBER
    for deepest in range(DEEPEST, 0, -1):
        with contextlib.suppress(_TooMany):
            return _Telling(attributes, deepest).kind(value, label, ())
    return _Telling(attributes, 0).kind(value, label, ())


class _Telling:
    """What is told of one argument, and how much of it was: of objects that share others, each way to one counts."""

    def __init__(self, attributes: Collection[str], deepest: int) -> None:
        self.attributes = attributes
        self.deepest = deepest  # objects around one that is told whole
        self.whole = 0
        self.again = 0
        self.seen: dict[int, object] = {}

    def kind(self, value: object, label: str, around: tuple[object, ...], is_whole: bool = False) -> AnyKind:
        if type(value) is float:
            return NUMBER
        if isinstance(value, types.ModuleType):
            return None  # looking for an attribute of one may import it
        if around and any(value is each for each in around) or self.again > MOST_AGAIN:
            return None
        shape, dtype = getattr(value, "shape", None), getattr(value, "dtype", None)
        if isinstance(shape, tuple) and dtype is not None:
            kind = DTYPES.get(getattr(dtype, "kind", "O"), "object")
            return Kind(tuple(size(1) if n == 1 else Dim(((f"{label}.{i}", 1),)) for i, n in enumerate(shape)), kind)
        match value:
            case tuple() | list():
                return self._of_sequence(value, label, around, is_whole)
            case dict():
                held = value.copy()
                return Holder(self._items(held.items(), value, label, around, is_whole), None, tuple(held))
        known: Any = type(value)
        names = [each.name for each in dataclasses.fields(known)] if dataclasses.is_dataclass(known) else None
        does_more = False
        if names is None and is_plain_object(value):
            does_more = self._does_more(value, known, around)
            is_whole |= does_more
            names = [name for name in vars(value) if does_more or name in self.attributes]
        if not names and not (names == [] and does_more):
            return of_literal(value)
        pairs = [(name, getattr(value, name, None)) for name in names]
        return Holder(self._items(pairs, value, label, around, is_whole), None, tuple(names), True, known=known)

    def _of_sequence(
        self, value: tuple[Any, ...] | list[Any], label: str, around: tuple[object, ...], is_whole: bool
    ) -> Holder:
        items = self._items(enumerate(value), value, label, around, is_whole)
        fields = getattr(value, "_fields", None)
        is_read_as_tuple = isinstance(value, tuple) and type(value).__iter__ is tuple.__iter__
        is_read_as_tuple = is_read_as_tuple and type(value).__getitem__ is tuple.__getitem__
        named_by = type(value) if fields is not None else None
        return Holder(items, None, fields, fields is not None, is_read_as_tuple, known=named_by)

    def _items(
        self, pairs: Iterable[tuple[object, object]], value: object, label: str, around: tuple[object, ...], is_whole: bool
    ) -> tuple[AnyKind, ...]:
        found = tuple(self.kind(item, f"{label}.{key}", (*around, value), is_whole) for key, item in pairs)
        again = 1 + len(found) if id(value) in self.seen else 0
        self.whole += max(1, again) if is_whole else 0
        self.again += again
        self.seen[id(value)] = value
        if self.whole > MOST_WHOLE:
            raise _TooMany
        return found

    def _does_more(self, value: object, known: type, around: tuple[object, ...]) -> bool:
        """Whether methods may read any attribute of an object; of large and deep ones, what the text itself reads is told."""
        is_looked_at = len(around) < self.deepest and len(vars(value)) <= MOST_KEYS
        return is_looked_at and any(hasattr(known, name) for name in (*self.attributes, *OPERATORS))


def is_plain_object(value: object) -> bool:
    """Whether a value keeps what it is in attributes of its own: no function, class, module, or object of NumPy's."""
    is_called = callable(value) and not isinstance(type(value).__call__, types.FunctionType)
    return not is_called and not isinstance(value, type | types.ModuleType) and isinstance(getattr(value, "__dict__", None), dict)


def as_argument(kind: AnyKind) -> AnyKind:
    """The kind of an argument as texts tell it apart: whole numbers and truths are numbers like any other, a list of numbers may
    be of any length, as may one of records of a class, or of such lists; of other lists without arrays nothing is told, nor of
    large dicts."""
    if isinstance(kind, Holder) and not holds_array(kind):
        if kind.keys is not None:
            return replace(kind, items=tuple(map(as_argument, kind.items or ()))) if len(kind.keys) <= MOST_KEYS else None
        shared = set(map(as_argument, kind.items or ()))
        only = shared.pop() if len(shared) == 1 else None
        is_plain = only == NUMBER or isinstance(only, Holder) and (only.known is not None or only.element is not None)
        return Holder(None, only, is_tuple=kind.is_tuple) if is_plain else None
    match kind:
        case Kind(shape=(), dtype="int" | "bool"):
            return NUMBER
        case Holder(items=tuple() as items):
            return replace(kind, items=tuple(map(as_argument, items)))
    return kind


def told_short(kind: AnyKind, value: object) -> AnyKind:
    """The kind of an argument, with what arrays in it have fewer bits than Python's floats."""
    match kind:
        case Kind(shape=tuple() as shape, dtype="float") if shape and getattr(value, "dtype", None) is not None:
            return replace(kind, is_short=True) if getattr(value, "itemsize", 8) < 8 else kind
        case Holder(items=tuple() as items) if any(map(holds_array, items)):
            held = _held(value, kind)
            return kind if held is None else replace(kind, items=tuple(map(told_short, items, held)))
    return kind


def _held(value: Any, kind: Holder) -> Sequence[object] | None:
    if kind.keys is None or isinstance(value, (list, tuple)):
        return tuple(value)
    return [value[key] for key in kind.keys] if isinstance(value, dict) else [getattr(value, str(key), None) for key in kind.keys]


def holds_short(kind: AnyKind) -> bool:
    """Whether an argument is, or holds, an array of fewer bits than Python's floats."""
    match kind:
        case Kind(is_short=is_short):
            return is_short
        case Holder(items=tuple() as items):
            return any(map(holds_short, items))
    return False


def without_short(kind: AnyKind) -> AnyKind:
    """A kind as analyses know it, whatever bits its floats have."""
    match kind:
        case Kind(is_short=True):
            return replace(kind, is_short=False)
        case Holder(items=tuple() as items) if holds_short(kind):
            return replace(kind, items=tuple(map(without_short, items)))
    return kind


def holds_dtype(kind: AnyKind, dtype: Dtype) -> bool:
    """Whether a value is of a dtype, or holds something that is."""
    match kind:
        case Kind(dtype=own):
            return own == dtype
        case Holder(items=items, element=element):
            return any(holds_dtype(item, dtype) for item in items or ()) or holds_dtype(element, dtype)
    return False


def holds_array(kind: AnyKind, surely: bool = False) -> bool:
    """Whether a value is an array, or holds one; what may be one, of an unknown rank, does not count as `surely` one."""
    match kind:
        case Kind(shape=shape):
            return bool(shape) or shape is None and not surely
        case Holder(items=items, element=element):
            return any(holds_array(each, surely) for each in (*(items or ()), element))
    return False


def dotted(expr: ir.Expr) -> str | None:
    """The name that an expression is: `w`, `self.w`; None for anything else."""
    match expr:
        case ir.Name(id=name):
            return name
        case ir.Attribute(base=base, name=name) if (owner := dotted(base)) is not None:
            return f"{owner}.{name}"
    return None


@dataclass(frozen=True, eq=False)
class Outside:
    """A value from outside of a function, and the kind that a text was written for. Calling it asks whether another still is one:
    for the value itself, and for an array of the same shape, at the cost of a comparison."""

    expr: ir.Expr
    value: object
    kind: AnyKind

    def __call__(self, value: object) -> bool:
        if type(value) is type(self.value) and type(value) in (int, float, bool):
            return True
        shape, dtype = getattr(value, "shape", None), getattr(value, "dtype", None)
        if shape is not None and shape == getattr(self.value, "shape", None) and dtype == getattr(self.value, "dtype", None):
            return True
        if value is self.value and isinstance(value, tuple | list) and set(map(type, value)) <= {int, float}:
            return isinstance(self.kind, Holder) and len(value) == len(self.kind.items or ())
        return kind_of_value(value, f"outer {dotted(self.expr)}") == self.kind


def kind_of_outside(held: dict[str, Outside], expr: ir.Expr, value: object) -> AnyKind:
    """The kind of a value from outside that `expr` names; it is noted in `held`, by its name."""
    path = dotted(expr)
    if path is None or type(value).__module__.split(".")[0] not in ("numpy", "builtins"):
        return None
    if path not in held:
        held[path] = Outside(expr, value, kind_of_value(value, f"outer {path}"))
    return held[path].kind


def is_sequence(kind: AnyKind) -> bool:
    """Whether a value is surely a list or a tuple of values without arrays, and no record."""
    return isinstance(kind, Holder) and kind.keys is None and not kind.is_record and not holds_array(kind)


def meets_array(value: object, depth: int = 0) -> bool:
    """Whether an argument is an array or holds one; quick for numbers and for containers of them. What objects hold is looked at
    as `kind_of_value` does, and whatever their class is where at most `depth` others are around them. Each is looked at once."""
    if type(value) in PLAIN:
        return False
    waiting: list[tuple[object, int]] = [(value, 0)]
    seen = {id(value): value}
    for held, around in waiting:
        if bool(getattr(held, "shape", None)) and getattr(held, "dtype", None) is not None:
            return True
        for each in _held_by(held, around, depth):
            if type(each) not in PLAIN and id(each) not in seen:
                seen[id(each)] = each
                waiting.append((each, around + 1))
    return False


PLAIN = frozenset({float, int, str, bool, type(None), types.ModuleType})


def _held_by(value: Any, around: int, depth: int) -> Collection[object]:
    """What is looked at of what a value holds."""
    if isinstance(value, list | tuple):
        return value
    if isinstance(value, dict):
        return tuple(value.values())
    if dataclasses.is_dataclass(value):
        return () if isinstance(value, type) else [getattr(value, each.name, None) for each in dataclasses.fields(value)]
    is_opened = isinstance(getattr(value, "__dict__", None), dict) and around < depth and not isinstance(value, CODE)
    if is_opened or around < DEEPEST and is_plain_object(value) and any(hasattr(type(value), name) for name in OPERATORS):
        return tuple(vars(value).values()) if is_opened or len(vars(value)) <= MOST_KEYS else ()
    return ()


CODE = (type, types.ModuleType, types.FunctionType, types.MethodType, types.BuiltinFunctionType)
