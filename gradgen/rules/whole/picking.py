"""The rows of what picks, orders or looks up elements.

Never holds indexing itself, which is syntax.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Dtype, Holder, Kind, Shape, broadcast, joined_all, unknown
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made, passive
from gradgen.rules.shapes import UNKNOWN, Operands, array_of, axes_of, entrywise, like, shape_as_array
from gradgen.rules.whole.reductions import Lines, is_left_out
from gradgen.rules.whole.topic import Topic


def place_on(facts: Facts, index: str) -> str | None:
    """`(slice(None), i)`: an index of one axis as an index of the whole array; None where the axis is not known."""
    rank, axis = facts.rank("x"), facts.constants.get("axis", UNKNOWN)
    axes = axes_of(axis, rank) if rank is not None and isinstance(axis, int) else None
    if axes is None:
        return None
    return index if axes[0] == 0 else f"axis_index({index}, {axes[0]})"


def take_rows(facts: Facts) -> Lines:
    axis, mode = facts.constants.get("axis", UNKNOWN), str(facts.constants.get("mode", "raise"))
    count = "x.size" if axis is None else f"x.shape[{axis}]"
    indices = {"raise": "indices", "wrap": f"asarray(indices) % {count}", "clip": f"clip(indices, 0, {count} - 1)"}.get(mode)
    if not is_left_out(facts, "out") or indices is None:
        return None
    if axis is None:
        if facts.rank("x") == 1:
            return (f"dx += scattered(dy, {indices}, x.shape)",)
        return (f"dx += reshape(scattered(dy, {indices}, x.size), x.shape)",)
    place = place_on(facts, indices)
    return None if place is None else (f"dx += scattered(dy, {place}, x.shape)",)


def picked(operands: Operands) -> AnyKind:
    kind, axis = array_of(operands.kind("x")), operands.literal("axis")
    index = array_of(operands.kind("indices"))
    if kind is None or kind.shape is None or index is None or index.shape is None or axis is UNKNOWN:
        return Kind(None)
    if axis is None:
        return Kind(index.shape, kind.dtype)
    axes = axes_of(axis, len(kind.shape))
    if axes is None or len(axes) != 1:
        return Kind(None)
    return Kind((*kind.shape[: axes[0]], *index.shape, *kind.shape[axes[0] + 1 :]), kind.dtype)


def compress_rows(facts: Facts) -> Lines:
    if not is_left_out(facts, "out"):
        return None
    if facts.constants.get("axis", UNKNOWN) is None:
        if facts.rank("x") == 1:
            return ("dx += scattered(dy, flatnonzero(mask), x.shape)",)
        return ("dx += reshape(scattered(dy, flatnonzero(mask), x.size), x.shape)",)
    place = place_on(facts, "flatnonzero(mask)")
    return None if place is None else (f"dx += scattered(dy, {place}, x.shape)",)


def kept(operands: Operands) -> AnyKind:
    """An array along whose axis nobody knows how much is left, or how much more; without an axis, a row of that."""
    kind, axis = array_of(operands.kind("x")), operands.literal("axis")
    if kind is None or kind.shape is None or axis is UNKNOWN:
        return Kind(None)
    if axis is None:
        return Kind((operands.fresh(),), kind.dtype)
    axes = axes_of(axis, len(kind.shape)) or ()
    return Kind(tuple(operands.fresh() if i in axes else dim for i, dim in enumerate(kind.shape)), kind.dtype)


def along_rows(facts: Facts) -> Lines:
    return None if facts.constants.get("axis", UNKNOWN) is None else ("dx += scattered_along(dy, indices, x, axis)",)


def sort_rows(ordering: str) -> Callable[[Facts], Lines]:
    """Each adjoint goes back to the place that its element came from."""

    def rows(facts: Facts) -> Lines:
        axis = facts.constants.get("axis", UNKNOWN)
        if facts.rank("x") == 1 and axis in (-1, 0):
            return (f"dx += scattered(dy, {ordering.replace(', axis=axis', '')}, x.shape)",)
        if axis is None and facts.rank("x") is not None:
            flat = ordering.replace(", axis=axis", "").replace("(x,", "(ravel(x),")
            return (f"dx += reshape(scattered(dy, {flat}, x.size), x.shape)",)
        return None if axis is None else (f"dx += scattered_along(dy, {ordering}, x, axis)",)

    return rows


def sorted_shape(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("x"))
    return Kind((operands.fresh(),), kind.dtype) if kind is not None and operands.literal("axis") is None else kind


def choice_rows(facts: Facts) -> Lines:
    """`np.choose(i, [a, b])`, entry by entry; nothing goes to what was not chosen."""
    parts = [name for name in facts.parts if name.startswith("xs")]
    shape = facts.shapes.get("xs")
    if not parts and isinstance(facts.kinds.get("xs"), Kind) and shape:
        modes = {"raise": "asarray(i)", "wrap": "asarray(i) % xs.shape[0]", "clip": "clip(i, 0, xs.shape[0] - 1)"}
        place, rank = modes.get(str(facts.constants.get("mode", UNKNOWN))), len(shape) - 1
        if not is_left_out(facts, "out") or place is None or facts.rank("i") not in (0, rank):
            return None
        marks = f"[:{', None' * rank}]" if rank else ""
        return f"place = {place}", f"dxs += where(arange(xs.shape[0]){marks} == place, dy, 0)"
    modes = {"raise": "asarray(i)", "wrap": f"asarray(i) % {len(parts)}", "clip": f"clip(i, 0, {len(parts) - 1})"}
    place = modes.get(str(facts.constants.get("mode", UNKNOWN)))
    if not is_left_out(facts, "out") or place is None or not parts:
        return None
    return f"place = {place}", *(f"d{name} += unbroadcast(where(place == {k}, dy, 0), {name})" for k, name in enumerate(parts))


def select_rows(facts: Facts) -> Lines:
    """The first condition that holds, entry by entry."""
    parts = [name for name in facts.parts if name.startswith("xs")]
    tests = [name for name in facts.parts if name.startswith("tests")]
    if len(parts) != len(tests) or not parts:
        return None
    others = [f"invert({test})" if facts.rank(test) else f"logical_not({test})" for test in tests]  # ~True is -2
    lines = []
    for k, name in enumerate(parts):
        held = " & ".join([*others[:k], tests[k]])
        lines.append(f"d{name} += unbroadcast(where({held}, dy, 0), {name})")
    if "otherwise" in facts.active:
        held = " & ".join(others)
        lines.append(f"dotherwise += unbroadcast(where({held}, dy, 0), otherwise)")
    return tuple(lines)


def chosen(index: str) -> Callable[[Operands], AnyKind]:
    """Operands of lists broadcast against each other."""

    def shape(operands: Operands) -> AnyKind:
        items = operands.kind("xs")
        first = operands.kind(index)
        if not isinstance(items, Holder) or items.items is None:
            return Kind(None)
        kinds = [array_of(kind) for kind in items.items]
        kinds += [array_of(first)] if not isinstance(first, Holder) else [array_of(kind) for kind in first.items or (None,)]
        shapes: list[Shape | None] = [None if kind is None else kind.shape for kind in kinds]
        values = joined_all(items.items)
        return Kind(broadcast(*shapes), values.dtype if isinstance(values, Kind) else "float")

    return shape


def slope_between(facts: Facts, values: str = "fp[{}]", knots: str = "xp") -> str:
    """The slope of a table between two of its places; whole numbers are divided first, since they may wrap."""
    step, (low, high) = f"({knots}[i + 1] - {knots}[i])", map(values.format, ("i", "i + 1"))
    return f"{high} / {step} - {low} / {step}" if facts.dtype("fp") in ("int", "bool") else f"({high} - {low}) / {step}"


def around(facts: Facts) -> tuple[str, ...]:
    """What np.interp does with a period: the table goes on at both ends. `around` are the places in it that `knots` come from."""
    return (
        "order = argsort(xp % period)", "table = (xp % period)[order]",
        "knots = concatenate((table[-1:] - period, table, table[:1] + period))",
        "around = concatenate((order[-1:], order, order[:1]))",
        "i = clip(searchsorted(knots, x % period, side='right') - 1, 0, knots.size - 2)",
        f"slope = {slope_between(facts, 'fp[around[{}]]', 'knots')}",
        "share = (x % period - knots[i]) / (knots[i + 1] - knots[i])",
    )


def interp_rows(facts: Facts) -> Lines:
    """Piecewise linear: 0 beyond the ends, the slope to the right at a point of the table."""
    if facts.rank("xp") != 1 or facts.rank("fp") != 1:
        return None
    if not is_left_out(facts, "period"):
        low, high = "scattered(dy * {0}(1 - share), around[i], {1}.shape)", "scattered(dy * {0}share, around[i + 1], {1}.shape)"
        values, knots = (f"{low.format(*part)} + {high.format(*part)}" for part in (("", "fp"), ("slope * ", "xp")))
        return None if "period" in facts.active else (*around(facts), "dx += dy * slope", f"dfp += {values}", f"dxp -= {knots}")
    own = "dy" if is_left_out(facts, "left", "right") else "down"
    lines = [
        "i = clip(searchsorted(xp, x, side='right') - 1, 0, xp.size - 2)",
        "inside = (x >= xp[0]) & (x <= xp[-1])",
        f"slope = where(inside, {slope_between(facts)}, 0)",
        "share = clip((x - xp[i]) / (xp[i + 1] - xp[i]), 0, 1)",
        "dx += dy * slope",
        f"dfp += scattered({own} * (1 - share), i, fp.shape) + scattered({own} * share, i + 1, fp.shape)",
        "dxp -= scattered(dy * slope * (1 - share), i, xp.shape) + scattered(dy * slope * share, i + 1, xp.shape)",
    ]
    if own == "down":
        ends = [("left", "x < xp[0]"), ("right", "x > xp[-1]")]
        given = [(name, test) for name, test in ends if not is_left_out(facts, name)]
        lines.insert(4, f"down = where({' | '.join(f'({test})' for _, test in given)}, 0, dy)")
        lines += [f"d{name} += array_sum(where({test}, dy, 0))" for name, test in given]
    return tuple(lines)


def unique_rows(facts: Facts) -> Lines:
    """Equal elements share evenly."""
    flags = ("return_index", "return_inverse", "return_counts")
    if facts.constants.get("axis", UNKNOWN) is not None or any(facts.constants.get(flag) is not False for flag in flags):
        return None
    return (
        "i = reshape(searchsorted(y, x), x.shape)", "dx += (dy / astype(bincount(ravel(i)), x.dtype))[i]",
    )


def unwrap_rows(facts: Facts) -> Lines:
    return ("dx += dy",)


HELPERS: Mapping[str, str] = {
    "axis_index": '''\
def axis_index(index, axis):
    """The index of a whole array that picks along one axis."""
    return (slice(None),) * axis + (index,)
''',
    "scattered_along": '''\
def scattered_along(adjoint, indices, x, axis):
    """The adjoint of x in np.take_along_axis(x, indices, axis): elements taken more than once collect all of theirs."""
    whole = np.zeros(np.shape(x), adjoint.dtype)
    places = list(np.indices(np.shape(indices), sparse=True))
    places[axis] = indices
    np.add.at(whole, tuple(places), adjoint)
    return whole
''',
}

def item_rows(facts: Facts) -> Lines:
    """The one element, or one by its place: counted through, or by a tuple."""
    if facts.constants.get("i", UNKNOWN) is None:
        return ("dx += dy",) if facts.rank("x") == 0 else ("dx += full(x.shape, dy)",)
    if isinstance(facts.kinds.get("i"), Holder):
        return ("dx += placed(dy, i, x.shape)",)
    return ("dx += placed(dy, i, x.shape)",) if facts.rank("x") == 1 else ("dx += reshape(placed(dy, i, x.size), x.shape)",)


def as_lists(operands: Operands) -> AnyKind:
    """Lists of lists, as deep as the array has axes."""
    kind = array_of(operands.kind("x"))
    if kind is None or kind.shape is None:
        return None
    found: AnyKind = Kind((), kind.dtype)
    for _ in kind.shape:
        found = Holder(None, found)
    return found


def distinct_elements(operands: Operands) -> AnyKind:
    """The distinct elements in a row, or along an axis, and as many more arrays as are asked for, in NumPy's order."""
    x, length = array_of(operands.kind("x")), operands.fresh()
    dtype, rows = _dtype_of(operands), Kind((length,), "int")
    flags = [operands.literal(name) for name in ("return_index", "return_inverse", "return_counts")]
    if any(flag not in (True, False) for flag in flags):
        return None
    elements = Kind((length,) if operands.literal("axis") is None else None, dtype)
    if not any(flags):
        return elements
    inverse = Kind(x.shape if x is not None and x.shape is not None and len(x.shape) == 1 else None, "int")
    asked = [kind for kind, flag in zip((rows, inverse, rows), flags, strict=True) if flag]
    return Holder((elements, *asked))


