"""What a generated module needs from the user's: imports, constants frozen with their origin, passive functions copied.

Never changes what the user wrote but for names that two modules use for different things.
"""
from __future__ import annotations

import ast
import builtins
import enum
import inspect
import itertools
import logging
import math
import pathlib
import re
import sys
import textwrap
import types
from collections.abc import Iterable
from typing import Any

from gradgen.analyse.binding import as_method, unwrapped
from gradgen.analyse.program import Program, Read
from gradgen.emit.annotated import PUT_OFF, names_annotating, puts_off
from gradgen.emit.constants import attribute_of, constant_text, defined_in
from gradgen.emit.helpers import in_module
from gradgen.emit.homonyms import renamed
from gradgen.errors import GradgenError
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, field
from gradgen.read.defaults import as_bound
from gradgen.read.literals import literal
from gradgen.read.positions import Positions
from gradgen.read.resolve import MISSING, held_by
from gradgen.read.source import source_of
from gradgen.rules.carried import carried_helper, carried_label, own_name
from gradgen.rules.steering import STEERING

CALLED = re.compile(r"([A-Za-z_]\w*)(?:\.\w+)+\(")
"""A call of what stands in a module, by the module's name."""

NOWHERE = 10**9  # the line of a constant that is not found in its module's text


@dataclass(slots=True)
class Surroundings:
    """Collected for all functions of a module. `missing` names what cannot be written down as text."""

    program: Program
    imports: dict[str, None] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    copied: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)
    methods: dict[str, str] = field(default_factory=dict)
    objects: dict[str, tuple[Any, str, str]] = field(default_factory=dict)
    helpers: dict[str, None] = field(default_factory=dict)
    homonyms: dict[tuple[str, int], str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    apart: frozenset[str] = frozenset()

    def add(self, read: Read, own: Iterable[str], used: Iterable[str] = ()) -> dict[str, str]:
        """Everything outside that a function reads; `own` are names that the module itself defines, `used` its modules' names.
        What other functions of the module know as something else is called otherwise: by which name, comes back."""
        skipped = set(own)
        self.taken |= skipped
        if puts_off(read):
            self.imports[PUT_OFF] = None
        outside = {*_outside_names(read), *names_annotating(read), *used} - skipped
        found = {name: self._name(name, read) for name in sorted(outside)}
        return {name: new for name, new in found.items() if new != name}

    def freeze_receiver(self, name: str, value: object, attributes: set[str], called: set[str], origin: str) -> None:
        """The object that a method was bound to: what is read of its `attributes`, and the methods that are still `called`."""
        self.known[name] = value
        text = self._frozen(name, value, attributes, called)
        if text is None:
            self.missing[name] = f"a {type(value).__name__} cannot be written down"
        else:
            self.constants[name] = f"{name} = {text}  # {origin}"

    def freeze_objects(self, attributes: set[str], called: set[str], asked: set[str]) -> None:
        """The objects that are read by name from outside, as receivers are; those whose class is `asked` for are imported."""
        waiting = list(self.objects)
        for name in waiting:  # a method that comes along may read more objects
            value, module, there = self.objects[name]
            before = (dict(self.imports), dict(self.copied), dict(self.methods), dict(self.known), dict(self.missing))
            names = set(attributes)
            is_bound = isinstance(value, types.MethodType)  # of which only what it is bound to is read
            held = value.__self__ if is_bound else value
            is_plain = name not in asked and not _is_more_than_a_holder(held)
            text = self._frozen(name, held, names, called) if is_plain else None
            text = f"types.SimpleNamespace(__self__={text})" if is_bound and text is not None else text
            waiting += [each for each in self.objects if each not in waiting]
            if text is not None and self.missing.keys() == before[-1].keys():
                self.constants[name] = f"{name} = {text}  # {module}.{there}"
                continue
            self.imports, self.copied, self.methods, self.known, self.missing = before
            if getattr(sys.modules.get(module), there, MISSING) is value and module != "__main__":
                self.imports[f"from {module} import {there}" + (f" as {name}" if name != there else "")] = None
            else:
                self.missing[name] = f"a {type(value).__name__} cannot be written down"

    def _frozen(self, name: str, value: object, attributes: set[str], called: set[str]) -> str | None:
        size, text = -1, None
        while size != len(attributes) + len(called):  # a method that comes along reads more, and calls more
            size = len(attributes) + len(called)
            text = self.literal(value) or self._namespace(value, attributes, called, (), name)
        return text

    def _namespace(
        self, value: object, attributes: set[str], called: set[str], outer: tuple[int, ...], path: str
    ) -> str | None:
        """An object, reached by `path`, as a namespace of those of its attributes that are read."""
        if id(value) in outer or isinstance(value, types.FunctionType | type):
            return None
        parts = []
        for name in sorted(attributes | {name for name in called if callable(held_by(value, name))}):
            if callable(function := unwrapped(held_by(value, name))):
                parts += self._held(path, name, function)
                continue
            found = as_method(inspect.getattr_static(value, name, MISSING))
            if isinstance(found, types.FunctionType) and name in called:
                self._attach(path, name, found, attributes, called)
            elif isinstance(found, staticmethod) and name in called:
                parts += self._held(path, name, unwrapped(found.__func__))
            if found is MISSING or isinstance(found, types.FunctionType | staticmethod | classmethod):
                continue
            held = attribute_of(value, name)
            if held is MISSING:
                continue
            text = self.literal(held) or self._namespace(held, attributes, called, (*outer, id(value)), f"{path}.{name}")
            if text is None:
                return None
            parts.append(f"{name}={text}")
        self.imports["import types"] = None
        return f"types.SimpleNamespace({', '.join(parts)})"

    def _held(self, path: str, name: str, function: Any) -> list[str]:
        """A function that an object holds: its namespace is made with a library's; any other comes along, and is put in later."""
        own = getattr(function, "__name__", "")
        line = _imported(function, own) if own else None
        if not own.isidentifier() or self.known.setdefault(own, function) is not function:
            self.missing[f"{path}.{name}"] = "what it holds cannot be written down"
        elif line is not None:
            self.imports[line] = None
            return [f"{name}={own}"]
        elif isinstance(function, types.FunctionType):
            self._copy(own, function)
            self.methods[f"{path}.{name}"] = f"{path}.{name} = {own}"
        else:
            self.missing[f"{path}.{name}"] = f"a {type(function).__name__} cannot be written down"
        return []

    def _attach(self, path: str, name: str, function: types.FunctionType, attributes: set[str], called: set[str]) -> None:
        """A method that nothing varying goes through comes along as a function, bound to the namespace."""
        if self.known.setdefault(name, function) is not function:
            self.missing[name] = "it stands for different things in the modules that are brought together"
            return
        self._copy(name, function)
        if name in self.copied:
            self.copied[name] = textwrap.dedent(self.copied[name])
            self.methods[f"{path}.{name}"] = f"{path}.{name} = types.MethodType({name}, {path})"
            own = self.program.read(function).function
            named = {node.name for node in found_in(own, ir.Attribute)}
            attributes |= named
            called |= named

    def literal(self, value: Any) -> str | None:
        """The text of a constant, with what it needs imported; None where it has none that gives the same value."""
        if isinstance(value, enum.Enum):
            line = _imported(type(value), type(value).__name__)
            if line is None:
                return None
            self.imports[line] = None
            return f"{type(value).__name__}.{value.name}"
        if isinstance(value, logging.Logger):
            self.imports["import logging"] = None
            return f"logging.getLogger({value.name!r})"
        distribution = getattr(sys.modules.get("statistics"), "NormalDist", None)
        if distribution is not None and type(value) is distribution:
            self.imports["from statistics import NormalDist"] = None
            return repr(value)
        numpy = sys.modules.get("numpy")
        if numpy is not None and type(value) is numpy.ndarray and value.dtype.kind in "fi":
            self.imports["import numpy"] = None
            return f"numpy.array({value.tolist()!r})" if numpy.isfinite(value).all() else None
        return literal(value)

    def _name(self, name: str, read: Read) -> str:
        """What the module calls that which a function calls by a name; it is written down."""
        value = read.scope.lookup(name)
        if value is MISSING or (name not in read.scope.global_names and not read.scope.is_free(name) and hasattr(builtins, name)):
            return name
        module = getattr(read.live, "__module__", "") or "the user's module"
        if (helper := carried_helper(value)) is not None and own_name(name) == helper:
            self.helpers[carried_label(value) or helper] = None
            return in_module(helper, self.apart)
        if name in self.known and not self._is_same(self.known[name], value):
            key = (name, id(value))
            if key not in self.homonyms:
                self.homonyms[key] = self._other_name(name, module)
                self._written(self.homonyms[key], name, value, module, read)
            return self.homonyms[key]
        if name not in self.known:
            self._written(name, name, value, module, read)
        return name

    def _is_same(self, known: object, value: object) -> bool:
        """Whether one text may stand for both: they are one object, or constants of one spelling."""
        if known is value:
            return True
        return type(known) is type(value) and isinstance(value, int | float | str) and literal(known) == literal(value)

    def _other_name(self, name: str, module: str) -> str:
        """`name` with the last part of its module's: what else is called so belongs to another module."""
        stem = f"{name}_{module.rpartition('.')[2].strip('_')}"
        stem = stem if stem.isidentifier() else name
        numbered = (f"{stem}_{number}" if number > 1 else stem for number in itertools.count(1))
        return next(new for new in numbered if new not in self.known and new not in self.taken and new != name)

    def _written(self, name: str, there: str, value: Any, module: str, read: Read) -> None:
        """Write down what a function knows as `there`, by the name that it has in the text."""
        self.known[name] = value
        if (helper := carried_helper(value)) in STEERING:
            self.helpers[helper] = None
            self.copied[name] = f"{name} = {in_module(helper, self.apart)}"
            return
        if isinstance(value, types.ModuleType):
            self.imports[_import_line(value.__name__, name)] = None
        elif (line := _imported(value, name)) is not None:
            self.imports[line] = None
        elif (text := self.literal(value)) is not None:
            self._constant(name, there, text, f"{module}.{there}", read)
        elif (text := self._table(value, read)) is not None:
            self.copied[name] = f"{name} = {text}  # {module}.{there}"
        elif isinstance(function := _to_be_copied(value), types.FunctionType):
            self._copy(name, function)
        else:
            self.objects[name] = (value, module, there)

    def _table(self, value: Any, read: Read) -> str | None:
        """The text of a dict of functions that the module knows by their names."""
        if type(value) is not dict or not all(isinstance(each, types.FunctionType) for each in value.values()):
            return None
        keys = [self.literal(key) for key in value]
        if None in keys or any(read.scope.lookup(each.__name__) is not each for each in value.values()):
            return None
        names = [self._name(each.__name__, read) for each in value.values()]
        return "{" + ", ".join(f"{key}: {each}" for key, each in zip(keys, names, strict=True)) + "}"

    def _constant(self, name: str, there: str, text: str, origin: str, read: Read) -> None:
        """A constant in its module's own words where these are found, else as its value."""
        code = getattr(read.live, "__code__", None)
        found = None if code is None else defined_in(code.co_filename, there, text, self.literal)
        line, value, comment = found or (NOWHERE, text, "")
        self.constants[name] = constant_text(name, value, comment, origin)
        self.lines[name] = line

    def constants_in_order(self) -> list[str]:
        """The constants as their modules order them, those without a place there last."""
        return [self.constants[name] for name in sorted(self.constants, key=lambda name: self.lines.get(name, NOWHERE))]

    def _copy(self, name: str, function: types.FunctionType) -> None:
        """A function that nothing varying goes through comes along as it is."""
        if hasattr(function, "for_kinds"):
            self.missing[name] = "it has a text for each of the kinds of arguments that calls bring"
            return
        try:
            found, source = self.program.read(function), source_of(function)
        except GradgenError:
            self.missing[name] = "its source cannot be found"
            return
        positions = Positions(source.text)
        if not isinstance(source.node, ast.AsyncFunctionDef):
            positions = as_bound(source.node, positions, function)[1]
        text = _undecorated(positions.text.rstrip("\n"))
        own = found.function.name
        if isinstance(source.node, ast.Lambda):
            text = f"{name} = {text}"
        elif own != name and own in self.known and self.known[own] is not function:
            text = re.sub(rf"^(\s*(?:async )?def ){own}\b", rf"\1{name}", text, count=1, flags=re.MULTILINE)
        elif own != name:
            if own not in self.known:
                self.known[own] = function
                self._copy(own, function)
            if own in self.copied:
                self.copied[name] = f"{name} = {own}"
                return
            text = f"{text}\n\n\n{name} = {own}"
        self.copied[name] = text
        others = self.add(found, ())
        if others:
            indented = text[:1].isspace()
            lines = renamed(textwrap.dedent(text).splitlines(), others)
            self.copied[name] = textwrap.indent("\n".join(lines), "    ") if indented else "\n".join(lines)


def _to_be_copied(value: Any) -> Any:
    """The function whose text stands for a value in a module: its own, or that of what it only hands its arguments on to."""
    return value if isinstance(value, types.FunctionType) and not hasattr(value, "as_written") else unwrapped(value)


def _is_more_than_a_holder(value: Any) -> bool:
    """Whether an object is more than what its attributes hold: it says itself what it holds, stands in expressions, or is a
    library's."""
    if type(value).__module__.partition(".")[0] in ("numpy", "scipy"):
        return True
    own = {name for base in type(value).__mro__[:-1] for name in vars(base)}
    return isinstance(value, type | types.ModuleType) or not own.isdisjoint(_OWN)


_OWN = ("__getattr__", "__getattribute__", "__getitem__", "__iter__", "__array__", "__float__", "__add__", "__mul__")
"""Methods that make an object more than what it holds."""


def _undecorated(text: str) -> str:
    """The text of a definition without its decorators: what is copied is the function that they were given."""
    if not text.lstrip().startswith("@"):
        return text
    node = ast.parse(textwrap.dedent(text)).body[0]
    assert isinstance(node, ast.FunctionDef)
    return "\n".join(text.splitlines()[node.lineno - 1 :])


def _outside_names(read: Read) -> set[str]:
    names, text = set[str](), read.positions.text
    for node in ir.nodes_of(read.function):
        if isinstance(node, ir.Name) and node.scope != "local":
            names.add(node.id.split(".")[0])
        elif isinstance(node, ir.Op) and node.spelling:
            names.add(node.spelling.split(".")[0])
        elif isinstance(node, ir.Call) and node.again and node.span is not None and node.func.span is not None:
            names.update(re.findall(r"^[A-Za-z_]\w*", text[node.span.start : node.func.span.start]))  # `checkpoint(f)(x)`
        elif isinstance(node, ir.Define) and node.span is not None:
            defined = text[node.span.start : node.span.end]  # `g = checkpoint(lambda t: ...)`
            names.update(re.findall(r"^\w+\s*=\s*([A-Za-z_]\w*)[\w.]*\(\s*lambda\b", defined))
        elif isinstance(node, ir.Op | ir.Compare | ir.Call) and node.span is not None and text[node.span.end - 1] == ")":
            called = CALLED.match(text, node.span.start, node.span.end)
            if called is not None and isinstance(read.scope.lookup(called[1]), types.ModuleType):
                # `math.prod((x, y))` is read as a product, `np.greater(x, y)` as a comparison
                names.add(called[1])
    defaults = [parameter.default for parameter in read.function.parameters if parameter.default is not None]
    in_defaults = {name.id.split(".")[0] for default in defaults for name in ir.names_read(default)}
    return names - set(read.parameters) | in_defaults


def _import_line(module: str, name: str) -> str:
    if module == name:
        return f"import {module}"
    parent, _, last = module.rpartition(".")
    return f"from {parent} import {last}" if last == name and parent else f"import {module} as {name}"


def _imported(value: Any, name: str) -> str | None:
    """An import line for what a library owns: functions of C modules, classes of installed packages."""
    module = getattr(value, "__module__", None)
    named = getattr(value, "__name__", None)
    own = named if isinstance(named, str) else None  # a class may have something of its own by that name
    for library in ("math", "numpy", "scipy.special"):
        found = sys.modules.get(library)
        if found is not None and own and getattr(found, own, None) is value:
            return f"from {library} import {own}" + (f" as {name}" if own != name else "")
    distribution = getattr(value, "name", None) if type(value).__module__.startswith("scipy.stats.") else None
    if isinstance(distribution, str) and getattr(sys.modules["scipy.stats"], distribution, None) is value:
        return f"from scipy.stats import {distribution}" + (f" as {name}" if distribution != name else "")
    if isinstance(value, types.FunctionType) and own and (public := _public_module(value)) is not None:
        return f"from {public} import {own}" + (f" as {name}" if own != name else "")
    if isinstance(value, types.BuiltinFunctionType | type) and module and own and module != "__main__":
        public = module.removeprefix("_")  # where C modules do the work of others
        module = public if getattr(sys.modules.get(public), own, None) is value else module
        found = sys.modules.get(module)
        if module == "builtins" or found is None or getattr(found, own, None) is not value:
            return None
        return f"from {module} import {own}" + (f" as {name}" if own != name else "")
    if isinstance(value, float) and name == "pi" and value == math.pi:
        return "from math import pi"
    return None


def _public_module(function: types.FunctionType) -> str | None:
    """The module that an installed library's function is to be imported from; None for functions of the user's own."""
    module, name = function.__module__ or "", function.__name__
    if not {"site-packages", "dist-packages"} & set(pathlib.PurePath(function.__code__.co_filename).parts):
        return None
    parts = module.split(".")
    paths = [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
    found = [path for path in paths if getattr(sys.modules.get(path), name, None) is function]
    return found[0] if found else None
