"""Derivatives of functions of NumPy and SciPy themselves, and derivatives of these: `vjp(np.sum)(x, axis=0)`, a text for each
form of call.

Never differentiates: the call is written as a function, which is differentiated as any other is.
"""
from __future__ import annotations

import copy
import functools
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from gradgen import dispatch
from gradgen.errors import ArgumentError, GradgenError
from gradgen.read.standing import Form, form_of, has_rule_only, standing_for, standing_in

SHOWN = ("source", "wrt", "seeds", "tangents", "graph")


def specialised(mode: str, fn: Callable[..., Any], wrt: Any, *, like: Sequence[Any] | None = None, **options: Any) -> Any:
    """The generated function for a mode, as dispatch.specialised gives it; of a function that has a rule and is called with
    arguments of its own (`axis=0`), one that writes its text at the call."""
    return by_forms(mode, fn, wrt, functools.partial(dispatch.specialised, mode, **options), like)


def by_forms(
    what: str, fn: Callable[..., Any], wrt: Any, make: Callable[..., Any], like: Sequence[Any] | None = None,
) -> Any:
    """`make(fn, wrt, like=like)`; where fn is a function of NumPy's or SciPy's, or a derivative of one, of each call of it."""
    below: _Calls | None = getattr(fn, "calls", None)
    fn = held = fn if below is not None else _unfrozen(fn)
    while below is None and isinstance(held, functools.partial):
        held = held.func
    if below is None and not has_rule_only(held):
        return make(fn, wrt, like=like)
    return _Calls(what, fn, wrt, make, below).function(like)


def _unfrozen(fn: Callable[..., Any]) -> Callable[..., Any]:
    """A method of a frozen distribution, `norm(0.1, 2.0).logpdf`, as that of the distribution which is given the numbers."""
    held: Any = getattr(fn, "__self__", None)
    own: Any = getattr(sys.modules.get("scipy.stats"), getattr(getattr(held, "dist", None), "name", ""), None)
    shared = getattr(own, getattr(fn, "__name__", ""), None)
    if shared is None or not isinstance(held.dist, type(own)) or not has_rule_only(shared):
        return fn
    names = (*(own.shapes.split(", ") if own.shapes else ()), "loc", "scale")
    return functools.partial(shared, **dict(zip(names, held.args, strict=False)), **held.kwds)


class _Calls:
    """The texts of one function's derivative by the forms of its calls."""

    def __init__(
        self, what: str, fn: Callable[..., Any], wrt: Any, make: Callable[..., Any], below: _Calls | None,
    ) -> None:
        self.what = what
        self.whole = fn
        self.bound: tuple[Any, ...] = () if below is None else below.bound
        self.keywords: dict[str, Any] = {} if below is None else below.keywords
        while isinstance(fn, functools.partial):  # one in another has made one of both, but for what subclasses do
            self.bound, self.keywords, fn = (*fn.args, *self.bound), {**fn.keywords, **self.keywords}, fn.func
        self.fn: Callable[..., Any] = fn if below is None else below.fn
        self.wrt = wrt
        self.make = make
        self.below = below
        self.made: dict[str, Any] = {}
        self.counts: dict[str, int | None] = {}
        self.plain: Any = None

    def function(self, like: Sequence[Any] | None) -> Any:
        if like is not None:
            form = form_of(self.fn, (*self.bound, *like), self.keywords)
            return self._made(form, (*self.bound, *like), self.keywords, like=form.values)

        name = getattr(self.fn, "__name__", "f")

        def call(*args: Any, **kwargs: Any) -> Any:
            args, kwargs = (*self.bound, *args), {**self.keywords, **kwargs}
            form = form_of(self.fn, args, kwargs)
            made = self._of(form, args, kwargs)
            try:
                return made(*form.values, **_parted(form.others, f"d{name}", self.counts[form.text]))
            finally:  # what was used last is what `.source` and the like are about
                for each in SHOWN:
                    setattr(call, each, getattr(made, each))

        functools.update_wrapper(call, self.fn)
        call.__name__ = call.__qualname__ = f"{getattr(self.whole, '__name__', name)}_{self.what}"
        call.__module__ = __name__
        live = cast(Any, call)
        is_forward = self.what not in ("vjp", "grad", "value_and_grad")
        live.primal, live.source, live.graph, live.wrt, live.tangents = self.whole, "", None, (), ()
        live.seeds = () if is_forward or self.below is not None else (f"d{name}",)
        live.calls = self
        if self.bound or self.keywords or self.below is not None and self.below.plain is None:
            return live
        try:  # a call without arguments of its own
            whole = standing_in(self.fn) if self.below is None else self.below.plain
            self.plain = self.make(whole, self.wrt, like=None)
        except GradgenError:
            return live
        for each in SHOWN:
            setattr(live, each, getattr(self.plain, each))
        return live

    def _of(self, form: Form, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        if form.text not in self.made:
            self.made[form.text] = self._made(form, args, kwargs)
        return self.made[form.text]

    def _made(self, form: Form, args: Sequence[Any], kwargs: Mapping[str, Any], like: Sequence[Any] | None = None) -> Any:
        given = {name: value for name, value in kwargs.items() if name not in form.others}
        if self.below is not None:
            standing = self.below._of(form, args, given)
            self.counts[form.text] = self.below.counts[form.text]
        else:
            value = self.fn(*copy.deepcopy(args), **copy.deepcopy(given))
            self.counts[form.text] = len(value) if isinstance(value, tuple | list) else None
            standing = standing_for(self.fn, form, self.counts[form.text])
        return self.make(standing, self._asked(form), like=like)

    def _asked(self, form: Form) -> Any:
        """The names asked for; a number is that of an argument of the call."""
        first = len(self.bound)
        if self.wrt is None and (first or self.keywords):
            left = [name for place, name in form.places.items() if place >= first]
            return left[0] if len(left) == 1 else tuple(left)
        if self.wrt is None or isinstance(self.wrt, str):
            return self.wrt
        asked = [self.wrt] if isinstance(self.wrt, int) else list(self.wrt)
        names = [form.places.get(each + first) if isinstance(each, int) else each for each in asked]
        if None in names:
            raise ArgumentError(f"wrt={self.wrt!r}: no argument that can vary stands there")
        return names[0] if isinstance(self.wrt, int) else tuple(names)


def _parted(given: Mapping[str, Any], whole: str, count: int | None) -> dict[str, Any]:
    """The seeds of a call, where one in the structure of so many results stands for one for each."""
    others = dict(given)
    if count is not None and isinstance(others.get(whole), tuple | list) and len(others[whole]) == count:
        others.update({f"{whole}_{index}": part for index, part in enumerate(others.pop(whole))})
    return others
