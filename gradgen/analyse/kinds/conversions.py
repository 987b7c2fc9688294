"""What a class makes of the values that its fields are given: a `__setattr__` that converts each in its way and keeps it.

Never runs a class's code, and never reads the functions that convert.
"""
from __future__ import annotations

import ast
import types
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from gradgen.errors import GradgenError
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field
from gradgen.read.resolve import Scope
from gradgen.read.source import source_of


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a field holds of the value that it is given: `function(value, *constants)`, or the value itself where that is None;
    `is_known` is False where the text does not tell."""

    name: str = ""
    function: types.FunctionType | None = None
    constants: tuple[Any, ...] = ()
    is_known: bool = True

    def call(self, value: ir.Expr) -> ir.Call:
        """The conversion of a value, as a call."""
        arguments = (value, *map(ir.Const, self.constants))
        return ir.Call(ir.Name(self.name, "global"), arguments, target=self.function)


AS_GIVEN = Conversion()
UNKNOWN = Conversion(is_known=False)


@lru_cache(maxsize=256)
def conversions_of(target: type, names: tuple[str, ...]) -> Mapping[str, Conversion] | None:
    """What the fields `names` of a class hold of what they are given; None where storing an attribute may do anything else."""
    owners = [base for base in target.__mro__[:-1] if "__setattr__" in base.__dict__]
    if not owners:
        return dict.fromkeys(names, AS_GIVEN)
    own = owners[0].__dict__["__setattr__"]
    if len(owners) > 1 or not isinstance(own, types.FunctionType) or own.__closure__ and _others(own):
        return None
    try:
        node = source_of(own).node
    except GradgenError:
        return None
    if not isinstance(node, ast.FunctionDef) or len(node.args.args) != 3 or node.decorator_list:
        return None
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    *choices, last = body
    owner, name, value = (each.arg for each in node.args.args)
    store = _Store(owner, name, value, Scope.of(own))
    if not store.keeps(last) or not all(isinstance(choice, ast.If) for choice in choices):
        return None
    found = {each: store.converted(choices, each) for each in names}
    return None if None in found.values() else {each: held for each, held in found.items() if held is not None}


def _others(function: types.FunctionType) -> bool:
    return any(name != "__class__" for name in function.__code__.co_freevars)


@dataclass(frozen=True, slots=True)
class _Store:
    """The parameters of a `__setattr__`, and what its text says."""

    owner: str
    name: str
    value: str
    scope: Scope = field(repr=False)

    def keeps(self, node: ast.stmt) -> bool:
        """Whether a statement stores the attribute as any object does."""
        text = ast.unparse(node)
        arguments = f".__setattr__({self.name}, {self.value})"
        whole = f"object.__setattr__({self.owner}, {self.name}, {self.value})"
        plain = {"super": f"super(){arguments}", "object": whole}
        return any(text == spelled and self.scope.lookup(word) in (super, object) for word, spelled in plain.items())

    def converted(self, block: Sequence[ast.stmt], name: str) -> Conversion | None:
        """What statements make of the value for one field; None where they look at anything but the field's name."""
        result = AS_GIVEN
        for node in block:
            if isinstance(node, ast.If):
                is_named = self._is_named(node.test, name)
                if is_named is None:
                    return None
                inner = node.body if is_named else node.orelse
                nested = inner if all(isinstance(each, ast.If) for each in inner) and not is_named else None
                found = self.converted(nested, name) if nested is not None else self._assigned(inner)
                if found is None:
                    return None
                if found is not AS_GIVEN:
                    result = found if result is AS_GIVEN else UNKNOWN
        return result

    def _is_named(self, test: ast.expr, name: str) -> bool | None:
        """Whether a test of the field's name holds for one field."""
        match test:
            case ast.Compare(left=ast.Name(id=tested), ops=[ast.Eq()], comparators=[ast.Constant(value=str(wanted))]):
                return name == wanted if tested == self.name else None
            case ast.Compare(left=ast.Name(id=tested), ops=[ast.In()], comparators=[ast.Tuple(elts=items)]):
                known = [item.value for item in items if isinstance(item, ast.Constant)]
                return name in known if tested == self.name and len(known) == len(items) else None
        return None

    def _assigned(self, block: Sequence[ast.stmt]) -> Conversion:
        """What one arm makes of the value."""
        match list(block):
            case [] | [ast.Pass()]:
                return AS_GIVEN
            case [ast.Assign(targets=[ast.Name(id=bound)], value=ast.Call(func=ast.Name(id=called), args=args, keywords=[]))]:
                function = self.scope.lookup(called)
                match args:
                    case [ast.Name(id=given), *others] if given == bound == self.value:
                        constants = [each.value for each in others if isinstance(each, ast.Constant)]
                        if function is float and not others:
                            return AS_GIVEN
                        if isinstance(function, types.FunctionType) and len(constants) == len(others):
                            return Conversion(called, function, tuple(constants))
        return UNKNOWN

