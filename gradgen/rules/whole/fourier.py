"""The rows of Fourier transforms, of their inverses and of shifts of frequencies.

Never holds cosine transforms. A transform is linear, and its adjoint is the inverse one with the scale on the other side:
`norm="forward"` undoes nothing of the default's sum, `norm="backward"` divides by the number of terms.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Dim, Holder, Kind, Shape, size, unknown
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, array, made
from gradgen.rules.shapes import UNKNOWN, Operands, ShapeOf, array_of, axes_of, like
from gradgen.rules.whole.reductions import Lines, is_left_out
from gradgen.rules.whole.topic import Topic

OTHER_SIDE = {None: ", norm='forward'", "backward": ", norm='forward'", "ortho": ", norm='ortho'", "forward": ""}
PLAIN = {None: "", "backward": "", "ortho": ", norm='ortho'", "forward": ", norm='forward'"}


def is_plain(facts: Facts) -> bool:
    """Whether only what the rows know is asked for."""
    return is_left_out(facts, "out", "workers", "plan") and facts.constants.get("overwrite_x", False) is False


def one_axis(facts: Facts) -> int | None:
    """The axis of a transform, counted from the last, where the row knows it."""
    rank, axis = facts.rank("x"), facts.constants.get("axis", UNKNOWN)
    return axis % rank if rank and isinstance(axis, int) and not isinstance(axis, bool) and -rank <= axis < rank else None


def norm_of(facts: Facts, sides: Mapping[str | None, str]) -> str | None:
    norm = facts.constants.get("norm", UNKNOWN)
    return sides.get(norm) if norm is None or isinstance(norm, str) else None


def along(facts: Facts, axis: int) -> str:
    return "" if axis == (facts.rank("x") or 0) - 1 else f", axis={axis}"


def complex_rows(inverse: str, sides: Mapping[str | None, str] = OTHER_SIDE) -> Callable[[Facts], Lines]:
    """`fft` and `ifft`: what was cut off gets nothing, what was filled up with zeros hands nothing on."""

    def rows(facts: Facts) -> Lines:
        axis, norm = one_axis(facts), norm_of(facts, sides)
        if axis is None or norm is None or not is_plain(facts):
            return None
        back = f"{inverse}(dy{along(facts, axis)}{norm})"
        return (f"dx += {back}" if is_left_out(facts, "n") else f"dx += resized({back}, x.shape)",)

    return rows


def rfft_rows(facts: Facts) -> Lines:
    axis, norm = one_axis(facts), norm_of(facts, OTHER_SIDE)
    if axis is None or norm is None or not is_plain(facts):
        return None
    if is_left_out(facts, "n"):
        return (f"dx += ifft(dy, n=x.shape[{axis}]{along(facts, axis)}{norm})",)
    return (f"dx += resized(ifft(dy, n=n{along(facts, axis)}{norm}), x.shape)",)


def irfft_rows(facts: Facts) -> Lines:
    axis, norm = one_axis(facts), norm_of(facts, OTHER_SIDE)
    if axis is None or norm is None or not is_plain(facts):
        return None
    return (f"dx += {of_kind(facts, f'irfft_adjoint(dy, x.shape, {axis}{norm})')}",)


def of_kind(facts: Facts, adjoint: str) -> str:
    """A complex adjoint, or the real part of it, as the operand's is."""
    return adjoint if facts.dtype("x") == "complex" else f"real({adjoint})"


def hfft_rows(facts: Facts) -> Lines:
    """`irfft` of the conjugate, scaled on the other side."""
    axis, norm = one_axis(facts), norm_of(facts, PLAIN)
    if axis is None or norm is None or not is_plain(facts):
        return None
    back = f"irfft_adjoint(dy, x.shape, {axis}{norm})"
    return (f"dx += conjugate({back})" if facts.dtype("x") == "complex" else f"dx += real({back})",)


def ihfft_rows(facts: Facts) -> Lines:
    """The conjugate of `rfft`, scaled on the other side."""
    axis, norm = one_axis(facts), norm_of(facts, PLAIN)
    if axis is None or norm is None or not is_plain(facts):
        return None
    if is_left_out(facts, "n"):
        return (f"dx += ifft(conjugate(dy), n=x.shape[{axis}]{along(facts, axis)}{norm})",)
    return (f"dx += resized(ifft(conjugate(dy), n=n{along(facts, axis)}{norm}), x.shape)",)


def several(facts: Facts) -> tuple[int, ...] | None:
    """The axes of a transform over several, as numbers from 0."""
    rank, axes = facts.rank("x"), facts.constants.get("axes", UNKNOWN)
    if not rank or axes is UNKNOWN or not is_plain(facts):
        return None
    if axes is None and not is_left_out(facts, "s"):
        lengths = facts.kinds.get("s")
        count = len(lengths.items) if isinstance(lengths, Holder) and lengths.items is not None else rank + 1
        return tuple(range(rank - count, rank)) if count <= rank else None
    found = axes_of(axes, rank)
    return found if found is not None and len(set(found)) == len(found) else None


