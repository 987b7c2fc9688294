"""What a value is as far as its derivative is concerned: a number, an array of some shape, or a holder of such values.

Never looks at programs; analyse.kinds.arrays finds the kinds of expressions.

A dimension is a whole-number linear form in unknowns: `n`, `n - 2`, `3`. Two dimensions are the same where the forms are. The
dimensions of arguments are unknowns that are never 1: a call that brings 1 there is a kind of its own. One or another of these
(`n|m`) is never 1 either: what is broadcast together with it fits, or NumPy raises.
"""
from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Literal

from gradgen.ir.frozen import dataclass, replace

Dtype = Literal["float", "int", "bool", "complex", "object", "none"]
_ORDER: tuple[Dtype, ...] = ("none", "bool", "int", "float", "complex", "object")


@dataclass(frozen=True, slots=True)
class Dim:
    """A dimension: a sum of unknowns times whole numbers, and a whole number. Unknowns that start with `?` may be 1."""

    terms: tuple[tuple[str, int], ...] = ()
    const: int = 0

    def plus(self, other: Dim, factor: int = 1) -> Dim:
        """This dimension and `factor` times another."""
        counts = dict(self.terms)
        for name, count in other.terms:
            counts[name] = counts.get(name, 0) + factor * count
        terms = tuple(sorted((name, count) for name, count in counts.items() if count))
        return Dim(terms, self.const + factor * other.const)

    def times(self, factor: int) -> Dim:
        return Dim().plus(self, factor)

    @property
    def is_one(self) -> bool:
        return not self.terms and self.const == 1

    @property
    def may_be_one(self) -> bool:
        if not self.terms:
            return self.const == 1
        is_argument = len(self.terms) == 1 and self.const == 0 and self.terms[0][1] == 1
        return not is_argument or self.terms[0][0].startswith("?")


    @property
    def is_told(self) -> bool:
        """Whether the dimensions of the arguments say what this one is."""
        return not any(name.startswith("?") or "|" in name for name, _ in self.terms)


ONE = Dim(const=1)
OPEN = Dim((("?", 1),))
"""A dimension that nothing is known of, not even which other ones are the same: a value that has it gets one of its own."""
Shape = tuple[Dim, ...]


def size(number: int) -> Dim:
    """A dimension that is known."""
    return Dim(const=number)


def unknown(name: str) -> Dim:
    """A dimension of that name, nothing else being known of it."""
    return Dim(((f"?{name}", 1),))


def argument(name: str) -> Dim:
    """A dimension of an argument: any number but 1."""
    return Dim(((name, 1),))


@dataclass(frozen=True, slots=True)
class Kind:
    """A number (shape `()`) or an array; `shape` is None where the rank is not known. That an array of floats `is_short`, of
    fewer bits than Python's, is told of arguments only."""

    shape: Shape | None
    dtype: Dtype = "float"
    is_short: bool = False

    @property
    def rank(self) -> int | None:
        return None if self.shape is None else len(self.shape)

    @property
    def is_array(self) -> bool:
        """Whether this is surely an array with at least one dimension."""
        return bool(self.shape)


@dataclass(frozen=True, slots=True)
class Holder:
    """A tuple, list or dict of values: each one's kind where they are known apart (`keys` for a dict
    or a record), else what they share. `is_tuple` where an argument was one; a record that was has its keys in their order.
    `is_result` where one of NumPy's functions gives the record: its parts have places as well as names. `known` is the class of a
    record, where it is told."""

    items: tuple[AnyKind, ...] | None = None
    element: AnyKind = None
    keys: tuple[object, ...] | None = None
    is_record: bool = False
    is_tuple: bool = False
    is_result: bool = False
    known: type | None = None

    def at(self, key: object) -> AnyKind:
        """The kind of one value; `...` asks for any."""
        if self.items is None or key is ...:
            return self.element if self.items is None else joined_all(self.items)
        place = self.place_of(key)
        return None if place is None else self.items[place]

    def place_of(self, key: object) -> int | None:
        """Where the value of a key stands among the items; None where it does not, or they are not known apart."""
        if self.items is None:
            return None
        if self.keys is not None and not (self.is_record and isinstance(key, int)):
            return self.keys.index(key) if key in self.keys else None
        is_place = isinstance(key, int) and -len(self.items) <= key < len(self.items)
        return key % len(self.items) if is_place and isinstance(key, int) else None


AnyKind = Kind | Holder | None
NUMBER = Kind(())
WHOLE = Kind((), "int")
TRUTH = Kind((), "bool")
NOTHING = Kind((), "none")


