"""Makes sure that adjoints which are changed in place, or handed out, share no data with others: copies where they would.

Never looks at the forward part; the user's own arrays are analyse.sharing.views' business.
"""
from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.sharing.lending import VIEWS
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.ir.hooks import Verbatim
from gradgen.ir.kinds import Holder, Kind
from gradgen.ir.queries import variables_read

SHARING = VIEWS | {"unbroadcast", "unreduce", "rollaxis_adjoint"}
READ_ONLY = frozenset({"broadcast_to", "unreduce", "diagonal"})


def owned(
    lines: Sequence[ir.Stmt], returned: Sequence[str], foreign: Sequence[str], kinds: Kinds, held: AbstractSet[str] = frozenset()
) -> list[ir.Stmt]:
    """Backward lines in which no two names share an array that one of them changes, and no two `returned` ones share any.

    `foreign` are the seeds and other arrays that belong to the caller, `held` the adjoints of containers.
    """
    return _Owners(lines, frozenset(returned), frozenset(foreign), kinds, held).result()


def begun(lines: Sequence[ir.Stmt], seeds: Collection[str]) -> int:
    """Where the backward part begins, the copies of `seeds` that it makes first included."""
    place = next((place for place, line in enumerate(lines) if isinstance(line, ir.Comment)), len(lines))
    while place > 0 and _is_copy_of(lines[place - 1], seeds):
        place -= 1
    return place


def _is_copy_of(line: ir.Stmt, seeds: Collection[str]) -> bool:
    match line:
        case ir.Assign(target=ir.NameTarget(id=name), value=ir.Call(func=ir.Attribute(base=ir.Name(id=given), name="copy"))):
            return name == given and name in seeds
        case ir.Assign(target=ir.NameTarget(id=name), value=ir.Call(func=ir.Name(scope="global"), args=(ir.Name(id=given),))):
            return name == given and name in seeds
    return False


class _Owners:
    def __init__(
        self, lines: Sequence[ir.Stmt], returned: frozenset[str], foreign: frozenset[str], kinds: Kinds,
        held: AbstractSet[str],
    ) -> None:
        self.lines = lines
        self.returned = returned
        self.foreign = foreign
        self.kinds = kinds
        self.held = held
        self.mutated = {name for line in lines for node in ir.walk(line) for name in _mutated(node) if self._may_be_array(name)}
        self.groups: dict[str, frozenset[str]] = {}
        self.last: dict[str, int] = {}
        self.frozen: set[str] = set()
        for index, line in enumerate(lines):
            for node in ir.walk(line):
                if isinstance(node, ir.Name):
                    self.last[node.id] = index

    def result(self) -> list[ir.Stmt]:
        opening: list[ir.Stmt] = [
            ir.Assign(ir.NameTarget(name), copied(ir.Name(name), self.kinds)) for name in sorted(self.mutated & self.foreign)
        ]
        self.foreign -= self.mutated
        following = (*self.lines[1:], None)
        written = [
            line if self._is_moved(line, after) else self._statement(line, index, False)
            for index, (line, after) in enumerate(zip(self.lines, following, strict=False))
        ]
        if not opening:
            return written
        reading = (i for i, line in enumerate(self.lines) if self.mutated & variables_read(line))
        own = [i for i, line in enumerate(self.lines) if line.span is not None]  # the user's, with values that are named in it
        first = max(next(reading, 0), own[-1] + 1 if own else 0)
        while first > 0 and isinstance(self.lines[first - 1], ir.Comment) and self.lines[first - 1].span is None:
            first -= 1
        return [*written[:first], *opening, *written[first:]]

    def _statement(self, stmt: ir.Stmt, index: int, is_inside: bool) -> ir.Stmt:
        match stmt:
            case ir.Assign(target=ir.NameTarget(id=name), value=value, augmented=None):
                return replace(stmt, value=self._shared(name, value, index, is_inside))
            case ir.Assign(target=ir.TupleTarget(items=targets), value=ir.Display(items=items) as value, augmented=None):
                parts = tuple(
                    self._shared(target.id, item, index, True) if isinstance(target, ir.NameTarget) else item
                    for target, item in zip(targets, items, strict=True)
                )
                return replace(stmt, value=replace(value, items=parts))
            case ir.Branch(then=then, orelse=orelse):
                return replace(stmt, then=self._block(then, index, is_inside), orelse=self._block(orelse, index, is_inside))
            case ir.For(body=body) | ir.While(body=body):
                return replace(stmt, body=self._block(body, index, True))
        return stmt

    def _block(self, block: ir.Block, index: int, is_inside: bool) -> ir.Block:
        following = (*block[1:], None)
        return tuple(
            stmt if self._is_moved(stmt, after) else self._statement(stmt, index, is_inside)
            for stmt, after in zip(block, following, strict=False)
        )

    def _is_moved(self, stmt: ir.Stmt, following: ir.Stmt | None) -> bool:
        """Whether a container is bound to another name and made anew at once: `dd_1 = dd`, `dd = zeros_like(d)`."""
        match stmt, following:
            case (ir.Assign(value=ir.Name(id=given), augmented=None),
                  ir.Assign(target=ir.NameTarget(id=bound), value=ir.Call(func=ir.Name(id="zeros_like"), args=args))):
                is_read = any(name.id == given for arg in args for name in ir.names_read(arg))
                is_alone = given not in self.returned or self.groups.get(given, {given}) == {given}
                return given == bound and not is_read and given not in self.foreign and is_alone
        return False

    def _shared(self, name: str, value: ir.Expr, index: int, is_inside: bool) -> ir.Expr:
        """The value that `name` gets: a copy where it would share data that must stay apart."""
        if self._is_read_only(value) and self._may_be_array(name):
            if name in self.mutated | self.returned:
                return copied(value, self.kinds)
            self.frozen.add(name)
        lenders = self._lenders(value) - {name} if self._may_be_array(name) else set()
        if not lenders:
            return value
        group = frozenset({name}).union(*(self.groups.get(each, frozenset({each})) for each in (name, *lenders)))
        alike = group - {name}  # who lends may have borrowed itself
        is_last = all(self.last.get(each, -1) <= index for each in alike)
        is_moved = is_last and not is_inside and not alike & (self.foreign | self.returned)
        is_row = isinstance(self.kinds.named.get(name), Holder)  # a part of the outer adjoint, to be added to in place
        changed = bool(group & self.mutated) and not is_moved and not is_row
        handed_out = len(group & self.returned) + len(group & self.foreign) > 1 and bool(group & self.returned)
        if changed or handed_out:
            is_held = isinstance(value, ir.Name) and value.id in self.held
            return ir.Call(ir.Name("copied", "global"), (value,)) if is_held else copied(value, self.kinds)
        for each in group:
            self.groups[each] = group
        return value

    def _is_read_only(self, value: ir.Expr) -> bool:
        """Whether NumPy lets nobody write to an expression's value: one element stands for many there."""
        match value:
            case ir.Name(id=name):
                return name in self.frozen
            case ir.Item(base=base) | ir.Attribute(base=base):
                return self._is_read_only(base)
            case ir.Op(op="diag", args=(inner, *_)) if (shape := self.kinds.shape(inner)) is None or len(shape) == 2:
                return True
            case ir.Op(op=op, args=args) if op in SHARING:
                return op in READ_ONLY or bool(args) and self._is_read_only(args[0])
        return False

    def _lenders(self, value: ir.Expr) -> set[str]:
        return lenders(value, self.kinds)

    def _may_be_array(self, name: str) -> bool:
        return _may_be_array(name, self.kinds)


