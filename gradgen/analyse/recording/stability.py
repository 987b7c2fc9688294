"""Says which held data may be read again later: what nothing reached changes in place.

Never follows values that vary; stores of those are planned or refused elsewhere.
"""
from __future__ import annotations

import functools
import inspect
import types
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from gradgen.analyse.activity import Activity
from gradgen.analyse.binding import as_method
from gradgen.analyse.program import Program, Read
from gradgen.analyse.recording.quiet import is_quiet, is_quiet_library
from gradgen.analyse.recording.unknown_functions import raising_in
from gradgen.analyse.sharing.alone import stored_alone
from gradgen.analyse.sharing.views import array_variables
from gradgen.analyse.solvers.calls import equation_of
from gradgen.analyse.surroundings.classes import computing, record_fields
from gradgen.ir import nodes as ir
from gradgen.ir.constructs import UNKNOWN_STATEMENT
from gradgen.ir.finding import beside_arithmetic, beside_calculation, found_in
from gradgen.ir.queries import variables_read
from gradgen.read.resolve import MISSING
from gradgen.rules.carried import CHECKS, carried_helper
from gradgen.rules.registry import shape_of
from gradgen.rules.solvers import solver_of
from gradgen.rules.spelling import operation_of

PURE_BUILTINS = frozenset({
    "abs", "all", "any", "bool", "callable", "dict", "divmod", "enumerate", "float", "format", "frozenset", "getattr", "hasattr",
    "hash", "id", "int", "isinstance", "issubclass", "len", "list", "max", "min", "ord", "pow", "print", "range", "repr",
    "reversed", "round", "set", "slice", "sorted", "str", "sum", "tuple", "type", "zip",
})
PURE_METHODS = frozenset({
    "copy", "count", "endswith", "format", "get", "index", "is_integer", "isdigit", "items", "join", "keys", "lower", "replace",
    "rstrip", "split", "startswith", "strip", "title", "upper", "values",
})
NEW_ARRAYS = frozenset({"zeros", "zeros_like", "ones", "ones_like", "empty", "empty_like", "full", "full_like"})
PURE_MODULES = ("math", "cmath", "operator", "numpy", "scipy", "bisect", "_bisect", "_operator", "copy", "pandas")
CHANGING_FUNCTIONS = frozenset({
    "at", "copyto", "delattr", "delitem", "fill_diagonal", "heapify", "heappop", "heappush", "heappushpop", "heapreplace",
    "insort", "insort_left", "insort_right", "place", "put", "putmask", "setattr", "setitem", "shuffle",
})


ANYTHING = "*"  # among what is changed: whatever data is held may have changed by the time that it is asked for again


Acts = Callable[[object, str], bool]
"""Whether reading an attribute of an object, which runs code, changes anything."""


def reads_may_act(value: object, name: str) -> bool:
    """Nothing is known of what runs there."""
    return True


def changes_in(program: Program, root: Read, acts: Acts = reads_may_act) -> frozenset[str]:
    """What functions reached from `root` may change in place, but for lists and dicts of their own: `.name` for attributes
    of that name, ANYTHING for what is not known so well."""
    return frozenset(each for each in _all_reached(program, root, acts) if isinstance(each, str))


def stays(expr: ir.Expr, changing: frozenset[str]) -> bool:
    """Whether a name gives the same later on: one that stands for an attribute (`config.scale`) may not."""
    parts = expr.id.split(".")[1:] if isinstance(expr, ir.Name) else []
    is_open = ANYTHING in changing and expr.span is not None
    return not parts or not is_open and not any(f".{part}" in changing for part in parts)


def known_by_attribute(function: ir.Function, changing: frozenset[str]) -> set[str]:
    """The variables of which a function changes no more than attributes, where all that is `changing` is known by attribute."""
    if ANYTHING in changing:
        return set()
    nodes = beside_arithmetic(function)
    stored = {node.base.id for node in nodes if isinstance(node, ir.AttributeTarget) and isinstance(node.base, ir.Name)}
    bases = (node.base for node in nodes if isinstance(node, ir.ItemTarget | ir.Append))
    bound = {node.id for node in nodes if isinstance(node, ir.NameTarget)}
    return stored - bound - {base.id for base in bases if isinstance(base, ir.Name)}


