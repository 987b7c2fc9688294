"""The rows of integrals of sampled values: Simpson's rule, and integrals up to each sample.

Never holds integrals of functions, which the transform differentiates.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Kind, size
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, array_of
from gradgen.rules.whole.reductions import Lines, is_left_out
from gradgen.rules.whole.topic import Topic


def axis_of(facts: Facts) -> int | None:
    rank, axis = facts.rank("f"), facts.constants.get("axis", UNKNOWN)
    return axis % rank if rank and isinstance(axis, int) and -rank <= axis < rank else None


def placed(facts: Facts) -> str | None:
    """The keyword that says where the samples are taken."""
    if is_left_out(facts, "t"):
        return "" if facts.constants.get("step", UNKNOWN) in (1, 1.0) else ", dx=step"
    return ", x=t" if facts.rank("t") == 1 else None


def simpson_rows(facts: Facts) -> Lines:
    """The integral is a weighted sum; its weights are the integrals of the unit samples. As the places move it, so do the
    lengths of the stretches between them."""
    rank, axis, where = facts.rank("f"), axis_of(facts), placed(facts)
    if rank is None or axis is None or where is None:
        return None
    marks = ", ".join([":"] + ["None"] * (rank - 1 - axis))
    weights = f"simpson(eye(f.shape[{axis}]){where})" + ("" if marks == ":" else f"[{marks}]")
    spread = "ds" if rank == 1 else f"expand_dims(ds, {axis})"
    by_places = "dstep += ds * s / step" if rank == 1 else "dstep += array_sum(ds * s) / step"
    if "t" in facts.active:
        others = tuple(each for each in range(rank) if each != axis)
        samples = f"{spread} * f" if rank == 1 else f"array_sum({spread} * f, axis={others[0] if len(others) == 1 else others})"
        by_places = f"dt -= diff(pad(by_stretches({samples}, t), 1))"
    return f"df += {spread} * {weights}", by_places


def summed(operands: Operands) -> AnyKind:
    kind, axis = array_of(operands.kind("f")), operands.literal("axis")
    if kind is None or kind.shape is None or not isinstance(axis, int) or not -len(kind.shape) <= axis < len(kind.shape):
        return Kind(None)
    place = axis % len(kind.shape)
    return Kind(kind.shape[:place] + kind.shape[place + 1 :])


def running_rows(facts: Facts) -> Lines:
    """Each stretch between two samples is in all integrals that come after it."""
    axis = axis_of(facts)
    if axis is None or facts.constants.get("initial", UNKNOWN) not in (None, 0, 0.0):
        return None
    first = 0 if is_left_out(facts, "initial") else 1
    if is_left_out(facts, "t"):
        step = "" if facts.constants.get("step", UNKNOWN) in (1, 1.0) else "step * "
        return (
            f"df += {step}stretches_back(stretches_after(ds, {axis}, {first}), {axis})", "dstep += array_sum(ds * s) / step",
        )
    if facts.rank("t") != 1:
        return None
    after = (facts.rank("f") or 0) - 1 - axis
    wide = f"t[{', '.join([':'] + ['None'] * after)}]" if after else "t"
    along = 0 if after else -1
    return (
        f"after = stretches_after(ds, {axis}, {first})",
        f"df += stretches_back(after * diff({wide}, axis={along}), {axis})",
        f"dt -= diff(pad(between_samples(after, f, {axis}), 1))",
    )


def run(operands: Operands) -> AnyKind:
    kind, axis = array_of(operands.kind("f")), operands.literal("axis")
    if kind is None or kind.shape is None or not isinstance(axis, int) or not -len(kind.shape) <= axis < len(kind.shape):
        return Kind(None)
    shape = list(kind.shape)
    if operands.literal("initial") is None:
        shape[axis] = shape[axis].plus(size(-1))
    return Kind(tuple(shape))


def simpson_moved(facts: Facts) -> Lines:
    where, axis = placed(facts), axis_of(facts)
    if where is None or axis is None:
        return None
    samples = "f" if axis == (facts.rank("f") or 0) - 1 else f"moveaxis(f, {axis}, -1)"
    moved = "step_dot / step * s" if is_left_out(facts, "t") else f"by_stretches({samples}, t) @ diff(t_dot)"
    return (f"s_dot = simpson(f_dot{where}{along(facts)}) + {moved}",)


def running_moved(facts: Facts) -> Lines:
    """Linear in the samples, and in the places where they are taken."""
    where = placed(facts)
    if where is None:
        return None
    options = along(facts) + ("" if is_left_out(facts, "initial") else ", initial=0")
    own = f"cumulative_trapezoid(f_dot{where}{options})"
    if is_left_out(facts, "t"):
        return (f"s_dot = {own} + step_dot / step * s",)
    return (f"s_dot = {own} + cumulative_trapezoid(f, x=t_dot{options})",)


def along(facts: Facts) -> str:
    """The keyword that says along which axis; none for the last one."""
    rank = facts.rank("f")
    return "" if rank is None or axis_of(facts) == rank - 1 else ", axis=axis"


HELPERS: Mapping[str, str] = {
    "stretches_after": '''\
def stretches_after(adjoint, axis, first):
    """For each stretch between two samples the sum of the adjoints of the running integrals from its end on."""
    rest = np.moveaxis(adjoint, axis, 0)[first:]
    return np.moveaxis(np.cumsum(rest[::-1], axis=0)[::-1], 0, axis)
''',
    "stretches_back": '''\
def stretches_back(stretches, axis):
    """Half of each stretch's adjoint to the sample at either end."""
    half = np.moveaxis(stretches, axis, 0) / 2
    ends = np.zeros((len(half) + 1,) + half.shape[1:], half.dtype)
    ends[:-1] += half
    ends[1:] += half
    return np.moveaxis(ends, 0, axis)
