"""Says into which containers nothing may be stored, for another name or place may hold the same object.

Never follows an object through memory: a store is allowed only where the object is new and nothing else can hold it.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from gradgen.analyse.activity import Activity
from gradgen.analyse.arrays import Kinds
from gradgen.analyse.classes import record_fields
from gradgen.analyse.program import CallSite
from gradgen.analyse.quiet import is_quiet
from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import beside_arithmetic, found_in
from gradgen.ir.kinds import Kind
from gradgen.rules.carried import ZEROS, carried_helper
from gradgen.rules.spelling import family_of, operation_of

# they keep nothing of what they are given but, at most, its elements
SAFE_READERS = frozenset({
    "len", "sum", "max", "min", "sorted", "any", "all", "enumerate", "zip", "reversed", "list", "tuple", "isinstance", "range",
    "print", "math.prod", "math.fsum", "math.hypot", "math.dist",
})
MAKERS = frozenset({"list", "tuple", "sorted", "dict"})
CHOICES = frozenset({"ifexp", "and", "or"})
OF_NUMBERS = frozenset({"sub", "div", "floordiv", "mod", "pow", "neg"})  # no list comes out of them
Site = Callable[[ir.Call], "CallSite | None"]


def aliased_containers(
    function: ir.Function, activity: Activity, kinds: Kinds, containers: frozenset[str], held: frozenset[Version], site: Site
) -> tuple[frozenset[str], frozenset[str]]:
    """Names through which nothing may be stored, for a container that varies may have another name or place too; and all names
    whose items may change under a store. `held` are the versions that are containers; analyse.views looks after arrays."""
    versions = activity.versions
    aliases = _Aliases(function, versions, kinds, containers, held, site, _counted(function, versions))
    moving = (each for each in versions.all if activity.is_active_version(each) and not kinds.may_hold_array(each))
    unknown = (each for each in moving if not aliases.is_number(each))
    aliases.leaving = _leaving(function)
    aliases.active = containers | {version.name for version in unknown}
    return aliases.found()


def _leaving(function: ir.Function) -> frozenset[ir.Expr]:
    """The displays that a function returns: nothing is stored any more into what they hold, but where a `finally` follows."""
    if any(isinstance(node, ir.Try) and node.final for node in ir.nodes_of(function)):
        return frozenset()
    found: set[ir.Expr] = set()
    waiting = [node.value for node in found_in(function, ir.Exit) if node.value is not None]
    while waiting:
        value = waiting.pop()
        if isinstance(value, ir.Display):
            found.add(value)
            waiting += value.items
    return frozenset(found)


@lru_cache(maxsize=256)
def handed_back(function: ir.Function) -> dict[str, Literal["whole", "part"]]:
    """The parameters whose objects, or parts of them, a function's result may be or hold."""
    given = {parameter.name for parameter in function.parameters}
    sources: dict[str, list[tuple[ir.Expr, bool]]] = {}  # what a variable may be bound to, and whether only to parts of that
    for node in ir.nodes_of(function):
        match node:
            case ir.Assign(target=ir.NameTarget(id=name), value=value) | ir.Walrus(name=name, value=value):
                sources.setdefault(name, []).append((value, False))
            case ir.Assign(target=ir.ItemTarget(base=ir.Name(id=name)), value=value):
                sources.setdefault(name, []).append((value, False))
            case ir.Append(base=base, value=value):
                sources.setdefault(base.id, []).append((value, False))
            case ir.Assign(target=ir.TupleTarget() as target, value=value):
                for inner in (each for each in ir.walk(target) if isinstance(each, ir.NameTarget)):
                    sources.setdefault(inner.id, []).append((value, not isinstance(value, ir.Display)))
            case ir.For(target=target, iterable=value) | ir.Generator(target=target, iterable=value):
                for inner in (each for each in ir.walk(target) if isinstance(each, ir.NameTarget)):
                    sources.setdefault(inner.id, []).append((value, True))
    result: dict[str, Literal["whole", "part"]] = {}
    returned = [node.value for node in found_in(function, ir.Exit) if node.value is not None]
    pending = [(value, False) for value in returned]
    seen: set[tuple[str, bool]] = set()
    while pending:
        value, is_part = pending.pop()
        for name, inside in _held_by(value):
            part = is_part or inside
            if name in given and result.get(name) != "whole":
                result[name] = "part" if part else "whole"
            if (name, part) not in seen:
                seen.add((name, part))
                pending.extend((source, part or is_inside) for source, is_inside in sources.get(name, ()))
    return result


