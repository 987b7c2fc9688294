"""What the calls of a function may change in place beside lists that are appended to: sets, queues, objects of a library.

Never looks into arrays: analyse.sharing.views does.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator

from gradgen.analyse.activity import Activity
from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.reads import CallSite
from gradgen.analyse.recording.stability import is_pure_call
from gradgen.analyse.recording.unknown_functions import raising_in
from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in

IN_PLACE = frozenset({"bitor", "bitand", "bitxor", "sub"})
"""Operators that change a set in place."""
OF_NUMBERS = frozenset({"mul", "div", "pow", "mod", "floordiv", "neg"})
"""Operators of which no operand is a set or an object that changes: what they are given is a number or an array."""


def touched(
    function: ir.Function, activity: Activity, kinds: Kinds, site: Callable[[ir.Call], CallSite | None],
    acts: Callable[[CallSite], bool],
) -> frozenset[str]:
    """The variables whose objects calls and operators of a function may change in place, under all their names; of what is
    reached by an attribute, `.attribute`. What varies is none of them: it is followed, or refused."""
    versions = activity.versions
    raising = raising_in(function, versions, activity)
    running = (call for call in found_in(function, ir.Call) if call not in raising)
    found = {name for call in running for name in _given(call, kinds, site, acts)}
    found |= {name for name in _added_to(function) if any(_is_set(source) for source in _sources(versions, name))}
    found |= {f".{each.base.name}" for each in found_in(function, ir.ItemTarget) if isinstance(each.base, ir.Attribute)}
    if not found:
        return frozenset()
    names: dict[str, set[str]] = {}
    for version in versions.all:
        for source in version.sources:
            held = source.base if isinstance(source, ir.Attribute) else source  # `add = seen.add` changes `seen`
            if isinstance(held, ir.Name | ir.Attribute) and (other := _root(held)) is not None:
                names.setdefault(version.name, set()).add(other)
                names.setdefault(other, set()).add(version.name)
    waiting = list(found)
    while waiting:
        new = names.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(new)
    factors = (arg for op in found_in(function, ir.Op) if op.op in OF_NUMBERS for arg in op.args)
    numbers = {factor.id for factor in factors if isinstance(factor, ir.Name)}
    numbers |= {each.name for each in function.parameters if _is_plain(each)}
    numbers |= {version.name for version in versions.all} - {version.name for version in versions.all if _may_be_object(version)}
    return frozenset(found - versions.stacks.keys() - numbers - {version.name for version in activity.varied})


def _given(
    call: ir.Call, kinds: Kinds, site: Callable[[ir.Call], CallSite | None], acts: Callable[[CallSite], bool]
) -> Iterator[str]:
    """The names of what a call may change: its receiver, its arguments, what a function inside of this one captures."""
    if is_pure_call(call) or kinds.operation(call) is not None:
        return
    known = site(call)
    if known is not None and not acts(known):
        return
    if known is not None:
        yield from (variable for _, variable in known.captured)
    elif (name := _root(call.func.base if isinstance(call.func, ir.Attribute) else call.func)) is not None:
        yield name
    for value in (*call.args, *(value for _, value in call.keywords)):
        if (name := _root(value)) is not None:
            yield name


def _root(expr: ir.Expr) -> str | None:
    """What is known of an object's place: the variable that holds it, or a container of it, or `.attribute`."""
    while isinstance(expr, ir.Item):
        expr = expr.base
    if isinstance(expr, ir.Attribute):
        return f".{expr.name}"
    return expr.id if isinstance(expr, ir.Name) else None


def _added_to(function: ir.Function) -> set[str]:
    return {
        stmt.target.id for stmt in found_in(function, ir.Assign)
        if stmt.augmented in IN_PLACE and isinstance(stmt.target, ir.NameTarget)
    }


def _is_plain(parameter: ir.Parameter) -> bool:
    """Whether a parameter holds a number or a text, as its annotation or its default has it."""
    has_default = isinstance(parameter.default, ir.Const) and isinstance(parameter.default.value, int | float | str)
    return has_default or parameter.annotation in ("bool", "complex", "float", "int", "str")


def _may_be_object(version: Version) -> bool:
    """Whether a version may be anything but what arithmetic gives."""
    is_computed = all(isinstance(source, ir.Op | ir.Const | ir.Compare | Version) for source in version.sources)
    return version.kind not in ("phi", "unbound") and not (version.sources and is_computed)


def _sources(versions: Versions, name: str) -> list[object]:
    return [source for version in versions.all if version.name == name for source in version.sources]


def _is_set(source: object) -> bool:
    if isinstance(source, ir.Opaque):
        return True
    return isinstance(source, ir.Call) and isinstance(source.target, type)
