"""Runs one entry: differentiates it with gradgen, judges every partial by differences at several points, and classifies.

Never decides by anything but values: the text that gradgen wrote is only kept for the report.
"""
from __future__ import annotations

import logging
import math
import re
import signal
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType
from typing import Any, Literal

from tests.oracle.differences import NOTHING, Estimate, derivative
from tests.real_code.entries import Bound, Entry

Status = Literal["correct", "refused", "wrong", "internal", "unjudged", "no point"]

RELATIVE_TOLERANCE = 1e-6
SECONDS = 10.0
POINTS = 3
# Where the k-th try at the j-th argument lies, relative to the example; the first try is the example itself.
NUDGES = (0.0, 0.011, -0.013, 0.0037, -0.0041, 0.023, -0.029, 0.0007, 0.053)
SPREAD = (1.0, 0.62, 0.83, 0.41, 0.74, 0.55)


def kind_of(message: str) -> str:
    """A message without what changes from place to place: quoted text, numbers, the names of generated functions."""
    text = re.sub(r"'[^']*'|`[^`]*`|\"[^\"]*\"", "'…'", message)
    text = re.sub(r"\w+_value_and_grad\b", "…_value_and_grad", text)
    return re.sub(r"\b\d+(\.\d+)?\b", "#", text)[:120]


@dataclass(frozen=True)
class Refusal:
    """One finding of a refusal, as far as the report needs it."""

    code: str
    message: str
    file: str
    line: int
    source_line: str
    at_run_time: bool = False

    @property
    def construct(self) -> str:
        """The message without what changes from place to place, so that refusals of one kind fall together."""
        return kind_of(self.message.splitlines()[0])

    @property
    def has_place(self) -> bool:
        return self.file not in ("", "<unknown>") and self.line > 0


@dataclass(frozen=True)
class Partial:
    """One partial derivative at one point, as gradgen and as differences have it."""

    wrt: str
    point: tuple[float, ...]
    got: float
    expected: Estimate

    def __str__(self) -> str:
        by_differences = f"{self.expected.value!r} +- {self.expected.error:.1e} ({self.expected.verdict})"
        return f"d/d{self.wrt} at {self.point}: got {self.got!r}, differences give {by_differences}"


@dataclass(frozen=True)
class Outcome:
    """What became of an entry. `text` says why in one line, `details` holds a traceback or the wrong partials; `alone` is what
    went wrong when the text was run by itself, without gradgen and the package, or empty; `seconds` is what the text took."""

    entry: Entry
    status: Status
    text: str = ""
    details: str = ""
    refusals: tuple[Refusal, ...] = ()
    wrong: tuple[Partial, ...] = ()
    source: str = ""
    alone: str = ""
    seconds: float = 0.0


class TimeLimit(BaseException):
    """A step took longer than it may. Not an Exception, so that no `except Exception` on the way can swallow it."""


class Clock:
    """value_and_grad, timed: how long it took to write the text."""

    def __init__(self, value_and_grad: Callable[..., Any]) -> None:
        self.value_and_grad = value_and_grad
        self.seconds = 0.0

    def transform(self, fn: Callable[..., Any], wrt: tuple[str, ...]) -> Any:
        started = time.perf_counter()
        try:
            return self.value_and_grad(fn, wrt=wrt)
        finally:
            self.seconds = time.perf_counter() - started


# Terms that cancel may be so many times larger than what any parameter's slope times the parameter shows of them.
CANCELLED = 50 * NOTHING


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    def ring(signum: int, frame: FrameType | None) -> None:
        raise TimeLimit

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds, 0.05)  # of CPU time; repeated, for what a destructor raises is lost
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


def run(entry: Entry, value_and_grad: Callable[..., Any]) -> Outcome:
    """Judge one entry. The packages' own warnings and log lines are kept quiet; the catalogue's state is set up first."""
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            entry.prepare()
            clock = Clock(value_and_grad)
            outcome = _judge(entry, entry.bound, clock.transform)
            return replace(outcome, seconds=clock.seconds)
    finally:
        logging.disable(level)


def _judge(entry: Entry, bound: Bound, value_and_grad: Callable[..., Any]) -> Outcome:
    from gradgen.errors import GradgenError, InternalError

    source = ""
    points: list[tuple[tuple[float, ...], list[Estimate]]] = []
    partials: list[Partial] = []
    at_run_time = False
    try:
        with time_limit(SECONDS):
            generated = value_and_grad(bound.fn, wrt=bound.wrt)
            source = _source_of(generated)
        at_run_time = True
        points = usable_points(bound)
        if not points:
            return Outcome(entry, "no point", "differences find no derivative at any point near the example", source=source)
        for point, estimates in points:
            args, kwargs = bound.at(point)
            with time_limit(SECONDS):
                value, gradient = generated(*args, **kwargs)
                source = source or _source_of(generated)
                plain = bound.fn(*args, **kwargs)
            if not _same_value(value, plain):
                text = f"the value: got {value!r}, the plain call gives {plain!r}"
                return Outcome(entry, "wrong", text, f"at {point}", source=source)
            if len(gradient) != len(bound.wrt):
                return Outcome(entry, "wrong", f"{len(gradient)} partials for {len(bound.wrt)} names", source=source)
            for name, got, expected in zip(bound.wrt, gradient, _with_noise(point, estimates), strict=True):
                partials.append(Partial(name, point, float(got), expected))
    except InternalError as error:
        return Outcome(entry, "internal", _first_line(error), traceback.format_exc(), source=source)
    except GradgenError as error:
        return _refused(entry, error, at_run_time, source)
    except TimeLimit:
        return Outcome(entry, "internal", f"took longer than {SECONDS:g} s", traceback.format_exc(), source=source)
    except Exception as error:  # noqa: BLE001 -- anything else that comes out is a finding of its own
        if type(error).__name__ == "NonDifferentiableError":
            return _refused(entry, error, at_run_time, source)
        return Outcome(entry, "internal", f"{type(error).__name__}: {_first_line(error)}", traceback.format_exc(), source=source)
    outcome = _verdict(entry, partials, source)
    args, kwargs = bound.at(points[0][0])
    return replace(outcome, alone=_run_alone(generated, args, kwargs, [partial.got for partial in partials[: len(bound.wrt)]]))


