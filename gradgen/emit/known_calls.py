"""What the calls in a generated text do: whether one only computes, and whether what it gives is new.

Never runs anything.
"""
from __future__ import annotations

import ast
import sys
from collections.abc import Mapping
from types import ModuleType

from gradgen.analyse.sharing.lending import ANY_OPERAND, VIEWS
from gradgen.ir.frozen import dataclass
from gradgen.rules.spelling import HELPERS_WITH_ROWS, is_adopted, operation_of

MAKERS = frozenset({
    "zeros", "zeros_like", "empty", "empty_like", "ones", "ones_like", "full", "full_like", "copy", "array", "asarray", "eye",
    "checked_tangent", "complex_tangent", "checked_seed", "complex_seed", "stop_gradient",
})
"""Operations whose result is wanted for itself, to be changed or looked at."""


@dataclass(frozen=True, slots=True)
class KnownCalls:
    """The calls of a text in which `modules` go by these names, but for names that are `variables` of its own."""

    modules: Mapping[str, ModuleType]
    variables: frozenset[str]

    def operation(self, func: ast.expr) -> str | None:
        """The operation that is called; None for all others, and for functions of the user's that have rules."""
        names: list[str] = []
        while isinstance(func, ast.Attribute):
            names.insert(0, func.attr)
            func = func.value
        if not isinstance(func, ast.Name) or func.id in self.variables:
            return None
        if not names:
            return func.id if func.id in HELPERS_WITH_ROWS else None
        found: object = self.modules.get(func.id)
        for name in names:
            found = getattr(found, name, None)
        return None if found is None or is_adopted(found) else operation_of(found)

    def is_constant(self, node: ast.expr) -> bool:
        """Whether an expression is a module's own number: `np.pi`."""
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in self.modules and name not in self.variables:
                return type(getattr(self.modules[name], attr, None)) in (int, float)
        return False

    def only_computes(self, func: ast.expr) -> bool:
        """Whether a call gives the same each time, for the same arguments, and does nothing else."""
        operation = self.operation(func)
        return operation is not None and operation not in MAKERS

    def makes_new(self, func: ast.expr) -> bool:
        """Whether what a call gives shares no data with what it is given."""
        operation = self.operation(func)
        return operation is not None and operation not in VIEWS and isinstance(func, ast.Attribute)

    def lends_first(self, func: ast.expr) -> bool:
        """Whether what a call gives may share data with its first argument, and with no other: views and helpers do."""
        operation = self.operation(func)
        return operation is not None and operation not in ANY_OPERAND and not self.makes_new(func)


def calls_in(imports: Mapping[str, str], known: Mapping[str, object], variables: frozenset[str]) -> KnownCalls:
    """The calls of a text that `imports` modules, by their names, under such names, beside those that are `known` to it."""
    modules = {name: value for name, value in known.items() if isinstance(value, ModuleType)}
    modules |= {alias: sys.modules[module] for module, alias in imports.items() if module in sys.modules}
    return KnownCalls(modules, variables)
