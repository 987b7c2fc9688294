"""The rows of new arrays: of what there is, of zeros and ones, of numbers in steps.

Never holds what rearranges an array.
"""
from __future__ import annotations

from gradgen.ir.kinds import AnyKind, Kind
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, array, made, passive
from gradgen.rules.shapes import (
    UNKNOWN,
    Operands,
    array_of,
    like,
)
from gradgen.rules.shapes import made as new
from gradgen.rules.whole.topic import Topic


def array_rows(facts: Facts) -> tuple[str, ...] | None:
    """A new array of what there is: lists of numbers hand their elements' adjoints on, arrays all of theirs. What is cut down to
    whole numbers moves in steps."""
    if facts.constants.get("dtype", UNKNOWN) is None:
        return ("dx += dy",)
    match facts.result:
        case Kind(dtype="float" | "complex"):
            return ("dx += dy",)
        case Kind(dtype="int" | "bool"):
            return ("dx += 0",)
    return None


def cast_to(operands: Operands) -> AnyKind:
    """The operand as an array of the dtype asked for, of its own where none is."""
    kind, dtype = array_of(operands.kind("x")), operands.dtype("dtype")
    return kind if kind is None or dtype is None else Kind(kind.shape, dtype)


def cast_rows(facts: Facts) -> tuple[str, ...] | None:
    """What is cut down to whole numbers moves in steps."""
    match facts.result:
        case Kind(dtype="float"):
            return ("dx += astype(dy, x.dtype)",) if facts.dtype("x") == "float" else ("dx += dy",)
        case Kind(dtype="int" | "bool"):
            return ("dx += 0",)
    return None


def stepped(operands: Operands) -> AnyKind:
    return Kind((operands.fresh(),))


def as_array(operands: Operands) -> AnyKind:
    return array_of(operands.kind("x"))


ROWS: tuple[Row, ...] = (
    made("y = astype(x, dtype)", cast_rows, shape=cast_to),
    array("y = array_copy(x, order='C')", "dx += dy", shape=as_array, cost=4),
    made("y = asarray(x, dtype=None, order=None)", array_rows, shape=cast_to),
    made("y = array(x, dtype=None, copy=True, order='K', subok=False)", array_rows, shape=cast_to),
    *passive("y = zeros(shape, dtype=None)", "y = ones(shape, dtype=None)", "y = empty(shape, dtype=None)", shape=new()),
    array("y = full(shape, x, dtype=None)", "dx += array_sum(dy)", "dshape += 0", shape=new()),
    *passive("y = zeros_like(x, dtype=None)", "y = ones_like(x, dtype=None)", "y = empty_like(x, dtype=None)", shape=like("x")),
    *passive("y = arange(start, stop=None, step=None, dtype=None)", "y = linspace(start, stop, num=50)", shape=stepped),
    *passive("y = eye(n, m=None, k=0, dtype=None)", shape=lambda operands: Kind((operands.fresh(), operands.fresh()))),
)

TOPIC = Topic(
    "New arrays", ROWS,
    names={"numpy": {
        "array_copy": "copy", "asarray": "asarray", "array": "array", "zeros": "zeros", "ones": "ones", "empty": "empty",
        "full": "full", "zeros_like": "zeros_like", "ones_like": "ones_like", "empty_like": "empty_like", "arange": "arange",
        "linspace": "linspace", "eye": "eye",
    }},
    methods={"copy": "array_copy", "astype": "astype"},
)
