"""What a function's surroundings say of arrays: its own arguments may be numbers, and its result an array all the same.

Never reads the arguments of a call.
"""
from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from gradgen.analyse.kinds.values import CODE, holds_array, meets_array
from gradgen.analyse.reads import Read
from gradgen.analyse.recording.randomness import is_random
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.kinds import AnyKind
from gradgen.ir.queries import is_name
from gradgen.read.resolve import MISSING
from gradgen.rules.solvers import solver_of
from gradgen.rules.spelling import operation_of

OF_ARRAYS = frozenset({"numpy", "scipy"})
"""The modules whose functions may give arrays where gradgen knows nothing of them."""
PRODUCTS = frozenset({"matmul", "matmul_left", "matmul_right"})
"""The operations that mean the same for sparse matrices."""
MATRICES = frozenset({"matrix", "asmatrix", "bmat"})
UNKNOWN: Final = object()
WRITTEN = (types.FunctionType, staticmethod, classmethod)
METHODS = (*WRITTEN, types.MethodDescriptorType, types.BuiltinFunctionType)
WHY = "whose operations are not those of arrays"
OTHERWISE = "Its operations are not those of arrays: `*` of two matrices is their matrix product, and a mask is passed on."


Live = Callable[[ir.Expr], object]


def brings_arrays(found: Read, live: Live, surely: bool = False) -> bool:
    """Whether an array may come to a function otherwise than as an argument: it reads one from outside, or what may be one, has
    one for a default, or uses what a function of NumPy or SciPy gives of which nothing is known. `live` tells what stands behind
    the names and attributes that the function cannot rebind. What only running code would tell does not count where it is to be
    `surely` so."""
    values = (value for value in _values_read(found.function, live) if value is not UNKNOWN or not surely)
    return any(map(_may_hold_array, values)) or any(map(meets_array, _defaults(found))) or any(
        _may_give_array(node.target) for node in found_in(found.function, ir.Call)
    )


def may_hand_on(kind: AnyKind, found: Read, returns: Sequence[ir.Exit], live: Live) -> bool:
    """Whether a function may hand out an array that its surroundings bring: what it returns is of this kind."""
    is_computed = kind is None and any(not isinstance(stmt.value, ir.Call) for stmt in returns)
    return (is_computed or holds_array(kind)) and brings_arrays(found, live)


def _defaults(found: Read) -> Iterator[object]:
    """The values of a function's default arguments; those of functions inside of it are read where they are defined."""
    if found.function.name == found.live.__name__ and not found.captures:
        yield from found.live.__defaults__ or ()
        yield from (found.live.__kwdefaults__ or {}).values()


def _values_read(function: ir.Function, live: Live) -> Iterator[object]:
    """What a function reads from outside: each whole name, attribute or item, not the object that it is taken out of. UNKNOWN is
    what only running code would tell."""
    nodes = found_in(function, ir.Name, ir.Attribute, ir.Item)
    values = {node: _value_read(node, live) for node in nodes if not isinstance(node, ir.Name) or node.scope != "local"}
    taken = {node.base for node in nodes if isinstance(node, ir.Attribute | ir.Item) and values[node] is not MISSING}
    methods = [node.func for node in found_in(function, ir.Call) if isinstance(node.func, ir.Attribute)]
    receivers = {func.base for func in methods if _is_written_method(live(func.base), func.name)}
    passed = {arg for node in found_in(function, ir.Call) for arg in (*node.args, *(value for _, value in node.keywords))}
    for node, value in values.items():
        if value is not MISSING and node not in taken and node not in receivers:
            yield value
    for arg in passed:
        if isinstance(arg, ir.Name) and arg.scope == "local" and (owner := live(arg)) is not MISSING:
            yield owner


def _value_read(expr: ir.Expr, live: Live) -> object:
    """What an expression reads from outside; MISSING where it reads nothing there."""
    match expr:
        case ir.Item(base=base, index=ir.Const(value=key)):
            held = _value_read(base, live)
            if isinstance(held, dict):
                return held.get(key, UNKNOWN)
            if isinstance(held, list | tuple) and isinstance(key, int):
                return held[key] if -len(held) <= key < len(held) else UNKNOWN
            return _any_item(held)
        case ir.Item(base=base):
            return _any_item(_value_read(base, live))
        case ir.Attribute(base=base, name=name):
            found = live(expr)
            if found is not MISSING:
                return found
            owner = live(base)
            if owner is MISSING or isinstance(owner, types.ModuleType | type) or hasattr(owner, "shape"):
                return MISSING
            return MISSING if isinstance(inspect.getattr_static(owner, name, None), METHODS) else UNKNOWN
        case ir.Name():
            return live(expr)
    return MISSING


