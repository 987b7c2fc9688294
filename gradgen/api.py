"""The public interface: the decorator and the transforms.

Never works on programs itself; the pipeline does.
"""
from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, Literal, ParamSpec, Protocol, TypeVar, cast, overload

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])
Wrt = str | int | Sequence[str | int] | None


class GeneratedFunction(Protocol):
    """A function that gradgen wrote: a real Python function with these attributes."""

    source: str
    primal: Callable[..., Any]
    wrt: tuple[str, ...]
    seeds: tuple[str, ...]
    tangents: tuple[str, ...]
    graph: Any

    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...


def _make(mode: str, fn: Callable[..., Any] | None, wrt: Wrt, like: Sequence[Any] | None, **options: Any) -> Any:
    if fn is None:
        return functools.partial(globals()[mode], wrt=wrt, like=like, **options)
    from gradgen import direct, pickled

    most = options.get("checkpoint")
    if most is not None and (type(most) is not int or most < 1):
        raise ValueError(f"checkpoint= is how many states a loop may keep: a whole number from 1 on, not {most!r}")
    if isinstance(fn, Differentiable):
        wrt = fn._wrt if wrt is None else wrt
        options |= {"checkpoint": fn._checkpoint} if "checkpoint" in options and most is None else {}
    primal = fn.__wrapped__ if isinstance(fn, Differentiable) else fn
    made = direct.specialised(mode, primal, wrt, like=like, **options)
    pickled.register(made, mode, primal, wrt=wrt, **options)
    return made


def grad(
    fn: Callable[..., Any] | None = None, wrt: Wrt = None, *, like: Sequence[Any] | None = None, optimize: bool = True,
    checkpoint: int | None = None,
) -> Any:
    """A generated function with fn's parameters that returns the gradient of fn's result, a number, with respect to `wrt`.

    `wrt`: a parameter's name or index gives a bare gradient, a sequence of them a tuple; left out, every parameter that can vary
    continuously. It may name local variables that are assigned once, at the outer level. The seed comes after fn's own
    parameters as a keyword that defaults to 1.0 (`dJ=1.0`). Containers of numbers get gradients of the same structure.
    `like` are arguments of a call for whose kinds the text is to be made. `optimize=False` keeps every value and folds
    nothing. With `checkpoint=k` a loop keeps the values that its turns begin with for k of its turns only, and runs the others
    again from these. Usable as a decorator, with or without arguments.

    Raises UnsupportedError with the file, line and reason of everything that cannot be differentiated, SourceError where the
    source cannot be had, ArgumentError for a wrt that fn does not have or a result that is no single number.
    """
    return _make("grad", fn, wrt, like, optimize=optimize, checkpoint=checkpoint)


def value_and_grad(
    fn: Callable[..., Any] | None = None, wrt: Wrt = None, *, like: Sequence[Any] | None = None, optimize: bool = True,
    checkpoint: int | None = None,
) -> Any:
    """As grad, but the generated function returns the value and the gradient, and keeps the whole forward part."""
    return _make("value_and_grad", fn, wrt, like, optimize=optimize, checkpoint=checkpoint)


def vjp(
    fn: Callable[..., Any] | None = None, wrt: Wrt = None, *, like: Sequence[Any] | None = None, optimize: bool = True,
    checkpoint: int | None = None,
) -> Any:
    """A generated function that takes the adjoint of fn's result as a required keyword and returns one adjoint per wrt.

    Where every return of fn is a tuple display of one length there is one keyword per element (`du`, `dv`).
    """
    return _make("vjp", fn, wrt, like, optimize=optimize, checkpoint=checkpoint)


def jvp(
    fn: Callable[..., Any] | None = None, wrt: Wrt = None, *, like: Sequence[Any] | None = None, optimize: bool = True
) -> Any:
    """A generated function that takes one tangent keyword per wrt (`x_dot`) and returns fn's value and the value's tangent.

    The tangents are written beside the values, nothing is recorded. Containers of numbers take tangents of the same structure.
    """
    return _make("jvp", fn, wrt, like, optimize=optimize)


def hvp(
    fn: Callable[..., Any] | None = None, wrt: Wrt = None, *, like: Sequence[Any] | None = None, optimize: bool = True
) -> Any:
    """A generated function that takes a direction by keywords (`x_dot`) and returns the Hessian's product with it, one per wrt.

    It is the gradient's tangent: forward over reverse, at a few times the cost of fn whatever the number of wrt.
    """
    return _composed("hvp", fn, wrt, like=like, optimize=optimize)


