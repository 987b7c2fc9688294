"""The rows of the helpers that generated modules carry, so that generated code is differentiated like any other.

Never holds operations that a user writes.
"""
from __future__ import annotations

from gradgen.ir.kinds import AnyKind, Dtype, Kind, size
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, array, made, passive
from gradgen.rules.shapes import Operands, ShapeOf, array_of, entrywise, like
from gradgen.rules.whole.reductions import of_axis
from gradgen.rules.whole.replacing import REPLACED
from gradgen.rules.whole.segments import ROWS as OF_STRETCHES
from gradgen.rules.whole.topic import Topic


def shaped(operands: Operands) -> AnyKind:
    """An array of the shape that is an operand."""
    return Kind(operands.dims("shape"))


def shaped_as(name: str | None, dtype: Dtype = "float") -> ShapeOf:
    """An array of the shape that is an operand, and of the dtype of another."""

    def shape(operands: Operands) -> AnyKind:
        kind = None if name is None else operands.kind(name)
        return Kind(operands.dims("shape"), kind.dtype if isinstance(kind, Kind) else dtype)

    return shape


def real_like(name: str) -> ShapeOf:
    """Real numbers in the shape of an operand."""

    def shape(operands: Operands) -> AnyKind:
        kind = array_of(operands.kind(name))
        return None if kind is None else Kind(kind.shape)

    return shape


def in_full(operands: Operands) -> AnyKind:
    """What the mode "full" gives."""
    a, v = array_of(operands.kind("a")), array_of(operands.kind("v"))
    if a is None or v is None or a.shape is None or v.shape is None or len(a.shape) != len(v.shape):
        return Kind(None)
    return Kind(tuple(n.plus(m).plus(size(-1)) for n, m in zip(a.shape, v.shape, strict=True)))


def pairs(operands: Operands) -> AnyKind:
    """A row for each pair of rows."""
    points = array_of(operands.kind("points"))
    return Kind((operands.fresh(), *points.shape[1:])) if points is not None and points.shape else Kind(None)


def transform_back(facts: Facts) -> tuple[str, ...] | None:
    """What comes back to a transform's adjoint is the transform itself, of one axis."""
    axis, norm = facts.constants.get("axes"), facts.constants.get("norm")
    sides = {None: ", norm='forward'", "forward": "", "ortho": ", norm='ortho'"}
    if not isinstance(axis, int) or norm is not None and not isinstance(norm, str) or norm not in sides:
        return None
    return (f"dadjoint += irfft(dy, n=adjoint.shape[{axis}], axis={axis}{sides[norm]})",)


