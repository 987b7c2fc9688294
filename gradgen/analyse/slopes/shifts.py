"""Finds the largest elements that are only subtracted for safety, which no result depends on.

Never looks at running values. `top + np.log(np.sum(np.exp(x - top)))` is the same for any `top`, so no derivative passes through
it: what it adds in one place it takes away in another.

What a value does when `top` moves by d is followed to the results: nothing, or it moves by a multiple of d (`x - top`), or it is
multiplied by a power of exp(d) (`np.exp(x - top)`). Zeros are, by any: what is stored into them says by which.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.kinds.indexing import is_none, parts_of
from gradgen.analyse.kinds.literals import literal_of
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.kinds import ONE, Shape
from gradgen.rules.registry import bind

EXTREMES = frozenset({"array_max", "array_min"})
SUMS = frozenset({"array_sum", "mean"})


@dataclass(frozen=True, slots=True)
class Moved:
    """A value that moves by `times * d`, or that is multiplied by `exp(times * d)`; `shape` is that of d, which is broadcast."""

    is_scaled: bool
    times: int
    shape: Shape


class Other:
    """A value that depends on `top` in some other way."""


class Zeros:
    """A value that does not depend on `top`, and is 0 throughout."""


OTHER: Final = Other()
ZEROS: Final = Zeros()
Response = Moved | Other | Zeros | None


def cancelling(kinds: Kinds) -> set[ir.Node]:
    """The largest and smallest elements on which no result of the function depends."""
    if not kinds.has_arrays or kinds.versions.captured:
        return set()
    found: set[ir.Node] = set()
    for node in dict.fromkeys(_extremes(kinds)):
        responses = _Responses(kinds, node)
        if all(stmt.value is None or _stays(responses.of(stmt.value)) for stmt in kinds.versions.returns):
            found.add(node)
    return found


def _extremes(kinds: Kinds) -> Iterator[ir.Expr]:
    sources = [source for version in kinds.versions.all for source in version.sources if isinstance(source, ir.Expr)]
    for root in (*sources, *(stmt.value for stmt in kinds.versions.returns if stmt.value is not None)):
        for node in ir.walk(root):
            if isinstance(node, ir.Op | ir.Call):
                operation = kinds.operation(node)
                if operation is not None and operation.op in EXTREMES and kinds.shape(node) is not None:
                    yield node


class _Responses:
    """What each value does when `moved` moves."""

    def __init__(self, kinds: Kinds, moved: ir.Expr) -> None:
        self.kinds = kinds
        self.moved = moved
        self.known: dict[Version, Response] = {}
        changed = True
        while changed:  # in a loop, what comes round again is first taken to do nothing
            changed = False
            for version in kinds.versions.all:
                before, now = self.known.get(version), self._of_version(version)
                if now != before:
                    self.known[version] = now if before is None else OTHER
                    changed = changed or self.known[version] != before

    def of(self, expr: ir.Expr) -> Response:
        if expr is self.moved:
            return _moved(False, 1, self.kinds.shape(expr) or ())
        if expr in self.kinds.versions.passive:
            return None
        match expr:
            case ir.Const() | ir.Compare():
                return None
            case ir.Name():
                version = self.kinds.versions.of_read.get(expr)
                return None if version is None else self.known.get(version)
            case ir.Value(of=of):
                return self.of(of)
            case ir.Item(base=base, index=index):
                inner = self.of(base)
                return self._expanded(inner, base, index) if isinstance(inner, Moved) else inner
            case ir.Op() | ir.Call():
                operation = self.kinds.operation(expr)
                if operation is not None:
                    return self._of_operation(operation)
        return self._unless_moved(expr)

    def _unless_moved(self, expr: ir.Node) -> Response:
        children = [child for child in ir.children_of(expr) if isinstance(child, ir.Expr)]
        return None if all(_stays(self.of(child)) for child in children) else OTHER

    def _of_version(self, version: Version) -> Response:
        responses = [self.known.get(each) if isinstance(each, Version) else self.of(each) for each in version.sources]
        if version.kind == "assign" and len(responses) == 1:
            return responses[0]
        if version.kind == "store" and isinstance(version.node, ir.ItemTarget) and len(responses) == 2:
            return self._stored(version.node, *responses)
        return None if all(map(_stays, responses)) else OTHER

    def _stored(self, target: ir.ItemTarget, before: Response, value: Response) -> Response:
        """What is stored into, in a place that stays, is multiplied as a whole where all that is not 0 in it is."""
        index = _stays(self.of(target.index))
        if _stays(before) and _stays(value):
            return None if index else OTHER
        parts = [each for each in (before, value) if not isinstance(each, Zeros)]
        whole = parts[0]
        is_whole = isinstance(whole, Moved) and whole.is_scaled and not whole.shape and all(each == whole for each in parts)
        return whole if is_whole and index else OTHER

    def _of_operation(self, op: ir.Op) -> Response:
        if op.op in SUMS:
            return self._summed(op)
        if op.op == "squeeze":
            return self._squeezed(op)
        if op.op in ("zeros", "zeros_like"):  # of what a value is like, only the shape is asked
            rest = [*op.args[1 if op.op == "zeros_like" else 0 :], *(value for _, value in op.keywords)]
            return ZEROS if all(_stays(self.of(each)) for each in rest) else OTHER
        if op.op not in ("add", "sub", "mul", "div", "neg", "exp", "log") or op.keywords:
            return self._unless_moved(op)
        responses = [self.of(arg) for arg in op.args]
        if all(map(_stays, responses)):
            return None
        if any(isinstance(response, Other) for response in responses):
            return OTHER
        if op.op in ("add", "sub") and any(isinstance(response, Zeros) for response in responses):
            (whole,) = (response for response in responses if isinstance(response, Moved))
            return whole if whole.is_scaled or op.op == "add" or whole is responses[0] else OTHER
        match op.op, responses:
            case "neg", [Moved() as inner]:
                return inner if inner.is_scaled else replace(inner, times=-inner.times)
            case "exp", [Moved(is_scaled=False) as inner]:
                return replace(inner, is_scaled=True)
            case "log", [Moved(is_scaled=True) as inner]:
                return replace(inner, is_scaled=False)
            case ("add" | "sub"), [Moved(is_scaled=True) as left, right] if left == right:
                return left
            case ("add" | "sub"), [left, right]:
                return _combined(left, right, False, 1 if op.op == "add" else -1)
            case ("mul" | "div"), [left, right]:
                return _combined(left, right, True, 1 if op.op == "mul" else -1)
        return OTHER

    def _summed(self, op: ir.Op) -> Response:
        """A sum along axes where d is the same for all is multiplied as its elements are."""
        bound = bind(op.op, op.args, op.keywords, op.family)
        if bound is None or not op.args:
            return self._unless_moved(op)
        inner = self.of(op.args[0])
        given = [value for _, value in op.keywords]
        if inner is None or isinstance(inner, Zeros):
            return None if all(_stays(self.of(each)) for each in (*op.args[1:], *given)) else OTHER
        shape = self.kinds.shape(op.args[0])
        named = {name for name, _ in op.keywords} | set(list(bound)[1 : len(op.args)])
        if isinstance(inner, Other) or not inner.is_scaled or shape is None or not named <= {"axis", "keepdims"}:
            return OTHER
        axis, keepdims = (literal_of(bound[name][0]) if bound.get(name) else None for name in ("axis", "keepdims"))
        axes = range(len(shape)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
        are_known = all(type(each) is int and -len(shape) <= each < len(shape) for each in axes)
        if not are_known or keepdims not in (True, False, None):
            return OTHER
        full = _padded(inner.shape, len(shape))
        gone = {each % len(shape) for each in axes if isinstance(each, int)}
        if not all(full[each].is_one for each in gone):
            return OTHER
        return _moved(True, inner.times, full if keepdims else tuple(dim for at, dim in enumerate(full) if at not in gone))

    def _expanded(self, inner: Moved, base: ir.Expr, index: ir.Expr) -> Response:
        """`top[:, None]` and `top[:, 0]` move as `top` does, axes where d is the same throughout apart; so does any part of a
        value that moves as a whole."""
        if self.of(index) is not None:
            return OTHER
        shape = self.kinds.shape(base)
        if not inner.shape:
            return inner
        parts = parts_of(index)
        if shape is None or len(inner.shape) > len(shape):
            return OTHER
        rest = list(_padded(inner.shape, len(shape)))
        dims = []
        for place, part in enumerate(parts):
            if is_none(part):
                dims.append(ONE)
            elif _is_ellipsis(part):
                taken = len(rest) - sum(not is_none(each) for each in parts[place + 1 :])
                dims, rest = [*dims, *rest[:taken]], rest[taken:]
            elif isinstance(part, ir.Slice) and part.lower is part.upper is part.step is None:
                dims.append(rest.pop(0))
            elif not (isinstance(part, ir.Const) and type(part.value) is int and rest.pop(0).is_one):
                return OTHER
        return _moved(inner.is_scaled, inner.times, (*dims, *rest))

    def _squeezed(self, op: ir.Op) -> Response:
        """`np.squeeze(top, axis=1)` moves as `top[:, 0]` does."""
        inner = self.of(op.args[0]) if op.args else OTHER
        if not isinstance(inner, Moved):
            return self._unless_moved(op)
        bound, shape = bind(op.op, op.args, op.keywords, op.family), self.kinds.shape(op.args[0])
        axis = None if bound is None or not bound.get("axis") else literal_of(bound["axis"][0])
        if shape is None or type(axis) is not int or not -len(shape) <= axis < len(shape):
            return OTHER
        full = _padded(inner.shape, len(shape))
        at = axis % len(shape)
        return _moved(inner.is_scaled, inner.times, full[:at] + full[at + 1 :]) if full[at].is_one else OTHER


def _stays(response: Response) -> bool:
    return response is None or isinstance(response, Zeros)


def _is_ellipsis(part: ir.Expr) -> bool:
    return isinstance(part, ir.Const) and part.value is Ellipsis


def _combined(left: Response, right: Response, is_scaled: bool, sign: int) -> Response:
    """A sum of values that move, or a product of values that are multiplied."""
    parts = [(each, factor) for each, factor in ((left, 1), (right, sign)) if isinstance(each, Moved)]
    if any(each.is_scaled is not is_scaled for each, _ in parts) or len({each.shape for each, _ in parts}) != 1:
        return OTHER
    return _moved(is_scaled, sum(factor * each.times for each, factor in parts), parts[0][0].shape)


def _moved(is_scaled: bool, times: int, shape: Shape) -> Response:
    while shape and shape[0].is_one:
        shape = shape[1:]
    return Moved(is_scaled, times, shape) if times else None


def _padded(shape: Shape, rank: int) -> Shape:
    return (*(ONE,) * (rank - len(shape)), *shape)
