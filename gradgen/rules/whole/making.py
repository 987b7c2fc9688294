"""The rows of new arrays: of what there is, of zeros and ones, of numbers in steps.

Never holds what rearranges an array.
"""
from __future__ import annotations

from collections.abc import Callable

from gradgen.ir.kinds import ONE, AnyKind, Dim, Holder, Kind, broadcast, size
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, array, made, passive
from gradgen.rules.shapes import (
    UNKNOWN,
    Operands,
    array_of,
)
from gradgen.rules.shapes import made as new
from gradgen.rules.whole.reductions import Lines
from gradgen.rules.whole.topic import Topic


def array_rows(facts: Facts) -> Lines:
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


def new_array_rows(facts: Facts) -> Lines:
    """`np.array(x, ndmin=2)` has axes of length 1 more in front."""
    own, least = facts.rank("x"), facts.constants.get("ndmin", UNKNOWN)
    if least == 0 or type(least) is int and own is not None and own >= least:
        return array_rows(facts)
    lines = array_rows(facts) if type(least) is int and own is not None else None
    return None if lines is None else tuple(
        line.replace("+= dy", "+= reshape(dy, x.shape)" if own else "+= array_sum(dy)") for line in lines
    )


def of_so_many_axes(operands: Operands) -> AnyKind:
    kind, least = cast_to(operands), operands.literal("ndmin")
    if not isinstance(kind, Kind) or kind.shape is None or least == 0:
        return kind
    return Kind((ONE,) * (least - len(kind.shape)) + kind.shape, kind.dtype) if type(least) is int else Kind(None)


def contiguous_rows(facts: Facts) -> Lines:
    """As of `np.asarray`; a number becomes an array of one."""
    return ("dx += dy[0]",) if facts.rank("x") == 0 else array_rows(facts)


def in_a_row(operands: Operands) -> AnyKind:
    """The operand as an array of one axis at least."""
    kind = cast_to(operands)
    return Kind((size(1),), kind.dtype) if isinstance(kind, Kind) and kind.shape == () else kind


def cast_to(operands: Operands) -> AnyKind:
    """The operand as an array of the dtype asked for, of its own where none is."""
    kind, dtype = array_of(operands.kind("x")), operands.dtype("dtype")
    return kind if kind is None or dtype is None else Kind(kind.shape, dtype)


def cast_rows(facts: Facts) -> Lines:
    """What is cut down to whole numbers moves in steps."""
    match facts.result:
        case Kind(dtype="float") if facts.dtype("x") != "complex":
            is_narrowed = facts.dtype("x") == "float" and facts.rank("x") != 0
            return ("dx += astype(dy, x.dtype)",) if is_narrowed else ("dx += dy",)
        case Kind(dtype="complex"):
            return ("dx += dy",)
        case Kind(dtype="int" | "bool"):
            return ("dx += 0",)
    return None


def full_rows(facts: Facts) -> Lines:
    """The one value collects from everywhere; of an array that is broadcast each element does."""
    match facts.result:
        case Kind(dtype="float" | "complex"):
            return ("dx += array_sum(dy)",) if facts.rank("x") == 0 else ("dx += unbroadcast(dy, x)",)
        case Kind(dtype="int" | "bool"):
            return ("dx += 0",)
    return None


def full_like_rows(facts: Facts) -> Lines:
    return full_rows(facts)


def filled(operands: Operands) -> AnyKind:
    """An array of the dimensions named; its dtype is the value's where none is named."""
    value = array_of(operands.kind("x"))
    dtype = operands.dtype("dtype") or (value.dtype if value is not None else "object")
    return Kind(operands.dims("shape"), dtype)


def filled_like(operands: Operands) -> AnyKind:
    """An array like another, of its dtype."""
    kind = array_of(operands.kind("a"))
    return None if kind is None else Kind(kind.shape, operands.dtype("dtype") or kind.dtype)


def spaced(name: str) -> Callable[[Facts], Lines]:
    """Evenly spaced numbers from `start` to `stop`: each lies at a fixed share of the way."""

    def rows(facts: Facts) -> Lines:
        if facts.constants.get("retstep", False) is not False:
            return None
        if name == "linspace" and facts.rank("start") != facts.rank("stop") or facts.rank("start"):
            return spaced_arrays(facts) if name == "linspace" else None
        if facts.rank("start") != 0 or facts.rank("stop") != 0:
            return None
        end = "" if facts.constants.get("endpoint", UNKNOWN) is True else ", endpoint=endpoint"
        share = f"share = linspace(0, 1, num{end})"
        match name:
            case "linspace":
                return share, "dstart += array_sum(dy * (1 - share))", "dstop += array_sum(dy * share)"
            case "logspace":
                scaled = "dy * y * log(base)"
                return share, f"dstart += array_sum({scaled} * (1 - share))", f"dstop += array_sum({scaled} * share)"
        return (
            share, "dstart += array_sum(dy * y * (1 - share)) / start", "dstop += array_sum(dy * y * share) / stop",
        )

    return rows


