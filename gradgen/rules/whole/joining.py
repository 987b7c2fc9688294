"""The rows of what joins arrays to one, and of what cuts one into several.

Never holds what works on a single array.
"""
from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence

from gradgen.ir.kinds import ONE, AnyKind, Dim, Dtype, Holder, Kind, Shape, size, unknown, wider
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, ShapeOf, array_of, axes_of
from gradgen.rules.whole.reductions import Lines, is_left_out
from gradgen.rules.whole.topic import Topic

Place = tuple[int, bool]
"""The axis of the result along which a part lies, and whether it takes a single place there (stack) or a stretch."""
PlaceOf = Callable[[int, object], Place | None]


def joined(facts: Facts, place_of: PlaceOf, marks: Callable[[int, str], str]) -> Lines:
    """A line a part: `dx0 += dy[:n]`, `dx1 += dy[n:]`."""
    lines: list[str] = []
    parts = [name for name in facts.parts if name.startswith("xs")]
    number = 0
    terms: list[str] = []
    for index, name in enumerate(parts):
        rank = facts.rank(name)
        place = None if rank is None else place_of(rank, facts.constants.get("axis", UNKNOWN))
        if rank is None or place is None:
            return None
        axis, is_single = place
        start = " + ".join([*terms, *([str(number)] if number or not terms else [])])
        if is_single:
            number += 1
            cut = start
        else:
            shape = facts.shapes[name]
            own = min(axis, rank - 1)
            dim = shape[own] if shape is not None else ONE
            if dim.terms:
                terms.append(f"{name}.shape[{own}]" if rank > 1 else f"{name}.size")
            else:
                number += dim.const
            end = "" if index == len(parts) - 1 else " + ".join([*terms, *([str(number)] if number or not terms else [])])
            cut = f"{'' if start == '0' else start}:{end}"
        lines.append(f"d{name} += dy[{marks(rank, ', '.join([':'] * axis + [cut]))}]")
    return tuple(lines) if parts else None


def plain(rank: int, text: str) -> str:
    return text


def along_axis(rank: int, axis: object) -> Place | None:
    """concatenate: a stretch of the given axis."""
    axes = axes_of(axis, rank) if isinstance(axis, int) and rank else None
    return None if axes is None else (axes[0], False)


def on_new_axis(rank: int, axis: object) -> Place | None:
    """stack: a place of a new axis."""
    return (axis % (rank + 1), True) if isinstance(axis, int) else None


def vertical(rank: int, axis: object) -> Place | None:
    return (0, rank < 2)


def horizontal(rank: int, axis: object) -> Place | None:
    return (0, rank == 0) if rank < 2 else (1, False)


def along_rows(rank: int, axis: object) -> Place | None:
    """`np.r_`, which joins matrices one below the other."""
    return 0, rank == 0


def deep(rank: int, axis: object) -> Place | None:
    return 2, rank < 3


def in_columns(rank: int, axis: object) -> Place | None:
    return (1, rank < 2) if rank < 3 else None


def of_unlisted(facts: Facts, place_of: PlaceOf) -> Lines:
    """A line for the adjoints of parts that are not written out: those in a variable's list, or the rows of an array."""
    kind = facts.kinds.get("xs")
    is_array = isinstance(kind, Kind)
    each = Kind(kind.shape[1:], kind.dtype) if isinstance(kind, Kind) and kind.shape else None
    if isinstance(kind, Holder) and kind.keys is None:
        each = array_of(kind.at(...))
    if each is None or each.shape is None:
        return None
    rank = len(each.shape)
    place = place_of(rank, facts.constants.get("axis", UNKNOWN))
    if place is None:
        return None
    axis, is_single = place
    if rank == 0 and place_of in (in_columns, deep):  # numbers are the only row of a matrix, or of the only one in a stack
        return (f"dxs += {'dy[0]' if place_of is in_columns else 'dy[0, 0]'}",)
    if not is_single:
        parts = f"parts_like(dy, xs, {axis})"
        return (f"dxs += stack({parts})" if is_array else f"dxs += {parts}",)
    whole = "dy[0]" if place_of is deep and rank == 1 else "dy[:, 0]" if place_of is vertical and rank == 0 else "dy"
    axis -= place_of is deep and rank == 1
    return (f"dxs += {whole}" if axis == 0 else f"dxs += moveaxis({whole}, {axis}, 0)",)


