"""The helpers of generated modules that are about arrays, as stand-alone Python text that needs `import numpy as np` above it.

Never runs in gradgen itself.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping

CHECK_OF_FLOATS = "check_shapes, of numbers and arrays of floats"
CHECK_OF_ARRAYS = "check_shapes, of numbers and arrays"
CHECKS_OF_SHAPES = (CHECK_OF_FLOATS, CHECK_OF_ARRAYS, "check_shapes")
"""The variants of `check_shapes`; each can say what the ones before it can."""


def check_for(kinds: Iterable[str]) -> str:
    """The shortest variant of `check_shapes` that knows these kinds."""
    known = [kind.rstrip("#") for kind in kinds]
    if not all(kind.isalnum() or not kind for kind in known):
        return "check_shapes"
    return CHECK_OF_FLOATS if all(kind.isalpha() or not kind for kind in kinds) else CHECK_OF_ARRAYS


ARRAY_HELPERS: Mapping[str, str] = {
    CHECK_OF_FLOATS: '''\
def check_shapes(*pairs):
    """Raise TypeError unless each value is what the text beside it says: "" a number, "ij" an array of floats of two dimensions,
    none of them 1."""
    for value, kind in pairs:
        if not kind and isinstance(value, (float, int)):
            continue
        shape = getattr(value, "shape", None)
        if shape is None or len(shape) != len(kind) or 1 in shape or value.dtype.kind not in ("f" if kind else "fiub"):
            found = f"an array of {value.dtype} of the shape {shape}" if hasattr(value, "dtype") else type(value).__name__
            raise TypeError(f"this code is for {[kind for _, kind in pairs]}: {found} is no {kind!r}")
''',
    CHECK_OF_ARRAYS: '''\
def check_shapes(*pairs):
    """Raise TypeError unless each value is what the text beside it says: "" a number, "ij" an array of floats of two dimensions,
    none of them 1, "i1" one whose second is 1, "i#" one of whole numbers too."""
    for value, kind in pairs:
        if not kind and isinstance(value, (float, int)):
            continue
        shape, dims = getattr(value, "shape", None), kind.rstrip("#")
        fits = shape is not None and len(shape) == len(dims) and 1 not in shape
        if "1" in dims and shape is not None:
            fits = [n == 1 for n in shape] == [letter == "1" for letter in dims]
        if not fits or value.dtype.kind not in ("f" if kind.isalnum() else "fiub"):
            found = f"an array of {value.dtype} of the shape {shape}" if hasattr(value, "dtype") else type(value).__name__
            raise TypeError(f"this code is for {[kind for _, kind in pairs]}: {found} is no {kind!r}")
''',
    "check_shapes": '''\
def check_shapes(*pairs):
    """Raise TypeError unless each value is what the text beside it says: "" a number, "ij" an array of floats of two dimensions,
    none of them 1, "i1" one whose second is 1, "i#" one of whole numbers too, "[2]" a list of two, "[]" or "()" one of
    numbers, "-" None, "..." no array."""
    for value, kind in pairs:
        shape = getattr(value, "shape", None)
        if shape and 1 not in shape and len(shape) == len(kind) and kind.isalpha() and value.dtype.kind == "f":
            continue
        if isinstance(value, (list, tuple)):
            empty = "()" if isinstance(value, tuple) else "[]"
            fits = kind in ("...", f"[{len(value)}]") or kind == empty and all(isinstance(item, (float, int)) for item in value)
        elif shape is None:
            fits = kind == "..." or kind == "-" and value is None or kind == "" and isinstance(value, (float, int))
        else:
            dims = kind.rstrip("#")
            fits = [n == 1 for n in shape] == [letter == "1" for letter in dims] and (dims.isalnum() or not dims)
            fits = fits and value.dtype.kind in ("f" if kind.isalnum() else "fiub")
        if not fits:
            found = type(value).__name__ if shape is None else f"an array of {value.dtype} of the shape {shape}"
            raise TypeError(f"this code is for {[kind for _, kind in pairs]}: {found} is no {kind!r}")
''',
    "in_dtypes": '''\
def in_dtypes(value, adjoint):
    """The adjoint or tangent of a value in the dtype that this has, or those that the arrays have which it holds."""
    if isinstance(adjoint, dict):
        return {key: in_dtypes(value[key], part) for key, part in adjoint.items()}
    if isinstance(adjoint, (list, tuple)):
        parts = [in_dtypes(item, part) for item, part in zip(value, adjoint)]
        return type(adjoint)(*parts) if hasattr(adjoint, "_fields") else type(adjoint)(parts)
    if isinstance(adjoint, (np.ndarray, np.generic)):
        return adjoint.astype(getattr(value, "dtype", float), copy=False)
    for name, part in vars(adjoint).items() if hasattr(adjoint, "__dict__") else ():
        object.__setattr__(adjoint, name, in_dtypes(getattr(value, name), part))
    return adjoint
''',
    "check_complex": '''\
def check_complex(*pairs):
    """Raise TypeError unless each value is what the text beside it says: "" a complex number, "ij" an array of complex numbers of
    two dimensions, none of them 1, "i1" one whose second is 1."""
    for value, dims in pairs:
        shape = getattr(value, "shape", ())
        is_complex = isinstance(value, complex) or getattr(getattr(value, "dtype", None), "kind", "") == "c"
        if not is_complex or [n == 1 for n in shape] != [letter == "1" for letter in dims]:
            raise TypeError(f"this code is for complex numbers {[dims for _, dims in pairs]}: {value!r} is no {dims!r}")
''',
    "check_fields": '''\
def check_fields(value, *names):
    """Raise TypeError unless a value is a tuple whose elements have these names, in this order."""
    if getattr(value, "_fields", None) != names:
        raise TypeError(f"this code is for a tuple of {names}, not for {value!r}")
''',
    "check_held": '''\
def check_held(value, *names):
    """Raise TypeError where an object in a value has one of these names from its class: only what it holds has a tangent."""
    fields = getattr(value, "__dataclass_fields__", {}).values()
    fields = getattr(value, "_fields", None) or [each.name for each in fields if each.init and "ClassVar" not in str(each.type)]
    if not fields:
        fields = {**getattr(value, "__dict__", {}), **dict.fromkeys(getattr(value, "__slots__", ()))}
    if isinstance(value, (list, tuple, dict)) and not hasattr(value, "_fields"):
        parts = value.values() if isinstance(value, dict) else value
    else:
        parts = [getattr(value, name) for name in fields]
    for name in names:
        if fields and name not in fields and hasattr(value, name):
            raise TypeError(f"{type(value).__name__}.{name} is none of its fields, {', '.join(fields)}: it has no tangent here")
    for part in parts:
        check_held(part, *names)
''',
    "check_real": '''\
def check_real(*values):
    """Raise TypeError where a value holds a complex number or an array of them, however deep in lists and dicts."""
    for value in values:
        if isinstance(value, (list, tuple)):
            check_real(*value)
        elif isinstance(value, dict):
            check_real(*value.values())
        elif isinstance(value, complex) or getattr(getattr(value, "dtype", None), "kind", "") == "c":
            raise TypeError(f"this code is for real numbers, not for {type(value).__name__}")
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
    shape = getattr(value, "shape", None)
    if shape and shape == getattr(adjoint, "shape", None):
        return adjoint
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
    """Whether indices name no element twice: arrays may, slices do not."""
    parts = [part for each in indices for part in (each if isinstance(each, tuple) else (each,))]
    parts = [part for part in parts if not isinstance(part, slice) and part is not None and part is not ...]
    parts = [place for part in parts for place in (np.nonzero(part) if np.asarray(part).dtype == bool else (part,))]
    if not parts:
        return True
    places = np.stack([np.ravel(each) for each in np.broadcast_arrays(*parts)])
    return np.unique(places, axis=1).shape[1] == places.shape[1]
''',
    "matmul_left": '''\
def matmul_left(dc, a, b):
    """The adjoint of a in c = a @ b, for any numbers of dimensions; b may be a sparse matrix."""
    if hasattr(b, "tocsr"):
        return dc @ b.T
    if np.ndim(b) == 1:
        return unbroadcast(np.multiply.outer(dc, b), a)
    if np.ndim(a) == 1:
        return unbroadcast((b @ dc[..., None])[..., 0], a)
    return unbroadcast(dc @ np.swapaxes(b, -1, -2), a)
''',
    "matmul_right": '''\
def matmul_right(dc, a, b):
    """The adjoint of b in c = a @ b, for any numbers of dimensions; a may be a sparse matrix."""
    if hasattr(a, "tocsr"):
        return a.T @ dc
    if np.ndim(a) == 1:
        return unbroadcast(a[:, None] * dc[..., None, :] if np.ndim(b) > 1 else a * dc, b)
    if np.ndim(b) == 1:
        return unbroadcast((np.swapaxes(a, -1, -2) @ dc[..., None])[..., 0], b)
    return unbroadcast(np.swapaxes(a, -1, -2) @ dc, b)
''',
    "of_floats": '''\
def of_floats(adjoint, value):
    """The adjoint or tangent of an array of floats; TypeError where np.vectorize took another type from its first entry."""
    if value.dtype.kind != "f":
        raise TypeError(f"np.vectorize cut its results off to {value.dtype}: give otypes=[float]")
    return adjoint
''',
    "root_adjoint": '''\
def root_adjoint(row, dx):
    """The adjoint of a residual at its root, given that of the root; row(w) is w @ J, J being the residual's slope there."""
    return -np.linalg.solve(np.array([row(unit) for unit in np.eye(len(dx))]).T, dx)
