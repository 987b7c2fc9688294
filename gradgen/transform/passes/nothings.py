"""Notes where the backward part starts adjoints from nothing, in the shape that a variable has there, so that it is still known.

Never writes a line.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.recording.needs import Shapes
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field
from gradgen.ir.kinds import Holder, Kind


class When(Enum):
    """Which value of a variable an adjoint has the shape of: that before or after a statement, as a turn of a loop begins, or one
    that stands in the middle of the statement."""

    BEFORE = "before"
    AFTER = "after"
    TURN = "turn"
    WITHIN = "within"


def shapes_change(kinds: Kinds) -> frozenset[str]:
    """The variables that hold arrays of which it is not known that they always have the same shape."""
    found: dict[str, list[Kind | None]] = {}
    if not kinds.has_arrays:
        return frozenset()
    for version in kinds.versions.all:
        if version.kind not in ("unbound", "phi"):
            kind = kinds.of_version.get(version)
            found.setdefault(version.name, []).append(kind if isinstance(kind, Kind) else None)
    arrays = {name for name, each in found.items() if any(kind is not None and kind.shape != () for kind in each)}
    return frozenset(name for name in arrays if not _is_one(found[name]))


def parts_change(kinds: Kinds) -> frozenset[str]:
    """The variables that hold containers of which some part is a number at one time and an array at another."""
    found: dict[str, dict[object, set[bool]]] = {}
    for version in kinds.versions.all if kinds.has_arrays else ():
        kind = kinds.of_version.get(version)
        if version.kind not in ("unbound", "phi") and isinstance(kind, Holder) and kind.items is not None:
            parts = found.setdefault(version.name, {})
            for key, part in zip(kind.keys or range(len(kind.items)), kind.items, strict=True):
                if isinstance(part, Kind):
                    parts.setdefault(key, set()).add(part.shape == ())
    return frozenset(name for name, parts in found.items() if any(len(each) > 1 for each in parts.values()))


def _is_one(kinds: list[Kind | None]) -> bool:
    shapes = {kind.shape if kind is not None else None for kind in kinds}
    dims = [dim for shape in shapes for dim in shape or ()]
    return len(shapes) == 1 and None not in shapes and all(dim.is_told for dim in dims)


@dataclass(slots=True)
class Nothings:
    """The adjoints that start from nothing, of variables whose shape is `changing`; `unmet` are statements around those for which
    the shape cannot be kept."""

    changing: frozenset[str] = frozenset()
    shapes: Shapes = field(default_factory=Shapes)
    unmet: dict[ir.Stmt, set[str]] = field(default_factory=dict)

    def note(self, names: Iterable[str], stmt: ir.Stmt, when: When, whole: ir.Stmt) -> None:
        """Adjoints are started at a statement; `whole` stands in its place, with the rest of a turn after a `continue`."""
        found = self.changing.intersection(names)
        targets = ir.walk(stmt.target) if isinstance(stmt, ir.For) and when is When.TURN else ()
        taken = {node.id for node in targets if isinstance(node, ir.NameTarget)}
        kept = {When.BEFORE: self.shapes.before, When.AFTER: self.shapes.after, When.TURN: self.shapes.turns}.get(when)
        rebound = ir.names_bound((whole,)) if when is When.AFTER and whole is not stmt else frozenset()
        unmet = found if kept is None else found & (taken | rebound)
        if unmet:
            self.unmet.setdefault(stmt, set()).update(unmet)
        if kept is not None and found - unmet:
            kept.setdefault(stmt, set()).update(found - unmet)

    @property
    def kept(self) -> frozenset[str]:
        """All variables whose shapes are required somewhere."""
        parts = (self.shapes.before, self.shapes.after, self.shapes.turns)
        return frozenset[str]().union(*(names for part in parts for names in part.values()))

    def missing(self, recorded: Mapping[ir.Stmt, set[str]]) -> dict[ir.Stmt, set[str]]:
        """The statements with the variables whose shapes cannot be had; a compound one brings old values back after its lines."""
        found = {stmt: set(names) for stmt, names in self.unmet.items()}
        for stmt, names in self.shapes.before.items():
            if late := names & recorded.get(stmt, set()):
                found.setdefault(stmt, set()).update(late)
        return found