ROWS: tuple[Row, ...] = (
    array("y = unbroadcast(adjoint, value)", "dadjoint += full(adjoint.shape, dy)", "dvalue += 0", shape=like("value")),
    array(
        "y = unreduce(adjoint, value, axis=None, keepdims=False)",
        "dadjoint += reshape(array_sum(dy, axis=axis, keepdims=True), adjoint.shape)", "dvalue += 0", shape=like("value"),
    ),
    array(
        "y = product(adjoint, factor)", "dadjoint += unbroadcast(product(dy, factor), adjoint)",
        "dfactor += unbroadcast(product(adjoint, dy), factor)", shape=entrywise("adjoint", "factor"),
    ),
    array(
        "y = quotient(adjoint, divisor)", "dadjoint += unbroadcast(quotient(dy, divisor), adjoint)",
        "ddivisor -= unbroadcast(quotient(product(y, dy), divisor), divisor)", shape=entrywise("adjoint", "divisor"),
    ),
    array(
        "y = phases(turned, told, where='')", "dturned += 1j * dy[..., None] * eye(told.shape[-1])", "dtold += 0", "dwhere += 0",
        shape=real_like("told"),
    ),
    array("y = one_slope(adjoint, values, where='')", "dadjoint += dy", "dvalues += 0", "dwhere += 0", shape=like("adjoint")),
    array("y = own_slopes(inner, values, where='')", "dinner += diag(dy)", "dvalues += 0", "dwhere += 0", shape=like("values")),
    array("y = matmul_left(dc, a, b)", "ddc += dy @ b", "da += 0", "db += matmul_right(dc, dy, b)", shape=like("a")),
    array("y = matmul_right(dc, a, b)", "ddc += a @ dy", "da += matmul_left(dc, a, dy)", "db += 0", shape=like("b")),
    made(
        "y = product_of_others(x, axis=None)", lambda facts: (f"dx += pairs_of_others(dy, x{of_axis(facts)})",), shape=like("x"),
    ),
    *passive("y = quantile_weights(x, q, axis=None)", shape=like("x")),
    array(
        "y = quantiles_adjoint(adjoint, x, q, axis, keepdims, method, skips_nan)",
        "dadjoint += quantiles_tangent(dy, x, q, axis, keepdims, method, skips_nan)", "dx += 0", "dq += 0", "daxis += 0",
        "dkeepdims += 0", "dmethod += 0", "dskips_nan += 0", shape=like("x"),
    ),
    array(
        "s = running_adjoint(adjoint, x, y, axis)", "dadjoint += running_tangent(ds, x, y, axis)", "dx += 0", "dy += 0",
        "daxis += 0", shape=like("x"),
    ),
    *OF_STRETCHES,
    array("y = gathered(adjoint, index, x)", "dadjoint += ravel(dy)[index]", "dindex += 0", "dx += 0", shape=like("x")),
    array("y = placed(adjoint, index, shape)", "dadjoint += dy[index]", "dindex += 0", "dshape += 0", shape=shaped),
    array(
        "y = scattered_along(adjoint, indices, x, axis)", "dadjoint += take_along_axis(dy, indices, axis)", "dindices += 0",
        "dx += 0", "daxis += 0", shape=like("x"),
    ),
    array("y = diagonal_adjoint(values, x, offset)", "dvalues += diagonal(dy, offset)", "dx += 0", "doffset += 0",
          shape=like("x")),
    array("y = on_diagonal(values, shape, k=0)", "dvalues += diagonal(dy, k)", "dshape += 0", shape=shaped),
    array("y = gradient_adjoint(values, axis=0)", "dvalues += gradient(dy, axis=axis)", shape=like("values")),
    array("y = lower_part(values)", "dvalues += tril(dy) + swapaxes(tril(dy, -1), -1, -2)", shape=like("values")),
    *(array(
        f"y = {side}_hermitian(adjoint)", f"both = {half}(dy) + conjugate(swapaxes({half}(dy), -1, -2))",
        "dadjoint += both - eye(both.shape[-1]) * both / 2", shape=like("adjoint"),
    ) for side, half in (("lower", "tril"), ("upper", "triu"))),
    array("y = upper_part(values)", "dvalues += triu(dy) + swapaxes(triu(dy, 1), -1, -2)", shape=like("values")),
    array("y = scattered(adjoint, index, shape)", "dadjoint += dy[index]", "dshape += 0", "dindex += 0", shape=shaped),
    array("y = resized(adjoint, shape)", "dadjoint += resized(dy, adjoint.shape)", "dshape += 0", shape=shaped_as("adjoint")),
    array(
        "y = ends_scaled(x, factor, ends, axes)", "dx += ends_scaled(dy, factor, ends, axes)", "dfactor += 0", "dends += 0",
        "daxes += 0", shape=like("x"),
    ),
    made(
        "y = irfft_adjoint(adjoint, shape, axes, norm=None)", transform_back, shape=shaped_as(None, "complex"), carries="adjoint",
    ),
    array(
        "y = in_full(adjoint, a, v, mode, by_first=False, reverses=False)",
        "dadjoint += dy[kept_part(adjoint.shape, a, v, mode, by_first, reverses)]", "da += 0", "dv += 0", "dmode += 0",
        "dby_first += 0", "dreverses += 0", shape=in_full,
    ),
    array("y = inside(padded, shape, width)", "dpadded += pad(dy, width)", "dshape += 0", "dwidth += 0", shape=shaped),
    array("y = pair_gaps(points)", "dpoints += pairs_back(dy, points.shape)", shape=pairs),
    array("y = pairs_back(adjoint, shape)", "dadjoint += pair_gaps(dy)", "dshape += 0", shape=shaped),
    array(
        "y = collected(adjoint, places, value)", "dadjoint += where(places < 0, 0, ravel(dy)[places])", "dplaces += 0",
        "dvalue += 0", shape=like("value"),
    ),
    *(row for places in REPLACED for row in passive(f"y = {places}", shape=like("x"))),
    array("y = checked_tangent(value, tangent)", "dtangent += dy", "dvalue += 0", shape=like("value")),
    array("y = complex_tangent(value, tangent)", "dtangent += dy", "dvalue += 0", shape=like("value")),
    array("y = checked_seed(seed, shape)", "dseed += dy", "dshape += 0", shape=shaped),
    array("y = complex_seed(seed, shape)", "dseed += dy", "dshape += 0", shape=shaped_as(None, "complex")),
)