def _run_alone(generated: Any, args: tuple[Any, ...], kwargs: dict[str, Any], expected: list[float]) -> str:
    """Why the text cannot be used by itself, or nothing: it has to run in an empty namespace and give the same partials."""
    from gradgen.errors import GradgenError

    namespace: dict[str, Any] = {"__name__": "stand_alone"}
    try:
        with time_limit(SECONDS):
            exec(compile(generated.source, "<stand-alone>", "exec"), namespace)
            _, gradient = namespace[generated.__name__](*args, **kwargs)
    except GradgenError as error:
        return f"refused: {_first_line(error)}"
    except TimeLimit:
        return f"took longer than {SECONDS:g} s"
    except Exception as error:  # noqa: BLE001 -- whatever it raises, it does not stand alone
        return f"{type(error).__name__}: {_first_line(error)}"
    same = all(float(got) == want for got, want in zip(gradient, expected, strict=True))
    return "" if same else f"other partials: {tuple(map(float, gradient))}, in process {tuple(expected)}"


def _verdict(entry: Entry, partials: list[Partial], source: str) -> Outcome:
    wrong = tuple(p for p in partials if not (math.isfinite(p.got) and p.expected.agrees_with(p.got, RELATIVE_TOLERANCE)))
    if wrong:
        first = wrong[0]
        text = f"d/d{first.wrt}: got {first.got!r}, differences give {first.expected.value!r} ({first.expected.verdict})"
        return Outcome(entry, "wrong", text, "\n".join(map(str, wrong)), wrong=wrong, source=source)
    if all(p.expected.verdict != "smooth" for p in partials):
        return Outcome(entry, "unjudged", "agrees with coarse differences; finer ones do not settle", source=source)
    return Outcome(entry, "correct", source=source)


def usable_points(bound: Bound) -> list[tuple[tuple[float, ...], list[Estimate]]]:
    """Up to POINTS points near the example, kinks avoided, each with what differences say of every partial there.

    Best are points where differences settle, at least on some partials (a partial drowned in rounding still has an honest
    error). Where there is none, the points of a function that moves in steps are taken, with their coarse estimates.
    """
    settled, coarse = [], []
    for nudge in NUDGES:
        point = tuple(_moved(x, nudge * SPREAD[j % len(SPREAD)]) for j, x in enumerate(bound.point()))
        estimates = [derivative(_along(bound, point, j), x) for j, x in enumerate(point)]
        verdicts = {estimate.verdict for estimate in estimates}
        if "smooth" in verdicts and verdicts <= {"smooth", "unsettled"}:
            settled.append((point, estimates))
        elif verdicts & {"smooth", "stepped"} and verdicts <= {"smooth", "unsettled", "stepped"}:
            coarse.append((point, estimates))
        if len(settled) == POINTS:
            break
    return settled or coarse[:POINTS]


def _with_noise(point: Sequence[float], estimates: Sequence[Estimate]) -> list[Estimate]:
    """The estimates, each with what a slope must exceed to be told from none.

    Large terms that cancel (positions on the globe, the difference of which is asked for) leave their rounding in the value:
    as large as the terms, and these are about as large as any parameter's slope times the parameter.
    """
    largest = max((abs(e.value * x) for e, x in zip(estimates, point, strict=True) if math.isfinite(e.value)), default=0.0)
    return [replace(e, noise=max(e.noise, CANCELLED * largest / (abs(x) or 1.0))) for e, x in zip(estimates, point, strict=True)]


def _moved(x: float, nudge: float) -> float:
    return x * (1.0 + nudge) if x else nudge


def _along(bound: Bound, point: tuple[float, ...], j: int) -> Callable[[float], float]:
    def along(x: float) -> float:
        args, kwargs = bound.at((*point[:j], x, *point[j + 1 :]))
        return float(bound.fn(*args, **kwargs))

    return along


def _refused(entry: Entry, error: Exception, at_run_time: bool, source: str) -> Outcome:
    findings = getattr(error, "findings", ())
    refusals = tuple(Refusal(f.code, f.message, f.file, f.line, f.source_line.strip(), at_run_time) for f in findings)
    if not refusals:
        named = re.match(r"(?P<file>[^\n:]+\.py|<[^>]+>):(?P<line>\d+)(:\d+)?: *(?P<message>.*)", str(error))
        place = (named["file"], int(named["line"]), named["message"]) if named else ("", 0, _first_line(error))
        refusals = (Refusal(type(error).__name__, place[2], place[0], place[1], "", at_run_time),)
    text = f"{refusals[0].code}: {refusals[0].message.splitlines()[0]}"
    return Outcome(entry, "refused", text, str(error), refusals, source=source)


def _same_value(value: object, plain: object) -> bool:
    assert isinstance(value, (int, float)) or hasattr(value, "dtype"), type(value)
    return math.isclose(float(value), float(plain), rel_tol=1e-12, abs_tol=0.0) or (value != value and plain != plain)  # type: ignore[arg-type]


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0]


def _source_of(generated: object) -> str:
    source = getattr(generated, "source", "")
    return source if isinstance(source, str) else ""
