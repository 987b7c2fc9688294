"""What changes an array without dimensions in place: `w = np.array(x)` and then `w *= 2`, which changes it under all its names.

Never changes anything, and knows nothing of arrays that have dimensions (views.py): a number is no object that can be changed,
and an array without dimensions is taken for one.
"""
from __future__ import annotations

from collections.abc import Iterator

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.kinds.indexing import parts_of
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass
from gradgen.ir.kinds import Kind

MADE = frozenset({
    "array", "zeros", "ones", "empty", "full", "zeros_like", "ones_like", "empty_like", "full_like", "where", "select",
    "piecewise", "choose", "tensordot", "broadcast_to",
})
"""What hands out an array, though it has no dimensions; most of NumPy's functions hand out numbers then."""

PASSED_ON = frozenset({"asarray", "contiguous", "require", "array_copy", "astype", "viewed", "transpose", "reshape", "squeeze"})
"""What hands out an array where it is given one."""

TAKEN = frozenset({"reshape", "squeeze", "viewed", "transpose"})
"""Of these what may hand out an element of an array as a view of it."""


@dataclass(frozen=True, slots=True)
class InPlace:
    """An augmented assignment to what may be an array without dimensions: all versions that may be this array, the parameters
    among them, and whether the function itself makes it."""

    stmt: ir.Assign
    versions: frozenset[Version]
    is_made: bool

    @property
    def names(self) -> frozenset[str]:
        return frozenset(each.name for each in self.versions)

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(sorted(each.name for each in self.versions if each.kind == "parameter"))


def changed_in_place(function: ir.Function, kinds: Kinds) -> Iterator[InPlace]:
    """The augmented assignments to what may be an array without dimensions."""
    steps = [stmt for stmt in found_in(function, ir.Assign) if stmt.augmented and isinstance(stmt.target, ir.NameTarget)]
    augmented = {stmt.target for stmt in steps}
    for stmt in steps:
        version = kinds.versions.of_node.get(stmt.target)
        if version is None or version.previous is None or not _is_number(version.previous, kinds):
            continue
        seen: set[Version] = set()
        is_made = _comes_from(version.previous, kinds, augmented, seen)
        held = frozenset(each for each in seen if each.kind != "unbound")
        if is_made or any(each.kind == "parameter" for each in held):
            yield InPlace(stmt, held, is_made)


def has_other_names(found: InPlace, function: ir.Function, kinds: Kinds) -> bool:
    """Whether anything but arithmetic reads the array: another name, a list, a function."""
    own = kinds.versions.of_read
    if len(found.names) > 1:
        return True
    for stmt in (each for each in ir.walk(function) if isinstance(each, ir.Assign | ir.Append | ir.Display | ir.Call)):
        match stmt:
            case ir.Assign(value=value, augmented=None):
                read: tuple[ir.Expr, ...] = (value,)
            case ir.Append(value=value):
                read = (value,)
            case ir.Display(items=items):
                read = items
            case ir.Call(args=args, keywords=keywords) if kinds.operation(stmt) is None:
                read = (*args, *(value for _, value in keywords))
            case _:
                continue
        if any(own.get(name) in found.versions for value in read for name in _handed_on(value, kinds)):
            return True
    return False


def elements_viewed(function: ir.Function, kinds: Kinds) -> Iterator[tuple[ir.Expr, Version]]:
    """Views of one element that are bound to a name, `u = w[0, ...]`, each with the array's version."""
    for stmt in found_in(function, ir.Assign):
        version = kinds.versions.of_node.get(stmt.target)
        if version is None or not _is_number(version, kinds):
            continue
        base = stmt.value
        while (inner := _viewed(base, kinds)) is not None:
            base = inner
        held = kinds.versions.of_read.get(base) if isinstance(base, ir.Name) else None
        if held is not None and base is not stmt.value and not _is_number(held, kinds):
            yield stmt.value, held


def _viewed(expr: ir.Expr, kinds: Kinds) -> ir.Expr | None:
    operation = kinds.operation(expr)
    if operation is not None and operation.op in TAKEN and operation.args:
        return operation.args[0]
    if isinstance(expr, ir.Attribute) and expr.name == "T":
        return expr.base
    return expr.base if isinstance(expr, ir.Item) and _has_ellipsis(expr) else None


def _is_number(version: Version, kinds: Kinds) -> bool:
    """Whether a variable is taken for a number."""
    kind = kinds.of_version.get(version)
    return kind is None and not kinds.has_arrays or isinstance(kind, Kind) and kind.shape == ()


def _comes_from(version: Version, kinds: Kinds, augmented: set[ir.Target], seen: set[Version]) -> bool:
    """Whether a version may be an array without dimensions that the function makes; `seen` are all that it may be."""
    if version in seen:
        return False
    seen.add(version)
    if version.node in augmented:
        return version.previous is not None and _comes_from(version.previous, kinds, augmented, seen)
    found = False
    for source in version.sources if version.kind in ("assign", "phi") else ():
        if isinstance(source, Version):
            found |= _comes_from(source, kinds, augmented, seen)
        else:
            found |= _is_made(source, kinds, augmented, seen)
    return found


def _is_made(expr: ir.Expr, kinds: Kinds, augmented: set[ir.Target], seen: set[Version]) -> bool:
    match expr:
        case ir.Name(scope="local"):
            version = kinds.versions.of_read.get(expr)
            return version is not None and _comes_from(version, kinds, augmented, seen)
        case ir.Walrus(value=value) | ir.Value(of=value):
            return _is_made(value, kinds, augmented, seen)
        case ir.Op(op="ifexp", args=(_, *arms)):
            return bool(sum(_is_made(arm, kinds, augmented, seen) for arm in arms))  # `seen` is to hold the arms of both
        case ir.Item():
            return _has_ellipsis(expr)
    operation = kinds.operation(expr)
    if operation is None or operation.op not in MADE | PASSED_ON:
        return False
    if operation.op in MADE:
        return True
    inner = operation.args[0]
    kind = kinds.of(inner)
    return isinstance(kind, Kind) and kind.is_array or _is_made(inner, kinds, augmented, seen)


def _handed_on(expr: ir.Expr, kinds: Kinds) -> Iterator[ir.Name]:
    """The variables whose own object an expression hands out."""
    match expr:
        case ir.Name():
            yield expr
            return
        case ir.Walrus(value=value) | ir.Value(of=value) | ir.Starred(value=value):
            yield from _handed_on(value, kinds)
            return
        case ir.Op(op="ifexp" | "and" | "or", args=args):
            for arg in args:
                yield from _handed_on(arg, kinds)
            return
        case ir.Item(base=base) if _has_ellipsis(expr):
            yield from _handed_on(base, kinds)
            return
    operation = kinds.operation(expr)
    if operation is not None and operation.op in PASSED_ON - {"array_copy"}:
        yield from _handed_on(operation.args[0], kinds)


def _has_ellipsis(expr: ir.Item) -> bool:
    return any(isinstance(part, ir.Const) and part.value is ... for part in parts_of(expr.index))
