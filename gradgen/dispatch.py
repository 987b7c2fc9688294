"""Derivatives of functions whose arguments may be of several kinds: a text for each set of kinds that calls bring, made once.

Never writes a text; gradgen.generate does.
"""
from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any, cast

from gradgen import generate
from gradgen.ahead import Ahead, annotated_kinds, kinds_like, meets_arrays_below, names_ahead, parameters_of
from gradgen.analyse.kinds.values import holds_array
from gradgen.analyse.program import Program
from gradgen.analyse.surroundings.given import Annotated
from gradgen.errors import ArgumentError, Finding, KindsError, UnsupportedError
from gradgen.ir.kinds import AnyKind, Dim, Holder, Kind
from gradgen.read.one_way import OTHERWISE
from gradgen.read.refusals import short_name

REFUSED_ON_THE_WAY = re.compile(r'raise NonDifferentiableError\("[^"]*: GG10[68]:')
PLACED = re.compile(r"\S+:\d+: ")
NOT_FOR = "this code is for numbers"
SHOWN = ("source", "wrt", "seeds", "tangents", "graph")


def specialised(
    mode: str, fn: Callable[..., Any], wrt: Any, *, optimize: bool = True, like: Sequence[Any] | None = None,
    checkpoint: int | None = None,
) -> Any:
    """The generated function for a mode. Where the kinds of fn's arguments are known, or all are numbers, it is that text's own
    function, which hands a call with other kinds on; else one that writes its text at the first call, and again for others."""
    begun = Program()
    make = functools.partial(generate.generated, mode, fn, wrt, optimize=optimize, begun=begun, checkpoint=checkpoint)
    return in_kinds(mode, fn, make, like, functools.partial(names_ahead, mode, fn, wrt), begun)


def in_kinds(
    mode: str, fn: Callable[..., Any], make: Callable[..., Any], like: Sequence[Any] | None = None,
    ahead: Callable[[], Ahead] = Ahead, begun: Program | None = None,
) -> Any:
    """A derivative of fn that is made by `make(kinds=..., other=...)` for the kinds of fn's arguments; `ahead` knows what can be
    said of it before any, and `begun` is where fn is read first."""
    return _Texts(mode, fn, make, ahead, begun or Program()).function(like)


def _key(kinds: Mapping[str, AnyKind]) -> tuple[tuple[str, AnyKind], ...]:
    return tuple(sorted(kinds.items(), key=lambda item: item[0]))


