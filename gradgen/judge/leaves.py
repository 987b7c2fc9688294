"""The real numbers inside an argument: found, replaced and matched with a gradient of the same structure.

Never changes the argument: what is rebuilt is new.
"""
from __future__ import annotations

import copy
import dataclasses
import math
from collections.abc import Iterator, Mapping
from typing import Any


class StructureError(ValueError):
    """A gradient has not the structure of what it is the gradient of."""


def is_array(value: object) -> bool:
    """Whether the value is a NumPy array with axes."""
    return type(value).__module__.partition(".")[0] == "numpy" and hasattr(value, "shape") and value.shape != ()


def is_leaf(value: object) -> bool:
    """Whether the value is one real number: a float, or an int that is no bool; NumPy's too."""
    if isinstance(value, bool | str | bytes) or value is None:
        return False
    if isinstance(value, float | int):
        return True
    return getattr(value, "shape", None) == () and getattr(getattr(value, "dtype", None), "kind", "") in "fiuO"


def _children(value: Any) -> list[tuple[str, Any, Any]] | None:
    """(suffix of the name, key, child) for each part of a container; None for what is no container."""
    if isinstance(value, Mapping):
        return [(f"[{key!r}]", key, child) for key, child in value.items()]
    if isinstance(value, tuple) and (names := getattr(value, "_fields", None)) is not None:
        return [(f".{name}", index, child) for index, (name, child) in enumerate(zip(names, value, strict=True))]
    if isinstance(value, list | tuple):
        return [(f"[{index}]", index, child) for index, child in enumerate(value)]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [field for field in dataclasses.fields(value) if field.type not in (int, "int")]
        return [(f".{field.name}", field.name, getattr(value, field.name)) for field in fields]
    return None


def leaves(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """(name, number) of every leaf in order; strings, flags and whatever else holds no real number are passed over.

    >>> dict(leaves({"a": 1.5, "b": [2.0, None]}, "p"))
    {"p['a']": 1.5, "p['b'][0]": 2.0}
    """
    if is_leaf(value):
        yield name, value
    elif is_array(value):
        if value.dtype.kind in "fiuO":
            import numpy as np

            for index in np.ndindex(value.shape):
                yield f"{name}[{', '.join(map(str, index))}]", value[index]
    else:
        for suffix, _, child in _children(value) or ():
            yield from leaves(child, name + suffix)


def rebuild(value: Any, numbers: Iterator[Any]) -> Any:
    """A copy of the structure with its leaves replaced in order.

    >>> rebuild((1.0, [2.0, "m"]), iter([10.0, 20.0]))
    (10.0, [20.0, 'm'])
    """
    if is_leaf(value):
        return next(numbers)
    if is_array(value):
        return _rebuild_array(value, numbers)
    children = _children(value)
    if children is None:
        return value
    parts = [(key, rebuild(child, numbers)) for _, key, child in children]
    if isinstance(value, Mapping):
        return type(value)(parts) if type(value) is not dict else dict(parts)  # type: ignore[call-arg]
    if isinstance(value, tuple):
        items = [part for _, part in parts]
        return type(value)._make(items) if hasattr(value, "_make") else tuple(items)
    if isinstance(value, list):
        return [part for _, part in parts]
    made = copy.copy(value)
    for name, part in parts:
        object.__setattr__(made, name, part)
    return made


def _rebuild_array(value: Any, numbers: Iterator[Any]) -> Any:
    import numpy as np

    if value.dtype.kind not in "fiuO":
        return value.copy()
    items = [next(numbers) for _ in range(value.size)]
    is_exact = value.dtype.kind == "O" or any(hasattr(item, "expr") for item in items)
    are_whole = all(isinstance(item, int | np.integer) for item in items)
    kind = object if is_exact else value.dtype if value.dtype.kind == "f" or are_whole else float
    return np.array(items, dtype=kind).reshape(value.shape)


def matched(gradient: Any, like: Any, name: str) -> Iterator[tuple[str, Any]]:
    """(name, number) of every leaf of a gradient that has the structure of `like`. Raises StructureError where it has not."""
    if is_leaf(like):
        if not is_leaf(gradient):
            raise StructureError(f"the gradient of {name} is {_described(gradient)}, where a number was expected")
        yield name, gradient
    elif is_array(like):
        import numpy as np

        array = np.array(gradient, dtype=object) if like.dtype.kind == "O" else np.asarray(gradient)
        if array.shape != like.shape:
            raise StructureError(f"the gradient of {name} has shape {array.shape}, where {like.shape} was expected")
        for index in np.ndindex(like.shape):
            yield f"{name}[{', '.join(map(str, index))}]", array[index]
    else:
        for suffix, key, child in _children(like) or ():
            if any(True for _ in leaves(child, name)):
                yield from matched(_part(gradient, like, key, name + suffix), child, name + suffix)


def _part(gradient: Any, like: Any, key: Any, name: str) -> Any:
    try:
        if isinstance(like, list | tuple) and not isinstance(gradient, Mapping) and len(gradient) != len(like):
            raise StructureError(f"{name}: {len(gradient)} gradients for {len(like)} numbers")
        if isinstance(like, Mapping | list | tuple):
            return gradient[key]
        return gradient[key] if isinstance(gradient, Mapping) else getattr(gradient, key)
    except (TypeError, LookupError, AttributeError) as problem:
        raise StructureError(f"there is no gradient of {name} in {_described(gradient)}") from problem


def _described(value: object) -> str:
    text = repr(value)
    return f"{type(value).__name__} {text if len(text) <= 60 else text[:57] + '...'}"


def all_finite(value: Any) -> bool:
    """Whether the result holds at least one real number, and none of them is NaN or infinite."""
    numbers = [number for _, number in leaves(value, "")]
    return bool(numbers) and all(math.isfinite(number) for number in numbers)
