"""What the text of a function says of its lists: which get shorter or are stored into deeply, and what leaves with the result.

Never follows a list from one name to another; analyse.sharing.variables does.
"""
from __future__ import annotations

import ast

from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in

OF_NUMBERS = frozenset({"sub", "div", "floordiv", "mod", "pow", "neg"})  # no list comes out of them


def counted_versions(function: ir.Function, versions: Versions) -> frozenset[Version]:
    """The versions that are calculated with as only numbers are."""
    operations = found_in(function, ir.Op)
    counting = (node for node in operations if node.op in OF_NUMBERS or node.op == "mul" or node.spelling is not None)
    names = (arg for node in counting for arg in node.args if isinstance(arg, ir.Name))
    return frozenset(versions.of_read[name] for name in names if name in versions.of_read)


def stored_into_deeply(function: ir.Function) -> set[str]:
    """The variables whose elements something is stored into."""
    targets = (node for node in found_in(function, ir.ItemTarget) if isinstance(node.index, ir.Opaque))
    return {target.base.id for target in targets if isinstance(target.base, ir.Name)}


def shortened_lists(function: ir.Function) -> set[str]:
    """The lists that something is popped from."""
    calls = (node.func for node in found_in(function, ir.Call))
    popping = (func.base for func in calls if isinstance(func, ir.Attribute) and func.name == "pop")
    return {base.id for base in popping if isinstance(base, ir.Name)}


ASKING = frozenset({"abs", "len", "sum", "max", "min", "round", "float", "int"})


def asking_keys(function: ir.Function) -> frozenset[ir.Expr]:
    """The lambdas by whose values something is ordered, or the largest, that only calculate: they keep nothing."""
    keys: list[ir.Expr] = []
    for call in found_in(function, ir.Call):
        match call.func:
            case ir.Name(id="max" | "min" | "sorted", scope="global"):
                keys += [value for name, value in call.keywords if name == "key"]
    return frozenset(key for key in keys if isinstance(key, ir.Opaque) and _only_calculates(key.text))


def _only_calculates(text: str) -> bool:
    """Whether a lambda calls nothing but functions of numbers."""
    made = ast.parse(text.strip(), mode="eval").body
    for each in ast.walk(made):
        match each:
            case ast.Call(func=ast.Name(id=name)) if name in ASKING:
                continue
            case ast.Call(func=ast.Attribute(value=ast.Name(id="math"))):
                continue
            case ast.Call() | ast.NamedExpr() | ast.Await() | ast.Yield() | ast.YieldFrom():
                return False
    return isinstance(made, ast.Lambda)


def leaving_displays(function: ir.Function) -> frozenset[ir.Expr]:
    """The displays that a function returns: nothing is stored any more into what they hold, but where a `finally` follows."""
    if any(node.final for node in found_in(function, ir.Try)):
        return frozenset()
    found: set[ir.Expr] = set()
    waiting = [node.value for node in found_in(function, ir.Exit) if node.value is not None]
    while waiting:
        value = waiting.pop()
        if isinstance(value, ir.Display):
            found.add(value)
            waiting += value.items
    return frozenset(found)
