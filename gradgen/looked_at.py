"""What a live function looks at before anything else: arguments that a text finds too late to be of another kind, or not at all.

Never part of a text.
"""
from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from gradgen.analyse.kinds.outside import is_of_another_algebra
from gradgen.analyse.kinds.values import as_argument, holds_array, is_sequence, kind_of_value, meets_array
from gradgen.analyse.kinds.wrapping import is_narrow, makes_narrow
from gradgen.analyse.reads import Read
from gradgen.analyse.recording.getters import acting
from gradgen.analyse.slopes.operators import counts_by_itself, has_own_operators, knows_such
from gradgen.analyse.surroundings.given import used_as_containers
from gradgen.analyse.surroundings.told import classes_in, has_its_own, has_to_be_told, records_in, tells
from gradgen.analyse.versions import Versions
from gradgen.emit.respecialising import First
from gradgen.errors import Finding, KindsError, UnsupportedError
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.kinds import NUMBER, AnyKind, Holder, Kind
from gradgen.read.annotations import is_passive
from gradgen.read.resolve import MISSING, kept_by
from gradgen.rules.registry import shape_of
from gradgen.transform.gradient import Gradient
from gradgen.transform.passes.together import MADE, put_together

JOINING = frozenset({"add", "mul", "ifexp", "and", "or", "not", "is", "isnot", "in", "notin", "splev"})
"""Operations that may be given lists: what joins and repeats them, chooses among them, asks for their truth, takes a spline."""


def no_array(value: object) -> None:
    """Send an array, or a complex number, to a text of its own."""
    if meets_array(value) or isinstance(value, complex):
        raise KindsError(f"this code is for numbers, not for {type(value).__name__}")


def first_of_lists(reads: Sequence[Read]) -> list[First]:
    """The look at the arguments that a text, or that of a function which it calls, takes for lists, that they are no arrays: a
    slice of an array shares its data."""
    *callees, root = reads
    firsts = []
    for name, kind in root.kinds.items():
        if isinstance(kind, Holder) and is_sequence(kind):
            firsts.append(First(functools.partial(_as_told, kind.is_tuple), tuple if kind.is_tuple else list, {name}))
    is_told = any(map(holds_array, root.kinds.values()))  # then a callee's kinds are known from these
    if root.joins or any(
        each.lists or each.joins or not is_told and any(map(is_sequence, each.kinds.values())) for each in callees
    ):
        return [*firsts, First(no_array, (float, int), None)]
    return [*firsts, *([First(no_array, (list, tuple), root.lists)] if root.lists else [])]


def _as_told(is_tuple: bool, value: object) -> None:
    """Send on what is no list, or no tuple, where a text is for one."""
    if not isinstance(value, tuple if is_tuple else list):
        raise KindsError(f"this code is for {'tuples' if is_tuple else 'lists'}, not for {type(value).__name__}")


def no_list(value: object) -> None:
    """Send back a list or a tuple, with which a text computes as with a number."""
    if isinstance(value, (list, tuple)):
        raise KindsError(f"this code is for numbers, not for {type(value).__name__}")


def first_of_numbers(function: ir.Function) -> list[First]:
    """The look at the arguments that functions of numbers are given, that they are no lists: `np.sin(x)`."""
    of_numbers = (op for op in found_in(function, ir.Op) if op.op not in JOINING and shape_of(op.op) is None)
    given = {arg.id for op in of_numbers for arg in op.args if isinstance(arg, ir.Name)}
    names = {each.name for each in function.parameters} & given - used_as_containers(function)
    return [First(no_list, float, names)] if names else []


def first_of_plain_numbers(function: ir.Function, kinds: Mapping[str, AnyKind], around: Mapping[str, object]) -> list[First]:
    """The look at the arguments with which a text computes as with numbers, that they are no objects of a class which says by
    itself what comes of that: it may give numbers. Only where the function's module knows of such a class."""
    computed = {arg.id for op in found_in(function, ir.Op) for arg in op.args if isinstance(arg, ir.Name)}
    computed |= {arg.id for call in found_in(function, ir.Call) for arg in call.args if isinstance(arg, ir.Name)}
    plain = {each.name for each in function.parameters if each.kind not in ("args", "kwargs") and not is_passive(each.annotation)}
    names = {name for name in computed & plain if kinds.get(name, NUMBER) == NUMBER}
    return [First(no_own_number, float, names)] if names and knows_such(around) else []


