"""What a function hands out: one array or number, or several of them, by their names and shapes.

Never looks at how they are computed.
"""
from __future__ import annotations

from collections.abc import Sequence

from gradgen.analyse.program import Analysed
from gradgen.ir.frozen import dataclass
from gradgen.ir.kinds import AnyKind, Holder, Kind, Shape, joined_all
from gradgen.read.callables import stem_of
from gradgen.transform.results import names_of, outputs_of


@dataclass(frozen=True, slots=True)
class Results:
    """The shape of the one result, None where it is not known, or those of several by their names.

    `is_one` where there are not several. Several have a seed each where `are_apart`; `names` is None where nobody knows how many
    numbers there are.
    """

    shapes: tuple[Shape | None, ...]
    names: tuple[str, ...] | None = None
    is_one: bool = False
    are_apart: bool = False

    @property
    def are_numbers(self) -> bool:
        """Whether several results are numbers, which a vector can hold."""
        return not self.is_one and all(shape == () for shape in self.shapes)


def results_of(analysed: Analysed) -> Results | None:
    """What a function hands out; None where it is not one array or number, nor several in a tuple or a list."""
    kinds = [None if stmt.value is None else analysed.kinds.of(stmt.value) for stmt in analysed.versions.returns]
    if not any(isinstance(kind, Holder) for kind in kinds):
        shapes = {kind.shape if isinstance(kind, Kind) else None for kind in kinds}
        return Results((shapes.pop() if len(shapes) == 1 else None,), is_one=True)
    if all(isinstance(kind, Holder) and kind.items is None and kind.element == Kind((), "float") for kind in kinds):
        return Results(())
    several = [kind.items for kind in kinds if isinstance(kind, Holder) and kind.items and kind.keys is None]
    if len(several) < len(kinds) or len(set(map(len, several))) != 1:
        return None
    shapes_by_place = [_common_shape(column) for column in zip(*several, strict=True)]
    if any(not isinstance(kind, Kind) or kind.dtype not in ("float", "int") for column in several for kind in column):
        return None
    names, are_apart = outputs_of(analysed, True, names_of(analysed, ()))
    if not are_apart:
        stem = stem_of(analysed.read.function.name, "f")
        names = tuple(f"{stem}_{place}" for place in range(len(shapes_by_place)))
    return Results(tuple(shapes_by_place), names, False, are_apart)


def _common_shape(kinds: Sequence[AnyKind]) -> Shape | None:
    whole = joined_all(kinds)
    return whole.shape if isinstance(whole, Kind) else None
