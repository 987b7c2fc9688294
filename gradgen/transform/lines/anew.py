"""Puts the backward lines of a statement that gives a variable a new value in order: those that read the new value first, then
what brings the old one home, then those that read that.

Never decides which of the two a line reads; the plan says so by the names that new values go by until then.
"""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass
from gradgen.ir.queries import variables_read
from gradgen.transform.expressions.evaluation import rebuilt
from gradgen.transform.names import Names


def may_read_both(root: ir.Expr, new: Collection[str], mutated: frozenset[str]) -> bool:
    """Whether the lines of a statement may read the values of variables as they are before and after it; `new` are those to which
    it gives the value `root`."""
    return mutated.isdisjoint(new) and not any(isinstance(node, ir.Walrus) for node in ir.walk(root))


def around(lines: Sequence[ir.Stmt], restores: Sequence[ir.Stmt], new: Mapping[str, str], names: Names) -> list[ir.Stmt]:
    """The lines of a statement around what brings old values home; `new` are the variables by the names of their new values.

    A line that reads a new value stands before `restores` where what it reads and changes allows that; else the new value keeps
    a name of its own.
    """
    restored = set().union(*(_line(stmt).changes for stmt in restores))
    lines = [_renamed(stmt, {read: name for read, name in new.items() if name not in restored}) for stmt in lines]
    new = {read: name for read, name in new.items() if name in restored}
    given = [_line(stmt) for stmt in lines]
    first = _first(given, restored, new)
    if first is not None:
        ahead = [_renamed(line.stmt, new) for at, line in enumerate(given) if at in first]
        return [*ahead, *restores, *(line.stmt for at, line in enumerate(given) if at not in first)]
    kept = {read: names.fresh(f"{name}_next") for read, name in new.items() if any(read in line.reads for line in given)}
    naming = [ir.Assign(ir.NameTarget(name), ir.Name(new[read])) for read, name in kept.items()]
    return [*naming, *restores, *(_renamed(line.stmt, kept) for line in given)]


@dataclass(frozen=True, slots=True)
class _Line:
    """A backward line with the names that it reads and those that it binds or changes."""

    stmt: ir.Stmt
    reads: frozenset[str]
    changes: frozenset[str]


def _line(stmt: ir.Stmt) -> _Line:
    reads = variables_read(stmt)
    changes = set(ir.names_bound((stmt,)))
    for node in ir.walk(stmt):
        match node:
            case ir.Restore(targets=targets):
                changes.update(targets)
            case ir.Assign(target=ir.NameTarget(id=name), augmented=str()):
                reads.add(name)
            case ir.Assign(target=ir.ItemTarget() as target):  # into a part of a part as well
                changes.update(name.id for name in ir.names_read(target.base))
            case ir.Call():
                changes.update(name.id for arg in node.args for name in ir.names_read(arg) if isinstance(stmt, ir.Evaluate))
    return _Line(stmt, frozenset(reads), frozenset(changes))


def _first(lines: Sequence[_Line], restored: set[str], new: Mapping[str, str]) -> set[int] | None:
    """The places of the lines that stand before old values are back; None where one of them reads such a value too, or may not
    move up."""
    found: set[int] = set()
    wanted = set(new)
    for at in range(len(lines) - 1, -1, -1):
        if wanted & (lines[at].reads | lines[at].changes):
            found.add(at)
            wanted |= lines[at].reads
    for at in found:
        line = lines[at]
        if restored & (line.reads | line.changes):
            return None
        for other in (lines[before] for before in range(at) if before not in found):
            is_plain = isinstance(line.stmt, ir.Assign) and isinstance(other.stmt, ir.Assign)
            if not is_plain or line.changes & (other.reads | other.changes) or line.reads & other.changes:
                return None
    return found


def _renamed(stmt: ir.Stmt, names: Mapping[str, str]) -> ir.Stmt:
    """A line with variables under other names where it reads them."""
    def expr(value: ir.Expr) -> ir.Expr:
        return ir.Name(names[value.id]) if isinstance(value, ir.Name) and value.id in names else rebuilt(value, expr)

    match stmt:
        case ir.Assign(target=ir.ItemTarget(base=base, index=index), value=value, augmented=augmented):
            return ir.Assign(ir.ItemTarget(expr(base), expr(index)), expr(value), augmented)
        case ir.Assign(target=target, value=value, augmented=augmented):
            return ir.Assign(target, expr(value), augmented)
        case ir.Branch(test=test, then=then, orelse=orelse, is_elif=is_elif):
            sides = [tuple(_renamed(line, names) for line in side) for side in (then, orelse)]
            return ir.Branch(expr(test), sides[0], sides[1], is_elif)
        case ir.Evaluate(value=value):
            return ir.Evaluate(expr(value))
    return stmt