def rows_of(place_of: PlaceOf) -> Callable[[Facts], Lines]:
    """The rows of one of the joining functions."""

    def marks(rank: int, text: str) -> str:
        """`dstack` of vectors puts an axis before theirs, `vstack` of numbers one after."""
        if place_of is deep and rank == 1:
            return text.replace(":", "0", 1)
        if place_of in (deep, in_columns) and rank == 0:
            return text.replace(":", "0")
        return f"{text}, 0" if place_of is vertical and rank == 0 else text

    def rows(facts: Facts) -> Lines:
        if not is_left_out(facts, "out"):
            return None
        return joined(facts, place_of, marks) if facts.parts else of_unlisted(facts, place_of)

    return rows


def flat_rows(facts: Facts) -> Lines:
    """`np.concatenate(xs, axis=None)` is that of all elements; only vectors are followed there."""
    if facts.constants.get("axis", UNKNOWN) is None:
        if all(facts.rank(name) == 1 for name in facts.parts) and is_left_out(facts, "out"):
            return joined(facts, lambda rank, axis: (0, False), plain)
        parts = [name for name in facts.parts if name.startswith("xs")]
        ends = [" + ".join(f"{name}.size" for name in parts[:index]) for index in range(len(parts) + 1)]
        pairs = zip(parts, ends, ends[1:], strict=False)
        lines = tuple(f"d{name} += reshape(dy[{start}:{end}], {name}.shape)" for name, start, end in pairs)
        return lines if lines and is_left_out(facts, "out") else None
    return rows_of(along_axis)(facts)


def shape_by(place_of: PlaceOf, widened: Callable[[Shape], Shape] = lambda shape: shape) -> ShapeOf:
    """The shape of the joined arrays."""

    def shape(operands: Operands) -> AnyKind:
        kind, axis = operands.kind("xs"), operands.literal("axis")
        if isinstance(kind, Kind) and kind.shape:
            items: list[AnyKind] = [Kind(kind.shape[1:], kind.dtype)]
        elif isinstance(kind, Holder):
            items = list(kind.items or (kind.element,))
        else:
            return Kind(None)
        arrays = [each for each in map(array_of, items) if each is not None]
        dtype: Dtype = "bool"
        length = Dim()
        first: Shape | None = None
        for each in arrays:
            place = place_of(len(each.shape), axis) if each.shape is not None else None
            if each.shape is None or place is None:
                return Kind(None)
            dims = list(widened(each.shape))
            if place[1] and len(dims) == len(widened(each.shape)) and place_of not in (deep, vertical, in_columns):
                dims.insert(place[0], ONE)
            if place_of is in_columns and place[1]:
                dims = [*dims, *(ONE,) * (2 - len(dims))]
            length = length.plus(dims[place[0]])
            first = tuple(dims) if first is None else first
            dtype = wider(dtype, each.dtype)
        if first is None or len(arrays) < len(items):
            return Kind(None)
        at = place_of(len(arrays[0].shape or ()), axis)
        if not isinstance(kind, Holder) or kind.items is None:
            length = operands.fresh()
        return Kind(tuple(length if at is not None and i == at[0] else dim for i, dim in enumerate(first)), dtype)

    return shape


def flat_shape(operands: Operands) -> AnyKind:
    """`np.concatenate(xs, axis=None)` lays out all elements of all parts in a row."""

    def flat(shape: Shape) -> Shape:
        return shape if len(shape) == 1 else (operands.fresh() if shape else ONE,)

    return shape_by(lambda rank, axis: (0, False), flat)(operands)


def of_rank_two(shape: Shape) -> Shape:
    return (ONE,) * (2 - len(shape)) + shape


def of_rank_three(shape: Shape) -> Shape:
    return shape if len(shape) > 2 else (*shape, ONE) if len(shape) == 2 else (ONE, *(shape or (ONE,)), ONE)


HELPERS: Mapping[str, str] = {
    "joined_row": '''\
def joined_row(parts):
    """Numbers and vectors one after the other, as np.r_ puts them."""
    return np.r_[tuple(parts)]
''',
    "joined_columns": '''\
def joined_columns(parts):
    """Vectors and matrices side by side, as np.c_ puts them."""
    return np.c_[tuple(parts)]
''',
    "block_row": '''\
def block_row(parts):
    """One row of a matrix of blocks."""
    return np.block(list(parts))
''',
    "block_column": '''\
def block_column(parts):
    """The rows of a matrix of blocks, one below the other."""
    return np.vstack(parts)
''',
    "parts_like": '''\
def parts_like(joined, parts, axis):
    """What each part of np.concatenate(parts, axis) has of an array like the result."""
    ends = np.cumsum([np.shape(part)[axis] for part in parts])[:-1]
    return [part.copy() for part in np.split(joined, ends, axis)]
''',
}