''',
    "adjoint_at_root": '''\
def adjoint_at_root(row, dx, residual, x, where):
    """root_adjoint, where x is a root: NonDifferentiableError where a step of Newton's would lead elsewhere."""
    adjoint = root_adjoint(row, dx)
    if not abs(adjoint @ np.asarray(residual)) <= 1e-4 * (np.abs(dx) @ np.abs(x)) + 1e-8 * np.sum(np.abs(dx)):
        raise NonDifferentiableError(f"{where}GG112: the solver has not come close to a root")
    return adjoint
''',
    "tangent_at_root": '''\
def tangent_at_root(column, moved, residual, x, where):
    """root_tangent, where x is a root: NonDifferentiableError where a step of Newton's would lead elsewhere."""
    step = root_tangent(column, np.asarray(residual))
    if not np.max(np.abs(step)) <= 1e-4 * np.max(np.abs(x)) + 1e-8:
        raise NonDifferentiableError(f"{where}GG112: the solver has not come close to a root")
    return root_tangent(column, moved)
''',
    "slope_at_root": '''\
def slope_at_root(slope, residual, x, where):
    """The slope of a residual at its root x: NonDifferentiableError where the residual tells that x is none."""
    if not abs(residual) <= abs(slope) * (1e-4 * abs(x) + 1e-8):
        raise NonDifferentiableError(f"{where}GG112: the solver has not come close to a root")
    return slope
''',
    "root_tangent": '''\
def root_tangent(column, moved):
    """The tangent of a root, given that of the residual; column(v) is J @ v, J being the residual's slope at the root."""
    return -np.linalg.solve(np.array([column(unit) for unit in np.eye(len(moved))]).T, moved)
''',
}