def may_run_again(program: Program, read: Read, changing: frozenset[str]) -> bool:
    """Whether a function gives the same when it is run again later, while data is `changing`, and changes none itself."""
    if not changing:
        return True
    reached = set(_all_reached(program, read, reads_may_act))
    if ANYTHING in changing or any(isinstance(each, str) for each in reached):
        return False
    nodes = [node for each in reached if isinstance(each, Read) for node in ir.nodes_of(each.function)]
    named = {f".{node.name}" for node in nodes if isinstance(node, ir.Attribute)}
    named |= {f".{part}" for node in nodes if isinstance(node, ir.Name) for part in node.id.split(".")[1:]}
    return not named & changing and not any(isinstance(node, ir.Opaque) for node in nodes)


def may_repeat(program: Program, root: Read) -> bool:
    """Whether a call may be begun, given up and begun again: nothing that its arguments hold is changed, arrays or not."""
    reached = _all_reached(program, root, reads_may_act)
    return all(isinstance(read, Read) and not _may_add_in_place(read.function) for read in reached)


def _may_add_in_place(function: ir.Function) -> bool:
    """Whether `x += 1` would change an array that came as an argument: x may stand for one or for a part of one."""
    bound = Counter(parameter.name for parameter in function.parameters)
    fresh: Counter[str] = Counter()
    added: set[str] = set()
    for node in beside_arithmetic(function):
        match node:
            case ir.NameTarget(id=name):
                bound[name] += 1
            case ir.Assign(target=ir.NameTarget(id=name), augmented=str()):
                added.add(name)
                fresh[name] += 1
            case ir.Assign(target=ir.NameTarget(id=name), value=value) if _is_new(value):
                fresh[name] += 1
    return any(fresh[name] < bound[name] for name in added)


def _is_new(value: ir.Expr) -> bool:
    """Whether an expression makes an object, whatever its operands are."""
    match value:
        case ir.Op(op=op):
            return shape_of(op) is None
    return isinstance(value, ir.Const | ir.Display | ir.Comprehension)


def _all_reached(program: Program, root: Read, acts: Acts) -> Iterator[Read | str]:
    """`root` and every function reached from it; and for each thing in them that may change data in place, what it changes."""
    seen: set[Read] = set()
    waiting: list[tuple[Read, frozenset[str]]] = [(root, frozenset())]
    while waiting:
        read, around = waiting.pop()
        if read in seen:
            continue
        seen.add(read)
        yield read
        defined = around | _defined_in(read.function)
        for reached in _reached(program, read, defined, acts):
            if isinstance(reached, str):
                yield reached
            else:
                waiting.append((reached, defined if reached.live is read.live else frozenset()))


def _defined_in(function: ir.Function) -> frozenset[str]:
    """The names of nested functions that nothing else is bound to, anywhere in a function."""
    defined = Counter(node.name for node in found_in(function, ir.Define))
    if not defined:
        return frozenset()
    nodes = list(ir.nodes_of(function))
    others = {node.id for node in nodes if isinstance(node, ir.NameTarget)} | {each.name for each in function.parameters}
    others |= {name for node in nodes if isinstance(node, ir.Inert) for name in node.binds}
    others |= {each.name for node in nodes if isinstance(node, ir.Define) for each in node.function.parameters}
    return frozenset(name for name, times in defined.items() if times == 1 and name not in others)


