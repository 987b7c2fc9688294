"""Which versions vary with wrt, which move the result, and so which are active: need an adjoint.

Never refuses: an expression that nobody can differentiate counts as varying where anything in it does; the transform refuses it.
"""
from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from gradgen.analyse.flow.bisections import Bisection, bisections_of
from gradgen.analyse.kinds.dicts import dict_versions, gone_through, picked_from
from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, field
from gradgen.rules.carried import ZEROS, carried_helper
from gradgen.rules.registry import bind, carried_by, parameters_of

PASSIVE_RESULTS = frozenset({
    "len", "isinstance", "issubclass", "range", "type", "callable", "hasattr", "print", "any", "all", "bool",
})
UNFIT = "?"
ARITHMETIC = frozenset({"add", "sub", "mul", "div", "neg", "pos", "pow"})  # whose results vary with each operand
TRUTHS = frozenset({"not", "is", "isnot", "in", "notin"})
CallVaries = Callable[[ir.Call, Callable[[ir.Expr], bool]], bool]
CallCarries = Callable[[ir.Call], "list[ir.Expr] | None"]


def carrying_operands(operation: str) -> frozenset[str] | None:
    """The operands whose derivative some row of the operation passes on; None where the operation has no row."""
    carried = carried_by(operation)
    return None if carried is None else carried | {UNFIT}


def operands_of(op: ir.Op) -> Iterable[tuple[str, ir.Expr]]:
    """An operation's operands with the names that its rows give them, defaults included; UNFIT where no row takes the call."""
    names = parameters_of(op.op) if op.spelling is op.family is None and not op.keywords else None
    if names is not None and len(names) == len(op.args):
        return zip(names, op.args, strict=True)
    return _operands_bound(op)


def _operands_bound(op: ir.Op) -> Iterator[tuple[str, ir.Expr]]:
    bound = bind(op.op, op.args, op.keywords, op.family)
    if bound is None:
        bound = {UNFIT: (*op.args, *(value for _, value in op.keywords))}
    for name, operands in bound.items():
        for operand in operands:
            yield name, operand


def carrying(op: ir.Op) -> list[ir.Expr]:
    """The operands of an operation through which a derivative may pass."""
    names = carrying_operands(op.op)
    return [operand for name, operand in operands_of(op) if names is None or name in names]


