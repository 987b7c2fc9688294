"""The rows of convolutions, correlations and filters, and of the trends that are taken out of signals.

Never holds transforms.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Dim, Holder, Kind, size
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, ShapeOf, array_of, like
from gradgen.rules.whole.reductions import Lines, is_left_out
from gradgen.rules.whole.topic import Topic

MODES = ("full", "same", "valid")
PLAIN = {"method": ("auto", "direct", "fft"), "boundary": ("fill",), "fillvalue": (0,), "axes": (None,)}


def mode_of(facts: Facts) -> str | None:
    """The mode, where it and all else that is asked for is known to the rows."""
    mode = facts.constants.get("mode", UNKNOWN)
    is_plain = all(facts.constants.get(name, allowed[0]) in allowed for name, allowed in PLAIN.items() if name in facts.shapes)
    is_known = facts.rank("a") is not None and facts.rank("a") == facts.rank("v") != 0
    return mode if isinstance(mode, str) and mode in MODES and is_plain and is_known else None



def convolve_rows(correlate: str, by_first: bool) -> Callable[[Facts], Lines]:
    """`by_first`: the mode "same" means the shape of the first operand, as SciPy has it, and not of the longer one."""

    def rows(facts: Facts) -> Lines:
        mode = mode_of(facts)
        if mode is None:
            return None
        if mode == "full":
            return f"da += {correlate}(dy, v, mode='valid')", f"dv += {correlate}(dy, a, mode='valid')"
        whole = f"in_full(dy, a, v, {mode!r}{', True' if by_first else ''})"
        return f"whole = {whole}", f"da += {correlate}(whole, v, mode='valid')", f"dv += {correlate}(whole, a, mode='valid')"

    return rows


def correlate_rows(convolve: str, correlate: str, by_first: bool) -> Callable[[Facts], Lines]:
    """A correlation is a convolution with the second operand reversed."""

    def rows(facts: Facts) -> Lines:
        mode, is_complex = mode_of(facts), "complex" in (facts.dtype("a"), facts.dtype("v"))
        if mode is None:
            return None
        name = "dy" if mode == "full" else "whole"
        back = f"{correlate}({name}, a, mode='valid')"
        first = ", True" if by_first else ""
        reverses = ", reverses=True" if convolve != "signal_convolve" else ""
        lines = (
            f"da += {convolve}({name}, v, mode='valid')", f"dv += flip({f'conjugate({back})' if is_complex else back})",
        )
        return lines if mode == "full" else (f"whole = in_full(dy, a, v, {mode!r}{first}{reverses})", *lines)

    return rows


def convolved(by_first: bool) -> ShapeOf:
    def shape(operands: Operands) -> AnyKind:
        a, v, mode = array_of(operands.kind("a")), array_of(operands.kind("v")), operands.literal("mode")
        if a is None or v is None or a.shape is None or v.shape is None or len(a.shape) != len(v.shape):
            return Kind(None)
        if mode == "full":
            return Kind(tuple(n.plus(m).plus(size(-1)) for n, m in zip(a.shape, v.shape, strict=True)))
        known = all(not dim.terms for dim in (*a.shape, *v.shape))
        if mode == "same" and by_first:
            return Kind(a.shape)
        if known and mode in ("same", "valid"):
            pairs = list(zip(a.shape, v.shape, strict=True))
            lengths = [max(n.const, m.const) - (min(n.const, m.const) - 1) * (mode == "valid") for n, m in pairs]
            return Kind(tuple(map(size, lengths)))
        return Kind(tuple(operands.fresh() if len(a.shape) == 1 else _fresh(operands, i) for i in range(len(a.shape))))

    return shape


def _fresh(operands: Operands, place: int) -> Dim:
    (name, count), = operands.fresh().terms
    return Dim(((f"{name} {place}", count),))


def filter_rows(facts: Facts) -> Lines:
    """The filter run from the end to the start; its coefficients meet the signal, and what comes out, at each delay."""
    rank, axis = facts.rank("x"), facts.constants.get("axis", UNKNOWN)
    if rank is None or not isinstance(axis, int) or not is_left_out(facts, "zi") and not facts.used <= {"y"}:
        return None
    if rank == 1:
        lines = ["dx += lfilter(b, a, dy[::-1])[::-1]"]
        if facts.rank("b") == 1:
            lines.append("db += at_delays(dy, lfilter(1.0, a, x), b.size)")
        if facts.rank("a") == 1:
            lines.append("da -= at_delays(lfilter(1.0, a, dy[::-1])[::-1], y, a.size)")
        return tuple(lines)
    along = "" if axis in (-1, rank - 1) else f", axis={axis}"
    lines = [f"dx += flip(lfilter(b, a, flip(dy, {axis}){along}), {axis})"]
    if facts.rank("b") == 1:
        lines.append(f"db += at_delays_of_all(dy, lfilter(1.0, a, x{along}), b.size, {axis})")
    if facts.rank("a") == 1:
        lines.append(f"da -= at_delays_of_all(flip(lfilter(1.0, a, flip(dy, {axis}){along}), {axis}), y, a.size, {axis})")
    return tuple(lines)


def filtered(operands: Operands) -> AnyKind:
    """A signal like the one that is filtered, and the filter's last state where its first one is given."""
    kind = array_of(operands.kind("x"))
    return kind if operands.literal("zi") is None else Holder((kind, Kind(None)), None, is_result=True)


