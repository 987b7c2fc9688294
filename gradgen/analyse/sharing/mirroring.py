"""Which containers with several names have tangents with the same several names, so that a store through one is seen by all.

Never looks at what varies. Any doubt counts against it.
"""
from __future__ import annotations

from collections.abc import Iterator

from gradgen.analyse.recording.quiet import is_quiet
from gradgen.analyse.sharing.handing import SAFE_READERS
from gradgen.analyse.sharing.variables import Sharing
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.finding import beside_arithmetic
from gradgen.read.expressions import NESTED
from gradgen.rules.carried import ANEW, carried_helper


def mirrored_names(found: Sharing) -> frozenset[str]:
    """The variables of which each binding is a name, an element, or a new container of such: the tangents are bound likewise."""
    result: set[str] = set()
    for name in found.reached:
        group = found.group(name)
        versions = [each for each in found.versions.all if each.name in group and not found.is_number(each)]
        is_bound_alike = all(_is_bound_alike(each, found) for each in versions)
        if is_bound_alike and not any(group & {*_kept(node, found)} for node in beside_arithmetic(found.function)):
            result |= group
    return frozenset(result)


def _is_bound_alike(version: Version, found: Sharing) -> bool:
    if version in found.lengthened or version.name in found.shortened:
        return False
    exprs = [source for source in version.sources if isinstance(source, ir.Expr)]
    match version.kind:
        case "phi" | "unbound":
            return True
        case "assign":
            return all(_is_alike(expr, found) for expr in exprs)
        case "item":
            return all(_is_part(expr) for expr in exprs)
        case "store":
            return all(_is_alike(expr, found) or not {*found.handed(expr), *found.within(expr)} for expr in exprs)
    return False


def _is_part(expr: ir.Expr) -> bool:
    """Whether a value is a variable's, or an element of one's, at any depth."""
    while isinstance(expr, ir.Item) and not isinstance(expr.index, ir.Slice | ir.Opaque):
        expr = expr.base
    return isinstance(expr, ir.Name) and expr.scope == "local"


def _is_alike(expr: ir.Expr, found: Sharing) -> bool:
    match expr:
        case ir.Display(kind=kind, items=items) if kind != "dict":
            return all(_is_alike(item, found) or _is_plain(item) for item in items)
        case ir.Call():
            return carried_helper(expr.target) in ANEW or found.is_new(expr) and found.kinds.of(expr) is None
    return _is_part(expr)


def _is_plain(expr: ir.Expr) -> bool:
    """Whether a value is calculated, and so is a number, in an expression that holds no container."""
    return not any(isinstance(node, ir.Display | ir.Comprehension | ir.Call | ir.Walrus | ir.Opaque) for node in ir.walk(expr))


def _kept(node: ir.Node, found: Sharing) -> Iterator[str]:
    """The variables whose objects a node may change or keep, but for plain bindings and stores."""
    match node:
        case ir.Call(func=func, args=args, keywords=keywords):
            if isinstance(func, ir.Attribute):
                yield from (name.id for name in ir.names_read(func.base))
            is_reader = isinstance(func, ir.Name) and func.scope == "global" and func.id in SAFE_READERS
            for arg in () if is_reader or is_quiet(node) or found.is_new(node) else (*args, *(each for _, each in keywords)):
                yield from (*found.handed(arg), *found.within(arg))
        case ir.Walrus(value=value) | ir.Starred(value=value) | ir.Comprehension(element=value):
            yield from (name.id for name in ir.names_read(value))
        case ir.Opaque(construct=construct) if construct != NESTED:
            yield from (name.id for name in node.reads)
        case ir.Define(captures=captures):
            yield from captures
        case ir.Inert():
            yield from (name.id for name in ir.names_read(node))
        case ir.With(items=items):
            for manager, _ in items:
                yield from (name.id for name in ir.names_read(manager))
