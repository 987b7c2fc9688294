"""What an unpacking takes out of a container, element by element.

Never plans a statement.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.solvers.calls import solution_of
from gradgen.analyse.surroundings.classes import record_fields
from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import AnyKind, Holder, Kind
from gradgen.rules.parsing import BINARY, UNARY
from gradgen.transform.arrays.results_read import place_named
from gradgen.transform.expressions.contributions import Leaf, LoopLine
from gradgen.transform.expressions.terms import Term

OPERATORS = frozenset({*BINARY.values(), *UNARY.values()}) - {"not"}


def step(kind: AnyKind, index: ir.Expr) -> ir.Expr:
    """The way to an element of what is of a kind: the elements of a named tuple have their adjoints under their names."""
    if isinstance(kind, Holder) and kind.is_record and kind.is_tuple and kind.keys is not None and isinstance(index, ir.Const):
        place = kind.place_of(index.value) if isinstance(index.value, int) else None
        if place is not None:
            return ir.Attribute(ir.Const(None), str(kind.keys[place]))
    return index


def step_of(part: ir.Item | ir.Attribute, kinds: Kinds) -> ir.Expr:
    """The way from what has a part to the part."""
    if isinstance(part, ir.Attribute):
        place = place_named(part, kinds)
        return ir.Attribute(ir.Const(None), part.name) if place is None else ir.Value(ir.Const(place))
    named = step(kinds.of(part.base), part.index)
    made = _record_of(part.base, kinds)
    if made is not None and isinstance(part.index, ir.Const) and isinstance(part.index.value, int):
        fields = record_fields(made.target) or ()
        if -len(fields) <= part.index.value < len(fields):
            return ir.Attribute(ir.Const(None), fields[part.index.value])
    return named if isinstance(named, ir.Attribute) else ir.Value(named)


def is_record_made(value: ir.Expr, kinds: Kinds) -> bool:
    """Whether a variable holds a record that the function makes."""
    return _record_of(value, kinds) is not None


def _record_of(value: ir.Expr, kinds: Kinds) -> ir.Call | None:
    """The call that makes the record which a variable holds."""
    version = kinds.versions.of_read.get(value) if isinstance(value, ir.Name) else None
    made = version.sources[0] if version is not None and version.kind == "assign" and version.sources else None
    return made if isinstance(made, ir.Call) and record_fields(made.target) is not None else None


def elements_taken(value: ir.Expr, count: int, kinds: Kinds) -> tuple[ir.Expr, ...] | None:
    """The elements that an unpacking of so many takes out of a value; of a slice of a list those of the list, whose adjoints
    are added to. None where it is not known which these are."""
    if isinstance(value, ir.Attribute) and value.name == "T" and len(kinds.shape(value) or ()) == 2:
        return tuple(ir.Item(value.base, ir.Display("tuple", (ir.Slice(), ir.Const(index)))) for index in range(count))
    if not isinstance(value, ir.Item) or not isinstance(value.index, ir.Slice) or kinds.is_array(value.base):
        return tuple(ir.Item(value, ir.Const(index)) for index in range(count))
    start = 0 if value.index.lower is None else _whole(value.index.lower)
    step = 1 if value.index.step is None else _whole(value.index.step)
    is_to_the_end = value.index.upper is None
    if start is None or step != 1 or start < 0 and not (is_to_the_end and start == -count):
        return None
    return tuple(ir.Item(value.base, ir.Const(start + index)) for index in range(count))


def _whole(value: ir.Expr) -> int | None:
    match value:
        case ir.Const(value=int(number)):
            return number
        case ir.Op(op="neg", args=(ir.Const(value=int(number)),)):
            return -number
    return None


def unpacked(expr: ir.Expr, adjoint: ir.Expr, kinds: Kinds) -> list[Leaf] | None:
    """One element of a container that a statement unpacks: of a variable, or of a part that its adjoint has too. None where
    the expression is something else."""
    path: list[ir.Expr] = []
    base = expr
    while isinstance(base, ir.Item | ir.Attribute):
        if isinstance(base, ir.Item) and isinstance(base.index, ir.Slice) and not kinds.is_array(base.base):
            return None
        path.append(step_of(base, kinds))
        base = base.base
    if not isinstance(expr, ir.Item) or expr.span is not None or not isinstance(base, ir.Name):
        return None
    if solution_of(kinds.versions.of_read.get(base), kinds.of) is not None:
        return None
    return [Leaf(base.id, Term(adjoint), tuple(reversed(path)), True)]


def joined_lists(expr: ir.Expr) -> ir.Op | None:
    """The operator that makes a value which is used as a container though nothing tells that it is an array: lists are joined
    by it, or repeated (`a + b`, `2 * a`)."""
    match expr:
        case ir.Op(op=op) if op in OPERATORS:
            return expr
        case ir.Op(op="ifexp", args=(_, then, orelse)):
            return joined_lists(then) or joined_lists(orelse)
    return None


def joined_first(stmt: ir.Stmt, values: Iterable[ir.Expr], held: frozenset[Version], versions: Versions) -> ir.Op | None:
    """The first of such operators among the values of an assignment to what is a container from then on."""
    if not isinstance(stmt, ir.Assign) or versions.of_node.get(stmt.target) not in held:
        return None
    return next(filter(None, map(joined_lists, values)), None)


def results_unpacked(stmt: ir.Stmt, root: ir.Expr) -> tuple[ir.Expr | None, ...]:
    """What the results of an operation, or the values of a tuple, are called where a statement unpacks them; else nothing."""
    match stmt:
        case ir.Assign(target=ir.TupleTarget(items=items, starred=None), value=value) if value is root:
            if not isinstance(value, ir.Op | ir.Call) and not _is_one_each(value, len(items)):
                return ()
            names = [item.id if isinstance(item, ir.NameTarget) else None for item in items]
            return tuple(ir.Name(name) if name is not None and names.count(name) == 1 else None for name in names)
    return ()


def _is_one_each(value: ir.Expr, count: int) -> bool:
    """Whether a value is a tuple that is written there, with one value for each of so many names."""
    is_tuple = isinstance(value, ir.Display) and value.kind == "tuple" and len(value.items) == count
    return is_tuple and not any(isinstance(item, ir.Starred) for item in ir.children_of(value))


def holders_of(stmt: ir.Stmt, kinds: Kinds) -> set[str]:
    """The variables that hold the object which a statement makes, or get it as an element. An array of numbers takes these over,
    and holds no object."""
    match stmt:
        case ir.Assign(target=ir.ItemTarget(base=base), value=value) if takes_over(base, kinds):
            return {node.name for node in ir.walk(value) if isinstance(node, ir.Walrus)}
        case ir.Assign(target=target, value=value):
            named = {node.id for node in ir.walk(target) if isinstance(node, ir.NameTarget)}
            named |= {node.name for node in ir.walk(value) if isinstance(node, ir.Walrus)}
            places = (node.base for node in ir.walk(target) if isinstance(node, ir.ItemTarget | ir.AttributeTarget))
            return named | {base.id for base in places if isinstance(base, ir.Name)}
        case ir.Append(base=base):
            return {base.id}
    return set()


def takes_over(base: ir.Expr, kinds: Kinds) -> bool:
    """Whether what is stored into is surely an array of numbers."""
    kind = kinds.of(base) if kinds.has_arrays else None
    return isinstance(kind, Kind) and bool(kind.shape) and kind.dtype in ("float", "int", "complex", "bool")


def no_number(value: ir.Expr | None, versions: Versions) -> str | None:
    """What a returned value is that can never be a number."""
    match value:
        case None | ir.Const(value=None):
            return "None"
        case ir.Const(value=str() | bytes()) | ir.Opaque(construct="an f-string"):
            return "a text"
        case ir.Name():
            version = versions.of_read.get(value)
            if version is not None and version.kind == "assign" and len(version.sources) == 1:
                source = version.sources[0]
                return no_number(source, versions) if isinstance(source, ir.Expr) else None
    return None


def renamed(value: ir.Expr | None, names: Mapping[str, str]) -> ir.Expr | None:
    """A name by which a value goes for the time being."""
    return ir.Name(names[value.id]) if isinstance(value, ir.Name) and value.id in names else value


def looped(loops: Iterable[LoopLine]) -> set[str]:
    """The names that the backward loops of comprehensions may read."""
    return {name.id for line in loops for name in ir.names_read(line.comprehension)}

def bound_again(target: ir.Target) -> frozenset[ir.Node]:
    """The names of an unpacking that a later one of it binds again: `_, _, z = ...`."""
    bound = [node for node in ir.walk(target) if isinstance(node, ir.NameTarget)] if isinstance(target, ir.TupleTarget) else []
    last = {node.id: node for node in bound}
    return frozenset(node for node in bound if last[node.id] is not node)
