"""What a live function looks at before anything else: arguments that a text finds too late to be of another kind, or not at all.

Never part of a text.
"""
from __future__ import annotations

import sys
from collections.abc import Mapping

from gradgen.analyse.operators import has_own_operators
from gradgen.analyse.outside import is_of_another_algebra
from gradgen.analyse.values import meets_array
from gradgen.emit.respecialising import First
from gradgen.errors import KindsError
from gradgen.ir.kinds import AnyKind, Kind


def no_array(value: object) -> None:
    """Send an array, or a complex number, to a text of its own."""
    if meets_array(value) or isinstance(value, complex):
        raise KindsError(f"this code is for numbers, not for {type(value).__name__}")


def no_complex(value: object) -> None:
    """Send a complex number to a text of its own."""
    if isinstance(value, complex):
        raise KindsError(f"this code is for real numbers, not for {type(value).__name__}")


def first_of_arrays(kinds: Mapping[str, AnyKind]) -> First | None:
    """The look at the arguments that a text takes for arrays, where any is one."""
    names = frozenset(name for name, kind in kinds.items() if isinstance(kind, Kind) and kind.shape and kind.dtype != "object")
    numpy = sys.modules.get("numpy")
    return None if numpy is None or not names else First(_array_alone, numpy.ndarray, names)


def _array_alone(value: object) -> None:
    """Send on what is no array, and what has operators of its own: a matrix, a masked array, an array of another library."""
    is_other = is_of_another_algebra(value) or has_own_operators(type(value)) and not hasattr(value, "tocsr")
    if not hasattr(value, "shape") or is_other:
        raise KindsError(f"this code is for arrays, not for {type(value).__name__}")