def hessian(
    fn: Callable[..., Any] | None = None, wrt: Wrt = None, *, like: Sequence[Any] | None = None, optimize: bool = True,
    sparse: bool = False,
) -> Any:
    """A generated function that returns fn's second derivatives: a number for one name, `H[i][j]` for a sequence.

    By an array they are an array of its shape twice, by a list or tuple of numbers a list of rows like it; by a sequence of names
    that holds arrays, blocks of the i-th's shape and the j-th's.
    With `sparse`, a scipy.sparse.csr_array by one argument, at the cost of as many products as its pattern takes.
    """
    if sparse:
        return _sparse("hessian", fn, wrt, mode="forward", optimize=optimize)
    return _composed("hessian", fn, wrt, like=like, optimize=optimize)


def jacobian(
    fn: Callable[..., Any] | None = None, wrt: Wrt = None, *, mode: Literal["forward", "reverse", "auto"] = "auto",
    like: Sequence[Any] | None = None, optimize: bool = True, sparse: bool = False,
) -> Any:
    """A generated function that returns the derivatives of every result of fn.

    For a function of one number: of it by one name, or a tuple by a sequence of them. For one of several numbers: a tuple by one
    name, `J[i][j]` by a sequence: that of the i-th result by the j-th name. With arrays: an array of the result's shape and then
    the argument's, by a sequence a tuple of them, for several results one such for each. `mode` chooses a run for each wrt, or
    element of one (`forward`), one for each result (`reverse`), or whichever are fewer.

    With `sparse`, scipy.sparse.csr_arrays, results and arguments flat: elements of the arguments that no element of the results
    shares (or the other way round) are moved together. A pattern that cannot be found is taken to be full.
    """
    if sparse:
        return _sparse("jacobian", fn, wrt, mode=mode, optimize=optimize)
    return _composed("jacobian", fn, wrt, mode=mode, like=like, optimize=optimize)


def derivative(
    fn: Callable[..., Any] | None = None, wrt: str | int | None = None, *, order: int = 1, like: Sequence[Any] | None = None,
    optimize: bool = True,
) -> Any:
    """A generated function that returns the derivative of a number by a number, of any order, in forward mode.

    Where fn is called with an array and works element by element, the derivative at each element.
    """
    return _composed("derivative", fn, wrt, order=order, like=like, optimize=optimize)


def nth(
    fn: Callable[..., Any], order: int, wrt: str | int | None = None, *, like: Sequence[Any] | None = None, optimize: bool = True
) -> Any:
    """A generated function that returns the derivative of a number by a number, `order` times: forward over reverse."""
    from gradgen import compose

    primal = fn.__wrapped__ if isinstance(fn, Differentiable) else fn
    return compose.nth(primal, order, wrt, optimize, like)


def _sparse(what: str, fn: Callable[..., Any] | None, wrt: Wrt, **options: Any) -> Any:
    if fn is None:
        return functools.partial(_sparse, what, wrt=wrt, **options)
    from gradgen import compose

    primal = fn.__wrapped__ if isinstance(fn, Differentiable) else fn
    return compose.sparse(what, primal, wrt, **options)


def _composed(what: str, fn: Callable[..., Any] | None, wrt: Wrt, **options: Any) -> Any:
    if fn is None:
        return functools.partial(globals()[what], wrt=wrt, **options)
    from gradgen import compose

    if wrt is None and isinstance(fn, Differentiable):
        wrt = fn._wrt
    primal = fn.__wrapped__ if isinstance(fn, Differentiable) else fn
    return getattr(compose, what)(primal, wrt, **options)


