"""The text of a constant: a literal that gives the same value again.

Never imports anything for it.
"""
from __future__ import annotations

import enum
import math
from typing import Any


def literal(value: Any) -> str | None:
    """The text of a constant, or None where it has none that gives the same value."""
    if value is None or isinstance(value, bool | str | bytes):
        return repr(value)
    if isinstance(value, enum.Enum):
        return None
    if type(value) is int:
        return repr(value)
    if isinstance(value, float):
        value = float(value)
        if math.isnan(value):
            return 'float("nan")'
        return repr(value) if math.isfinite(value) else f'float("{value}")'
    if type(value) in (list, tuple):
        parts = [literal(item) for item in value]
        if any(part is None for part in parts):
            return None
        inside = ", ".join(part for part in parts if part is not None)
        if isinstance(value, list):
            return f"[{inside}]"
        return f"({inside},)" if len(parts) == 1 else f"({inside})"
    if type(value) is dict:
        pairs = [(literal(key), literal(item)) for key, item in value.items()]
        if any(key is None or item is None for key, item in pairs):
            return None
        return "{" + ", ".join(f"{key}: {item}" for key, item in pairs) + "}"
    return None
