"""Which methods of arrays are which operations: `x.sum(axis=0)` is `np.sum(x, axis=0)`.

Never holds methods that change the array.
"""
from __future__ import annotations

from collections.abc import Mapping

METHODS: Mapping[str, str] = {
    "sum": "array_sum", "mean": "mean", "std": "std", "var": "var", "max": "array_max", "min": "array_min", "prod": "array_prod",
    "cumsum": "cumsum", "cumprod": "cumprod", "dot": "dot", "ptp": "ptp", "trace": "trace", "diagonal": "diagonal",
    "reshape": "reshape", "ravel": "ravel", "flatten": "ravel", "transpose": "transpose", "swapaxes": "swapaxes",
    "squeeze": "squeeze", "repeat": "repeat", "take": "take", "copy": "array_copy", "astype": "astype", "clip": "clip",
    "round": "around", "conj": "conjugate", "conjugate": "conjugate", "item": "item", "tolist": "tolist",
    "argmax": "argmax", "argmin": "argmin", "argsort": "argsort", "all": "array_all", "any": "array_any", "nonzero": "nonzero",
    "searchsorted": "searchsorted",
}