def _held_by(value: ir.Expr) -> Iterator[tuple[str, bool]]:
    """The variables whose objects (or, where the flag is set, only parts of them) a value may be or hold."""
    match value:
        case ir.Name(id=name):
            yield name, False
        case ir.Item(base=base) | ir.Attribute(base=base) | ir.Starred(value=base):
            yield from ((name, True) for name, _ in _held_by(base))
        case ir.Op(op=op, args=args) if op in CHOICES:
            for arg in args[1:] if op == "ifexp" else args:
                yield from _held_by(arg)
        case ir.Op(op="add" | "mul", args=args):  # of lists: new, with the same elements
            for arg in args:
                yield from ((name, True) for name, _ in _held_by(arg))
        case ir.Display(items=items):
            for item in items:
                yield from _held_by(item)
        case ir.Comprehension(element=element):
            yield from _held_by(element)
        case ir.Walrus(value=inner):
            yield from _held_by(inner)
        case ir.Call(func=ir.Name(id=name, scope="global")) if name in SAFE_READERS - MAKERS:
            return
        case ir.Call(func=ir.Name(id=name, scope="global"), args=args) if name in MAKERS:
            for arg in args:
                yield from ((inner, True) for inner, _ in _held_by(arg))
        case ir.Call(func=func, args=args, keywords=keywords):
            for part in (*args, *(each for _, each in keywords), *([func.base] if isinstance(func, ir.Attribute) else [])):
                yield from _held_by(part)
        case ir.Opaque(reads=reads):
            yield from ((name.id, False) for name in reads)


