"""Chooses the text of a helper that has several, so that one serves all functions of a module.

Never holds a text; gradgen.rules.helpers does.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from gradgen.rules.whole.helpers import CHECKS_OF_SHAPES
from gradgen.rules.zeros import READINGS, TANGENTS_OF_ARRAYS, VARIANTS, variant_of


def in_one_variant(names: Iterable[str], others: Sequence[str] = ()) -> tuple[str, ...]:
    """The names of helpers, with the variants of those that have several which serve all of them and the `others`."""
    wanted = tuple(names)
    every = (*wanted, *others)
    parts = [VARIANTS.get(name, VARIANTS["zeros_like"]) for name in every if name.split(",")[0] == "zeros_like"]
    has_rows, has_arrays, readings, has_instances = zip(*parts, strict=True) if parts else ((), (), ("by names",), ())
    check = max((CHECKS_OF_SHAPES.index(name) for name in every if name in CHECKS_OF_SHAPES), default=0)
    chosen = {
        "zeros_like": variant_of(any(has_rows), any(has_arrays), max(readings, key=READINGS.index), any(has_instances)),
        "zero_tangent": TANGENTS_OF_ARRAYS if TANGENTS_OF_ARRAYS in every else "zero_tangent",
        **dict.fromkeys(CHECKS_OF_SHAPES, CHECKS_OF_SHAPES[check]),
    }
    return tuple(dict.fromkeys(chosen.get(name, chosen.get(name.split(",")[0], name)) for name in wanted))
