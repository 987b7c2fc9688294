"""The functions by which generated modules look at values, as stand-alone Python text: numbers, structures, equalities that hold.

Never runs in gradgen itself.
"""
from __future__ import annotations

from collections.abc import Mapping

HELPERS: Mapping[str, str] = {
    "check_number": '''\
def check_number(*values):
    """Raise TypeError where a value is no real number; ints, NumPy scalars and 0-d arrays are."""
    for value in values:
        if isinstance(value, complex) or not isinstance(value, (float, int)) and getattr(value, "shape", None) != ():
            raise TypeError(f"this code is for numbers, not for {type(value).__name__}")
''',
    "check_immutable": '''\
def check_immutable(*values):
    """Raise TypeError where a value is an array without dimensions: `+=` would change it in place."""
    for value in values:
        if getattr(value, "shape", None) == () and hasattr(value, "__setitem__"):
            raise TypeError("this code is for numbers that `+=` does not change in place, not for 0-d arrays: pass a float")
''',
    "check_tangent": '''\
def check_tangent(value, tangent):
    """Raise ValueError where a tangent has not the structure of the value that it belongs to."""
    if isinstance(value, dict):
        is_like = isinstance(tangent, dict) and tangent.keys() == value.keys()
        parts = [(value[key], tangent[key]) for key in value] if is_like else []
    elif isinstance(value, (list, tuple)):
        is_like = isinstance(tangent, (list, tuple)) and len(tangent) == len(value)
        parts = list(zip(value, tangent)) if is_like else []
    else:
        is_like, parts = not isinstance(tangent, (list, tuple, dict)), []
    if not is_like:
        raise ValueError(f"{tangent!r} has not the structure of {value!r}")
    for part, moved in parts:
        if not type(part) is type(moved) is float:
            check_tangent(part, moved)
''',
    "check_seed": '''\
def check_seed(value, seed):
    """Raise ValueError where a seed has not the structure of the result that it belongs to."""
    shape = getattr(seed, "shape", ())
    if isinstance(value, dict):
        fits = isinstance(seed, dict) and seed.keys() == value.keys()
        parts = [(value[key], seed[key]) for key in value] if fits else []
    elif isinstance(value, (list, tuple)):
        fits = shape[:1] == (len(value),) if shape else isinstance(seed, (list, tuple)) and len(seed) == len(value)
        parts = zip(value, seed) if fits else []
    else:
        fits, parts = not isinstance(seed, (list, tuple, dict)) and shape == getattr(value, "shape", ()), []
    if not fits:
        raise ValueError(f"{seed!r} has not the structure of {value!r}")
    for part, own in parts:
        check_seed(part, own)
''',
    "check_record": '''\
def check_record(value, seed):
    """Raise ValueError where a seed has not the fields of the record that it belongs to."""
    names = getattr(value, "_fields", None) or value.__dataclass_fields__
    if not all(hasattr(seed, name) for name in names):
        raise ValueError(f"{seed!r} has not the fields of {value!r}")
''',
    "own_seed": '''\
def own_seed(value, seed):
    """A seed in lists and dicts of its own, which the way back changes; ValueError where it has not the result's structure."""
    check_seed(value, seed)
    if isinstance(value, dict):
        return {key: own_seed(part, seed[key]) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [own_seed(part, own) for part, own in zip(value, seed)]
    return seed * 1.0
''',
    "check_parts": '''\
def check_parts(place, written, *others):
    """Raise where `written`, or a list, dict or object that it holds, stands in it twice or in one of the others."""
    own, seen = set(), set()
    waiting = [(value, False) for value in others] + [(written, True)]
    while waiting:
        value, is_own = waiting.pop()
        if isinstance(value, (list, tuple)):
            parts = value
        elif isinstance(value, dict):
            parts = value.values()
        elif hasattr(value, "__dict__") and not callable(value) and not hasattr(value, "__name__"):
            parts = vars(value).values()
        else:
            continue
        if id(value) in own and not isinstance(value, tuple):
            raise NonDifferentiableError(place)
        if id(value) not in seen:
            (own if is_own else seen).add(id(value))
            waiting.extend((part, is_own) for part in parts)
''',
    "at_kink": '''\
def at_kink(held, place):
    """Whether an equality held; where it does, the branch taken says nothing of the slope."""
    if getattr(held, "shape", ()) != ():
        raise TypeError("this code is for numbers, not for arrays")
    if held:
        raise NonDifferentiableError(place)
    return held
''',
    "any_at_kink": '''\
def any_at_kink(held, place):
    """Where equalities held; where one does, the element chosen says nothing of the slope."""
    if np.any(held):
        raise NonDifferentiableError(place)
    return held
''',
    "none_at_kink": '''\
def none_at_kink(differ, place):
    """Where values differed; where two are equal, the element chosen says nothing of the slope."""
    if not np.all(differ):
        raise NonDifferentiableError(place)
    return differ
''',
}
