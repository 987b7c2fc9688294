"""Which outside names stood for the functions that a derivative was written for.

Never compares; a live function does that at each call.
"""
from __future__ import annotations

import sys
import types
from collections.abc import Iterable, Iterator
from typing import Any

from gradgen.analyse.program import Program, Read
from gradgen.analyse.solvers.calls import equation_of
from gradgen.analyse.surroundings.places import Place, Places
from gradgen.analyse.surroundings.watched import Binding, of_builtins, of_classes, of_code, of_fixed, of_numbers, of_values
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass
from gradgen.read.imports import forwarded
from gradgen.read.resolve import MISSING
from gradgen.rules.solvers import solver_of

LIBRARIES = ("math", "numpy", "builtins", "scipy.special", "numpy.linalg", "scipy.linalg", "cmath", "scipy.stats")
"""Modules that keep what they hold: of their functions only the first part of a name is looked at, `math` in `math.sin`."""


def bindings_of(program: Program, reads: Iterable[Read], asks_numbers: bool = False) -> list[Binding]:
    """Every outside name by which functions call others, or hand them to others, once each, and what else a text rests on;
    where it `asks_numbers`, also that numbers outside still are numbers, which its result does not tell."""
    each = list(dict.fromkeys(reads))
    watch = _Watch(program, Places.of_reads(program, each))
    found: dict[tuple[int, str], Binding] = {(id(binding.owner), binding.path): binding for binding in of_code(each)}
    for read in each:
        calls = (binding for call in found_in(read.function, ir.Call) for binding in watch.of_call(read, call))
        spelled = dict.fromkeys(node.spelling for node in found_in(read.function, ir.Op) if node.spelling)
        operations = (binding for path in spelled for binding in watch.named(path, read))
        for binding in (*calls, *operations, *watch.in_passing(read), *of_builtins(read)):
            found.setdefault((id(binding.owner), binding.path), binding)
        for owner, path, held in read.rests:
            found.setdefault((id(owner), path), Binding(owner, path, held))
        for binding in of_fixed(program, read):
            found[id(binding.owner), f"{binding.path} {binding.keys} is"] = binding
        for binding in (*of_values(program, read), *(of_numbers(program, read) if asks_numbers else ())):
            found.setdefault((id(binding.owner), f"{binding.path} {binding.keys}"), binding)
        for binding in getattr(read.live, "rests_on", ()):  # of a derivative that is called as what its text says
            found.setdefault((id(binding.owner), f"{binding.path} {binding.keys} below"), binding)
    for binding in of_classes(program, each):
        found[id(binding.owner), binding.path] = binding
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Watch:
    """What the names in calls stand for."""

    program: Program
    places: Places

    def named(self, path: str, read: Read) -> Iterator[Binding]:
        """What a dotted name by which something is called stands for."""
        last = path.rpartition(".")[2]
        for place in self.places.named(path, read):
            if any(getattr(sys.modules.get(each), last, None) is place.held for each in LIBRARIES):
                place = next(self.places.named(path.split(".")[0], read))
            yield _binding(place)

    def in_passing(self, read: Read) -> Iterator[Binding]:
        """What stands for functions in expressions that are carried along as they are: `key=lambda t: rank(t)`."""
        names = (name for each in found_in(read.function, ir.Opaque) for name in each.reads if name.scope != "local")
        for name in {name.id: name for name in names}.values():
            if isinstance(self.program.live_value(name, read), types.FunctionType):
                yield from self.named(name.id, read)

    def of_call(self, read: Read, call: ir.Call) -> Iterator[Binding]:
        site = self.program.sites.get((read, call))
        if solver_of(call.target) is not None:
            equation = equation_of(call)
            if equation is None:
                return
            call, site = equation, self.program.site(equation, read, self.program.versions_in(read))
        if site is None:
            return
        func = call.func
        if site.receiver is func:
            yield from self._callables(self.places.of(func, read))
        if isinstance(func, ir.Name) and func.scope == "local":
            yield from self._of_local(read, func, call.target)
        elif isinstance(func, ir.Name):
            yield from self.named(func.id, read)
            held = self.program.live_value(func, read)
            if site.receiver is None and held is not MISSING and not isinstance(held, types.FunctionType | types.MethodType):
                yield from _of_holder(func.id.rpartition(".")[2], held, site.read.live)
        elif isinstance(func, ir.Attribute) and site.receiver is None:
            yield from self.named(read.positions.slice(func.span) if func.span is not None else "", read)
        elif isinstance(func, ir.Attribute) and site.receiver is not func:
            found = (place.method(func.name) for place in self.places.of(func.base, read))
            yield from (_binding(place) for place in found if callable(place.held))
        for name, held in site.read.given.items():
            argument = site.arguments.get(name)
            if isinstance(argument, ir.Name):
                yield from (_binding(place) for place in self.places.of(argument, read) if held is not MISSING)

    @staticmethod
    def _callables(places: Iterable[Place]) -> Iterator[Binding]:
        """What calling an object itself runs, which its class says."""
        found = (place.part("__class__").method("__call__") for place in places)
        yield from (_binding(place) for place in found if isinstance(place.held, types.FunctionType))

    def _of_local(self, read: Read, name: ir.Name, held: Any) -> Iterator[Binding]:
        """What stands behind a local name of a function: the outside name that it was bound to, and the function's own place."""
        yield from map(_binding, self.places.of(name, read))
        if isinstance(held, types.FunctionType):
            name_there, home = held.__name__, vars(sys.modules[held.__module__]) if held.__module__ in sys.modules else {}
            if home.get(name_there) is held:
                yield Binding(home, name_there, held)


def _binding(place: Place) -> Binding:
    if isinstance(place.held, types.MethodType):  # a bound method is made anew at each look
        return Binding(place.owner, f"{place.path}.__func__", place.held.__func__)
    return Binding(place.owner, place.path, place.held)


def _of_holder(name: str, holder: Any, function: types.FunctionType) -> Iterator[Binding]:
    """Where an object keeps the function that it hands on to what it is called with."""
    for attribute, held in getattr(holder, "__dict__", {}).items():
        if forwarded(held) is function:
            yield Binding({name: holder}, f"{name}.{attribute}", held)