CARRIED = frozenset(row.text[0].partition(" = ")[2].partition("(")[0] for row in ROWS)
"""The helpers that have a row here."""

TOPIC = Topic(
    "Helpers of generated code", ROWS,
    helpers={
        "pairs_of_others": '''\
def pairs_of_others(moved, x, axis=None):
    """How product_of_others(x, axis) moves along `moved`: for each element the products that leave out it and one other."""
    x, moved = np.asarray(x), np.asarray(moved)
    axes = tuple(range(x.ndim)) if axis is None else tuple(i % x.ndim for i in (axis if np.ndim(axis) else (axis,)))
    ends = range(x.ndim - len(axes), x.ndim)
    last, along = np.moveaxis(x, axes, ends), np.moveaxis(moved, axes, ends)
    rows = last.reshape(last.shape[: x.ndim - len(axes)] + (-1,))
    steps = along.reshape(rows.shape)
    before, before_moved = products_before(rows, steps)
    after, after_moved = products_before(rows[..., ::-1], steps[..., ::-1])
    total = before_moved * after[..., ::-1] + before * after_moved[..., ::-1]
    return np.moveaxis(total.reshape(last.shape), ends, axes)


def products_before(rows, steps):
    """The products of what stands before each element of rows, and how they move along `steps`: in each turn of twice as many."""
    products, moved = np.ones_like(rows), np.zeros_like(rows * steps)
    products[..., 1:], moved[..., 1:] = rows[..., :-1], steps[..., :-1]
    width = 1
    while width < rows.shape[-1]:
        moved[..., width:] = moved[..., width:] * products[..., :-width] + products[..., width:] * moved[..., :-width]
        products[..., width:] = products[..., width:] * products[..., :-width]
        width *= 2
    return products, moved
''',
        "checked_tangent": '''\
def checked_tangent(value, tangent):
    """A new array of a tangent's floats; ValueError where it has not the shape of the value that it is the tangent of."""
    value = np.asarray(value)
    tangent = np.array(tangent, dtype=value.dtype if value.dtype.char in "fd" else np.result_type(value, np.float32))
    if tangent.shape != value.shape:
        raise ValueError(f"a tangent of the shape {tangent.shape} for a value of the shape {value.shape}")
    return tangent
''',
        "complex_tangent": '''\
def complex_tangent(value, tangent):
    """A new array of a tangent's complex numbers; ValueError where it has not the shape of the value it is the tangent of."""
    tangent = np.array(tangent, dtype=np.result_type(np.asarray(value), np.complex64))
    if tangent.shape != np.shape(value):
        raise ValueError(f"a tangent of the shape {tangent.shape} for a value of the shape {np.shape(value)}")
    return tangent
''',
        "checked_seed": '''\
def checked_seed(seed, shape):
    """A seed as an array of floats; ValueError where it is none of real numbers in the shape of the result it belongs to."""
    seed = np.asarray(seed)
    if seed.shape != shape or seed.dtype.kind not in "fiub":
        raise ValueError(f"a seed of {seed.dtype} of the shape {seed.shape} for a result of the shape {shape}")
    return seed if seed.dtype.kind == "f" else seed.astype(float)
''',
        "complex_seed": '''\
def complex_seed(seed, shape):
    """A seed as an array of complex numbers; ValueError where it has not the shape of the result that it belongs to."""
    seed = np.asarray(seed, dtype=complex)
    if seed.shape != shape:
        raise ValueError(f"a seed of the shape {seed.shape} for a result of the shape {shape}")
    return seed
''',
    },
)
