"""What is known of a derivative before there is a text: its arguments' kinds, by annotations and calls, and its names.

Never makes a text; gradgen.generate does.
"""
from __future__ import annotations

import contextlib
import functools
import gc
import inspect
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from gradgen import pipeline
from gradgen.analyse.kinds.outside import OTHERWISE, brings_arrays, is_misused, is_of_another_algebra
from gradgen.analyse.kinds.values import as_argument, holds_array, holds_dtype, kind_of_value, told_short
from gradgen.analyse.program import Program, Read
from gradgen.analyse.slopes.operators import counts_by_itself, has_own_operators
from gradgen.analyse.surroundings.given import Annotated, annotated, asks_of_arrays, makes_arrays
from gradgen.analyse.surroundings.told import has_to_be_told
from gradgen.asked import argument_error, chosen_wrt
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.kinds import AnyKind, Holder, Kind
from gradgen.read.attributes import attributes_read
from gradgen.read.callables import stem_of, unwrap
from gradgen.read.decorated import hands_everything_on, with_names
from gradgen.read.standing import standing_in
from gradgen.transform.results import seeds_of


@contextlib.contextmanager
def without_collector() -> Iterator[None]:
    """Programs are trees without cycles, and large: the cycle collector would walk them over and over for nothing. What was
    remembered of them is forgotten at the end."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        ir.walk.cache_clear()
        if was_enabled:
            gc.enable()


def readable(function: types.FunctionType) -> types.FunctionType:
    """A generated function without the check that its callees are still the ones that it was written for: as its text is. One
    that hands everything on has the parameters of the function that it is handed on to."""
    as_written = getattr(function, "as_written", None)
    if as_written is None and hands_everything_on(function):
        return with_names(function)
    return function if as_written is None else as_written()


def annotated_kinds(fn: Callable[..., Any], begun: Program) -> Annotated:
    """What a function's text and annotations say of the kinds of its arguments; `begun` keeps what was read."""
    view = unwrap(fn)
    if view.function is None:
        return Annotated({}, True, False, False)
    with without_collector():
        found = pipeline.read(begun, readable(view.function), bound=view.bound, fixed=view.keywords)
        known = annotated(found.function)
        if known.meets_arrays:
            return known
        program, reads = _reads_below(fn, begun)
        brings = (brings_arrays(read, functools.partial(program.live_value, read=read), surely=True) for read in reads)
        takes_below = any(annotated(read.function).takes_containers for read in reads)
        return replace(known, meets_arrays=any(brings), below=any(map(_works_on_arrays, reads)), takes_below=takes_below)


def meets_arrays_below(fn: Callable[..., Any]) -> bool:
    """Whether a function that fn calls, or one that they call in turn, works on arrays."""
    return any(map(_works_on_arrays, _reads_below(fn)[1]))


def _works_on_arrays(found: Read) -> bool:
    """Whether a function does, or calls a derivative that has a text for each of the kinds which it is called with."""
    if asks_of_arrays(found.function) or makes_arrays(found.function):
        return True
    return any(hasattr(call.target, "for_kinds") for call in found_in(found.function, ir.Call))


def _reads_below(fn: Callable[..., Any], begun: Program | None = None) -> tuple[Program, list[Read]]:
    """A function as read, and each that it calls, or that they call in turn; what `begun` has read is not read again."""
    view, program, reads = unwrap(fn), Program(), []
    program.reads.update(begun.reads if begun is not None else {})
    waiting = [] if view.function is None else [pipeline.read(program, readable(view.function), {}, view.bound, view.keywords)]
    if view.bound and waiting and waiting[0].function.parameters:
        program.receivers[waiting[0], waiting[0].function.parameters[0].name] = view.bound[0]
    seen = set(waiting)
    while waiting:
        found = waiting.pop()
        reads.append(found)
        for call in found_in(found.function, ir.Call):
            site = program.site(call, found, program.versions_in(found))
            if site is not None and site.read not in seen:
                seen.add(site.read)
                waiting.append(site.read)
    return program, reads


def kinds_like(
    fn: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any], always: bool = False
) -> dict[str, AnyKind]:
    """The kinds of a call's arguments, by parameter; whole numbers and floats are numbers alike. Where no argument is or holds an
    array there is nothing to say, and nothing is handed back unless `always`. What fn has no parameter for are seeds."""
    signature = inspect.signature(standing_in(fn) if unwrap(fn).function is None else fn)
    kinds = [parameter.kind for parameter in signature.parameters.values()]
    takes_any = inspect.Parameter.VAR_KEYWORD in kinds
    own = {name: value for name, value in kwargs.items() if takes_any or name in signature.parameters}
    by_place = sum(kind is not inspect.Parameter.KEYWORD_ONLY for kind in kinds)
    bound = signature.bind(*args[: None if inspect.Parameter.VAR_POSITIONAL in kinds else by_place], **own)
    bound.apply_defaults()
    own_function = unwrap(fn).function
    read = names_read(fn)
    given = dict(bound.arguments)
    if hasattr(fn, "for_kinds"):  # its seeds and tangents are known with its text
        given |= {name: value for name, value in kwargs.items() if name not in own}
    whole = {name: kind_of_value(value, name, read) for name, value in given.items()}
    for name, kind in whole.items():
        is_sparse = hasattr(given[name], "tocsr")
        is_shaped = isinstance(kind, Kind) and not is_sparse
        is_other = is_of_another_algebra(given[name]) or is_shaped and has_own_operators(type(given[name]))
        if is_other or is_sparse or isinstance(kind, Holder) and holds_dtype(kind, "complex"):
            text = pipeline.read(Program(), own_function or standing_in(fn))
            if is_sparse and not is_misused(text.function, name):
                continue
            detail = OTHERWISE if is_other or is_sparse else "It holds complex numbers: they are arguments of their own."
            raise argument_error(text, "GG402", construct=name, detail=detail)
    found = {name: told_short(as_argument(kind), given[name]) for name, kind in whole.items()}
    is_told = any(holds_array(kind) or holds_dtype(kind, "complex") or has_to_be_told(kind, read) for kind in found.values())
    is_told |= any(isinstance(kind, Holder) and kind.known and counts_by_itself(kind.known) for kind in found.values())
    return found if always or is_told else {}


def names_read(fn: Callable[..., Any]) -> frozenset[str]:
    """The attributes that a function reads, and the functions of its module that it calls."""
    function = unwrap(fn).function
    return frozenset() if function is None else attributes_read(function)


def parameters_of(fn: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    """The parameters of a function that is differentiated, by their names."""
    return inspect.signature(standing_in(fn) if unwrap(fn).function is None else fn).parameters


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is known of a derivative before there is a text."""

    wrt: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()
    tangents: tuple[str, ...] = ()


def names_ahead(mode: str, fn: Callable[..., Any], wrt: Any) -> Ahead:
    """The names of a derivative's parameters, which are the same in every text."""
    view, program = unwrap(fn), Program()
    function = standing_in(fn) if view.function is None else readable(view.function)
    found = pipeline.read(program, function, {}, view.bound, view.keywords)
    fixed = [parameter.name for parameter in found.function.parameters][: len(view.bound)]
    names, _ = chosen_wrt(program, found, wrt, (*fixed, *view.keywords), may_be_local=mode not in ("jvp", "hvp"))
    if mode in ("jvp", "hvp"):
        return Ahead(names, (), tuple(f"{name}_dot" for name in names))
    name = f"{stem_of(found.function.name, 'f')}_{mode}"
    return Ahead(names, seeds_of(pipeline.analyse(program, found, names), name, mode == "vjp"))
