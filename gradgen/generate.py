"""From a live callable to a live generated function: wrt, names, docstring, text, loading, attributes.

Never analyses or prints; the pipeline's stages do.
"""
from __future__ import annotations

import contextlib
import functools
import types
from collections.abc import Callable, Mapping
from typing import Any, cast

from gradgen import pipeline
from gradgen.ahead import names_read, readable, without_collector
from gradgen.analyse.bindings import bindings_of
from gradgen.analyse.graph import graph_of
from gradgen.analyse.program import Analysed, Program
from gradgen.analyse.stability import may_repeat
from gradgen.analyse.stored import stored_parameters
from gradgen.analyse.told import has_to_be_told
from gradgen.analyse.values import holds_array, holds_short, without_short
from gradgen.asked import chosen_wrt, not_rounded, one_number
from gradgen.described import docstring_for, origin_of
from gradgen.emit import blocks
from gradgen.emit.directions import along_many
from gradgen.emit.drivers import Driver, driver_text, with_numpy
from gradgen.emit.load import load
from gradgen.emit.respecialising import First
from gradgen.errors import UnsupportedError
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import AnyKind, Holder, Kind
from gradgen.looked_at import (
    asks_in_values,
    first_of_arrays,
    first_of_floats,
    first_of_lists,
    first_of_numbers,
    first_of_wide,
    no_array,
    no_complex,
    no_narrow,
    of_objects,
)
from gradgen.needed import names_needed, numpy_needed
from gradgen.pointed import places_told, pointed_to
from gradgen.read.callables import stem_of, unwrap
from gradgen.read.defaults import defaults_of, told_apart, with_defaults_of
from gradgen.read.jitted import runs_python
from gradgen.read.standing import standing_in
from gradgen.rules.complexes import REAL_RESULTS
from gradgen.show.graph import ComputationGraph
from gradgen.transform.forward.jvp import TangentRequest
from gradgen.transform.gradient import Gradient, Request
from gradgen.transform.results import seeds_of

DriverOf = Callable[[Analysed, tuple[str, ...], bool, Gradient], Driver]


def generated(
    mode: str, fn: Callable[..., Any], wrt: Any, *, optimize: bool, driver: DriverOf | None = None, has_pairs: bool = True,
    kinds: Mapping[str, AnyKind] | None = None, other: Callable[..., Any] | None = None, begun: Program | None = None,
    checkpoint: int | None = None, may_rest: bool = False,
) -> Any:
    """The generated function for a mode (`grad`, `value_and_grad`, `vjp`, `jvp`, `hvp`: a jvp's tangent alone).

    `driver` puts a function around it that calls it, and that is what comes back. Without `has_pairs` no callee hands out what
    its backward part needs: gradients of callees run the callee again, and can be differentiated in turn. `kinds` are those of
    the arguments, where they are known, and of a derivative that has a text for each the one for these is taken; `other` is
    called, with the error, where a call brings arguments of others. What `begun` has read already is taken from it. `checkpoint`
    is how many states a loop may keep. A vjp that `may_rest` hands out what fn does where it is given no seed.
    """
    for_kinds = getattr(fn, "for_kinds", None)
    if for_kinds is None and hasattr(fn, "for_other_kinds") and _is_for_others(fn, kinds or {}):
        for_kinds = cast(Any, fn).for_other_kinds  # a text for numbers and lists, of which one for arrays or objects is asked
    if for_kinds is not None:
        fn, begun = for_kinds(kinds or {}), None
        kinds = {**dict.fromkeys(cast(Any, fn).seeds, Kind(())), **kinds} if kinds else kinds
    with without_collector(), pointed_to(fn):
        if getattr(fn, "has_pairs", False):  # what pairs hand over is in containers, whose parts are told apart less well
            with contextlib.suppress(UnsupportedError):
                again = cast(Any, fn).remade(has_pairs=False)
                return _generated(mode, again, wrt, optimize, driver, has_pairs, kinds or {}, other, None, checkpoint, may_rest)
        try:
            return _generated(mode, fn, wrt, optimize, driver, has_pairs, kinds or {}, other, begun, checkpoint, may_rest)
        except UnsupportedError:
            with contextlib.suppress(UnsupportedError):
                if mode in ("grad", "value_and_grad") and hasattr(fn, "as_written") and driver is None:
                    return _gradient_forwards(mode, fn, wrt, optimize, kinds or {}, other)
            raise


def _is_for_others(fn: Callable[..., Any], kinds: Mapping[str, AnyKind]) -> bool:
    """Whether a derivative of numbers has a text of its own for arguments of these kinds: arrays, and classes that it has to be
    told."""
    if any(map(holds_array, kinds.values())):
        return True
    held = [kind for kind in kinds.values() if isinstance(kind, Holder)]
    names = names_read(cast(Any, fn).primal) if held else ()
    return any(has_to_be_told(kind, names) for kind in held)


