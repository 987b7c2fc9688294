"""Says whether the last thing that is done to a value is to round it, in the function or in what it calls.

Never looks at what a rounded value is used for.
"""
from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from gradgen.analyse.flow.exits import ends_elsewhere, returns_inside
from gradgen.analyse.program import Program, Read
from gradgen.analyse.reads import CallSite
from gradgen.analyse.surroundings.classes import record_fields
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, field

ROUNDINGS = frozenset({"round", "around", "rint"})
KEPT = frozenset({"float", "neg", "pos"})
"""Operations that leave a rounded number one."""
Way = Literal["rounded", "constant", "other"]
Path = tuple[Hashable, ...]
ANY = object()
"""Stands in a path for a key that is no constant."""


@dataclass(eq=False)
class Rounded:
    """How values came about, over all ways to them. What a loop or a recursion carries counts as made otherwise.

    `varies` says of expressions of the function `root` whether they vary.
    """

    program: Program
    root: Read
    varies: Callable[[ir.Expr], bool]
    _known: dict[tuple[object, ...], Way | None] = field(default_factory=dict)
    _places: dict[Read, Mapping[ir.Node | None, tuple[ir.Expr, int]]] = field(default_factory=dict)

    def is_rounded(self, expr: ir.Expr) -> bool:
        """Whether a value of `root` is surely a constant or rounded last of all, and on one way at least it varies otherwise."""
        return self._way(expr, self.root) == "rounded"

    def _way(self, expr: ir.Expr, read: Read) -> Way:
        match expr:
            case ir.Const():
                return "constant"
            case ir.Op(op=op, args=(first, *_)) if op in ROUNDINGS:
                return "rounded" if read is not self.root or self.varies(first) else "constant"
            case ir.Op(op=op, args=(inner,)) if op in KEPT:
                return self._way(inner, read)
            case ir.Op(op="mul" | "div", args=(ir.Op(op=op, args=(first, *_)) as inner, ir.Const())) if op in ROUNDINGS:
                return self._way(inner, read) if _is_scaled(first) else "other"  # round(x * 100) / 100
            case ir.Op(op="ifexp", args=(test, then, orelse)):
                return _joined([self._way(each, read) for each in self._chosen(test, then, orelse, read)])
            case ir.Name():
                version = self.program.versions_in(read).of_read.get(expr)
                return "other" if version is None else self._of_version(version, read)
            case ir.Call():
                return self._of_results(expr, read, ())
            case ir.Item() | ir.Attribute():
                return self._of_part(expr.base, (_step(expr),), read) or "other"
        return "other"

    def _chosen(self, test: ir.Expr, then: ir.Expr, orelse: ir.Expr, read: Read) -> tuple[ir.Expr, ...]:
        """The values that a choice may have: where it is one of a flag of `root`, those that it has by default."""
        parameters = {each.name: each.default for each in read.function.parameters} if read is self.root else {}
        match test:
            case ir.Name(id=name) if isinstance(default := parameters.get(name), ir.Const) and self._is_given(test, read):
                return (then,) if default.value else (orelse,)
            case ir.Op(op="not", args=(ir.Name(id=name) as flag,)) if isinstance(default := parameters.get(name), ir.Const):
                if self._is_given(flag, read):
                    return (orelse,) if default.value else (then,)
        return then, orelse

    def _is_given(self, name: ir.Name, read: Read) -> bool:
        """Whether a name is a parameter that nothing has bound anew."""
        version = self.program.versions_in(read).of_read.get(name)
        return version is not None and version.kind == "parameter"

    def _of_part(self, expr: ir.Expr, path: Path, read: Read) -> Way | None:
        """What stands in a container at a place, by the keys on the way to it; None where nothing does."""
        if not path:
            return self._way(expr, read)
        match expr:
            case ir.Call(target=type() as made) if (names := record_fields(made)) is not None:
                given = _given(expr, names, path[0])
                return "other" if given is None else self._of_part(given, path[1:], read)
            case ir.Call():
                return self._of_results(expr, read, path)
            case ir.Item() | ir.Attribute():
                return self._of_part(expr.base, (_step(expr), *path), read)
            case ir.Display() if (parts := _parts(expr, path[0])) is not None:
                return _joined_parts(self._of_part(part, path[1:], read) for part in parts)
            case ir.Comprehension(element=element):
                return self._of_part(element, path[1:], read)
            case ir.Name() if (version := self.program.versions_in(read).of_read.get(expr)) is not None:
                return self._part_of_version(version, path, read)
        return "other"

    def _part_of_version(self, version: Version, path: Path, read: Read) -> Way | None:
        """What stands at a place in what a variable holds. Of what is stored into it in a loop, each turn brings its own."""
        key = (read, version, path)
        if key not in self._known:
            self._known[key] = None
            self._known[key] = self._stored(version, path, read)
        return self._known[key]

    def _stored(self, version: Version, path: Path, read: Read) -> Way | None:
        match version.kind, version.node, version.sources:
            case "assign", ir.NameTarget(), [ir.Expr() as source]:
                return self._of_part(source, path, read)
            case "phi", _, sources:
                return _joined_parts(self._part_of_version(each, path, read) for each in sources if isinstance(each, Version))
            case "store", ir.ItemTarget(index=index), [Version() as before, ir.Expr() as value]:
                if _key(index) == path[0] != ANY:
                    return self._of_part(value, path[1:], read)
                is_another = ANY not in (_key(index), path[0])
                rest = self._part_of_version(before, path, read)
                return rest if is_another else _joined_parts((rest, self._of_part(value, path[1:], read)))
            case "store", ir.Append(), [Version() as before, ir.Expr() as value]:
                return _joined_parts((self._part_of_version(before, path, read), self._of_part(value, path[1:], read)))
        return "other"

    def _of_version(self, version: Version, read: Read) -> Way:
        key = (read, version)
        is_plain = version.kind == "assign" and isinstance(version.node, ir.NameTarget) and len(version.sources) == 1
        if key not in self._known:
            self._known[key] = "other"
            if is_plain or version.kind == "phi":
                self._known[key] = _joined(
                    self._of_version(source, read) if isinstance(source, Version) else self._way(source, read)
                    for source in version.sources
                )
            elif version.kind == "item" and (found := self._unpacked(read).get(version.node)) is not None:
                value, place = found
                self._known[key] = self._of_part(value, (place,), read)
        return self._known[key] or "other"

    def _unpacked(self, read: Read) -> Mapping[ir.Node | None, tuple[ir.Expr, int]]:
        """The names that assignments take apart, each with the value and its place in it."""
        if read not in self._places:
            self._places[read] = {
                item: (stmt.value, place) for stmt in found_in(read.function, ir.Assign)
                if isinstance(stmt.target, ir.TupleTarget) and stmt.target.starred is None
                for place, item in enumerate(stmt.target.items)
            }
        return self._places[read]

    def _of_results(self, call: ir.Call, read: Read, path: Path) -> Way:
        """What a call gives; of a container, what stands at a place in it."""
        site = self.program.site(call, read, self.program.versions_in(read))
        if site is None:
            return "other"
        if read is self.root and not any(map(self.varies, site.arguments.values())):
            return "constant"
        flags = _flags(site)
        key = (site.read, path, tuple(sorted((name, repr(value)) for name, value in flags.items())))
        if key not in self._known:
            self._known[key] = "other"
            bound = {version.name for version in self.program.versions_in(site.read).all if version.kind != "parameter"}
            returns = returns_with(site.read.function.body, {name: flags[name] for name in flags.keys() - bound})
            values = [stmt.value for stmt in returns]
            self._known[key] = _joined("other" if each is None else self._of_part(each, path, site.read) for each in values)
        return self._known[key] or "other"


