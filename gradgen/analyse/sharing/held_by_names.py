"""What the names in a function's text hold, by the kinds that were found: arrays, whole numbers; where they are bound and read.

Never edits the text.
"""
from __future__ import annotations

import ast
import itertools
from collections.abc import Sequence

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.reads import Read
from gradgen.ir.kinds import Kind
from gradgen.read.rewriting import Text
from gradgen.read.writes import called, writes


class Held:
    """What is known of what the names in a function's text hold."""

    def __init__(self, text: Text, read: Read, kinds: Kinds) -> None:
        self.text, self.read, self.kinds = text, read, kinds
        self.of_name: dict[str, list[object]] = {}
        for version in kinds.versions.all:
            self.of_name.setdefault(version.name, []).append(kinds.of_version.get(version))
        self.names: dict[str, list[ast.Name]] = {}
        for each in text.nodes:
            if isinstance(each, ast.Name):
                self.names.setdefault(each.id, []).append(each)
        self.writes = list(writes(text.nodes))

    def is_array(self, name: str, rank: int = 1) -> bool:
        """Whether a variable surely holds arrays of at least so many dimensions."""
        found = self.of_name.get(name, [])
        return bool(found) and all(isinstance(kind, Kind) and (kind.rank or 0) >= rank for kind in found)

    def is_number(self, name: str) -> bool:
        found = self.of_name.get(name, [])
        return bool(found) and all(isinstance(kind, Kind) and kind.shape == () and kind.dtype != "bool" for kind in found)

    def binding(self, name: str) -> list[ast.Name]:
        """Where a variable is bound, but for augmented assignments."""
        return [each for each in self.names.get(name, []) if not isinstance(each.ctx, ast.Load)
                and not isinstance(self.text.owners.get(each), ast.AugAssign)]

    def is_basic(self, index: ast.expr) -> bool:
        """Whether an index makes a view: whole numbers, slices, `...` and None, of what does nothing."""
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        bounds = [part for each in parts for part in (
            (each.lower, each.upper, each.step) if isinstance(each, ast.Slice) else (each,)
        )]
        return all(part is None or self._is_place(part) for part in bounds)

    def _is_place(self, node: ast.expr) -> bool:
        match node:
            case ast.Constant(value=value):
                return value is None or value is ... or type(value) is int
            case ast.Name(id=name):
                return self.is_number(name)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return self._is_place(inner)
            case ast.BinOp(left=left, right=right, op=ast.Add() | ast.Sub() | ast.Mult() | ast.FloorDiv()):
                return self._is_place(left) and self._is_place(right)
            case ast.Call(func=ast.Name(id="len"), args=[ast.Name()], keywords=[]):
                return "len" not in self.text.taken or "len" not in self.text.bound
            case ast.Attribute(value=ast.Name(), attr="size" | "ndim"):
                return True
            case ast.Subscript(value=ast.Attribute(value=ast.Name(), attr="shape"), slice=ast.Constant()):
                return True
        return False

    def is_one_place(self, index: ast.expr) -> bool:
        """Whether an index is whole numbers alone."""
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        is_gap = (isinstance(part, ast.Constant) and type(part.value) is not int for part in parts)
        return all(map(self._is_place, parts)) and not any(is_gap)

    def is_in_order(self, name: str) -> bool:
        """Whether an array that the function makes lies in memory as its indices count: then its `ravel()` is a view."""
        bound = self.binding(name)
        values = [stmt.value for each in bound if isinstance(stmt := self.text.owners.get(each), ast.Assign)]
        return bool(bound) and len(values) == len(bound) and all(map(self._is_made_in_order, values))

    def _is_made_in_order(self, value: ast.expr) -> bool:
        match value:
            case ast.Call(func=ast.Attribute(attr="copy"), args=[], keywords=[]):
                return True
            case ast.Call(args=[_] | [_, _], keywords=keywords) if not any(each.arg == "order" for each in keywords):
                found = self.read.scope.lookup(called(value).split(".")[0])
                return is_numpy(found) and called(value).split(".")[-1] in ("zeros", "ones", "empty", "full")
        return False

    def within(self, node: ast.AST, region: Sequence[ast.AST]) -> bool:
        """Whether a node stands in one of some statements."""
        while node not in region:
            if node not in self.text.owners:
                return False
            node = self.text.owners[node]
        return True

    def rest_of_block(self, stmt: ast.stmt, name: str) -> Sequence[ast.stmt]:
        """The statements that follow in a statement's block, up to one that binds a variable."""
        owner = self.text.owners[stmt]
        blocks = (getattr(owner, each, []) for each in ("body", "orelse", "finalbody"))
        block = next((each for each in blocks if stmt in each), [stmt])
        rest = block[block.index(stmt) + 1 :]
        bound = [self.text.owners.get(each) for each in self.binding(name)]
        return list(itertools.takewhile(lambda each: each not in bound, rest))

    def is_used_after(self, name: str, stmt: ast.stmt, region: Sequence[ast.stmt]) -> bool:
        """Whether a variable may be read once a statement is done, in this turn of the loops around it or another."""
        end, outer = self.text.end(stmt), stmt
        while self.within(outer, region) and outer not in region:
            outer_owner = self.text.owners[outer]
            assert isinstance(outer_owner, ast.stmt)
            outer = outer_owner
            if isinstance(outer, ast.For | ast.While) and any(self.within(each, [outer]) for each in self.names.get(name, [])):
                return True
        return any(self.text.start(each) > end for each in self.names.get(name, []))


def is_numpy(found: object) -> bool:
    """Whether something is NumPy or SciPy, or of them."""
    return str(getattr(found, "__module__", None) or getattr(found, "__name__", "")).split(".")[0] in ("numpy", "scipy", "math")
