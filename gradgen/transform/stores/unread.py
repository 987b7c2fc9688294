"""Says which elements of a container may be stored over before anything reads them: their adjoint is a mere 0.0, be they arrays.

Never looks at an element whose place is not written out, but where two stores write it alike.
"""
from __future__ import annotations

from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.queries import is_name
from gradgen.simplify.fold import same


def may_be_unread(
    versions: Versions, name: str, index: ir.Expr | None, own: ir.Node | None = None, is_in_loop: bool = False,
) -> bool:
    """Whether a store may put another value at a place, by its index or anywhere where there is none, without reading what
    stands there. The place's `own` store counts where it runs again."""
    stores = (each for each in versions.all if each.kind == "store" and each.name == name)
    return any(
        (each.node is not own or is_in_loop and isinstance(index, ir.Const)) and _is_put_there(each, index) for each in stores
    )


def _is_put_there(store: Version, index: ir.Expr | None) -> bool:
    place = store.node.index if isinstance(store.node, ir.ItemTarget) else None
    if place is None or index is not None and not _may_be(place, index):
        return False
    read = (node for source in store.sources if isinstance(source, ir.Expr) for node in ir.walk(source))
    return not any(isinstance(node, ir.Item) and same(node.index, place) and is_name(node.base, store.name) for node in read)


def _may_be(place: ir.Expr, index: ir.Expr) -> bool:
    if isinstance(place, ir.Const) and isinstance(index, ir.Const):
        from_end = [isinstance(each.value, int) and each.value < 0 for each in (place, index)]
        return place.value == index.value or from_end[0] is not from_end[1]
    return same(place, index)
