"""Elements that are added to for the first time: `dz[:n] = dx` for `dz[:n] += dx`, where dz has just been made of zeros.

Never looks beyond the block in which the zeros are made.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradgen.analyse.arrays import Kinds
from gradgen.analyse.indexing import dim_of, parts_of
from gradgen.analyse.values import holds_dtype
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.kinds import Dim
from gradgen.simplify.fold import neg

Range = tuple[Dim, Dim | None]
MADE_OF_ZEROS = frozenset({"zeros_like", "zeros"})


def stored_first(lines: Sequence[ir.Stmt], kinds: Kinds, values: Mapping[str, ir.Expr]) -> list[ir.Stmt]:
    """Backward lines in which what is first added to a part of zeros is stored there; `values` are those that have got a name."""
    if any(holds_dtype(kinds.of_version.get(version), "complex") for version in kinds.versions.all):
        return list(lines)
    return _block(lines, _Parts(kinds, values))


def _block(lines: Sequence[ir.Stmt], parts: _Parts) -> list[ir.Stmt]:
    touched: dict[str, list[ir.Expr]] = {}  # arrays that are zeros but for these parts
    result: list[ir.Stmt] = []
    for line in lines:
        match line:
            case ir.Assign(target=ir.NameTarget(id=name), value=ir.Op(op=op), augmented=None) if op in MADE_OF_ZEROS:
                touched[name] = []
            case ir.Assign(target=ir.ItemTarget(base=ir.Name(id=name), index=index) as target, value=ir.Op(args=(_, value))) if (
                name in touched and line.augmented in ("add", "sub") and not _reads(value, name)
            ):
                if all(parts.are_apart(index, other) for other in touched[name]):
                    line = ir.Assign(target, value if line.augmented == "add" else neg(value))
                touched[name].append(index)
            case ir.Assign(target=ir.NameTarget(id=name)):
                touched.pop(name, None)
                _forget(touched, line)
            case ir.For(body=body) | ir.While(body=body):
                _forget(touched, line)
                line = replace(line, body=tuple(_block(body, parts)))
            case ir.Branch(then=then, orelse=orelse):
                _forget(touched, line)
                line = replace(line, then=tuple(_block(then, parts)), orelse=tuple(_block(orelse, parts)))
            case _:
                _forget(touched, line)
        result.append(line)
    return result


def _reads(value: ir.Expr, name: str) -> bool:
    return any(read.id == name for read in ir.names_read(value))


def _forget(touched: dict[str, list[ir.Expr]], line: ir.Stmt) -> None:
    """What a line may change otherwise is known no more."""
    for node in ir.walk(line):
        match node:
            case ir.ItemTarget(base=base) | ir.AttributeTarget(base=base):
                changed: tuple[ir.Node, ...] = ir.walk(base)
            case ir.Assign(target=ir.NameTarget() as target, augmented=augmented) if augmented is not None or line is not node:
                changed = (target,)
            case ir.Evaluate() | ir.Restore():
                changed = ir.walk(node)
            case _:
                continue
        for each in changed:
            if isinstance(each, ir.Name | ir.NameTarget):
                touched.pop(each.id, None)
        if isinstance(node, ir.Restore):
            for name in node.targets:
                touched.pop(name, None)


# --- parts that do not overlap ---


@dataclass(frozen=True, slots=True)
class _Parts:
    """Which parts of an array overlap, by the lengths that the indices are made of."""

    kinds: Kinds
    values: Mapping[str, ir.Expr]

    def are_apart(self, left: ir.Expr, right: ir.Expr) -> bool:
        """Whether two indices surely name no element in common: along one axis, one ends where the other begins or before."""
        pairs = list(zip(parts_of(left), parts_of(right), strict=False))
        if any(isinstance(part, ir.Const) and type(part.value) is not int for pair in pairs for part in pair):
            return False  # None and `...` shift the axes that follow
        ranges = ((self._range(one), self._range(other)) for one, other in pairs)
        return any(one and other and (_ends_by(one, other) or _ends_by(other, one)) for one, other in ranges)

    def _range(self, part: ir.Expr) -> Range | None:
        """Where a part of an index begins and ends, open where the array does; None where it may count from the end."""
        match part:
            case ir.Const(value=int(place)) if place >= 0:
                return Dim(const=place), Dim(const=place + 1)
            case ir.Slice(lower=lower, upper=upper, step=None):
                begin, end = Dim() if lower is None else self._bound(lower), None if upper is None else self._bound(upper)
                return (begin, end) if _is_count(begin) and (end is None or _is_count(end)) else None
        return None

    def _bound(self, expr: ir.Expr) -> Dim:
        is_given = isinstance(expr, ir.Name) and expr not in self.kinds.versions.of_read
        return dim_of(self.kinds, self.values.get(expr.id, expr) if is_given and isinstance(expr, ir.Name) else expr)


def _is_count(dim: Dim) -> bool:
    """Whether a form is surely not negative: a sum of lengths of arguments."""
    return dim.const >= 0 and all(count > 0 and not name.startswith("?") for name, count in dim.terms)


def _ends_by(one: Range, other: Range) -> bool:
    return one[1] is not None and _is_count(other[0].plus(one[1], -1))
