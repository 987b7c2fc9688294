"""The shape of `x[...]`, and the dimension that a whole-number expression stands for.

Never says what an index does to a derivative.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import ONE, OPEN, AnyKind, Dim, Holder, Kind, Shape, broadcast, size, unknown
from gradgen.rules.shapes import array_of


class KnownKinds(Protocol):
    """What the shapes of indexed arrays are found from."""

    versions: Versions

    def of(self, expr: ir.Expr) -> AnyKind: ...
    def shape(self, expr: ir.Expr) -> Shape | None: ...
    def fresh(self, node: ir.Node) -> Dim: ...
    def place_of(self, node: ir.Node | None) -> int | None: ...
    def operation(self, expr: ir.Expr) -> ir.Op | None: ...


def dim_of(kinds: KnownKinds, expr: ir.Expr) -> Dim:
    """The dimension that a whole-number expression stands for: `n`, `len(x)`, `x.shape[0] - 2`."""
    match expr:
        case ir.Const(value=int(value)):
            return size(value)
        case ir.Value(of=of):
            return dim_of(kinds, of)
        case ir.Name():
            version = kinds.versions.of_read.get(expr)
            return kinds.fresh(expr) if version is None else _dim_of_version(kinds, version)
        case ir.Op(op="add", args=(left, right)):
            return dim_of(kinds, left).plus(dim_of(kinds, right))
        case ir.Op(op="sub", args=(left, right)):
            return dim_of(kinds, left).plus(dim_of(kinds, right), -1)
        case ir.Op(op="mul", args=(ir.Const(value=int(factor)), other) | (other, ir.Const(value=int(factor)))):
            return dim_of(kinds, other).times(factor)
        case ir.Op(op="neg", args=(inner,)):
            return Dim().plus(dim_of(kinds, inner), -1)
        case ir.Call(func=ir.Name(id="len", scope="global"), args=(array,)):
            return _axis(kinds, array, 0) or kinds.fresh(expr)
        case ir.Item(base=ir.Attribute(base=array, name="shape"), index=ir.Const(value=int(axis))):
            return _axis(kinds, array, axis) or kinds.fresh(expr)
        case ir.Attribute(base=array, name="size"):
            shape = kinds.shape(array)
            return shape[0] if shape is not None and len(shape) == 1 else kinds.fresh(expr)
    return kinds.fresh(expr)


def _axis(kinds: KnownKinds, array: ir.Expr, axis: int) -> Dim | None:
    shape = kinds.shape(array)
    return shape[axis] if shape is not None and -len(shape) <= axis < len(shape) else None


def _dim_of_version(kinds: KnownKinds, version: Version) -> Dim:
    if version.kind == "assign" and len(version.sources) == 1 and isinstance(version.sources[0], ir.Expr):
        return dim_of(kinds, version.sources[0])
    if version.kind == "item" and isinstance(version.sources[0], ir.Attribute) and version.sources[0].name == "shape":
        place = kinds.place_of(version.node)
        if place is not None:
            return _axis(kinds, version.sources[0].base, place) or unknown(f"{version.name}.{version.index}")
    return unknown(f"{version.name}.{version.index}")


def item_of(kinds: KnownKinds, base: AnyKind, index: ir.Expr) -> AnyKind:
    """The kind of `base[index]`."""
    match base:
        case Holder():
            if isinstance(index, ir.Slice):
                return Holder(None, base.at(...), None) if base.keys is None else None
            return base.at(index.value if isinstance(index, ir.Const) else ...)
        case Kind(shape=None):
            return Kind(None, base.dtype)
        case Kind(shape=tuple() as shape):
            found = _indexed(kinds, shape, index)
            return Kind(found, base.dtype)
    return None


def parts_of(index: ir.Expr) -> tuple[ir.Expr, ...]:
    """The indices between the brackets."""
    return index.items if isinstance(index, ir.Display) and index.kind == "tuple" else (index,)


def picks_by_what_moves(index: ir.Expr, is_varied: Callable[[ir.Expr], bool], kinds: KnownKinds) -> bool:
    """Whether what an index picks may change with what varies otherwise than in steps: not by whole numbers, nor by truths."""
    for part in parts_of(index):
        for each in (part.lower, part.upper, part.step) if isinstance(part, ir.Slice) else (part,):
            kind = None if each is None else kinds.of(each)
            if each is not None and is_varied(each) and not (isinstance(kind, Kind) and kind.dtype in ("int", "bool")):
                return True
    return False


def _parts_behind(kinds: KnownKinds, index: ir.Expr) -> tuple[ir.Expr, ...] | None:
    """The indices that a value between brackets stands for, also where it is a name; None where it may be a tuple of any."""
    match index:
        case ir.Value(of=of):
            return _parts_behind(kinds, of)
        case ir.Display() | ir.Comprehension(kind="list"):
            return parts_of(index)
        case ir.Name() if isinstance(kinds.of(index), Holder) and (version := kinds.versions.of_read.get(index)) is not None:
            source = version.sources[0] if version.kind == "assign" and len(version.sources) == 1 else None
            return _parts_behind(kinds, source) if isinstance(source, ir.Expr) else None
    return None if isinstance(kinds.of(index), Holder) else (index,)


def _crossed(kinds: KnownKinds, shape: Shape, index: ir.Expr) -> Shape | None:
    """The shape of what `np.ix_(rows, columns)`, `np.nonzero(mask)` and the like pick: an array of places for each axis."""
    match index:
        case ir.Value(of=of):
            return _crossed(kinds, shape, of)
        case ir.Name() if (version := kinds.versions.of_read.get(index)) is not None:
            source = version.sources[0] if version.kind == "assign" and len(version.sources) == 1 else None
            return _crossed(kinds, shape, source) if isinstance(source, ir.Expr) else None
        case ir.Op() | ir.Call() if isinstance(held := kinds.of(index), Holder) and held.keys is None and held.items:
            if kinds.operation(index) is None or len(held.items) > len(shape):
                return None
            places = [each.shape for each in held.items if isinstance(each, Kind) and each.dtype == "int"]
            block = broadcast(*places) if len(places) == len(held.items) else None
            if block is None:
                return None
            own = (kinds.fresh(index) if dim == OPEN else dim for dim in block)
            return (*own, *shape[len(held.items) :])
    return None


def _indexed(kinds: KnownKinds, shape: Shape, index: ir.Expr) -> Shape | None:
    parts = _parts_behind(kinds, index)
    if parts is None:
        return _crossed(kinds, shape, index)
    consumed = 0
    for part in parts:
        mask = _mask_rank(kinds, part)
        if mask is None and not is_none(part) and not _is_ellipsis(part):
            consumed += 1
        elif mask is not None:
            consumed += mask
    if consumed > len(shape):
        return None
    rest = len(shape) - consumed
    result: list[Dim] = []
    advanced: list[Shape] = []
    places: list[int] = []
    numbers: list[int] = []
    axis, has_ellipsis = 0, any(map(_is_ellipsis, parts))
    for part in parts:
        if is_none(part):
            result.append(ONE)
        elif _is_ellipsis(part):
            result.extend(shape[axis : axis + rest])
            axis += rest
        elif isinstance(part, ir.Slice):
            result.append(sliced(kinds, shape[axis], part))
            axis += 1
        elif (mask := _mask_rank(kinds, part)) is not None:
            advanced.append((_of_mask(kinds, part),))
            places.append(len(result))
            axis += mask
        else:
            kind = kinds.of(part)
            if not isinstance(kind, Kind | Holder) or isinstance(kind, Kind) and kind.shape is None:
                return None
            if isinstance(kind, Holder):
                places_named = _of_list(kinds, part, kind)
                if places_named is None:
                    return None
                advanced.append(places_named)
                places.append(len(result))
            elif kind.shape:
                advanced.append(kind.shape)
                places.append(len(result))
            else:  # one number, which is an array of no axes where there are others
                numbers.append(len(result))
            axis += 1
    if not has_ellipsis:
        result.extend(shape[axis:])
    if advanced:
        block = broadcast(*advanced)
        if block is None:
            return None
        at = places[0] if len({*places, *numbers}) == 1 else 0
        result[at:at] = block
    return tuple(result)


def _of_list(kinds: KnownKinds, part: ir.Expr, held: Holder) -> Shape | None:
    """The shape of the array that a list of indices becomes."""
    made = array_of(held)
    if made is None or made.shape is None or OPEN in made.shape[1:]:
        return None
    return (kinds.fresh(part), *made.shape[1:]) if made.shape[0] == OPEN else made.shape


def _of_mask(kinds: KnownKinds, mask: ir.Expr) -> Dim:
    """How many elements a mask takes: the same number each time for one variable."""
    if isinstance(mask, ir.Name) and (version := kinds.versions.of_read.get(mask)) is not None:
        return unknown(f"{version.name}.{version.index}.count")
    return kinds.fresh(mask)


def _mask_rank(kinds: KnownKinds, part: ir.Expr) -> int | None:
    if isinstance(part, ir.Slice | ir.Const):
        return None
    kind = kinds.of(part)
    kind = array_of(kind) if isinstance(kind, Holder) else kind
    is_mask = isinstance(kind, Kind) and kind.dtype == "bool" and kind.shape
    return len(kind.shape) if is_mask and isinstance(kind, Kind) and kind.shape else None


def is_none(part: ir.Expr) -> bool:
    """Whether an index puts an axis of length 1 in: None, np.newaxis."""
    return isinstance(part, ir.Const) and part.value is None or isinstance(part, ir.Name) and part.id.endswith("newaxis")


def _is_ellipsis(part: ir.Expr) -> bool:
    return isinstance(part, ir.Const) and part.value is ...


def sliced(kinds: KnownKinds, dim: Dim, part: ir.Slice) -> Dim:
    """How long a slice of an axis is, as a form of its length where the bounds lie surely inside of it."""
    step = 1 if part.step is None else part.step.value if isinstance(part.step, ir.Const) else None
    lower = size(0) if part.lower is None else _bound(kinds, part.lower, dim)
    upper = dim if part.upper is None else _bound(kinds, part.upper, dim)
    if step == -1 and part.lower is None and part.upper is None:
        return dim
    if step == 1 and not lower.terms and 0 <= lower.const and _ends_at(dim, upper):
        return upper.plus(lower, -1)
    return unknown(f"[{dim}:{lower}:{upper}:{step}]")


def _bound(kinds: KnownKinds, expr: ir.Expr, dim: Dim) -> Dim:
    found = dim_of(kinds, expr)
    return dim.plus(found) if not found.terms and found.const < 0 else found


def _ends_at(dim: Dim, upper: Dim) -> bool:
    """Whether a bound counts from the end of the axis."""
    distance = dim.plus(upper, -1)
    return not distance.terms and distance.const >= 0
