"""The index sets of sums of products that are written in one call: convolutions, correlations and einsum.

Never follows a set through anything else.
"""
from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from gradgen.sparse.tracing import NOTHING, Untraceable, holds_traced, plain, sets_of, wrapped

MOST_PRODUCTS = 2_000_000
"""The most products of elements that are looked at one by one."""


def convolved(a: Any, v: Any, mode: Any = "full") -> Any:
    """`np.convolve`: elements whose places add up."""
    value = np.convolve(plain(a), plain(v), mode)
    if not holds_traced([a, v]):
        return value
    left, right, (n, m) = _factor(a), _factor(v), _sizes(a, v)
    sets = [NOTHING] * (n + m - 1)
    for (i, first), (j, second) in itertools.product(left, right):
        sets[i + j] = sets[i + j] | first | second
    start = {"full": 0, "same": (min(n, m) - 1) // 2, "valid": min(n, m) - 1}[mode]
    return wrapped(value, _array_of(sets[start : start + value.size], value.shape))


def correlated(a: Any, v: Any, mode: Any = "valid") -> Any:
    """`np.correlate`: a convolution with what is turned round."""
    value = np.correlate(plain(a), plain(v), mode)
    if not holds_traced([a, v]):
        return value
    n, m = _sizes(a, v)
    return wrapped(value, (convolved(a, v[::-1], mode) if n >= m else correlated(v, a, mode)[::-1]).sets)


def _sizes(a: Any, v: Any) -> tuple[int, int]:
    return int(np.size(plain(a))), int(np.size(plain(v)))


def summed(spec: Any, *operands: Any, **keywords: Any) -> Any:
    """`np.einsum` of a text: each sum depends on all that it takes."""
    if not holds_traced(operands):
        return np.einsum(spec, *map(plain, operands), **keywords)
    if not isinstance(spec, str) or "." in spec or keywords.keys() - {"optimize"}:
        raise Untraceable("einsum in this form")
    inputs, _, output = spec.replace(" ", "").partition("->")
    terms = inputs.split(",")
    if "->" not in spec:
        output = "".join(sorted(letter for letter in set(inputs) - {","} if inputs.count(letter) == 1))
    value = np.einsum(spec, *map(plain, operands))
    sizes = {letter: size for term, each in zip(terms, operands, strict=True)
             for letter, size in zip(term, np.shape(plain(each)), strict=True)}
    if math.prod(sizes.values()) > MOST_PRODUCTS:
        raise Untraceable("einsum of so many products")
    letters = [letter for letter in sizes if letter not in output]
    sets = np.empty(np.shape(value), object)
    parts = [(term, sets_of(each), np.asarray(plain(each))) for term, each in zip(terms, operands, strict=True)]
    for place in np.ndindex(sets.shape):
        found = NOTHING
        at = dict(zip(output, place, strict=True))
        for rest in itertools.product(*(range(sizes[letter]) for letter in letters)):
            at.update(zip(letters, rest, strict=True))
            places = [tuple(at[letter] for letter in term) for term, *_ in parts]
            taken = [(held[where], values[where]) for where, (_, held, values) in zip(places, parts, strict=True)]
            if all(held or number != 0 for held, number in taken):
                found = found.union(*(held for held, _ in taken))
        sets[place] = found
    return wrapped(value, sets)


def _factor(x: Any) -> list[tuple[int, frozenset[int]]]:
    """The elements of a factor by their places, but for constants that are 0, which pass nothing on."""
    values, sets = np.ravel(plain(x)), np.ravel(sets_of(x))
    return [(place, held) for place, held in enumerate(sets) if held or values[place] != 0]


def _array_of(sets: list[frozenset[int]], shape: tuple[int, ...]) -> Any:
    found = np.empty(len(sets), object)
    for place, held in enumerate(sets):
        found[place] = held
    return found.reshape(shape)