def spaced_arrays(facts: Facts) -> Lines:
    """Arrays of numbers, evenly spaced along an axis of their own."""
    axis = facts.constants.get("axis", UNKNOWN)
    if facts.rank("start") is None or facts.rank("stop") is None or type(axis) is not int:
        return None
    end = "" if facts.constants.get("endpoint", UNKNOWN) is True else ", endpoint=endpoint"
    whole = "dy" if axis == 0 else f"moveaxis(dy, {axis}, 0)"
    return (
        f"share = linspace(0, 1, num{end}, dtype=y.dtype)", f"whole = {whole}",
        "dstart += unbroadcast(tensordot(1 - share, whole, 1), start)", "dstop += unbroadcast(tensordot(share, whole, 1), stop)",
    )


def range_rows(facts: Facts) -> Lines:
    """Numbers in steps: how many there are moves in steps too."""
    if facts.constants.get("stop", UNKNOWN) is None:
        return ("dstart += 0",)
    if facts.constants.get("step", UNKNOWN) is None:
        return "dstart += array_sum(dy)", "dstop += 0"
    return "dstart += array_sum(dy)", "dstop += 0", "dstep += array_sum(dy * arange(y.size))"


def stepped(operands: Operands) -> AnyKind:
    dtype = operands.dtype("dtype")
    kinds = [operands.kind(name) for name in ("start", "stop", "step")]
    is_whole = all(isinstance(kind, Kind) and kind.dtype in ("int", "object") for kind in kinds)
    return Kind((_length(operands, "start") if operands.literal("stop") is None else operands.fresh(),),
                dtype or ("int" if is_whole else "float"))


def counted(operands: Operands) -> AnyKind:
    number = operands.kind("start")
    if not isinstance(number, Kind) or number.shape != ():
        return Kind(None)
    return Kind((_length(operands, "num"),), operands.dtype("dtype") or "float")


def lined_up(operands: Operands) -> AnyKind:
    """Of arrays one axis more; the numbers of theirs are broadcast to each other."""
    start, stop, axis = array_of(operands.kind("start")), array_of(operands.kind("stop")), operands.literal("axis")
    shape = None if start is None or stop is None else broadcast(start.shape, stop.shape)
    if operands.literal("retstep") not in (False, UNKNOWN):
        return Holder((Kind(None), Kind(shape)))
    if not shape or type(axis) is not int:
        return counted(operands) if shape == () else Kind(None)
    place = axis % (len(shape) + 1)
    return Kind((*shape[:place], _length(operands, "num"), *shape[place:]), operands.dtype("dtype") or "float")


def _length(operands: Operands, name: str) -> Dim:
    dims = operands.dims(name)
    return dims[0] if dims is not None and len(dims) == 1 else operands.fresh()


def square(operands: Operands) -> AnyKind:
    """`eye(n)` and `identity(n)` are square, `eye(n, m)` need not be."""
    rows = _length(operands, "n")
    columns = rows if operands.literal("m") in (None, UNKNOWN) and not operands.dims("m") else _length(operands, "m")
    return Kind((rows, columns), operands.dtype("dtype") or "float")


def vander_rows(facts: Facts) -> Lines:
    if facts.rank("x") != 1 or facts.constants.get("increasing", UNKNOWN) not in (True, False):
        return None
    if facts.constants["increasing"]:
        return ("dx += array_sum(dy[:, 1:] * arange(1, y.shape[1]) * y[:, :-1], axis=1)",)
    return ("dx += array_sum(dy[:, :-1] * arange(y.shape[1] - 1, 0, -1) * y[:, 1:], axis=1)",)


def powers(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("x"))
    if kind is None or not kind.shape:
        return Kind(None)
    columns = kind.shape[0] if operands.literal("n") is None else _length(operands, "n")
    return Kind((kind.shape[0], columns), kind.dtype)


SPACED = "endpoint=True, retstep=False, dtype=None"
def window(operands: Operands) -> AnyKind:
    return Kind((_length(operands, "n"),))