@dataclass(eq=False)
class Activity:
    """The facts: sets of versions. `is_active(expr)` says whether a derivative passes through an expression."""

    versions: Versions
    varied: set[Version]
    useful: set[Version]
    call_varies: CallVaries
    call_carries: CallCarries = lambda call: None
    bisections: Mapping[ir.Stmt, Bisection] = field(default_factory=dict)
    dicts: frozenset[Version] = frozenset()

    def sources_of(self, version: Version) -> Sequence[Version | ir.Expr]:
        """What a version is computed from; what a bisection finds, from what it compares."""
        for stmt, found in self.bisections.items():
            if self._is_found_by(version, stmt, found):
                return found.sides
        return version.sources

    def _is_found_by(self, version: Version, stmt: ir.Stmt, found: Bisection) -> bool:
        is_its_own = version.name in (found.middle, *found.ends)
        return is_its_own and (version is self.versions.headers[stmt].get(version.name) or version.node in found.targets)

    def is_bisected(self, stmt: ir.Stmt) -> bool:
        """Whether a loop is a bisection whose root is active."""
        found = self.bisections.get(stmt)
        if found is None:
            return False
        return any(self.is_active_version(each) for each in self.versions.all if self._is_found_by(each, stmt, found))

    def is_active_version(self, version: Version | None) -> bool:
        return version is not None and version in self.varied and version in self.useful

    def passes_on(self, node: ir.Node) -> bool:
        """Whether the value of a node, in which something varies, varies too."""
        if isinstance(node, ir.Op) and node.op in ARITHMETIC and node not in self.versions.passive:
            return True
        return not isinstance(node, ir.Expr) or self.is_varied(node)

    def is_varied(self, node: ir.Node) -> bool:
        """Whether the value of an expression varies with wrt."""
        visit = self.is_varied
        if node in self.versions.passive:
            return False
        match node:
            case ir.Name():
                captured = self.versions.captured.get(node)
                if captured and any(version in self.varied for version in captured.values()):
                    return True
                return self.versions.of_read.get(node) in self.varied
            case ir.Const() | ir.Compare() | ir.Slice():
                return False
            case ir.Op(op=op, args=args):
                if op in ARITHMETIC and not node.keywords:
                    return any(map(visit, args))
                if op == "ifexp":
                    return visit(args[1]) or visit(args[2])
                if op in ("and", "or"):
                    return any(map(visit, args))
                if op in TRUTHS:
                    return False
                carrying = carrying_operands(op)
                if carrying is None:
                    return any(map(visit, ir.children_of(node)))
                return any(name in carrying and visit(operand) for name, operand in operands_of(node))
            case ir.Item(base=base) | ir.Attribute(base=base):
                return visit(base)
            case ir.Call(func=func):
                if isinstance(func, ir.Name) and func.id in PASSIVE_RESULTS and func.scope == "global":
                    # the length of a container does not vary; that of a text made from a number may
                    computed = (arg for arg in node.args if isinstance(arg, ir.Call | ir.Opaque | ir.Op))
                    return func.id == "len" and any(map(visit, computed))
                if getattr(node.target, "__name__", "") == "isscalar":
                    return False
                if picks_places(node) or self.picks_key(node):
                    return False
                return carried_helper(node.target) not in ZEROS and self.call_varies(node, visit)
            case ir.Comprehension(element=element):
                return visit(element)
            case ir.Value(of=of):
                return visit(of)
        return any(map(visit, ir.children_of(node)))

    def picks_key(self, call: ir.Call) -> bool:
        """Whether a call picks or orders the keys of a dict, by whatever it holds: which of them moves in steps."""
        among = picked_from(call) if self.dicts else None
        return among is not None and self.versions.of_read.get(among) in self.dicts and not self.keys_vary()

    def keys_vary(self) -> bool:
        """Whether the keys of any dict vary that the function makes or stores into: `{x: 1.0}`."""
        function = self.versions.of_function
        if function is None:
            return False
        made = (key for each in found_in(function, ir.Display) for key in each.keys)
        stored = (each.index for each in found_in(function, ir.ItemTarget))
        return any(map(self.is_varied, (*made, *stored)))


def picks_places(call: ir.Call) -> bool:
    """Whether a call picks or orders numbers of a range, by whatever key: they are places, which move in steps."""
    match call:
        case ir.Call(func=ir.Name(id="sorted" | "max" | "min", scope="global"), args=(ir.Call(func=ir.Name() as ranged),)):
            return ranged.id == "range" and ranged.scope == "global"
    return False


def activity(
    function: ir.Function, versions: Versions, wrt: Iterable[Version], call_varies: CallVaries,
    call_carries: CallCarries = lambda call: None, joint: Sequence[tuple[frozenset[Version], frozenset[Version]]] = (),
) -> Activity:
    """What varies with `wrt` and moves the returned value. `joint` are stores into containers that have other names too, and the
    versions of those names: what one of the first brings, any of the second may show."""
    dicts = dict_versions(versions)
    facts = Activity(versions, set(wrt), set(), call_varies, call_carries, bisections_of(function), dicts)
    varied = facts.varied
    changed = True
    while changed:
        changed = False
        for version in versions.all:
            if version in varied:
                continue
            is_key = bool(dicts) and version.kind == "item"
            is_key = is_key and all(_lists_keys(each, versions, dicts) for each in version.sources) and not facts.keys_vary()
            if not is_key and _varies(version, facts):
                varied.add(version)
                changed = True
        for stores, shown in joint:
            if not stores.isdisjoint(varied) and not shown <= varied:
                varied |= shown
                changed = True
    roots: list[Version | ir.Expr] = [stmt.value for stmt in versions.returns if stmt.value is not None]
    while roots:
        _mark_useful(facts, roots)
        seen = [shown for stores, shown in joint if not stores.isdisjoint(varied) and not shown.isdisjoint(facts.useful)]
        roots = [version for shown in seen for version in shown if version not in facts.useful]
    return facts


