"""What an index of an array says of the elements that it names: whether one may be named twice, whether it only adds axes.

Never finds the shape of what is taken; analyse.kinds.indexing does.
"""
from __future__ import annotations

from collections.abc import Sequence

from gradgen.analyse.kinds.arrays import Kinds, kinds_source
from gradgen.analyse.kinds.indexing import is_none, parts_of
from gradgen.analyse.slopes.selection import counts_up
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import Holder


def places_in(items: Sequence[ir.Expr]) -> list[ir.Expr | None]:
    """Where the elements of a list that is written out stand in it: behind `*x`, counted from its end; None between two."""
    stars = [place for place, item in enumerate(items) if isinstance(item, ir.Starred)] or [len(items)]
    places = (place if place <= stars[0] else place - len(items) if place >= stars[-1] else None for place in range(len(items)))
    return [None if place is None else ir.Const(place) for place in places]


def may_repeat(index: ir.Expr, kinds: Kinds) -> bool:
    """Whether an index may name an element more than once: by whole numbers in an array or a list."""
    arrays = []
    for part in parts_of(index):
        if isinstance(part, ir.Slice | ir.Const):
            continue
        kind = kinds.of(part)
        if kind is None or isinstance(kind, Holder) or kind.shape != () and kind.dtype != "bool":
            arrays.append(part)
    are_lines = all(len(kinds.shape(part) or ()) == 1 for part in arrays)
    return bool(arrays) and not (are_lines and any(_differs(part, kinds) for part in arrays))


def _differs(index: ir.Expr, kinds: Kinds) -> bool:
    """Whether an index array names no number twice: `np.arange(n)`, `np.argsort(x)`."""
    source = kinds_source(kinds, index) if isinstance(index, ir.Name) else index
    operation = None if source is None else kinds.operation(source)
    return operation is not None and operation.op == "argsort" or counts_up(index, kinds)


def only_expands(index: ir.Expr) -> bool:
    """Whether an index takes everything, with axes of length 1 put in: `[:, None]`."""
    slices = [part for part in parts_of(index) if not is_none(part)]
    is_whole = all(isinstance(part, ir.Slice) and part.lower is part.upper is part.step is None for part in slices)
    return is_whole and len(slices) < len(parts_of(index))
