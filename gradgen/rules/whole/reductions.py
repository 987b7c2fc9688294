"""The rows of reductions: sums, means, products, largest and smallest elements.

Never holds what keeps the shape.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made, passive
from gradgen.rules.shapes import (
    UNKNOWN,
    axes_of,
    counted,
    real,
    reduced,
)
from gradgen.rules.whole.topic import Topic

Lines = tuple[str, ...] | None


def is_left_out(facts: Facts, *names: str) -> bool:
    """Whether optional operands are surely None, or no operands of the function at all."""
    return all(name not in facts.shapes or facts.constants.get(name, UNKNOWN) is None for name in names)


def spread(facts: Facts, name: str = "dy", operand: str = "x") -> str:
    """What a reduction's result is called where it meets its operand again: with an axis of length 1 for each that it lost."""
    rank, axis = facts.rank(operand), facts.constants.get("axis", UNKNOWN)
    keepdims = facts.constants.get("keepdims", False)
    axes = axes_of(axis, rank) if rank is not None and axis is not UNKNOWN else None
    if rank is None or axes is None or keepdims not in (True, False):
        return f"unreduce({name}, {operand}, axis, keepdims)"
    if keepdims or len(axes) == rank or set(axes) == set(range(len(axes))):
        return name
    marks = ["None" if i in axes else ":" for i in range(rank)]
    while marks and marks[-1] == ":":
        marks.pop()
    return f"{name}[{', '.join(marks)}]"


def along(facts: Facts) -> str:
    """The keywords with which a reduction of an array like the operand keeps the axes that it takes."""
    return "" if facts.constants.get("axis", UNKNOWN) is None else ", axis=axis, keepdims=True"


def keeping(facts: Facts) -> str:
    """The keywords with which a reduction of an array like the operand has the result's shape."""
    axis = "" if facts.constants.get("axis", UNKNOWN) is None else ", axis=axis"
    return axis + ("" if facts.constants.get("keepdims", False) is False else ", keepdims=keepdims")


def of_axis(facts: Facts) -> str:
    """The argument that names the axis to a helper."""
    return "" if facts.constants.get("axis", UNKNOWN) is None else ", axis"


def count(facts: Facts, operand: str = "x") -> str:
    """How many elements each result of a reduction comes from."""
    rank, axis = facts.rank(operand), facts.constants.get("axis", UNKNOWN)
    if axis is None:
        return f"{operand}.size"
    axes = axes_of(axis, rank) if rank is not None and axis is not UNKNOWN else None
    if axes is not None and len(axes) == rank:
        return f"{operand}.size"
    return f"{operand}.shape[{axes[0]}]" if axes is not None and len(axes) == 1 else f"({operand}.size / y.size)"


def mask_of(facts: Facts) -> str | None:
    """`where` in the operand's own shape, so that counts along it are those of the operand; None where it is not known."""
    shape, own = facts.shapes.get("where"), facts.shapes.get("x")
    if shape is None or own is None:
        return None
    is_own = len(shape) == len(own) and all(n == m or not n.may_be_one for n, m in zip(shape, own, strict=True))
    return "where" if is_own else "broadcast_to(where, x.shape)"


def sum_rows(facts: Facts) -> Lines:
    if not is_left_out(facts, "out"):
        return None
    initial = () if is_left_out(facts, "initial") else ("dinitial += array_sum(dy)",)
    if is_left_out(facts, "where"):
        return f"dx += {spread(facts)}", *initial
    return f"dx += where(where, {spread(facts)}, 0)", *initial


def mean_rows(facts: Facts) -> Lines:
    if not is_left_out(facts, "out"):
        return None
    if is_left_out(facts, "where"):
        return (f"dx += {spread(facts)} / {count(facts)}",)
    mask = mask_of(facts)
    if mask is None:
        return None
    return f"kept = astype({mask}, x.dtype)", f"dx += {spread(facts)} * kept / array_sum(kept{along(facts)})"


def of_numbers(rows: Callable[[Facts], Lines], slope: int = 1) -> Callable[[Facts], Lines]:
    """The rows of a reduction of a single number: of slope 1, or 0 for what tells how far elements lie apart."""

    def lines(facts: Facts) -> Lines:
        is_plain = facts.rank("x") == 0 and is_left_out(facts, "out", "initial", "where", "weights")
        return (f"dx += {'dy' if slope else 0}",) if is_plain else rows(facts)

    return lines


def prod_rows(facts: Facts, kept: str = "x") -> Lines:
    """What is left out counts as 1."""
    if not is_left_out(facts, "out"):
        return None
    is_whole = is_left_out(facts, "where")
    kept = kept if is_whole else f"where(where, {kept}, 1)"
    lines = () if kept == "x" else (f"kept = {kept}",)
    kept = "kept" if lines else "x"
    slope = f"{spread(facts)} * product_of_others({kept}{of_axis(facts)})"
    if is_left_out(facts, "initial"):
        return *lines, f"dx += {slope}" if is_whole else f"dx += where(where, {slope}, 0)"
    slope = slope.replace(" * ", " * initial * ", 1)
    if facts.rank("initial") != 0:
        return None
    return (
        *lines, f"dx += {slope}" if is_whole else f"dx += where(where, {slope}, 0)",
        f"dinitial += array_sum(dy * array_prod({kept}{keeping(facts)}))",
    )


