"""What may be asked for: a derivative with respect to which names, of which results.

Never looks at values.
"""
from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from numbers import Integral
from typing import Any, Literal

from gradgen import pipeline
from gradgen.analyse.activity import Activity, operands_of
from gradgen.analyse.flow.exits import returns_inside
from gradgen.analyse.flow.searches import steers_a_search
from gradgen.analyse.intermediate import intermediates
from gradgen.analyse.kinds.values import holds_dtype
from gradgen.analyse.program import Analysed, Program, Read
from gradgen.analyse.recording.keeping import handed_to_effects
from gradgen.analyse.slopes.rounded import Rounded
from gradgen.analyse.surroundings.classes import record_fields
from gradgen.errors import ArgumentError, UnsupportedError
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.kinds import AnyKind
from gradgen.ir.queries import is_name
from gradgen.read.annotations import alternatives, is_passive
from gradgen.read.callables import unwrap
from gradgen.read.standing import standing_in
from gradgen.rules.registry import counted_by
from gradgen.transform.result_kinds import as_computed

Mode = Literal["forward", "reverse", "auto"]


def checked_order(order: object) -> int:
    """How many times a function is to be differentiated."""
    if type(order) is bool or not isinstance(order, Integral) or order < 1:
        raise ValueError(f"an order is a whole number from 1 on, not {order!r}")
    return int(order)


def argument_error(found: Read, code: str, **words: str) -> ArgumentError:
    """An error that stands at the function's definition."""
    return ArgumentError(found.refusals.finding(code, found.function.span, **words))


def chosen_wrt(
    program: Program, found: Read, wrt: Any, fixed: tuple[str, ...] = (), seeds: tuple[str, ...] = (), may_be_local: bool = False,
    before: tuple[str, ...] = (),
) -> tuple[tuple[str, ...], bool]:
    """The names asked for, and whether the gradient is bare (one name) or a tuple; `seeds` only where they are asked for.

    They are parameters or, where it `may_be_local`, local variables that are assigned once. A derivative that no longer
    depends on any, as that of what is linear, is by those that it was by `before`.
    """
    parameters = [parameter.name for parameter in found.function.parameters if parameter.name not in fixed]
    if wrt is not None:
        asked = [wrt] if isinstance(wrt, (str, int)) else list(wrt)
        names: list[str] = []
        if not asked:
            raise argument_error(found, "GG401", construct=repr(wrt), detail=", ".join(parameters))
        for item in asked:
            if isinstance(item, int) and -len(parameters) <= item < len(parameters):
                item = parameters[item]
            if may_be_local and isinstance(item, str) and item not in parameters and _is_intermediate(program, found, item):
                names.append(item)
                continue
            if item in ir.names_bound(found.function.body) and item not in parameters:
                detail = "It is a local variable: grad, value_and_grad, vjp, and jacobian in reverse mode are by such."
                raise argument_error(found, "GG402", construct=repr(item), detail=detail)
            if item not in parameters:
                raise argument_error(found, "GG401", construct=repr(item), detail=", ".join(parameters))
            own = next(each for each in found.function.parameters if each.name == item)
            kind = "function" if item in found.given else _no_number(own)
            if kind == "str" and not is_passive(own.annotation) and _is_computed_with(program, found, item):
                kind = None  # `temp="std"`: a text that is the default stands for a number that is left out
            if kind is not None:
                raise argument_error(found, "GG402", construct=item, detail=f"It is a {kind}.")
            names.append(item)
        return tuple(names), isinstance(wrt, (str, int))
    names = default_wrt(program, found, (*fixed, *seeds)) or [name for name in before if name in parameters]
    if not names:
        found.refusals.raise_if_any()
        not_rounded(program, pipeline.analyse(program, found, tuple(_candidates(found, fixed))))
        returns_something(found)
        raise argument_error(found, "GG404")
    return tuple(names), len(names) == 1


