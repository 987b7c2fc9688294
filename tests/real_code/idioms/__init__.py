"""Small functions distilled from published code: each is a shape that a differentiator gets wrong in a way of its own.

Never holds expected values: the tests judge by differences.
"""
from __future__ import annotations

from tests.real_code.idioms import (
    aliases,
    bisections,
    branches,
    calls,
    complexes,
    containers,
    decorated,
    governing,
    handed,
    handed_out,
    libraries,
    loops,
    made_arrays,
    records,
    searches,
    sequences,
    shown,
    tables,
    unnamed,
)

# Shapes that have a derivative, and that gradgen does not read yet: they are refused, or raise where their slope is unbounded.
UNBOUNDED = ("unbounded_slope_behind_a_clamp", 300.0)
NOT_READ_YET: frozenset[str] = frozenset()
_WITH_DERIVATIVES = (
    branches.EXAMPLES + loops.EXAMPLES + calls.EXAMPLES + containers.EXAMPLES + records.EXAMPLES + bisections.EXAMPLES
    + libraries.EXAMPLES + sequences.EXAMPLES + handed.EXAMPLES + tables.EXAMPLES
    + made_arrays.EXAMPLES + decorated.EXAMPLES + unnamed.EXAMPLES + complexes.EXAMPLES + handed_out.EXAMPLES
    + shown.EXAMPLES + governing.EXAMPLES
)
UNREAD = tuple(
    each for each in _WITH_DERIVATIVES if each[0].__name__ in NOT_READ_YET or (each[0].__name__, each[1][0]) == UNBOUNDED
)
# Functions with example arguments; those that are floats vary.
EXAMPLES = tuple(each for each in _WITH_DERIVATIVES if each not in UNREAD)
# Nothing but tests leads from the arguments to the result, or only they say where between the ends it lies; or an equality on
# varying values holds, so that the arm taken says nothing of the slope.
TO_BE_REFUSED = (
    branches.TO_BE_REFUSED + loops.TO_BE_REFUSED + calls.TO_BE_REFUSED + containers.TO_BE_REFUSED + records.TO_BE_REFUSED
    + searches.TO_BE_REFUSED + bisections.TO_BE_REFUSED + sequences.TO_BE_REFUSED + handed.TO_BE_REFUSED
    + tables.TO_BE_REFUSED + unnamed.TO_BE_REFUSED + aliases.TO_BE_REFUSED + handed_out.TO_BE_REFUSED + governing.TO_BE_REFUSED
)
