"""What a function's text says of the kinds of its arguments: whether it works on arrays at all, which arguments are numbers.

Never looks at values.
"""
from __future__ import annotations

import re
import types
from collections.abc import Mapping

from gradgen.analyse.solvers.calls import solves_for_several
from gradgen.ir import nodes as ir
from gradgen.ir.finding import beside_arithmetic, beside_calculation, found_in
from gradgen.ir.frozen import dataclass
from gradgen.ir.kinds import NUMBER, AnyKind, Dim, Dtype, Kind
from gradgen.read.one_way import OTHERWISE
from gradgen.read.storing import is_whole
from gradgen.rules.complexes import COMPLEX_RESULTS
from gradgen.rules.registry import has_several_results, shape_of
from gradgen.rules.spelling import family_of, operation_of
from gradgen.rules.whole.tables import METHODS

OF_ARRAYS = frozenset({"squeeze", "ravel"})
"""Methods that nothing but arrays and NumPy's numbers have."""
THROUGH = frozenset({"max", "min", "sum", "len"})
"""Functions that go through the elements of what they are given."""
BETWEEN_TWO = frozenset({"sub", "div", "pow"})
CHOICES = frozenset({"and", "or", "ifexp"})
"""Operations that hand out one of their operands, whatever it is."""
TELLING_NOTHING = frozenset({"", "Any", "object"})
"""Annotations that any value fits."""


def makes_array(node: ir.Op | ir.Call) -> bool:
    """Whether an operation is one of whole arrays, or gives complex numbers, by its name."""
    if isinstance(node, ir.Op):
        return _gives_array(node.op)
    found = operation_of(node.target) if node.target is not None else None
    return found is not None and _gives_array(found) or solves_for_several(node)


def _gives_array(operation: str) -> bool:
    return shape_of(operation) is not None or operation in COMPLEX_RESULTS


def makes_arrays(function: ir.Function) -> bool:
    """Whether a function holds an operation of whole arrays, one that gives complex numbers, by its name, or a spread call."""
    operations = list(found_in(function, ir.Op))
    if any(map(_gives_array, {node.op for node in operations})) or any(map(_meets_row, operations)):
        return True
    return any(makes_array(call) or is_spread(call) for call in found_in(function, ir.Call))


def is_spread(call: ir.Call) -> bool:
    """Whether the arguments of an operation of libraries stand in containers: how many there are is known of a call."""
    is_open = any(isinstance(arg, ir.Starred) for arg in call.args) or any(name is None for name, _ in call.keywords)
    family = family_of(call.target) if is_open and call.target is not None else None
    return family is not None and family.split(".")[0] in ("numpy", "operator", "scipy")


def gives_complex(function: ir.Function) -> bool:
    """Whether a function holds a complex number as a literal."""
    return any(isinstance(node.value, complex) for node in found_in(function, ir.Const))


def numbers_given(function: ir.Function) -> dict[str, AnyKind]:
    """The kinds of a function's arguments where nothing is known of them: numbers, but for what is used as a container."""
    held = used_as_containers(function)
    plain = (each for each in function.parameters if each.kind not in ("args", "kwargs") and each.name not in held)
    return {parameter.name: NUMBER for parameter in plain if _may_be_number(parameter.default)}


def _may_be_number(default: ir.Expr | None) -> bool:
    """Whether a parameter's default leaves it a number: not None, not a text."""
    return not isinstance(default, ir.Const) or isinstance(default.value, int | float)


def used_as_containers(function: ir.Function) -> set[str]:
    """The names whose parts are read or stored into: lists, objects or arrays."""
    held: set[str] = set()
    for node in beside_calculation(function):
        match node:
            case ir.Attribute(name="__class__"):
                pass
            case ir.Item(base=ir.Name(id=name)) | ir.Attribute(base=ir.Name(id=name)) | ir.ItemTarget(base=ir.Name(id=name)):
                held.add(name)
            case ir.For(iterable=iterable) | ir.Generator(iterable=iterable):
                shown = {name for node in ir.walk(iterable) if isinstance(node, ir.Display) for name in ir.names_read(node)}
                held.update(name.id for name in ir.names_read(iterable) if name not in shown)
            case ir.Call(func=ir.Name(id="len" | "sum" | "list" | "tuple" | "sorted" | "max" | "min" as called), args=args):
                held.update(arg.id for arg in args if isinstance(arg, ir.Name))
                if args and isinstance(args[0], ir.Op) and (len(args) == 1 or called == "sum"):  # what is computed is an array
                    held.update(name.id for name in ir.names_read(args[0]) if name.scope == "local")
            case ir.Assign(target=ir.TupleTarget(), value=ir.Name(id=name)) | ir.Starred(value=ir.Name(id=name)):
                held.add(name)
    return held


