"""One program at one point: what gradgen says against the plain call and the oracle.

Never knows how gradgen works; it uses only what is public.
"""

from __future__ import annotations

import builtins
import copy
import importlib.util
import math
import random
import signal
import sys
import traceback
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from . import dual_math, duals
from .programs import Param, Point, Program, draw_point

Status = Literal["right", "refused", "uninformative", "mismatch"]

RELATIVE = 1e-9
ROUNDING = 1e-12
LARGEST = 1e7
WEIGHTS = (1.3, -0.7, 0.4)  # the seeds of functions with several results
SECONDS = 20.0


class TooSlow(BaseException):
    """A run took far longer than any program of the fuzzer does. Not an Exception: no program catches it."""


class OracleError(Exception):
    """The oracle did not follow the plain call: a fault of the fuzzer's own."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the plain call gives (a value or an exception), what it leaves in its arguments, and the oracle's gradient.

    `gradient` and `tolerance` are None where there is no derivative to compare with; `unbounded` says that some slope on the way
    is infinite, though nothing that varies went through it: there generated code may raise what Python raises.
    """

    value: object
    error: BaseException | None
    arguments: Point
    gradient: tuple[float, ...] | None = None
    tolerance: tuple[float, ...] | None = None
    equality_held: bool = False
    unbounded: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """How it went. `what` is the kind of mismatch or the code of the refusal; `details` is for people."""

    status: Status
    what: str = ""
    details: str = ""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TooSlow when the block takes more CPU time. Main thread only."""

    def stop(_signal: int, _frame: object) -> None:
        raise TooSlow(f"more than {seconds} s")

    before = signal.signal(signal.SIGPROF, stop)
    # Repeated: an exception raised while Python runs a destructor is lost.
    signal.setitimer(signal.ITIMER_PROF, seconds, 0.05)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


class Loader:
    """Writes program texts to files of a directory and imports them; forgets each module when asked for the next."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.count = 0

    @contextmanager
    def module(self, text: str) -> Iterator[types.ModuleType]:
        """The module that the text makes, importable as long as the block runs."""
        self.count += 1
        name = f"fuzzed_{self.count}"
        path = self.directory / f"{name}.py"
        path.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            exec(compile(text, str(path), "exec", dont_inherit=True), module.__dict__)
            yield module
        finally:
            del sys.modules[name]
            path.unlink()


def call_by_keyword(
    function: Callable[..., Any], arguments: Mapping[str, object], parameters: tuple[Param, ...], **more: object
) -> Any:
    """The call with every argument by keyword, but for those that a star parameter takes."""
    star = next((p for p in parameters if p.kind == "star" and p.name in arguments), None)
    if star is None:
        return function(**arguments, **more)
    positional = []
    for p in parameters:
        if p is star:
            break
        positional.append(arguments[p.name])
    rest = {p.name: arguments[p.name] for p in parameters if p.keyword_only and p.name in arguments}
    extra = arguments[star.name]
    assert isinstance(extra, tuple)
    return function(*positional, *extra, **rest, **more)


def call_by_position(
    function: Callable[..., Any], arguments: Mapping[str, object], parameters: tuple[Param, ...], **more: object
) -> Any:
    """The call with arguments by position as far as none is left out before."""
    positional: list[object] = []
    named: dict[str, object] = {}
    for p in parameters:
        if p.name not in arguments:
            continue
        if p.kind == "star":
            extra = arguments[p.name]
            assert isinstance(extra, tuple)
            positional.extend(extra)
        elif p.keyword_only or named or len(positional) < parameters.index(p):
            named[p.name] = arguments[p.name]
        else:
            positional.append(arguments[p.name])
    return function(*positional, **named, **more)


def wrt_at(program: Program, point: Point) -> tuple[str, ...]:
    """The parameters that vary and are given at this point."""
    return tuple(name for name in program.wrt if name in point)


def expect(program: Program, module: types.ModuleType, point: Point) -> Expected:
    """What must come out at this point. Raises OracleError where the oracle and the plain call part."""
    arguments = copy.deepcopy(point)
    error: BaseException | None = None
    value: object = None
    try:
        value = call_by_position(getattr(module, program.function), arguments, program.parameters)
    except Exception as raised:
        error = raised
    namespace = dual_math.namespace_of(program.text)
    varied, size = duals.seeded(copy.deepcopy(point), wrt_at(program, point))
    try:
        result, journal = duals.run(namespace[program.function], varied, lambda f, a: call_by_position(f, a, program.parameters))
    except duals.Undefined:
        return Expected(value, error, arguments)
    except Exception as raised:
        if error is None or type(raised) is not type(error):
            raise OracleError(f"plain call: {error!r} {value!r}, oracle: {raised!r}") from raised
        return Expected(None, error, arguments)
    if error is not None:
        raise OracleError(f"plain call: {error!r}, oracle: {result!r}")
    plain = duals.plain(result)
    if not _same(plain, value) and not _compensated_sum(plain, value):
        raise OracleError(f"plain call: {value!r}, oracle: {plain!r}")
    if not all(isinstance(v, (int, float)) and math.isfinite(v) for v in duals.flat(value)):
        return Expected(value, None, arguments)
    weighted = duals.weighted_sum(duals.flat(result), WEIGHTS) if isinstance(result, tuple) else result
    gradient = weighted.d if isinstance(weighted, duals.Dual) else (0.0,) * size
    magnitude = weighted.m if isinstance(weighted, duals.Dual) else (0.0,) * size
    if not all(map(math.isfinite, gradient)) or max(magnitude, default=0.0) > LARGEST:
        return Expected(value, None, arguments)
    tolerance = tuple(RELATIVE * abs(d) + ROUNDING * m for d, m in zip(gradient, magnitude, strict=True))
    return Expected(value, None, arguments, gradient, tolerance, journal.equality_held, journal.unbounded)


