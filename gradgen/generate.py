"""From a live callable to a live generated function: wrt, names, docstring, text, loading, attributes.

Never analyses or prints; the pipeline's stages do.
"""
from __future__ import annotations

import contextlib
import functools
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from gradgen import pipeline
from gradgen.ahead import names_read, readable, without_collector
from gradgen.analyse.bindings import bindings_of
from gradgen.analyse.graph import graph_of
from gradgen.analyse.kinds.values import holds_array, holds_short, is_sequence, without_short
from gradgen.analyse.program import Analysed, Program, Read
from gradgen.analyse.recording.stability import may_repeat
from gradgen.analyse.sharing.stored import stored_parameters
from gradgen.analyse.surroundings.told import has_to_be_told
from gradgen.asked import chosen_wrt, not_rounded, one_number
from gradgen.described import docstring_for, origin_of
from gradgen.emit import blocks
from gradgen.emit.assembling import Module
from gradgen.emit.directions import along_many
from gradgen.emit.drivers import Driver, driver_text, with_numpy
from gradgen.emit.load import Entry, Home, load
from gradgen.emit.respecialising import First
from gradgen.errors import UnsupportedError
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.kinds import AnyKind, Holder, Kind
from gradgen.looked_at import (
    asks_in_values,
    first_of_arrays,
    first_of_floats,
    first_of_lists,
    first_of_numbers,
    first_of_plain_numbers,
    first_of_wide,
    no_array,
    no_complex,
    no_narrow,
    of_objects,
    of_read_objects,
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, whatever the function: the parameters of `generated`."""

    mode: str
    wrt: Any
    optimize: bool
    driver: DriverOf | None
    has_pairs: bool
    kinds: Mapping[str, AnyKind]
    other: Callable[..., Any] | None
    checkpoint: int | None
    may_rest: bool
    is_apart: bool = False

    @property
    def is_forward(self) -> bool:
        return self.mode in ("jvp", "hvp")


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
    asked = Asked(mode, wrt, optimize, driver, has_pairs, kinds or {}, other, checkpoint, may_rest)
    return _of_any(fn, asked, begun)


def _of_any(fn: Callable[..., Any], asked: Asked, begun: Program | None = None) -> Any:
    """As generated, of a derivative too that has a text for each set of kinds, or is made in another way."""
    kinds = asked.kinds
    for_kinds = getattr(fn, "for_kinds", None)
    if for_kinds is None and hasattr(fn, "for_other_kinds") and _is_for_others(fn, kinds):
        for_kinds = cast(Any, fn).for_other_kinds  # a text for numbers and lists, of which one for arrays or objects is asked
    if for_kinds is not None:
        fn, begun = for_kinds(kinds), None
        asked = replace(asked, kinds={**dict.fromkeys(cast(Any, fn).seeds, Kind(())), **kinds}) if kinds else asked
    with without_collector(), pointed_to(fn):
        if getattr(fn, "has_pairs", False):  # what pairs hand over is in containers, whose parts are told apart less well
            with contextlib.suppress(UnsupportedError):
                return _generated(cast(Any, fn).remade(has_pairs=False), asked)
        try:
            return _generated(fn, asked, begun)
        except UnsupportedError:
            with contextlib.suppress(UnsupportedError):
                if asked.mode in ("grad", "value_and_grad") and hasattr(fn, "as_written") and asked.driver is None:
                    return _gradient_forwards(fn, asked)
            raise


def _is_for_others(fn: Callable[..., Any], kinds: Mapping[str, AnyKind]) -> bool:
    """Whether a derivative of numbers has a text of its own for arguments of these kinds: arrays, and classes that it has to be
    told."""
    if any(map(holds_array, kinds.values())):
        return True
    held = [kind for kind in kinds.values() if isinstance(kind, Holder)]
    names = names_read(cast(Any, fn).primal) if held else ()
    return any(has_to_be_told(kind, names) for kind in held)


def _gradient_forwards(fn: Callable[..., Any], asked: Asked) -> Any:
    """The gradient of a derivative that reverse mode refuses, as its slopes along the unit directions: one run for each."""
    seeds: list[str] = []

    def around(analysed: Analysed, names: tuple[str, ...], is_bare: bool, root: Gradient) -> Driver:
        one_number(analysed)
        name = f"{stem_of(analysed.read.function.name, 'f')}_{asked.mode}"
        seeds.extend(seeds_of(analysed, name, False))
        lines = blocks.gradient(asked.kinds, is_bare, asked.mode == "value_and_grad", seeds[0])
        return Driver(name, docstring_for(analysed.read, names, asked.mode, origin=origin_of(fn)), lines, seed=seeds[0])

    made = generated(
        "jvp", fn, asked.wrt, optimize=asked.optimize, driver=around, kinds=asked.kinds, other=asked.other, has_pairs=False,
    )
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


@dataclass(frozen=True, slots=True)
class _Subject:
    """A callable, read and analysed for what is asked: `function` is the live function whose text it is, `fixed` are the
    parameters that it binds, `names` those that it is differentiated by. Of its `kinds` those of `short` were of floats of fewer
    bits than Python's."""

    fn: Callable[..., Any]
    function: types.FunctionType
    program: Program
    analysed: Analysed
    names: tuple[str, ...]
    is_bare: bool
    fixed: Mapping[str, object]
    seeds: tuple[str, ...]
    kinds: Mapping[str, AnyKind]
    short: frozenset[str]

    @property
    def found(self) -> Read:
        return self.analysed.read


def _subject(fn: Callable[..., Any], asked: Asked, begun: Program | None) -> _Subject:
    view, kinds = unwrap(fn), asked.kinds
    short = frozenset(name for name, kind in kinds.items() if holds_short(kind))
    kinds = {name: without_short(kind) for name, kind in kinds.items()} if short else kinds
    function = standing_in(fn) if view.function is None else readable(view.function)
    program = _taken_over(begun)
    program.passes_kinds = bool(kinds)
    found = pipeline.read(program, function, kinds, view.bound, view.keywords)
    fixed = [parameter.name for parameter in found.function.parameters][: len(view.bound)]
    if view.bound and fixed:
        program.receivers[found, fixed[0]] = view.bound[0]
    seeds = _seeds_and_tangents(fn)
    is_as_ahead = asked.wrt is None and any(map(is_sequence, kinds.values()))  # `xs * n` is a product until lists are known
    whole = pipeline.read(program, function, {}, view.bound, view.keywords) if is_as_ahead else found
    before = tuple(getattr(fn, "wrt", ()))
    names, is_bare = chosen_wrt(program, whole, asked.wrt, (*fixed, *view.keywords), seeds, not asked.is_forward, before)
    analysed = pipeline.analyse(program, found, names)
    not_rounded(program, analysed)
    bound = dict(zip(fixed, view.bound, strict=False)) | dict(view.keywords)
    return _Subject(fn, function, program, analysed, names, is_bare, bound, seeds, kinds, short)


def _request(subject: _Subject, asked: Asked) -> Request | TangentRequest:
    mode, names, analysed = asked.mode, subject.names, subject.analysed
    stem = stem_of(subject.found.function.name, "f")
    name = f"{stem.removesuffix('_grad') if mode == 'hvp' else stem}_{mode}"
    is_vjp, short = mode == "vjp", subject.short.intersection(names)
    seeds = seeds_of(analysed, name, True) if is_vjp else ()
    docstring = docstring_for(subject.found, names, mode, seeds, asked.checkpoint, origin_of(subject.fn))
    docstring += f"\n\nWithout {seeds[0]}: what {stem} itself gives." if asked.may_rest else ""
    if asked.is_forward:
        return TangentRequest(name, names, docstring, mode == "jvp", not asked.optimize, is_short=bool(short))
    if not is_vjp:
        one_number(analysed)
    return Request(
        name, names, subject.is_bare, mode == "value_and_grad", docstring, not asked.optimize, is_vjp,
        has_pairs=asked.has_pairs, checkpoint=asked.checkpoint, looks_at_seeds=is_vjp and asked.driver is None, short=short,
        may_rest=asked.may_rest,
    )


def _generated(fn: Callable[..., Any], asked: Asked, begun: Program | None = None) -> Any:
    subject = _subject(fn, asked, begun)
    program, analysed, kinds = subject.program, subject.analysed, subject.kinds
    gradients = pipeline.transform(program, analysed, _request(subject, asked))
    root = gradients[-1]
    root.fixed = dict(subject.fixed)
    around = None if asked.driver is None else asked.driver(analysed, subject.names, subject.is_bare, root)
    root.helpers.update(() if around is None else around.helpers)
    module = pipeline.emit(program, gradients)
    text, name, is_together = places_told(module.text, fn), root.name, False
    bindings, loads = _bindings(subject, module, root), _loader(subject, module, gradients)
    if around is not None:
        if around.at_once is not None:
            product = loads(text, root.name, label=root.name, bindings=bindings)
            together = None if asked.is_apart else along_many(text, product, kinds, root.seeds, asked.mode == "jvp")
            is_together = together is not None
            text, around = (text, around) if together is None else (together, replace(around, lines=around.at_once))
        stored = functools.partial(stored_parameters, subject.found.function, analysed.kinds)
        text, name = with_numpy(f"{text}\n\n{driver_text(around, root, subject.names, stored, module.apart)}"), around.name
    loaded = functools.partial(loads, text, name, label=name, bindings=bindings | numpy_needed(around is not None, text))
    reads = (gradient.read for gradient in gradients)
    written_for = (*getattr(fn, "written_for", ()), *bindings_of(program, reads, asks_numbers=root.is_unseen))
    firsts, wide = _looks(subject, gradients, asked)
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

    def remade(has_pairs: bool = asked.has_pairs, is_apart: bool = False) -> Any:
        """The same derivative of what the names stand for now; with a run for each direction where they are to be `is_apart`."""
        return _of_any(getattr(fn, "remade", lambda: fn)(), replace(asked, has_pairs=has_pairs, is_apart=is_apart))

    own = () if asked.driver is not None else tuple(root.seeds.values())
    by_name = subject.seeds if asked.is_forward else (*subject.seeds, *own)
    function = loaded(entry=Entry(written_for, again, asked.other, firsts, by_name))
    live = cast(Any, function)
    live.written_for, live.as_written, live.remade = written_for, functools.cache(loaded), remade
    live.has_pairs, live.is_together = any(gradient.backward for gradient in gradients), is_together
    live.source, live.wide = text, wide
    live.primal = fn
    live.wrt = subject.names
    live.seeds, live.tangents = ((), own) if asked.is_forward else (own, ())
    live.graph = ComputationGraph(functools.partial(
        graph_of, subject.found.function, analysed.versions, subject.found.positions, subject.function.__code__.co_firstlineno
    ))
    for facts in (program.analyses, program.kinds, program.versions):
        facts.clear()  # they hold each other: let go by hand, they need no collector
    return function


def _bindings(subject: _Subject, module: Module, root: Gradient) -> dict[str, object]:
    """What the names in a text stand for that its functions do not find among the user's."""
    copied = {name: value for name, value in module.copied.items() if runs_python(value)}
    return names_needed(module, subject.function.__globals__) | copied | dict(root.fixed)


def _loader(subject: _Subject, module: Module, gradients: Sequence[Gradient]) -> Callable[..., types.FunctionType]:
    """`load` for a text of the subject: every function in it finds what its own primal does."""
    outer = {read for key, read in subject.program.reads.items() if isinstance(key[0], types.FunctionType)}
    named = [(each, gradient.read) for gradient in gradients for each in gradient.names]
    homes = {
        each: Home(
            read.live.__globals__, read.scope.cells, module.instead.get(each, {}),
            defaults_of(read.live) if read in outer else {},
        )
        for each, read in named
    }
    function = subject.function
    home = Home(function.__globals__, subject.found.scope.cells, defaults=told_apart(defaults_of(function)))
    return functools.partial(load, home=home, homes=homes)


def _looks(subject: _Subject, gradients: Sequence[Gradient], asked: Asked) -> tuple[list[First], list[str]]:
    """What a live function looks at before its text does, and the names of what may not be one of NumPy's whole numbers."""
    program, analysed, found, kinds = subject.program, subject.analysed, subject.found, subject.kinds
    root, is_for_arrays = gradients[-1], analysed.kinds.has_arrays or any(map(holds_array, kinds.values()))
    firsts: list[First] = []
    # tangents stand before the result, which the text looks at; one that does not vary is not looked at
    is_told_late = asked.is_forward or not analysed.result_varies or asks_in_values(root) or not may_repeat(program, found)
    if is_for_arrays:
        first = first_of_arrays(kinds)
        firsts += [] if first is None else [first]
    elif is_told_late or _has_sizes(program):
        firsts.append(First(no_array if is_told_late else no_complex, float))
    if not is_for_arrays:
        firsts += first_of_plain_numbers(found.function, kinds, subject.function.__globals__)
    firsts += first_of_numbers(found.function) if asked.is_forward and not is_for_arrays else []
    texts = [(each, program.versions[each.read]) for each in gradients]
    wide = first_of_floats(kinds, {*subject.names} - subject.short)
    wide += first_of_wide(texts, analysed.wrt, subject.seeds, getattr(subject.fn, "wide", ()))
    names = [name for each in wide for name in each.names or ()]
    for name in root.fixed.keys() & set(names):
        no_narrow(root.fixed[name])
    is_resting = any(each.read.rests for each in gradients)
    firsts += of_objects(found.function, kinds, functools.partial(names_read, subject.fn), analysed.wrt, is_resting)
    firsts += of_read_objects(gradients, analysed.wrt)
    firsts += first_of_lists([each.read for each in gradients])
    return firsts + wide, names


def _has_sizes(program: Program) -> bool:
    """Whether a real result may come of complex arguments: a text for numbers looks at its results."""
    return any(node.op in REAL_RESULTS for read in program.reads.values() for node in found_in(read.function, ir.Op))