def _reached(program: Program, read: Read, defined: frozenset[str], acts: Acts) -> Iterator[Read | str]:
    """The functions that a function calls; and for each thing in it that may change data in place, what it changes. Nested
    functions that are `defined` around it are looked at by themselves."""
    versions = program.versions_in(read)
    private = private_containers(read.function, True) | frozenset(array_variables(program.kinds_of(read)))
    items = found_in(read.function, ir.Item)
    indexed = {node.base.id for node in items if isinstance(node.base, ir.Name)}
    raising = raising_calls(program, read, None)
    alone = alone_in(program, read)
    for node in beside_calculation(read.function):
        match node:
            case ir.ItemTarget(base=ir.Name(id=name), index=index):
                if name not in private or isinstance(index, ir.Opaque) and name not in alone:
                    yield ANYTHING
            case ir.AttributeTarget(base=base, name=name):
                yield f".{name}" if _only_stores(program.live_value(base, read), name) else ANYTHING
            case ir.ItemTarget():
                yield ANYTHING
            case ir.Append(base=base):
                if base.id not in private:
                    yield ANYTHING
            case ir.Assign(target=ir.NameTarget(id=name), augmented=str()) if name in indexed and name not in private:
                yield ANYTHING
            case ir.Inert(construct=construct) if construct.startswith(UNKNOWN_STATEMENT):
                yield ANYTHING
            case ir.Attribute(base=base, name=name) if is_property(owner := program.live_value(base, read), name):
                yield from (ANYTHING,) if acts(owner, name) else ()
            case ir.Attribute(base=base) if (call := computing(node, program.class_of(base, read, versions))) is not None:
                site = program.site(call, read, versions)
                yield ANYTHING if site is None else site.read
            case ir.Define():
                yield program.nested(node, read)
            case ir.Call(target=target) if carried_helper(target) in CHECKS or is_quiet_library(target) or node in raising:
                pass
            case ir.Call():
                if solver_of(node.target) is not None:
                    equation = equation_of(node)
                    found = None if equation is None else program.site(equation, read, versions)
                    if found is not None:
                        yield found.read
                    elif equation is None or operation_of(program.live_value(equation.func, read)) is None:
                        yield ANYTHING
                    continue
                site = program.site(node, read, versions)
                if site is None and isinstance(node.func, ir.Name) and node.func.scope == "local" and node.func.id in defined:
                    continue
                if site is not None:
                    yield from () if is_quiet_library(site.read.live) else (site.read,)
                elif not is_pure_call(node) and not _is_operation(node, program, read):
                    yield ANYTHING


def alone_in(program: Program, read: Read) -> frozenset[str]:
    """The variables of a function that alone lead to the lists inside of what they hold, where something is stored there."""
    if program.kinds_of(read).has_arrays:
        return frozenset()
    return stored_alone(read.function, functools.partial(program.site, read=read, versions=program.versions_in(read)))


def _is_operation(call: ir.Call, program: Program, read: Read) -> bool:
    """Whether a call is one of an array's methods that compute from it: `y.sum()`."""
    return all(name != "out" for name, _ in call.keywords) and program.kinds_of(read).operation(call) is not None


def _only_stores(owner: Any, name: str) -> bool:
    """Whether storing an attribute of an object does no more than that."""
    if owner is MISSING or is_property(owner, name):
        return False
    return inspect.getattr_static(type(owner), "__setattr__") is object.__setattr__


def raising_calls(program: Program, read: Read, facts: Activity | None) -> set[ir.Call]:
    """The calls of unknown functions in whose place generated code raises where something that varies goes in, nested functions'
    among them; without facts all may vary."""
    versions = program.versions_in(read)
    if not raising_in(read.function, versions, None):
        return set()
    known = program.analyse(read, read.parameters).activity if facts is None else facts
    inner = [program.nested(each, read) for each in found_in(read.function, ir.Define)]
    return raising_in(read.function, versions, known).union(*(raising_calls(program, each, None) for each in inner))


def is_pure_call(call: ir.Call) -> bool:
    """Whether a call without Python source is known to change nothing that it is given."""
    if any(name == "out" for name, _ in call.keywords):
        return False
    target = call.target
    if is_quiet(call) or solver_of(target) is not None or record_fields(target) is not None:
        return True
    if isinstance(target, type) and issubclass(target, BaseException):
        return True
    if target is None:
        return isinstance(call.func, ir.Attribute) and call.func.name in PURE_METHODS
    name = getattr(target, "__name__", "")
    if isinstance(target, types.BuiltinFunctionType | type) and getattr(target, "__module__", "") == "builtins":
        return name in PURE_BUILTINS or isinstance(target, type) and issubclass(target, BaseException)
    if operation_of(target) is not None:
        return True
    module = getattr(target, "__module__", None) or type(target).__module__
    return str(module).split(".")[0] in PURE_MODULES and name not in CHANGING_FUNCTIONS


def _is_new_container(value: ir.Expr) -> bool:
    if isinstance(value, ir.Op) and value.op in ("add", "mul"):
        return any(map(_is_new_container, value.args))
    return isinstance(value, ir.Display) or isinstance(value, ir.Comprehension) and value.kind == "list"


