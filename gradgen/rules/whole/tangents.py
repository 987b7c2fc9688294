"""What operations on whole arrays do in forward mode: those linear in an operand are applied to its tangent as they are.

Never holds a derivative that is no transpose of the row beside it: the tests hold each against its row.
"""
from __future__ import annotations

from collections.abc import Mapping

from gradgen.rules.whole import integration, padding, signals, structured

LINEAR: Mapping[str, str] = {
    # products: linear in each factor
    "matmul": "a b", "dot": "a b", "outer": "a b", "inner": "a b", "vdot": "a b", "kron": "a b", "tensordot": "a b",
    "cross": "a b", "vecdot": "a b", "khatri_rao": "a b", "einsum": "xs", "matmul_left": "dc b", "matmul_right": "dc a",
    # sums
    "array_sum": "x", "mean": "x", "cumsum": "x", "trace": "x", "diff": "x", "ediff1d": "x", "gradient": "x", "trapezoid": "f",
    # rearrangements
    "matrix_transpose": "x", "flatten": "x", "rollaxis": "x", "diagflat": "x", "pad": "x",
    "transpose": "x", "reshape": "x", "ravel": "x", "swapaxes": "x", "moveaxis": "x", "squeeze": "x", "expand_dims": "x",
    "broadcast_to": "x", "flip": "x", "fliplr": "x", "flipud": "x", "roll": "x", "rot90": "x", "repeat": "x", "tile": "x",
    "diag": "x", "diagonal": "x", "tril": "x", "triu": "x", "atleast_1d": "x", "atleast_2d": "x",
    "concatenate": "xs", "stack": "xs", "vstack": "xs", "hstack": "xs", "dstack": "xs", "column_stack": "xs", "atleast_3d": "x",
    "split": "x", "array_split": "x", "vsplit": "x", "hsplit": "x", "dsplit": "x", "unstack": "x", "tolist": "x",
    "joined_row": "xs", "joined_columns": "xs", "block_row": "xs", "block_column": "xs", "outer_left": "x", "choose": "xs",
    "item": "x", "stacked_trace": "x", "stacked_diagonal": "x",
    # elements picked by places that do not vary
    "take": "x", "take_along_axis": "x", "compress": "x", "extract": "x",
    **padding.LINEAR, **signals.LINEAR, **integration.LINEAR, **structured.LINEAR,
    # complex numbers, and transforms
    "real": "x", "imag": "x", "conjugate": "x",
    **dict.fromkeys((
        "fft", "ifft", "rfft", "irfft", "hfft", "ihfft", "fft2", "ifft2", "fftn", "ifftn", "rfft2", "rfftn", "irfft2", "irfftn",
        "fftshift", "ifftshift", "dct", "idct", "dst", "idst", "dctn", "idctn", "dstn", "idstn",
    ), "x"),
    # copies
    "array_copy": "x", "asarray": "x", "viewed": "x", "require": "x",
    "contiguous": "x", "array": "x", "astype": "x", "full": "x", "full_like": "x",
    # helpers of generated code
    "quantiles_adjoint": "adjoint", "running_adjoint": "adjoint",
    "unbroadcast": "adjoint", "one_slope": "adjoint", "own_slopes": "inner",
    "unreduce": "adjoint", "scattered": "adjoint", "checked_tangent": "tangent", "checked_seed": "seed",
    "complex_tangent": "tangent", "complex_seed": "seed",
    "resized": "adjoint", "ends_scaled": "x", "irfft_adjoint": "adjoint",
    "gathered": "adjoint", "inside": "padded", "placed": "adjoint", "scattered_along": "adjoint",
    "spread_between": "adjoint", "sums_between": "x", "diagonal_adjoint": "values",
    "collected": "adjoint", "in_full": "adjoint", "pairs_back": "adjoint", "pair_gaps": "points",
    "on_diagonal": "values", "gradient_adjoint": "values", "lower_part": "values", "upper_part": "values",
    "phases": "turned", "lower_hermitian": "adjoint", "upper_hermitian": "adjoint",
}
"""By operation: the operands in each of which it is linear, the others held."""

NUMBERS_LEFT_OUT = frozenset({
    "out", "where", "subok", "initial", "prepend", "append", "to_end", "to_begin", "mode", "constant_values", "returned",
})
"""Operands with which an operation is not linear, or not a function of its other operands alone."""

BY_MEMORY = frozenset({"reshape", "ravel", "flatten"})
"""Operations that read elements as they lie in memory where their `order` says so: a tangent need not lie as its value does."""

OF_PLACES = ("C", "F")
"""The orders that are told by the places of elements alone."""
