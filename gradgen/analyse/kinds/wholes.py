"""Says which values are whole numbers by the way they are made: such a value moves in steps, whatever it was found by.

Never looks at running values: what is not surely whole counts as not whole, nor does what a search finds that may go one way
only where two numbers are equal.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.analyse.activity import Activity
from gradgen.analyse.reads import CallSite
from gradgen.analyse.versions import Version, Versions, versions_of
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, field

STEPS = frozenset({"add", "sub", "mul", "neg", "pos", "floordiv", "mod"})
BITS = frozenset({"lshift", "rshift"})
ORDERS = frozenset({"lt", "le", "gt", "ge"})
COUNTS = frozenset({"len", "range"})
"""Functions that give whole numbers: `range` those that a loop over it takes."""
TELLING = frozenset({
    "isna", "isnull", "notna", "notnull", "is_scalar", "is_number", "is_float", "is_integer", "is_bool", "is_list_like",
})
"""Functions of pandas that say yes or no."""


def moves(expr: ir.Expr, activity: Activity, site: Callable[[ir.Call], CallSite | None]) -> bool:
    """Whether an expression's value varies otherwise than in steps. The keys of a dict do not vary."""
    match expr:
        case ir.Call(func=ir.Attribute(name="keys"), args=(), keywords=()):
            return False
    return activity.is_varied(expr) and not Wholes(activity.versions, site).is_whole(expr)


@dataclass(eq=False)
class Wholes:
    """The whole numbers of a function. `site` says what a call runs, `given` which arguments are whole."""

    versions: Versions
    site: Callable[[ir.Call], CallSite | None]
    given: Mapping[str, bool] = field(default_factory=dict)
    is_outermost: bool = True
    _found: dict[Version, bool] = field(default_factory=dict)

    def is_whole(self, expr: ir.Expr) -> bool:
        """Whether an expression's value is surely a whole number."""
        match expr:
            case ir.Const(value=value):
                return type(value) is int
            case ir.Name() if expr in self.versions.of_read:
                return self._is_whole_version(self.versions.of_read[expr])
            case ir.Op(op=op, args=args) if op in STEPS:
                return all(map(self.is_whole, args))
            case ir.Op(op=op, spelling=None):
                return op in BITS
            case ir.Op(op="ifexp", args=(_, then, orelse)):
                return self.is_whole(then) and self.is_whole(orelse)
            case ir.Call(func=ir.Name(id=name, scope="global")) if name in COUNTS:
                return True
            case ir.Call(target=target) if getattr(target, "__name__", "") in TELLING:
                return str(getattr(target, "__module__", "")).partition(".")[0] == "pandas"
            case ir.Call() if self.is_outermost:
                return self._gives_whole(expr)
        return False

    def _is_whole_version(self, version: Version) -> bool:
        if version.kind == "parameter":
            return self.given.get(version.name, False)
        if version.kind not in ("assign", "phi", "item") or not version.sources:
            return False
        if version not in self._found:
            before = set(self._found)
            self._found[version] = True  # what comes round a loop is whole where all else is
            if not all(map(self._is_whole_source, version.sources)):
                for later in [each for each, found in self._found.items() if found and each not in before]:
                    del self._found[later]  # it may rest on what was assumed
                self._found[version] = False
        return self._found[version]

    def _is_whole_source(self, source: Version | ir.Expr) -> bool:
        return self._is_whole_version(source) if isinstance(source, Version) else self.is_whole(source)

    def _gives_whole(self, call: ir.Call) -> bool:
        """Whether every result of one of the user's own functions is whole."""
        site = self.site(call)
        if site is None or site.receiver is not None:
            return False
        versions = versions_of(site.read.function, site.read.captures)
        left_out = {each.name: each.default for each in site.read.function.parameters if isinstance(each.default, ir.Const)}
        given = {name: default.value is None or type(default.value) is int for name, default in left_out.items()}
        given |= {name: self.is_whole(value) for name, value in site.arguments.items()}
        inside = Wholes(versions, self.site, given, is_outermost=False)
        results = [stmt.value for stmt in versions.returns]
        if not results or versions.falls_through or _may_meet(site.read.function, inside):
            return False
        return all(value is not None and inside.is_whole(value) for value in results)


def _may_meet(function: ir.Function, wholes: Wholes) -> bool:
    """Whether a function may go a way that is taken only where two numbers are equal: it asks for equality, or takes equal ones
    now for those that lie below and now for those above."""
    sides: set[bool] = set()
    for compare in found_in(function, ir.Compare):
        for op, left, right in zip(compare.ops, compare.operands, compare.operands[1:], strict=False):
            if op in ("is", "isnot") or wholes.is_whole(left) and wholes.is_whole(right):
                continue
            if op not in ORDERS or not isinstance(left, ir.Name) and not isinstance(right, ir.Name):
                return True
            is_turned = not isinstance(left, ir.Name) or left not in wholes.versions.of_read
            sides.add((op in ("gt", "le")) != is_turned)
    return len(sides) > 1
