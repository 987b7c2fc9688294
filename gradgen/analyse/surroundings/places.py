"""Where objects outside of a function are found, as dotted names: from a module's names, from a closure's cells, from `self`.

Never runs what is found there, and no property on the way.
"""
from __future__ import annotations

import inspect
import types
from collections.abc import Iterable, Iterator
from typing import Any

from gradgen.analyse.binding import as_method
from gradgen.analyse.program import Program, Read
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, field
from gradgen.read.resolve import MISSING, attribute_of, held_by, kept_by

MOST = 8
"""So many ways to one object are followed: objects may hold each other in a ring."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """The first part of `path` is a key of `owner`, or is what the cell `owner` contains; `held` is what stands at its end."""

    owner: dict[str, Any] | types.CellType
    path: str
    held: Any

    def part(self, name: str) -> Place:
        """What an attribute holds; MISSING where looking it up may run anything."""
        if name == "__class__":
            return Place(self.owner, f"{self.path}.{name}", type(self.held))
        found = (look(self.held, name) for look in (attribute_of, held_by, kept_by))
        return Place(self.owner, f"{self.path}.{name}", next((each for each in found if each is not MISSING), MISSING))

    def method(self, name: str) -> Place:
        """The plain function that calling an attribute runs, where a class says what it is."""
        is_class = isinstance(self.held, type)
        if not is_class and name in getattr(self.held, "__dict__", {}):
            return self.part(name)
        path = f"{self.path}.{name}"
        found = inspect.getattr_static(self.held if is_class else type(self.held), name, MISSING)
        if as_method(found) is not found:  # decorated: the class hands out what stands there
            return Place(self.owner, path if is_class else f"{self.path}.__class__.{name}", found)
        match found:
            case staticmethod():
                return Place(self.owner, path, found.__func__)
            case classmethod():
                return Place(self.owner, f"{path}.__func__", found.__func__)
            case types.FunctionType():
                return Place(self.owner, path if is_class else f"{path}.__func__", found)
        return self.part(name)


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The places of what the functions of a program are bound to, and of what else they find outside."""

    program: Program
    bound: dict[tuple[Read, str], list[Place]] = field(default_factory=dict)

    @classmethod
    def of_reads(cls, program: Program, reads: Iterable[Read]) -> Places:
        """Those of functions that methods of one another call."""
        places, each = cls(program), list(reads)
        calls = [
            (read, site.receiver, site.read) for read in each for call in found_in(read.function, ir.Call)
            if (site := program.sites.get((read, call))) is not None and site.receiver is not None
            and site.read.function.parameters
        ]
        called = {callee for _, _, callee in calls}
        for (read, name), held in program.receivers.items():
            if read not in called and held is not MISSING:
                places.bound[read, name] = [Place({name: held}, name, held)]
        while any(places._add(read, receiver, callee) for read, receiver, callee in calls):
            pass
        for (read, name), held in program.receivers.items():  # called by ways that no dotted name tells
            if held is not MISSING:
                places.bound.setdefault((read, name), [Place({name: held}, name, held)])
        return places

    def _add(self, read: Read, receiver: ir.Expr, callee: Read) -> bool:
        """Whether a call tells of a new place of what its callee is bound to."""
        known = self.bound.setdefault((callee, callee.function.parameters[0].name), [])
        seen = {(id(place.owner), place.path) for place in known}
        new = [place for place in self.of(receiver, read) if (id(place.owner), place.path) not in seen][: MOST - len(known)]
        known += new
        if not known:
            del self.bound[callee, callee.function.parameters[0].name]
        return bool(new)

    def of(self, expr: object, read: Read) -> Iterator[Place]:
        """Every place where the object of an expression is found; none where that is made when the function runs."""
        match expr:
            case ir.Name(id=name, scope="local"):
                version = self.program.versions[read].of_read.get(expr)
                sources = version.sources if version is not None and version.kind == "assign" else ()
                yield from self.bound.get((read, name), ()) if not sources else ()
                for source in sources if len(sources) == 1 else ():
                    yield from self.of(source, read)
            case ir.Name(id=name):
                yield from self.named(name, read)
            case ir.Attribute(base=base, name=name):
                yield from (found for place in self.of(base, read) if (found := place.part(name)).held is not MISSING)
            case ir.Call(target=target, args=(arg,)) if target is type:
                yield from (place.part("__class__") for place in self.of(arg, read))

    def named(self, path: str, read: Read) -> Iterator[Place]:
        """What a dotted name stands for: of a module or a cell, or of what the function is bound to."""
        first, *rest = path.split(".")
        if first in read.parameters:
            found = list(self.bound.get((read, first), ()))
        elif read.scope.is_free(first):
            found = [Place(read.scope.cells[first], first, read.scope.lookup(first))]
        elif first in read.live.__globals__:
            found = [Place(read.live.__globals__, first, read.live.__globals__[first])]
        else:
            found = []
        for place in found:
            for part in rest[:-1]:
                place = place.part(part)
            place = place.method(rest[-1]) if rest else place
            if place.held is not MISSING:
                yield place