def index_arrays(operands: Operands, count: int | None) -> AnyKind:
    each = Kind((operands.fresh(),), "int")
    return Holder(None, each) if count is None else Holder((each,) * count)


def by_axis(operands: Operands) -> AnyKind:
    """An array of places for each axis."""
    shape = shape_as_array(operands.kind("x"))
    return index_arrays(operands, None if shape is None else len(shape))


def listed_rows(facts: Facts) -> Lines:
    rank = facts.rank("x")
    return None if rank is None else ("dx += asarray(dparts)",) if rank else ("dx += dparts",)


SORTED = "argsort(x, axis=axis, kind='stable')"

ROWS: tuple[Row, ...] = (
    made("y = take(x, indices, axis=None, out=None, mode='raise')", take_rows, shape=picked),
    made("y = take_along_axis(x, indices, axis=-1)", along_rows,
         shape=lambda operands: Kind(shape_as_array(operands.kind("indices")), _dtype_of(operands))),
    made("y = compress(mask, x, axis=None, out=None)", compress_rows, shape=kept, carries="x"),
    made("y = extract(mask, x)", lambda facts: ("dx += reshape(scattered(dy, flatnonzero(mask), x.size), x.shape)",),
         shape=lambda operands: Kind((operands.fresh(),), _dtype_of(operands)), carries="x"),
    made("y = choose(i, xs, out=None, mode='raise')", choice_rows, shape=chosen("i"), carries="xs"),
    made("y = select(tests, xs, otherwise=0)", select_rows, shape=chosen("tests"), carries="xs otherwise"),
    made("y = sort(x, axis=-1, kind=None, order=None)", sort_rows(SORTED), shape=sorted_shape),
    made("y = partition(x, kth, axis=-1, kind='introselect', order=None)", sort_rows("argpartition(x, kth, axis=axis)"),
         shape=like("x"), carries="x"),
    *passive("y = argsort(x, axis=-1, kind=None, order=None)", "y = argpartition(x, kth, axis=-1)",
             shape=lambda operands: _whole_like(operands, "x")),
    made("y = interp(x, xp, fp, left=None, right=None, period=None)", interp_rows, shape=like("x")),
    *passive("y = searchsorted(a, v, side='left')", shape=lambda operands: _whole_like(operands, "v")),
    *passive("y = digitize(x, bins, right=False)", shape=lambda operands: _whole_like(operands, "x")),
    *passive("y = flatnonzero(x)", "y = bincount(x)",
             shape=lambda operands: Kind((operands.fresh(),), "int")),
    made("y = unique(x, return_index=False, return_inverse=False, return_counts=False, axis=None)", unique_rows,
         shape=distinct_elements),
    made("y = unwrap(x, discont=None, axis=-1, period=None)", unwrap_rows, shape=like("x"), carries="x"),
    *passive("y = isin(a, b)", shape=entrywise("a", dtype="bool")),
    made("y = item(x, i=None)", item_rows, shape=lambda operands: Kind((), _dtype_of(operands)), carries="x"),
    made("parts = tolist(x)", listed_rows, shape=as_lists),
    *passive("y = nonzero(x)", shape=by_axis),
    *passive("y = argwhere(x)", shape=lambda operands: Kind((operands.fresh(), unknown(f"axes of {operands.fresh()}")), "int")),
    *passive("y = tril_indices(n, k=0, m=None)", "y = triu_indices(n, k=0, m=None)", "y = tril_indices_from(x, k=0)",
             "y = triu_indices_from(x, k=0)", "y = diag_indices(n, ndim=2)", shape=lambda operands: index_arrays(operands, 2)),
    *passive("y = diag_indices_from(x)", shape=by_axis),
    *passive("y = lexsort(keys, axis=-1)", shape=lambda operands: Kind((operands.fresh(),), "int")),
    *passive("y = shape_of(x)", shape=lambda operands: Holder(None, Kind((), "int"))),
    *passive("y = size_of(x, axis=None)", "y = rank_of(x)", shape=lambda operands: Kind((), "int")),
)


