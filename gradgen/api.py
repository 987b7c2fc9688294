"""The public transforms: what is asked of each, in one place.

Never works on programs itself; the pipeline does. The decorator is in decorated.py, the judges are asked in examined.py.
"""
from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol, TypeVar

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


class Decorated:
    """What the transforms see of a decorated function: the function, and what the decorator was asked for."""

    __wrapped__: Callable[..., Any]
    asked_wrt: Wrt
    asked_checkpoint: int | None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.__wrapped__(*args, **kwargs)


def _wrt_of(fn: Callable[..., Any], wrt: Wrt) -> Wrt:
    """What a derivative is by: as asked, or else as the decorator was asked."""
    return fn.asked_wrt if wrt is None and isinstance(fn, Decorated) else wrt


def primal_of(fn: Callable[..., Any]) -> Callable[..., Any]:
    """The function itself, where it is decorated."""
    return fn.__wrapped__ if isinstance(fn, Decorated) else fn


def _make(mode: str, fn: Callable[..., Any] | None, wrt: Wrt, like: Sequence[Any] | None, **options: Any) -> Any:
    if fn is None:
        return functools.partial(globals()[mode], wrt=wrt, like=like, **options)
    from gradgen import direct, pickled

    most = options.get("checkpoint")
    if most is not None and (type(most) is not int or most < 1):
        raise ValueError(f"checkpoint= is how many states a loop may keep: a whole number from 1 on, not {most!r}")
    wrt = _wrt_of(fn, wrt)
    if isinstance(fn, Decorated):
        options |= {"checkpoint": fn.asked_checkpoint} if "checkpoint" in options and most is None else {}
    primal = primal_of(fn)
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
    from gradgen import compose, direct

    def make(fn: Callable[..., Any], wrt: Any, like: Sequence[Any] | None = None) -> Any:
        return compose.nth(fn, order, wrt, optimize, like)

    return direct.by_forms("nth", primal_of(fn), _wrt_of(fn, wrt), make, like)


def _sparse(what: str, fn: Callable[..., Any] | None, wrt: Wrt, **options: Any) -> Any:
    if fn is None:
        return functools.partial(_sparse, what, wrt=wrt, **options)
    from gradgen import compose

    return compose.sparse(what, primal_of(fn), _wrt_of(fn, wrt), **options)


def _composed(what: str, fn: Callable[..., Any] | None, wrt: Wrt, **options: Any) -> Any:
    if fn is None:
        return functools.partial(globals()[what], wrt=wrt, **options)
    from gradgen import compose, direct, matrices

    like = options.pop("like")
    make = functools.partial(getattr(matrices if what in ("hessian", "jacobian") else compose, what), **options)
    return direct.by_forms(what, primal_of(fn), _wrt_of(fn, wrt), make, like)


def rule(pattern: str, *lines: str, **options: Any) -> Callable[[F], F]:
    """Add a derivative rule for a function: `rule("y = mylib.soft(x)", "dx += dy * ...")`. It is checked against the function.
    Above a definition it is a decorator: `@rule("y = soft(x)", "dx += dy * ...")`, which hands the function back as it is.

    Options and errors are those of gradgen.rules.user.register.
    """
    from gradgen.rules.user import decorator_for

    return decorator_for(pattern, *lines, **options)