def written(axes: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, axes))},)" if len(axes) == 1 else f"({', '.join(map(str, axes))})"


def of_several(facts: Facts, axes: tuple[int, ...]) -> str:
    return "" if axes == tuple(range(facts.rank("x") or 0)) else f", axes={written(axes)}"


def complexes_rows(inverse: str) -> Callable[[Facts], Lines]:
    """`fft2`, `fftn` and their inverses."""

    def rows(facts: Facts) -> Lines:
        axes, norm = several(facts), norm_of(facts, OTHER_SIDE)
        if axes is None or norm is None:
            return None
        back = f"{inverse}(dy{of_several(facts, axes)}{norm})"
        return (f"dx += {back}" if is_left_out(facts, "s") else f"dx += resized({back}, x.shape)",)

    return rows


def rfftn_rows(facts: Facts) -> Lines:
    axes, norm = several(facts), norm_of(facts, OTHER_SIDE)
    if axes is None or norm is None:
        return None
    if not is_left_out(facts, "s"):
        return (f"dx += resized(ifftn(dy, s=s, axes={written(axes)}{norm}), x.shape)",)
    if axes == tuple(range(facts.rank("x") or 0)):
        return (f"dx += ifftn(dy, s=x.shape, axes={written(axes)}{norm})",)
    lengths = ", ".join(f"x.shape[{axis}]" for axis in axes)
    return (f"dx += ifftn(dy, s=({lengths},), axes={written(axes)}{norm})",)


def irfftn_rows(facts: Facts) -> Lines:
    axes, norm = several(facts), norm_of(facts, OTHER_SIDE)
    if axes is None or norm is None:
        return None
    return (f"dx += {of_kind(facts, f'irfft_adjoint(dy, x.shape, {written(axes)}{norm})')}",)


def shift_rows(back: str) -> Callable[[Facts], Lines]:
    def rows(facts: Facts) -> Lines:
        return (f"dx += {back}(dy)" if is_left_out(facts, "axes") else f"dx += {back}(dy, axes=axes)",)

    return rows


# --- shapes ---

