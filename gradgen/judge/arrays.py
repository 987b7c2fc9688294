"""NumPy's arrays of exact numbers: made, mapped over, and handed to those functions of NumPy that work on any objects.

Never lets NumPy turn an exact number into a float.
"""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

# Functions of NumPy that only add, multiply, compare, order or move what is in an array.
GENERIC = (
    "sum prod mean dot matmul inner outer vdot tensordot trace einsum cumsum cumprod diff max min amax amin ptp any all argmax "
    "argmin argsort sort searchsorted count_nonzero concatenate stack hstack vstack column_stack reshape ravel transpose "
    "swapaxes moveaxis squeeze expand_dims broadcast_to diagonal diag flip fliplr flipud roll repeat tile append delete insert "
    "atleast_1d atleast_2d polyval shape size ndim copy triu tril take unique cross kron average trapezoid"
).split()
Convert = Callable[[Any], Any]


def is_array(value: object) -> bool:
    """Whether the value is a NumPy array with axes."""
    return type(value).__module__ == "numpy" and getattr(value, "shape", ()) != ()


def elementwise(function: Callable[..., Any], *arguments: Any) -> Any:
    """The function of each element, arguments broadcast; an array of bools where all results are, else one of objects."""
    import numpy as np

    arrays = np.broadcast_arrays(*(boxed(argument) for argument in arguments))
    found = np.empty(arrays[0].shape, dtype=object)
    for index in np.ndindex(found.shape):
        found[index] = function(*(array[index] for array in arrays))
    if found.shape == ():
        return found.item()
    return found.astype(bool) if all(isinstance(item, bool) for item in found.flat) else found


def boxed(value: Any) -> Any:
    """The value as an array of objects; NumPy would make floats of exact numbers otherwise."""
    import numpy as np

    return value if is_array(value) else np.array(value, dtype=object)


def with_array(op: Callable[[Any, Any], Any], number: Any, other: object, *, swapped: bool = False) -> Any:
    """`number op other` (swapped: `other op number`) where the other is an array; NotImplemented where it is none."""
    if not is_array(other):
        return NotImplemented
    return elementwise((lambda one: op(one, number)) if swapped else (lambda one: op(number, one)), other)


def lifted(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of numbers made one of arrays and lists too."""

    @functools.wraps(function)
    def over(*arguments: Any, **options: Any) -> Any:
        if any(is_array(argument) or isinstance(argument, list | tuple) for argument in arguments):
            return elementwise(functools.partial(function, **options), *arguments)
        return function(*arguments, **options)

    return over


def exact_array(value: Any, exact: Convert) -> Any:
    """An array of exact numbers of an array or nested lists; ints and flags stay as they are, a single number a number."""
    import numpy as np

    array = boxed(value)
    if array.shape == ():
        return exact(array.item())
    if all(isinstance(item, bool | int | np.integer | np.bool_) for item in array.flat):
        return np.array(value)
    return elementwise(exact, array)


def array_functions(exact: Convert) -> dict[str, Callable[..., Any]]:
    """NumPy's functions that make arrays, and the generic ones, for exact numbers."""
    import numpy as np

    def filled(shape: Any, value: Any) -> Any:
        made = np.empty(shape, dtype=object)
        if is_array(value):
            made[...] = value
        else:
            made.fill(exact(value))
        return made

    def generic(name: str) -> Callable[..., Any]:
        real = getattr(np, name)

        def call(*arguments: Any, **options: Any) -> Any:
            found = real(*(_argument(argument) for argument in arguments), **options)
            is_boxed = getattr(getattr(found, "dtype", None), "kind", "") == "O" and found.shape == ()
            return found.item() if is_boxed else found

        return call

    def linspace(start: Any, stop: Any, num: int = 50) -> Any:
        return exact_array([exact(start) + (exact(stop) - exact(start)) * k / (num - 1) for k in range(num)], exact)

    def standard_deviation(x: Any, axis: Any = None) -> Any:
        spread = boxed(x) - boxed(np.mean(boxed(x), axis=axis, keepdims=True))
        return elementwise(lambda variance: variance ** (exact(1) / 2), np.mean(spread**2, axis=axis))

    makers: dict[str, Callable[..., Any]] = {
        **{name: (lambda x, *_, **__: exact_array(x, exact)) for name in ("array", "asarray", "asanyarray")},
        "zeros": lambda shape, *_, **__: filled(shape, 0), "ones": lambda shape, *_, **__: filled(shape, 1),
        "empty": lambda shape, *_, **__: filled(shape, 0), "full": lambda shape, value, *_, **__: filled(shape, value),
        "zeros_like": lambda x, *_, **__: filled(np.shape(x), 0), "ones_like": lambda x, *_, **__: filled(np.shape(x), 1),
        "empty_like": lambda x, *_, **__: filled(np.shape(x), 0),
        "full_like": lambda x, value, *_, **__: filled(np.shape(x), value),
        "eye": lambda n, *_, **__: exact_array(np.eye(n), exact), "identity": lambda n, *_: exact_array(np.eye(n), exact),
        "arange": lambda *bounds, **_: exact_array(np.arange(*map(_plain, bounds)), exact),
        "linspace": linspace, "std": standard_deviation,
    }  # fmt: skip
    return {**{name: generic(name) for name in GENERIC if hasattr(np, name)}, **makers}


def _argument(value: Any) -> Any:
    """Exact numbers, and lists of them, boxed for NumPy; shapes, axes and arrays as they are."""
    if hasattr(value, "expr"):
        return boxed(value)
    if isinstance(value, list | tuple) and any(hasattr(item, "expr") for item in value):
        return boxed(value)
    if isinstance(value, list | tuple) and any(is_array(item) for item in value):
        return [_argument(item) for item in value]
    return value


def _plain(bound: Any) -> Any:
    """The double or the int."""
    return getattr(bound, "double", bound)