def wider(left: Dtype, right: Dtype) -> Dtype:
    """The dtype that holds both."""
    return max(left, right, key=_ORDER.index)


def joined(left: AnyKind, right: AnyKind) -> AnyKind:
    """What is known of a value that is one or the other; None tells nothing of what else it may be."""
    if left == NOTHING or right == NOTHING:
        return right if left == NOTHING else left
    match left, right:
        case (Holder(items=(), keys=None), Holder(keys=None) as full) | (Holder(keys=None) as full, Holder(items=(), keys=None)):
            return Holder(None, full.at(...))  # an empty list may be filled later
        case Kind(), Kind():
            dtype = wider(left.dtype, right.dtype)
            if left.shape is None or right.shape is None or len(left.shape) != len(right.shape):
                return Kind(None, dtype)
            pairs = zip(left.shape, right.shape, strict=True)
            return Kind(tuple(_either(a, b) for a, b in pairs), dtype)
        case Holder(), Holder() if left.items is not None and right.items is not None and len(left.items) == len(right.items):
            if left.keys == right.keys and left.is_record == right.is_record:
                is_tuple = left.is_record and left.is_tuple and right.is_tuple
                items, is_result = tuple(map(joined, left.items, right.items)), left.is_result and right.is_result
                known = left.known if left.known is right.known else None
                return Holder(items, None, left.keys, left.is_record, is_tuple, is_result, known)
        case Holder(), Holder() if left.keys is None and right.keys is None:
            return Holder(None, joined(left.at(...), right.at(...)))
    return None


def _either(left: Dim, right: Dim) -> Dim:
    """A dimension that is one or the other."""
    if left == right:
        return left
    if left.may_be_one or right.may_be_one:
        return OPEN
    names = {name for dim in (left, right) for name in (str(dim.const) if not dim.terms else dim.terms[0][0]).split("|")}
    return argument("|".join(sorted(names)))


def opened(kind: AnyKind) -> AnyKind:
    """What is known of each of many values of a kind: what one has for a dimension that is not known, another need not have."""
    match kind:
        case Kind(shape=tuple() as shape):
            return Kind(tuple(OPEN if any(name.startswith("?") for name, _ in dim.terms) else dim for dim in shape), kind.dtype)
        case Holder(items=items, element=element):
            return replace(kind, items=None if items is None else tuple(map(opened, items)), element=opened(element))
    return kind


def joined_all(kinds: Sequence[AnyKind]) -> AnyKind:
    """What is known of a value that is any of these."""
    result = kinds[0] if kinds else None
    for kind in kinds[1:]:
        result = joined(result, kind)
    return result


@dataclass(frozen=True, slots=True)
class Fitting:
    """How the shape of an operand meets that of the result: axes that it lacks, axes along which it has 1 where the result has
    more, and whether that is known for sure."""

    missing: int
    stretched: tuple[int, ...]
    is_certain: bool


def broadcast(*shapes: Shape | None) -> Shape | None:
    """The shape of an entrywise operation's result; None where a rank is not known."""
    result: list[Dim] = []
    for shape in shapes:
        if shape is None:
            return None
        pairs = list(zip_longest(reversed(result), reversed(shape), fillvalue=ONE))
        result = [_wider_dim(a, b) for a, b in reversed(pairs)]
    return tuple(result)


def _wider_dim(left: Dim, right: Dim) -> Dim:
    if left == right or right.is_one:
        return left
    if left.is_one:
        return right
    if not left.may_be_one:
        return left
    return right if not right.may_be_one else OPEN


def fitting(wide: Shape, narrow: Shape) -> Fitting:
    """How a value of shape `narrow` lies in one of shape `wide`, which it was broadcast to or is to be summed to."""
    missing = max(0, len(wide) - len(narrow))
    stretched, is_certain = [], len(wide) >= len(narrow)
    for axis, (outer, inner) in enumerate(zip(wide[missing:], narrow, strict=False)):
        if outer == inner or not inner.may_be_one and not outer.may_be_one:
            continue
        if inner.is_one:
            stretched.append(missing + axis)
            is_certain = is_certain and not outer.may_be_one
        else:
            is_certain = False
    return Fitting(missing, tuple(stretched), is_certain)


def are_alike(left: Shape, right: Shape) -> bool:
    """Whether two shapes that were broadcast together are surely the same: dimensions that are not 1 can only be equal then."""
    pairs = zip(left, right, strict=False)
    return len(left) == len(right) and all(a == b or not a.may_be_one and not b.may_be_one for a, b in pairs)
