"""The lines by which a text for scalars makes sure that it computes with numbers.

Never says where a derivative does not exist.
"""
from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gradgen.analyse.reads import Read
from gradgen.analyse.surroundings.classes import record_fields
from gradgen.analyse.surroundings.given import used_as_containers
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.kinds import AnyKind, Holder, Kind
from gradgen.ir.queries import reads_any
from gradgen.read.annotations import is_passive
from gradgen.read.one_way import OTHERWISE
from gradgen.rules.complexes import REAL_RESULTS
from gradgen.rules.registry import rules_for
from gradgen.rules.splines import KNOTS
from gradgen.rules.whole.helpers import check_for
from gradgen.simplify.fold import negated
from gradgen.transform.gradient import ForwardEdits
from gradgen.transform.guarding.saying import message_of, raised
from gradgen.transform.planning import Planner

AXES = "ijklmnop"
ANY = "..."
EQUALITIES = frozenset({"eq", "ne", "is", "isnot", "in", "notin"})


def result_guard(results: Mapping[str, ir.Expr], edits: ForwardEdits, seeds: Sequence[str] = ()) -> list[ir.Stmt]:
    """A text for scalars makes sure that its results, whose names and values these are, are scalars where they were computed, and
    so are the `seeds` that it is given."""
    names = [name for name, value in results.items() if not _is_surely_float(value) and not is_flat(value)]
    names += [seed for seed, value in zip(seeds, results.values(), strict=False) if not is_flat(value)]
    listed = [ir.Starred(ir.Name(name)) for name, value in results.items() if is_flat(value)]
    edits.needed.update(["check_number"] if listed else [])
    checks: list[ir.Stmt] = [ir.Evaluate(ir.Call(ir.Name("check_number", "global"), tuple(listed)))] if listed else []
    return [check(names, edits), *checks] if names else checks


def results_of(value: ir.Expr | None, planner: Planner) -> dict[str, ir.Expr]:
    """What a return hands out, by the names of the results."""
    values = value.items if planner.is_tuple and isinstance(value, ir.Display) else (value,)
    return {name: each for name, each in zip(planner.outputs, values, strict=True) if each is not None}


def looked_at(results: Mapping[str, ir.Expr], planner: Planner) -> dict[str, ir.Expr]:
    """The results that must be numbers each: those that vary and are no containers."""
    varied = {name: value for name, value in results.items() if planner.activity.is_varied(value)}
    return {name: value for name, value in varied.items() if not _is_container(name, value, planner)}


def hand_out_containers(ways: Iterable[tuple[ir.Exit, object]], planner: Planner) -> bool:
    """Whether returns hand out, among others, a container of what varies: looking at it tells nothing of what is in it."""
    results = [result for stmt, _ in ways for result in results_of(stmt.value, planner).items()]
    return any(planner.activity.is_varied(value) and _is_container(name, value, planner) for name, value in results)


def _is_container(name: str, value: ir.Expr, planner: Planner) -> bool:
    held = planner.containers
    if is_record(value, planner):
        return True
    is_holder = isinstance(value, ir.Display | ir.Comprehension) or isinstance(value, ir.Name) and value.id in held
    is_nested = isinstance(value, ir.Display) and not is_flat(value)
    return name in held or (planner.is_tuple or is_nested) and is_holder


def is_record(value: ir.Expr, planner: Planner) -> bool:
    """Whether a value is surely a record: a named tuple or dataclass that the function makes or is given."""
    known = planner.callees.class_of(value)
    return known is not None and record_fields(known) is not None


def is_flat(value: ir.Expr) -> bool:
    """Whether a value is a list of what may be numbers each."""
    parts = value.items if isinstance(value, ir.Display) else (value.element,) if isinstance(value, ir.Comprehension) else ()
    is_list = isinstance(value, ir.Display | ir.Comprehension) and value.kind == "list"
    return is_list and not any(isinstance(part, ir.Display | ir.Comprehension | ir.Starred) for part in parts)