def assigned_parts(target: ir.Target, value: ir.Expr) -> Iterator[tuple[ir.Target, ir.Expr]]:
    """What is bound to what: `a, b = [], 0.0` binds each by itself."""
    match target, value:
        case ir.TupleTarget(items=targets, starred=None), ir.Display(items=items, keys=()) if (
            len(targets) == len(items) and not any(isinstance(item, ir.Starred) for item in items)
        ):
            for each, item in zip(targets, items, strict=True):
                yield from assigned_parts(each, item)
        case _:
            yield target, value


@functools.lru_cache(maxsize=64)
def private_containers(function: ir.Function, with_arrays: bool = False) -> frozenset[str]:
    """Local lists and dicts that are only ever made by displays and comprehensions and that no other name can hold; arrays of the
    function's own too, where they are asked for."""
    made: set[str] = set()
    other: set[str] = {parameter.name for parameter in function.parameters}
    for node in beside_arithmetic(function):
        match node:
            case ir.Assign(target=whole, value=assigned):
                for target, value in assigned_parts(whole, assigned):
                    is_array = with_arrays and isinstance(value, ir.Op) and value.op in NEW_ARRAYS
                    if isinstance(target, ir.NameTarget) and (is_array or _is_new_container(value)):
                        made.add(target.id)
                    else:
                        other |= {inner.id for inner in ir.walk(target) if isinstance(inner, ir.NameTarget)}
                    other |= _held_in(value)
                    if isinstance(value, ir.Item | ir.Attribute) and not _is_element(value):
                        other |= variables_read(value)
            case ir.Append(value=value):  # what is returned can only be changed by a caller, whose own text says so
                other |= _held_in(value)
            case ir.Call(func=func, args=args, keywords=keywords):
                if not (isinstance(func, ir.Name) and func.scope == "global" and func.id in PURE_BUILTINS):
                    for arg in (*args, *(value for _, value in keywords)):
                        other |= _held_in(arg)
                if isinstance(func, ir.Attribute) and func.name not in PURE_METHODS:
                    other |= variables_read(func.base)
            case ir.For(target=target):
                other |= {inner.id for inner in ir.walk(target) if isinstance(inner, ir.NameTarget)}
            case ir.Define(captures=captures):
                other |= set(captures)
            case ir.Opaque(reads=reads):
                other |= {name.id for name in reads}
            case ir.Walrus(name=name, value=value):
                other.add(name)
                other |= _held_in(value)
    return frozenset(made - other)


def _is_element(value: ir.Expr) -> bool:
    """Whether a value is an element of a variable's: what is stored through that is stored under another name."""
    return isinstance(value, ir.Item) and isinstance(value.base, ir.Name) and not isinstance(value.index, ir.Slice)


def _held_in(value: ir.Expr) -> set[str]:
    """The variables whose objects a value may hand on as they are."""
    match value:
        case ir.Name(id=name):
            return {name}
        case ir.Display(items=items):
            return set().union(*map(_held_in, items)) if items else set()
        case ir.Op(op="ifexp" | "and" | "or", args=args):
            return set().union(*map(_held_in, args))
        case ir.Starred(value=inner) | ir.Walrus(value=inner):
            return _held_in(inner)
        case ir.Comprehension(element=element):
            return _held_in(element)
    return set()


PLAIN_ATTRIBUTES = (
    types.FunctionType, types.MemberDescriptorType, types.MethodDescriptorType, types.WrapperDescriptorType, staticmethod,
    classmethod,
)


def is_property(owner: Any, name: str) -> bool:
    """Whether reading an attribute of an object runs code."""
    if owner is MISSING:
        return False
    found = inspect.getattr_static(owner if isinstance(owner, type) else type(owner), name, MISSING)
    is_plain = isinstance(as_method(found), PLAIN_ATTRIBUTES)
    return found is not MISSING and hasattr(found, "__get__") and not is_plain


def is_property_of_varied(node: ir.Attribute, activity: Activity) -> bool:
    """Whether reading an attribute of a record that varies, made in the same function, runs code."""
    version = activity.versions.of_read.get(node.base) if isinstance(node.base, ir.Name) else None
    if version is None or version not in activity.varied:
        return False
    classes = (source.target for source in version.sources if isinstance(source, ir.Call))
    records = ((each, fields) for each in classes if (fields := record_fields(each)) is not None)
    return any(node.name not in fields and is_property(each, node.name) for each, fields in records)