def lenders(value: ir.Expr, kinds: Kinds) -> set[str]:
    """The names of gradgen's own arrays whose data an expression's value may share."""
    match value:
        case ir.Name(id=name):
            return {name} if _may_be_array(name, kinds) else set()
        case ir.Item(base=base) | ir.Attribute(base=base):
            return set() if kinds.shape(value) == () else lenders(base, kinds)
        case ir.Op(op=op, args=args) if op in SHARING:
            return set().union(*(lenders(arg, kinds) for arg in args[: 1 if op != "ifexp" else 3]))
        case ir.Display(items=items):
            return set().union(*(lenders(item, kinds) for item in items)) if items else set()
        case ir.Call(func=ir.Name(id="list"), args=(given,)) | ir.Call(func=ir.Attribute(base=given, name="pop")):
            return lenders(given, kinds)
    return set()


def _may_be_array(name: str, kinds: Kinds) -> bool:
    kind = kinds.named.get(name)
    return not (isinstance(kind, Kind) and kind.shape == ())


def copied(value: ir.Expr, kinds: Kinds) -> ir.Expr:
    """A copy of an array that an expression gives; of what may be a number too, of which np.copy would make an array."""
    match value:
        case ir.Call(func=ir.Name(id="list"), args=(given,)):  # the rows of an array: those of a copy
            return replace(value, args=(copied(given, kinds),))
        case ir.Display(items=items):
            return replace(value, items=tuple(copied(item, kinds) if lenders(item, kinds) else item for item in items))
    if isinstance(value, ir.Name) and isinstance(kinds.named.get(value.id), Holder):
        return ir.Call(ir.Name("copied", "global"), (value,))
    if isinstance(value, ir.Op) and value.op == "ifexp":
        test, *arms = value.args
        held = (copied(arm, kinds) if isinstance(arm, ir.Name | ir.Item) else arm for arm in arms)
        return replace(value, args=(test, *held))
    if kinds.shape(value):
        return ir.Call(ir.Attribute(value, "copy"), ())
    return ir.Call(ir.Name("numpy.positive", "global"), (value,))


def _mutated(node: ir.Node) -> Iterator[str]:
    match node:
        case ir.ItemTarget(base=base):
            while isinstance(base, ir.Item | ir.Attribute):
                base = base.base
            if isinstance(base, ir.Name):
                yield base.id
        case ir.Assign(target=ir.NameTarget(id=name), augmented=str()):
            yield name
        case Verbatim(binds=names):
            yield from names
        case ir.Evaluate(value=ir.Call(func=ir.Name(id="accumulate"), args=(ir.Name(id=name), _))):
            yield name