def may_guard_parameters(function: ir.Function, containers: frozenset[str]) -> bool:
    """Whether looking at the parameters themselves tells what looking at the results would: not where one may be None, nor where
    a function of the user's is given a whole container, which may be an array, and hands out another."""
    for call in found_in(function, ir.Call):
        is_own = isinstance(call.target, types.FunctionType) or isinstance(call.func, ir.Name) and call.func.scope == "local"
        given = (*call.args, *(value for _, value in call.keywords))
        if is_own and any(isinstance(value, ir.Name) and value.id in containers for value in given):
            return False
    return all(not isinstance(each.default, ir.Const) or _is_number(each.default) for each in _entering(function, containers))


def guard_what_turns_real(
    function: ir.Function, containers: frozenset[str], edits: ForwardEdits, seeds: Sequence[str] = ()
) -> None:
    """Where a result may be real of complex arguments, or arrays do not get so far, looking at it tells nothing: the parameters
    are looked at themselves."""
    if any(node.op in REAL_RESULTS - {"abs"} and node.family == "numpy" for node in found_in(function, ir.Op)):
        guard_parameters(function, containers, edits, seeds)
    elif any(node.construct == OTHERWISE for node in found_in(function, ir.Inert)):
        defaults = ((each.name, each.default) for each in function.parameters)
        others = {name for name, default in defaults if isinstance(default, ir.Const) and not _is_number(default)}
        guard_parameters(function, containers | others, edits, seeds)


def guard_parameters(
    function: ir.Function, containers: frozenset[str], edits: ForwardEdits, seeds: Sequence[str] = ()
) -> None:
    """Where the result is not computed, the parameters that enter arithmetic are looked at themselves, and `seeds`."""
    names = [*(parameter.name for parameter in _entering(function, containers)), *seeds]
    if names:
        _put_first(check(names, edits), function.body, edits)


def check(names: Sequence[str], edits: ForwardEdits, helper: str = "check_number") -> ir.Stmt:
    """The line that looks at values: floats pass at once, other numbers a little later."""
    edits.needed.add(helper)
    kinds = tuple(ir.Call(ir.Name("type", "global"), (ir.Name(name),)) for name in names)
    compared = (*kinds, ir.Name("float", "global"))
    test = ir.Compare(("isnot",), compared) if len(names) == 1 else negated(ir.Compare(("is",) * len(names), compared))
    call = ir.Evaluate(ir.Call(ir.Name(helper, "global"), tuple(map(ir.Name, names))))
    return ir.Branch(test, (call,), ())


def _entering(function: ir.Function, containers: frozenset[str]) -> Iterator[ir.Parameter]:
    """The parameters for numbers that enter arithmetic."""
    operations = (node for stmt in function.body for node in ir.walk(stmt) if isinstance(node, ir.Op))
    numeric = (node for node in operations if not any(isinstance(arg, ir.Display | ir.Comprehension) for arg in node.args))
    operands = {arg.id for node in numeric for arg in _calculated_with(node) if isinstance(arg, ir.Name)}
    for parameter in function.parameters:
        is_number = parameter.name not in containers and not is_passive(parameter.annotation)
        if parameter.name in operands and is_number and parameter.kind in ("positional", "either", "keyword"):
            yield parameter


def _is_number(value: ir.Expr) -> bool:
    return isinstance(value, ir.Const) and isinstance(value.value, (int, float)) and not isinstance(value.value, bool)


def _calculated_with(node: ir.Op) -> Iterator[ir.Expr]:
    """The operands of an operation that are numbers: a spline's knots and coefficients come in a tuple; tests are none."""
    if node.op in EQUALITIES or node.op == "not":
        return iter(())
    if node.op == "ifexp":
        return iter(node.args[1:])
    rules = rules_for(node.op)
    held = rules[0].refused if rules and rules[0].reason == KNOTS else frozenset()
    names = rules[0].parameters if held else ()
    return (arg for index, arg in enumerate(node.args) if index >= len(names) or names[index] not in held)