def detrend_rows(facts: Facts) -> Lines:
    """Taking the trend out is a projection: its own transpose."""
    kind = facts.constants.get("type", UNKNOWN)
    if kind not in ("linear", "constant", "l", "c") or facts.constants.get("overwrite_data") is not False:
        return None
    axis = "" if facts.constants.get("axis", UNKNOWN) == -1 else ", axis=axis"
    typed = "" if kind in ("linear", "l") else ", type='constant'"
    return (f"dx += detrend(dy{axis}{typed}{'' if facts.constants.get('bp') == 0 else ', bp=bp'})",)


HELPERS: Mapping[str, str] = {
    "in_full": '''\
def in_full(adjoint, a, v, mode, by_first=False, reverses=False):
    """The adjoint of all that a convolution gives, from that of the part of it that a mode keeps: zeros elsewhere."""
    whole = np.zeros([n + m - 1 for n, m in zip(np.shape(a), np.shape(v))], np.asarray(adjoint).dtype)
    whole[kept_part(np.shape(adjoint), a, v, mode, by_first, reverses)] = adjoint
    return whole
''',
    "kept_part": '''\
def kept_part(shape, a, v, mode, by_first, reverses):
    """Where in all that a convolution gives the part of this shape lies that a mode keeps."""
    a, v = np.asarray(a), np.asarray(v)
    starts = [((m if by_first else min(n, m)) - 1) // 2 if mode == "same" else min(n, m) - 1 for n, m in zip(a.shape, v.shape)]
    if reverses and mode == "same" and (by_first or v.size > a.size):
        starts = [start + ((m if by_first else min(n, m)) - 1) % 2 for start, n, m in zip(starts, a.shape, v.shape)]
    return tuple(slice(start, start + n) for start, n in zip(starts, shape))
''',
    "at_delays": '''\
def at_delays(adjoint, x, count):
    """How an adjoint meets a signal at each of so many delays."""
    found = np.correlate(adjoint, x, "full")[len(x) - 1 : len(x) - 1 + count]
    return np.pad(found, (0, count - len(found)))
''',
    "at_delays_of_all": '''\
def at_delays_of_all(adjoint, x, count, axis):
    """How the adjoints of several signals meet them at each of so many delays, together."""
    adjoint, x = np.moveaxis(adjoint, axis, -1), np.moveaxis(x, axis, -1)
    n = x.shape[-1]
    return np.array([np.sum(adjoint[..., k:] * x[..., : max(n - k, 0)]) for k in range(count)])
''',
}

