"""The functions by which matrices of derivatives by structures of numbers and arrays are put together, as stand-alone text.

Never runs in gradgen itself.
"""
from __future__ import annotations

from collections.abc import Mapping

HELPERS: Mapping[str, str] = {
    "each_number": '''\
def each_number(value, function):
    """A structure like `value`, with what a function makes of its numbers and arrays in their places."""
    if hasattr(value, "shape") or isinstance(value, (int, float)) and not isinstance(value, bool):
        return function(value)
    if isinstance(value, dict):
        return {key: each_number(part, function) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        parts = [each_number(part, function) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    names = getattr(value, "__dataclass_fields__", None) or getattr(value, "__dict__", ())
    made = type(value).__new__(type(value)) if names else value
    for name in names:
        object.__setattr__(made, name, each_number(getattr(value, name), function))
    return made
''',
    "numbers_in": '''\
def numbers_in(value):
    """The numbers and arrays of a structure, in order."""
    found = []
    each_number(value, found.append)
    return found
''',
    "unit_directions": '''\
def unit_directions(value):
    """The directions of a structure in which one number moves: 1.0 in its place, and zeros."""
    directions = []
    for place, moved in enumerate(numbers_in(value)):
        for unit in np.eye(np.size(moved)).reshape(np.size(moved), *np.shape(moved)):
            parts = [0.0 * part for part in numbers_in(value)]
            parts[place] = unit if np.shape(moved) else 1.0
            given = iter(parts)
            directions.append(each_number(value, lambda part: next(given)))
    return directions
''',
    "by_rows": '''\
def by_rows(rows, value):
    """A row for each number of `value`, in its structure; those of an array are one, with the array's axes in front."""
    given = iter(rows)
    return each_number(value, lambda part: stacked([next(given) for _ in range(np.size(part))], np.shape(part)))
''',
    "by_columns": '''\
def by_columns(columns, value):
    """What stands in all columns, one for each number of `value`, in the columns' structure and then that of `value`."""
    found = zip(*map(numbers_in, columns))

    def like_value(result):
        given = iter(next(found))
        return each_number(value, lambda part: np.moveaxis(
            np.array([next(given) for _ in range(np.size(part))]), 0, -1).reshape(np.shape(result) + np.shape(part))
            if np.shape(part) else next(given))

    return each_number(columns[0], like_value)
''',
    "stacked": '''\
def stacked(rows, shape):
    """Rows of one structure as one row, whose arrays have the axes of `shape` in front; a list of numbers is such an array."""
    if not shape:
        return rows[0]
    if isinstance(rows[0], (list, tuple)) and all(isinstance(part, (int, float)) for part in rows[0]):
        return np.array(rows).reshape(shape + (len(rows[0]),))
    given = zip(*map(numbers_in, rows))
    return each_number(rows[0], lambda part: np.array(next(given)).reshape(shape + np.shape(part)))
''',
}