def _flags(site: CallSite) -> dict[str, object]:
    """The parameters that a call, or their default, makes True, False or None."""
    given = {each.name: site.arguments.get(each.name, each.default) for each in site.read.function.parameters}
    return {name: each.value for name, each in given.items() if isinstance(each, ir.Const) and each.value in (True, False, None)}


def returns_with(block: ir.Block, flags: Mapping[str, object]) -> Iterator[ir.Exit]:
    """The returns of a block that may be come to where variables have these values."""
    for stmt in block:
        taken = None if not isinstance(stmt, ir.Branch) else _taken(stmt, flags)
        if taken is not None:
            yield from returns_with(taken, flags)
            if ends_elsewhere(taken):
                return
        elif isinstance(stmt, ir.Branch):
            yield from returns_with(stmt.then, flags)
            yield from returns_with(stmt.orelse, flags)
        else:
            yield from returns_inside((stmt,))


def _taken(stmt: ir.Branch, flags: Mapping[str, object]) -> ir.Block | None:
    """The arm of a branch on a variable that is taken; None where that is not known."""
    match stmt.test:
        case ir.Name(id=name) if name in flags:
            return stmt.then if flags[name] else stmt.orelse
        case ir.Op(op="not", args=(ir.Name(id=name),)) if name in flags:
            return stmt.orelse if flags[name] else stmt.then
        case ir.Compare(ops=("is" | "isnot" as op,), operands=(ir.Name(id=name), ir.Const(value=None))) if name in flags:
            return stmt.then if (flags[name] is None) == (op == "is") else stmt.orelse
    return None


