"""Which variables alone lead to the lists inside of what they hold: `m[i][j] = v` is then seen through m only; and which hand
on what they hold and are done with it.

Never looks at what varies. Any doubt counts against a variable.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping

from gradgen.analyse.flow.exits import blocks_of
from gradgen.analyse.reads import CallSite
from gradgen.analyse.recording.quiet import is_quiet
from gradgen.analyse.sharing.changing import asking_keys
from gradgen.analyse.sharing.handing import SAFE_READERS, handed_back
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass
from gradgen.ir.nested import Nested
from gradgen.ir.queries import is_name
from gradgen.rules.carried import ANEW, carried_helper

Site = Callable[[ir.Call], "CallSite | None"]
OF_ELEMENTS = frozenset({"len", "sum", "math.prod", "math.fsum", "math.hypot", "math.dist", "any", "all", "print"})
"""What keeps nothing of a list, and hands out none of its elements that is a list itself."""
COPYING = frozenset({"list", "sorted"})


def stored_alone(function: ir.Function, site: Site) -> frozenset[str]:
    """The variables that are stored into deeply, and alone lead to what is changed by that."""
    deep = {each.base.id for each in found_in(function, ir.ItemTarget) if isinstance(each.index, Nested)
            and isinstance(each.base, ir.Name)}
    return rows_alone(function, deep, site) if deep else frozenset()


def rows_alone(function: ir.Function, names: Collection[str], site: Site) -> frozenset[str]:
    """Those of some variables that are stored into deeply."""
    looked = _Looked(function, site, moved_on(function))
    return frozenset(name for name in names if looked.is_alone(name, looked.depth(name)))


def put_away(function: ir.Function, deep: Collection[str], site: Site) -> frozenset[str]:
    """The lists that are built under a name and then put into another one, and those that they are put into, where nothing else
    ever leads to either: `row.append(x)` and then `rows.append(row)`, the last time that row is read until it is made anew. Into
    the lists in the lists of variables in `deep` something is stored."""
    put: dict[ir.Stmt, tuple[str, str]] = {}
    for stmt in found_in(function, ir.Append, ir.Assign):
        if (parts := _put(stmt)) is not None:
            put[stmt] = parts
    last = _last_reads(function, put) if put else frozenset()
    looked = _Looked(function, site, moved_on(function), last) if last else None
    held: dict[str, set[str]] = {}
    for base, name in (put[stmt] for stmt in last):
        held.setdefault(base, set()).add(name)
    inner = set().union(*held.values())
    found = (base for base in held if looked is not None and base not in {*deep, *inner} and looked.is_alone(base, 2))
    return frozenset(name for base in found for name in (base, *held[base]))


def _put(stmt: ir.Append | ir.Assign) -> tuple[str, str] | None:
    """Into which variable's list a statement puts what a variable holds, and which that is."""
    match stmt:
        case ir.Append(base=ir.Name(id=base), value=ir.Name(id=name, scope="local")):
            return base, name
        case ir.Assign(target=ir.ItemTarget(base=ir.Name(id=base), index=index), value=ir.Name(id=name, scope="local")):
            return None if stmt.augmented or isinstance(index, ir.Opaque | ir.Slice) else (base, name)
    return None


def _last_reads(function: ir.Function, put: Mapping[ir.Stmt, tuple[str, str]]) -> frozenset[ir.Stmt]:
    """The statements after which nothing reads or binds what they put away, until lines before make it anew."""
    given, everywhere = {each.name for each in function.parameters}, _mentions(function.body)
    found = set()
    for block in _blocks(function.body):
        for place, stmt in enumerate(block):
            name = put[stmt][1] if stmt in put else ""
            if not name or name in given or put[stmt][0] == name or everywhere[name] != _mentions(block[: place + 1])[name]:
                continue
            before = next(each for each in block if name in _mentions((each,)))
            match before:
                case ir.Assign(target=ir.NameTarget(id=made), value=value, augmented=None) if made == name:
                    if all(each.id != name for each in ir.names_read(value)):
                        found.add(stmt)
    return frozenset(found)


