"""The rows of reductions: sums, means, largest and smallest elements.

Never holds what keeps the shape.
"""
from __future__ import annotations

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


def count(facts: Facts, operand: str = "x") -> str:
    """How many elements each result of a reduction comes from."""
    rank, axis = facts.rank(operand), facts.constants.get("axis", UNKNOWN)
    if rank == 0:
        return "1"
    if axis is None:
        return f"{operand}.size"
    axes = axes_of(axis, rank) if rank is not None and axis is not UNKNOWN else None
    if axes is None:
        return f"({operand}.size / y.size)"
    return " * ".join(f"{operand}.shape[{each}]" for each in axes) if len(axes) == 1 else f"({operand}.size / y.size)"


def sum_rows(facts: Facts) -> tuple[str, ...] | None:
    return (f"dx += {spread(facts)}",)


def mean_rows(facts: Facts) -> tuple[str, ...] | None:
    return (f"dx += {spread(facts)} / {count(facts)}",)


def extreme_rows(facts: Facts) -> tuple[str, ...] | None:
    """The largest or smallest: ties share evenly."""
    held = f"held = astype(x == {spread(facts, 'y')}, x.dtype)"
    if facts.constants.get("axis", UNKNOWN) is None:
        return (held, f"dx += {spread(facts)} * held / array_sum(held)")
    return (held, f"dx += {spread(facts)} * held / array_sum(held, axis=axis, keepdims=True)")


ROWS: tuple[Row, ...] = (
    made("y = array_sum(x, axis=None, dtype=None, out=None, keepdims=False)", sum_rows, shape=reduced()),
    made("y = mean(x, axis=None, dtype=None, out=None, keepdims=False)", mean_rows, shape=reduced(real)),
    made("y = array_max(x, axis=None, out=None, keepdims=False)", extreme_rows, shape=reduced()),
    made("y = array_min(x, axis=None, out=None, keepdims=False)", extreme_rows, shape=reduced()),
    *passive("y = argmax(x, axis=None, out=None, keepdims=False)", "y = argmin(x, axis=None, out=None, keepdims=False)",
             shape=reduced(counted("int"))),
    *passive("y = array_all(x, axis=None, out=None, keepdims=False)", "y = array_any(x, axis=None, out=None, keepdims=False)",
             shape=reduced(counted("bool"))),
)

TOPIC = Topic(
    "Reductions", ROWS,
    names={"numpy": {"array_sum": "sum", "mean": "mean", "array_max": "max amax", "array_min": "min amin", "argmax": "argmax",
        "argmin": "argmin", "array_all": "all", "array_any": "any",
    }},
    methods={
        "sum": "array_sum", "mean": "mean", "max": "array_max", "min": "array_min", "argmax": "argmax", "argmin": "argmin",
        "all": "array_all", "any": "array_any",
    },
)