class Differentiable(Generic[P, R]):
    """A decorated function: calling it is unchanged; its derivatives are made at first use."""

    binds_as_wrapped = True

    def __init__(self, fn: Callable[P, R], wrt: Wrt = None, checkpoint: int | None = None) -> None:
        functools.update_wrapper(self, fn)
        self.__wrapped__ = fn
        self._wrt = wrt
        self._checkpoint = checkpoint
        self._for_names: dict[tuple[str, ...], GeneratedFunction] = {}

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.__wrapped__(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<differentiable {getattr(self.__wrapped__, '__qualname__', self.__wrapped__)}>"

    def __reduce__(self) -> str | tuple[Any, ...]:
        from gradgen.pickled import reduced

        return reduced(self, self._wrt, self._checkpoint)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        return Differentiable(self.__wrapped__.__get__(instance, owner), self._wrt, self._checkpoint)

    @functools.cached_property
    def value_and_grad(self) -> GeneratedFunction:
        """The generated function that returns the value and the gradient."""
        return cast(GeneratedFunction, value_and_grad(self.__wrapped__, self._wrt, checkpoint=self._checkpoint))

    @functools.cached_property
    def grad(self) -> GeneratedFunction:
        """The generated function that returns the gradient."""
        return cast(GeneratedFunction, grad(self.__wrapped__, self._wrt, checkpoint=self._checkpoint))

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
        return trace(self.value_and_grad, *args, **kwargs)

    def compare(self, **options: Any) -> Any:
        """SymPy's verdict on the generated gradient."""
        return compare(self.__wrapped__, self._wrt, **options)

    def check(self, *args: Any, **options: Any) -> Any:
        """Numerical differences' verdict, at the given point or at random ones."""
        return check(self.__wrapped__, *args, wrt=self._wrt, **options)

    @functools.cached_property
    def vjp(self) -> GeneratedFunction:
        """The generated function that takes the result's adjoint and returns one adjoint per wrt."""
        return cast(GeneratedFunction, vjp(self.__wrapped__, self._wrt, checkpoint=self._checkpoint))

    @functools.cached_property
    def jvp(self) -> GeneratedFunction:
        """The generated function that takes tangents and returns the value and its tangent."""
        return cast(GeneratedFunction, jvp(self.__wrapped__, self._wrt))

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
        wrt = [self._wrt] if isinstance(self._wrt, str | int) else self._wrt or ()
        names = [parameters[each] if isinstance(each, int) else each for each in wrt] or list(self.value_and_grad.wrt)
        others = [name for name in parameters if name not in names]
        if not wrt and (not names or len(others) != count) and count:
            names, others = parameters[:-count], parameters[-count:]
        return names or parameters, others if names else []

    def _of_names(self, names: Sequence[str]) -> GeneratedFunction:
        """value_and_grad with respect to these parameters."""
        if self._wrt is not None or list(self.value_and_grad.wrt) == list(names):
            return self.value_and_grad
        if tuple(names) not in self._for_names:
            self._for_names[tuple(names)] = value_and_grad(self, tuple(names))
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


class Trace(Mapping[str, Any]):
    """Names to values; the adjoint of `v` under `"dv"`."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return "  ".join(f"{name}={value!r}" for name, value in self._values.items())


def trace(generated: GeneratedFunction, *args: Any, **kwargs: Any) -> Trace:
    """Run a generated function and hand out its local variables as they stand at the end."""
    import sys

    name = cast(types.FunctionType, generated).__name__
    found: dict[str, Any] = {}

    def watch(frame: types.FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "return" and code.co_name == name and code.co_filename.startswith("<gradgen "):
            found.update({name: value for name, value in frame.f_locals.items() if name not in code.co_freevars})

    previous = sys.getprofile()
    sys.setprofile(watch)
    try:
        generated(*args, **kwargs)
    finally:
        sys.setprofile(previous)
    return Trace(found)


def compare(
    fn: Callable[..., Any], wrt: Wrt = None, source: str | None = None, *, like: Sequence[Any] | None = None, **options: Any
) -> Any:
    """SymPy's verdict on a gradient function's text: generated, or given as `source`.

    For a function of arrays `like` are arguments of a call: the text for their kinds is judged, element by element, at these
    arguments. SymPy is quick with arrays of a few elements.
    """
    from gradgen.judge import symbolic

    primal = fn.__wrapped__ if isinstance(fn, Differentiable) else fn
    generated = cast(GeneratedFunction, value_and_grad(fn, wrt, like=like))
    if not source and not generated.source:
        return symbolic.unknown_kinds(primal)
    points = {} if like is None else {"points": [tuple(like)]}
    return symbolic.compare(primal, source or generated.source, generated.wrt, **points | options)


def check(
    fn: Callable[..., Any], *args: Any, wrt: Wrt = None, like: Sequence[Any] | None = None, **options: Any
) -> Any:
    """Numerical differences' verdict on the generated gradient, at a given point or at random ones.

    `like` are arguments for whose kinds the text is to be made, those of the point if left out. Arrays of many elements are moved
    along a few directions, others element by element.
    """
    from gradgen.judge import numeric

    primal = fn.__wrapped__ if isinstance(fn, Differentiable) else fn
    generated = cast(GeneratedFunction, value_and_grad(fn, wrt, like=like or args or None))
    if args:
        options["point"] = args
    return numeric.check(primal, generated, generated.wrt, **options)


def rule(pattern: str, *lines: str, **options: Any) -> Callable[[F], F]:
    """Add a derivative rule for a function: `rule("y = mylib.soft(x)", "dx += dy * ...")`. It is checked against the function.
    Above a definition it is a decorator: `@rule("y = soft(x)", "dx += dy * ...")`, which hands the function back as it is.

    Options and errors are those of gradgen.rules.user.register.
    """
    from gradgen.rules.user import decorator_for

    return decorator_for(pattern, *lines, **options)
