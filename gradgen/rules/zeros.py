"""The helpers of generated text that make places for the adjoints and tangents of containers, in the variants that there are.

Never runs in gradgen itself, as all helpers.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

ZEROS = '''\
def zeros_like(value):
    """A place to collect the adjoint of a value: 0.0 for a number, a list, a dict or a namespace for a container of them."""
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return [0.0 if type(item) is float else zeros_like(item) for item in value]
    if isinstance(value, dict):
        return {key: zeros_like(item) for key, item in value.items()}
    if isinstance(value, (int, float)):
        return 0.0
    if value is None or isinstance(value, str):
        return None
    fields = getattr(value, "__dataclass_fields__", {}).values()
    names = getattr(value, "_fields", None) or [each.name for each in fields if each.init and "ClassVar" not in str(each.type)]
    if isinstance(value, types.SimpleNamespace):
        names = vars(value)
    if not names:
        raise TypeError(f"no adjoint for a value of type {type(value).__name__}")
    return types.SimpleNamespace(**{name: zeros_like(getattr(value, name)) for name in names})
'''
WITHOUT_ADJOINT = "(str, bytes, set, range, type, types.FunctionType, types.BuiltinFunctionType)"
IS_MEMBER = 'hasattr(type(value), "__members__")'
"""What objects may hold besides: functions and members of enumerations."""
ZEROS_OF_ROWS = "zeros_like, where elements may be containers"
ZEROS_OF_ARRAYS = "zeros_like, where elements may be arrays"
ZEROS_OF_ARRAY_ROWS = "zeros_like, where elements may be arrays and containers"
OF_INSTANCES = ", objects of plain classes among them"
Reading = Literal["by names", "by places", "by both"]
READINGS: tuple[Reading, ...] = ("by places", "by names", "by both")
"""How named tuples are read; a text that serves for functions which read them in several ways is for the last of these."""
_KNOWN = {
    "zeros_like": (False, False), ZEROS_OF_ARRAYS: (False, True), ZEROS_OF_ARRAY_ROWS: (True, True), ZEROS_OF_ROWS: (True, False),
}
VARIANTS = {
    f"{name}{'' if reading == 'by names' else f', read {reading}'}{suffix}": (*parts, reading, bool(suffix))
    for suffix in ("", OF_INSTANCES) for name, parts in _KNOWN.items() for reading in READINGS
}
"""Whether elements may be containers, or arrays, how named tuples are read, and whether instances are made."""


def variant_of(has_rows: bool, has_arrays: bool, reading: Reading, has_instances: bool) -> str:
    """The name of the text of `zeros_like` for containers that are such."""
    wanted = has_rows, has_arrays, "by names" if has_arrays and reading == "by places" else reading, has_instances
    return next(name for name, parts in VARIANTS.items() if parts == wanted)


def _zeros_of(has_rows: bool, has_arrays: bool, reading: Reading, has_instances: bool) -> str:
    """The text of `zeros_like` for containers of more than numbers."""
    text = ZEROS
    if has_instances:
        text = text.replace("isinstance(value, types.SimpleNamespace)", 'hasattr(value, "__dict__")')
        text = text.replace("isinstance(value, str)", f"isinstance(value, {WITHOUT_ADJOINT}) or {IS_MEMBER}")
    if reading == "by places":
        text = text.replace(' and not hasattr(value, "_fields")', "").replace('getattr(value, "_fields", None) or ', "")
    if has_rows:
        listed = "[0.0 if type(item) is float else zeros_like(item) for item in value]"
        text = text.replace(listed, "Adjoints(map(zeros_like, value))")
        by_key = "AdjointsByKey(zip(value, map(zeros_like, value.values())))"
        text = text.replace("{key: zeros_like(item) for key, item in value.items()}", by_key)
        text = text.replace("return types.SimpleNamespace(**{", "return AdjointsByName(**{")
    if reading == "by both":
        plain, placed = ("AdjointsByName", "AdjointsOfRecord") if has_rows else ("types.SimpleNamespace", "AdjointsOfFields")
        last = text[text.index(f"    return {plain}(**{{") :]
        text = text.replace(last, f'    if hasattr(value, "_fields"):\n    {last.replace(plain, placed)}{last}')
    if has_arrays:
        number = "    if isinstance(value, (int, float{})):"
        text = text.replace(number.format(""), ARRAY_CASE + number.format(", np.bool_"))
    return text


ARRAY_CASE = '''\
    if isinstance(value, np.ndarray):
        return np.zeros(value.shape)
'''


ZERO_TANGENT = '''\
def zero_tangent(value):
    """The tangent of a value that does not move: 0.0 for a number, a container of the same structure for a container."""
    if hasattr(value, "_fields"):
        return type(value)(*map(zero_tangent, value))
    if isinstance(value, (list, tuple)):
        return type(value)(map(zero_tangent, value))
    if isinstance(value, dict):
        return {key: zero_tangent(item) for key, item in value.items()}
    fields = getattr(value, "__dataclass_fields__", {}).values()
    names = [each.name for each in fields if each.init and "ClassVar" not in str(each.type)]
    if names:
        return type(value)(**{name: zero_tangent(getattr(value, name)) for name in names})
    return None if value is None or isinstance(value, (str, bytes)) else 0.0
'''
_PLACED = '''\
class {name}({bases}):
    """The adjoints of a named tuple's fields, by their names and by their places."""

    def __getitem__(self, place):
        return list(vars(self).values())[place]

    def __setitem__(self, place, adjoint):
        setattr(self, list(vars(self))[place], adjoint)
'''
TANGENTS_OF_ARRAYS = "zero_tangent, where elements may be arrays"


HELPERS: Mapping[str, str] = {
    "Accumulating": '''\
class Accumulating:
    """The adjoints of a container's parts: another is added to them part by part."""

    def __iadd__(self, other):
        if other != 0.0:  # as nothing is before anything has been added to it
            accumulate(self, other)
        return self

    def __add__(self, other):
        total = zeros_like(self)
        total += self
        total += other
        return total

    def __radd__(self, nothing):
        total = zeros_like(self)
        total += self
        return total
''',
    "Adjoints": '''\
class Adjoints(Accumulating, list):
    """The adjoints of a list's elements."""
''',
    "AdjointsByKey": '''\
class AdjointsByKey(Accumulating, dict):
    """The adjoints of a dict's values."""
''',
    "AdjointsByName": '''\
class AdjointsByName(Accumulating, types.SimpleNamespace):
    """The adjoints of a record's fields."""
''',
    **{name: _zeros_of(*parts) for name, parts in VARIANTS.items()},
    "zero_tangent": ZERO_TANGENT,
    TANGENTS_OF_ARRAYS: ZERO_TANGENT.replace("    fields =", ARRAY_CASE + "    fields ="),
    "AdjointsOfFields": _PLACED.format(name="AdjointsOfFields", bases="types.SimpleNamespace"),
    "AdjointsOfRecord": _PLACED.format(name="AdjointsOfRecord", bases="Accumulating, types.SimpleNamespace"),
}
