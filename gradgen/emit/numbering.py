"""Numbers the values that the statements of a block compute: equal numbers are equal values, whatever names they have.

Never changes a statement; what it does not know, calls of the user's functions and stores, it takes to change everything.
"""
from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Sequence

from gradgen.emit.known_calls import KnownCalls
from gradgen.ir.frozen import dataclass, field

ATTRIBUTES = frozenset({"T", "shape", "size", "ndim", "dtype"})
UNKNOWN = (ast.NamedExpr, ast.Lambda, ast.ListComp, ast.GeneratorExp, ast.Await)
SAID = frozenset({"where"})
"""Keywords that only say where a line stands, when they are written out."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A place where a value is computed: in which statement of the block, and whether that is so in any case. `names` are the
    variables that have the value when the statement begins; it is the `whole` of what the statement binds a name to."""

    node: ast.expr
    number: int
    place: int
    is_sure: bool
    names: tuple[str, ...]
    whole: str | None


@dataclass(slots=True)
class Numbering:
    """Goes through the statements of a block; `calls` tells what its calls do, `has_arrays` whether `+=` may change data that
    other names have."""

    calls: KnownCalls
    has_arrays: bool
    seen: list[Seen] = field(default_factory=list)
    asked: list[tuple[int, int]] = field(default_factory=list)  # tests that end the call where they hold, with their places
    _names: dict[str, int] = field(default_factory=dict)
    _table: dict[object, int] = field(default_factory=dict)
    _fresh: Iterator[int] = field(default_factory=itertools.count)
    _place: int = 0
    _named: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def block(self, block: Sequence[ast.stmt]) -> None:
        for self._place, stmt in enumerate(block):
            self._named = {}
            for name, number in self._names.items():
                self._named[number] = (*self._named.get(number, ()), name)
            self._statement(stmt)

    def _statement(self, stmt: ast.stmt) -> None:
        if any(isinstance(node, UNKNOWN) for node in ast.walk(stmt)):
            self._forget(stmt)
            return
        match stmt:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                number = self._number(value, True, whole=name)
                self._after(value)
                self._names[name] = number
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if len(targets) == len(values) and (
                all(isinstance(each, ast.Name) for each in targets)
            ):
                numbers = [self._number(value, True) for value in values]
                self._after(stmt.value)
                pairs = zip(targets, numbers, strict=True)
                self._names.update((each.id, number) for each, number in pairs if isinstance(each, ast.Name))
            case ast.Assign(value=value) | ast.AugAssign(value=value):
                self._number(value, True)
                self._after(value)
                self._bind(stmt)
            case ast.Return(value=ast.expr() as value):
                self._number(value, True)
            case ast.If(test=test, body=[ast.Raise()], orelse=[]):
                self.asked.append((self._number(test, True), self._place))
            case ast.If(test=ast.Compare(left=ast.Call(func=ast.Name(id="type"))) | ast.UnaryOp(), body=[ast.Expr()], orelse=[]):
                pass  # a look at numbers, which changes nothing
            case _:
                self._forget(stmt)

    def _bind(self, stmt: ast.Assign | ast.AugAssign) -> None:
        targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]
        parts = [each for target in targets for each in (target.elts if isinstance(target, ast.Tuple) else [target])]
        is_in_place = isinstance(stmt, ast.AugAssign) and self.has_arrays
        if is_in_place or not all(isinstance(part, ast.Name) for part in parts):
            self._forget(stmt)
        for part in parts:
            if isinstance(part, ast.Name):
                self._names[part.id] = next(self._fresh)

    def _after(self, value: ast.expr) -> None:
        """A call that may do more than compute leaves nothing known."""
        if any(isinstance(node, ast.Call) and not self.calls.only_computes(node.func) for node in ast.walk(value)):
            self._forget(value)

    def _forget(self, node: ast.AST) -> None:
        self._names = {}
        self._table = {}

    def _number(self, node: ast.expr, is_sure: bool, whole: str | None = None) -> int:
        """The number of an expression's value; a new one where it is not known what it does."""
        key = self._key(node, is_sure)
        if isinstance(node, ast.Name):
            return self._names.setdefault(node.id, next(self._fresh))
        if key is None:
            return next(self._fresh)
        number = self._table.setdefault(key, next(self._fresh))
        if not isinstance(node, ast.Constant):
            self.seen.append(Seen(node, number, self._place, is_sure, self._named.get(number, ()), whole))
        return number

    def _key(self, node: ast.expr, is_sure: bool) -> object:
        of = self._number
        match node:
            case ast.Constant(value=value):
                return type(value), repr(value)
            case ast.BinOp(left=left, op=op, right=right):
                return type(op), of(left, is_sure), of(right, is_sure)
            case ast.UnaryOp(op=op, operand=operand):
                return type(op), of(operand, is_sure)
            case ast.Compare(left=left, ops=ops, comparators=others):
                first = of(left, is_sure)
                return tuple(map(type, ops)), first, tuple(of(each, is_sure and len(others) == 1) for each in others)
            case ast.BoolOp(op=op, values=[first, *rest]):
                return type(op), of(first, is_sure), tuple(of(each, False) for each in rest)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return "if", of(test, is_sure), of(body, False), of(orelse, False)
            case ast.Attribute() if self.calls.is_constant(node):
                return ast.unparse(node)
            case ast.Attribute(value=value, attr=attr) if attr in ATTRIBUTES:
                return attr, of(value, is_sure)
            case ast.Subscript(value=value, slice=index):
                return "[]", of(value, is_sure), self._index(index, is_sure)
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                inner = tuple(of(each, is_sure) for each in elts)
                return ("tuple", inner) if isinstance(node, ast.Tuple) else None
            case ast.Call(func=func, args=args, keywords=keywords):
                given = tuple(of(each, is_sure) for each in args if not isinstance(each, ast.Starred))
                named = tuple((each.arg, of(each.value, is_sure)) for each in keywords if not _only_says(each))
                is_plain = len(given) == len(args) and all(each.arg not in (None, "out") for each in keywords)
                return ("()", ast.unparse(func), given, named) if is_plain and self.calls.only_computes(func) else None
        return None

    def _index(self, index: ast.expr, is_sure: bool) -> object:
        match index:
            case ast.Slice(lower=lower, upper=upper, step=step):
                return tuple(None if part is None else self._number(part, is_sure) for part in (lower, upper, step))
            case ast.Tuple(elts=elts):
                return tuple(self._index(each, is_sure) for each in elts)
        return self._number(index, is_sure)


def _only_says(keyword: ast.keyword) -> bool:
    return keyword.arg in SAID and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str)
