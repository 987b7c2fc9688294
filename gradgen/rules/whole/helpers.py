"""The helpers of generated modules that are about arrays, as stand-alone Python text that needs `import numpy as np` above it.

Never runs in gradgen itself.
"""
from __future__ import annotations

from collections.abc import Mapping

ARRAY_HELPERS: Mapping[str, str] = {
    "check_shapes": '''\
def check_shapes(*pairs):
    """Raise TypeError unless each value has the shape written after it: "" for a number; for an array of floats a letter for each
    dimension that is not 1, else 1. A # after them: whole numbers too. "..." for what is no array, "-" for None, "[2]" for two
    in a list, "[]" for a list of numbers, "()" for a tuple of them."""
    for value, dims in zip(pairs[::2], pairs[1::2]):
        shape = getattr(value, "shape", None)
        if shape and 1 not in shape and len(shape) == len(dims) and dims.isalpha() and value.dtype.kind == "f":
            continue
        letters = dims.rstrip("#")
        if dims[:1] in ("[", "(") and isinstance(value, (list, tuple)):
            empty = "()" if isinstance(value, tuple) else "[]"
            if dims == f"[{len(value)}]" or dims == empty and all(isinstance(item, (float, int)) for item in value):
                continue
        if shape is None and (dims == "..." or dims == "-" and value is None or not letters and isinstance(value, (float, int))):
            continue
        if shape is None or dims[:1] in ("[", "(", ".", "-") or [n == 1 for n in shape] != [letter == "1" for letter in letters]:
            raise TypeError(f"this code is for arguments of the shapes {pairs[1::2]}, and one is {shape or type(value).__name__}")
        if letters == dims and letters and value.dtype.kind != "f":
            raise TypeError(f"this code is for arrays of floats, not of {value.dtype}")
''',
    "product": '''\
def product(adjoint, factor):
    """adjoint * factor, and 0 where the adjoint is 0: what has been left out stays 0 where its slope is infinite or NaN."""
    adjoint, factor = np.broadcast_arrays(adjoint, factor)
    return np.multiply(adjoint, factor, out=np.zeros(adjoint.shape, np.result_type(adjoint, factor)), where=adjoint != 0)
''',
    "quotient": '''\
def quotient(adjoint, divisor):
    """adjoint / divisor, and 0 where the adjoint is 0: what has been left out stays 0 where its slope is infinite or NaN."""
    adjoint, divisor = np.broadcast_arrays(adjoint, divisor)
    return np.divide(adjoint, divisor, out=np.zeros(adjoint.shape, np.result_type(adjoint, divisor)), where=adjoint != 0)
''',
    "unbroadcast": '''\
def unbroadcast(adjoint, value):
    """The adjoint of a value that was broadcast: summed over the axes that it lacks, and over those where it has length 1."""
    shape = np.shape(value)
    if np.shape(adjoint) == shape:
        return np.array(adjoint) if shape == () and isinstance(value, np.ndarray) else adjoint
    adjoint = np.asarray(adjoint)
    if adjoint.ndim < len(shape) or adjoint.size < np.size(value):
        adjoint = np.broadcast_to(adjoint, np.broadcast_shapes(adjoint.shape, shape))
    adjoint = adjoint.sum(axis=tuple(range(adjoint.ndim - len(shape))))
    stretched = tuple(i for i, n in enumerate(shape) if n == 1 != adjoint.shape[i])
    return adjoint.sum(axis=stretched, keepdims=True) if stretched else adjoint.copy()
''',
    "unreduce": '''\
def unreduce(adjoint, value, axis=None, keepdims=False):
    """A reduction's adjoint, or its result, back in the shape of the value that was reduced."""
    if not keepdims and np.ndim(adjoint) != np.ndim(value):
        axes = range(np.ndim(value)) if axis is None else axis
        adjoint = np.expand_dims(adjoint, tuple(axes) if np.ndim(axes) or axis is None else axes)
    return np.broadcast_to(adjoint, np.shape(value))
''',
    "placed": '''\
def placed(adjoint, index, shape):
    """The adjoint of value[index] as one of the whole value, where no element is taken twice."""
    whole = np.zeros(shape, np.asarray(adjoint).dtype)
    whole[index] = adjoint
    return whole
''',
    "scattered": '''\
def scattered(adjoint, index, shape):
    """The adjoint of value[index] as one of the whole value: elements taken more than once collect all of theirs."""
    whole = np.zeros(shape, np.asarray(adjoint).dtype)
    np.add.at(whole, index, adjoint)
    return whole
''',
    "all_different": '''\
def all_different(*indices):
    """Whether index arrays name no element twice."""
    places = np.stack([np.ravel(each) for each in np.broadcast_arrays(*indices)])
    return np.unique(places, axis=1).shape[1] == places.shape[1]
''',
    "matmul_left": '''\
def matmul_left(dc, a, b):
    """The adjoint of a in c = a @ b, for any numbers of dimensions."""
    if np.ndim(b) == 1:
        return unbroadcast(np.multiply.outer(dc, b), a)
    if np.ndim(a) == 1:
        return unbroadcast((b @ dc[..., None])[..., 0], a)
    return unbroadcast(dc @ np.swapaxes(b, -1, -2), a)
''',
    "matmul_right": '''\
def matmul_right(dc, a, b):
    """The adjoint of b in c = a @ b, for any numbers of dimensions."""
    if np.ndim(a) == 1:
        return unbroadcast(a[:, None] * dc[..., None, :] if np.ndim(b) > 1 else a * dc, b)
    if np.ndim(b) == 1:
        return unbroadcast((np.swapaxes(a, -1, -2) @ dc[..., None])[..., 0], b)
    return unbroadcast(np.swapaxes(a, -1, -2) @ dc, b)
''',
}
