"""The rows of arrays with some elements replaced: what `np.put`, `np.place` and their like leave in an array.

Never stores anything itself.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import like
from gradgen.rules.whole.reductions import Lines
from gradgen.rules.whole.topic import Topic

FROM = '''    places = np.full(np.shape(x), -1)
    {call}
    return places
'''
NUMBERS = "np.arange(np.size(v)).reshape(np.shape(v))"


def told(name: str, arguments: str, what: str, call: str) -> str:
    """The text of a helper that tells where each element comes from: the function itself, done to numbers of places."""
    contract = f'"""For each element of x the place in v that {what} fills it from; -1 where it stays."""'
    return f"def {name}(x, v{arguments}):\n    {contract}\n" + FROM.format(call=call)


def rows(places: str) -> Callable[[Facts], Lines]:
    def lines(facts: Facts) -> Lines:
        return f"places = {places}", "dx += where(places < 0, dy, 0)", "dv += collected(dy, places, v)"

    return lines


def tangents(places: str) -> Callable[[Facts], Lines]:
    def lines(facts: Facts) -> Lines:
        return f"places = {places}", "y_dot = where(places < 0, x_dot, 0) + where(places < 0, 0, ravel(v_dot)[places])"

    return lines


PLACES: Mapping[str, tuple[str, str]] = {
    "put_into": ("x, i, v", "put_places(x, v, i)"),
    "putmask_into": ("x, mask, v", "putmask_places(x, v, mask)"),
    "place_into": ("x, mask, v", "place_places(x, v, mask)"),
    "diagonal_into": ("x, v, wrap=False", "diagonal_places(x, v, wrap)"),
    "along_axis_into": ("x, i, v, axis=-1", "along_axis_places(x, v, i, axis)"),
    "flat_into": ("x, i, v", "flat_places(x, v, i)"),
}
"""By operation: its operands, and what tells where each element comes from."""

STORING: Mapping[str, str] = {
    "put": "put_into", "putmask": "putmask_into", "place": "place_into", "fill_diagonal": "diagonal_into",
    "put_along_axis": "along_axis_into",
}
"""By the function of NumPy's that stores into its first argument: what that holds then."""

REPLACED = tuple(places for _, places in PLACES.values())
"""What tells where elements come from."""

ROWS: tuple[Row, ...] = tuple(
    made(f"y = {name}({operands})", rows(places), shape=like("x"), carries="x v") for name, (operands, places) in PLACES.items()
)

MOVING: Mapping[str, Callable[[Facts], Lines]] = {name: tangents(places) for name, (_, places) in PLACES.items()}

TOPIC = Topic(
    "Arrays with elements replaced", ROWS,
    helpers={
        "collected": '''\
def collected(adjoint, places, value):
    """The adjoint of a value whose elements have gone to the places of an array that name them."""
    whole = np.zeros(np.size(value), adjoint.dtype)
    np.add.at(whole, places[places >= 0], adjoint[places >= 0])
    return whole.reshape(np.shape(value)) if np.shape(value) else whole[0]
''',
        "put_places": told("put_places", ", i", "np.put", f"np.put(places, i, {NUMBERS})"),
        "putmask_places": told("putmask_places", ", mask", "np.putmask", f"np.putmask(places, mask, {NUMBERS})"),
        "place_places": told("place_places", ", mask", "np.place", f"np.place(places, mask, {NUMBERS})"),
        "diagonal_places": told(
            "diagonal_places", ", wrap", "np.fill_diagonal", f"np.fill_diagonal(places, {NUMBERS}, wrap=wrap)",
        ),
        "along_axis_places": told(
            "along_axis_places", ", i, axis", "np.put_along_axis", f"np.put_along_axis(places, i, {NUMBERS}, axis)",
        ),
        "flat_places": told("flat_places", ", i", "x.flat[i] = v", f"places.flat[i] = {NUMBERS}"),
    },
)
