"""Places deep inside of containers: where `m[i][j] = v` stores.

Never holds a place in an array: there the indices stand together.
"""
from __future__ import annotations

from gradgen.ir.frozen import dataclass
from gradgen.ir.nodes import Expr, Item, Opaque


@dataclass(frozen=True, eq=False, slots=True)
class Nested(Opaque):
    """The place of a store `m[i][j] = v` in the container that `m` names: the text of the place, and its indices in order."""

    path: tuple[Expr, ...] = ()


def item_at(base: Expr, path: tuple[Expr, ...]) -> Expr:
    """What stands in a container at the end of a path of indices."""
    for index in path:
        base = Item(base, index)
    return base
