"""Drops forward statements that nothing reads, where a gradient is asked for without the value.

Never drops one whose exception would be lost: only sums, differences and products of numbers, which cannot raise.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator

from gradgen.ir import nodes as ir
from gradgen.transform.gradient import ForwardEdits

QUIET = frozenset({"add", "sub", "mul", "neg", "pos"})


def is_quiet(value: ir.Expr, has_run: bool = False) -> bool:
    """Whether computing a value on floats cannot raise and changes nothing; `has_run` where it was computed once already."""
    match value:
        case ir.Const(value=int() | float()):
            return True
        case ir.Name():
            return True
        case ir.Op(op=op, args=args) if op in QUIET or has_run:
            return all(is_quiet(arg, has_run) for arg in args)
    return False


def prune(block: ir.Block, edits: ForwardEdits, has_run: bool) -> bool:
    """Drop what nothing reads any more; says whether a result itself was dropped."""
    pinned = {stmt.body[-1] for stmt in edits.otherwise if isinstance(stmt, ir.Try)}
    results = [stmt for stmt, lines in edits.replaced.items() if lines and lines[0].span is not None and stmt not in pinned]
    dropped_result = False
    while True:
        read = _reads(block, edits)
        for stmt in _assignments(block):
            is_standing = stmt not in edits.dropped and stmt not in edits.replaced
            if is_standing and _may_go(stmt, stmt.target, stmt.value, read, edits, has_run):
                edits.dropped.add(stmt)
                break
        else:
            for result in results:
                first = edits.replaced[result][0]
                if not isinstance(first, ir.Assign) or first.span is None:
                    continue
                if _may_go(result, first.target, first.value, read, edits, has_run):
                    edits.replaced[result] = [line for line in edits.replaced[result][1:] if not _is_guard(line)]
                    dropped_result = True
                    results.remove(result)
                    break
            else:
                gone = {node.id for stmt in edits.dropped for node in ir.walk(stmt) if isinstance(node, ir.NameTarget)}
                for place, lines in edits.replaced.items():
                    kept = [line for line in lines if not (_is_guard(line) and _guarded(line) & gone)]
                    dropped_result = dropped_result or len(kept) < len(lines)
                    edits.replaced[place] = kept
                return dropped_result


def _may_go(stmt: ir.Stmt, target: ir.Target, value: ir.Expr, read: set[str], edits: ForwardEdits, has_run: bool) -> bool:
    tables = (edits.before, edits.between, edits.after)
    if any(hoist.style not in ("line", "again") for hoist in edits.hoists.get(stmt, ())):
        return False  # what is named in place would go with it
    if not isinstance(target, ir.NameTarget) or any(table.get(stmt) for table in tables):
        return False
    return target.id not in read and is_quiet(value, has_run)


def _is_guard(line: ir.Stmt) -> bool:
    match line:
        case ir.Branch(span=None, then=(ir.Evaluate(value=ir.Call(func=ir.Name(id="check_number"))),)):
            return True
    return False


def _guarded(line: ir.Stmt) -> set[str]:
    return {node.id for node in ir.walk(line) if isinstance(node, ir.Name)}


def _assignments(block: ir.Block) -> Iterator[ir.Assign]:
    for stmt in reversed(block):
        if isinstance(stmt, ir.Assign) and stmt.span is not None and stmt.span.start != stmt.span.end:
            yield stmt


def _reads(block: ir.Block, edits: ForwardEdits) -> set[str]:
    found: set[str] = set()

    def add(lines: Iterable[ir.Node]) -> None:
        for line in lines:
            if _is_guard(line) if isinstance(line, ir.Stmt) else False:
                continue
            for node in ir.walk(line):
                if isinstance(node, ir.Name):
                    found.add(node.id)
                elif isinstance(node, ir.Op) and node.spelling is not None:
                    found.add(node.spelling.split(".")[0])
                elif isinstance(node, ir.Restore):
                    found.add(node.tape)

    def visit(stmts: ir.Block) -> None:
        for stmt in stmts:
            for node in ir.walk(stmt):  # what is named before a statement stays, whatever becomes of the statement
                if isinstance(node, ir.Stmt):
                    add(hoist.expr for hoist in edits.hoists.get(node, ()))
            if stmt in edits.dropped:
                continue
            if stmt in edits.replaced:
                add(edits.replaced[stmt])
            else:
                add([stmt])
            for table in (edits.before, edits.between, edits.after, edits.at_start, edits.otherwise):
                for node in ir.walk(stmt):
                    if isinstance(node, ir.Stmt):
                        add(table.get(node, ()))
            for node in ir.walk(stmt):
                if isinstance(node, ir.Stmt) and node in edits.replaced:
                    add(edits.replaced[node])

    visit(block)
    return found