def _gradient_forwards(
    mode: str, fn: Callable[..., Any], wrt: Any, optimize: bool, kinds: Mapping[str, AnyKind], other: Callable[..., Any] | None
) -> Any:
    """The gradient of a derivative that reverse mode refuses, as its slopes along the unit directions: one run for each."""
    seeds: list[str] = []

    def around(analysed: Analysed, names: tuple[str, ...], is_bare: bool, root: Gradient) -> Driver:
        one_number(analysed)
        name = f"{stem_of(analysed.read.function.name, 'f')}_{mode}"
        seeds.extend(seeds_of(analysed, name, False))
        lines = blocks.gradient(kinds, is_bare, mode == "value_and_grad", seeds[0])
        return Driver(name, docstring_for(analysed.read, names, mode, origin=origin_of(fn)), lines, seed=seeds[0])

    made = generated("jvp", fn, wrt, optimize=optimize, driver=around, kinds=kinds, other=other, has_pairs=False)
    made.seeds = tuple(seeds)
    return made


def _taken_over(begun: Program | None) -> Program:
    """A program that begins with what another has read, and leaves that with nothing: facts belong to one derivative."""
    program = Program()
    if begun is not None:
        program.reads, begun.reads = begun.reads, program.reads
    return program


def _seeds_and_tangents(fn: Any) -> tuple[str, ...]:
    """What a derivative, and each that it is a derivative of, has beside the parameters of the function at the bottom."""
    found: list[str] = []
    while hasattr(fn, "seeds"):
        found += (*fn.seeds, *fn.tangents)
        fn = fn.primal
    return tuple(found)