@dataclass(slots=True)
class _Aliases:
    function: ir.Function
    versions: Versions
    kinds: Kinds
    containers: frozenset[str]
    held: frozenset[Version]
    site: Site
    counted: frozenset[Version]
    active: frozenset[str] = frozenset()
    shared: set[str] = field(default_factory=set)
    groups: dict[str, set[str]] = field(default_factory=dict)
    rowed: set[str] = field(default_factory=set)
    leaving: frozenset[ir.Expr] = frozenset()

    def found(self) -> tuple[frozenset[str], frozenset[str]]:
        stored = {version.name for version in self.versions.all if version.kind == "store"} | _shortened(self.function)
        for node in beside_arithmetic(self.function):
            self.find_rows(node)
        before = -1
        while before != len(self.shared) + sum(map(len, self.groups.values())):
            before = len(self.shared) + sum(map(len, self.groups.values()))
            for node in beside_arithmetic(self.function):
                self.look(node)
        reached = self.shared & stored | _stored_deeply(self.function)
        barred = {name for name in reached if (self.group(name) - {name} or {name} & self.shared) & self.active}
        parameters = {name for name in self.versions.of_parameter if name in self.containers}
        if len(parameters) > 1:
            barred |= parameters & stored
        changing = {other for name in stored for other in self.group(name)}
        return frozenset(barred), frozenset(changing)

    def group(self, name: str) -> set[str]:
        return self.groups.get(name, {name})

    def join(self, names: set[str]) -> None:
        group = set().union(*map(self.group, names))
        for name in group:
            self.groups[name] = group

    def share(self, names: set[str]) -> None:
        self.shared |= names
        self.join(names)

    def look(self, node: ir.Node) -> None:
        """Note who may hold an object after a node has run."""
        match node:
            case ir.Assign(target=target, value=value):
                self.bound(target, value)
            case ir.Walrus(name=name, value=value):
                self.share({name, *self.handed(value)})
            case ir.Append(base=base, value=value):
                self.placed(base.id, value)
            case ir.Display(items=items) if isinstance(node, ir.Expr) and node not in self.leaving:
                for item in items:
                    self.shared |= set(self.handed(item))
            case ir.Comprehension(element=element):
                self.shared |= set(self.handed(element))
            case ir.For(target=target, iterable=iterable):
                self.gone_through(target, iterable)
            case ir.Generator(target=target, iterable=iterable):
                self.gone_through(target, iterable)
            case ir.Call():
                self.called(node)
            case ir.Define(captures=captures):
                self.shared.update(captures)
            case ir.Opaque(reads=reads, is_pure=is_pure):
                self.shared.update(name.id for name in reads if not is_pure)
            case ir.With(items=items):
                for manager, entered in items:
                    if entered is not None:
                        self.gone_through(entered, manager)

    def bound(self, target: ir.Target, value: ir.Expr) -> None:
        match target:
            case ir.NameTarget(id=name):
                is_handed = isinstance(value, ir.Call) or isinstance(value, ir.Name) and value.scope == "local"
                if is_handed or self.versions.of_node.get(target) in self.held:
                    handed = set(self.handed(value))
                    if handed:
                        self.share({name, *handed})
                self.join({name, *self.within(value)})
            case ir.TupleTarget(items=items, starred=None) if isinstance(value, ir.Display) and len(items) == len(value.items):
                for item, element in zip(items, value.items, strict=True):
                    self.bound(item, element)
            case ir.TupleTarget():
                self.gone_through(target, value)
            case ir.ItemTarget(base=ir.Name(id=name)) | ir.AttributeTarget(base=ir.Name(id=name)):
                self.placed(name, value)

    def placed(self, base: str, value: ir.Expr) -> None:
        """An object becomes an element of another."""
        handed = set(self.handed(value))
        self.shared |= handed
        self.join({base, *handed})

    def gone_through(self, target: ir.Target, iterable: ir.Expr) -> None:
        """The elements of an object get names; only those that are containers matter."""
        bound = [node for node in ir.walk(target) if isinstance(node, ir.NameTarget)]
        has_rows = any(self.has_rows(name.id) for name in ir.names_read(iterable))
        rows = {node.id for node in bound if has_rows or self.versions.of_node.get(node) in self.held}
        if rows:
            self.shared |= rows
            self.join({*rows, *(name.id for name in ir.names_read(iterable) if name.scope == "local")})

    def called(self, call: ir.Call) -> None:
        """What is handed to a function that may keep it; what the function hands back is looked at where it goes."""
        func = call.func
        is_reader = isinstance(func, ir.Name) and func.scope == "global" and func.id in SAFE_READERS
        if is_reader or is_quiet(call) or self.is_new(call):
            return
        if record_fields(call.target) is None and self.site(call) is not None:
            return  # transform.planning refuses the functions that keep what they are given
        for arg in (*call.args, *(value for _, value in call.keywords)):
            self.shared |= set(self.handed(arg))

    def is_looked_after(self, value: ir.Expr) -> bool:
        """Whether a value is a number, or an array that comes out of a list or is new: analyse.views knows whose data it has."""
        kind = self.kinds.of(value) if self.kinds.has_arrays else None
        if not isinstance(kind, Kind) or kind.shape is None:
            return False
        is_taken = isinstance(value, ir.Call) and isinstance(value.func, ir.Attribute) and value.func.name in ("copy", "pop")
        return kind.shape == () or is_taken

    def handed(self, value: ir.Expr) -> Iterator[str]:
        """The variables whose objects, or parts of them, a value may be or hold."""
        if self.is_looked_after(value):
            return
        match value:
            case ir.Name(id=name):
                if not self.is_number(self.versions.of_read.get(value)):
                    yield name
            case ir.Item(base=base) | ir.Attribute(base=base):
                yield from self.rows_of(base)
            case ir.Op(op=op, args=args) if op in CHOICES:
                for arg in args[1:] if op == "ifexp" else args:
                    yield from self.handed(arg)
            case ir.Starred(value=inner):
                yield from self.rows_of(inner)
            case ir.Walrus(name=name, value=inner):
                yield name
                yield from self.handed(inner)
            case ir.Call(func=ir.Name(id=name, scope="global"), args=args) if name in MAKERS:
                for arg in args:
                    yield from self.rows_of(arg)
            case ir.Call(func=ir.Name(id=name, scope="global")) if name in SAFE_READERS:
                return
            case ir.Call() if record_fields(value.target) is not None or self.is_new(value):
                return  # new, as a display is
            case ir.Call() if (site := self.site(value)) is not None:
                for name, part in handed_back(site.read.function).items():
                    if name in site.arguments:
                        yield from (self.rows_of if part == "part" else self.handed)(site.arguments[name])
            case ir.Call(args=args, keywords=keywords, func=func):
                for arg in (*args, *(each for _, each in keywords)):
                    yield from self.handed(arg)
                if isinstance(func, ir.Attribute):
                    yield from self.rows_of(func.base) if func.name in ("copy", "pop") else self.handed(func.base)
            case ir.Opaque(reads=reads):
                yield from (name.id for name in reads)

    def within(self, value: ir.Expr) -> Iterator[str]:
        """The variables whose objects a new container holds."""
        for element in _elements(value):
            yield from self.handed(element)
            yield from self.within(element)

    def is_new(self, call: ir.Call) -> bool:
        """Whether a call makes an object anew and keeps nothing: one of NumPy's with rules, or such a method, makes an array of a
        list; a helper of generated code makes zeros in a container's structure."""
        if call.target is None:
            return self.kinds.operation(call) is not None
        is_operation = family_of(call.target) == "numpy" and operation_of(call.target) is not None
        return is_operation or carried_helper(call.target) in ZEROS

    def is_number(self, version: Version | None) -> bool:
        """Whether a version is surely a number: it is calculated, or calculated with."""
        if version is None or version in self.held:
            return False
        is_made = version.kind == "assign" and bool(version.sources)
        return version in self.counted or is_made and all(
            isinstance(source, ir.Op) and source.op in OF_NUMBERS or isinstance(source, ir.Const) for source in version.sources
        )

    def rows_of(self, value: ir.Expr) -> Iterator[str]:
        """The variables whose elements a new container holds, where those may be containers themselves."""
        for name in self.handed(value):
            if self.has_rows(name):
                yield name

    def has_rows(self, name: str) -> bool:
        """Whether a variable's elements are known, or used, as containers."""
        return bool(self.group(name) & self.rowed)

    def find_rows(self, node: ir.Node) -> None:
        match node:
            case ir.Item(base=base) | ir.Attribute(base=base) if isinstance(base, ir.Item | ir.Attribute):
                self.rowed |= _roots(base)
            case ir.Assign(target=ir.NameTarget(id=name) as target, value=value):
                if isinstance(value, ir.Item | ir.Attribute) and self.versions.of_node.get(target) in self.held:
                    self.rowed |= _roots(value)
                if any(map(self.is_container, _elements(value))):
                    self.rowed.add(name)
            case ir.Assign(target=ir.ItemTarget(base=ir.Name(id=name)), value=value) if self.is_container(value):
                self.rowed.add(name)
            case ir.Append(base=base, value=value) if self.is_container(value):
                self.rowed.add(base.id)
            case ir.Assign(target=ir.TupleTarget() as target, value=iterable):
                if not isinstance(iterable, ir.Display):
                    self.rows_in(target, iterable)
            case ir.For(target=target, iterable=iterable) | ir.Generator(target=target, iterable=iterable):
                self.rows_in(target, iterable)

    def rows_in(self, target: ir.Target, iterable: ir.Expr) -> None:
        if any(self.versions.of_node.get(each) in self.held for each in ir.walk(target) if isinstance(each, ir.NameTarget)):
            self.rowed |= {name.id for name in ir.names_read(iterable) if name.scope == "local"}

    def is_container(self, value: ir.Expr) -> bool:
        return isinstance(value, ir.Display | ir.Comprehension | ir.Call) or (
            isinstance(value, ir.Name) and self.versions.of_read.get(value) in self.held
        )