def _dtype_of(operands: Operands) -> Dtype:
    found = array_of(operands.kind("x"))
    return "float" if found is None else found.dtype


def _whole_like(operands: Operands, name: str) -> AnyKind:
    return Kind(shape_as_array(operands.kind(name)), "int")


OF_A = {"a": "x"}
TOPIC = Topic(
    "What picks, orders or looks up elements", ROWS,
    names={"numpy": {name: name for name in (
        "take", "take_along_axis", "compress", "extract", "choose", "select", "sort", "partition", "argsort", "argpartition",
        "nonzero", "argwhere",
        "tril_indices", "triu_indices", "tril_indices_from", "triu_indices_from", "diag_indices", "diag_indices_from", "lexsort",
        "interp", "searchsorted", "digitize", "flatnonzero", "bincount", "unique", "unwrap", "isin",
    )} | {"shape_of": "shape", "size_of": "size", "rank_of": "ndim"}},
    methods={
        "item": "item", "tolist": "tolist", "nonzero": "nonzero",
        "take": "take", "argsort": "argsort", "argpartition": "argpartition", "searchsorted": "searchsorted",
    },
    helpers=HELPERS,
    keywords={
        "take": OF_A, "take_along_axis": {"arr": "x"}, "compress": {"condition": "mask", "a": "x"},
        "extract": {"condition": "mask", "arr": "x"}, "choose": {"a": "i", "choices": "xs"},
        "select": {"condlist": "tests", "choicelist": "xs", "default": "otherwise"}, "sort": OF_A, "partition": OF_A,
        "argsort": OF_A, "argpartition": OF_A, "tril_indices_from": {"arr": "x"}, "triu_indices_from": {"arr": "x"},
        **dict.fromkeys(("nonzero", "argwhere", "shape_of", "size_of", "rank_of"), OF_A), "unique": {"ar": "x"},
        "unwrap": {"p": "x"},
    },
)