def moved_on(function: ir.Function) -> frozenset[ir.Stmt]:
    """The assignments `old = new` by which what one variable holds goes over to another: nothing reads or binds the first any
    more, until the lines before make it anew."""
    found: set[ir.Stmt] = set()
    given = {each.name for each in function.parameters}
    mentions: Counter[str] | None = None
    for block in _blocks(function.body):
        for place, stmt in enumerate(block):
            match stmt:
                case ir.Assign(target=ir.NameTarget(id=old), value=ir.Name(id=new, scope="local"), augmented=None) if old != new:
                    pass
                case _:
                    continue
            mentions = _mentions(function.body) if mentions is None else mentions
            before = next((each for each in block[:place] if new in _mentions((each,))), None)
            match before:
                case ir.Assign(target=ir.NameTarget(id=made), value=value) if made == new and before.augmented is None:
                    is_made = all(each.id != new for each in ir.names_read(value))
                case _:
                    is_made = False
            if is_made and new not in given and mentions[new] == _mentions(block[: place + 1])[new]:
                found.add(stmt)
    return frozenset(found)


def bound_inside(function: ir.Function) -> frozenset[str]:
    """The variables that only comprehensions bind, for themselves."""
    own = {name for each in found_in(function, ir.Generator) for name in _bound(each.target)}
    inside = {id(each) for generator in found_in(function, ir.Generator) for each in ir.walk(generator.target)}
    return frozenset(own - {each.id for each in found_in(function, ir.NameTarget) if id(each) not in inside})


def copied_from(value: ir.Comprehension) -> ir.Expr | None:
    """What `[each for each in xs]` copies, or a stretch of; None for any other comprehension."""
    match value:
        case ir.Comprehension(element=ir.Name(id=each), generators=(ir.Generator(target=ir.NameTarget(id=own), iterable=along),)):
            return along if own == each and isinstance(along, ir.Name | ir.Item) else None
    return None


def _blocks(block: ir.Block) -> Iterator[ir.Block]:
    yield block
    for stmt in block:
        for inner in blocks_of(stmt):
            yield from _blocks(inner)


def _mentions(block: ir.Block) -> Counter[str]:
    """How often each variable is read, bound or stored into in a block."""
    found: Counter[str] = Counter()
    for node in (each for stmt in block for each in ir.walk(stmt)):
        match node:
            case ir.Name(id=name) | ir.NameTarget(id=name) | ir.Walrus(name=name) | ir.Handler(name=str(name)):
                found[name] += 1
            case ir.Define(name=name, captures=captures):
                found.update((name, *captures))
            case ir.Inert(binds=binds):
                found.update(binds)
    return found