def _generated(
    mode: str, fn: Callable[..., Any], wrt: Any, optimize: bool, driver: DriverOf | None, has_pairs: bool,
    kinds: Mapping[str, AnyKind], other: Callable[..., Any] | None, begun: Program | None = None,
    checkpoint: int | None = None, may_rest: bool = False,
) -> Any:
    view, asked_kinds = unwrap(fn), kinds
    short = frozenset(name for name, kind in kinds.items() if holds_short(kind))
    kinds = {name: without_short(kind) for name, kind in kinds.items()} if short else kinds
    function_of_it = standing_in(fn) if view.function is None else readable(view.function)
    program = _taken_over(begun)
    program.passes_kinds = bool(kinds)
    found = pipeline.read(program, function_of_it, kinds, view.bound, view.keywords)
    fixed = [parameter.name for parameter in found.function.parameters][: len(view.bound)]
    program.receivers |= {(found, fixed[0]): view.bound[0]} if view.bound and fixed else {}
    own_seeds = _seeds_and_tangents(fn)
    may_be_local = mode not in ("jvp", "hvp")
    names, is_bare = chosen_wrt(program, found, wrt, (*fixed, *view.keywords), own_seeds, may_be_local)
    analysed = pipeline.analyse(program, found, names)
    stem = stem_of(found.function.name, "f")
    name = f"{stem.removesuffix('_grad') if mode == 'hvp' else stem}_{mode}"
    not_rounded(program, analysed)
    request: Request | TangentRequest
    seeds = seeds_of(analysed, name, True) if mode == "vjp" else ()
    docstring = docstring_for(found, names, mode, seeds, checkpoint, origin_of(fn))
    docstring += f"\n\nWithout {seeds[0]}: what {stem} itself gives." if may_rest else ""
    if mode in ("jvp", "hvp"):
        request = TangentRequest(name, names, docstring, mode == "jvp", not optimize, is_short=not short.isdisjoint(names))
    else:
        if mode != "vjp":
            one_number(analysed)
        with_value, is_vjp = mode == "value_and_grad", mode == "vjp"
        request = Request(
            name, names, is_bare, with_value, docstring, not optimize, is_vjp, has_pairs=has_pairs, checkpoint=checkpoint,
            looks_at_seeds=is_vjp and driver is None, short=short.intersection(names),
            may_rest=may_rest,
        )
    gradients = pipeline.transform(program, analysed, request)
    root = gradients[-1]
    root.fixed = dict(zip(fixed, view.bound, strict=False)) | dict(view.keywords)
    around = None if driver is None else driver(analysed, names, is_bare, root)
    root.helpers.update(() if around is None else around.helpers)
    module = pipeline.emit(program, gradients)
    text = places_told(module.text, fn)
    copied = {name: value for name, value in module.copied.items() if runs_python(value)}
    renewed: list[Any] = []

    def again(*args: Any, **kwargs: Any) -> Any:
        """A callee has been rebound since the text was written: it is written anew, and called."""
        if not renewed:
            renewed.append(remade())
            live.source, live.graph, live.wrt, live.seeds = (
                getattr(renewed[0], each) for each in ("source", "graph", "wrt", "seeds")
            )
        given, named = with_defaults_of(renewed[0], function, args, kwargs)
        return renewed[0](*given, **named)

    def remade(has_pairs: bool = has_pairs) -> Any:
        """The same derivative of what the names stand for now."""
        again = getattr(fn, "remade", lambda: fn)()
        return generated(
            mode, again, wrt, optimize=optimize, driver=driver, has_pairs=has_pairs, kinds=asked_kinds, other=other,
            checkpoint=checkpoint, may_rest=may_rest,
        )

    outer = {read for key, read in program.reads.items() if isinstance(key[0], types.FunctionType)}
    own = {each: gradient.read.live for gradient in gradients if gradient.read in outer for each in _names_of(gradient)}
    bindings = names_needed(module, function_of_it.__globals__) | copied | dict(root.fixed)
    loads = functools.partial(
        load, user_globals=function_of_it.__globals__, cells=found.scope.cells,
        globals_of={each: gradient.read.live.__globals__ for gradient in gradients for each in _names_of(gradient)},
        cells_of={each: gradient.read.scope.cells for gradient in gradients for each in _names_of(gradient)},
        instead=module.instead, defaults=told_apart(defaults_of(function_of_it)),
        defaults_of={each: defaults_of(live) for each, live in own.items()},
    )
    if around is not None:
        stored = functools.partial(stored_parameters, found.function, analysed.kinds)
        if around.at_once is not None:
            product = loads(text, root.name, label=root.name, bindings=bindings)
            together = along_many(text, product, kinds, root.seeds, mode == "jvp")
            text, around = (text, around) if together is None else (together, replace(around, lines=around.at_once))
        text, name = with_numpy(f"{text}\n\n{driver_text(around, root, names, stored, module.apart)}"), around.name
    loaded = functools.partial(loads, text, name, label=name, bindings=bindings | numpy_needed(driver is not None, text))
    reads = (gradient.read for gradient in gradients)
    written_for = (*getattr(fn, "written_for", ()), *bindings_of(program, reads, asks_numbers=root.is_unseen))
    is_for_arrays = analysed.kinds.has_arrays or any(map(holds_array, (kinds or {}).values()))
    is_forward = isinstance(request, TangentRequest)
    # tangents stand before the result, which the text looks at; one that does not vary is not looked at
    is_told_late = is_forward or not analysed.result_varies or asks_in_values(root) or not may_repeat(program, found)
    look = no_array if is_told_late else no_complex if _has_sizes(program) else None
    first = first_of_arrays(kinds) if is_for_arrays else None if look is None else First(look, float)
    of_names = functools.partial(names_read, fn)
    numbers = first_of_numbers(found.function) if is_forward and not is_for_arrays else []
    texts = [(each, program.versions[each.read]) for each in gradients]
    wide = first_of_floats(kinds, {*names} - short) + first_of_wide(texts, analysed.wrt, own_seeds, getattr(fn, "wide", ()))
    for name in root.fixed.keys() & {name for each in wide for name in each.names or ()}:
        no_narrow(root.fixed[name])
    numbers += of_objects(found.function, kinds, of_names, analysed.wrt) + first_of_lists([each.read for each in gradients])
    firsts = [*([] if first is None else [first]), *numbers, *wide]
    asked = () if driver is not None else tuple(root.seeds.values())
    by_name = own_seeds if is_forward else (*own_seeds, *asked)
    function = loaded(written_for=written_for, again=again, other=other, first=firsts, seeds=by_name)
    live = cast(Any, function)
    live.written_for, live.as_written, live.remade = written_for, functools.cache(loaded), remade
    live.has_pairs = any(gradient.backward for gradient in gradients)
    live.source, live.wide = text, [name for each in wide for name in each.names or ()]
    live.primal = fn
    live.wrt = names
    live.seeds, live.tangents = ((), asked) if is_forward else (asked, ())
    shown = functools.partial(
        graph_of, found.function, analysed.versions, found.positions, function_of_it.__code__.co_firstlineno
    )
    live.graph = ComputationGraph(shown)
    for facts in (program.analyses, program.kinds, program.versions):
        facts.clear()  # they hold each other: let go by hand, they need no collector
    return function


def _has_sizes(program: Program) -> bool:
    """Whether a real result may come of complex arguments: a text for numbers looks at its results."""
    return any(node.op in REAL_RESULTS for read in program.reads.values() for node in found_in(read.function, ir.Op))


def _names_of(gradient: Any) -> list[str]:
    return [gradient.name, *([gradient.backward[0]] if gradient.backward else [])]
