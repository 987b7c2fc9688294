"""How generated text writes the shapes of values: by the variables of the function that have them.

Never fits an adjoint to a shape; operations.py does.
"""
from __future__ import annotations

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass
from gradgen.ir.kinds import Kind, are_alike
from gradgen.ir.queries import unwrapped
from gradgen.rules.registry import shape_of


@dataclass(frozen=True, slots=True)
class Sizes:
    """The shapes of one function's values as expressions."""

    kinds: Kinds

    def shaped(self, expr: ir.Expr) -> ir.Expr:
        """A value that has the shape of `expr`, a variable where one has: `.shape` and `.size` are read from it."""
        expr = unwrapped(expr)
        if isinstance(expr, ir.Name):
            return expr
        if isinstance(expr, ir.Item) and isinstance(expr.base, ir.Value):  # one of several results, which a variable may have
            return expr
        shape = self.kinds.shape(expr)
        operation = self.kinds.operation(expr)
        if operation is None or shape is None:
            return ir.Value(expr)
        for operand in operation.args:
            own = self.kinds.shape(operand)
            is_alike = own == shape or own is not None and shape_of(operation.op) is None and are_alike(own, shape)
            if is_alike and isinstance(found := self.shaped(operand), ir.Name):
                return found
        return ir.Value(expr)

    def size_of(self, value: ir.Expr, part: str) -> ir.Expr:
        """`x.shape` or `x.size`; of what may be a number `np.shape(x)`."""
        if isinstance(value, ir.Attribute) and value.name == "flat":
            return ir.Attribute(ir.Value(value.base), "size")
        known = self.shaped(value)
        if part == "size" and not isinstance(known, ir.Name) and len(self.kinds.shape(value) or ()) == 1:
            length = self.dimensions(value)
            if isinstance(length, ir.Item):
                return length
        if self.kinds.shape(value):
            return ir.Attribute(known, part)
        return ir.Call(ir.Name(f"numpy.{part}", "global"), (known,))

    def filled(self, like: ir.Expr, product: ir.Expr) -> ir.Expr:
        """A value in the shape of another, and in its dtype where that is one of floats."""
        known = self.shaped(like)
        kinds = (self.kinds.of(like), self.kinds.of(known))  # that of the variable may be one of whole numbers
        is_float = all(isinstance(kind, Kind) and kind.dtype == "float" for kind in kinds)
        if isinstance(known, ir.Name) and is_float and self.kinds.is_array(known):
            return ir.Op("full_like", (known, product), family="numpy")
        return ir.Op("full", (self.dimensions(like), product), family="numpy")

    def dimensions(self, expr: ir.Expr) -> ir.Expr:
        """The shape of a value: a variable's that has it, or put together from those of variables in the expression."""
        known = self.shaped(expr)
        shape = self.kinds.shape(expr)
        is_flat = isinstance(expr, ir.Attribute) and expr.name == "flat"
        if isinstance(known, ir.Name) or shape is None or is_flat:
            return self.size_of(expr, "shape")
        own = ir.names_bound((ir.Evaluate(expr),))  # by comprehensions: these are gone where the shape is read
        variables = [each for each in ir.names_read(expr) if each.scope == "local" and each.id not in own]
        variables = [each for each in variables if self.kinds.is_array(each)]
        parts = []
        for dim in shape:
            found = next(((v, axis) for v in variables for axis, own in enumerate(self.kinds.shape(v) or ()) if own == dim), None)
            if found is None or not dim.terms:
                return ir.Attribute(known, "shape")
            variable, axis = found
            parts.append(ir.Item(ir.Attribute(ir.Value(variable), "shape"), ir.Const(axis)))
        return parts[0] if len(parts) == 1 else ir.Display("tuple", tuple(parts))