def at_a_glance(fn: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """What a call's kinds follow from, where that is seen at once: all its arguments are floats, or arrays of floats without
    dimensions of 0 or 1. None where more has to be looked at."""
    defaults = getattr(fn, "__defaults__", None) or ()
    is_plain = hasattr(fn, "__code__") and not getattr(fn, "__kwdefaults__", None)
    if not is_plain or not all(type(value) in (float, int, bool, str) for value in defaults):
        return None
    found: list[Any] = [fn.__code__, len(args), *kwargs, *defaults]
    for value in (*args, *kwargs.values()):
        if type(value) is not float:
            shape, dtype = getattr(value, "shape", (0,)), getattr(value, "dtype", None)
            if type(value).__module__ != "numpy" or getattr(dtype, "char", "") != "d" or not shape or 0 in shape or 1 in shape:
                return None
            found.append(len(shape))
        found.append(type(value))
    return tuple(found)


def short(value: object) -> str:
    """A value as it is written, where that is short; else what it is."""
    text = repr(value)
    return text if len(text) <= 40 and "\n" not in text else f"a {type(value).__name__}"


def _refusals_in(function: Any) -> int:
    """On how many ways through it a text refuses to go on, for the arguments that it is for."""
    source: str = function.source
    return len(REFUSED_ON_THE_WAY.findall(source)) - source.count(OTHERWISE)


def _place(found: Finding) -> tuple[str, str, int, int]:
    return found.code, found.file, found.line, found.column


class _Texts:
    """The texts of one derivative by the kinds of the arguments."""

    def __init__(
        self, mode: str, fn: Callable[..., Any], make: Callable[..., Any], ahead: Callable[[], Ahead], begun: Program,
    ) -> None:
        self.mode = mode
        self.begun = begun
        self.fn = fn
        self.make = make
        self.ahead = ahead
        self.made: dict[tuple[tuple[str, AnyKind], ...], Any] = {}
        self.seen: dict[tuple[Any, ...], Any] = {}
        self.shown: Any = None
        self.is_deferred = False

    def function(self, like: Sequence[Any] | None) -> Any:
        if not isinstance(like, tuple | list | None):
            raise TypeError(f"like= takes the arguments of a call in a tuple: like=({short(like)},)")
        if hasattr(self.fn, "for_kinds"):
            return self._deferred() if like is None else self._text(kinds_like(self.fn, like, {}, always=True))
        annotated = annotated_kinds(self.fn, self.begun)
        kinds = {} if like is None else kinds_like(self.fn, like, {}, always=annotated.meets_arrays)
        if like is not None or annotated.are_known and annotated.kinds or not annotated.meets_arrays:
            try:
                self.shown = self._text(kinds or annotated.kinds)
            except UnsupportedError as error:
                if kinds or annotated.kinds or not self._may_be_for_arrays(annotated, error):
                    raise
            else:
                if kinds or annotated.kinds or not self._meets_arrays(annotated):
                    return self.shown
        return self._deferred()

    def _may_be_for_arrays(self, annotated: Annotated, error: UnsupportedError) -> bool:
        """Whether what is refused of numbers may be right for the arrays of a call."""
        codes = {each.code for each in error.findings}
        if annotated.takes_containers or "GG115" in codes or annotated.asks_objects and "GG108" in codes:
            return True
        if self._meets_arrays(annotated):
            return True
        may_be = annotated.takes_below and bool(annotated.free)
        return may_be and any(self._refuses_less(annotated.free, rank, error) for rank in (1, 2))

    def _refuses_less(self, free: Set[str], rank: int, error: UnsupportedError) -> bool:
        """Whether not all that is refused of numbers is refused where the free parameters are arrays of a rank."""
        kinds = {name: Kind(tuple(Dim(((f"{name}.{i}", 1),)) for i in range(rank))) for name in free}
        try:
            self.make(kinds=kinds, other=None)
        except UnsupportedError as other:
            return not {_place(each) for each in error.findings} <= {_place(each) for each in other.findings}
        except (ArgumentError, KindsError):
            return False
        return True

    def _meets_arrays(self, annotated: Annotated) -> bool:
        """Whether fn works on arrays, or a function that it calls."""
        return meets_arrays_below(self.fn) if annotated.below is None else annotated.below

    def _text(self, kinds: Mapping[str, AnyKind]) -> Any:
        key = _key(kinds)
        if key not in self.made:
            self.made[key] = self.make(kinds=kinds, other=functools.partial(self._other, key))
            if not any(map(holds_array, kinds.values())):
                self.made[key].for_other_kinds = self._for_kinds
        return self.made[key]

    def _text_for(self, kinds: Mapping[str, AnyKind]) -> Any:
        """The text for the kinds of a call; where all are numbers and the one for numbers refuses less, that one."""
        plain = None if any(map(holds_array, kinds.values())) else self.made.get(())
        try:
            found = self._text(kinds)
        except UnsupportedError:
            if plain is None:
                raise
            return plain
        if plain is None or OTHERWISE in plain.source:
            return found
        return found if _refusals_in(found) < _refusals_in(plain) or not _refusals_in(plain) else plain

    def _for_kinds(self, kinds: Mapping[str, AnyKind]) -> Any:
        """The text for a call with arguments of these kinds, by the names of parameters."""
        own = None if hasattr(self.fn, "for_kinds") else parameters_of(self.fn)
        return self._text_for({name: kind for name, kind in kinds.items() if own is None or name in own})

    def _other(self, key: tuple[tuple[str, AnyKind], ...], error: KindsError, /, *args: Any, **kwargs: Any) -> Any:
        """A call of the text for `key` with other kinds."""
        glance = at_a_glance(self.fn, args, kwargs)
        if glance is None or (key, glance) not in self.seen:
            found = self._text_instead(key, error, args, kwargs)
            if glance is None:
                self._show(found)
                return found(*args, **kwargs)
            self.seen[key, glance] = found
        function = self.seen[key, glance]
        self._show(function)
        return function(*args, **kwargs)

    def _text_instead(
        self, key: tuple[tuple[str, AnyKind], ...], error: KindsError, args: Sequence[Any], kwargs: Mapping[str, Any],
    ) -> Any:
        """The text for a call that the one for `key` is not for; raises what tells why where no other is."""
        kinds = kinds_like(self.fn, args, kwargs, always=self.is_deferred)
        listed = {} if kinds else self._lists_told(args, kwargs)
        if listed and not key:
            try:
                return self._text(listed)
            except UnsupportedError as refusal:
                raise self._told_which(error, args, kwargs) from refusal
        if key in (_key(kinds), _key(listed or kinds)):
            raise self._told_which(error, args, kwargs)
        return self._text(kinds)

    def _lists_told(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, AnyKind]:
        """The kinds of a call without arrays where lists are among its arguments: the text for numbers takes none."""
        kinds = kinds_like(self.fn, args, kwargs, always=True)
        return kinds if any(isinstance(kind, Holder) for kind in kinds.values()) else {}

    def _told_which(self, error: KindsError, args: Sequence[Any], kwargs: Mapping[str, Any]) -> KindsError:
        """The error with the function's place and the argument that no text takes: a text, None, or a list for a number."""
        code = getattr(self.fn, "__code__", None)
        if code is None:
            return error
        given = {**dict(zip(code.co_varnames, args, strict=False)), **kwargs}
        which = next((name for name, value in given.items() if value is None or isinstance(value, (str, bytes))), None)
        place = f"{short_name(code.co_filename)}:{code.co_firstlineno}"
        listed = next((name for name, value in given.items() if isinstance(value, (list, tuple))), None)
        if which is None and listed is not None and str(error).startswith(NOT_FOR):
            return KindsError(
                f"{place}: {listed} is a {type(given[listed]).__name__}, and {code.co_name} computes with it as with a number: "
                f"pass np.array({listed}), or one number at a time"
            )
        if which is None:
            return error if PLACED.match(str(error)) else KindsError(f"{place}: {error}")
        return KindsError(f"{place}: {which} is {given[which]!r}; {code.co_name} is differentiated for numbers and arrays here")

    def _deferred(self) -> Any:
        current: list[Any] = []
        self.is_deferred = True

        def call(*args: Any, **kwargs: Any) -> Any:
            if not current:
                kinds = kinds_like(self.fn, args, kwargs, always=True)
                current.append(self._text_for(kinds))
                self._show(current[0])
            return current[0](*args, **kwargs)

        functools.update_wrapper(call, self.fn)
        call.__name__ = call.__qualname__ = f"{getattr(self.fn, '__name__', 'f')}_{self.mode}"
        live = cast(Any, call)
        live.primal, live.source, live.graph = self.fn, "", None
        live.for_kinds = self._for_kinds
        self.shown = live
        try:
            self._show(self._text({}))  # the text for numbers, where there is one, until a call tells more
        except (UnsupportedError, ArgumentError):
            ahead = Ahead() if hasattr(self.fn, "for_kinds") else self.ahead()
            live.wrt, live.seeds, live.tangents = ahead.wrt, ahead.seeds, ahead.tangents
        return live

    def _show(self, function: Any) -> None:
        """What was used last is what `.source` and the like are about."""
        for name in SHOWN:
            setattr(self.shown, name, getattr(function, name))
        if hasattr(self.shown, "__wrapped__") and self.shown is not function:
            self.shown.__wrapped__ = function
