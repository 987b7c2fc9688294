"""What generated lines put together of whole numbers that are given, `(1 - a)` out of `x - a * x`, and what they take apart,
`-df * a` out of `-a * x`: that is right for numbers that do not wrap around.

Never looks at what the user's own lines put together: that wraps as it does there.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from gradgen.analyse.kinds.wrapping import KEEPING, makes_narrow
from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, field
from gradgen.simplify.fold import same
from gradgen.transform.gradient import Gradient
from gradgen.transform.module import lines_of

FACTORS = frozenset({"mul", "neg"})
"""Operations that products are taken apart at."""
TOGETHER = FACTORS | {"add", "sub", "pow", "square", "log"}
"""Operations that wrap around, and one that is computed in as few bits as what it is given has."""

OF_PYTHON = frozenset({"shape", "size", "ndim"})
"""Attributes that are numbers of Python's."""
MADE = "a number that the function makes"
"""Stands, among parameters, for whole numbers and truths that are made of NumPy's sorts: `np.int16(300)`."""


def put_together(gradient: Gradient, versions: Versions, passive: Collection[str]) -> frozenset[str]:
    """The parameters, of those that are `passive`, which the generated lines of a gradient put together otherwise than the
    function does, or take apart."""
    if not passive and not any(map(makes_narrow, found_in(gradient.function, ir.Op))):
        return frozenset()
    hoists = (hoist for named in gradient.edits.hoists.values() for hoist in named)
    return _Together(gradient.function, versions, passive, {each.name: each.expr for each in hoists}).given_in(lines_of(gradient))


@dataclass(slots=True)
class _Together:
    """The arithmetic of a function's parameters: its own, and what generated lines make anew."""

    function: ir.Function
    versions: Versions
    passive: Collection[str]
    hoisted: Mapping[str, ir.Expr]
    given: dict[str, frozenset[str]] = field(default_factory=dict)
    by_name: dict[str, list[Version]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for version in self.versions.all:
            self.by_name.setdefault(version.name, []).append(version)

    def given_in(self, lines: Iterable[ir.Stmt]) -> frozenset[str]:
        """The parameters that lines put together or take apart."""
        own = [(node, given) for node in found_in(self.function, ir.Op) if (given := self._given_to(node))]
        found: set[str] = set()
        alone: set[str] = set()
        named = ((each.name, source) for each in self.versions.all for source in each.sources)
        made = {name for name, source in named if isinstance(source, ir.Op) and makes_narrow(source)}
        waiting: list[ir.Node] = [line for line in lines if line.span is None]
        while waiting:
            node = waiting.pop()
            given = self._given_to(node)
            if given and any(same(node, each) for each, _ in own):
                continue
            found |= given or frozenset()
            alone |= {MADE if node.id in made else node.id} if isinstance(node, ir.Name) else set()
            waiting += ir.children_of(node)
        taken_apart = (given for node, given in own if isinstance(node, ir.Op) and node.op in FACTORS)
        return frozenset(found).union(*(given for given in taken_apart if not alone.isdisjoint(given)))

    def _given_to(self, node: ir.Node) -> frozenset[str] | None:
        return self._given(node) if isinstance(node, ir.Op) and node.op in TOGETHER else None

    def _given(self, expr: ir.Expr) -> frozenset[str] | None:
        """The parameters of which an expression is made by arithmetic of whole numbers; None where it is of something else."""
        match expr:
            case ir.Value(of=of):
                return self._given(of)
            case ir.Const(value=int()):
                return frozenset()
            case ir.Name(id=name, scope="local"):
                return self._of_name(name) or None
            case ir.Attribute(base=ir.Name() | ir.Attribute() as base, name=name) if name not in OF_PYTHON:
                return self._given(base)
            case ir.Op() as op if makes_narrow(op):
                return frozenset({MADE})
            case ir.Op(op="where" | "ifexp", args=(_, then, orelse)):
                return self._given(ir.Op("add", (then, orelse)))
            case ir.Op(op=op, args=args) if op in KEEPING or op in TOGETHER:
                parts = [self._given(arg) for arg in args]
                known = [part for part in parts if part is not None]
                return frozenset().union(*known) if len(known) == len(parts) else None
        return None

    def _of_name(self, name: str) -> frozenset[str]:
        if name not in self.given:
            self.given[name] = frozenset()
            own = [self._of_version(each) for each in self.by_name.get(name, ())]
            named = self._given(self.hoisted[name]) if name in self.hoisted else None
            self.given[name] = frozenset().union(*own, named or ())
        return self.given[name]

    def _of_version(self, version: Version) -> frozenset[str]:
        if version.kind == "parameter":
            return frozenset({version.name}.intersection(self.passive))
        sources = (source for source in version.sources if isinstance(source, ir.Expr)) if version.kind == "assign" else ()
        found = [self._given(source) for source in sources]
        return frozenset().union(*(each for each in found if each is not None))