def half(length: Dim) -> Dim:
    """How many frequencies a real signal of some length has."""
    return size(length.const // 2 + 1) if not length.terms else unknown(f"half {length.terms} {length.const}")


def whole_of(length: Dim) -> Dim:
    return length.times(2).plus(size(2), -1)


def one_length(operands: Operands) -> Dim | None:
    """The length that `n` names; None where it is left out."""
    if operands.literal("n") is None:
        return None
    dims = operands.dims("n")
    return dims[0] if dims is not None and len(dims) == 1 else operands.fresh()


def transformed(of: Callable[[Dim], Dim], given: Callable[[Dim], Dim] = lambda n: n, dtype: str = "complex") -> ShapeOf:
    """The shape of a transform along one axis: `of` the operand's length, or `given` what is asked for."""

    def shape(operands: Operands) -> AnyKind:
        kind, axis = array_of(operands.kind("x")), operands.literal("axis")
        if kind is None or kind.shape is None or not isinstance(axis, int) or not -len(kind.shape) <= axis < len(kind.shape):
            return Kind(None, "complex" if dtype == "complex" else "float")
        found, asked = list(kind.shape), one_length(operands)
        found[axis] = of(found[axis]) if asked is None else given(asked)
        return Kind(tuple(found), "complex" if dtype == "complex" else "float")

    return shape


def transformed_several(of: Callable[[Dim], Dim], given: Callable[[Dim], Dim] = lambda n: n, dtype: str = "complex") -> ShapeOf:
    """The shape of a transform along several axes, of which the last is special."""

    def shape(operands: Operands) -> AnyKind:
        kind = array_of(operands.kind("x"))
        result = "complex" if dtype == "complex" else "float"
        if kind is None or kind.shape is None:
            return Kind(None, "complex" if result == "complex" else "float")
        found = _lengths(operands, kind.shape, of, given)
        return Kind(found, "complex" if result == "complex" else "float")

    return shape


def _lengths(operands: Operands, own: Shape, of: Callable[[Dim], Dim], given: Callable[[Dim], Dim]) -> Shape | None:
    rank, asked = len(own), operands.literal("s")
    dims = None if asked is None else operands.dims("s")
    if asked is not None and dims is None:
        return None
    axes = operands.literal("axes")
    if axes is None:
        axes = tuple(range(rank)) if dims is None else tuple(range(rank - len(dims), rank))
    places = axes_of(axes, rank)
    if places is None or not places or dims is not None and len(dims) != len(places):
        return None
    found = list(own)
    for index, axis in enumerate(places):
        is_last = index == len(places) - 1
        if dims is not None:
            found[axis] = given(dims[index]) if is_last else dims[index]
        elif is_last:
            found[axis] = of(own[axis])
    return tuple(found)


def frequencies(of: Callable[[Dim], Dim]) -> ShapeOf:
    def shape(operands: Operands) -> AnyKind:
        dims = operands.dims("n")
        return Kind((of(dims[0]),)) if dims is not None and len(dims) == 1 else Kind((operands.fresh(),))

    return shape


def same(length: Dim) -> Dim:
    return length


HELPERS: Mapping[str, str] = {
    "resized": '''\
def resized(adjoint, shape):
    """An adjoint in a shape: what is beyond it is cut off, what is missing are zeros."""
    kept = adjoint[tuple(slice(n) for n in shape)]
    return np.pad(kept, [(0, n - m) for n, m in zip(shape, kept.shape)])
''',
    "irfft_adjoint": '''\
def irfft_adjoint(adjoint, shape, axes, norm=None):
    """The adjoint of z, of that shape, in irfft(z): inner frequencies stand for their conjugates too, and count twice."""
    axes = axes if np.ndim(axes) else (axes,)
    n = adjoint.shape[axes[-1]]
    twice = [slice(None)] * adjoint.ndim
    twice[axes[-1]] = slice(1, (n + 1) // 2)
    dz = np.fft.rfftn(adjoint, axes=axes, norm=norm)
    dz[tuple(twice)] *= 2
    return resized(dz, shape)
''',
}

MORE = "overwrite_x=False, workers=None, plan=None, out=None"
ONE = f"x, n=None, axis=-1, norm=None, {MORE}"
TWO = f"x, s=None, axes=(-2, -1), norm=None, {MORE}"
ALL = f"x, s=None, axes=None, norm=None, {MORE}"
ROWS: tuple[Row, ...] = (
    made(f"y = fft({ONE})", complex_rows("ifft"), shape=transformed(same), carries="x"),
    made(f"y = ifft({ONE})", complex_rows("fft"), shape=transformed(same), carries="x"),
    made(f"y = rfft({ONE})", rfft_rows, shape=transformed(half, half), carries="x"),
    made(f"y = irfft({ONE})", irfft_rows, shape=transformed(whole_of, dtype="float"), carries="x"),
    made(f"y = hfft({ONE})", hfft_rows, shape=transformed(whole_of, dtype="float"), carries="x"),
    made(f"y = ihfft({ONE})", ihfft_rows, shape=transformed(half, half), carries="x"),
    made(f"y = fft2({TWO})", complexes_rows("ifft2"), shape=transformed_several(same), carries="x"),
    made(f"y = ifft2({TWO})", complexes_rows("fft2"), shape=transformed_several(same), carries="x"),
    made(f"y = fftn({ALL})", complexes_rows("ifftn"), shape=transformed_several(same), carries="x"),
    made(f"y = ifftn({ALL})", complexes_rows("fftn"), shape=transformed_several(same), carries="x"),
    made(f"y = rfft2({TWO})", rfftn_rows, shape=transformed_several(half, half), carries="x"),
    made(f"y = rfftn({ALL})", rfftn_rows, shape=transformed_several(half, half), carries="x"),
    made(f"y = irfft2({TWO})", irfftn_rows, shape=transformed_several(whole_of, dtype="float"), carries="x"),
    made(f"y = irfftn({ALL})", irfftn_rows, shape=transformed_several(whole_of, dtype="float"), carries="x"),
    made("y = fftshift(x, axes=None)", shift_rows("ifftshift"), shape=like("x"), carries="x"),
    made("y = ifftshift(x, axes=None)", shift_rows("fftshift"), shape=like("x"), carries="x"),
    array("y = fftfreq(n, d=1.0, xp=None, device=None)", "dd -= array_sum(dy * y) / d", "dn += 0", shape=frequencies(same)),
    array("y = rfftfreq(n, d=1.0, xp=None, device=None)", "dd -= array_sum(dy * y) / d", "dn += 0", shape=frequencies(half)),
)

NAMES = {
    name: name for name in (
        "fft", "ifft", "rfft", "irfft", "hfft", "ihfft", "fft2", "ifft2", "fftn", "ifftn", "rfft2", "rfftn", "irfft2", "irfftn",
        "fftshift", "ifftshift", "fftfreq", "rfftfreq",
    )
}
TOPIC = Topic(
    "Fourier transforms", ROWS, names={"numpy.fft": NAMES, "scipy.fft": NAMES}, helpers=HELPERS,
    keywords=dict.fromkeys(NAMES, {"a": "x"}),
)