def no_own_number(value: object) -> None:
    """Send on an object that stands where numbers do, and has operators of its own."""
    if counts_by_itself(type(value)):
        raise KindsError(f"this code is for numbers, not for {type(value).__name__}")


def no_narrow(value: object, fields: Collection[str] = ()) -> None:
    """Refuse a truth or a whole number of NumPy's that wraps around, an array of them, or a record that holds one in `fields`."""
    waiting, seen = [value], set[int]()
    while waiting:
        each = waiting.pop()
        if is_narrow(each):
            dtype = getattr(each, "dtype", None)
            words = f"the derivative puts what is of {dtype}, which wraps around, together with others"
            raise KindsError(f"{words}: pass int or float")
        if id(each) not in seen and not isinstance(each, (float, int)):
            seen.add(id(each))
            of_tuple = getattr(type(each), "_fields", ()) if isinstance(each, tuple) else ()
            waiting += [getattr(each, name) for name in fields if name in of_tuple]
            waiting += [held for name in fields if name not in of_tuple and (held := kept_by(each, name)) is not MISSING]


def first_of_wide(
    gradients: Sequence[tuple[Gradient, Versions]], wrt: Collection[str], others: Collection[str], known: Collection[str]
) -> list[First]:
    """The look at the arguments that a text puts together in ways that the function does not, or that are `known` to be: what
    does not vary may be a whole number of NumPy's. `others` are parameters that need no look. One that the function makes itself
    is refused."""
    *callees, (root, versions) = gradients
    names = {each.name for each in root.function.parameters if each.kind not in ("args", "kwargs")} - {*wrt, *others}
    found = put_together(root, versions, names)
    if MADE in found:
        raise UnsupportedError([_made_together(root)])
    found = (found | set(known)) & names
    if any(put_together(each, own, {parameter.name for parameter in each.function.parameters}) for each, own in callees):
        calls = (call for call in found_in(root.function, ir.Call))
        found |= {name.id for call in calls for arg in call.args for name in ir.names_read(arg)} & names
    if not found:
        return []
    fields = sorted({node.name for each, _ in gradients for node in found_in(each.function, ir.Attribute)})
    return [First(functools.partial(no_narrow, fields=fields) if fields else no_narrow, (float, int), found)]


def _made_together(gradient: Gradient) -> Finding:
    """What is told of a number that wraps around where the derivative needs another one of it: `n - 1` of `x ** n`."""
    made = next(node for node in found_in(gradient.function, ir.Op) if makes_narrow(node))
    construct = "a whole number of NumPy's that wraps around (take int() or float() of it)"
    return gradient.read.refusals.finding("GG106", made.span, construct=construct)


def asks_in_values(root: Gradient) -> bool:
    """Whether a function compares beside its tests, `(x > 0) * x`, what a text for numbers asks in other words: an array goes
    through as it is written, and raises in that text."""
    asked = set(root.edits.kinks)
    if not asked:
        return False
    tests = [stmt.test for stmt in found_in(root.function, ir.Branch, ir.While)]
    tests += [op.args[0] for op in found_in(root.function, ir.Op) if op.op == "ifexp"]
    tests += [test for each in found_in(root.function, ir.Comprehension) for part in each.generators for test in part.conditions]
    return not asked <= {node for test in tests for node in ir.walk(test)}


def no_complex(value: object) -> None:
    """Send a complex number to a text of its own."""
    if isinstance(value, complex):
        raise KindsError(f"this code is for real numbers, not for {type(value).__name__}")


def of_objects(
    function: ir.Function, kinds: Mapping[str, AnyKind], names_read: Callable[[], Collection[str]], wrt: Collection[str],
    is_resting: bool = False,
) -> list[First]:
    """The looks at the objects in arguments, of which a text reads names: at those whose classes it knows, that they are of
    these, and at all others that vary, that it need not know theirs. A text that `is_resting` on what classes have has their
    methods' lines in the place of calls and operators."""
    holders = {name: kind for name, kind in kinds.items() if not isinstance(kind, Kind)}
    names = names_read() if holders else frozenset[str]()
    told = {name: kind for name, kind in holders.items() if has_to_be_told(kind, names) or is_resting and any(classes_in(kind))}
    handed = (arg for call in found_in(function, ir.Call) for arg in (*call.args, *(value for _, value in call.keywords)))
    bound = (stmt.value for stmt in found_in(function, ir.Assign))
    held = {arg.id for arg in (*handed, *bound) if isinstance(arg, ir.Name)} | used_as_containers(function)
    others = {name for name in held.intersection(wrt) - told.keys() if not isinstance(kinds.get(name), Kind)}
    if not told and not others:
        return []
    names = names or names_read()
    return [*(_of_class(name, kind, names) for name, kind in told.items()), *([_of_none(names, others)] if others else [])]


