"""Derivatives of functions of NumPy and SciPy themselves: `vjp(np.sum)(x, axis=0)`, a text for each form of call.

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
from gradgen.read.standing import Form, form_of, has_rule_only, standing_for

SHOWN = ("source", "wrt", "seeds", "tangents", "graph")


def specialised(mode: str, fn: Callable[..., Any], wrt: Any, *, like: Sequence[Any] | None = None, **options: Any) -> Any:
    """The generated function for a mode, as dispatch.specialised gives it; of a function that has a rule and is called with
    arguments of its own (`axis=0`), one that writes its text at the call."""
    below = getattr(fn, "texts", None)
    if isinstance(below, _Calls):
        return _Calls(mode, below.whole, wrt, options, below).function(like)
    fn = held = _unfrozen(fn)
    while isinstance(held, functools.partial):
        held = held.func
    if not has_rule_only(held):
        return dispatch.specialised(mode, fn, wrt, like=like, **options)
    return _Calls(mode, fn, wrt, options).function(like)


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
    """The texts of one function's derivative by the forms of its calls; where there is one `below`, of that one's derivative."""

    def __init__(
        self, mode: str, fn: Callable[..., Any], wrt: Any, options: Mapping[str, Any], below: _Calls | None = None,
    ) -> None:
        self.mode = mode
        self.below = below
        self.whole = fn
        self.bound: tuple[Any, ...] = ()
        self.keywords: dict[str, Any] = {}
        while isinstance(fn, functools.partial):  # one in another has made one of both, but for what subclasses do
            self.bound, self.keywords, fn = (*fn.args, *self.bound), {**fn.keywords, **self.keywords}, fn.func
        self.fn = fn
        self.wrt = wrt
        self.options = options
        self.made: dict[str, Any] = {}
        self.counts: dict[str, int | None] = {}

    def function(self, like: Sequence[Any] | None) -> Any:
        if like is not None:
            form = form_of(self.fn, (*self.bound, *like), self.keywords)
            return self._made(form, (*self.bound, *like), self.keywords, like=form.values)

        name = getattr(self.fn, "__name__", "f") + (f"_{self.below.mode}" if self.below is not None else "")

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
        call.__name__ = call.__qualname__ = f"{name}_{self.mode}"
        call.__module__ = __name__
        live = cast(Any, call)
        live.texts = self
        is_forward = self.mode in ("jvp", "hvp")
        live.primal, live.source, live.graph, live.wrt, live.tangents = self.whole, "", None, (), ()
        live.seeds = () if is_forward else (f"d{name}",)
        if self.whole is not self.fn or self.below is not None:
            return live
        try:
            plain = dispatch.specialised(self.mode, self.fn, self.wrt, **self.options)
        except GradgenError:
            return live
        for each in SHOWN:
            setattr(live, each, getattr(plain, each))
        return live

    def _of(self, form: Form, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        if form.text not in self.made:
            self.made[form.text] = self._made(form, args, kwargs)
        return self.made[form.text]

    def _made(self, form: Form, args: Sequence[Any], kwargs: Mapping[str, Any], like: Sequence[Any] | None = None) -> Any:
        given = {name: value for name, value in kwargs.items() if name not in form.others}
        value = self.fn(*copy.deepcopy(args), **copy.deepcopy(given))
        self.counts[form.text] = len(value) if isinstance(value, tuple | list) else None
        standing = standing_for(self.fn, form, self.counts[form.text])
        return self._of_standing(standing, form, like)

    def _of_standing(self, standing: Callable[..., Any], form: Form, like: Sequence[Any] | None = None) -> Any:
        fn = standing if self.below is None else self.below._of_standing(standing, form)
        return dispatch.specialised(self.mode, fn, self._asked(form), like=like, **self.options)

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