def guard_kinds(
    function: ir.Function, given: Mapping[str, AnyKind], edits: ForwardEdits, seeds: Sequence[tuple[ir.Expr, str]] = ()
) -> None:
    """A text for certain arrays looks at its arguments before anything else: their ranks, dimensions of 1, and dtypes; and at
    `seeds`."""
    pairs: list[tuple[ir.Expr, str]] = []
    keys = _keys(function)
    for parameter in function.parameters:
        if parameter.kind != "kwargs" and not is_passive(parameter.annotation) and parameter.name not in keys:
            pairs.extend(_looked_at(ir.Name(parameter.name), given.get(parameter.name)))
    pairs.extend(seeds)
    turning = [each for each in function.parameters if _is_complex(given.get(each.name))]
    if not pairs and not turning:
        return
    lines = edits.before.setdefault(function.body[0], [])
    containers = used_as_containers(function) - _only_objects(function)
    unknown = [value for value, kind in pairs if kind == ANY and reads_any(value, containers)]
    shown = [ir.Display("tuple", (value, ir.Const(kind))) for value, kind in pairs]
    if found_in(function, ir.TupleTarget, ir.Item):
        lines[:0] = _records_looked_at(function, given, edits)
    complexes = [ir.Display("tuple", (ir.Name(each.name), ir.Const(_letters(given[each.name])))) for each in turning]
    for check, values, helper in (
        ("check_real", unknown, "check_real"), ("check_complex", complexes, "check_complex"),
        ("check_shapes", shown, check_for([kind for _, kind in pairs])),
    ):
        if values:
            edits.needed.add(helper)
            lines.insert(0, ir.Evaluate(ir.Call(ir.Name(check, "global"), tuple(values))))


def guard_numbers(function: ir.Function, wrt: Sequence[str], given: Mapping[str, AnyKind], edits: ForwardEdits) -> None:
    """A text for numbers that hands its arguments on to functions of arrays looks at them before anything else: what varies and
    what enters arithmetic is a number, and nothing is an array. What is `given` may be a list, or an object."""
    held = {name for name, kind in given.items() if kind is None or isinstance(kind, Holder)}
    containers = held | used_as_containers(function)
    numbers = {each.name for each in _entering(function, frozenset(containers))}.union(wrt) - containers
    known = (each for each in function.parameters if each.kind not in ("args", "kwargs") and not is_passive(each.annotation))
    shown: list[ir.Expr] = []
    kinds: list[str] = []
    for each in known:
        is_number = each.name in numbers and (each.default is None or _is_number(each.default))
        shown.append(ir.Display("tuple", (ir.Name(each.name), ir.Const("" if is_number else ANY))))
        kinds.append("" if is_number else ANY)
    if shown:
        edits.needed.add(check_for(kinds))
        line = ir.Evaluate(ir.Call(ir.Name("check_shapes", "global"), tuple(shown)))
        edits.before.setdefault(function.body[0], []).insert(0, line)


def guard_functions(read: Read, edits: ForwardEdits) -> None:
    """A text that was written for functions which parameters have by default is for no others."""
    for parameter in reversed(read.function.parameters):
        if parameter.name not in read.given or not isinstance(parameter.default, ir.Name):
            continue
        usual, given = ir.Name(parameter.default.id, parameter.default.scope), ir.Name(parameter.name)
        construct = f"{parameter.name}() where it is not {usual.id}"
        line = raised(edits, message_of(read.refusals.finding("GG108", parameter.span, construct=construct)))
        first = read.function.body[0]
        edits.before.setdefault(first, []).insert(0, ir.Branch(ir.Compare(("isnot",), (given, usual)), (line,), ()))


def _records_looked_at(function: ir.Function, given: Mapping[str, AnyKind], edits: ForwardEdits) -> list[ir.Stmt]:
    """The lines that look at the fields of named tuples: their elements may be read by their places."""
    records = [each for parameter in function.parameters for each in _records(ir.Name(parameter.name), given.get(parameter.name))]
    edits.needed.update(["check_fields"] if records else [])
    check = ir.Name("check_fields", "global")
    return [ir.Evaluate(ir.Call(check, (value, *(ir.Const(key) for key in keys)))) for value, keys in records]


