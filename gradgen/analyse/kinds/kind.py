"""What a variable holds as far as its derivative is concerned: one number, or a container of them.

Never guesses a shape.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container

from gradgen.analyse.activity import Activity
from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.reads import CallSite
from gradgen.analyse.solvers.calls import solution_of
from gradgen.analyse.surroundings.classes import record_fields
from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import beside_calculation, found_in
from gradgen.ir.kinds import Holder, Kind
from gradgen.read.annotations import alternatives
from gradgen.rules.carried import carried_helper

OF_CONTAINERS = frozenset({
    "sum", "len", "sorted", "list", "tuple", "max", "min", "math.prod", "math.fsum",
})
NUMBERS = frozenset({"int", "float", "complex", "bool", "None", "np.float64", "numpy.float64"})
OF_ANYTHING = frozenset({"ifexp", "and", "or", "not", "is", "isnot", "in", "notin"})
SUMS = frozenset({"array_sum", "mean", "average"})
"""Operations whose slope is the same by all elements."""
ORDERS = frozenset({"lt", "le", "gt", "ge"})
Site = Callable[[ir.Call], "CallSite | None"]
Takes = Callable[["CallSite"], Container[str]]


def container_names(held: frozenset[Version], activity: Activity) -> frozenset[str]:
    """The active variables among those that hold containers."""
    return frozenset(version.name for version in held if activity.is_active_version(version))


def container_versions(
    function: ir.Function, versions: Versions, site: Site | None = None, takes: Takes | None = None, kinds: Kinds | None = None
) -> frozenset[Version]:
    """What holds a container: made by a display or comprehension, stored into, indexed, iterated or unpacked, or handed to a
    function that `takes` it for one, or of arrays, and read elsewhere too, or summed up: its adjoint then is written part by
    part."""
    made = {versions.of_parameter[each.name] for each in function.parameters if each.kind in ("args", "kwargs")}
    found: set[Version] = set()  # what is used as a container: whatever it may be a copy or a joining of is one too
    for version in versions.all:
        if version.kind == "store":
            found.add(version)
        for source in version.sources if version.kind == "assign" else ():
            if _makes_container(source) or isinstance(source, ir.Call) and record_fields(source.target) is not None:
                made.add(version)
    copies: list[tuple[Version, Version]] = []
    repeated = _read_again(function) if takes is not None else frozenset()
    for name, operation in _met_by_arrays(function, kinds) if kinds is not None else ():
        if name.id in repeated or operation in SUMS:
            _add(name, versions, found)
    for node in beside_calculation(function):
        match node:
            case ir.Attribute(name="real" | "imag" | "conj" | "conjugate"):
                continue
            case ir.Attribute(base=ir.Name() as name, name="size" | "shape" | "ndim" | "dtype") if _is_of_numpy(name, versions):
                continue
            case ir.Attribute(base=ir.Name(), name="__class__"):  # numbers have one too
                pass
            case ir.Attribute(base=ir.Name() as name) if kinds and kinds.has_arrays and isinstance(kinds.of(name), Kind):
                continue  # a number or an array: its attributes are no parts
            case ir.Item(base=ir.Name() as name) | ir.Attribute(base=ir.Name() as name):
                if solution_of(versions.of_read.get(name)) is None:
                    _add(name, versions, found)
            case ir.For(iterable=iterable, target=target):
                _add_iterated(iterable, versions, found)
            case ir.Generator(iterable=iterable):
                _add_iterated(iterable, versions, found)
            case ir.Call(func=ir.Name(id="math.hypot"), args=(ir.Starred(value=ir.Name() as name),)):
                _add(name, versions, found)
            case ir.Call(args=(*_, ir.Starred(value=ir.Name() as name))) if site is not None and site(node) is not None:
                _add(name, versions, found)
            case ir.Call() if takes is not None and site is not None and (called := site(node)) is not None:
                handed = [(parameter, value) for parameter, value in called.arguments.items() if isinstance(value, ir.Name)]
                taken = takes(called) if handed else ()
                for parameter, value in handed:
                    if parameter in taken and value.id in repeated:
                        _add(value, versions, found)
            case ir.Assign(target=ir.TupleTarget(), value=ir.Name() as name):
                _add(name, versions, found)
            case ir.Call(func=ir.Name(id=called, scope="global"), args=(ir.Name() as name,)) if called in OF_CONTAINERS:
                _add(name, versions, found)
            case ir.Assign(target=ir.NameTarget() as target, value=ir.Name() as name):
                if name in versions.of_read and target in versions.of_node:
                    copies.append((versions.of_read[name], versions.of_node[target]))
    links = [(each, [source for source in each.sources if isinstance(source, Version)]) for each in versions.all]
    links = [(version, linked) for version, linked in links if linked]
    changed = True
    while changed:
        before = len(found) + len(made)
        for version, linked in links:
            if version in found:
                found.update(linked)
            elif any(source in found or source in made for source in linked):
                made.add(version)
        for copied, copy in copies:
            if copy in found:
                found.add(copied)
            if copied in found or copied in made:
                made.add(copy)
        changed = len(found) + len(made) != before
    return frozenset(found | made)


def handed_as_containers(function: ir.Function, versions: Versions, site: Site, takes: Takes) -> frozenset[str]:
    """The parameters that are handed, as they came in, to functions which take them for containers."""
    found: set[str] = set()
    for call in found_in(function, ir.Call):
        called = site(call)
        given = () if called is None else called.arguments.items()
        handed = [(parameter, value) for parameter, value in given if isinstance(value, ir.Name)]
        taken = takes(called) if handed and called is not None else ()
        found.update(value.id for parameter, value in handed if parameter in taken and _is_parameter(value, versions))
    return frozenset(found)


def not_surely_numbers(function: ir.Function, site: Site) -> frozenset[str]:
    """The parameters that nothing is computed of here, and that no call of a known function says more of."""
    told = {arg.id for node in found_in(function, ir.Op) for arg in node.args if isinstance(arg, ir.Name)}
    for call in found_in(function, ir.Call):
        called = site(call)
        told.update(value.id for value in called.arguments.values() if isinstance(value, ir.Name)) if called else None
    return frozenset(each.name for each in function.parameters) - told


def _is_parameter(name: ir.Name, versions: Versions) -> bool:
    version = versions.of_read.get(name)
    return version is not None and version is versions.of_parameter.get(name.id)


def _read_again(function: ir.Function) -> frozenset[str]:
    """The variables that are read at more than one place, or in a loop."""
    found = Counter(node.id for node in found_in(function, ir.Name))
    for loop in found_in(function, ir.For, ir.While, ir.Comprehension):
        found.update(node.id for node in ir.walk(loop) if isinstance(node, ir.Name))
    return frozenset(name for name, count in found.items() if count > 1)


def _met_by_arrays(function: ir.Function, kinds: Kinds) -> list[tuple[ir.Name, str]]:
    """Where a variable's list or tuple goes into an operation of arrays, which makes an array of it; with that operation."""
    operations = (kinds.operation(each) for each in found_in(function, ir.Op, ir.Call, ir.Attribute)) if kinds.has_arrays else ()
    known = [op for op in operations if op is not None]
    operands = ((part, op.op) for op in known for part in (*op.args, *(value for _, value in op.keywords)))
    return [(part, op) for part, op in operands if isinstance(part, ir.Name) and isinstance(kinds.of(part), Holder)]