def mode_for(fn: Callable[..., Any], wrt: Any, mode: Mode) -> Mode:
    """The mode of a Jacobian: reverse mode where nothing else is asked for and `wrt` names a local variable, which has an adjoint
    and no tangent of its own."""
    if mode not in ("forward", "reverse", "auto"):
        raise ValueError(f"mode is 'forward', 'reverse' or 'auto', not {mode!r}")
    asked = [wrt] if isinstance(wrt, str) else wrt if isinstance(wrt, list | tuple) else []
    named = {each for each in asked if isinstance(each, str)}
    if mode != "auto" or not named:
        return mode
    try:
        return mode if named <= set(inspect.signature(fn).parameters) else "reverse"
    except (TypeError, ValueError):
        return mode


def _is_intermediate(program: Program, found: Read, name: Any) -> bool:
    """Whether a name is that of a local variable assigned once; one assigned otherwise is refused."""
    own = frozenset(ir.names_bound(found.function.body)) - frozenset(found.parameters)
    if name not in own:
        return False
    if name not in intermediates(found.function, pipeline.analyse(program, found, ()).versions):
        detail = "It is a local variable that is not assigned once, at the outer level of the function."
        raise argument_error(found, "GG402", construct=repr(name), detail=detail)
    return True


def default_wrt(program: Program, found: Read, fixed: tuple[str, ...] = ()) -> list[str]:
    """Every parameter that can vary continuously."""
    candidates = _candidates(found, fixed)
    facts = pipeline.analyse(program, found, tuple(candidates)).activity
    seen = set(facts.versions.of_read.values())
    reads = {name for name, version in facts.versions.of_parameter.items() if version in seen}
    kept = handed_to_effects(program, found, facts.versions)
    counts = _counts(found.function, facts)
    further = {parameter.name for parameter in found.function.parameters if parameter.kind == "args"}
    return [
        name for name in candidates
        if name not in reads | further or name in kept
        or facts.versions.of_parameter[name] in facts.useful and name not in counts or _is_threshold(name, found.function, facts)
        or name not in counts and _is_searched_by(program, found, name)
    ]


def _counts(function: ir.Function, facts: Activity) -> set[str]:
    """The parameters that are read for whole numbers alone: the `k` of `poisson.pmf(k, mu)`."""
    of_name = {version: name for name, version in facts.versions.of_parameter.items()}
    calls = [node for node in found_in(function, ir.Op) if counted_by(node.op)]
    counted = {operand for op in calls for name, operand in operands_of(op) if name in counted_by(op.op)}
    found = {of_name[version] for read, version in facts.versions.of_read.items() if version in of_name and read in counted}
    return {name for name in found if all(
        read in counted for read, version in facts.versions.of_read.items() if version is facts.versions.of_parameter[name]
    )}


def _candidates(found: Read, fixed: tuple[str, ...]) -> list[str]:
    given = found.function.parameters[1:] if _is_of_a_plain_class(found) else found.function.parameters
    apart = {*fixed, *found.given}
    return [p.name for p in given if p.kind != "kwargs" and p.name not in apart and not _is_passive(p)]


def _is_of_a_plain_class(found: Read) -> bool:
    """Whether a function is a method, taken from its class, whose `self` has no fields that a gradient could be of."""
    *path, name = found.live.__qualname__.split(".")
    if not path or path[-1] == "<locals>" or found.parameters[:1] != ("self",):
        return False
    owner: Any = found.live.__globals__.get(path[0])
    for part in path[1:]:
        owner = getattr(owner, part, None)
    return not (isinstance(owner, type) and (dataclasses.is_dataclass(owner) or issubclass(owner, tuple)))


def _no_number(parameter: ir.Parameter) -> str | None:
    """What a parameter is that can never be a number: `str`, `bytes` or `bool`, said by its annotation or its default."""
    allowed = alternatives(parameter.annotation) - {"None"}
    default = parameter.default.value if isinstance(parameter.default, ir.Const) else None
    return next((kind.__name__ for kind in (str, bytes, bool) if allowed == {kind.__name__} or isinstance(default, kind)), None)