SCIPY = "a, v, mode='full', method='auto'"
ROWS: tuple[Row, ...] = (
    made("y = convolve(a, v, mode='full')", convolve_rows("correlate", False), shape=convolved(False), carries="a v"),
    made(
        "y = correlate(a, v, mode='valid')", correlate_rows("convolve", "correlate", False), shape=convolved(False),
        carries="a v",
    ),
    made(f"y = signal_convolve({SCIPY})", convolve_rows("signal_correlate", True), shape=convolved(True), carries="a v"),
    made(
        f"y = signal_correlate({SCIPY})", correlate_rows("signal_convolve", "signal_correlate", True), shape=convolved(True),
        carries="a v",
    ),
    made(
        "y = fftconvolve(a, v, mode='full', axes=None)", convolve_rows("signal_correlate", True), shape=convolved(True),
        carries="a v",
    ),
    made(
        "y = oaconvolve(a, v, mode='full', axes=None)", convolve_rows("signal_correlate", True), shape=convolved(True),
        carries="a v",
    ),
    made(
        "y = convolve2d(a, v, mode='full', boundary='fill', fillvalue=0)", convolve_rows("correlate2d", True),
        shape=convolved(True), carries="a v",
    ),
    made(
        "y = correlate2d(a, v, mode='full', boundary='fill', fillvalue=0)",
        correlate_rows("convolve2d", "correlate2d", True), shape=convolved(True), carries="a v",
    ),
    made("y = lfilter(b, a, x, axis=-1, zi=None)", filter_rows, shape=filtered, carries="b a x"),
    made("y, zf = lfilter(b, a, x, axis=-1, zi=None)", filter_rows, shape=filtered, carries="b a x"),
    made("y = detrend(x, axis=-1, type='linear', bp=0, overwrite_data=False)", detrend_rows, shape=like("x"), carries="x"),
)

TOPIC = Topic(
    "Signals", ROWS,
    names={
        "numpy": {"convolve": "convolve", "correlate": "correlate"},
        "scipy.signal": {
            "signal_convolve": "convolve", "signal_correlate": "correlate",
            **{name: name for name in ("fftconvolve", "oaconvolve", "convolve2d", "correlate2d", "lfilter", "detrend")},
        },
    },
    helpers=HELPERS,
    keywords={
        **dict.fromkeys(
            ("signal_convolve", "signal_correlate", "fftconvolve", "oaconvolve", "convolve2d", "correlate2d"),
            {"in1": "a", "in2": "v"},
        ),
        "detrend": {"data": "x"},
    },
)
LINEAR: Mapping[str, str] = {"detrend": "x"}
"""By operation: the operands in each of which it is linear."""


def moved_by(name: str) -> Callable[[Facts], Lines]:
    """A product: each factor's tangent with the other. NumPy's convolution is the same with its factors changed over, so that of
    a signal with itself moves by twice one product."""

    def lines(facts: Facts) -> Lines:
        mode = mode_of(facts)
        if mode is None:
            return None
        given = "" if mode == DEFAULTS.get(name, "full") else f", mode={mode!r}"
        second = f"{name}(v_dot, a{given})" if name == "convolve" else f"{name}(a, v_dot{given})"
        return (f"y_dot = {name}(a_dot, v{given}) + {second}",)

    return lines


def filter_moved(facts: Facts) -> Lines:
    """The filtered signal moves with what is filtered; its own past is moved by the other coefficients."""
    rank, axis = facts.rank("x"), facts.constants.get("axis", UNKNOWN)
    if rank is None or not isinstance(axis, int) or not is_left_out(facts, "zi") and not facts.used <= {"y"}:
        return None
    along = "" if axis in (-1, rank - 1) else f", axis={axis}"
    return (f"y_dot = lfilter(b_dot, a, x{along}) + lfilter(b, a, x_dot{along}) - lfilter(a_dot, a, y{along})",)


DEFAULTS: Mapping[str, str] = {"correlate": "valid"}
"""By operation: the mode where none is given, if that is not "full"."""
MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    "lfilter": filter_moved,
    **{name: moved_by(name) for name in (
        "convolve", "correlate", "signal_convolve", "signal_correlate", "fftconvolve", "oaconvolve", "convolve2d", "correlate2d",
    )},
}
