"""Finds loops that search by comparisons: bisections and their kin, whose result moves only by which way a test goes.

Never refuses; it names the variable that gives a loop away.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from gradgen.analyse.activity import Activity
from gradgen.analyse.flow.among import only_among
from gradgen.analyse.flow.counts import is_count
from gradgen.analyse.flow.rebounds import choices, only_rebounds
from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import replace
from gradgen.ir.queries import reads_any, variables_read


def searching_variable(stmt: ir.For | ir.While, activity: Activity) -> str | None:
    """A variable of the loop that varying values steer but hardly enter, or None.

    Steered: an arm of a varying test assigns it, or something that it is computed from, and the test depends on it in turn.
    Hardly enter: it does not vary at all (and is no count), or it is mixed from the loop's own variables alone.
    """
    if activity.is_bisected(stmt):
        return activity.bisections[stmt].roots[0]
    reads = _reads_by_name(stmt, activity.versions)
    bound = ir.names_bound(stmt.body)
    varied = {version.name for version in activity.varied}
    useful = {version.name for version in activity.useful}
    exits = [(stmt.test, stmt.body)] if isinstance(stmt, ir.While) else []
    leaving = (test for test, arms in choices(stmt.body) for arm in arms for node in ir.walk(arm) if isinstance(node, ir.Exit))
    exits += [(test, stmt.body) for test in leaving]
    in_loop = {version.name for version in activity.varied if version.name in bound}
    for test, _ in exits:  # what only steps, and stops where a test of varying values says so
        asked = _closure(variables_read(test), reads)
        for name in sorted(bound & useful - in_loop) if asked & varied else ():
            if name in asked and not is_count(name, stmt) and not _is_target(name, stmt) and name in reads.get(name, ()):
                return name
    captured = _captured(stmt)
    carried, copied = _carried(stmt, activity), _copied_by_choice(stmt) & useful & in_loop - captured
    told = ((test, _closure(variables_read(test), reads)) for test, _ in choices(stmt.body) if copied)
    tests = [asked for test, asked in told if not only_among(test, asked, stmt, bound, varied)]
    for name in sorted(copied):
        parts = _moving_reads(stmt)
        moved = _moved_by(name, parts)
        outside = {read for own in moved & bound for part in parts.get(own, ()) for read in _names(part)} - bound
        is_asked = any(asked & varied and asked & moved & bound for asked in tests)
        if is_asked and not outside & varied and len(moved & carried) > 1 and not _mixes_elements(name, stmt):
            return name
    rebounds = only_rebounds(stmt, varied, carried)
    for test, arms in choices(stmt.body):
        asked = _closure(variables_read(test), reads)
        if not asked & varied:
            continue
        steered = (ir.names_bound(_staying(test, arms, stmt)) & bound) - captured
        for name in sorted((bound & useful) - captured):
            closure = _closure({name}, reads)
            if not (closure & steered and asked & closure & bound):
                continue
            if not asked & steered:
                continue
            if name not in in_loop:
                if not is_count(name, stmt):
                    return name
                continue
            if rebounds or only_among(test, asked, stmt, bound, varied):
                continue
            outside = {read for member in closure & bound for read in reads.get(member, ())} - bound
            if not outside & varied and len(closure & bound & carried) > 1 and not _mixes_elements(name, stmt):
                return name
    return None


def steers_a_search(function: ir.Function, activity: Activity) -> bool:
    """Whether a loop chooses, by tests of what varies, among values that the result is computed from, do not vary themselves, and
    are asked about in their turn. Its stopping is not looked at: a tolerance does no more than to say when."""
    varied, useful = ({version.name for version in versions} for versions in (activity.varied, activity.useful))
    for stmt in found_in(function, ir.For, ir.While):
        bound, reads = ir.names_bound(stmt.body), _reads_by_name(stmt, activity.versions)
        for test, arms in choices(stmt.body):
            asked = _closure(variables_read(test), reads)
            if not asked & varied:
                continue
            chosen = ir.names_bound(_staying(test, arms, stmt)) & bound & asked - _captured(stmt)
            moved = (name for name in sorted(bound & useful - varied) if asked & _closure({name}, reads) & chosen)
            if any(not is_count(name, stmt) for name in moved):
                return True
    return False


def _staying(test: ir.Expr, arms: ir.Block, stmt: ir.Stmt) -> ir.Block:
    """What a test chooses between, without an arm that returns: no later turn sees what that binds."""
    for node in ir.walk(stmt):
        if isinstance(node, ir.Branch) and node.test is test:
            return tuple(each for arm in (node.then, node.orelse) if not _returns(arm) for each in arm)
    return arms


def _returns(arm: ir.Block) -> bool:
    return bool(arm) and isinstance(arm[-1], ir.Exit) and arm[-1].kind == "return"


def calls_chosen(function: ir.Function, activity: Activity) -> Iterator[ir.Call]:
    """The calls that tests of varying values choose between."""
    varied = {version.name for version in activity.varied}
    branches = ((node, node.test) for node in found_in(function, ir.Branch))
    choices_made = ((node, node.args[0]) for node in found_in(function, ir.Op) if node.op == "ifexp")
    for node, test in (*branches, *choices_made):
        if reads_any(test, varied):
            yield from (inner for inner in ir.walk(node) if isinstance(inner, ir.Call))


def _captured(stmt: ir.Stmt) -> set[str]:
    """The variables that patterns of cases bind: each to what its subject holds, which no test moves."""
    cases = (node.then[0] for node in ir.walk(stmt) if isinstance(node, ir.Branch) and node.case is not None)
    copies = (each.target for each in cases if isinstance(each, ir.Assign) and each.span and each.span.start == each.span.end)
    return {node.id for target in copies for node in ir.walk(target) if isinstance(node, ir.NameTarget)}


def _carried(stmt: ir.Stmt, activity: Activity) -> set[str]:
    return set(activity.versions.headers.get(stmt, {}))


SHIFTING = frozenset({"roll", "diff", "gradient", "pad", "convolve"})


def _moving_reads(stmt: ir.Stmt) -> dict[str, list[ir.Node]]:
    """By variable that a loop binds: the parts of expressions that its values move with, which tests and indices are not."""
    found: dict[str, list[ir.Node]] = {}
    for node in ir.walk(stmt):
        if isinstance(node, ir.Assign):
            for target in ir.names_bound((replace(node, value=ir.Const(None)),)):
                found.setdefault(target, []).extend(_moving(node.value))
    return found


def _moving(value: ir.Node) -> Iterator[ir.Node]:
    yield value
    match value:
        case ir.Op(op="ifexp" | "where", args=(_, *arms)):
            for arm in arms:
                yield from _moving(arm)
        case ir.Compare():
            return
        case ir.Item(base=base):
            yield from _moving(base)
        case _:
            for part in ir.children_of(value):
                yield from _moving(part)


def _names(part: ir.Node) -> tuple[str, ...]:
    return (part.id,) if isinstance(part, ir.Name) else ()


def _moved_by(name: str, parts: Mapping[str, list[ir.Node]]) -> set[str]:
    """Everything that a variable's values move with."""
    return _closure({name}, {own: {read.id for read in reads if isinstance(read, ir.Name)} for own, reads in parts.items()})


