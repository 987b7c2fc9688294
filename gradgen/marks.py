"""What a user writes inside of a function to steer its derivative; the plain call runs it as what it is.

Never derives anything: the reading of a program looks for these names.
"""
from __future__ import annotations

import sys
import types
from typing import TypeVar

T = TypeVar("T")


def stop_gradient(value: T) -> T:
    """The value itself; a derivative takes it for a constant."""
    return value


class adjoint_of:
    """`with adjoint_of(x) as dx:` puts the statements below it into the backward part, where dx is the adjoint of x.

    There dx may be looked at, clipped or bound to something else: `dx = max(-1.0, min(1.0, dx))`. The plain call runs the
    statements too, with a dx of zeros; the forward part of generated code leaves them out.
    """

    def __init__(self, value: object) -> None:
        self.value = value

    def __enter__(self) -> object:
        numpy = sys.modules.get("numpy")
        if numpy is not None and isinstance(self.value, numpy.ndarray):
            return numpy.zeros_like(self.value)
        return 0.0

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None) -> None:
        return None