def append_rows(facts: Facts) -> Lines:
    rank, axis = facts.rank("x"), facts.constants.get("axis", UNKNOWN)
    if rank == 1 and axis in (None, 0, -1):
        value = "dv += dy[x.size:]" if facts.rank("v") else "dv += dy[x.size]"
        return ("dx += dy[:x.size]", value) if facts.rank("v") in (0, 1) else None
    if axis is None and facts.rank("v") is not None and rank is not None:
        value = "dv += reshape(dy[x.size:], v.shape)" if facts.rank("v") else "dv += dy[x.size]"
        return "dx += reshape(dy[:x.size], x.shape)", value
    axes = axes_of(axis, rank) if rank is not None and axis is not UNKNOWN else None
    if axes is None or len(axes) != 1:
        return None
    before = ", ".join([":"] * axes[0])
    before += ", " if before else ""
    return f"dx += dy[{before}:x.shape[{axes[0]}]]", f"dv += dy[{before}x.shape[{axes[0]}]:]"


def appended(operands: Operands) -> AnyKind:
    kind, added, axis = array_of(operands.kind("x")), array_of(operands.kind("v")), operands.literal("axis")
    if kind is None or kind.shape is None or added is None or added.shape is None or axis is UNKNOWN:
        return Kind(None)
    if axis is None:
        if len(kind.shape) == 1 and len(added.shape) < 2:
            return Kind((kind.shape[0].plus(added.shape[0] if added.shape else ONE),), kind.dtype)
        return Kind((operands.fresh(),), kind.dtype)
    axes = axes_of(axis, len(kind.shape)) or ()
    pairs = enumerate(zip(kind.shape, added.shape, strict=False))
    return Kind(tuple(a.plus(b) if i in axes else a for i, (a, b) in pairs), kind.dtype)


def split_rows(axis: int | None) -> Callable[[Facts], Lines]:
    def rows(facts: Facts) -> Lines:
        at = facts.constants.get("axis", UNKNOWN) if axis is None else axis
        if axis == 1 and facts.rank("x") == 1:
            at = 0
        if at == 0:
            return ("dx += concatenate(dparts)",)
        return ("dx += concatenate(dparts, axis=axis)",) if axis is None else (f"dx += concatenate(dparts, axis={at})",)

    return rows


def cut(axis: int | None, are_equal: bool = True) -> ShapeOf:
    """The parts that an array is cut into: as many as are asked for."""

    def shape(operands: Operands) -> AnyKind:
        kind, sections = array_of(operands.kind("x")), operands.literal("n")
        at = operands.literal("axis") if axis is None else axis
        if kind is None or kind.shape is None:
            return Holder(None, Kind(None))
        if axis == 1 and len(kind.shape) == 1:
            at = 0
        axes = axes_of(at, len(kind.shape)) if isinstance(at, int) else None
        if axes is None:
            return Holder(None, Kind(None))
        if isinstance(sections, int) and not isinstance(sections, bool):
            lengths = [operands.fresh() if are_equal else unknown(f"{operands.fresh()}.{index}") for index in range(sections)]
            return Holder(tuple(
                Kind(tuple(length if i in axes else dim for i, dim in enumerate(kind.shape)), kind.dtype) for length in lengths
            ))
        if not isinstance(sections, tuple):
            return Holder(None, Kind(None))
        return Holder(tuple(_between(kind, axes[0], sections, i, operands) for i in range(len(sections) + 1)))

    return shape


def unstacked(operands: Operands) -> AnyKind:
    """The slices of an array along an axis."""
    kind, axis = array_of(operands.kind("x")), operands.literal("axis")
    axes = axes_of(axis, len(kind.shape)) if kind is not None and kind.shape and isinstance(axis, int) else None
    if kind is None or not kind.shape or axes is None:
        return Holder(None, Kind(None))
    each = Kind(tuple(dim for i, dim in enumerate(kind.shape) if i not in axes), kind.dtype)
    length = kind.shape[axes[0]]
    return Holder(None, each) if length.terms else Holder((each,) * length.const)


def _between(kind: Kind, axis: int, ends: Sequence[object], index: int, operands: Operands) -> Kind:
    assert kind.shape is not None
    bounds = [0, *ends, None]
    low, high = bounds[index], bounds[index + 1]
    dims = list(kind.shape)
    if isinstance(low, int) and low >= 0 and isinstance(high, int) and high >= low:
        dims[axis] = unknown(f"{operands.fresh()}.{index}")
    elif isinstance(low, int) and low >= 0 and high is None:
        dims[axis] = dims[axis].plus(size(low), -1)
    else:
        dims[axis] = unknown(f"{operands.fresh()}.{index}")
    return Kind(tuple(dims), kind.dtype)