def _any_item(held: object) -> object:
    """What an unknown item may be: of an object, whatever its class makes of the index."""
    is_told = held is MISSING or isinstance(held, list | tuple | dict | str | types.ModuleType | type) or hasattr(held, "shape")
    return held if is_told else UNKNOWN


def _is_written_method(owner: object, name: str) -> bool:
    """Whether a method of an object is a function of Python's, which is read where it is called."""
    is_object = owner is not MISSING and not isinstance(owner, types.ModuleType | type)
    return not is_object or isinstance(inspect.getattr_static(owner, name, None), WRITTEN)


def _may_hold_array(value: object) -> bool:
    """Whether a value may be an array, or has one in it."""
    return value is UNKNOWN or not isinstance(value, CODE) and meets_array(value, depth=3)


OF_NO_ARRAY = frozenset({"finfo", "iinfo", "errstate", "dtype", "broadcast_shapes", "result_type"})
"""What NumPy has that gives no array: limits of types, handling of errors, types, shapes."""


def _may_give_array(target: Any) -> bool:
    if getattr(target, "__name__", "") in OF_NO_ARRAY:
        return False
    is_known = is_random(target) or callable(target) and (solver_of(target) or operation_of(target)) is not None
    return callable(target) and not is_known and str(getattr(target, "__module__", "")).split(".")[0] in OF_ARRAYS


def refuse_matrices(found: Read) -> None:
    """Refuse the classes of arrays whose operations are others than those of arrays: `np.matrix`, masked arrays; sparse matrices
    in anything but `@`."""
    made = {
        stmt.target.id for stmt in found_in(found.function, ir.Assign)
        if isinstance(stmt.target, ir.NameTarget) and _makes_sparse(stmt.value)
    }
    for node in found_in(found.function, ir.Op, ir.Call):
        match node:
            case ir.Op(op=op, args=args) if op not in PRODUCTS and any(_is_sparse(arg, made, found) for arg in args):
                found.refusals.add("GG106", node.span, construct=f"a sparse matrix in an operation other than `@` ({op})")
            case ir.Call(target=target) if _is_of_another_algebra(target):
                found.refusals.add("GG106", node.span, construct=f"{_name_of(target)}(), {WHY}")
            case ir.Op(args=args):
                for arg in (each for each in args if isinstance(each, ir.Name) and each.scope != "local"):
                    held = type(found.scope.lookup(arg.id))
                    if _is_of_another_algebra(held):
                        found.refusals.add("GG106", arg.span, construct=f"the {_name_of(held)} {arg.id!r}, {WHY}")


def is_misused(function: ir.Function, parameter: str) -> bool:
    """Whether a parameter is in operations other than `@`, which mean something else for sparse matrices."""
    operations = (node for node in found_in(function, ir.Op) if node.op not in PRODUCTS)
    return any(is_name(arg, parameter) for node in operations for arg in node.args)


def _makes_sparse(value: ir.Expr) -> bool:
    module = str(getattr(value.target, "__module__", "")) if isinstance(value, ir.Call) else ""
    return module.startswith("scipy.sparse.") and not module.startswith("scipy.sparse.linalg")


def _is_sparse(arg: ir.Expr, made: set[str], found: Read) -> bool:
    match arg:
        case ir.Name(id=name, scope="local"):
            return name in made
        case ir.Name(id=name):
            return hasattr(found.scope.lookup(name), "tocsr")
    return _makes_sparse(arg)


def is_of_another_algebra(value: object) -> bool:
    """Whether a value is an array whose operations are others than those of arrays."""
    return _is_of_another_algebra(type(value))


def _is_of_another_algebra(target: Any) -> bool:
    module, name = str(getattr(target, "__module__", "")), getattr(target, "__name__", "")
    return module.split(".")[:2] == ["numpy", "ma"] or module.startswith("numpy") and name in MATRICES


def _name_of(target: Any) -> str:
    return f"{str(target.__module__).replace('.core', '')}.{target.__name__}"