def meets_arrays(function: ir.Function) -> bool:
    """Whether a function does what is done with arrays: then it is differentiated for the kinds that a call brings."""
    if makes_arrays(function) or gives_complex(function) or takes_several_kinds(function):
        return True
    nodes = beside_arithmetic(function)
    computed = {
        node.target.id for node in nodes
        if isinstance(node, ir.Assign) and isinstance(node.target, ir.NameTarget) and _is_numpys(node.value)
    }
    for node in nodes:
        match node:
            case ir.Item(base=base, index=index) if _is_numpys(base) or _is_nothing(index):
                return True
            case ir.Inert(construct=construct) if construct == OTHERWISE:
                return True
            case ir.Call(func=ir.Name(id=name, scope="global"), args=(seq,)) if name in THROUGH and _is_whole(seq, computed):
                return True
            case ir.For(iterable=seq) | ir.Generator(iterable=seq) if _is_whole(seq, computed):
                return True
            case ir.Assign(target=ir.TupleTarget(), value=value) if is_computed_array(value):
                return True
            case ir.ItemTarget(base=ir.Name(id=name)) if name in computed:
                return True
            case ir.ItemTarget() if is_whole(node):
                return True
            case ir.Slice() | ir.Attribute(name="T" | "shape" | "size" | "ndim" | "dtype" | "real" | "imag"):
                return True
            case ir.Call(func=ir.Attribute(base=base, name=name), target=None) if name in METHODS.keys() - {"copy", "index"}:
                if not (isinstance(base, ir.Name) and base.id in _instances(function)):
                    return True
    return False


def takes_several_kinds(function: ir.Function) -> bool:
    """Whether a function asks of an argument, which it uses as a container somewhere, whether it is one."""
    asked = {
        name for branch in found_in(function, ir.Branch) for part in ir.walk(branch.test)
        if isinstance(part, ir.Call | ir.Attribute) for name in _asked_by(part)
    }
    given = {parameter.name for parameter in function.parameters}
    return bool(asked & given) and not used_as_containers(function).isdisjoint(asked & given)


def _asked_by(call: ir.Call | ir.Attribute) -> tuple[str, ...]:
    """The variable of which a call asks whether it is a number, or `x.__class__`."""
    if isinstance(call, ir.Attribute):
        return (call.base.id,) if call.name == "__class__" and isinstance(call.base, ir.Name) else ()
    is_question = isinstance(call.func, ir.Name) and call.func.id in ("isinstance", "hasattr", "type")
    is_question = is_question or getattr(call.target, "__name__", "") == "isscalar"
    return tuple(arg.id for arg in call.args[:1] if isinstance(arg, ir.Name)) if is_question else ()


def _meets_row(op: ir.Op) -> bool:
    """Whether a value meets numbers that are written out as a list: it is an array."""
    return op.op in BETWEEN_TWO and len(op.args) == 2 and _is_row(op.args[0]) != _is_row(op.args[1])


def _is_row(operand: ir.Expr) -> bool:
    """Whether an operand is a list or a tuple of numbers that is written out."""
    return isinstance(operand, ir.Display) and all(isinstance(item, ir.Const) for item in operand.items)


def _instances(function: ir.Function) -> set[str]:
    """The variables that hold nothing but what classes of the user's make, whose methods are their own."""
    given = {parameter.name for parameter in function.parameters}
    bound: dict[str, list[ir.Expr]] = {}
    for stmt in found_in(function, ir.Assign):
        if isinstance(stmt.target, ir.NameTarget):
            bound.setdefault(stmt.target.id, []).append(stmt.value)
    made = {name for name, values in bound.items() if all(map(_is_made, values))}
    return made - given


def _is_made(value: ir.Expr) -> bool:
    """Whether a value is made by a class that is written in Python."""
    target = value.target if isinstance(value, ir.Call) else None
    if not isinstance(target, type) or any(base.__name__ == "ndarray" for base in target.__mro__):
        return False
    return isinstance(vars(target).get("__init__"), types.FunctionType)


def _is_whole(value: ir.Expr, computed: set[str]) -> bool:
    """Whether what is gone through element by element is what a function of NumPy gives, maybe as one of the `computed` names."""
    return _is_numpys(value) or isinstance(value, ir.Name) and value.id in computed


def is_computed_array(value: ir.Expr) -> bool:
    """Whether what has elements is an array, by the arithmetic that makes it: `a, b = 2 * t`."""
    if not isinstance(value, ir.Op) or value.op in CHOICES or has_several_results(value.op):
        return False
    return not any(isinstance(node, ir.Display | ir.Comprehension) for node in ir.walk(value))


def _is_numpys(value: ir.Expr) -> bool:
    """Whether a value is what a function of NumPy gives: what has elements, or takes stores, then is an array."""
    return isinstance(value, ir.Op) and value.family == "numpy"


