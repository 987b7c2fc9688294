"""Which operations on arrays use some elements and leave others out, and which slopes stay within bounds.

Never says which elements: running values tell.
"""
from __future__ import annotations

from collections.abc import Mapping

NOT = 0
IN_ROWS = 1  # one element of each row: what a row shares is not selected
BY_SIZE = 2
BY_HAND = 3

SELECTING: Mapping[str, int] = {
    **dict.fromkeys(
        "maximum minimum clip array_max array_min median quantile percentile partition take diag diagonal trace "
        "triu tril delete".split(),
        BY_SIZE,
    ),
    **dict.fromkeys(
        "where fmax fmin nan_to_num select choose compress extract piecewise nansum nanmean nanprod nanstd nanvar nanmax nanmin "
        "nanmedian nanquantile nanpercentile nancumsum nancumprod".split(),
        BY_HAND,
    ),
}
"""How an operation leaves elements out: by their size or place, or because the author says which ones do not count, as with
`where`; these may well be infinite or NaN."""

MIXING = frozenset({"matmul", "dot", "inner", "outer", "vdot", "einsum", "tensordot", "solve", "inv", "convolve", "correlate"})
"""Operations whose results each come from many elements: an adjoint that is 0 in places is 0 in none behind them."""

BOUNDED = frozenset({
    "add", "sub", "mul", "neg", "pos", "sin", "cos", "tanh", "sign", "abs", "square", "maximum", "minimum", "clip", "where",
    "expit", "array_sum", "mean", "matmul", "asarray", "array", "reshape", "transpose", "contiguous",
    "array_copy", "ifexp", "atan", "erf",
    "outer", "cross", "dot", "inner",
})
"""Operations whose values are finite for finite operands, but for the largest of all."""
