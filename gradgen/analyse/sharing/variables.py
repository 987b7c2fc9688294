"""Which variables may hold one object, or objects with a part in common, at any time of a run.

Never looks at what varies, and never at the order of statements.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.reads import CallSite
from gradgen.analyse.recording.quiet import is_quiet
from gradgen.analyse.sharing.alone import bound_inside, copied_from, moved_on, put_away, rows_alone
from gradgen.analyse.sharing.changing import (
    OF_NUMBERS,
    asking_keys,
    counted_versions,
    leaving_displays,
    shortened_lists,
    stored_into_deeply,
)
from gradgen.analyse.sharing.handing import CHOICES, MAKERS, SAFE_READERS, SELECTORS, handed_back
from gradgen.analyse.surroundings.classes import record_fields
from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import beside_arithmetic, found_in
from gradgen.ir.frozen import dataclass, field
from gradgen.ir.kinds import Kind
from gradgen.rules.carried import ANEW, carried_helper
from gradgen.rules.spelling import family_of, operation_of

Site = Callable[[ir.Call], "CallSite | None"]


def sharing(
    function: ir.Function, versions: Versions, kinds: Kinds, held: frozenset[Version], site: Site,
    makes: Callable[[ir.Call], bool] = lambda call: False,
) -> Sharing:
    """The facts of a function; `held` are versions that are containers, `makes` says of calls that they make their results."""
    lengthened = _lengthened(function, versions, kinds, held)
    counted, leaving = counted_versions(function, versions), leaving_displays(function)
    found = Sharing(function, versions, kinds, held, site, makes, counted, lengthened, leaving)
    found.find()
    return found


@dataclass(slots=True)
class Sharing:
    """Which variables may hold one object, or objects with a part in common; and through which of them something is stored."""

    function: ir.Function
    versions: Versions
    kinds: Kinds
    held: frozenset[Version]
    site: Site
    makes: Callable[[ir.Call], bool]
    counted: frozenset[Version]
    lengthened: frozenset[Version]
    leaving: frozenset[ir.Expr]
    shared: set[str] = field(default_factory=set)
    groups: dict[str, set[str]] = field(default_factory=dict)
    rowed: set[str] = field(default_factory=set)
    of_containers: set[str] = field(default_factory=set)
    stored: set[str] = field(default_factory=set)
    shortened: set[str] = field(default_factory=set)
    stored_deeply: set[str] = field(default_factory=set)
    alone: frozenset[str] = frozenset()
    moved: frozenset[ir.Stmt] = frozenset()
    inside: frozenset[str] = frozenset()
    asking: frozenset[ir.Expr] = frozenset()

    def find(self) -> None:
        """Fill in the facts. Where nothing is stored, none are needed."""
        self.shortened = shortened_lists(self.function)
        self.stored = {version.name for version in self.stores()} | self.shortened
        self.stored_deeply = stored_into_deeply(self.function)
        if not self.stored | self.stored_deeply:
            return
        if self.stored_deeply and not self.kinds.has_arrays:
            self.alone = rows_alone(self.function, self.stored_deeply, self.site)
        if not self.kinds.has_arrays:
            self.alone |= put_away(self.function, self.stored_deeply, self.site)
        self.of_containers = {version.name for version in self.held}
        self.moved, self.inside = moved_on(self.function), bound_inside(self.function)
        self.asking = asking_keys(self.function)
        copied = []
        for node in beside_arithmetic(self.function):
            self.find_rows(node)
            if isinstance(node, ir.Assign) and isinstance(node.target, ir.NameTarget):
                copied.append({node.target.id, *_copied(node.value)})
        before = -1
        while before != len(self.shared) + len(self.rowed) + sum(map(len, self.groups.values())):
            before = len(self.shared) + len(self.rowed) + sum(map(len, self.groups.values()))
            for node in beside_arithmetic(self.function):
                self.look(node)
            for names in copied:
                if any(map(self.has_rows, names)):
                    self.rowed |= names

    @property
    def reached(self) -> set[str]:
        """The variables through which something is stored that another name or place may show: not stacks, which nobody else
        holds, whatever is in them, nor what nothing but one variable leads to."""
        return (self.shared & self.stored | self.stored_deeply) - self.versions.stacks.keys() - self.alone

    def stores(self) -> list[Version]:
        """The versions that a store, an append or `+=` makes of a container."""
        return [each for each in self.versions.all if each.kind == "store" or each in self.lengthened]

    def group(self, name: str) -> set[str]:
        return self.groups.get(name, {name})

    def is_sole(self, value: ir.Expr) -> bool:
        """Whether nothing but a variable is known to hold what it does; what runs in a comprehension is gone after it."""
        is_shared = not isinstance(value, ir.Name) or value.id in self.shared
        return not is_shared and isinstance(value, ir.Name) and self.group(value.id) <= {value.id, *self.inside}

    def changed_by(self, name: str) -> set[str]:
        """The variables that may show what is stored through a name."""
        return {name} if name in self.alone else self.group(name)

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
                if node not in self.moved or not self.is_sole(value):
                    self.bound(target, value)
            case ir.Walrus(name=name, value=value):
                self.share({name, *self.handed(value)})
            case ir.Append(base=base, value=value):
                self.placed(base.id, value)
            case ir.Display(items=items) if isinstance(node, ir.Expr) and node not in self.leaving:
                for item in items:
                    self.shared |= set(self.handed(item))
            case ir.Comprehension(element=element):
                along = copied_from(node)
                self.shared |= set(self.handed(element) if along is None or any(self.rows_of(along)) else ())
            case ir.For(target=target, iterable=iterable):
                self.gone_through(target, iterable)
            case ir.Generator(target=target, iterable=iterable):
                self.gone_through(target, iterable)
            case ir.Call():
                self.called(node)
            case ir.Define(captures=captures):
                self.shared.update(captures)
            case ir.Opaque(reads=reads, is_pure=is_pure):
                self.shared.update(name.id for name in reads if not is_pure and node not in self.asking)
            case ir.With(items=items):
                for manager, entered in items:
                    if entered is not None:
                        self.gone_through(entered, manager)

    def bound(self, target: ir.Target, value: ir.Expr) -> None:
        match target:
            case ir.NameTarget(id=name):
                is_handed = isinstance(value, ir.Call) or isinstance(value, ir.Name) and value.scope == "local"
                if is_handed or self.versions.of_node.get(target) in self.held or self.group(name) & self.of_containers:
                    handed = set(self.handed(value))
                    if handed:
                        self.share({name, *handed})
                self.join({name, *self.within(value)})
                if isinstance(value, ir.Op) and value.op in ("add", "mul") and self.versions.of_node.get(target) in self.held:
                    self.join({name, *(row for arg in value.args for row in self.rows_of(arg))})
            case ir.TupleTarget(items=items, starred=None) if isinstance(value, ir.Display) and len(items) == len(value.items):
                for item, element in zip(items, value.items, strict=True):
                    self.bound(item, element)
            case ir.TupleTarget(items=items) if all(item in self.versions.slots for item in items):
                for item in items:
                    for put in self.versions.slots[item]:
                        self.bound(item, put)
            case ir.TupleTarget():
                self.gone_through(target, value)
            case ir.ItemTarget(base=ir.Name(id=name)) | ir.AttributeTarget(base=ir.Name(id=name)):
                self.placed(name, value)

    def placed(self, base: str, value: ir.Expr) -> None:
        """An object becomes an element of another."""
        handed = set(self.handed(value))
        self.shared |= handed
        self.join({base, *handed, *self.within(value)})

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
            self.shared |= set(self.within(call)) if self.makes(call) else set()
            return  # transform.planning refuses the functions that keep what they are given
        for arg in (*call.args, *(value for _, value in call.keywords)):
            self.shared |= set(self.handed(arg))

    def is_looked_after(self, value: ir.Expr) -> bool:
        """Whether a value is a number, or an array that comes out of a list or is new: sharing.views knows whose data it has."""
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
            case ir.Call(func=ir.Name(id=name, scope="global"), args=args) if name in SELECTORS | MAKERS:
                for arg in args:
                    yield from self.handed(arg) if name in SELECTORS and len(args) > 1 else self.rows_of(arg)
            case ir.Call(func=ir.Name(id=name, scope="global")) if name in SAFE_READERS:
                return
            case ir.Call() if record_fields(value.target) is not None or self.is_new(value) or self.makes(value):
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
        """The variables whose objects, or parts of them, an object that is new holds."""
        match value:
            case ir.Comprehension() if (along := copied_from(value)) is not None:
                yield from self.rows_of(along)
            case ir.Display() | ir.Comprehension():
                for element in _elements(value):
                    yield from self.handed(element)
                    yield from self.within(element)
            case ir.Op(op="add" | "mul", args=args) if any(map(self.is_listed, args)):
                for arg in args:
                    yield from self.rows_of(arg)
            case ir.Op(op=op, args=args) if op in CHOICES:
                for arg in args:
                    yield from self.within(arg)
            case ir.Walrus(value=inner) | ir.Starred(value=inner):
                yield from self.within(inner)
            case ir.Call(args=args, keywords=keywords):
                given = (*args, *(each for _, each in keywords))
                if record_fields(value.target) is not None:
                    for each in given:
                        yield from self.handed(each)
                elif (site := self.site(value)) is not None:
                    back = handed_back(site.read.function)
                    given = tuple(site.arguments[name] for name in back if name in site.arguments)
                    for name, part in back.items() if self.makes(value) and not self.is_new(value) else ():
                        if name in site.arguments:
                            yield from (self.handed if part == "whole" else self.rows_of)(site.arguments[name])
                for each in () if self.is_new(value) else given:
                    yield from self.within(each)

    def is_new(self, call: ir.Call) -> bool:
        """Whether a call makes an object anew and keeps nothing: one of NumPy's with rules, or such a method, makes an array of a
        list; a helper of generated code makes zeros in a container's structure."""
        if call.target is None:
            return self.kinds.operation(call) is not None
        is_operation = family_of(call.target) == "numpy" and operation_of(call.target) is not None
        return is_operation or carried_helper(call.target) in ANEW

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
            if isinstance(value, ir.Call) or self.has_rows(name):  # what a call gives may hold the whole of its arguments
                yield name
        yield from self.within(value)

    def has_rows(self, name: str) -> bool:
        """Whether a variable's elements are known, or used, as containers."""
        return bool(self.group(name) & self.rowed)

    def find_rows(self, node: ir.Node) -> None:
        match node:
            case ir.Item(base=base) | ir.Attribute(base=base) if isinstance(base, ir.Item | ir.Attribute):
                self.rowed |= _roots(base)
            case ir.Assign(target=ir.NameTarget(id=name) as target, value=value):
                is_row = isinstance(value, ir.Item | ir.Attribute) and not _copied(value)
                if is_row and self.versions.of_node.get(target) in self.held:
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

    def is_listed(self, value: ir.Expr) -> bool:
        """Whether an operand of `+` or `*` is known as a list."""
        match value:
            case ir.Display() | ir.Comprehension():
                return True
            case ir.Op(op="add" | "mul", args=args):
                return any(map(self.is_listed, args))
            case ir.Call(func=ir.Name(id=name, scope="global")):
                return name in MAKERS - {"sum"}
        return isinstance(value, ir.Name) and self.versions.of_read.get(value) in self.held

    def is_container(self, value: ir.Expr) -> bool:
        if isinstance(value, ir.Op) and value.op in ("add", "mul"):
            return self.is_listed(value)
        return isinstance(value, ir.Display | ir.Comprehension | ir.Call) or (
            isinstance(value, ir.Name) and self.versions.of_read.get(value) in self.held
        )


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


def _copied(value: ir.Expr) -> set[str]:
    """The variables of whose elements a new list is made: `p[:]`, `list(p)`, `p.copy()`, `p + q`."""
    match value:
        case ir.Item(base=base, index=ir.Slice()):
            return _roots(base)
        case ir.Call(func=ir.Attribute(base=base, name="copy")):
            return _roots(base)
        case ir.Call(func=ir.Name(id=name, scope="global"), args=args) if name in MAKERS:
            return set().union(*map(_roots, args))
        case ir.Op(op="add" | "mul", args=args):
            return set().union(*map(_roots, args))
    return set()


def _lengthened(function: ir.Function, versions: Versions, kinds: Kinds, held: frozenset[Version]) -> frozenset[Version]:
    """The versions that `p += ...` makes of lists: the object is the one from before."""
    found = set()
    for node in found_in(function, ir.Assign):
        if node.augmented in ("add", "mul", "bitor") and isinstance(node.target, ir.NameTarget):
            version = versions.of_node.get(node.target)
            before = version.previous if version is not None else None
            if version is not None and before in held and not kinds.may_hold_array(version):
                found.add(version)
    return frozenset(found)
