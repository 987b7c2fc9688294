"""Jacobians and Hessians: which driver puts the matrix together, by the structures of the arguments and of the results.

Never differentiates, and never writes a text: gradgen.generate and gradgen.emit do.
"""
from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Sequence
from typing import Any

from gradgen import dispatch, generate
from gradgen.analyse.kinds.dicts import used_as_dicts
from gradgen.analyse.kinds.kind import container_versions
from gradgen.analyse.kinds.values import holds_array, holds_dtype
from gradgen.analyse.program import Analysed
from gradgen.analyse.surroundings.given import used_as_containers
from gradgen.asked import Mode, by_real_numbers, mode_for
from gradgen.compose import Kinds, asked_again, by_parameters, of_gradient, stem
from gradgen.emit import at_one_go, blocks, drivers, parts, structured
from gradgen.emit.blocks import shape_of
from gradgen.emit.drivers import Driver
from gradgen.errors import UnsupportedError
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import Kind
from gradgen.rules.carried import ANEW, carried_helper
from gradgen.transform.gradient import Gradient
from gradgen.transform.result_kinds import Results, are_nested, count_of, has_parts, results_of
from gradgen.transform.results import are_tuples, seeds_of


def hessian(fn: Callable[..., Any], wrt: Any, optimize: bool, like: Sequence[Any] | None = None) -> Any:
    """All second derivatives, a row for each unit direction."""
    by_parameters(fn, wrt)
    return dispatch.in_kinds("hessian", fn, functools.partial(_hessian, fn, wrt, optimize), like)


def _hessian(fn: Callable[..., Any], wrt: Any, optimize: bool, kinds: Kinds, other: Callable[..., Any]) -> Any:
    gradient = generate.generated("grad", fn, wrt, optimize=optimize, has_pairs=False, kinds=kinds)
    name = gradient.__code__.co_name.removesuffix("_grad")

    def around(analysed: Analysed, names: tuple[str, ...], is_bare: bool, root: Gradient) -> Driver:
        by_real_numbers(fn, names, kinds)
        made = functools.partial(Driver, f"{name}_hessian", hidden=tuple(gradient.seeds))
        first = f"The second derivatives of {name} by {', '.join(names)}"
        plain = [each for each in names if not shape_of(kinds, each)]
        held = [each for each in plain if each in root.holding or _is_held(analysed, each, names, kinds)]
        if held and is_bare:
            docstring = f"{first}, in its structure twice."
            return made(docstring, structured.hessian(is_bare), helpers=structured.BY_ROWS)
        if held:
            structures = "H[i][j] is that by the i-th and the j-th of them, of the i-th's structure and then the j-th's."
            docstring = f"{first}.\n\n{structures}"
            return made(docstring, structured.hessian(is_bare), helpers=structured.BY_ROWS)
        if any(holds_array(kinds.get(each)) for each in names):
            if not is_bare:
                shapes = "H[i][j] is that by the i-th and the j-th of them, of the i-th's shape and then the j-th's."
                return made(f"{first}.\n\n{shapes}", blocks.hessian(kinds, names), at_once=at_one_go.hessian(kinds, names))
            docstring = f"{first}: H[i, j] is that by its i-th and its j-th element."
            return made(docstring, drivers.rows_of_array(kinds), at_once=at_one_go.rows(kinds))
        docstring = f"{first}: " + (
            f"d2{name}/d{names[0]}2." if is_bare else "H[i][j] is that by the i-th and the j-th of them."
        )
        return made(docstring, drivers.row if is_bare else drivers.rows)

    made = generate.generated(
        "hvp", gradient, asked_again(gradient, wrt), optimize=optimize, driver=around, kinds=of_gradient(gradient, kinds),
        other=other,
    )
    made.primal = fn
    return made


def _is_held(gradient: Analysed, name: str, names: tuple[str, ...], kinds: Kinds) -> bool:
    """Whether a parameter holds a container, as its kind or a gradient's text has it; `names` are those asked for."""
    returned = [stmt.value for stmt in gradient.versions.returns]
    parts = [value.items if isinstance(value, ir.Display) and len(names) > 1 else (value,) for value in returned]
    own = [each[names.index(name)] for each in parts if len(each) == len(names)]
    is_shaped = any(isinstance(value, ir.Call) and carried_helper(value.target) in ANEW for value in own)
    held = container_versions(gradient.read.function, gradient.versions)
    return is_shaped or not isinstance(kinds.get(name, Kind(())), Kind) or gradient.versions.of_parameter[name] in held


