"""The objects that expressions of a function stand for while it is analysed: globals, and what methods are bound to.

Never runs what it finds, nor a property on the way.
"""
from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any

from gradgen.analyse.reads import Read
from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir
from gradgen.read.resolve import MISSING, attribute_of, kept_by

Receivers = Mapping[tuple[Read, str], Any]


def constant_value(expr: ir.Expr, read: Read, versions: Versions, receivers: Receivers) -> Any:
    """As live_value, and through local names that only stand for such an object."""
    if isinstance(expr, ir.Name) and expr.scope == "local":
        version = versions.of_read.get(expr)
        is_assigned = version is not None and version.kind == "assign" and len(version.sources) == 1
        if version is not None and is_assigned and isinstance(version.sources[0], ir.Expr):
            return constant_value(version.sources[0], read, versions, receivers)
    if isinstance(expr, ir.Item) and isinstance(expr.index, ir.Const):
        table = constant_value(expr.base, read, versions, receivers)
        return table.get(expr.index.value, MISSING) if isinstance(table, dict) else MISSING
    return live_value(expr, read, receivers)


def live_value(expr: ir.Expr, read: Read, receivers: Receivers) -> Any:
    """The object that an expression stands for, where it cannot be rebound by the function: globals, and a bound self."""
    match expr:
        case ir.Name(id=name, scope="global" | "free"):
            first, *rest = name.split(".")
            value = read.scope.lookup(first)
            for part in rest:
                value = MISSING if value is MISSING else attribute_of(value, part)
            return value
        case ir.Name(id=name, scope="local"):
            return receivers.get((read, name), MISSING)
        case ir.Const(value=value):
            return value
        case ir.Call(target=target, args=(arg,)) if target is type:
            owner = live_value(arg, read, receivers)
            return MISSING if owner is MISSING else type(owner)
        case ir.Attribute(base=base, name=name):
            owner = live_value(base, read, receivers)
            if isinstance(owner, types.MethodType) and name == "__self__":
                return owner.__self__
            return MISSING if owner is MISSING else kept_by(owner, name)
    return MISSING