def _mixes_elements(name: str, stmt: ir.Stmt) -> bool:
    """Whether an array's elements move with their neighbours, as in a difference scheme, or with those that other turns stand at,
    as rows in an elimination: what tests choose between is taken from other places. A search moves each element by its own
    test."""
    parts = _moving_reads(stmt)
    moved = _moved_by(name, parts) & parts.keys()
    shifted = [part for own in moved for part in parts[own] if isinstance(part, ir.Op) and part.op in SHIFTING]
    if any(read.id in moved for part in shifted for read in ir.names_read(part.args[0])):
        return True
    turns = {name for loop in ir.walk(stmt) if isinstance(loop, ir.For) for name in ir.names_bound((replace(loop, body=()),))}
    computed = [part for own in moved for part in parts[own] if _is_computed(part)]
    return any(len(_slices_of(part, moved)) > 1 or len(_turns_of(part, moved, turns)) > 1 for part in computed)


def _is_computed(part: ir.Node) -> bool:
    return isinstance(part, ir.Op) and part.op in ("add", "sub")


def _slices_of(part: ir.Node, own: Set[str]) -> set[tuple[object, ...]]:
    """The different slices that an expression takes of the loop's arrays."""
    found = (each for each in _moving(part) if isinstance(each, ir.Item))
    items = (each for each in found if isinstance(each.base, ir.Name) and each.base.id in own)
    indices = (index for each in items for index in ir.walk(each.index) if isinstance(index, ir.Slice))
    return {tuple(() if bound is None else _written(bound) for bound in (index.lower, index.upper)) for index in indices}


