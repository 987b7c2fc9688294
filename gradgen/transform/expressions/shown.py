"""What becomes of the adjoint of a text that shows numbers: nothing, as long as no number is read out of it again.

Never looks at what the text says.
"""
from __future__ import annotations

from collections.abc import Iterator

from gradgen.analyse.kinds.texts import is_made_text
from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.transform.expressions.callees import Callees
from gradgen.transform.expressions.contributions import Requirement
from gradgen.transform.expressions.terms import Term, product_of


def without_slope(term: Term) -> Requirement:
    """A text stands beside the numbers of a result: its adjoint is None or 0.0, but where a number was read out of it."""
    return Requirement(ir.Op("not", (product_of(term),)), "a number that is read out of a text has no derivative", term.guards)


def is_a_number(adjoint: ir.Expr) -> ir.Expr:
    """The test of what may be the adjoint of a text, which is None."""
    return ir.Compare(("isnot",), (adjoint, ir.Const(None)))


def may_be_text(item: ir.Expr, versions: Versions, callees: Callees) -> bool:
    """Whether a part of what a function of the user's gives is a text in any of its returns."""
    match item:
        case ir.Item(base=ir.Name() as base, index=ir.Const(value=key)):
            version = versions.of_read.get(base)
            made = version.sources[0] if version is not None and version.kind == "assign" and len(version.sources) == 1 else None
        case ir.Item(base=ir.Call() as made, index=ir.Const(value=key)):
            pass
        case _:
            return False
    site = callees.site(made) if isinstance(made, ir.Call) else None
    if site is None:
        return False
    function = site.read.function
    return any(_is_shown(each, function, frozenset()) for each in _under(key, function))


def _under(key: object, function: ir.Function) -> Iterator[ir.Expr]:
    """What a function has under a key, in dicts and in the tuples that it returns."""
    for made in found_in(function, ir.Display):
        if made.kind == "dict":
            pairs = zip(made.keys, made.items, strict=False)
            yield from (each for own, each in pairs if isinstance(own, ir.Const) and own.value == key)
    for stmt in found_in(function, ir.Assign):
        if isinstance(stmt.target, ir.ItemTarget) and isinstance(stmt.target.index, ir.Const) and stmt.target.index.value == key:
            yield stmt.value
    for way in found_in(function, ir.Exit):
        if isinstance(way.value, ir.Display) and way.value.kind != "dict" and isinstance(key, int):
            yield from way.value.items[key : key + 1 or None]


def _is_shown(value: ir.Expr | None, function: ir.Function, seen: frozenset[str]) -> bool:
    """Whether a value is a text for all that is seen, on some way to it."""
    match value:
        case ir.Const(value=str()):
            return True
        case ir.Op(op="ifexp", args=(_, *arms)):
            return any(_is_shown(each, function, seen) for each in arms)
        case ir.Name(id=name, scope="local") if name not in seen:
            assigned = (each.value for each in found_in(function, ir.Assign) if _binds(each.target, name))
            given = (each.default for each in function.parameters if each.name == name)
            return any(_is_shown(each, function, seen | {name}) for each in (*assigned, *given))
    return value is not None and is_made_text(value)


def _binds(target: ir.Target, name: str) -> bool:
    return isinstance(target, ir.NameTarget) and target.id == name
