"""Numbers, arrays and containers of them as one flat vector, and back: what the optimisers of SciPy work on.

Never knows what the values are for.
"""
from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


def flatten(values: Any) -> np.ndarray[Any, Any]:
    """All numbers of a number, an array, or a list, tuple, dict, dataclass or namespace of such, in order, as a vector of floats.

    >>> flatten((1.5, {"b": [2.0, 3.0]})).tolist()
    [1.5, 2.0, 3.0]
    """
    import numpy as np

    parts = [np.ravel(np.asarray(part, dtype=float)) for part in _parts(values)]
    return np.concatenate(parts) if parts else np.zeros(0)


def unflatten(vector: Any, like: Any) -> Any:
    """The numbers of a flat vector in the structure of `like`: new arrays of its shapes, its containers, floats for its numbers.

    Raises ValueError where the vector has not as many numbers as `like`.

    >>> unflatten([4.0, 5.0, 6.0], like=(1.5, {"b": [2.0, 3.0]}))
    (4.0, {'b': [5.0, 6.0]})
    """
    import numpy as np

    numbers = np.array(vector, dtype=float)
    count = sum(np.size(part) for part in _parts(like))
    if numbers.shape != (count,):
        raise ValueError(f"a vector of {count} numbers was expected, not an array of the shape {numbers.shape}")
    taken = 0

    def rebuilt(value: Any) -> Any:
        nonlocal taken
        children = _children(value)
        if children is None:
            start, taken = taken, taken + np.size(value)
            shape = np.shape(value)
            return numbers[start:taken].reshape(shape) if shape else float(numbers[start])
        parts = {key: rebuilt(child) for key, child in children.items()}
        match value:
            case Mapping():
                return parts
            case tuple() if hasattr(value, "_make"):
                return value._make(parts.values())
            case list() | tuple():
                return type(value)(parts.values())
        return type(value)(**parts)

    return rebuilt(like)


def _parts(value: Any) -> Iterator[Any]:
    """The numbers and arrays of a value, in order."""
    children = _children(value)
    if children is None:
        yield value
        return
    for child in children.values():
        yield from _parts(child)


def _children(value: Any) -> dict[Any, Any] | None:
    """What a container holds; None for a number or an array."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, list | tuple):
        return dict(enumerate(value))
    if isinstance(value, types.SimpleNamespace):
        return dict(vars(value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
    return None