def asks_of_arrays(function: ir.Function) -> bool:
    """Whether a function asks for what only arrays and NumPy's numbers have: `x.squeeze()`, `x[()]`."""
    calls = (node for node in found_in(function, ir.Call) if node.target is None)
    if any(isinstance(call.func, ir.Attribute) and call.func.name in OF_ARRAYS for call in calls):
        return True
    return any(_is_nothing(item.index) for item in found_in(function, ir.Item))


def _is_nothing(index: ir.Expr) -> bool:
    """`x[()]`, an array's one element or the array."""
    return isinstance(index, ir.Display) and not index.items or isinstance(index, ir.Const) and index.value == ()


@dataclass(frozen=True, slots=True)
class Annotated:
    """What a text says before any call: the kinds that annotations give, whether these are all that there is to know, whether
    the function works on arrays, and whether it takes containers, which may be arrays as well. `below` says whether it or a
    function that it calls asks of arrays or makes them, None where that was not looked into; `takes_below`, whether one that it
    calls takes containers. Of the `free` parameters neither an annotation nor a default says what they are; `asks_objects` says
    whether parameters that are no numbers are called, or their methods."""

    kinds: Mapping[str, AnyKind]
    are_known: bool
    meets_arrays: bool
    takes_containers: bool
    below: bool | None = None
    takes_below: bool = False
    free: frozenset[str] = frozenset()
    asks_objects: bool = False


def annotated(function: ir.Function) -> Annotated:
    """The kinds in a function's annotations: `float`, `int`, `Float[np.ndarray, "n d"]`; `np.ndarray` alone tells no rank."""
    found: dict[str, AnyKind] = {}
    has_arrays = False
    for parameter in function.parameters:
        kind = _of_annotation(parameter.annotation or "", parameter.name)
        if kind is not None:
            found[parameter.name] = kind
            has_arrays = has_arrays or kind.shape != ()
        elif isinstance(parameter.default, ir.Const) and isinstance(parameter.default.value, int | float):
            found[parameter.name] = NUMBER
    is_ranked = all(isinstance(kind, Kind) and kind.shape is not None for kind in found.values())
    are_known = is_ranked and len(found) == len(function.parameters)
    untold = {each.name for each in function.parameters if (each.annotation or "").rpartition(".")[2] in TELLING_NOTHING}
    takes_containers = not untold.isdisjoint(used_as_containers(function))
    return Annotated(
        found if are_known and has_arrays else {}, are_known, has_arrays or meets_arrays(function), takes_containers,
        free=frozenset(untold - found.keys()), asks_objects=not _called_upon(function) <= found.keys(),
    )


def _called_upon(function: ir.Function) -> set[str]:
    """The parameters that are called, or whose methods are: an annotation that names a class says nothing of what its objects
    hold."""
    called = (node.func for node in found_in(function, ir.Call))
    objects = (func.base if isinstance(func, ir.Attribute) else func for func in called)
    return {each.id for each in objects if isinstance(each, ir.Name)} & {each.name for each in function.parameters}


_DTYPES: Mapping[str, Dtype] = {
    "Float": "float", "Float32": "float", "Float64": "float", "Real": "float", "Num": "float", "Shaped": "float", "Int": "int",
    "Integer": "int", "Bool": "bool", "Complex": "complex",
}


def _of_annotation(text: str, label: str) -> Kind | None:
    """The kind that an annotation names, read as text."""
    text = text.strip("'\"").strip()
    if text in ("float", "int", "bool"):
        return NUMBER
    shaped = re.fullmatch(r"""(?:\w+\.)*(\w+)\[\s*([\w.\[\], ]+?)\s*,\s*['"]([^'"]*)['"]\s*\]""", text)
    if shaped is not None and shaped.group(1) in _DTYPES:
        words = shaped.group(3).split()
        if any(word.startswith(("*", "...", "#")) for word in words):
            return Kind(None, _DTYPES[shaped.group(1)])
        names = [word if word.isidentifier() else f"{label}.{i}" for i, word in enumerate(words)]
        dims = (Dim(const=1) if word == "1" else Dim(((name, 1),)) for word, name in zip(words, names, strict=True))
        return Kind(tuple(dims), _DTYPES[shaped.group(1)])
    if re.fullmatch(r"(?:\w+\.)*(ndarray|NDArray|ArrayLike)(\[.*\])?", text):
        return Kind(None)
    return None


def may_be_none(function: ir.Function, name: str) -> bool:
    """Whether a function asks if what it is given is None."""
    for node in found_in(function, ir.Compare):
        match node:
            case ir.Compare(ops=("is" | "isnot" | "eq" | "ne",), operands=(ir.Name(id=asked), ir.Const(value=None))):
                if asked == name:
                    return True
    return False