def of_blocks(rows: Callable[[Facts], Lines]) -> Callable[[Facts], Lines]:
    """Beside matrices, vectors and numbers are rows of their own: matrices of one row."""

    def in_row(rank: int, axis: object) -> Place | None:
        return 1, rank == 0

    def lines(facts: Facts) -> Lines:
        ranks = {facts.rank(name) for name in facts.parts}
        if 2 not in ranks or len(ranks) == 1:
            return rows(facts)
        return joined(facts, in_row, lambda rank, text: text.replace(":", "0", 1) if rank < 2 else text)

    return lines


def row_of_blocks(operands: Operands) -> AnyKind:
    kind = operands.kind("xs")
    kinds = [array_of(each) for each in kind.items or ()] if isinstance(kind, Holder) else []
    ranks = {len(each.shape) for each in kinds if each is not None and each.shape is not None}
    found = shape_by(horizontal)(operands)
    if 2 not in ranks or len(ranks) == 1 or None in kinds:
        return found
    dtype = functools.reduce(wider, [each.dtype for each in kinds if each is not None])
    return Kind((ONE, operands.fresh()), dtype)


def flat_only(rows: Callable[[Facts], Lines], most: int, is_even: bool = False) -> Callable[[Facts], Lines]:
    """Rows that hold for parts of no more than so many axes, where it `is_even` also for parts that all have as many."""

    def lines(facts: Facts) -> Lines:
        ranks = [facts.rank(name) for name in facts.parts]
        is_fit = bool(ranks) and all(rank is not None and (rank <= most or is_even and {rank} == set(ranks)) for rank in ranks)
        return rows(facts) if is_fit else None

    return lines


ROWS: tuple[Row, ...] = (
    made("y = joined_row(xs)", flat_only(rows_of(along_rows), 1, is_even=True), shape=shape_by(along_rows)),
    made("y = joined_columns(xs)", flat_only(rows_of(in_columns), 2), shape=shape_by(in_columns)),
    made("y = block_row(xs)", flat_only(of_blocks(rows_of(horizontal)), 2), shape=row_of_blocks),
    made("y = block_column(xs)", flat_only(rows_of(vertical), 2), shape=shape_by(vertical, of_rank_two)),
    made("y = concatenate(xs, axis=0, out=None, dtype=None)", flat_rows,
         shape=lambda operands: flat_shape(operands) if operands.literal("axis") is None else shape_by(along_axis)(operands)),
    made("y = stack(xs, axis=0, out=None, dtype=None)", rows_of(on_new_axis), shape=shape_by(on_new_axis)),
    made("y = vstack(xs, dtype=None)", rows_of(vertical), shape=shape_by(vertical, of_rank_two)),
    made("y = hstack(xs, dtype=None)", rows_of(horizontal), shape=shape_by(horizontal)),
    made("y = dstack(xs)", rows_of(deep), shape=shape_by(deep, of_rank_three)),
    made("y = column_stack(xs)", rows_of(in_columns), shape=shape_by(in_columns)),
    made("y = append(x, v, axis=None)", append_rows, shape=appended),
    made("parts = split(x, n, axis=0)", split_rows(None), shape=cut(None), carries="x"),
    made("parts = array_split(x, n, axis=0)", split_rows(None), shape=cut(None, False), carries="x"),
    made("parts = vsplit(x, n)", split_rows(0), shape=cut(0), carries="x"),
    made("parts = hsplit(x, n)", split_rows(1), shape=cut(1), carries="x"),
    made("parts = dsplit(x, n)", split_rows(2), shape=cut(2), carries="x"),
    made("parts = unstack(x, axis=0)", lambda facts: ("dx += stack(dparts, axis=axis)",), shape=unstacked, carries="x"),
)

TOPIC = Topic(
    "What joins and cuts arrays", ROWS,
    names={"numpy": {
        "concatenate": "concatenate concat", "vstack": "vstack row_stack",
        **{name: name for name in (
            "stack", "hstack", "dstack", "column_stack", "append", "split", "array_split", "vsplit", "hsplit", "dsplit",
            "unstack",
        )},
    }},
    helpers=HELPERS,
    keywords={
        "concatenate": {"arrays": "xs"}, "stack": {"arrays": "xs"}, "vstack": {"tup": "xs"}, "hstack": {"tup": "xs"},
        "dstack": {"tup": "xs"}, "column_stack": {"tup": "xs"}, "append": {"arr": "x", "values": "v"},
        **dict.fromkeys(("split", "array_split", "vsplit", "hsplit", "dsplit"), {"ary": "x", "indices_or_sections": "n"}),
    },
)
