"""Says whether a program may treat the elements of a container as containers: then their adjoints are added element by element.

Never says which container of a function; one such place anywhere counts for the whole module. Of what a function returns it says
which parts are containers.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator

from gradgen.analyse.kinds.arrays import PARTS, SIZES
from gradgen.analyse.kinds.kind import OF_CONTAINERS, container_versions
from gradgen.analyse.program import Program, Read
from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import beside_arithmetic, found_in

OF_ARRAYS = SIZES | PARTS | {"T", "flat"}
"""Attributes of arrays, which have no fields."""
READERS = frozenset({"sum", "max", "min", "sorted", "list", "tuple", "reversed", "zip", "enumerate"})


def may_have_rows(functions: Iterable[tuple[ir.Function, Versions]]) -> bool:
    """Whether any function goes into an element of a container, or gives one to a function that goes into its argument."""
    takes_containers = gives_elements = False
    for function, versions in functions:
        held = container_versions(function, versions)
        takes_containers |= any(versions.of_parameter[name] in held for name in versions.of_parameter)
        for node in beside_arithmetic(function):
            match node:
                case ir.Item(base=ir.Item() | ir.Attribute()) | ir.Attribute(base=ir.Item()):
                    return True
                case ir.NameTarget() if (version := versions.of_node.get(node)) in held and version.kind == "item":
                    return True
                case ir.Call(args=args, keywords=keywords):
                    given = (*args, *(value for _, value in keywords))
                    is_reader = isinstance(node.func, ir.Name) and node.func.scope == "global" and node.func.id in READERS
                    if any(isinstance(arg, ir.Item | ir.Attribute) for arg in given) and is_reader:
                        return True
                    gives_elements |= any(isinstance(arg, ir.Item | ir.Attribute | ir.Starred) for arg in given)
                    given_names = (versions.of_read.get(arg) for arg in given if isinstance(arg, ir.Name))
                    gives_elements |= any(version is not None and version.kind == "item" for version in given_names)
    return takes_containers and gives_elements


def parts_with_parts(program: Program, read: Read) -> frozenset[int]:
    """Which of the results that a function returns, as a tuple, may be containers themselves."""
    values = (stmt.value for stmt in program.versions_in(read).returns)
    return frozenset(
        index for value in values if isinstance(value, ir.Display)
        for index, item in enumerate(value.items) if _has_parts(program, read, item, frozenset())
    )


def _has_parts(program: Program, read: Read, value: ir.Expr, around: frozenset[Read]) -> bool:
    """Whether a value of a function may be a container; `around` are the functions whose results are being asked about."""
    versions = program.versions_in(read)
    match value:
        case ir.Display() | ir.Comprehension():
            return True
        case ir.Name():
            return versions.of_read.get(value) in container_versions(read.function, versions)
        case ir.Call() if (site := program.site(value, read, versions)) is not None and site.read not in around:
            results = (stmt.value for stmt in program.versions_in(site.read).returns if stmt.value is not None)
            return any(_has_parts(program, site.read, result, around | {site.read}) for result in results)
    return False


def reads_by_name(function: ir.Function) -> bool:
    """Whether a function reads anything by its name, of a variable or of a part of one; what is of a module does not count."""
    bases = (node.base for node in found_in(function, ir.Attribute, ir.AttributeTarget))
    return any(name.scope == "local" for base in bases for name in ir.names_read(base))


def reads_by_both(function: ir.Function) -> bool:
    """Whether a function reads parts of one of its variables by their names and by their places."""
    methods = {call.func for call in found_in(function, ir.Call)}
    parts = (node for node in found_in(function, ir.Attribute) if node not in methods and node.name not in OF_ARRAYS)
    named = {node.base.id for node in parts if isinstance(node.base, ir.Name) and node.base.scope == "local"}
    return bool(named) and not named.isdisjoint(_read_by_place(function))


def _read_by_place(function: ir.Function) -> Iterator[str]:
    for node in found_in(function, ir.Item, ir.Assign, ir.For, ir.Generator, ir.Starred, ir.Call):
        match node:
            case ir.Item(base=ir.Name(id=name), index=index) if not isinstance(getattr(index, "value", None), str):
                yield name
            case ir.Assign(target=ir.TupleTarget(), value=ir.Name(id=name)) | ir.Starred(value=ir.Name(id=name)):
                yield name
            case ir.For(iterable=iterable) | ir.Generator(iterable=iterable):
                yield from (name.id for name in ir.names_read(iterable))
            case ir.Call(func=ir.Name(id=called, scope="global"), args=args) if called in OF_CONTAINERS:
                yield from (arg.id for arg in args if isinstance(arg, ir.Name))
