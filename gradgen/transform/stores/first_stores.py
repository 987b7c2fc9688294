"""Elements that are added to for the first time: `dz[:n] = dx` for `dz[:n] += dx`, where dz has just been made of zeros.

In a loop over the places of a sequence each turn has an element of its own: `dX[i] = dx`. Never looks further beyond the block in
which the zeros are made. Where stores fill all of it one after another, it needs no zeros: `dz = np.empty_like(z)`.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.kinds.indexing import dim_of, parts_of
from gradgen.analyse.kinds.values import holds_dtype
from gradgen.ir import nodes as ir
from gradgen.ir.checkpoints import Replay
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.hooks import Verbatim
from gradgen.ir.kinds import Dim
from gradgen.ir.queries import reads
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
                name in touched and line.augmented in ("add", "sub") and not reads(value, name)
            ):
                if all(parts.are_apart(index, other) for other in touched[name]):
                    line = ir.Assign(target, value if line.augmented == "add" else neg(value))
                touched[name].append(index)
            case ir.Assign(target=ir.NameTarget(id=name)):
                touched.pop(name, None)
                _forget(touched, line)
            case ir.For(body=body) | ir.While(body=body):
                if isinstance(line, ir.For):
                    body = _each_once(line, [name for name, found in touched.items() if not found])
                _forget(touched, line)
                line = replace(line, body=tuple(_block(body, parts)))
            case ir.Branch(then=then, orelse=orelse):
                _forget(touched, line)
                line = replace(line, then=tuple(_block(then, parts)), orelse=tuple(_block(orelse, parts)))
            case _:
                _forget(touched, line)
        result.append(line)
    for place, line in enumerate(result):
        match line:
            case ir.Assign(target=ir.NameTarget(id=name), value=ir.Op(op="zeros_like", keywords=()) as value, augmented=None):
                if parts.are_filled(name, result[place + 1 :]):
                    result[place] = replace(line, value=replace(value, op="empty_like"))
    return result


def _each_once(loop: ir.For, names: Sequence[str]) -> ir.Block:
    """The body of a loop with `d[i] = value` for `d[i] += value`, where d is one of these names, nothing else in the loop has to
    do with it, and i counts the turns."""
    counter, body = _counter(loop), list(loop.body)
    for name in names if counter is not None else ():
        own = [place for place, line in enumerate(body) if any(each == name for each in _mentioned(line))]
        line = body[own[0]] if len(own) == 1 else None
        match line:
            case ir.Assign(
                target=ir.ItemTarget(base=ir.Name(), index=ir.Name(id=index)) as target,
                value=ir.Op(args=(_, value)), augmented="add",
            ) if index == counter and not reads(value, name):
                body[own[0]] = ir.Assign(target, value)
    return tuple(body)


def _counter(loop: ir.For) -> str | None:
    """The name of a loop that goes from 0 on, or back to it, one by one, and that nothing in it binds anew."""
    match _in_order(loop.iterable), loop.target:
        case ir.Call(func=ir.Name(id="enumerate", scope="global"), args=(_,), keywords=()), ir.TupleTarget(
            items=(ir.NameTarget(id=name), _), starred=None
        ):
            pass
        case ir.Call(func=ir.Name(id="range", scope="global"), args=(_,), keywords=()), ir.NameTarget(id=name):
            pass
        case _:
            return None
    nodes = [node for line in (loop.target, *loop.body) for node in ir.walk(line)]
    bound = [node.id for node in nodes if isinstance(node, ir.NameTarget)]
    is_restored = any(isinstance(node, ir.Restore) and name in node.targets for node in nodes)
    is_rerun = any(isinstance(node, Replay | Verbatim) for node in nodes)
    return name if bound.count(name) == 1 and not (is_restored or is_rerun) else None


def _in_order(iterable: ir.Expr) -> ir.Expr:
    """What is gone through, in whichever order: `enumerate(xs)` for `reversed(list(enumerate(xs)))`."""
    match iterable:
        case ir.Call(func=ir.Name(id="reversed" | "list", scope="global"), args=(inner,), keywords=()):
            return _in_order(inner)
    return iterable


def _mentioned(line: ir.Stmt) -> set[str]:
    """The names that a line has to do with."""
    found: set[str] = set()
    for node in ir.walk(line):
        if isinstance(node, ir.Name | ir.NameTarget):
            found.add(node.id)
        elif isinstance(node, ir.Restore):
            found.update((*node.targets, node.tape))
    return found


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

    def are_filled(self, name: str, lines: Sequence[ir.Stmt]) -> bool:
        """Whether the first lines that have to do with an array are stores that leave no element out: along its first axis each
        begins where another one ends, the first at the beginning, the last one open."""
        ranges: list[Range] = []
        for line in lines:
            match line:
                case ir.Assign(target=ir.ItemTarget(base=ir.Name(id=stored), index=index), value=value, augmented=None) if (
                    stored == name and not reads(value, name)
                ):
                    part = self._range(index)
                    if part is None:
                        return False
                    ranges.append(part)
                    if _joined_up(ranges):
                        return True
                case _ if name in _mentioned(line):
                    return False
        return False

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


def _joined_up(ranges: Sequence[Range]) -> bool:
    """Whether ranges follow on each other from 0 to where the array ends."""
    following = dict(ranges)
    at: Dim | None = Dim()
    for _ in ranges:
        if at not in following:
            return False
        at = following[at]
        if at is None:
            return True
    return False


def _is_count(dim: Dim) -> bool:
    """Whether a form is surely not negative: a sum of lengths of arguments."""
    return dim.const >= 0 and all(count > 0 and not name.startswith("?") for name, count in dim.terms)


def _ends_by(one: Range, other: Range) -> bool:
    return one[1] is not None and _is_count(other[0].plus(one[1], -1))
