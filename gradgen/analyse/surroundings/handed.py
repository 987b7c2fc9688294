"""What a call says of the functions and the keywords that it hands over: nested functions, lambdas, `**kwargs`.

Never reads a function.
"""
from __future__ import annotations

import types
from collections.abc import Container, Mapping
from typing import Any

from gradgen.analyse.binding import SPREAD, count_of
from gradgen.analyse.reads import Handed, Keys, Read
from gradgen.analyse.surroundings.live import live_value
from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.closures import Closure
from gradgen.ir.finding import found_in
from gradgen.ir.queries import is_name
from gradgen.read.defaults import defaults_of
from gradgen.rules.spelling import operation_of


def definition_of(value: ir.Expr, versions: Versions) -> ir.Define | None:
    """The nested function or lambda that an argument surely is."""
    if isinstance(value, Closure):
        return value.definition
    version = versions.of_read.get(value) if isinstance(value, ir.Name) and value.scope == "local" else None
    return version.node if version is not None and version.kind == "function" and isinstance(version.node, ir.Define) else None


def is_function(held: Any) -> bool:
    """Whether an object is a Python function or an operation."""
    return isinstance(held, types.FunctionType) or callable(held) and operation_of(held) is not None


def by_default(found: Read, arguments: Container[str] = ()) -> dict[str, Any]:
    """The functions that parameters hold to which a call gives nothing (`def f(t, law=linear)`), where the text of the default
    still gives what it has given."""
    values, bound = defaults_of(found.live), ir.names_bound(found.function.body)
    result = {}
    for parameter in found.function.parameters:
        name, default, held = parameter.name, parameter.default, values.get(parameter.name)
        if name not in arguments and name not in bound and isinstance(default, ir.Name):
            if is_function(held) and live_value(default, found, {}) is held:
                result[name] = held
    return result


def moved_by(given: Mapping[str, Any], wrt: tuple[str, ...]) -> list[str]:
    """The parameters that hold functions which have captured what varies."""
    return [name for name, held in given.items() if isinstance(held, Handed) and set(held.names.values()) & set(wrt)]


def names_apart(define: ir.Define, parameter: str, found: Read) -> Mapping[str, str]:
    """What a function calls the variables that one which it is given has captured: nothing else in it is called so."""
    nodes = ir.nodes_of(found.function)
    taken = {*found.parameters, *ir.names_bound(found.function.body)}
    taken |= {node.id.split(".")[0] for node in nodes if isinstance(node, ir.Name)}
    taken |= {node.spelling.split(".")[0] for node in nodes if isinstance(node, ir.Op) and node.spelling}
    result = {}
    for name in define.captures:
        result[name] = name
        while result[name] in taken:
            result[name] = f"{name}_of_{parameter}" if result[name] == name else f"{result[name]}_"
        taken.add(result[name])
    return result


def captured_by(
    arguments: Mapping[str, ir.Expr], given: Mapping[str, Any], versions: Versions, around: Mapping[str, Any]
) -> dict[str, ir.Expr] | None:
    """The variables that functions among the arguments have captured, as they stand at the call, by what the function that is
    called calls them; None where that is not known. `around` is what the calling function was given itself."""
    found: dict[str, ir.Expr] = {}
    for parameter, held in given.items():
        if not isinstance(held, Handed):
            continue
        value = arguments[parameter]
        for name in sorted(held.define.captures):
            variable, version = _captured_at(value, name, versions, around)
            if version is None or held.names[name] in found:
                return None
            made = ir.Name(variable, span=value.span)
            versions.of_read[made] = version
            found[held.names[name]] = made
    return found


def _captured_at(value: ir.Expr, name: str, versions: Versions, around: Mapping[str, Any]) -> tuple[str, Version | None]:
    """What a captured variable is called, and holds, where the function that captures it is handed over."""
    if isinstance(value, Closure):
        return name, next((versions.of_read.get(read) for read in value.reads if read.id == name), None)
    if isinstance(value, ir.Name) and name in versions.captured.get(value, {}):
        return name, versions.captured[value][name]
    handed = around.get(value.id) if isinstance(value, ir.Name) else None
    variable = handed.names[name] if isinstance(handed, Handed) else name
    return variable, versions.of_parameter.get(variable)


def keys_given(
    found: Read, arguments: Mapping[str, ir.Expr], known: dict[tuple[str, ...], Keys], versions: Versions,
    around: Mapping[str, Any],
) -> dict[str, Keys]:
    """What the `**kwargs` parameter of a function is given, and an `*args` that it hands on, where the call says it. `around` is
    what the calling function was given itself."""
    result = {}
    for parameter in found.function.parameters:
        spread, names = arguments.get(parameter.name), None
        if parameter.kind == "kwargs" and SPREAD not in arguments:
            keys = spread.keys if isinstance(spread, ir.Display) else ()
            names = tuple(str(key.value) for key in keys if isinstance(key, ir.Const))
        elif parameter.kind == "args" and _hands_on(found.function, parameter.name):
            count = 0 if spread is None else count_of(spread, versions, around)
            names = None if count is None else tuple(map(str, range(count)))
        if names is not None:
            result[parameter.name] = known.setdefault(names, Keys(names))
    return result


def _hands_on(function: ir.Function, name: str) -> bool:
    """Whether a function calls another one with the arguments that it was called with: `f(*args)`."""
    stars = found_in(function, ir.Starred)
    return any(is_name(star.value, name) for star in stars)
