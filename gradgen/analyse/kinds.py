"""What a variable holds as far as its derivative is concerned: one number, or a container of them.

Never guesses a shape.
"""
from __future__ import annotations

from gradgen.analyse.activity import Activity
from gradgen.analyse.program import record_fields
from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir

SAFE_READERS = frozenset({
    "len", "sum", "max", "min", "sorted", "any", "all", "enumerate", "zip", "reversed", "list", "tuple", "isinstance", "range",
    "print",
})


def container_names(function: ir.Function, versions: Versions, activity: Activity) -> frozenset[str]:
    """The active variables that hold containers."""
    return frozenset(version.name for version in container_versions(function, versions) if activity.is_active_version(version))


def container_versions(function: ir.Function, versions: Versions) -> frozenset[Version]:
    """What holds a container: made by a display or comprehension, stored into, indexed, iterated or unpacked."""
    made: set[Version] = set()
    found: set[Version] = set()  # what is used as a container: whatever it may be a copy or a joining of is one too
    for version in versions.all:
        if version.kind == "store":
            found.add(version)
        for source in version.sources:
            if version.kind == "assign" and isinstance(source, ir.Display | ir.Comprehension):
                made.add(version)
            if version.kind == "assign" and isinstance(source, ir.Call) and record_fields(source.target) is not None:
                made.add(version)
    copies: list[tuple[Version, Version]] = []
    for node in ir.nodes_of(function):
        match node:
            case ir.Item(base=ir.Name() as name) | ir.Attribute(base=ir.Name() as name):
                _add(name, versions, found)
            case ir.For(iterable=iterable, target=target):
                _add_iterated(iterable, versions, found)
            case ir.Generator(iterable=iterable):
                _add_iterated(iterable, versions, found)
            case ir.Assign(target=ir.TupleTarget(), value=ir.Name() as name):
                _add(name, versions, found)
            case ir.Call(func=ir.Name(id="sum" | "len" | "sorted" | "list" | "tuple", scope="global"), args=(ir.Name() as name,)):
                _add(name, versions, found)
            case ir.Assign(target=ir.NameTarget() as target, value=ir.Name() as name):
                if name in versions.of_read and target in versions.of_node:
                    copies.append((versions.of_read[name], versions.of_node[target]))
    changed = True
    while changed:
        before = len(found) + len(made)
        for version in versions.all:
            linked = [source for source in version.sources if isinstance(source, Version)]
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


def aliased_containers(
    function: ir.Function, versions: Versions, containers: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Names through which nothing may be stored, for a container that varies may have another name or place too; and all names
    whose items may change under a store."""
    stored = {version.name for version in versions.all if version.kind == "store"} | _shortened(function)
    shared: set[str] = set()
    groups: dict[str, set[str]] = {}

    def join(left: str, right: str) -> None:
        group = groups.get(left, {left}) | groups.get(right, {right})
        for name in group:
            groups[name] = group
    parameters = [name for name in versions.of_parameter if name in containers]

    def share(expr: ir.Node | None) -> None:
        match expr:
            case ir.Name(id=name):
                shared.add(name)
            case ir.Display(items=items):
                for item in items:
                    share(item)
            case ir.Op(op="ifexp", args=(_, then, orelse)):
                share(then)
                share(orelse)
            case ir.Op(op="and" | "or", args=args):
                for arg in args:
                    share(arg)
            case ir.Starred(value=value) | ir.Walrus(value=value):
                share(value)
            case ir.Item(base=ir.Name(id=name)):
                shared.add(f"{name}[]")

    for node in ir.nodes_of(function):
        match node:
            case ir.Assign(target=target, value=value):
                if isinstance(value, ir.Name) and isinstance(target, ir.NameTarget):
                    if value.scope == "local":
                        shared.update((value.id, target.id))
                        join(value.id, target.id)
                elif isinstance(value, ir.Item | ir.Attribute) and isinstance(target, ir.NameTarget):
                    root: ir.Expr = value
                    while isinstance(root, ir.Item | ir.Attribute):
                        root = root.base
                    if target.id in stored or isinstance(root, ir.Name) and root.id in stored and target.id in containers:
                        shared.add(target.id)
                        if isinstance(root, ir.Name):
                            shared.add(root.id)
                            join(root.id, target.id)
                else:
                    share(value)
            case ir.Append(value=value):
                share(value)
            case ir.Call(func=func, args=args, keywords=keywords):
                is_safe = isinstance(func, ir.Name) and func.scope == "global" and func.id in SAFE_READERS
                for arg in () if is_safe else (*args, *(value for _, value in keywords)):
                    share(arg)
            case ir.Define(captures=captures):
                shared.update(captures)
            case ir.For(target=target):
                inner = {n.id for n in ir.walk(target) if isinstance(n, ir.NameTarget)}
                if inner & stored:
                    shared.update(inner)
    barred = {name for name in shared & stored if groups.get(name, {name}) & containers}
    if len(parameters) > 1:
        barred |= set(parameters) & stored
    changing = {other for name in stored for other in groups.get(name, {name})}
    return frozenset(barred), frozenset(changing)


def _shortened(function: ir.Function) -> set[str]:
    """The lists that something is popped from."""
    calls = (node.func for node in ir.nodes_of(function) if isinstance(node, ir.Call))
    popping = (func.base for func in calls if isinstance(func, ir.Attribute) and func.name == "pop")
    return {base.id for base in popping if isinstance(base, ir.Name)}
