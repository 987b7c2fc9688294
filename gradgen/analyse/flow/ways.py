"""Branches that ask whether something is a number or an array: for the kinds that a text is written for, one way is taken.

`if np.isscalar(x): return y[0]`, `if y.ndim == 0:`, `if isinstance(x, np.ndarray):`. Never decides for sure which way that is:
on the other one generated code raises.
"""
from __future__ import annotations

import dataclasses
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from gradgen.analyse.kinds.arrays import Kinds, kinds_source
from gradgen.analyse.reads import Read
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.kinds import Kind, Shape
from gradgen.ir.queries import ends_raising
from gradgen.read.one_way import OTHERWISE, untaken

SIZES = frozenset({"ndim", "size", "shape"})
OF_SIZES: Mapping[str, str] = {"rank_of": "ndim", "size_of": "size", "shape_of": "shape"}
COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda left, right: left == right, "ne": lambda left, right: left != right, "lt": lambda left, right: left < right,
    "le": lambda left, right: left <= right, "gt": lambda left, right: left > right, "ge": lambda left, right: left >= right,
}
CLASS_ASKED: Mapping[str, bool] = {"is": True, "eq": True, "in": True, "isnot": False, "ne": False, "notin": False}
MAKING = frozenset({"array", "asarray"})
MOST_ROUNDS = 4


def on_known_ways(read: Read, kinds_of: Callable[[Read], Kinds], live: Callable[[ir.Expr, Read], object]) -> Read:
    """A function as read, where ways that its kinds of arguments do not take end in an error. `kinds_of` finds the kinds of a
    function's values; `live` is what an expression stands for."""
    for _ in range(MOST_ROUNDS):
        if not any(map(_asks, found_in(read.function, ir.Branch))):
            break
        body = _Ways(kinds_of(read), read, live).block(read.function.body)
        if body == read.function.body:
            break
        read = dataclasses.replace(read, function=replace(read.function, body=body))
    return read


def _asks(branch: ir.Branch) -> bool:
    """Whether a test may be decided by kinds: at a look, before these are found."""
    if branch.case is not None or ends_raising(branch.then) or ends_raising(branch.orelse):
        return False
    return any(isinstance(node, ir.Call | ir.Attribute | ir.Op | ir.Name) and _is_question(node) for node in ir.walk(branch.test))


def _is_question(node: ir.Expr) -> bool:
    match node:
        case ir.Name(scope="local"):
            return True
        case ir.Call(func=ir.Name(id="isinstance" | "hasattr" | "type", scope="global")):
            return True
        case ir.Attribute(name="__class__"):
            return True
        case ir.Call(target=target):
            return getattr(target, "__name__", "") == "isscalar"
        case ir.Attribute(name=name):
            return name in SIZES
        case ir.Op(op=op):
            return op in OF_SIZES
    return False


def _whose_class(expr: ir.Expr) -> ir.Expr | None:
    """What a class is asked for: x of `type(x)`, `x.__class__`, and of the names of these."""
    match expr:
        case ir.Attribute(base=base, name="__name__"):
            return _whose_class(base)
        case ir.Call(func=ir.Name(id="type", scope="global"), args=(value,)) | ir.Attribute(base=value, name="__class__"):
            return value
    return None


def _is_name(expr: ir.Expr) -> bool:
    return isinstance(expr, ir.Attribute) and expr.name == "__name__"


def _leaves(block: ir.Block) -> bool:
    return bool(block) and isinstance(block[-1], ir.Exit)


def _dead(block: ir.Block) -> ir.Block:
    """A block in whose place generated code raises; an `elif` still asks."""
    match block:
        case (ir.Branch(is_elif=True) as branch,):
            return (replace(branch, then=_dead(branch.then), orelse=_dead(branch.orelse) if branch.orelse else ()),)
    return untaken(block, OTHERWISE)


