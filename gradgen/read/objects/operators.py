"""Says operators, subscripts and comparisons of objects as the methods of their classes that these run.

Never guesses: what is no object is taken for a number, on which Python hands the operator to the object's class.
"""
from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from functools import partial
from typing import Any

from gradgen.read.objects.classes import held, is_named_tuple, method
from gradgen.read.objects.expressions import Expressions
from gradgen.read.objects.values import Frame, Made, Unsaid, Value, folded, is_row, may_act, parts_of, whole
from gradgen.read.resolve import MISSING

BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv", ast.Mod: "mod",
    ast.Pow: "pow", ast.MatMult: "matmul",
}
UNARY: dict[type[ast.unaryop], str] = {ast.USub: "__neg__", ast.UAdd: "__pos__"}
COMPARED: dict[type[ast.cmpop], str] = {ast.Lt: "__lt__", ast.LtE: "__le__", ast.Gt: "__gt__", ast.GtE: "__ge__"}

OF_NUMBERS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


class Operators(Expressions):
    """Operators whose operands may be objects."""

    def operated(self, node: ast.expr, frame: Frame) -> Value:
        match node:
            case ast.BinOp(left=left, op=op, right=right):
                one, other = self.in_order([partial(self.value, left, frame), partial(self.value, right, frame)])
                if isinstance(one, Made) or isinstance(other, Made):
                    return self.binary(op, one, other, frame)
                if one is left and other is right:
                    return node
                return folded(ast.BinOp(one, op, other))
            case ast.UnaryOp(op=op, operand=operand):
                value = self.value(operand, frame)
                if isinstance(value, Made):
                    return self._by_method(value, UNARY.get(type(op), ""), [], frame)
                if isinstance(op, ast.Not) and isinstance(value, ast.Constant) and value is not operand:
                    return ast.Constant(not value.value)
                return node if value is operand else ast.UnaryOp(op, value)
            case ast.Compare():
                return self._compared(node, frame)
            case ast.Subscript():
                return self._subscript(node, frame)
        raise Unsaid

    def binary(self, op: ast.operator, one: Value, other: Value, frame: Frame) -> Value:
        """`one + other`, one of which is an object."""
        name = BINARY.get(type(op), "")
        if not name:
            raise Unsaid
        if isinstance(one, Made) and isinstance(other, Made) and one.known is other.known and is_row(one.known) and name == "add":
            return Made(one.known, {str(at): each for at, each in enumerate([*parts_of(one), *parts_of(other)])})
        if isinstance(one, Made):
            if isinstance(other, Made) and other.known is not one.known:
                is_first = issubclass(other.known, one.known) and held(other.known, f"__r{name}__") is not MISSING
                if is_first or method(one.known, f"__{name}__") is None:
                    raise Unsaid  # which of the two says what it is is seen only when it runs
            return self._by_method(one, f"__{name}__", [other], frame)
        assert isinstance(other, Made)
        return self._by_method(other, f"__r{name}__", [one], frame)

    def _by_method(self, made: Made, name: str, given: list[Value], frame: Frame) -> Value:
        function = method(made.known, name)
        if function is None:
            raise Unsaid
        self.is_needed = True
        self.note(made.known, name, function)
        return self.run(function, [made, *given], frame, made.known)

    def _compared(self, node: ast.Compare, frame: Frame) -> Value:
        parts = [node.left, *node.comparators]
        values = self.in_order([partial(self.value, each, frame) for each in parts])
        if not any(isinstance(each, Made) for each in values):
            if all(new is old for new, old in zip(values, parts, strict=True)):
                return node
            first, *others = [each for each in values if not isinstance(each, Made)]
            numbers = [whole(each) for each in (first, *others)]
            if len(numbers) == 2 and None not in numbers and type(node.ops[0]) in OF_NUMBERS:
                return ast.Constant(OF_NUMBERS[type(node.ops[0])](*numbers))
            return ast.Compare(first, node.ops, others)
        match node.ops, values:
            case [ast.Is() | ast.IsNot() as op], [Made() as one, Made() as other] if (
                self.is_changing(one.known) and self.is_changing(other.known)
            ):
                return ast.Constant((one is other) is isinstance(op, ast.Is))
            case [ast.Is() | ast.IsNot() as op], [Made(), ast.Constant(value=None)]:
                return ast.Constant(isinstance(op, ast.IsNot))
            case [op], [Made() as one, other] if type(op) in COMPARED and method(one.known, COMPARED[type(op)]) is not None:
                return self._by_method(one, COMPARED[type(op)], [other], frame)
        raise Unsaid

    def _subscript(self, node: ast.Subscript, frame: Frame) -> Value:
        base, index = self.in_order([partial(self.value, node.value, frame), partial(self.value, node.slice, frame)])
        if isinstance(index, Made):
            raise Unsaid
        if isinstance(base, ast.Tuple | ast.List) and isinstance(index, ast.Constant) and isinstance(index.value, int):
            others = [each for at, each in enumerate(base.elts) if at != index.value % max(1, len(base.elts))]
            if base is not node.value and -len(base.elts) <= index.value < len(base.elts) and not any(map(may_act, others)):
                return base.elts[index.value]
        if not isinstance(base, Made):
            return node if base is node.value and index is node.slice else ast.Subscript(base, index, node.ctx)
        if is_row(base.known) or is_named_tuple(base.known) and held(base.known, "__getitem__") is tuple.__getitem__:
            parts, at = parts_of(base), whole(index)
            if at is not None and -len(parts) <= at < len(parts):
                return parts[at]
            if is_row(base.known):
                return self._several(base, parts, index)
            return ast.Subscript(self.as_tuple(self.settled_for(base)), index, ast.Load())
        return self._by_method(base, "__getitem__", [index], frame)

    def _several(self, base: Made, parts: list[Value], index: ast.expr) -> Made:
        """A slice of a list or a tuple of objects."""
        if not isinstance(index, ast.Slice):
            self.unknown_place()
            raise Unsaid
        bounds = [None if each is None else whole(each) for each in (index.lower, index.upper, index.step)]
        given = (index.lower, index.upper, index.step)
        if any(bound is None and each is not None for bound, each in zip(bounds, given, strict=True)) or bounds[2] == 0:
            raise Unsaid
        return Made(base.known, {str(at): each for at, each in enumerate(parts[slice(*bounds)])})

    def unknown_place(self) -> None:
        """An element is asked for by a place that is not known."""

    def elements(self, made: Made, frame: Frame) -> list[Value]:
        """What going through an object gives, one after the other."""
        if is_row(made.known) or is_named_tuple(made.known) and held(made.known, "__iter__") is tuple.__iter__:
            return parts_of(made)
        function = method(made.known, "__iter__")
        if function is None:
            raise Unsaid
        self.is_needed = True
        self.note(made.known, "__iter__", function)
        found = self.run(function, [made], frame, made.known)
        match found:
            case ast.Call(func=ast.Name(id="iter"), args=[ast.Tuple(elts=parts) | ast.List(elts=parts)], keywords=[]):
                return list(parts)
        raise Unsaid