def unshaped_parameters(function: ir.Function, versions: Versions, held: frozenset[Version]) -> frozenset[str]:
    """The parameters for which a container may be passed as well as a number, as far as can be seen.

    Not those that are calculated with, nor those bound anew, unless they are used as containers.
    """
    counted: set[Version | None] = set()
    joined: set[Version | None] = set()
    for node in found_in(function, ir.Op, ir.Compare):
        match node:
            case ir.Op(op="add" | "mul", args=parts) if any(isinstance(part, ir.Display | ir.Comprehension) for part in parts):
                joined.update(versions.of_read.get(part) for part in parts if isinstance(part, ir.Name))
            case ir.Op(op=op, args=parts) if op not in OF_ANYTHING:
                counted.update(versions.of_read.get(part) for part in parts if isinstance(part, ir.Name))
            case ir.Compare(ops=ops, operands=parts) if ORDERS.issuperset(ops):
                counted.update(versions.of_read.get(part) for part in parts if isinstance(part, ir.Name))
    for call in found_in(function, ir.Call):
        if carried_helper(call.target) == "check_number":
            counted.update(versions.of_read.get(part) for part in call.args if isinstance(part, ir.Name))
    bound = {version.name for version in versions.all if version.kind in ("assign", "item", "function", "inert")}
    found = set()
    for parameter in function.parameters:
        version, allowed = versions.of_parameter[parameter.name], alternatives(parameter.annotation)
        is_number = bool(allowed) and allowed <= NUMBERS or version in counted and version not in held
        is_container = parameter.kind == "args" or version in joined or version in held
        if is_container or parameter.name not in bound and not is_number:
            found.add(parameter.name)
    return frozenset(found)


def _is_of_numpy(name: ir.Name, versions: Versions) -> bool:
    """Whether a variable holds what an operation of NumPy gives, an array or a number: `np.asarray(x)`."""
    version = versions.of_read.get(name)
    sources = version.sources if version is not None and version.kind == "assign" else ()
    return len(sources) == 1 and isinstance(sources[0], ir.Op) and sources[0].family == "numpy"


def _makes_container(source: Version | ir.Expr) -> bool:
    if isinstance(source, ir.Op):
        return source.op == "ifexp" and any(map(_makes_container, source.args[1:]))
    return isinstance(source, ir.Display | ir.Comprehension)


def _add(name: ir.Name, versions: Versions, found: set[Version]) -> None:
    if name in versions.of_read:
        found.add(versions.of_read[name])


def _add_iterated(iterable: ir.Expr, versions: Versions, found: set[Version]) -> None:
    match iterable:
        case ir.Name():
            _add(iterable, versions, found)
        case ir.Call(func=ir.Name(id="zip" | "enumerate" | "reversed" | "list" | "tuple", scope="global"), args=args):
            for arg in args:
                _add_iterated(arg, versions, found)
