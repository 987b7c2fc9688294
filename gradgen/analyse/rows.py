"""Says whether a program may treat the elements of a container as containers: then their adjoints are added element by element.

Never says which container; one such place anywhere counts for the whole module.
"""
from __future__ import annotations

from collections.abc import Iterable

from gradgen.analyse.kinds import container_versions
from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir

READERS = frozenset({"sum", "max", "min", "sorted", "list", "tuple", "reversed", "zip", "enumerate"})


def may_have_rows(functions: Iterable[tuple[ir.Function, Versions]]) -> bool:
    """Whether any function goes into an element of a container, or gives one to a function that goes into its argument."""
    takes_containers = gives_elements = False
    for function, versions in functions:
        held = container_versions(function, versions)
        takes_containers |= any(versions.of_parameter[name] in held for name in versions.of_parameter)
        for node in ir.nodes_of(function):
            match node:
                case ir.Item(base=ir.Item() | ir.Attribute()) | ir.Attribute(base=ir.Item()):
                    return True
                case ir.NameTarget() if (version := versions.of_node.get(node)) in held and version.kind == "item":
                    return True
                case ir.Call(args=args, keywords=keywords):
                    given = (*args, *(value for _, value in keywords))
                    is_reader = isinstance(node.func, ir.Name) and node.func.id in READERS
                    if any(isinstance(arg, ir.Item | ir.Attribute) for arg in given) and is_reader:
                        return True
                    gives_elements |= any(isinstance(arg, ir.Item | ir.Attribute | ir.Starred) for arg in given)
                    given_names = (versions.of_read.get(arg) for arg in given if isinstance(arg, ir.Name))
                    gives_elements |= any(version is not None and version.kind == "item" for version in given_names)
    return takes_containers and gives_elements