def _is_computed_with(program: Program, found: Read, name: str) -> bool:
    """Whether the result moves with a parameter."""
    facts = pipeline.analyse(program, found, (name,)).activity
    return facts.versions.of_parameter[name] in facts.useful


def _is_passive(parameter: ir.Parameter) -> bool:
    if is_passive(parameter.annotation):
        return True
    default = parameter.default
    return isinstance(default, ir.Const) and (default.value is None or isinstance(default.value, (bool, str, bytes)))


def _is_searched_by(program: Program, found: Read, name: str) -> bool:
    """Whether the result is found by comparisons with a parameter, as by a ternary search: it moves, with no value."""
    if not found_in(found.function, ir.For, ir.While):
        return False
    return steers_a_search(found.function, pipeline.analyse(program, found, (name,)).activity)


def _is_threshold(name: str, function: ir.Function, facts: Any) -> bool:
    """Whether a parameter is compared by order with something that varies."""
    for node in found_in(function, ir.Compare):
        if any(is_name(each, name) for each in node.operands):
            others = [each for each in node.operands if not is_name(each, name)]
            if set(node.ops) <= {"lt", "le", "gt", "ge"} and any(
                facts.is_varied(each) or isinstance(each, ir.Op) and each.op in ("mul", "div", "pow") for each in others
            ):
                return True
    return False


def returns_something(found: Read) -> None:
    """A function without a return gives None."""
    if all(stmt.value is None for stmt in returns_inside(found.function.body)):
        raise argument_error(found, "GG403", construct=f"{found.function.name} returns nothing")


def one_number(analysed: Analysed) -> None:
    """grad and value_and_grad are for functions that return one number."""
    for stmt in analysed.versions.returns:
        match as_computed(stmt.value, analysed.versions):
            case ir.Call(target=type() as made) if record_fields(made) is not None:
                raise argument_error(analysed.read, "GG403", construct=f"{analysed.read.function.name} returns a {made.__name__}")
        match stmt.value:
            case ir.Display(kind=kind):
                raise argument_error(analysed.read, "GG403", construct=f"{analysed.read.function.name} returns a {kind}")
        if stmt.value is not None and analysed.kinds.has_arrays and analysed.kinds.is_array(stmt.value):
            raise argument_error(analysed.read, "GG403", construct=f"{analysed.read.function.name} returns an array")
        if stmt.value is not None and holds_dtype(analysed.kinds.of(stmt.value), "complex"):
            raise argument_error(analysed.read, "GG403", construct=f"{analysed.read.function.name} returns a complex number")


def not_rounded(program: Program, analysed: Analysed) -> None:
    """Nobody means the derivative of a rounded result, whether the function rounds it or what it calls last of all."""
    results = [as_computed(stmt.value, analysed.versions) for stmt in analysed.versions.returns]
    found = Rounded(program, analysed.read, analysed.activity.is_varied)
    rounded = [result.span for result in results if result is not None and found.is_rounded(result)]
    if rounded:
        raise UnsupportedError([analysed.read.refusals.finding("GG113", span) for span in rounded])


def read_of(fn: Callable[..., Any]) -> Read:
    """A function as it stands, for what is said of it as a whole."""
    return pipeline.read(Program(), unwrap(fn).function or standing_in(fn))


def by_real_numbers(fn: Callable[..., Any], names: tuple[str, ...], kinds: Mapping[str, AnyKind]) -> None:
    """Where numbers are complex, one derivative by each does not tell how a function moves."""
    for name in names:
        if holds_dtype(kinds.get(name), "complex"):
            detail = "Its complex numbers vary in two ways each: ask for grad, vjp, jvp or hvp."
            raise argument_error(read_of(fn), "GG402", construct=name, detail=detail)
