"""What a derivative rests on outside beside the functions that are called: values of some kind, defaults, Python's own names.

Never compares; a live function does that at each call.
"""
from __future__ import annotations

import builtins
import inspect
import types
from collections.abc import Iterable, Iterator
from typing import Any

from gradgen.analyse.binding import is_of_a_library
from gradgen.analyse.kinds.spread import Fixed
from gradgen.analyse.kinds.values import Outside, dotted, kind_of_value
from gradgen.analyse.program import Program, Read
from gradgen.analyse.surroundings.told import classes_in
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass
from gradgen.read.resolve import MISSING


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """`path`, a dotted name, held `held`; its first part is a key of `owner`, or is what the cell `owner` contains.

    Where `is_kind`, `held` is no object to find there again, but says whether what is found is of the kind that was held, or its
    element `keys`; `number` is what passes unasked. An owner that has no such key had none: the name was Python's own.
    """

    owner: dict[str, Any] | types.CellType
    path: str
    held: object
    is_kind: bool = False
    keys: tuple[object, ...] = ()
    number: int | float | None = None


def of_code(reads: Iterable[Read]) -> Iterator[Binding]:
    """The code of the functions themselves: notebooks that reload what has been edited put the new code into the same objects.
    Their default arguments are put there with it, or by hand."""
    for live in dict.fromkeys(read.live for read in reads):
        if not is_of_a_library(live):
            cell = types.CellType(live)
            yield Binding(cell, f"{live.__name__}.__code__", live.__code__)
            if live.__defaults__:
                yield Binding(cell, f"{live.__name__}.__defaults__", live.__defaults__)
            if live.__kwdefaults__:
                yield Binding(cell, f"{live.__name__}.__kwdefaults__", _Held(dict(live.__kwdefaults__)), True)


def of_classes(program: Program, reads: Iterable[Read]) -> Iterator[Binding]:
    """What the classes of arguments, and of objects that are made, have of the names that functions read: properties, methods."""
    cells: dict[type, types.CellType] = {}
    each_read = list(reads)
    told = {known for (read, _), known in program.instances.items() if known is not None and read in each_read}
    told.update(known for read in each_read for kind in read.kinds.values() for known in classes_in(kind))
    names = sorted({node.name for read in each_read for node in found_in(read.function, ir.Attribute)}) if told else []
    for known in sorted(told, key=lambda each: (each.__module__, each.__qualname__)):
        for name in names:
            held = inspect.getattr_static(known, name, None)
            if isinstance(held, property | types.FunctionType):
                yield Binding(cells.setdefault(known, types.CellType(known)), f"{known.__name__}.{name}", held)


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """What a dict held. Calling it asks whether another, or itself, still holds the same objects."""

    items: dict[str, Any]

    def __call__(self, found: Any) -> bool:
        return found is not None and found.keys() == self.items.keys() and all(found[key] is self.items[key] for key in found)


def of_values(program: Program, read: Read) -> Iterator[Binding]:
    """Arrays, numbers and tables from outside, whose shapes a text for arrays rests on, or one for numbers that it calls."""
    is_called = bool(read.kinds) and any(kinds.has_arrays for kinds in program.kinds.values())
    for path, outside in program.outside.get(read, {}).items() if is_called or program.kinds_of(read).has_arrays else ():
        yield from _at(program, read, path, outside)


def of_fixed(program: Program, read: Read) -> Iterator[Binding]:
    """What operations had to know before they could be differentiated, and how much stands in containers that are spread."""
    for (path, keys), fixed in program.kinds[read].rests_on.items() if read in program.kinds else ():
        yield from _at(program, read, path, fixed, keys)


def _is_library(value: object) -> bool:
    """Whether a name stands for a module whose constants nobody rebinds: `math.pi`, `np.pi`."""
    return isinstance(value, types.ModuleType) and value.__name__.split(".")[0] in ("math", "numpy", "scipy")


def of_builtins(read: Read) -> Iterator[Binding]:
    """Python's own functions that a function finds by names which its module may take for functions of its own later."""
    names = {} if is_of_a_library(read.live) else dict.fromkeys(_names_in(read.live.__code__))
    for name in names:
        held = vars(builtins).get(name)
        is_plain = held is None or held is print or isinstance(held, type) and issubclass(held, BaseException)
        if not is_plain and callable(held) and name not in read.live.__globals__:
            yield Binding(read.live.__globals__, name, held)


def _names_in(code: types.CodeType) -> Iterator[str]:
    """The names that code, and what is defined in it, finds outside; those of attributes are among them, those it imports for
    itself are not."""
    yield from (name for name in code.co_names if name not in code.co_varnames and name not in code.co_cellvars)
    for const in code.co_consts:
        if isinstance(const, types.CodeType):
            yield from _names_in(const)


def of_numbers(program: Program, read: Read) -> Iterator[Binding]:
    """The numbers that a function reads from outside: by names, as attributes, as elements of dicts and lists."""
    keys: tuple[int | str, ...]
    for node in found_in(read.function, ir.Name, ir.Attribute, ir.Item):
        match node:
            case ir.Item(base=ir.Name() | ir.Attribute() as base, index=ir.Const(value=int() | str() as key)):
                found, keys = _element(program.live_value(base, read), key), (key,)
            case ir.Name() | ir.Attribute():
                base, found, keys = node, program.live_value(node, read), ()
            case _:
                continue
        path = dotted(base)
        if path is not None and type(found) in (int, float):
            yield from _at(program, read, path, Outside(base, found, kind_of_value(found, path)), keys)


def _element(held: object, key: int | str) -> object:
    match held, key:
        case dict(), _:
            return held.get(key, MISSING)
        case list(), int():
            return held[key] if -len(held) <= key < len(held) else MISSING
    return MISSING


def _at(program: Program, read: Read, path: str, outside: Outside | Fixed, keys: tuple[object, ...] = ()) -> Iterator[Binding]:
    """Where the value of a dotted name is found: in the module, in a cell, or in what the function is bound to."""
    root: ir.Expr = outside.expr
    while isinstance(root, ir.Attribute):
        root = root.base
    if not isinstance(root, ir.Name):
        return
    first = root.id.split(".")[0]
    number = outside.value if isinstance(outside, Outside) and isinstance(outside.value, int | float) else None
    if root.scope == "local":
        yield Binding({first: program.live_value(root, read)}, path, outside, True, keys, number)
    elif root.scope == "free" and first in read.scope.cells:
        yield Binding(read.scope.cells[first], path, outside, True, keys, number)
    elif first in read.live.__globals__ and not _is_library(read.live.__globals__[first]):
        yield Binding(read.live.__globals__, path, outside, True, keys, number)
