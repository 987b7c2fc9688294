"""Spells lists that are added to an array or multiplied by one as the arrays that NumPy makes of them: `x * [1.0, 2.0]` is
`x * np.array([1.0, 2.0])`.

Never touches a list beside what may be a number or a list: there it is repeated, or joined.
"""
from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.reading import read_again
from gradgen.analyse.reads import Read
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.kinds import Kind
from gradgen.read.positions import Edit
from gradgen.read.resolve import MISSING

JOINING = frozenset({"add", "mul"})


def with_lists_as_arrays(read: Read, kinds_of: Callable[[Read], Kinds], owner: object) -> Read:
    """A function as read, a method of `owner` it may be, with such lists as arrays."""
    joining = (op for op in found_in(read.function, ir.Op) if op.op in JOINING)
    pairs = [(op, each) for op in joining for each in op.args if isinstance(each, ir.Display)]
    if not pairs:
        return read
    module = next((name for name in ("np", "numpy") if getattr(_outside(read, name), "__name__", "") == "numpy"), None)
    if module is None or not (kinds := kinds_of(read)).has_arrays:
        return read
    edits = [edit for op, each in pairs for edit in _as_array(op, each, kinds, module, read)]
    if not edits:
        return read
    positions = read.positions.edited(edits)
    found = ast.parse(positions.text).body[0]
    return read_again(read, found, positions, owner) if isinstance(found, ast.FunctionDef) else read


def _outside(read: Read, name: str) -> object:
    """What a name that the function does not bind itself stands for."""
    return MISSING if name in ir.names_bound(read.function.body) or name in read.parameters else read.scope.lookup(name)


def _as_array(op: ir.Op, listed: ir.Display, kinds: Kinds, module: str, read: Read) -> Iterator[Edit]:
    beside = [kinds.of(each) for each in op.args if each is not listed]
    if listed.kind == "dict" or listed.span is None or not all(isinstance(kind, Kind) and kind.is_array for kind in beside):
        return
    written = read.positions.slice(listed.span)
    if written[:1] in ("[", "(") and not any(isinstance(each, ir.Starred) for each in listed.items):
        yield Edit(listed.span.start, listed.span.end, f"{module}.array({written})")
