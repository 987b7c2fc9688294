"""Says which variable of a loop takes which element of which container, turn by turn.

Never plans a loop.
"""
from __future__ import annotations

from collections.abc import Callable, Container, Mapping

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass
from gradgen.ir.kinds import WHOLE, AnyKind, Holder, Kind
from gradgen.transform.holding import step
from gradgen.transform.lines.plans import Path, Taken

Place = tuple[str, Path]


@dataclass(frozen=True, slots=True)
class Elements:
    """What is taken at the turn that `counter` counts, out of `containers`; of them, `arrays` are, or may be, arrays. Those that
    loops go through may be parts of those that are `holding` others. `adjoint` tells what the adjoint of one is called."""

    counter: ir.Expr
    containers: Container[str]
    holding: Container[str]
    arrays: Mapping[str, Kind]
    kinds: Kinds
    is_varied: Callable[[ir.Expr], bool]
    adjoint: Callable[[str], str]

    def items(self, target: ir.Target, iterable: ir.Expr) -> list[Taken] | None:
        """Which variable takes which element, where a loop runs over containers; None where that cannot be said."""
        match target, iterable:
            case (
                ir.TupleTarget(items=items, starred=None),
                ir.Call(func=ir.Name(id="zip", scope="global"), args=args),
            ) if len(items) == len(args):
                found: list[Taken] = []
                for item, arg in zip(items, args, strict=True):
                    each = self.items(item, arg)
                    if each is None:
                        return None
                    found.extend(each)
                return found
            case (
                ir.TupleTarget(items=(ir.NameTarget(), inner)),
                ir.Call(func=ir.Name(id="enumerate", scope="global"), args=(arg, *_)),
            ):
                return self.items(inner, arg)
        place = self.place(iterable)
        if place is not None and (taken := self.unpacked(target, *place, self._taken_from(iterable))) is not None:
            return taken
        return None if self.is_varied(iterable) else []

    def _taken_from(self, iterable: ir.Expr) -> AnyKind:
        """The kind of each element that a loop over a list takes."""
        match iterable:
            case ir.Call(func=ir.Name(id="reversed", scope="global"), args=(inner,)):
                return self._taken_from(inner)
        kind = self.kinds.of(iterable)
        return kind.at(...) if isinstance(kind, Holder) else None

    def unpacked(self, target: ir.Target, base: str, path: Path, kind: AnyKind) -> list[Taken] | None:
        """The variables of a target that takes one element, of a kind, or unpacks it."""
        match target:
            case ir.NameTarget(id=name):
                return [(name, base, path)]
            case ir.TupleTarget(items=items, starred=None):
                found: list[Taken] = []
                for index, item in enumerate(items):
                    key = step(kind, ir.Const(index))
                    part = kind.at(index) if isinstance(kind, Holder) else None
                    inner = self.unpacked(item, base, self.longer(base, path, key), part)
                    if inner is None:
                        return None
                    found.extend(inner)
                return found
        return None

    def longer(self, base: str, path: Path, key: ir.Expr) -> Path:
        """The way to a part of what a path leads to: `X[i, 0]` of an array, `params[i][0]` of a list."""
        *first, last = path
        keys = last.items if isinstance(last, ir.Display) else (last,)
        if base not in self.arrays or any(isinstance(each, ir.Slice) for each in keys):
            return (*path, key)
        return (*first, ir.Display("tuple", (*keys, key)))

    def place(self, iterable: ir.Expr) -> Place | None:
        """The container that an iterable goes through, and which element each turn takes; None where that is not so simple."""
        match iterable:
            case ir.Name(id=base) if base in self.containers:
                return base, (self.counter,)
            case ir.Item(base=ir.Name(id=base), index=index) if base in self.containers:
                return self._sliced(base, index)
            case ir.Item() if (part := self._part(iterable)) is not None:
                return part[0], (*part[1], self.counter)
            case ir.Attribute(base=ir.Name(id=base), name="T") if base in self.arrays and self.arrays[base].rank == 2:
                return base, (ir.Display("tuple", (ir.Slice(), self.counter)),)
            case ir.Call(func=ir.Name(id="reversed", scope="global"), args=(ir.Name(id=base),)) if base in self.containers:
                return base, (ir.Op("sub", (ir.Const(-1), self.counter)),)
            case ir.Call(func=ir.Name(id="reversed", scope="global"), args=(
                ir.Item(base=ir.Name(id=base), index=ir.Slice(upper=upper, step=None)),
            )) if base in self.containers and (left_out := 0 if upper is None else _from_behind(upper)) is not None:
                return base, (ir.Op("sub", (ir.Const(-1 - left_out), self.counter)),)
        return None

    def _part(self, iterable: ir.Expr) -> Place | None:
        """The way to a list or tuple in what holds it, a dict or a list: `p["layers"]`; what is not known may be a dict, of which
        a loop takes the keys."""
        kind = self.kinds.of(iterable)
        if not (isinstance(kind, Holder) and kind.keys is None or isinstance(kind, Kind) and kind.shape):
            return None
        path: Path = ()
        while isinstance(iterable, ir.Item):
            if not isinstance(iterable.index, ir.Const | ir.Name):
                return None
            path = (iterable.index, *path)
            iterable = iterable.base
        return (iterable.id, path) if isinstance(iterable, ir.Name) and iterable.id in self.holding else None

    def _sliced(self, base: str, index: ir.Expr) -> Place | None:
        """The elements of a part: of a slice, of a row or a column."""
        match index:
            case ir.Slice(lower=lower, step=ir.Const(value=int(step))) if step < 0:
                start = 1 if lower is None else _from_behind(lower)
                return None if start is None else (base, (ir.Op("sub", (ir.Const(-start), self._times(-step))),))
            case ir.Slice(lower=lower, step=None) if _is_simple(lower):
                return base, (self._from(base, lower),)
            case ir.Slice(lower=ir.Const(value=None | 0) | None, step=ir.Const(value=int(step))) if step > 1:
                return base, (self._times(step),)
            case ir.Slice(lower=ir.Const(value=int(first)) as lower, step=ir.Const(value=int(step))) if step > 1 and first > 0:
                return base, (ir.Op("add", (self._times(step), lower)),)
            case ir.Display(kind="tuple", items=(ir.Slice(lower=lower, step=None), *rest)) if _is_simple(lower):
                if base in self.arrays and all(isinstance(part, ir.Slice) or self._is_whole(part) for part in rest):
                    return base, (ir.Display("tuple", (self._from(base, lower), *rest)),)
            case ir.Slice() | ir.Display():
                return None
            case _ if base in self.arrays and self._is_whole(index):
                return base, (ir.Display("tuple", (index, self.counter)),)
            case _ if base not in self.arrays and _is_simple(index):
                return base, (index, self.counter)
        return None

    def _times(self, step: int) -> ir.Expr:
        return self.counter if step == 1 else ir.Op("mul", (self.counter, ir.Const(step)))

    def _from(self, base: str, lower: ir.Expr | None) -> ir.Expr:
        """The place of an element of a part; one that begins so many from the end has no more of them than there are."""
        match lower:
            case None | ir.Const(value=0):
                return self.counter
            case ir.Const(value=int(first)) if first < 0:
                length = ir.Call(ir.Name("len", "global"), (ir.Name(self.adjoint(base)),))
                return ir.Op("sub", (self.counter, ir.Call(ir.Name("min", "global"), (ir.Const(-first), length))))
        return ir.Op("add", (self.counter, lower))

    def _is_whole(self, index: ir.Expr) -> bool:
        """Whether an index is surely one whole number: not an array of them, nor a mask."""
        return self.kinds.of(index) == WHOLE and _is_simple(index)


def _is_simple(index: ir.Expr | None) -> bool:
    """Whether an index gives the same when it is asked for again, as long as its variables do."""
    return index is None or all(isinstance(node, ir.Name | ir.Const | ir.Op) for node in ir.walk(index))


def _from_behind(index: ir.Expr | None) -> int | None:
    """The whole number k of an index -k that is written out; None for any other."""
    match index:
        case ir.Op(op="neg", args=(ir.Const(value=int(number)),)) if number > 0:
            return number
        case ir.Const(value=int(number)) if number < 0:
            return -number
    return None
