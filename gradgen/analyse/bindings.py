"""Which outside names stood for the functions that a derivative was written for, and for values of which kinds.

Never compares; a live function does that at each call.
"""
from __future__ import annotations

import sys
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from gradgen.analyse.program import Program, Read
from gradgen.analyse.solvers import equation_of
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.read.imports import forwarded
from gradgen.read.resolve import MISSING, attribute_of, held_by
from gradgen.rules.solvers import solver_of

LIBRARIES = ("math", "numpy", "builtins", "scipy.special", "numpy.linalg", "scipy.linalg", "cmath", "scipy.stats")
"""Modules whose functions are known by their own names in nearly every program, which nobody rebinds."""


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """`path`, a dotted name, held `held`; its first part is a key of `owner`, or is what the cell `owner` contains.

    Where `is_kind`, `held` is no object to find there again, but says whether what is found is of the kind that was held.
    """

    owner: dict[str, Any] | types.CellType
    path: str
    held: object
    is_kind: bool = False


def bindings_of(program: Program, reads: Iterable[Read]) -> list[Binding]:
    """Every outside name by which functions call the user's own functions, or hand them to others, once each."""
    found: dict[tuple[int, str], Binding] = {}
    for read in dict.fromkeys(reads):
        calls = found_in(read.function, ir.Call)
        for call in calls:
            for binding in _of_call(program, read, call):
                found.setdefault((id(binding.owner), binding.path), binding)
        operations = found_in(read.function, ir.Op)
        for path in dict.fromkeys(node.spelling for node in operations if node.spelling):
            for binding in _of_path(program, read, path):
                found.setdefault((id(binding.owner), binding.path), binding)
        for binding in _of_values(program, read):
            found.setdefault((id(binding.owner), f"{binding.path} "), binding)
    return list(found.values())


def _of_values(program: Program, read: Read) -> Iterator[Binding]:
    """Arrays, numbers and tables from outside, whose shapes a text for arrays rests on."""
    for path, outside in program.outside.get(read, {}).items() if program.kinds_of(read).has_arrays else ():
        root: ir.Expr = outside.expr
        while isinstance(root, ir.Attribute):
            root = root.base
        if not isinstance(root, ir.Name):
            continue
        first = root.id.split(".")[0]
        if root.scope == "local":
            yield Binding({first: program.live_value(root, read)}, path, outside, True)
        elif root.scope == "free" and first in read.scope.cells:
            yield Binding(read.scope.cells[first], path, outside, True)
        elif first in read.live.__globals__ and not _is_library(read.live.__globals__[first]):
            yield Binding(read.live.__globals__, path, outside, True)


def _is_library(value: object) -> bool:
    """Whether a name stands for a module whose constants nobody rebinds: `math.pi`, `np.pi`."""
    return isinstance(value, types.ModuleType) and value.__name__.split(".")[0] in ("math", "numpy", "scipy")


def _of_call(program: Program, read: Read, call: ir.Call) -> Iterator[Binding]:
    site = program.sites.get(call)
    if solver_of(call.target) is not None:
        equation = equation_of(call)
        if equation is None:
            return
        call, site = equation, program.site(equation, read, program.versions_in(read))
    if site is None:
        return
    if isinstance(call.func, ir.Name) and call.func.scope == "local":
        yield from _of_local(program, read, call.func, call.target)
    elif isinstance(call.func, ir.Name):
        held = program.live_value(call.func, read)
        yield from _named(read, call.func, held)
        if site.receiver is None and held is not MISSING and not isinstance(held, types.FunctionType | types.MethodType):
            yield from _of_holder(call.func.id.rpartition(".")[2], held, site.read.live)
    elif isinstance(call.func, ir.Attribute) and site.receiver is None:
        yield from _of_path(program, read, read.positions.slice(call.func.span) if call.func.span is not None else "")
    elif isinstance(call.func, ir.Attribute) and isinstance(call.func.base, ir.Name):
        owner = program.live_value(call.func.base, read)
        method = attribute_of(type(owner), call.func.name)
        if owner is not MISSING and isinstance(method, types.FunctionType) and site.receiver is not None:
            path = f"{call.func.base.id}.{call.func.name}.__func__"
            yield from _named(read, ir.Name(path, call.func.base.scope), method)
    for name, held in site.read.given.items():
        argument = site.arguments.get(name)
        if isinstance(argument, ir.Name):
            yield from _named(read, argument, held)


def _of_holder(name: str, holder: Any, function: types.FunctionType) -> Iterator[Binding]:
    """Where an object keeps the function that it hands on to what it is called with."""
    for attribute, held in getattr(holder, "__dict__", {}).items():
        if forwarded(held) is function:
            yield Binding({name: holder}, f"{name}.{attribute}", held)


def _of_path(program: Program, read: Read, path: str) -> Iterator[Binding]:
    """What a dotted name by which something is called stands for, but for a library's own names."""
    first, *rest = path.split(".")
    is_own = first in read.parameters
    root = program.receivers.get((read, first), MISSING) if is_own else read.scope.lookup(first)
    held = root
    for part in rest:
        owner, held = held, MISSING if held is MISSING else attribute_of(held, part)
        held = held_by(owner, part) if held is MISSING else held
    if held is MISSING or any(getattr(sys.modules.get(each), path.rpartition(".")[2], None) is held for each in LIBRARIES):
        return
    if is_own:
        yield Binding({first: root}, path, held)
    else:
        yield from _named(read, ir.Name(path, "free" if read.scope.is_free(first) else "global"), held)


def _of_local(program: Program, read: Read, name: ir.Name, held: Any) -> Iterator[Binding]:
    """What stands behind a local name of a function: the outside name that it was bound to, and the function's own place."""
    version = program.versions[read].of_read.get(name)
    for source in version.sources if version is not None else ():
        if isinstance(source, ir.Name):
            yield from _named(read, source, program.live_value(source, read))
    if isinstance(held, types.FunctionType):
        name_there, home = held.__name__, vars(sys.modules[held.__module__]) if held.__module__ in sys.modules else {}
        if home.get(name_there) is held:
            yield Binding(home, name_there, held)


def _named(read: Read, name: ir.Name, held: Any) -> Iterator[Binding]:
    """What a name outside of the function holds; nothing where another place than a module or a cell is looked into."""
    first = name.id.split(".")[0]
    path = name.id
    if isinstance(held, types.MethodType):  # a bound method is made anew at each look
        held, path = held.__func__, f"{path}.__func__"
    if held is MISSING:
        return
    if name.scope == "free" and first in read.scope.cells:
        yield Binding(read.scope.cells[first], path, held)
    elif name.scope != "local" and first in read.live.__globals__:
        yield Binding(read.live.__globals__, path, held)