def extreme_rows(facts: Facts) -> Lines:
    """The largest or smallest: ties share evenly."""
    if not is_left_out(facts, "out"):
        return None
    held = f"x == {spread(facts, 'y')}"
    if not is_left_out(facts, "where"):
        if mask_of(facts) is None:
            return None
        held = f"({held}) & where"
    counted = f"array_sum(held{along(facts)}, dtype=x.dtype)"
    lines = f"held = {held}", f"dx += {spread(facts)} / {counted} * held"
    if is_left_out(facts, "initial"):
        return lines
    count = f"array_sum(held{keeping(facts)})"
    return (
        lines[0], f"dx += {spread(facts)} * held / maximum({counted}, 1)",
        f"dinitial += array_sum(where({count} == 0, dy, 0))",
    )


def range_rows(facts: Facts) -> Lines:
    if not is_left_out(facts, "out"):
        return None
    keeping = "x" if not along(facts) else "x, axis=axis, keepdims=True"
    return (
        f"top = astype(x == array_max({keeping}), x.dtype)", f"bottom = astype(x == array_min({keeping}), x.dtype)",
        f"dx += {spread(facts)} * (top / array_sum(top{along(facts)}) - bottom / array_sum(bottom{along(facts)}))",
    )


HELPERS: Mapping[str, str] = {
    "product_of_others": '''\
def product_of_others(x, axis=None):
    """For each element the product of all the others along the axes; right where some of them are 0."""
    x = np.asarray(x)
    axes = tuple(range(x.ndim)) if axis is None else tuple(i % x.ndim for i in (axis if np.ndim(axis) else (axis,)))
    last = np.moveaxis(x, axes, range(x.ndim - len(axes), x.ndim))
    rows = last.reshape(last.shape[: x.ndim - len(axes)] + (np.prod(last.shape[x.ndim - len(axes) :], dtype=int),))
    before, after = np.ones_like(rows), np.ones_like(rows)
    before[..., 1:] = np.cumprod(rows[..., :-1], axis=-1)
    after[..., :-1] = np.cumprod(rows[..., :0:-1], axis=-1)[..., ::-1]
    return np.moveaxis((before * after).reshape(last.shape), range(x.ndim - len(axes), x.ndim), axes)
''',
}

ROWS: tuple[Row, ...] = (
    made("y = array_sum(x, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None)", sum_rows,
         shape=reduced()),
    made("y = mean(x, axis=None, dtype=None, out=None, keepdims=False, where=None)", of_numbers(mean_rows), shape=reduced(real)),
    made("y = array_prod(x, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None)", of_numbers(prod_rows),
         shape=reduced()),
    made("y = array_max(x, axis=None, out=None, keepdims=False, initial=None, where=None)", of_numbers(extreme_rows),
         shape=reduced()),
    made("y = array_min(x, axis=None, out=None, keepdims=False, initial=None, where=None)", of_numbers(extreme_rows),
         shape=reduced()),
    made("y = ptp(x, axis=None, out=None, keepdims=False)", of_numbers(range_rows, 0), shape=reduced()),
    *passive("y = argmax(x, axis=None, out=None, keepdims=False)", "y = argmin(x, axis=None, out=None, keepdims=False)",
             "y = nanargmax(x, axis=None, out=None, keepdims=False)", "y = nanargmin(x, axis=None, out=None, keepdims=False)",
             "y = count_nonzero(x, axis=None, keepdims=False)", shape=reduced(counted("int"))),
    *passive("y = array_all(x, axis=None, out=None, keepdims=False)", "y = array_any(x, axis=None, out=None, keepdims=False)",
             shape=reduced(counted("bool"))),
)

OF_A = {"a": "x"}
TOPIC = Topic(
    "Reductions", ROWS,
    names={
        "numpy": {
            "array_sum": "sum", "mean": "mean", "array_prod": "prod", "array_max": "max amax", "array_min": "min amin",
            "ptp": "ptp", "argmax": "argmax", "argmin": "argmin", "nanargmax": "nanargmax", "nanargmin": "nanargmin",
            "count_nonzero": "count_nonzero", "array_all": "all", "array_any": "any",
        },
    },
    methods={
        "sum": "array_sum", "mean": "mean", "prod": "array_prod", "max": "array_max", "min": "array_min", "argmax": "argmax",
        "argmin": "argmin", "all": "array_all", "any": "array_any",
    },
    helpers=HELPERS,
    keywords=dict.fromkeys((
        "array_sum", "mean", "array_prod", "array_max", "array_min", "ptp", "argmax", "argmin", "nanargmax", "nanargmin",
        "count_nonzero", "array_all", "array_any",
    ), OF_A),
)