@dataclass(frozen=True, slots=True)
class _Looked:
    """A function, and the functions that it calls."""

    function: ir.Function
    site: Site
    moved: frozenset[ir.Stmt] = frozenset()
    put: frozenset[ir.Stmt] = frozenset()

    def depth(self, name: str) -> int:
        """How many containers deep something is stored into a variable's; 0 where that is not known."""
        places = [each.index for each in found_in(self.function, ir.ItemTarget) if is_name(each.base, name)]
        deep = [each.path for each in places if isinstance(each, Nested)]
        is_known = len(deep) == sum(isinstance(each, ir.Opaque) for each in places)
        return max(map(len, deep), default=0) if is_known else 0

    def is_alone(self, name: str, depth: int) -> bool:
        """Whether the containers at less than a depth in what a variable holds are new, each in one place, and nothing else
        ever leads to them."""
        if depth == 0 or any(each.name == name for each in self.function.parameters):
            return False
        is_bound = any(each.id == name for each in found_in(self.function, ir.NameTarget))
        return is_bound and all(self._is_new_there(name, depth)) and self._only_looks(name, 0, depth)

    def _is_new_there(self, name: str, depth: int) -> Iterator[bool]:
        """Whether all that is bound to a variable, or stored into what it holds, is new."""
        for stmt in ir.nodes_of(self.function):
            match stmt:
                case ir.Assign(target=ir.NameTarget(id=own), value=ir.Name(id=other)) if own == name and stmt in self.moved:
                    yield self.is_alone(other, depth)
                case ir.Assign(target=ir.NameTarget(id=own), value=value) if own == name:
                    yield stmt.augmented is None and self.is_new(value, depth)
                case ir.Append(base=base, value=ir.Name(id=other)) | ir.Assign(
                    target=ir.ItemTarget(base=base), value=ir.Name(id=other)
                ) if is_name(base, name) and stmt in self.put:
                    yield depth == 1 or self.is_alone(other, depth - 1)
                case ir.Assign(target=ir.ItemTarget(base=base, index=index), value=value) if is_name(base, name):
                    inside = len(index.path) if isinstance(index, Nested) else 1
                    yield not isinstance(index, ir.Slice) and self.is_new(value, depth - inside)
                case ir.Append(base=base, value=value) if is_name(base, name):
                    yield self.is_new(value, depth - 1)
                case ir.Assign(target=ir.TupleTarget() as target):
                    yield name not in {*_bound(target), *_stored(target)}
                case ir.For(target=target) | ir.Generator(target=target):
                    yield name not in _bound(target)
                case ir.Walrus(name=own) | ir.Define(name=own) | ir.Handler(name=str(own)):
                    yield own != name
                case ir.Define(captures=captures):
                    yield name not in captures
                case ir.Inert(binds=binds):
                    yield name not in binds
                case ir.With(items=items):
                    yield not any(target is not None and name in _bound(target) for _, target in items)

    def is_new(self, value: ir.Expr, depth: int) -> bool:
        """Whether a value, and what it holds at less than a depth, are containers made by it, each in one place, or none."""
        if depth <= 0:
            return True
        match value:
            case ir.Const():
                return True
            case ir.Display(kind="list" | "dict", items=items):
                return all(not isinstance(each, ir.Starred) and self.is_new(each, depth - 1) for each in items)
            case ir.Comprehension(kind="list", element=element):
                return self.is_new(element, depth - 1)
            case ir.Op(op="mul", args=(ir.Display(kind="list", items=items), _)):
                return depth == 1 or all(isinstance(each, ir.Const) for each in items)
            case ir.Op(op="add", args=args):
                return any(isinstance(each, ir.Display | ir.Comprehension) for each in args) and (
                    depth == 1 or all(self.is_new(each, depth) for each in args)
                )
            case ir.Item(index=ir.Slice()):
                return depth == 1
            case ir.Call(func=ir.Name(id=name, scope="global")) if name in COPYING:
                return depth == 1
            case ir.Call(func=ir.Attribute(name="copy"), args=(), keywords=()):
                return depth == 1
            case ir.Call() if carried_helper(value.target) in ANEW:
                return True
            case ir.Call() if (site := self.site(value)) is not None and not hasattr(value.target, "cache_info"):
                inside = _Looked(site.read.function, lambda call: None)
                results = [each.value for each in found_in(site.read.function, ir.Exit) if each.kind == "return"]
                return all(each is not None and inside.gives_new(each, depth) for each in results)
        return False

    def gives_new(self, value: ir.Expr, depth: int) -> bool:
        """Whether what a function returns is new, and kept by nothing."""
        if isinstance(value, ir.Name):
            return value.scope == "local" and self.is_alone(value.id, depth)
        return self.is_new(value, depth)

    # --- reads ---

    def _only_looks(self, name: str, level: int, depth: int) -> bool:
        """Whether what reads a variable, which holds what stands at a level, keeps nothing of it above a depth."""
        fitting = {id(read) for read in self._fitting(name, level, depth)}
        return all(id(each) in fitting for each in found_in(self.function, ir.Name) if each.id == name)

    def _fitting(self, name: str, level: int, depth: int) -> Iterator[ir.Name]:
        """The reads of a variable that keep nothing."""
        has_final = any(each.final for each in found_in(self.function, ir.Try))
        for key in asking_keys(self.function):
            yield from (read for read in ir.names_read(key))
        for node in ir.nodes_of(self.function):
            match node:
                case ir.Append(base=base, value=ir.Name() as value) if node in self.put:
                    yield from (value, *((base,) if level == 0 else ()))
                case ir.ItemTarget(base=ir.Name() as base) | ir.Append(base=base) if level == 0:
                    yield base
                case ir.Exit(kind="return", value=ir.Name() as value) if not has_final:
                    yield value
                case ir.Assign(value=ir.Name() as value) if node in self.moved or node in self.put:
                    yield value
                case ir.Item():
                    root, steps = _root(node)
                    is_copy = isinstance(node.index, ir.Slice)
                    if root is not None and level + steps + is_copy >= depth:
                        yield root
                case ir.Call(func=func, args=args):
                    named = func.id if isinstance(func, ir.Name) and func.scope == "global" else ""
                    joins = named == "sum" and len(args) > 1
                    keeps_nothing = named in OF_ELEMENTS and not joins or carried_helper(node.target) in ANEW
                    for arg in args if keeps_nothing or named in SAFE_READERS or is_quiet(node) else ():
                        root, steps = _root(arg)
                        if root is not None and (keeps_nothing or level + steps + 1 >= depth):
                            yield root
                    yield from self._handed(node, level, depth)
                case ir.For(target=target, iterable=iterable) | ir.Generator(target=target, iterable=iterable):
                    for root, held, inside in _gone_through(target, iterable):
                        if root.id == name and self._passes(node, held, level + inside, depth, name):
                            yield root

    def _handed(self, call: ir.Call, level: int, depth: int) -> Iterator[ir.Name]:
        """What a function of the user's own is handed, and does not hand back."""
        site = self.site(call)
        if site is None:
            return
        back = handed_back(site.read.function)
        stores = {root.id for each in found_in(site.read.function, ir.ItemTarget, ir.Append) if (root := _root(each.base)[0])}
        for parameter, value in site.arguments.items():
            root, _ = _root(value)
            inside = _Looked(site.read.function, lambda call: None)
            if root is not None and parameter not in {*back, *stores} and inside._only_looks(parameter, 0, depth):
                yield root

    def _passes(self, loop: ir.Node, held: ir.Target, level: int, depth: int, name: str) -> bool:
        """Whether a loop over elements leaves nothing that leads to them: nothing is stored meanwhile, nor read afterwards."""
        if level >= depth:
            return True
        if not isinstance(held, ir.NameTarget) or held.id == name:
            return False
        bound = [each for each in found_in(self.function, ir.NameTarget) if each.id == held.id]
        loops = [each for each in found_in(self.function, ir.For, ir.Generator) if held.id in _bound(each.target)]
        if len(bound) != sum(_bound(each.target).count(held.id) for each in loops):
            return False
        if isinstance(loop, ir.For):
            inside = {id(each) for stmt in loop.body for each in ir.walk(stmt)}
            if any(each.id == held.id and id(each) not in inside for each in found_in(self.function, ir.Name)):
                return False
            if any(name in _stored(each) for stmt in loop.body for each in ir.walk(stmt)):
                return False
        return self._only_looks(held.id, level, depth)