def _key(index: ir.Node) -> Hashable:
    """The key of a place; ANY where it is no constant."""
    return index.value if isinstance(index, ir.Const) else ANY


def _step(part: ir.Item | ir.Attribute) -> Hashable:
    """The step from a container to its part: a key, or a name."""
    return _key(part.index) if isinstance(part, ir.Item) else ("attribute", part.name)


def _given(call: ir.Call, names: Sequence[str], step: Hashable) -> ir.Expr | None:
    """What a record is made of at a step into it; None where it is not written there."""
    given = dict(zip(names, call.args, strict=False)) | {label: value for label, value in call.keywords if label is not None}
    if any(isinstance(each, ir.Starred) for each in call.args):
        return None
    match step:
        case int() if step < len(names):
            return given.get(names[step])
        case ("attribute", str() as name):
            return given.get(name)
    return None


def _parts(made: ir.Display, key: Hashable) -> Sequence[ir.Expr] | None:
    """What may stand in a tuple, list or dict that is written out, under a key; None where that is not known."""
    if made.kind == "dict":
        if len(made.keys) != len(made.items):
            return None
        found = [item for each, item in zip(made.keys, made.items, strict=True) if _key(each) == key or ANY in (_key(each), key)]
        return found if ANY in (key, *map(_key, made.keys)) else found[-1:]
    if any(isinstance(each, ir.Starred) for each in made.items) or not (key == ANY or isinstance(key, int)):
        return None
    if not isinstance(key, int):
        return made.items
    return made.items[key:key + 1] if key >= 0 else made.items[len(made.items) + key:][:1]


def _is_scaled(value: ir.Expr) -> bool:
    """Whether a number is times a constant, so that rounding it keeps some of its digits."""
    return isinstance(value, ir.Op) and value.op in ("mul", "div") and any(isinstance(arg, ir.Const) for arg in value.args)


def _joined_parts(ways: Iterable[Way | None]) -> Way | None:
    """What may stand at a place, of which on some ways nothing does."""
    found = [each for each in ways if each is not None]
    return _joined(found) if found else None


def _joined(ways: Iterable[Way | None]) -> Way:
    found = set(ways)
    if "other" in found or not found:
        return "other"
    return "rounded" if "rounded" in found else "constant"