def _counted(function: ir.Function, versions: Versions) -> frozenset[Version]:
    """The versions that are calculated with as only numbers are."""
    operations = found_in(function, ir.Op)
    counting = (node for node in operations if node.op in OF_NUMBERS or node.op == "mul" or node.spelling is not None)
    names = (arg for node in counting for arg in node.args if isinstance(arg, ir.Name))
    return frozenset(versions.of_read[name] for name in names if name in versions.of_read)


def _stored_deeply(function: ir.Function) -> set[str]:
    """The variables whose elements something is stored into."""
    targets = (node for node in found_in(function, ir.ItemTarget) if isinstance(node.index, ir.Opaque))
    return {target.base.id for target in targets if isinstance(target.base, ir.Name)}


def _roots(value: ir.Expr) -> set[str]:
    while isinstance(value, ir.Item | ir.Attribute):
        value = value.base
    return {value.id} if isinstance(value, ir.Name) else set()


def _elements(value: ir.Expr) -> tuple[ir.Expr, ...]:
    match value:
        case ir.Display(items=items):
            return items
        case ir.Comprehension(element=element):
            return (element,)
    return ()


def _shortened(function: ir.Function) -> set[str]:
    """The lists that something is popped from."""
    calls = (node.func for node in found_in(function, ir.Call))
    popping = (func.base for func in calls if isinstance(func, ir.Attribute) and func.name == "pop")
    return {base.id for base in popping if isinstance(base, ir.Name)}