def _root(expr: ir.Expr) -> tuple[ir.Name | None, int]:
    """The variable whose element, at some depth, an expression is; a slice of such is as deep as what it is taken of."""
    steps = 0
    while isinstance(expr, ir.Item):
        steps += not isinstance(expr.index, ir.Slice)
        expr = expr.base
    return (expr if isinstance(expr, ir.Name) else None), steps


def _bound(target: ir.Target) -> list[str]:
    return [each.id for each in ir.walk(target) if isinstance(each, ir.NameTarget)]


def _stored(node: ir.Node) -> list[str]:
    """The variables into whose containers a node, or a target inside of it, stores."""
    found = (each.base for each in ir.walk(node) if isinstance(each, ir.ItemTarget | ir.AttributeTarget | ir.Append))
    return [each.id for each in found if isinstance(each, ir.Name)]


def _gone_through(target: ir.Target, iterable: ir.Expr) -> Iterator[tuple[ir.Name, ir.Target, int]]:
    """The variables whose elements a loop goes through, what holds these, and how deep they stand."""
    match iterable:
        case ir.Name() | ir.Item():
            root, steps = _root(iterable)
            if root is not None:
                yield root, target, steps + 1
        case ir.Call(func=ir.Name(id="enumerate", scope="global"), args=(inner, *_)):
            if isinstance(target, ir.TupleTarget) and len(target.items) == 2:
                yield from _gone_through(target.items[1], inner)
        case ir.Call(func=ir.Name(id="reversed", scope="global"), args=(inner,)):
            yield from _gone_through(target, inner)
        case ir.Call(func=ir.Name(id="zip", scope="global"), args=args):
            if isinstance(target, ir.TupleTarget) and len(target.items) == len(args):
                for each, arg in zip(target.items, args, strict=True):
                    yield from _gone_through(each, arg)
