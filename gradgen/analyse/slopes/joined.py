"""Which operators make what is used as a list, through the containers, variables and functions that hand it on: they join lists.

Never looks at what a call brings; a text for numbers knows nothing of it.
"""
from __future__ import annotations

from collections.abc import Iterator

from gradgen.analyse.kinds.variables import origins_of
from gradgen.analyse.program import CallSite, Program, Read
from gradgen.analyse.surroundings.classes import record_fields
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, field
from gradgen.ir.kinds import Kind
from gradgen.ir.nested import Nested
from gradgen.rules.parsing import BINARY, UNARY

OPERATORS = frozenset({*BINARY.values(), *UNARY.values()}) - {"not"}
MOST = 5  # steps on the way to an element
CONSUMERS = frozenset({
    "sum", "len", "sorted", "list", "tuple", "max", "min", "any", "all", "enumerate", "reversed", "zip", "math.fsum",
})
AS_THEY_ARE = frozenset({"sorted", "list", "tuple", "reversed"})

Way = tuple[object, ...]
"""The keys that lead from a value to a part of it that is used as a container; `...` is any."""


def operators_joining(program: Program, root: Read) -> frozenset[ir.Op | ir.Call]:
    """The operators, of a function and of those that it calls, whose results are used as containers; sums from a start are
    such."""
    uses = _Uses(program)
    reads = [root]
    for read in reads:
        for call in found_in(read.function, ir.Call):
            site = program.site(call, read, program.versions_in(read))
            if site is not None:
                uses.callers.setdefault(site.read, []).append((read, site))
                reads += [] if site.read in reads else [site.read]
    for read in reads:
        uses.origins.update(origins_of(read.function))
        for base in _bases(read.function):
            uses.value(read, base, ())
    while uses.waiting:
        uses.version(*uses.waiting.pop())
    return frozenset(uses.joined)


def _bases(function: ir.Function) -> Iterator[ir.Expr]:
    """The values of a function that are used as containers."""
    for node in found_in(
        function, ir.Item, ir.Attribute, ir.ItemTarget, ir.AttributeTarget, ir.For, ir.Generator, ir.Assign, ir.Starred, ir.Call
    ):
        match node:
            case ir.Item(base=base) | ir.Attribute(base=base) | ir.ItemTarget(base=base) | ir.AttributeTarget(base=base):
                yield base
            case ir.For(iterable=base) | ir.Generator(iterable=base):
                yield base
            case ir.Assign(target=ir.TupleTarget(), value=base) | ir.Starred(value=base):
                yield base
            case ir.Call(func=ir.Name(id=name, scope="global"), args=args) if name in CONSUMERS:
                yield from args if len(args) == 1 or name in ("zip", "sum") else args[:1] if name == "enumerate" else ()