def jacobian(fn: Callable[..., Any], wrt: Any, mode: Mode, optimize: bool, like: Sequence[Any] | None = None) -> Any:
    """The derivative of every result by every wrt: by columns in forward mode, by rows in reverse mode."""
    mode = mode_for(fn, wrt, mode)
    return dispatch.in_kinds("jacobian", fn, functools.partial(_jacobian, fn, wrt, mode, optimize), like)


def _jacobian(
    fn: Callable[..., Any], wrt: Any, mode: Mode, optimize: bool, kinds: Kinds, other: Callable[..., Any]
) -> Any:
    if any(holds_array(kind) or holds_dtype(kind, "complex") for kind in kinds.values()):
        return _jacobian_of_arrays(fn, wrt, mode, optimize, kinds, other)

    def docstring(analysed: Analysed, names: tuple[str, ...]) -> str:
        return f"The derivatives of {analysed.read.function.name} by {', '.join(names)}."

    reverse_is_less: list[bool] = []

    def forwards(analysed: Analysed, names: tuple[str, ...], is_bare: bool, root: Gradient) -> Driver:
        if _may_give_array(analysed):
            raise _Arrays
        found, function = count_of(analysed), analysed.read.function
        used = used_as_containers(function) if not kinds else set()
        held = {*root.holding, *root.may_hold, *used_as_dicts(function), *used} & set(names)
        held |= {each for each in names if not isinstance(kinds.get(each, Kind(())), Kind)}
        reverse_is_less.append(len(names) > found or bool(held) and found == 1)
        if held or are_nested(analysed):
            return _by_columns(analysed, names, is_bare)
        lines = drivers.slope if is_bare else drivers.columns if has_parts(analysed) else drivers.slopes
        return Driver(f"{stem(analysed)}_jacobian", docstring(analysed, names), lines)

    def backwards(analysed: Analysed, names: tuple[str, ...], is_bare: bool, root: Gradient) -> Driver:
        if _may_give_array(analysed):
            raise _Arrays
        if are_nested(analysed) or has_parts(analysed) and not are_tuples([stmt.value for stmt in analysed.versions.returns]):
            return _by_rows(analysed, names, root)
        lines = drivers.seeded_rows if has_parts(analysed) else drivers.row
        return Driver(f"{stem(analysed)}_jacobian", docstring(analysed, names), lines)

    try:
        return _in_mode(
            mode,
            lambda: generate.generated("jvp", fn, wrt, optimize=optimize, driver=forwards, kinds=kinds, other=other),
            lambda: _reverse(fn, wrt, optimize=optimize, driver=backwards, kinds=kinds, other=other),
            lambda names: reverse_is_less[0],
        )
    except _Arrays:
        return _jacobian_of_arrays(fn, wrt, mode, optimize, kinds, other)


class _Arrays(Exception):
    """A function of numbers hands out what may be an array, of whose elements a Jacobian is."""


class _Unmeasured(Exception):
    """How many numbers the results have is known when these are."""


def _reverse(fn: Callable[..., Any], wrt: Any, **options: Any) -> Any:
    """A Jacobian in reverse mode, whose vjp hands out the results where a driver asks them how many numbers they have."""
    try:
        return generate.generated("vjp", fn, wrt, **options)
    except _Unmeasured:
        return generate.generated("vjp", fn, wrt, **options, may_rest=True)


def _by_columns(analysed: Analysed, names: Sequence[str], is_bare: bool) -> Driver:
    docstring = _by_structure(analysed, names)
    return Driver(f"{stem(analysed)}_jacobian", docstring, structured.columns(is_bare), helpers=structured.BY_COLUMNS)


