"""Which variables hold dicts, made here or used as such: what goes through one finds its keys, which do not vary.

Never says what a dict holds.
"""
from __future__ import annotations

from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import beside_calculation

THROUGH = frozenset({"sum", "max", "min", "sorted", "list", "tuple", "reversed", "zip", "enumerate", "map", "filter"})
LISTING = frozenset({"list", "tuple", "sorted", "reversed"})


def used_as_dicts(function: ir.Function) -> frozenset[str]:
    """The parameters that are looked up by texts, asked for their items, or by what going through them gives."""
    found: set[str] = set()
    elements: set[tuple[str, str]] = set()
    looked_up: set[tuple[str, str]] = set()
    for node in beside_calculation(function):
        match node:
            case ir.Item(base=ir.Name(id=name), index=ir.Const(value=str())):
                found.add(name)
            case ir.Call(func=ir.Attribute(base=ir.Name(id=name), name="items" | "keys" | "values"), args=()):
                found.add(name)
            case ir.For(target=ir.NameTarget(id=key), iterable=iterable) if (through := gone_through(iterable)) is not None:
                elements.add((through.id, key))
            case ir.Generator(target=ir.NameTarget(id=key), iterable=ir.Name(id=name)):
                elements.add((name, key))
            case ir.Item(base=ir.Name(id=name), index=ir.Name(id=key)):
                looked_up.add((name, key))
    return frozenset(found.union(name for name, _ in elements & looked_up))


def dict_versions(versions: Versions) -> frozenset[Version]:
    """The versions that may be dicts made by displays, or parameters that are used as dicts."""
    found = {
        version for version in versions.all
        if version.kind == "assign" and any(isinstance(each, ir.Display) and each.kind == "dict" for each in version.sources)
    }
    given = versions.of_parameter.values()
    used = used_as_dicts(versions.of_function) if versions.of_function is not None else ()
    found |= {version for version in given if version.name in used}
    changed = bool(found)
    while changed:
        before = len(found)
        for version in versions.all:
            for source in version.sources if version.kind in ("assign", "phi", "store") else ():
                held = versions.of_read.get(source) if isinstance(source, ir.Name) and version.kind == "assign" else source
                if held in found:
                    found.add(version)
        changed = len(found) != before
    return frozenset(found)


def dict_names(versions: Versions) -> frozenset[str]:
    """The variables that may hold such a dict."""
    return frozenset(version.name for version in dict_versions(versions))


def gone_through(iterable: ir.Expr) -> ir.Name | None:
    """The variable whose elements an expression lists, each once: `d`, `d.keys()`, `sorted(d)`, `reversed(list(d))`."""
    match iterable:
        case ir.Call(func=ir.Name(id=name, scope="global"), args=(inner,), keywords=()) if name in LISTING:
            return gone_through(inner)
        case ir.Call(func=ir.Attribute(base=ir.Name() as base, name="keys"), args=(), keywords=()):
            return base
    return iterable if isinstance(iterable, ir.Name) else None


def picked_from(node: ir.Node) -> ir.Name | None:
    """The variable of which a call picks or orders the elements by what a function makes of each: `min(d, key=d.get)`."""
    match node:
        case ir.Call(func=ir.Name(id="max" | "min" | "sorted", scope="global"), args=(ir.Name() as among,), keywords=keywords):
            return among if "key" in dict(keywords) else None
    return None


def goes_through_keys(node: ir.Node, dicts: frozenset[str]) -> ir.Expr | None:
    """A place where keys are taken for values: `sum(d)`, `zip(d, q)`, `(k for k in d)`."""
    match node:
        case ir.Call(func=ir.Name(id=name, scope="global"), args=args) if name in THROUGH and picked_from(node) is None:
            return next((arg for arg in args if isinstance(arg, ir.Name) and arg.id in dicts), None)
        case ir.Generator(iterable=ir.Name(id=name) as iterable) if name in dicts:
            return iterable
    return None
