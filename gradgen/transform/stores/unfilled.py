"""Leaves an adjoint that is one number throughout a number, where every line that reads it meets an array of the full shape.

Never looks at adjoints that are assigned more than once, or changed in place.
"""
from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.kinds import NUMBER, Kind, Shape, are_alike
from gradgen.transform.lines.spelling import FILLINGS

BETWEEN_TWO = frozenset({"add", "sub", "mul", "div"})


def unfilled(lines: Sequence[ir.Stmt], returned: Container[str], kinds: Kinds, arrays: Mapping[str, Kind]) -> list[ir.Stmt]:
    """Backward lines with `dloss = dmean / loss.size` for `dloss = np.full_like(loss, dmean / loss.size)`."""
    candidates = {
        line.target.id: line for line in lines
        if isinstance(line, ir.Assign) and isinstance(line.target, ir.NameTarget) and line.augmented is None
        and isinstance(line.value, ir.Op) and line.value.op in FILLINGS and len(line.value.args) > 1
        and line.target.id not in returned and kinds.shape(line.value.args[1]) == ()
    }
    if not candidates:
        return list(lines)
    nodes = [node for line in lines for node in ir.walk(line)]
    bound = [node.id for node in nodes if isinstance(node, ir.NameTarget)]
    restored = {name for node in nodes if isinstance(node, ir.Restore) for name in node.targets}
    known = {name: kind.shape for name, kind in arrays.items()}
    for name, line in candidates.items():
        shape = kinds.shape(ir.Name(name))
        reading = _Reading(name, shape or (), kinds, known)
        if shape and bound.count(name) == 1 and name not in restored and all(map(reading.is_met, lines)):
            assert isinstance(line.value, ir.Op)
            kinds.named[name] = NUMBER
            lines = [replace(line, value=line.value.args[1]) if each is line else each for each in lines]
    return list(lines)


@dataclass(frozen=True, slots=True)
class _Reading:
    """How lines read an adjoint of one number."""

    name: str
    shape: Shape
    kinds: Kinds
    known: Mapping[str, Shape | None]

    def is_met(self, node: ir.Node) -> bool:
        """Whether, wherever the adjoint is read in a line, an array of its full shape takes part in the same product or sum."""
        if isinstance(node, ir.Expr) and self._is_narrow(node):
            return False
        if isinstance(node, ir.Op) and node.op in BETWEEN_TWO:
            left, right = node.args
            for one, other in ((left, right), (right, left)):
                if self._is_narrow(one):
                    return self._is_full(other) and self.is_met(other)
        return all(map(self.is_met, ir.children_of(node)))

    def _is_narrow(self, expr: ir.Expr) -> bool:
        """Whether an expression is that adjoint times numbers."""
        match expr:
            case ir.Name(id=name):
                return name == self.name
            case ir.Op(op="neg", args=(inner,)):
                return self._is_narrow(inner)
            case ir.Op(op="mul" | "div", args=(left, right)):
                return self._is_narrow(left) and self._shape(right) == () or self._is_narrow(right) and self._shape(left) == ()
        return False

    def _is_full(self, expr: ir.Expr) -> bool:
        shape = self._shape(expr)
        return shape is not None and are_alike(shape, self.shape)

    def _shape(self, expr: ir.Expr) -> Shape | None:
        if isinstance(expr, ir.Name) and expr.id in self.known:
            return self.known[expr.id]
        return self.kinds.shape(expr)