def _records(value: ir.Expr, kind: AnyKind) -> Iterator[tuple[ir.Expr, Sequence[str]]]:
    """The named tuples in an argument, and the names of their fields."""
    if not isinstance(kind, Holder) or kind.items is None:
        return
    keys = range(len(kind.items)) if kind.keys is None else kind.keys
    if kind.is_record and kind.is_tuple:
        yield value, [str(key) for key in keys]
    for key, item in zip(keys, kind.items, strict=True):
        yield from _records(ir.Attribute(value, str(key)) if kind.is_record else ir.Item(value, ir.Const(key)), item)


def _only_objects(function: ir.Function) -> set[str]:
    """The names of which nothing but attributes is read."""
    bases = {node.base for node in found_in(function, ir.Attribute, ir.AttributeTarget)}
    return {node.id for node in bases if isinstance(node, ir.Name)} - {
        node.id for node in found_in(function, ir.Name) if node not in bases
    }


def _keys(function: ir.Function) -> set[str]:
    """The names that are only asked for equality or look things up: they may stand for texts."""
    found: set[str] = set()
    others: set[str] = set()
    for stmt in function.body:
        for node in ir.walk(stmt):
            match node:
                case ir.Compare(ops=ops, operands=parts) if set(ops) <= EQUALITIES:
                    asked = [part.id for part in parts if isinstance(part, ir.Name)]
                case ir.Item(base=base, index=ir.Name(id=name)):
                    asked = [name]
                    others.update([base.id] if isinstance(base, ir.Name) else ())
                case _:
                    others.update(child.id for child in ir.children_of(node) if isinstance(child, ir.Name))
                    continue
            found.update(asked)
    return found - others


def _looked_at(value: ir.Expr, kind: AnyKind) -> Iterator[tuple[ir.Expr, str]]:
    """Each array or number in an argument, and what says its shape."""
    match kind:
        case Kind(shape=tuple() as shape, dtype=dtype) if dtype in ("float", "int", "bool") and (shape or dtype != "bool"):
            yield value, _letters(kind) + ("" if dtype == "float" or not shape else "#")
        case Kind(dtype="none"):
            yield value, "-"
        case None:
            yield value, ANY
        case Holder(items=None, element=Kind(shape=()), is_tuple=is_tuple):
            yield value, "()" if is_tuple else "[]"
        case Holder(items=tuple() as items, keys=None):
            yield value, f"[{len(items)}]"
            for index, item in enumerate(items):
                yield from _looked_at(ir.Item(value, ir.Const(index)), item)
        case Holder(items=tuple() as items, keys=tuple() as keys, is_record=is_record):
            for key, item in zip(keys, items, strict=True):
                yield from _looked_at(ir.Attribute(value, str(key)) if is_record else ir.Item(value, ir.Const(key)), item)


def _is_complex(kind: AnyKind) -> bool:
    return isinstance(kind, Kind) and kind.dtype == "complex" and kind.shape is not None


def _letters(kind: AnyKind) -> str:
    """A letter for each dimension of an array, 1 for those of that length."""
    shape = kind.shape if isinstance(kind, Kind) and kind.shape is not None else ()
    return "".join("1" if dim.is_one else letter for dim, letter in zip(shape, AXES, strict=False))


def _put_first(line: ir.Stmt, body: ir.Block, edits: ForwardEdits) -> None:
    first = next((stmt for stmt in body if stmt not in edits.dropped or stmt in edits.hoists), body[0])
    lines = edits.replaced.get(first, [])
    if lines and lines[0].span is None and first not in edits.before:
        lines.insert(0, line)
    else:
        edits.before.setdefault(first, []).insert(0, line)


def _is_surely_float(value: ir.Expr) -> bool:
    """Whether Python makes a float of the value or raises: the result of a function of math, of float()."""
    match value:
        case ir.Op(op="neg" | "pos", args=(inner,)):
            return _is_surely_float(inner)
        case ir.Op(op="float"):
            return True
        case ir.Op(family="math", spelling=str()):
            return value.op not in ("floor", "ceil", "trunc", "pi")
    return False
