"""All tables of operations on whole arrays, put together.

Never holds a row itself.
"""
from __future__ import annotations

from collections.abc import Mapping

from gradgen.rules.whole import (
    carried,
    chosen_slopes,
    cosines,
    curves,
    densities,
    diagonals,
    distances,
    factorings,
    factors,
    fourier,
    gridding,
    grids,
    integration,
    interpolation,
    joining,
    linalg,
    making,
    matrix_equations,
    matrix_functions,
    orthogonal,
    padding,
    picking,
    polynomials,
    products,
    rearranging,
    reductions,
    relations,
    replacing,
    roots,
    running,
    segments,
    series,
    series_products,
    shaping,
    signals,
    softening,
    statistics,
    structured,
    summaries,
)
from gradgen.rules.whole.helpers import ARRAY_HELPERS
from gradgen.rules.whole.moving import MOVING_HELPERS
from gradgen.rules.whole.odes import ODE_HELPERS
from gradgen.rules.whole.topic import Topic

TOPICS: tuple[Topic, ...] = (
    products.TOPIC, diagonals.TOPIC, reductions.TOPIC, statistics.TOPIC, running.TOPIC, segments.TOPIC, shaping.TOPIC,
    rearranging.TOPIC,
    padding.TOPIC,
    joining.TOPIC,
    gridding.TOPIC, making.TOPIC, linalg.TOPIC, factors.TOPIC, factorings.TOPIC, orthogonal.TOPIC,
    matrix_equations.TOPIC, matrix_functions.TOPIC, softening.TOPIC, picking.TOPIC,
    replacing.TOPIC, polynomials.TOPIC, roots.TOPIC, series.TOPIC, series_products.TOPIC,
    signals.TOPIC, integration.TOPIC, interpolation.TOPIC, curves.TOPIC, chosen_slopes.TOPIC, grids.TOPIC, densities.TOPIC,
    relations.TOPIC,
    structured.TOPIC, distances.TOPIC,
    summaries.TOPIC, fourier.TOPIC, cosines.TOPIC, carried.TOPIC,
)

METHODS: Mapping[str, str] = {
    "clip": "clip", "round": "around", "conj": "conjugate", "conjugate": "conjugate",
    **{name: operation for topic in TOPICS for name, operation in topic.methods.items()},
}
"""Which methods of arrays are which operations: `x.sum(axis=0)` is `np.sum(x, axis=0)`; none that change the array."""

WHOLE_HELPERS: Mapping[str, str] = {
    **ARRAY_HELPERS, **MOVING_HELPERS, **ODE_HELPERS, **{name: text for topic in TOPICS for name, text in topic.helpers.items()},
}


def names_in(family: str) -> dict[str, tuple[str, ...]]:
    """How the operations are called in a module."""
    return {
        operation: tuple(names.split()) for topic in TOPICS for operation, names in topic.names.get(family, {}).items()
    }
