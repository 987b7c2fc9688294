"""What a callable is made of: what runs, with what bound to it, and the signature that its user sees.

Never tests derivatives.
"""
from __future__ import annotations

import functools
import inspect
import math
import operator
import sys
import types
from collections.abc import Callable
from typing import Any

import pytest

from gradgen.read.callables import unwrap


def f(a: float, b: float = 2.0, *, c: float = 3.0) -> tuple[float, float, float]:
    return a, b, c


def twice(fn: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(fn)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return fn(*args, **kwargs), 2

    return wrapper


class Model:
    def __init__(self, k: float) -> None:
        self.k = k

    def value(self, x: float, y: float = 1.0) -> tuple[float, float, float]:
        return self.k, x, y

    @functools.lru_cache  # noqa: B019
    def cached(self, x: float) -> tuple[float, float]:
        return self.k, x

    @staticmethod
    def static(x: float) -> float:
        return x

    @classmethod
    def of_class(cls, x: float) -> tuple[type, float]:
        return cls, x

    pinned = functools.partialmethod(value, y=5.0)

    def __call__(self, x: float) -> tuple[float, float]:
        return self.k, x


class Delegating:
    __call__ = functools.partialmethod(Model.value, 7.0)
    k = 1.0


class Kept(functools.partial):  # type: ignore[type-arg]
    """Python folds a partial of a partial into one, but not where they are of a class of their own."""


MODEL = Model(4.0)

CALLABLES: dict[str, tuple[Any, tuple[Any, ...], str]] = {
    "a function": (f, (1.0,), "(a, b=2.0, *, c=3.0)"),
    "a lambda": (lambda x: x, (1.0,), "(x)"),
    "a bound method": (MODEL.value, (1.0,), "(x, y=1.0)"),
    "a method of the class": (Model.value, (MODEL, 1.0), "(self, x, y=1.0)"),
    "a static method": (Model.static, (1.0,), "(x)"),
    "a static method object": (Model.__dict__["static"], (1.0,), "(x)"),
    "a class method": (Model.of_class, (1.0,), "(x)"),
    "a partial": (functools.partial(f, 1.0, c=9.0), (), "(b=2.0, *, c=9.0)"),
    "a partial of a partial": (functools.partial(functools.partial(f, 1.0, c=9.0), 5.0, c=8.0), (), "(*, c=8.0)"),
    "a partial of a method": (functools.partial(MODEL.value, 1.0), (2.0,), "(y=1.0)"),
    "a method that is a partial": (MODEL.pinned, (1.0,), "(x, *, y=5.0)"),
    "a callable object": (MODEL, (1.0,), "(x)"),
    "a callable object that delegates": (Delegating(), (1.0,), "(y=1.0)"),
    "a wrapped function": (twice(f), (1.0,), "(a, b=2.0, *, c=3.0)"),
    "a method of a partial": (types.MethodType(functools.partial(f, 1.0), 4.0), (), "(*, c=3.0)"),
    "a partial that was not flattened": (Kept(Kept(f, 1.0, c=9.0), 5.0, c=8.0), (), "(*, c=8.0)"),
    "a partial of a wrapped function": (functools.partial(twice(f), 1.0), (), "(b=2.0, *, c=3.0)"),
    "a cached function": (functools.cache(f), (1.0,), "(a, b=2.0, *, c=3.0)"),
    "a cached method": (MODEL.cached, (1.0,), "(x)"),
    "a partial of a callable object": (functools.partial(MODEL, 3.0), (), "()"),
    "a cache around a wrapper": (functools.lru_cache(maxsize=3)(twice(f)), (1.0,), "(a, b=2.0, *, c=3.0)"),
}


def bare(signature: inspect.Signature | None) -> str:
    assert signature is not None
    parameters = [each.replace(annotation=inspect.Parameter.empty) for each in signature.parameters.values()]
    return str(inspect.Signature(parameters))


@pytest.mark.parametrize("kind", CALLABLES)
def test_calling_what_runs_with_what_is_bound_is_calling_the_callable(kind: str) -> None:
    obj, args, signature = CALLABLES[kind]
    view = unwrap(obj)
    assert view.function is not None and view.target is view.function
    assert view.function(*view.bound, *args, **view.keywords) == obj(*args)
    assert bare(view.signature) == signature


def test_what_is_bound_is_told_in_the_order_of_the_parameters() -> None:
    assert unwrap(functools.partial(MODEL.value, 1.0)).bound == (MODEL, 1.0)
    assert unwrap(functools.partial(functools.partial(f, 1.0, c=9.0), 5.0, c=8.0)).keywords == {"c": 8.0}
    assert unwrap(Model.of_class).bound == (Model,)
    assert unwrap(f).bound == () and unwrap(f).keywords == {}


def test_a_decorator_is_what_runs_and_never_what_it_wraps() -> None:
    wrapper = twice(f)
    assert unwrap(wrapper).function is wrapper
    assert unwrap(functools.cache(wrapper)).function is wrapper


def test_a_cache_is_transparent_and_said_to_be_there() -> None:
    assert unwrap(functools.cache(f)).function is f
    assert [unwrap(each).cached for each in (f, functools.cache(f), MODEL.cached)] == [False, True, True]


@pytest.mark.parametrize("thing", [math.sin, len, operator.mul, int, Model, "".join, functools.partial(math.pow, 2.0)])
def test_what_has_no_python_function_says_so(thing: Any) -> None:
    view = unwrap(thing)
    assert view.function is None
    target = thing.func if isinstance(thing, functools.partial) else thing
    assert view.target is target


def test_a_callable_without_a_signature_is_taken_apart_all_the_same() -> None:
    view = unwrap(max)
    assert view.signature is None and view.name == "max"


def test_names_are_those_of_functions_and_of_the_classes_of_callable_objects() -> None:
    things = (f, MODEL.value, MODEL, math.sin, functools.partial(f, 1.0))
    assert [unwrap(each).name for each in things] == ["f", "value", "Model", "sin", "f"]


def test_a_call_attribute_of_the_instance_is_not_what_python_calls() -> None:
    model = Model(1.0)
    model.__dict__["__call__"] = lambda x: "never"
    assert unwrap(model).function is Model.__call__


def test_what_cannot_be_called_is_refused() -> None:
    with pytest.raises(TypeError, match="'float' object is not callable"):
        unwrap(1.0)


if sys.version_info >= (3, 14):

    def test_a_partial_with_gaps_keeps_them() -> None:
        partial = functools.partial(f, functools.Placeholder, 2.0)
        assert unwrap(partial).target is partial and unwrap(partial).function is None