def _lists_keys(source: Version | ir.Expr, versions: Versions, dicts: frozenset[Version]) -> bool:
    through = None if isinstance(source, Version) else gone_through(source)
    return through is not None and versions.of_read.get(through) in dicts


def _varies(version: Version, facts: Activity) -> bool:
    if version.kind == "function" and isinstance(version.node, ir.Define):
        captures = version.node.captures
        return any(other in facts.varied for other in facts.versions.all if other.name in captures)
    if version in facts.dicts and isinstance(version.node, ir.ItemTarget) and facts.is_varied(version.node.index):
        return True  # a key that varies
    slots = None if version.node is None else facts.versions.slots.get(version.node)
    for source in facts.sources_of(version) if slots is None else slots:
        if isinstance(source, Version):
            if source in facts.varied:
                return True
        elif facts.is_varied(source):
            return True
    return False


def _mark_useful(facts: Activity, roots: list[Version | ir.Expr]) -> None:
    """Walk from the results back along the paths that pass derivatives on."""
    useful = facts.useful
    pending: list[Version | ir.Expr] = list(roots)
    seen: set[ir.Expr] = set()
    while pending:
        item = pending.pop()
        if isinstance(item, Version):
            if item in useful:
                continue
            useful.add(item)
            pending.extend(facts.sources_of(item))
            if isinstance(item.node, ir.Define):
                pending.extend(version for version in facts.versions.all if version.name in item.node.captures)
        elif item not in seen:
            seen.add(item)
            pending.extend(_carried_reads(item, facts))


def _carried_reads(expr: ir.Expr, facts: Activity) -> list[Version]:
    """The versions that an expression reads on paths that pass derivatives on."""
    found: list[Version] = []
    _find_carried_reads(expr, facts, found)
    return found


def _find_carried_reads(node: ir.Node, facts: Activity, found: list[Version]) -> None:
    if node in facts.versions.passive:
        return
    if isinstance(node, ir.Name):
        if node in facts.versions.of_read:
            found.append(facts.versions.of_read[node])
        found.extend(facts.versions.captured.get(node, {}).values())
        return
    if isinstance(node, ir.Op) and node.op in ARITHMETIC and not node.keywords:
        for operand in node.args:
            _find_carried_reads(operand, facts, found)
        return
    visit = functools.partial(_find_carried_reads, facts=facts, found=found)
    match node:
        case ir.Const() | ir.Compare() | ir.Slice():
            return
        case ir.Op(op="ifexp", args=args):
            visit(args[1])
            visit(args[2])
        case ir.Op(op=op) if op in TRUTHS:
            return
        case ir.Op(op=op) if op not in ("and", "or") and (carrying := carrying_operands(op)) is not None:
            for name, operand in operands_of(node):
                if name in carrying:
                    visit(operand)
        case ir.Item(base=base) | ir.Attribute(base=base):
            visit(base)
        case ir.Walrus():
            found.append(facts.versions.of_node[node])
        case ir.Comprehension(element=element):
            visit(element)
        case ir.Call() if (carried := facts.call_carries(node)) is not None:
            for part in carried:
                visit(part)
        case _:
            for child in ir.children_of(node):
                visit(child)


def follows_active(version: Version, activity: Activity, known: dict[Version, bool]) -> bool:
    """Whether an earlier version of the same variable is active; `known` keeps what was found."""
    chain: list[Version] = []
    current: Version | None = version
    while current is not None and current not in known:
        chain.append(current)
        current = current.previous
    found = current is not None and (known[current] or activity.is_active_version(current))
    for each in reversed(chain):
        known[each] = found
        found = found or activity.is_active_version(each)
    return known[version]