@dataclass(eq=False)
class _Ways:
    """What the kinds of a function's values say of its tests."""

    kinds: Kinds
    read: Read
    live: Callable[[ir.Expr, Read], object]

    def block(self, stmts: ir.Block) -> ir.Block:
        found: list[ir.Stmt] = []
        for index, stmt in enumerate(stmts):
            is_taken = self.decided(stmt.test) if isinstance(stmt, ir.Branch) and _asks(stmt) else None
            if isinstance(stmt, ir.Branch) and is_taken is not None:
                then = self.block(stmt.then) if is_taken else _dead(stmt.then)
                orelse = _dead(stmt.orelse) if is_taken and stmt.orelse else self.block(stmt.orelse)
                found.append(replace(stmt, then=then, orelse=orelse))
                rest = stmts[index + 1 :]
                if is_taken and _leaves(then) and not stmt.orelse and rest and not ends_raising(rest):
                    return (*found, *_dead(rest))
                continue
            found.append(self._inside(stmt))
        return tuple(found) if any(new is not old for new, old in zip(found, stmts, strict=True)) else stmts

    def _inside(self, stmt: ir.Stmt) -> ir.Stmt:
        changed: dict[str, Any] = {}
        for each in dataclasses.fields(stmt):
            value = getattr(stmt, each.name)
            if type(value) is tuple and value and isinstance(value[0], ir.Stmt):
                inner = self.block(value)
                if inner is not value:
                    changed[each.name] = inner
        return replace(stmt, **changed) if changed else stmt

    # --- questions ---

    def decided(self, test: ir.Expr) -> bool | None:
        """The answer to a test by the kinds of what it asks; None where they do not tell."""
        match test:
            case ir.Op(op="not", args=(inner,)):
                found = self.decided(inner)
                return None if found is None else not found
            case ir.Op(op="and" | "or" as op, args=args):
                answers = [self.decided(arg) for arg in args]
                if (op == "or") in answers:
                    return op == "or"
                return None if None in answers else op == "and"
            case ir.Name(scope="local"):
                source = kinds_source(self.kinds, test)
                return None if source is None or isinstance(source, ir.Name) else self.decided(source)
            case ir.Call(func=ir.Name(id="bool", scope="global"), args=(inner,)):
                return self.decided(inner)
            case ir.Call(func=ir.Name(id="isinstance", scope="global"), args=(value, classes)):
                return self._is_instance(value, classes)
            case ir.Call(func=ir.Name(id="hasattr", scope="global"), args=(value, ir.Const(value=str(name)))):
                return self._has(value, name)
            case ir.Call(target=target, args=(value,)) if getattr(target, "__name__", "") == "isscalar":
                shape = self.kinds.shape(value)
                return None if shape is None or not self._is_told(value) else shape == () and not self._is_array_object(value)
            case ir.Compare(ops=(op,), operands=(left, right)) if (asked := _whose_class(left)) is not None:
                return self._is_of_class(asked, op, right, _is_name(left))
            case ir.Compare(ops=("eq" | "ne" as op,), operands=(left, right)) if self._differ_in_length(left, right):
                return op == "ne"
            case ir.Compare(ops=(op,), operands=(left, right)) if op in COMPARED:
                sizes = self._size(left), self._size(right)
                return None if None in sizes else bool(COMPARED[op](*sizes))
            case ir.Attribute() | ir.Op():
                size = self._size(test)
                return None if size is None else bool(size)
        return None

    def _differ_in_length(self, left: ir.Expr, right: ir.Expr) -> bool:
        """Whether two shapes have not as many axes: `x.shape == ()`."""
        lengths = self._length(left), self._length(right)
        return None not in lengths and lengths[0] != lengths[1]

    def _length(self, expr: ir.Expr) -> int | None:
        match expr:
            case ir.Display(kind="tuple", items=items):
                return len(items)
            case ir.Attribute(base=base, name="shape") | ir.Op(op="shape_of", args=(base,), keywords=()):
                shape = self.kinds.shape(base)
                return None if shape is None else len(shape)
        return None

    def _is_told(self, value: ir.Expr) -> bool:
        """Whether a kind is more than what is taken for granted of names: a text is no number, though nothing be known of it."""
        return isinstance(self.kinds.of(value), Kind)

    def _is_array_object(self, value: ir.Expr) -> bool:
        """Whether what has no axes may be an array all the same: what is made by `np.asarray` and not computed with yet."""
        source = kinds_source(self.kinds, value) if isinstance(value, ir.Name) else value
        return isinstance(source, ir.Op) and source.op in MAKING

    def _classes_of(self, value: ir.Expr) -> tuple[type, ...]:
        """The classes that a value may have; none where they are not known."""
        kind = self.kinds.of(value)
        if not isinstance(kind, Kind) or kind.shape is None or kind.dtype not in ("float", "int"):
            return ()
        if kind.shape or self._is_array_object(value):
            numpy = _numpy()
            return () if numpy is None else (numpy.ndarray,)
        return (float, int)

    def _is_instance(self, value: ir.Expr, classes: ir.Expr) -> bool | None:
        asked = [self.live(each, self.read) for each in (classes.items if isinstance(classes, ir.Display) else (classes,))]
        if any(isinstance(each, tuple) for each in asked):
            asked = [one for each in asked for one in (each if isinstance(each, tuple) else (each,))]
        found = self._classes_of(value)
        if not found or not all(isinstance(each, type) for each in asked):
            return None
        return _agreed(issubclass(each, tuple(asked)) for each in found)  # type: ignore[arg-type]

    def _is_of_class(self, value: ir.Expr, op: str, other: ir.Expr, by_name: bool) -> bool | None:
        """`type(x) is list`, `type(x) in (int, float)`; `by_name`: `type(x).__name__ == "list"`."""
        items = other.items if isinstance(other, ir.Display) and op in ("in", "notin") else (other,)
        asked = [each.value if isinstance(each, ir.Const) else self.live(each, self.read) for each in items]
        found: tuple[object, ...] = self._classes_with_scalars(value)
        if op not in CLASS_ASKED or not found or not all(isinstance(each, str if by_name else type) for each in asked):
            return None
        named = tuple(getattr(each, "__name__", "") for each in found) if by_name else found
        is_one = _agreed(each in asked for each in named)
        return None if is_one is None else is_one == CLASS_ASKED[op]

    def _classes_with_scalars(self, value: ir.Expr) -> tuple[type, ...]:
        """The classes that a value may have, with that of NumPy's numbers."""
        numpy = _numpy()
        found = self._classes_of(value)
        return (*found, numpy.float64) if numpy is not None and found == (float, int) else found

    def _has(self, value: ir.Expr, name: str) -> bool | None:
        found = self._classes_with_scalars(value)
        return _agreed(hasattr(each, name) for each in found) if found else None

    def _size(self, expr: ir.Expr) -> object:
        """A size that is known: `x.ndim`, `np.size(x)`, `len(x)`, `()`."""
        match expr:
            case ir.Const(value=int() as value):
                return value
            case ir.Display(kind="tuple", items=items):
                sizes = tuple(map(self._size, items))
                return None if None in sizes else sizes
            case ir.Attribute(base=base, name="ndim" | "size" | "shape" as name):
                return _of_shape(self.kinds.shape(base), name)
            case ir.Op(op=op, args=(base,), keywords=()) if op in OF_SIZES:
                return _of_shape(self.kinds.shape(base), OF_SIZES[op])
            case ir.Call(func=ir.Name(id="len", scope="global"), args=(ir.Attribute(base=base, name="shape"),)):
                return _of_shape(self.kinds.shape(base), "ndim")
            case ir.Call(func=ir.Name(id="len", scope="global"), args=(base,)):
                found = _of_shape(self.kinds.shape(base), "shape")
                return found[0] if isinstance(found, tuple) and found else None
        return None


def _of_shape(shape: Shape | None, name: str) -> object:
    if shape is None:
        return None
    if name == "ndim":
        return len(shape)
    sizes = tuple(dim.const for dim in shape if not dim.terms)
    if len(sizes) < len(shape):
        return None
    return math.prod(sizes) if name == "size" else sizes


def _agreed(answers: Iterable[bool]) -> bool | None:
    found = set(answers)
    return found.pop() if len(found) == 1 else None


def _numpy() -> Any:
    return sys.modules.get("numpy")
