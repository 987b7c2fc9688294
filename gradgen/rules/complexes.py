"""Which operations have rows that hold for complex values too, and how.

Never holds a row. The adjoint of a complex value z is df/dRe z + i df/dIm z, so that f moves by the real part of its conjugate
times dz; docs/decisions/0050 says what follows.
"""
from __future__ import annotations

CONJUGATED = frozenset({
    # elementwise
    "add", "sub", "mul", "div", "neg", "pos", "pow", "square", "reciprocal", "sqrt", "exp", "exp2", "expm1", "log", "log2",
    "log10", "log1p", "sin", "cos", "tan", "sinh", "cosh", "tanh", "where",
    "lambertw",
    # products and sums
    "matmul", "dot", "outer", "inner", "kron", "tensordot", "einsum", "trace", "array_sum", "mean", "cumsum", "diff",
    # rearrangements and copies
    "transpose", "matrix_transpose", "swapaxes", "moveaxis", "rollaxis", "reshape", "ravel", "flatten", "squeeze", "expand_dims",
    "broadcast_to", "concatenate", "stack", "vstack", "hstack", "flip", "fliplr", "flipud", "roll", "rot90", "repeat", "tile",
    "diag", "diagonal", "tril", "triu", "atleast_1d", "atleast_2d", "array_copy", "array", "asarray", "contiguous", "astype",
    "delete", "append", "full", "full_like",
    "asin", "acos", "atan", "atanh", "asinh", "acosh",
    "array_prod", "product_of_others", "cumprod", "cumprod_adjoint", "quotient", "product", "nansum", "average",
    "linspace", "meshgrid", "outer_left", "block_row", "block_column",
    "stacked_trace", "stacked_diagonal", "matmul_left", "matmul_right", "polyder", "expm_frechet",
    "take", "take_along_axis", "compress", "extract", "select", "choose", "pad", "insert", "column_stack", "dstack",
    "split", "array_split", "hsplit", "vsplit", "dsplit", "unstack", "broadcast_arrays", "block_diag",
    "trapezoid", "cumulative_trapezoid", "gradient", "ediff1d", "cross", "matvec", "multi_dot", "vander", "polyval",
    "inv", "solve", "det", "matrix_power", "expm", "solve_triangular", "solve_sylvester",
    # helpers of generated code
    "unbroadcast", "unreduce", "placed", "scattered", "gathered", "inside", "resized", "complex_tangent", "complex_seed",
})
"""Analytic, and real for real operands: their rows hold once every operand and result in them is conjugated."""

AS_WRITTEN = frozenset({
    "abs", "real", "imag", "angle", "conjugate", "vdot", "norm", "fft", "ifft", "rfft", "irfft", "hfft", "ihfft", "fft2", "ifft2",
    "rfft2", "irfft2", "fftn", "ifftn", "rfftn", "irfftn", "fftshift", "ifftshift", "irfft_adjoint",
    "convolve", "correlate", "vecdot", "var", "std",
    "slogdet", "cholesky", "dense_cholesky", "eigh", "eigvalsh", "svd", "svdvals", "pinv", "eig", "eigvals", "qr", "dense_qr",
    "cond", "matrix_norm", "vector_norm", "phases", "lower_hermitian", "upper_hermitian",
})
"""These have rows of their own for complex values, and lines of their own in forward mode unless they are linear."""

COMPLEX_RESULTS = frozenset({"lambertw"})
"""What is complex of real operands."""

WIDENED = frozenset({
    "append", "average", "block_diag", "block_column", "block_row", "choose", "convolve", "correlate", "cross",
    "cumulative_trapezoid", "diff", "expm_frechet", "linspace", "matmul_left", "matmul_right", "matvec", "outer_left", "polyder",
    "polyval", "product", "quotient", "select", "solve_sylvester", "trapezoid",
})
"""These are complex where any of their operands is, whichever tells the shape."""

REAL_RESULTS = frozenset({"abs", "real", "imag", "angle"})
"""What is real of complex operands."""
