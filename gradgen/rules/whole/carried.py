"""The rows of the helpers that generated modules carry, so that generated code is differentiated like any other.

Never holds operations that a user writes.
"""
from __future__ import annotations

from gradgen.ir.kinds import AnyKind, Kind
from gradgen.rules.rows import Row, array
from gradgen.rules.shapes import Operands, like
from gradgen.rules.whole.topic import Topic


def shaped(operands: Operands) -> AnyKind:
    """An array of the shape that is an operand."""
    return Kind(operands.dims("shape"))


ROWS: tuple[Row, ...] = (
    array("y = unbroadcast(adjoint, value)", "dadjoint += full(adjoint.shape, dy)", "dvalue += 0", shape=like("value")),
    array(
        "y = unreduce(adjoint, value, axis=None, keepdims=False)",
        "dadjoint += reshape(array_sum(dy, axis=axis, keepdims=True), adjoint.shape)", "dvalue += 0", shape=like("value"),
    ),
    array("y = scattered(adjoint, index, shape)", "dadjoint += dy[index]", "dshape += 0", "dindex += 0", shape=shaped),
    array("y = checked_tangent(value, tangent)", "dtangent += dy", "dvalue += 0", shape=like("value")),
)

TOPIC = Topic(
    "Helpers of generated code", ROWS,
    helpers={
        "checked_tangent": '''\
def checked_tangent(value, tangent):
    """A new array of a tangent's floats; ValueError where it has not the shape of the value that it is the tangent of."""
    tangent = np.array(tangent, dtype=float)
    if tangent.shape != np.shape(value):
        raise ValueError(f"a tangent of the shape {tangent.shape} for a value of the shape {np.shape(value)}")
    return tangent
''',
    },
)