''',
    "by_stretches": '''\
def by_stretches(f, t):
    """How the integral scipy.integrate.simpson(f, x=t) moves with the length of each stretch between two samples."""
    h, slopes = np.diff(t), np.zeros(np.shape(f)[:-1] + (len(t) - 1,))
    if len(t) == 2:
        slopes[..., 0] = (f[..., 0] + f[..., 1]) / 2
        return slopes
    end = len(h) - len(h) % 2
    a, b = h[0:end:2], h[1:end:2]
    first, middle, last = f[..., 0:end:2], f[..., 1:end:2] * (a + b) ** 2 / (6 * a * b), f[..., 2 : end + 1 : 2]
    both = (first + last) / 3
    slopes[..., 0:end:2] = both + first * b**2 / (6 * a**2) - last * (2 * a + b) / (6 * b) + middle * (2 * a - b) / a
    slopes[..., 1:end:2] = both + last * a**2 / (6 * b**2) - first * (2 * b + a) / (6 * a) + middle * (2 * b - a) / b
    if end < len(h):  # the last stretch, by the parabola through the last three samples
        a, b, first, middle, last = h[-2], h[-1], f[..., -3], f[..., -2], f[..., -1]
        whole = 6 * (a + b) ** 2
        slopes[..., -2] += (last + first * b * (2 * a + b) / a**2) * b**2 / whole - middle * b**2 / (6 * a**2)
        slopes[..., -1] += last * (2 * b**2 + 4 * a * b + 3 * a**2) / whole + middle * (b / (3 * a) + 0.5)
        slopes[..., -1] -= first * b**2 * (3 * a + 2 * b) / (a * whole)
    return slopes
''',
    "between_samples": '''\
def between_samples(stretches, f, axis):
    """The sum over all other axes of each stretch's adjoint times the mean of the samples at its ends."""
    f, stretches = np.moveaxis(f, axis, 0), np.moveaxis(stretches, axis, 0)
    return np.sum((stretches * (f[1:] + f[:-1]) / 2).reshape(len(stretches), -1), axis=1)
''',
}

ROWS: tuple[Row, ...] = (
    made("s = simpson(f, t=None, step=1.0, axis=-1)", simpson_rows, shape=summed, carries="f t step"),
    made("s = cumulative_trapezoid(f, t=None, step=1.0, axis=-1, initial=None)", running_rows, shape=run, carries="f t step"),
)
SAMPLED = {"y": "f", "x": "t", "dx": "step"}
TOPIC = Topic(
    "Integrals of samples", ROWS,
    names={"scipy.integrate": {"simpson": "simpson", "cumulative_trapezoid": "cumulative_trapezoid"}},
    helpers=HELPERS,
    keywords={"simpson": SAMPLED, "cumulative_trapezoid": SAMPLED},
)
LINEAR: Mapping[str, str] = {"simpson": "f", "cumulative_trapezoid": "f"}
"""By operation: the operands in each of which it is linear."""
MOVING: Mapping[str, Callable[[Facts], Lines]] = {"simpson": simpson_moved, "cumulative_trapezoid": running_moved}
"""The lines of their tangents where more than the samples varies."""