def _same(one: object, two: object) -> bool:
    if isinstance(one, tuple) and isinstance(two, tuple):
        return len(one) == len(two) and all(map(_same, one, two))
    if isinstance(one, float) and isinstance(two, float) and math.isnan(one) and math.isnan(two):
        return True
    return type(one) is type(two) and one == two


def _compensated_sum(one: object, two: object) -> bool:
    """From 3.12 on, sum() of floats is compensated, and sum() of duals is not."""
    if isinstance(one, tuple) and isinstance(two, tuple):
        return len(one) == len(two) and all(_same(a, b) or _compensated_sum(a, b) for a, b in zip(one, two, strict=True))
    return (
        sys.version_info >= (3, 12)
        and isinstance(one, float)
        and isinstance(two, float)
        and math.isclose(one, two, rel_tol=1e-9, abs_tol=1e-9)
    )


# --- judging --------------------------------------------------------------------------------------------------------------


def judge(program: Program, loader: Loader, points: list[Point]) -> Verdict:
    """The verdict on a program at these points: the worst of them. OracleError and TooSlow of the plain call come through."""
    with loader.module(program.text) as module:
        worst = Verdict("uninformative", "no point with a derivative")
        made: dict[tuple[object, ...], Any] = {}
        for number, point in enumerate(points):
            with time_limit(SECONDS):
                expected = expect(program, module, point)
            try:
                with time_limit(SECONDS):
                    verdict = _judge_point(program, module, point, expected, number, made)
            except TooSlow as slow:
                verdict = Verdict("mismatch", "too slow", str(slow))
            if verdict.status in ("mismatch", "refused"):
                return verdict
            if verdict.status == "right":
                worst = verdict
        return worst


def _judge_point(
    program: Program, module: types.ModuleType, point: Point, expected: Expected, number: int, made: dict[tuple[object, ...], Any]
) -> Verdict:
    """The verdict at one point; `made` are the derivatives that were made for the points before."""
    from gradgen.errors import GradgenError, InternalError

    value_and_grad, grad, vjp = transforms()
    function = getattr(module, program.function)
    wrt = wrt_at(program, point)

    def derived(transform: Callable[..., Any], **options: bool) -> Any:
        key = (transform, wrt, *options.items())
        if key not in made:
            made[key] = transform(function, wrt=wrt, **options)
        return made[key]

    first = stage = "vjp" if program.results > 1 else "value_and_grad"
    try:
        derivative = derived(vjp if program.results > 1 else value_and_grad)
        verdict = _compare(program, derivative, point, expected, stage, number)
        if verdict.status in ("mismatch", "refused"):
            return verdict
        others: list[tuple[str, Callable[[], Any]]] = [
            ("second call", lambda: derivative),
            ("stand-alone", lambda: stand_alone(derivative)),
        ]
        if program.results == 1:
            others.append(("optimize=False", lambda: derived(value_and_grad, optimize=False)))
            others.append(("grad", lambda: derived(grad)))
        for stage, other in others:
            again = _compare(program, other(), point, expected, stage, number)
            if again.status == "mismatch" or (again.status == "refused" and verdict.status == "right"):
                return Verdict("mismatch", f"{stage}: {again.what}", again.details)
        if program.results == 1 and random.Random(program.label).random() < 0.2:
            stage = "determinism"
            once_more = value_and_grad(function, wrt=wrt)
            _compare(program, once_more, point, expected, stage, number)  # a text may be made for the kinds of a call only
            if once_more.source != derivative.source:
                return Verdict("mismatch", "another text", derivative.source)
        return verdict
    except InternalError as refusal:
        return Verdict("mismatch", f"{stage}: InternalError", str(refusal))
    except GradgenError as refusal:
        if stage != first:
            return Verdict("mismatch", f"{stage}: refused alone", str(refusal))
        return Verdict("refused", " ".join(dict.fromkeys(f.code for f in refusal.findings)), str(refusal))
    except Exception as error:
        return Verdict("mismatch", f"{stage}: {type(error).__name__} in {_place(error)}", _traceback(error))