def kaiser_rows(facts: Facts) -> Lines:
    """i0(beta * r) / i0(beta), r being the height of a half circle over the window."""
    return (*HALF_CIRCLE, f"dbeta += array_sum(dy * {WIDER}) / i0(beta)") if facts.rank("beta") == 0 else None


def kaiser_moved(facts: Facts) -> Lines:
    return (*HALF_CIRCLE, f"y_dot = beta_dot / i0(beta) * {WIDER}") if facts.rank("beta") == 0 else None


HALF_CIRCLE = ("assert n > 1, 'a window of one number does not move'", "r = (1 - linspace(-1, 1, n)**2)**0.5")
WIDER = "(r * i1(beta * r) - y * i1(beta))"


ROWS: tuple[Row, ...] = (
    made("y = astype(x, dtype, copy=True)", cast_rows, shape=cast_to),
    array("y = viewed(x)", "dx += dy", shape=lambda operands: array_of(operands.kind("x"))),
    made("y = require(x, dtype=None, requirements=None)", array_rows, shape=cast_to, carries="x"),
    array("y = array_copy(x, order='C')", "dx += dy", shape=lambda operands: array_of(operands.kind("x")), cost=4),
    made("y = asarray(x, dtype=None, order=None)", array_rows, shape=cast_to),
    made("y = contiguous(x, dtype=None)", contiguous_rows, shape=in_a_row),
    made("y = array(x, dtype=None, copy=True, order='K', subok=False, ndmin=0)", new_array_rows, shape=of_so_many_axes),
    *passive("y = zeros(shape, dtype=None)", "y = ones(shape, dtype=None)", "y = empty(shape, dtype=None)", shape=new()),
    made("y = full(shape, x, dtype=None)", full_rows, shape=filled),
    made("y = full_like(a, x, dtype=None)", full_like_rows, shape=filled_like, carries="x"),
    *passive("y = zeros_like(x, dtype=None)", "y = ones_like(x, dtype=None)", "y = empty_like(x, dtype=None)", shape=cast_to),
    made("y = arange(start, stop=None, step=None, dtype=None)", range_rows, shape=stepped),
    made(f"y = linspace(start, stop, num=50, {SPACED}, axis=0)", spaced("linspace"), shape=lined_up),
    made("y = logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None)", spaced("logspace"), shape=counted),
    made("y = geomspace(start, stop, num=50, endpoint=True, dtype=None)", spaced("geomspace"), shape=counted),
    *passive("y = eye(n, m=None, k=0, dtype=None)", "y = identity(n, dtype=None)", "y = tri(n, m=None, k=0, dtype=None)",
             shape=square),
    made("y = vander(x, n=None, increasing=False)", vander_rows, shape=powers),
    *passive("y = hanning(n)", "y = hamming(n)", "y = blackman(n)", "y = bartlett(n)", shape=window),
    made("y = kaiser(n, beta)", kaiser_rows, shape=window, carries="beta"),
)

TOPIC = Topic(
    "New arrays", ROWS,
    names={"numpy": {"array_copy": "copy", **{name: name for name in (
        "asarray", "array", "zeros", "ones", "empty", "full", "full_like", "zeros_like", "ones_like", "empty_like", "arange",
        "linspace", "logspace", "geomspace", "eye", "identity", "tri", "vander", "hanning", "hamming", "blackman", "bartlett",
        "kaiser", "astype", "require",
    )}, "asarray": "asarray asanyarray asarray_chkfinite asfortranarray",
        "contiguous": "ascontiguousarray"}},
    methods={"copy": "array_copy", "astype": "astype", "view": "viewed"},
    keywords={
        "contiguous": {"a": "x"}, "require": {"a": "x"},
        "asarray": {"a": "x"}, "array": {"object": "x"}, "full": {"fill_value": "x"}, "full_like": {"fill_value": "x"},
        **dict.fromkeys(("zeros_like", "ones_like", "empty_like", "array_copy"), {"a": "x", "prototype": "x"}),
        "eye": {"N": "n", "M": "m"}, "tri": {"N": "n", "M": "m"}, "vander": {"N": "n"},
    },
    helpers={
        "copied": '''\
def copied(value):
    """A list or dict of arrays as it is now: neither what is stored into it later nor into its arrays reaches the copy."""
    if isinstance(value, (list, tuple)):
        return type(value)(*map(copied, value)) if hasattr(value, "_fields") else type(value)(map(copied, value))
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    if hasattr(value, "copy"):
        return value.copy()
    if value is None or isinstance(value, (int, float, complex, str)):
        return value
    raise TypeError(f"a {type(value).__name__} into whose arrays something is stored cannot be kept as it is now")
''',
    },
)
