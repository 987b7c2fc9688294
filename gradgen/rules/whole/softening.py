"""The rows of sums of exponentials: logsumexp, softmax, log_softmax.

Never holds what works number by number (special).
"""
from __future__ import annotations

from gradgen.ir.kinds import AnyKind, Holder, Kind, broadcast
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, array_of, like, real, reduced
from gradgen.rules.whole.reductions import spread
from gradgen.rules.whole.topic import Topic


def logsumexp_lines(facts: Facts) -> tuple[str, ...] | None:
    """The weights are the softmax of what is summed."""
    return weighed(facts, spread(facts)) if facts.constants.get("return_sign") is False else None


def signed_logsumexp_lines(facts: Facts) -> tuple[str, ...] | None:
    """Where the sign is given apart, the logarithm is that of the sum times its sign."""
    if facts.constants.get("return_sign") is not True:
        return None
    return weighed(facts, f"{spread(facts)} * {spread(facts, 's')}") if "y" in facts.used else ("dx += 0", "db += 0")


def weighed(facts: Facts, name: str) -> tuple[str, ...] | None:
    """The adjoint `name` of a sum's logarithm, to what is summed and to the weights."""
    if facts.rank("x") is None or facts.rank("x") == 0 and facts.constants.get("keepdims") is not False:
        return None  # SciPy makes an array of one number of a number
    total = spread(facts, "y")
    if facts.constants.get("b", UNKNOWN) is None:
        return (f"dx += {name} * exp(x - {total})",)
    shape = facts.shapes.get("b")
    if shape is None or facts.shapes["x"] is None:
        return None
    if shape == facts.shapes["x"]:
        return f"dx += {name} * b * exp(x - {total})", f"db += {name} * exp(x - {total})"
    if broadcast(facts.shapes["x"], shape) == facts.shapes["x"]:
        return f"dx += {name} * b * exp(x - {total})", f"db += unbroadcast({name} * exp(x - {total}), b)"
    return None


def along(facts: Facts) -> str | None:
    """How the sum along the axis of a softmax is asked for."""
    axis = facts.constants.get("axis", UNKNOWN)
    if axis is None:
        return ""
    return f", axis={axis}, keepdims=True" if isinstance(axis, int | tuple) else None


def softmax_lines(facts: Facts) -> tuple[str, ...] | None:
    axis = along(facts)
    return None if axis is None else ("weighted = y * dy", f"dx += weighted - y * array_sum(weighted{axis})")


def log_softmax_lines(facts: Facts) -> tuple[str, ...] | None:
    axis = along(facts)
    return None if axis is None else (f"dx += dy - exp(y) * array_sum(dy{axis})",)


def summed_shape(operands: Operands) -> AnyKind:
    kind, is_signed = array_of(operands.kind("x")), operands.literal("return_sign")
    if is_signed not in (True, False):
        return None
    total = reduced(real)(operands) or Kind(None)
    if operands.literal("axis") is None and operands.literal("keepdims") is False and kind is not None:
        total = Kind((), real(kind.dtype))
    return Holder((total, total), None, is_result=True) if is_signed else total


ROWS: tuple[Row, ...] = (
    made(
        "y = logsumexp(x, axis=None, b=None, keepdims=False, return_sign=False)", logsumexp_lines, shape=summed_shape,
        carries="x b",
    ),
    made(
        "y, s = logsumexp(x, axis=None, b=None, keepdims=False, return_sign=False)", signed_logsumexp_lines, shape=summed_shape,
        carries="x b",
    ),
    made("y = softmax(x, axis=None)", softmax_lines, shape=like("x")),
    made("y = log_softmax(x, axis=None)", log_softmax_lines, shape=like("x")),
)

TOPIC = Topic(
    "Sums of exponentials", ROWS,
    names={"scipy.special": {"logsumexp": "logsumexp", "softmax": "softmax", "log_softmax": "log_softmax"}},
    keywords={"logsumexp": {"a": "x"}},
)
