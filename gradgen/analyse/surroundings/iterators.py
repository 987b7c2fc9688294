"""Which variables and arguments are iterators that can be gone through once only: a derivative would find them used up.

Never says what goes through them.
"""
from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Protocol

from gradgen.analyse.activity import Activity
from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in

MAKING = frozenset({"iter", "open", "finditer", "iglob", "iter_unpack", "reader", "scandir"})
"""Functions, of those that are not written in Python, that hand out iterators."""


class Site(Protocol):
    def __call__(self, call: ir.Call) -> object | None: ...


def used_up(function: ir.Function, activity: Activity, site: Site) -> Iterator[tuple[ir.Node, str]]:
    """The places where an iterator that has a name, or that a function of one's own is given, is gone through on the way to what
    varies; each with what stands there."""
    versions = activity.versions
    comprehensions, calls = found_in(function, ir.Comprehension), found_in(function, ir.Call)
    if not comprehensions and not calls:
        return
    once = _iterators(versions)
    yield from _changed_before_use(once, activity)
    for node in comprehensions if once else ():
        for generator in node.generators:
            for name in ir.names_read(generator.iterable):
                if versions.of_read.get(name) in once and activity.is_varied(node.element):
                    yield generator.iterable, f"a comprehension over {name.id!r}, an iterator"
    for call in calls:
        given = (*call.args, *(value for _, value in call.keywords))
        found = [arg for arg in given if _is_iterator(arg, lambda name: versions.of_read.get(name) in once)]
        if any(not activity.is_varied(arg) for arg in found) and site(call) is not None and activity.is_varied(call):
            yield call, "an iterator that a function is given"


def _changed_before_use(once: frozenset[Version], activity: Activity) -> Iterator[tuple[ir.Node, str]]:
    """The iterators that read a variable which changes before they are gone through: they see it as it is then."""
    versions = activity.versions
    for version in once:
        made = version.sources[0] if version.kind == "assign" and len(version.sources) == 1 else None
        if not isinstance(made, ir.Expr) or made.span is None or not activity.is_varied(made):
            continue
        begun = made.span.end
        last = max((_place(name) for name in versions.of_read if name.id == version.name), default=0)
        for name in ir.names_read(made):
            changes = (each for each in versions.all if each.name == name.id and each.node is not None)
            if name.id != version.name and any(begun <= _place(each.node) < last for each in changes):
                yield made, f"an iterator over {name.id!r}, which changes before it is gone through (make a list of it)"
                break


def _place(node: ir.Node | None) -> int:
    return -1 if node is None or node.span is None else node.span.start


def is_one_shot(expr: ir.Expr, versions: Versions) -> bool:
    """Whether a name may stand for an iterator, which can be gone through once only."""
    waiting = [versions.of_read.get(expr)] if isinstance(expr, ir.Name) else []
    seen = set[Version]()
    while waiting:
        version = waiting.pop()
        if version is None or version.kind not in ("assign", "phi") or version in seen:
            continue
        seen.add(version)
        waiting += [source for source in version.sources if isinstance(source, Version)]
        for value in (value for source in version.sources if not isinstance(source, Version) for value in _values_of(source)):
            if isinstance(value, ir.Name):
                waiting.append(versions.of_read.get(value))
            elif _makes_iterator(value):
                return True
    return False


def _iterators(versions: Versions) -> frozenset[Version]:
    """The versions of variables that may be iterators."""
    found, reads = set[Version](), versions.of_read
    size = -1
    while size != len(found):
        size = len(found)
        for version in versions.all:
            if version.kind not in ("assign", "phi") or version in found:
                continue
            computed = [source for source in version.sources if not isinstance(source, Version)]
            is_made = any(_is_iterator(each, lambda name: reads.get(name) in found) for each in computed)
            if is_made or not found.isdisjoint(each for each in version.sources if isinstance(each, Version)):
                found.add(version)
    return frozenset(found)


def _is_iterator(expr: ir.Expr, is_known: Callable[[ir.Name], bool]) -> bool:
    return any(is_known(value) if isinstance(value, ir.Name) else _makes_iterator(value) for value in _values_of(expr))


def _values_of(expr: ir.Expr) -> Iterator[ir.Expr]:
    """The expression, or those of which a choice gives one."""
    match expr:
        case ir.Op(op="ifexp", args=(_, *arms)):
            for arm in arms:
                yield from _values_of(arm)
        case _:
            yield expr


def _makes_iterator(expr: ir.Expr) -> bool:
    match expr:
        case ir.Comprehension(kind=kind):
            return kind == "generator"
        case ir.Call(target=target) if isinstance(target, type):
            return hasattr(target, "__next__")
        case ir.Call(target=target):
            return inspect.isgeneratorfunction(target) or getattr(target, "__name__", "") in MAKING and inspect.isroutine(target)
    return False