@dataclass(slots=True)
class _Uses:
    """Follows what is used as a container back to where it is made."""

    program: Program
    callers: dict[Read, list[tuple[Read, CallSite]]] = field(default_factory=dict)
    origins: dict[ir.Node, tuple[ir.Expr, tuple[int | None, ...]]] = field(default_factory=dict)
    joined: set[ir.Op | ir.Call] = field(default_factory=set)
    waiting: list[tuple[Read, Version, Way]] = field(default_factory=list)
    seen: set[tuple[Read, Version, Way]] = field(default_factory=set)
    results: set[tuple[Read, Way]] = field(default_factory=set)

    def value(self, read: Read, expr: ir.Expr, way: Way) -> None:
        """What an expression gives has a part, along the way, that is used as a container."""
        if len(way) > MOST or self._is_of_arrays(read, expr):
            return
        match expr:
            case ir.Name():
                version = self.program.versions_in(read).of_read.get(expr)
                if version is not None and (read, version, way) not in self.seen:
                    self.seen.add((read, version, way))
                    self.waiting.append((read, version, way))
            case ir.Value(of=inner) | ir.Walrus(value=inner):
                self.value(read, inner, way)
            case ir.Item(base=base, index=index):
                key = index.value if isinstance(index, ir.Const) else ...
                self.value(read, base, way if isinstance(index, ir.Slice) else (key, *way))
            case ir.Attribute(base=base, name=name):
                self.value(read, base, (name, *way))
            case ir.Op(op="ifexp" | "and" | "or" as op, args=args):
                for arg in args[op == "ifexp" :]:
                    self.value(read, arg, way)
            case ir.Op(op=op, args=args) if op in OPERATORS:
                if not any(isinstance(arg, ir.Display | ir.Comprehension) for arg in args):
                    self.joined.add(expr)
            case ir.Display() | ir.Comprehension() if way:
                for key, part in _parts(expr):
                    if _may_be(key, way[0]):
                        self.value(read, part, way[1:])
            case ir.Call():
                self._call(read, expr, way)

    def _is_of_arrays(self, read: Read, expr: ir.Expr) -> bool:
        """Whether a value is known to be an array, or what only arrays have: operators are those of arrays there."""
        kinds = self.program.kinds_of(read)
        kind = kinds.of(expr) if kinds.has_arrays else None
        is_array = isinstance(kind, Kind) and bool(kind.shape)
        return is_array or isinstance(expr, ir.Attribute) and expr.name in ("T", "shape", "size", "ndim", "dtype", "flat")

    def _call(self, read: Read, call: ir.Call, way: Way) -> None:
        site = self.program.site(call, read, self.program.versions_in(read))
        name = call.func.id if isinstance(call.func, ir.Name) and call.func.scope == "global" else ""
        fields = record_fields(call.target)
        if site is not None:
            if (site.read, way) in self.results:
                return
            self.results.add((site.read, way))
            for stmt in self.program.versions_in(site.read).returns:
                if stmt.value is not None:
                    self.value(site.read, stmt.value, way)
        elif fields is not None and way:
            for key, part in (*zip(fields, call.args, strict=False), *call.keywords):
                if _may_be(key, way[0]) or isinstance(way[0], int):
                    self.value(read, part, way[1:])
        elif name == "sum" and start_of(call) is not None:
            self.joined.add(call)
        elif name == "dict" and way:
            for key, part in call.keywords:
                if key is None or _may_be(key, way[0]):
                    self.value(read, part, way if key is None else way[1:])
        elif name in AS_THEY_ARE:
            for arg in call.args[:1]:
                self.value(read, arg, way)
        elif name in ("max", "min") and len(call.args) == 1:
            self.value(read, call.args[0], (..., *way))
        elif name == "enumerate" and len(way) > 1 and way[1] == 1:
            self.value(read, call.args[0], (..., *way[2:]))
        elif name == "zip" and len(way) > 1:
            for place, arg in enumerate(call.args):
                if _may_be(place, way[1]):
                    self.value(read, arg, (..., *way[2:]))
        elif isinstance(call.func, ir.Attribute) and call.func.name in ("values", "copy"):
            self.value(read, call.func.base, way)
        elif isinstance(call.func, ir.Attribute) and call.func.name == "items" and len(way) > 1 and way[1] == 1:
            self.value(read, call.func.base, (..., *way[2:]))
        elif isinstance(call.func, ir.Attribute) and call.func.name in ("get", "pop"):
            self.value(read, call.func.base, (..., *way))

    def version(self, read: Read, version: Version, way: Way) -> None:
        """What a variable holds has such a part."""
        if version.kind == "parameter":
            for caller, site in self.callers.get(read, ()):
                if (given := site.arguments.get(version.name)) is not None:
                    self.value(caller, given, way)
        elif version.kind == "item" and version.node in self.origins:
            whole, steps = self.origins[version.node]
            self.value(read, whole, (*(... if step is None else step for step in steps), *way))
        elif version.kind in ("assign", "phi", "store"):
            keys = self._stored_at(version) if version.kind == "store" else ()
            for source in version.sources:
                if isinstance(source, Version) and (read, source, way) not in self.seen:
                    self.seen.add((read, source, way))
                    self.waiting.append((read, source, way))
                elif isinstance(source, ir.Expr) and version.kind == "assign":
                    self.value(read, source, way)
                elif isinstance(source, ir.Expr) and len(way) >= len(keys) and all(map(_may_be, keys, way)):
                    self.value(read, source, way[len(keys) :])

    @staticmethod
    def _stored_at(version: Version) -> Way:
        match version.node:
            case ir.ItemTarget(index=ir.Const(value=key)) | ir.AttributeTarget(name=key):
                return (key,)
            case ir.ItemTarget(index=Nested(path=path)):
                return tuple(each.value if isinstance(each, ir.Const) else ... for each in path)
        return (...,)


def start_of(call: ir.Call) -> ir.Expr | None:
    """What a sum is added to, where that may be a list."""
    given = next(iter(call.args[1:]), dict(call.keywords).get("start"))
    return None if isinstance(given, ir.Const) else given


def sums_of_lists(function: ir.Function) -> Iterator[ir.Call]:
    """The sums that are added to a list or tuple that is written out."""
    for call in found_in(function, ir.Call):
        is_sum = isinstance(call.func, ir.Name) and call.func.scope == "global" and call.func.id == "sum"
        if is_sum and isinstance(start_of(call), ir.Display | ir.Comprehension):
            yield call


def _parts(expr: ir.Display | ir.Comprehension) -> Iterator[tuple[object, ir.Expr]]:
    """The parts of what is made there, each with its key."""
    if isinstance(expr, ir.Comprehension):
        yield ..., expr.element
        return
    is_spread = any(isinstance(item, ir.Starred) for item in expr.items)
    for place, item in enumerate(expr.items):
        key: object = ... if is_spread else place
        if expr.kind == "dict":
            key = at.value if place < len(expr.keys) and isinstance(at := expr.keys[place], ir.Const) else ...
        if not isinstance(item, ir.Starred):
            yield key, item


def _may_be(key: object, wanted: object) -> bool:
    return key is ... or wanted is ... or key == wanted or isinstance(wanted, int) and wanted < 0