def of_read_objects(gradients: Sequence[Gradient], wrt: Collection[str]) -> list[First]:
    """The look at arguments that do not vary and of which attributes or elements are read, that reading them changes nothing."""
    root = gradients[-1].function
    parameters = {each.name for each in root.parameters if each.kind not in ("args", "kwargs")} - {*wrt}
    given = {arg.id for call in found_in(root, ir.Call) for arg in call.args if isinstance(arg, ir.Name)}
    bases = {node.base.id for node in found_in(root, ir.Attribute, ir.Item) if isinstance(node.base, ir.Name)}
    names = sorted({node.name for each in gradients for node in found_in(each.function, ir.Attribute)})
    if not parameters & (bases | given) or not names and not any(found_in(each.function, ir.Item) for each in gradients):
        return []
    names.append("__getitem__")
    known: set[type] = {list, tuple, dict, str, bool, type(None)}

    def look(value: object) -> None:
        if type(value) in known:
            return
        found = acting(value, names)
        if found is None:
            known.add(type(value))
        else:
            raise KindsError(
                f"reading {found[1]} of a {found[0].__name__} changes something each time: read it once, and pass what that gives"
            )

    return [First(look, (float, int), parameters & (bases | given))]


class _NoValue:
    """A class that nothing is of."""


def _of_class(parameter: str, kind: AnyKind, names: Collection[str]) -> First:
    """The look at an argument whose classes a text knows."""
    known = kind.known if isinstance(kind, Holder) and all(item == NUMBER for item in kind.items or ()) else None

    def look(value: object) -> None:
        is_known = type(value) is known or as_argument(kind_of_value(value, parameter, names)) == kind
        if not is_known or any(has_its_own(each, names) for each in records_in(value)):
            raise KindsError(f"this code is for other objects than this {type(value).__name__}")

    return First(look, _NoValue, {parameter})


def _of_none(names: Collection[str], parameters: Collection[str]) -> First:
    """The look at arguments none of whose classes a text knows."""

    def look(value: object) -> None:
        for each in records_in(value):
            if tells(type(each), names):
                raise KindsError(f"this code is for what objects hold, and a {type(each).__name__} has more than that")

    return First(look, float, parameters)


def first_of_arrays(kinds: Mapping[str, AnyKind]) -> First | None:
    """The look at the arguments that a text takes for arrays, where any is one."""
    names = frozenset(name for name, kind in kinds.items() if isinstance(kind, Kind) and kind.shape and kind.dtype != "object")
    numpy = sys.modules.get("numpy")
    return None if numpy is None or not names else First(_array_alone, numpy.ndarray, names)


def first_of_floats(kinds: Mapping[str, AnyKind], wrt: Collection[str]) -> list[First]:
    """The look at the arrays of floats that a text differentiates by, that they have as many bits as Python's."""
    arrays = {name for name, kind in kinds.items() if isinstance(kind, Kind) and kind.shape and kind.dtype == "float"}
    numpy = sys.modules.get("numpy")
    return [First(_no_short, numpy.dtype(float), arrays.intersection(wrt), True)] if numpy and arrays.intersection(wrt) else []


def _no_short(value: Any) -> None:
    """Send on an array of floats of fewer bits than Python's."""
    if value.dtype.kind == "f" and value.dtype.itemsize < 8:
        raise KindsError(f"this code is for arrays of float64, not of {value.dtype}")


def _array_alone(value: object) -> None:
    """Send on what is no array, and what has operators of its own: a matrix, a masked array, an array of another library."""
    is_other = is_of_another_algebra(value) or has_own_operators(type(value)) and not hasattr(value, "tocsr")
    if not hasattr(value, "shape") or is_other:
        raise KindsError(f"this code is for arrays, not for {type(value).__name__}")
