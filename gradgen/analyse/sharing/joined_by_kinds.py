"""Spells lists that are joined as new ones, where only the kinds of values tell that they are lists: `row + [x]` is
`[*row, x]`, where row is an element of a list of lists.

Never touches an operator of what may be a number or an array, nor one that may give a tuple.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.kinds.values import is_sequence
from gradgen.analyse.reading import rewritten_again
from gradgen.analyse.reads import Read
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.kinds import Holder
from gradgen.read.positions import Edit

MOST_PASSES = 4


def with_joined_lists(read: Read, kinds_of: Callable[[Read], Kinds], owner: object) -> Read:
    """A function as read, with such lists; methods of an `owner` are left as they are, what that holds being found out later."""
    has_lists = any(map(is_sequence, read.kinds.values()))
    for _ in range(MOST_PASSES if read.kinds and owner is None else 0):
        adding = [op for op in found_in(read.function, ir.Op) if op.op == "add" and op.family is None]
        if not any(_may_join(arg, has_lists) for op in adding for arg in op.args):
            break
        kinds = kinds_of(read)
        edits = [edit for op in adding for edit in _joined(op, adding, kinds, read)]
        if not edits:
            break
        read = rewritten_again(read, read.positions.edited(edits), owner)
    return read


def _may_join(arg: ir.Expr, has_lists: bool) -> bool:
    """Whether an operand may be a list, at a look; the function `has_lists` among its arguments."""
    match arg:
        case ir.Display() | ir.Comprehension() | ir.Item(index=ir.Slice()):
            return True
    return has_lists and isinstance(arg, ir.Name | ir.Item | ir.Call)


def _joined(op: ir.Op, adding: list[ir.Op], kinds: Kinds, read: Read) -> Iterator[Edit]:
    """The edit that spells a sum of two lists as one, but for those inside of others."""
    if op.span is None or len(op.args) != 2 or any(op in each.args for each in adding):
        return
    parts = [_part(arg, kinds, read) for arg in op.args]
    if any(part is None for part in parts) or not any(_is_list(arg, kinds) for arg in op.args):
        return
    written = ", ".join(part for part in parts if part)
    if "\n" not in written and "#" not in written:
        yield Edit(op.span.start, op.span.end, f"[{written}]")


def _part(arg: ir.Expr, kinds: Kinds, read: Read) -> str | None:
    """What an operand puts into the list; None for what is not surely a list or a tuple."""
    if arg.span is None or not is_sequence(kinds.of(arg)):
        return None
    if isinstance(arg, ir.Op) and arg.op == "add":
        parts = [_part(each, kinds, read) for each in arg.args]
        return None if None in parts else ", ".join(part for part in parts if part)
    written = read.positions.slice(arg.span)
    is_plain = isinstance(arg, ir.Display) and written[:1] == "[" and written[-1:] == "]"
    return written[1:-1].strip().rstrip(",") if is_plain else f"*{written}"


def _is_list(value: ir.Expr, kinds: Kinds) -> bool:
    """Whether a value is surely a list, and no tuple."""
    match value:
        case ir.Display(kind=kind) | ir.Comprehension(kind=kind):
            return kind == "list"
        case ir.Op(op="add", args=args):
            return any(_is_list(arg, kinds) for arg in args)
        case ir.Item(base=base, index=ir.Slice()):
            return _is_list(base, kinds)
        case ir.Call(func=ir.Name(id=name, scope="global")):
            return name in ("list", "sorted")
        case ir.Name():
            version = kinds.versions.of_read.get(value)
            if version is None or version.kind not in ("assign", "parameter"):
                return False
            given = kinds.of(value) if version.kind == "parameter" else None
            is_given = isinstance(given, Holder) and not given.is_tuple
            sources = version.sources
            return is_given or bool(sources) and all(isinstance(each, ir.Expr) and _is_list(each, kinds) for each in sources)
    return False
