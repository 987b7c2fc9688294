"""Drops forward statements that nothing reads, where a gradient is asked for without the value.

Never drops one whose exception would be lost: only sums, differences and products of numbers, which cannot raise, and results on
arrays that fit each other or meet in a backward line too; in a callee's gradient, whose call has run before, whatever is computed
without calls.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.read.constructors import Record
from gradgen.simplify.keys import key_of
from gradgen.transform.gradient import ForwardEdits
from gradgen.transform.loops.raising import raised_at

QUIET = frozenset({"add", "sub", "mul", "neg", "pos"})


def is_quiet(value: ir.Expr, has_run: bool = False, named: Container[ir.Expr] = ()) -> bool:
    """Whether computing a value on floats cannot raise and changes nothing; `has_run` where it was computed once already. What
    is `named` has lines of its own."""
    if value in named:
        return True
    match value:
        case ir.Const(value=int() | float()):
            return True
        case ir.Name():
            return True
        case ir.Call(target=type() as made, keywords=keywords) if issubclass(made, Record):
            return all(is_quiet(part, has_run, named) for _, part in keywords)
        case ir.Op(op=op, args=args) if op in QUIET or has_run:
            return all(is_quiet(arg, has_run, named) for arg in args)
        case ir.Display(kind="tuple" | "list") | ir.Item() | ir.Compare() if has_run:
            return all(is_quiet(part, has_run, named) for part in ir.children_of(value) if isinstance(part, ir.Expr))
    return False


def prune(block: ir.Block, edits: ForwardEdits, has_run: bool, keeps_results: bool, kinds: Kinds) -> bool:
    """Drop what nothing reads any more; says whether a result itself was dropped. It `keeps_results` that are looked at."""
    pinned = {stmt.body[-1] for stmt in edits.otherwise if isinstance(stmt, ir.Try)}
    results = [stmt for stmt, lines in edits.replaced.items() if lines and lines[0].span is not None and stmt not in pinned]
    read = _Reads(block, edits, keeps_results)
    dropped_result = False
    while True:
        while _drop_assignments(block, read, edits, has_run, kinds):
            pass
        if not _drop_result(results, read, edits, has_run, kinds):
            break
        dropped_result = True
    gone = {node.id for stmt in edits.dropped for node in ir.walk(stmt) if isinstance(node, ir.NameTarget)}
    for place, lines in edits.replaced.items():
        kept = [line for line in lines if not (_is_guard(line) and _guarded(line) & gone)]
        dropped_result = dropped_result or len(kept) < len(lines)
        edits.replaced[place] = kept
    return dropped_result


def drop_counters(edits: ForwardEdits, counters: Iterable[str | None]) -> None:
    """Drop the lines that count turns, or note how a loop was left, where no backward line asks."""
    own = {name for name in counters if name is not None}
    if not own:
        return
    tables = (edits.before, edits.between, edits.after, edits.at_start)
    inserted = [line for table in tables for lines in table.values() for line in lines]
    written = [line for lines in (*edits.replaced.values(), *edits.otherwise.values()) for line in lines]
    asked = {node.id for line in (*inserted, *written) if not _only_counts(line, own) for node in ir.names_read(line)}
    for table in tables:
        for place, lines in table.items():
            table[place] = [line for line in lines if not _only_counts(line, own - asked)]


def _only_counts(line: ir.Stmt, counters: set[str]) -> bool:
    return isinstance(line, ir.Assign) and isinstance(line.target, ir.NameTarget) and line.target.id in counters


def _drop_assignments(block: ir.Block, read: _Reads, edits: ForwardEdits, has_run: bool, kinds: Kinds) -> bool:
    """Drop assignments of what nothing reads, the last ones first: what these alone read may then go too."""
    before = len(edits.dropped)
    follow: Sequence[ir.Stmt] = ()
    for stmt in reversed(block):
        is_standing = stmt not in edits.dropped and stmt not in edits.replaced
        if is_standing and isinstance(stmt, ir.Assign) and stmt.span is not None and stmt.span.start != stmt.span.end:
            unheard = () if has_run else _unheard(stmt.value, stmt, edits, follow, kinds)
            if _may_go(stmt, stmt.target, stmt.value, read, edits, has_run, unheard):
                edits.dropped.add(stmt)
                read.look_again(stmt)
        if stmt not in edits.dropped:
            follow = edits.replaced.get(stmt, ())
    return len(edits.dropped) > before


def _drop_result(results: list[ir.Stmt], read: _Reads, edits: ForwardEdits, has_run: bool, kinds: Kinds) -> bool:
    """Drop one result that nothing reads, with its guard."""
    for result in results:
        first = edits.replaced[result][0]
        if not isinstance(first, ir.Assign) or first.span is None:
            continue
        unheard = () if has_run else _unheard(first.value, result, edits, edits.replaced[result][1:], kinds)
        if _may_go(result, first.target, first.value, read, edits, has_run, unheard):
            edits.replaced[result] = [line for line in edits.replaced[result][1:] if not _is_guard(line)]
            read.look_again(result)
            results.remove(result)
            return True
    return False


def _may_go(
    stmt: ir.Stmt, target: ir.Target, value: ir.Expr, read: _Reads, edits: ForwardEdits, has_run: bool,
    unheard: Container[ir.Expr] = (),
) -> bool:
    tables = (edits.before, edits.between, edits.after)
    hoists = edits.hoists.get(stmt, ())
    if any(hoist.style not in ("line", "again") for hoist in hoists):
        return False  # what is named in place would go with it
    if any(table.get(stmt) for table in tables) or any(node in edits.kinks for node in ir.walk(value)):
        return False
    bound = target.items if isinstance(target, ir.TupleTarget) else (target,)
    if not all(isinstance(each, ir.NameTarget) and each.id not in read for each in bound):
        return False
    parts = value.items if isinstance(target, ir.TupleTarget) and isinstance(value, ir.Display) else (value,)
    is_unpacked = not isinstance(target, ir.TupleTarget) or len(parts) == len(bound)
    named = {hoist.expr for hoist in hoists}
    return is_unpacked and all(part in unheard or is_quiet(part, has_run, named) for part in parts)


def _unheard(
    value: ir.Expr, stmt: ir.Stmt, edits: ForwardEdits, follow: Iterable[ir.Stmt], kinds: Kinds
) -> tuple[ir.Expr, ...]:
    """The value of a statement on arrays, where nobody hears that it is not computed: it raises nothing but where arrays do not
    fit each other, and these fit, or the lines that follow compute the same with them."""
    if not kinds.has_arrays:
        return ()
    names = {hoist.expr: hoist.name for hoist in edits.hoists.get(stmt, ())}
    nodes = (node for line in _until_rebound(follow, value) for node in ir.walk(line.value))
    again = {key_of(node) for node in nodes if isinstance(node, ir.Op | ir.Item)}

    def is_unheard(expr: ir.Expr) -> bool:
        if expr in names or isinstance(expr, ir.Op | ir.Item) and key_of(_by_names(expr, names)) in again:
            return True
        is_silent = isinstance(expr, ir.Op) and expr.op in QUIET or not raised_at(expr, kinds)
        parts = (part for part in ir.children_of(kinds.operation(expr) or expr) if isinstance(part, ir.Expr))
        return is_silent and _fit(kinds.operation(expr), kinds) and all(map(is_unheard, parts))

    return (value,) if is_unheard(value) else ()


def _fit(op: ir.Op | None, kinds: Kinds) -> bool:
    """Whether the operands of an operation surely have one shape, numbers apart."""
    shapes = [kinds.shape(arg) for arg in op.args] if op is not None else []
    return None not in shapes and len({shape for shape in shapes if shape}) < 2


def _by_names(expr: ir.Expr, names: Mapping[ir.Expr, str]) -> ir.Expr:
    """An expression with the names of its parts."""
    if expr in names:
        return ir.Name(names[expr])
    match expr:
        case ir.Op(args=args):
            return replace(expr, args=tuple(_by_names(arg, names) for arg in args))
        case ir.Item(base=base, index=index):
            return ir.Item(_by_names(base, names), _by_names(index, names))
        case ir.Display(items=items):
            return replace(expr, items=tuple(_by_names(item, names) for item in items))
    return expr


def _until_rebound(lines: Iterable[ir.Stmt], value: ir.Expr) -> Iterator[ir.Assign]:
    """The first of some lines that assign, as long as each runs and what the value reads is what it was."""
    read = {name.id for name in ir.names_read(value)}
    for line in lines:
        match line:
            case ir.Comment():
                continue
            case ir.Assign(target=ir.NameTarget(id=name)):
                yield line
            case ir.Assign(target=ir.ItemTarget(base=ir.Name(id=name))) if name not in read:
                yield line
            case _:
                return
        if name in read:
            return


def _is_guard(line: ir.Stmt) -> bool:
    match line:
        case ir.Branch(span=None, then=(ir.Evaluate(value=ir.Call(func=ir.Name(id="check_number"))),)):
            return True
    return False


def _guarded(line: ir.Stmt) -> set[str]:
    return {node.id for node in ir.walk(line) if isinstance(node, ir.Name)}


class _Reads:
    """The names that are still read: how many statements of the outermost block read each."""

    def __init__(self, block: ir.Block, edits: ForwardEdits, by_guards: bool) -> None:
        self.edits = edits
        self.by_guards = by_guards
        self.outermost = {inner: stmt for stmt in block for inner in ir.walk(stmt) if isinstance(inner, ir.Stmt)}
        self.named: dict[ir.Stmt, set[str]] = {}
        self.counts: Counter[str] = Counter()
        for stmt in block:
            for inner in _statements_in(stmt):  # what is named before a statement stays, whatever becomes of the statement
                self.counts.update(self._read_by(hoist.expr for hoist in edits.hoists.get(inner, ())))
            self.look_again(stmt)

    def __contains__(self, name: str) -> bool:
        return self.counts[name] > 0

    def look_again(self, stmt: ir.Stmt) -> None:
        """A statement, or what stands in its place, has changed or gone."""
        outermost = self.outermost[stmt]
        self.counts.subtract(self.named.get(outermost, ()))
        self.named[outermost] = set() if outermost in self.edits.dropped else self._read_in(outermost)
        self.counts.update(self.named[outermost])

    def _read_in(self, stmt: ir.Stmt) -> set[str]:
        edits = self.edits
        found = self._read_by([] if stmt in edits.replaced else [stmt])
        for table in (edits.before, edits.between, edits.after, edits.at_start, edits.otherwise, edits.replaced):
            for inner in _statements_in(stmt) if table else ():
                found |= self._read_by(table.get(inner, ()))
        return found

    def _read_by(self, lines: Iterable[ir.Node]) -> set[str]:
        """The names that lines read, guards of results apart unless these are to stay."""
        found: set[str] = set()
        for line in lines:
            if isinstance(line, ir.Stmt) and _is_guard(line) and not self.by_guards:
                continue
            for node in ir.walk(line):
                if isinstance(node, ir.Name):
                    found.add(node.id)
                elif isinstance(node, ir.Op) and node.spelling is not None:
                    found.add(node.spelling.split(".")[0])
                elif isinstance(node, ir.Restore):
                    found.add(node.tape)
        return found


def _statements_in(stmt: ir.Stmt) -> Iterator[ir.Stmt]:
    return (node for node in ir.walk(stmt) if isinstance(node, ir.Stmt))
