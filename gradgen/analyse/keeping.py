"""Says whether a function may keep or change what it is given, and what goes to one that may.

Never says what a caller does about it.
"""
from __future__ import annotations

from gradgen.analyse.program import Program, Read
from gradgen.analyse.quiet import is_quiet
from gradgen.analyse.versions import Version, Versions
from gradgen.analyse.views import changes
from gradgen.ir import nodes as ir


def keeps_arguments(program: Program, read: Read) -> bool:
    """Whether a function, or one that it calls, stores into anything but containers of its own, or acts in a way unknown."""
    seen: set[Read] = set()
    waiting = [read]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        program.analyse(current, ())
        own = made_here(current.function)
        stores = changes(current.function, program.kinds_of(current))
        if any(stores.values()):
            return True
        for node in ir.nodes_of(current.function):
            match node:
                case ir.Append(base=ir.Name(id=name)) if name in own:
                    continue
                case ir.ItemTarget(base=ir.Name(id=name), index=index) if name in own and not isinstance(index, ir.Opaque):
                    continue
                case ir.ItemTarget() if node in stores:
                    continue
                case ir.ItemTarget() | ir.AttributeTarget() | ir.Append():
                    return True
                case ir.Assign(augmented=str(), value=ir.Op(args=(_, ir.Display() | ir.Comprehension()))):
                    return True  # `q += [...]` changes the list in place
                case ir.Evaluate(value=ir.Call(func=ir.Attribute(base=ir.Name(id=name)))) if name in own:
                    continue
                case ir.Evaluate(value=value) if not (isinstance(value, ir.Call) and is_quiet(value)):
                    return True
                case ir.Inert(construct=construct) if construct.startswith("this statement"):
                    return True
                case ir.Call():
                    site = program.site(node, current, program.versions[current])
                    if site is not None:
                        waiting.append(site.read)
    return False


def handed_to_effects(program: Program, read: Read, versions: Versions) -> set[str]:
    """The parameters whose values go into a call for its effect that may keep them."""
    waiting: list[Version | ir.Node] = []
    for node in ir.nodes_of(read.function):
        if isinstance(node, ir.Evaluate) and isinstance(node.value, ir.Call) and not is_quiet(node.value):
            site = program.site(node.value, read, versions)
            waiting += [node.value] if site is None or keeps_arguments(program, site.read) else []
    seen: set[Version | ir.Node] = set()
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        if isinstance(current, Version):
            waiting += current.sources
        else:
            waiting += [versions.of_read[name] for name in ir.names_read(current) if name in versions.of_read]
    return {each.name for each in seen if isinstance(each, Version) and each.kind == "parameter"}


def made_here(function: ir.Function) -> frozenset[str]:
    """The local variables that only ever hold lists and dicts which the function makes itself."""
    made: set[str] = set()
    other = {parameter.name for parameter in function.parameters}
    for node in ir.nodes_of(function):
        match node:
            case ir.Assign(target=ir.NameTarget(id=name), value=ir.Display() | ir.Comprehension(kind="list"), augmented=None):
                made.add(name)
            case ir.Assign(target=target) | ir.For(target=target) | ir.Generator(target=target):
                other |= {inner.id for inner in ir.walk(target) if isinstance(inner, ir.NameTarget)}
            case ir.Walrus(name=name) | ir.Handler(name=str(name)) | ir.Define(name=name):
                other.add(name)
            case ir.With(items=items):
                held = (target for _, target in items if target is not None)
                other |= {inner.id for target in held for inner in ir.walk(target) if isinstance(inner, ir.NameTarget)}
            case ir.Inert(binds=binds):
                other |= set(binds)
    return frozenset(made - other)
