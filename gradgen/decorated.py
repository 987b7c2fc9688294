"""The decorator: a function that is called as before and has its derivatives at hand.

Never differentiates; the transforms do.
"""
from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, ParamSpec, TypeVar, cast, overload

from gradgen import api, examined
from gradgen.api import Decorated, GeneratedFunction, Wrt

P = ParamSpec("P")
R = TypeVar("R")


class Differentiable(Decorated, Generic[P, R]):
    """A decorated function: calling it is unchanged; its derivatives are made at first use, and kept.

    Those of a method are kept for the object that they were last asked of, which is kept with them.
    """

    binds_as_wrapped = True
    __wrapped__: Callable[P, R]

    def __init__(self, fn: Callable[P, R], wrt: Wrt = None, checkpoint: int | None = None) -> None:
        functools.update_wrapper(self, fn)
        self.__wrapped__ = fn
        self.asked_wrt = wrt
        self.asked_checkpoint = checkpoint
        self._for_names: dict[tuple[str, ...], GeneratedFunction] = {}
        self._unbound: Differentiable[Any, Any] | None = None
        self._last_bound: Differentiable[Any, Any] | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.__wrapped__(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<differentiable {getattr(self.__wrapped__, '__qualname__', self.__wrapped__)}>"

    def __reduce__(self) -> str | tuple[Any, ...]:
        from gradgen.pickled import reduced

        return reduced(self, self.asked_wrt, self.asked_checkpoint)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        last = self._last_bound
        if last is not None and getattr(last.__wrapped__, "__self__", None) is instance:
            return last
        bound: Differentiable[Any, Any] = Differentiable(
            self.__wrapped__.__get__(instance, owner), self.asked_wrt, self.asked_checkpoint
        )
        bound._unbound = self
        return bound

    def _made(self, transform: Callable[..., Any]) -> GeneratedFunction:
        """A derivative of this function; what it is bound to is the object whose derivatives are kept from now on."""
        if self._unbound is not None:
            self._unbound._last_bound = self
        return cast(GeneratedFunction, transform(self))

    @functools.cached_property
    def value_and_grad(self) -> GeneratedFunction:
        """The generated function that returns the value and the gradient."""
        return self._made(api.value_and_grad)

    @functools.cached_property
    def grad(self) -> GeneratedFunction:
        """The generated function that returns the gradient."""
        return self._made(api.grad)

    @functools.cached_property
    def vjp(self) -> GeneratedFunction:
        """The generated function that takes the result's adjoint and returns one adjoint per wrt."""
        return self._made(api.vjp)

    @functools.cached_property
    def jvp(self) -> GeneratedFunction:
        """The generated function that takes tangents and returns the value and its tangent."""
        return self._made(api.jvp)

    @functools.cached_property
    def hvp(self) -> GeneratedFunction:
        """The generated function that takes a direction and returns the Hessian's product with it."""
        return self._made(api.hvp)

    @functools.cached_property
    def hessian(self) -> GeneratedFunction:
        """The generated function that returns the second derivatives."""
        return self._made(api.hessian)

    @functools.cached_property
    def jacobian(self) -> GeneratedFunction:
        """The generated function that returns the derivatives of every result, for scipy.optimize.least_squares(jac=...), say."""
        return self._made(api.jacobian)

    @property
    def source(self) -> str:
        """The text of value_and_grad's module."""
        return self.value_and_grad.source

    @property
    def wrt(self) -> tuple[str, ...]:
        return self.value_and_grad.wrt

    @property
    def primal(self) -> Callable[P, R]:
        return self.__wrapped__

    @property
    def graph(self) -> Any:
        """The computation graph of the function's assignments."""
        return self.value_and_grad.graph

    def trace(self, *args: Any, **kwargs: Any) -> Mapping[str, Any]:
        """Every value and adjoint by name, at these arguments."""
        return examined.trace(self.value_and_grad, *args, **kwargs)

    def compare(self, **options: Any) -> Any:
        """SymPy's verdict on the generated gradient."""
        return examined.compare(self.__wrapped__, self.asked_wrt, **options)

    def check(self, *args: Any, **options: Any) -> Any:
        """Numerical differences' verdict, at the given point or at random ones."""
        return examined.check(self.__wrapped__, *args, wrt=self.asked_wrt, **options)

    def fun_and_grad(self, x: Any, *args: Any, like: Any = None) -> tuple[float, Any]:
        """Value and gradient for scipy.optimize.minimize(jac=True), the gradient as one flat vector.

        `x` is one flat vector of the wrt parameters, in their order; `args` are the function's other parameters: its last ones,
        where the decorator names no wrt. `like` are values of the wrt parameters (a tuple where there are several) that have the
        structure of the vector, as flatten(like) makes it: `functools.partial(loss.fun_and_grad, like=(W, b))`. Without it each
        is a number; a single one may be a vector.

        Raises ValueError where the vector has not as many numbers.
        """
        from gradgen.flat import flatten, unflatten

        names, others = self._fitted(len(args))
        if like is None:
            values = [x] if len(names) == 1 and len(x) != 1 else unflatten(x, [0.0] * len(names))
        else:
            values = [unflatten(x, like)] if len(names) == 1 and not isinstance(like, tuple) else unflatten(x, tuple(like))
        named = dict(zip(names, values, strict=True)) | dict(zip(others, args, strict=False))
        value, gradient = self._of_names(names)(**named)
        return float(value), flatten(gradient)

    def _fitted(self, count: int) -> tuple[list[str], list[str]]:
        """The wrt parameters and the others, of which `count` are given: where the decorator names none, the last ones."""
        import inspect

        parameters = list(inspect.signature(self.__wrapped__).parameters)
        wrt = [self.asked_wrt] if isinstance(self.asked_wrt, str | int) else self.asked_wrt or ()
        names = [parameters[each] if isinstance(each, int) else each for each in wrt] or list(self.value_and_grad.wrt)
        others = [name for name in parameters if name not in names]
        if not wrt and (not names or len(others) != count) and count:
            names, others = parameters[:-count], parameters[-count:]
        return names or parameters, others if names else []

    def _of_names(self, names: Sequence[str]) -> GeneratedFunction:
        """value_and_grad with respect to these parameters."""
        if self.asked_wrt is not None or list(self.value_and_grad.wrt) == list(names):
            return self.value_and_grad
        if tuple(names) not in self._for_names:
            self._for_names[tuple(names)] = api.value_and_grad(self, tuple(names))
        return self._for_names[tuple(names)]


@overload
def differentiable(fn: Callable[P, R]) -> Differentiable[P, R]: ...
@overload
def differentiable(
    *, wrt: Wrt = None, checkpoint: int | None = None
) -> Callable[[Callable[P, R]], Differentiable[P, R]]: ...
def differentiable(fn: Any = None, *, wrt: Wrt = None, checkpoint: int | None = None) -> Any:
    """Decorate a function so that `.grad`, `.value_and_grad`, `.source`, `.graph`, `.compare` are at hand. Never raises."""
    if fn is None:
        return functools.partial(differentiable, wrt=wrt, checkpoint=checkpoint)
    return Differentiable(fn, wrt, checkpoint)