def _by_rows(analysed: Analysed, names: Sequence[str], root: Gradient, as_vector: bool | None = None) -> Driver:
    """The driver of a vjp that hands out its results; `as_vector` where these are numbers beside arrays, by one name or not."""
    if not root.may_rest:
        raise _Unmeasured
    docstring = _by_structure(analysed, names)
    values = [stmt.value for stmt in analysed.versions.returns]
    is_tuple = are_tuples(values) and all(isinstance(value, ir.Display) and len(value.items) == 1 for value in values)
    lines = structured.rows(is_tuple) if as_vector is None else structured.vector(as_vector, is_tuple)
    helpers = structured.BY_ROWS if as_vector is None else structured.BY_ROWS[:1]
    return Driver(f"{stem(analysed)}_jacobian", docstring, lines, helpers=helpers)


def _by_structure(analysed: Analysed, names: Sequence[str]) -> str:
    structures = "its structure" if len(names) == 1 else "their structures"
    return f"The derivatives of {stem(analysed)} by {', '.join(names)}: each number's in its result in {structures}."


def _may_give_array(analysed: Analysed) -> bool:
    values = [stmt.value for stmt in analysed.versions.returns if stmt.value is not None]
    kinds = analysed.kinds
    return kinds.has_arrays and any(kinds.may_be_array(value) or holds_array(kinds.of(value)) for value in values)


def _in_mode(
    mode: Mode, forwards: Callable[[], Any], backwards: Callable[[], Any], are_fewer: Callable[[Sequence[str]], bool]
) -> Any:
    """The Jacobian in a mode; with `auto` the reverse one where it has fewer results than wrt, or the other one is refused."""
    if mode == "reverse":
        return backwards()
    try:
        made = forwards()
    except UnsupportedError:
        if mode == "auto":
            with contextlib.suppress(UnsupportedError):
                return backwards()
        raise
    if mode == "auto" and are_fewer(made.wrt):
        with contextlib.suppress(UnsupportedError):
            return backwards()
    return made


def _jacobian_of_arrays(
    fn: Callable[..., Any], wrt: Any, mode: Mode, optimize: bool, kinds: Kinds, other: Callable[..., Any]
) -> Any:
    """The Jacobian of arrays and numbers by arrays and numbers: each of the result's shape and then the argument's."""
    found: list[Results | None] = []

    def around(analysed: Analysed, names: tuple[str, ...], is_bare: bool, root: Gradient, is_reverse: bool = False) -> Driver:
        by_real_numbers(fn, names, kinds)
        results = results_of(analysed)
        is_flat = all(isinstance(kinds.get(name, Kind(())), Kind) for name in names)
        found.append(results)
        if results is None or not is_flat:
            return _by_rows(analysed, names, root) if is_reverse else _by_columns(analysed, names, is_bare)
        seeds = seeds_of(analysed, root.name, True) if is_reverse else ()
        lines = (
            parts.rows(kinds, results, is_bare, seeds, root.may_rest) if is_reverse
            else parts.columns(kinds, results, names, is_bare)
        )
        if lines is None:
            return _by_rows(analysed, names, root, is_bare if results.are_numbers else None)
        at_once = None
        if results.is_one and not is_reverse and any(shape_of(kinds, each) for each in names):
            at_once = at_one_go.columns(kinds) if is_bare else at_one_go.blocks(kinds)
        return Driver(f"{stem(analysed)}_jacobian", _of_arrays(analysed, results, names, is_bare), lines, at_once=at_once)

    return _in_mode(
        mode,
        lambda: generate.generated("jvp", fn, wrt, optimize=optimize, driver=around, kinds=kinds, other=other),
        lambda: _reverse(
            fn, wrt, optimize=optimize, driver=functools.partial(around, is_reverse=True), kinds=kinds, other=other
        ),
        lambda names: found[0] is not None and parts.are_fewer(found[0], [kinds.get(name) for name in names]),
    )


def _of_arrays(analysed: Analysed, results: Results, names: tuple[str, ...], is_bare: bool) -> str:
    """What a Jacobian of arrays says of itself."""
    shown = names[0] if is_bare else f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    each = "one for each, of the result's shape and its own."
    if not results.is_one and not results.are_numbers:
        which = "J[i] is that of the i-th result" if is_bare else "J[i][j] is that of the i-th result by the j-th of them"
        each = f"the Jacobians of its results.\n\n{which}, of the result's shape and then the argument's."
    elif is_bare:
        each = "J[i, j] is that of the i-th element by the j-th."
    return f"The derivatives of {stem(analysed)} by {shown}: {each}"
