"""Which array variables may share their data, and where that bars storing into them.

Never follows data through calls of the user's own functions: what goes in there counts as shared.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gradgen.analyse.arrays import Kinds
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import Holder, Kind, joined

VIEWS = frozenset({
    "transpose", "reshape", "ravel", "swapaxes", "moveaxis", "rollaxis", "squeeze", "expand_dims", "broadcast_to", "asarray",
    "atleast_1d", "atleast_2d", "atleast_3d", "diagonal", "flip", "fliplr", "flipud", "rot90", "real", "imag", "split", "hsplit",
    "vsplit", "array_split", "diag", "matrix_transpose", "astype", "einsum", "pos", "ifexp", "and", "or",
})


def lent_by(expr: ir.Expr, kinds: Kinds) -> set[str]:
    """The variables whose data an expression's value may share."""
    match expr:
        case ir.Name(id=name, scope="local"):
            return {name} if _may_hold_array(expr, kinds) else set()
        case ir.Item(base=base, index=index):
            kind = kinds.of(expr)
            is_number = isinstance(kind, Kind) and kind.shape == ()
            return set() if is_number or is_copied(index, kinds) else lent_by(base, kinds)
        case ir.Attribute(base=base):
            kind = kinds.of(expr)
            return set() if isinstance(kind, Kind) and kind.shape == () else lent_by(base, kinds)
        case ir.Display(items=items):
            return set().union(*(lent_by(item, kinds) for item in items)) if items else set()
        case ir.Starred(value=value) | ir.Walrus(value=value) | ir.Value(of=value):
            return lent_by(value, kinds)
        case ir.Comprehension(element=element, generators=generators):
            return lent_by(element, kinds).union(*(lent_by(generator.iterable, kinds) for generator in generators))
    operation = kinds.operation(expr)
    if operation is not None:
        is_product = operation.op == "einsum" and len(operation.args) > 2
        if operation.op not in VIEWS or is_product:
            return set()
        return set().union(*(lent_by(arg, kinds) for arg in operation.args))
    if isinstance(expr, ir.Call):
        given = (*expr.args, *(value for _, value in expr.keywords))
        own = (expr.func.base,) if isinstance(expr.func, ir.Attribute) and expr.target is None else ()
        return set().union(*(lent_by(part, kinds) for part in (*given, *own))) if given or own else set()
    return set()


def is_copied(index: ir.Expr, kinds: Kinds) -> bool:
    """Whether an index makes a copy: by arrays, lists or masks."""
    parts = index.items if isinstance(index, ir.Display) and index.kind == "tuple" else (index,)
    for part in parts:
        if isinstance(part, ir.Slice | ir.Const):
            continue
        kind = kinds.of(part)
        if isinstance(kind, Holder) or isinstance(kind, Kind) and kind.shape:
            return True
    return False


def _may_hold_array(name: ir.Name, kinds: Kinds) -> bool:
    kind = kinds.of(name)
    return not (isinstance(kind, Kind) and kind.shape == ())


def shared_arrays(function: ir.Function, kinds: Kinds) -> frozenset[str]:
    """The variables that another name or place may share data with, while something is stored through one of them."""
    groups: dict[str, set[str]] = {}

    def join(names: set[str]) -> None:
        whole = set().union(*(groups.get(name, {name}) for name in names)) if names else set()
        for name in whole:
            groups[name] = whole

    stored: set[str] = set()
    for node in ir.nodes_of(function):
        match node:
            case ir.Assign(target=ir.NameTarget(id=name), value=value, augmented=None):
                join({name} | lent_by(value, kinds))
            case ir.Assign(target=target, value=value, augmented=None):
                join({each.id for each in ir.walk(target) if isinstance(each, ir.NameTarget)} | lent_by(value, kinds))
            case ir.For(target=target, iterable=iterable) | ir.Generator(target=target, iterable=iterable):
                join({each.id for each in ir.walk(target) if isinstance(each, ir.NameTarget)} | lent_by(iterable, kinds))
            case ir.Append(base=base, value=value):
                join({base.id} | lent_by(value, kinds))
        match node:
            case ir.ItemTarget(base=ir.Name(id=name)):
                stored.add(name)
            case ir.Assign(target=ir.NameTarget(id=name), augmented=str()):
                version = kinds.versions.of_node.get(node.target)
                kind = kinds.of_version.get(version) if version is not None else None
                if not (isinstance(kind, Kind) and kind.shape == ()):
                    stored.add(name)
    arrays = [name for name, version in kinds.versions.of_parameter.items() if _holds_array(kinds, version)]
    if len(arrays) > 1:
        join({"(arguments)", *(name for name in arrays if stored & groups.get(name, {name}))} if stored & set(arrays) else set())
    return frozenset(name for name in groups if len(groups[name] - {"(arguments)"}) > 1 and groups[name] & stored)


def _holds_array(kinds: Kinds, version: Version) -> bool:
    kind = kinds.of_version.get(version)
    return isinstance(kind, Holder) or isinstance(kind, Kind) and kind.shape != ()


def array_variables(kinds: Kinds) -> dict[str, Kind]:
    """The variables that hold an array at some time, or may; each with what is known of it at all times."""
    found: dict[str, Kind] = {}
    if not kinds.has_arrays:
        return found
    for version, kind in kinds.of_version.items():
        if isinstance(kind, Kind) and kind.shape != ():
            known = found.get(version.name, kind)
            both = joined(known, kind)
            found[version.name] = both if isinstance(both, Kind) else Kind(None)
    return found


def mutated_arrays(function: ir.Function, arrays: Iterable[str]) -> frozenset[str]:
    """The array variables whose data some statement changes in place."""
    found: set[str] = set()
    for node in ir.nodes_of(function):
        match node:
            case ir.ItemTarget(base=ir.Name(id=name)) | ir.Assign(target=ir.NameTarget(id=name), augmented=str()):
                found.add(name)
    return frozenset(found) & frozenset(arrays)


@dataclass(frozen=True, slots=True)
class ArrayFacts:
    """What is known of a function's arrays: its `variables` that hold one, those changed in place (`mutated`), and those whose
    data another name may hold (`shared`) while something is stored there."""

    kinds: Kinds
    variables: Mapping[str, Kind]
    mutated: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()

    @property
    def steady(self) -> frozenset[str]:
        """The arrays that are recorded whole before they change: what was read of them can be read again."""
        return frozenset(self.variables) - self.shared


def array_facts(function: ir.Function, kinds: Kinds) -> ArrayFacts:
    """The facts about a function's arrays."""
    variables = array_variables(kinds)
    if not variables:
        return ArrayFacts(kinds, variables)
    return ArrayFacts(kinds, variables, mutated_arrays(function, variables), shared_arrays(function, kinds))