def transforms() -> tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]:
    """What is judged: gradgen's value_and_grad, grad and vjp."""
    import gradgen

    return gradgen.value_and_grad, gradgen.grad, gradgen.vjp


def stand_alone(derivative: Any) -> Callable[..., Any]:
    """The generated function out of `.source` alone, in a namespace that cannot import gradgen."""

    def guarded(name: str, *args: Any, **kwargs: Any) -> types.ModuleType:
        if name.split(".")[0] in ("gradgen", "tests"):
            raise ImportError(f"stand-alone code imports {name}")
        return builtins.__import__(name, *args, **kwargs)

    namespace: dict[str, Any] = {"__builtins__": {**vars(builtins), "__import__": guarded}, "__name__": "alone"}
    exec(compile(derivative.source, "<alone>", "exec", dont_inherit=True), namespace)
    made = namespace[derivative.__name__]
    made.seeds = derivative.seeds
    return made  # type: ignore[no-any-return]


def _compare(program: Program, derivative: Any, point: Point, expected: Expected, stage: str, number: int) -> Verdict:
    rng = random.Random(f"{program.label}:{number}")
    seed = rng.choice((1.0, 1.0, -0.7, 2.5)) if program.results == 1 and derivative.seeds else 1.0
    seeds = {} if seed == 1.0 else {derivative.seeds[0]: seed}
    if program.results > 1:
        seeds = dict(zip(derivative.seeds, WEIGHTS, strict=False))
    call = call_by_keyword if rng.random() < 0.4 else call_by_position
    arguments = copy.deepcopy(point)
    try:
        result = call(derivative, arguments, program.parameters, **seeds)
    except Exception as error:
        return _compare_errors(error, expected)
    if expected.error is not None:
        return Verdict("mismatch", "exception lost", f"the plain call raises {expected.error!r}, the derivative gives {result!r}")
    if stage == "grad" or program.results > 1:
        value, gradients = expected.value, result
    else:
        value, gradients = result
    if not _same(value, expected.value):
        return Verdict("mismatch", "value", f"expected {expected.value!r}, got {value!r}")
    if repr(arguments) != repr(expected.arguments):
        return Verdict("mismatch", "arguments", f"expected {expected.arguments!r}\n     got {arguments!r}")
    if expected.equality_held:
        return Verdict("mismatch", "an equality held unnoticed", f"got {gradients!r}")
    if expected.gradient is None or expected.tolerance is None:
        return Verdict("uninformative", "no derivative to compare with")
    return _compare_gradients(wrt_at(program, point), gradients, point, expected, seed)


def _compare_gradients(wrt: tuple[str, ...], gradients: Any, point: Point, expected: Expected, seed: float) -> Verdict:
    assert expected.gradient is not None and expected.tolerance is not None
    wanted = [seed * d for d in expected.gradient]
    shown = f"wrt {wrt}\nexpected {wanted}\n     got {gradients!r}"
    if not isinstance(gradients, tuple) or len(gradients) != len(wrt):
        return Verdict("mismatch", "structure", shown)
    for name, gradient in zip(wrt, gradients, strict=True):
        if _shape(gradient) != _shape(point[name]):
            return Verdict("mismatch", "structure", shown)
    got = duals.flat(list(gradients))
    for want, have, tolerance in zip(wanted, got, expected.tolerance, strict=True):
        if not isinstance(have, float):
            return Verdict("mismatch", "gradient is no float", shown)
        if not abs(have - want) <= abs(seed) * tolerance + 1e-300:
            return Verdict("mismatch", "gradient", f"{shown}\ntolerance {expected.tolerance}")
    return Verdict("right")


def _shape(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return (type(value), [_shape(item) for item in value])
    if isinstance(value, dict):
        return (dict, [(key, _shape(item)) for key, item in value.items()])
    return None


def _compare_errors(error: Exception, expected: Expected) -> Verdict:
    name = type(error).__name__
    if expected.error is None:
        if name == "NonDifferentiableError":
            if expected.equality_held:
                return Verdict("right", "an equality held")
            return Verdict("uninformative" if expected.gradient is None else "refused", "at run time", str(error))
        if (expected.gradient is None or expected.unbounded) and isinstance(error, (ArithmeticError, ValueError)):
            return Verdict("uninformative", "no derivative here")
        if any(base.__name__ == "GradgenError" for base in type(error).__mro__):
            raise error
        return Verdict("mismatch", f"raises {name}", _traceback(error))
    if type(error) is not type(expected.error) or str(error) != str(expected.error):
        if any(base.__name__ == "GradgenError" for base in type(error).__mro__):
            raise error
        return Verdict("mismatch", "another exception", f"the plain call raises {expected.error!r}\n{_traceback(error)}")
    return Verdict("right", "same exception")


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}, {frames[-1].name}" if frames else "nowhere"


def _traceback(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)[-14:])


def points_of(program: Program, count: int = 2) -> list[Point]:
    """The points that go with a program, always the same ones."""
    rng = random.Random(f"{program.label}:points")
    return [draw_point(program, rng) for _ in range(count)]
