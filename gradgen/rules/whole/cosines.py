"""The rows of cosine and sine transforms and of their inverses.

Never holds Fourier transforms. The transposed transform is the inverse one with the scale on the other side, but for the elements
at an end that the transform counts once where it counts all others twice; orthonormal ones count all alike.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN
from gradgen.rules.whole.fourier import (
    OTHER_SIDE,
    is_plain,
    norm_of,
    of_several,
    one_axis,
    same,
    several,
    transformed,
    transformed_several,
    written,
)
from gradgen.rules.whole.reductions import Lines, is_left_out
from gradgen.rules.whole.topic import Topic

BEFORE: Mapping[tuple[str, int], str] = {("dct", 1): "'both'", ("dct", 2): "'first'", ("dst", 2): "'last'"}
"""Which ends of the result of a transform count twice on the way back."""
AFTER: Mapping[tuple[str, int], str] = {("dct", 1): "'both'", ("dct", 3): "'first'", ("dst", 3): "'last'"}
"""Which ends of the operand get half of what comes back."""


def transposed_rows(name: str, back: str, is_inverse: bool, is_several: bool) -> Callable[[Facts], Lines]:
    """The rows of `dct` (`name`), or of what is the inverse of it."""

    def rows(facts: Facts) -> Lines:
        kind, norm = facts.constants.get("type", UNKNOWN), norm_of(facts, OTHER_SIDE)
        axes = several(facts) if is_several else None if (axis := one_axis(facts)) is None else (axis,)
        if type(kind) is not int or kind not in (1, 2, 3, 4) or norm is None or axes is None or not is_plain(facts):
            return None
        if not is_left_out(facts, "orthogonalize"):
            return None
        before, after = BEFORE.get((name, kind)), AFTER.get((name, kind))
        if is_inverse:
            before, after = after, before
        if facts.constants.get("norm") == "ortho":
            before = after = None
        along = of_several(facts, axes) if is_several else "" if axes[0] == (facts.rank("x") or 0) - 1 else f", axis={axes[0]}"
        typed = "" if kind == 2 else f", type={kind}"
        given = "dy" if before is None else f"ends_scaled(dy, 2, {before}, {written(axes)})"
        found = f"{back}({given}{typed}{along}{norm})"
        found = found if after is None else f"ends_scaled({found}, 0.5, {after}, {written(axes)})"
        return (f"dx += {found}" if is_left_out(facts, "s" if is_several else "n") else f"dx += resized({found}, x.shape)",)

    return rows


MORE = "norm=None, overwrite_x=False, workers=None, orthogonalize=None"
PAIRS = (("dct", "idct"), ("idct", "dct"), ("dst", "idst"), ("idst", "dst"))
ROWS: tuple[Row, ...] = (
    *(
        made(
            f"y = {name}(x, type=2, n=None, axis=-1, {MORE})", transposed_rows(name.lstrip("i"), back, name[0] == "i", False),
            shape=transformed(same, dtype="float"), carries="x",
        )
        for name, back in PAIRS
    ),
    *(
        made(
            f"y = {name}n(x, type=2, s=None, axes=None, {MORE})",
            transposed_rows(name.lstrip("i"), f"{back}n", name[0] == "i", True), shape=transformed_several(same, dtype="float"),
            carries="x",
        )
        for name, back in PAIRS
    ),
)
NAMES = tuple(name + more for name, _ in PAIRS for more in ("", "n"))

TOPIC = Topic(
    "Cosine and sine transforms", ROWS, names={"scipy.fft": {name: name for name in NAMES}},
    helpers={
        "ends_scaled": '''\
def ends_scaled(x, factor, ends, axes):
    """A copy of x whose first or last elements along the axes, or both, are multiplied by a factor."""
    scaled = np.array(x)
    for axis in axes:
        moved = np.moveaxis(scaled, axis, 0)
        for place, end in ((0, "first"), (-1, "last")):
            if ends in (end, "both"):
                moved[place] *= factor
    return scaled
''',
    },
)