def _turns_of(part: ir.Node, own: Set[str], turns: Set[str]) -> set[frozenset[str]]:
    """The different turns of loops at which an expression takes elements of the loop's arrays: `A[i, k:] - m * A[k, k:]`."""
    items = [each for each in _moving(part) if isinstance(each, ir.Item)]
    inner = {each.base for each in items}
    named = (frozenset(name.id for name in ir.names_read(each)) for each in items if each not in inner)
    return {names & turns for names in named if names & own and names & turns}


def _written(expr: ir.Expr) -> tuple[object, ...]:
    """An expression without its place."""
    own: object = expr.id if isinstance(expr, ir.Name) else expr.value if isinstance(expr, ir.Const) else None
    kind = expr.op if isinstance(expr, ir.Op) else type(expr).__name__
    return kind, own, *(_written(part) for part in ir.children_of(expr) if isinstance(part, ir.Expr))


def _copied_by_choice(stmt: ir.Stmt) -> set[str]:
    """The variables to which a loop copies others where a test says so: `low = mid`, `low = np.where(t, mid, low)`."""
    chosen = {node for branch in ir.walk(stmt) if isinstance(branch, ir.Branch) for node in ir.walk(branch)}
    found: set[str] = set()
    for node in ir.walk(stmt):
        if not isinstance(node, ir.Assign) or node.augmented is not None:
            continue
        match node.value:
            case ir.Op(op="ifexp" | "where", args=(_, *arms)):
                is_copy = all(map(_is_bare, arms))
            case _:
                is_masked = isinstance(node.target, ir.ItemTarget) and isinstance(node.value, ir.Item)
                is_copy = _is_bare(node.value) and (node in chosen or is_masked)
        if is_copy:
            found |= ir.names_bound((replace(node, value=ir.Const(None)),))
    return found


def _is_bare(value: ir.Expr) -> bool:
    match value:
        case ir.Name():
            return True
        case ir.Item(base=base):
            return _is_bare(base)
        case ir.Call(func=ir.Attribute(base=base, name="copy"), args=()):
            return _is_bare(base)
    return False


def _reads_by_name(stmt: ir.Stmt, versions: Versions) -> Mapping[str, set[str]]:
    """What each variable is computed from, anywhere in the loop; how long a stack is moves with nothing."""
    found: dict[str, set[str]] = {}
    for node in ir.walk(stmt):
        match node:
            case ir.Assign(target=ir.ItemTarget(base=ir.Name(id=base), index=index), value=value):
                found.setdefault(base, set()).update(name.id for part in (index, value) for name in ir.names_read(part))
            case ir.Assign(target=ir.TupleTarget(items=items), value=ir.Display(items=values)) if len(items) == len(values):
                for item, value in zip(items, values, strict=True):
                    for bound in ir.walk(item):
                        if isinstance(bound, ir.NameTarget):
                            found.setdefault(bound.id, set()).update(name.id for name in ir.names_read(value))
            case ir.Assign(target=target, value=value):
                for bound in ir.walk(target):
                    if isinstance(bound, ir.NameTarget):
                        computed = versions.slots.get(bound, (value,))
                        counted = set(filter(None, map(_counted, ir.walk(value)))) & versions.stacks.keys()
                        read = {name.id for each in computed for name in ir.names_read(each)}
                        found.setdefault(bound.id, set()).update(read - counted)
            case ir.For(target=target, iterable=iterable):
                for bound in ir.walk(target):
                    if isinstance(bound, ir.NameTarget):
                        found.setdefault(bound.id, set()).update(name.id for name in ir.names_read(iterable))
    return found


def _counted(node: ir.Node) -> str | None:
    match node:
        case ir.Call(func=ir.Name(id="len", scope="global"), args=(ir.Name(id=name),), keywords=()):
            return name
    return None


def _closure(names: set[str], reads: Mapping[str, set[str]]) -> set[str]:
    found = set(names)
    waiting = list(names)
    while waiting:
        for name in reads.get(waiting.pop(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def _is_target(name: str, stmt: ir.Stmt) -> bool:
    """Whether a variable is what a loop runs over."""
    loops = (node for node in ir.walk(stmt) if isinstance(node, ir.For))
    return any(isinstance(node, ir.NameTarget) and node.id == name for loop in loops for node in ir.walk(loop.target))
